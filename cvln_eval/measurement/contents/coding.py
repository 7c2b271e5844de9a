"""Segments that coders have coded with themes, as an array, and when a segment has a theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.tables import need_columns

__all__ = ["RULES", "Coding", "coding_of", "has_theme"]

RULES = {
    "either": "at least one coder applied it",
    "both": "at least two coders coded the segment and all of them applied it",
    "majority": "at least two coders coded the segment and more than half of them applied it",
}


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """Codes of shape (segments, coders, themes): 1 applied, 0 not, nan not coded."""

    codes: np.ndarray
    segments: list[str]
    coders: list[str]
    themes: list[str]


def coding_of(
    themes: pd.DataFrame, *, segment: str, coder: str, theme: str, applied: str
) -> Coding:
    """Return the codings as an array; raise `ArgumentError` for what cannot be one."""
    need_columns(themes, (segment, coder, theme, applied), table="themes")
    refuse_repeated(themes, (segment, coder, theme), what="coding")
    if themes.empty:
        raise ArgumentError("There are no codings", expected="one row a segment, coder and theme")
    axes = [pd.Index(themes[name].astype("str")) for name in (segment, coder, theme)]
    names = [list(dict.fromkeys(axis)) for axis in axes]
    codes = np.full([len(axis) for axis in names], np.nan)
    at = [pd.Index(known).get_indexer(axis) for known, axis in zip(names, axes, strict=True)]
    codes[tuple(at)] = _applied(themes[applied])
    return Coding(codes, *names)


def _applied(values: pd.Series) -> np.ndarray:
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    wrong = values[(~numbers.isin([0, 1]) & values.notna()).to_numpy()]
    if len(wrong):
        raise ArgumentError(
            "A theme is applied or it is not", expected="true, false, 1 or 0", seen=shown(wrong)
        )
    return numbers.to_numpy()


def has_theme(codes: np.ndarray, rule: str) -> np.ndarray:
    """Return whether each segment has each theme by a rule; nan where the rule cannot say.

    Parameters
    ----------
    codes : ndarray, shape (segments, coders, themes)
        1, 0 or nan.
    rule : str
        A name of `RULES`.

    Returns
    -------
    ndarray, shape (segments, themes)
    """
    if rule not in RULES:
        raise ArgumentError("No rule of this name", expected=", ".join(RULES), seen=repr(rule))
    coded, yes = np.isfinite(codes).sum(axis=1), np.nansum(codes, axis=1)
    enough = coded >= (1 if rule == "either" else 2)
    reached = {"either": yes > 0, "both": yes == coded, "majority": 2 * yes > coded}[rule]
    return np.where(enough, reached.astype(float), np.nan)
