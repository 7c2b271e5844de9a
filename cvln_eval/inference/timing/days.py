"""Days of milestones: how they are read, how long each took, and whether that was in time."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["LOST", "as_days", "days_in", "durations", "punctuality", "why_unclear"]

LOST, UNSURE = "reached on an unknown day", "neither a day nor whether it was reached"
ZONE = re.compile(r"(?<=\d)(?:Z|[+-]\d\d:?\d\d)$")


def days_in(milestones: pd.DataFrame, which: str | date) -> pd.Series:
    """Return a column of days, or one day for every row."""
    if isinstance(which, str) and which in milestones.columns:
        return as_days(milestones[which])
    try:
        day = pd.Timestamp(str(which)).tz_localize(None)
        if pd.isna(day):
            raise ValueError(str(which))
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            "Beginning and end are days",
            expected=f"a day such as 2024-06-30, or one of the columns {shown(milestones.columns)}",
            seen=repr(which),
        ) from error
    return pd.Series(day.normalize(), index=milestones.index)


def as_days(column: pd.Series) -> pd.Series:
    """Return a column as days, each as its own time zone has it."""
    text = column.astype(object).map(lambda one: ZONE.sub("", str(one)), na_action="ignore")
    parsed = pd.to_datetime(text, errors="coerce", format="ISO8601")
    unread = column[parsed.isna() & column.notna()]
    if len(unread):
        raise ArgumentError(
            "A day cannot be read",
            expected="dates such as 2024-06-30",
            seen=f"{shown(unread)} in rows with index {shown(unread.index)}",
            column=str(column.name),
        )
    return parsed.dt.normalize()


def why_unclear(
    milestones: pd.DataFrame, reached: str | None, done: pd.Series, until: pd.Series
) -> pd.Series:
    """Return why a milestone without a day cannot be taken for an open one; "" where it can."""
    if reached is None:
        return pd.Series("", index=milestones.index)
    told = _true_or_false(milestones[reached])
    against = milestones.loc[~told.fillna(True) & (done <= until), "milestone_id"]
    if len(against):
        raise ArgumentError(
            "A milestone that was not reached has a day on which it was",
            expected=f"no day in 'done_on' where {reached!r} is False",
            seen=f"milestones {shown(against)}",
            column=reached,
        )
    no_day = done.isna()
    why = np.select([no_day & told.isna(), no_day & told.fillna(False)], [UNSURE, LOST], default="")
    return pd.Series(why, index=milestones.index)


def _true_or_false(column: pd.Series) -> pd.Series:
    wrong = column[~column.map(lambda one: isinstance(one, bool | np.bool_)) & column.notna()]
    if len(wrong):
        raise ArgumentError(
            "Whether a milestone was reached is True or False",
            expected="True, False, or nothing where it is not known",
            seen=shown(wrong),
            column=str(column.name),
        )
    return column.astype("boolean")


def durations(
    start: pd.Series, until: pd.Series, done: pd.Series, unclear: pd.Series
) -> dict[str, Any]:
    """Return days taken or watched, whether reached by then, and why there are no days."""
    reached = (done <= until).to_numpy()
    days = (done.where(reached, until) - start).dt.days.astype(float)
    reason = np.select(
        [start.isna(), until.isna(), done < start, until < start, unclear != ""],
        [
            "no day on which it began",
            "no last day of observation",
            "reached before it began",
            "began after the end of observation",
            unclear,
        ],
        default="",
    )
    return {"days": days.where(reason == ""), "reached": reached, "reason": reason}


def punctuality(
    due: pd.Series, done: pd.Series, until: pd.Series, unclear: pd.Series
) -> dict[str, Any]:
    """Return whether each was reached by the day due, where that day or the end is known."""
    reason = np.select(
        [due.isna(), until.isna(), unclear != "", (due > until) & ~(done <= until)],
        ["no day due", "no last day of observation", unclear, "not yet due when last seen"],
        default="",
    )
    on_time = pd.Series(done <= due, dtype="boolean").where(reason == "")
    return {"on_time": on_time, "on_time_reason": reason}
