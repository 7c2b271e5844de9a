"""What a wild bootstrap has to know of a regression: sums over the rows of each cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

__all__ = ["ClusterScores", "cluster_scores"]

# A regressor of which no more than this share is left beside the others says nothing of its own:
# rounding leaves about 1e-15, and a share of 1e-9 would lose half of all digits.
COLLINEAR = 1e-9
# A score below this share of what outcome and regressor could make together is rounding.
ROUNDING = 1e-12

_OF_OUTCOMES = ("estimate", "scores", "projections", "floor")


@dataclass(frozen=True, slots=True, eq=False)
class ClusterScores:
    """Sums by cluster, for R outcomes, G clusters, q tested terms, k columns of the basis.

    With Z the tested regressors after the others are partialled out, Q an orthonormal basis of
    all regressors and u the residuals, rows multiplied by the root of their weight where there are
    weights:

    Attributes
    ----------
    estimate : ndarray
        Coefficients, shape (R, q).
    scores : ndarray
        Z_g' u_g, shape (R, G, q).
    projections : ndarray
        Q_g' u_g, shape (R, G, k).
    spreads : ndarray
        Z_g' Z_g, shape (G, q, q).
    carried : ndarray
        Z_g' Q_g, shape (G, q, k).
    floor : ndarray
        Size up to which the root of a sum of squared scores is rounding, shape (R,).
    n, rank : int
        Rows, and columns of the basis.
    estimable : bool
        Whether the other terms leave something of each tested one.
    """

    estimate: np.ndarray
    scores: np.ndarray
    projections: np.ndarray
    spreads: np.ndarray
    carried: np.ndarray
    floor: np.ndarray
    n: int
    rank: int
    estimable: bool

    def only(self, run: int) -> ClusterScores:
        """Return the sums of one outcome."""
        own = {name: getattr(self, name)[[run]] for name in _OF_OUTCOMES}
        return replace(self, **own)

    @property
    def bread(self) -> np.ndarray:
        """Z'Z, shape (q, q)."""
        return np.asarray(self.spreads.sum(axis=0))

    def under(self, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return scores and projections of the residuals with the coefficients held.

        Parameters
        ----------
        distance : ndarray
            Value held minus estimate, shape (R, q): the residuals are then u - Z distance.
        """
        scores = self.scores - np.einsum("gij,rj->rgi", self.spreads, distance)
        projections = self.projections - np.einsum("gik,ri->rgk", self.carried, distance)
        return scores, projections


def cluster_scores(
    y: np.ndarray,
    x: np.ndarray,
    codes: np.ndarray,
    positions: Sequence[int],
    weights: np.ndarray | None = None,
) -> ClusterScores:
    """Return the sums by cluster for outcomes in the columns of y and terms at the positions."""
    order = np.argsort(codes, kind="stable")
    root = np.ones(len(x)) if weights is None else np.sqrt(weights)
    y, x = (y * root[:, None])[order], (x * root[:, None])[order]
    tested, others = x[:, positions], _basis(np.delete(x, positions, axis=1))
    left = _without(_without(tested, others), others)  # twice, because once leaves rounding
    own = _basis(left)
    estimable = own.shape[1] == len(positions) and bool(
        (np.linalg.norm(left, axis=0) > COLLINEAR * np.linalg.norm(tested, axis=0)).all()
    )
    basis = np.hstack([others, own])
    residuals = _without(y, basis)
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return ClusterScores(
        estimate=(np.linalg.pinv(left) @ y).T,
        scores=_by_cluster(left, residuals, ends).transpose(2, 0, 1),
        projections=_by_cluster(basis, residuals, ends).transpose(2, 0, 1),
        spreads=_by_cluster(left, left, ends),
        carried=_by_cluster(left, basis, ends),
        floor=ROUNDING * np.linalg.norm(y, axis=0) * np.linalg.norm(left),
        n=len(x),
        rank=basis.shape[1],
        estimable=estimable,
    )


def _basis(x: np.ndarray) -> np.ndarray:
    """Return an orthonormal basis of the columns, fewer than these where some depend on others."""
    if not x.size:
        return np.empty((len(x), 0))
    lengths = np.linalg.norm(x, axis=0)
    left, sizes, _ = np.linalg.svd(x / np.where(lengths > 0, lengths, 1), full_matrices=False)
    return np.asarray(left[:, sizes > COLLINEAR * max(sizes[0], COLLINEAR)])


def _without(columns: np.ndarray, basis: np.ndarray) -> np.ndarray:
    return np.asarray(columns - basis @ (basis.T @ columns))


def _by_cluster(left: np.ndarray, right: np.ndarray, ends: np.ndarray) -> np.ndarray:
    pairs = zip(np.split(left, ends), np.split(right, ends), strict=True)
    return np.stack([one.T @ other for one, other in pairs])
