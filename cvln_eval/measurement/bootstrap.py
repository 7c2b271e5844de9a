"""Resampling of people or units, and the intervals that are read from the draws."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.resampling import CHUNK, resample

__all__ = [
    "bca_interval",
    "bootstrap",
    "leave_one_out",
    "percentile_interval",
]


def bootstrap(
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
    *,
    n_boot: int,
    rng: int | np.random.Generator,
) -> np.ndarray:
    """Return a statistic of `n_boot` resamples of n units with replacement.

    Parameters
    ----------
    statistic : callable
        Takes how often each unit was drawn, shape (draws, n), and returns one row a draw.
    n : int
        Units: people, segments, teams.
    n_boot : int
        Number of draws.
    rng : int or Generator
        Seed; the same seed gives the same draws.

    Returns
    -------
    ndarray
        Shape (n_boot, ...); nan where a resample gives no value.
    """
    if not isinstance(n_boot, int | np.integer) or n_boot < 1:
        raise ArgumentError(
            "A bootstrap needs draws",
            expected="n_boot, a whole number of 1 or more",
            seen=repr(n_boot),
        )
    return resample(_of_counts, int(n_boot), arrays=(statistic, n), rng=rng, label="bootstrap")


def _of_counts(
    size: int,
    stream: np.random.Generator,
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
) -> np.ndarray:
    """Return the statistic of how often each unit is drawn, shape (size, n)."""
    drawn = stream.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
    return statistic(np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n))


def leave_one_out(statistic: Callable[[np.ndarray], np.ndarray], n: int) -> np.ndarray:
    """Return a statistic without each of n units, one row a unit.

    The weights come in chunks: n by n would fill the memory.
    """
    parts = []
    for start in range(0, n, CHUNK):
        left_out = np.arange(start, min(start + CHUNK, n))
        parts.append(statistic(1.0 - (left_out[:, None] == np.arange(n))))
    return np.concatenate(parts)


def percentile_interval(draws: np.ndarray, *, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval, one a column of the draws; draws without value drop out.

    Where fewer than half of the draws have a value, both bounds are nan.
    """
    refuse_level(conf_level)
    tail = (1 - conf_level) / 2
    usable = np.isfinite(draws).mean(axis=0) >= 0.5
    bounds = np.nanquantile(np.where(usable, draws, 0.0), [tail, 1 - tail], axis=0)
    low, high = np.where(usable, bounds, np.nan)
    return low, high


def bca_interval(
    estimate: float, draws: np.ndarray, jackknife: np.ndarray, *, conf_level: float
) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval of one quantity.

    With z0 = Phi^-1(share of draws below the estimate, ties counted half) and the acceleration
    a = sum d^3 / 6 (sum d^2)^1.5 from the deviations d of the jackknife values from their mean
    (mean minus value), the bounds are the quantiles Phi(z0 + (z0 + z) / (1 - a (z0 + z))).

    Both bounds are nan where fewer than half of the draws have a value or all are alike.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. JASA, 82, 171-185, eq. 2.3 and 7.3.
    """
    refuse_level(conf_level)
    kept = draws[np.isfinite(draws)]
    left = jackknife[np.isfinite(jackknife)]
    if not np.isfinite(estimate) or 2 * len(kept) < len(draws) or np.ptp(kept) == 0:
        return np.nan, np.nan
    below = np.mean(kept < estimate) + np.mean(kept == estimate) / 2
    shift = NormalDist().inv_cdf(float(np.clip(below, 0.5 / len(kept), 1 - 0.5 / len(kept))))
    d = left.mean() - left
    squares = float(np.sum(d**2))
    pull = float(np.sum(d**3)) / (6 * squares**1.5) if squares > 0 else 0.0
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    at = [shift + (shift + side * z) / (1 - pull * (shift + side * z)) for side in (-1, 1)]
    low, high = np.quantile(kept, [NormalDist().cdf(point) for point in at])
    return float(low), float(high)
