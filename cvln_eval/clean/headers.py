"""Headers as received to columns of a table, nothing left unread without being said."""

from __future__ import annotations

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
        If a header is neither a column, nor mapped, nor ignored, or two headers mean one column.
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
    return Sheet(entry, raw, text, header_of, tuple(spread), rules)


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
    headers = {header_key(item.item): item.item for item in items}
    for item in items:
        waves = entry.wave or tuple(item.names)
        headers |= {header_key(item.names[w]): item.item for w in waves if w in item.names}
    return headers


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
