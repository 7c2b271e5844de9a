"""When a draw counts against the null hypothesis, and what share of the draws does."""

from __future__ import annotations

import numpy as np

__all__ = ["TIE", "at_least", "polynomials", "share_of"]

# Two squared statistics that differ by no more than this share are one and the same: additions in
# another order leave about 1e-13 of it, and statistics that differ do so by more.
TIE = 1e-9


def at_least(drawn: np.ndarray, observed: np.ndarray | float) -> np.ndarray:
    """Return which draws are at least as extreme as the sample, ties among them."""
    return np.asarray(drawn >= (1 - TIE) * observed)


def polynomials(moments: np.ndarray, *, impose_null: bool) -> np.ndarray:
    """Return the coefficients, x^0 to x^4, of what is 0 or more where a draw counts, shape (5, D).

    A draw counts at distance x where (n0 - x n1)^2 >= (1 - TIE) x^2 (c0 - 2 x c1 + x^2 c2): the
    sample itself has t^2 = x^2. If the null is not imposed, draws are made at the estimate
    and do not depend on x: n1, c1 and c2 are then 0.
    """
    n0, n1, c0, c1, c2 = moments.T * np.array([[1, impose_null, 1, impose_null, impose_null]]).T
    kept = 1 - TIE
    return np.stack([n0**2, -2 * n0 * n1, n1**2 - kept * c0, 2 * kept * c1, -kept * c2])


def share_of(counted: np.ndarray, chances: np.ndarray | None) -> np.ndarray:
    """Return p, draws along the first axis.

    All vectors of weights, with their probabilities: the probability of those that count. Draws at
    random: (c + 1) / (n + 1), the sample itself being one of the draws.
    """
    if chances is not None:
        return np.asarray(np.minimum(chances @ counted, 1.0))  # rounding can make a sum of all more
    return np.asarray((np.count_nonzero(counted, axis=0) + 1) / (len(counted) + 1))
