"""The untidy lists of ties of the simulated CVLN study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_naming import Naming, untidy_teams, with_origin
from cvln_eval.simulate.cvln_parameters import RELATIONS, WAVES
from cvln_eval.simulate.cvln_people import ID_MADE, OUTSIDER_IDS, OUTSIDERS
from cvln_eval.simulate.planting import RawDraft, draft_of, flag_cells, insert_rows, pick
from cvln_eval.simulate.routine import (
    blank_rows,
    copy_rows,
    free_cells,
    plant_some,
    repeat_header,
    text_cells,
)
from cvln_eval.simulate.studies import LINK_COLUMNS
from cvln_eval.simulate.writing import SIMULATED

__all__ = ["expected_ties", "untidy_coach_ties", "untidy_ties"]

TABLE = ("sender_id", "receiver_id", "relation", "strength")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one wave's list of ties is written."""

    file: str
    headers: tuple[str, str, str, str]
    team: str = ""
    senders: str = "ids"
    receivers: str = "ids"
    encoding: str = "utf-8"
    delimiter: str = ","
    title: tuple[str, ...] = ()


LAYOUTS = {
    "2008-fall": Layout("network_2008-fall.csv", ("From", "To", "Relation", "How often (1-4)")),
    "2009-spring": Layout(
        "network_2009-spring.csv",
        ("Your name", "Who", "What for", "How often"),
        team="Your district",
        senders="names",
        receivers="names",
        encoding="cp1252",
        delimiter=";",
    ),
    "2010-spring": Layout(
        "network_2010-spring.csv",
        ("Respondent", "Colleague", "Question", "Frequency"),
        receivers="names",
        encoding="utf-8-sig",
    ),
    "2011-spring": Layout(
        "network_2011-spring.xlsx",
        ("Ego", "Alter", "Tie", "Strength"),
        team="District of ego",
        senders="new_ids",
        receivers="names",
        title=("Network survey, spring 2011: who turns to whom", SIMULATED),
    ),
}


def untidy_ties(
    naming: Naming, *, ties: pd.DataFrame, answered: pd.DataFrame, rng: np.random.Generator
) -> tuple[dict[str, RawDraft], pd.DataFrame]:
    """Return the draft of each wave's list of ties and the decisions about names in them.

    Row labels are those of the true ties; respondents who name nobody have a row that says so.
    """
    drafts, links = {}, []
    for wave, stream in zip(WAVES, rng.spawn(len(WAVES)), strict=True):
        layout = LAYOUTS[wave]
        here = ties[ties["wave"] == wave]
        people = answered.loc[(answered["wave"] == wave) & answered["responded"], "person_id"]
        draft = _draft(naming, wave, here, layout)
        draft = _names_nobody(draft, naming, here, list(people), layout, stream)
        draft = _plant_rows(draft, wave, naming, list(people), layout, stream)
        draft = _plant_cells(draft, layout, stream)
        draft, more = _plant_people(draft, naming, layout, stream)
        drafts[wave] = untidy_teams(draft, layout.team, rng=stream) if layout.team else draft
        links.append(more)
    return drafts, pd.concat(links, ignore_index=True)


def _draft(naming: Naming, wave: str, ties: pd.DataFrame, layout: Layout) -> RawDraft:
    cells = text_cells(ties[list(TABLE)]).set_axis(layout.headers, axis=1)
    if layout.team:
        teams = naming.people.roster(wave).set_index("person_id")["team_id"]
        cells.insert(1, layout.team, teams.loc[ties["sender_id"]].to_numpy())
    if layout.file.endswith(".csv"):
        cells = with_origin(cells)
    typed = (layout.headers[3],) if layout.title else ()
    return draft_of(
        cells,
        file=layout.file,
        title=layout.title,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        typed=typed,
    )


def _row(
    naming: Naming, layout: Layout, label: str, cells: tuple[str, str, str, str]
) -> pd.DataFrame:
    row = dict(zip(layout.headers, cells, strict=True))
    if layout.team:
        teams = naming.people.people.set_index("person_id")["team_id"]
        row[layout.team] = teams.get(cells[0], "Almond Grove")
    if layout.file.endswith(".csv"):
        row["data_origin"] = "simulated"
    return pd.DataFrame(row, index=[label])


def _names_nobody(
    draft: RawDraft,
    naming: Naming,
    ties: pd.DataFrame,
    people: list[str],
    layout: Layout,
    rng: np.random.Generator,
) -> RawDraft:
    """Add, for those who answer and name nobody, a row without a receiver or with strength 0."""
    for relation in RELATIONS:
        named = set(ties.loc[ties["relation"] == relation, "sender_id"])
        for person in people:
            if person not in named:
                strength = "0" if rng.random() < 0.2 else ""
                cells = (person, "", relation, strength)
                row = _row(naming, layout, f"nobody/{relation}/{person}", cells)
                before = [draft.cells.index[int(rng.integers(len(draft.cells)))]]
                draft = insert_rows(
                    draft, row, before=before, kind="names_nobody", rule="not_a_tie"
                )
    return draft


