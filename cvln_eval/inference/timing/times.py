"""Milestones with the days they took, or were open, and the divisions that plan together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import as_names
from cvln_eval.inference.timing.days import (
    LOST,
    as_days,
    days_in,
    durations,
    punctuality,
    why_unclear,
)
from cvln_eval.measurement.tables import need_columns, refuse_missing
from cvln_eval.results import Result, count

__all__ = ["PAIR", "MilestoneTimes", "milestone_times"]

ALONE, PAIR = "alone", "pair"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MilestoneTimes(Result):
    """Milestones with their durations; see `milestone_times`.

    Attributes
    ----------
    rows : DataFrame
        One row a milestone.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a milestone: the table that the other functions of the room take."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: milestones, those reached, still open and left out, and clusters."""
        usable = self.rows[self.rows["reason"] == ""]
        return pd.DataFrame(
            {
                "n": [len(usable)],
                "n_reached": [int(usable["reached"].sum())],
                "n_open": [int((~usable["reached"]).sum())],
                "n_left_out": [len(self.rows) - len(usable)],
                "n_plans": [usable["plan"].nunique()],
                "n_clusters": [usable["cluster_id"].nunique()],
            }
        )

    def sentence(self) -> str:
        """Return how many milestones were reached, how many were open, and which are left out."""
        row = self.glance().iloc[0]
        left = self.rows.loc[self.rows["reason"] != "", "reason"].value_counts(sort=False)
        told = "; ".join(f"{n} left out: {reason}" for reason, n in sorted(left.items()))
        return (
            f"Of {count(int(row['n']), 'milestone')} in {count(int(row['n_plans']), 'plan')} and "
            f"{count(int(row['n_clusters']), 'cluster')} of divisions that plan together, "
            f"{row['n_reached']:,} {_was(row['n_reached'])} reached and {row['n_open']:,} "
            f"{_was(row['n_open'])} open when last seen"
            f"{f' ({told})' if told else ''}."
        )


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def milestone_times(
    milestones: pd.DataFrame,
    *,
    until: str | date,
    start: str | date = "started_on",
    reached: str | None = None,
    team: str = "team_id",
    partner: str = "partner_team_id",
) -> MilestoneTimes:
    """Return how many days each milestone took, or had been open when it was last seen.

    A milestone that was reached took ``done_on - start`` days; any other, and one reached after
    the end of observation, is censored after ``until - start`` days. Both are whole days, and a
    milestone reached on the day it began took 0.

    Without `reached`, no `done_on` means that the milestone is still open. Where a day can be
    missing from a milestone that was reached, name the column that tells: such a milestone is then
    left out of the durations, not taken for an open one.

    Parameters
    ----------
    milestones : DataFrame
        The table `milestones`: `milestone_id`, `due_on`, `done_on` and the columns below.
    until : str or date
        The last day of observation: a day, or a column where it differs, as between cohorts.
    start : str or date
        When the work began: a column, or the day the plan began.
    reached : str, optional
        Column of True and False: whether the milestone has been reached, on whatever day.
    team, partner : str
        Columns of the division, and of the other one where two planned the milestone.

    Returns
    -------
    MilestoneTimes
        `tidy` has every row of the table with `planned_by` (alone or pair), `plan` (the division,
        or both), `cluster_id`, `days`, `reached`, `on_time`, `reason` and `on_time_reason`.
        Divisions that plan together, also through a third, are one cluster: their milestones have
        somebody in common. `days` is missing with a reason where no day of beginning or end is
        known, or the milestone ended before it began; and, with the column `reached`, where that is
        True but no day is known, or is missing as the day is. These count as `n_left_out` in
        `glance`. `on_time` is missing for them, too. `on_time` is missing where no day due is
        known or that day is not over; a milestone reached on the day due is on time.

    Raises
    ------
    ArgumentError
        If a column is absent, a value is no date, a milestone stands twice or without team, or a
        team is its own partner; if `reached` is not of True and False, or is False where `done_on`
        has a day within observation.

    Examples
    --------
    >>> plan = pd.DataFrame({"milestone_id": ["a", "b"], "team_id": ["V1", "V1"],
    ...                      "partner_team_id": [None, "V2"], "due_on": ["2024-03-01"] * 2,
    ...                      "done_on": ["2024-02-10", None], "started_on": ["2024-01-01"] * 2})
    >>> found = milestone_times(plan, until="2024-06-30")
    >>> found.tidy()[["plan", "cluster_id", "days", "reached", "on_time"]]
          plan cluster_id   days  reached  on_time
    0       V1    V1 + V2   40.0     True     True
    1  V1 + V2    V1 + V2  181.0    False    False

    The second was reached, and nobody wrote down when:

    >>> plan = plan.assign(done=[True, True])
    >>> milestone_times(plan, until="2024-06-30", reached="done").tidy()["reason"].tolist()
    ['', 'reached on an unknown day']
    """
    need_columns(
        milestones, ["milestone_id", "due_on", "done_on", team, partner], table="milestones"
    )
    if reached is not None:
        need_columns(milestones, [reached], table="milestones")
    refuse_missing(milestones, ["milestone_id", team], what="milestone or team")
    teams, partners = _names(milestones[team]), _names(milestones[partner])
    _refuse_wrong(milestones, teams == partners, partner)
    began, ended = days_in(milestones, start), days_in(milestones, until)
    due, done = (as_days(milestones[name]) for name in ("due_on", "done_on"))
    unclear = why_unclear(milestones, reached, done, ended)
    new = _planned(teams, partners)
    new |= durations(began, ended, done, unclear) | punctuality(due, done, ended, unclear)
    new["reached"] = new["reached"] | (unclear == LOST).to_numpy()
    rows = milestones.assign(**{name: pd.Series(new[name], milestones.index) for name in new})
    return MilestoneTimes(rows.reset_index(drop=True))


def _names(column: pd.Series) -> pd.Series:
    """Return teams by name, with 2.0 as "2": beside missing partners pandas writes numbers so."""
    if pd.api.types.is_float_dtype(column.dtype) and not (column.dropna() % 1).any():
        column = column.astype("Int64")
    as_names(column, "team")
    return column.astype(object).map(str, na_action="ignore")


def _refuse_wrong(milestones: pd.DataFrame, alike: pd.Series, partner: str) -> None:
    twice = milestones.loc[milestones["milestone_id"].duplicated(), "milestone_id"]
    if len(twice):
        raise ArgumentError(
            "A milestone stands twice", expected="one row a milestone", seen=shown(twice)
        )
    own = milestones.loc[alike, "milestone_id"]
    if len(own):
        raise ArgumentError(
            "A team is its own partner",
            expected=f"another team in {partner!r}, or none",
            seen=f"milestones {shown(own)}",
            column=partner,
        )


def _planned(team: pd.Series, partner: pd.Series) -> dict[str, Any]:
    """Return who planned each milestone, and the divisions that anything was planned with."""
    whole = pd.Series(
        [
            tuple(sorted({one, one if pd.isna(other) else other}))
            for one, other in zip(team, partner, strict=True)
        ],
        index=team.index,
        dtype=object,
    )
    together = nx.Graph()
    together.add_edges_from((who[0], who[-1]) for who in whole)
    parts = [sorted(part) for part in nx.connected_components(together)]
    cluster = {one: " + ".join(part) for part in parts for one in part}
    return {
        "planned_by": np.where(whole.str.len() > 1, PAIR, ALONE),
        "plan": whole.str.join(" + ").astype("str"),
        "cluster_id": whole.str[0].map(cluster).astype("str"),
    }
