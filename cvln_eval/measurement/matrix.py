"""Items of a table as a matrix of numbers, with what can be wrong said in the user's terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["item_matrix", "refuse_level", "refuse_out_of_range", "refuse_repeated"]


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
        If an item is absent, named twice, not a number or infinite, or there are too few.
    """
    names = [items] if isinstance(items, str) else list(items)
    absent = [name for name in names if name not in answers.columns]
    if absent:
        raise ArgumentError(
            "An item is not a column of the table",
            expected=shown(answers.columns),
            seen=shown(absent),
            todo="build the table with `answer_table`",
        )
    if len(set(names)) < max(len(names), at_least):
        raise ArgumentError(
            "Too few items, or one named twice",
            expected=f"at least {at_least}, each once",
            seen=shown(names) or "none",
        )
    return _as_floats(answers, names)


def _as_floats(answers: pd.DataFrame, names: list[str]) -> np.ndarray:
    try:
        matrix = answers[names].astype(float).to_numpy()
    except (TypeError, ValueError) as error:
        wrong = [n for n in names if not pd.api.types.is_numeric_dtype(answers[n])]
        raise ArgumentError("Answers must be numbers", seen=shown(wrong)) from error
    infinite = [name for name, bad in zip(names, np.isinf(matrix).any(axis=0), strict=True) if bad]
    if infinite:
        raise ArgumentError("Answers must be finite numbers", seen=shown(infinite))
    return matrix


def refuse_out_of_range(
    answers: pd.DataFrame, items: Sequence[str], scale_range: tuple[float, float]
) -> None:
    """Raise `ArgumentError` with item, wave and values where an answer is outside the range."""
    low, high = scale_range
    if not low < high:
        raise ArgumentError("A range of answers goes from low to high", seen=f"{low:g}, {high:g}")
    for name in items:
        # As `item_matrix` reads them: categories and digits in quotes cannot be compared.
        values = answers[name].astype(float)
        outside = ((values < low) | (values > high)).to_numpy()
        if outside.any():
            where = answers["wave"] if "wave" in answers else pd.Series("", index=answers.index)
            pairs = zip(values[outside], where[outside], strict=True)
            raise ArgumentError(
                f"Answers to {name} lie outside the range",
                expected=f"{low:g} to {high:g}",
                seen=shown(f"{value:g} {wave}".strip() for value, wave in pairs),
                todo="pass the range that the item allows",
            )


def refuse_repeated(answers: pd.DataFrame) -> None:
    """Raise `ArgumentError` where a table that names people has one of them in several rows.

    Rows count as independent; the same person at four waves is not four people.
    """
    if "person_id" not in answers.columns:
        return
    people = answers["person_id"].dropna()
    twice = people[people.duplicated()]
    if len(twice):
        raise ArgumentError(
            "A person is there in several rows",
            expected="one row a person",
            seen=shown(twice.drop_duplicates()),
            todo="pass the rows of one wave, each person once",
        )


def refuse_level(conf_level: float) -> None:
    """Raise `ArgumentError` unless a confidence level lies between 0 and 1."""
    if not 0 < conf_level < 1:
        raise ArgumentError("A confidence level lies between 0 and 1", seen=repr(conf_level))
