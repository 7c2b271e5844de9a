"""The forms a raw file can have, each from typed rows to records of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.cells import apply_parser, parser_of
from cvln_eval.clean.sheet import Sheet, objects
from cvln_eval.clean.typed import as_series
from cvln_eval.errors import CleanError
from cvln_eval.study import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cvln_eval.study import Codebook, Item, Study

__all__ = ["matrix_records", "parse_answers", "survey_responses", "wide_records"]


def survey_items(sheet: Sheet, codebook: Codebook) -> list[Item]:
    """Return the items whose answers a survey file holds, in the codebook's order."""
    return [item for item in codebook.items if item.item in sheet.text]


def _answer_column(item: Item) -> Column:
    """Return an item as a column: a choice of labels, or a number where it has no response set."""
    kind = "category" if item.response_set else "number"
    return Column(
        "responses", item.item, kind, False, False, "", None, None, (), item.response_set, ""
    )


def parse_answers(sheet: Sheet, study: Study) -> None:
    """Read the answers to every item of a survey file as numbers that are not yet keyed."""
    for item in survey_items(sheet, study.codebook):
        raw = sheet.text[item.item]
        column = _answer_column(item)
        codes = study.definition.missing_codes
        where = {"dates": None, "decimal": sheet.entry.decimal, "file": sheet.source}
        where["header"] = sheet.header[item.item]
        build = parser_of(column, study.codebook, missing=codes, where=where)
        values, texts, rules = apply_parser(raw, build(pd.unique(raw)))
        changed = np.asarray(rules != "", dtype=bool)
        sheet.change(changed, item.item, raw[changed], texts[changed], rules[changed])
        numbers = as_series(values, "number")
        sheet.answers[item.item] = numbers.to_numpy(dtype=float).copy()
        # From here on an unanswered item is "", whatever blanks were typed.
        blanks = [cell for cell in pd.unique(raw) if cell and not cell.strip()]
        sheet.text[item.item] = np.where(np.isin(raw, blanks), "", raw) if blanks else raw


def keyed(values: NDArray[np.float64], item: Item, codebook: Codebook) -> NDArray[np.float64]:
    """Return answers keyed so that more is more of what the scale measures."""
    if not item.reverse:
        return values
    points = [float(value) for value in codebook.values(item.response_set)]
    return min(points) + max(points) - values


def survey_responses(sheets: Sequence[Sheet], codebook: Codebook) -> list[pd.DataFrame]:
    """Return one row an answer that was given, respondent by respondent, item by item."""
    parts = []
    for sheet in sheets:
        items = survey_items(sheet, codebook)
        rows = np.flatnonzero(sheet.kept())
        raw = np.stack([sheet.text[item.item][rows] for item in items], axis=1)
        columns = [keyed(sheet.answers[item.item][rows], item, codebook) for item in items]
        values = np.stack(columns, axis=1)
        given = np.asarray(raw != "", dtype=bool)
        respondent, item_number = np.nonzero(given)
        _no_answers(sheet, rows[~given.any(axis=1)])
        wave, person = (sheet.frame[name].to_numpy(object)[rows] for name in ("wave", "person_id"))
        parts.append(
            pd.DataFrame(
                {
                    "wave": as_series(wave[respondent], "wave"),
                    "person_id": as_series(person[respondent], "person"),
                    "item": as_series(objects([item.item for item in items])[item_number], "id"),
                    "value": values[given],
                    "raw_value": as_series(raw[given], "text"),
                }
            )
        )
    return parts


def _no_answers(sheet: Sheet, positions: NDArray[np.int64]) -> None:
    sheet.rule[positions] = "no_answers"


def wide_records(
    sheet: Sheet, study: Study, *, columns: Mapping[str, Column], id_columns: list[str]
) -> pd.DataFrame:
    """Return one record for each filled cell of the spread columns of a wide file."""
    names_to, values_to = sheet.entry.names_to, sheet.entry.values_to
    if names_to is None or values_to is None or not {names_to, values_to} <= set(columns):
        raise CleanError(
            "A wide file does not say which columns its headers and cells become",
            expected="names_to and values_to, both columns of the table",
            seen=f"names_to = {names_to!r}, values_to = {values_to!r}",
            file=sheet.source,
        )
    kept, parts = sheet.kept(), []
    for name in sheet.spread:
        raw = sheet.text[name]
        where: dict[str, str | None] = {
            "dates": sheet.entry.dates,
            "decimal": sheet.entry.decimal,
            "file": sheet.source,
            "header": sheet.header[name],
        }
        codes = study.definition.missing_codes
        build = parser_of(columns[values_to], study.codebook, missing=codes, where=where)
        values, texts, rules = apply_parser(raw, build(pd.unique(raw)))
        changed = np.asarray(rules != "", dtype=bool)
        sheet.change(changed, name, raw[changed], texts[changed], rules[changed])
        filled = kept & np.array([bool(cell.strip()) for cell in raw], dtype=bool)
        part = sheet.frame.loc[filled, id_columns].copy()
        part[names_to] = name
        part[values_to] = as_series(values, columns[values_to].type).array[filled]
        part["_at"] = np.flatnonzero(filled)
        parts.append(part)
    records: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return records


def matrix_records(
    sheet: Sheet, people: list[str], strength: Column, study: Study
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Return the ties of a square matrix, and which senders have at least one cell filled.

    Raises
    ------
    CleanError
        If the matrix is not people by people.
    """
    n = len(people)
    if len(sheet) != n or len(sheet.spread) != n:
        raise CleanError(
            "A matrix does not have one row and one column for each person on the roster",
            expected=f"{n} rows and {n} columns",
            seen=f"{len(sheet)} rows and {len(sheet.spread)} columns",
            file=sheet.source,
            todo="check `header` of this [[raw]] entry, and that the roster lists the same people",
        )
    values = np.empty((n, n))
    any_cell = np.zeros(n, dtype=bool)
    for number, name in enumerate(sheet.spread):
        raw = sheet.text[name]
        where: dict[str, str | None] = {"dates": None, "file": sheet.source, "header": name}
        where["decimal"] = sheet.entry.decimal
        codes = study.definition.missing_codes
        build = parser_of(strength, study.codebook, missing=codes, where=where)
        parsed, texts, rules = apply_parser(raw, build(pd.unique(raw)))
        changed = np.asarray(rules != "", dtype=bool)
        sheet.change(changed, name, raw[changed], texts[changed], rules[changed])
        values[:, number] = as_series(parsed, "number").to_numpy()
        any_cell |= np.array([bool(cell.strip()) for cell in raw], dtype=bool)
        if values[number, number] > 0:
            own = np.array([number])
            sheet.change(own, name, raw[own], people[number], "self_nomination")
    sender, receiver = np.nonzero(values > 0)
    names = objects(people)
    ties = {"sender_id": names[sender], "receiver_id": names[receiver]}
    return pd.DataFrame({**ties, "strength": values[sender, receiver]}), any_cell
