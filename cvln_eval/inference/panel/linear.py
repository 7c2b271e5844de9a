"""Methods whose estimate and standard error are linear in the outcome, for many outcomes at once.

A cluster-robust standard error is the length of a vector of scores, one a cluster, and each score
is a fixed weighting of its cluster's residuals. The weights depend on the design alone, so that a
simulated outcome costs one regression and one sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.panel.answers import Answers, Method, Unavailable, t_answers
from cvln_eval.inference.panel.within import rows_of_clusters, sums_in_clusters

__all__ = ["LengthOfScores", "SpreadOfResiduals", "least_squares", "robust"]

# Directions of a cluster that the regression fits perfectly, to rounding.
FITTED = 1e-10
# A standard error that is a smaller share of outcomes and scores than this is nought.
ROUNDING = 1e-12
# Residuals of a cluster are multiplied by this power of I - H_gg.
POWER = {"CR1S": 0.0, "CR1": 0.0, "CR2": -0.5, "jackknife": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class LengthOfScores:
    """An estimate with the length of its clusters' scores as standard error.

    Attributes
    ----------
    weights : ndarray
        The estimate is `weights @ y`, shape (n,).
    basis : ndarray
        Orthonormal basis of the regressors, shape (n, k).
    adjusted : ndarray
        The score of a cluster is the sum of its residuals by these, shape (n,).
    codes : ndarray
        Cluster of each row, 0 to G - 1, shape (n,).
    factor : float
        The standard error is this times the length of the scores.
    df : float
        Degrees of freedom, infinite for a z test.
    centred : bool
        Whether scores are taken from their mean.
    """

    weights: np.ndarray
    basis: np.ndarray
    adjusted: np.ndarray
    codes: np.ndarray
    factor: float
    df: float
    centred: bool = False
    smallest_p: float = 0.0

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and t tests for outcomes of shape (n, runs)."""
        residuals = y - self.basis @ (self.basis.T @ y)
        scores = sums_in_clusters(self.adjusted[:, None] * residuals, self.codes)
        if self.centred:
            scores -= scores.mean(axis=0)
        length = np.linalg.norm(scores, axis=0)
        # What is left by rounding alone is no spread, and its t is a number without meaning.
        reach = np.linalg.norm(self.adjusted) * np.linalg.norm(y, axis=0)
        length[length <= ROUNDING * reach] = 0.0
        return t_answers(self.weights @ y, self.factor * length, self.df, conf_level)


@dataclass(frozen=True, slots=True, eq=False)
class SpreadOfResiduals:
    """Ordinary least squares, which takes every person for independent.

    Attributes
    ----------
    weights : ndarray
        The estimate is `weights @ y`, shape (n,).
    basis : ndarray
        Orthonormal basis of the regressors, shape (n, k).
    """

    weights: np.ndarray
    basis: np.ndarray
    smallest_p: float = 0.0

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and t tests for outcomes of shape (n, runs)."""
        df = self.basis.shape[0] - self.basis.shape[1]
        residuals = y - self.basis @ (self.basis.T @ y)
        variance = np.sum(residuals**2, axis=0) / max(df, 1) * np.sum(self.weights**2)
        return t_answers(self.weights @ y, np.sqrt(variance), df, conf_level)


def least_squares(x: np.ndarray, term: int) -> Method:
    """Return ordinary least squares of the design."""
    basis, weights = _basis_and_weights(x, term)
    return SpreadOfResiduals(weights, basis)


def robust(x: np.ndarray, codes: np.ndarray, term: int, *, kind: str) -> Method:
    """Return least squares with a cluster-robust standard error.

    Parameters
    ----------
    x : ndarray
        Regressors, shape (n, k).
    codes : ndarray
        Cluster of each row, 0 to G - 1.
    term : int
        Column of the term.
    kind : str
        `CR1S` with z, `CR1` with t(G - 1), `CR2` with Satterthwaite's df, `jackknife` with
        t(G - 1), as `cluster_robust` knows them.

    Returns
    -------
    LengthOfScores or Unavailable
        CR2 and the jackknife cannot be had where one cluster alone informs the term.
    """
    n, k = x.shape
    groups = int(codes.max()) + 1
    basis, weights = _basis_and_weights(x, term)
    adjusted = _adjusted(basis, weights, codes, kind)
    if adjusted is None:
        return Unavailable("without one of the clusters the term cannot be estimated")
    products = _products(basis, adjusted, codes)
    whole, few = float(np.trace(products)), groups / (groups - 1)
    factor, df = 1.0, groups - 1.0
    if kind == "CR2":
        squares = float(np.sum(products**2))
        df = whole**2 / squares if squares else np.nan
    elif kind == "CR1S":
        factor, df = few * (n - 1) / (n - k), np.inf
    else:
        factor = few if kind == "CR1" else 1 / few
    return LengthOfScores(
        weights,
        basis,
        adjusted,
        codes,
        factor=float(np.sqrt(factor)),
        df=df,
        centred=kind == "jackknife",
    )


def _basis_and_weights(x: np.ndarray, term: int) -> tuple[np.ndarray, np.ndarray]:
    basis, triangle = np.linalg.qr(x)
    return basis, basis @ np.linalg.solve(triangle.T, np.eye(x.shape[1])[term])


def _adjusted(
    basis: np.ndarray, weights: np.ndarray, codes: np.ndarray, kind: str
) -> np.ndarray | None:
    """Return (I - H_gg)^power times the weights of each cluster, None where that is not to be had.

    H_gg has no more directions than regressors.
    """
    if not POWER[kind]:
        return weights
    adjusted, whole = weights.copy(), np.sum(weights**2)
    for own in rows_of_clusters(codes):
        directions, sizes, _ = np.linalg.svd(basis[own], full_matrices=False)
        left, held = 1 - sizes**2, directions.T @ weights[own]
        # A cluster that alone carries a direction that the term needs.
        if np.any((left <= FITTED) & (held**2 > FITTED * whole)):
            return None
        change = np.where(left > FITTED, np.maximum(left, FITTED) ** POWER[kind], 0.0) - 1
        adjusted[own] += directions @ (change * held)
    return adjusted


def _products(basis: np.ndarray, adjusted: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the products of the clusters' scores, as functions of the outcome, shape (G, G)."""
    explained = sums_in_clusters(adjusted[:, None] * basis, codes)
    return np.asarray(np.diag(np.bincount(codes, adjusted**2)) - explained @ explained.T)
