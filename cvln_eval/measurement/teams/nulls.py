"""What answers without agreement look like: null distributions of within-group agreement."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cvln_eval.errors import ArgumentError, shown

__all__ = [
    "NULLS",
    "answer_count",
    "null_names",
    "null_proportions",
    "null_variance",
    "null_variances",
]

NULLS = ("uniform", "slight_skew", "moderate_skew", "heavy_skew", "triangular", "normal")

# LeBreton and Senter (2008), Table 2: variance by number of answers, for 5 to 11 answers, and the
# proportions for 5 answers. The variance does not depend on the side that is skewed.
VARIANCES = {
    "slight_skew": (1.34, 1.85, 2.90, 3.47, 5.66, 6.30, 7.31),
    "moderate_skew": (0.90, 1.26, 2.14, 2.79, 4.73, 5.09, 6.32),
    "heavy_skew": (0.44, 0.69, 1.39, 2.35, 3.16, 3.46, 4.02),
    "triangular": (1.32, 1.45, 2.10, 2.81, 3.00, 2.89, 3.32),
    "normal": (1.04, 1.25, 1.40, 1.73, 1.58, 1.45, 1.40),
}
FEWEST_IN_TABLE = 5
PROPORTIONS = {
    "slight_skew": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate_skew": (0.00, 0.10, 0.15, 0.40, 0.35),
    "heavy_skew": (0.00, 0.00, 0.10, 0.40, 0.50),
    "triangular": (0.11, 0.22, 0.34, 0.22, 0.11),
    "normal": (0.07, 0.24, 0.38, 0.24, 0.07),
}


def answer_count(response_range: tuple[float, float]) -> int:
    """Return how many answers a range of whole steps has, such as 5 for (1, 5)."""
    try:
        low, high = response_range
        steps = float(high - low)
    except (TypeError, ValueError):
        steps = math.nan
    if not (steps >= 1 and steps.is_integer()):
        raise ArgumentError(
            "A range of answers goes up in whole steps",
            expected="(low, high), such as (1, 5)",
            seen=repr(response_range),
        )
    return int(steps) + 1


def null_names(null: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of nulls, each known and named once."""
    names = (null,) if isinstance(null, str) else tuple(null)
    unknown = [name for name in names if name not in NULLS]
    if unknown or not names or len(set(names)) < len(names):
        raise ArgumentError(
            "No null distribution of this name, or one named twice",
            expected=", ".join(NULLS),
            seen=shown(unknown or names) or "none",
        )
    return names


def null_variance(null: str, n_answers: int) -> float:
    """Return the variance under a null distribution; nan where the table has none."""
    if null == "uniform":
        return (n_answers**2 - 1) / 12
    place = n_answers - FEWEST_IN_TABLE
    row = VARIANCES[null]
    return row[place] if 0 <= place < len(row) else float("nan")


def null_variances(nulls: Sequence[str], n_answers: int) -> np.ndarray:
    """Return the variance of each null."""
    return np.array([null_variance(name, n_answers) for name in nulls])


def null_proportions(null: str, n_answers: int) -> np.ndarray | None:
    """Return the share of each answer, or None where only the variance is published."""
    if null == "uniform":
        return np.full(n_answers, 1 / n_answers)
    return np.array(PROPORTIONS[null]) if n_answers == FEWEST_IN_TABLE else None
