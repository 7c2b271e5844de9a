"""Untidy attendance: by name in cohort 4.0, by id and on a sign-in sheet in cohort 5.0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import padded, typo
from cvln_eval.simulate.planting import (
    RawDraft,
    draft_of,
    expected_after,
    flag_rows,
    pick,
    rewrite,
)
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    cell_of,
    copy_rows,
    filler_rows,
    put_in,
    spoil,
    text_of,
)
from cvln_eval.simulate.virginia.drafting_people import (
    flag_new_ids,
    flag_outsiders,
    names_for_ids,
    style_names,
)
from cvln_eval.simulate.virginia.identities import Identities
from cvln_eval.simulate.virginia.raw_divisions import DISTRICT
from cvln_eval.simulate.virginia.truth import VirginiaTruth

__all__ = ["attendance_drafts"]

GUESTS = {
    "4.0": ("Morwenna Tregarthen", "Ulrich Oberholtzer", "Siobhan Mac Giolla"),
    "5.0": ("Thaddeus Wojcik", "Morwenna Tregarthen", "GUEST-7"),
}


@dataclass(frozen=True, slots=True)
class _Extra:
    """Rows put into a file: their cells, the rows they were copied from and follow, and why."""

    rows: pd.DataFrame
    origin: list[object]
    kind: str
    rule: str


def attendance_drafts(
    truth: VirginiaTruth,
    identities: Identities,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[list[RawDraft], pd.DataFrame]:
    """Return the three files of attendance, and the table that cleaning must make of them.

    Parameters
    ----------
    truth : VirginiaTruth
    identities : Identities
    known_guests : dict
        Name to id of people on no roster; filled here.
    rng : Generator

    Returns
    -------
    drafts : list of RawDraft
    expected : DataFrame
    """
    table = _with_context(truth)
    fifth = table["wave"].str.startswith("5.0")
    signed = fifth & (table["kind"] == "convening")
    parts = [
        _list_4(table[~fifth], truth, identities, known_guests, rng),
        _list_5(table[fifth & ~signed], truth, identities, known_guests, rng),
        _sign_in(table[signed], identities, rng),
    ]
    expected = pd.concat([part for _, part in parts], ignore_index=True)
    return [draft for draft, _ in parts], expected


def _with_context(truth: VirginiaTruth) -> pd.DataFrame:
    """Return the attendance with the wave and kind of its session and the team of its leader."""
    sessions = truth.tables["sessions"].set_index("session_id")
    table = truth.tables["attendance"].copy()
    table["wave"] = table["session_id"].map(sessions["wave"])
    table["kind"] = table["session_id"].map(sessions["kind"])
    members = truth.tables["memberships"][["wave", "person_id", "team_id"]]
    return table.merge(members, on=["wave", "person_id"], validate="many_to_one")


def _cells(rows: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Session": rows["session_id"],
            "Leader": people,
            "Division": rows["team_id"],
            "Hours": text_of(rows["hours"]),
        }
    )


def _list_4(
    rows: pd.DataFrame,
    truth: VirginiaTruth,
    identities: Identities,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[RawDraft, pd.DataFrame]:
    """Return the list of cohort 4.0, which knows no ids: names are linked within the division."""
    cells = _cells(rows, rows["person_id"].map(identities.names))
    draft = draft_of(cells, file="attendance/attendance_4.csv", title=TITLE, encoding="cp1252")
    draft = _spoiled(draft, rng)
    draft, extras = _with_extras(draft, rows, truth, "4.0", rng)
    unclear = pick(
        draft, rng=rng, n=2, where=~draft.cells["Leader"].isin(identities.shared_names())
    )
    draft = _misspelled(draft, unclear, rng)
    draft = filler_rows(draft, rng=rng, repeat_header=True)
    people = pd.concat([rows["person_id"], extras]).drop(unclear)
    draft = style_names(draft, "Leader", people, share=0.06, rng=rng)
    draft, guests = flag_outsiders(draft, "Leader", _guest_labels(draft), known_guests)
    return draft, _expected(draft, rows.drop(unclear), rows["person_id"], guests)


def _list_5(
    rows: pd.DataFrame,
    truth: VirginiaTruth,
    identities: Identities,
    known_guests: dict[str, str],
    rng: np.random.Generator,
) -> tuple[RawDraft, pd.DataFrame]:
    """Return the list of cohort 5.0: ids, with a name here and there."""
    given = rows["person_id"].map(lambda person: identities.given(person, "5.0"))
    draft = draft_of(_cells(rows, given), file="attendance/attendance_5.csv", title=TITLE)
    draft = _spoiled(draft, rng)
    draft, extras = _with_extras(draft, rows, truth, "5.0", rng)
    draft = filler_rows(draft, rng=rng, repeat_header=False)
    people = pd.concat([rows["person_id"], extras])
    people = people.map(lambda person: identities.expected(person, "5.0"))
    draft = names_for_ids(draft, "Leader", people, identities, n=25, rng=rng)
    draft = flag_new_ids(draft, "Leader", people)
    draft, guests = flag_outsiders(draft, "Leader", _guest_labels(draft), known_guests)
    return draft, _expected(draft, rows, people, guests)


def _sign_in(
    rows: pd.DataFrame, identities: Identities, rng: np.random.Generator
) -> tuple[RawDraft, pd.DataFrame]:
    """Return the sign-in sheet of the convenings: one row a leader, one column a convening."""
    wide = rows.pivot_table(index="person_id", columns="session_id", values="hours")
    team = rows.drop_duplicates("person_id", keep="last").set_index("person_id")["team_id"]
    sessions = [str(name) for name in wide.columns]
    cells = pd.DataFrame({name: text_of(wide[name]) for name in sessions})
    people = pd.Series(cells.index, index=cells.index)
    cells.insert(0, "Division", team.reindex(cells.index))
    cells.insert(0, "Name", people.map(lambda person: identities.written(person, "5.0")))
    cells.insert(0, "Leader ID", people.map(lambda person: identities.given(person, "5.0")))
    title = (*TITLE, "Sign-in, convenings of cohort 5.0", "")
    draft = draft_of(cells, file="attendance/convenings_5.xlsx", title=title, typed=tuple(sessions))
    for name in sessions:
        kind = "words in place of hours"
        draft = spoil(
            draft, name, lambda _: "half day", n=2, kind=kind, rule="not_a_number", rng=rng
        )
    expected_ids = people.map(lambda person: identities.expected(person, "5.0"))
    draft = flag_new_ids(draft, "Leader ID", expected_ids)
    left = expected_after(wide, draft, columns={name: name for name in sessions})
    long = rows.assign(person_id=rows["person_id"].map(expected_ids))
    long["hours"] = [
        left.loc[person, session]
        for person, session in zip(rows["person_id"], rows["session_id"], strict=True)
    ]
    return draft, long[["session_id", "person_id", "hours"]]


def _spoiled(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    changes = (
        ("Division", DISTRICT.__getitem__, 25, "division by name", "label_to_value"),
        ("Hours", lambda cell: f"{cell} hours", 15, "number with a unit", "number_format"),
        ("Hours", lambda _: "60", 3, "minutes in place of hours", "out_of_range"),
        ("Hours", lambda _: "all day", 2, "words in place of hours", "not_a_number"),
        ("Session", lambda cell: padded(cell, rng=rng), 8, "blanks or case", "trimmed"),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    return draft


def _with_extras(
    draft: RawDraft, rows: pd.DataFrame, truth: VirginiaTruth, cohort: str, rng: np.random.Generator
) -> tuple[RawDraft, pd.Series]:
    """Put in rows that are no records, and return whom those name who are on a roster."""
    idle = _idle_sessions(truth)
    once = ~rows["person_id"].duplicated()
    twice, source = pick(draft, rng=rng, n=6), pick(draft, rng=rng, n=4, where=once)
    absent = pick(draft, rng=rng, n=5, where=once & rows["wave"].isin(idle))
    copies = copy_rows(draft, twice, name="copy")
    nowhere = copy_rows(draft, source[:1], name="nowhere", Session="S999")
    keyless = copy_rows(draft, source[1:2], name="keyless", Session="")
    not_held = copy_rows(draft, absent, name="not held")
    waves = rows["wave"].loc[pd.Index(absent)]
    not_held["Session"] = [str(rng.choice(idle[wave])) for wave in waves]
    extras = (
        _Extra(copies, twice, "row twice", "exact_duplicate"),
        _Extra(not_held, absent, "attendance at a session not held", "session_not_held"),
        _Extra(nowhere, source[:1], "session in no file", "unknown_reference"),
        _Extra(keyless, source[1:2], "session left out", "missing_key"),
    )
    named: dict[object, str] = {}
    for extra in extras:
        draft = put_in(
            draft, extra.rows, after=extra.origin, kind=extra.kind, rule=extra.rule, rng=rng
        )
        known = rows["person_id"].loc[pd.Index(extra.origin)]
        named |= dict(zip(extra.rows.index, known, strict=True))
    guests = copy_rows(draft, source[: len(GUESTS[cohort])], name="guest")
    guests["Leader"] = list(GUESTS[cohort])
    draft = put_in(draft, guests, kind="", rule="", rng=rng)
    return draft, pd.Series(named, dtype="str")


def _idle_sessions(truth: VirginiaTruth) -> dict[str, list[str]]:
    """Return the sessions that were not held, by wave; a wave without any is left out."""
    sessions = truth.tables["sessions"]
    idle = sessions[sessions["status"] != "held"]
    return {str(wave): sorted(ids) for wave, ids in idle.groupby("wave")["session_id"]}


def _misspelled(draft: RawDraft, labels: list[object], rng: np.random.Generator) -> RawDraft:
    """Misspell some names, so that their rows wait for a decision."""
    raw = {label: typo(cell_of(draft, label, "Leader"), rng=rng) for label in labels}
    note = "the row waits in people_to_review.csv"
    kind = "misspelled name, not decided"
    draft = rewrite(draft, column="Leader", raw=raw, kind=kind, rule="", note=note)
    return flag_rows(draft, labels=labels, kind=kind, rule="unresolved_person", note=note)


def _guest_labels(draft: RawDraft) -> list[object]:
    return [label for label in draft.cells.index if str(label).startswith("guest")]


def _expected(
    draft: RawDraft, rows: pd.DataFrame, people: pd.Series, guests: pd.Series
) -> pd.DataFrame:
    """Return what must come of a list: its records, and those of the people on no roster."""
    left = expected_after(rows, draft, columns={"Hours": "hours"})
    left["person_id"] = people.reindex(left.index)
    cells = draft.cells.loc[guests.index]
    more = pd.DataFrame(
        {
            "session_id": cells["Session"],
            "person_id": guests,
            "hours": cells["Hours"].astype(float),
        }
    )
    return pd.concat([left[["session_id", "person_id", "hours"]], more])
