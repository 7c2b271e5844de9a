"""Whether districts that met at a session turn to each other more afterwards."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.networks.meetings.affiliation import Affiliation, refuse_no_affiliation
from cvln_eval.networks.meetings.chance import p_unless_fixed
from cvln_eval.networks.meetings.exchanged import (
    differences,
    drawn_estimates,
    estimates,
    every_exchange,
    n_exchanges,
)
from cvln_eval.networks.meetings.steps import Step, joint_counts, steps_of
from cvln_eval.networks.panel import NetworkPanel
from cvln_eval.participation.rosters import ALL
from cvln_eval.resampling import Counted, resample
from cvln_eval.results import Result, count, p_in_words

__all__ = ["JointSessions", "joint_sessions"]

METHOD = "groups exchanged in the record of who met whom, all steps alike"
NULL = "which groups met at joint sessions has nothing to do with how ties between them changed"
NO_STEP = "no two waves of the relation follow each other"
ONE_SIDED = "in every step all pairs of groups met, or none did"
NO_EXCHANGE = "no other pairs of groups could have met"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class JointSessions(Result):
    """Change of ties between groups that met and that did not; see `joint_sessions`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation and sort of session.
    pairs : DataFrame
        One row a relation, step and pair of groups: `wave` (the later), `earlier_wave`, `group`,
        `other_group`, `n_pairs_known`, `density_before`, `density_after`, `change`,
        `n_joint_sessions`.
    by : str
        Column of the groups.
    """

    rows: pd.DataFrame
    pairs: pd.DataFrame
    by: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation and sort of session."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: relations, steps, pairs of groups, tests."""
        steps = self.pairs[["relation", "wave"]].drop_duplicates()
        row = {
            "n_relations": self.rows["relation"].nunique(),
            "n_steps": len(steps),
            "n_pairs_met": int((self.pairs["n_joint_sessions"] > 0).sum()),
            "n_pairs_not_met": int((self.pairs["n_joint_sessions"] == 0).sum()),
            "n_tests": int(self.rows["p_value"].notna().sum()),
            "reason": "" if len(steps) else NO_STEP,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste, one a relation over all sessions."""
        whole = self.rows[self.rows["by"] == ALL]
        if whole.empty:
            return f"Joint sessions cannot be compared: {NO_STEP}."
        return " ".join(_in_words(row) for row in whole.to_dict("records"))


def joint_sessions(
    panel: NetworkPanel,
    *,
    affiliation: Affiliation,
    by: str = "team_id",
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> JointSessions:
    """Compare how ties changed between groups that met at joint sessions and that did not.

    For each step from one wave of a relation to the next, and each pair of groups, the change of
    density is the mean of y_ij(later) - y_ij(earlier) over the ordered pairs of one person of
    each group, y being 1 for a tie. Only people who are in both waves count, in the group of the
    earlier, and only pairs of which both states are known; so nobody's coming or leaving is a
    change. A session is joint where people of two groups or more came; it lies in the step if it
    was held in its later wave, or in a wave in between. With n1 pairs of groups that met in a
    step and n0 that did not, the estimate is the mean over steps of the difference of their mean
    changes, weighted by n1 n0 / (n1 + n0): the slope of a regression with a level for each step.

    Pairs that share a group are not independent. The test therefore exchanges groups, as QAP
    does: who met whom is kept as a pattern, and the groups' places in it are permuted, the same
    way in all steps, among groups that are there in the same steps.

    Parameters
    ----------
    panel : NetworkPanel
        Two waves or more; of co-attendance, of replies, or of ties that people reported. For kinds
        of ties by mode, give `network_panel` relations that say both, such as
        ``ties.assign(relation=ties["relation"] + ", " + ties["mode"])``.
    affiliation : Affiliation
        Who came to which session; its waves are the panel's. A survey is taken to come at the end
        of its wave; where it came at the beginning, move the sessions' `wave`.
    by : str
        Column of groups in the people of the networks and in the affiliation.
    n_draws : int
        Permutations; where there are no more than these (5 groups: 120), all are looked at.
    rng : int or Generator
        Seed.

    Returns
    -------
    JointSessions
        `tidy` has `wave` ("all"), `relation, by, group, estimate, change_met, change_not_met,
        n_pairs_met, n_pairs_not_met, n_joint_sessions, n_clusters, p_value, p_low, p_high,
        smallest_p, n_draws, enumerated, method, null_hypothesis, reason`: a row for all sessions,
        for each `kind` and for each `mode`. `n_pairs_met` counts pairs of groups, once a step.
        Where every pair met, or none, the estimate is nan with a reason: then sessions cannot be
        told from time. The districts that meet chose, or were chosen, to; the comparison is fair
        only if they would have changed as the others did.

    Raises
    ------
    ArgumentError
        If `panel` is none, no wave of the affiliation is in it, or `by` is no column.

    References
    ----------
    Krackhardt, D. (1988). Predicting with networks: Nonparametric multiple regression analysis of
    dyadic data. Social Networks, 10, 359-381.

    Examples
    --------
    >>> from cvln_eval.networks.meetings import affiliation
    >>> from cvln_eval.networks.panel import network_panel
    >>> memberships = pd.DataFrame({"wave": list("11112222"), "person_id": list("abcdabcd"),
    ...                             "team_id": list("wxyzwxyz")})
    >>> ties = pd.DataFrame({"wave": list("122"), "relation": "advice",
    ...                      "sender_id": list("aab"), "receiver_id": list("cba")})
    >>> sessions = pd.DataFrame({"session_id": ["s1"], "kind": "joint", "wave": "2",
    ...                          "status": "held", "held_on": ["2024-01-05"]})
    >>> attendance = pd.DataFrame({"session_id": "s1", "person_id": list("ab")})
    >>> met = affiliation(attendance, sessions, memberships)
    >>> found = joint_sessions(network_panel(ties, memberships), affiliation=met)
    >>> found.tidy()[["by", "change_met", "change_not_met", "n_draws"]].iloc[:1]
        by  change_met  change_not_met  n_draws
    0  all         1.0            -0.1       24
    """
    if not isinstance(panel, NetworkPanel):
        raise ArgumentError(
            "Joint sessions need waves",
            expected="a NetworkPanel, as `network_panel` makes it",
            seen=f"a value of type {type(panel).__name__}",
        )
    refuse_no_affiliation(affiliation)
    refuse_draws(n_draws)
    _refuse_strange_waves(panel, affiliation)
    rows, pairs = [], []
    streams = np.random.default_rng(rng).spawn(len(panel.relations))
    for relation, stream in zip(panel.relations, streams, strict=True):
        steps = steps_of(panel, relation, by)
        met = joint_counts(affiliation, by)
        pairs += [_pair_table(step, met, relation) for step in steps]
        sorts = list(_sorts(affiliation))
        for (column, group), seeded in zip(sorts, stream.spawn(len(sorts)), strict=True):
            own = met if column == ALL else met[met[column] == group]
            found = _compared(steps, own, n_draws, seeded)
            rows.append({"wave": ALL, "relation": relation, "by": column, "group": group} | found)
    return JointSessions(
        rows=pd.DataFrame(rows, columns=COLUMNS),
        pairs=pd.concat(pairs, ignore_index=True) if pairs else pd.DataFrame(columns=PAIRS),
        by=by,
    )


COLUMNS = ["wave", "relation", "by", "group", "estimate", "change_met", "change_not_met"]
COLUMNS += ["n_pairs_met", "n_pairs_not_met", "n_joint_sessions", "n_clusters", "p_value"]
COLUMNS += ["p_low", "p_high", "smallest_p", "n_draws", "enumerated", "method"]
COLUMNS += ["null_hypothesis", "reason"]
PAIRS = ["wave", "relation", "earlier_wave", "group", "other_group", "n_pairs_known"]
PAIRS += ["density_before", "density_after", "change", "n_joint_sessions"]


def _refuse_strange_waves(panel: NetworkPanel, affiliation: Affiliation) -> None:
    if affiliation.waves and not set(affiliation.waves) & set(panel.waves):
        raise ArgumentError(
            "No session is in a wave of the networks",
            expected=f"some of {shown(panel.waves)}",
            seen=shown(affiliation.waves),
        )


def _sorts(affiliation: Affiliation) -> Iterator[tuple[str, str]]:
    yield ALL, ALL
    for column in ("kind", "mode"):
        for group in sorted(affiliation.cells[column].unique()):
            yield column, group


def _compared(
    steps: list[Step], met: pd.DataFrame, n_draws: int, rng: np.random.Generator
) -> dict[str, object]:
    """Return the row of one relation and sort of session."""
    row = {
        "n_joint_sessions": _in_steps(steps, met),
        "method": METHOD,
        "null_hypothesis": NULL,
        **asdict(Counted()),
    }
    if not steps:
        return row | {"n_pairs_met": 0, "n_pairs_not_met": 0, "n_clusters": 0, "reason": NO_STEP}
    change, there = (
        np.array([getattr(step, name) for step in steps]) for name in ("change", "there")
    )
    meetings = np.array([step.placed(met) for step in steps]) > 0
    found = differences(change, meetings[None])[0]
    upper = np.triu(np.ones(change.shape[-2:], dtype=bool), 1) & np.isfinite(change)
    row |= dict(zip(("estimate", "change_met", "change_not_met"), map(float, found), strict=True))
    row["n_pairs_met"] = int((upper & meetings).sum())
    row["n_pairs_not_met"] = int((upper & ~meetings).sum())
    row["n_clusters"] = int(there.any(axis=0).sum())
    if not np.isfinite(found[0]):
        return row | {"reason": ONE_SIDED}
    enumerated = n_exchanges(there) <= n_draws
    if enumerated:
        draws = estimates(change, meetings, every_exchange(there))
    else:
        draws = resample(drawn_estimates, n_draws, arrays=(change, meetings, there), rng=rng)
    # An exchange after which all known pairs met, or none, says nothing against the null.
    draws = np.where(np.isfinite(draws), draws, found[0])
    counted = p_unless_fixed(float(found[0]), draws, enumerated=enumerated)
    row |= asdict(counted) | {"n_draws": len(draws), "enumerated": enumerated}
    return row | {"reason": "" if np.isfinite(counted.p_value) else NO_EXCHANGE}


def _in_steps(steps: list[Step], met: pd.DataFrame) -> int:
    """Return the number of sessions that lie in one of the steps."""
    waves = {wave for step in steps for wave in step.waves}
    return int(met.loc[met["wave"].isin(waves), "session_id"].nunique())


def _pair_table(step: Step, met: pd.DataFrame, relation: str) -> pd.DataFrame:
    first, second = np.nonzero(np.triu(np.isfinite(step.change), 1))
    return pd.DataFrame(
        {
            "wave": step.later_wave,
            "relation": relation,
            "earlier_wave": step.earlier_wave,
            "group": step.names[first],
            "other_group": step.names[second],
            "n_pairs_known": step.n_known[first, second].astype(int),
            "density_before": step.before[first, second],
            "density_after": step.after[first, second],
            "change": step.change[first, second],
            "n_joint_sessions": step.placed(met)[first, second],
        }
    )


def _in_words(row: Mapping[Hashable, Any]) -> str:
    if row["reason"] and not np.isfinite(row["estimate"]):
        return f"For {row['relation']}, joint sessions cannot be compared: {row['reason']}."
    text = (
        f"Density of {row['relation']} ties between groups that met at a joint session changed by "
        f"{_density(row['change_met'])} ({count(row['n_pairs_met'], 'pair')}), between those that "
        f"did not by {_density(row['change_not_met'])} "
        f"({count(row['n_pairs_not_met'], 'pair')}), a difference of {_density(row['estimate'])}"
    )
    if row["reason"]:
        return f"{text}; {row['reason']}."
    return f"{text}, {p_in_words(row['p_value'])} by exchanging groups ({row['n_draws']:,} orders)."


def _density(change: float) -> str:
    # Three digits for each: changes of densities are small, and are read beside each other.
    return f"{change:z.3f}"
