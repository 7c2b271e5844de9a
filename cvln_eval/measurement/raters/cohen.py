"""Agreement of two raters beyond chance, with the classical large-sample errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.raters.agreement import Agreement, ChanceTest, error_interval
from cvln_eval.measurement.raters.beyond import agreement_beyond_chance, named
from cvln_eval.measurement.raters.chance import conger_chance
from cvln_eval.measurement.raters.ratings import RatingMatrix, rating_matrix
from cvln_eval.measurement.raters.weights import agreement_weights

__all__ = ["cohen_kappa", "cohen_of"]

LARGE_SAMPLE = "large-sample error (Fleiss, Cohen & Everitt), normal"
LISTWISE = "units that both rated"
NULL = "the two raters assign categories independently of each other"


def cohen_kappa(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    weights: str = "none",
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure the agreement of two raters beyond what their own use of categories would give.

    kappa = (a - e) / (1 - e) with a = sum_kl w_kl p_kl over the table of the two raters' ratings
    and e = sum_kl w_kl p_k. p_.l from its margins.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated (two raters) and of the rating: numbers, words or booleans.
    weights : {"none", "linear", "quadratic", "ordinal"}
        How categories that differ count, by the categories' values where they are numbers and by
        their places where they are words; all but "none" need numbers or ordered `categories`.
    categories : sequence, optional
        All categories in their order; those seen when left out.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        Rows by the large-sample error of Fleiss, Cohen and Everitt (normal, cut at -1 and 1) and
        by bootstrap over units (five or more). `glance` adds z against independent raters, with
        their error under that null hypothesis.

        Units that only one of the two rated are left out and counted. nan with a reason: one
        rater, no unit that both rated, both used one and the same category only. Perfect
        agreement over several categories is 1, without an interval. Agrees with
        `psych::cohen.kappa`, but for its variance of weighted kappa, which can be 0.

    Raises
    ------
    ArgumentError
        If there are more than two raters, a column is absent, a rater rated a unit twice, a
        rating is in none of the categories, or weights need an order that words do not have.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70, 213-220.
    Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and
    weighted kappa. Psychological Bulletin, 72, 323-327.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "segment_id": [1, 2, 3, 4] * 2,
    ...         "coder_id": ["a"] * 4 + ["b"] * 4,
    ...         "applied": [True, True, False, False, True, False, False, False],
    ...     }
    ... )
    >>> cohen_kappa(table, unit="segment_id", rater="coder_id", score="applied").estimate
    0.5
    """
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=weights != "none",
    )
    if len(matrix.raters) > 2:
        raise ArgumentError(
            "Cohen's kappa compares two raters",
            expected="two raters",
            seen=shown(matrix.raters),
            todo="choose two of them, or use `conger_kappa` or `krippendorff_alpha`",
        )
    return cohen_of(matrix, weights=weights, conf_level=conf_level, n_boot=n_boot, rng=rng)


def cohen_of(
    matrix: RatingMatrix,
    *,
    weights: str,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> Agreement:
    """Return Cohen's kappa of a matrix with two raters."""
    by_both = matrix.rated.sum(axis=1) == 2
    # Where nobody was rated by both, the matrix stays as it is and says why there is no kappa.
    both = matrix.of_units(by_both) if by_both.any() else matrix
    # Conger's kappa of two raters who rated every unit is Cohen's.
    found = agreement_beyond_chance(
        both,
        conger_chance,
        coefficient=named("Cohen's kappa", weights),
        weights=weights,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )
    found = replace(found, missing=LISTWISE)
    return found if found.reason else _with_large_sample_errors(found)


def _with_large_sample_errors(found: Agreement) -> Agreement:
    table = _table(found.matrix)
    weights = agreement_weights(found.matrix.points, found.weights)
    error, null_error = large_sample_errors(table, weights)
    interval = error_interval(
        found.estimate, error, method=LARGE_SAMPLE, conf_level=found.conf_level
    )
    z = found.estimate / null_error if null_error > 0 else math.nan
    reason = "" if null_error > 0 else "the error under the null hypothesis is 0"
    test = ChanceTest(NULL, null_error, z, float(2 * stats.norm.sf(abs(z))), reason)
    return replace(found, intervals=(interval, found.intervals[1]), test=test)


def _table(matrix: RatingMatrix) -> npt.NDArray[np.float64]:
    """Return how often each pair of categories was given, first rater in rows."""
    q = len(matrix.points)
    cells = matrix.codes[:, 0] * q + matrix.codes[:, 1]
    return np.bincount(cells, minlength=q * q).reshape(q, q).astype(float)


def large_sample_errors(
    table: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Return the standard errors of (weighted) kappa, in general and under independence."""
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    chance = np.outer(rows, columns)
    observed, expected = float((weights * p).sum()), float((weights * chance).sum())
    mean = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    general = _variance(p, weights * (1 - expected) - mean * (1 - observed))
    null = _variance(chance, weights - mean)
    error = math.sqrt(general / n) / (1 - expected) ** 2
    return error, math.sqrt(null / n) / (1 - expected)


def _variance(shares: npt.NDArray[np.float64], x: npt.NDArray[np.float64]) -> float:
    """Return the variance of x over cells, centred first, so that 0 is 0 but for rounding."""
    return float((shares * (x - (shares * x).sum()) ** 2).sum())
