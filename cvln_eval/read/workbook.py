"""Excel workbooks: one sheet as text cells."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cvln_eval.errors import ReadError, shown
from cvln_eval.read.text import Grid

__all__ = ["cell_text", "filled_sheets", "read_workbook"]

UNREADABLE = (BadZipFile, KeyError, ValueError, OSError, SyntaxError)


def read_workbook(path: Path, content: bytes, *, source: str, sheet: str | None) -> Grid:
    """Return the cells of one sheet; formulas count by the value that Excel stored last.

    Raises
    ------
    ReadError
        If the workbook is damaged, the sheet is not there or not named though several hold
        something, or a formula has no stored value, which would be read as an empty cell.
    """
    try:
        chosen = _sheet(_opened(content), sheet, source)
        _refuse_formula_without_value(content, chosen, source)
        return Grid(_records(chosen))
    except UNREADABLE as error:
        raise ReadError(
            "The workbook cannot be opened",
            expected="an Excel workbook (.xlsx)",
            seen=f"{path.name}: a damaged workbook or another kind of zip archive",
            file=source,
            todo="open it in Excel and save it again as .xlsx",
        ) from error


def filled_sheets(path: Path) -> list[str]:
    """Return the names of a workbook's sheets that hold something.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    list of str
        In the workbook's order; none where the file is missing or cannot be opened.
    """
    try:
        return [sheet.title for sheet in _opened(path.read_bytes()).worksheets if _holds(sheet)]
    except UNREADABLE:
        return []


def _opened(content: bytes, *, formulas: bool = False) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        # Openpyxl warns of styles and extensions it leaves out; no cell is touched by them.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas)


def _sheet(book: Any, sheet: str | None, source: str) -> Any:
    sheets = {item.title: item for item in book.worksheets}
    if sheet is None:
        filled = [name for name, item in sheets.items() if len(sheets) == 1 or _holds(item)]
        if len(filled) > 1:
            raise ReadError(
                "The workbook has several sheets and study.toml names none",
                expected="sheet = one of the sheets, in one [[raw]] entry a sheet",
                seen=shown(filled),
                file=source,
            )
        return sheets[filled[0] if filled else next(iter(sheets))]
    if sheet not in sheets:
        raise ReadError(
            "The workbook has no such sheet",
            expected=f"one of {shown(sheets)}",
            seen=repr(sheet),
            file=source,
            todo="correct `sheet` in study.toml",
        )
    return sheets[sheet]


def _holds(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _refuse_formula_without_value(content: bytes, sheet: Any, source: str) -> None:
    """Refuse formulas that no spreadsheet program has worked out, as programs write them."""
    if not _holds_formula(content):
        return
    written = _opened(content, formulas=True)[sheet.title]
    for both in (sheet, written):
        both.reset_dimensions()
    for values, formulas in zip(sheet.iter_rows(), written.iter_rows(), strict=True):
        for value, formula in zip(values, formulas, strict=True):
            # A formula worked out to an empty text is stored as a text.
            if formula.data_type == "f" and value.value is None and value.data_type != "str":
                raise ReadError(
                    "A formula of the workbook has no stored value",
                    expected="the value that Excel stores beside each formula",
                    seen=str(formula.value),
                    file=source,
                    row=int(formula.row),
                    column=str(formula.column_letter),
                    todo="open the workbook in Excel or LibreOffice and save it again",
                )


def _holds_formula(content: bytes) -> bool:
    with ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        texts = (archive.read(name) for name in sheets)
        return any(b"<f>" in text or b"<f " in text for text in texts)


def _records(sheet: Any) -> list[list[str]]:
    # The size a file claims for its sheet may be wrong, and cells beyond it would be lost.
    sheet.reset_dimensions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        records = [[cell_text(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    while records and not any(records[-1]):
        records.pop()
    return records


def cell_text(value: object) -> str:
    """Return the text of a workbook's cell.

    Examples
    --------
    >>> cell_text(3.0), cell_text(4.75), cell_text(True), cell_text(None)
    ('3', '4.75', 'TRUE', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return _moment_text(value)


def _moment_text(value: object) -> str:
    if isinstance(value, datetime):
        whole = value.replace(microsecond=0)
        if (whole.hour, whole.minute, whole.second) == (0, 0, 0):
            return whole.date().isoformat()
        return whole.isoformat(" ", "seconds" if whole.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
