"""Shortest paths of all people at once: how far, to how many, and through whom.

Brandes' accumulation, one level of the search for a block of starts at a time: each level is a
product of the sparse ties with a dense block, so that time goes to arithmetic, not to loops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

__all__ = ["Paths", "shortest_paths"]

# Cells of a dense block of people by starts: 16 megabytes.
BLOCK = 2**21


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Sums over shortest paths, one value a person; see `shortest_paths`.

    Attributes
    ----------
    through : ndarray
        Betweenness: over ordered pairs of others, the share of shortest paths that pass here.
    far_out, near_out, reached_out : ndarray
        Sum of distances to those reached, sum of their inverses, number reached.
    far_in, near_in, reached_in : ndarray
        The same from those who reach the person.
    """

    through: np.ndarray
    far_out: np.ndarray
    near_out: np.ndarray
    reached_out: np.ndarray
    far_in: np.ndarray
    near_in: np.ndarray
    reached_in: np.ndarray


def shortest_paths(ties: sparse.csr_array) -> Paths:
    """Return betweenness and sums of distances of everybody; each tie is one step.

    References
    ----------
    Brandes, U. (2001). A faster algorithm for betweenness centrality. Journal of Mathematical
    Sociology, 25(2), 163-177.
    """
    n = ties.shape[0]
    sums = [np.zeros(n) for _ in range(7)]
    forward = ties.T.tocsr()
    width = max(1, BLOCK // max(n, 1))
    for first in range(0, n, width):
        starts = np.arange(first, min(first + width, n))
        distance, ways = _searched(forward, starts)
        sums[0] += _passed(ties, distance, ways)
        reached = distance > 0
        far = np.where(reached, distance, 0.0)
        near = np.divide(1.0, far, out=np.zeros_like(far), where=reached)
        for place, block in enumerate((far, near, reached), start=1):
            sums[place][starts] = block.sum(axis=0)
            sums[place + 3] += block.sum(axis=1)
    return Paths(*sums)


def _searched(forward: sparse.csr_array, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return distances (-1 where not reached) and numbers of shortest paths, people by starts."""
    shape = (forward.shape[0], len(starts))
    distance, ways = np.full(shape, -1), np.zeros(shape)
    front = np.zeros(shape)
    front[starts, np.arange(len(starts))] = 1.0
    level = 0
    while front.any():
        distance[front > 0] = level
        ways += front
        front = forward @ front
        front[distance >= 0] = 0.0
        level += 1
    return distance, ways


def _passed(ties: sparse.csr_array, distance: np.ndarray, ways: np.ndarray) -> np.ndarray:
    """Return for each person how much of the starts' shortest paths passes them."""
    passed = np.zeros_like(ways)
    # The last step back leads to people next to a start: nothing passes the start itself.
    for level in range(int(distance.max(initial=0)), 1, -1):
        share = np.divide(1.0 + passed, ways, out=np.zeros_like(ways), where=distance == level)
        passed += np.where(distance == level - 1, ways * (ties @ share), 0.0)
    return np.asarray(passed.sum(axis=1))
