"""The whole way from raw files to tidy tables and a ledger that accounts for every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.clean.assemble import assemble
from cvln_eval.clean.headers import expected_headers, open_sheet
from cvln_eval.clean.kinds import Kit, type_sheet
from cvln_eval.clean.prove import check_records
from cvln_eval.clean.rosters import Entry, link_people
from cvln_eval.clean.rows import merge_duplicates, merge_submissions, set_aside_no_records
from cvln_eval.errors import StudyError, shown
from cvln_eval.read import filled_sheets, read_raw
from cvln_eval.study.ledger import LEDGER_COLUMNS, Ledger
from cvln_eval.study.schemas import check_keys, check_table

if TYPE_CHECKING:
    from cvln_eval.clean.sheet import Sheet
    from cvln_eval.study import RawFile, Study

__all__ = ["REVIEW_COLUMNS", "Cleaned", "clean_study"]

REVIEW_COLUMNS = (
    "file",
    "row",
    "name",
    "team_id",
    "given_id",
    "candidate_id",
    "candidate_name",
    "likeness",
    "why",
)
DATA_SUFFIXES = (
    *(".csv", ".tsv", ".tab", ".dat", ".txt", ".json", ".xlsx", ".xlsm"),
    *(".xlsb", ".xls", ".ods", ".numbers", ".sav", ".por", ".dta"),
    *(".sas7bdat", ".rds", ".rdata", ".parquet", ".sqlite", ".db", ".zip"),
)
# Sessions and rosters come before what refers to them.
ORDER = ("teams", "memberships", "people", "sessions")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning made: tidy tables, the ledger, names to review, and people on no roster."""

    tables: dict[str, pd.DataFrame]
    ledger: Ledger
    review: pd.DataFrame
    outsiders: pd.DataFrame


def clean_study(study: Study, *, progress: Callable[[str], None] | None = None) -> Cleaned:
    """Clean every raw file of a study; write nothing.

    Parameters
    ----------
    study : Study
        An open study.
    progress : callable, optional
        Called with the name of each file as it is taken up.

    Returns
    -------
    Cleaned
        Tables that hold their schemas and keys, and a ledger that has been checked: for every
        file, rows in are rows kept, merged and set aside.

    Raises
    ------
    CvlnError
        If a file cannot be read, has an unknown column, names an unknown wave, gives one id to two
        people, or the tables break a schema.
    """
    tell = progress or (lambda _: None)
    if not study.definition.raw:
        raise StudyError("The study names no raw files", todo="add [[raw]] entries to study.toml")
    _refuse_unnamed(study)
    _refuse_without_roster(study)
    sheets = []
    for entry in study.definition.raw:
        tell(entry.source)
        sheets.append(_opened(entry, study))
    kit = Kit(study)
    _link_rosters(sheets, kit)
    for sheet in sorted(sheets, key=_turn):
        if sheet.entry.form != "roster":
            type_sheet(sheet, kit)
    _merge(sheets, study)
    tell("tables")
    tables, outsiders = assemble(sheets, kit)
    for name, table in tables.items():
        check_table(table, study.codebook, name)
    check_keys(tables, outsiders)
    check_records(sheets, tables)
    ledger = _ledger(sheets)
    ledger.check()
    review = pd.DataFrame(kit.review, columns=list(REVIEW_COLUMNS))
    return Cleaned(tables, ledger, review, outsiders)


def _refuse_unnamed(study: Study) -> None:
    """Refuse data files that no entry of study.toml names: they would be lost without a word."""
    named = {entry.file for entry in study.definition.raw} | set(study.definition.not_read)
    there = sorted(p for p in study.raw_folder.rglob("*") if p.suffix.lower() in DATA_SUFFIXES)
    # Excel and macOS put files of their own, "~$name" and "._name", beside those they open.
    files = [
        path.relative_to(study.raw_folder).as_posix()
        for path in there
        if path.is_file() and not path.name.startswith((".", "~$"))
    ]
    unnamed = [file for file in files if file not in named] + _unnamed_sheets(study)
    if unnamed:
        raise StudyError(
            "A data file or sheet in data/raw is named by no [[raw]] entry",
            seen=shown(unnamed),
            file="study.toml",
            todo="add a [[raw]] entry for it, or list it under not_read at the top of study.toml",
        )


