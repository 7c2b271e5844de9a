"""Person columns of a sheet: ids and written names to the people of the rosters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.headers import NAME_COLUMNS
from cvln_eval.clean.names import likeness, normalised_name
from cvln_eval.clean.sheet import objects
from cvln_eval.clean.typed import put_prefix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cvln_eval.clean.directory import Directory
    from cvln_eval.clean.sheet import Sheet

__all__ = ["resolve_people"]

# Answers count only for people on the roster; being present, named or a rater does not need one.
NEED_ROSTER = {("responses", "person_id"), ("ties", "sender_id"), ("respondents", "person_id")}


def resolve_people(
    sheet: Sheet,
    column: str,
    *,
    directory: Directory,
    waves: NDArray[np.object_],
    review: list[dict[str, object]],
) -> None:
    """Put the person of each row into the sheet's frame, and what was done into its ledger.

    Rows whose name only resembles somebody are set aside and put up for review; people on no
    roster of the row's wave are set aside where an answer needs a roster, else flagged.
    """
    if column in sheet.text:
        put_prefix(sheet, column)
    given, written = _cells(sheet, column), _cells(sheet, NAME_COLUMNS.get(column, ""))
    teams = _context(sheet, "team_id")
    cells = [*zip(given, written, teams, waves, strict=True)]
    codes, distinct = pd.factorize(objects(cells))
    found = [
        directory.find(given=an_id, name=name, team=team, wave=wave)
        for an_id, name, team, wave in distinct
    ]
    people = objects([one.person_id or None for one in found])[codes]
    rules = objects([one.rule for one in found])[codes]
    by_name = np.array([one.by_name for one in found], dtype=bool)[codes]
    _record(sheet, column, by_name & (written != ""), people, rules, given)
    unresolved = (rules == "unresolved_person") & sheet.kept()
    _put_up(
        sheet,
        np.flatnonzero(unresolved),
        objects(list(found))[codes],
        given,
        written,
        directory,
        review,
    )
    sheet.set_aside(np.asarray(unresolved, dtype=bool), "unresolved_person")
    sheet.frame[column] = pd.Series(people, dtype="str")
    _check_roster(sheet, column, people, waves, directory, by_name & (written != ""))


def _cells(sheet: Sheet, name: str) -> NDArray[np.object_]:
    return sheet.text.get(name, objects([""] * len(sheet)))


def _context(sheet: Sheet, name: str) -> NDArray[np.object_]:
    if name not in sheet.frame:
        return objects([""] * len(sheet))
    return objects(sheet.frame[name].fillna("").to_numpy(object))


def _record(
    sheet: Sheet,
    column: str,
    in_name: NDArray[np.bool_],
    people: NDArray[np.object_],
    rules: NDArray[np.object_],
    given: NDArray[np.object_],
) -> None:
    """Record links under the header of the cell that was read: the id's, or the name's."""
    linked = np.isin(
        rules.astype(str), ("linked_by_name", "linked_by_review", "id_changed", "trimmed")
    )
    name = NAME_COLUMNS.get(column, "")
    for header, where in ((name, linked & in_name), (column, linked & ~in_name)):
        if header in sheet.text:
            raw = sheet.text[header] if header == name else given
            sheet.change(where, header, raw[where], people[where], rules[where])
    if column in sheet.text:
        other = linked & in_name & (given != "") & (given != people)
        sheet.change(other, column, given[other], people[other], "id_changed")


def _put_up(
    sheet: Sheet,
    positions: NDArray[np.int64],
    found: NDArray[np.object_],
    given: NDArray[np.object_],
    written: NDArray[np.object_],
    directory: Directory,
    review: list[dict[str, object]],
) -> None:
    team = _context(sheet, "team_id")
    for at in positions:
        name = written[at].strip() or given[at]
        for person in found[at].candidates:
            known = directory.first_name.get(person, "")
            review.append(
                {
                    "file": sheet.source,
                    "row": int(sheet.raw.rows[at]),
                    "name": name,
                    "team_id": team[at],
                    "given_id": given[at] if written[at].strip() else "",
                    "candidate_id": person,
                    "candidate_name": known,
                    "likeness": round(likeness(normalised_name(name), normalised_name(known)), 1),
                    "why": _why(given[at], written[at], directory),
                }
            )


def _why(given: str, written: str, directory: Directory) -> str:
    two = written.strip() and given.strip().casefold() in directory.ids
    return "id and name mean two people" if two else "name resembles one on the roster"


def _check_roster(
    sheet: Sheet,
    column: str,
    people: NDArray[np.object_],
    waves: NDArray[np.object_],
    directory: Directory,
    in_name: NDArray[np.bool_],
) -> None:
    pairs = [*zip(people, waves, strict=True)]
    known = {pair: pair[0] is None or directory.on_roster(*pair) for pair in dict.fromkeys(pairs)}
    outside = np.array([not known[pair] for pair in pairs], dtype=bool) & sheet.kept()
    if (sheet.entry.table, column) in NEED_ROSTER:
        sheet.set_aside(outside, "not_on_roster")
        return
    name = NAME_COLUMNS.get(column, "")
    for header, where in ((name, outside & in_name), (column, outside & ~in_name)):
        if header in sheet.text:
            sheet.change(where, header, sheet.text[header][where], people[where], "outsider")
