"""How alike answers are: Tastle and Wierman's consensus, van der Eijk's agreement, Kendall's W."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from cvln_eval.errors import ArgumentError, shown

__all__ = ["agreement_a", "centred_ranks", "consensus_index", "weighted_consensus", "weighted_w"]


def consensus_index(values: npt.ArrayLike, *, response_range: tuple[float, float]) -> float:
    """Return Tastle and Wierman's consensus, from 0 (half at each end) to 1 (all answers alike).

    Cns = 1 + sum p_i log2(1 - |x_i - m| / d), with m the mean and d the width of the scale.

    Parameters
    ----------
    values : array_like
        Answers; missing ones are left out.
    response_range : tuple of float
        Lowest and highest answer that the scale allows.

    Returns
    -------
    float
        nan without answers; 1 with one answer, which says nothing about consensus.

    Raises
    ------
    ArgumentError
        If an answer lies outside the range.

    References
    ----------
    Tastle, W. J., & Wierman, M. J. (2007). Consensus and dissention: A measure of ordinal
    dispersion. International Journal of Approximate Reasoning, 45, 531-545, eq. 1.

    Examples
    --------
    >>> round(consensus_index([1, 1, 5, 5], response_range=(1, 5)), 4)
    0.0
    """
    matrix = np.asarray(values, dtype=float).reshape(-1, 1)
    _refuse_outside(matrix, response_range)
    weights = np.ones((1, len(matrix)))
    return float(weighted_consensus(weights, matrix, response_range=response_range)[0, 0])


def _refuse_outside(values: np.ndarray, response_range: tuple[float, float]) -> None:
    low, high = response_range
    out = values[(values < low) | (values > high)]
    if len(out) or not low < high:
        raise ArgumentError(
            "An answer lies outside the range",
            expected=f"{low:g} to {high:g}",
            seen=shown(f"{value:g}" for value in out) or f"a range from {low:g} to {high:g}",
        )


def weighted_consensus(
    weights: np.ndarray, matrix: np.ndarray, *, response_range: tuple[float, float]
) -> np.ndarray:
    """Return the consensus of each item (columns) for each row of weights over people."""
    width = response_range[1] - response_range[0]
    known = np.isfinite(matrix)
    x = np.nan_to_num(matrix)
    n = weights @ known.astype(float)
    some = n > 0
    n = np.where(some, n, 1.0)
    mean = (weights @ x) / n
    distance = np.abs(x[None] - mean[:, None, :]) / width
    # A person at one end can be a whole scale away only from a mean that leaves them out.
    close = np.log2(np.maximum(1 - distance, 1e-300)) * known
    found = 1 + np.einsum("dp,dpi->di", weights, close) / n
    return np.where(some, found, np.nan)


def agreement_a(counts: npt.ArrayLike) -> float:
    """Return van der Eijk's agreement A: -1 for two camps, 0 for an even spread, 1 for one answer.

    The counts are taken apart into layers of equal height; a layer of S of K categories has
    A = U (1 - (S - 1) / (K - 1)), with U = ((K - 2) TU - (K - 1) TDU) / ((K - 2) (TU + TDU)) from
    its triples 110 and 011 (TU) and 101 (TDU), and 1 where there is none. A is their mean,
    weighted by the cases in each layer.

    Parameters
    ----------
    counts : array_like
        How many gave each answer of the scale, from its low to its high end; a 0 for none.

    Returns
    -------
    float
        nan without answers.

    Raises
    ------
    ArgumentError
        If there are fewer than three categories or a count is negative.

    References
    ----------
    van der Eijk, C. (2001). Measuring agreement in ordered rating scales. Quality & Quantity, 35,
    325-341.

    Examples
    --------
    >>> agreement_a([0, 0, 7, 0, 0]), agreement_a([4, 4, 4, 4, 4]), agreement_a([5, 0, 0, 0, 5])
    (1.0, 0.0, -1.0)
    """
    left = np.asarray(counts, dtype=float).copy()
    if len(left) < 3 or (left < 0).any():
        raise ArgumentError(
            "Agreement needs counts of three categories or more, none below 0", seen=shown(left)
        )
    total, found = left.sum(), 0.0
    while (here := left > 0).any():
        height = left[here].min()
        found += height * here.sum() * _layer_agreement(here)
        left[here] -= height
    return float(found / total) if total else math.nan


def _layer_agreement(here: np.ndarray) -> float:
    k, places = len(here), np.flatnonzero(here)
    one_side = broken = 0
    for i in range(k):
        for j in range(i + 1, k):
            for m in range(j + 1, k):
                triple = (bool(here[i]), bool(here[j]), bool(here[m]))
                one_side += triple in ((True, True, False), (False, True, True))
                broken += triple == (True, False, True)
    unimodal = 1.0
    if one_side + broken:
        unimodal = ((k - 2) * one_side - (k - 1) * broken) / ((k - 2) * (one_side + broken))
    return float(unimodal * (1 - (len(places) - 1) / (k - 1)))


def centred_ranks(matrix: np.ndarray) -> np.ndarray:
    """Return each person's ranks of the items (columns), as differences from their mean."""
    ranks = rankdata(matrix, axis=1)
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True))


def weighted_w(weights: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Return Kendall's W, corrected for ties, for each row of weights over people.

    With cross-products C of centred ranks, W = (1 + (m - 1) r) / m, where r is the sum of C_ij
    over pairs of different people, divided by the sum of (C_ii + C_jj) / 2 over them. In a draw,
    pairs of a person with their own copy are left out, because these agree by making.
    """
    own = (ranks**2).sum(axis=1)
    m = weights.sum(axis=1)
    # The sum of w_i w_j C_ij is the square of the weighted sum of ranks: no table of all pairs.
    between = ((weights @ ranks) ** 2).sum(axis=1) - (weights**2) @ own
    most = (weights * (m[:, None] - weights)) @ own
    r = np.where(most > 0, between / np.where(most > 0, most, 1.0), np.nan)
    return np.asarray((1 + (m - 1) * r) / np.where(m > 0, m, np.nan))
