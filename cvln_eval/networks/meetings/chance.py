"""P values counted over draws, none of them nought, and how sure the count is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.change.ranks import clopper_pearson

__all__ = ["Counted", "counted_p"]

# Statistics are sums of the same numbers in another order: closer than this share, they are tied.
TIE_TOLERANCE = 1e-9
# Level of the interval that says how far the p value of all draws may be from that of these.
MONTE_CARLO_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Counted:
    """A p value: c as extreme as the observed among n draws, and where all draws would have it."""

    p_value: float
    p_low: float
    p_high: float
    smallest_p: float


NONE = Counted(np.nan, np.nan, np.nan, np.nan)


def counted_p(observed: float, draws: np.ndarray, *, enumerated: bool = False) -> Counted:
    """Return the two-sided p value of a statistic: how often it is as far from the middle.

    Far from the mean of all n + 1, the observed one among them, so that under the null hypothesis
    each is as likely to be the farthest. p = (c + 1) / (n + 1), or of all there are, of which the
    observed is one, c / n. Ties count as extreme. Where every draw is alike there is nothing to
    count and p is nan.

    Parameters
    ----------
    observed : float
        The statistic.
    draws : ndarray, shape (n,)
        The same statistic under the null hypothesis.
    enumerated : bool
        Whether the draws are all there are, the observed one among them.
    """
    every = draws if enumerated else np.append(draws, observed)
    away = np.abs(every - every.mean())
    scale = max(float(np.abs(every).max()), 1.0)
    if np.ptp(every) <= TIE_TOLERANCE * scale:
        return NONE
    reach = abs(observed - every.mean()) - TIE_TOLERANCE * scale
    extreme, n = int((away >= reach).sum()), len(every)
    if enumerated:
        # Each outcome counts once; the least possible p is the share of those that are farthest.
        return Counted(extreme / n, extreme / n, extreme / n, 1 / n)
    low, high = clopper_pearson(extreme - 1, n - 1, MONTE_CARLO_LEVEL)
    return Counted(extreme / n, low, high, 1 / n)
