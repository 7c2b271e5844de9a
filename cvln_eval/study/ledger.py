"""The ledger: what became of every raw file, column, row and cell.

Four tables. `files`: one row a raw file, with its bytes' hash and the count of its rows. `columns`:
one row a raw column, where it went or why it was not read. `rows`: one row a raw row, kept, merged
or set aside, with the rule and the record it became. `cells`: one row a changed or flagged cell,
with the value as received, the clean value and the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from cvln_eval.errors import LedgerError, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DISPOSITIONS", "LEDGER_COLUMNS", "Ledger", "ledger_rules"]

DISPOSITIONS = ("kept", "merged", "set_aside")
LEDGER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "files": (
        "file",
        "sha256",
        "format",
        "encoding",
        "delimiter",
        "header_row",
        "n_rows",
        "n_kept",
        "n_merged",
        "n_set_aside",
        "n_cells_changed",
    ),
    "columns": ("file", "column", "table", "clean_column", "rule"),
    "rows": ("file", "row", "disposition", "rule", "table", "record", "into_file", "into_row"),
    "cells": ("file", "row", "column", "raw_value", "clean_value", "rule"),
}


def ledger_rules() -> dict[str, tuple[str, str]]:
    """Return each rule of the ledger with what it applies to and what it means.

    Returns
    -------
    dict
        Rule to a pair: `row`, `cell` or `column`, and the sentence a reader sees.
    """
    import csv

    text = files("cvln_eval.study").joinpath("rules.csv").read_text(encoding="utf-8")
    return {
        row["rule"]: (row["about"], row["meaning"]) for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Ledger:
    """The four tables of a cleaning run.

    `check` holds the laws: every row of every file stands in `rows` exactly once, so that rows in
    are rows kept, merged and set aside; every rule is one of `ledger_rules`; every record that a
    kept row names is in its table, and every record of a table is named by a kept row.
    """

    files: pd.DataFrame
    columns: pd.DataFrame
    rows: pd.DataFrame
    cells: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the four tables by name."""
        return {name: getattr(self, name) for name in LEDGER_COLUMNS}

    def balance(self) -> pd.DataFrame:
        """Return rows in, kept, merged and set aside, one row a file, with the difference (0)."""
        wanted = ["file", "n_rows", "n_kept", "n_merged", "n_set_aside"]
        balance = self.files[wanted].copy()
        accounted = balance[["n_kept", "n_merged", "n_set_aside"]].sum(axis=1)
        balance["n_unaccounted"] = balance["n_rows"] - accounted
        return balance

    def check(self) -> None:
        """Raise `LedgerError` unless every row of every file is accounted for exactly once."""
        balance = self.balance()
        off = balance[balance["n_unaccounted"] != 0]
        if len(off):
            raise LedgerError(
                "Rows in are not rows kept, merged and set aside",
                seen=shown(
                    f"{file}: {gap} rows"
                    for file, gap in zip(off["file"], off["n_unaccounted"], strict=True)
                ),
                todo="report this with the file; nothing was written",
            )
        repeated = self.rows[self.rows.duplicated(["file", "row"])]
        counted = self.rows.groupby("file").size().reindex(self.files["file"], fill_value=0)
        wrong = counted[counted.to_numpy() != self.files["n_rows"].to_numpy()]
        if len(repeated) or len(wrong):
            raise LedgerError(
                "A row of a file stands in the ledger twice or not at all",
                seen=shown(
                    [
                        *(
                            f"{f} row {r}"
                            for f, r in zip(repeated["file"], repeated["row"], strict=True)
                        ),
                        *wrong.index,
                    ]
                ),
            )
        unknown = (
            set(self.rows["rule"]) | set(self.cells["rule"]) | set(self.columns["rule"])
        ) - set(ledger_rules())
        if unknown:
            raise LedgerError("A rule of the ledger has no meaning", seen=shown(sorted(unknown)))

    def rows_by_rule(self) -> pd.DataFrame:
        """Return how many rows each rule kept, merged or set aside."""
        return self._counted(self.rows, ["disposition", "rule"])

    def cells_by_rule(self) -> pd.DataFrame:
        """Return how many cells each rule changed or flagged."""
        return self._counted(self.cells, ["rule"])

    def _counted(self, frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        counted = frame.groupby(by, observed=True).size().rename("n").reset_index()
        rules = ledger_rules()
        counted["meaning"] = [rules[rule][1] for rule in counted["rule"]]
        return counted.sort_values(["n", "rule"], ascending=[False, True], ignore_index=True)

    def trace(self, table: str, record: str) -> pd.DataFrame:
        """Return the raw rows that one record of a table came from.

        Parameters
        ----------
        table : str
            Name of the table.
        record : str
            Its key, the parts joined by `|` in the order of the table's key columns.
        """
        found = self.rows[(self.rows["table"] == table) & (self.rows["record"] == record)]
        return found.reset_index(drop=True)

    def __repr__(self) -> str:
        balance = self.balance()
        total = balance.drop(columns="file").sum()
        return (
            f"Ledger of {len(balance)} files\n"
            f"{total['n_rows']:,} rows in = {total['n_kept']:,} kept"
            f" + {total['n_merged']:,} merged + {total['n_set_aside']:,} set aside\n"
            f"{len(self.cells):,} cells changed or flagged"
        )
