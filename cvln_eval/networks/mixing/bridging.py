"""Ties between groups: who carries them, and which groups they join."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.mixing.grouping import Grouped, grouped, ties_of_persons
from cvln_eval.networks.mixing.words import joined, key_of, named, overview, stacked
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, count, proportion

__all__ = ["Bridges", "bridges"]

NO_BRIDGES = "there are no ties between groups"
NO_TIES = "there are no ties between the two"
OF_PERSONS = (
    "wave",
    "relation",
    "person_id",
    "group",
    "n_ties",
    "n_external",
    "share_carried",
    "n_groups_reached",
    "n_groups_alone",
    "reason",
    "note",
)
OF_PAIRS = (
    "wave",
    "relation",
    "group",
    "other_group",
    "n_ties",
    "n_persons",
    "share_carried_max",
    "reason",
)
OF_NETWORKS = (
    "wave",
    "relation",
    "n",
    "n_responded",
    "n_without_group",
    "n_ties",
    "n_external",
    "n_persons",
    "n_group_pairs",
    "n_group_pairs_tied",
    "n_group_pairs_alone",
    "share_carried_max",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Bridges(Result):
    """Ties between groups; see `bridges`.

    Attributes
    ----------
    of_persons, of_pairs, of_networks : DataFrame
        One row a person, a pair of groups, a network.
    by : str
        Attribute whose values are the groups.
    networks : tuple of Network
        What was looked at.
    """

    of_persons: pd.DataFrame
    of_pairs: pd.DataFrame
    of_networks: pd.DataFrame
    by: str
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and person: ties between groups that they carry."""
        return self.of_persons.copy()

    def pairs(self) -> pd.DataFrame:
        """Return one row a network and pair of groups: the ties that join them and who has them."""
        return self.of_pairs.copy()

    def whole(self) -> pd.DataFrame:
        """Return one row a network: ties between groups, people who carry them, pairs joined."""
        return self.of_networks.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, ties, those between groups."""
        external = int(self.of_networks["n_external"].sum()) if self.networks else 0
        return overview(self.networks, self.by, n_external=external)

    def sentence(self) -> str:
        """Return for each network how many ties join groups, who carries them, and which."""
        return joined(self.of_networks, self._said)

    def _said(self, row: pd.Series) -> str:
        ties, external = count(int(row["n_ties"]), "tie"), int(row["n_external"])
        if row["reason"]:
            return f"In {named(row)}, none of {ties} was between groups ({self.by})."
        was = "was" if external == 1 else "were"
        carriers = count(int(row["n_persons"]), "person", "people")
        alone = int(row["n_group_pairs_alone"])
        hang = f"; {count(alone, 'pair')} hung on one person" if alone else ""
        return (
            f"In {named(row)}, {external:,} of {ties} {was} between groups ({self.by}), "
            f"carried by {carriers}, and joined {row['n_group_pairs_tied']:,} of "
            f"{count(int(row['n_group_pairs']), 'pair')} of groups{hang}. Without the one who "
            f"carried most, {proportion(row['share_carried_max'])} of them would be gone."
        )


def bridges(panel: NetworkPanel | Network, *, by: str = "team_id") -> Bridges:
    """Tell which ties are between groups, who carries them, and what would be lost without them.

    A tie between groups is carried by both of its ends. `share_carried` of a person is the share of
    all ties between groups that end there, and so the share that would be lost without the person;
    these shares add up to 2, as each tie has two ends. `n_groups_alone` counts the other groups
    that all ties from the person's group to them (either way) end at this person.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.
    by : str
        Attribute of people whose values are the groups.

    Returns
    -------
    Bridges
        `tidy` has everybody of a group, with 0 for those who carry nothing; `pairs` every pair of
        groups, both directions together; `whole` a row a network. Known ties alone count: what
        people who did not answer would have named is missing, and a share is one of known ties.
        Without ties between groups the shares are nan with a reason.

    Raises
    ------
    ArgumentError
        If `by` is no attribute.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 2, 3]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> bridges(network).tidy()[["person_id", "n_external", "share_carried", "n_groups_alone"]]
      person_id  n_external  share_carried  n_groups_alone
    0         a           2            1.0               1
    1         b           0            0.0               0
    2         c           1            0.5               0
    3         d           1            0.5               0
    """
    networks = networks_of(panel)
    found = [_tables(grouped(network, by)) for network in networks]
    persons, pairs, wholes = zip(*found, strict=True) if found else ((), (), ())
    return Bridges(
        of_persons=stacked(list(persons), OF_PERSONS),
        of_pairs=stacked(list(pairs), OF_PAIRS),
        of_networks=stacked(list(wholes), OF_NETWORKS),
        by=by,
        networks=networks,
    )


def _tables(groups: Grouped) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    carried = _carried(groups)
    persons, pairs = _persons(groups, carried), _pairs(groups, carried)
    return persons, pairs, _whole(groups, persons, pairs)


def _carried(groups: Grouped) -> pd.DataFrame:
    """Return one row a person and other group they are tied to: the ties, and those of the pair."""
    outside = ~groups.same
    ends = groups.network.sender[outside], groups.network.receiver[outside]
    rows = pd.DataFrame({"person": np.concatenate(ends), "other": np.concatenate(ends[::-1])})
    rows["to"] = groups.codes[rows["other"]]
    carried = rows.groupby(["person", "to"]).size().rename("n").reset_index()
    own = groups.codes[carried["person"]]
    carried["low"], carried["high"] = np.sort([own, carried["to"]], axis=0)
    # Both ends of a tie are in the same pair of groups, which so counts each tie twice.
    carried["n_pair"] = carried.groupby(["low", "high"])["n"].transform("sum") // 2
    return carried


def _persons(groups: Grouped, carried: pd.DataFrame) -> pd.DataFrame:
    network = groups.network
    ties, internal = ties_of_persons(groups)
    external = ties - internal
    total = external.sum() / 2
    alone = carried["person"][carried["n"] == carried["n_pair"]]
    return pd.DataFrame(
        {
            **key_of(network),
            "person_id": network.ids,
            "group": groups.names.to_numpy()[groups.codes],
            "n_ties": ties,
            "n_external": external,
            "share_carried": external / total if total else np.nan,
            "n_groups_reached": np.bincount(carried["person"], minlength=network.n),
            "n_groups_alone": np.bincount(alone, minlength=network.n),
            "reason": "" if total else NO_BRIDGES,
            "note": np.where(network.answered, "", "did not answer: ties as others told them"),
        }
    )


def _pairs(groups: Grouped, carried: pd.DataFrame) -> pd.DataFrame:
    size = len(groups.names)
    first, second = np.triu_indices(size, 1)
    by_pair = carried.groupby(["low", "high"])
    found = pd.DataFrame(
        {
            "n_ties": by_pair["n_pair"].first(),
            "n_persons": by_pair.size(),
            "most": by_pair["n"].max(),
        }
    ).reindex(pd.MultiIndex.from_arrays([first, second]), fill_value=0)
    ties = found["n_ties"].to_numpy()
    most = found["most"].to_numpy(dtype=float)
    names = groups.names.to_numpy()
    return pd.DataFrame(
        {
            **key_of(groups.network),
            "group": names[first],
            "other_group": names[second],
            "n_ties": ties,
            "n_persons": found["n_persons"].to_numpy(),
            "share_carried_max": np.divide(
                most, ties, out=np.full(len(ties), np.nan), where=ties > 0
            ),
            "reason": np.where(ties > 0, "", NO_TIES),
        }
    )


def _whole(groups: Grouped, persons: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    network = groups.network
    row = {
        **key_of(network),
        "n": network.n,
        "n_responded": int(network.answered.sum()),
        "n_without_group": groups.n_without,
        "n_ties": network.n_ties,
        "n_external": int((~groups.same).sum()),
        "n_persons": int((persons["n_external"] > 0).sum()),
        "n_group_pairs": len(pairs),
        "n_group_pairs_tied": int((pairs["n_ties"] > 0).sum()),
        "n_group_pairs_alone": int((pairs["share_carried_max"] == 1).sum()),
        "share_carried_max": float(persons["share_carried"].max()) if len(persons) else np.nan,
    }
    reason = "" if row["n_external"] else NO_BRIDGES
    return pd.DataFrame([row | {"reason": reason}])
