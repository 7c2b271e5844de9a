"""Rubin's rules on arrays: what many imputations say of one quantity each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["Combined", "combine", "intervals"]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Quantities combined over imputations, one entry of each array a quantity.

    Attributes
    ----------
    estimate : ndarray
        Mean of the estimates.
    within, between, total : ndarray
        Mean variance, variance of the estimates, and within + (1 + 1/m) between.
    increase : ndarray
        Relative increase in variance due to nonresponse, (1 + 1/m) between / within.
    df : ndarray
        Degrees of freedom of Barnard and Rubin.
    information : ndarray
        Fraction of missing information.
    """

    estimate: np.ndarray
    within: np.ndarray
    between: np.ndarray
    total: np.ndarray
    increase: np.ndarray
    df: np.ndarray
    information: np.ndarray


def combine(estimates: np.ndarray, variances: np.ndarray, df_complete: np.ndarray) -> Combined:
    """Combine estimates and variances of shape (m, k), with k degrees of freedom."""
    m = len(estimates)
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    # Estimates that are the same but for rounding do not vary.
    scale = np.abs(estimates).max(axis=0)
    between = np.where(between <= (16 * np.finfo(float).eps * scale) ** 2, 0.0, between)
    total = within + (1 + 1 / m) * between
    with np.errstate(divide="ignore", invalid="ignore"):
        increase = (1 + 1 / m) * between / within
        share = (1 + 1 / m) * between / total
        df = _barnard_rubin(share, m, df_complete)
        # At an infinite increase, which is no variance within, the limit is 1.
        added = np.where(np.isinf(increase), 1.0, (increase + 2 / (df + 3)) / (increase + 1))
    information = np.where(between == 0, 0.0, added)
    return Combined(estimates.mean(axis=0), within, between, total, increase, df, information)


def _barnard_rubin(share: np.ndarray, m: int, df_complete: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom; those of complete data where nothing is missing."""
    old = (m - 1) / share**2
    finite = np.where(np.isinf(df_complete), 1.0, df_complete)
    observed = (finite + 1) / (finite + 3) * finite * (1 - share)
    # Not a product over a sum, which is nan where one of the two is infinite.
    both = 1 / (1 / old + 1 / observed)
    df = np.where(np.isinf(df_complete), old, both)
    return np.where(share == 0, df_complete, df)


def intervals(
    found: Combined, null_value: float, conf_level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return t statistic, p value and half the width of the interval."""
    error = np.sqrt(found.total)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 0, (found.estimate - null_value) / error, np.nan)
    p = 2 * stats.t.sf(np.abs(t), found.df)
    return t, p, stats.t.ppf((1 + conf_level) / 2, found.df) * error
