"""Scores, reliability and items of a scale."""

from cvln_eval.measurement.scales.alpha import cronbach_alpha
from cvln_eval.measurement.scales.distribution import ItemDistribution, item_distribution
from cvln_eval.measurement.scales.items import ItemAnalysis, item_analysis
from cvln_eval.measurement.scales.keys import KeyCheck, check_keys
from cvln_eval.measurement.scales.omega import Omega, mcdonald_omega
from cvln_eval.measurement.scales.ordinal import ordinal_alpha
from cvln_eval.measurement.scales.reliability import Reliability
from cvln_eval.measurement.scales.scoring import ScaleScores, scale_score, score_scales
from cvln_eval.measurement.scales.table import ScaleReliability, scale_reliability

__all__ = [
    "ItemAnalysis",
    "ItemDistribution",
    "KeyCheck",
    "Omega",
    "Reliability",
    "ScaleReliability",
    "ScaleScores",
    "check_keys",
    "cronbach_alpha",
    "item_analysis",
    "item_distribution",
    "mcdonald_omega",
    "ordinal_alpha",
    "scale_reliability",
    "scale_score",
    "score_scales",
]
