"""Methods whose estimate and standard error are linear in the outcome, for many outcomes at once.

A cluster-robust standard error is the length of a vector of scores, one a cluster, and each score
is a fixed weighting of the outcomes. The weights depend on the design alone, so that a simulated
outcome costs one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.panel.answers import Answers, Method, Unavailable, t_answers

__all__ = ["LengthOfScores", "SpreadOfResiduals", "least_squares", "robust"]

# Directions of a cluster that the regression fits perfectly, to rounding.
FITTED = 1e-10
# A standard error that is a smaller share of outcomes and scores than this is nought.
ROUNDING = 1e-12
# Residuals of a cluster are multiplied by this power of I - H_gg.
POWER = {"CR1S": 0.0, "CR1": 0.0, "CR2": -0.5, "jackknife": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class LengthOfScores:
    """An estimate with the length of its scores as standard error.

    Attributes
    ----------
    weights : ndarray
        The estimate is `weights @ y`, shape (n,).
    scores : ndarray
        The standard error is the length of `scores.T @ y`, shape (n, scores).
    df : float
        Degrees of freedom, infinite for a z test.
    """

    weights: np.ndarray
    scores: np.ndarray
    df: float
    smallest_p: float = 0.0

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and t tests for outcomes of shape (n, runs)."""
        error = np.sqrt(np.sum((self.scores.T @ y) ** 2, axis=0))
        # What is left by rounding alone is no spread, and its t is a number without meaning.
        error[error <= ROUNDING * np.linalg.norm(self.scores) * np.linalg.norm(y, axis=0)] = 0.0
        return t_answers(self.weights @ y, error, self.df, conf_level)


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
    if kind in ("CR2", "jackknife") and _alone(basis, weights, codes):
        return Unavailable("without one of the clusters the term cannot be estimated")
    scores = _scores(basis, weights, codes, POWER[kind])
    if kind == "CR2":
        products = scores.T @ scores
        return LengthOfScores(weights, scores, float(np.trace(products) ** 2 / np.sum(products**2)))
    few = groups / (groups - 1)
    if kind == "jackknife":
        centred = scores - scores.mean(axis=1, keepdims=True)
        return LengthOfScores(weights, centred / np.sqrt(few), groups - 1)
    if kind == "CR1":
        return LengthOfScores(weights, scores * np.sqrt(few), groups - 1)
    return LengthOfScores(weights, scores * np.sqrt(few * (n - 1) / (n - k)), np.inf)


def _basis_and_weights(x: np.ndarray, term: int) -> tuple[np.ndarray, np.ndarray]:
    basis, triangle = np.linalg.qr(x)
    return basis, basis @ np.linalg.solve(triangle.T, np.eye(x.shape[1])[term])


def _scores(basis: np.ndarray, weights: np.ndarray, codes: np.ndarray, power: float) -> np.ndarray:
    """Return the weights of each cluster's score on residuals adjusted by (I - H_gg)^power."""
    columns = np.zeros((len(weights), int(codes.max()) + 1))
    for group in range(columns.shape[1]):
        own = codes == group
        columns[own, group] = _adjusted(basis[own], weights[own], power)
    return columns - basis @ (basis.T @ columns)


def _adjusted(basis: np.ndarray, weights: np.ndarray, power: float) -> np.ndarray:
    """Return (I - H_gg)^power times the weights; H_gg has no more directions than regressors."""
    if power == 0:
        return weights
    directions, left = _left_over(basis)
    change = np.where(left > FITTED, np.maximum(left, FITTED) ** power, 0.0) - 1
    return np.asarray(weights + directions @ (change * (directions.T @ weights)))


def _alone(basis: np.ndarray, weights: np.ndarray, codes: np.ndarray) -> bool:
    """Tell whether a cluster alone carries a direction that the term needs."""
    for group in range(int(codes.max()) + 1):
        own = codes == group
        directions, left = _left_over(basis[own])
        held = directions.T @ weights[own]
        if np.any((left <= FITTED) & (held**2 > FITTED * np.sum(weights**2))):
            return True
    return False


def _left_over(basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the directions in which H_gg is not nought, and the eigenvalues of I - H_gg there."""
    directions, sizes, _ = np.linalg.svd(basis, full_matrices=False)
    return directions, 1 - sizes**2
