"""Scores, reliability and items of a scale."""

from cvln_eval.measurement.scales.alpha import cronbach_alpha
from cvln_eval.measurement.scales.reliability import Reliability

__all__ = ["Reliability", "cronbach_alpha"]
