"""Who is in the networks of several waves, as what, and which ties there are: what figures draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.exhibits.mixing_words import groups_word
from cvln_eval.exhibits.wording import needed
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = [
    "ANSWERED",
    "LEFT",
    "NOT_ASKED",
    "NO_TEAM",
    "SILENT",
    "WITHIN",
    "Standing",
    "standing",
    "with_sizes",
]

ANSWERED, SILENT, LEFT, NOT_ASKED = "answered", "no answer", "left", "not asked"
WITHIN, BETWEEN = "within", "between"
NO_TEAM = "no team"
COLUMNS = (
    "wave", "relation", "person_id", "group", "presence", "in_degree", "other_person_id",
    "other_group", "pairs",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """People and ties of the waves of one relation, with one number a person for all waves.

    Attributes
    ----------
    relation : str
        The relation.
    waves : tuple of str
        In their order.
    by : str or None
        What groups people.
    ids : Index
        Everybody in any of the networks, sorted.
    home : ndarray of int
        For each of them the team they stand with: the first they were in.
    teams : tuple of str
        Names of these teams.
    people : DataFrame
        One row a person and wave: `group`, `presence` and `in_degree`; nobody before they come.
    ties : DataFrame
        One row a tie and wave.
    directed : bool
        Whether ties have a direction.
    sized : str
        Column of `people` that the size of a mark tells.
    unclear : bool
        Whether some of those without an answer may have given one that names nobody.
    """

    relation: str
    waves: tuple[str, ...]
    by: str | None
    ids: pd.Index
    home: np.ndarray
    teams: tuple[str, ...]
    people: pd.DataFrame
    ties: pd.DataFrame
    directed: bool
    sized: str = "in_degree"
    unclear: bool = False

    @property
    def n(self) -> int:
        """Number of people in any wave."""
        return len(self.ids)

    @property
    def several(self) -> bool:
        """Whether people are of several teams."""
        return self.by is not None and len(self.teams) > 1

    @property
    def words(self) -> tuple[str, str]:
        """What to call a group, and several of them."""
        return groups_word(self.by or "team_id")

    @property
    def most_ties(self) -> int:
        """Number of ties of the wave with most."""
        return int(self.ties.groupby("wave").size().max()) if len(self.ties) else 0

    def ends(self, ties: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of the people at both ends of ties."""
        first, second = ties["person_id"], ties["other_person_id"]
        return self.ids.get_indexer(pd.Index(first)), self.ids.get_indexer(pd.Index(second))


def standing(
    panel: NetworkPanel | Network, networks: Sequence[Network], by: str | None
) -> Standing:
    """Return who is in networks of one relation, and their ties."""
    groups = [_groups(network, by) for network in networks]
    ids = pd.Index(sorted({str(each) for network in networks for each in network.ids}))
    first = pd.concat(groups) if groups else pd.Series(dtype=str)
    known = first[first != NO_TEAM]
    first = known[~known.index.duplicated()].reindex(ids).fillna(NO_TEAM)
    home, teams = pd.factorize(first, sort=True)
    persons = _persons(panel, networks, groups, ids)
    ties = [_ties(one, group) for one, group in zip(networks, groups, strict=True)]
    return Standing(
        relation=networks[0].relation,
        waves=tuple(one.wave for one in networks),
        by=by,
        ids=ids,
        home=np.asarray(home),
        teams=tuple(str(team) for team in teams),
        people=persons,
        ties=pd.concat(ties, ignore_index=True),
        directed=networks[0].directed,
        unclear=isinstance(panel, NetworkPanel) and _unclear(panel, persons),
    )


def with_sizes(found: Standing, sizes: pd.DataFrame) -> Standing:
    """Return the standing with `measure` and `value` of people, which the size of a mark tells.

    Raises
    ------
    ArgumentError
        If a column is absent, a person has several values in a wave, a value is below 0, or nobody
        has one.
    """
    given = needed(sizes, ["wave", "person_id", "measure", "value"])
    given = given[["wave", "person_id", "measure", "value"]]
    twice = given.duplicated(["wave", "person_id"])
    if twice.any():
        raise ArgumentError(
            "A mark has one size",
            expected="one row a person and wave",
            seen=f"several of {shown(given.loc[twice, 'person_id'])}",
            todo="keep one measure of one relation, as in sizes[sizes['measure'] == 'total']",
        )
    people = found.people.merge(given, on=["wave", "person_id"], how="left")
    if people["value"].isna().all() or (people["value"] < 0).any():
        raise ArgumentError(
            "Marks cannot have these sizes",
            expected="values from 0 on of people of the network",
            seen=shown(people["value"].dropna()) or "none of them",
        )
    return replace(found, people=people, sized="value")


def _unclear(panel: NetworkPanel, persons: pd.DataFrame) -> bool:
    """Tell whether it is not known of somebody without an answer that they gave none."""
    key = ["wave", "relation", "person_id"]
    silent = persons.loc[persons["presence"] == SILENT, key].astype(str)
    return bool(silent.merge(panel.not_known[key].astype(str), on=key).size)


def _groups(network: Network, by: str | None) -> pd.Series:
    """Return the group of each person of a network by id."""
    if by is None:
        return pd.Series("", index=network.ids, dtype=object)
    codes, names = network.groups(by)
    labels = np.array([*names, NO_TEAM], dtype=object)
    return pd.Series(labels[codes], index=network.ids)


def _persons(
    panel: NetworkPanel | Network,
    networks: Sequence[Network],
    groups: Sequence[pd.Series],
    ids: pd.Index,
) -> pd.DataFrame:
    """Return one row a person and wave, from the wave on in which they first are in a network."""
    rows: list[dict[str, object]] = []
    before = pd.Series(dtype=object)
    for network, group in zip(networks, groups, strict=True):
        named = np.bincount(network.arcs()[1], minlength=network.n)
        named_by = dict(zip(network.ids, named, strict=True))
        told = dict(zip(network.ids, network.answered, strict=True))
        there = _roster(panel, network)
        before = pd.concat([before, group])
        before = before[~before.index.duplicated(keep="last")]
        for each in ids[ids.isin(before.index)]:
            own = {"wave": network.wave, "relation": network.relation, "person_id": each}
            gone = NOT_ASKED if each in there else LEFT
            presence = (ANSWERED if told[each] else SILENT) if each in told else gone
            degree = float(named_by.get(each, np.nan))
            rows.append(own | {"group": before[each], "presence": presence, "in_degree": degree})
    return _framed(pd.DataFrame(rows))


def _roster(panel: NetworkPanel | Network, network: Network) -> set[str]:
    if isinstance(panel, Network):
        return set()
    own = panel.roster.loc[panel.roster["wave"] == network.wave, "person_id"]
    return {str(each) for each in own}


def _ties(network: Network, group: pd.Series) -> pd.DataFrame:
    first, second = network.ids[network.sender], network.ids[network.receiver]
    one, other = group.to_numpy()[network.sender], group.to_numpy()[network.receiver]
    frame = pd.DataFrame({"person_id": first, "group": one, "other_person_id": second})
    frame = frame.assign(wave=network.wave, relation=network.relation, other_group=other)
    frame["pairs"] = np.where((one == other) & (one != NO_TEAM), WITHIN, BETWEEN)
    return _framed(frame)


def _framed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with all columns, those that the other kind of row has empty."""
    return rows.reindex(columns=list(COLUMNS))
