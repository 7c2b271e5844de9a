"""Items of a table as a matrix of numbers, with what can be wrong said in the user's terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import names_in, refuse_missing, refuse_no_table

__all__ = [
    "item_matrix",
    "item_names",
    "numbers_of",
    "refuse_level",
    "refuse_out_of_range",
    "refuse_range",
    "refuse_repeated",
    "refuse_unsquarable",
]

# Fourth powers of what is larger overflow, of what is smaller than its inverse vanish.
LARGEST = 1e75


def item_matrix(answers: pd.DataFrame, items: Sequence[str], *, at_least: int = 1) -> np.ndarray:
    """Return the items as floats, people in rows; nan where there is no answer.

    Parameters
    ----------
    answers : DataFrame
        One row a person, as `answer_table` returns it.
    items : sequence of str
        Columns of `answers`.
    at_least : int
        How many items the caller needs.

    Returns
    -------
    ndarray, shape (n_persons, n_items)

    Raises
    ------
    ArgumentError
        If there is no table, an item is absent, named twice, not a number or infinite, there are
        too few, or two columns have the name of one.
    """
    refuse_no_table(answers, table="answers")
    names = item_names(items)
    absent = [name for name in names if name not in answers.columns]
    if absent:
        raise ArgumentError(
            "An item is not a column of the table",
            expected=shown(answers.columns),
            seen=shown(absent),
            todo="build the table with `answer_table`",
        )
    _refuse_named_twice(answers, names)
    if len(names) < at_least:
        raise ArgumentError(
            "Too few items", expected=f"at least {at_least}", seen=shown(names) or "none"
        )
    columns = [numbers_of(answers[name], what=f"Answers to {name}") for name in names]
    return np.column_stack(columns) if columns else np.empty((len(answers), 0))


def item_names(items: Sequence[str]) -> list[str]:
    """Return items as a list; a single name stands for itself."""
    return names_in(items, argument="items")


def _refuse_named_twice(answers: pd.DataFrame, names: list[str]) -> None:
    twice = [name for name in names if names.count(name) > 1]
    columns = list(answers.columns)
    if not twice and any(columns.count(name) > 1 for name in names):
        raise ArgumentError(
            "Two columns of the table have the name of one item",
            seen=shown(name for name in names if columns.count(name) > 1),
            todo="drop or rename one of them",
        )
    if twice:
        raise ArgumentError("An item is named twice", seen=shown(twice), expected="each once")


def numbers_of(column: pd.Series, *, what: str, squared: bool = True) -> np.ndarray:
    """Return a column as floats, nan where empty; texts are read as the numbers that they write.

    Raises
    ------
    ArgumentError
        If a value is no number or not finite, with those values, or if the column is `squared`
        later and its values are too large or too small for that.
    """
    numbers = _as_floats(column)
    wrong = column[np.isinf(numbers) | (np.isnan(numbers) & column.notna().to_numpy())]
    if len(wrong):
        raise ArgumentError(f"{what} must be finite numbers", seen=shown(wrong.tolist()))
    if squared:
        refuse_unsquarable(numbers, what=what)
    return numbers


def refuse_unsquarable(numbers: np.ndarray, *, what: str) -> None:
    """Raise `ArgumentError` where sums of squares would overflow, or vanish from all numbers."""
    sizes = np.abs(numbers[~np.isnan(numbers)])
    if (sizes > LARGEST).any():
        raise ArgumentError(
            f"{what} are too large to be squared",
            expected=f"numbers up to {LARGEST:g}",
            seen=shown(sizes[sizes > LARGEST].tolist()),
            todo="use larger units, or look for a code for missing values",
        )
    if 0 < sizes.max(initial=0.0) < 1 / LARGEST:
        raise ArgumentError(
            f"{what} are too small to be squared",
            expected=f"some number of {1 / LARGEST:g} or more, or all 0",
            seen=shown(sizes[sizes > 0].tolist()),
            todo="use smaller units",
        )


def _as_floats(column: pd.Series) -> np.ndarray:
    """Return what can be read as a real number, and nan for all else."""
    if pd.api.types.is_complex_dtype(column) or column.dtype.kind in "mM":
        return np.full(len(column), np.nan)
    if not pd.api.types.is_numeric_dtype(column):
        column = pd.to_numeric(column.astype("object"), errors="coerce")
    return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))


def refuse_out_of_range(
    answers: pd.DataFrame, items: Sequence[str], scale_range: tuple[float, float]
) -> None:
    """Raise `ArgumentError` with item, wave and values where an answer is outside the range."""
    refuse_range(scale_range)
    low, high = scale_range
    for name in item_names(items):
        values = numbers_of(answers[name], what=f"Answers to {name}")
        out = (values < low) | (values > high)
        if out.any():
            where = answers["wave"][out] if "wave" in answers else [""] * int(out.sum())
            pairs = zip(values[out], where, strict=True)
            raise ArgumentError(
                f"Answers to {name} lie outside the range",
                expected=f"{low:g} to {high:g}",
                seen=shown(f"{value:g} {wave}".strip() for value, wave in pairs),
                todo="pass the range that the item allows",
            )


def refuse_range(scale_range: tuple[float, float]) -> None:
    """Raise `ArgumentError` unless a range is a lowest and a highest answer, both finite."""
    if len(scale_range) != 2 or not -np.inf < scale_range[0] < scale_range[1] < np.inf:
        raise ArgumentError(
            "A range of answers goes from low to high",
            expected="two numbers, such as (1, 5)",
            seen=", ".join(f"{end:g}" for end in scale_range),
        )


def refuse_repeated(answers: pd.DataFrame) -> None:
    """Raise `ArgumentError` where a table that names people has one of them in several rows.

    Rows count as independent; the same person at four waves is not four people.
    """
    refuse_no_table(answers, table="answers")
    if "person_id" not in answers:
        return
    refuse_missing(answers, ["person_id"], what="person")
    if answers["person_id"].duplicated().any():
        raise ArgumentError(
            "A person has several rows, and each would count as a person",
            expected="one row a person",
            seen=shown(answers.loc[answers["person_id"].duplicated(), "person_id"]),
            todo="take one wave: `answer_table(..., wave=...)`",
        )


def refuse_level(conf_level: object) -> None:
    """Raise `ArgumentError` unless a confidence level lies between 0 and 1."""
    if not isinstance(conf_level, float | np.floating) or not 0 < conf_level < 1:
        raise ArgumentError(
            "A confidence level is a number between 0 and 1",
            expected="a share, such as 0.95",
            seen=repr(conf_level),
        )
