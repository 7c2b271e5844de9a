"""Dose against change: between teams and within them, now and a wave before."""

from cvln_eval.inference.dose.lagged import lagged
from cvln_eval.inference.dose.response import DoseResponse, dose_response

__all__ = ["DoseResponse", "dose_response", "lagged"]
