"""What could have been assigned: labels of clusters, exchanged within blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import ArgumentError

__all__ = ["MOST_LISTED", "PossibleAssignments"]

MOST_LISTED = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class PossibleAssignments:
    """All assignments of a design: in each block, the labels observed there in every order.

    A complete design is one block with the labels 0 and 1, strata and pairs are several blocks,
    staggered starts and doses have more labels. An assignment never differs from the observed one
    in how often a label occurs in a block.

    Attributes
    ----------
    clusters : tuple of str
        Name of each cluster.
    blocks : ndarray of int, shape (G,)
        Block of each cluster, 0 to B - 1.
    codes : ndarray of int, shape (G,)
        Label observed in each cluster, 0 to L - 1.
    labels : ndarray, shape (L,)
        What the codes stand for, ascending.
    """

    clusters: tuple[str, ...]
    blocks: np.ndarray
    codes: np.ndarray
    labels: np.ndarray

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.clusters)

    @property
    def counts(self) -> np.ndarray:
        """How often each label occurs in each block, shape (B, L)."""
        found = np.zeros((int(self.blocks.max(initial=-1)) + 1, len(self.labels)), dtype=int)
        np.add.at(found, (self.blocks, self.codes), 1)
        return found

    @property
    def n_assignments(self) -> int:
        """Number of different assignments, exact: a product of multinomials over blocks."""
        sizes = [[int(size) for size in row] for row in self.counts]
        orders = math.prod(math.factorial(sum(row)) for row in sizes)
        return orders // math.prod(math.factorial(size) for row in sizes for size in row)

    def listed(self, start: int, stop: int) -> np.ndarray:
        """Return codes of the assignments `start` to `stop` - 1 in lexicographic order.

        Shape (stop - start, G). The first cluster counts most, the lowest label comes first.
        """
        n_assignments = self.n_assignments
        if n_assignments > MOST_LISTED:
            raise ArgumentError(
                "There are too many assignments to list",
                expected=f"at most {MOST_LISTED:,}",
                seen=f"{n_assignments:,}",
                todo="draw some of them",
            )
        ranks = np.arange(start, stop)
        spans = np.full(len(ranks), n_assignments)
        # Of each block and label: how many are still to be placed, in every assignment.
        left = np.repeat(self.counts[:, :, None], len(ranks), axis=2)
        placed = np.empty((self.n_clusters, len(ranks)), dtype=np.int16)
        for place, block in enumerate(self.blocks):
            placed[place] = _place(left[block], ranks, spans)
        return np.asarray(placed.T)

    def drawn(self, size: int, stream: np.random.Generator) -> np.ndarray:
        """Return codes of assignments drawn at random, each equally likely, shape (size, G)."""
        drawn = np.empty((size, self.n_clusters), dtype=np.int16)
        for block in range(int(self.blocks.max(initial=-1)) + 1):
            members = np.flatnonzero(self.blocks == block)
            labels = np.tile(self.codes[members].astype(np.int16), (size, 1))
            drawn[:, members] = stream.permuted(labels, axis=1)
        return drawn


def _place(left: np.ndarray, ranks: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return the label of the next cluster of a block; `left`, `ranks`, `spans` are updated.

    `spans` assignments are still possible, and of these the share left / (left in all) has a label
    next: the label is the one in whose part of the span the rank lies.
    """
    parts = spans * left // left.sum(axis=0)
    ends = np.cumsum(parts, axis=0)
    label = (ranks >= ends).sum(axis=0)
    every = np.arange(len(ranks))
    spans[:] = parts[label, every]
    ranks -= ends[label, every] - spans
    left[label, every] -= 1
    return np.asarray(label)
