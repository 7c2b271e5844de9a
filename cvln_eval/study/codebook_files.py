"""The codebook's files, read and laid over the house's columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from cvln_eval.errors import StudyError, shown
from cvln_eval.study.codebook import TYPES, Codebook, Column, Item, Label, Link
from cvln_eval.study.codebook_checks import check_codebook

__all__ = ["house_columns", "read_codebook"]

YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def house_columns() -> tuple[Column, ...]:
    """Return the columns that every study's tables have."""
    text = files("cvln_eval.study").joinpath("tables.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(_column(row, line, "tables.csv") for line, row in enumerate(rows, start=2))


def read_codebook(folder: Path, waves: tuple[str, ...]) -> Codebook:
    """Read `columns.csv`, `items.csv`, `response_sets.csv` and `links.csv` from a folder.

    A file that is not there counts as empty. `columns.csv` adds columns to the house's tables or
    narrows those they have; `items.csv` has one column `name_WAVE` for each wave's export.

    Raises
    ------
    StudyError
        If a file lacks a column, repeats an entry, or names a type, table, wave or response set
        that does not exist.
    """
    labels = tuple(
        Label(
            row["response_set"],
            row["label"],
            row["value"],
            _yes(row["missing"], line, "response_sets.csv"),
        )
        for line, row in _rows(
            folder / "response_sets.csv", ("response_set", "label", "value", "missing")
        )
    )
    codebook = Codebook(
        columns=_merged_columns(folder / "columns.csv"),
        items=_items(folder / "items.csv", waves),
        labels=labels,
        links=_links(folder / "links.csv"),
    )
    check_codebook(codebook)
    return codebook


def _rows(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError("A codebook file is not UTF-8", seen=str(error), file=path.name) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    absent = [name for name in needed if name not in (reader.fieldnames or [])]
    if absent:
        raise StudyError(
            "A codebook file lacks a column",
            expected=", ".join(needed),
            seen=shown(reader.fieldnames or ["nothing"]),
            file=path.name,
        )
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise StudyError(
                "A codebook row has more or fewer cells than the header",
                file=path.name,
                row=reader.line_num,
                todo="put text that holds a comma in double quotes",
            )
        rows.append((reader.line_num, {key: value.strip() for key, value in row.items()}))
    return rows


def _yes(text: str, line: int, file: str) -> bool:
    if text.lower() not in YES:
        raise StudyError(
            "Not a yes or no", expected="yes or no", seen=repr(text), file=file, row=line
        )
    return YES[text.lower()]


def _column(row: Mapping[str, str], line: int, file: str) -> Column:
    if row["type"] not in TYPES:
        raise StudyError(
            "Unknown type of a column",
            expected=f"one of {', '.join(TYPES)}",
            seen=repr(row["type"]),
            file=file,
            row=line,
            column="type",
        )
    return Column(
        table=row["table"],
        column=row["column"],
        type=row["type"],
        key=_yes(row.get("key", ""), line, file),
        required=_yes(row["required"], line, file),
        unit=row.get("unit", ""),
        minimum=_bound(row.get("minimum", ""), line, file),
        maximum=_bound(row.get("maximum", ""), line, file),
        levels=tuple(filter(None, row.get("levels", "").split("|"))),
        response_set=row.get("response_set", ""),
        description=row["description"],
    )


def _bound(text: str, line: int, file: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise StudyError("A bound is not a number", seen=repr(text), file=file, row=line) from None


def _merged_columns(path: Path) -> tuple[Column, ...]:
    """Overlay the study's columns on the house's; a study may not change a key or a type."""
    merged = {(column.table, column.column): column for column in house_columns()}
    tables = {table for table, _ in merged}
    needed = ("table", "column", "type", "unit", "required", "description")
    own_names: list[str] = []
    for line, row in _rows(path, needed):
        own = _column(row, line, path.name)
        own_names.append(f"{own.table}.{own.column}")
        house = merged.get((own.table, own.column))
        if own.table not in tables:
            raise StudyError(
                "Unknown table in the codebook",
                expected=f"one of {', '.join(sorted(tables))}",
                seen=repr(own.table),
                file=path.name,
                row=line,
            )
        if house is not None and house.type != own.type:
            raise StudyError(
                "The codebook gives a column of the house another type",
                expected=house.type,
                seen=own.type,
                file=path.name,
                row=line,
                column=own.column,
            )
        merged[own.table, own.column] = own if house is None else _narrowed(house, own)
    _refuse_repeats(own_names, path.name, "column")
    return tuple(sorted(merged.values(), key=lambda column: _table_order(column.table)))


def _table_order(table: str) -> int:
    return list(dict.fromkeys(column.table for column in house_columns())).index(table)


def _narrowed(house: Column, own: Column) -> Column:
    return Column(
        table=house.table,
        column=house.column,
        type=house.type,
        key=house.key,
        required=house.required or own.required,
        unit=house.unit or own.unit,
        minimum=house.minimum if own.minimum is None else own.minimum,
        maximum=house.maximum if own.maximum is None else own.maximum,
        levels=own.levels or house.levels,
        response_set=own.response_set,
        description=own.description or house.description,
    )


def _items(path: Path, waves: tuple[str, ...]) -> tuple[Item, ...]:
    needed = ("item", "instrument", "scale", "reverse", "response_set", "text", "source")
    items = []
    for line, row in _rows(path, needed):
        names = {
            key.removeprefix("name_"): text for key, text in row.items() if key.startswith("name_")
        }
        unknown = sorted(set(names) - set(waves))
        if unknown:
            raise StudyError(
                "items.csv has a column for a wave that is not in study.toml",
                expected=f"name_ and one of {', '.join(waves)}",
                seen=shown(f"name_{wave}" for wave in unknown),
                file=path.name,
            )
        plain = (
            row["item"],
            row["instrument"],
            row["scale"],
            _yes(row["reverse"], line, path.name),
        )
        rest = (row["response_set"], row["text"], row["source"])
        items.append(Item(*plain, *rest, MappingProxyType({k: v for k, v in names.items() if v})))
    _refuse_repeats([item.item for item in items], path.name, "item")
    return tuple(items)


def _links(path: Path) -> tuple[Link, ...]:
    needed = ("name", "team_id", "given_id", "decision", "person_id", "decided_by", "note")
    links = []
    for line, row in _rows(path, needed):
        if row["decision"] not in ("same", "different"):
            raise StudyError(
                "A link is not decided",
                expected="same or different",
                seen=repr(row["decision"]),
                file=path.name,
                row=line,
                column="decision",
            )
        links.append(Link(*(row[name] for name in needed)))
    return tuple(links)


def _refuse_repeats(ids: list[str], file: str, column: str) -> None:
    repeated = sorted({item for item in ids if ids.count(item) > 1})
    if repeated:
        raise StudyError("An entry is listed twice", seen=shown(repeated), file=file, column=column)
