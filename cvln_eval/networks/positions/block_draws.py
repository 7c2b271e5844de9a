"""Brokerage in networks drawn with the density of each two groups.

The networks of a batch stand side by side in one, without ties from one to another, so that all
their two-paths are counted at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from cvln_eval.networks.positions.roles import ROLES, open_two_paths

__all__ = ["MEASURES", "by_chance", "by_number", "with_across"]

MEASURES = (*ROLES, "across")
# Ordered pairs of the networks of a batch, about: arrays of these stay below some 30 megabytes.
BATCH = 4_000_000

# Returns which cells are tied, of draws with so many cells each of which so many are tied here.
Fill = Callable[[int, np.random.Generator, int, int], np.ndarray]


def by_chance(
    size: int,
    stream: np.random.Generator,
    group: np.ndarray,
    answered: np.ndarray,
    ties: np.ndarray,
) -> np.ndarray:
    """Return brokerage in networks whose known pairs are each tied with their block's density.

    Shape (size, 2, 7): the sum over everybody of each of `MEASURES`, and the greatest of a person.
    `ties` counts those from the group of each row to that of each column; who did not answer sends
    none.
    """
    return _drawn(size, stream, group, answered, ties, _tied_by_chance)


def by_number(
    size: int,
    stream: np.random.Generator,
    group: np.ndarray,
    answered: np.ndarray,
    ties: np.ndarray,
) -> np.ndarray:
    """Return the same of networks in which the ties of each block fall anew on its known pairs."""
    return _drawn(size, stream, group, answered, ties, _tied_in_number)


def with_across(counts: np.ndarray) -> np.ndarray:
    """Return counts of `ROLES` with those of all roles but the coordinator; the last axis grows."""
    across = counts[..., -1:] - counts[..., :1]
    return np.concatenate([counts, across], axis=-1)


def _drawn(
    size: int,
    stream: np.random.Generator,
    group: np.ndarray,
    answered: np.ndarray,
    ties: np.ndarray,
    fill: Fill,
) -> np.ndarray:
    n = len(group)
    step = max(1, BATCH // n**2)
    found = []
    for first in range(0, size, step):
        number = min(step, size - first)
        parts = [
            _block(number, stream, group, answered, (one, other), int(ties[one, other]), fill)
            for one, other in np.argwhere(ties)
        ]
        ends = tuple(np.concatenate(parts, axis=1))
        beside = sparse.csr_array((np.ones(len(ends[0])), ends), shape=(number * n, number * n))
        counts = open_two_paths(beside, np.tile(group, number)).reshape(number, n, -1)
        counts = with_across(counts)
        found.append(np.stack([counts.sum(axis=1), counts.max(axis=1)], axis=1))
    return np.concatenate(found)


def _block(
    number: int,
    stream: np.random.Generator,
    group: np.ndarray,
    answered: np.ndarray,
    block: tuple[int, int],
    tied: int,
    fill: Fill,
) -> np.ndarray:
    """Return sender and receiver of the ties from one group to another, in networks side by side.

    The cells of a draw are the known pairs: a row each who answered, a column each to be named.
    """
    senders = np.flatnonzero((group == block[0]) & answered)
    receivers = np.flatnonzero(group == block[1])
    own = block[0] == block[1]
    width = len(receivers) - own
    draw, cell = np.divmod(fill(number, stream, len(senders) * width, tied), len(senders) * width)
    row, column = np.divmod(cell, width)
    if own:  # nobody is a column of the own row
        column += column >= np.searchsorted(receivers, senders)[row]
    return np.asarray(len(group) * draw + np.array([senders[row], receivers[column]]))


def _tied_by_chance(number: int, stream: np.random.Generator, cells: int, tied: int) -> np.ndarray:
    """Return cells tied independently: so many in all by the binomial, each set as likely."""
    every = number * cells
    hits = stream.binomial(every, tied / cells)
    return np.asarray(stream.choice(every, hits, replace=False, shuffle=False))


def _tied_in_number(number: int, stream: np.random.Generator, cells: int, tied: int) -> np.ndarray:
    """Return cells of which each draw has as many tied as are here."""
    drawn = np.tile(np.arange(cells) < tied, (number, 1))
    return np.flatnonzero(stream.permuted(drawn, axis=1))
