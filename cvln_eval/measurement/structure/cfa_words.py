"""Fit in words, as APA prints it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cvln_eval.results import number

__all__ = ["fit_words", "p_words"]


def p_words(p_value: float) -> str:
    """Return a p value in words.

    Examples
    --------
    >>> p_words(0.0312), p_words(0.00001), p_words(float("nan"))
    ('p = 0.031', 'p < 0.001', 'p not available')
    """
    if math.isnan(p_value):
        return "p not available"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def fit_words(row: Mapping[Any, Any]) -> str:
    """Return chi-square corrected for the size of the sample, and the indices of fit."""
    if not row["df"] > 0:
        return "with no degrees of freedom to test it"
    return (
        f"χ²({row['df']:.0f}) = {number(row['statistic'])}, {p_words(row['p_value'])}, "
        f"corrected for sample size χ² = {number(row['statistic_corrected'])}, "
        f"{p_words(row['p_value_corrected'])}, CFI = {number(row['cfi'])}, "
        f"TLI = {number(row['tli'])}, RMSEA = {number(row['rmsea'], 3)}, "
        f"90% CI [{number(row['rmsea_low'], 3)}, {number(row['rmsea_high'], 3)}], "
        f"SRMR = {number(row['srmr'], 3)}"
    )
