"""What became of the raw files, as the tables of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.results import count

if TYPE_CHECKING:
    from cvln_eval.study import Study

__all__ = ["Account", "Table", "account_of"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page: headings, rows of text, and which columns hold numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The ledger as the report shows it."""

    sentence: str
    balance: Table
    rows: Table
    cells: Table
    unread: Table
    tables: Table
    n_to_review: int
    n_outsiders: int


def account_of(study: Study) -> Account:
    """Return what the ledger of a cleaned study says.

    Parameters
    ----------
    study : Study
        A study that has been cleaned.

    Returns
    -------
    Account
        A table without rows where there is nothing to tell.
    """
    ledger = study.ledger
    rows = ledger.rows_by_rule()
    return Account(
        sentence=_sentence(study),
        balance=_balance(study),
        rows=_by_rule(rows[rows["rule"] != "kept"]),
        cells=_by_rule(ledger.cells_by_rule()),
        unread=_unread(study),
        tables=_tables(study),
        n_to_review=len(study.table("people_to_review")),
        n_outsiders=len(study.table("outsiders")),
    )


def _sentence(study: Study) -> str:
    total = study.ledger.balance().drop(columns="file").sum()
    rows, files = int(total["n_rows"]), len(study.ledger.files)
    return (
        f"Of {count(rows, 'row')} in {count(files, 'raw file')}, {total['n_kept']:,} were kept,"
        f" {total['n_merged']:,} merged with another row of the same record and"
        f" {total['n_set_aside']:,} set aside with a reason."
        f" Changed or flagged: {count(len(study.ledger.cells), 'cell')}."
    )


def _balance(study: Study) -> Table:
    balance = study.ledger.balance()
    changed = study.ledger.files["n_cells_changed"]
    shown = balance.drop(columns="n_unaccounted").assign(changed=changed.to_numpy())
    shown.columns = pd.Index(["File", "Rows", "Kept", "Merged", "Set aside", "Cells changed"])
    total = ("All files", *(f"{value:,}" for value in shown.drop(columns="File").sum()))
    return table_of(shown, total=total)


def _by_rule(counted: pd.DataFrame) -> Table:
    columns = {"meaning": "What", "rule": "Rule", "n": "n"}
    return table_of(counted[list(columns)].rename(columns=columns))


def _unread(study: Study) -> Table:
    """Return the columns that study.toml says not to read."""
    columns = study.ledger.columns
    ignored = columns[columns["rule"] == "ignored"]
    gathered = ignored.groupby("file", sort=False)["column"].agg(", ".join).reset_index()
    return table_of(gathered.set_axis(["File", "Columns not read"], axis=1))


def _tables(study: Study) -> Table:
    rows = [
        {"Table": name, "Records": len(frame), "Columns": frame.shape[1]}
        for name, frame in ((name, study.table(name)) for name in study.tables)
    ]
    return table_of(pd.DataFrame(rows, columns=["Table", "Records", "Columns"]))


def table_of(frame: pd.DataFrame, *, total: tuple[str, ...] = ()) -> Table:
    """Return a data frame as text, counts with thousands separated."""
    numeric = tuple(pd.api.types.is_numeric_dtype(frame[name]) for name in frame)
    rows = tuple(tuple(map(_text, row)) for row in frame.itertuples(index=False, name=None))
    return Table(tuple(map(str, frame.columns)), rows, numeric, total)


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
