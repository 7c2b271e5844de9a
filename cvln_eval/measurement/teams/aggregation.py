"""Whether means of teams differ reliably: ICC(1) and ICC(2) with unequal teams."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.teams.aggregation_result import SCORE, IccAggregation
from cvln_eval.measurement.teams.components import (
    OneWay,
    icc_1,
    icc_2,
    one_way,
    typical_size,
    wald_interval,
)
from cvln_eval.measurement.teams.grouped import TeamAnswers, team_answers, why_no_comparison

__all__ = ["icc_aggregation"]


def icc_aggregation(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    team: str = "team_id",
    conf_level: float = 0.95,
) -> IccAggregation:
    """Tell how much of the variance lies between teams, and how reliable a team's mean is.

    From the one-way random analysis of variance with k teams and N people, ICC(1) = (MSB - MSW) /
    (MSB + (n0 - 1) MSW) with n0 = (N - sum n^2 / N) / (k - 1), and ICC(2) = (MSB - MSW) / MSB,
    which is the reliability of the mean of a team of n0 people. F = MSB / MSW.

    Parameters
    ----------
    answers : DataFrame
        One row a person of one wave, one column an item, and a column of the team.
    items : sequence of str
        Items of one scale, keyed; the scale score is their mean.
    team : str
        Column of the team.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    IccAggregation
        `tidy` has ICC(1) and ICC(2) of the scale score, then of each item when there are several.
        The scale score takes people who answered every item, an item those who answered it;
        people without a team are left out. A negative ICC(1) is reported as it is: members of a
        team are less alike than people of different teams. Fewer than two teams, no team of two,
        or no variance within teams give nan with a reason.

        The intervals are Wald's, exact for normal answers whatever the sizes of the teams, and
        the one of Searle where sizes are equal; that of ICC(2) is for teams of n0. No bound is
        below -1 / (max(n) - 1), the least ICC(1) that a team so large can have, unless the estimate
        is.

        A negative ICC(2) is no reliability: the means of teams differ less than those of random
        groups of their size would. With few teams ICC(2) runs far below 0 and is too low on
        average: over samples of k teams of equal size its mean is rho - 2 (1 - rho) / (k - 3)
        where rho is true, which for five teams is .33 where .67 is true and -1 where 0 is, and
        for three teams there is no mean. Its median is near the truth; read the interval.

        With five teams the intervals are wide, and they should be: in a simulation of 41 people
        in five teams they held the truth in 94% to 96%, with normal scores and with means of four
        five-point items, while the estimate itself was a little low (.18 where .20 was true).

    Raises
    ------
    ArgumentError
        If a column is absent, an item is not a number, or the answers come from several waves.

    References
    ----------
    Bliese, P. D. (2000). Within-group agreement, non-independence, and reliability. In K. J. Klein
    & S. W. J. Kozlowski (Eds.), Multilevel theory, research, and methods in organizations
    (pp. 349-381). Jossey-Bass.
    Searle, S. R., Casella, G., & McCulloch, C. E. (1992). Variance components. Wiley, ch. 3.
    Wald, A. (1940). A note on the analysis of variance with unequal class frequencies. Annals of
    Mathematical Statistics, 11, 96-100.

    Notes
    -----
    Agrees with `multilevel::ICC1` for teams of equal size, and with `multilevel::ICC2` for any.
    `multilevel::ICC1` and `psych::statsBy` put the mean size N / k in place of n0.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"team_id": list("AAABBB"), "trust": [4, 4, 5, 1, 2, 3]})
    >>> found = icc_aggregation(table, items=["trust"])
    >>> found.tidy()[["quantity", "estimate", "statistic", "df1", "df2"]].round(3)
      quantity  estimate  statistic  df1  df2
    0   ICC(1)     0.789      12.25    1    4
    1   ICC(2)     0.918      12.25    1    4
    """
    refuse_level(conf_level)
    names = [items] if isinstance(items, str) else list(items)
    whole = team_answers(answers, names, team)
    rows = _coefficients(SCORE, whole, conf_level)
    for name in names if len(names) > 1 else []:
        rows += _coefficients(name, team_answers(answers, [name], team), conf_level)
    return IccAggregation(
        coefficients=pd.DataFrame(rows),
        conf_level=conf_level,
        n_without_team=whole.n_without_team,
        n_incomplete=whole.n_incomplete,
        null_hypothesis="people of one team are no more alike than people of different teams",
    )


def _coefficients(item: str, grouped: TeamAnswers, conf_level: float) -> list[dict[str, object]]:
    values, sizes = grouped.values.mean(axis=1, keepdims=True), grouped.sizes
    reason = why_no_comparison(grouped) or _why_no_variance(values, sizes)
    table = None if reason else one_way(values, sizes)
    shared = {
        **_f_test(table),
        "n": len(values),
        "n_teams": len(sizes),
        "n_typical": typical_size(sizes) if len(sizes) > 1 else math.nan,
        "missing": "people who answered every item" if item == SCORE else "people who answered it",
        "reason": reason,
    }
    first, second = _estimates(table, conf_level)
    alike = table is not None and not _means_differ(table)
    return [
        {"item": item, "quantity": "ICC(1)", **first, "conf_level": conf_level, **shared},
        {
            "item": item,
            "quantity": "ICC(2)",
            **second,
            "conf_level": conf_level,
            **shared,
            "reason": "all teams have the same mean" if alike else reason,
        },
    ]


def _why_no_variance(values: np.ndarray, sizes: np.ndarray) -> str:
    # Exact: sums of squares of equal decimals are not exactly 0.
    starts = np.cumsum(sizes) - sizes
    spread = np.maximum.reduceat(values, starts) - np.minimum.reduceat(values, starts)
    if not spread.any():
        alike = not np.ptp(values)
        return "everybody answered alike" if alike else "no variance within teams"
    return ""


def _f_test(table: OneWay | None) -> dict[str, float]:
    if table is None:
        return dict.fromkeys(("statistic", "df1", "df2", "p_value"), math.nan)
    statistic, (df1, df2) = table.between / table.within, table.df
    p_value = float(stats.f.sf(statistic, df1, df2))
    return {"statistic": statistic, "df1": df1, "df2": df2, "p_value": p_value}


def _estimates(
    table: OneWay | None, conf_level: float
) -> tuple[dict[str, float], dict[str, float]]:
    names = ("estimate", "conf_low", "conf_high")
    if table is None:
        return dict.fromkeys(names, math.nan), dict.fromkeys(names, math.nan)
    size = typical_size(table.sizes)
    low, high = wald_interval(table, conf_level)
    between, within = np.array(table.between), np.array(table.within)
    first = float(icc_1(between, within, size))
    # The largest team sets the floor of the bounds, n0 that of the estimate, which can be lower.
    one = (first, min(low / (1 + low), first), max(high / (1 + high), first))
    two: tuple[float, ...] = (math.nan, math.nan, math.nan)
    if _means_differ(table):
        second = float(icc_2(between, within))
        below, above = (size * ratio / (1 + size * ratio) for ratio in (low, high))
        two = (second, min(below, second), max(above, second))
    return dict(zip(names, one, strict=True)), dict(zip(names, two, strict=True))


def _means_differ(table: OneWay) -> bool:
    return table.between > 1e-12 * table.within
