"""Cluster means with equal weights, and one slope a cluster, for many outcomes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.panel.answers import Answers, Method, Unavailable, t_answers
from cvln_eval.inference.panel.linear import ROUNDING as NOUGHT
from cvln_eval.inference.panel.within import rows_of_clusters, sums_in_clusters

__all__ = ["cluster_means", "cluster_slopes", "varies_within"]

# Spread within clusters, as a share of the column's, that is rounding.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Firsts:
    """What the first step makes of an outcome: one number a cluster.

    Attributes
    ----------
    weights : ndarray
        Weight of each row within its cluster, shape (n,).
    codes : ndarray
        Cluster of each row, 0 to G - 1, shape (n,).
    means, slopes : ndarray
        What is taken off is `means @ slopes @ y`, shapes (G, m) and (m, n); the slopes have
        nothing in common with the weights.
    """

    weights: np.ndarray
    codes: np.ndarray
    means: np.ndarray
    slopes: np.ndarray

    def of(self, y: np.ndarray) -> np.ndarray:
        """Return the numbers of clusters for outcomes of shape (n, runs)."""
        found = sums_in_clusters(self.weights[:, None] * y, self.codes)
        return np.asarray(found - self.means @ (self.slopes @ y))

    def reach(self) -> float:
        """Return the norm of the numbers of clusters as functions of the outcome."""
        taken = np.sum((self.means.T @ self.means) * (self.slopes @ self.slopes.T))
        return float(np.sqrt(np.sum(self.weights**2) + taken))


@dataclass(frozen=True, slots=True, eq=False)
class TwoSteps:
    """Least squares of what a first step gives for each cluster.

    Attributes
    ----------
    first : Firsts
        The first step.
    weights : ndarray
        The estimate is `weights @ first.of(y)`, shape (G,).
    basis : ndarray
        Orthonormal basis of the regressors of the second step, shape (G, k).
    spread : float
        The standard error is this times the length of the second step's residuals.
    df : float
        Degrees of freedom.
    """

    first: Firsts
    weights: np.ndarray
    basis: np.ndarray
    spread: float
    df: float
    smallest_p: float = 0.0

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and t tests for outcomes of shape (n, runs)."""
        found = self.first.of(y)
        length = np.linalg.norm(found - self.basis @ (self.basis.T @ found), axis=0)
        length[length <= NOUGHT * self.first.reach() * np.linalg.norm(y, axis=0)] = 0.0
        return t_answers(self.weights @ found, self.spread * length, self.df, conf_level)


def varies_within(column: np.ndarray, codes: np.ndarray) -> bool:
    """Tell whether a regressor differs between people of one cluster."""
    means = np.bincount(codes, column) / np.bincount(codes)
    deviations = column - means[codes]
    return bool(np.sum(deviations**2) > ROUNDING * max(float(np.sum(column**2)), ROUNDING))


def cluster_means(x: np.ndarray, codes: np.ndarray, term: int) -> Method:
    """Return the t test of the term among cluster means, each cluster counting once.

    Where regressors vary within clusters, the means are adjusted for them by their slopes within
    clusters, and only what is constant in a cluster is left to the second step. The degrees of
    freedom are the number of clusters minus that of the regressors of the second step.

    References
    ----------
    Donald, S. G., & Lang, K. (2007). Inference with difference-in-differences and other panel
    data. Review of Economics and Statistics, 89(2), 221-233, sections II and III.
    """
    inside = np.array([varies_within(column, codes) for column in x.T])
    if inside[term]:
        return Unavailable("the term varies within clusters, so that cluster means lose it")
    averaging = 1 / np.bincount(codes)[codes]
    between = sums_in_clusters(averaging[:, None] * x[:, ~inside], codes)
    second = int(np.sum(~inside[:term]))
    df = between.shape[0] - between.shape[1]
    if df < 1:
        return Unavailable(
            f"{between.shape[0]} cluster means leave no degree of freedom for "
            f"{between.shape[1]} coefficients"
        )
    means = sums_in_clusters(averaging[:, None] * x[:, inside], codes)
    # Slopes within clusters, with which means are adjusted for what varies there.
    slopes = np.linalg.pinv(x[:, inside] - means[codes])
    return _second_step(between, second, Firsts(averaging, codes, means, slopes))


def cluster_slopes(x: np.ndarray, codes: np.ndarray, term: int) -> Method:
    """Return the t test of one slope a cluster against nought, each cluster counting once.

    References
    ----------
    Ibragimov, R., & Mueller, U. K. (2010). t-statistic based correlation and heterogeneity robust
    inference. Journal of Business & Economic Statistics, 28(4), 453-468, theorem 1.
    """
    steps, groups = np.zeros(len(codes)), int(codes.max()) + 1
    for own in rows_of_clusters(codes):
        regressors = _independent(x[own], term)
        if regressors is None:
            return Unavailable("a cluster by itself has no slope of the term")
        steps[own] = np.linalg.pinv(regressors)[-1]
    if groups < 2:
        return Unavailable("one cluster has no spread of slopes")
    nothing = np.zeros((groups, 0)), np.zeros((0, len(codes)))
    return _second_step(np.ones((groups, 1)), 0, Firsts(steps, codes, *nothing))


def _independent(x: np.ndarray, term: int) -> np.ndarray | None:
    """Return a constant, what varies here of the controls, and the term last; None without it."""
    kept = [np.ones(len(x))]
    for place in [*(place for place in range(x.shape[1]) if place != term), term]:
        column = x[:, place]
        # A column of one value is the constant again, and needs no decomposition to say so.
        if np.ptp(column) > 0 and _rank(*kept, column) > len(kept):
            kept.append(column)
        elif place == term:
            return None
    return np.column_stack(kept)


def _rank(*columns: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(np.column_stack(columns)))


def _second_step(between: np.ndarray, term: int, first: Firsts) -> TwoSteps:
    """Return least squares of what the first step gives for each cluster."""
    groups, k = between.shape
    basis = np.linalg.qr(between)[0]
    inverse = np.linalg.inv(between.T @ between)
    spread = float(np.sqrt(inverse[term, term] / (groups - k)))
    return TwoSteps(first, inverse[term] @ between.T, basis, spread, groups - k)
