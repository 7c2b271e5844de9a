"""The untidy rosters of the simulated CVLN study: three years, three layouts, and the coaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_naming import (
    Naming,
    link_row,
    untidy_teams,
    with_origin,
)
from cvln_eval.simulate.cvln_people import ID_MADE
from cvln_eval.simulate.garbling import (
    last_first,
    last_letter_twice,
    padded,
    plain_letters,
    titled,
    typo,
)
from cvln_eval.simulate.planting import RawDraft, draft_of, flag_cells, pick, rewrite
from cvln_eval.simulate.routine import (
    blank_rows,
    free_cells,
    plant_some,
    redate,
    relabel,
    repeat_header,
    serial_dates,
    text_cells,
)
from cvln_eval.simulate.studies import LINK_COLUMNS
from cvln_eval.simulate.writing import SIMULATED

__all__ = ["untidy_rosters"]

ROLES: dict[str, str | tuple[str, ...]] = {
    "superintendent": ("Superintendent", "Supt."),
    "central_office_administrator": ("Central Office Administrator", "Director, District Office"),
    "principal": ("Principal", "School Principal"),
    "vice_principal": ("Vice Principal", "Asst. Principal"),
    "coach": "Coach",
    "network_coach": "Network Coach",
}
LEVELS: dict[str, str | tuple[str, ...]] = {
    "site": ("Site", "School site"),
    "central_office": ("Central office", "District office"),
    "external": "External",
}
DEGREES: dict[str, str | tuple[str, ...]] = {
    "masters": ("Master's", "MA/MS"),
    "doctorate": ("Doctorate", "Ed.D./Ph.D."),
    "credential": "Administrative credential",
}
FIRST = {
    "person_id": "Employee ID",
    "name": "Leader",
    "team_id": "District",
    "role": "Position",
    "site_id": "School",
    "level": "Level",
    "tenure_years": "Years in district",
    "degree": "Degree",
    "joined_on": "Start date",
    "left_on": "End date",
}
SECOND = {
    "name": "Leader (Last, First)",
    "person_id": "ID no.",
    "team_id": "Team",
    "role": "Job title",
    "level": "Works at",
    "site_id": "Site code",
    "joined_on": "Joined team",
    "left_on": "Left team",
    "tenure_years": "Tenure (new members)",
    "degree": "Highest degree (new members)",
}
THIRD = {
    "team_id": "District team",
    "name": "Full name",
    "person_id": "EmpID",
    "role": "Title",
    "site_id": "School code",
    "level": "Office or site",
    "joined_on": "Member since",
    "left_on": "Member until",
    "tenure_years": "Years here",
    "degree": "Degree held",
}
COACHES = {
    "person_id": "Coach ID",
    "name": "Coach",
    "team_id": "Group",
    "role": "Role",
    "level": "Level",
    "joined_on": "Since",
}


def untidy_rosters(
    naming: Naming, *, rng: np.random.Generator
) -> tuple[list[RawDraft], pd.DataFrame]:
    """Return the drafts of the four rosters and the decisions about names in them.

    Row labels are the true person ids.
    """
    streams = rng.spawn(3)
    first = _first(naming, streams[0])
    second, links = _second(naming, streams[1])
    third, more = _third(naming, streams[2])
    return [first, second, third, _of_coaches(naming)], pd.concat([links, more], ignore_index=True)


def _cells(naming: Naming, wave: str, headers: dict[str, str], *, partner: bool) -> pd.DataFrame:
    roster = naming.people.roster(wave, partner=partner)
    about = naming.people.people.drop(columns=["team_id", "role", "site_id"])
    frame = roster.merge(about, on="person_id").set_index("person_id", drop=False)
    first_year = {"2008-fall": 1, "2010-spring": 2, "2011-spring": 3}[wave]
    new = frame["first_year"] == first_year
    frame["tenure_years"] = frame["tenure_years"].where(new)
    frame["degree"] = frame["degree"].where(new)
    return text_cells(frame[list(headers)]).rename(columns=headers)


def _codes(draft: RawDraft, headers: dict[str, str], rng: np.random.Generator) -> RawDraft:
    """Write labels for what the house keeps as codes."""
    draft = plant_some(
        relabel_some(draft, headers["role"], rng),
        headers["degree"],
        lambda _: "B.A.",
        rng=rng,
        n=1,
        kind="unknown_label",
        rule="unknown_label",
    )
    draft = untidy_teams(draft, headers["team_id"], rng=rng, n_case=2)
    for name, labels in (("role", ROLES), ("level", LEVELS), ("degree", DEGREES)):
        draft = relabel(draft, headers[name], labels, rng=rng)
    return draft


def relabel_some(draft: RawDraft, column: str, rng: np.random.Generator) -> RawDraft:
    """Write two roles with blanks around the label."""
    labels = {code: one if isinstance(one, str) else one[0] for code, one in ROLES.items()}
    return plant_some(
        draft,
        column,
        lambda code: padded(labels[code], rng=rng),
        rng=rng,
        n=2,
        kind="padded",
        rule="trimmed",
    )


def _first(naming: Naming, rng: np.random.Generator) -> RawDraft:
    cells = _cells(naming, "2008-fall", FIRST, partner=False)
    title = ("Central Valley Leadership Network: team roster 2008-09", SIMULATED, "")
    typed = (FIRST["tenure_years"], FIRST["joined_on"], FIRST["left_on"])
    draft = draft_of(cells, file="roster_2008-09.xlsx", title=title, typed=typed)
    years, joined = FIRST["tenure_years"], FIRST["joined_on"]
    draft = plant_some(
        draft, years, lambda _: "120", rng=rng, n=1, kind="out_of_range", rule="out_of_range"
    )
    draft = plant_some(
        draft,
        years,
        lambda text: f"{text} yrs",
        rng=rng,
        n=3,
        kind="number_with_unit",
        rule="number_format",
    )
    draft = serial_dates(draft, joined, rng=rng, n=3)
    return blank_rows(_codes(draft, FIRST, rng), rng=rng, n=1)


def _second(naming: Naming, rng: np.random.Generator) -> tuple[RawDraft, pd.DataFrame]:
    cells = with_origin(_cells(naming, "2010-spring", SECOND, partner=False))
    draft = draft_of(cells, file="roster_2009-10.csv", encoding="cp1252", delimiter=";")
    draft, links = _without_ids(draft, naming, SECOND, rng, exact=2, mistyped=2)
    draft = _leaver_with_new_id(draft, naming)
    draft = _variants(draft, naming, SECOND, rng, n=2)
    draft = _restyled(draft, SECOND["name"], last_first)
    for column in (SECOND["joined_on"], SECOND["left_on"]):
        draft = redate(draft, column, ("mdy",), rng=rng)
    draft = _codes(draft, SECOND, rng)
    return repeat_header(draft, rng=rng), links


def _third(naming: Naming, rng: np.random.Generator) -> tuple[RawDraft, pd.DataFrame]:
    cells = with_origin(_cells(naming, "2011-spring", THIRD, partner=False))
    draft = draft_of(cells, file="roster_2010-11.csv", encoding="utf-8-sig")
    draft, again = _id_given_again(draft, naming)
    draft = rewrite(
        draft,
        column=THIRD["person_id"],
        raw=naming.new_ids,
        kind="new_id",
        rule="id_changed",
    )
    draft, links = _without_ids(draft, naming, THIRD, rng, exact=1, mistyped=1)
    draft = _variants(draft, naming, THIRD, rng, n=2)
    draft = _restyled(draft, THIRD["name"], plain_letters)
    draft = plant_some(draft, THIRD["name"], titled, rng=rng, n=2, kind="name_style", rule="")
    draft = redate(draft, THIRD["joined_on"], ("long", "short", "iso"), rng=rng)
    draft = blank_rows(_codes(draft, THIRD, rng), rng=rng, n=1)
    return draft, pd.concat([again, links], ignore_index=True)


def _settled(draft: RawDraft, naming: Naming) -> pd.Series:
    """Return which rows are of people of the first year, whose name and id nothing else touches."""
    people = naming.people.people.set_index("person_id")
    labels = pd.Series(draft.cells.index, index=draft.cells.index)
    old = labels.map(people["first_year"]) == 1
    return old & ~labels.isin([*naming.twins, *naming.new_ids])


def _without_ids(
    draft: RawDraft,
    naming: Naming,
    headers: dict[str, str],
    rng: np.random.Generator,
    *,
    exact: int,
    mistyped: int,
) -> tuple[RawDraft, pd.DataFrame]:
    """Leave the id out for a few who are known; of some the name has a typing error too."""
    column, ids = headers["name"], headers["person_id"]
    labels = pick(draft, rng=rng, n=exact + mistyped, where=_settled(draft, naming))
    cells = draft.cells.copy()
    cells.loc[labels, ids] = ""
    draft = draft_like(draft, cells)
    order = [labels[place] for place in rng.permutation(len(labels))]
    wrong = {label: typo(naming.names[str(label)], rng=rng) for label in order[:mistyped]}
    draft = rewrite(
        draft,
        column=column,
        raw=wrong,
        kind="name_typo",
        rule="linked_by_review",
        true={label: str(label) for label in wrong},
    )
    teams = draft.cells[headers["team_id"]]
    links = [link_row(name, teams[label], str(label)) for label, name in wrong.items()]
    right = {label: last_first(naming.names[str(label)]) for label in order[mistyped:]}
    draft = rewrite(
        draft,
        column=column,
        raw=right,
        kind="no_id",
        rule="linked_by_name",
        true={label: str(label) for label in right},
    )
    return draft, pd.DataFrame(links, columns=list(LINK_COLUMNS))


def draft_like(draft: RawDraft, cells: pd.DataFrame) -> RawDraft:
    """Return a draft with other cells in the same rows and columns."""
    return replace(draft, cells=cells)


def _leaver_with_new_id(draft: RawDraft, naming: Naming) -> RawDraft:
    """Give a new id to one who will leave, so that no later file can show either id."""
    people = naming.people.people
    leaves = people[(people["first_year"] == 1) & (people["last_year"] == 2)]["person_id"]
    ids = SECOND["person_id"]
    taken = set(draft.planted["label"])
    free = [one for one in leaves if one not in taken and one not in naming.twins]
    changed = {free[0]: "P2001"}
    return rewrite(draft, column=ids, raw=changed, kind="new_id", rule="id_changed")


def _id_given_again(draft: RawDraft, naming: Naming) -> tuple[RawDraft, pd.DataFrame]:
    """Give the id of somebody who left to a new member, as staff systems do."""
    people = naming.people.people
    gone = people[(people["last_year"] == 1) & ~people["person_id"].isin(naming.twins)]
    old_id = str(gone["person_id"].iloc[-1])
    cells = draft.cells.copy()
    cells.loc[ID_MADE, THIRD["person_id"]] = old_id
    draft = draft_like(draft, cells)
    # The name stands as it is; what cleaning must say of it is that an id was assigned.
    draft = flag_cells(
        draft,
        column=THIRD["name"],
        labels=[ID_MADE],
        kind="id_given_again",
        rule="id_assigned",
        true={ID_MADE: ID_MADE},
        note=f"{old_id} was the id of somebody who left",
    )
    team = str(draft.cells[THIRD["team_id"]][ID_MADE])
    row = link_row(naming.names[ID_MADE], team, "", given=old_id, decision="different")
    return draft, pd.DataFrame([row], columns=list(LINK_COLUMNS))


def _variants(
    draft: RawDraft, naming: Naming, headers: dict[str, str], rng: np.random.Generator, *, n: int
) -> RawDraft:
    """Mistype a few names beside a right id."""
    labels = pick(draft, rng=rng, n=n, where=_settled(draft, naming))
    raw = {label: last_letter_twice(naming.names[str(label)]) for label in labels}
    return rewrite(draft, column=headers["name"], raw=raw, kind="name_variant", rule="name_variant")


def _restyled(draft: RawDraft, column: str, style: Callable[[str], str]) -> RawDraft:
    """Write the other names in another style, which cleaning reads as the same name."""
    raw = {label: style(name) for label, name in free_cells(draft, column).items()}
    return rewrite(draft, column=column, raw=raw, kind="name_style", rule="")


def _of_coaches(naming: Naming) -> RawDraft:
    cells = with_origin(_cells(naming, "2008-fall", COACHES, partner=True))
    draft = draft_of(cells, file="roster_coaches.csv")
    draft = untidy_teams(draft, COACHES["team_id"], rng=np.random.default_rng(0))
    for name, labels in (("role", ROLES), ("level", LEVELS)):
        draft = relabel(draft, COACHES[name], labels)
    return draft
