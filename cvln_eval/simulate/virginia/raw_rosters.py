"""Untidy rosters: two csv files of cohort 4.0, and the workbook of cohort 5.0."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.garbling import last_first, other_case, padded, plain_letters, titled, typo
from cvln_eval.simulate.planting import RawDraft, draft_of, flag_cells, pick, rewrite
from cvln_eval.simulate.virginia.drafting import (
    TITLE,
    copy_rows,
    filler_rows,
    put_in,
    spoil,
    spoil_dates,
    text_of,
)
from cvln_eval.simulate.virginia.drafting_people import flag_new_ids
from cvln_eval.simulate.virginia.identities import Identities
from cvln_eval.simulate.virginia.raw_divisions import DISTRICT
from cvln_eval.simulate.virginia.truth import VirginiaTruth
from cvln_eval.simulate.virginia.world import FACILITATORS, PARTNER_TEAM, WAVES

__all__ = ["roster_drafts"]

ROLE_LABELS = {
    "superintendent": "Superintendent",
    "assistant_superintendent": "Asst. Superintendent",
    "director": "Director",
    "principal": "Principal",
    "assistant_principal": "Asst. Principal",
}


def roster_drafts(
    truth: VirginiaTruth, identities: Identities, rng: np.random.Generator
) -> list[RawDraft]:
    """Return the rosters: two csv files of cohort 4.0 and the workbook of cohort 5.0."""
    fall_4 = _with_name_styles(_roster_4(truth, identities, WAVES[0], "cp1252"), rng)
    fall_4 = filler_rows(_with_team_names(fall_4, rng), rng=rng, repeat_header=True)
    spring_4 = _with_team_names(_roster_4(truth, identities, WAVES[1], "utf-8-sig"), rng)
    spring_4 = spoil_dates(
        _without_ids(spring_4, truth, WAVES[1], identities, rng), "Joined", n=2, rng=rng
    )
    fall_5 = _roster_5(truth, identities, WAVES[2], "Fall 2024")
    fall_5 = spoil_dates(
        _with_role_labels(_linked(fall_5, truth, identities, WAVES[2]), rng),
        "On team since",
        n=3,
        rng=rng,
    )
    spring_5 = _roster_5(truth, identities, WAVES[3], "Spring 2025")
    spring_5 = _misspelled(_linked(spring_5, truth, identities, WAVES[3]), truth, rng)
    spring_5 = _with_copies(spring_5, rng)
    return [fall_4, spring_4, fall_5, spring_5, _facilitators(truth)]


def _roster(truth: VirginiaTruth, identities: Identities, wave: str) -> pd.DataFrame:
    """Return one wave's roster with what every file of rosters says, by person."""
    cohort = wave[:3]
    roster = truth.rosters.on(wave).set_index("person_id", drop=False)
    people = roster["person_id"]
    first = truth.rosters.memberships.drop_duplicates("person_id").set_index("person_id")["wave"]
    seen_before = (people.map(first).str[:3] != cohort) & ~people.isin(identities.apart)
    return pd.DataFrame(
        {
            "id": people.map(lambda person: identities.given(person, cohort)),
            "name": people.map(lambda person: identities.written(person, cohort)),
            "team": roster["team_id"],
            "role": roster["role"],
            "school": roster["site_id"],
            "level": roster["level"],
            "years": text_of(roster["tenure_years"]).where(~seen_before, ""),
            "joined": text_of(roster["joined_on"]),
        }
    )


def _roster_4(truth: VirginiaTruth, identities: Identities, wave: str, encoding: str) -> RawDraft:
    headers = ["ID", "Leader", "Division", "Role", "School", "Level", "Years in division", "Joined"]
    cells = _roster(truth, identities, wave).set_axis(headers, axis=1)
    season = wave.split("-")[1]
    return draft_of(cells, file=f"rosters/cohort4_{season}.csv", title=TITLE, encoding=encoding)


def _roster_5(truth: VirginiaTruth, identities: Identities, wave: str, sheet: str) -> RawDraft:
    roster = _roster(truth, identities, wave)
    headers = ["Leader ID", "Name", "Division", "Position", "School", "Level"]
    cells = roster.set_axis([*headers, "Years in division", "On team since"], axis=1)
    mail = roster["id"].str.lower() + "@simulated.example"
    cells.insert(2, "E-mail", mail)
    title = (*TITLE, f"Cohort 5.0 leaders, {sheet}", "")
    typed = ("Years in division", "On team since")
    return draft_of(cells, file="rosters/cohort5.xlsx", sheet=sheet, title=title, typed=typed)


