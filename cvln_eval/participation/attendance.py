"""Who came: the share of held sessions and hours that leaders on the roster attended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.participation.rosters import grouped_roster, need
from cvln_eval.results import Result, count, proportion

__all__ = ["AttendanceShare", "attendance_share"]

SHARE_COLUMNS = (
    "n_persons",
    "n_sessions",
    "n",
    "n_attended",
    "attendance_share",
    "hours_held",
    "hours_attended",
    "n_hours_missing",
    "hours_share",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AttendanceShare(Result):
    """Attendance at held sessions; see `attendance_share`.

    Attributes
    ----------
    by : tuple of str
        The columns that name a row of `tidy`.
    shares : DataFrame
        One row a group.
    expected : DataFrame
        One row a held session and leader on the roster of its wave: attended or not.
    n_off_roster : int
        Attendances of people who were not expected: on no roster of the wave, or not invited.
    n_not_counted : int
        Held sessions that are in no wave with a roster.
    """

    by: tuple[str, ...]
    shares: pd.DataFrame
    expected: pd.DataFrame
    n_off_roster: int
    n_not_counted: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a group."""
        return self.shares.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row over everybody, with the attendances that no roster explains."""
        whole = _shares(self.expected.assign(whole="all"), ["whole"]).drop(columns="whole")
        if whole.empty:
            counts = [name for name in SHARE_COLUMNS if name == "n" or name.startswith("n_")]
            empty = pd.DataFrame([dict.fromkeys(SHARE_COLUMNS, math.nan)])
            whole = empty.assign(**dict.fromkeys(counts, 0), reason="no held session has a roster")
        return whole.assign(
            n_off_roster=self.n_off_roster, n_sessions_not_counted=self.n_not_counted
        )

    def matrix(self, rows: str = "team_id") -> pd.DataFrame:
        """Return the share attending, one row a team or person, one column a session by date.

        Parameters
        ----------
        rows : str
            `team_id` or `person_id`, or another column of `expected`.

        Returns
        -------
        DataFrame
            nan where nobody of the row was expected at the session.
        """
        cells = self.cells(rows)
        order = list(dict.fromkeys(cells.sort_values("place")["session_id"]))
        wide = cells.pivot_table(index=rows, columns="session_id", values="attendance_share")
        return wide[order]

    def cells(self, rows: str = "team_id") -> pd.DataFrame:
        """Return the matrix in long form: one row a team (or person) and session, with its n."""
        need(self.expected, [rows], table="expected")
        grouped = self.expected.groupby([rows, "session_id"], observed=True)
        cells = grouped["attended"].agg(n="size", n_attended="sum").reset_index()
        cells["attendance_share"] = cells["n_attended"] / cells["n"]
        known = ["session_id", "wave", "kind", "mode", "held_on", "place"]
        kept = [name for name in known if name in self.expected and name != rows]
        held = self.expected[kept].drop_duplicates()
        cells = cells.merge(held, on="session_id", validate="many_to_one")
        return cells.sort_values([rows, "place"], ignore_index=True)

    def sentence(self) -> str:
        """Return the share of expected attendances that took place, with the n behind it."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Attendance is not available: {row['reason']}."
        people = count(int(row["n_persons"]), "leader")
        return (
            f"{people} attended {row['n_attended']:,} of {row['n']:,} times they were expected "
            f"at {count(int(row['n_sessions']), 'held session')} "
            f"({proportion(row['attendance_share'])})."
        )


def attendance_share(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    audience: pd.DataFrame | None = None,
    by: str | Sequence[str] = ("team_id", "wave"),
) -> AttendanceShare:
    """Compare who came with who could have come.

    A leader is expected at a session that was held in a wave whose roster has the leader, on
    whatever day of the wave: `joined_on` and `left_on` do not shorten it. The rosters are a
    census of the leaders, so the shares carry no sampling interval; the n behind each is `n`,
    leaders times sessions.

    Parameters
    ----------
    attendance, sessions, memberships : DataFrame
        The study's tables. Pass the memberships of the network alone to leave coaches out.
    people : DataFrame, optional
        The study's people, for groups such as `level`.
    audience : DataFrame, optional
        `session_id` and `team_id`: the teams a session was meant for, as `session_audience` lists
        them. A session that is not in it was meant for all.
    by : str or sequence of str
        What names a group: `team_id`, `wave`, `person_id`, `session_id`, `kind`, `level`, ...

    Returns
    -------
    AttendanceShare
        Hours come from the session; hours attended from the attendance, and from the session
        where the attendance gives none. Where a session that somebody was expected at has no
        length, hours are known only in part: `n_hours_missing` counts these expectations, which
        are left out of the hours. Without any hours the share of hours is nan.

    Raises
    ------
    ArgumentError
        If a column is absent, an attendance or a session is listed twice, a status is missing
        or an attendance is at a session that is not in `sessions`.
    """
    need(attendance, ("session_id", "person_id"), table="attendance")
    need(sessions, ("session_id", "status", "wave", "held_on"), table="sessions")
    _once(attendance, ["session_id", "person_id"], "attendance")
    _once(sessions, ["session_id"], "sessions")
    strange = set(attendance["session_id"].astype("str")) - set(
        sessions["session_id"].astype("str")
    )
    if strange:
        raise ArgumentError(
            "Attendance at a session that is in no plan", seen=shown(sorted(strange))
        )
    groups = (by,) if isinstance(by, str) else tuple(by)
    expected = _expected(sessions, memberships, people, audience)
    expected = _attended(expected, attendance)
    need(expected, groups, table="expected")
    held = sessions.loc[sessions["status"].astype("str") == "held", "session_id"].astype("str")
    at_held = int(attendance["session_id"].astype("str").isin(held).sum())
    return AttendanceShare(
        by=groups,
        shares=_shares(expected, list(groups)),
        expected=expected,
        n_off_roster=at_held - int(expected["attended"].sum()),
        n_not_counted=int((~held.isin(expected["session_id"])).sum()),
    )


