"""Practices of two learning groups in the CVLN study, as leaders who know the groups see them.

The grade 3 and the grade 9 group are asked about with the same six items. Answers and untidiness
come from random streams of their own and are put beside surveys that are finished, so that no
other number of the study depends on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import EFFECTS, TEAMS, WAVE_DAYS
from cvln_eval.simulate.cvln_people import CvlnPeople
from cvln_eval.simulate.cvln_survey_layouts import LABELS, LAYOUTS, MISSING, headers_of
from cvln_eval.simulate.cvln_surveys import FIELDED, PRACTICES_ASKED, cvln_items
from cvln_eval.simulate.garbling import other_case
from cvln_eval.simulate.planting import RawDraft, draft_of, rewrite
from cvln_eval.simulate.routine import plant_some, relabel, text_cells

__all__ = ["ASKED_IN", "NOT_ASKED", "add_practices", "simulate_practices"]

ASKED_IN = tuple(wave for wave, asked in FIELDED.items() if PRACTICES_ASKED in asked)
NOT_ASKED = "Was not asked"
GROUPS = ("grade_3", "grade_9")
# Principals lead the elementary schools of this study, vice-principals are at its high schools.
OWN_GROUP = {"principal": "grade_3", "vice_principal": "grade_9"}
ANSWERS = "extent5"
LOW, HIGH = 1, 5


def simulate_practices(
    people: CvlnPeople, *, answered: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return how far each practice is in place in each group, as those who answer see it.

    Parameters
    ----------
    people : CvlnPeople
    answered : pd.DataFrame
        From `simulate_who_answers`.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, person_id, item, value, answer`; missing where a person does not know the group, for
        all of its practices, and where an item was left out by chance.
    """
    items = cvln_items().query("instrument == @PRACTICES_ASKED")
    shifts = _stable(people, list(items.index), rng)
    given = answered[answered["responded"]]
    members = people.memberships.merge(given[["wave", "person_id"]])
    parts = [
        _of_item(item, members[members["wave"] == wave], shifts, rng)
        for wave in ASKED_IN
        for item in items.itertuples()
    ]
    return pd.concat(parts, ignore_index=True)


