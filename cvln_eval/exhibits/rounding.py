"""Numbers as a table shows them."""

from __future__ import annotations

import math
import re
from functools import partial

import pandas as pd
from pandas.api import types

from cvln_eval.results import p_in_words

__all__ = ["MISSING", "as_printed", "in_apa", "smallest_in_apa"]

MISSING = "–"
# The word p, but not that of a share of "p < .05".
P_VALUE = re.compile(r"\bp\b(?!\s*[<>=≤≥])")


def as_printed(frame: pd.DataFrame, *, digits: int = 2) -> pd.DataFrame:
    """Return a table of text: fractions rounded, whole numbers whole, dates as year-month-day.

    Fractions in a column of p values (see `_holds_p`) print as `in_apa` has it, whatever the
    digits, and a smallest p as `smallest_in_apa` has it. What is missing shows as a
    dash. The frame itself keeps all its digits.

    Examples
    --------
    >>> print(as_printed(pd.DataFrame({"change": [0.4, 0.1], "p": [0.0002, 0.3]})).to_string())
      change      p
    0   0.40  <.001
    1   0.10   .300
    """
    return pd.DataFrame(
        {name: _column(frame[name], digits) for name in frame.columns}, index=frame.index
    )


def in_apa(p_value: float) -> str:
    """Return a p without its leading zero, and a dash where there is none.

    Examples
    --------
    >>> in_apa(0.0421), in_apa(0.0002), in_apa(1.0), in_apa(float("nan"))
    ('.042', '<.001', '1.000', '–')
    """
    if math.isnan(p_value):
        return MISSING
    return p_in_words(p_value).removeprefix("p ").removeprefix("= ").replace("< ", "<")


def smallest_in_apa(smallest_p: float) -> str:
    """Return the smallest p that a method can give, and 0 where nothing bounds it.

    Examples
    --------
    >>> smallest_in_apa(0.0625), smallest_in_apa(0.0002), smallest_in_apa(0.0)
    ('.063', '<.001', '0')
    """
    return "0" if smallest_p == 0 else in_apa(smallest_p)


def _holds_p(values: pd.Series) -> bool:
    """Return whether a column is named as p values and all of it could be some.

    The name has p as a word of its own (`p`, `p, Holm`, `smallest p`, `p_value`) that no sign of
    comparison follows.
    """
    named = P_VALUE.search(str(values.name).replace("_", " "))
    return named is not None and bool(values.dropna().between(0, 1).all())


def _of_smallest_p(values: pd.Series) -> bool:
    return "smallest p" in str(values.name).replace("_", " ").lower()


def _column(values: pd.Series, digits: int) -> list[str]:
    if types.is_datetime64_any_dtype(values):
        return [MISSING if pd.isna(day) else f"{day:%Y-%m-%d}" for day in values]
    if types.is_bool_dtype(values):
        return [MISSING if pd.isna(value) else ("yes" if value else "no") for value in values]
    if types.is_integer_dtype(values):
        return [MISSING if pd.isna(value) else f"{int(value):,}" for value in values]
    if types.is_float_dtype(values):
        p_value = smallest_in_apa if _of_smallest_p(values) else in_apa
        shown = p_value if _holds_p(values) else partial(_fraction, digits=digits)
        return [shown(float(value)) for value in values.astype("float64")]
    return [MISSING if pd.isna(value) else str(value) for value in values]


def _fraction(value: float, digits: int) -> str:
    if math.isnan(value):
        return MISSING
    text = f"{value:,.{digits}f}"
    # A rounded minus zero would read as a loss.
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text
