"""Columns of a sheet parsed by the codebook, each changed cell put in the sheet's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.cells import Parser, apply_parser, label_parser, parser_of
from cvln_eval.errors import CleanError, shown
from cvln_eval.study import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cvln_eval.clean.sheet import Sheet
    from cvln_eval.study import Column, Study

__all__ = [
    "as_series",
    "blank_missing_codes",
    "fill_team",
    "fill_wave",
    "parse_column",
    "parse_values",
    "put_prefix",
]

DTYPES = {
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "datetime64[s]",
}


def as_series(values: NDArray[np.object_], type_: str) -> pd.Series:
    """Return clean values (None where missing) as a column of the type's dtype."""
    dtype = DTYPES.get(type_, "str")
    if type_ in ("integer", "number"):
        values = np.array([None if v is None else float(v) for v in values], dtype=object)
    if type_ == "boolean":
        values = np.array([{"true": True, "false": False}.get(v, v) for v in values], dtype=object)
    if type_ == "number":
        return pd.Series(np.array([np.nan if v is None else v for v in values], dtype=float))
    return pd.Series(values, dtype=dtype)


def parse_values(
    sheet: Sheet, name: str, column: Column, study: Study
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Parse one text column of a sheet; record its changes; return values and clean texts."""
    raw = sheet.text[name]
    where = {
        "dates": sheet.entry.dates,
        "decimal": sheet.entry.decimal,
        "file": sheet.source,
        "header": sheet.header.get(name, name),
    }
    build = parser_of(column, study.codebook, missing=study.definition.missing_codes, where=where)
    values, texts, rules = apply_parser(raw, build(pd.unique(raw)))
    if name in sheet.header:
        changed = np.asarray(rules != "", dtype=bool)
        sheet.change(changed, name, raw[changed], texts[changed], rules[changed])
    return values, texts


def parse_column(sheet: Sheet, column: Column, study: Study) -> None:
    """Put one typed column into the sheet's frame; a column the file lacks becomes missing."""
    name = column.column
    if name in sheet.text:
        if column.type == "id" and name.endswith("_id"):
            put_prefix(sheet, name, missing=study.definition.missing_codes)
        values, _ = parse_values(sheet, name, column, study)
        sheet.frame[name] = as_series(values, column.type)
    else:
        empty = np.full(len(sheet), None, dtype=object)
        sheet.frame[name] = as_series(empty, column.type)


def blank_missing_codes(sheet: Sheet, name: str, missing: tuple[str, ...]) -> None:
    """Empty the cells of a column of ids or names that hold a code for missing."""
    raw = sheet.text[name]
    coded = np.array([cell.strip() in missing for cell in raw], dtype=bool)
    if coded.any():
        sheet.change(coded, name, raw[coded], "", "missing_code")
        sheet.text[name] = np.where(coded, "", raw)


def put_prefix(sheet: Sheet, name: str, *, missing: tuple[str, ...] = ()) -> None:
    """Put the file's prefix before the ids of a column, where the file restarts its numbering.

    A code for missing is no id and gets none.
    """
    prefix, raw = sheet.entry.id_prefix, sheet.text[name]
    if prefix:
        given = [cell.strip() not in ("", *missing) for cell in raw]
        there = np.array(given, dtype=bool)
        made = raw.copy()
        made[there] = [prefix + cell.strip() for cell in raw[there]]
        sheet.change(there, name, raw[there], made[there], "id_prefixed")
        sheet.text[name] = made


def fill_wave(sheet: Sheet, study: Study) -> None:
    """Put the wave into the sheet's frame, from its column or from study.toml."""
    waves = study.definition.wave_ids()
    if "wave" not in sheet.text:
        sheet.frame["wave"] = pd.Series(
            [sheet.entry.wave[0] if sheet.entry.wave else None] * len(sheet), dtype="str"
        )
        return
    labels = study.codebook.response_set("wave")
    parser = _or_raise(label_parser(labels, waves), waves, sheet)
    raw = sheet.text["wave"]
    values, texts, rules = apply_parser(raw, parser)
    changed = np.asarray(rules != "", dtype=bool) & ("wave" in sheet.header)
    sheet.change(changed, "wave", raw[changed], texts[changed], rules[changed])
    sheet.frame["wave"] = as_series(values, "wave")


def _or_raise(parser: Parser, waves: tuple[str, ...], sheet: Sheet) -> Parser:
    def parse(cell: str) -> tuple[object, str, str]:
        if not cell.strip() or cell.strip() == sheet.header.get("wave"):
            return None, "", ""
        parsed = parser(cell)
        if parsed[0] is None:
            at = int(np.flatnonzero(sheet.text["wave"] == cell)[0])
            raise CleanError(
                "A row names a wave that is not in study.toml",
                expected=f"one of {', '.join(waves)}",
                seen=shown([cell]),
                file=sheet.source,
                row=int(sheet.raw.rows[at]),
                column=sheet.header.get("wave"),
                todo="correct the cell, or add a response set `wave` that says which wave it means",
            )
        return parsed

    return parse


def fill_team(sheet: Sheet, name: str, study: Study) -> None:
    """Put a team column into the sheet's frame: by id, or by a spelling of response set `team`."""
    raw = sheet.text.get(name)
    if raw is None:
        sheet.frame[name] = as_series(np.full(len(sheet), None, dtype=object), "team")
        return
    known = tuple(study.definition.teams.arm_of())
    labels = study.codebook.response_set("team")
    labels += tuple(Label("team", team, team, False) for team in known)
    parser = label_parser(labels, ()) if labels else None
    missing = study.definition.missing_codes
    values, texts, rules = apply_parser(raw, _blank_aware(parser, missing))
    changed = np.asarray(rules != "", dtype=bool) & (name in sheet.header)
    sheet.change(changed, name, raw[changed], texts[changed], rules[changed])
    sheet.frame[name] = as_series(values, "team")
    columns = study.codebook.table(sheet.entry.table)
    if sheet.entry.form != "survey" and any(c.column == name and c.required for c in columns):
        sheet.set_aside(np.asarray(rules == "unknown_label", dtype=bool), "unknown_reference")


def _blank_aware(parser: Parser | None, missing: tuple[str, ...]) -> Parser:
    def parse(cell: str) -> tuple[object, str, str]:
        text = cell.strip()
        if not text:
            return None, "", ""
        if text in missing:
            return None, "", "missing_code"
        return parser(cell) if parser else (text, text, "" if text == cell else "trimmed")

    return parse
