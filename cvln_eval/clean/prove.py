"""The proof that nothing is lost: kept rows and tables name the same records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cvln_eval.errors import LedgerError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cvln_eval.clean.sheet import Sheet

__all__ = ["check_records"]

# A kept row under one of these rules names somebody but holds no record of its own.
WITHOUT_RECORD = ("no_answers", "not_known_whether_answered", "not_a_tie")
# Tables whose rows partly come from the roster and not from a row that says them.
DERIVED = ("respondents", "people", "teams")


def check_records(sheets: list[Sheet], tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise `LedgerError` unless every kept row is in its table and every record has a row.

    A row of a survey, a sign-in sheet or a matrix stands for all records that share the key
    columns the row itself carries.
    """
    by_shape: dict[tuple[str, tuple[str, ...]], list[Sheet]] = {}
    for sheet in sheets:
        if sheet.entry.table not in DERIVED:
            by_shape.setdefault((sheet.entry.table, sheet.record_key), []).append(sheet)
    for table in {table for table, _ in by_shape}:
        groups = {key: group for (of, key), group in by_shape.items() if of == table}
        in_rows = {key: _of_rows(group) for key, group in groups.items()}
        _compare(table, in_rows, tables[table])


def _of_rows(sheets: list[Sheet]) -> set[str]:
    named: set[str] = set()
    for sheet in sheets:
        with_record = sheet.kept() & ~pd.Series(sheet.rule).isin(WITHOUT_RECORD).to_numpy()
        named |= set(sheet.record[with_record])
    return named


def _compare(table: str, in_rows: dict[tuple[str, ...], set[str]], frame: pd.DataFrame) -> None:
    left = frame if len(in_rows) > 1 else _one_of_each(frame, *in_rows)
    for key, named in in_rows.items():
        records = joined_key(left, key)
        _refuse(f"Kept rows are not in the table {table}", named - set(records))
    explained = [joined_key(left, key).isin(named) for key, named in in_rows.items()]
    unexplained = left[~pd.concat(explained, axis=1).any(axis=1)]
    seen = set(joined_key(unexplained, next(iter(in_rows))))
    _refuse(f"The table {table} has records that no row explains", seen)


def _one_of_each(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows at which the key changes; records of one raw row stand together."""
    keys = frame[list(key)]
    return frame[(keys != keys.shift()).any(axis=1)]


def joined_key(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.Series[str]:
    """Return the key columns of each row as one text, joined by a bar."""
    columns = [frame[name].astype("str").fillna("") for name in key]
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + "|" + column
    return joined


def _refuse(what: str, records: set[str]) -> None:
    if records:
        todo = "report this with the file; nothing was written"
        raise LedgerError(what, seen=shown(sorted(records)), todo=todo)
