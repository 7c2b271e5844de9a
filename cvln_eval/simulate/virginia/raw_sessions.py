"""Untidy files of sessions and coaching visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import other_case
from cvln_eval.simulate.planting import RawDraft, draft_of, pick
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    copy_rows,
    put_in,
    spoil,
    spoil_dates,
    text_of,
)
from cvln_eval.simulate.virginia.drafting_people import style_names
from cvln_eval.simulate.virginia.raw_divisions import DISTRICT
from cvln_eval.simulate.virginia.truth import VirginiaTruth
from cvln_eval.simulate.virginia.world import FACILITATORS

__all__ = ["coaching_draft", "session_drafts"]

NOTE = 'Met three principals, "walked" two schools;\nnext visit in the new term'
STATUS_LABELS = {"held": "Took place", "postponed": "Rescheduled", "cancelled": "Called off"}
MODE_LABELS = {"face_to_face": "In person", "virtual": "Zoom", "hybrid": "Both"}
FOCUS_LABELS = {
    "implementation_plan": "Plan",
    "data_use": "Data",
    "team_dynamics": "Team",
    "communication": "Communication plan",
}


def session_drafts(truth: VirginiaTruth, rng: np.random.Generator) -> list[RawDraft]:
    """Return the calendar of each cohort: a csv file with semicolons, and a workbook."""
    table = truth.tables["sessions"]
    first = _calendar(table[table["session_id"].str.startswith("S4")])
    second = _calendar(table[table["session_id"].str.startswith("S5")])
    drafts = [
        draft_of(first, file="sessions/sessions_4.csv", title=TITLE, delimiter=";"),
        draft_of(
            second,
            file="sessions/calendar_5.xlsx",
            sheet="Calendar",
            title=(*TITLE, "", "Calendar of cohort 5.0"),
            typed=("Planned", "Held", "Hours"),
        ),
    ]
    return [_session_defects(draft, rng) for draft in drafts]


def _calendar(sessions: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Session": sessions["session_id"],
            "Kind": sessions["kind"],
            "Season": sessions["season"],
            "Format": sessions["mode"],
            "Planned": text_of(sessions["planned_on"]),
            "Held": text_of(sessions["held_on"]),
            "Status": sessions["status"],
            "Hours": text_of(sessions["hours"]),
            "Host": sessions["host_team_id"],
            "With": sessions["partner_team_id"],
            "Notes": sessions["status"].map({"held": "", "cancelled": "see e-mail"}).fillna(""),
        }
    )


def _session_defects(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    draft = spoil_dates(spoil_dates(draft, "Planned", n=2, rng=rng), "Held", n=2, rng=rng)
    changes = (
        ("Status", STATUS_LABELS.__getitem__, 12, "status as a label", "label_to_value"),
        ("Status", lambda cell: other_case(cell, rng=rng), 4, "blanks or case", "trimmed"),
        ("Format", MODE_LABELS.__getitem__, 10, "format as a label", "label_to_value"),
        ("Host", DISTRICT.__getitem__, 6, "division by name", "label_to_value"),
        ("Hours", lambda _: "360", 1, "minutes in place of hours", "out_of_range"),
        ("Hours", lambda cell: f"{cell} h", 3, "number with a unit", "number_format"),
        ("Hours", lambda _: "TBD", 1, "code for missing", "missing_code"),
        ("Format", lambda _: "as announced", 1, "no label of the codebook", "unknown_label"),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    return draft


def coaching_draft(truth: VirginiaTruth, rng: np.random.Generator) -> RawDraft:
    """Return the facilitators' log of visits, which names them and knows no ids."""
    visits = truth.tables["coaching"]
    names = {person: name for person, name, _ in FACILITATORS}
    cells = pd.DataFrame(
        {
            "Visit": visits["visit_id"],
            "Facilitator": visits["coach_id"].map(names),
            "Division": visits["team_id"],
            "Date": text_of(visits["held_on"]),
            "Minutes": text_of(visits["minutes"]),
            "Mode": visits["mode"],
            "Focus": visits["focus"],
            "Notes": ["see calendar" if k % 9 == 0 else "" for k in range(len(visits))],
        }
    )
    draft = draft_of(cells, file="coaching/visits.csv", title=TITLE)
    draft = spoil_dates(draft, "Date", n=5, rng=rng)
    changes = (
        ("Minutes", lambda cell: f"-{cell}", 3, "negative minutes", "out_of_range"),
        ("Minutes", lambda cell: f"{cell} min", 10, "number with a unit", "number_format"),
        ("Minutes", lambda _: "about an hour", 2, "words in place of minutes", "not_a_number"),
        ("Minutes", lambda _: "n/a", 2, "code for missing", "missing_code"),
        ("Date", lambda _: "last week", 1, "words in place of a day", "not_a_date"),
        ("Mode", MODE_LABELS.__getitem__, 12, "mode as a label", "label_to_value"),
        ("Focus", FOCUS_LABELS.__getitem__, 15, "focus as a label", "label_to_value"),
        ("Focus", lambda _: "lunch", 1, "no label of the codebook", "unknown_label"),
        ("Division", DISTRICT.__getitem__, 20, "division by name", "label_to_value"),
        ("Notes", lambda _: NOTE, 5, "line break and comma in a note", ""),
    )
    for column, change, n, kind, rule in changes:
        draft = spoil(draft, column, change, n=n, kind=kind, rule=rule, rng=rng)
    return _with_names(_repeated_visits(draft, rng), rng)


def _repeated_visits(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Put in visits that stand twice, one of them with other minutes."""
    same = pick(draft, rng=rng, n=2)
    copies = copy_rows(draft, same, name="copy")
    draft = put_in(draft, copies, after=same, kind="row twice", rule="exact_duplicate", rng=rng)
    other = pick(draft, rng=rng, n=1)
    changed = copy_rows(draft, other, name="changed")
    changed["Minutes"] = ["50" if minutes == "45" else "45" for minutes in changed["Minutes"]]
    return put_in(
        draft,
        changed,
        after=other,
        kind="visit twice, told differently",
        rule="conflicting_duplicate",
        rng=rng,
    )


def _with_names(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Record that each facilitator's name is linked, and write some of them last name first."""
    by_name = {name: person for person, name, _ in FACILITATORS}
    people = draft.cells["Facilitator"].map(by_name)
    return style_names(draft, "Facilitator", people, share=0.1, rng=rng)
