"""Wald statistics of the sample and of its wild draws, from sums by cluster alone.

Residuals multiplied by v_g in cluster g and fitted anew leave the score
v_g Z_g'u_g - Z_g'Q_g (sum over h of v_h Q_h'u_h) in cluster g, so that a draw costs G times k
and not the number of rows (Roodman et al. 2019, section 5).
"""

from __future__ import annotations

import numpy as np

__all__ = ["drawn_moments", "drawn_squares", "observed_squares"]

# An eigenvalue below this share of the largest is rounding.
SINGULAR = 1e-14


def observed_squares(
    scores: np.ndarray, bread: np.ndarray, distance: np.ndarray, floor: np.ndarray
) -> np.ndarray:
    """Return the Wald statistic of each sample without a small-sample factor, nan where none.

    Parameters
    ----------
    scores : ndarray
        Of the residuals, shape (R, G, q).
    bread : ndarray
        Z'Z, shape (q, q).
    distance : ndarray
        Value tested minus estimate, shape (R, q).
    floor : ndarray
        Size of scores that is rounding, shape (R,).
    """
    meat = np.swapaxes(scores, -1, -2) @ scores
    sizes = np.linalg.eigvalsh(meat)
    # 1e-8 of the largest: eigenvalues are squares, and rounding leaves 1e-16 of them
    known = (sizes[:, 0] > floor**2) & (sizes[:, 0] > 1e-8**2 * sizes[:, -1])
    squares = _wald(distance @ bread, meat)
    return np.asarray(np.where(known, squares, np.nan))


def drawn_squares(
    signs: np.ndarray, scores: np.ndarray, projections: np.ndarray, carried: np.ndarray
) -> np.ndarray:
    """Return the Wald statistic of each draw, shape (R, D).

    Parameters
    ----------
    signs : ndarray
        Weights of the clusters, shape (D, G), or (R, D, G) where each outcome has its own.
    scores, projections : ndarray
        Of the residuals that are multiplied, shape (R, G, q) and (R, G, k).
    carried : ndarray
        Z_g'Q_g, shape (G, q, k).
    """
    if scores.shape[-1] == 1:
        sums = _refitted(signs, scores[..., 0], projections, carried[:, 0])
        numerators = (signs @ scores)[..., 0]
        return _ratio(numerators**2, np.einsum("...g,...g->...", sums, sums))
    terms = range(scores.shape[-1])
    each = [_refitted(signs, scores[..., i], projections, carried[:, i]) for i in terms]
    sums = np.stack(each, axis=-1)
    return _wald(signs @ scores, np.swapaxes(sums, -1, -2) @ sums)


def drawn_moments(
    signs: np.ndarray,
    scores: np.ndarray,
    projections: np.ndarray,
    spreads: np.ndarray,
    carried: np.ndarray,
    scaled: np.ndarray,
) -> np.ndarray:
    """Return five numbers of each draw that give its t for any null value, shape (D, 5).

    Under the null value at distance x from the estimate, the draw has
    t^2 = (n0 - x n1)^2 / (c0 - 2 x c1 + x^2 c2). The numbers are n0, n1, c0, c1, c2.

    Parameters
    ----------
    signs : ndarray
        Weights of the clusters, shape (D, G).
    scores, projections : ndarray
        Of the residuals of the fit, shape (G,) and (G, k).
    spreads, scaled : ndarray
        The same of the tested regressor in place of the residuals, shape (G,) and (G, k).
    carried : ndarray
        Z_g'Q_g, shape (G, k).
    """
    fit = _refitted(signs, scores, projections, carried)
    tested = _refitted(signs, spreads, scaled, carried)
    numerators = signs @ np.column_stack([scores, spreads])
    squares = [np.einsum("dg,dg->d", a, b) for a, b in ((fit, fit), (fit, tested))]
    return np.column_stack([numerators, *squares, np.einsum("dg,dg->d", tested, tested)])


def _refitted(
    signs: np.ndarray, scores: np.ndarray, projections: np.ndarray, carried: np.ndarray
) -> np.ndarray:
    """Return the score of each cluster after the draw is fitted anew, shape (..., D, G)."""
    sums = signs * scores[..., None, :]
    sums -= (signs @ projections) @ carried.T
    return np.asarray(sums)


def _wald(numerators: np.ndarray, meat: np.ndarray) -> np.ndarray:
    sizes, axes = np.linalg.eigh(meat)
    along = (np.swapaxes(axes, -1, -2) @ numerators[..., None])[..., 0]
    return np.asarray(_ratio(along**2, np.maximum(sizes, SINGULAR * sizes[..., -1:])).sum(axis=-1))


def _ratio(squares: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """Return squares / variances, infinite where there is no variance."""
    nothing = np.full(np.broadcast_shapes(squares.shape, variances.shape), np.inf)
    return np.asarray(np.divide(squares, variances, out=nothing, where=variances > 0))