def _stable(
    people: CvlnPeople, items: list[str], rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Draw what does not change over the waves: who knows which group, and how people see it."""
    given, groups = EFFECTS["cpl"], [f"cpl_{group}" for group in GROUPS]
    ids = list(people.people["person_id"])
    person = given["sd_person"] * rng.normal(size=(len(ids), 1))
    person = person + given["sd_person_group"] * rng.normal(size=(len(ids), len(groups)))
    team = given["sd_team_practice"] * rng.normal(size=(len(TEAMS), len(items)))
    knows = rng.random((len(ids), len(groups))) < _chance_to_know(people)
    return {
        "person": pd.DataFrame(person, ids, groups),
        "team": pd.DataFrame(team, list(TEAMS), items),
        "knows": pd.DataFrame(knows, ids, groups),
    }


def _chance_to_know(people: CvlnPeople) -> np.ndarray:
    share = EFFECTS["cpl"]["share_knows"]
    own = people.people["role"].map(OWN_GROUP)
    chance = [np.where(own == group, share["own_group"], share["other_group"]) for group in GROUPS]
    known = np.column_stack(chance)
    return np.where(own.isna().to_numpy()[:, None], share["central_office"], known)


def _of_item(
    item: Any, rows: pd.DataFrame, shifts: dict[str, pd.DataFrame], rng: np.random.Generator
) -> pd.DataFrame:
    given, ids = EFFECTS["cpl"], rows["person_id"]
    group = item.scale.removeprefix("cpl_")
    practice = item.item.split("_", 2)[2]
    wave = str(rows["wave"].iloc[0])
    years = pd.Timestamp(WAVE_DAYS[wave]).year - pd.Timestamp(WAVE_DAYS[ASKED_IN[0]]).year
    level = given["level_spring_2010"][group][practice] + years * given["change_per_year"][group]
    level = level + shifts["person"].loc[ids, item.scale].to_numpy()
    level = level + shifts["team"].loc[rows["team_id"], item.item].to_numpy()
    seen = np.rint(level + given["sd_answer"] * rng.normal(size=len(rows)))
    gap = rng.random(len(rows)) < EFFECTS["response"]["share_item_missing"]
    known = shifts["knows"].loc[ids, item.scale].to_numpy() & ~gap
    value = np.where(known, np.clip(seen, LOW, HIGH), np.nan)
    part = {"wave": wave, "person_id": ids, "item": item.item, "value": value, "answer": value}
    return pd.DataFrame(part)


def add_practices(
    drafts: dict[str, RawDraft], *, answers: pd.DataFrame, rng: np.random.Generator
) -> dict[str, RawDraft]:
    """Return the surveys with the items on practices beside the others, as untidy as those.

    Parameters
    ----------
    drafts : dict of RawDraft
        The finished export of each wave, from `untidy_surveys`.
    answers : pd.DataFrame
        With the rows of `simulate_practices`.
    rng : np.random.Generator

    Returns
    -------
    dict of RawDraft
        The cells and defects of the given drafts are as they were.
    """
    added = dict(drafts)
    for wave, stream in zip(ASKED_IN, rng.spawn(len(ASKED_IN)), strict=True):
        of_wave = answers[answers["wave"] == wave]
        added[wave] = _beside(drafts[wave], _columns(drafts[wave], wave, of_wave, stream), wave)
    return added


def _columns(
    draft: RawDraft, wave: str, answers: pd.DataFrame, rng: np.random.Generator
) -> RawDraft:
    """Return the new columns alone, one row for each person who answered."""
    headers, layout = headers_of(wave, practices=True), LAYOUTS[wave]
    wide = answers.pivot(index="person_id", columns="item", values="answer")  # noqa: PD010
    cells = text_cells(wide[list(headers)]).rename(columns=headers)
    new = _missing(draft_of(cells, file=layout.file), headers, rng)
    # A row that was sent twice stays free of mistakes: which of the two counts is planted already.
    sent = pd.Series([_person(label) for label in draft.cells.index])
    once = pd.Series(~cells.index.isin(sent[sent.duplicated()]), index=cells.index)
    for kind, rule, change in _mistakes(layout.labels_only, rng):
        header = str(rng.choice(list(headers.values())))
        new = plant_some(new, header, change, rng=rng, n=1, kind=kind, rule=rule, where=once)
    if layout.labels_only:
        for header in headers.values():
            new = relabel(new, header, LABELS[ANSWERS])
    return new


def _missing(draft: RawDraft, headers: dict[str, str], rng: np.random.Generator) -> RawDraft:
    """Write that a group was not asked about, and codes into half of the other gaps."""
    scale = cvln_items()["scale"]
    for item, header in headers.items():
        group = [other for name, other in headers.items() if scale[name] == scale[item]]
        unknown = (draft.cells[group].isin(["", NOT_ASKED])).all(axis=1)
        empty = draft.cells[header] == ""
        raw = dict.fromkeys(draft.cells.index[empty & unknown], NOT_ASKED)
        for label in draft.cells.index[empty & ~unknown]:
            if rng.random() < 0.5:
                raw[label] = str(rng.choice(MISSING[ANSWERS]))
        if raw:
            draft = rewrite(draft, column=header, raw=raw, kind="missing_code", rule="missing_code")
    return draft


def _mistakes(
    labels_only: bool, rng: np.random.Generator
) -> tuple[tuple[str, str, Callable[[str], str]], ...]:
    labels = LABELS[ANSWERS]
    everywhere = (
        ("other_case", "trimmed", lambda code: other_case(labels[code], rng=rng)),
        ("unknown_label", "unknown_label", lambda code: "it depends"),
    )
    if labels_only:
        return everywhere
    of_numbers = ("label_among_numbers", "label_to_value", lambda code: labels[code])
    return (*everywhere, of_numbers, ("out_of_range", "out_of_range", lambda code: code * 2))


def _beside(draft: RawDraft, new: RawDraft, wave: str) -> RawDraft:
    """Put the columns after the last item; copies of a row get what the row has."""
    people = [_person(label) for label in draft.cells.index]
    cells = new.cells.reindex(people, fill_value="").set_axis(draft.cells.index, axis=0)
    others = draft.cells.columns.isin(list(headers_of(wave, practices=False).values()))
    place = 1 + int(np.flatnonzero(others)[-1])
    joined = pd.concat([draft.cells.iloc[:, :place], cells, draft.cells.iloc[:, place:]], axis=1)
    rows = pd.DataFrame({"label": people, "_row": list(draft.cells.index)})
    planted = new.planted.merge(rows, on="label").drop(columns="label")
    planted = planted.rename(columns={"_row": "label"})[list(draft.planted.columns)]
    both = pd.concat([draft.planted, planted.astype("object")], ignore_index=True)
    typed = (*draft.typed, *cells.columns) if draft.typed else ()
    return replace(draft, cells=joined, planted=both, typed=typed)


def _person(label: object) -> str:
    """Return whose row it is: a copy's label is the person's with a word after a slash."""
    return str(label).partition("/")[0]
