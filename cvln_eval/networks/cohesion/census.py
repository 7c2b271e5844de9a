"""Counting triples and triads of a sparse network, its memory linear in the ties."""

from __future__ import annotations

from itertools import pairwise
from math import comb

import numpy as np
from scipy import sparse

__all__ = ["TRIADS", "closed_paths", "closed_triples", "dyad_counts", "triad_counts"]

# Holland and Leinhardt's names: numbers of mutual, asymmetric and null dyads, and a letter.
TRIADS = (
    "003", "012", "102", "021D", "021U", "021C", "111D", "111U",
    "030T", "030C", "201", "120D", "120U", "120C", "210", "300",
)  # fmt: skip

# Paths of two ties that are looked at in one go: their memory is about 16 megabytes.
PATHS_AT_ONCE = 1_000_000

# How many pairs of ties at one person, as the open triads have one, each closed triad holds.
HELD = {
    "021D": {"030T": 1, "120D": 1},
    "021U": {"030T": 1, "120U": 1},
    "021C": {"030T": 1, "030C": 3, "120C": 1},
    "111D": {"120D": 2, "120C": 1, "210": 1},
    "111U": {"120U": 2, "120C": 1, "210": 1},
    "201": {"210": 1, "300": 3},
}


def closed_paths(first: sparse.csr_array, second: sparse.csr_array, third: sparse.csr_array) -> int:
    """Return how many i, j, k have i to j in the first, j to k in the second, i to k in the third.

    It is the sum over cells of (first @ second) * third, taken over so few rows at once that the
    product of a large network is never there as a whole.
    """
    per_row = first @ np.diff(second.indptr)
    parts = np.cumsum(per_row) // PATHS_AT_ONCE
    starts = np.flatnonzero(np.diff(parts, prepend=-1))
    total = 0
    for rows in pairwise([*starts, len(parts)]):
        part = slice(*rows)
        total += int(((first[part] @ second).multiply(third[part])).sum())
    return total


def closed_triples(adjacency: sparse.csr_array) -> tuple[int, int]:
    """Return how many ordered triples i to j to k of different people have i to k, and all."""
    out, received = np.diff(adjacency.indptr), adjacency.sum(axis=0)
    returned = adjacency.multiply(adjacency.T).sum()  # i to j to i is no triple
    return closed_paths(adjacency, adjacency, adjacency), int(out @ received - returned)


def dyad_counts(adjacency: sparse.csr_array) -> tuple[int, int, int]:
    """Return how many pairs are tied both ways, one way, and not."""
    n, returned = adjacency.shape[0], int(adjacency.multiply(adjacency.T).sum())
    mutual, asymmetric = returned // 2, adjacency.nnz - returned
    return mutual, asymmetric, n * (n - 1) // 2 - mutual - asymmetric


def triad_counts(adjacency: sparse.csr_array) -> dict[str, int]:
    """Return how many triads are of each of the sixteen types.

    Triads whose three pairs are all tied are counted along their paths. Two tied pairs meet in
    one person; of all such meetings those inside closed triads are taken away. What is left of
    the triads has one tied pair, or none.
    """
    mutual = adjacency.multiply(adjacency.T).tocsr()
    single = (adjacency - mutual).tocsr()
    single.eliminate_zeros()
    found = dict.fromkeys(TRIADS, 0) | _closed(single, mutual)
    for name, meetings in _meetings(single, mutual).items():
        found[name] = meetings - sum(found[one] * held for one, held in HELD[name].items())
    n = adjacency.shape[0]
    for name, digit, pairs in (("012", 1, single.nnz), ("102", 0, mutual.nnz // 2)):
        others = sum(int(one[digit]) * number for one, number in found.items() if one[2] != "2")
        found[name] = pairs * (n - 2) - others
    found["003"] = comb(n, 3) - sum(found.values())
    return found


def _closed(single: sparse.csr_array, mutual: sparse.csr_array) -> dict[str, int]:
    """Return the triads without a null pair; each product meets a triad as often as divided by."""
    back = single.T.tocsr()
    return {
        "030T": closed_paths(single, single, single),
        "030C": closed_paths(single, single, back) // 3,
        "120D": closed_paths(back, single, mutual) // 2,
        "120U": closed_paths(single, back, mutual) // 2,
        "120C": closed_paths(single, single, mutual),
        "210": closed_paths(mutual, mutual, single),
        "300": closed_paths(mutual, mutual, mutual) // 6,
    }


def _meetings(single: sparse.csr_array, mutual: sparse.csr_array) -> dict[str, int]:
    """Return the pairs of ties that meet in a person, by what they are seen from there."""
    sent, both = np.diff(single.indptr).astype(np.int64), np.diff(mutual.indptr).astype(np.int64)
    got = np.bincount(single.indices, minlength=single.shape[0])
    return {
        "021D": int((sent * (sent - 1) // 2).sum()),
        "021U": int((got * (got - 1) // 2).sum()),
        "021C": int(sent @ got),
        "111D": int(both @ got),
        "111U": int(both @ sent),
        "201": int((both * (both - 1) // 2).sum()),
    }
