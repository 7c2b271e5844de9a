"""The people of one network whose values are all known, and the blocks they are in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.panel import Network

__all__ = ["Sample", "block_codes", "within"]

# What is left of a column within blocks and is a smaller share of it than this is rounding.
CONSTANT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Outcome and blocks of the people who count in one network."""

    rows: np.ndarray
    y: np.ndarray
    blocks: np.ndarray
    n_left_out: int

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.rows)

    @property
    def n_blocks(self) -> int:
        """Number of blocks, 1 where people are exchanged among all."""
        return len(np.unique(self.blocks))


def block_codes(network: Network, blocks: str | None) -> np.ndarray:
    """Return the block of each person, -1 for none; all are in one where none are named."""
    if blocks is None:
        return np.zeros(network.n, dtype=int)
    return np.asarray(network.groups(blocks)[0])


def within(values: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return values, shape (n,) or (n, k), minus their means within blocks."""
    left = np.array(values, dtype=float)
    for block in np.unique(blocks):
        members = blocks == block
        left[members] -= left[members].mean(axis=0)
    size = np.abs(values).max(axis=0, initial=0.0)
    return np.where(np.abs(left).max(axis=0, initial=0.0) <= CONSTANT * size, 0.0, left)
