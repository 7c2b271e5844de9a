"""The cells of one network or several, side by side: outcome, terms, and what of them is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.dyads.kinds import Setting, Term, Tie
from cvln_eval.networks.panel import Network

__all__ = ["ABSENT", "Cells", "cells_of"]

# The block, in one network, of all who are in others alone: there they have no place to change.
ABSENT = -2
# What a pair was before that the process cannot change: a tie does not form where there is one.
NOT_AT_RISK = {"": np.nan, "formation": 1.0, "persistence": 0.0}


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """All n x n cells of each network, row by row, one network after the other.

    Attributes
    ----------
    networks : tuple of Network
        Whose ties are explained.
    ids : Index
        Everybody who is in one of them.
    members : tuple of ndarray
        For each network its people, as places in `ids`.
    blocks : ndarray, shape (networks, people)
        Block of each person, -1 where they have none, `ABSENT` where they are not in the network.
    labels : tuple of str
        Names of the terms, with their waves.
    outcome : ndarray, shape (C,)
        Ties.
    terms : ndarray, shape (K, C)
        Terms.
    told : ndarray of bool, shape (C,)
        Cells of two people whose terms are all known.
    known : ndarray of bool, shape (C,)
        Those of them whose outcome is known too; those of an undirected network twice.
    at_risk : ndarray of bool, shape (C,)
        Cells that the process can change: where ties form, those without a tie before.
    process : str
        "formation" or "persistence" of ties, "" where each tie counts.
    """

    networks: tuple[Network, ...]
    ids: pd.Index
    members: tuple[np.ndarray, ...]
    blocks: np.ndarray
    labels: tuple[str, ...]
    outcome: np.ndarray
    terms: np.ndarray
    told: np.ndarray
    known: np.ndarray
    at_risk: np.ndarray
    process: str = ""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of people of each network."""
        return tuple(len(members) for members in self.members)

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Sender and receiver of each cell, as places in `ids`."""
        senders = [np.repeat(members, len(members)) for members in self.members]
        receivers = [np.tile(members, len(members)) for members in self.members]
        return np.concatenate(senders), np.concatenate(receivers)

    @property
    def persons(self) -> np.ndarray:
        """People of the cells that count, as places in `ids`."""
        return np.unique(np.concatenate([end[self.used] for end in self.ends]))

    @property
    def layer(self) -> np.ndarray:
        """Number of the network of each cell."""
        return np.repeat(np.arange(len(self.sizes)), np.square(self.sizes))

    @property
    def pairs(self) -> np.ndarray:
        """Cells of two people, of an undirected network each pair once."""
        directed = np.array([network.directed for network in self.networks])[self.layer]
        sender, receiver = self.ends
        return np.asarray((sender < receiver) | (directed & (sender > receiver)))

    @property
    def used(self) -> np.ndarray:
        """Cells that count: the known ones at risk, of an undirected network each pair once."""
        return np.asarray(self.known & self.at_risk & self.pairs)


def cells_of(
    settings: Sequence[Setting],
    terms: Mapping[str, Term],
    *,
    valued: bool,
    blocks: str | None,
    process: str = "",
) -> Cells:
    """Return the cells of networks to be taken together, each with its setting.

    Raises
    ------
    ArgumentError
        If a term cannot be looked up, or is not symmetric where ties have no direction.
    """
    networks = tuple(setting.network for setting in settings)
    ids = networks[0].ids
    for network in networks[1:]:
        ids = ids.union(network.ids)
    members = tuple(ids.get_indexer(network.ids) for network in networks)
    outcome = [network.matrix(valued=valued).ravel() for network in networks]
    values = np.concatenate([_values(setting, terms) for setting in settings], axis=1)
    joined = np.concatenate(outcome)
    told = np.isfinite(values).all(axis=0) & np.concatenate([_two_people(one) for one in networks])
    before = np.concatenate([_before(setting, process) for setting in settings])
    known = np.isfinite(joined) & np.isfinite(before) & told
    return Cells(
        networks=networks,
        ids=ids,
        members=members,
        blocks=_blocks(networks, members, len(ids), blocks),
        labels=tuple(_label(name, term, settings) for name, term in terms.items()),
        outcome=np.where(known, joined, 0.0),
        terms=np.where(told, values, 0.0),
        told=told,
        known=known,
        at_risk=before != NOT_AT_RISK[process],
        process=process,
    )


def _two_people(network: Network) -> np.ndarray:
    return ~np.eye(network.n, dtype=bool).ravel()


def _before(setting: Setting, process: str) -> np.ndarray:
    """Return whether there was a tie in the wave before, nan where it is not known."""
    if not process:
        return np.zeros(setting.network.n**2)
    return Tie(setting.network.relation, None, valued=False).values(setting).ravel()


def _values(setting: Setting, terms: Mapping[str, Term]) -> np.ndarray:
    """Return the terms of one network's cells, shape (K, n * n)."""
    found = [(name, term.values(setting)) for name, term in terms.items()]
    lopsided = [name for name, value in found if not np.array_equal(value, value.T, equal_nan=True)]
    if lopsided and not setting.network.directed:
        raise ArgumentError(
            "Ties without direction cannot be explained by a term that has one",
            expected="terms whose matrices are symmetric",
            seen=shown(lopsided),
            todo="use `panel.symmetrised(rule=...)` for all networks",
        )
    return np.array([value.ravel() for _, value in found])


def _label(name: str, term: Term, settings: Sequence[Setting]) -> str:
    """Return the name of a term with its wave or waves, unless it says it already."""
    if (
        getattr(term, "wave", None) is not None
        and name == f"{term.name} ({term.wave_in(settings[0])})"
    ):
        return name
    waves = dict.fromkeys(term.wave_in(setting) for setting in settings)
    told = ", ".join(wave for wave in waves if wave)
    return f"{name} ({told})" if told else name


def _blocks(
    networks: Sequence[Network], members: Sequence[np.ndarray], n: int, by: str | None
) -> np.ndarray:
    blocks = np.zeros((len(networks), n), dtype=np.intp)
    if by is None:
        return blocks
    for row, (network, places) in enumerate(zip(networks, members, strict=True)):
        row_blocks = np.full(n, ABSENT)
        row_blocks[places] = network.groups(by)[0]
        blocks[row] = row_blocks
    return blocks
