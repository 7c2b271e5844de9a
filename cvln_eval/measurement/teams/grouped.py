"""Answers sorted by team, and what is computed within each team: means, variances, deviations.

Teams lie one after the other, so that each sum over a team is one segment of one array, and the
same functions serve one table and a thousand shuffles of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix, refuse_repeated

__all__ = [
    "TeamAnswers",
    "mean_deviations",
    "median_deviations",
    "team_answers",
    "team_means",
    "team_sums",
    "team_variances",
    "why_no_comparison",
]


@dataclass(frozen=True, slots=True)
class TeamAnswers:
    """Complete answers of people with a team, sorted by team.

    Attributes
    ----------
    values : ndarray, shape (n, items)
        One row a person.
    sizes : ndarray, shape (teams,)
        People of each team in `values`; never 0.
    teams : tuple of str
        Names of these teams.
    empty : tuple of str
        Teams nobody of which answered every item.
    n_without_team, n_incomplete : int
        People left out because they have no team; because an answer is missing.
    """

    values: np.ndarray
    sizes: np.ndarray
    teams: tuple[str, ...]
    empty: tuple[str, ...]
    n_without_team: int
    n_incomplete: int


def team_answers(answers: pd.DataFrame, items: Sequence[str], team: str) -> TeamAnswers:
    """Return the people who have a team and answered every item, sorted by team."""
    matrix = item_matrix(answers, items)
    _refuse_what_is_no_team_table(answers, team)
    known = answers[team].notna().to_numpy()
    complete = ~np.isnan(matrix).any(axis=1)
    codes, names = pd.factorize(answers.loc[known, team].astype("str"), sort=True)
    named = np.array(names, dtype=object)
    kept = complete[known]
    order = np.argsort(codes[kept], kind="stable")
    sizes = np.bincount(codes[kept], minlength=len(names))
    return TeamAnswers(
        values=matrix[known][kept][order],
        sizes=sizes[sizes > 0],
        teams=tuple(named[sizes > 0]),
        empty=tuple(named[sizes == 0]),
        n_without_team=int((~known).sum()),
        n_incomplete=int((~kept).sum()),
    )


def _refuse_what_is_no_team_table(answers: pd.DataFrame, team: str) -> None:
    if team not in answers.columns:
        raise ArgumentError(
            "No column names the team",
            expected=f"a column {team!r}",
            seen=shown(answers.columns),
            todo="pass `memberships=` to `answer_table`, or name the column with `team=`",
        )
    waves = list(answers["wave"].dropna().unique()) if "wave" in answers.columns else []
    if len(waves) > 1:
        # The same person twice in a team agrees with themselves.
        raise ArgumentError(
            "The answers come from several waves",
            expected="one row a person",
            seen=shown(waves),
            todo="pass the rows of one wave",
        )
    refuse_repeated(answers)


def why_no_comparison(grouped: TeamAnswers) -> str:
    """Return why teams cannot be compared; empty where they can."""
    if not len(grouped.sizes) and grouped.n_incomplete:
        return "nobody in a team answered every item"
    if len(grouped.sizes) < 2:
        return "fewer than two teams"
    return "no team has two people" if grouped.sizes.max() < 2 else ""


def team_sums(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return sums over teams of values of shape (..., people, columns)."""
    if not len(sizes):
        return np.zeros((*values.shape[:-2], 0, values.shape[-1]))
    starts = np.cumsum(sizes) - sizes
    return np.asarray(np.add.reduceat(values, starts, axis=-2))


def team_means(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the mean of each team and column."""
    return np.asarray(team_sums(values, sizes) / sizes[:, None])


def team_variances(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the variance of each team and column, with n - 1; nan for a team of one."""
    apart = values - np.repeat(team_means(values, sizes), sizes, axis=-2)
    below = np.where(sizes > 1, sizes - 1.0, np.nan)
    return np.asarray(team_sums(apart**2, sizes) / below[:, None])


def mean_deviations(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the mean absolute deviation from the team's mean; nan for a team of one."""
    return _deviations(values, sizes, team_means(values, sizes))


def median_deviations(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the mean absolute deviation from the team's median; nan for a team of one."""
    return _deviations(values, sizes, _medians(values, sizes))


def _deviations(values: np.ndarray, sizes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    apart = np.abs(values - np.repeat(centres, sizes, axis=-2))
    return np.asarray(team_sums(apart, sizes) / np.where(sizes > 1, sizes, np.nan)[:, None])


def _medians(values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    codes = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(values).groupby(codes).median().to_numpy()
