"""From text cells to typed columns, for each form a file can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.directory import Directory
from cvln_eval.clean.forms import parse_answers
from cvln_eval.clean.headers import NAME_COLUMNS
from cvln_eval.clean.persons import resolve_people
from cvln_eval.clean.rosters import Entry
from cvln_eval.clean.sheet import Sheet, objects
from cvln_eval.clean.typed import blank_missing_codes, fill_team, fill_wave, parse_column
from cvln_eval.study import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cvln_eval.study import Study

__all__ = ["Kit", "type_sheet"]

SUBMITTED = Column(
    "responses", "submitted_at", "datetime", False, False, "", None, None, (), "", ""
)
# The day of a record that says which wave's roster its people should be on.
DAYS = {"coaching": "held_on", "activity": "occurred_at"}


@dataclass(slots=True)
class Kit:
    """What cleaning carries from file to file: the study, who is who, sessions, names to review."""

    study: Study
    directory: Directory = field(default_factory=Directory)
    review: list[dict[str, object]] = field(default_factory=list)
    session_wave: dict[str, str] = field(default_factory=dict)

    def roster_entries(self, sheet: Sheet) -> Iterator[tuple[int, Entry]]:
        """Yield each kept row of a roster, with its position, once for each wave it serves."""
        n = len(sheet)
        own = sheet.frame["wave"].to_numpy(object) if "wave" in sheet.text else [None] * n
        teams = sheet.frame["team_id"].fillna("").to_numpy(object)
        for at in np.flatnonzero(sheet.kept()):
            given = _cell(sheet, "person_id", int(at))
            for wave in (str(own[at]),) if isinstance(own[at], str) else sheet.entry.wave:
                yield (
                    int(at),
                    Entry(
                        file=sheet.source,
                        row=int(sheet.raw.rows[at]),
                        wave=wave,
                        team=teams[at],
                        name=_cell(sheet, "name", int(at)),
                        given=sheet.entry.id_prefix + given if given else "",
                    ),
                )

    def note_links(
        self, rosters: list[Sheet], entries: list[Entry], places: list[tuple[Sheet, int]]
    ) -> None:
        """Put the linked people into the rosters' frames and the links into their ledgers."""
        people = {id(sheet): objects([None] * len(sheet)) for sheet in rosters}
        noted = set()
        for entry, (sheet, at) in zip(entries, places, strict=True):
            people[id(sheet)][at] = entry.person
            if (id(sheet), at) not in noted:
                noted.add((id(sheet), at))
                self._note_link(sheet, at, entry)
        for sheet in rosters:
            sheet.frame.insert(0, "person_id", pd.Series(people[id(sheet)], dtype="str"))

    def _note_link(self, sheet: Sheet, at: int, entry: Entry) -> None:
        """Record what became of a roster row's id, and what its name was linked by."""
        spot = np.array([at])
        raw_id = _cell_as_is(sheet, "person_id", at)
        if raw_id.strip() and sheet.entry.id_prefix:
            sheet.change(spot, "person_id", raw_id, entry.given, "id_prefixed")
        elif raw_id.strip() and raw_id != entry.person and entry.rule != "id_assigned":
            same = entry.given.casefold() == entry.person.casefold()
            rule = "trimmed" if same else "id_changed"
            sheet.change(spot, "person_id", raw_id, entry.person, rule)
        if entry.rule:
            column = "name" if "name" in sheet.text else "person_id"
            named = self.directory.first_name.get(entry.person, "")
            clean = named if entry.rule == "name_variant" else entry.person
            sheet.change(spot, column, _cell_as_is(sheet, column, at), clean, entry.rule)

    def wave_of_days(self, days: pd.Series) -> NDArray[np.object_]:
        """Return the wave whose period holds each day, "" where none does or the day is missing."""
        waves = objects([""] * len(days))
        for wave in self.study.waves:
            if wave.starts_on is not None and wave.ends_on is not None:
                first, last = pd.Timestamp(wave.starts_on), pd.Timestamp(wave.ends_on)
                inside = ((days >= first) & (days < last + pd.Timedelta(days=1))).to_numpy(bool)
                waves[inside] = wave.id
        return waves


def _cell(sheet: Sheet, name: str, at: int) -> str:
    return _cell_as_is(sheet, name, at).strip()


def _cell_as_is(sheet: Sheet, name: str, at: int) -> str:
    return str(sheet.text[name][at]) if name in sheet.text else ""


def type_sheet(sheet: Sheet, kit: Kit) -> None:
    """Parse every column of a file, resolve its people, and set rows without a key aside."""
    columns = _columns(sheet, kit)
    _type_plain(sheet, columns, kit)
    if sheet.entry.table == "sessions":
        _note_sessions(sheet, kit)
    if sheet.entry.form == "survey":
        parse_answers(sheet, kit.study)
    if sheet.entry.form == "roster":
        _roster_keys(sheet)
    elif sheet.entry.form != "matrix":
        _type_people(sheet, columns, kit)


