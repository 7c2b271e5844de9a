"""Columns as formulas and clusters need them, whatever dtype a table came with."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of, refuse_unsquarable
from cvln_eval.measurement.tables import refuse_no_table

__all__ = ["as_names", "cluster_codes", "named_columns", "plain", "term_in_words", "unquoted"]

QUOTED = re.compile(r"""Q\(\s*(["'])(.*?)\1\s*\)""")
# What pandas calls a column of objects that are all numbers.
NUMBERS: tuple[str, ...] = ("integer", "floating", "mixed-integer-float", "decimal")


def cluster_codes(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return the cluster of each row as 0 to G - 1, and the names of the clusters, sorted.

    Raises
    ------
    ArgumentError
        If clusters share a name once it is written out, such as 1 and "1", or one has two, such
        as 1 and 1.0.
    """
    # Among objects 1, 1.0 and True would be one value, so each is written out; elsewhere each once.
    own, values = (None, column) if column.dtype == object else pd.factorize(column)
    codes, clusters = pd.factorize(pd.Index(values).astype(str), sort=True)
    _refuse_alike(column, len(clusters), "cluster")
    return codes if own is None else codes[own], pd.Index(clusters)


def as_names(column: pd.Series, what: str) -> pd.Series:
    """Return who or what each row is about as text, missing where it is.

    Raises
    ------
    ArgumentError
        As `cluster_codes`: if two names would become one, or one two.
    """
    names = column.astype("str")
    if column.dtype == object:  # other columns hold values of one type
        _refuse_alike(column, names.nunique(), what)
    return names


def _refuse_alike(column: pd.Series, n_names: int, what: str) -> None:
    if column.nunique() == n_names:
        return
    first = {type(one).__name__: one for one in reversed(column.dropna().tolist())}
    raise ArgumentError(
        f"The names of {what}s do not tell them apart",
        expected="values of one type",
        seen=", ".join(f"{one!r} ({kind})" for kind, one in first.items()),
        column=str(column.name),
        todo=f"write the same {what} the same way in every row, all as text",
    )


def unquoted(text: str) -> str:
    """Return a formula, or a term of one, with Q('a name') as a name.

    Examples
    --------
    >>> unquoted("Q('trust score'):wave")
    'trust score:wave'
    """
    return QUOTED.sub(lambda found: found[2], text)


def term_in_words(term: str) -> str:
    """Return a term as a sentence names it, without the marks that formulas need.

    Examples
    --------
    >>> [term_in_words(term) for term in ("Q('trust score')", "C(arm)[T.b]", "late[T.True]")]
    ['trust score', 'arm[b]', 'late']
    """
    plainer = re.sub(r"\bC\((\w+)[^()]*\)", r"\1", unquoted(term))
    return re.sub(r"\[T\.(.*?)\]", r"[\1]", plainer.replace("[T.True]", ""))


def named_columns(formula: str, table: pd.DataFrame) -> list[str]:
    """Return the columns that a formula names, as they are or quoted."""
    refuse_no_table(table, table="observations")
    if not isinstance(formula, str) or not formula.partition("~")[0].strip() or "~" not in formula:
        raise ArgumentError(
            "This is no formula", expected="such as 'change ~ treated'", seen=repr(formula)
        )
    quoted = {name for _, name in QUOTED.findall(formula)}
    words = quoted | set(re.findall(r"\w+", QUOTED.sub(" ", formula)))
    return list(dict.fromkeys(column for column in table.columns if column in words))


def plain(table: pd.DataFrame, columns: list[str], formula: str) -> pd.DataFrame:
    """Return a table whose columns formulas can read, whatever their dtype was."""
    outcome = unquoted(formula.split("~")[0].strip())
    made: dict[str, pd.Series] = {
        name: _readable(table[name]) for name in columns if name != outcome
    }
    if outcome in columns:
        made[outcome] = pd.Series(numbers_of(table[outcome], what=f"Values of {outcome}"))
    for name, values in made.items():
        _refuse_infinite(values, name)
    return table.assign(**made)


def _readable(column: pd.Series) -> pd.Series:
    """Return a column with a dtype of numpy's, because formulas cannot read those with NA."""
    kind = column.dtype
    nullable = pd.api.types.is_extension_array_dtype(kind)
    if nullable and pd.api.types.is_bool_dtype(kind):
        known = column.astype(object).where(column.notna(), None)
        return known if column.hasnans else column.astype(bool)
    of_objects = pd.api.types.is_object_dtype(kind)
    if of_objects and pd.api.types.infer_dtype(column, skipna=True) not in NUMBERS:
        return column
    if of_objects or (nullable and pd.api.types.is_numeric_dtype(kind)):
        return pd.Series(column.to_numpy(dtype=float, na_value=np.nan), index=column.index)
    return column


def _refuse_infinite(values: pd.Series, name: str) -> None:
    if not pd.api.types.is_float_dtype(values.dtype):
        return
    refuse_unsquarable(values[np.isfinite(values)].to_numpy(), what=f"Values of {name}")
    rows = np.flatnonzero(np.isinf(values.to_numpy()))
    if len(rows):
        raise ArgumentError(
            "A value is infinite",
            expected="finite numbers, or missing",
            seen=f"others in rows at positions {shown(rows.tolist())}, from 0",
            column=name,
        )
