"""Several quantities of the same people with their bias-corrected bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cvln_eval.measurement.bootstrap import bca_interval, bootstrap, leave_one_out

__all__ = ["LEAST_PEOPLE", "bca_intervals"]

# Fewer people make so few different resamples that the ends of their distribution are single ones.
LEAST_PEOPLE = 5


def bca_intervals(
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
    *,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> np.ndarray:
    """Return estimate, lower and upper bound of each quantity, shape (3, quantities).

    Parameters
    ----------
    statistic : callable
        Takes weights over people, shape (draws, n), and returns one row a draw, one column a
        quantity.
    n : int
        People.
    conf_level, n_boot, rng : as in `bootstrap`
        Level, draws, seed.

    Returns
    -------
    ndarray
        Bounds are nan where fewer than half of the draws have a value, all are alike, or there
        are fewer than five people. A spread is smaller in a resample than among the people, which
        a percentile interval would take over and this one corrects.
    """
    estimate = statistic(np.ones((1, n)))[0]
    bounds = np.full((2, len(estimate)), np.nan)
    if n >= LEAST_PEOPLE:
        draws = bootstrap(statistic, n, n_boot=n_boot, rng=rng)
        left = leave_one_out(statistic, n)
        pairs = [
            bca_interval(float(one), draws[:, i], left[:, i], conf_level=conf_level)
            for i, one in enumerate(estimate)
        ]
        bounds = np.array(pairs).T
    return np.vstack([estimate, bounds])
