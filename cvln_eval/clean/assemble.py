"""Typed sheets to the study's tables, those that others point to first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.forms import survey_responses, wide_records
from cvln_eval.clean.outsiders import list_outsiders
from cvln_eval.clean.prove import joined_key
from cvln_eval.clean.references import check_attendance, set_aside_unknown
from cvln_eval.clean.respondents import all_respondents, survey_respondents, tie_respondents
from cvln_eval.clean.ties import tie_records
from cvln_eval.clean.typed import as_series
from cvln_eval.errors import CleanError, shown

if TYPE_CHECKING:
    from cvln_eval.clean.kinds import Kit
    from cvln_eval.clean.sheet import Sheet
    from cvln_eval.study import Study

__all__ = ["assemble"]


def assemble(sheets: list[Sheet], kit: Kit) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the tables the files fill, each in the codebook's columns and sorted by its key.

    Rows that only other tables can judge (attendance at a session that was not held, a session or
    tie that points nowhere) are set aside here, and each kept row learns the record it became.
    """
    study = kit.study
    of: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        of.setdefault(sheet.entry.table, []).append(sheet)
    tables = _backbone(of, study)
    for sheet in of.get("attendance", []):
        check_attendance(sheet, tables.get("sessions"))
    set_aside_unknown(sheets, tables["teams"], study)
    tables |= _answers(of, kit, tables)
    for name in of:
        if name not in tables:
            tables[name] = _records(of[name], name, kit, tables)
    for sheet in sheets:
        _note_records(sheet, study)
    names = [name for name in study.codebook.tables() if name in tables]
    shaped = {name: _shaped(tables[name], name, study) for name in names}
    return shaped, list_outsiders(sheets, shaped)


