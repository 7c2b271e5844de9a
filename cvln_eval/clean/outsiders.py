"""People who attend, are named, coach or rate, but are on no roster of that wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cvln_eval.clean.sheet import Sheet

__all__ = ["OUTSIDER_COLUMNS", "list_outsiders"]

OUTSIDER_COLUMNS = ("person_id", "table", "as_written", "on_other_roster", "n_rows")


def list_outsiders(sheets: Sequence[Sheet], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each person, table and spelling that no roster of the wave explains."""
    people = set(tables["people"]["person_id"]) if "people" in tables else set()
    parts = [_flagged(sheet) for sheet in sheets] + [_set_aside(sheet) for sheet in sheets]
    rows = pd.concat([part for part in parts if len(part)] or [_none()], ignore_index=True)
    by = ["person_id", "table", "as_written"]
    counted = rows.groupby(by, sort=True).size().rename("n_rows").reset_index()
    counted["on_other_roster"] = counted["person_id"].isin(people)
    return counted[list(OUTSIDER_COLUMNS)]


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["person_id", "table", "as_written"], dtype="str")


def _flagged(sheet: Sheet) -> pd.DataFrame:
    cells = sheet.cells_table()
    cells = cells[cells["rule"] == "outsider"]
    return pd.DataFrame(
        {
            "person_id": cells["clean_value"],
            "table": sheet.entry.table,
            "as_written": cells["raw_value"],
        }
    )


def _set_aside(sheet: Sheet) -> pd.DataFrame:
    where = sheet.rule == "not_on_roster"
    column = "sender_id" if sheet.entry.table == "ties" else "person_id"
    if not where.any() or column not in sheet.frame:
        return _none()
    name = {"person_id": "name", "sender_id": "sender_name"}[column]
    written = sheet.text.get(name, sheet.text.get(column))
    return pd.DataFrame(
        {
            "person_id": sheet.frame[column].to_numpy(object)[where],
            "table": sheet.entry.table,
            "as_written": written[where] if written is not None else "",
        }
    )
