"""Drafts to files, the same bytes at each run: csv by hand, xlsx with every clock taken out.

A workbook made by openpyxl carries the time of its making in two places, the entries of the zip and
the document properties. Both are set to a fixed moment. Workbooks are stored and not compressed,
because compressed bytes differ between versions of the compression library.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.simulate.planting import DEFECT_COLUMNS, RawDraft, located_defects

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["SIMULATED", "all_defects", "csv_bytes", "table_text", "write_drafts", "xlsx_bytes"]

SIMULATED = "Simulated data - no real person, school or district"
FIXED = datetime(2012, 1, 1)
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
STAMP = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def write_drafts(drafts: Iterable[RawDraft], folder: Path) -> None:
    """Write drafts as the raw files of a study; drafts of one workbook become its sheets.

    Parameters
    ----------
    drafts : iterable of RawDraft
    folder : Path
        Becomes `data/raw/`; made when it is not there.

    Raises
    ------
    ArgumentError
        If two drafts have the same file and sheet, or a file ends in neither csv nor xlsx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_file: dict[str, list[RawDraft]] = {}
    for draft in drafts:
        by_file.setdefault(draft.file, []).append(draft)
    for file, parts in by_file.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.endswith(".xlsx"):
            path.write_bytes(xlsx_bytes(parts))
        elif file.endswith(".csv") and len(parts) == 1:
            path.write_bytes(csv_bytes(parts[0]))
        else:
            raise ArgumentError("A draft cannot be written", expected="one csv, or xlsx", seen=file)


def all_defects(drafts: Iterable[RawDraft]) -> pd.DataFrame:
    """Return the defects of all files in one table, `data/truth/defects.csv`."""
    parts = [located_defects(draft) for draft in drafts]
    if not parts:
        return pd.DataFrame(columns=list(DEFECT_COLUMNS))
    return pd.concat(parts, ignore_index=True)


def csv_bytes(draft: RawDraft) -> bytes:
    """Return one draft as the bytes of a csv in its own encoding and delimiter."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=draft.delimiter, lineterminator="\n")
    writer.writerows([line] for line in draft.title)
    if draft.header:
        writer.writerow(draft.cells.columns)
    writer.writerows(draft.cells.itertuples(index=False, name=None))
    return stream.getvalue().encode(draft.encoding)


def xlsx_bytes(drafts: list[RawDraft]) -> bytes:
    """Return the drafts as the bytes of one workbook, marked simulated in its properties."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for draft in drafts:
        _fill(book.create_sheet(draft.sheet or "Sheet1"), draft)
    names = [sheet.title for sheet in book.worksheets]
    if names != [draft.sheet or "Sheet1" for draft in drafts]:
        raise ArgumentError("Two drafts have the same sheet", file=drafts[0].file)
    book.properties.creator = "cvln_eval.simulate"
    book.properties.title = book.properties.description = SIMULATED
    book.properties.created = FIXED
    stream = io.BytesIO()
    book.save(stream)
    return _without_clocks(stream)


def _fill(sheet: Worksheet, draft: RawDraft) -> None:
    for line in draft.title:
        sheet.append([line])
    if draft.header:
        sheet.append(list(draft.cells.columns))
    typed = [name in draft.typed for name in draft.cells.columns]
    for row in draft.cells.itertuples(index=False, name=None):
        sheet.append(
            [
                _typed(text) if is_typed else text or None
                for text, is_typed in zip(row, typed, strict=True)
            ]
        )


def _typed(text: str) -> str | int | float | date | None:
    if ISO_DATE.fullmatch(text):
        return date.fromisoformat(text)
    if NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text or None


def _without_clocks(stream: io.BytesIO) -> bytes:
    """Rewrite a workbook with a fixed moment in its zip entries and its properties."""
    clean = io.BytesIO()
    stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(clean, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = STAMP.sub(rf"\g<1>{stamp}\g<2>", content.decode()).encode()
            entry = zipfile.ZipInfo(name, FIXED.timetuple()[:6])
            entry.create_system = 3  # otherwise the bytes would tell the operating system
            new.writestr(entry, content, zipfile.ZIP_STORED)
    return clean.getvalue()


def table_text(frame: pd.DataFrame) -> str:
    """Return a table as csv text with a line feed at the end of each line."""
    return frame.to_csv(index=False, lineterminator="\n")
