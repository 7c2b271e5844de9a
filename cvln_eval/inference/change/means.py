"""The mean of values with its interval: cases independent, or in clusters."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

__all__ = [
    "ROUNDING",
    "Mean",
    "alike",
    "clustered_mean",
    "independent_mean",
    "mean_of_means",
    "t_numbers",
]

# Differences of scores are exact to some units in the last place only: 3.2 - 3.0 is not 0.2.
ROUNDING = 1e-12


class Mean(NamedTuple):
    """A mean, its error and degrees of freedom, and why it has no error."""

    estimate: float
    std_error: float
    df: float
    reason: str


def alike(values: np.ndarray) -> bool:
    """Return whether values differ by no more than rounding."""
    return bool(np.ptp(values) <= ROUNDING * float(np.abs(values).max()))


def independent_mean(values: np.ndarray, *, what: str = "people", noun: str = "changes") -> Mean:
    """Return the mean with its error s / sqrt(n) and n - 1 degrees of freedom."""
    n = len(values)
    if n < 2:
        value = float(values[0]) if n else math.nan
        return Mean(value, math.nan, math.nan, f"fewer than two {what}")
    mean = float(values.mean())
    if alike(values):
        return Mean(mean, math.nan, math.nan, f"all {noun} are alike: no spread to judge them by")
    return Mean(mean, float(values.std(ddof=1) / math.sqrt(n)), n - 1.0, "")


def clustered_mean(values: np.ndarray, codes: np.ndarray, *, noun: str = "changes") -> Mean:
    """Return the mean over cases with its CR2 error and Satterthwaite degrees of freedom.

    The regression on a constant in closed form: cluster g of n_g cases among N has the sum of
    residuals s_g, adjusted by a_g = 1 / sqrt(1 - n_g / N), and V = sum (a_g s_g)^2 / N^2. Were the
    cases independent with one variance, the a_g s_g would have the covariance
    O = A (diag n - n n' / N) A, and V the degrees of freedom (tr O)^2 / tr(O O).

    References
    ----------
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
    with multi-stage samples. Survey Methodology, 28, 169-181, eq. 7 and 11.
    """
    plain = independent_mean(values, noun=noun)
    sizes = np.bincount(codes)
    if plain.reason or len(sizes) < 2:
        return plain._replace(
            std_error=math.nan, df=math.nan, reason=plain.reason or "one team: no others to compare"
        )
    n = len(values)
    adjust = 1 / np.sqrt(1 - sizes / n)
    sums = adjust * np.bincount(codes, weights=values - plain.estimate)
    error = float(np.sqrt(np.sum(sums**2))) / n
    if error <= ROUNDING * float(np.abs(values).max()):
        return Mean(plain.estimate, math.nan, math.nan, "the means of all teams are alike")
    spread = np.diag(sizes) - np.outer(sizes, sizes) / n
    working = adjust[:, None] * spread * adjust
    return Mean(plain.estimate, error, float(np.trace(working) ** 2 / np.sum(working**2)), "")


def mean_of_means(values: np.ndarray, codes: np.ndarray) -> Mean:
    """Return the mean of the clusters' means, each counted once, with G - 1 degrees of freedom."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=values) / sizes if len(values) else np.empty(0)
    return independent_mean(means, what="teams", noun="means of the teams")


def t_numbers(mean: Mean, conf_level: float, null_value: float = 0.0) -> dict[str, float]:
    """Return error, t, degrees of freedom, two-sided p and interval of a mean."""
    statistic = (mean.estimate - null_value) / mean.std_error
    reach = float(stats.t.ppf((1 + conf_level) / 2, mean.df)) * mean.std_error
    return {
        "std_error": mean.std_error,
        "statistic": statistic,
        "df": mean.df,
        "p_value": float(2 * stats.t.sf(abs(statistic), mean.df)),
        "conf_low": mean.estimate - reach,
        "conf_high": mean.estimate + reach,
    }
