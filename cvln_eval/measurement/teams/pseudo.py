"""Whether teams agree more than random groups of the same people would."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import refuse_out_of_range
from cvln_eval.measurement.teams.components import icc_1, mean_squares, typical_size
from cvln_eval.measurement.teams.grouped import (
    TeamAnswers,
    mean_deviations,
    team_answers,
    team_variances,
    why_no_comparison,
)
from cvln_eval.measurement.teams.indexes import rwg_j_truncated
from cvln_eval.measurement.teams.nulls import answer_count, null_variance
from cvln_eval.measurement.teams.pseudo_result import PseudoTeamAgreement
from cvln_eval.measurement.teams.shuffles import assignments, count_assignments
from cvln_eval.measurement.teams.verdicts import ENOUGH, pseudo_verdict

__all__ = ["pseudo_team_agreement"]

QUANTITIES = {"rwg": "mean rwg(j)", "ad": "mean average deviation", "icc1": "ICC(1)"}
Statistic = Callable[[np.ndarray], np.ndarray]


def pseudo_team_agreement(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    response_range: tuple[float, float],
    team: str = "team_id",
    statistic: str = "rwg",
    n_draws: int = 1999,
    rng: int | np.random.Generator = 0,
) -> PseudoTeamAgreement:
    """Compare agreement in teams with agreement in random groups of the same people.

    People are shuffled over teams of the same sizes. p = (c + 1) / (n + 1), with c the shuffles
    of n whose groups agree at least as much as the teams. Where everybody agrees, random groups
    agree too: a high rwg(j) with a high p is agreement of the network, not of its teams.

    Parameters
    ----------
    answers : DataFrame
        One row a person of one wave, one column an item, and a column of the team.
    items : sequence of str
        Items of one scale, keyed.
    response_range : tuple of float
        Lowest and highest answer, such as (1, 5); answers go up in steps of 1.
    team : str
        Column of the team.
    statistic : str
        rwg: mean over teams of rwg(j), uniform null, cut at 0. ad: mean over teams of the average
        deviation from the mean, where less is more agreement. icc1: ICC(1) of the scale score.
    n_draws : int
        Shuffles. Where people go into the teams in no more ways than this, all are gone through;
        the teams as they are then are one of these, and p is a plain share.
    rng : int or Generator
        Seed of the shuffles.

    Returns
    -------
    PseudoTeamAgreement
        With the value of each shuffle in `draws`. People without a team or with a missing answer
        are left out and counted. A team of one has no rwg(j) or deviation of its own, but its
        member is shuffled with the others. p is one-sided: teams that agree less than random
        groups have p near 1. Ties count against agreement, so p is 1 where everybody answered
        alike; ICC(1) is then nan with a reason. Fewer than two teams, or none of two people, give
        nan with a reason.

    Raises
    ------
    ArgumentError
        If a column is absent, an answer is outside the range, the statistic is not known,
        `n_draws` is below 1, or the answers come from several waves.

    References
    ----------
    Bliese, P. D., & Halverson, R. R. (2002). Using random group resampling in multilevel
    research. Leadership Quarterly, 13, 53-68.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9(1), 39.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"team_id": list("AAABBB"), "trust": [4, 4, 5, 1, 2, 1]})
    >>> found = pseudo_team_agreement(table, items=["trust"], response_range=(1, 5))
    >>> found.method, found.p_value
    ('all 20 assignments', 0.1)
    """
    _refuse_what_cannot_be_compared(statistic, n_draws)
    grouped = team_answers(answers, items, team)
    listed = [items] if isinstance(items, str) else list(items)
    refuse_out_of_range(answers, listed, response_range)
    n_answers = answer_count(response_range)
    reason = _why_not(grouped, statistic)
    found = _nothing(reason)
    if not reason:
        found = _compared(grouped, statistic, n_answers, n_draws, rng)
    return PseudoTeamAgreement(
        quantity=QUANTITIES[statistic],
        estimate=found.estimate,
        draws=found.draws,
        p_value=found.p_value,
        p_smallest=found.p_smallest,
        method=found.method,
        verdict=found.verdict,
        n=len(grouped.values),
        n_teams=len(grouped.sizes),
        n_items=grouped.values.shape[1],
        n_without_team=grouped.n_without_team,
        n_incomplete=grouped.n_incomplete,
        null_hypothesis="members of a team agree no more than random groups of the same people",
        reason=reason,
    )


class _Comparison(NamedTuple):
    estimate: float
    draws: np.ndarray
    p_value: float
    p_smallest: float
    method: str
    verdict: str


def _nothing(reason: str) -> _Comparison:
    return _Comparison(math.nan, np.zeros(0), math.nan, math.nan, "", reason)


def _compared(
    grouped: TeamAnswers,
    statistic: str,
    n_answers: int,
    n_draws: int,
    rng: int | np.random.Generator,
) -> _Comparison:
    measure = _measure(statistic, grouped.sizes, n_answers)
    estimate = float(measure(grouped.values[None])[0])
    draws = _draws(grouped, measure, n_draws, rng)
    every = count_assignments(grouped.sizes) <= n_draws
    sign = -1 if statistic == "ad" else 1  # less deviation is more agreement
    p_value, p_smallest = _p_values(sign * estimate, sign * draws, every)
    level = {"rwg": ENOUGH, "ad": n_answers / 6, "icc1": math.nan}[statistic]
    verdict = pseudo_verdict(sign * (estimate - level), p_value, p_smallest)
    kind = "all {:,} assignments" if every else "{:,} random assignments"
    return _Comparison(estimate, draws, p_value, p_smallest, kind.format(len(draws)), verdict)


def _refuse_what_cannot_be_compared(statistic: str, n_draws: int) -> None:
    if statistic not in QUANTITIES or n_draws < 1:
        raise ArgumentError(
            "No such comparison",
            expected=f"statistic {', '.join(QUANTITIES)}, and n_draws of 1 or more",
            seen=f"{statistic!r}, {n_draws}",
        )


def _why_not(grouped: TeamAnswers, statistic: str) -> str:
    reason = why_no_comparison(grouped)
    if reason or statistic != "icc1":
        return reason
    return "" if np.ptp(grouped.values.sum(axis=1)) else "everybody answered alike"


def _measure(statistic: str, sizes: np.ndarray, n_answers: int) -> Statistic:
    """Return the function that takes values of shape (draws, people, items) to one a draw."""
    if statistic == "icc1":
        return lambda values: icc_1(
            *mean_squares(values.mean(axis=-1, keepdims=True), sizes), typical_size(sizes)
        )
    if statistic == "ad":
        return lambda values: np.nanmean(mean_deviations(values, sizes).mean(axis=-1), axis=-1)
    expected = null_variance("uniform", n_answers)
    return lambda values: np.nanmean(
        rwg_j_truncated(team_variances(values, sizes).mean(axis=-1) / expected, values.shape[-1]),
        axis=-1,
    )


def _draws(
    grouped: TeamAnswers, measure: Statistic, n_draws: int, rng: int | np.random.Generator
) -> np.ndarray:
    orders = assignments(grouped.sizes, n_draws=n_draws, n_columns=grouped.values.shape[1], rng=rng)
    return np.concatenate([measure(grouped.values[order]) for order in orders])


def _p_values(estimate: float, draws: np.ndarray, every: bool) -> tuple[float, float]:
    """Return p and the least p that could have come out."""
    # The same groups in another order give a value that differs in its last digit.
    reached = int((draws >= estimate - 1e-9).sum())
    if every:
        at_best = int((draws >= draws.max() - 1e-9).sum())
        return reached / len(draws), at_best / len(draws)
    return (reached + 1) / (len(draws) + 1), 1 / (len(draws) + 1)