def _type_plain(sheet: Sheet, columns: list[Column], kit: Kit) -> None:
    """Parse wave and teams first, as they are the context in which names are read."""
    if any(column.column == "wave" for column in columns) or "wave" in sheet.text:
        fill_wave(sheet, kit.study)
    for name in _team_columns(sheet, columns):
        fill_team(sheet, name, kit.study)
    for name in sorted({*NAME_COLUMNS, *NAME_COLUMNS.values()} & set(sheet.text)):
        blank_missing_codes(sheet, name, kit.study.definition.missing_codes)
    for column in columns:
        if column.type not in ("person", "team", "wave"):
            parse_column(sheet, column, kit.study)


def _type_people(sheet: Sheet, columns: list[Column], kit: Kit) -> None:
    waves = _waves(sheet, kit)
    people = [column for column in columns if column.type == "person"]
    sheet.set_aside(_missing(sheet, [c for c in columns if c not in people]), "missing_key")
    for column in people:
        resolve_people(
            sheet, column.column, directory=kit.directory, waves=waves, review=kit.review
        )
    sheet.set_aside(_missing(sheet, columns), "missing_key")


def _columns(sheet: Sheet, kit: Kit) -> list[Column]:
    """Return the columns that a file's rows carry themselves."""
    entry = sheet.entry
    columns = list(kit.study.codebook.table(entry.table))
    if entry.form == "roster":
        own = [c for c in columns if c.column in sheet.text or c.column in ("team_id", "wave")]
        people = [c for c in kit.study.codebook.table("people") if c.column in sheet.text]
        columns = [c for c in own + people if c.column != "person_id"]
    if entry.form == "survey":
        columns = [c for c in columns if c.column in ("wave", "person_id")]
        columns += [SUBMITTED] if "submitted_at" in sheet.text else []
    if entry.form == "wide":
        columns = [c for c in columns if c.column not in (entry.names_to, entry.values_to)]
    if entry.form == "matrix":
        columns = [c for c in columns if c.column in ("wave", "relation")]
    if entry.table == "ties" and entry.form == "records" and "strength" not in sheet.text:
        sheet.text["strength"] = objects(["1"] * len(sheet))
    if entry.table == "teams":
        columns = [c for c in columns if c.column != "arm"]
    if entry.table == "sessions" and "wave" not in sheet.text:
        columns = [c for c in columns if c.column != "wave"]
    return columns


def _team_columns(sheet: Sheet, columns: list[Column]) -> list[str]:
    own = [column.column for column in columns if column.type == "team"]
    return own + (["team_id"] if "team_id" in sheet.text and "team_id" not in own else [])


def _roster_keys(sheet: Sheet) -> None:
    """Set aside roster rows that name nobody, no team or no wave, before people are linked."""
    nobody = [
        not (_cell(sheet, "person_id", at) or _cell(sheet, "name", at)) for at in range(len(sheet))
    ]
    no_place = sheet.frame[["team_id", "wave"]].isna().any(axis=1).to_numpy(bool)
    sheet.set_aside(np.array(nobody, dtype=bool) | no_place, "missing_key")


def _missing(sheet: Sheet, columns: list[Column]) -> NDArray[np.bool_]:
    needed = [c.column for c in columns if (c.required or c.key) and c.column in sheet.frame]
    if sheet.entry.table == "ties":
        needed = [name for name in needed if name != "receiver_id"]
    missing: NDArray[np.bool_] = sheet.frame[needed].isna().any(axis=1).to_numpy(bool)
    return missing


def _note_sessions(sheet: Sheet, kit: Kit) -> None:
    """Derive the wave of each session, and keep it for those who attended."""
    if "wave" not in sheet.text:
        day = sheet.frame["held_on"].fillna(sheet.frame["planned_on"])
        waves = kit.wave_of_days(day)
        sheet.frame["wave"] = pd.Series(objects([wave or None for wave in waves]), dtype="str")
    waves = sheet.frame["wave"].fillna("").to_numpy(object)
    kit.session_wave |= dict(zip(sheet.frame["session_id"], waves, strict=True))


def _waves(sheet: Sheet, kit: Kit) -> NDArray[np.object_]:
    """Return the wave whose roster the people of each row should be on, "" where it is unknown."""
    day = DAYS.get(sheet.entry.table)
    if "wave" in sheet.frame:
        return objects(sheet.frame["wave"].fillna("").to_numpy(object))
    if len(sheet.entry.wave) == 1:
        return objects(list(sheet.entry.wave) * len(sheet))
    if "session_id" in sheet.frame:
        return objects([kit.session_wave.get(s, "") for s in sheet.frame["session_id"]])
    if day in sheet.frame:
        return kit.wave_of_days(sheet.frame[day])
    return objects([""] * len(sheet))
