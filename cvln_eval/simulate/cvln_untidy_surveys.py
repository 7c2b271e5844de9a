"""The untidy survey exports of the simulated CVLN study: four waves, four survey tools.

The items on practices of learning groups come later, in `cvln_practices`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_naming import Naming, untidy_teams, with_origin
from cvln_eval.simulate.cvln_parameters import WAVE_DAYS
from cvln_eval.simulate.cvln_people import OUTSIDERS
from cvln_eval.simulate.cvln_survey_layouts import (
    LABELS,
    LAYOUTS,
    MISSING,
    Layout,
    headers_of,
)
from cvln_eval.simulate.cvln_surveys import cvln_items
from cvln_eval.simulate.garbling import other_case, padded
from cvln_eval.simulate.planting import (
    RawDraft,
    draft_of,
    insert_rows,
    pick,
    rewrite,
)
from cvln_eval.simulate.routine import (
    blank_rows,
    copy_rows,
    free_cells,
    plant_some,
    redate,
    relabel,
    repeat_header,
    text_cells,
)
from cvln_eval.simulate.studies import LINK_COLUMNS

__all__ = ["EMPTY", "untidy_surveys"]

EMPTY = "empty/"
COMMENTS = (
    "",
    "Thank you for asking.",
    "Too long.\nStill, the questions were good.",
    'We call it "the plan"; nobody has read it.',
    "More time, please;\nless paper.",
)


def untidy_surveys(
    naming: Naming, *, answers: pd.DataFrame, rng: np.random.Generator
) -> tuple[dict[str, RawDraft], pd.DataFrame]:
    """Return the draft of each wave's export and the decisions about names in them.

    Parameters
    ----------
    naming : Naming
    answers : pd.DataFrame
        From `simulate_answers`.
    rng : np.random.Generator

    Returns
    -------
    dict of RawDraft, pd.DataFrame
        Labels of the rows of true submissions are the person ids.
    """
    drafts, links = {}, []
    for wave, stream in zip(LAYOUTS, rng.spawn(len(LAYOUTS)), strict=True):
        draft = _draft(naming, wave, answers[answers["wave"] == wave], stream)
        draft = _plant_answers(draft, wave, stream)
        draft = _plant_rows(draft, wave, naming, stream)
        draft, more = _plant_people(draft, wave, naming, stream)
        drafts[wave] = _routine(draft, wave, stream)
        links.append(more)
    return drafts, pd.concat(links, ignore_index=True)


def _draft(naming: Naming, wave: str, answers: pd.DataFrame, rng: np.random.Generator) -> RawDraft:
    layout, headers = LAYOUTS[wave], headers_of(wave, practices=False)
    # Not pivot_table, which leaves out items that nobody answered.
    wide = answers.pivot(index="person_id", columns="item", values="answer")  # noqa: PD010
    wide = wide.loc[rng.permutation(wide.index.to_numpy(dtype=object)), list(headers)]
    teams = naming.people.memberships.query("wave == @wave").set_index("person_id")["team_id"]
    minutes = np.sort(rng.integers(0, 12 * 24 * 60, len(wide)))
    when = pd.Timestamp(WAVE_DAYS[wave]) + pd.to_timedelta(minutes, unit="min")
    cells = text_cells(wide).rename(columns=headers)
    front: dict[str, Any] = {layout.time: when.strftime("%Y-%m-%d %H:%M")}
    front |= {name: wide.index for name in (layout.id, layout.name) if name}
    front |= {layout.team: teams.loc[wide.index].to_numpy()}
    cells = pd.concat([pd.DataFrame(front, index=wide.index), cells], axis=1)
    if wave == "2010-spring":
        cells["Comments"] = [COMMENTS[place] for place in rng.integers(0, 5, len(cells))]
    if layout.file.endswith(".csv"):
        cells = with_origin(cells)
    typed = (layout.time, *headers.values()) if layout.title else ()
    return draft_of(
        cells,
        file=layout.file,
        title=layout.title,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        typed=typed,
    )


def _plant_answers(draft: RawDraft, wave: str, rng: np.random.Generator) -> RawDraft:
    """Plant what goes wrong in single answers, each in an item drawn at random."""
    headers, items = headers_of(wave, practices=False), cvln_items()
    sets = items.loc[list(headers), "response_set"].set_axis(list(headers.values()))
    draft = _missing_codes(draft, sets, rng)
    for kind, rule, n, change in _mistakes(LAYOUTS[wave].labels_only, rng):
        for header in rng.choice(sets[sets.isin(["agree5", "extent5"])].index, n):
            labels = LABELS[sets[header]]
            made = _maker(change, labels)
            draft = plant_some(draft, str(header), made, rng=rng, n=1, kind=kind, rule=rule)
    return draft


def _maker(
    change: Callable[[str, dict[str, str]], str], labels: dict[str, str]
) -> Callable[[str], str]:
    return lambda code: change(code, labels)


def _mistakes(
    labels_only: bool, rng: np.random.Generator
) -> tuple[tuple[str, str, int, Callable[[str, dict[str, str]], str]], ...]:
    cased = ("other_case", "trimmed", 3, lambda code, labels: other_case(labels[code], rng=rng))
    blank = ("padded", "trimmed", 3, lambda code, labels: padded(labels[code], rng=rng))
    unknown = ("unknown_label", "unknown_label", 2, lambda code, labels: "it depends")
    if labels_only:
        return (cased, blank, unknown)
    return (
        ("label_among_numbers", "label_to_value", 8, lambda code, labels: labels[code]),
        (
            "number_and_label",
            "label_to_value",
            2,
            lambda code, labels: f"{code} - {labels[code]}",
        ),
        cased,
        blank,
        unknown,
        ("out_of_range", "out_of_range", 3, lambda code, labels: code * 2),
        ("out_of_range", "out_of_range", 1, lambda code, labels: "0"),
    )


def _missing_codes(draft: RawDraft, sets: pd.Series, rng: np.random.Generator) -> RawDraft:
    """Write codes for missing into half of the items that were left out."""
    for header, response_set in sets.items():
        empty = draft.cells.index[(draft.cells[header] == "").to_numpy()]
        drawn = [label for label in empty if rng.random() < 0.5]
        codes = MISSING[response_set]
        impact = response_set == "extent5" and len(empty) > len(draft.cells) / 8
        codes = ("Was not offered", "N/A") if impact else codes
        raw = {label: codes[int(rng.integers(len(codes)))] for label in drawn}
        if raw:
            draft = rewrite(
                draft, column=str(header), raw=raw, kind="missing_code", rule="missing_code"
            )
    return draft


def _plant_rows(draft: RawDraft, wave: str, naming: Naming, rng: np.random.Generator) -> RawDraft:
    """Put in submissions sent twice, one by somebody on no roster, and rows that are none."""
    layout, headers = LAYOUTS[wave], list(headers_of(wave, practices=False).values())
    same = pick(draft, rng=rng, n=1, column=layout.time)
    draft = copy_rows(draft, same, before=_after(draft, same))
    if not layout.labels_only:
        draft = _sent_again(draft, layout, headers, rng, but={*same, *naming.twins})
    if wave in ("2008-fall", "2010-spring"):
        draft = _outsider(draft, wave, headers, rng)
    if wave == "2009-spring":
        draft = _empty_form(draft, wave, naming, rng)
    if wave in ("2009-spring", "2010-spring"):
        draft = blank_rows(draft, rng=rng, n=2)
    return repeat_header(draft, rng=rng) if wave == "2008-fall" else draft


def _after(draft: RawDraft, labels: list[Any]) -> list[Any]:
    order = list(draft.cells.index)
    places = [order.index(label) + 1 for label in labels]
    return [order[place] if place < len(order) else None for place in places]


def _sent_again(
    draft: RawDraft,
    layout: Layout,
    headers: list[str],
    rng: np.random.Generator,
    *,
    but: set[Any],
) -> RawDraft:
    """Add an earlier submission that differs in three answers and has one the last left out."""
    planted = draft.planted[draft.planted["rule"] != "missing_code"]
    clean = [one for one in draft.cells.index if one not in {*planted["label"], *but}]
    label = clean[int(rng.integers(len(clean)))]
    early, row = f"{label}/before", draft.cells.loc[label]
    rule = "duplicate_submission"
    draft = copy_rows(draft, [label], before=[label], kind=rule, rule=rule, suffix="before")
    moment = pd.Timestamp(row[layout.time]) - pd.Timedelta(minutes=int(rng.integers(9, 90)))
    cells = draft.cells.copy()
    cells.loc[early, layout.time] = moment.strftime("%Y-%m-%d %H:%M")
    draft = replace(draft, cells=cells)
    filled = [header for header in headers if row[header] in tuple("2345")]
    *differ, gap = [str(header) for header in rng.choice(filled, 4, replace=False)]
    for header in differ:
        draft = rewrite(
            draft,
            column=header,
            raw={early: "3" if row[header] == "4" else "4"},
            kind="superseded",
            rule="superseded",
            true={early: row[header]},
        )
    return rewrite(
        draft, column=gap, raw={label: ""}, kind="gap_in_last", rule="filled_from_duplicate"
    )


def _outsider(draft: RawDraft, wave: str, headers: list[str], rng: np.random.Generator) -> RawDraft:
    """Add answers of somebody who is on no roster."""
    layout = LAYOUTS[wave]
    name = OUTSIDERS[0] if wave == "2008-fall" else OUTSIDERS[1]
    row = draft.cells.iloc[[3]].set_axis(["outsider"], axis=0)
    row[headers] = "3" if not layout.labels_only else ""
    some = [header for header in headers if draft.cells[header].isin(list("12345")).any()]
    row[some[:13]] = "4"
    if layout.id:
        row[layout.id] = ""
    row[layout.person] = name
    before = [draft.cells.index[int(rng.integers(4, len(draft.cells)))]]
    return insert_rows(draft, row, before=before, kind="outsider", rule="not_on_roster")


def _empty_form(draft: RawDraft, wave: str, naming: Naming, rng: np.random.Generator) -> RawDraft:
    """Add a form that somebody on the roster sent without an answer."""
    layout, roster = LAYOUTS[wave], naming.people.roster(wave)
    silent = roster[~roster["person_id"].isin([*draft.cells.index, *naming.twins])]
    if silent.empty:
        return draft
    person, team = (str(silent[name].iloc[0]) for name in ("person_id", "team_id"))
    last = draft.cells.index[-1]
    row = {layout.time: draft.cells[layout.time][last], layout.person: person, layout.team: team}
    frame = pd.DataFrame({**row, "data_origin": "simulated"}, index=[f"{EMPTY}{person}"])
    return insert_rows(draft, frame, before=[None], kind="no_answers", rule="no_answers")


def _plant_people(
    draft: RawDraft, wave: str, naming: Naming, rng: np.random.Generator
) -> tuple[RawDraft, pd.DataFrame]:
    """Write people as each tool does: id beside name, name alone, or either in one column."""
    layout = LAYOUTS[wave]
    no_links = pd.DataFrame(columns=list(LINK_COLUMNS))
    if wave == "2008-fall":
        return _ids_beside_names(draft, layout, naming, rng), no_links
    draft, links = naming.mistype(draft, layout.person, rng=rng, n=2, team=layout.team)
    if wave == "2010-spring":
        shared = naming.twins
        cells = draft.cells.copy()
        cells[layout.id] = cells[layout.id].where(cells[layout.id].isin(shared), "")
        draft = _names_unrecorded(replace(draft, cells=cells), layout, naming)
        return naming.write(draft, layout.name), links
    if wave == "2011-spring":
        draft = naming.write_new_ids(draft, layout.id)
        ids = free_cells(draft, layout.id)
        stay = [one for one in ids if rng.random() < 0.4]
        return naming.write(draft, layout.id, ids_for=stay), links
    return naming.write(draft, layout.name, twins_too=True), links


def _names_unrecorded(draft: RawDraft, layout: Layout, naming: Naming) -> RawDraft:
    """Write the names of those who give their id too; with an id the name is not looked at."""
    has_id = draft.cells[layout.id] != ""
    cells = draft.cells.copy()
    written = cells.loc[has_id, layout.name].map(lambda one: naming.names.get(one, one))
    cells.loc[has_id, layout.name] = written
    return replace(draft, cells=cells)


def _ids_beside_names(
    draft: RawDraft, layout: Layout, naming: Naming, rng: np.random.Generator
) -> RawDraft:
    """Give id and name, leave the id out for three, and let one id have a blank after it."""
    where = ~draft.cells[layout.id].isin([*naming.twins, "", layout.id])
    labels = pick(draft, rng=rng, n=3, column=layout.name, where=where)
    cells = draft.cells.copy()
    cells.loc[labels, layout.id] = ""
    draft = _names_unrecorded(replace(draft, cells=cells), layout, naming)
    draft = naming.write(draft, layout.name)
    return plant_some(
        draft,
        layout.id,
        lambda one: f"{one} ",
        rng=rng,
        n=1,
        kind="padded",
        rule="trimmed",
        where=draft.cells[layout.id].isin(list(naming.names)),
    )


def _routine(draft: RawDraft, wave: str, rng: np.random.Generator) -> RawDraft:
    layout, headers, items = LAYOUTS[wave], headers_of(wave, practices=False), cvln_items()
    draft = untidy_teams(draft, layout.team, rng=rng, n_case=2)
    if wave == "2009-spring":
        draft = redate(draft, layout.time, ("mdy",), rng=rng)
    if layout.labels_only:
        for item, header in headers.items():
            draft = relabel(draft, header, LABELS[items["response_set"][item]])
    return draft
