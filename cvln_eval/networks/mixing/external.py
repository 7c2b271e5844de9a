"""The E-I index: ties that leave a group against ties that stay in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.mixing.grouping import (
    Grouped,
    grouped,
    known_of_persons,
    ties_of_persons,
)
from cvln_eval.networks.mixing.indices import ALL, all_drawn, counted, index
from cvln_eval.networks.mixing.permuting import (
    EXCHANGED,
    exchangeable,
    permutation_tail,
    refuse_draws,
)
from cvln_eval.networks.mixing.words import (
    joined,
    key_of,
    named,
    no_number,
    overview,
    stacked,
    why_no_ties,
)
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["EIIndex", "ei_index"]

MEASURE = "E-I index"
NULL = "who is tied to whom does not depend on who is of which group"
ONE_GROUP = "all are of one group"
FIXED = "no permutation of the groups differs from the one that was seen"
FORCED = "sizes of groups and number of ties allow one value only"
COLUMNS = (
    "wave",
    "relation",
    "measure",
    "by",
    "group",
    "estimate",
    "n_external",
    "n_internal",
    "expected",
    "lowest",
    "highest",
    "rescaled",
    "null_mean",
    "null_low",
    "null_high",
    "p_value",
    "p_low",
    "p_high",
    "conf_level",
    "smallest_p",
    "n_draws",
    "n",
    "n_responded",
    "n_without_group",
    "method",
    "null_hypothesis",
    "reason",
)
OF_PERSONS = (
    "wave",
    "relation",
    "person_id",
    "group",
    "estimate",
    "n_external",
    "n_internal",
    "expected",
    "reason",
    "note",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class EIIndex(Result):
    """E-I indices of networks, groups and people; see `ei_index`.

    Attributes
    ----------
    table : DataFrame
        One row a network, and one a group in it.
    of_persons : DataFrame
        One row a person and network.
    by : str
        Attribute whose values are the groups.
    networks : tuple of Network
        What was looked at.
    """

    table: pd.DataFrame
    of_persons: pd.DataFrame
    by: str
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a network (`by` is "all") and one row a group in it."""
        return self.table.copy()

    def persons(self) -> pd.DataFrame:
        """Return one row a person of a group, wave and relation."""
        return self.of_persons.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, ties, draws."""
        draws = self.table.loc[self.table["by"] == ALL, "n_draws"]
        return overview(self.networks, self.by, n_draws=int(draws.max()) if len(draws) else 0)

    def sentence(self) -> str:
        """Return index, chance and test of each whole network."""
        return joined(self.table[self.table["by"] == ALL], self._said)

    def _said(self, row: pd.Series) -> str:
        if no_number(row["estimate"]):
            return f"The E-I index of {named(row)} is not available: {row['reason']}."
        ties = count(int(row["n_external"] + row["n_internal"]), "tie")
        start = (
            f"In {named(row)}, {row['n_external']:,} of {ties} left the group "
            f"({self.by}): E-I index = {number(row['estimate'])}"
        )
        if no_number(row["p_value"]):
            return f"{start}; no test: {row['reason']}."
        return (
            f"{start}, against {number(row['null_mean'])} on average with groups permuted over "
            f"people, {p_in_words(row['p_value'])} ({row['n_draws']:,} draws)."
        )


def ei_index(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    n_draws: int = 9999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> EIIndex:
    """Compare the ties that leave groups with those that stay, in all, for each group and person.

    With E external and I internal ties the index is (E - I) / (E + I): -1 where all ties stay
    within groups, 1 where all leave. For a group, or a person, E and I count ties at each of their
    ends that is there: a tie within a group has two ends in it, one that leaves has one. Sums over
    people are then those of their groups, and sums over groups twice those of the network. Ties
    sent and received count alike; a strength does not matter (see `panel.binary`).

    `expected` is the index if each known pair were equally likely to be a tie, which is not 0: in
    five groups of eight four fifths of all pairs leave a group. `lowest` and `highest` are what
    the number of ties T and the known pairs, K_E external and K_I internal, allow of the whole:

        E from max(0, T - K_I) to min(T, K_E),

    and `rescaled` maps this range to -1 to 1.

    The test permutes groups over people and keeps the network. Groups keep their sizes, however
    unequal, and the permutation is among those who answered and, apart from it, among those who did
    not, so that each group also keeps its number of answers: a group that answers less than others
    does not look as if it named others less. With c of n draws at or beyond the observed index on
    the side that has fewer, p = 2 (c + 1) / (n + 1), at most 1 and never 0; `p_low` and `p_high`
    are twice the Clopper-Pearson interval of c / n: what p with all permutations could be.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.
    by : str
        Attribute of people whose values are the groups.
    n_draws : int
        Permutations.
    conf_level : float
        Level of the Monte Carlo interval of p, and share of the permutations between `null_low`
        and `null_high`.
    rng : int or Generator
        Seed of the draws, the same for each network.

    Returns
    -------
    EIIndex
        `tidy` has a row for each network (`by` and `group` are "all"), followed by one for each of
        its groups, whose test asks if its people could be any people; `persons` has a row a person.
        People of no group are left out with their ties and counted. Over answerable pairs, of
        undirected ties those of two who answered: a tie that nobody told is not counted as absent
        in `expected`. Without ties an index is nan with
        a reason; with one group it is -1 and there is no test. Draws in which a group has no ties
        are left out of its test.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, or `n_draws` or `conf_level` is out of its range.

    Notes
    -----
    What is exact: the test, where all ways to hand out the groups among those who answered (and
    among the others) would have been equally likely. In simulated networks of 41 people in five
    unequal teams (`calibration/networks_ei.csv`) it then rejects in .04 to .05 of networks at the
    level .05, also where people differ and half of some teams do not answer; permuting over
    everybody rejects in .11, a chi-square test of ties in .13 of the latter. It is no test of
    preference alone: where the people of a large group have more ties than others, with whomever,
    more ties stay in it. The test rejected in .38 of networks whose largest team named thrice as
    often, and in .96 where it named and was named twice as often, nobody preferring their own
    team. `assortativity` allows for that.

    References
    ----------
    Krackhardt, D., & Stern, R. N. (1988). Informal networks and organizational crises: An
    experimental simulation. Social Psychology Quarterly, 51, 123-140.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9, 39.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> found = ei_index(network, n_draws=99)
    >>> found.tidy()[["group", "estimate", "n_external", "n_internal"]]
      group  estimate  n_external  n_internal
    0   all -0.333333           1           2
    1     x -0.600000           1           4
    2     y  1.000000           1           0
    """
    refuse_level(conf_level)
    refuse_draws(n_draws)
    networks = networks_of(panel)
    parts = [grouped(network.answerable(), by) for network in networks]
    rows = [_rows(groups, by, n_draws, conf_level, rng) for groups in parts]
    return EIIndex(
        table=stacked(rows, COLUMNS),
        of_persons=stacked([_persons(groups) for groups in parts], OF_PERSONS),
        by=by,
        networks=networks,
    )


def _rows(
    groups: Grouped, by: str, n_draws: int, conf_level: float, rng: int | np.random.Generator
) -> pd.DataFrame:
    network = groups.network
    table = counted(groups, by)
    drawn = all_drawn(groups, n_draws, rng)
    tests = [
        permutation_tail(observed, values, conf_level=conf_level)
        for observed, values in zip(table["estimate"], drawn.T, strict=True)
    ]
    table = pd.concat([table, pd.DataFrame(tests)], axis=1)
    return table.assign(
        wave=network.wave,
        relation=network.relation,
        measure=MEASURE,
        conf_level=conf_level,
        n_without_group=groups.n_without,
        method=f"{by} {EXCHANGED}",
        null_hypothesis=[
            NULL if row.by == ALL else f"the people of {row.group} are tied as any people are"
            for row in table.itertuples()
        ],
        reason=_reasons(table, groups),
    )


def _reasons(table: pd.DataFrame, groups: Grouped) -> list[str]:
    why = why_no_ties(groups.network)
    if not why and len(groups.names) == 1:
        why = ONE_GROUP
    if not why and not exchangeable(groups.codes, groups.network.answered):
        why = FIXED
    if why:
        return [why] * len(table)
    own = ["nobody in the group has a tie" if no_number(e) else "" for e in table["estimate"]]
    return [FORCED if no_number(table["rescaled"].iloc[0]) else "", *own[1:]]


def _persons(groups: Grouped) -> pd.DataFrame:
    network = groups.network
    ties, internal = ties_of_persons(groups)
    pairs, internal_pairs = known_of_persons(groups)
    return pd.DataFrame(
        {
            **key_of(network),
            "person_id": network.ids,
            "group": groups.names.to_numpy()[groups.codes],
            "estimate": index(ties - internal, internal),
            "n_external": ties - internal,
            "n_internal": internal,
            "expected": index(pairs - internal_pairs, internal_pairs),
            "reason": np.where(ties == 0, "no known ties", ""),
            "note": np.where(network.answered, "", "did not answer: ties as others told them"),
        }
    )
