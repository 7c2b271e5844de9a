"""The codebook: columns of the tables, items of the instruments, labels and their values, links."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from cvln_eval.errors import StudyError, shown

__all__ = [
    "TYPES",
    "Codebook",
    "Column",
    "Item",
    "Label",
    "Link",
    "house_columns",
    "normalised_label",
    "read_codebook",
]

TYPES = (
    "id",
    "person",
    "team",
    "wave",
    "text",
    "category",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
)
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one tidy table."""

    table: str
    column: str
    type: str
    key: bool
    required: bool
    unit: str
    minimum: float | None
    maximum: float | None
    levels: tuple[str, ...]
    response_set: str
    description: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an instrument; `names` gives its header in each wave's export."""

    item: str
    instrument: str
    scale: str
    reverse: bool
    response_set: str
    text: str
    source: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a response set and the value it stands for; `missing` marks a missing code."""

    response_set: str
    label: str
    value: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A person's decision about a written name: who it is (`same`) or that it is somebody new."""

    name: str
    team_id: str
    given_id: str
    decision: str
    person_id: str
    decided_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """All four parts of the codebook."""

    columns: tuple[Column, ...]
    items: tuple[Item, ...] = ()
    labels: tuple[Label, ...] = ()
    links: tuple[Link, ...] = ()
    _by_table: Mapping[str, tuple[Column, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_table: dict[str, list[Column]] = {}
        for column in self.columns:
            by_table.setdefault(column.table, []).append(column)
        frozen = MappingProxyType({table: tuple(listed) for table, listed in by_table.items()})
        object.__setattr__(self, "_by_table", frozen)

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables in the house's order."""
        return tuple(self._by_table)

    def table(self, table: str) -> tuple[Column, ...]:
        """Return the columns of one table."""
        if table not in self._by_table:
            raise StudyError(
                "Unknown table", expected=f"one of {', '.join(self.tables())}", seen=repr(table)
            )
        return self._by_table[table]

    def key(self, table: str) -> list[str]:
        """Return the key columns of one table."""
        return [column.column for column in self.table(table) if column.key]

    def response_set(self, name: str) -> tuple[Label, ...]:
        """Return the labels of one response set."""
        return tuple(label for label in self.labels if label.response_set == name)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values a response set can take, missing codes left out."""
        values = (label.value for label in self.response_set(name) if not label.missing)
        return tuple(dict.fromkeys(values))


def normalised_label(label: str) -> str:
    """Return a label without case, outer blanks and runs of blanks, as labels are compared.

    Parameters
    ----------
    label : str
        A label or answer as written.

    Returns
    -------
    str
        The label as labels are compared; a curly apostrophe counts as a straight one.

    Examples
    --------
    >>> normalised_label("  Strongly   AGREE ")
    'strongly agree'
    """
    return " ".join(label.replace("\u2019", "'").split()).casefold()


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
    _check_sets(codebook)
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
        _refuse_repeats(own_names[-1:] * own_names.count(own_names[-1]), path.name, "column")
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


def _check_sets(codebook: Codebook) -> None:
    known = {label.response_set for label in codebook.labels}
    named = {item.item: item.response_set for item in codebook.items if item.response_set}
    named |= {f"{c.table}.{c.column}": c.response_set for c in codebook.columns if c.response_set}
    unknown = {owner: name for owner, name in named.items() if name not in known}
    if unknown:
        raise StudyError(
            "The codebook names a response set that it does not define",
            expected=f"one of {shown(sorted(known)) or 'those in response_sets.csv'}",
            seen=shown(f"{owner}: {name}" for owner, name in unknown.items()),
            file="response_sets.csv",
        )
    _check_labels(codebook)
    _check_values(codebook)


def _check_labels(codebook: Codebook) -> None:
    """Refuse a label that stands for two values, the one it is itself included."""
    values = {(label.response_set, label.value) for label in codebook.labels if not label.missing}
    seen: dict[tuple[str, str], str] = {}
    for label in codebook.labels:
        at = (label.response_set, normalised_label(label.label))
        other = seen.setdefault(at, label.value)
        if (label.response_set, label.label) in values:
            other = label.label
        if other != label.value:
            raise StudyError(
                "One label stands for two values",
                seen=f"{label.label!r}: {other!r} and {label.value!r}",
                file="response_sets.csv",
                column=label.response_set,
                todo="where a number stands for another number, give the value another name,"
                " or recode in a copy of the file",
            )


def _check_values(codebook: Codebook) -> None:
    """Refuse answers that are no numbers, and reverse keying without a scale to turn round."""
    for item in codebook.items:
        values = codebook.values(item.response_set)
        wrong = [value for value in values if not _is_number(value)]
        if wrong or (item.reverse and not values):
            raise StudyError(
                "An item's response set has values that are not numbers"
                if wrong
                else "A reversed item has no response set to say its lowest and highest value",
                expected="numbers in the column value of response_sets.csv",
                seen=shown(wrong) if wrong else f"item {item.item!r}: {item.response_set!r}",
                file="response_sets.csv" if wrong else "items.csv",
                column=item.response_set if wrong else "response_set",
            )
    for column in codebook.columns:
        values = codebook.values(column.response_set)
        if column.type == "boolean" and not set(values) <= {"true", "false"}:
            raise StudyError(
                "A yes-or-no column has labels for other values than true and false",
                expected="true or false",
                seen=shown(values),
                file="response_sets.csv",
                column=column.response_set,
            )


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
