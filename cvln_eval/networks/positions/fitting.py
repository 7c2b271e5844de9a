"""How well people fall into a core and a periphery: the best fit that a search finds.

Both patterns are symmetric, so that of an array of ties only the sums over both directions and the
number of known directions matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

__all__ = ["Pairs", "continuous_fit", "discrete_fit", "known_pairs"]

# Correlations differ by rounding alone below this.
TOLERANCE = 1e-12
# Of the gradient of the correlation, above which the search goes on.
GRADIENT = 1e-6
# Least coreness of a start: at 0 the slope of a product is 0.
START = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Values of known ordered pairs, both directions added up, and what correlations need.

    `values` and `known` are (n, n), symmetric, with an empty diagonal; `number` known ordered
    pairs have the sum `total` and the sum of squared deviations `spread`, times their number.
    """

    values: np.ndarray
    known: np.ndarray
    number: float
    total: float
    spread: float


def known_pairs(matrix: np.ndarray) -> Pairs:
    """Return the pairs of a dense array of ties, nan what is not known."""
    known = ~np.isnan(matrix)
    values = np.where(known, matrix, 0.0)
    number, total = float(known.sum()), float(values.sum())
    spread = number * float((values**2).sum()) - total**2
    # Equal values leave rounding alone, which must not pass for variation.
    spread = 0.0 if np.ptp(matrix[known], axis=None) == 0 else spread
    return Pairs(values + values.T, known.astype(float) + known.T, number, total, spread)


def discrete_fit(pairs: Pairs) -> tuple[float, np.ndarray]:
    """Return the greatest correlation found with a pattern of core and periphery, and the core.

    From three starts whichever move of one person, or exchange of two, does most is made until none
    helps: the best of the cores that take people in the order of their ties, of those that
    grow from nobody and of those that shrink from everybody, one best person at a time.
    """
    nobody = np.zeros(len(pairs.values), dtype=bool)
    starts = (_first_core(pairs), _grown(pairs, nobody), _grown(pairs, ~nobody))
    found = [_climbed(pairs, start) for start in starts]
    return max(found, key=lambda one: one[0])


def _climbed(pairs: Pairs, core: np.ndarray) -> tuple[float, np.ndarray]:
    fit = float(_correlation(pairs, *_periphery(pairs, core)))
    while True:
        moved, better = _best_move(pairs, core)
        if not better > fit + TOLERANCE:
            return fit, core
        core, fit = moved, better


