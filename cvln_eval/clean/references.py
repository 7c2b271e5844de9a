"""Rows and cells that point to a session or team, judged by the tables they point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from cvln_eval.clean.sheet import Sheet
    from cvln_eval.study import Study

__all__ = ["check_attendance", "set_aside_unknown"]


def check_attendance(
    sheet: Sheet, sessions: pd.DataFrame | None, records: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Set attendance aside that points to no session, or to one that was not held.

    Of a file with one row a record its rows are set aside; of a sign-in sheet (`records` given,
    `_at` their row) the cells are flagged and their records left out.
    """
    frame = sheet.frame if records is None else records
    if "session_id" not in frame or sessions is None:
        return frame
    status = frame["session_id"].map(sessions.set_index("session_id")["status"])
    unknown = (~frame["session_id"].isin(sessions["session_id"])).to_numpy(bool)
    not_held = ((status != "held") & status.notna()).fillna(False).to_numpy(bool)
    if records is None:
        sheet.set_aside(unknown, "unknown_reference")
        sheet.set_aside(not_held, "session_not_held")
        return frame
    for where, rule in ((unknown, "unknown_reference"), (not_held, "session_not_held")):
        for at, session in zip(frame["_at"][where], frame["session_id"][where], strict=True):
            spot = np.array([at])
            sheet.change(spot, session, sheet.text[session][at], "", rule)
    return frame[~(unknown | not_held)]


def set_aside_unknown(sheets: list[Sheet], teams: pd.DataFrame, study: Study) -> None:
    """Set rows aside whose team is in no file and not in study.toml."""
    known = set(teams["team_id"])
    for sheet in sheets:
        if sheet.entry.form in ("roster", "records", "wide") and sheet.entry.table != "teams":
            for column in study.codebook.table(sheet.entry.table):
                if column.type == "team" and column.column in sheet.frame:
                    named = sheet.frame[column.column]
                    unknown = (named.notna() & ~named.isin(known)).to_numpy(bool)
                    sheet.set_aside(unknown, "unknown_reference")
