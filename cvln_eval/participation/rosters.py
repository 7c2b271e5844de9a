"""What the functions of this room read from a roster: waves in order, one group a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.study.definition import Wave

__all__ = ["ALL", "NOT_KNOWN", "as_text", "grouped_roster", "need", "wave_labels"]

ALL = "all"
NOT_KNOWN = "not known"


def need(frame: pd.DataFrame, columns: Sequence[str], *, table: str) -> None:
    """Raise `ArgumentError` unless the table has the columns."""
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ArgumentError(
            f"The table {table} lacks a column",
            expected=shown(absent),
            seen=shown(frame.columns),
            todo="pass the study's table, as `study.table(...)` returns it",
        )


def as_text(values: pd.Series) -> pd.Series:
    """Return values as text; a missing one becomes "not known", so that shares add up to 1."""
    return values.astype("str").fillna(NOT_KNOWN)


def wave_labels(waves: Iterable[Wave | str]) -> dict[str, str]:
    """Return wave id to label, in the order given; a plain id is its own label.

    Raises
    ------
    ArgumentError
        If there is no wave or one is given twice.
    """
    listed = [(w.id, w.label) if isinstance(w, Wave) else (w, w) for w in waves]
    labels = dict(listed)
    if not listed or len(labels) < len(listed):
        raise ArgumentError(
            "Waves must be given, each once", seen=shown(wave for wave, _ in listed) or "none"
        )
    return labels


def grouped_roster(
    memberships: pd.DataFrame, people: pd.DataFrame | None, *, waves: Iterable[str]
) -> pd.DataFrame:
    """Return the roster of the given waves with the columns of `people` beside it.

    Raises
    ------
    ArgumentError
        If a column is absent, a wave has no roster, or a person stands twice on one roster.
    """
    need(memberships, ("person_id", "wave", "team_id"), table="memberships")
    wanted = list(waves)
    roster = memberships[memberships["wave"].isin(wanted)].assign(
        wave=lambda frame: frame["wave"].astype("str"),
        person_id=lambda frame: frame["person_id"].astype("str"),
    )
    absent = [wave for wave in wanted if wave not in set(roster["wave"])]
    if len(memberships) and absent:
        raise ArgumentError(
            "A wave has no roster",
            expected=f"one of {shown(memberships['wave'].astype('str'))}",
            seen=shown(absent),
            todo="leave the wave out; a wave without a roster is not a wave that everybody left",
        )
    twice = roster.loc[roster.duplicated(["person_id", "wave"]), "person_id"]
    if len(twice):
        raise ArgumentError("A person stands twice on the roster of a wave", seen=shown(twice))
    return roster if people is None else _with_people(roster, people)


def _with_people(roster: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    need(people, ("person_id",), table="people")
    twice = people.loc[people.duplicated("person_id"), "person_id"]
    if len(twice):
        raise ArgumentError("A person stands twice in people", seen=shown(twice))
    own = ["person_id", *(column for column in people.columns if column not in roster.columns)]
    right = people[own].assign(person_id=people["person_id"].astype("str"))
    return roster.merge(right, on="person_id", how="left", validate="many_to_one")
