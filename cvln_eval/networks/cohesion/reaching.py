"""Who reaches whom in how many steps, 64 people at once, each a bit of a word."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

__all__ = ["WORD", "pairs_by_distance", "reached_from", "spreading"]

WORD = 64


def spreading(adjacency: sparse.csr_array) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield for each 64 people whom they reach, and how many pairs that is at each distance.

    The first is a word a person, whose bit s is set if the s-th of the 64 people reaches them (as
    each reaches himself); the second starts with distance 1. All ties are walked once a step for
    64 people together, and memory is linear in ties and people.
    """
    columns = adjacency.tocsc()
    named = np.flatnonzero(np.diff(columns.indptr))
    senders, starts = columns.indices, columns.indptr[:-1][named]
    n = adjacency.shape[0]
    for first in range(0, n, WORD):
        size = min(WORD, n - first)
        seen = np.zeros(n, dtype=np.uint64)
        seen[first : first + size] = np.uint64(1) << np.arange(size, dtype=np.uint64)
        yield seen, _walk(seen, senders, starts, named)


def _walk(
    seen: np.ndarray, senders: np.ndarray, starts: np.ndarray, named: np.ndarray
) -> np.ndarray:
    """Set the bits of all who are reached, and return how many are new at each step."""
    counts: list[int] = []
    fresh = seen.copy()  # of people whom nobody names it stays, and is never news
    while len(named):
        told = np.bitwise_or.reduceat(fresh[senders], starts) & ~seen[named]
        new = int(np.bitwise_count(told).sum())
        if not new:
            break
        counts.append(new)
        seen[named] |= told
        fresh[named] = told
    return np.array(counts, dtype=np.int64)


def pairs_by_distance(adjacency: sparse.csr_array) -> np.ndarray:
    """Return how many ordered pairs are at distance 1, 2, ... up to the longest."""
    found = [counts for _, counts in spreading(adjacency)]
    pairs = np.zeros(max(map(len, found), default=0), dtype=np.int64)
    for counts in found:
        pairs[: len(counts)] += counts
    return pairs


def reached_from(adjacency: sparse.csr_array) -> np.ndarray:
    """Return the words of `spreading`, one row for each 64 people; shape (n / 64, n)."""
    words = [seen for seen, _ in spreading(adjacency)]
    return np.array(words, dtype=np.uint64).reshape(len(words), adjacency.shape[0])
