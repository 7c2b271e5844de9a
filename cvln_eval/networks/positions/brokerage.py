"""Who joins two worlds: brokerage between groups, by role, beside what chance would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.positions.chance import Expected, expected_roles
from cvln_eval.networks.positions.roles import ROLES, open_two_paths
from cvln_eval.networks.positions.wording import (
    DID_NOT_ANSWER,
    NOBODY_ANSWERED,
    labelled,
    networks_in_words,
    stacked,
)
from cvln_eval.results import Result, count, number

__all__ = ["Brokerage", "brokerage"]

VALUES = ("measure", "value", "expected", "std_error_null", "z")
COLUMNS = ("wave", "relation", "person_id", "group", *VALUES, "n_not_answered", "method", "reason")
WHOLE = ("wave", "relation", *VALUES, "n", "n_ties", "n_groups", "n_without_group")
WHOLE_COLUMNS = (*WHOLE, "n_not_answered", "method", "reason")
METHOD = (
    "Gould-Fernandez roles; standardised by the exact mean and variance if ties were independent, "
    "each with the chance that the known pairs are tied"
)
NO_GROUP = "in no group"
NOT_KNOWN = "not known"
UNDIRECTED = "ties have no direction, for which there is no expectation"
NO_SPREAD = "chance leaves the role no room"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Brokerage(Result):
    """Gould-Fernandez brokerage of people and of whole networks; see `brokerage`.

    Attributes
    ----------
    people : DataFrame
        One row a network, person and role.
    whole : DataFrame
        One row a network and role: the sum over everybody.
    by : str
        The column that says who is of one group.
    """

    people: pd.DataFrame
    whole: pd.DataFrame
    by: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a network, person and role; those of whole networks are in `whole`."""
        return self.people.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, values, how many of these cannot be had."""
        row = {
            "n_networks": len(self.whole[["wave", "relation"]].drop_duplicates()),
            "n_persons": int(self.people["person_id"].nunique()),
            "by": self.by,
            "n": len(self.people),
            "n_not_known": int(self.people["value"].isna().sum()),
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        if self.whole.empty:
            return "There are no people whose brokerage could be told."
        where = networks_in_words(self.whole)
        sums = self.whole.groupby("measure", sort=False)["value"].sum(min_count=1)
        parts = [f"{role} {number(float(sums[role]), 0)}" for role in ROLES[:-1]]
        return (
            f"Open two-paths {where} by the {self.by} of their three people: {', '.join(parts)}, "
            f"{number(float(sums['total']), 0)} in all{_most(self.people)}."
        )


def _most(people: pd.DataFrame) -> str:
    """Return who brokers more often than chance by 1.96 standard errors, if it is one network."""
    if len(people[["wave", "relation"]].drop_duplicates()) != 1:
        return ""
    rows = people[(people["measure"] == "total") & people["z"].notna()]
    if rows.empty:
        return ""
    above = int((rows["z"] > 1.96).sum())
    return (
        f"; {count(above, 'person brokers', 'people broker')} more than 1.96 standard errors above "
        f"what independent ties of this density give, of {len(rows):,}"
    )


def brokerage(panel: NetworkPanel | Network, *, by: str = "team_id") -> Brokerage:
    """Count how often each person stands between two others, by the groups of the three.

    Person j brokers from i to k where i -> j and j -> k are ties and i -> k is none: as coordinator
    if all are of one group, consultant (itinerant broker) if i and k are of one group and j of
    another, gatekeeper if j and k are, representative if i and j are, liaison if all three differ.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Strengths do not count. An undirected tie counts in both directions, so that each two-path
        counts twice.
    by : str
        Column of the people that says who is of one group.

    Returns
    -------
    Brokerage
        `value` is the count, `expected` and `std_error_null` its mean and standard error if ties
        were independent with the density of the known pairs, `z` their standardised
        difference (no test: ties are not independent). Who did not answer has nan,
        for whom they name is not known; two-paths from them are not seen and not expected, so that
        for others the standardised values stand (everything else of a two-path is known, as its
        first person answered). People of no group are left out and have nan. Undirected
        networks have counts, in which pairs that are not known count as without tie, but no
        expectation. Where chance leaves a role no room (no ties, all ties, groups too small) the
        standardised value is nan. A network of nobody has no rows.

    Raises
    ------
    ArgumentError
        If people have no column `by`.

    References
    ----------
    Gould, R. V., & Fernandez, R. M. (1989). Structures of mediation: A formal approach to brokerage
    in transaction networks. Sociological Methodology, 19, 89-126.

    Notes
    -----
    Agrees with `sna::brokerage(g, cl)` in the counts, in all moments of each person, and of whole
    networks in the means and in the standard errors of consultant and liaison. The other standard
    errors of whole networks are a little larger in sna 2.7, which leaves out that triples exclude
    each other if a leg of one would close the other; those here are what all networks of four
    people give.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"], "team_id": ["x", "x", "y"]})
    >>> path = Network("1", "advice", people, sender=np.array([0, 1]), receiver=np.array([1, 2]),
    ...                strength=np.ones(2), answered=np.ones(3, bool))
    >>> table = brokerage(path).tidy()
    >>> table.loc[table["value"] == 1, ["person_id", "measure"]].to_numpy().tolist()
    [['b', 'representative'], ['b', 'total']]
    """
    found = [_of_one(network, by) for network in networks_of(panel)]
    return Brokerage(
        people=stacked((people for people, _ in found), COLUMNS),
        whole=stacked((whole for _, whole in found), WHOLE_COLUMNS),
        by=by,
    )


def _of_one(network: Network, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes, names = network.groups(by)
    inside = codes >= 0
    grouped = network if inside.all() else network.among(network.ids[inside])
    values = open_two_paths(grouped.adjacency(), codes[inside])
    chance = _chance(grouped, codes[inside])
    group = np.array([*names, NOT_KNOWN], dtype=object)[codes]
    people = _people(network, inside, group, values, chance)
    whole = _whole(grouped, values, chance).assign(
        n_groups=len(names), n_without_group=int((~inside).sum())
    )
    silent = int((~network.answered).sum())
    people, whole = (
        labelled(network, _standardised(part, network).assign(n_not_answered=silent, method=METHOD))
        for part in (people, whole)
    )
    return people, whole


def _chance(network: Network, group: np.ndarray) -> Expected:
    """Return what independent ties of this density give, nan where no pair is known."""
    pairs = network.n_dyads()
    density = network.n_ties / pairs if pairs and network.directed else np.nan
    return expected_roles(group, network.answered, density)


def _people(
    network: Network, inside: np.ndarray, group: np.ndarray, values: np.ndarray, chance: Expected
) -> pd.DataFrame:
    reason = np.where(inside, np.where(network.answered, "", DID_NOT_ANSWER), NO_GROUP)
    table = pd.DataFrame(
        {
            "person_id": np.repeat(network.ids, len(ROLES)),
            "group": np.repeat(group, len(ROLES)),
            "measure": np.tile(ROLES, network.n),
            "reason": np.repeat(reason, len(ROLES)),
        }
    )
    for name, found in zip(VALUES[1:4], (values, chance.person, chance.person_error), strict=True):
        everybody = np.full((network.n, len(ROLES)), np.nan)
        everybody[inside] = found
        table[name] = np.where(table["reason"] == "", everybody.ravel(), np.nan)
    return table


def _whole(network: Network, values: np.ndarray, chance: Expected) -> pd.DataFrame:
    told = network.answered.any()
    return pd.DataFrame(
        {
            "measure": ROLES,
            "value": values.sum(axis=0) if told else np.nan,
            "expected": chance.whole,
            "std_error_null": chance.whole_error,
            "n": network.n,
            "n_ties": network.n_ties,
            "reason": "" if told else NOBODY_ANSWERED,
        }
    )


def _standardised(table: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Return the table with the standardised values, and why there are none."""
    error = table["std_error_null"].where(table["std_error_null"] > 0)
    z = (table["value"] - table["expected"]) / error
    lacking = UNDIRECTED if not network.directed else NO_SPREAD
    blank = (table["reason"] == "") & z.isna()
    return table.assign(z=z, reason=table["reason"].mask(blank, lacking))
