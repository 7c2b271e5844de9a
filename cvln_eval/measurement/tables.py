"""What every function asks of a table before it reads it: a table, its columns, and its keys."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["names_in", "need_columns", "refuse_missing", "refuse_no_table"]


def refuse_no_table(frame: object, *, table: str) -> None:
    """Raise `ArgumentError` unless what was passed is a DataFrame."""
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(
            f"The table of {table} is no table",
            expected="a pandas DataFrame",
            seen=f"a value of type {type(frame).__name__}",
        )


def names_in(given: object, *, argument: str) -> list[Any]:
    """Return names as a list, one by itself too, or raise `ArgumentError` where these are none."""
    if isinstance(given, str):
        return [given]
    names = list(given) if isinstance(given, Iterable) else [given]
    if not isinstance(given, Iterable) or not all(isinstance(one, Hashable) for one in names):
        raise ArgumentError(
            f"{argument}= takes names",
            expected="a name or a list of names, empty for none",
            seen=repr(given),
        )
    return names


def need_columns(
    frame: pd.DataFrame, columns: Sequence[str], *, table: str, todo: str | None = None
) -> None:
    """Raise `ArgumentError` unless this is a table and it has the columns, each once."""
    refuse_no_table(frame, table=table)
    unnamed = [column for column in columns if not isinstance(column, Hashable)]
    if unnamed:
        raise ArgumentError(
            f"A column of the table of {table} is called by its name",
            expected=f"one of {shown(frame.columns)}",
            seen=f"a value of type {type(unnamed[0]).__name__}",
        )
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ArgumentError(
            f"The table of {table} lacks a column",
            expected=shown(absent),
            seen=shown(frame.columns),
            todo=todo,
        )
    twice = [column for column in columns if (frame.columns == column).sum() > 1]
    if twice:
        raise ArgumentError(
            f"The table of {table} has a column twice",
            expected="one column of each name",
            seen=shown(twice),
            todo="rename or drop one of them",
        )


def refuse_missing(frame: pd.DataFrame, key: Sequence[str], *, what: str) -> None:
    """Raise `ArgumentError` where a part of the key is missing, with column and rows."""
    for name in key:
        rows = frame.index[frame[name].isna()]
        if len(rows):
            raise ArgumentError(
                f"A row does not say which {what} it is",
                expected=f"a value of {name!r} in every row",
                seen=f"none in rows with index {shown(rows)}",
            )
