"""P values of statistics that may have one value only, however chance falls."""

from __future__ import annotations

import numpy as np

from cvln_eval.resampling import Counted, two_sided_p
from cvln_eval.resampling.counting import TIE_TOLERANCE

__all__ = ["p_unless_fixed"]


def p_unless_fixed(observed: float, draws: np.ndarray, *, enumerated: bool = False) -> Counted:
    """Return the two-sided p value; nan where every draw is alike, so that there is none to count.

    Parameters
    ----------
    observed : float
        The statistic.
    draws : ndarray, shape (n,)
        The same statistic under the null hypothesis.
    enumerated : bool
        Whether the draws are all there are, the observed one among them.
    """
    every = np.append(draws, observed)
    if np.ptp(every) <= TIE_TOLERANCE * np.abs(every).max():
        return Counted()
    return two_sided_p(observed, draws, enumerated=enumerated)
