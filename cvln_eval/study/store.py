"""The processed folder: tables and ledger as csv files, written whole or not at all."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import ArgumentError, StudyError
from cvln_eval.study.ledger import LEDGER_COLUMNS, Ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cvln_eval.study.codebook import Codebook, Column

__all__ = [
    "EXTRA_TABLES",
    "carry_over",
    "read_ledger",
    "read_table",
    "replace_folder",
    "stored_tables",
    "write_tables",
]

EXTRA_TABLES = ("outsiders", "people_to_review", "data_dictionary")
OLD = ".processed-old"
NEW = ".processed-new-"


def stored_tables(folder: Path, codebook: Codebook) -> tuple[str, ...]:
    """Return the names of the tables that cleaning has written."""
    _recover(folder)
    return tuple(name for name in codebook.tables() if (folder / f"{name}.csv").is_file())


def read_table(folder: Path, table: str, codebook: Codebook) -> pd.DataFrame:
    """Read one tidy table with the types of the codebook."""
    if table not in (*codebook.tables(), *EXTRA_TABLES):
        raise ArgumentError(
            "Unknown table",
            expected=f"one of {', '.join((*codebook.tables(), *EXTRA_TABLES))}",
            seen=repr(table),
        )
    path = _there(folder, table)
    if table in EXTRA_TABLES:
        numbers = {"row": "int64", "n_rows": "int64", "n_missing": "int64", "likeness": "float64"}
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        return frame.astype({name: numbers[name] for name in frame if name in numbers})
    columns = codebook.table(table)
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    return pd.DataFrame({column.column: _typed(frame[column.column], column) for column in columns})


def _typed(series: pd.Series, column: Column) -> pd.Series:
    if column.type in ("date", "datetime"):
        return pd.to_datetime(series, format="ISO8601").astype("datetime64[s]")
    if column.type == "boolean":
        return series.map({"true": True, "false": False}).astype("boolean")
    if column.type == "integer":
        return pd.to_numeric(series).astype("Int64")
    return pd.to_numeric(series).astype("float64") if column.type == "number" else series


def read_ledger(folder: Path) -> Ledger:
    """Read the four tables of the ledger."""
    text = {"file": "str", "column": "str", "raw_value": "str", "clean_value": "str", "rule": "str"}
    parts = {}
    for name in LEDGER_COLUMNS:
        path = _there(folder, f"ledger_{name}")
        frame = pd.read_csv(
            path,
            dtype=text | {"into_row": "Int64"},
            keep_default_na=False,
            na_values={"into_row": [""]},
        )
        parts[name] = frame
    return Ledger(**parts)


def _there(folder: Path, name: str) -> Path:
    _recover(folder)
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise StudyError(
            f"There is no table {name} yet",
            expected=f"the file {name}.csv in data/processed",
            seen=", ".join(sorted(p.stem for p in folder.glob("*.csv"))[:5]) or "nothing",
            todo="run `cvln-eval clean` on the study first",
        )
    return path


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], codebook: Codebook) -> None:
    """Write tables as csv, byte for byte the same for the same content."""
    for name, table in tables.items():
        types = (
            {c.column: c.type for c in codebook.table(name)} if name in codebook.tables() else {}
        )
        shaped = pd.DataFrame({c: _as_text(table[c], types.get(str(c), "")) for c in table})
        shaped.to_csv(
            folder / f"{name}.csv",
            index=False,
            lineterminator="\n",
            encoding="utf-8",
            quoting=csv.QUOTE_NONNUMERIC if _holds_return(shaped) else csv.QUOTE_MINIMAL,
        )


def _holds_return(table: pd.DataFrame) -> bool:
    """Return whether a cell holds a carriage return, which older csv writers leave unquoted.

    Unquoted it would end the row when the table is read back.
    """
    texts = table.select_dtypes(["str", "object"])
    return any("\r" in str(cell) for name in texts for cell in texts[name].dropna().unique())


def _as_text(series: Any, type_: str) -> Any:
    if type_ == "boolean":
        return series.map({True: "true", False: "false"})
    if type_ == "date":
        return series.dt.strftime("%Y-%m-%d")
    if type_ == "datetime":
        return series.dt.strftime("%Y-%m-%d %H:%M:%S")
    if type_ == "number":
        whole = series.dropna()
        counted = (whole % 1 == 0) & (whole.abs() < 2**53)
        return series.astype("Int64") if len(whole) and counted.all() else series
    # Plain objects are written twice as fast as Arrow's strings.
    return series.astype(object) if pd.api.types.is_string_dtype(series) else series


def replace_folder(folder: Path, new: Path) -> None:
    """Put a finished folder in the place of another; an interruption leaves one of the two whole.

    Renaming is the only step that touches the old folder. Between the two renames the old one
    stands beside under another name, from which the next look at the study takes it back.
    """
    old = folder.parent / OLD
    _recover(folder)
    if folder.exists():
        os.replace(folder, old)
    os.replace(new, folder)
    _remove(old)


def carry_over(old: Path, new: Path, *, ours: Collection[str]) -> None:
    """Copy what a person has put into a folder to the one that takes its place."""
    for item in sorted(old.iterdir()) if old.is_dir() else []:
        if item.name in ours:
            continue
        if item.is_dir():
            shutil.copytree(item, new / item.name)
        else:
            shutil.copy2(item, new / item.name)


def _recover(folder: Path) -> None:
    old = folder.parent / OLD
    if folder.exists():
        _remove(old)
    elif os.path.lexists(old):
        os.replace(old, folder)


def _remove(old: Path) -> None:
    """Remove what was in a folder's place, which may be a link to elsewhere or a file."""
    if old.is_symlink() or old.is_file():
        old.unlink()
    elif old.exists():
        shutil.rmtree(old)


def temporary_beside(folder: Path) -> Path:
    """Return a new folder beside another, on the same disk, so that it can be renamed to it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_by_a_killed_run in folder.parent.glob(f"{NEW}*"):
        shutil.rmtree(left_by_a_killed_run, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=NEW, dir=folder.parent))
