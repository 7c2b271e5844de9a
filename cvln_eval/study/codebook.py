"""The codebook: columns of the tables, items of the instruments, labels and their values, links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cvln_eval.errors import StudyError

__all__ = ["TYPES", "Codebook", "Column", "Item", "Label", "Link", "normalised_label"]

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
