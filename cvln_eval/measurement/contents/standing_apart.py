"""Each person's answers against those of the others: how far, in what order, who stands apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["FENCE_PEOPLE", "against_the_others", "with_fences"]

# With fewer people the quartiles are single people, and fences around them mean nothing.
FENCE_PEOPLE = 5
# Among people all alike a fence lies on everybody, and rounding would put some beyond it.
ROUNDING = 1e-9


def against_the_others(matrix: np.ndarray, people: Sequence[str]) -> pd.DataFrame:
    """Return one row a person: level, distance and profile correlation to the mean of the others.

    Parameters
    ----------
    matrix : ndarray, shape (people, items)
        Answers; nan where there is none.
    people : sequence of str
        Who they are.

    Returns
    -------
    DataFrame
        `person_id, n_items, level_difference, distance, profile_r, reason`.
    """
    known, x = np.isfinite(matrix), np.nan_to_num(matrix)
    n_others = known.sum(axis=0) - known
    sums = x.sum(axis=0) - x
    others = np.where(n_others > 0, sums / np.maximum(n_others, 1), np.nan)
    rows = [_compared(one, mean) for one, mean in zip(matrix, others, strict=True)]
    table = pd.DataFrame(rows)
    table.insert(0, "person_id", list(people))
    return table


def _compared(own: np.ndarray, others: np.ndarray) -> dict[str, object]:
    both = np.isfinite(own) & np.isfinite(others)
    n = int(both.sum())
    if n == 0:
        empty = dict.fromkeys(("level_difference", "distance", "profile_r"), math.nan)
        why = "nobody else answered" if np.isfinite(own).any() else "no answers"
        return {"n_items": n, **empty, "reason": why}
    apart = own[both] - others[both]
    r, reason = _profile_r(own[both], others[both])
    return {
        "n_items": n,
        "level_difference": float(apart.mean()),
        "distance": float(np.abs(apart).mean()),
        "profile_r": r,
        "reason": reason,
    }


def _profile_r(own: np.ndarray, others: np.ndarray) -> tuple[float, str]:
    if len(own) < 3:
        return math.nan, "fewer than three items for a correlation"
    if np.ptp(own) == 0 or np.ptp(others) == 0:
        who = "the person" if np.ptp(own) == 0 else "the mean of the others"
        return math.nan, f"{who} is the same for every item"
    return float(np.corrcoef(own, others)[0, 1]), ""


def with_fences(table: pd.DataFrame) -> pd.DataFrame:
    """Add `stands_apart`: "distance", "order", "distance and order", or "" for nobody unusual.

    Tukey's fences: a distance above Q3 + 1.5 (Q3 - Q1), a profile correlation below
    Q1 - 1.5 (Q3 - Q1), of everybody in the table; nobody stands apart among fewer than five.
    """
    far = table["distance"] > _fence(table["distance"], upper=True) + ROUNDING
    other = table["profile_r"] < _fence(table["profile_r"], upper=False) - ROUNDING
    said = np.select([far & other, far, other], ["distance and order", "distance", "order"], "")
    place = table.columns.get_loc("reason")
    table.insert(int(place) if isinstance(place, int) else len(table.columns), "stands_apart", said)
    return table


def _fence(values: pd.Series, *, upper: bool) -> float:
    known = values.dropna()
    if len(known) < FENCE_PEOPLE:
        return math.inf if upper else -math.inf
    first, third = known.quantile([0.25, 0.75])
    reach = 1.5 * (third - first)
    return float(third + reach if upper else first - reach)
