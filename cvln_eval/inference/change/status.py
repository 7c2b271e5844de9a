"""Stayers, joiners and leavers kept apart: a changed roster is not a changed culture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.change.answers import CLUSTERED
from cvln_eval.inference.change.means import clustered_mean, t_numbers
from cvln_eval.inference.change.roster import (
    BOTH,
    JOINER,
    LEAVER,
    NEITHER,
    ONLY_FIRST,
    ONLY_LAST,
    STATUSES,
    STAYER,
    each_roster,
)
from cvln_eval.inference.change.words import interval, with_sign
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.results import Result, count, number

__all__ = ["ChangeByStatus", "change_by_status"]

COLUMNS = (
    "scale",
    "from_wave",
    "wave",
    "roster_status",
    "answered",
    "n",
    "mean_before",
    "mean_after",
    "change",
    "std_error",
    "df",
    "conf_low",
    "conf_high",
    "conf_level",
    "n_clusters",
    "method",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ChangeByStatus(Result):
    """Means of stayers, joiners and leavers; see `change_by_status`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, pair of waves, status on the rosters, and waves answered.
    n_off_roster : int
        Scores of people who were not on the roster of their wave, left out.
    """

    rows: pd.DataFrame
    n_off_roster: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, pair of waves, status and waves answered."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, pairs of waves, scores left out."""
        rows = self.rows
        return pd.DataFrame(
            {
                "n_scales": [rows["scale"].nunique()],
                "n_waves": [len(set(rows["from_wave"]) | set(rows["wave"]))],
                "n_not_on_roster": [self.n_off_roster],
            }
        )

    def sentence(self) -> str:
        """Return, for each scale and pair of waves, the means of those who answered, apart."""
        groups = self.rows.groupby(["scale", "from_wave", "wave"], sort=False)
        parts = [
            _of({(row["roster_status"], row["answered"]): row for _, row in part.iterrows()})
            for _, part in groups
        ]
        if self.n_off_roster:
            parts.append(
                f"Left out: {count(self.n_off_roster, 'score')} of people on no roster of the wave."
            )
        return " ".join(parts)


def _of(part: dict[tuple[str, str], pd.Series]) -> str:
    both, joined, left = part[STAYER, BOTH], part[JOINER, ONLY_LAST], part[LEAVER, ONLY_FIRST]
    on = dict.fromkeys((STAYER, JOINER, LEAVER), 0)
    for (status, _), row in part.items():
        on[status] += int(row["n"])
    once = int(part[STAYER, ONLY_FIRST]["n"]) + int(part[STAYER, ONLY_LAST]["n"])
    never = sum(int(row["n"]) for key, row in part.items() if key[1] == NEITHER)
    return (
        f"For {both['scale']}, from {both['from_wave']} to {both['wave']}, "
        f"{count(on[STAYER], 'person was', 'people were')} on both rosters, "
        f"{on[JOINER]} joined and {on[LEAVER]} left. {_stayed(both)} {_side(joined, 'after')} "
        f"{_side(left, 'before')} Of those on both rosters {once} answered once; "
        f"of all, {never} answered at no wave at which they were on the roster."
    )


def _stayed(row: pd.Series) -> str:
    if not row["n"]:
        return "Nobody on both rosters answered twice."
    return (
        f"The {count(int(row['n']), 'stayer')} who answered twice went from "
        f"{number(row['mean_before'])} to {number(row['mean_after'])} "
        f"({with_sign(row['change'])}, {interval(row)})."
    )


def _side(row: pd.Series, end: str) -> str:
    who = "joiner" if end == "after" else "leaver"
    if not row["n"]:
        return f"No {who} answered."
    verb = "stood" if end == "after" else "had stood"
    return f"The {count(int(row['n']), who)} who answered {verb} at {number(row[f'mean_{end}'])}."