def _plant_rows(
    draft: RawDraft,
    wave: str,
    naming: Naming,
    people: list[str],
    layout: Layout,
    rng: np.random.Generator,
) -> RawDraft:
    """Add people who name themselves, ties to and from people on no roster, copies, empty rows."""
    out = {*naming.twins, *naming.new_ids, ID_MADE}
    free = [one for one in people if one not in out]
    for person in rng.choice(free, 3, replace=False):
        cells = (str(person), str(person), "advice", str(rng.integers(1, 5)))
        row = _row(naming, layout, f"self/{person}", cells)
        draft = insert_rows(draft, row, before=[draft.cells.index[int(rng.integers(20))]])
    if wave in ("2010-spring", "2011-spring"):
        sender = str(rng.choice(free))
        row = _row(naming, layout, "outside", (sender, OUTSIDERS[2], "advice", "2"))
        draft = insert_rows(draft, row, before=[draft.cells.index[30]])
    if wave == "2011-spring":
        row = _row(naming, layout, "outsider", (OUTSIDERS[0], free[0], "advice", "3"))
        draft = insert_rows(draft, row, before=[None], kind="outsider", rule="not_on_roster")
    twice = [label for label in pick(draft, rng=rng, n=3) if isinstance(label, int)]
    draft = copy_rows(draft, twice, before=[None] * len(twice))
    draft = blank_rows(draft, rng=rng, n=1) if wave != "2008-fall" else draft
    return repeat_header(draft, rng=rng) if wave == "2009-spring" else draft


def _plant_cells(draft: RawDraft, layout: Layout, rng: np.random.Generator) -> RawDraft:
    _, receiver, relation, strength = layout.headers
    planted = draft.planted
    mine = [label for label in draft.cells.index if str(label).startswith("self/")]
    draft = _flagged(draft, receiver, mine, "self_nomination")
    draft = _flagged(draft, receiver, [x for x in draft.cells.index if x == "outside"], "outsider")
    whole = ~draft.cells.index.isin(planted["label"].tolist())
    where = pd.Series(whole, index=draft.cells.index)
    for column, change, n, kind, rule in (
        (relation, lambda text: f"{text} ", 3, "padded", "trimmed"),
        (strength, lambda text: f" {text}", 2, "padded", "trimmed"),
        (strength, lambda text: f"{text}x", 3, "number_with_unit", "number_format"),
    ):
        draft = plant_some(draft, column, change, rng=rng, n=n, kind=kind, rule=rule, where=where)
    return draft


def _flagged(draft: RawDraft, column: str, labels: list[Any], rule: str) -> RawDraft:
    true = dict.fromkeys(labels, OUTSIDER_IDS[2]) if rule == "outsider" else None
    return flag_cells(draft, column=column, labels=labels, kind=rule, rule=rule, true=true)


def _plant_people(
    draft: RawDraft, naming: Naming, layout: Layout, rng: np.random.Generator
) -> tuple[RawDraft, pd.DataFrame]:
    sender, receiver = layout.headers[:2]
    links = pd.DataFrame(columns=list(LINK_COLUMNS))
    if layout.receivers == "names":
        draft, links = naming.mistype(draft, receiver, rng=rng, n=3)
    if layout.senders == "new_ids":
        draft = naming.write_new_ids(draft, sender)
        draft = naming.write_new_ids(draft, receiver)
    if layout.senders == "names":
        draft = naming.write(draft, sender, twins_too=True)
    if layout.receivers == "names":
        ids = free_cells(draft, receiver)
        stay = {one for one in dict.fromkeys(ids) if rng.random() < 0.3}
        draft = naming.write(draft, receiver, ids_for=stay)
    return draft, links


def expected_ties(
    ties: pd.DataFrame, drafts: dict[str, RawDraft], *, outsider: str
) -> pd.DataFrame:
    """Return the ties that cleaning must find: the true ones, and those flagged but kept.

    Parameters
    ----------
    ties : pd.DataFrame
        True ties.
    drafts : dict of RawDraft
        From `untidy_ties`.
    outsider : str
        Id that cleaning makes for the person on no roster who is named.

    Returns
    -------
    pd.DataFrame
    """
    rows = []
    for wave, draft in drafts.items():
        sender, _, relation, strength = LAYOUTS[wave].headers
        for label, row in draft.cells.iterrows():
            if str(label).startswith("self/"):
                person = str(label).removeprefix("self/")
                rows.append((wave, row[relation], person, person, float(row[strength])))
            if label == "outside":
                known = draft.planted
                here = known[(known["label"] == label) & (known["column"] == sender)]["true_value"]
                person = here.iloc[0] if len(here) else row[sender]
                rows.append((wave, row[relation], person, outsider, float(row[strength])))
    more = pd.DataFrame(rows, columns=["wave", "relation", "sender_id", "receiver_id", "strength"])
    return pd.concat([ties, more], ignore_index=True)


def untidy_coach_ties(naming: Naming, *, ties: pd.DataFrame) -> RawDraft:
    """Return the draft of the coaches' own list of ties, which has a column for the wave."""
    headers = {
        "wave": "Round",
        "sender_id": "Coach",
        "receiver_id": "Turns to",
        "strength": "Often",
    }
    cells = with_origin(text_cells(ties[list(headers)]).rename(columns=headers))
    draft = draft_of(cells, file="coach_ties.csv")
    draft = naming.write(draft, "Coach")
    return naming.write(draft, "Turns to")
