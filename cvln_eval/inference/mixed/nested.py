"""Generalised cross products of a nested model, from the lowest factor up.

With V = I + Z L L' Z', what the likelihood needs are log |V| and W' V^-1 W for W = [x, y]. Where
each factor lies wholly within the next, both follow from the cross products of the rows of each
lowest group: eliminate the group's random effects (a few columns, all groups at once), add up over
the groups of the next factor, and so on. One evaluation costs as much for ten rows a person as for
two. No step conjugates or takes absolute values, so that complex steps give exact derivatives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.triangles import triangle
from cvln_eval.inference.mixed.working import Working

__all__ = ["NestedReduction", "nested_reduction"]

# Numbers of one array that is written and read several times: half a megabyte.
CACHE = 2**15


@dataclass(frozen=True, slots=True, eq=False)
class NestedReduction:
    """Cross products of the lowest groups, to be called with the random effects' covariances.

    Attributes
    ----------
    pairs : ndarray
        Products of the columns of [z of each factor, x, y], packed by their upper triangle, for
        each group of the lowest factor; shape (pairs, groups).
    size : int
        Number of columns.
    starts : tuple of ndarray
        For each factor, the place of the first group within each group of the next factor.
    """

    pairs: np.ndarray
    size: int
    starts: tuple[np.ndarray, ...]

    def __call__(self, blocks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return log |V|, shape (B,), and W' V^-1 W, shape (B, k + 1, k + 1).

        `blocks` holds a square root of each factor's relative covariance, shape (B, r, r).
        """
        log_v = np.zeros(len(blocks[0]), dtype=blocks[0].dtype)
        left, size = self.pairs[:, None, :], self.size
        for block, starts in zip(blocks, self.starts, strict=True):
            added, left = _in_parts(left, size, np.moveaxis(block, 0, -1)[..., None])
            left = np.add.reduceat(left, starts, axis=-1)
            log_v, size = log_v + added, size - block.shape[-1]
        return log_v, np.moveaxis(left[packing(size), :, 0], -1, 0)


def nested_reduction(design: MixedDesign, working: Working) -> NestedReduction:
    """Return the cross products of the lowest groups of a nested model."""
    codes = [factor.codes for factor in design.factors]
    order = np.lexsort(codes)
    columns = np.column_stack([*working.z, working.q, working.y]).T
    columns = np.ascontiguousarray(columns[:, order])
    first = [np.flatnonzero(np.diff(code[order], prepend=-1)) for code in codes]
    rows = [np.add.reduceat(own * columns[i:], first[0], axis=1) for i, own in enumerate(columns)]
    # The first row of each higher group is also the first row of one of its parts.
    inner = [np.searchsorted(low, high) for low, high in pairwise(first)]
    return NestedReduction(np.concatenate(rows), len(columns), (*inner, np.zeros(1, dtype=int)))


@cache
def packing(size: int) -> np.ndarray:
    """Return where the product of columns i and j stands in a packed upper triangle."""
    place = np.zeros((size, size), dtype=int)
    first, second = triangle(size)
    place[first, second] = place[second, first] = np.arange(len(first))
    return place


def _in_parts(left: np.ndarray, size: int, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what `_eliminated` does, for as many groups at a time as the cache holds."""
    step = max(1, CACHE // (len(left) * root.shape[2]))
    starts = range(0, left.shape[-1], step)
    parts = [_eliminated(left[..., i : i + step], size, root) for i in starts]
    added = np.sum([log_v for log_v, _ in parts], axis=0)
    return added, np.concatenate([rest for _, rest in parts], axis=-1)


def _eliminated(left: np.ndarray, size: int, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log |V| within the groups, and the products left of the other columns."""
    width = len(root)
    place = packing(size)
    rows = [_weighted(root[:, a], left[place[:width]]) for a in range(width)]
    rows = [_with_identity(row, root, a) for a, row in enumerate(rows)]
    rest, log_v = left[place[width, width] :], 0.0
    first, second = triangle(size - width)
    for a, row in enumerate(rows):
        pivot, tail = row[a], row[width:]
        for b in range(a + 1, width):
            rows[b] = rows[b] - row[b] / pivot * row
        log_v = log_v + _logarithm(pivot).sum(axis=-1)
        rest = rest - (tail / pivot)[first] * tail[second]
    return np.asarray(log_v), rest


def _weighted(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    # Half of a triangle is 0, and rows are long.
    parts = [w * row for w, row in zip(weights, rows, strict=True) if w.any()]
    total = parts[0] if parts else weights[0] * rows[0]
    for part in parts[1:]:
        total += part
    return np.asarray(total)


def _with_identity(row: np.ndarray, root: np.ndarray, a: int) -> np.ndarray:
    """Return row `a` of L'SL + I, followed by that of L'S for the other columns."""
    width = len(root)
    own = [_weighted(root[:, b], row[:width]) + (a == b) for b in range(width)]
    return np.concatenate([np.stack(own), row[width:]])


def _logarithm(pivot: np.ndarray) -> np.ndarray:
    """Return the logarithm of positive numbers, to first order in a complex step."""
    if np.iscomplexobj(pivot):
        return np.asarray(np.log(pivot.real) + 1j * (pivot.imag / pivot.real))
    return np.asarray(np.log(pivot))
