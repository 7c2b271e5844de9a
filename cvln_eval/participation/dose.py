"""How much coaching each team received."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.participation.rosters import grouped_roster, need, wave_labels
from cvln_eval.results import Result, count, number
from cvln_eval.study.definition import Wave

__all__ = ["CoachingDose", "coaching_dose"]

DOSE_COLUMNS = (
    "team_id",
    "wave",
    "on_roster",
    "n_members",
    "n_visits",
    "n",
    "n_minutes_missing",
    "coaching_minutes",
    "coaching_hours",
    "minutes_median",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CoachingDose(Result):
    """Coaching by team and wave; see `coaching_dose`.

    Attributes
    ----------
    waves : mapping
        Id to label of the waves, in order.
    dose : DataFrame
        One row a team and wave.
    n_not_dated : int
        Visits whose day is missing or lies in no wave; they are in no row of `dose`.
    """

    waves: Mapping[str, str]
    dose: pd.DataFrame
    n_not_dated: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a team and wave."""
        return self.dose.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: visits, hours, missing minutes, teams without coaching."""
        dose = self.dose
        known = dose["n"].sum() > 0
        return pd.DataFrame(
            {
                "n": [int(dose["n"].sum())],
                "n_visits": [int(dose["n_visits"].sum())],
                "n_minutes_missing": [int(dose["n_minutes_missing"].sum())],
                "n_not_dated": [self.n_not_dated],
                "n_teams": [dose["team_id"].nunique()],
                "n_without_coaching": [int((dose["n_visits"] == 0).sum())],
                "n_visits_off_roster": [int(dose.loc[~dose["on_roster"], "n_visits"].sum())],
                "coaching_hours": [float(dose["coaching_hours"].sum()) if known else math.nan],
                "reason": ["" if known else "no visit has a length"],
            }
        )

    def sentence(self) -> str:
        """Return visits and hours in all, with what is not known."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Coaching hours are not available: {row['reason']}."
        missing = int(row["n_minutes_missing"])
        at_least = "at least " if missing else ""
        gaps = f"; the length of {count(missing, 'visit')} is not known" if missing else ""
        undated = (
            f"; {count(self.n_not_dated, 'visit')} could not be dated" if self.n_not_dated else ""
        )
        return (
            f"{count(int(row['n_visits']), 'coaching visit')} to "
            f"{count(int(row['n_teams']), 'team')} lasted {at_least}"
            f"{number(row['coaching_hours'], 1)} hours{gaps}{undated}."
        )


def coaching_dose(
    coaching: pd.DataFrame, memberships: pd.DataFrame, *, waves: Iterable[Wave]
) -> CoachingDose:
    """Add up coaching visits and minutes by team and wave.

    A visit belongs to the wave whose period holds its day, or to its own `wave` where the table
    has one. A team on the roster of a wave without a visit has a dose of 0; a team that is on no
    roster of the wave has no row unless it was visited, and is then marked `on_roster` false.

    Parameters
    ----------
    coaching, memberships : DataFrame
        The study's tables.
    waves : iterable of Wave
        The waves in order, such as `study.waves`.

    Returns
    -------
    CoachingDose
        Minutes are the sum of those known and `n_minutes_missing` counts visits without; where
        all visits lack them, the dose is nan with a reason, never 0. `n` counts visits with
        minutes. The median of no visit is nan.

    Raises
    ------
    ArgumentError
        If a column is absent, or visits have neither a wave nor the waves a period.
    """
    need(coaching, ("visit_id", "team_id", "minutes"), table="coaching")
    listed = list(waves)
    labels = wave_labels(listed)
    visits = pd.DataFrame(
        {
            "team_id": coaching["team_id"].astype("str"),
            "wave": _wave_of(coaching, listed),
            "minutes": coaching["minutes"].astype("float64"),
        }
    )
    dated = visits[visits["wave"].isin(list(labels))]
    members = grouped_roster(memberships, None, waves=labels).groupby(["team_id", "wave"]).size()
    dose = _dose(dated, members)
    dose["place"] = dose["wave"].map({wave: at for at, wave in enumerate(labels)})
    dose = dose.sort_values(["team_id", "place"], ignore_index=True)[list(DOSE_COLUMNS)]
    return CoachingDose(labels, dose, len(visits) - len(dated))


def _wave_of(coaching: pd.DataFrame, waves: list[Wave]) -> pd.Series:
    if "wave" in coaching:
        return coaching["wave"].astype("str")
    need(coaching, ("held_on",), table="coaching")
    periods = {w.id: (w.starts_on, w.ends_on) for w in waves if w.starts_on and w.ends_on}
    if len(periods) < len(waves):
        raise ArgumentError(
            "A wave has no period, so visits cannot be dated to it",
            expected="starts_on and ends_on in [[wave]]",
            todo="add them to study.toml, or a column `wave` to the coaching log",
        )
    day = pd.to_datetime(coaching["held_on"])
    found = pd.Series(pd.NA, index=coaching.index, dtype="str")
    for wave, (start, end) in periods.items():
        # A visit at 17:00 on the last day still belongs to the wave.
        inside = day.dt.normalize().between(pd.Timestamp(start), pd.Timestamp(end))
        found = found.mask(inside, wave)
    return found


def _dose(visits: pd.DataFrame, members: pd.Series) -> pd.DataFrame:
    minutes = visits.groupby(["team_id", "wave"])["minutes"]
    counted = minutes.agg(
        n_visits="size", n="count", coaching_minutes="sum", minutes_median="median"
    )
    every = members.index.union(counted.index).set_names(["team_id", "wave"])
    dose = counted.reindex(every)
    counts = ["n_visits", "n"]
    dose[counts] = dose[counts].fillna(0).astype("int64")
    dose["n_minutes_missing"] = dose["n_visits"] - dose["n"]
    dose["coaching_minutes"] = dose["coaching_minutes"].fillna(0.0)
    unknown = (dose["n_visits"] > 0) & (dose["n"] == 0)
    dose["coaching_minutes"] = dose["coaching_minutes"].mask(unknown)
    dose["coaching_hours"] = dose["coaching_minutes"] / 60
    dose["n_members"] = members.reindex(every, fill_value=0).astype("int64")
    dose["on_roster"] = dose["n_members"] > 0
    dose["reason"] = ""
    dose.loc[dose["n_visits"] == 0, "reason"] = "no visit, so no median"
    dose.loc[unknown, "reason"] = "no visit has a length"
    return dose.reset_index()
