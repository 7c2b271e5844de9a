"""Covariances of items in many resamples at once, under a stated rule for missing answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix, item_names, refuse_repeated
from cvln_eval.results import count

__all__ = [
    "MISSING_RULES",
    "ZERO",
    "Kept",
    "correlations",
    "covariances",
    "keep_people",
    "refuse_unless",
]

MISSING_RULES = ("listwise", "pairwise", "available")
# A variance this small beside those it is made of, or the largest, is rounding of a constant.
ZERO = 1e-10


@dataclass(frozen=True, slots=True)
class Kept:
    """The people that a rule keeps, the n that an interval may use, items nobody answered."""

    values: np.ndarray
    items: tuple[str, ...]
    missing: str
    n: int
    n_left_out: int
    unanswered: tuple[str, ...]

    @property
    def n_persons(self) -> int:
        """People whose answers count."""
        return len(self.values)

    @property
    def once(self) -> np.ndarray:
        """Weights that take each person once: the sample itself as a resample."""
        return np.ones((1, self.n_persons))

    def reason(self) -> str:
        """Return why no coefficient can be had from these people, or nothing."""
        if self.unanswered:
            return f"no answers to {shown(self.unanswered)}"
        if self.n < 2:
            answered = "all items" if self.missing == "listwise" else "both of a pair of items"
            return f"{count(self.n, 'person', 'people')} answered {answered}, 2 needed"
        flat = [n for n, x in zip(self.items, self.values.T, strict=True) if constant(x)]
        return f"all answers alike to {shown(flat)}" if flat else ""


def constant(column: np.ndarray) -> bool:
    """Return whether the answers to an item are all alike."""
    return bool(np.nanmax(column) == np.nanmin(column))


def refuse_unless(word: str, among: Sequence[str], what: str) -> None:
    """Raise `ArgumentError` unless a word is among those that an argument takes."""
    if word not in among:
        raise ArgumentError(f"Unknown {what}", expected=f"one of {shown(among)}", seen=repr(word))


def keep_people(
    answers: pd.DataFrame, items: Sequence[str], missing: str, *, at_least: int = 2
) -> Kept:
    """Return the people whose answers a rule uses.

    Listwise keeps people who answered all items, the other rules those who answered any. The n of
    an interval is the number of complete people, or else the fewest who answered both of a pair.
    """
    refuse_unless(missing, MISSING_RULES, "rule for missing answers")
    refuse_repeated(answers)
    values = item_matrix(answers, items, at_least=at_least)
    given = np.isfinite(values)
    kept = given.all(axis=1) if missing == "listwise" else given.any(axis=1)
    items = item_names(items)
    both = given[kept].T.astype(int) @ given[kept].astype(int)
    never = tuple(n for n, any_ in zip(items, given.any(axis=0), strict=True) if not any_)
    left_out = len(values) - int(kept.sum())
    return Kept(values[kept], tuple(items), missing, int(both.min()), left_out, never)


def covariances(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return a covariance matrix a row of weights, each over the people who answered the pair.

    With w how often each person was drawn and sums over those who answered both i and j,
    c_ij = (sum w x_i x_j - sum w x_i sum w x_j / sum w) / (sum w - 1).

    Parameters
    ----------
    values : ndarray, shape (n_persons, n_items)
        Answers; nan where there is none.
    weights : ndarray, shape (n_draws, n_persons)
        How often each person was drawn.

    Returns
    -------
    ndarray, shape (n_draws, n_items, n_items)
        nan where fewer than two answered a pair; the variance of a constant is exactly 0.
    """
    given = np.isfinite(values)
    x = np.where(given, values - _centre(values), 0.0)
    w = weights.astype(float)
    i, j = np.triu_indices(values.shape[1])
    cross = w @ (x[:, i] * x[:, j])
    if given.all():
        sums = w @ x
        n, product = w.sum(axis=1)[:, None], sums[:, i] * sums[:, j]
    else:
        n = w @ (given[:, i] & given[:, j])
        product = (w @ (x[:, i] * given[:, j])) * (w @ (x[:, j] * given[:, i]))
    with np.errstate(divide="ignore", invalid="ignore"):
        c = np.where(n > 1, (cross - product / n) / (n - 1), np.nan)
    return _square(c, i, j)


def _centre(values: np.ndarray) -> np.ndarray:
    """Return the least answer to each item: sums of differences from it do not cancel."""
    least: np.ndarray = np.nan_to_num(np.fmin.reduce(values, axis=0))
    return least


def _square(upper: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    size = int(i.max()) + 1
    full = np.empty((len(upper), size, size))
    full[:, i, j] = upper
    full[:, j, i] = upper
    diagonal = full[:, range(size), range(size)]
    rounding = diagonal <= ZERO * np.nanmax(diagonal, axis=1, keepdims=True, initial=0.0)
    full[:, range(size), range(size)] = np.where(rounding, 0.0, diagonal)
    return full


def correlations(c: np.ndarray) -> np.ndarray:
    """Return correlations from covariances; nan in the row and column of a constant item."""
    variance = np.diagonal(c, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    r: np.ndarray = c / (sd[..., :, None] * sd[..., None, :])
    return r
