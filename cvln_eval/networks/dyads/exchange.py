"""Which people may be exchanged, and the permutations that exchange them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from cvln_eval.networks.dyads.cells import ABSENT, Cells

__all__ = ["Exchange", "cells_after", "drawn", "exchange_of", "listed"]


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Who may take whose place.

    Attributes
    ----------
    classes : ndarray, shape (n,)
        People of one class may take each other's places.
    keeps_known : bool
        Whether each permutation takes known cells to known cells.
    """

    classes: np.ndarray
    keeps_known: bool

    @property
    def n_possible(self) -> int:
        """Number of permutations, the one that leaves everybody in place among them."""
        return math.prod(math.factorial(int(size)) for size in np.bincount(self.classes))


def exchange_of(cells: Cells) -> Exchange:
    """Return who may be exchanged: people of one block who are in the same networks.

    Where whole rows and columns are not known, as where somebody did not answer, people are
    exchanged with people of whom as much is known, so that the known cells stay where they are.
    """
    alike = [_of_blocks(row) for row in cells.blocks]
    told, whole = [], True
    for known, members in zip(_squares(cells), cells.members, strict=True):
        sends, receives = (np.asarray(known.any(axis=axis)) for axis in (1, 0))
        expected = np.outer(sends, receives) & ~np.eye(len(known), dtype=bool)
        whole &= bool((known == expected).all())
        told += [
            _placed(members, sends, len(cells.ids)),
            _placed(members, receives, len(cells.ids)),
        ]
        alike.append(_placed(members, np.ones(len(members)), len(cells.ids)))
    pattern = np.array(alike + (told if whole else []))
    classes = np.unique(pattern, axis=1, return_inverse=True)[1]
    return Exchange(classes.ravel(), whole)


def _of_blocks(blocks: np.ndarray) -> np.ndarray:
    """Return blocks as numbers; who has none is one alone, those who are absent are one."""
    alone = (blocks < 0) & (blocks != ABSENT)
    return np.where(alone, blocks.max(initial=0) + 1 + np.cumsum(alone), blocks)


def _squares(cells: Cells) -> list[np.ndarray]:
    ends = np.cumsum(np.square(cells.sizes))[:-1]
    parts = np.split(cells.known, ends)
    return [part.reshape(n, n) for part, n in zip(parts, cells.sizes, strict=True)]


def _placed(members: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    placed = np.full(n, -1)
    placed[members] = values
    return placed


def drawn(size: int, stream: np.random.Generator, classes: np.ndarray) -> np.ndarray:
    """Return random permutations within classes, shape (size, n): who comes to each place."""
    order = np.argsort(classes, kind="stable")
    found = np.empty((size, len(classes)), dtype=np.intp)
    found[:, order] = np.argsort(classes + stream.random(found.shape), axis=1)
    return found


def listed(classes: np.ndarray) -> np.ndarray:
    """Return every permutation within classes, the one that moves nobody first."""
    groups = [np.flatnonzero(classes == group) for group in np.unique(classes)]
    found = [
        np.concatenate([np.array(one, dtype=np.intp) for one in chosen])
        for chosen in product(*(permutations(group) for group in groups))
    ]
    every = np.empty((len(found), len(classes)), dtype=np.intp)
    every[:, np.concatenate(groups)] = found
    return every


def cells_after(
    moved: np.ndarray, members: tuple[np.ndarray, ...], found: np.ndarray
) -> np.ndarray:
    """Write for permutations (B, n) which cell comes to the place of each cell, shape (B, C).

    Into `found`, as new memory for each few permutations would take longer than the sums.
    """
    before = 0
    for places in members:
        n = len(places)
        own = np.empty(moved.shape[1], dtype=np.intp)
        own[places] = np.arange(n)
        local = own[moved[:, places]]
        square = found[:, before : before + n * n].reshape(len(moved), n, n)
        np.add((local * n + before)[:, :, None], local[:, None, :], out=square)
        before += n * n
    return found
