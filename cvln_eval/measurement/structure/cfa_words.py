"""Fit in words, as APA prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cvln_eval.results import number, p_in_words

__all__ = ["fit_words"]


def fit_words(row: Mapping[Any, Any]) -> str:
    """Return chi-square corrected for the size of the sample, and the indices of fit."""
    if not row["df"] > 0:
        return "with no degrees of freedom to test it"
    return (
        f"χ²({row['df']:.0f}) = {number(row['statistic'])}, {p_in_words(row['p_value'])}, "
        f"corrected for sample size χ² = {number(row['statistic_corrected'])}, "
        f"{p_in_words(row['p_value_corrected'])}, CFI = {number(row['cfi'])}, "
        f"TLI = {number(row['tli'])}, RMSEA = {number(row['rmsea'], 3)}, "
        f"90% CI [{number(row['rmsea_low'], 3)}, {number(row['rmsea_high'], 3)}], "
        f"SRMR = {number(row['srmr'], 3)}"
    )
