"""The interval of constant effects that the test does not reject."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cvln_eval.inference.randomization.moments import Fit, Moments
from cvln_eval.inference.randomization.tails import mirrored

__all__ = ["interval_of_differences", "interval_of_t", "least_not_rejected"]

# Distances from the estimate at which p is looked at first, in standard errors. Within one, every
# level of use is far from rejection; past the last, p has the least value it can take.
DISTANCES = np.geomspace(0.1, 1e5, 41)
# Halvings between two of these distances: the bound is then known to 1e-10 of its distance.
HALVINGS = 34


def least_not_rejected(n_counted: int, conf_level: float) -> int:
    """Return the least number of extreme assignments whose p is above 1 - `conf_level`.

    Examples
    --------
    >>> least_not_rejected(20, 0.9), least_not_rejected(20, 0.95)
    (3, 2)
    """
    # 20 (1 - .9) is 1.9999999999999996.
    return int(np.floor((1 - conf_level) * n_counted + 1e-9)) + 1


def interval_of_differences(
    found: Moments, fit: Fit, *, least: int, counted_before: int
) -> tuple[float, float]:
    """Return the lowest and highest shift at which `least` assignments are extreme, exactly.

    With B and C the slopes of an assignment relative to the length of its exposure, |B - u C| >=
    |u| holds from the one to the other of B / (1 + C) and -B / (1 - C), which lie on both sides of
    0. The bound is therefore the `least`-th farthest of these break-points.

    Parameters
    ----------
    found : Moments
        Of assignments A.
    fit : Fit
        The observed assignment.
    least : int
        Extreme assignments needed.
    counted_before : int
        Assignments that are extreme at every shift and not in `found`: 1 with random draws.

    Returns
    -------
    tuple of float
        Lowest and highest shift; infinite where the test never rejects.
    """
    scale = np.sqrt(found.size[:, 0] / fit.size)
    b, c = found.b[:, 0] * scale, found.c[:, 0] * scale
    never = mirrored(found, fit)
    up, down = np.where(never, np.inf, 1 + c), np.where(never, np.inf, 1 - c)
    ends = np.stack([b / up, -b / down])
    ends[:, never] = [[-np.inf], [np.inf]]
    always = np.full(counted_before, np.inf)
    lows = np.sort(np.concatenate([ends.min(axis=0), -always]))
    highs = np.sort(np.concatenate([ends.max(axis=0), always]))
    return float(lows[least - 1]), float(highs[-least])


def interval_of_t(
    found: Moments, fit: Fit, *, least: int, counted_before: int
) -> tuple[float, float]:
    """Return the lowest and highest shift at which `least` assignments are extreme, by search.

    At a distance of s observed standard errors, the squares of both statistics multiplied out make
    a polynomial of degree 4 in s, which is 0 or more where the assignment is extreme. p need not
    fall steadily, so that the search starts from the farthest distance at which the test does not
    reject. Arguments and result are those of `interval_of_differences`.
    """
    error, always = float(fit.std_error[0]), mirrored(found, fit)
    if error == 0:  # t is infinite, and that of no other assignment is
        bound = np.inf if always.sum() + counted_before >= least else 0.0
        return -bound, bound
    factors = _factors(found, error, always)

    def stays(distance: float) -> bool:
        extreme = factors @ distance ** np.arange(5) >= 0
        return int(extreme.sum()) + counted_before >= least

    return -error * _farthest(lambda s: stays(-s)), error * _farthest(stays)


def _factors(found: Moments, error: float, always: np.ndarray) -> np.ndarray:
    """Return the factors of s^0 to s^4 for each assignment, shape (A, 5)."""
    b, c = found.b[:, 0], found.c[:, 0]
    second = (error * c) ** 2 - found.v0[:, 0]
    powers = [b**2, -2 * b * error * c, second, 2 * error * found.v1[:, 0]]
    factors = np.column_stack([*powers, -(error**2) * found.v2[:, 0]])
    factors[always] = [1, 0, 0, 0, 0]
    return factors


def _farthest(stays: Callable[[float], bool]) -> float:
    """Return the farthest distance that stays in the interval."""
    inside = np.array([stays(distance) for distance in DISTANCES])
    if inside[-1]:
        return np.inf
    last = int(np.flatnonzero(inside)[-1]) if inside.any() else -1
    low, high = (0.0 if last < 0 else DISTANCES[last]), DISTANCES[last + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if stays(middle) else (low, middle)
    return float(low)
