"""Two shares of the same people: exact tests and the interval of their difference, on counts."""

from __future__ import annotations

import math

from scipy import stats

__all__ = ["mcnemar_p", "newcombe_interval", "wilson_bounds"]


def mcnemar_p(up: int, down: int) -> tuple[float, float]:
    """Return the exact p value and the mid-p value that going up and going down are as likely.

    Mid-p counts half of the probability of the outcome itself: exact tests of few people reject
    too seldom, and it does not.

    References
    ----------
    Fagerland, M. W., Lydersen, S., & Laake, P. (2013). The McNemar test for binary matched-pairs
    data. BMC Medical Research Methodology, 13, 91.
    """
    n = up + down
    if n == 0:
        return math.nan, math.nan
    least = min(up, down)
    below = float(stats.binom.cdf(least, n, 0.5))
    at = float(stats.binom.pmf(least, n, 0.5))
    return min(1.0, 2 * below), min(1.0, 2 * below - at)


def wilson_bounds(count: int, n: int, conf_level: float) -> tuple[float, float]:
    """Return Wilson's interval of a share, exactly 0 or 1 at its ends."""
    if n == 0:
        return math.nan, math.nan
    low, high = stats.binomtest(count, n).proportion_ci(conf_level, method="wilson")
    return (float(low) if count else 0.0), (float(high) if count < n else 1.0)


def newcombe_interval(
    both: int, up: int, down: int, neither: int, conf_level: float
) -> tuple[float, float]:
    """Return the interval of share after minus share before, by squares of Wilson's distances.

    With d = p2 - p1 and Wilson's bounds l, u of each, the bounds are
    d - sqrt((p2 - l2)^2 - 2 f (p2 - l2) (u1 - p1) + (u1 - p1)^2) and the same with the roles of
    l and u changed; f is the correlation of the two answers, its numerator A = ad - bc taken as
    max(A - n / 2, 0) where A is above 0.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial
    proportions based on paired data. Statistics in Medicine, 17, 2635-2650, method 10.
    """
    n = both + up + down + neither
    if n == 0:
        return math.nan, math.nan
    before, after = (both + down) / n, (both + up) / n
    low_1, high_1 = wilson_bounds(both + down, n, conf_level)
    low_2, high_2 = wilson_bounds(both + up, n, conf_level)
    f = _correlation(both, up, down, neither)
    low = _distance(after - low_2, high_1 - before, f)
    high = _distance(high_2 - after, before - low_1, f)
    return after - before - low, after - before + high


def _correlation(both: int, up: int, down: int, neither: int) -> float:
    product = (both + down) * (up + neither) * (both + up) * (down + neither)
    if product == 0:
        return 0.0
    numerator: float = both * neither - up * down
    if numerator > 0:
        numerator = max(numerator - (both + up + down + neither) / 2, 0.0)
    return numerator / math.sqrt(product)


def _distance(one: float, other: float, f: float) -> float:
    return math.sqrt(max(one**2 - 2 * f * one * other + other**2, 0.0))
