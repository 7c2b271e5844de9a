"""The p of many outcomes of one design at once, for simulations of size and power."""

from __future__ import annotations

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.wild.pvalues import at_least, share_of
from cvln_eval.inference.wild.scores import ClusterScores, cluster_scores
from cvln_eval.inference.wild.signs import all_signs, enumerable, random_signs, refuse_draws
from cvln_eval.inference.wild.statistics import drawn_squares, observed_squares
from cvln_eval.resampling import generator

__all__ = ["wild_p_values"]

# Weights in memory at a time, over outcomes, draws and clusters: what a processor keeps near.
BLOCK = 200_000


def wild_p_values(
    y: np.ndarray,
    x: np.ndarray,
    codes: np.ndarray,
    position: int,
    *,
    null_value: float = 0.0,
    draws: str = "rademacher",
    impose_null: bool = True,
    n_draws: int = 999,
    weights: np.ndarray | None = None,
    rng: int | np.random.Generator = 0,
) -> np.ndarray:
    """Return the wild cluster bootstrap p of one coefficient for each of many outcomes.

    The same p as `wild_bootstrap` gives, without standard errors and confidence sets. Where not
    all vectors of weights are gone through, each outcome has draws of its own: with common draws
    the errors of the p values would not average out over outcomes.

    Parameters
    ----------
    y : ndarray
        Outcomes, shape (n, runs).
    x : ndarray
        Regressors, shape (n, k), the constant among them where the model has one.
    codes : ndarray
        Cluster of each row, shape (n,).
    position : int
        Column of the regressor that is tested.
    null_value : float
        Value of the coefficient under the null hypothesis.
    draws : {"rademacher", "webb", "mammen"}
        Weights of the clusters.
    impose_null : bool
        Whether the null value is imposed on the draws.
    n_draws : int
        Draws; where there are no more vectors of weights than this, all of them.
    weights : ndarray, optional
        Positive weights of the rows, shape (n,).
    rng : int or Generator
        Seed. A Generator is drawn from directly, so that a task of `resample` can hand on its own.

    Returns
    -------
    ndarray
        One p an outcome, shape (runs,); nan where there are fewer than two clusters, the other
        regressors determine the tested one, or scores do not vary between clusters.

    Raises
    ------
    ArgumentError
        If the draws are not known, `n_draws` is below 1 or the shapes do not fit.

    References
    ----------
    Roodman, D., MacKinnon, J. G., Nielsen, M. Ø., & Webb, M. D. (2019). Fast and wild: Bootstrap
    inference in Stata using boottest. Stata Journal, 19(1), 4-60.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> codes = np.repeat(np.arange(5), 8)
    >>> x = np.column_stack([np.ones(40), rng.normal(size=40)])
    >>> wild_p_values(rng.normal(size=(40, 3)), x, codes, 1)
    array([0.6875, 0.9375, 0.3125])
    """
    _refuse(y, x, codes, draws, n_draws)
    names, codes = np.unique(codes, return_inverse=True)
    if len(names) < 2:
        return np.full(y.shape[1], np.nan)
    found = cluster_scores(y, x, codes, [position], weights)
    distance = null_value - found.estimate
    observed = observed_squares(found.scores, found.bread, distance, found.floor)
    if not found.estimable:
        observed[:] = np.nan
    scores, projections = found.under(distance) if impose_null else found.under(0 * distance)
    given = (scores, projections, found, observed)
    if enumerable(draws, len(names), n_draws):
        p_values = _by_all(draws, *given)
    else:
        p_values = _by_draws(draws, n_draws, generator(rng), *given)
    return np.asarray(np.where(np.isnan(observed), np.nan, p_values))


def _by_all(
    draws: str,
    scores: np.ndarray,
    projections: np.ndarray,
    found: ClusterScores,
    observed: np.ndarray,
) -> np.ndarray:
    signs, chances = all_signs(draws, scores.shape[1])
    parts = []
    for some in _blocks(len(scores), signs.size):
        drawn = drawn_squares(signs, scores[some], projections[some], found.carried)
        parts.append(share_of(at_least(drawn, observed[some, None]).T, chances))
    return np.concatenate(parts)


def _by_draws(
    draws: str,
    n_draws: int,
    stream: np.random.Generator,
    scores: np.ndarray,
    projections: np.ndarray,
    found: ClusterScores,
    observed: np.ndarray,
) -> np.ndarray:
    n_clusters, parts = scores.shape[1], []
    for some in _blocks(len(scores), n_draws * n_clusters):
        shape = (len(scores[some]), n_draws, n_clusters)
        signs = random_signs(draws, shape, stream)
        drawn = drawn_squares(signs, scores[some], projections[some], found.carried)
        parts.append(share_of(at_least(drawn, observed[some, None]).T, None))
    return np.concatenate(parts)


def _blocks(n_runs: int, size: int) -> list[slice]:
    """Return slices of outcomes; at least one slice, which is empty where there is no outcome."""
    step = max(1, BLOCK // max(size, 1))
    return [slice(start, start + step) for start in range(0, max(n_runs, 1), step)]


def _refuse(y: np.ndarray, x: np.ndarray, codes: np.ndarray, draws: str, n_draws: int) -> None:
    refuse_draws(draws)
    if not isinstance(n_draws, int | np.integer) or n_draws < 1:
        raise ArgumentError(
            "A bootstrap needs draws", expected="a whole number of 1 or more", seen=repr(n_draws)
        )
    if np.ndim(y) != 2 or np.ndim(x) != 2 or not len(y) == len(x) == len(codes):
        raise ArgumentError(
            "Outcomes, regressors and clusters must have the same rows",
            expected="y (n, runs), x (n, k), codes (n,)",
            seen=f"shapes {np.shape(y)}, {np.shape(x)}, {np.shape(codes)}",
        )
