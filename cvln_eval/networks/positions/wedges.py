"""Sums over the third people of each tie, in blocks of rows, so that memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy import sparse

__all__ = ["at_ties"]

# Products that one block of rows makes at most, about: some 100 megabytes.
BLOCK = 4_000_000


def at_ties(
    mask: sparse.csr_array, left: sparse.csr_array, right: sparse.csr_array
) -> sparse.csr_array:
    """Return the product left @ right at the places of the mask alone, times the mask."""
    parts = [mask[rows].multiply(left[rows] @ right).tocsr() for rows in _blocks(left, right)]
    if not parts:
        return sparse.csr_array(mask.shape)
    return sparse.csr_array(sparse.vstack(parts, format="csr"))


def _blocks(left: sparse.csr_array, right: sparse.csr_array) -> Iterator[slice]:
    """Yield runs of rows whose products are few enough, at least one row each."""
    made = left.astype(bool).astype(float) @ np.diff(right.indptr).astype(float)
    place = (np.cumsum(made) // BLOCK).astype(int)
    ends = np.flatnonzero(np.diff(place)) + 1
    bounds = [0, *ends.tolist(), len(made)]
    for first, last in pairwise(bounds):
        if last > first:
            yield slice(first, last)
