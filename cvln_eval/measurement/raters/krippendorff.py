"""Krippendorff's alpha at four levels of measurement, with ratings missing or not.

The coincidence matrix counts each pair of ratings of a unit of m ratings 1 / (m - 1) times. Its
sums are taken unit by unit, so that a resample is a weighted sum over units and no matrix is
built again; only the ordinal metric depends on the margins, and is taken anew for each resample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.bootstrap import bootstrap
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.raters.agreement import Agreement, bootstrap_interval
from cvln_eval.measurement.raters.beyond import (
    interval_over_raters,
    plain_agreement,
    without_estimate,
)
from cvln_eval.measurement.raters.chance import ratio
from cvln_eval.measurement.raters.ratings import RatingMatrix, rating_matrix, why_no_agreement

__all__ = ["LEVELS", "PAIRABLE", "alpha_of", "krippendorff_alpha"]

Array = npt.NDArray[np.float64]

LEVELS = ("nominal", "ordinal", "interval", "ratio")
PAIRABLE = "units with two ratings or more"


def krippendorff_alpha(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    level: str,
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure the reliability of ratings by any number of raters, at their level of measurement.

    alpha = 1 - D_o / D_e: D_o the mean squared difference delta^2 within units, each pair of a
    unit of m ratings counted 1 / (m - 1) times, D_e the mean over all pairs of the n ratings.
    delta^2 is 1 for two categories that differ (nominal), (n_c / 2 + ratings between + n_k / 2)^2
    (ordinal), (c - k)^2 (interval) or ((c - k) / (c + k))^2 (ratio).

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the ratings measure. Words need `categories` in order at the ordinal level; interval
        and ratio need numbers, and ratio none below 0.
    categories : sequence, optional
        All categories in their order; those seen when left out. One that nobody used changes
        nothing but the check of the ratings.
    conf_level : float
        Level of the interval.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        The first row's standard error and interval are those of a bootstrap over units, whole
        units and not pairs of ratings, with the ordinal metric of each resample. The second is
        for raters like these, as in `fleiss_kappa`. `agreement_observed`
        and `agreement_expected` are 1 - D / max delta^2.

        Units with fewer than two ratings are left out and counted. nan with a reason: no unit
        with two ratings, one rater, no two ratings that differ. Perfect agreement over several
        categories is 1, without an interval; fewer than five units have none either.

    Raises
    ------
    ArgumentError
        If there is no such level, a column is absent, a rater rated a unit twice, a rating is in
        none of the categories, or the ratings are not of the level.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of
    Pennsylvania, Annenberg School for Communication.
    Krippendorff, K. (2013). Content analysis (3rd ed.), chapter 12. Sage.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "unit": [1, 2, 3, 4] * 2,
    ...         "rater_id": ["a"] * 4 + ["b"] * 4,
    ...         "score": [1, 2, 3, 3, 1, 2, 3, 4],
    ...     }
    ... )
    >>> round(krippendorff_alpha(table, unit="unit", level="interval").estimate, 3)
    0.889
    """
    if level not in LEVELS:
        raise ArgumentError("No such level", expected=shown(LEVELS), seen=repr(level))
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=level == "ordinal",
        numeric=level in ("interval", "ratio"),
    )
    return alpha_of(matrix, level=level, conf_level=conf_level, n_boot=n_boot, rng=rng)


