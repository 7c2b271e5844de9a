"""What the functions on ratings and codings ask of their long tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["RATED", "in_order", "rated_rows", "refuse_repeated"]

RATED = ["wave", "team_id", "criterion"]


def refuse_repeated(frame: pd.DataFrame, key: Sequence[str], *, what: str) -> None:
    """Raise `ArgumentError` where a part of the key is missing or a key stands twice."""
    refuse_missing(frame, key, what=what)
    twice = frame.loc[frame.duplicated(list(key)), list(key)]
    if len(twice):
        raise ArgumentError(
            f"The table has the same {what} twice",
            seen=shown(twice.astype("str").agg(" ".join, axis=1)),
        )


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
    names = [str(one) for one in wanted]
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
    refuse_missing(rows, ["criterion"], what="criterion")
    wanted = in_order(rows, "criterion", criteria)
    rows = rows[rows["criterion"].astype("str").isin(wanted)]
    refuse_repeated(rows, [*RATED, "rater_id"], what="rating")
    texts = {name: rows[name].astype("str") for name in (*RATED, "rater_id")}
    return rows.assign(**texts, score=numbers_of(rows["score"], what="Scores"))
