"""How many paths that share nobody surely join two people: what spares most searches for cuts.

Let the ties have weights, and let G be the inverse of D - W, where W has the weights and D, on the
diagonal, a little more than their sums. If a set of people parts all paths from the people A to the
people B, then G[A, B] = H G[set, B], for a walk from A to B has to enter the set somewhere first (H
says where). So the rank of G[A, B] is at most the size of the set: it proves that no fewer people
part A from B, and with weights in no relation to each other it mostly is how many do.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

__all__ = ["Paths"]

# Beyond this many people the inverse takes longer than the searches that it spares.
MOST = 4_000
# What the diagonal has above the sum of its row, as a share: G is then known to twelve digits.
LEAK = 0.01
# A singular value below this share of the greatest number in G may be rounding.
ROUNDED = 1e-7
# Numbers whose ranks are taken at once: 16 megabytes.
BLOCK = 2**21
GOLDEN = (5**0.5 - 1) / 2


class Paths:
    """Ties as lists of neighbours of equal length, with the array G; see the module."""

    def __init__(self, ties: sparse.csr_array) -> None:
        n = ties.shape[0]
        self.ties, self.degree = ties, np.diff(ties.indptr)
        row = np.repeat(np.arange(n), self.degree)
        # In place of a neighbour who is not there stands somebody with noughts in G.
        self.near = np.full((n, int(self.degree.max(initial=0))), n)
        self.near[row, np.arange(len(row)) - ties.indptr[row]] = ties.indices
        self.inverse = _inverse(ties) if n <= MOST else None

    def at_least(self, source: int, sinks: np.ndarray, *, enough: int) -> np.ndarray:
        """Return for people not tied to the source how many paths surely join them, or enough."""
        found = np.asarray((self.ties[sinks] @ self.ties[[source]].T).toarray()).ravel()
        few = np.flatnonzero(found < enough)
        if self.inverse is None or not len(few):
            return found
        few = few[np.argsort(self.degree[sinks[few]], kind="stable")]
        rows = self.inverse[self.near[source, : self.degree[source]]]
        size = max(1, BLOCK // (len(rows) * self.near.shape[1]))
        for part in np.split(few, range(size, len(few), size)):
            near = self.near[sinks[part], : self.degree[sinks[part]].max()]
            values = np.linalg.svd(np.moveaxis(rows[:, near], 1, 0), compute_uv=False)
            ranks = (values > ROUNDED * self.inverse.max()).sum(axis=1)
            found[part] = np.maximum(found[part], ranks)
        return found


def _inverse(ties: sparse.csr_array) -> np.ndarray:
    """Return G, with noughts in a last column."""
    weighted = ties.copy()
    # Multiples of the golden section fall anywhere between 0 and 1, each time the same.
    weighted.data = 1 + np.modf(GOLDEN * np.arange(1, ties.nnz + 1))[0]
    dense = weighted.toarray()
    inverse = np.linalg.inv(np.diag((1 + LEAK) * dense.sum(axis=1) + LEAK) - dense)
    return np.pad(inverse, ((0, 0), (0, 1)))
