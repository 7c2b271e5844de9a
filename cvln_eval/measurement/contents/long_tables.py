"""What the functions on ratings and codings ask of their long tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["RATED", "in_order", "need_columns", "numbers_of", "rated_rows", "refuse_repeated"]

RATED = ["wave", "team_id", "criterion"]


def need_columns(frame: pd.DataFrame, columns: Sequence[str], *, table: str) -> None:
    """Raise `ArgumentError` unless the table has the columns."""
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ArgumentError(
            f"The table of {table} lacks a column",
            expected=shown(absent),
            seen=shown(frame.columns),
        )


def refuse_repeated(frame: pd.DataFrame, key: Sequence[str], *, what: str) -> None:
    """Raise `ArgumentError` where a part of the key is missing or a key stands twice."""
    empty = [column for column in key if frame[column].isna().any()]
    if empty:
        raise ArgumentError(f"A row does not say which {what} it is", seen=f"no {shown(empty)}")
    twice = frame.loc[frame.duplicated(list(key)), list(key)]
    if len(twice):
        raise ArgumentError(
            f"The table has the same {what} twice",
            seen=shown(twice.astype("str").agg(" ".join, axis=1)),
        )


def numbers_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as floats; raise `ArgumentError` with the values that are no number."""
    values = pd.to_numeric(frame[column], errors="coerce").astype(float)
    wrong = frame.loc[values.isna() & frame[column].notna(), column]
    if len(wrong):
        raise ArgumentError("A value is not a number", seen=shown(wrong), column=column)
    return values


def in_order(frame: pd.DataFrame, column: str, wanted: Sequence[str] | None) -> list[str]:
    """Return the values of a column as they first come, or those wanted if all of them are there.

    Raises
    ------
    ArgumentError
        If a wanted value does not occur, or is named twice.
    """
    present = list(dict.fromkeys(frame[column].astype("str")))
    if wanted is None:
        return present
    names = list(wanted)
    absent = [name for name in names if name not in present]
    if absent or len(set(names)) < len(names) or not names:
        raise ArgumentError(
            f"Each {column} is named once and occurs in the table",
            expected=shown(present),
            seen=shown(absent or names) or "none",
        )
    return names


def rated_rows(
    ratings: pd.DataFrame, names: Mapping[str, str], criteria: Sequence[str]
) -> pd.DataFrame:
    """Return the ratings of some criteria under the house's names of columns, checked."""
    need_columns(ratings, list(names), table="ratings")
    rows = ratings[list(names)].rename(columns=dict(names))
    wanted = in_order(rows, "criterion", criteria)
    rows = rows[rows["criterion"].isin(wanted)]
    refuse_repeated(rows, [*RATED, "rater_id"], what="rating")
    texts = {name: rows[name].astype("str") for name in (*RATED, "rater_id")}
    return rows.assign(**texts, score=numbers_of(rows, "score"))
