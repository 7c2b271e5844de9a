"""Whether there is more brokerage, or a busier broker, than the densities of groups give."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.mixing.grouping import Grouped, grouped, known_blocks, tie_blocks
from cvln_eval.networks.mixing.permuting import null_range, permutation_tail, refuse_draws
from cvln_eval.networks.mixing.words import joined, named, no_number
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.positions.block_draws import MEASURES, by_chance, by_number, with_across
from cvln_eval.networks.positions.roles import ROLES, open_two_paths
from cvln_eval.networks.positions.wording import NOBODY_ANSWERED, labelled, stacked
from cvln_eval.resampling import counted_p, resample
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["BrokerageChance", "brokerage_chance"]

P = ("p_value", "p_low", "p_high", "smallest_p")
SIZE = ("conf_level", "n_draws", "n", "n_ties", "n_groups", "n_without_group", "n_not_answered")
WORDS = ("method", "null_hypothesis", "reason")
RANGE = ("null_low", "null_high")
COLUMNS = ("wave", "relation", "measure", "value", "null_mean", *RANGE, *P, *SIZE, *WORDS)
BUSIEST = ("wave", "relation", "measure", "person_id", "n_busiest", "value")
BUSIEST_COLUMNS = (*BUSIEST, "null_median", *RANGE, *P, "n_persons", *SIZE, *WORDS)
NULL = (
    "ties are independent, with one chance for each group and those it names: people of a group "
    "are all alike"
)
METHODS = {
    "density": "each known pair tied with the density of its two groups",
    "number": "the ties of each two groups put anew on their known pairs",
}
TASKS = {"density": by_chance, "number": by_number}
UNDIRECTED = "ties have no direction, for which nothing is drawn"
NOT_LEFT_OPEN = "each two groups are tied wholly or not at all, which leaves nothing to chance"
NOBODY_JOINS = "nobody joins two others so"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class BrokerageChance(Result):
    """Brokerage beside that of networks as dense within and between groups; see `brokerage_chance`.

    Attributes
    ----------
    roles : DataFrame
        What `tidy` returns.
    busiest : DataFrame
        One row a network and measure: who has most of it, beside the busiest of each draw.
    by : str
        The column that says who is of one group.
    """

    roles: pd.DataFrame
    busiest: pd.DataFrame
    by: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and measure, the sum over everybody; see also `busiest`."""
        return self.roles.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, sums, how many have no null, draws."""
        row = {
            "n_networks": len(self.roles[["wave", "relation"]].drop_duplicates()),
            "by": self.by,
            "n": len(self.roles),
            "n_not_known": int(self.roles["null_mean"].isna().sum()),
            "n_draws": int(self.roles["n_draws"].max()) if len(self.roles) else 0,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return for each network how many roles lie out of their range, and the busiest person."""
        return joined(self.busiest[self.busiest["measure"] == "across"], self._said)

    def _said(self, row: pd.Series) -> str:
        where = named(row)
        if no_number(row["null_median"]):
            return f"Brokerage in {where} cannot be held against chance: {row['reason']}."
        alike = (self.roles[["wave", "relation"]] == row[["wave", "relation"]]).all(axis=1)
        roles = self.roles[alike & self.roles["measure"].isin(ROLES[:-1])]
        out = int((~roles["value"].between(roles["null_low"], roles["null_high"])).sum())
        return (
            f"In {where}, {out} of {len(roles)} roles {'lies' if out == 1 else 'lie'} outside of "
            f"the middle {level_in_words(row['conf_level'])} of "
            f"{count(row['n_draws'], 'network')} drawn ({row['method']}, groups by "
            f"{self.by}); {_busiest_said(row)}."
        )


