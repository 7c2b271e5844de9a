"""What every column means, in one place.

Columns of results and of the ledger are in `glossary.csv`, those of the house's tables in
`study/tables.csv`; nothing is said twice.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from cvln_eval.errors import ArgumentError, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["define", "glossary"]

Entry = tuple[str, str, str, str]


@cache
def _entries() -> tuple[Entry, ...]:
    """Return column, unit, definition and table; a column of results has no table."""
    folder = files("cvln_eval")
    own = folder.joinpath("glossary.csv").read_text(encoding="utf-8")
    house = folder.joinpath("study").joinpath("tables.csv").read_text(encoding="utf-8")
    results = [
        (row["column"], row["unit"], row["definition"], "")
        for row in csv.DictReader(own.splitlines())
    ]
    tables = [
        (row["column"], row["unit"], row["description"], row["table"])
        for row in csv.DictReader(house.splitlines())
    ]
    return tuple(sorted([*results, *tables], key=lambda entry: (entry[0], entry[3])))


def glossary() -> pd.DataFrame:
    """Return every column that results, the ledger and the house's tables have.

    Returns
    -------
    DataFrame
        `column`, `unit`, `definition` and `table`; the table is empty for a column that means
        the same wherever a result has it.
    """
    import pandas as pd

    return pd.DataFrame(list(_entries()), columns=["column", "unit", "definition", "table"])


def define(column: str, *, table: str | None = None) -> str:
    """Return what a column means.

    Parameters
    ----------
    column : str
        Name of the column.
    table : str, optional
        One of the house's tables, where the column means something of its own.

    Returns
    -------
    str
        The definition with its unit; where several tables have the column and results do not,
        one line a table.

    Raises
    ------
    ArgumentError
        If no result, and no such table, has the column.

    Examples
    --------
    >>> define("conf_low")
    'Lower bound of the confidence interval'
    >>> define("hours", table="attendance")
    'Hours attended [hours]'
    """
    found = [entry for entry in _entries() if entry[0] == column]
    if table is not None:
        found = [entry for entry in found if entry[3] == table]
    if not found:
        raise ArgumentError(
            "Unknown column",
            expected="a column of a result, the ledger or a house table",
            seen=shown([column if table is None else f"{table}.{column}"]),
        )
    general = [entry for entry in found if not entry[3]] or found
    if len(general) == 1:
        return _worded(general[0])
    return "\n".join(f"{entry[3]}: {_worded(entry)}" for entry in general)


def _worded(entry: Entry) -> str:
    return f"{entry[2]} [{entry[1]}]" if entry[1] else entry[2]