def _once(frame: pd.DataFrame, key: list[str], table: str) -> None:
    twice = frame[frame.duplicated(key)]
    if len(twice):
        seen = shown(" ".join(map(str, row)) for row in twice[key].to_numpy())
        raise ArgumentError(f"A row of {table} is there twice", seen=seen)


def _expected(
    sessions: pd.DataFrame,
    memberships: pd.DataFrame,
    people: pd.DataFrame | None,
    audience: pd.DataFrame | None,
) -> pd.DataFrame:
    """Return one row a held session and leader expected at it, sessions in order of date."""
    held = sessions[sessions["status"].astype("str") == "held"].copy()
    held["session_id"] = held["session_id"].astype("str")
    held["wave"] = held["wave"].astype("str")
    held = held.sort_values(["held_on", "session_id"], ignore_index=True)
    held["place"] = range(len(held))
    need(memberships, ("wave",), table="memberships")
    waves = list(memberships["wave"].dropna().astype("str").unique())
    days = ["joined_on", "left_on"]
    roster = grouped_roster(memberships, people, waves=waves).drop(columns=days, errors="ignore")
    length = held.get("hours", math.nan)
    own = ["hours", "status", "planned_on"]
    plan = held.assign(session_hours=length).drop(columns=own, errors="ignore")
    expected = plan.merge(roster, on="wave", how="inner")
    return expected if audience is None else _invited(expected, audience)


def _invited(expected: pd.DataFrame, audience: pd.DataFrame) -> pd.DataFrame:
    need(audience, ("session_id", "team_id"), table="audience")
    meant = audience[["session_id", "team_id"]].astype("str")
    # A session listed without a team was meant for somebody, but for nobody that is known.
    pairs = pd.MultiIndex.from_frame(meant)
    own = pd.MultiIndex.from_frame(expected[["session_id", "team_id"]].astype("str"))
    for_all = ~expected["session_id"].isin(meant["session_id"])
    return expected[for_all | own.isin(pairs)].reset_index(drop=True)


def _attended(expected: pd.DataFrame, attendance: pd.DataFrame) -> pd.DataFrame:
    came = pd.DataFrame(
        {
            "session_id": attendance["session_id"].astype("str"),
            "person_id": attendance["person_id"].astype("str"),
            "hours": attendance["hours"] if "hours" in attendance else float("nan"),
            "attended": True,
        }
    )
    joined = expected.merge(came, on=["session_id", "person_id"], how="left")
    joined["attended"] = joined["attended"].eq(True)
    known = joined["hours"].fillna(joined["session_hours"])
    joined["hours"] = known.where(joined["attended"], 0.0).where(joined["session_hours"].notna())
    return joined


def _shares(expected: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    grouped = expected.groupby(by, observed=True)
    shares = grouped.agg(
        n_persons=("person_id", "nunique"),
        n_sessions=("session_id", "nunique"),
        n=("attended", "size"),
        n_attended=("attended", "sum"),
        hours_attended=("hours", "sum"),
    )
    length = expected["session_hours"]
    keys = [expected[name] for name in by]
    shares["hours_held"] = length.groupby(keys, observed=True).sum()
    shares["n_hours_missing"] = length.isna().groupby(keys, observed=True).sum()
    shares["attendance_share"] = shares["n_attended"] / shares["n"]
    shares["hours_share"] = shares["hours_attended"] / shares["hours_held"].where(
        shares["hours_held"] > 0
    )
    shares["reason"] = ["" if h > 0 else "no session has a length" for h in shares["hours_held"]]
    return shares[list(SHARE_COLUMNS)].reset_index()
