"""pandera schemas of the fifteen tables and the keys between them, made from the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cvln_eval.errors import SchemaError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cvln_eval.study.codebook import Codebook, Column

__all__ = ["check_keys", "check_table", "table_schema"]

DTYPES = {
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "datetime64[s]",
}
# (table, column) that must be found among the ids of another table.
REFERENCES = {
    ("attendance", "session_id"): ("sessions", "session_id"),
    ("memberships", "person_id"): ("people", "person_id"),
    ("respondents", "person_id"): ("people", "person_id"),
    ("responses", "person_id"): ("people", "person_id"),
    ("ties", "sender_id"): ("people", "person_id"),
}
# (table, column) that must be on a roster or be listed as an outsider.
PEOPLE_OR_OUTSIDERS = (
    ("attendance", "person_id"),
    ("ties", "receiver_id"),
    ("activity", "person_id"),
    ("coaching", "coach_id"),
    ("ratings", "rater_id"),
)


def dtype_of(column: Column) -> str:
    """Return the pandas dtype of a column of the codebook."""
    return DTYPES.get(column.type, "str")


def table_schema(codebook: Codebook, table: str) -> Any:
    """Return the pandera schema of one table.

    Parameters
    ----------
    codebook : Codebook
        The study's codebook, house columns included.
    table : str
        Name of the table.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict (no other columns, in this order); the key is unique and never missing; levels and
        bounds are those of the codebook.
    """
    import pandera.pandas as pa

    columns = {column.column: _column_schema(column, codebook) for column in codebook.table(table)}
    return pa.DataFrameSchema(columns, strict=True, ordered=True, name=table)


def _column_schema(column: Column, codebook: Codebook) -> Any:
    import pandera.pandas as pa

    checks = []
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    levels = column.levels or codebook.values(column.response_set)
    if levels and column.type == "category":
        checks.append(pa.Check.isin(levels))
    return pa.Column(dtype_of(column), checks, nullable=not (column.key or column.required))


def check_table(frame: pd.DataFrame, codebook: Codebook, table: str) -> None:
    """Raise `SchemaError` unless a table holds its schema and its key is unique."""
    from pandera.errors import SchemaErrors

    try:
        table_schema(codebook, table).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        told = (
            f"{column}: {check} {case!r}" if case is not None else f"{column}: {check}"
            for column, check, case in zip(
                cases["column"], cases["check"], cases["failure_case"], strict=True
            )
        )
        raise SchemaError(
            f"The table {table} breaks its schema",
            seen=shown(told),
            todo="correct the raw file, or the codebook if it is too narrow",
        ) from error
    key = codebook.key(table)
    repeated = frame[frame.duplicated(key)]
    if len(repeated):
        raise SchemaError(
            f"The table {table} has a key twice",
            expected=f"one row for each {', '.join(key)}",
            seen=shown(repeated[key].astype("str").agg("|".join, axis=1)),
            todo="two files of different form report these records; take them out of one",
        )


def check_keys(tables: Mapping[str, pd.DataFrame], outsiders: pd.DataFrame) -> None:
    """Raise `SchemaError` unless every id that a table names is in the table that lists it.

    Whoever answers is in `people`; whoever attends, is named, acts online, coaches or rates is in
    `people` or among the outsiders; every team is in `teams`; every session attended in `sessions`.
    """
    for (table, column), (other, key) in REFERENCES.items():
        if table in tables and other in tables:
            _refuse_unknown(tables[table], table, column, set(tables[other][key]), other)
    known = set(outsiders["person_id"])
    known |= set(tables["people"]["person_id"]) if "people" in tables else set()
    for table, column in PEOPLE_OR_OUTSIDERS:
        if table in tables:
            _refuse_unknown(tables[table], table, column, known, "people or outsiders")
    teams = set(tables["teams"]["team_id"])
    for table, frame in tables.items():
        for column in ("team_id", "partner_team_id", "host_team_id"):
            if column in frame and table != "teams":
                _refuse_unknown(frame, table, column, teams, "teams")


def _refuse_unknown(
    frame: pd.DataFrame, table: str, column: str, known: set[str], where: str
) -> None:
    named = frame[column].dropna()
    unknown = named[~named.isin(known)]
    if len(unknown):
        raise SchemaError(
            f"{table}.{column} names ids that are not in {where}",
            seen=shown(sorted(set(unknown))),
            todo="correct the raw file, or add the missing rows to the file that lists them",
        )
