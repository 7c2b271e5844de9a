"""From one row a person and wave to one row a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix

__all__ = ["waves_beside", "waves_of"]


def waves_of(answers: pd.DataFrame, *, waves: Sequence[str] | None, wave: str) -> list[str]:
    """Return the waves to compare, in the order given or in which the table has them."""
    there = list(dict.fromkeys(answers[wave].dropna()))
    chosen = there if waves is None else list(waves)
    absent = [name for name in chosen if name not in there]
    if absent:
        raise ArgumentError("No answers of this wave", expected=shown(there), seen=shown(absent))
    if len(set(chosen)) < max(len(chosen), 2):
        raise ArgumentError(
            "Invariance over waves needs waves",
            expected="at least 2, each once",
            seen=shown(chosen) or "none",
        )
    return chosen


def waves_beside(
    answers: pd.DataFrame, *, items: Sequence[str], waves: Sequence[str], person: str, wave: str
) -> tuple[np.ndarray, int]:
    """Return one row a person, items of one wave together, and how many people have no answer."""
    _refuse_unkeyed(answers, person, wave)
    used = answers[answers[wave].isin(list(waves))]
    values = item_matrix(used, items, at_least=3)
    keys = pd.MultiIndex.from_frame(used[[wave, person]])
    long = pd.DataFrame(values, index=keys, columns=list(items))
    people = pd.Index(used[person].unique())
    parts = [long.loc[name].reindex(people).to_numpy() for name in waves]
    matrix = np.hstack(parts)
    empty = ~np.isfinite(matrix).any(axis=1)
    return matrix[~empty], int(empty.sum())


def _refuse_unkeyed(answers: pd.DataFrame, person: str, wave: str) -> None:
    keys = answers[[wave, person]]
    if keys.isna().any(axis=None):
        rows = keys.index[keys.isna().any(axis=1)]
        raise ArgumentError(f"A row has no {person} or no {wave}", seen=f"rows {shown(rows)}")
    twice = keys[keys.duplicated()]
    if len(twice):
        seen = shown(" ".join(map(str, row)) for row in twice.to_numpy())
        raise ArgumentError("A person is there twice in one wave", seen=seen)
