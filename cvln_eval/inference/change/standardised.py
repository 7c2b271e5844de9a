"""Mean change in standard deviations: which one, corrected for its bias, with an interval."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from cvln_eval.inference.change.means import alike

__all__ = [
    "STANDARDISERS",
    "Standardised",
    "hedges_correction",
    "noncentral_interval",
    "standardise",
    "standardiser",
]

# Name, and the standard deviation that a change is divided by.
STANDARDISERS = {
    "d_z": "SD of the changes",
    "d_av": "root of the mean of the two variances",
    "d_rm": "SD of the changes over sqrt(2 (1 - r))",
    "d_first": "SD of the first wave",
}


class Standardised(NamedTuple):
    """A standardised mean change; the interval is of the population's, as is the error."""

    estimate: float
    uncorrected: float
    std_error: float
    conf_low: float
    conf_high: float
    reason: str


def hedges_correction(df: float) -> float:
    """Return J(m) = Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)), which takes out the bias.

    References
    ----------
    Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics, 6, 107-128, eq. 6d.
    """
    if df <= 1:
        return math.nan
    logs = special.gammaln(df / 2) - special.gammaln((df - 1) / 2)
    return float(np.exp(logs) / math.sqrt(df / 2))


def standardise(
    first: np.ndarray, last: np.ndarray, *, conf_level: float
) -> dict[str, Standardised]:
    """Return the mean change divided by each of `STANDARDISERS`; people are independent.

    With the covariance matrix S of the two waves, n people and a standard deviation D(S), the
    error of d = mean / D is sqrt(s_d^2 / (D^2 (n - 1)) + d^2 g' W g), g the gradient of log D and W
    the covariance of S in normal samples; for `d_av` and `d_first` this is Bonett (2008). The
    interval is d -+ z times the error, but for `d_z` from the noncentral t.
    """
    n = len(first)
    if n < 2 or alike(last - first):
        why = "fewer than two people" if n < 2 else "all changes are alike: their SD is 0"
        return {name: _nothing(why) for name in STANDARDISERS}
    moments = np.cov(first, last)
    change = float((last - first).mean())
    return {
        name: _one(name, change, moments, n, alike(first) or alike(last), conf_level)
        for name in STANDARDISERS
    }


def _nothing(reason: str) -> Standardised:
    return Standardised(*(math.nan,) * 5, reason)


def _one(
    name: str, change: float, moments: np.ndarray, n: int, constant: bool, conf_level: float
) -> Standardised:
    deviation, gradient = standardiser(name, moments)
    if not deviation > 0 or (constant and name in ("d_rm", "d_first")):
        return _nothing("the scores of a wave are all alike")
    d = change / deviation
    (a, c), b = moments[0], moments[1, 1]
    error = math.sqrt(
        (a + b - 2 * c) / (deviation**2 * (n - 1)) + d**2 * _variance(gradient, moments, n)
    )
    low, high = (
        noncentral_interval(d, n, conf_level)
        if name == "d_z"
        else d + np.array([-1, 1]) * stats.norm.ppf((1 + conf_level) / 2) * error
    )
    corrected = d * hedges_correction(_df(name, moments, n))
    reason = "" if n > 2 else "two people: the correction of the bias takes three"
    return Standardised(corrected, d, error, float(low), float(high), reason)


def standardiser(name: str, moments: np.ndarray) -> tuple[float, np.ndarray]:
    """Return D and the gradient of log D by the first variance, the second and the covariance."""
    (a, c), b = moments[0], moments[1, 1]
    squared = a + b - 2 * c
    if name == "d_z":
        return math.sqrt(squared), np.array([1, 1, -2]) / (2 * squared)
    if name == "d_av":
        return math.sqrt((a + b) / 2), np.array([1, 1, 0]) / (2 * (a + b))
    if name == "d_first":
        return math.sqrt(a), np.array([1 / (2 * a), 0, 0]) if a > 0 else np.zeros(3)
    return _repeated(a, b, c, squared)


def _repeated(a: float, b: float, c: float, squared: float) -> tuple[float, np.ndarray]:
    if not min(a, b) > 0:
        return math.nan, np.zeros(3)
    product = math.sqrt(a * b)
    r = c / product
    if not r < 1 - 1e-12:
        return math.nan, np.zeros(3)
    by_r = np.array([-r / (2 * a), -r / (2 * b), 1 / product]) / (2 * (1 - r))
    return math.sqrt(squared / (2 * (1 - r))), np.array([1, 1, -2]) / (2 * squared) + by_r


def _variance(gradient: np.ndarray, moments: np.ndarray, n: int) -> float:
    """Return g' W g, with cov(s_ij, s_kl) = (s_ik s_jl + s_il s_jk) / (n - 1)."""
    (a, c), b = moments[0], moments[1, 1]
    spread = np.array(
        [
            [2 * a * a, 2 * c * c, 2 * a * c],
            [2 * c * c, 2 * b * b, 2 * b * c],
            [2 * a * c, 2 * b * c, a * b + c * c],
        ]
    )
    return float(gradient @ spread @ gradient) / (n - 1)


def _df(name: str, moments: np.ndarray, n: int) -> float:
    """Return the degrees of freedom of D: two related variances count as 2 / (1 + r^2) of one."""
    if name in ("d_z", "d_first"):
        return n - 1.0
    product = moments[0, 0] * moments[1, 1]
    squared_r = moments[0, 1] ** 2 / product if product > 0 else 1.0
    return 2 * (n - 1) / (1 + squared_r)


def noncentral_interval(d: float, n: int, conf_level: float) -> tuple[float, float]:
    """Return the values of delta at which d sqrt(n) lies at a tail of the noncentral t.

    References
    ----------
    Cumming, G., & Finch, S. (2001). A primer on the understanding, use, and calculation of
    confidence intervals. Educational and Psychological Measurement, 61, 532-574.
    """
    t, tail = abs(d) * math.sqrt(n), (1 - conf_level) / 2
    low, high = (_noncentrality(t, n - 1, share) for share in (1 - tail, tail))
    ends = (low, high) if d >= 0 else (-high, -low)
    return ends[0] / math.sqrt(n), ends[1] / math.sqrt(n)


def _noncentrality(t: float, df: int, share: float) -> float:
    """Return the noncentrality at which a share of the distribution lies below t, t >= 0."""

    def above(centre: float) -> float:
        below = float(special.nctdtr(df, centre, t))
        # Far from the centre the function gives out: there all lies below, or nothing.
        return (float(centre < t) if math.isnan(below) else below) - share

    width = 10 + 10 * t
    return float(optimize.brentq(above, t - width, t + width, xtol=1e-10))
