"""How many people an exploratory factor analysis takes."""

from __future__ import annotations

import numpy as np

__all__ = ["people_needed"]


def people_needed(communalities: np.ndarray, n_factors: int) -> tuple[int, str]:
    """Return how many people the factors take, and the case of the rule that says so.

    The size depends on the communalities and on the items a factor has. All communalities above
    .6: 60, the smallest sample studied. Mean of .5 or more: 100, or 200 with fewer than six items a
    factor. Below: 200 with six items a factor or more ("well over 100"), 300 with three or more and
    at most three factors, else 500.

    Parameters
    ----------
    communalities : ndarray
        One an item; where they are nan, they are taken for low.
    n_factors : int
        Number of factors.

    Returns
    -------
    tuple of int and str

    References
    ----------
    MacCallum, R. C., Widaman, K. F., Zhang, S., & Hong, S. (1999). Sample size in factor analysis.
    Psychological Methods, 4, 84-99, pp. 96-97; the numbers where the text says "well over" or
    "in the range of" are this package's reading.

    Examples
    --------
    >>> import numpy as np
    >>> people_needed(np.array([0.7, 0.65, 0.8]), 1)
    (60, 'communalities all above .6')
    >>> people_needed(np.array([0.4, 0.3, 0.5, 0.2]), 1)
    (300, 'communalities below .5 on average, 3 items a factor or more')
    """
    each = len(communalities) / n_factors
    if np.all(communalities > 0.6):
        return 60, "communalities all above .6"
    if np.mean(communalities) >= 0.5:
        if each >= 6:
            return 100, "communalities of .5 or more on average, 6 items a factor or more"
        return 200, "communalities of .5 or more on average, fewer than 6 items a factor"
    return _needed_when_low(each, n_factors)


def _needed_when_low(each: float, n_factors: int) -> tuple[int, str]:
    low = "communalities below .5 on average"
    if each >= 6:
        return 200, f"{low}, 6 items a factor or more"
    if each >= 3 and n_factors <= 3:
        return 300, f"{low}, 3 items a factor or more"
    return 500, f"{low}, few items a factor"
