"""Numbers as a table shows them."""

from __future__ import annotations

import math

import pandas as pd
from pandas.api import types

__all__ = ["MISSING", "as_printed"]

MISSING = "–"


def as_printed(frame: pd.DataFrame, *, digits: int = 2) -> pd.DataFrame:
    """Return a table of text: fractions rounded, whole numbers whole, dates as year-month-day.

    What is missing shows as a dash. The frame itself keeps all its digits.
    """
    return pd.DataFrame(
        {name: _column(frame[name], digits) for name in frame.columns}, index=frame.index
    )


def _column(values: pd.Series, digits: int) -> list[str]:
    if types.is_datetime64_any_dtype(values):
        return [MISSING if pd.isna(day) else f"{day:%Y-%m-%d}" for day in values]
    if types.is_bool_dtype(values):
        return [MISSING if pd.isna(value) else ("yes" if value else "no") for value in values]
    if types.is_integer_dtype(values):
        return [MISSING if pd.isna(value) else f"{int(value):,}" for value in values]
    if types.is_float_dtype(values):
        return [_fraction(float(value), digits) for value in values.astype("float64")]
    return [MISSING if pd.isna(value) else str(value) for value in values]


def _fraction(value: float, digits: int) -> str:
    if math.isnan(value):
        return MISSING
    text = f"{value:,.{digits}f}"
    # A rounded minus zero would read as a loss.
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text
