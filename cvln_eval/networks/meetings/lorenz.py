"""The Lorenz curve of posts or replies, with a band."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from cvln_eval.measurement.bootstrap import bootstrap
from cvln_eval.measurement.resampled import LEAST_PEOPLE

__all__ = ["lorenz", "lorenz_curve"]

STEPS = 20  # of the axis of people


def lorenz(weights: np.ndarray, *, values: np.ndarray) -> np.ndarray:
    """Return what the people with fewest hold of all, at each twentieth of the people.

    Parameters
    ----------
    weights : ndarray, shape (draws, n)
        How often each person counts.
    values : ndarray, shape (n,)
        Numbers of the people, rising.

    Returns
    -------
    ndarray, shape (draws, 21)
        From 0 to 1; a person counts in part. Nan where there is nothing to hold.
    """
    before = np.cumsum(weights, axis=1) - weights
    people = weights.sum(axis=1, keepdims=True)
    total = weights @ values
    some = np.where(total > 0, total, np.nan)
    held = [
        np.clip(step / STEPS * people - before, 0.0, weights) @ values / some
        for step in range(STEPS + 1)
    ]
    return np.column_stack(held)


def lorenz_curve(
    values: np.ndarray, *, conf_level: float, n_draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the curve, and at each point the middle `conf_level` of resamples of the people.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Numbers of the people, rising.
    conf_level : float
        Level of the band.
    n_draws : int
        Resamples.
    rng : Generator
        Stream of the draws.

    Returns
    -------
    DataFrame
        `share_of_people, share_of_acts, conf_low, conf_high, conf_level`, 21 rows; no band of
        fewer than five people.
    """
    held = partial(lorenz, values=values)
    n = len(values)
    seen = held(np.ones((1, n)))[0] if n else np.full(STEPS + 1, np.nan)
    ends = np.full((2, STEPS + 1), np.nan)
    if n >= LEAST_PEOPLE and not np.isnan(seen).any():
        draws = bootstrap(held, n, n_boot=n_draws, rng=rng)
        ends = np.nanquantile(draws, [(1 - conf_level) / 2, (1 + conf_level) / 2], axis=0)
    return pd.DataFrame(
        {
            "share_of_people": np.arange(STEPS + 1) / STEPS,
            "share_of_acts": seen,
            "conf_low": ends[0],
            "conf_high": ends[1],
            "conf_level": conf_level,
        }
    )
