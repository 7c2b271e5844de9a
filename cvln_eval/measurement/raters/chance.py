"""Agreement beyond chance on arrays: (observed - expected) / (1 - expected) and its error.

Every quantity is a function of how often each unit is drawn, so that the estimate (each unit once)
and all draws of a bootstrap come from the same few lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cvln_eval.measurement.raters.ratings import RatingMatrix

__all__ = [
    "NEARLY",
    "Chance",
    "Pieces",
    "beyond_chance",
    "brennan_prediger_chance",
    "conger_chance",
    "fleiss_chance",
    "gwet_chance",
    "linearised_error",
    "no_chance",
    "observed_agreement",
    "pieces",
    "ratio",
]

Array = npt.NDArray[np.float64]

NEARLY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What each unit contributes.

    Attributes
    ----------
    agree : ndarray, shape (n_units,)
        Weighted agreement among the pairs of ratings of the unit; 0 where it has no pair.
    paired : ndarray, shape (n_units,)
        1 where the unit has two ratings or more, else 0.
    shares : ndarray, shape (n_units, q)
        Share of the unit's ratings in each category.
    marks : ndarray, shape (n_units, n_raters, q)
        1 where the rater put the unit into the category.
    weights : ndarray, shape (q, q)
    """

    agree: Array
    paired: Array
    shares: Array
    marks: Array
    weights: Array


def pieces(matrix: RatingMatrix, weights: Array) -> Pieces:
    """Return what each unit contributes to observed and expected agreement."""
    marks = (matrix.codes[:, :, None] == np.arange(len(matrix.points))).astype(float)
    counts = marks.sum(axis=1)
    ratings = counts.sum(axis=1)
    pairs = ratings * (ratings - 1)
    agreeing = (counts * (counts @ weights - 1)).sum(axis=1)
    agree = np.divide(agreeing, pairs, out=np.zeros_like(pairs), where=pairs > 0)
    return Pieces(agree, (pairs > 0).astype(float), counts / ratings[:, None], marks, weights)


def ratio(above: Array, below: Array) -> Array:
    """Return above / below, nan where the denominator is 0 but for rounding."""
    above, below = np.broadcast_arrays(above, below)
    found = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=np.abs(below) > NEARLY)
    return found


@dataclass(frozen=True, slots=True)
class Chance:
    """A notion of agreement by chance.

    Attributes
    ----------
    expected : callable
        Pieces and draws, shape (d, n_units), to expected agreement, shape (d,).
    influence : callable
        Pieces to what each unit adds to the expected agreement, centred, shape (n_units,).
    """

    expected: Callable[[Pieces, Array], Array]
    influence: Callable[[Pieces], Array]


def observed_agreement(units: Pieces, draws: Array) -> Array:
    """Return the mean agreement over the units with two ratings or more."""
    return ratio(draws @ units.agree, draws @ units.paired)


def beyond_chance(units: Pieces, draws: Array, chance: Chance) -> Array:
    """Return (observed - expected) / (1 - expected), nan where all agreement is expected."""
    expected = chance.expected(units, draws)
    return ratio(observed_agreement(units, draws) - expected, 1 - expected)


def linearised_error(units: Pieces, chance: Chance) -> float:
    """Return the standard error over units by linearisation (Gwet 2014, chapter 5).

    sqrt(sum (z_i - c)^2 / (n (n - 1))) with z_i = (n / n') (a_i - e p_i) / (1 - e)
    - (1 - c) d_i / (1 - e): a_i the unit's agreement, p_i whether it has a pair, n' how many
    have, e the expected agreement and d_i the unit's influence on it.
    """
    n = len(units.agree)
    each = np.ones((1, n))
    expected = float(chance.expected(units, each)[0])
    estimate = float(beyond_chance(units, each, chance)[0])
    if n < 2 or np.isnan(estimate):
        return float("nan")
    scale = n / units.paired.sum()
    z = scale * (units.agree - expected * units.paired)
    z = (z - (1 - estimate) * chance.influence(units)) / (1 - expected)
    return float(np.sqrt(np.sum((z - estimate) ** 2) / (n * (n - 1))))


def _pooled(units: Pieces, draws: Array) -> Array:
    return ratio(draws @ units.shares, draws.sum(axis=1, keepdims=True))


def _once(units: Pieces) -> Array:
    return np.ones((1, len(units.agree)))


def _fleiss(units: Pieces, draws: Array) -> Array:
    pooled = _pooled(units, draws)
    return np.asarray(((pooled @ units.weights) * pooled).sum(axis=1))


def _fleiss_influence(units: Pieces) -> Array:
    pooled = _pooled(units, _once(units))[0]
    return np.asarray(2 * (units.shares - pooled) @ (units.weights @ pooled))


def _gwet_scale(units: Pieces) -> float:
    q = len(units.weights)
    return float(units.weights.sum() / (q * (q - 1))) if q > 1 else float("nan")


def _gwet(units: Pieces, draws: Array) -> Array:
    pooled = _pooled(units, draws)
    return np.asarray(_gwet_scale(units) * (pooled * (1 - pooled)).sum(axis=1))


def _gwet_influence(units: Pieces) -> Array:
    pooled = _pooled(units, _once(units))[0]
    return np.asarray(_gwet_scale(units) * (units.shares - pooled) @ (1 - 2 * pooled))


def _even(units: Pieces, draws: Array) -> Array:
    return np.full(len(draws), units.weights.mean() if units.weights.size else np.nan)


def _by_rater(units: Pieces, draws: Array) -> Array:
    """Return each rater's shares of the categories, shape (d, n_raters, q)."""
    n, raters, q = units.marks.shape
    totals = (draws @ units.marks.reshape(n, raters * q)).reshape(-1, raters, q)
    return ratio(totals, totals.sum(axis=2, keepdims=True))


def _conger(units: Pieces, draws: Array) -> Array:
    """Return the mean over pairs of different raters of p_g' W p_h."""
    shares = _by_rater(units, draws)
    raters = shares.shape[1]
    weighted = shares @ units.weights
    every = (weighted.sum(axis=1) * shares.sum(axis=1)).sum(axis=1)
    same = (weighted * shares).sum(axis=(1, 2))
    return np.asarray((every - same) / (raters * (raters - 1)))


def _conger_influence(units: Pieces) -> Array:
    shares = _by_rater(units, _once(units))[0]
    raters = len(shares)
    rated = units.marks.sum(axis=2)
    off = units.marks - rated[:, :, None] * shares
    off = off * (len(rated) / rated.sum(axis=0))[:, None]
    others = (shares.sum(axis=0) - shares) @ units.weights
    return np.asarray(2 * (off * others).sum(axis=(1, 2)) / (raters * (raters - 1)))


def _nothing(units: Pieces, draws: Array) -> Array:
    return np.zeros(len(draws))


def _no_influence(units: Pieces) -> Array:
    return np.zeros(len(units.agree))


fleiss_chance = Chance(_fleiss, _fleiss_influence)
gwet_chance = Chance(_gwet, _gwet_influence)
conger_chance = Chance(_conger, _conger_influence)
brennan_prediger_chance = Chance(_even, _no_influence)
no_chance = Chance(_nothing, _no_influence)
