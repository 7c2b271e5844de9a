"""Networks of several waves and relations over a roster that changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.panel.network import Network
from cvln_eval.networks.panel.symmetric import symmetrised
from cvln_eval.results import Result, count, proportion

__all__ = ["NetworkPanel", "networks_of", "panel_of"]

ROSTER = ("wave", "person_id", "team_id")
TIES = ("wave", "relation", "sender_id", "receiver_id", "strength")
APART = ("self_ties", "outside_ties", "outside_respondents", "weak_ties", "not_known")
NOT_ASKED = "not asked in this wave"
NOBODY = "nobody answered"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NetworkPanel(Result):
    """Networks of waves and relations, who was there and who answered, and what was kept apart.

    Attributes
    ----------
    networks : tuple of Network
        In the order of the waves, then of the relations' names.
    waves, relations : tuple of str
        Waves in their order, relations sorted.
    roster : DataFrame
        One row a person and wave: all who were there, asked or not.
    self_ties : DataFrame
        Rows by which people named themselves; no part of the networks.
    outside_ties : DataFrame
        Rows with an end that is no part of the network, with the `reason`.
    outside_respondents : DataFrame
        Respondents who are not on the roster of the wave; no part of the networks.
    weak_ties : DataFrame
        Rows whose strength is 0 or below the threshold; they are no ties.
    not_known : DataFrame
        People of whom it is not known whether they answered: `wave`, `relation`, `person_id`.
    """

    networks: tuple[Network, ...]
    waves: tuple[str, ...]
    relations: tuple[str, ...]
    roster: pd.DataFrame
    self_ties: pd.DataFrame
    outside_ties: pd.DataFrame
    outside_respondents: pd.DataFrame
    weak_ties: pd.DataFrame
    not_known: pd.DataFrame

    def __iter__(self) -> Iterator[Network]:
        return iter(self.networks)

    def network(self, *, wave: str, relation: str) -> Network:
        """Return one network.

        Raises
        ------
        ArgumentError
            If the relation was not asked in the wave.
        """
        for network in self.networks:
            if (network.wave, network.relation) == (str(wave), str(relation)):
                return network
        raise ArgumentError(
            "The panel has no such network",
            expected=shown(f"{network.relation} in {network.wave}" for network in self.networks),
            seen=f"{relation} in {wave}",
        )

    def only(
        self, *, waves: Sequence[str] | None = None, relations: Sequence[str] | None = None
    ) -> Self:
        """Return the panel of some waves and relations, in the panel's order.

        Raises
        ------
        ArgumentError
            If the panel has no such wave or relation.
        """
        waves = _chosen(waves, self.waves, "wave")
        relations = _chosen(relations, self.relations, "relation")
        kept = {name: _of(getattr(self, name), waves, relations) for name in ("roster", *APART)}
        networks = [one for one in self if one.wave in waves and one.relation in relations]
        return replace(self, networks=tuple(networks), waves=waves, relations=relations, **kept)

    def mapped(self, change: Callable[[Network], Network]) -> Self:
        """Return the panel whose networks are what `change` makes of each."""
        return replace(self, networks=tuple(change(network) for network in self))

    def symmetrised(self, *, rule: str) -> Self:
        """Return the panel of undirected networks; see `symmetrised`."""
        return self.mapped(lambda network: symmetrised(network, rule=rule))

    def binary(self, threshold: float | None = None) -> Self:
        """Return the panel of networks whose ties are all 1: those this strong, or all."""
        return self.mapped(lambda network: network.binary(threshold))

    def dyads(self, *, wave: str, relation: str) -> pd.DataFrame:
        """Return one row an ordered pair of people on the wave's roster, with what its `dyad` is.

        It is "tie", "no tie", "not answered" (both are in the network, but it is not known)
        or "not asked" (one was not asked about the relation). `strength` is 0 where there is no
        tie, nan where it is not known. Of an undirected network both orders are there.
        """
        network = self.network(wave=wave, relation=relation)
        names = pd.Index(self.roster.loc[self.roster["wave"] == wave, "person_id"]).sort_values()
        first, second = (place.ravel() for place in np.indices((len(names), len(names))))
        first, second = first[(others := first != second)], second[others]
        place = network.ids.get_indexer(names)
        asked = (place[first] >= 0) & (place[second] >= 0)
        strength = np.full(len(first), np.nan)
        ends = place[first[asked]], place[second[asked]]
        strength[asked] = network.matrix()[ends]
        tied = np.zeros(len(first), dtype=bool)
        tied[asked] = network.matrix(valued=False)[ends] == 1
        state = np.select(
            [~asked, tied, strength == 0], ["not asked", "tie", "no tie"], "not answered"
        )
        return pd.DataFrame(
            {
                "wave": wave,
                "relation": relation,
                "sender_id": names[first],
                "receiver_id": names[second],
                "dyad": state,
                "strength": strength,
            }
        )

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave and relation: who was there, asked, answered; what pairs are."""
        pairs = [(wave, relation) for wave in self.waves for relation in self.relations]
        columns = list(self._row("", ""))
        return pd.DataFrame([self._row(*pair) for pair in pairs], columns=columns)

    def _row(self, wave: str, relation: str) -> dict[str, object]:
        found = [one for one in self if (one.wave, one.relation) == (wave, relation)]
        n_roster = int((self.roster["wave"] == wave).sum())
        apart = {
            "n_answer_unclear": self.not_known,
            "n_self": self.self_ties,
            "n_outside": self.outside_ties,
            "n_respondents_outside": self.outside_respondents,
            "n_weak": self.weak_ties,
        }
        return (
            {"wave": wave, "relation": relation, "n_roster": n_roster}
            | _counted(found[0] if found else None, n_roster)
            | {name: len(_of(table, (wave,), (relation,))) for name, table in apart.items()}
            | {"reason": NOT_ASKED if not found else "" if found[0].answered.any() else NOBODY}
        )

    def glance(self) -> pd.DataFrame:
        """Return one row: waves, relations, networks, people, ties, response rates' range."""
        rates = [float(one.answered.mean()) for one in self if one.n]
        row = {
            "n_waves": len(self.waves),
            "n_relations": len(self.relations),
            "n_networks": len(self.networks),
            "n_persons": int(self.roster["person_id"].nunique()),
            "n_ties": sum(one.n_ties for one in self),
            "n_self": len(self.self_ties),
            "n_outside": len(self.outside_ties),
            "n_respondents_outside": len(self.outside_respondents),
            "response_rate_min": min(rates, default=np.nan),
            "response_rate_max": max(rates, default=np.nan),
            "reason": "" if self.networks else "there are no networks",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        row = self.glance().iloc[0]
        low, high = (proportion(row[f"response_rate_{end}"]) for end in ("min", "max"))
        rates = low if low == high else f"{low} to {high}"
        answers = f"of those asked {rates} answered"
        if pd.isna(row["response_rate_min"]):
            answers = "nobody was asked"
        return (
            f"{count(row['n_networks'], 'network')} "
            f"({count(row['n_waves'], 'wave')}, {count(row['n_relations'], 'relation')}) of "
            f"{count(row['n_persons'], 'person', 'people')} "
            f"{'holds' if row['n_networks'] == 1 else 'hold'} {count(row['n_ties'], 'tie')}; "
            f"{answers}. Kept apart: {_apart(row)}."
        )


def _apart(row: pd.Series) -> str:
    """Return what was kept apart; respondents outside only if there are any."""
    own = count(row["n_self"], "self-nomination")
    ties = f"{count(row['n_outside'], 'tie')} with people outside"
    strangers = int(row["n_respondents_outside"])
    if not strangers:
        return f"{own} and {ties}"
    return f"{own}, {ties} and {count(strangers, 'answer')} of people on no roster"


def _counted(network: Network | None, n_roster: int) -> dict[str, object]:
    n = answered = ties = arcs = known = 0
    if network is not None:
        n, answered = network.n, int(network.answered.sum())
        ties, arcs = network.n_ties, len(network.arcs()[0])
        known = network.n_dyads() * (1 if network.directed else 2)
    return {
        "n_asked": n,
        "n_responded": answered,
        "response_rate": answered / n if n else np.nan,
        "n_ties": ties,
        "n_pairs_tie": arcs,
        "n_pairs_no_tie": known - arcs,
        "n_pairs_not_answered": n * (n - 1) - known,
        "n_pairs_not_asked": n_roster * (n_roster - 1) - n * (n - 1),
    }


def _chosen(wanted: Sequence[str] | None, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    if wanted is None:
        return known
    one = isinstance(wanted, str) or not isinstance(wanted, Iterable)
    listed = [str(each) for each in ([wanted] if one else wanted)]
    strange = [one for one in listed if one not in known]
    if strange:
        raise ArgumentError(
            f"The panel has no such {what}", expected=f"some of {shown(known)}", seen=shown(strange)
        )
    return tuple(one for one in known if one in listed)


def _of(table: pd.DataFrame, waves: Sequence[str], relations: Sequence[str]) -> pd.DataFrame:
    kept = table["wave"].isin(waves)
    if "relation" in table:
        kept &= table["relation"].isin(relations)
    return table[kept].reset_index(drop=True)


def networks_of(panel: NetworkPanel | Network) -> tuple[Network, ...]:
    """Return the networks of a panel, or the one network that was given.

    Parameters
    ----------
    panel : NetworkPanel or Network
        What the functions of this room take first.

    Returns
    -------
    tuple of Network
        In the order of the panel.

    Raises
    ------
    ArgumentError
        If it is neither.
    """
    if isinstance(panel, Network):
        return (panel,)
    if not isinstance(panel, NetworkPanel):
        raise ArgumentError(
            "This is no network",
            expected="a NetworkPanel, as `network_panel` makes it, or one Network",
            seen=f"a value of type {type(panel).__name__}",
        )
    return panel.networks


def panel_of(networks: Iterable[Network]) -> NetworkPanel:
    """Return the panel of networks made elsewhere, waves in the order in which they come.

    Parameters
    ----------
    networks : iterable of Network
        Each of its own wave and relation.

    Returns
    -------
    NetworkPanel
        Its roster are the people of the networks; nothing was kept apart.

    Raises
    ------
    ArgumentError
        If there is none, one of them is no network, or two are of the same wave and relation.
    """
    listed = list(networks) if isinstance(networks, Iterable) else [networks]
    listed = [one for each in listed for one in networks_of(each)]
    keys = [(one.wave, one.relation) for one in listed]
    if len(set(keys)) < len(keys) or not keys:
        raise ArgumentError(
            "A panel needs networks, each of its own wave and relation",
            seen=shown(key for key in keys if keys.count(key) > 1) if keys else "none",
        )
    waves = tuple(dict.fromkeys(wave for wave, _ in keys))
    persons = [one.people.assign(wave=one.wave) for one in listed]
    none = pd.DataFrame(columns=TIES)
    return NetworkPanel(
        networks=tuple(sorted(listed, key=lambda one: (waves.index(one.wave), one.relation))),
        waves=waves,
        relations=tuple(sorted({relation for _, relation in keys})),
        roster=pd.concat(persons).drop_duplicates(["wave", "person_id"]).reset_index(drop=True),
        self_ties=none,
        outside_ties=none.assign(reason=""),
        outside_respondents=pd.DataFrame(columns=["wave", "relation", "person_id", "responded"]),
        weak_ties=none,
        not_known=pd.DataFrame(columns=["wave", "relation", "person_id"]),
    )
