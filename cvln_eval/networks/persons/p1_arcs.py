"""Which arcs the p1 model leaves open: those whose ends named some and not all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["OpenArcs", "open_arcs"]


@dataclass(frozen=True, slots=True, eq=False)
class OpenArcs:
    """The arcs of a network that have a finite logit.

    Who names nobody has alpha = -inf, so that none of his arcs can be there; who names all has
    +inf. Such arcs are certain and tell nothing, which may leave others certain in turn.

    Attributes
    ----------
    arcs : ndarray of float, shape (n, n)
        1 where there is an arc.
    is_open : ndarray of bool, shape (n, n)
        Arcs that are not certain.
    """

    arcs: np.ndarray
    is_open: np.ndarray

    @property
    def senders(self) -> np.ndarray:
        """Who has an open arc to send, shape (n,)."""
        return np.asarray(self.is_open.any(axis=1))

    @property
    def receivers(self) -> np.ndarray:
        """Who has an open arc to receive, shape (n,)."""
        return np.asarray(self.is_open.any(axis=0))

    @property
    def certain_back(self) -> np.ndarray:
        """Arcs whose reverse is certain to be there, shape (n, n): reciprocity adds to these."""
        return np.asarray((~self.is_open & (self.arcs == 1)).T)


def open_arcs(arcs: np.ndarray) -> OpenArcs:
    """Return the open arcs of an adjacency matrix of 0 and 1."""
    is_open = ~np.eye(len(arcs), dtype=bool)
    while True:
        left = is_open & ~_certain(arcs, is_open)[:, None] & ~_certain(arcs.T, is_open.T)[None, :]
        if (left == is_open).all():
            return OpenArcs(arcs, is_open)
        is_open = left


def _certain(arcs: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """Return the rows whose open arcs are all there or all not."""
    there = (arcs * is_open).sum(axis=1)
    return np.asarray((there == 0) | (there == is_open.sum(axis=1)))
