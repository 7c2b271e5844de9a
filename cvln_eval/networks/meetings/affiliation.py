"""People by sessions: who came, who could have come, and who came without being on the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import names_in, refuse_missing, refuse_no_table
from cvln_eval.networks.panel.reading import refuse_ids_that_differ_by_case
from cvln_eval.participation.attendance import attendance_share
from cvln_eval.participation.rosters import NOT_KNOWN, as_text
from cvln_eval.results import Result, count

__all__ = ["Affiliation", "Crossing", "affiliation", "refuse_no_affiliation"]

RELATION = "attendance"
TABLES = ("attendance", "sessions", "memberships")
PLACED = ("wave", "kind", "mode", "session_id")


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """One wave as arrays.

    Attributes
    ----------
    people : DataFrame
        One row a person, sorted by `person_id`, with what the roster says.
    sessions : DataFrame
        One row a session, by date: `session_id`, `kind`, `mode`.
    came, could : ndarray of bool, shape (people, sessions)
        Who came, and who was expected: on the roster and, where that is known, invited.
    """

    people: pd.DataFrame
    sessions: pd.DataFrame
    came: np.ndarray
    could: np.ndarray


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Affiliation(Result):
    """The two-mode network of people and held sessions; see `affiliation`.

    Attributes
    ----------
    cells : DataFrame
        One row a held session and person expected at it, with `attended`; `kind` and `mode` of
        the session, and what the roster says of the person.
    waves : tuple of str
        By the day of their first session.
    off_roster : DataFrame
        Attendances of people who were not expected: `wave`, `kind`, `mode`, `session_id`,
        `person_id`.
    not_counted : tuple of str
        Held sessions in no wave with a roster.
    """

    cells: pd.DataFrame
    waves: tuple[str, ...]
    off_roster: pd.DataFrame
    not_counted: tuple[str, ...]

    def only(
        self,
        *,
        waves: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        modes: Sequence[str] | None = None,
    ) -> Self:
        """Return the sessions of some waves, kinds and modes.

        Raises
        ------
        ArgumentError
            If there is no held session of one of them.
        """
        cells, apart, kept = self.cells, self.off_roster, self.waves
        for column, wanted in (("wave", waves), ("kind", kinds), ("mode", modes)):
            if wanted is not None:
                chosen = _chosen(self.cells[column], wanted, column)
                cells = cells[cells[column].isin(chosen)]
                apart = apart[apart[column].isin(chosen)]
                kept = tuple(w for w in kept if column != "wave" or w in chosen)
        return replace(
            self,
            cells=cells.reset_index(drop=True),
            off_roster=apart.reset_index(drop=True),
            waves=kept,
        )

    def crossing(self, wave: str) -> Crossing:
        """Return the arrays of one wave.

        Raises
        ------
        ArgumentError
            If there is no such wave.
        """
        _chosen(pd.Series(self.waves, dtype="str"), [wave], "wave")
        cells = self.cells[self.cells["wave"] == wave]
        people = cells.drop_duplicates("person_id").sort_values("person_id", ignore_index=True)
        sessions = cells.drop_duplicates("session_id").sort_values("place", ignore_index=True)
        row = pd.Index(people["person_id"]).get_indexer(cells["person_id"])
        column = pd.Index(sessions["session_id"]).get_indexer(cells["session_id"])
        came, could = np.zeros((2, len(people), len(sessions)), dtype=bool)
        could[row, column] = True
        came[row, column] = cells["attended"]
        own = [*PLACED, "held_on", "place", "session_hours", "attended", "hours"]
        return Crossing(
            people=people.drop(columns=own, errors="ignore"),
            sessions=sessions[["session_id", "kind", "mode"]],
            came=came,
            could=could,
        )

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave, kind and mode: sessions, people expected, attendances."""
        grouped = self.cells.groupby(["wave", "kind", "mode"], sort=False)
        counted = grouped.agg(
            n_sessions=("session_id", "nunique"),
            n_persons=("person_id", "nunique"),
            n=("attended", "size"),
            n_attended=("attended", "sum"),
        ).reset_index()
        apart = self.off_roster.groupby(["wave", "kind", "mode"]).size().rename("n_off_roster")
        rows = counted.join(apart, on=["wave", "kind", "mode"])
        rows["n_off_roster"] = rows["n_off_roster"].fillna(0).astype(int)
        rows.insert(1, "relation", RELATION)
        order = {wave: place for place, wave in enumerate(self.waves)}
        return rows.sort_values(
            ["wave", "kind", "mode"],
            key=lambda column: column.map(order) if column.name == "wave" else column,
            ignore_index=True,
        )

    def glance(self) -> pd.DataFrame:
        """Return one row: waves, sessions, people, attendances, and what no roster explains."""
        row = {
            "n_waves": len(self.waves),
            "n_sessions": self.cells["session_id"].nunique(),
            "n_persons": self.cells["person_id"].nunique(),
            "n": len(self.cells),
            "n_attended": int(self.cells["attended"].sum()),
            "n_off_roster": len(self.off_roster),
            "n_sessions_not_counted": len(self.not_counted),
            "reason": "" if len(self.cells) else "no held session has a roster",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"There is no network of people and sessions: {row['reason']}."
        return (
            f"{count(row['n_persons'], 'person', 'people')} came "
            f"{count(row['n_attended'], 'time')} to {count(row['n_sessions'], 'session')} held in "
            f"{count(row['n_waves'], 'wave')}; kept apart: "
            f"{count(row['n_off_roster'], 'attendance')} of people who were not expected and "
            f"{count(row['n_sessions_not_counted'], 'session')} in no wave with a roster."
        )


def affiliation(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    memberships: pd.DataFrame,
    *,
    people: pd.DataFrame | None = None,
    audience: pd.DataFrame | None = None,
) -> Affiliation:
    """Return who came to which held session, among those who could have come.

    Parameters
    ----------
    attendance, sessions, memberships : DataFrame
        The study's tables. Pass the memberships of the network alone to leave coaches out.
    people : DataFrame, optional
        More about each person, by `person_id`.
    audience : DataFrame, optional
        `session_id` and `team_id`: the teams a session was meant for, as `session_audience` lists
        them; a session that is not in it was meant for all. Give it where some sessions were for
        one team: otherwise all other teams count as having stayed away.

    Returns
    -------
    Affiliation
        Somebody is expected at the sessions of each wave whose roster they are on, whatever the
        day they joined or left. A `kind` or `mode` that is missing is "not known". Without held
        sessions it is empty, with a reason.

    Raises
    ------
    ArgumentError
        If a column is absent, an attendance or a session is listed twice, a status or a person's id
        is missing, ids differ by case alone, or an attendance is at a session that is not in
        `sessions`.

    References
    ----------
    Breiger, R. L. (1974). The duality of persons and groups. Social Forces, 53, 181-190.

    Examples
    --------
    >>> sessions = pd.DataFrame({"session_id": ["s1", "s2"], "kind": "day", "wave": "1",
    ...                          "status": "held", "held_on": ["2024-01-05", "2024-02-05"]})
    >>> memberships = pd.DataFrame({"person_id": list("abc"), "wave": "1", "team_id": list("xxy")})
    >>> attendance = pd.DataFrame({"session_id": ["s1", "s1", "s2"], "person_id": list("aba")})
    >>> affiliation(attendance, sessions, memberships).crossing("1").came.astype(int)
    array([[1, 1],
           [1, 0],
           [0, 0]])
    """
    for table, frame in zip(TABLES, (attendance, sessions, memberships), strict=True):
        refuse_no_table(frame, table=table)
    known = sessions.assign(
        **{name: as_text(sessions[name]) if name in sessions else NOT_KNOWN for name in PLACED[1:3]}
    )
    expected = attendance_share(
        attendance, known, memberships, people=people, audience=audience, by="wave"
    ).expected
    _refuse_unclear_ids(attendance, memberships)
    held = known[known["status"].astype("str") == "held"].astype({"session_id": "str"})
    inside = held["session_id"].isin(expected["session_id"])
    return Affiliation(
        cells=expected,
        waves=tuple(expected.sort_values("place")["wave"].unique()),
        off_roster=_off_roster(attendance, held, expected),
        not_counted=tuple(held.loc[~inside, "session_id"]),
    )


def refuse_no_affiliation(given: object) -> None:
    """Raise `ArgumentError` unless this is an `Affiliation`."""
    if not isinstance(given, Affiliation):
        raise ArgumentError(
            "This is no affiliation of people and sessions",
            expected="an Affiliation, as `affiliation` makes it",
            seen=f"a value of type {type(given).__name__}",
        )


def _refuse_unclear_ids(attendance: pd.DataFrame, memberships: pd.DataFrame) -> None:
    refuse_missing(attendance, ["person_id"], what="attendance")
    refuse_missing(memberships, ["person_id"], what="membership")
    ids = [table["person_id"].astype("str") for table in (attendance, memberships)]
    refuse_ids_that_differ_by_case(pd.concat(ids))


def _off_roster(
    attendance: pd.DataFrame, held: pd.DataFrame, expected: pd.DataFrame
) -> pd.DataFrame:
    key = ["session_id", "person_id"]
    came = attendance[key].astype("str").merge(held[list(PLACED)], on="session_id")
    known = pd.MultiIndex.from_frame(expected.loc[expected["attended"], key])
    apart = came[~pd.MultiIndex.from_frame(came[key]).isin(known)]
    return apart[[*PLACED, "person_id"]].astype({"wave": "str"}).reset_index(drop=True)


def _chosen(column: pd.Series, wanted: Sequence[str], what: str) -> list[str]:
    listed = names_in(wanted, argument=f"{what}s")
    strange = [one for one in listed if one not in set(column)]
    if strange:
        raise ArgumentError(
            f"No held session is of this {what}",
            expected=f"some of {shown(column.unique())}",
            seen=shown(strange),
        )
    return listed
