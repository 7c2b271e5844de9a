"""Least and greatest value of a measure over all ways to fill in the pairs that are not known."""

from __future__ import annotations

import numpy as np

__all__ = ["difference_range", "index_range", "mutual_range", "share_range"]

NONE = (np.nan, np.nan)


def share_range(ties: float, unknown: float, pairs: float) -> tuple[float, float]:
    """Return the range of ties / pairs: all unknown pairs without a tie, and all with one.

    Examples
    --------
    >>> share_range(3, 2, 10)
    (0.3, 0.5)
    """
    return (ties / pairs, (ties + unknown) / pairs) if pairs else NONE


def mutual_range(
    mutual: int, asymmetric: int, named: int, not_named: int, silent: int, *, weight: int
) -> tuple[float, float]:
    """Return the range of w M / (w M + A), over completions with a tie; w is 2 for arcs.

    It grows with M and falls with A. The least M and the greatest A come together, all open dyads
    asymmetric; the greatest M and the least A too: dyads that the one who answered named are
    mutual, those not named have no tie, those of two who did not answer are mutual.

    Examples
    --------
    >>> mutual_range(1, 1, 1, 1, 0, weight=1)
    (0.25, 0.6666666666666666)
    """
    below = asymmetric + named + not_named + silent
    if not mutual + below:
        return NONE
    low = weight * mutual / (weight * mutual + below)
    most = weight * (mutual + named + silent)
    # With none of these only dyads not named can be tied, one way: 0 is the only value.
    return low, most / (most + asymmetric) if most + asymmetric else 0.0


def index_range(
    external: int, internal: int, open_external: int, open_internal: int
) -> tuple[float, float]:
    """Return the range of (E - I) / (E + I), over completions with a tie.

    It grows with E and falls with I, whose unknown pairs are tied or not apart from each other.

    Examples
    --------
    >>> index_range(1, 2, 1, 1)
    (-0.5, 0.0)
    """
    if not external + internal + open_external + open_internal:
        return NONE
    least = external + internal + open_internal
    most = external + internal + open_external
    # Where ties of one kind alone are possible the index has the value of that kind.
    low = (external - internal - open_internal) / least if least else 1.0
    high = (external + open_external - internal) / most if most else -1.0
    return low, high


def difference_range(
    first: tuple[float, float], second: tuple[float, float]
) -> tuple[float, float]:
    """Return the range of a difference of two measures of different pairs.

    Examples
    --------
    >>> difference_range((0.25, 0.5), (0.25, 1.0))
    (-0.75, 0.25)
    """
    return first[0] - second[1], first[1] - second[0]
