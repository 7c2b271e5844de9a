"""Lists and matrices of who named whom, to ties and to who is known to have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.forms import matrix_records
from cvln_eval.clean.sheet import objects
from cvln_eval.errors import CleanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cvln_eval.clean.kinds import Kit
    from cvln_eval.clean.sheet import Sheet

__all__ = ["tie_records"]

Asked = dict[tuple[str, str], dict[str, bool | None]]


def tie_records(sheets: Sequence[Sheet], kit: Kit) -> tuple[pd.DataFrame, Asked]:
    """Return all ties, and for each wave and relation what is known of who answered."""
    asked: Asked = {}
    parts = [
        _of_matrix(sheet, kit, asked) if sheet.entry.form == "matrix" else _of_list(sheet, asked)
        for sheet in sheets
    ]
    return pd.concat(parts, ignore_index=True), asked


def _of_list(sheet: Sheet, asked: Asked) -> pd.DataFrame:
    """Ties of a list; a row without receiver or strength shows that its sender answered.

    A strength that cannot be read is no zero: who was named stands in the row that is set aside.
    """
    frame = sheet.frame
    senders = frame.loc[sheet.kept(), ["wave", "relation", "sender_id"]].drop_duplicates()
    for wave, relation, sender in senders.itertuples(index=False):
        asked.setdefault((wave, relation), {})[sender] = True
    written = np.array([bool(cell.strip()) for cell in sheet.text["strength"]], dtype=bool)
    unread = frame["receiver_id"].notna() & frame["strength"].isna() & written
    sheet.set_aside(unread.to_numpy(bool), "strength_not_read")
    nobody = frame["receiver_id"].isna() | ~(frame["strength"] > 0)
    sheet.set_aside(nobody.to_numpy(bool), "not_a_tie")
    own = (frame["sender_id"] == frame["receiver_id"]).fillna(False).to_numpy(bool) & sheet.kept()
    column = "receiver_id" if "receiver_id" in sheet.text else "receiver_name"
    people = frame["receiver_id"].to_numpy(object)
    sheet.change(own, column, sheet.text[column][own], people[own], "self_nomination")
    return frame[sheet.kept()]


def _of_matrix(sheet: Sheet, kit: Kit, asked: Asked) -> pd.DataFrame:
    """Ties of a matrix; an all-zero row cannot tell "names nobody" from "did not answer"."""
    wave = sheet.entry.wave[0]
    people = _roster_order(kit, wave)
    _check_order(sheet, people, kit, wave)
    strength = next(c for c in kit.study.codebook.table("ties") if c.column == "strength")
    ties, any_cell = matrix_records(sheet, people, strength, kit.study)
    relation = str(sheet.frame["relation"].to_numpy(object)[0])
    sheet.frame["sender_id"] = pd.Series(objects(people), dtype="str")
    named = sheet.frame["sender_id"].isin(ties["sender_id"]).to_numpy(bool)
    silent = ~named & (
        any_cell if sheet.entry.zero_row == "answered" else np.zeros(len(named), bool)
    )
    sheet.rule[~named & ~silent] = "not_known_whether_answered"
    sheet.rule[silent] = "not_a_tie"
    known = asked.setdefault((wave, relation), {})
    for person, names, says in zip(people, named, silent, strict=True):
        known[person] = True if names or says else None
    ties.insert(0, "wave", wave)
    ties.insert(1, "relation", relation)
    return ties


def _check_order(sheet: Sheet, people: list[str], kit: Kit, wave: str) -> None:
    """Refuse a matrix whose header names people in another order than the roster."""
    if not sheet.entry.header:
        return
    for header, person in zip(sheet.spread, people, strict=False):
        named = kit.directory.known(header, wave)
        if named and named != person:
            raise CleanError(
                "A matrix does not have its people in the order of the roster",
                expected=f"{person} ({kit.directory.first_name.get(person, 'without a name')})",
                seen=f"{header!r}, who is {named}",
                file=sheet.source,
                row=sheet.raw.header_row,
                column=header,
                todo="sort the roster like the matrix, in a copy of one of the two files",
            )


def _roster_order(kit: Kit, wave: str) -> list[str]:
    """Return the people of a wave in the order of its roster files' rows."""
    return list(kit.directory.order.get(wave, ()))
