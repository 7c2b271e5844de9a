"""Networks that chance could have made with the same ties, or the same degrees."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.positions.fitting import continuous_fit, discrete_fit, known_pairs

__all__ = ["rewired_fits", "shuffled_fits"]

# Attempts of each draw to exchange two ties, a tie: several times what forgets the start.
ATTEMPTS = 10


def shuffled_fits(
    size: int, stream: np.random.Generator, matrix: np.ndarray, directed: bool
) -> np.ndarray:
    """Return both fits of networks whose known pairs got each other's values; shape (size, 2)."""
    known = ~np.isnan(matrix) if directed else np.triu(~np.isnan(matrix))
    sender, receiver = np.nonzero(known)
    values, drawn = matrix[known], matrix.copy()
    fits = np.empty((size, 2))
    for draw in range(size):
        drawn[sender, receiver] = stream.permutation(values)
        if not directed:
            drawn[receiver, sender] = drawn[sender, receiver]
        fits[draw] = _fits(drawn)
    return fits


def rewired_fits(
    size: int, stream: np.random.Generator, matrix: np.ndarray, directed: bool
) -> np.ndarray:
    """Return both fits of networks in which everybody kept his ties' number; shape (size, 2)."""
    tied = matrix > 0 if directed else np.triu(matrix > 0)
    ends = np.argwhere(tied)
    strength = matrix[tied]
    fits = np.empty((size, 2))
    blank = np.where(np.isnan(matrix), np.nan, 0.0)
    for draw, (sender, receiver) in enumerate(_rewired(size, stream, matrix, ends, directed)):
        drawn = blank.copy()
        drawn[sender, receiver] = strength
        if not directed:
            drawn[receiver, sender] = strength
        fits[draw] = _fits(drawn)
    return fits


def _fits(matrix: np.ndarray) -> tuple[float, float]:
    pairs = known_pairs(matrix)
    return discrete_fit(pairs)[0], continuous_fit(pairs)[0]


def _rewired(
    size: int, stream: np.random.Generator, matrix: np.ndarray, ends: np.ndarray, directed: bool
) -> np.ndarray:
    """Return ends of ties after exchanges of receivers, all draws at once; (size, 2, ties).

    Ties a -> b and c -> e become a -> e and c -> b where both are known not to be ties; else
    nothing changes, which keeps all networks of these degrees equally likely.
    """
    number, draw = len(ends), np.arange(size)
    ties = np.tile(ends.T, (size, 1, 1))
    free = np.tile(matrix == 0, (size, 1, 1))
    for _ in range(ATTEMPTS * number):
        one, two = stream.integers(number, size=(2, size))
        a, b = ties[draw, 0, one], ties[draw, 1, one]
        c, e = ties[draw, 0, two], ties[draw, 1, two]
        if not directed:
            # Either end of an undirected tie can be its sender.
            turned = stream.random(size) < 0.5
            c, e = np.where(turned, e, c), np.where(turned, c, e)
        may = free[draw, a, e] & free[draw, c, b]
        kept, a, b, c, e, one, two = (each[may] for each in (draw, a, b, c, e, one, two))
        for first, second, is_free in ((a, b, True), (c, e, True), (a, e, False), (c, b, False)):
            free[kept, first, second] = is_free
            if not directed:
                free[kept, second, first] = is_free
        ties[kept, 1, one], ties[kept, 0, two], ties[kept, 1, two] = e, c, b
    return ties
