"""People put into teams of the same sizes at random, or in every way where these are few."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from cvln_eval.resampling import generator

__all__ = ["assignments", "count_assignments"]

MOST_CELLS = 1_000_000


def count_assignments(sizes: Sequence[int] | np.ndarray) -> int:
    """Return in how many ways people go into named teams of these sizes."""
    ways, left = 1, int(np.sum(sizes))
    for size in map(int, sizes):
        ways *= math.comb(left, size)
        left -= size
    return ways


def assignments(
    sizes: np.ndarray, *, n_draws: int, n_columns: int, rng: int | np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield orders of people, shape (draws, people): all there are, if no more than `n_draws`."""
    if count_assignments(sizes) <= n_draws:
        people = tuple(range(int(sizes.sum())))
        yield np.array(list(_every(people, [int(size) for size in sizes])))
        return
    stream, n = generator(rng), int(sizes.sum())
    step = max(1, MOST_CELLS // (n * n_columns))
    for start in range(0, n_draws, step):
        rows = min(step, n_draws - start)
        yield stream.permuted(np.tile(np.arange(n), (rows, 1)), axis=1)


def _every(people: tuple[int, ...], sizes: list[int]) -> Iterator[tuple[int, ...]]:
    if not sizes:
        yield ()
        return
    for members in combinations(people, sizes[0]):
        others = tuple(person for person in people if person not in members)
        for rest in _every(others, sizes[1:]):
            yield members + rest
