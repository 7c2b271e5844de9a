"""The usable milestones of each group, and the resampling of their clusters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import as_names
from cvln_eval.inference.timing.times import PAIR
from cvln_eval.measurement.bootstrap import bca_interval, bootstrap, leave_one_out
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = [
    "LEAST_CLUSTERS",
    "NOT_KNOWN",
    "Resampled",
    "grouped",
    "in_words",
    "jackknifed",
    "need_times",
    "resampled",
    "two_groups",
    "within",
]

ALL, NOT_KNOWN = "all", "not known"
# Fewer clusters have so few different resamples that an interval would be made of single ones.
LEAST_CLUSTERS = 5
TODO = "make the table with `milestone_times(...).tidy()`"


class Resampled(NamedTuple):
    """One quantity with what resampling of clusters says of it."""

    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    n_draws: int
    reason: str


def need_times(
    times: pd.DataFrame, columns: list[str], *, cluster: str, by: str | None, conf_level: float
) -> None:
    """Raise `ArgumentError` unless a table of milestones has these columns, and a usable level."""
    refuse_level(conf_level)
    named = [*columns, cluster, *([by] if by else [])]
    need_columns(times, named, table="milestone times", todo=TODO)
    refuse_missing(times, [cluster], what="cluster")
    as_names(times[cluster], "cluster")


def grouped(times: pd.DataFrame, by: str | None) -> dict[str, pd.DataFrame]:
    """Return the rows of each group, sorted by name, those without one last; all if none is."""
    if by is None or times.empty:
        return {ALL: times}
    names = times[by].map(str, na_action="ignore")
    found = {str(name): rows for name, rows in times.groupby(names, sort=True)}
    if names.isna().any():
        found[NOT_KNOWN] = times[names.isna()]
    return found


def in_words(group: str) -> str:
    """Return a group as a sentence names it: milestones of a pair are planned in pairs."""
    return "in pairs" if group == PAIR else group


def two_groups(times: pd.DataFrame, by: str) -> tuple[str, str]:
    """Return the names of the two groups, or raise `ArgumentError`."""
    names = sorted({str(name) for name in times[by].dropna()})
    if len(names) != 2:
        raise ArgumentError(
            "Two groups are compared",
            expected=f"two values of {by!r} among the milestones that can be used",
            seen=shown(names) or "none",
            column=by,
            todo="keep the rows of two groups, or name another column",
        )
    return names[0], names[1]


def jackknifed(
    statistic: Callable[[np.ndarray], np.ndarray], n_clusters: int, *, conf_level: float
) -> list[dict[str, object]]:
    """Return each quantity with the error of leaving out one cluster at a time, and its t interval.

    The variance is (G - 1) / G times the sum of squares of the quantity without one cluster about
    that of all, with G - 1 degrees of freedom.
    """
    estimate = statistic(np.ones((1, n_clusters)))[0]
    if n_clusters < 2:
        return [_no_jackknife(float(one), "one cluster: no others to compare") for one in estimate]
    squares = np.sum((leave_one_out(statistic, n_clusters) - estimate) ** 2, axis=0)
    errors = np.sqrt((n_clusters - 1) / n_clusters * squares)
    return [
        _t_row(float(one), float(error), n_clusters - 1, conf_level)
        for one, error in zip(estimate, errors, strict=True)
    ]


def within(row: dict[str, object], low: float, high: float = math.inf) -> dict[str, object]:
    """Return the row with its interval cut at what the quantity can be."""
    ends = {name: row[name] for name in ("conf_low", "conf_high") if name in row}
    return row | {name: float(np.clip(end, low, high)) for name, end in ends.items()}  # type: ignore[call-overload]


def _no_jackknife(estimate: float, reason: str) -> dict[str, object]:
    return {"estimate": estimate, "reason": reason}


def _t_row(estimate: float, error: float, df: int, conf_level: float) -> dict[str, object]:
    if math.isnan(error):
        return _no_jackknife(estimate, "without one cluster there is no value")
    if error <= 1e-12 * abs(estimate):
        return _no_jackknife(estimate, "without any one cluster the value is the same")
    reach = float(stats.t.ppf((1 + conf_level) / 2, df)) * error
    return {
        "estimate": estimate,
        "std_error": error,
        "statistic": estimate / error,
        "df": float(df),
        "p_value": float(2 * stats.t.sf(abs(estimate / error), df)),
        "smallest_p": 0.0,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "reason": "",
    }


def resampled(
    statistic: Callable[[np.ndarray], np.ndarray],
    n_clusters: int,
    *,
    conf_level: float,
    n_draws: int,
    rng: int | np.random.Generator,
) -> list[Resampled]:
    """Return each quantity with its bias-corrected interval over resamples of whole clusters.

    The statistic takes how often each cluster was drawn, shape (draws, clusters), and returns
    shape (draws, quantities).
    """
    estimate = statistic(np.ones((1, n_clusters)))[0]
    if n_clusters < LEAST_CLUSTERS:
        few = f"{n_clusters} of {LEAST_CLUSTERS} clusters that resampling needs"
        return [Resampled(float(one), np.nan, np.nan, np.nan, 0, few) for one in estimate]
    draws = bootstrap(statistic, n_clusters, n_boot=n_draws, rng=rng)
    left = leave_one_out(statistic, n_clusters)
    return [
        _resampled(float(one), draws[:, i], left[:, i], conf_level)
        for i, one in enumerate(estimate)
    ]


def _resampled(
    estimate: float, draws: np.ndarray, left: np.ndarray, conf_level: float
) -> Resampled:
    if np.isnan(estimate):
        return Resampled(estimate, np.nan, np.nan, np.nan, 0, "no value to resample")
    usable = draws[np.isfinite(draws)]
    low, high = bca_interval(estimate, draws, left, conf_level=conf_level)
    if np.isnan(low):
        return Resampled(estimate, np.nan, low, high, len(usable), "all resamples are alike")
    return Resampled(estimate, float(usable.std(ddof=1)), low, high, len(usable), "")
