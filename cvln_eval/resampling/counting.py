"""P values counted over draws: never nought, and what drawing leaves open of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

__all__ = [
    "MONTE_CARLO_LEVEL",
    "ROUNDING",
    "TIE_TOLERANCE",
    "Counted",
    "clopper_pearson",
    "counted_p",
    "n_as_far",
    "two_sided_p",
]

# Level of the interval that says how far the p value of all draws may be from that of these.
MONTE_CARLO_LEVEL = 0.95
# Statistics that differ by less than this share are tied: sums of the same numbers in other order.
TIE_TOLERANCE = 1e-9
# A distance that is a smaller share of the largest statistic than this is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Counted:
    """A p value and what drawing leaves open of it; the field names are columns of results.

    Of draws that are all there are (`enumerated`) nothing is left open.
    """

    p_value: float = math.nan
    p_low: float = math.nan
    p_high: float = math.nan
    smallest_p: float = math.nan
    n_draws: int = 0
    enumerated: bool = False


def counted_p(
    n_extreme: int, n_draws: int, *, enumerated: bool = False, conf_level: float = MONTE_CARLO_LEVEL
) -> Counted:
    """Return the p value when so many of the draws are at least as extreme as what was seen.

    p = (c + 1) / (n + 1), for what was seen is one of n + 1 that were equally likely; of all there
    are, what was seen among them, c / n.

    Parameters
    ----------
    n_extreme : int
        c, the draws at least as extreme as what was seen.
    n_draws : int
        n, all draws.
    enumerated : bool
        Whether the draws are all there are, what was seen among them.
    conf_level : float
        Level of the interval.

    Returns
    -------
    Counted
        `p_low` and `p_high` are Clopper and Pearson's interval of c / n for the share of all there
        are; without draws all are nan.

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9, 39.

    Examples
    --------
    >>> counted_p(4, 99).p_value
    0.05
    >>> all_there_are = counted_p(1, 20, enumerated=True)
    >>> all_there_are.p_value, all_there_are.p_high
    (0.05, 0.05)
    """
    if not n_draws:
        return Counted()
    if enumerated:
        p = n_extreme / n_draws
        return Counted(p, p, p, 1 / n_draws, n_draws, True)
    low, high = clopper_pearson(n_extreme, n_draws, conf_level)
    return Counted((n_extreme + 1) / (n_draws + 1), low, high, 1 / (n_draws + 1), n_draws)


def two_sided_p(
    observed: float, draws: np.ndarray, *, enumerated: bool = False, centre: float | None = None
) -> Counted:
    """Return the p value of a statistic: how often it is as far from the middle of all.

    The middle is the mean of the draws and what was seen, so that under the null hypothesis each
    is as likely to be the farthest.

    Parameters
    ----------
    observed : float
        The statistic.
    draws : ndarray, shape (n,)
        The same statistic under the null hypothesis; nan, where it has none, counts as extreme.
    enumerated : bool
        Whether the draws are all there are, what was seen among them.
    centre : float, optional
        Another middle, such as the 0 of a statistic that is a ratio to its standard error.

    Returns
    -------
    Counted
        See `counted_p`.
    """
    valid = draws[~np.isnan(draws)]
    every = valid if enumerated else np.append(valid, observed)
    middle = float(every.mean()) if centre is None else centre
    beyond = len(draws) - len(valid)
    n_extreme = n_as_far(observed, valid, middle) + beyond
    counted = counted_p(n_extreme, len(draws), enumerated=enumerated)
    if not enumerated or not len(valid):
        return counted
    # Mirror images are as far as each other: the least p that can be had is of all the farthest.
    farthest = float(valid[np.argmax(np.abs(valid - middle))])
    least = n_as_far(farthest, valid, middle) + beyond
    return replace(counted, smallest_p=least / len(draws))


def n_as_far(observed: float, draws: np.ndarray, centre: float) -> int:
    """Return how many draws are at least as far from the centre as the observed, ties counted."""
    rounding = ROUNDING * max(float(np.abs(draws).max(initial=0.0)), abs(observed))
    distance = abs(observed - centre) * (1 - TIE_TOLERANCE) - rounding
    return int((np.abs(draws - centre) >= distance).sum())


def clopper_pearson(count: int, n: int, conf_level: float) -> tuple[float, float]:
    """Return the interval of a share that inverts the two one-sided binomial tests.

    Parameters
    ----------
    count, n : int
        How many of how many.
    conf_level : float
        Level of the interval.

    Returns
    -------
    tuple of float
        Its ends, nan where n is 0.

    References
    ----------
    Clopper, C. J., & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika, 26, 404-413.
    """
    if n == 0:
        return math.nan, math.nan
    tail = (1 - conf_level) / 2
    low = float(stats.beta.ppf(tail, count, n - count + 1)) if count else 0.0
    high = float(stats.beta.isf(tail, count + 1, n - count)) if count < n else 1.0
    return low, high