def _backbone(of: dict[str, list[Sheet]], study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables that the others point to: teams, memberships, people, sessions."""
    tables = {}
    if "memberships" in of:
        tables["memberships"] = _memberships(of["memberships"], study)
    tables["teams"] = _teams(of.get("teams", []), study, tables.get("memberships"))
    people = of.get("memberships", []) + of.get("people", [])
    if people:
        tables["people"] = _people(people, study)
    if "sessions" in of:
        tables["sessions"] = _stacked(of["sessions"])
    return tables


def _answers(
    of: dict[str, list[Sheet]], kit: Kit, tables: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return responses and ties, and who was asked and answered."""
    made = {}
    stated = [_stacked(of["respondents"])] if "respondents" in of else []
    derived = []
    if "responses" in of:
        parts = survey_responses(of["responses"], kit.study.codebook)
        made["responses"] = pd.concat(parts, ignore_index=True)
        derived += survey_respondents(of["responses"], kit, tables)
    if "ties" in of:
        made["ties"], asked = tie_records(of["ties"], kit)
        derived += tie_respondents(asked, kit, tables)
    if stated or derived:
        made["respondents"] = all_respondents(stated, derived)
    return made


def _stacked(sheets: list[Sheet]) -> pd.DataFrame:
    return pd.concat([sheet.frame[sheet.kept()] for sheet in sheets], ignore_index=True)


def _teams(sheets: list[Sheet], study: Study, memberships: pd.DataFrame | None) -> pd.DataFrame:
    """Return the teams of the files and of study.toml, which alone says their arms.

    Where neither names any team, the teams are those of the rosters, all of the network.
    """
    arm_of = study.definition.teams.arm_of()
    if not sheets and not arm_of and memberships is not None:
        arm_of = dict.fromkeys(sorted(memberships["team_id"].dropna().unique()), "network")
    listed = _stacked(sheets) if sheets else pd.DataFrame({"team_id": pd.Series([], dtype="str")})
    absent = [team for team in arm_of if team not in set(listed["team_id"])]
    more = pd.DataFrame({"team_id": pd.Series(absent, dtype="str")})
    teams = pd.concat([listed, more], ignore_index=True)
    teams["arm"] = teams["team_id"].map(arm_of).astype("str").fillna("network")
    return teams


def _memberships(sheets: list[Sheet], study: Study) -> pd.DataFrame:
    """Return one row a person and wave, also where one roster serves several waves."""
    parts = []
    for sheet in sheets:
        rows = pd.Series(sheet.raw.rows, dtype="str")
        frame = sheet.frame.assign(_place=f"{sheet.source} row " + rows)[sheet.kept()]
        waves: tuple[str, ...] = sheet.entry.wave if "wave" not in sheet.text else ("",)
        parts += [frame.assign(wave=wave) if wave else frame for wave in waves]
    columns = [column.column for column in study.codebook.table("memberships")]
    return _one_of_each_wave(pd.concat(parts, ignore_index=True), columns)


def _one_of_each_wave(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Join what rosters of several waves and of one of them say of a person, if they agree."""
    key = ["person_id", "wave"]
    groups = rows[rows.duplicated(key, keep=False)].groupby(key, sort=False)
    for (person, wave), group in groups:
        said = {name: group[name].dropna().unique() for name in columns if name in group}
        differ = [name for name in said if name not in key and len(said[name]) > 1]
        if differ:
            raise CleanError(
                "Two rosters say different things of one person in one wave",
                expected=f"one {differ[0]} for {person} in wave {wave}",
                seen=shown(said[differ[0]]),
                file=" and ".join(group["_place"]),
                column=differ[0],
                todo="let each person be in one roster of a wave, or correct one of the rows",
            )
    joined = rows.groupby(key, sort=False).first().reset_index() if len(groups) else rows
    return joined.drop(columns="_place")


def _people(sheets: list[Sheet], study: Study) -> pd.DataFrame:
    """Return one row a person; of several values the last that is not missing counts."""
    columns = [column.column for column in study.codebook.table("people")]
    frames = [sheet.frame[sheet.kept()] for sheet in sheets]
    shaped = [frame[[name for name in columns if name in frame]] for frame in frames]
    rows = pd.concat(shaped, ignore_index=True)
    for sheet in sheets:
        _note_superseded(sheet, rows, columns)
    return rows.groupby("person_id", sort=True).last().reset_index()


def _note_superseded(sheet: Sheet, rows: pd.DataFrame, columns: list[str]) -> None:
    """Record attributes of a person that a later roster states otherwise."""
    last = rows.groupby("person_id").last()
    for name in columns:
        if name in sheet.text and name in last and name in sheet.frame:
            final = last[name].reindex(sheet.frame["person_id"]).reset_index(drop=True)
            own = sheet.frame[name]
            differs = (own.notna() & (own != final)).fillna(False).to_numpy(bool) & sheet.kept()
            sheet.change(
                differs,
                name,
                sheet.text[name][differs],
                final[differs].astype("str").to_numpy(object),
                "superseded",
            )


def _records(
    sheets: list[Sheet], table: str, kit: Kit, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the records of files whose rows, or whose cells, are records."""
    columns = {column.column: column for column in kit.study.codebook.table(table)}
    parts = []
    for sheet in sheets:
        if sheet.entry.form == "wide":
            ids = [name for name in columns if name in sheet.frame]
            part = wide_records(sheet, kit.study, columns=columns, id_columns=ids)
            if table == "attendance":
                part = check_attendance(sheet, tables.get("sessions"), part)
            without = sheet.kept() & ~np.isin(np.arange(len(sheet)), part.pop("_at"))
            sheet.rule[without] = "no_answers"
            parts.append(part)
        else:
            parts.append(sheet.frame[sheet.kept()])
    return pd.concat(parts, ignore_index=True)


def _note_records(sheet: Sheet, study: Study) -> None:
    """Write the record of each kept row: the key columns that the row itself carries."""
    key = study.codebook.key(sheet.entry.table)
    if sheet.entry.form == "roster":
        key = ["person_id"]
    if sheet.entry.form == "matrix":
        key = ["wave", "relation", "sender_id"]
    sheet.record_key = tuple(name for name in key if name in sheet.frame)
    kept = sheet.kept()
    own = sheet.frame.loc[kept]
    sheet.record[kept] = joined_key(own, sheet.record_key).to_numpy(object)


def _shaped(table: pd.DataFrame, name: str, study: Study) -> pd.DataFrame:
    """Return a table in the codebook's columns, types and order."""
    columns = study.codebook.table(name)
    for column in columns:
        if column.column not in table:
            empty = np.full(len(table), None, dtype=object)
            table[column.column] = (
                as_series(empty, column.type).to_numpy()
                if column.type == "number"
                else as_series(empty, column.type).array
            )
    table = table[[column.column for column in columns]]
    if name == "responses":
        # Written respondent by respondent, item by item, in the order of the codebook.
        return table.reset_index(drop=True)
    return table.sort_values(study.codebook.key(name), kind="stable", ignore_index=True)
