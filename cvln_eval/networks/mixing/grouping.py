"""The people of a network who are of a group, and how often their ties and known pairs stay in it.

Everything here is linear in people and ties but `known_blocks` and `tie_blocks`, which have a cell
a pair of groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network

__all__ = [
    "Grouped",
    "grouped",
    "internal_known",
    "known_blocks",
    "known_of_persons",
    "tie_blocks",
    "ties_of_persons",
]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """A network of people each of whom is of a group.

    Attributes
    ----------
    network : Network
        Without those who are of no group.
    codes : ndarray
        For each person the number of their group.
    names : Index
        Names of the groups, sorted.
    n_without : int
        People left out because they are of no group.
    """

    network: Network
    codes: np.ndarray
    names: pd.Index
    n_without: int

    @property
    def same(self) -> np.ndarray:
        """Return of each tie whether its ends are of one group."""
        return np.asarray(self.codes[self.network.sender] == self.codes[self.network.receiver])


def grouped(network: Network, by: str) -> Grouped:
    """Return the network of those who are of a group.

    To count known pairs, give `network.answerable()`: of undirected ties those of two who answered.

    Raises
    ------
    ArgumentError
        If `by` is no column of the people.
    """
    codes, names = network.groups(by)
    inside = codes >= 0
    kept = network if inside.all() else network.among(network.ids[inside])
    return Grouped(kept, codes[inside], names, int((~inside).sum()))


def ties_of_persons(groups: Grouped) -> tuple[np.ndarray, np.ndarray]:
    """Return for each person how many ties end at them, and how many of these stay in the group."""
    network, same = groups.network, groups.same
    ends = np.concatenate([network.sender, network.receiver])
    inside = np.concatenate([network.sender[same], network.receiver[same]])
    return np.bincount(ends, minlength=network.n), np.bincount(inside, minlength=network.n)


def known_of_persons(groups: Grouped) -> tuple[np.ndarray, np.ndarray]:
    """Return for each person how many known pairs end at them, and how many in their group."""
    network, codes = groups.network, groups.codes
    answered = network.answered.astype(np.int64)
    found = []
    for of in (np.zeros_like(codes), codes):
        number = np.bincount(of)[of]
        answers = np.bincount(of, answered).astype(np.int64)[of]
        told = answered * (number - 1) + answers - answered
        found.append(told if network.directed else answered * (answers - 1))
    return found[0], found[1]


def internal_known(groups: Grouped) -> int:
    """Return the number of known pairs whose two people are of one group."""
    return int(known_of_persons(groups)[1].sum()) // 2


def tie_blocks(groups: Grouped) -> np.ndarray:
    """Return the ties from the group of each row to that of each column.

    Of an undirected network a tie stands in both cells of its two groups, and once on the diagonal.
    """
    network, n_groups = groups.network, len(groups.names)
    cells = groups.codes[network.sender] * n_groups + groups.codes[network.receiver]
    counts = np.bincount(cells, minlength=n_groups**2).reshape(n_groups, n_groups)
    return counts if network.directed else counts + counts.T - np.diag(counts.diagonal())


def known_blocks(groups: Grouped) -> np.ndarray:
    """Return the known pairs in the cells of `tie_blocks`."""
    network, n_groups = groups.network, len(groups.names)
    number = np.bincount(groups.codes, minlength=n_groups)
    answers = np.bincount(groups.codes[network.answered], minlength=n_groups)
    if network.directed:
        return np.asarray(np.outer(answers, number) - np.diag(answers))
    pairs = np.outer(answers, answers) - np.diag(answers)
    return np.asarray(pairs - np.diag(pairs.diagonal() // 2))
