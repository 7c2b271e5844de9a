"""Cluster means with equal weights, and one slope a cluster, for many outcomes at once."""

from __future__ import annotations

import numpy as np

from cvln_eval.inference.panel.answers import Method, Unavailable
from cvln_eval.inference.panel.linear import LengthOfScores

__all__ = ["cluster_means", "cluster_slopes", "varies_within"]

# Spread within clusters, as a share of the column's, that is rounding.
ROUNDING = 1e-10


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
    averages = _averages(codes)
    between = averages @ x[:, ~inside]
    second = int(np.sum(~inside[:term]))
    df = between.shape[0] - between.shape[1]
    if df < 1:
        return Unavailable(
            f"{between.shape[0]} cluster means leave no degree of freedom for "
            f"{between.shape[1]} coefficients"
        )
    return _second_step(between, second, _adjusted(averages, x[:, inside], codes))


def cluster_slopes(x: np.ndarray, codes: np.ndarray, term: int) -> Method:
    """Return the t test of one slope a cluster against nought, each cluster counting once.

    References
    ----------
    Ibragimov, R., & Mueller, U. K. (2010). t-statistic based correlation and heterogeneity robust
    inference. Journal of Business & Economic Statistics, 28(4), 453-468, theorem 1.
    """
    rows = np.zeros((int(codes.max()) + 1, len(codes)))
    for group in range(len(rows)):
        own = codes == group
        regressors = _independent(x[own], term)
        if np.linalg.matrix_rank(regressors) < regressors.shape[1]:
            return Unavailable("a cluster by itself has no slope of the term")
        rows[group, own] = np.linalg.pinv(regressors)[-1]
    if len(rows) < 2:
        return Unavailable("one cluster has no spread of slopes")
    return _second_step(np.ones((len(rows), 1)), 0, rows)


def _independent(x: np.ndarray, term: int) -> np.ndarray:
    """Return a constant, what varies here of the controls, and the term last."""
    kept = [np.ones(len(x))]
    others = [column for place, column in enumerate(x.T) if place != term]
    for column in others:
        tried = np.column_stack([*kept, column])
        if np.linalg.matrix_rank(tried) == tried.shape[1]:
            kept.append(column)
    return np.column_stack([*kept, x[:, term]])


def _second_step(between: np.ndarray, term: int, first: np.ndarray) -> LengthOfScores:
    """Return least squares of what the first step gives for each cluster."""
    groups, k = between.shape
    inverse = np.linalg.inv(between.T @ between)
    weights = inverse[term] @ between.T
    left = np.linalg.svd(between)[0][:, k:]
    spread = np.sqrt(inverse[term, term] / (groups - k))
    return LengthOfScores(weights @ first, spread * first.T @ left, groups - k)


def _adjusted(averages: np.ndarray, inside: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the weights of cluster means adjusted for what varies within clusters."""
    if inside.shape[1] == 0:
        return averages
    means = averages @ inside
    deviations = inside - means[codes]
    return np.asarray(averages - means @ np.linalg.pinv(deviations))


def _averages(codes: np.ndarray) -> np.ndarray:
    members = np.asarray(np.arange(int(codes.max()) + 1)[:, None] == codes, dtype=float)
    return np.asarray(members / members.sum(axis=1, keepdims=True))
