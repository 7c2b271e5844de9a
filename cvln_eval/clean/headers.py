"""Headers as received to columns of a table, nothing left unread without being said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cvln_eval.clean.sheet import Sheet, objects
from cvln_eval.errors import CleanError, StudyError, shown
from cvln_eval.read import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cvln_eval.read import RawTable
    from cvln_eval.study import Codebook, RawFile

__all__ = ["NAME_COLUMNS", "expected_headers", "open_sheet"]

AGAIN = re.compile(r" \(\d+\)$")
# Where a file may write a person's name instead of, or beside, the id.
NAME_COLUMNS = {
    "person_id": "name",
    "sender_id": "sender_name",
    "receiver_id": "receiver_name",
    "coach_id": "coach_name",
    "rater_id": "rater_name",
}


def expected_headers(entry: RawFile, codebook: Codebook) -> tuple[str, ...]:
    """Return every header this raw file could carry, to find the header row by."""
    return (*entry.columns, *entry.ignore, *_known(entry, codebook))


def open_sheet(raw: RawTable, entry: RawFile, codebook: Codebook) -> Sheet:
    """Give every column of a raw table its clean name.

    Raises
    ------
    CleanError
        If a header is neither a column, nor mapped, nor ignored, two headers mean one column, or
        there is no column that says whose or which record a row is.
    """
    known = _known(entry, codebook)
    mapped = {header_key(header): clean for header, clean in entry.columns.items()}
    ignored = {header_key(header) for header in entry.ignore}
    text: dict[str, NDArray[np.object_]] = {}
    header_of: dict[str, str] = {}
    spread: list[str] = []
    rules: list[tuple[str, str, str, str]] = []
    for position, header in enumerate(raw.frame.columns):
        key = header_key(header)
        if key in ignored:
            rules.append((header, "", "", "ignored"))
            continue
        clean, rule = _place(header, key, mapped, known, entry)
        if clean in text:
            raise CleanError(
                "Two headers of a file mean one column",
                seen=f"{header_of[clean]!r} and {header!r}, both {clean!r}",
                file=entry.source,
                todo="put one of them under `ignore` in study.toml",
            )
        text[clean], header_of[clean] = (
            objects(raw.frame.iloc[:, position].to_numpy(object)),
            header,
        )
        spread += [clean] if rule == "spread" else []
        rules.append((header, entry.table, clean, rule))
    _check_mapped(raw, entry)
    for clean, value in entry.constants.items():
        text[clean] = objects([value] * len(raw.rows))
        rules.append(("", entry.table, clean, "constant"))
    _check_needed(raw, entry, codebook, set(text), spread)
    if entry.form == "wide":
        _refuse_alike(spread, entry)
    return Sheet(entry, raw, text, header_of, tuple(spread), rules)


def _refuse_alike(spread: list[str], entry: RawFile) -> None:
    """Refuse headers of a wide file that differ in blanks or case alone, or that stand there twice.

    The reader has put "(2)" behind the second of two equal headers.
    """
    first: dict[str, str] = {}
    for header in spread:
        plain = header_key(AGAIN.sub("", header) if AGAIN.sub("", header) in spread else header)
        other = first.setdefault(plain, header)
        if other != header:
            raise CleanError(
                "Two headers of a file mean one column",
                seen=f"{other!r} and {header!r}",
                file=entry.source,
                column=header,
                todo="put one of them under `ignore`, or tell them apart under `columns`",
            )


def _known(entry: RawFile, codebook: Codebook) -> dict[str, str]:
    """Return header key to clean column for every column the file may have without mapping."""
    columns = [column.column for column in codebook.table(entry.table)]
    if entry.form == "roster":
        columns += [column.column for column in codebook.table("people")]
    if entry.form == "survey":
        columns = ["person_id", "submitted_at", "wave"]
        columns += list(_item_headers(entry, codebook).values())
    if entry.form == "wide":
        columns = [name for name in columns if name not in (entry.names_to, entry.values_to)]
    names = [NAME_COLUMNS[name] for name in columns if name in NAME_COLUMNS]
    known = {header_key(column): column for column in [*columns, *names, "team_id"]}
    if entry.form == "survey":
        known |= _item_headers(entry, codebook)
    return known


def _item_headers(entry: RawFile, codebook: Codebook) -> dict[str, str]:
    items = [item for item in codebook.items if item.instrument in entry.instruments]
    unknown = set(entry.instruments) - {item.instrument for item in items}
    if unknown or not items:
        raise StudyError(
            "A survey file names an instrument that has no items",
            expected=shown(sorted({item.instrument for item in codebook.items})),
            seen=shown(sorted(unknown)) or "no instruments",
            file=entry.source,
        )
    headers: dict[str, str] = {}
    for item in items:
        for wave in entry.wave or tuple(item.names):
            if wave in item.names:
                _note_header(headers, item.names[wave], item.item, entry)
    return {header_key(item.item): item.item for item in items} | headers


def _note_header(headers: dict[str, str], header: str, item: str, entry: RawFile) -> None:
    other = headers.setdefault(header_key(header), item)
    if other != item:
        raise StudyError(
            "One header of a survey file stands for two items",
            expected="one item a header; where headers change their meaning, one file a wave",
            seen=f"{header!r}: {other!r} and {item!r}",
            file=entry.source,
            todo="correct the name_ columns of codebook/items.csv, or split the file by wave",
        )


def _place(
    header: str, key: str, mapped: Mapping[str, str], known: Mapping[str, str], entry: RawFile
) -> tuple[str, str]:
    if key in mapped:
        is_column = mapped[key] in set(known.values())
        return mapped[key], "spread" if entry.form == "wide" and not is_column else "renamed"
    if key in known:
        clean = known[key]
        return clean, "matched" if header_key(clean) == key else "renamed"
    if entry.form in ("wide", "matrix"):
        return header, "spread"
    raise CleanError(
        "A file has a column that the study does not know",
        expected=f"one of {', '.join(sorted(set(known.values())))}",
        seen=repr(header),
        file=entry.source,
        column=header,
        todo="add it under `columns` or `ignore` of this [[raw]] entry in study.toml",
    )


def _check_mapped(raw: RawTable, entry: RawFile) -> None:
    present = {header_key(header) for header in raw.frame.columns}
    absent = [header for header in entry.columns if header_key(header) not in present]
    if absent:
        raise CleanError(
            "A file lacks a column that study.toml maps",
            expected=shown(absent),
            seen=shown(raw.frame.columns),
            file=entry.source,
            todo="correct `columns` of this [[raw]] entry in study.toml",
        )


def _check_needed(
    raw: RawTable, entry: RawFile, codebook: Codebook, there: set[str], spread: list[str]
) -> None:
    """Refuse a file without a column that every record needs: all its rows would be set aside."""
    given = there | ({"wave"} if entry.wave else set())
    absent = [
        name
        for name in _needed(entry, codebook)
        if name not in given and NAME_COLUMNS.get(name) not in given
    ]
    empty = (entry.form == "wide" and not spread) or (
        entry.form == "survey" and not there & {item.item for item in codebook.items}
    )
    if absent or empty:
        raise CleanError(
            "A file lacks a column that its records need",
            expected=shown(absent) if absent else "columns with answers or records",
            seen=shown(raw.frame.columns),
            file=entry.source,
            todo="name the header under `columns` of this [[raw]] entry in study.toml,"
            " or give its value under `constants`; the wave under `wave`",
        )


def _needed(entry: RawFile, codebook: Codebook) -> list[str]:
    of_form = {
        "survey": ["wave", "person_id"],
        "matrix": ["wave", "relation"],
        "roster": ["wave", "team_id", "person_id"],
    }
    if entry.form in of_form:
        return of_form[entry.form]
    columns = codebook.table(entry.table)
    derived = ("arm", entry.names_to, entry.values_to)
    return [c.column for c in columns if (c.key or c.required) and c.column not in derived]
