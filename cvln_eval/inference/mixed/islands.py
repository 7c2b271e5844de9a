"""Dense cross products of the parts of a model that share no row: often one team each.

Random effects of different islands are independent, so that inverses of the whole are inverses of
the islands. Islands with the same numbers of groups of each factor are stacked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from cvln_eval.inference.mixed.crossed import random_columns
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.working import Working

__all__ = ["Islands", "islands"]


@dataclass(frozen=True, slots=True, eq=False)
class Islands:
    """Islands of one shape.

    Attributes
    ----------
    counts : tuple of int
        Groups of each factor.
    columns : ndarray
        Place of each random effect among all of them, shape (islands, q).
    zz, zw : ndarray
        Z'Z, shape (islands, q, q), and Z'[x, y], shape (islands, q, k + 1).
    """

    counts: tuple[int, ...]
    columns: np.ndarray
    zz: np.ndarray
    zw: np.ndarray

    def spread(self, blocks: list[np.ndarray]) -> np.ndarray:
        """Return the matrix with a block for each group, from one block a factor."""
        pairs = zip(self.counts, blocks, strict=True)
        return np.asarray(
            sparse.block_diag([np.kron(np.eye(count), block) for count, block in pairs]).toarray()
        )


def islands(design: MixedDesign, working: Working) -> list[Islands]:
    """Return all islands, those of one shape together."""
    z = random_columns(design, working)
    zz = (z.T @ z).tocoo()
    zw = z.T @ np.column_stack([working.q, working.y])
    label, factor = _labels(design)
    order = np.lexsort((np.arange(len(label)), label))
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    place = np.empty(len(label), dtype=int)
    place[order] = np.arange(len(label)) - starts[label[order]]
    widths = np.array([part.width for part in design.factors])
    counts = np.zeros((label.max() + 1, len(widths)), dtype=int)
    np.add.at(counts, (label, factor), 1)
    shapes, shape_of = np.unique(counts // widths, axis=0, return_inverse=True)
    return [
        _stacked(tuple(int(c) for c in shape), np.flatnonzero(shape_of == i), zz, zw, label, place)
        for i, shape in enumerate(shapes)
    ]


def _labels(design: MixedDesign) -> tuple[np.ndarray, np.ndarray]:
    """Return the island and the factor of each random effect."""
    sizes = [len(factor.levels) for factor in design.factors]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    nodes = [f.codes + offset for f, offset in zip(design.factors, offsets, strict=False)]
    first = np.concatenate([nodes[0]] * len(nodes))
    graph = sparse.coo_array(
        (np.ones(len(first)), (first, np.concatenate(nodes))), shape=(offsets[-1], offsets[-1])
    )
    island = connected_components(graph, directed=False)[1]
    widths = np.repeat([factor.width for factor in design.factors], sizes)
    factor_of = np.repeat(np.arange(len(sizes)), sizes)
    return np.repeat(island, widths), np.repeat(factor_of, widths)


def _stacked(
    counts: tuple[int, ...],
    members: np.ndarray,
    zz: sparse.coo_array,
    zw: np.ndarray,
    label: np.ndarray,
    place: np.ndarray,
) -> Islands:
    rank = np.full(label.max() + 1, -1)
    rank[members] = np.arange(len(members))
    inside = np.flatnonzero(rank[label] >= 0)
    size = len(inside) // len(members)
    columns = np.empty((len(members), size), dtype=int)
    columns[rank[label[inside]], place[inside]] = inside
    row, column = zz.coords
    own = rank[label[row]] >= 0
    dense = np.zeros((len(members), size, size))
    dense[rank[label[row[own]]], place[row[own]], place[column[own]]] = zz.data[own]
    return Islands(counts, columns, dense, zw[columns])
