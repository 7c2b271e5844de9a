"""How well people fall into a core and a periphery: the best fit that a search finds.

Both patterns are symmetric, so that of an array of ties only the sums over both directions and the
number of known directions matter. Networks of the same people and known pairs, whose values were
shuffled, are searched side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Pairs", "continuous_fit", "discrete_fit", "known_pairs"]

# Correlations differ by rounding alone below this.
TOLERANCE = 1e-12
# Shares of the people in the cores that the search starts from.
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
# Steps of the search: two a person and some more; who moved stays a fifth as many steps as there
# are people. In 24 random networks of 41 people five times as many steps found one better core.
STEPS, MORE_STEPS, STAY = 2, 10, 5
# Of the slope of the correlation, below which the continuous search ends, and its most steps.
GRADIENT, MOST = 1e-6, 300
# First step along the slope, and the longest.
FIRST, LONGEST = 0.1, 10.0
# Least coreness of a start: at 0 the slope of a product is 0.
START = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Values of known ordered pairs, both directions added up, and what correlations need.

    `values`, one array a network, (d, n, n), and `known`, (n, n), are symmetric with an empty
    diagonal; in each network `number` known ordered pairs have the sum `total` and the sum of
    squared deviations `spread`, times their number.
    """

    values: np.ndarray
    known: np.ndarray
    number: float
    total: float
    spread: float


def known_pairs(matrices: np.ndarray) -> Pairs:
    """Return the pairs of dense arrays of ties, (d, n, n) or one (n, n), nan what is not known.

    All have the same values at the same known pairs, in another order.
    """
    matrices = matrices if matrices.ndim == 3 else matrices[None]
    known = ~np.isnan(matrices[0])
    values = np.where(known, matrices, 0.0)
    number, total = float(known.sum()), float(values[0].sum())
    # Equal values leave rounding alone, which must not pass for variation.
    alike = len(np.unique(values[0][known])) < 2
    spread = 0.0 if alike else number * float((values[0] ** 2).sum()) - total**2
    both = np.ascontiguousarray(values + values.swapaxes(1, 2))
    return Pairs(both, known.astype(float) + known.T, number, total, spread)