def _unnamed_sheets(study: Study) -> list[str]:
    """Return sheets that hold something beside the named ones of a workbook, as `file#sheet`."""
    by_file: dict[str, set[str]] = {}
    for entry in study.definition.raw:
        if entry.sheet:
            by_file.setdefault(entry.file, set()).add(entry.source)
    left = []
    for file, named in by_file.items():
        sheets = filled_sheets(study.raw_folder / file)
        named |= set(study.definition.not_read)
        left += [f"{file}#{sheet}" for sheet in sheets if f"{file}#{sheet}" not in named]
    return left


def _refuse_without_roster(study: Study) -> None:
    """Refuse answers without a roster, which would all be set aside as of nobody known."""
    tables = {entry.table for entry in study.definition.raw}
    answers = sorted(tables & {"responses", "ties"})
    if answers and "memberships" not in tables:
        raise StudyError(
            "The study has answers but no roster of who was asked",
            expected='a [[raw]] entry with table = "memberships" and form = "roster"',
            seen=shown(answers),
            file="study.toml",
            todo="add the roster of each wave: one row a person, with name or id, and team",
        )


def _turn(sheet: Sheet) -> int:
    return ORDER.index(sheet.entry.table) if sheet.entry.table in ORDER else len(ORDER)


def _opened(entry: RawFile, study: Study) -> Sheet:
    raw = read_raw(
        study.raw_folder / entry.file,
        source=entry.source,
        header=entry.header,
        expected=expected_headers(entry, study.codebook) if entry.header else (),
        sheet=entry.sheet,
        encoding=entry.encoding,
    )
    sheet = open_sheet(raw, entry, study.codebook)
    if entry.header:
        set_aside_no_records(sheet)
    for row in raw.short_rows:
        sheet.change(raw.rows == row, "", "", "", "short_row")
    return sheet


def _link_rosters(sheets: list[Sheet], kit: Kit) -> None:
    """Type the rosters and link their rows to people over all waves."""
    rosters = [sheet for sheet in sheets if sheet.entry.form == "roster"]
    entries: list[Entry] = []
    places: list[tuple[Sheet, int]] = []
    for sheet in rosters:
        type_sheet(sheet, kit)
        for at, entry in kit.roster_entries(sheet):
            entries.append(entry)
            places.append((sheet, at))
    linked = link_people(
        entries, codebook=kit.study.codebook, waves=kit.study.definition.wave_ids()
    )
    kit.directory = linked.directory
    kit.review += linked.review
    kit.note_links(rosters, entries, places)


def _merge(sheets: list[Sheet], study: Study) -> None:
    """Merge duplicates among the files that report the same kind of record."""
    groups: dict[tuple[object, ...], list[Sheet]] = {}
    for sheet in sheets:
        entry = sheet.entry
        if entry.form == "matrix":
            continue
        # Sign-in sheets of other sessions, or rubrics of other criteria, contradict nobody.
        # A roster of a whole year says more than the equal row of one of its waves.
        waves = entry.wave if entry.form == "roster" else ()
        same = (entry.table, entry.form, entry.instruments, waves, tuple(sorted(sheet.spread)))
        groups.setdefault(same, []).append(sheet)
    for (table, form, *_), group in groups.items():
        if form == "survey":
            items = [item.item for item in study.codebook.items]
            merge_submissions(group, items)
            continue
        key = [name for name in study.codebook.key(str(table)) if name in group[0].frame]
        merge_duplicates(group, key)


def _ledger(sheets: list[Sheet]) -> Ledger:
    empty = pd.DataFrame(columns=list(LEDGER_COLUMNS["cells"]))
    cells = [part for part in (sheet.cells_table() for sheet in sheets) if len(part)]
    return Ledger(
        files=pd.DataFrame(
            [sheet.files_row() for sheet in sheets], columns=list(LEDGER_COLUMNS["files"])
        ),
        columns=pd.concat([sheet.columns_table() for sheet in sheets], ignore_index=True),
        rows=pd.concat([sheet.rows_table() for sheet in sheets], ignore_index=True),
        cells=pd.concat(cells, ignore_index=True) if cells else empty,
    )
