"""The null values that a test does not reject."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

__all__ = ["FAR", "STEP", "confidence_set"]

# Distances from the estimate, in standard errors, at which p is looked up first: pieces of the set
# and gaps in it that are smaller than a step are not seen. What is beyond FAR counts as unbounded.
STEP, NEAR, FAR = 0.25, 10.0, 1e6
HALVINGS = 45

_SIDE = np.concatenate([np.arange(STEP, NEAR, STEP), np.geomspace(NEAR, FAR, 40)])
GRID = np.concatenate([-_SIDE[::-1], [0.0], _SIDE])


def confidence_set(
    p_curve: Callable[[np.ndarray], np.ndarray], conf_level: float
) -> tuple[tuple[float, float], ...]:
    """Return the pieces of the set where p is above 1 - `conf_level`, as distances.

    Parameters
    ----------
    p_curve : callable
        Takes distances from the estimate and returns the p of each.
    conf_level : float
        Level of the set.

    Returns
    -------
    tuple of pairs
        Ends of each piece, from left to right; infinite where the set goes on beyond `FAR`.
    """
    # 1 - 0.95 is a little more than .05, and 1 - 0.9 a little less than .10
    alpha = (1 - conf_level) * (1 + 1e-12)
    inside = p_curve(GRID) > alpha
    before = np.flatnonzero(inside[1:] != inside[:-1])
    ends = list(_crossings(p_curve, alpha, GRID[before], GRID[before + 1], inside[before]))
    ends = [-math.inf] * bool(inside[0]) + ends + [math.inf] * bool(inside[-1])
    return tuple((float(a), float(b)) for a, b in zip(ends[::2], ends[1::2], strict=True))


def _crossings(
    p_curve: Callable[[np.ndarray], np.ndarray],
    alpha: float,
    left: np.ndarray,
    right: np.ndarray,
    left_inside: np.ndarray,
) -> np.ndarray:
    """Return where the curve crosses alpha between the points, by halving all at once."""
    for _ in range(HALVINGS if len(left) else 0):
        middle = (left + right) / 2
        stay = (p_curve(middle) > alpha) == left_inside
        left, right = np.where(stay, middle, left), np.where(stay, right, middle)
    return np.asarray(np.where(left_inside, left, right))
