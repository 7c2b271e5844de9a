"""Words that the results of several networks share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network
from cvln_eval.results import count, number

__all__ = [
    "DID_NOT_ANSWER",
    "NOBODY_ANSWERED",
    "labelled",
    "networks_in_words",
    "ranged",
    "stacked",
]

DID_NOT_ANSWER = "did not answer"
NOBODY_ANSWERED = "nobody answered"


def labelled(network: Network, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with wave and relation before its columns."""
    table = table.reset_index(drop=True)
    table.insert(0, "wave", network.wave)
    table.insert(1, "relation", network.relation)
    return table


def stacked(parts: Iterable[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the tables one below the other, with these columns even if there are no rows."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    return pd.concat(kept, ignore_index=True)[list(columns)]


def networks_in_words(table: pd.DataFrame) -> str:
    """Return which network a table is of, or of how many."""
    pairs = table[["wave", "relation"]].drop_duplicates()
    if len(pairs) == 1:
        wave, relation = pairs.iloc[0]
        return f"in the network of {relation} in wave {wave}" if wave else f"in {relation}"
    return f"over {count(len(pairs), 'network')}"


def ranged(values: Iterable[float], digits: int = 2) -> str:
    """Return the least and greatest of the values that are known, or the one there is.

    Examples
    --------
    >>> ranged([0.1, 0.5, float("nan")]), ranged([0.1]), ranged([])
    ('0.10 to 0.50', '0.10', 'not available')
    """
    known = [value for value in values if not np.isnan(value)]
    low, high = (
        number(min(known, default=np.nan), digits),
        number(max(known, default=np.nan), digits),
    )
    return low if low == high else f"{low} to {high}"
