"""A coefficient beyond chance as a result: estimate, intervals over units and over raters."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from cvln_eval.measurement.bootstrap import bootstrap
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.raters.agreement import (
    Agreement,
    Interval,
    bootstrap_interval,
    error_interval,
)
from cvln_eval.measurement.raters.chance import (
    Chance,
    Pieces,
    beyond_chance,
    linearised_error,
    observed_agreement,
    pieces,
)
from cvln_eval.measurement.raters.ratings import RatingMatrix, why_no_agreement
from cvln_eval.measurement.raters.weights import agreement_weights

__all__ = [
    "agreement_beyond_chance",
    "interval_over_raters",
    "named",
    "plain_agreement",
    "without_estimate",
]

LINEARISED = "linearised over units, t"
OVER_RATERS = "over units and raters (jackknife), t"
AVAILABLE = "all ratings given; agreement from units with two or more"


def agreement_beyond_chance(
    matrix: RatingMatrix,
    chance: Chance,
    *,
    coefficient: str,
    weights: str,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> Agreement:
    """Return a coefficient with its linearised and its bootstrap interval."""
    refuse_level(conf_level)
    weighed = agreement_weights(matrix.points, weights)
    reason = why_no_agreement(matrix)
    if reason:
        return without_estimate(matrix, coefficient, weights, conf_level, reason)
    units = pieces(matrix, weighed)
    each = np.ones((1, len(matrix.codes)))
    estimate = float(beyond_chance(units, each, chance)[0])
    if math.isnan(estimate):
        reason = "only one category was used, so all agreement is expected by chance"
    over_units = _intervals(units, chance, estimate, conf_level, n_boot, rng)

    def again(part: RatingMatrix) -> float:
        few = pieces(part, weighed)
        return float(beyond_chance(few, np.ones((1, len(part.codes))), chance)[0])

    over_raters = interval_over_raters(
        matrix, again, estimate, over_units[0], conf_level=conf_level
    )
    return Agreement(
        coefficient,
        weights,
        estimate,
        plain_agreement(matrix),
        float(observed_agreement(units, each)[0]),
        float(chance.expected(units, each)[0]),
        (*over_units, over_raters),
        matrix,
        conf_level,
        AVAILABLE,
        reason,
    )


def _intervals(
    units: Pieces,
    chance: Chance,
    estimate: float,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> tuple[Interval, Interval]:
    n = len(units.agree)
    draws = bootstrap(lambda w: beyond_chance(units, w, chance), n, n_boot=n_boot, rng=rng)
    error = linearised_error(units, chance)
    return (
        error_interval(estimate, error, method=LINEARISED, conf_level=conf_level, df=n - 1),
        bootstrap_interval(draws, n, conf_level=conf_level),
    )


def plain_agreement(matrix: RatingMatrix) -> float:
    """Return the share of rater pairs that say the same, averaged over units with a pair."""
    units = pieces(matrix, np.eye(len(matrix.points)))
    return float(observed_agreement(units, np.ones((1, len(matrix.codes))))[0])


def without_estimate(
    matrix: RatingMatrix, coefficient: str, weights: str, conf_level: float, reason: str
) -> Agreement:
    """Return a result that says why there is no coefficient."""
    nothing = (math.nan, math.nan, math.nan, math.nan)
    return Agreement(
        coefficient, weights, *nothing, (Interval(""),), matrix, conf_level, AVAILABLE, reason
    )


def interval_over_raters(
    matrix: RatingMatrix,
    coefficient: Callable[[RatingMatrix], float],
    estimate: float,
    over_units: Interval,
    *,
    conf_level: float,
) -> Interval:
    """Return the interval for raters like these, not these alone (Gwet, 2008, Psychometrika).

    The variance over units is joined by that of the jackknife over the R raters,
    (R - 1) / R sum (c_g - mean c)^2 with c_g the coefficient without rater g; t has R - 1 degrees
    of freedom, because R raters say little about raters.
    """
    raters = len(matrix.raters)
    if raters < 3:
        return Interval(OVER_RATERS, reason="fewer than three raters tell nothing of others")
    left = np.array([_without_rater(matrix, coefficient, place) for place in range(raters)])
    if np.isnan(left).any():
        return Interval(OVER_RATERS, reason="without one of the raters there is no coefficient")
    if over_units.reason:
        return Interval(OVER_RATERS, reason=over_units.reason)
    variance = over_units.std_error**2 + (raters - 1) / raters * float(
        np.sum((left - left.mean()) ** 2)
    )
    return error_interval(
        estimate, math.sqrt(variance), method=OVER_RATERS, conf_level=conf_level, df=raters - 1
    )


def _without_rater(
    matrix: RatingMatrix, coefficient: Callable[[RatingMatrix], float], place: int
) -> float:
    codes = np.delete(matrix.codes, place, axis=1)
    names = matrix.raters[:place] + matrix.raters[place + 1 :]
    part = RatingMatrix(codes, matrix.points, names)
    part = part.of_units(part.rated.sum(axis=1) > 0)
    return math.nan if why_no_agreement(part) else coefficient(part)


def named(coefficient: str, weights: str) -> str:
    """Return the name of a coefficient with its weights, as a sentence says it."""
    return coefficient if weights == "none" else f"{coefficient} ({weights} weights)"
