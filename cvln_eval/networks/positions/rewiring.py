"""Networks that chance could have made with the same ties, or the same degrees."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.positions.fitting import continuous_fit, discrete_fit, known_pairs

__all__ = ["rewired_fits", "shuffled_fits"]

# Attempts of each draw to exchange two ties, a tie: several times what forgets the start.
ATTEMPTS = 10
# Cells of the networks that are searched side by side: 16 megabytes.
BLOCK = 2**21


def shuffled_fits(
    size: int, stream: np.random.Generator, matrix: np.ndarray, directed: bool
) -> np.ndarray:
    """Return both fits of networks whose known pairs got each other's values; shape (size, 2)."""
    ends = np.argwhere(~np.isnan(matrix) if directed else np.triu(~np.isnan(matrix))).T
    values = matrix[*ends]
    fits = [
        _fits(matrix, ends[None], np.array([stream.permutation(values) for _ in draws]), directed)
        for draws in _blocks(size, matrix)
    ]
    return np.concatenate(fits)


def rewired_fits(
    size: int, stream: np.random.Generator, matrix: np.ndarray, directed: bool
) -> np.ndarray:
    """Return both fits of networks in which everybody kept his ties' number; shape (size, 2)."""
    tied = matrix > 0 if directed else np.triu(matrix > 0)
    blank = np.where(np.isnan(matrix), np.nan, 0.0)
    ends = _rewired(size, stream, matrix, np.argwhere(tied), directed)
    strength = matrix[tied][None]
    fits = [
        _fits(blank, ends[draws.start : draws.stop], strength, directed)
        for draws in _blocks(size, matrix)
    ]
    return np.concatenate(fits)


def _blocks(size: int, matrix: np.ndarray) -> list[range]:
    """Return the draws in runs whose networks are not large together."""
    width = max(1, BLOCK // matrix.size)
    return [range(first, min(first + width, size)) for first in range(0, size, width)]


def _fits(matrix: np.ndarray, ends: np.ndarray, values: np.ndarray, directed: bool) -> np.ndarray:
    """Return both fits of networks that have these values at these pairs, one a row."""
    number = max(len(ends), len(values))
    drawn, network = np.repeat(matrix[None], number, axis=0), np.arange(number)[:, None]
    drawn[network, ends[:, 0], ends[:, 1]] = values
    if not directed:
        drawn[network, ends[:, 1], ends[:, 0]] = values
    pairs = known_pairs(drawn)
    return np.column_stack([discrete_fit(pairs)[0], continuous_fit(pairs)[0]])


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
