"""A regression with its clusters, ready to give the variance of its coefficients for any outcome.

Nothing here depends on the outcome. With the columns Z = X R^-1 of the basis (Z'WZ = I) the hat
matrix is Z Z'W, and the residual maker of cluster g has the product (I - H)_g (I - H)_g' = I +
U_g C U_g' with U = [Z, WZ]: everything that touches a cluster's n_g x n_g matrix happens in the
span of the few columns of U_g.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.robust.basis import Basis

__all__ = ["Frame", "frame"]

# Eigenvalues this small beside the largest are nought. They are of matrices near the identity
# whatever the units of outcome, regressors and weights, so the bound is relative to those.
NOUGHT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the variances of a regression's coefficients rest on; k of them, G clusters.

    Attributes
    ----------
    basis : Basis
        The columns that can be told apart.
    weights : ndarray or None
        Weights of the rows.
    order, starts : ndarray
        Rows sorted by cluster, and where each cluster starts among them.
    scores : ndarray
        Row i times the residual of row i, summed over a cluster, is the cluster's score of each
        coefficient, shape (n, k).
    squares : ndarray
        Cross-products of `scores` within each cluster, shape (G, k, k).
    loads : ndarray
        U_g' times the `scores` of cluster g, shape (G, r, k).
    core : ndarray
        The matrix C, shape (r, r).
    only : dict of ndarray
        For clusters that alone inform some directions of the coefficients these, shape (k, 1 or
        more).
    centred : bool
        Whether scores are taken about their mean over clusters.
    """

    basis: Basis
    weights: np.ndarray | None
    order: np.ndarray
    starts: np.ndarray
    scores: np.ndarray
    squares: np.ndarray
    loads: np.ndarray
    core: np.ndarray
    only: dict[int, np.ndarray]
    centred: bool

    def coefficients(self, y: np.ndarray) -> np.ndarray:
        """Return the coefficients of the columns kept."""
        weighted = y if self.weights is None else y * self.weights
        return np.asarray(self.basis.inverse @ (self.basis.columns.T @ weighted))

    def residuals(self, y: np.ndarray) -> np.ndarray:
        """Return what the columns leave of the outcome."""
        weighted = y if self.weights is None else y * self.weights
        return np.asarray(y - self.basis.columns @ (self.basis.columns.T @ weighted))

    def variance(self, residuals: np.ndarray) -> np.ndarray:
        """Return the sum of squares and products of the clusters' scores."""
        if not len(self.starts):
            return np.full((self.basis.rank,) * 2, np.nan)
        by_row = self.scores[self.order] * residuals[self.order, None]
        sums = np.add.reduceat(by_row, self.starts)
        if self.centred:
            sums -= sums.mean(axis=0)
        return np.asarray(sums.T @ sums)


def frame(basis: Basis, codes: np.ndarray, weights: np.ndarray | None, kind: str) -> Frame:
    """Return the regression in clusters, its residuals adjusted as a kind of variance wants."""
    u, core, first, last = _spanning(basis.columns, weights)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    n_clusters, rank = len(starts), basis.rank
    scores = np.empty((len(codes), rank))
    squares = np.empty((n_clusters, rank, rank))
    loads = np.empty((n_clusters, len(core), rank))
    only = {}
    for place, rows in enumerate(np.split(order, starts[1:]) if n_clusters else []):
        q, upper = np.linalg.qr(u[rows])
        values, vectors = np.linalg.eigh((upper @ first).T @ (upper @ last))
        inner = _adjusted(kind, upper, core, last, (values, vectors)) @ basis.inverse.T
        scores[rows] = q @ inner
        squares[place] = inner.T @ inner
        loads[place] = upper.T @ inner
        if (alone := values > 1 - NOUGHT).any():
            only[place] = basis.inverse @ vectors[:, alone]
    centred = kind == "jackknife"
    return Frame(basis, weights, order, starts, scores, squares, loads, core, only, centred)


def _spanning(
    z: np.ndarray, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return U, C, and what makes Z and WZ of U."""
    one = np.eye(z.shape[1])
    if weights is None:
        return z, -one, one, one
    wz = z * weights[:, None]
    nought = np.zeros_like(one)
    core = np.block([[wz.T @ wz, -one], [-one, nought]])
    return np.hstack([z, wz]), core, np.vstack([one, nought]), np.vstack([nought, one])


def _adjusted(
    kind: str,
    upper: np.ndarray,
    core: np.ndarray,
    last: np.ndarray,
    leverage: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """Return A_g W_g Z_g in the orthonormal basis of U_g, whose triangle is `upper`."""
    if kind == "CR2":
        values, vectors = np.linalg.eigh(np.eye(len(upper)) + upper @ core @ upper.T)
        return np.asarray(_power(values, vectors, -0.5) @ upper @ last)
    if kind in ("CR3", "jackknife"):
        values, vectors = leverage
        return np.asarray(upper @ last @ _power(1 - values, vectors, -1.0))
    return np.asarray(upper @ last)


def _power(values: np.ndarray, vectors: np.ndarray, exponent: float) -> np.ndarray:
    """Return a power of a symmetric matrix, nought where the matrix is (Moore and Penrose)."""
    there = values > NOUGHT * max(1.0, values.max(initial=0.0))
    powers = np.where(there, np.where(there, values, 1.0) ** exponent, 0.0)
    return np.asarray((vectors * powers) @ vectors.T)