def _correlation(pairs: Pairs, ties: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return the correlation of values with the pattern, given what is within the periphery.

    The pattern is 1 but for pairs within the periphery: `number` of them, with the sum `ties`.
    """
    product = pairs.spread * (pairs.number - number) * number
    defined = product > 0
    covariance = pairs.total * number - pairs.number * ties
    root = np.sqrt(np.where(defined, product, 1.0))
    return np.where(defined, covariance / root, -np.inf)


def _periphery(pairs: Pairs, core: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    outside = (~core).astype(float)
    return (
        np.asarray(outside @ pairs.values @ outside / 2),
        np.asarray(outside @ pairs.known @ outside / 2),
    )


def _first_core(pairs: Pairs) -> np.ndarray:
    strength = pairs.values.sum(axis=1) / np.maximum(pairs.known.sum(axis=1), 1)
    order = np.argsort(strength, kind="stable")
    sums = [
        np.cumsum(np.tril(each[np.ix_(order, order)]).sum(axis=1))
        for each in (pairs.values, pairs.known)
    ]
    core = np.ones(len(order), dtype=bool)
    core[order[: int(np.argmax(_correlation(pairs, sums[0], sums[1]))) + 1]] = False
    return core


def _grown(pairs: Pairs, core: np.ndarray) -> np.ndarray:
    """Return the best core on the way from nobody to everybody, or from everybody to nobody."""
    core, best, greatest = core.copy(), core, -np.inf
    inward = not core.any()
    sign = -1.0 if inward else 1.0
    strength = sign * pairs.values.sum(axis=1)
    (ties, number) = _periphery(pairs, core)
    to_ties, to_number = (each[:, ~core].sum(axis=1) for each in (pairs.values, pairs.known))
    for _ in range(len(core)):
        left = np.flatnonzero(~core if inward else core)
        fits = _correlation(pairs, ties + sign * to_ties[left], number + sign * to_number[left])
        # Of those who do alike, such as all while there is no pattern yet, the ties decide.
        place = np.lexsort([strength[left], -fits])[0]
        person = left[place]
        core[person] = inward
        ties, number = ties + sign * to_ties[person], number + sign * to_number[person]
        to_ties = to_ties + sign * pairs.values[person]
        to_number = to_number + sign * pairs.known[person]
        if fits[place] > greatest:
            greatest, best = fits[place], core.copy()
    return best


def _best_move(pairs: Pairs, core: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the core after the best move of one person or exchange of two, and its fit."""
    ties, number = _periphery(pairs, core)
    to_ties, to_number = (each[:, ~core].sum(axis=1) for each in (pairs.values, pairs.known))
    sign = np.where(core, 1.0, -1.0)
    alone = _correlation(pairs, ties + sign * to_ties, number + sign * to_number)
    inside, outside = np.flatnonzero(core), np.flatnonzero(~core)
    swapped = _correlation(
        pairs,
        ties + _exchanged(to_ties, pairs.values, inside, outside),
        number + _exchanged(to_number, pairs.known, inside, outside),
    )
    changed = core.copy()
    if swapped.size and swapped.max() > alone.max():
        first, second = np.unravel_index(int(np.argmax(swapped)), swapped.shape)
        changed[[inside[first], outside[second]]] = [False, True]
        return changed, float(swapped.max())
    person = int(np.argmax(alone))
    changed[person] = not core[person]
    return changed, float(alone[person])


def _exchanged(
    within: np.ndarray, values: np.ndarray, inside: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    """Return what the periphery gains if one of the core and one of its own change places."""
    return np.asarray(within[inside][:, None] - within[outside] - values[np.ix_(inside, outside)])


def continuous_fit(pairs: Pairs) -> tuple[float, np.ndarray]:
    """Return the greatest correlation found of values with products of coreness, and the coreness.

    Coreness is not negative and has length 1. The search starts from either side of the first
    eigenvector of the values' differences from their mean.
    """
    mean = np.divide(
        pairs.values, pairs.known, out=np.zeros_like(pairs.values), where=pairs.known > 0
    )
    apart = np.where(pairs.known > 0, mean - pairs.total / pairs.number, 0.0)
    first = np.linalg.eigh(apart)[1][:, -1]
    found = [_searched(pairs, np.maximum(side, 0.0) + START) for side in (first, -first)]
    best = min(found, key=lambda one: float(one.fun))
    return -float(best.fun), best.x / np.linalg.norm(best.x)


def _searched(pairs: Pairs, start: np.ndarray) -> optimize.OptimizeResult:
    return optimize.minimize(
        _lack_of_fit,
        start,
        args=(pairs,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * len(start),
        options={"gtol": GRADIENT},
    )


def _lack_of_fit(coreness: np.ndarray, pairs: Pairs) -> tuple[float, np.ndarray]:
    """Return minus the correlation with products of coreness, and its slopes."""
    square = coreness**2
    tied, met, met_square = (
        pairs.values @ coreness,
        pairs.known @ coreness,
        pairs.known @ square,
    )
    products, squares = coreness @ met / 2, square @ met_square / 2
    covariance = pairs.number * (coreness @ tied) / 2 - pairs.total * products
    variance = pairs.number * squares - products**2
    if variance <= TOLERANCE * pairs.number * squares:
        return 1.0, np.zeros(len(coreness))
    root = np.sqrt(pairs.spread * variance)
    slope = pairs.number * tied - pairs.total * met
    steeper = pairs.number * 2 * coreness * met_square - 2 * products * met
    correlation = covariance / root
    return -correlation, -(slope / root - correlation * steeper / (2 * variance))
