"""The signed rank of changes on arrays: exact null distribution, estimate and interval."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

__all__ = ["LARGEST_EXACT", "SignedRank", "hodges_lehmann", "null_counts", "signed_rank"]

# Beyond this many people the normal approximation differs in the fourth digit of p.
LARGEST_EXACT = 200


class SignedRank(NamedTuple):
    """The sum of the ranks of rises, its p value and the least that could have come out."""

    statistic: float
    p_value: float
    smallest_p: float
    n_ranked: int
    exact: bool


def signed_rank(changes: np.ndarray, *, zeros: str) -> SignedRank:
    """Return the signed-rank test that changes are as often up as down by the same amount.

    Changes of 0 are dropped before ranking ("wilcoxon") or after it ("pratt"). Tied sizes share
    the mean of their ranks, and the distribution is that of these ranks with random signs.
    """
    kept = changes[changes != 0] if zeros == "wilcoxon" else changes
    ranks = stats.rankdata(np.abs(kept)) if len(kept) else np.empty(0)
    ranks, up = ranks[kept != 0], kept[kept != 0] > 0
    n, statistic = len(ranks), float(ranks[up].sum())
    if n == 0:
        return SignedRank(0.0, math.nan, math.nan, 0, True)
    if n > LARGEST_EXACT:
        return SignedRank(statistic, _normal_p(statistic, ranks), 0.0, n, False)
    counts = null_counts(ranks)
    at = round(2 * statistic)
    tail = min(counts[: at + 1].sum(), counts[at:].sum())
    return SignedRank(statistic, min(1.0, 2 * float(tail)), math.ldexp(1.0, 1 - n), n, True)


def null_counts(ranks: np.ndarray) -> np.ndarray:
    """Return the probability of each value of twice the sum of ranks under random signs.

    Each rank adds itself or nothing: the distributions are convolved, one rank after the other.
    Twice, because the ranks of ties can end in a half.
    """
    doubled = np.rint(2 * ranks).astype(int)
    found = np.zeros(doubled.sum() + 1)
    found[0] = 1.0
    for step in doubled:
        shifted = np.zeros_like(found)
        shifted[step:] = found[: len(found) - step]
        found = (found + shifted) / 2
    return found


def _normal_p(statistic: float, ranks: np.ndarray) -> float:
    """Return the p value of the normal with the variance of these ranks, corrected by a half."""
    away = abs(statistic - ranks.sum() / 2)
    return float(
        min(1.0, 2 * stats.norm.sf(max(away - 0.5, 0.0) / math.sqrt(np.sum(ranks**2) / 4)))
    )


def hodges_lehmann(changes: np.ndarray, conf_level: float) -> tuple[float, float, float, str]:
    """Return the median of the means of all pairs of changes, and its distribution-free interval.

    The bounds are the k-th least and greatest of the n (n + 1) / 2 means of pairs (a change with
    itself among them), k the greatest rank sum with P(V < k) <= (1 - level) / 2 without ties;
    with ties the closed interval holds at least its level.
    """
    n = len(changes)
    i, j = np.triu_indices(n)
    means = np.sort((changes[i] + changes[j]) / 2)
    estimate = float(np.median(means)) if n else math.nan
    k = _bound(n, (1 - conf_level) / 2)
    if k < 1:
        least = f"p cannot fall below {2.0 ** (1 - n):.3g}" if n else "nobody"
        return estimate, math.nan, math.nan, f"too few for an interval at this level: {least}"
    return estimate, float(means[k - 1]), float(means[-k]), ""


def _bound(n: int, tail: float) -> int:
    """Return the greatest k with P(V <= k - 1) <= tail; 0 where there is none."""
    if n == 0:
        return 0
    if n > LARGEST_EXACT:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        return int(n * (n + 1) / 4 + stats.norm.ppf(tail) * spread + 0.5)
    below = np.cumsum(null_counts(np.arange(1.0, n + 1))[::2])
    return int(np.searchsorted(below, tail, side="right"))
