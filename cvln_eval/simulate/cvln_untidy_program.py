"""The untidy files on the programme of the simulated CVLN study: sessions, sign-ins, coaching."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_naming import Naming, untidy_teams, with_origin
from cvln_eval.simulate.cvln_parameters import WAVES
from cvln_eval.simulate.cvln_people import OUTSIDER_IDS, OUTSIDERS, SHARED_IN_ONE_TEAM
from cvln_eval.simulate.garbling import always, padded
from cvln_eval.simulate.planting import (
    RawDraft,
    draft_of,
    flag_cells,
    insert_rows,
    pick,
    rewrite,
)
from cvln_eval.simulate.routine import (
    blank_rows,
    copy_rows,
    plant_some,
    redate,
    relabel,
    repeat_header,
    serial_dates,
    text_cells,
)
from cvln_eval.simulate.writing import SIMULATED

__all__ = ["untidy_attendance", "untidy_coaching", "untidy_sessions"]

SCHOOL_YEARS = {"2008-09": WAVES[:2], "2009-10": WAVES[2:3], "2010-11": WAVES[3:]}
KINDS: dict[str, str | tuple[str, ...]] = {
    "summer_institute": "Summer Institute",
    "network_day": "Network Day",
    "webinar": "Webinar",
    "district_work_session": "District Work Session",
    "coaches_meeting": "Coaches' Meeting",
}
MODES: dict[str, str | tuple[str, ...]] = {
    "face_to_face": ("Face to face", "F2F", "In person"),
    "virtual": ("Online", "Phone/web"),
    "hybrid": "Hybrid",
}
STATUS: dict[str, str | tuple[str, ...]] = {
    "held": ("Held", "Took place"),
    "postponed": "Postponed",
    "cancelled": ("Cancelled", "Canceled"),
}
FOCUS: dict[str, str | tuple[str, ...]] = {
    "team_culture": "Team culture",
    "data_use": "Data use",
    "instruction": "Instruction",
    "planning": "Planning",
    "communication": "Communication",
}
SESSIONS = {
    "session_id": "Session",
    "kind": "What",
    "title": "Title",
    "mode": "How",
    "planned_on": "Planned for",
    "held_on": "Held on",
    "status": "Status",
    "hours": "Hours",
    "host_team_id": "Host district",
}
NOTES = (
    "",
    "Went over the plan.\nNext: protocols.",
    'Principal asked for "less theory".',
    "Good talk; two came late.",
)
UNTRUE_SESSION = "S999"


def untidy_sessions(sessions: pd.DataFrame, *, rng: np.random.Generator) -> list[RawDraft]:
    """Return the drafts of the calendar, one sheet a school year."""
    drafts = []
    for (year, waves), stream in zip(SCHOOL_YEARS.items(), rng.spawn(3), strict=True):
        here = sessions[sessions["wave"].isin(waves)]
        cells = text_cells(here[list(SESSIONS)]).rename(columns=SESSIONS)
        title = (f"Calendar {year}", SIMULATED) if year != "2009-10" else ()
        typed = ("Planned for", "Held on", "Hours")
        draft = draft_of(cells, file="sessions.xlsx", sheet=year, title=title, typed=typed)
        for column in ("Planned for", "Held on"):
            draft = serial_dates(draft, column, rng=stream, n=2)
            some = pd.Series(False, index=draft.cells.index)
            some.loc[pick(draft, rng=stream, n=3, column=column)] = True
            draft = _written_dates(draft, column, some)
        draft = plant_some(
            draft,
            "Hours",
            lambda text: f"{text} hrs",
            rng=stream,
            n=3,
            kind="number_with_unit",
            rule="number_format",
        )
        draft = _some_padded(draft, "How", MODES, stream)
        draft = untidy_teams(draft, "Host district", rng=stream, n_case=1)
        for column, labels in (("What", KINDS), ("How", MODES), ("Status", STATUS)):
            draft = relabel(draft, column, labels, rng=stream)
        drafts.append(
            repeat_header(draft, rng=stream)
            if year == "2010-11"
            else blank_rows(draft, rng=stream, n=1)
        )
    return drafts


def _written_dates(draft: RawDraft, column: str, where: pd.Series) -> RawDraft:
    """Write some dates as text, where the others are dates of Excel."""
    days = pd.to_datetime(draft.cells.loc[where, column])
    raw = {label: f"{day.month}/{day.day}/{day.year}" for label, day in days.items()}
    return rewrite(draft, column=column, raw=raw, kind="date_format", rule="date_format")


def _some_padded(
    draft: RawDraft,
    column: str,
    labels: dict[str, str | tuple[str, ...]],
    rng: np.random.Generator,
) -> RawDraft:
    first = {code: one if isinstance(one, str) else one[0] for code, one in labels.items()}
    return plant_some(
        draft,
        column,
        lambda code: padded(first[code], rng=rng),
        rng=rng,
        n=2,
        kind="padded",
        rule="trimmed",
    )


def untidy_attendance(
    naming: Naming,
    *,
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[list[RawDraft], pd.DataFrame]:
    """Return the drafts of three years' attendance and the decisions about names in them.

    The first year is a sign-in sheet with one column a session, the others are lists. In the lists
    the labels of the rows are those of the true attendance.
    """
    wave = attendance["session_id"].map(sessions.set_index("session_id")["wave"])
    streams = rng.spawn(3)
    first = attendance[wave.isin(SCHOOL_YEARS["2008-09"])]
    not_held = sessions.loc[sessions["status"] != "held", ["session_id", "wave"]]
    absent = {
        year: list(not_held.loc[not_held["wave"].isin(waves), "session_id"])
        for year, waves in SCHOOL_YEARS.items()
    }
    sign_in = _sign_in(naming, first, absent["2008-09"], streams[0])
    second, links = _second(naming, attendance[wave == WAVES[2]], absent["2009-10"], streams[1])
    third, more = _third(naming, attendance[wave == WAVES[3]], absent["2010-11"], streams[2])
    return [sign_in, second, third], pd.concat([links, more], ignore_index=True)


def _sign_in(
    naming: Naming, attendance: pd.DataFrame, absent: list[str], rng: np.random.Generator
) -> RawDraft:
    wide = attendance.pivot_table(index="person_id", columns="session_id", values="hours")
    cells = text_cells(wide)
    if absent:
        cells[absent[0]] = ""
    people = naming.people.people.set_index("person_id")
    cells.insert(0, "Participant", cells.index)
    cells.insert(1, "District", people.loc[cells.index, "team_id"])
    cells = cells.sort_values(["District", "Participant"])
    title = ("Sign-in sheets 2008-09, hours", SIMULATED, "")
    hours = tuple(cells.columns[2:])
    draft = draft_of(cells, file="attendance_2008-09.xlsx", title=title, typed=hours)
    if absent:
        drawn = [str(one) for one in rng.choice(cells.index, 2, replace=False)]
        draft = rewrite(
            draft,
            column=absent[0],
            raw=dict.fromkeys(drawn, "1.5"),
            kind="session_not_held",
            rule="session_not_held",
        )
    held = [column for column in hours if column not in absent]
    for column, raw, kind, rule in (
        (rng.choice(held), "65", "out_of_range", "out_of_range"),
        (rng.choice(held), "N/A", "missing_code", "missing_code"),
        (rng.choice(held), "-3", "negative_hours", "out_of_range"),
    ):
        draft = plant_some(draft, str(column), always(raw), rng=rng, n=1, kind=kind, rule=rule)
    same_team = [one for one in naming.twins if naming.names[one] == SHARED_IN_ONE_TEAM]
    draft = naming.write(draft, "Participant", ids_for=same_team, twins_too=True)
    return untidy_teams(draft, "District", rng=rng, n_case=2)


def _list(attendance: pd.DataFrame, headers: tuple[str, str, str]) -> pd.DataFrame:
    return with_origin(text_cells(attendance).set_axis(list(headers), axis=1))


def _second(
    naming: Naming, attendance: pd.DataFrame, absent: list[str], rng: np.random.Generator
) -> tuple[RawDraft, pd.DataFrame]:
    headers = ("Session", "Participant", "Hours")
    draft = draft_of(_list(attendance, headers), file="attendance_2009-10.csv")
    draft = _hours_wrong(draft, "Hours", rng)
    draft = plant_some(
        draft, "Session", lambda one: f" {one}", rng=rng, n=3, kind="padded", rule="trimmed"
    )
    twice = pick(draft, rng=rng, n=3)
    draft = copy_rows(draft, twice, before=[None] * len(twice))
    draft = _conflicting(draft, "Hours", rng)
    draft = _rows_without_session(draft, headers, absent, rng)
    draft = _outside(draft, headers, attendance)
    draft, links = naming.mistype(draft, "Participant", rng=rng, n=3)
    draft = blank_rows(draft, rng=rng, n=2)
    return naming.write(draft, "Participant"), links


def _hours_wrong(draft: RawDraft, column: str, rng: np.random.Generator) -> RawDraft:
    for raw, kind, rule in (
        ("65", "out_of_range", "out_of_range"),
        ("-2", "negative_hours", "out_of_range"),
        ("N/A", "missing_code", "missing_code"),
        ("all day", "not_a_number", "not_a_number"),
    ):
        draft = plant_some(draft, column, always(raw), rng=rng, n=1, kind=kind, rule=rule)
    return plant_some(
        draft,
        column,
        lambda text: f"{text} h",
        rng=rng,
        n=4,
        kind="number_with_unit",
        rule="number_format",
    )


def _conflicting(draft: RawDraft, column: str, rng: np.random.Generator) -> RawDraft:
    """Add, at the end, a row of the same person and session with other hours."""
    label = pick(draft, rng=rng, n=1)
    rule = "conflicting_duplicate"
    draft = copy_rows(draft, label, before=[None], kind=rule, rule=rule, suffix="otherwise")
    cells = draft.cells.copy()
    spot = f"{label[0]}/otherwise"
    cells.loc[spot, column] = "0.5" if cells.loc[spot, column] != "0.5" else "1"
    return replace(draft, cells=cells)


def _rows_without_session(
    draft: RawDraft,
    headers: tuple[str, str, str],
    absent: list[str],
    rng: np.random.Generator,
) -> RawDraft:
    """Add attendance at a session that was not held, at one that is in no file, and of nobody."""
    session, participant, hours = headers
    people = [one for one in draft.cells[participant].drop_duplicates() if one.startswith("P1")]
    rows = [(absent[0], str(one), "session_not_held") for one in rng.choice(people, 3, False)]
    rows = rows if absent else []
    rows.append((UNTRUE_SESSION, str(rng.choice(people)), "unknown_reference"))
    rows.append((draft.cells[session].iloc[5].strip(), "", "missing_key"))
    for place, (what, who, rule) in enumerate(rows):
        row = {session: what, participant: who, hours: "2", "data_origin": "simulated"}
        before = [draft.cells.index[int(rng.integers(10, len(draft.cells)))]]
        frame = pd.DataFrame(row, index=[f"{rule}/{place}"])
        draft = insert_rows(draft, frame, before=before, kind=rule, rule=rule)
    return draft


def _outside(draft: RawDraft, headers: tuple[str, str, str], attendance: pd.DataFrame) -> RawDraft:
    """Add somebody on no roster, who came to two sessions."""
    session, participant, hours = headers
    visits = sorted(attendance["session_id"].unique())[:2]
    rows = {
        session: visits,
        participant: OUTSIDERS[3],
        hours: "3",
        "data_origin": "simulated",
    }
    labels = [f"outside/{visit}" for visit in visits]
    draft = insert_rows(draft, pd.DataFrame(rows, index=labels), before=[None, None])
    return flag_cells(
        draft,
        column=participant,
        labels=labels,
        kind="outsider",
        rule="outsider",
        true=dict.fromkeys(labels, OUTSIDER_IDS[3]),
    )


def _third(
    naming: Naming, attendance: pd.DataFrame, absent: list[str], rng: np.random.Generator
) -> tuple[RawDraft, pd.DataFrame]:
    headers = ("session id", "who", "time (h)")
    cells = _list(attendance, headers)
    title = ("Attendance 2010-11", SIMULATED)
    draft = draft_of(
        cells, file="attendance_2010-11.csv", title=title, encoding="cp1252", delimiter=";"
    )
    draft = _hours_wrong(draft, headers[2], rng)
    draft = _rows_without_session(draft, headers, absent, rng)
    draft = naming.write_new_ids(draft, headers[1])
    draft, links = naming.mistype(draft, headers[1], rng=rng, n=2)
    coaches = draft.cells[headers[1]].str.startswith("C0")
    raw = {label: naming.names[one] for label, one in draft.cells.loc[coaches, headers[1]].items()}
    draft = rewrite(draft, column=headers[1], raw=raw, kind="written_name", rule="linked_by_name")
    return repeat_header(draft, rng=rng), links


def untidy_coaching(
    naming: Naming, *, coaching: pd.DataFrame, rng: np.random.Generator
) -> list[RawDraft]:
    """Return the drafts of the coaching log: a csv of two years and a workbook of the third.

    Row labels are those of the true log.
    """
    last = coaching["held_on"] >= pd.Timestamp("2010-07-01")
    streams = rng.spawn(2)
    return [
        _log(naming, coaching[~last], streams[0]),
        _workbook(naming, coaching[last], streams[1]),
    ]


LOG = {
    "visit_id": "Visit",
    "coach_id": "Coach",
    "team_id": "District",
    "held_on": "Date",
    "minutes": "Minutes",
    "mode": "Mode",
    "focus": "Focus",
}


def _log(naming: Naming, coaching: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    cells = text_cells(coaching[list(LOG)]).rename(columns=LOG)
    cells["Notes"] = [NOTES[place] for place in rng.integers(0, len(NOTES), len(cells))]
    draft = draft_of(with_origin(cells), file="coaching_log_2008-10.csv")
    draft = _minutes_wrong(draft, rng, missing="N/A")
    draft = plant_some(
        draft, "Date", lambda _: "early spring", rng=rng, n=1, kind="not_a_date", rule="not_a_date"
    )
    twice = pick(draft, rng=rng, n=2)
    draft = copy_rows(draft, twice, before=[None] * 2)
    draft = _conflicting(draft, "Minutes", rng)
    draft = redate(draft, "Date", ("mdy", "long", "iso"), rng=rng)
    draft = blank_rows(_coded(draft, rng), rng=rng, n=1)
    return naming.write(draft, "Coach")


def _workbook(naming: Naming, coaching: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    cells = text_cells(coaching[list(LOG)]).rename(columns=LOG)
    title = ("Coaching log 2010-11", SIMULATED)
    typed = ("Date", "Minutes")
    draft = draft_of(cells, file="coaching_log_2010-11.xlsx", title=title, typed=typed)
    draft = serial_dates(_minutes_wrong(draft, rng, missing="#N/A"), "Date", rng=rng, n=5)
    return _coded(draft, rng)


def _minutes_wrong(draft: RawDraft, rng: np.random.Generator, *, missing: str) -> RawDraft:
    for n, change, kind, rule in (
        (2, lambda text: f"-{text}", "negative_minutes", "out_of_range"),
        (3, lambda text: f"{text} min", "number_with_unit", "number_format"),
        (1, always(missing), "missing_code", "missing_code"),
    ):
        draft = plant_some(draft, "Minutes", change, rng=rng, n=n, kind=kind, rule=rule)
    return draft


def _coded(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    draft = _some_padded(draft, "Focus", FOCUS, rng)
    draft = untidy_teams(draft, "District", rng=rng, n_case=2)
    draft = relabel(draft, "Mode", MODES, rng=rng)
    return relabel(draft, "Focus", FOCUS, rng=rng)
