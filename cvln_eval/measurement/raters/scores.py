"""Scores as places among categories: numbers, words, and columns that bring an order along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["NO_RATING", "places", "scores_as_given"]

NO_RATING = -1


def scores_as_given(
    scores: pd.Series, categories: Sequence[object] | None
) -> tuple[pd.Series, Sequence[object] | None]:
    """Return numbers as numbers whatever they are kept in, and the order a column brings along."""
    if categories is not None and (
        isinstance(categories, str) or not pd.api.types.is_list_like(categories)
    ):
        raise ArgumentError(
            "Categories are listed", expected="such as [1, 2, 3]", seen=repr(categories)
        )
    if isinstance(scores.dtype, pd.CategoricalDtype):
        kept = scores.cat.categories
        if categories is None and scores.cat.ordered:
            categories = kept.tolist()
        scores = scores.astype(kept.dtype if scores.notna().all() else object)
    return scores.infer_objects(), categories


def places(
    scores: pd.Series,
    keys: pd.DataFrame,
    categories: Sequence[object] | None,
    *,
    ordered: bool,
    numeric: bool,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return the value of each category, and the place of each rating among the categories."""
    if pd.api.types.is_numeric_dtype(scores):
        values = np.asarray(scores.astype("Float64").to_numpy(float, na_value=np.nan), float)
        _refuse_infinite(values, keys)
        points = _numbers(categories, values)
        place = pd.Index(points).get_indexer(pd.Index(values))
        names = [f"{point:g}" for point in points]
    else:
        names = _words(scores, categories, ordered=ordered, numeric=numeric)
        points = np.arange(len(names), dtype=float)
        place = pd.Index(names).get_indexer(pd.Index(scores.astype("str")))
    given = scores.notna().to_numpy()
    _refuse_outside(scores, keys, (place == NO_RATING) & given, names)
    return points, np.where(given, place, NO_RATING)


def _refuse_infinite(values: npt.NDArray[np.float64], keys: pd.DataFrame) -> None:
    infinite = np.isinf(values)
    if infinite.any():
        pairs = zip(values[infinite], keys[infinite].agg(", ".join, axis=1), strict=True)
        raise ArgumentError(
            "Ratings must be finite",
            seen=shown(f"{value} ({where})" for value, where in pairs),
        )


def _numbers(
    categories: Sequence[object] | None, values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    if categories is None:
        return np.unique(values[~np.isnan(values)])
    try:
        listed = np.asarray(list(categories), dtype=float)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            "The ratings are numbers, the categories are not", seen=shown(categories)
        ) from error
    if len(np.unique(listed)) < len(listed) or not np.isfinite(listed).all():
        raise ArgumentError("Categories are finite, each once", seen=shown(categories))
    return np.sort(listed)


def _words(
    scores: pd.Series, categories: Sequence[object] | None, *, ordered: bool, numeric: bool
) -> list[str]:
    seen = sorted(scores.dropna().astype("str").unique())
    if numeric and seen:
        raise ArgumentError(
            "Ratings must be numbers at this level of measurement",
            expected="a numeric column",
            seen=shown(seen),
        )
    if categories is None and ordered and seen:
        raise ArgumentError(
            "Categories in words have no order of their own",
            expected="categories= from lowest to highest",
            seen=shown(seen),
        )
    listed = seen if categories is None else [str(category) for category in categories]
    if len(set(listed)) < len(listed):
        raise ArgumentError("Categories are listed once each", seen=shown(listed))
    return listed


def _refuse_outside(
    scores: pd.Series, keys: pd.DataFrame, outside: npt.NDArray[np.bool_], names: list[str]
) -> None:
    if outside.any():
        pairs = zip(scores[outside], keys[outside].agg(", ".join, axis=1), strict=True)
        raise ArgumentError(
            "Ratings are in none of the categories",
            expected=", ".join(names),
            seen=shown(f"{value} ({where})" for value, where in pairs),
            column=str(scores.name),
        )
