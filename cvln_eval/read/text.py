"""Text files: which encoding, which separator, which cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cvln_eval.errors import ReadError
from cvln_eval.read.header import ROWS_SEARCHED, find_header

__all__ = ["DELIMITERS", "Grid", "read_text"]

DELIMITERS = (",", ";", "\t", "|")
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a file from its first row on, and how they were read."""

    records: list[list[str]]
    encoding: str = ""
    delimiter: str = ""


def read_text(
    content: bytes, *, source: str, expected: Collection[str] = (), given: str | None = None
) -> Grid:
    """Return the cells of a csv file; the header line decides the separator."""
    text, encoding = _decoded(content, source, given)
    delimiter = _delimiter(text, expected)
    records: list[list[str]] = []
    try:
        records.extend(_reader(text, delimiter))
    except csv.Error as error:
        raise ReadError(
            "A quoted cell is not closed, or text follows its closing quote",
            expected='each cell that begins with a double quote (") to end with one',
            seen=str(error),
            file=source,
            row=len(records) + 1,
            todo="look at the quotes in this row; the cell may begin here and never end",
        ) from error
    return Grid(records, encoding, delimiter)


def _decoded(content: bytes, source: str, given: str | None) -> tuple[str, str]:
    encoding = given or next((e for bom, e in BOMS.items() if content.startswith(bom)), "")
    tried = [encoding] if encoding else ["utf-8", "cp1252"]
    for name in tried:
        try:
            return content.decode(name).removeprefix("\ufeff"), name
        except LookupError as error:
            raise ReadError(
                "There is no such encoding",
                expected="a name such as utf-8, cp1252 or mac_roman",
                seen=repr(name),
                file=source,
            ) from error
        except UnicodeDecodeError as error:
            failure = error
    raise ReadError(
        "A byte of the file is no character",
        expected=" or ".join(tried),
        seen=f"byte 0x{content[failure.start]:02x} at offset {failure.start}",
        file=source,
        row=_line(content[: failure.start]),
        todo="save the file as CSV UTF-8, or name its `encoding` in study.toml",
    )


def _line(before: bytes) -> int:
    return len((before + b".").splitlines())


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    # newline="" hands every kind of line end to csv untouched, bare carriage returns included.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str, expected: Collection[str]) -> str:
    """Return the separator whose header holds most expected names, then most cells."""
    best, score = DELIMITERS[0], (0, 1)
    for delimiter in DELIMITERS:
        records = _first(text, delimiter)
        if not records:
            continue
        at, held = find_header(records, expected)
        if (held, len(records[at])) > score:
            best, score = delimiter, (held, len(records[at]))
    return best


def _first(text: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = _reader(text, delimiter)
    try:
        for record in reader:
            records.append(record)
            if len(records) >= ROWS_SEARCHED and any(map(any, records)):
                break
    except csv.Error:
        # Under a wrong separator quotes look misplaced; what was read until then still counts.
        return records
    return records