def alpha_of(
    matrix: RatingMatrix,
    *,
    level: str,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> Agreement:
    """Return Krippendorff's alpha of a matrix of ratings."""
    refuse_level(conf_level)
    if level == "ratio" and (matrix.points < 0).any():
        below = matrix.points[matrix.points < 0].tolist()
        raise ArgumentError("A ratio scale starts at 0", seen=shown(below))
    name = f"Krippendorff's alpha ({level})"
    if reason := why_no_agreement(matrix):
        return without_estimate(matrix, name, level, conf_level, reason)
    kept = matrix.of_units(matrix.rated.sum(axis=1) > 1)
    units = _pairs(kept, level)
    each = np.ones((1, len(kept.codes)))
    observed, expected = (float(part[0]) for part in _disagreements(units, each))
    estimate = float(_alpha(units, each)[0])
    draws = bootstrap(lambda w: _alpha(units, w), len(kept.codes), n_boot=n_boot, rng=rng)
    over_units = bootstrap_interval(draws, len(kept.codes), conf_level=conf_level)
    over_raters = interval_over_raters(
        kept,
        lambda part: _estimate(part, level),
        estimate,
        over_units,
        conf_level=conf_level,
    )
    greatest = _greatest(units, each)
    reason = "" if expected > 0 else "no two ratings differ, so there is nothing to tell apart"
    return Agreement(
        name,
        level,
        estimate,
        plain_agreement(kept),
        1 - observed / greatest if greatest > 0 else math.nan,
        1 - expected / greatest if greatest > 0 else math.nan,
        (over_units, over_raters),
        kept,
        conf_level,
        PAIRABLE,
        reason,
    )


def _estimate(matrix: RatingMatrix, level: str) -> float:
    """Return alpha alone, of the units with two ratings or more."""
    kept = matrix.of_units(matrix.rated.sum(axis=1) > 1)
    return float(_alpha(_pairs(kept, level), np.ones((1, len(kept.codes))))[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The pairable ratings: codes, counts a category, and disagreement a unit."""

    codes: npt.NDArray[np.intp]
    counts: Array
    within: Array | None
    metric: Array | None
    share: Array


def _pairs(matrix: RatingMatrix, level: str) -> _Pairs:
    q = len(matrix.points)
    counts = (matrix.codes[:, :, None] == np.arange(q)).sum(axis=1).astype(float)
    share = 1 / (counts.sum(axis=1) - 1)
    if level == "ordinal":
        return _Pairs(matrix.codes, counts, None, None, share)
    metric = _metric(matrix.points, level)
    within = ((counts @ metric) * counts).sum(axis=1) * share
    return _Pairs(matrix.codes, counts, within, metric, share)


def _metric(points: Array, level: str) -> Array:
    """Return the squared differences between categories."""
    apart = points[:, None] - points
    if level == "nominal":
        return np.asarray(apart != 0, dtype=float)
    if level == "interval":
        return np.asarray(apart**2)
    total = points[:, None] + points
    relative = np.zeros_like(apart)
    np.divide(apart, total, out=relative, where=total != 0)
    return np.asarray(relative**2)


def _ranks(counts: Array) -> Array:
    """Return the middle rank of each category, whose differences are the ordinal metric."""
    return np.asarray(np.cumsum(counts, axis=1) - counts / 2)


def _disagreements(units: _Pairs, draws: Array) -> tuple[Array, Array]:
    """Return observed and expected disagreement, each of shape (d,)."""
    margins = draws @ units.counts
    n = margins.sum(axis=1)
    if units.metric is None or units.within is None:
        return _ordinal(units, draws, margins)
    expected = ((margins @ units.metric) * margins).sum(axis=1)
    return ratio(draws @ units.within, n), ratio(expected, n * (n - 1))


def _ordinal(units: _Pairs, draws: Array, margins: Array) -> tuple[Array, Array]:
    """Return the disagreements with the ranks of each draw in place of the ratings.

    Sums of squared differences over pairs are 2 (m sum x^2 - (sum x)^2).
    """
    n = margins.sum(axis=1)
    ranks = _ranks(margins)
    # A last column of 0 stands for ratings that are not there.
    placed = np.concatenate([ranks, np.zeros((len(ranks), 1))], axis=1)
    first = np.zeros((len(draws), len(units.codes)))
    second = np.zeros_like(first)
    for codes in units.codes.T:
        x = placed[:, codes]
        first += x
        second += x**2
    sizes = units.counts.sum(axis=1)
    within = 2 * (sizes * second - first**2) * units.share
    total = (margins * ranks).sum(axis=1)
    squares = (margins * ranks**2).sum(axis=1)
    expected = 2 * (n * squares - total**2)
    return ratio((draws * within).sum(axis=1), n), ratio(expected, n * (n - 1))


def _alpha(units: _Pairs, draws: Array) -> Array:
    observed, expected = _disagreements(units, draws)
    return 1 - ratio(observed, expected)


def _greatest(units: _Pairs, draws: Array) -> float:
    """Return the greatest squared difference between two categories that were used."""
    margins = draws @ units.counts
    used = margins[0] > 0
    if units.metric is not None:
        return float(units.metric[np.ix_(used, used)].max())
    ranks = _ranks(margins)[0][used]
    return float((ranks.max() - ranks.min()) ** 2)