def change_by_status(
    table: pd.DataFrame,
    *,
    memberships: pd.DataFrame,
    waves: Sequence[str],
    outcome: str = "score",
    person: str = "person_id",
    wave: str = "wave",
    team: str = "team_id",
    conf_level: float = 0.95,
) -> ChangeByStatus:
    """Return the means of stayers, joiners and leavers apart, by who of them answered.

    A stayer is on the rosters of both waves, a joiner on the later only, a leaver on the earlier
    only. That comes from the rosters and never from who answered: somebody who did not answer has
    not left. Only stayers who answered twice have a change; the other means are of different
    people.

    Parameters
    ----------
    table : DataFrame
        One row a person and wave (and scale), such as `score_scales(...).tidy()`.
    memberships : DataFrame
        The rosters, one row a person and wave; only those who were to answer, or coaches and
        partners on it count as not answering.
    waves : sequence of str
        Two waves or more in their order; each is compared with the one before.
    outcome : str
        Column of the scores; a missing score is no answer.
    person, wave : str
        Columns of both tables that say who, and when.
    team : str
        Column of the memberships; the clusters of the interval.
    conf_level : float
        Level of the interval of the stayers' change.

    Returns
    -------
    ChangeByStatus
        `tidy` has `scale, from_wave, wave, roster_status, answered, n, mean_before, mean_after,
        change, std_error, df, conf_low, conf_high, conf_level, n_clusters, method, reason`, also
        for groups of nobody. `n` adds up to the people on either roster. The error is CR2 with
        Satterthwaite's degrees of freedom, teams as clusters. Scores of people on no roster of
        the wave are left out and counted. With one person, one team or all changes alike the
        change has no interval, with the reason.

    Raises
    ------
    ArgumentError
        If a column is absent, a wave is in neither table, a person stands twice in a wave, a
        membership names no team, or a score is no number.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": ["p", "q", "p", "r"], "wave": ["y1", "y1", "y2", "y2"],
    ...                        "score": [3, 2, 4, 5]})
    >>> rosters = scores.assign(team_id="A")
    >>> found = change_by_status(scores, memberships=rosters, waves=["y1", "y2"]).tidy()
    >>> found.loc[found["n"] > 0, ["roster_status", "mean_before", "mean_after"]].values.tolist()
    [['stayer', 3.0, 4.0], ['joiner', nan, 5.0], ['leaver', 2.0, nan]]
    """
    refuse_level(conf_level)
    names = {"outcome": outcome, "person": person, "wave": wave, "team": team}
    pairs = each_roster(table, memberships, waves=waves, **names)
    rows = [
        named
        | {"roster_status": status, "answered": answered}
        | _group(people, status, answered, conf_level)
        for named, people in pairs
        for status, answered in STATUSES
    ]
    off = sum(people.attrs["n_off_roster"] for _, people in pairs)
    return ChangeByStatus(pd.DataFrame(rows, columns=list(COLUMNS)), off)


def _group(
    people: pd.DataFrame, status: str, answered: str, conf_level: float
) -> dict[str, object]:
    part = people[(people["status"] == status) & (people["answered"] == answered)]
    row = {
        "n": len(part),
        "mean_before": part["first"].mean(),
        "mean_after": part["last"].mean(),
        "conf_level": conf_level,
        "n_clusters": part["team_id"].nunique(),
        "method": "",
        "reason": _why_no_change(len(part), answered),
    }
    if answered != BOTH or part.empty:
        return row
    codes = np.unique(part["team_id"].to_numpy(), return_inverse=True)[1]
    mean = clustered_mean((part["last"] - part["first"]).to_numpy(dtype=float), codes)
    found = {"change": mean.estimate, "method": CLUSTERED, "reason": mean.reason}
    return row | t_numbers(mean, conf_level) | found


def _why_no_change(n: int, answered: str) -> str:
    if not n:
        return "nobody"
    return "" if answered == BOTH else f"no change of a person: answered {answered}"
