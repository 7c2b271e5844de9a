"""Networks of one relation side by side: who is in all of them, and which pairs are known in all.

A pair is at risk of a change only where it is known in both waves whether it was tied. Pairs of
people are numbered `first * n + second`, so that ties of several waves are compared as sorted
numbers and memory stays linear in the ties.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.panel import Network

__all__ = ["Together", "distinct", "together"]


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """People who are in each of some networks of one relation.

    Attributes
    ----------
    networks : tuple of Network
        The networks, in the order of waves.
    ids : Index
        Who is in all of them, sorted.
    rows : ndarray, shape (waves, people)
        The row of each of these people in each network.
    """

    networks: tuple[Network, ...]
    ids: pd.Index
    rows: np.ndarray

    @property
    def n(self) -> int:
        """Number of people in all networks."""
        return len(self.ids)

    @property
    def directed(self) -> bool:
        """Whether ties have a direction."""
        return self.networks[0].directed

    @property
    def answered(self) -> np.ndarray:
        """Who answered in which wave, shape (waves, people)."""
        told = [one.answered[rows] for one, rows in zip(self.networks, self.rows, strict=True)]
        return np.asarray(np.array(told, dtype=bool).reshape(len(self.networks), self.n))

    @property
    def always(self) -> np.ndarray:
        """Who answered in each of the waves."""
        return np.asarray(self.answered.all(axis=0))

    def known(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return for pairs of these people whether it is known in every wave if they are tied."""
        found = np.ones(len(first), dtype=bool)
        for network, rows in zip(self.networks, self.rows, strict=True):
            found &= network.known(rows[first], rows[second])
        return found

    def named(self, wave: int) -> np.ndarray:
        """Return the ties of one wave among these people as sorted numbers of pairs."""
        network = self.networks[wave]
        place = np.full(network.n, -1, dtype=np.int64)
        place[self.rows[wave]] = np.arange(self.n)
        first, second = place[network.sender], place[network.receiver]
        inside = (first >= 0) & (second >= 0)
        return np.sort(first[inside] * self.n + second[inside])

    def ties(self, wave: int) -> np.ndarray:
        """Return the ties of one wave of which it is known in every wave if they are there."""
        pairs = self.named(wave)
        return np.asarray(pairs[self.known(*self.ends(pairs))])

    def ends(self, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the people at both ends of numbered pairs."""
        first, second = np.divmod(pairs, max(self.n, 1))
        return first, second

    def codes(self, by: str | None) -> np.ndarray:
        """Return the group of each person in the first of the networks; -1 where there is none.

        Without `by` all are of one group.
        """
        if by is None:
            return np.zeros(self.n, dtype=np.int64)
        return np.asarray(self.networks[0].groups(by)[0][self.rows[0]])

    def among(self, chosen: np.ndarray) -> Together:
        """Return the same networks with some of these people alone."""
        return replace(self, ids=self.ids[chosen], rows=self.rows[:, chosen])

    def n_pairs(self, codes: np.ndarray) -> tuple[int, int]:
        """Return the pairs known in all waves among people with a group, and within groups.

        Ordered pairs where ties have a direction, unordered ones otherwise.
        """
        within, across = self.pairs_by_group(codes)
        return int(within.sum() + across.sum() // 2), int(within.sum())

    def pairs_by_group(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return for each group the pairs known in all waves within it, and with one end in it."""
        kinds, kind = np.unique(self.answered, axis=1, return_inverse=True)
        known = _by_rule(self.networks[0].rule, kinds[:, :, None], kinds[:, None, :]).all(axis=0)
        grouped = codes >= 0
        counts = np.zeros((int(codes.max(initial=-1)) + 1, kinds.shape[1]), dtype=np.int64)
        np.add.at(counts, (codes[grouped], kind.ravel()[grouped]), 1)
        rest = counts.sum(axis=0) - counts
        to_all = counts @ known
        within = (to_all * counts).sum(axis=1) - counts @ np.diag(known)
        across = (to_all * rest).sum(axis=1) + ((rest @ known) * counts).sum(axis=1)
        if not self.directed:
            within, across = within // 2, across // 2
        return self._with_exceptions(codes, within, across)

    def _with_exceptions(
        self, codes: np.ndarray, within: np.ndarray, across: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        pairs, step = self.exceptions()
        ends = np.array([codes[end] for end in self.ends(pairs)]).reshape(2, -1)
        grouped, same = (ends >= 0).all(axis=0), ends[0] == ends[1]
        np.add.at(within, ends[0, grouped & same], step[grouped & same])
        for end in ends[:, grouped & ~same]:
            np.add.at(across, end, step[grouped & ~same])
        return within, across

    def exceptions(self) -> tuple[np.ndarray, np.ndarray]:
        """Return pairs known against the rule of who answered (1) or not known despite it (-1).

        Only undirected networks have some: ties that one end named while the other was silent.
        """
        if self.directed:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        claimed = [
            _numbered(self.rows[wave], network.claimed, network.n)
            for wave, network in enumerate(self.networks)
        ]
        pairs = distinct(*map(self.named, range(len(self.networks))), *claimed)
        first, second = self.ends(pairs)
        told = self.answered
        by_rule = _by_rule(self.networks[0].rule, told[:, first], told[:, second]).all(axis=0)
        step = self.known(first, second).astype(np.int64) - by_rule
        return pairs[step != 0], step[step != 0]


def distinct(*numbers: np.ndarray) -> np.ndarray:
    """Return the numbers of all arrays, sorted, each once.

    By sorting: the hash table by which `np.unique` finds distinct integers in numpy 2.3 and later
    takes many times as long on numbers of pairs.

    Examples
    --------
    >>> distinct(np.array([3, 1]), np.array([2, 3]))
    array([1, 2, 3])
    """
    ordered = np.sort(np.concatenate(numbers))
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[first])


def _numbered(rows: np.ndarray, pairs: np.ndarray, n: int) -> np.ndarray:
    """Return pairs of rows of one network as numbers of pairs of the people in all."""
    place = np.full(n, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    ends = place[pairs]
    kept = np.sort(ends[:, (ends >= 0).all(axis=0)], axis=0)
    return np.asarray(kept[0] * len(rows) + kept[1])


def _by_rule(rule: str, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return whether a pair is known from who of the two answered alone."""
    if rule == "either":
        return np.asarray(first & second)
    both = np.asarray(first | second)
    return both if rule == "both" else np.broadcast_to(first, both.shape)


def together(networks: tuple[Network, ...]) -> Together:
    """Return the people who are in each of some networks of one relation.

    Raises
    ------
    ArgumentError
        If ties of the networks are not the same thing: directed in one and not in another, of
        another threshold or rule.
    """
    meant = [(one.directed, one.rule, one.threshold) for one in networks]
    if len(set(meant)) > 1:
        raise ArgumentError(
            "Ties of these waves are not of one kind, so that they cannot be compared",
            expected="waves of the same direction, rule and threshold",
            seen=shown(
                f"{one.relation} in {one.wave}: {'directed' if way else 'undirected'}, "
                f"rule {rule}, threshold {least}"
                for one, (way, rule, least) in zip(networks, meant, strict=True)
            ),
            todo="make all waves alike, with `panel.binary(...)` or `panel.symmetrised(...)`",
        )
    ids = networks[0].ids
    for network in networks[1:]:
        ids = ids[ids.isin(network.ids)]
    rows = np.array([one.ids.get_indexer(ids) for one in networks], dtype=np.intp)
    return Together(networks, ids, rows.reshape(len(networks), len(ids)))
