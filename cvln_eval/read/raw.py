"""One raw file becomes a table of text, each row with the row number a spreadsheet shows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.errors import ReadError, shown
from cvln_eval.read.header import find_header, header_names, without_empty_tail
from cvln_eval.read.text import Grid, read_text
from cvln_eval.read.workbook import read_workbook

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RawTable", "read_raw"]

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOKS = (".xlsx", ".xlsm")
# What the first bytes of a file that is no text say that it is.
SIGNATURES = {
    ZIP: "an Excel workbook or another zip archive",
    OLE: "an old Excel workbook (.xls) or one with a password",
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "a database",
    b"$FL2": "an SPSS data file",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RawTable:
    """A raw file as received: every cell is text, an empty cell is "", and nothing is changed.

    `rows` gives the row that each line of `frame` has in a spreadsheet, `short_rows` those that
    had fewer cells than the header. `header_row` is 0 where the file has no header; `encoding`
    and `delimiter` are empty for a workbook.
    """

    source: str
    frame: pd.DataFrame
    rows: NDArray[np.int64]
    short_rows: tuple[int, ...]
    format: str
    encoding: str
    delimiter: str
    header_row: int
    sha256: str

    def __repr__(self) -> str:
        kind = f"{self.format}, {self.encoding}" if self.encoding else self.format
        return f"{self.source}: {len(self.frame):,} rows, {self.frame.shape[1]} columns ({kind})"


def read_raw(
    path: Path,
    *,
    source: str,
    header: bool = True,
    expected: Collection[str] = (),
    sheet: str | None = None,
    encoding: str | None = None,
) -> RawTable:
    """Read a csv or xlsx file as text, keeping the row each cell stood in.

    A csv file may be UTF-8, UTF-16 or cp1252, separated by comma, semicolon, tab or bar, its lines
    ended in any way. Numbers of a workbook become text ("3" for 3.0), its dates ISO text.

    Parameters
    ----------
    path : Path
        The file.
    source : str
        What the study calls the file; messages and the ledger use it.
    header : bool
        Whether the file has a header; without one the columns are called "1", "2", ...
    expected : collection of str
        Headers the study knows. The header is the one of the first 20 rows that holds most of them,
        so that titles above it do no harm; with none known it is the first row that is not blank.
    sheet : str, optional
        Sheet of a workbook; needed when several sheets hold something.
    encoding : str, optional
        Encoding of a csv file, where it should not be guessed.

    Returns
    -------
    RawTable
        Blank rows inside the table are rows; rows above the header, blank rows at the end of a
        sheet, and columns at the right that have neither header nor content are not part of it. A
        row with fewer cells than the header is padded with "" and listed. A file with only a header
        gives 0 rows.

    Raises
    ------
    ReadError
        If the file is missing, empty, of another kind than its name says, not in a known encoding,
        has an unclosed quote, a row with more cells than the header, or a second header above it.
    """
    path = Path(path)
    content = _content(path, source)
    kind = _kind(path, content, source, text_may_hold_nul=encoding is not None)
    if kind == "xlsx":
        grid = read_workbook(path, content, source=source, sheet=sheet)
    else:
        grid = read_text(
            content, source=source, expected=expected if header else (), given=encoding
        )
    if not any(cell.strip() for record in grid.records for cell in record):
        raise ReadError(
            "The file is empty",
            expected="a header and rows",
            seen=f"{len(content)} bytes without a filled cell",
            file=source,
            todo="export it again, or take it out of study.toml",
        )
    return _table(grid, source, kind, header, expected, hashlib.sha256(content).hexdigest())


def _content(path: Path, source: str) -> bytes:
    if not path.is_file():
        beside = sorted(item.name for item in path.parent.glob("*") if item.is_file())
        raise ReadError(
            "A raw file is missing" if not path.is_dir() else "A raw file is a folder",
            expected=path.name,
            seen=shown(beside) if beside else "an empty folder",
            file=source,
            todo=f"put the file into {path.parent.name}, or correct `file` in study.toml",
        )
    return path.read_bytes()


def _kind(path: Path, content: bytes, source: str, *, text_may_hold_nul: bool) -> str:
    """Return csv or xlsx, refusing a file that is not what its name says."""
    named_workbook = path.suffix.lower() in WORKBOOKS
    if named_workbook and content.startswith(ZIP):
        return "xlsx"
    really = next((what for start, what in SIGNATURES.items() if content.startswith(start)), "")
    if content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        really = "an Excel workbook with a password"
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not really and not utf16 and not text_may_hold_nul and b"\x00" in content:
        really = "binary data (it holds NUL bytes)"
    if really or named_workbook:
        raise ReadError(
            "The file is not what its name says",
            expected="an Excel workbook (.xlsx)" if named_workbook else "text cells (.csv)",
            seen=really or "text",
            file=source,
            todo="open it in the program that made it and save it as .xlsx or as CSV UTF-8",
        )
    return "csv"


def _table(
    grid: Grid, source: str, kind: str, header: bool, expected: Collection[str], sha256: str
) -> RawTable:
    records = grid.records
    at = find_header(records, expected)[0] if header else -1
    _refuse_second_header(records[: at + 1], expected, source)
    body = records[at + 1 :]
    width = len(records[at]) if header and kind == "csv" else max(map(len, records))
    top = [*records[at], *[""] * (width - len(records[at]))] if header else []
    short = _squared(body, width, first_row=at + 2, source=source)
    cells = np.empty((len(body), width), dtype=object)
    if body:
        cells[:] = body
    names = header_names(top) if header else [str(i + 1) for i in range(width)]
    width = without_empty_tail(top, cells) if header else width
    frame = pd.DataFrame(cells[:, :width], columns=pd.Index(names[:width], dtype=object))
    return RawTable(
        source=source,
        frame=frame,
        rows=np.arange(at + 2, at + 2 + len(body), dtype=np.int64),
        short_rows=() if kind == "xlsx" else short,
        format=kind,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        header_row=at + 1,
        sha256=sha256,
    )


def _refuse_second_header(top: list[list[str]], expected: Collection[str], source: str) -> None:
    """Refuse a file in which records may stand above the header, where nothing is read."""
    at, held = find_header(top[:-1], expected)
    filled = [sum(map(bool, top[i])) for i in (at, -1)] if held else [0, 0]
    if held > 1 or (held and filled[0] >= filled[1]):
        raise ReadError(
            "Two rows look like the header",
            expected=f"only titles above the header, which seems to be row {len(top)}",
            seen=shown(filter(None, top[at])),
            file=source,
            row=at + 1,
            todo="correct the header in a copy of the file, or delete the row that is none",
        )


def _squared(body: list[list[str]], width: int, *, first_row: int, source: str) -> tuple[int, ...]:
    """Bring rows to one width in place; return the rows that were short, blank ones left out."""
    short = []
    for i, record in enumerate(body):
        if len(record) == width:
            continue
        if any(record[width:]):
            raise ReadError(
                "A row has more cells than the header",
                expected=f"{width} cells",
                seen=f"{len(record)} cells; too many: {shown(filter(None, record[width:]))}",
                file=source,
                row=first_row + i,
                todo="put text that holds the separator in double quotes, or name the columns",
            )
        if len(record) < width and any(record):
            short.append(first_row + i)
        body[i] = [*record[:width], *[""] * (width - len(record))]
    return tuple(short)
