"""What tables of change have in common: the first columns, those of a test, which method counts."""

from __future__ import annotations

import pandas as pd

__all__ = ["CLUSTERED", "NAMED", "TESTED", "by_default", "default_method"]

CLUSTERED = "teams as clusters, CR2"
NAMED = ("scale", "quantity", "from_wave", "wave")
TESTED = (
    "std_error",
    "statistic",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "conf_level",
)


def default_method(team: str | None, independent: str) -> str:
    """Return the method of the sentence: teams as clusters, or that of people where none is named.

    Examples
    --------
    >>> default_method(None, "people independent, paired t")
    'people independent, paired t'
    """
    return independent if team is None else CLUSTERED


def by_default(rows: pd.DataFrame, quantity: str, default: str) -> pd.DataFrame:
    """Return the rows of a quantity by one method, one a scale."""
    kept = (rows["quantity"] == quantity) & (rows["method"] == default)
    return rows[kept].reset_index(drop=True)
