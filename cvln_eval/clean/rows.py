"""Rows that are no records, and rows that say the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.sheet import objects
from cvln_eval.read import header_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cvln_eval.clean.sheet import Sheet

__all__ = ["merge_duplicates", "merge_submissions", "set_aside_no_records"]


def set_aside_no_records(sheet: Sheet) -> None:
    """Set blank rows and repeated headers aside; their cells count as empty from here on."""
    columns = [sheet.raw.frame[name].to_numpy(object) for name in sheet.raw.frame]
    blank = _all(columns, [""] * len(columns), len(sheet))
    sheet.set_aside(blank, "blank_row")
    if sheet.entry.header and len(columns) > 1:
        headers = list(sheet.raw.frame.columns)
        sheet.set_aside(_all(columns, headers, len(sheet)), "repeated_header")
    gone = ~sheet.kept()
    if gone.any():
        for name, cells in sheet.text.items():
            sheet.text[name] = cells.copy()
            sheet.text[name][gone] = ""


def _all(
    columns: Sequence[NDArray[np.object_]], wanted: Sequence[str], n: int
) -> NDArray[np.bool_]:
    """Return the rows whose every cell is the wanted one, blanks and case aside."""
    same = np.ones(n, dtype=bool)
    for cells, want in zip(columns, wanted, strict=True):
        at = np.flatnonzero(same)
        if not len(at):
            break
        key = header_key(want)
        same[at] = [not cell.strip() if not want else header_key(cell) == key for cell in cells[at]]
    return same


def _repeated(sheets: Sequence[Sheet], key: list[str]) -> list[list[tuple[int, int]]]:
    """Return groups of kept rows, as (sheet, position), that share a whole key."""
    parts = []
    for number, sheet in enumerate(sheets):
        at = np.flatnonzero(sheet.kept() & sheet.frame[key].notna().all(axis=1).to_numpy())
        part = sheet.frame.loc[at, key].copy()
        part["_sheet"], part["_at"] = number, at
        parts.append(part)
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows.duplicated(key, keep=False)]
    groups = rows.groupby(key, sort=False)[["_sheet", "_at"]]
    return [[(int(s), int(a)) for s, a in group.to_numpy()] for _, group in groups]


def merge_duplicates(sheets: Sequence[Sheet], key: list[str]) -> None:
    """Merge rows that say the same as an earlier row; set aside those that say something else."""
    for group in _repeated(sheets, key):
        number, at = group[0]
        first = sheets[number]
        for other_number, other_at in group[1:]:
            other = sheets[other_number]
            if _says(first, at) == _says(other, other_at):
                other.merge(other_at, "exact_duplicate", first, at)
            else:
                where = np.zeros(len(other), dtype=bool)
                where[other_at] = True
                other.set_aside(where, "conflicting_duplicate")
                other.point(other_at, first, at)


def _says(sheet: Sheet, at: int) -> dict[str, str]:
    clean = {str(name): str(sheet.frame[name].array[at]) for name in sheet.frame}
    return clean | {name: sheet.text[name][at].strip() for name in sheet.spread}


def merge_submissions(sheets: Sequence[Sheet], items: list[str]) -> None:
    """Merge a person's earlier submissions of a form into the last, filling its gaps from them."""
    for group in _repeated(sheets, ["wave", "person_id"]):
        places = sorted(group, key=lambda place: _submitted(sheets[place[0]], place[1]))
        places = _without_copies(sheets, places, items)
        last_number, last_at = places[-1]
        for number, at in reversed(places[:-1]):
            _merge_submission(sheets[number], at, sheets[last_number], last_at, items)


def _without_copies(
    sheets: Sequence[Sheet], places: list[tuple[int, int]], items: list[str]
) -> list[tuple[int, int]]:
    """Merge submissions equal in time and every answer into the first of them."""
    seen: dict[tuple[object, ...], tuple[int, int]] = {}
    for number, at in places:
        sheet = sheets[number]
        answers = {item: sheet.text[item][at].strip() for item in items if item in sheet.text}
        given = tuple((item, answer) for item, answer in answers.items() if answer)
        first = seen.setdefault((_submitted(sheet, at), *given), (number, at))
        if first != (number, at):
            sheet.merge(at, "exact_duplicate", sheets[first[0]], first[1])
    return list(seen.values())


def _submitted(sheet: Sheet, at: int) -> pd.Timestamp:
    if "submitted_at" not in sheet.frame:
        return pd.Timestamp.min
    when = pd.Timestamp(sheet.frame["submitted_at"].to_numpy()[at])
    return pd.Timestamp.min if pd.isna(when) else when


def _merge_submission(early: Sheet, at: int, last: Sheet, last_at: int, items: list[str]) -> None:
    asked = [item for item in items if item in early.text]
    for item in asked:
        _ask_also(last, item)
    answers = {item: (early.text[item][at], last.text[item][last_at]) for item in asked}
    early.merge(at, "duplicate_submission", last, last_at)
    for item, (first, second) in answers.items():
        spot, last_spot = np.array([at]), np.array([last_at])
        earlier, later = early.answers[item][at], last.answers[item][last_at]
        if first.strip() and not second.strip():
            last.text[item][last_at], last.answers[item][last_at] = first, earlier
            last.change(last_spot, item, "", _shown(earlier), "filled_from_duplicate")
        elif first.strip() and not np.array_equal(earlier, later, equal_nan=True):
            early.change(spot, item, first, _shown(later), "superseded")


def _ask_also(sheet: Sheet, item: str) -> None:
    """Give a file an empty column for an item that only another file of its form asks."""
    if item not in sheet.text:
        sheet.text[item] = objects([""] * len(sheet))
        sheet.answers[item] = np.full(len(sheet), np.nan)


def _shown(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.15g}"
