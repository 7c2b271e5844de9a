"""Attendance redrawn with everybody's number of sessions and every session's headcount kept."""

from __future__ import annotations

import numpy as np

__all__ = ["redrawn", "traded"]

# Rounds of trades from one table to the next; in each round nearly everybody trades once.
N_ROUNDS = 20


def redrawn(
    came: np.ndarray, could: np.ndarray, stream: np.random.Generator, size: int
) -> np.ndarray:
    """Return tables with the same margins, each so many rounds of trades away from this one.

    Parameters
    ----------
    came, could : ndarray of bool, shape (n, m)
        Who came, and who could have.
    stream : Generator
        Source of chance.
    size : int
        Number of tables.

    Returns
    -------
    ndarray of bool, shape (size, n, m)
    """
    tables = np.repeat(came[None], size, axis=0)
    for _ in range(N_ROUNDS):
        traded(tables, could, stream)
    return tables


def traded(tables: np.ndarray, could: np.ndarray, stream: np.random.Generator) -> None:
    """Pair people at random and let each pair share out anew, in place, where only one came.

    The sessions at which one of the two was and both could have been are dealt out at random,
    each keeping the number he had. Every way to deal has the same chance, so that the trade of a
    pair leads from a table to another as readily as back, and so does a round of them.
    """
    size, n, m = tables.shape
    if n < 2 or not m:
        return
    order = stream.permuted(np.tile(np.arange(n), (size, 1)), axis=1)
    half = n // 2
    first, second = order[:, :half], order[:, half : 2 * half]
    draw = np.arange(size)[:, None]
    mine, other = tables[draw, first], tables[draw, second]
    free = (mine ^ other) & could[first] & could[second]
    dealt = _dealt(free, (mine & free).sum(axis=-1), stream)
    tables[draw, first] = np.where(free, dealt, mine)
    tables[draw, second] = np.where(free, ~dealt, other)


def _dealt(free: np.ndarray, wanted: np.ndarray, stream: np.random.Generator) -> np.ndarray:
    """Return, of the places that are free along the last axis, as many at random as wanted."""
    m = free.shape[-1]
    bits = np.uint64(max(m - 1, 1).bit_length())
    keys = stream.integers(0, 1 << 63, size=free.shape, dtype=np.uint64)
    # The place stands in the last bits, so that no two keys are alike and the number is exact.
    keys = (keys >> bits << bits) | np.arange(m, dtype=np.uint64)
    keys[~free] = np.iinfo(np.uint64).max
    last = np.take_along_axis(np.sort(keys, axis=-1), np.maximum(wanted - 1, 0)[..., None], -1)
    return np.asarray(free & (keys <= last) & (wanted > 0)[..., None])
