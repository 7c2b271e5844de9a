"""A raw table on its way to the tidy tables: its cells, the fate of its rows, its changed cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.study.ledger import LEDGER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cvln_eval.read import RawTable
    from cvln_eval.study.definition import RawFile

__all__ = ["Sheet", "objects"]

SET_ASIDE_FOR_A_CELL = ("missing_key", "strength_not_read", "unknown_reference")
UNREAD = ("out_of_range", "unknown_label", "not_a_number", "not_a_date")


def objects(values: Sequence[object] | NDArray[np.object_]) -> NDArray[np.object_]:
    """Return values as a one-dimensional array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


@dataclass(slots=True)
class Sheet:
    """One raw file (or sheet) while it is cleaned.

    `text` holds the cells as received under their clean names, `header` the header of each clean
    name, `frame` the typed columns as they are made. Row arrays have one entry a raw row:
    `fate` and `rule` (the ledger's disposition and rule), `record`, `into_file`, `into_row`.
    `record_key` names the key columns that a row itself carries, `record` their values. `answers`
    holds a survey's answers as numbers, not yet keyed.
    """

    entry: RawFile
    raw: RawTable
    text: dict[str, NDArray[np.object_]]
    header: dict[str, str]
    spread: tuple[str, ...]
    column_rules: list[tuple[str, str, str, str]]
    frame: pd.DataFrame = field(init=False)
    fate: NDArray[np.object_] = field(init=False)
    rule: NDArray[np.object_] = field(init=False)
    record: NDArray[np.object_] = field(init=False)
    into_file: NDArray[np.object_] = field(init=False)
    into_row: NDArray[np.int64] = field(init=False)
    record_key: tuple[str, ...] = ()
    answers: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    changes: list[tuple[NDArray[np.int64], str, object, object, object]] = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.raw.rows)
        self.frame = pd.DataFrame(index=pd.RangeIndex(n))
        self.fate = objects(["kept"] * n)
        self.rule = objects(["kept"] * n)
        self.record = objects([""] * n)
        self.into_file = objects([""] * n)
        self.into_row = np.full(n, -1, dtype=np.int64)
        self.changes = []

    @property
    def source(self) -> str:
        """Name of the file in the ledger."""
        return self.raw.source

    def __len__(self) -> int:
        return len(self.raw.rows)

    def kept(self) -> NDArray[np.bool_]:
        """Return which rows are still kept."""
        return np.asarray(self.fate == "kept", dtype=bool)

    def set_aside(self, where: NDArray[np.bool_], rule: str) -> None:
        """Set kept rows aside under a rule; a row's first rule stands."""
        where = where & self.kept()
        self.fate[where], self.rule[where] = "set_aside", rule

    def merge(self, position: int, rule: str, into: Sheet, at: int) -> None:
        """Merge one row into a row of this or another file."""
        self.fate[position], self.rule[position] = "merged", rule
        self.point(position, into, at)

    def point(self, position: int, into: Sheet, at: int) -> None:
        """Note which row of which file one row repeats."""
        self.into_file[position], self.into_row[position] = into.source, into.raw.rows[at]

    def change(
        self,
        where: NDArray[np.bool_] | NDArray[np.int64],
        column: str,
        raw: object,
        clean: object,
        rule: object,
    ) -> None:
        """Record changed cells of one column; `raw`, `clean` and `rule` are arrays or one value."""
        positions = np.arange(len(self))[where]
        if len(positions):
            self.changes.append((positions, self.header.get(column, column), raw, clean, rule))

    def rows_table(self) -> pd.DataFrame:
        """Return the ledger's rows of this file."""
        into = pd.array(np.where(self.into_row < 0, 0, self.into_row), dtype="Int64")
        into[self.into_row < 0] = pd.NA
        return pd.DataFrame(
            {
                "file": self.source,
                "row": self.raw.rows,
                "disposition": self.fate,
                "rule": self.rule,
                "table": self.entry.table,
                "record": self.record,
                "into_file": self.into_file,
                "into_row": into,
            }
        )

    def cells_table(self) -> pd.DataFrame:
        """Return the ledger's cells of this file.

        Cells of rows that were merged or set aside are left out, as nothing of them is used, with
        two exceptions: what a later submission says otherwise is listed, as it is the only trace of
        the earlier answer, and so is a cell that could not be read and for which its row was set
        aside.
        """
        parts = [
            pd.DataFrame(
                {
                    "file": self.source,
                    "row": self.raw.rows[positions],
                    "column": column,
                    "raw_value": raw,
                    "clean_value": clean,
                    "rule": rule,
                }
            )
            for positions, column, raw, clean, rule in self.changes
        ]
        empty = pd.DataFrame(columns=list(LEDGER_COLUMNS["cells"]))
        cells = pd.concat(parts, ignore_index=True) if parts else empty
        used = cells["row"].isin(self.raw.rows[self.kept()]) | (cells["rule"] == "superseded")
        unread = self.raw.rows[np.isin(self.rule.astype(str), SET_ASIDE_FOR_A_CELL)]
        used |= cells["row"].isin(unread) & cells["rule"].isin(UNREAD)
        return cells[used].sort_values(["row"], kind="stable", ignore_index=True)

    def columns_table(self) -> pd.DataFrame:
        """Return the ledger's columns of this file."""
        table = pd.DataFrame(self.column_rules, columns=["column", "table", "clean_column", "rule"])
        table.insert(0, "file", self.source)
        return table

    def files_row(self) -> dict[str, object]:
        """Return the ledger's row of this file; counts are of the file's own rows and cells."""
        fates = {fate: int(np.sum(self.fate == fate)) for fate in ("kept", "merged", "set_aside")}
        return {
            "file": self.source,
            "sha256": self.raw.sha256,
            "format": self.raw.format,
            "encoding": self.raw.encoding,
            "delimiter": self.raw.delimiter,
            "header_row": self.raw.header_row,
            "n_rows": len(self),
            **{f"n_{fate}": n for fate, n in fates.items()},
            "n_cells_changed": len(self.cells_table()),
        }