def _with_name_styles(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Write some names last name first, with a title, without accents or in another case.

    The id stands beside the name, so that the ledger has nothing to say of these cells.
    """
    ways = (("last name first", last_first, 6), ("with a title", titled, 4))
    for kind, way, n in ways:
        draft = spoil(draft, "Leader", way, n=n, kind=f"name {kind}", rule="", rng=rng)
    accented = draft.cells["Leader"].map(lambda name: plain_letters(name) != name)
    return spoil(
        draft,
        "Leader",
        plain_letters,
        n=3,
        kind="name without accents",
        rule="",
        rng=rng,
        where=accented,
    )


def _with_team_names(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Write some divisions by name, in full, in short or in capitals."""
    full, short = DISTRICT.__getitem__, lambda team: DISTRICT[team].rsplit(" ", 1)[0]
    for change, n in ((full, 8), (short, 6)):
        draft = spoil(
            draft,
            "Division",
            change,
            n=n,
            kind="division by name",
            rule="label_to_value",
            rng=rng,
        )
    return spoil(
        draft,
        "Division",
        lambda team: DISTRICT[team].upper(),
        n=3,
        kind="division in capitals",
        rule="trimmed",
        rng=rng,
    )


def _without_ids(
    draft: RawDraft,
    truth: VirginiaTruth,
    wave: str,
    identities: Identities,
    rng: np.random.Generator,
) -> RawDraft:
    """Leave out the ids of some leaders known from the roster before, who are linked by name."""
    before = set(truth.rosters.on(WAVES[0])["person_id"])
    known = draft.cells["ID"].isin(before)
    labels = pick(draft, rng=rng, n=4, column="ID", where=known)
    people = draft.cells["ID"].loc[pd.Index(labels)]
    draft = rewrite(
        draft,
        column="ID",
        raw=dict.fromkeys(labels, ""),
        kind="id left out",
        rule="",
        note="the ledger speaks of the name",
    )
    return flag_cells(
        draft,
        column="Leader",
        labels=labels,
        kind="name without id",
        rule="linked_by_name",
        true=people.to_dict(),
    )


def _linked(draft: RawDraft, truth: VirginiaTruth, identities: Identities, wave: str) -> RawDraft:
    """Record what linking must do with the leaders who come back under another id or name."""
    decided = identities.links.loc[identities.links["decision"] == "same", "person_id"]
    people = pd.Series(draft.cells.index, index=draft.cells.index)
    for person in decided:
        draft = flag_cells(
            draft,
            column="Name",
            labels=[person],
            kind="new id, and name or division changed",
            rule="linked_by_review",
            true={person: person},
        )
    kept = people[~people.isin(identities.apart)]
    draft = flag_new_ids(draft, "Leader ID", kept)
    for person, new in identities.apart.items():
        draft = flag_cells(
            draft,
            column="Name",
            labels=[person],
            kind="new id and misspelled name, not decided",
            rule="",
            true={person: identities.names[person]},
            note=f"is {person}; stands in people_to_review.csv and is kept apart as {new}",
        )
    return draft


def _misspelled(draft: RawDraft, truth: VirginiaTruth, rng: np.random.Generator) -> RawDraft:
    """Misspell some names whose id is known from the fall, where they were new and right."""
    first = truth.rosters.memberships.drop_duplicates("person_id").set_index("person_id")["wave"]
    new_in_fall = pd.Series(first.reindex(draft.cells.index) == WAVES[2], index=draft.cells.index)
    return spoil(
        draft,
        "Name",
        lambda name: typo(name, rng=rng),
        n=3,
        kind="misspelled name, same id",
        rule="name_variant",
        rng=rng,
        where=new_in_fall,
    )


def _with_role_labels(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Write some positions as titles, and some levels in another case."""
    labelled = draft.cells["Position"].isin(ROLE_LABELS)
    draft = spoil(
        draft,
        "Position",
        lambda role: ROLE_LABELS[role],
        n=15,
        kind="position as a title",
        rule="label_to_value",
        rng=rng,
        where=labelled,
    )
    return spoil(
        draft,
        "Level",
        lambda cell: other_case(padded(cell, rng=rng), rng=rng),
        n=5,
        kind="blanks or case",
        rule="trimmed",
        rng=rng,
    )


def _with_copies(draft: RawDraft, rng: np.random.Generator) -> RawDraft:
    """Put in two rows twice, and one that names nobody."""
    labels = pick(draft, rng=rng, n=2)
    copies = copy_rows(draft, labels, name="copy")
    draft = put_in(draft, copies, after=labels, kind="row twice", rule="exact_duplicate", rng=rng)
    nobody = copy_rows(
        draft, labels[:1], name="nobody", **{"Leader ID": "", "Name": "", "E-mail": ""}
    )
    draft = put_in(draft, nobody, kind="row names nobody", rule="missing_key", rng=rng)
    return filler_rows(draft, rng=rng, repeat_header=False)


def _facilitators(truth: VirginiaTruth) -> RawDraft:
    years = truth.tables["people"].set_index("person_id")["tenure_years"]
    rows = [
        (
            person,
            name,
            PARTNER_TEAM,
            "coach",
            "external",
            region,
            "2023-08-15",
            f"{float(years[person]):g}",
        )
        for person, name, region in FACILITATORS
    ]
    headers = ["ID", "Facilitator", "Team", "Position", "Level", "Region", "Since", "Years"]
    return draft_of(
        pd.DataFrame(rows, columns=headers),
        file="rosters/cohort5.xlsx",
        sheet="Facilitators",
        title=TITLE,
        typed=("Since", "Years"),
    )