def discrete_fit(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Return the greatest correlation found with a pattern of core and periphery, and the core.

    One a network. A tabu search from five cores, those with the most ties: in each step whoever
    improves the fit most, or harms it least, changes sides, and stays there for a while unless that
    is the best so far; so the search leaves local optima again.

    References
    ----------
    Glover, F. (1989). Tabu search, part I. ORSA Journal on Computing, 1(3), 190-206.
    """
    search = _Search(pairs, _starts(pairs))
    n = len(pairs.known)
    for step in range(STEPS * n + MORE_STEPS):
        search.move(step, stay=max(1, n // STAY))
    best = np.argmax(search.fit, axis=1)
    network = np.arange(len(best))
    return search.fit[network, best], search.best[network, best]


def _starts(pairs: Pairs) -> np.ndarray:
    """Return cores of those with the strongest ties, a tenth to nine tenths of the people."""
    strength = pairs.values.sum(axis=1) / np.maximum(pairs.known.sum(axis=1), 1)
    place = np.argsort(np.argsort(-strength, axis=1, kind="stable"), axis=1)
    sizes = [max(1, int(share * place.shape[1])) for share in SHARES]
    return place[:, None, :] < np.array(sizes)[:, None]


class _Search:
    """Searches side by side, five a network: cores, what is within the peripheries, the best."""

    def __init__(self, pairs: Pairs, core: np.ndarray) -> None:
        self.pairs, self.core = pairs, core.copy()
        self.row = np.ogrid[: core.shape[0], : core.shape[1]]
        outside = (~core).astype(float)
        self.to_ties, self.to_number = outside @ pairs.values, outside @ pairs.known
        self.ties, self.number = (
            (each * outside).sum(axis=2) / 2 for each in (self.to_ties, self.to_number)
        )
        self.fit, self.best = _correlation(pairs, self.ties, self.number), core.copy()
        self.stays = np.zeros(core.shape, dtype=int)

    def move(self, step: int, *, stay: int) -> None:
        """Let in each search one person change sides."""
        sign = np.where(self.core, 1.0, -1.0)
        fits = _correlation(
            self.pairs,
            self.ties[..., None] + sign * self.to_ties,
            self.number[..., None] + sign * self.to_number,
        )
        free = (self.stays <= step) | (fits > self.fit[..., None] + TOLERANCE)
        person = np.where(free, fits, -np.inf).argmax(axis=2)
        at = (*self.row, person)
        self._change(person, sign[at])
        self.stays[at] = step + 1 + stay
        better = fits[at] > self.fit + TOLERANCE
        self.fit = np.where(better, fits[at], self.fit)
        self.best[better] = self.core[better]

    def _change(self, person: np.ndarray, sign: np.ndarray) -> None:
        at = (*self.row, person)
        self.ties = self.ties + sign * self.to_ties[at]
        self.number = self.number + sign * self.to_number[at]
        self.to_ties += sign[..., None] * self.pairs.values[self.row[0], person]
        self.to_number += sign[..., None] * self.pairs.known[person]
        self.core[at] = ~self.core[at]


def _correlation(pairs: Pairs, ties: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return the correlation of values with the pattern, given what is within the periphery.

    The pattern is 1 but for pairs within the periphery: `number` of them, with the sum `ties`.
    """
    product = pairs.spread * (pairs.number - number) * number
    defined = product > 0
    covariance = pairs.total * number - pairs.number * ties
    root = np.sqrt(np.where(defined, product, 1.0))
    return np.where(defined, covariance / root, -np.inf)


def continuous_fit(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Return the greatest correlation found of values with products of coreness, and the coreness.

    One a network. Coreness is not negative and has length 1. The search starts from either side of
    the first eigenvector of the values' differences from their mean, and goes up the slope.
    """
    found = [_climbed(pairs, start + START) for start in _sides(pairs)]
    fits = np.array([fit for fit, _ in found])
    best = np.argmax(fits, axis=0), np.arange(fits.shape[1])
    coreness = np.array([one for _, one in found])[best]
    return fits[best], coreness / np.linalg.norm(coreness, axis=1, keepdims=True)


def _sides(pairs: Pairs) -> list[np.ndarray]:
    """Return where the continuous search starts, one row a network in each."""
    apart = np.divide(
        pairs.values, pairs.known, out=np.zeros_like(pairs.values), where=pairs.known > 0
    )
    strength = apart.mean(axis=2)
    apart -= np.where(pairs.known > 0, pairs.total / pairs.number, 0.0)
    first = np.linalg.eigh(apart)[1][:, :, -1]
    return [
        np.maximum(first, 0.0),
        np.maximum(-first, 0.0),
        strength,
        (strength > np.median(strength, axis=1, keepdims=True)) * 1.0,
    ]


def _climbed(pairs: Pairs, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the greatest fit met by climbing from each start, one a network, and where.

    References
    ----------
    Barzilai, J., & Borwein, J. M. (1988). Two-point step size gradient methods. IMA Journal of
    Numerical Analysis, 8(1), 141-148.
    """
    best, top = np.full(len(start), -np.inf), start.copy()
    rising, values, at = np.arange(len(start)), pairs.values, start
    step = np.full(len(start), FIRST)
    fit, slope = _fit(pairs, values, at)
    for turn in range(MOST):
        better = fit > best[rising]
        best[rising[better]], top[rising[better]] = fit[better], at[better]
        goes_on = np.abs(np.maximum(at + slope, 0.0) - at).max(axis=1) > GRADIENT
        if not goes_on.any():
            break
        if not goes_on.all():
            parts = (rising, values, at, slope, step)
            rising, values, at, slope, step = (part[goes_on] for part in parts)
        went = np.maximum(at + step[:, None] * slope, 0.0) - at
        fit, steeper = _fit(pairs, values, at + went)
        at, bent, slope = at + went, slope - steeper, steeper
        step = _step(went, bent, long=turn % 2 == 0)
    return best, top


def _step(went: np.ndarray, bent: np.ndarray, *, long: bool) -> np.ndarray:
    """Return how far to go along the next slope, by how much the last step bent it."""
    both = np.abs((went * bent).sum(axis=1))
    above, below = ((went**2).sum(axis=1), both) if long else (both, (bent**2).sum(axis=1))
    step = np.divide(above, below, out=np.full(len(both), LONGEST), where=below > above / LONGEST)
    return np.asarray(step)


def _fit(pairs: Pairs, values: np.ndarray, coreness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the correlation with products of coreness, one a row, and its slopes."""
    square = coreness**2
    # One product a row: in one product of all rows, their number would decide how each is rounded,
    # and a network would not have the same fit among others as alone.
    tied = (values @ coreness[..., None])[..., 0]
    met, met_square = np.moveaxis(pairs.known[None] @ np.stack([coreness, square], axis=2), 2, 0)
    products, squares = (coreness * met).sum(axis=1) / 2, (square * met_square).sum(axis=1) / 2
    covariance = pairs.number * (coreness * tied).sum(axis=1) / 2 - pairs.total * products
    variance = pairs.number * squares - products**2
    varies = variance > TOLERANCE * pairs.number * squares
    variance = np.where(varies, variance, 1.0)[:, None]
    root = np.sqrt(pairs.spread * variance)
    correlation = covariance[:, None] / root
    steeper = pairs.number * 2 * coreness * met_square - 2 * products[:, None] * met
    slope = (pairs.number * tied - pairs.total * met) / root - correlation * steeper / (
        2 * variance
    )
    return np.where(varies, correlation[:, 0], -1.0), np.where(varies[:, None], slope, 0.0)
