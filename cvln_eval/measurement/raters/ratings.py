"""From the long table of ratings to one row a unit, one column a rater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.raters.scores import NO_RATING, places, scores_as_given
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["RatingMatrix", "named_columns", "rating_matrix", "why_no_agreement"]


@dataclass(frozen=True, slots=True, eq=False)
class RatingMatrix:
    """Ratings as numbers of categories, units in rows and raters in columns.

    Attributes
    ----------
    codes : ndarray of int, shape (n_units, n_raters)
        Place of the rating in `points`; -1 where there is none.
    points : ndarray
        Value of each category; its place where categories are words.
    raters : tuple of str
        Raters with at least one rating.
    n_units_left_out, n_raters_left_out : int
        Units and raters of the table without any rating.
    """

    codes: npt.NDArray[np.intp]
    points: npt.NDArray[np.float64]
    raters: tuple[str, ...]
    n_units_left_out: int = 0
    n_raters_left_out: int = 0

    @property
    def rated(self) -> npt.NDArray[np.bool_]:
        """Where there is a rating."""
        return np.asarray(self.codes != NO_RATING)

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """The ratings; nan where there is none."""
        return np.append(self.points, np.nan)[self.codes]

    def of_units(self, kept: npt.NDArray[np.bool_]) -> RatingMatrix:
        """Return the matrix of some of the units, the others counted as left out."""
        left_out = self.n_units_left_out + int((~kept).sum())
        return RatingMatrix(
            self.codes[kept], self.points, self.raters, left_out, self.n_raters_left_out
        )


def rating_matrix(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str,
    score: str,
    categories: Sequence[object] | None = None,
    ordered: bool = False,
    numeric: bool = False,
) -> RatingMatrix:
    """Return the ratings with one row a unit and one column a rater.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating. A rating that is missing counts as not given.
    categories : sequence, optional
        All categories in their order; when left out, those of an ordered categorical column, else
        those seen, sorted.
    ordered, numeric : bool
        Whether the caller needs the order of the categories, or numbers.

    Returns
    -------
    RatingMatrix
        Units and raters sorted by name, so that the order of the rows changes nothing.

    Raises
    ------
    ArgumentError
        If a column is absent, a rating has no unit or rater, a rater rated a unit twice, a rating
        is infinite or in none of the categories, or words are given where order or numbers are
        needed.
    """
    names = named_columns(unit)
    _need(ratings, names, rater, score)
    refuse_missing(ratings, [*names, rater], what="rating")
    keys = ratings[[*names, rater]].astype("str")
    _refuse_twice(keys)
    scores, listed = scores_as_given(ratings[score], categories)
    points, place = places(scores, keys, listed, ordered=ordered, numeric=numeric)
    raters = sorted(keys[rater].unique())
    rows = keys.groupby(names, sort=True).ngroup().to_numpy()
    columns = pd.Index(raters).get_indexer(keys[rater])
    codes = np.full((int(rows.max(initial=-1)) + 1, len(raters)), NO_RATING, dtype=np.intp)
    codes[rows, columns] = place
    return _without_empty(codes, points, raters)


def named_columns(names: str | Sequence[str]) -> list[str]:
    """Return one or several names of columns, which need not be words, as a list."""
    return list(names) if pd.api.types.is_list_like(names) else [cast("str", names)]


def _without_empty(
    codes: npt.NDArray[np.intp], points: npt.NDArray[np.float64], raters: list[str]
) -> RatingMatrix:
    rated = codes != NO_RATING
    units, columns = rated.any(axis=1), rated.any(axis=0)
    return RatingMatrix(
        codes[np.ix_(units, columns)],
        points,
        tuple(name for name, kept in zip(raters, columns, strict=True) if kept),
        int((~units).sum()),
        int((~columns).sum()),
    )


def _need(ratings: pd.DataFrame, names: list[str], rater: str, score: str) -> None:
    listed = [*names, rater, score]
    todo = "name the columns by unit=, rater= and score="
    need_columns(ratings, listed, table="ratings", todo=todo)
    if not names:
        raise ArgumentError("Ratings need at least one column that names a unit", todo=todo)
    if len(set(listed)) < len(listed):
        raise ArgumentError("Unit, rater and score are columns of their own", seen=shown(listed))


def _refuse_twice(keys: pd.DataFrame) -> None:
    twice = keys[keys.duplicated()]
    if len(twice):
        raise ArgumentError(
            "A rater rated a unit twice",
            expected="one row a unit and rater",
            seen=shown(twice.agg(", ".join, axis=1)),
            todo="name every column that makes up a unit, such as wave, team and criterion",
        )


def why_no_agreement(matrix: RatingMatrix) -> str:
    """Return why no agreement can be had from the ratings; "" where it can."""
    if not matrix.rated.any():
        return "no ratings"
    if len(matrix.raters) < 2:
        return f"one rater only, {matrix.raters[0]}"
    if matrix.rated.sum(axis=1).max() < 2:
        return "no unit has two ratings"
    return ""
