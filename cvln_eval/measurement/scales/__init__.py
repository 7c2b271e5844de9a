"""Scores, reliability and items of a scale."""

from cvln_eval.measurement.scales.alpha import cronbach_alpha
from cvln_eval.measurement.scales.items import (
    ItemAnalysis,
    ItemDistribution,
    item_analysis,
    item_distribution,
)
from cvln_eval.measurement.scales.keys import KeyCheck, check_keys
from cvln_eval.measurement.scales.omega import Omega, mcdonald_omega
from cvln_eval.measurement.scales.reliability import Reliability
from cvln_eval.measurement.scales.scoring import ScaleScores, scale_score, score_scales

__all__ = [
    "ItemAnalysis",
    "ItemDistribution",
    "KeyCheck",
    "Omega",
    "Reliability",
    "ScaleScores",
    "check_keys",
    "cronbach_alpha",
    "item_analysis",
    "item_distribution",
    "mcdonald_omega",
    "scale_score",
    "score_scales",
]