def _busiest_said(row: pd.Series) -> str:
    if no_number(row["p_value"]):
        return "nobody joins people across groups"
    others = row["n_busiest"] - 1
    who = f"{row['person_id']} and {count(others, 'other')}" if others else row["person_id"]
    each = " each" if others else ""
    return (
        f"{who} joined most pairs across groups, {number(row['value'], 0)}{each}, where the "
        f"busiest of a drawn network joined {number(row['null_median'], 0)} at the median "
        f"({p_in_words(row['p_value'])}; {count(row['n_persons'], 'person', 'people')} looked at)"
    )


def brokerage_chance(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    keeping: str = "number",
    n_draws: int = 499,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> BrokerageChance:
    """Hold brokerage against networks drawn with the densities within and between groups.

    `brokerage` expects ties without regard to groups. Here the pairs from group g to group h are a
    block, with T_gh ties on K_gh known pairs; networks are drawn with as many ties in each block,
    in which who did not answer names nobody, and roles are counted in each of them. The measures
    are those of `brokerage`, and "across": total minus coordinator, all pairs joined whose three
    people are not of one group.

    The busiest person is held against the busiest of each draw, whoever that is, so that p takes
    account of how many people were looked at: p = (c + 1) / (n + 1), where in c of n draws somebody
    joins as many pairs or more. Of a role's sum p is two-sided, twice that of the rarer side.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Strengths do not count.
    by : str
        Column of the people that says who is of one group.
    keeping : str
        "number": each block has exactly as many ties as are here, on other pairs. "density": each
        known pair is tied by itself with the density of its block, which is lenient (see Notes).
    n_draws : int
        Networks drawn.
    conf_level : float
        Share of the draws between `null_low` and `null_high`, and level of the Monte Carlo interval
        `p_low` to `p_high`.
    rng : int or Generator
        Seed of the draws, the same for each network.

    Returns
    -------
    BrokerageChance
        `tidy` and `busiest` have seven rows a network. People of no group are left out. In
        `busiest`, `person_id` is the first by id of `n_busiest` who have as much, and `n_persons`
        counts who was looked at: those who answered. If nobody has any, nobody is named and there
        is no p. Ties without direction, and blocks that are all empty or full (no ties, all ties,
        one person, people who are each a group of their own), leave nothing to draw: values stand,
        the rest is nan with the reason. If nobody answered or there is nobody, all is nan.

    Raises
    ------
    ArgumentError
        If people have no column `by`, `keeping` is neither, `n_draws` is no whole number of 1 or
        more, or `conf_level` is not between 0 and 1.

    Notes
    -----
    The null hypothesis is a stochastic block model: within a block all pairs are as likely tied,
    and ties are independent. It is rejected by people who differ in how many ties they have as well
    as by people who seek or avoid a role: it does not say which, and it does not keep degrees,
    reciprocity or transitivity. It speaks of these people and groups, of no others.

    "density" takes the densities of the same network for the true ones, which is lenient: draws
    differ from each other in how many ties they have, too, and always about what was seen. Given
    the numbers of ties of the blocks, all networks are equally likely under the null hypothesis
    whatever its densities are, so that p by "number" is exact. Where nothing was to be found, in
    1,000 networks of 41 people in five teams of whom five were silent (199 draws), p <= .05 came in
    .001 of them at most for the sums and in .02 to .03 for the busiest by "density"; in .04 to .06
    and in .03 to .06 by "number". That a sum lies in its range by "density" so says next to
    nothing.

    Each network, measure and table is a test of its own: who reads many should adjust for them.

    References
    ----------
    Gould, R. V., & Fernandez, R. M. (1989). Structures of mediation: A formal approach to brokerage
    in transaction networks. Sociological Methodology, 19, 89-126. Holland, P. W., Laskey, K. B., &
    Leinhardt, S. (1983). Stochastic blockmodels: First steps. Social Networks, 5(2), 109-137.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "team_id": list("xxyyzz")})
    >>> hub = Network("1", "advice", people, sender=np.array([0, 1, 1, 2, 4]),
    ...               receiver=np.array([1, 3, 5, 1, 1]), strength=np.ones(5),
    ...               answered=np.ones(6, bool))
    >>> busiest = brokerage_chance(hub, n_draws=99).busiest.set_index("measure")
    >>> print(busiest.loc["across", ["person_id", "value", "n_persons", "smallest_p"]].to_string())
    person_id        b
    value          6.0
    n_persons        6
    smallest_p    0.01
    """
    if keeping not in METHODS:
        raise ArgumentError(
            "Unknown null of brokerage", expected=shown(METHODS), seen=repr(keeping)
        )
    refuse_level(conf_level)
    refuse_draws(n_draws)
    found = [_of_one(one, by, keeping, n_draws, conf_level, rng) for one in networks_of(panel)]
    return BrokerageChance(
        roles=stacked((roles for roles, _ in found), COLUMNS),
        busiest=stacked((busiest for _, busiest in found), BUSIEST_COLUMNS),
        by=by,
    )


def _of_one(
    network: Network,
    by: str,
    keeping: str,
    n_draws: int,
    conf_level: float,
    rng: int | np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    groups = grouped(network.answerable() if network.directed else network, by)
    one, reason = groups.network, _reason(groups)
    counts = with_across(open_two_paths(one.adjacency(), groups.codes))
    drawn = np.empty((0, 2, len(MEASURES)))
    if not reason:
        arrays = (groups.codes, one.answered, tie_blocks(groups))
        drawn = resample(TASKS[keeping], n_draws, arrays=arrays, rng=rng, label="drawing networks")
    roles, busiest = (
        pd.DataFrame(
            [of(one, counts[:, m], drawn[..., m], conf_level) for m in range(len(MEASURES))]
        )
        for of in (_sum, _greatest)
    )
    roles, busiest = (
        labelled(network, _completed(rows, groups, reason)).assign(
            conf_level=conf_level, n_draws=len(drawn), method=METHODS[keeping]
        )
        for rows in (roles, busiest)
    )
    return roles, busiest


def _completed(rows: pd.DataFrame, groups: Grouped, reason: str) -> pd.DataFrame:
    """Return the rows with their measures, whom they are of, and why something is missing."""
    network = groups.network
    rows = rows.assign(
        measure=MEASURES,
        n=network.n,
        n_ties=network.n_ties,
        n_groups=len(groups.names),
        n_without_group=groups.n_without,
        n_not_answered=int((~network.answered).sum()),
        null_hypothesis=NULL,
        reason=reason or rows.get("reason", ""),
    )
    return rows if network.answered.any() else rows.assign(value=np.nan)


def _reason(groups: Grouped) -> str:
    """Return why nothing can be drawn, "" if something can."""
    if not groups.network.answered.any():
        return NOBODY_ANSWERED
    if not groups.network.directed:
        return UNDIRECTED
    ties = tie_blocks(groups)
    return "" if ((ties > 0) & (ties < known_blocks(groups))).any() else NOT_LEFT_OPEN


def _sum(
    network: Network, counts: np.ndarray, drawn: np.ndarray, conf_level: float
) -> dict[str, object]:
    value = float(counts.sum())
    return {"value": value, **permutation_tail(value, drawn[:, 0], conf_level=conf_level)}


def _greatest(
    network: Network, counts: np.ndarray, drawn: np.ndarray, conf_level: float
) -> dict[str, object]:
    """Return who has most, beside the greatest of each draw."""
    value, top = float(counts.max(initial=0.0)), drawn[:, 1]
    first = network.ids[int(counts.argmax())] if value else None
    as_much = int((top >= value).sum())
    # With nobody who has any there is nobody to test.
    p = counted_p(as_much, len(top) if value else 0, conf_level=conf_level)
    return {
        "person_id": first,
        "n_busiest": int((counts == value).sum()) if value else 0,
        "value": value,
        "null_median": float(np.median(top)) if len(top) else np.nan,
        **null_range(top, conf_level),
        **asdict(p),
        "n_persons": int(network.answered.sum()),
        "reason": "" if value else NOBODY_JOINS,
    }
