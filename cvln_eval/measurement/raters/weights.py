"""How much two different categories still agree: the weights of weighted coefficients."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cvln_eval.errors import ArgumentError, shown

__all__ = ["WEIGHTS", "agreement_weights"]

Array = npt.NDArray[np.float64]

WEIGHTS = ("none", "linear", "quadratic", "ordinal")


def agreement_weights(points: Array, weights: str) -> Array:
    """Return the q x q weights of agreement, 1 on the diagonal.

    With x the values of the categories and D = max |x_k - x_l|: `none` is 1 where k = l and 0
    elsewhere, `linear` 1 - |x_k - x_l| / D, `quadratic` 1 - (x_k - x_l)^2 / D^2, and `ordinal`
    1 - M_kl / max M with M_kl = c (c - 1) / 2 pairs among the c categories from k to l.

    Parameters
    ----------
    points : ndarray
        Values of the categories, ascending.
    weights : {"none", "linear", "quadratic", "ordinal"}

    Returns
    -------
    ndarray, shape (q, q)

    Raises
    ------
    ArgumentError
        If the weights have no such name.

    References
    ----------
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.), chapter 3.
    """
    if weights not in WEIGHTS:
        raise ArgumentError("No weights of this name", expected=shown(WEIGHTS), seen=repr(weights))
    places = np.arange(len(points), dtype=float)
    if weights == "none":
        return np.eye(len(points))
    if weights == "ordinal":
        steps = np.abs(places[:, None] - places) + 1
        return _one_minus(steps * (steps - 1) / 2)
    apart = np.abs(points[:, None] - points)
    return _one_minus(apart if weights == "linear" else apart**2)


def _one_minus(distance: Array) -> Array:
    greatest = distance.max(initial=0.0)
    return 1 - distance / greatest if greatest > 0 else np.ones_like(distance)
