"""Whether the members of each team agree: rwg, rwg(j) and the average deviation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from cvln_eval.measurement.matrix import refuse_level, refuse_out_of_range
from cvln_eval.measurement.teams.chance import (
    critical_variance,
    item_correlations,
    lower_tail,
    random_variances,
)
from cvln_eval.measurement.teams.grouped import (
    TeamAnswers,
    mean_deviations,
    median_deviations,
    team_answers,
    team_variances,
)
from cvln_eval.measurement.teams.indexes import rwg_j, rwg_j_truncated
from cvln_eval.measurement.teams.nulls import (
    answer_count,
    null_names,
    null_proportions,
    null_variances,
)
from cvln_eval.measurement.teams.within_result import WithinGroupAgreement
from cvln_eval.resampling import generator

__all__ = ["within_group_agreement"]

COLUMNS = (
    "team_id",
    "null",
    "null_variance",
    "n",
    "n_items",
    "item_variance",
    "variance_ratio",
    "rwg_j",
    "rwg_j_truncated",
    "rwg_j_critical",
    "p_value",
    "ad_mean",
    "ad_median",
    "ad_bound",
    "reason",
)


def within_group_agreement(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    response_range: tuple[float, float],
    team: str = "team_id",
    null: str | Sequence[str] = ("uniform", "slight_skew", "moderate_skew"),
    truncate: bool = False,
    n_draws: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> WithinGroupAgreement:
    """Tell for each team whether its members answer alike.

    With q the mean variance of the items within the team (n - 1 in the denominator) divided by
    the variance of a null distribution, rwg(j) = J (1 - q) / (J (1 - q) + q) over J items; for
    one item this is rwg = 1 - q. The average deviation is the mean over items of the mean
    distance from the team's mean or median; its bound for agreement is A / 6 with A answers.

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
    null : str or sequence of str
        Null distributions: uniform, slight_skew, moderate_skew, heavy_skew, triangular, normal.
        The uniform null takes it that people without a common view use all answers equally; as
        they rarely do, it flatters, and skewed nulls stand beside it.
    truncate : bool
        Whether mean, median and least over teams count rwg(j) below 0 as 0, as James et al. and
        most programs do. `tidy` has both.
    n_draws : int
        Teams simulated for each p and critical value; 0 for none.
    conf_level : float
        Level of the interval for the mean over teams.
    rng : int or Generator
        Seed of the simulation.

    Returns
    -------
    WithinGroupAgreement
        `tidy` has one row a team and null, `summary` one row a null. People without a team or
        with a missing answer are left out and counted. A team with one person, or nobody, has nan
        with a reason. A team that answers alike has rwg(j) of 1. Where the variance exceeds that
        of the null, `rwg_j` is negative; where it does so by J / (J - 1) or more the formula
        breaks and `rwg_j` is nan with a reason, while `rwg_j_truncated` is 0. Such a team counts
        as the least in median and share, and the mean is then nan.

        `p_value` is the share of simulated teams of the same size, answering at random in the
        proportions of the null with items correlated as in all people observed, whose variance is
        no larger: (c + 1) / (n + 1). `rwg_j_critical` is the least rwg(j) with p of at most .05,
        nan where no answers of a team so small can have one. To beat it says that the answers are
        no noise, not that they agree much. No interval is given for a single team: with 7 to 11
        members who are the whole team there is no one to generalise to.

        The interval for the mean over teams takes them as a sample of teams: Student's t with
        n_teams - 1 degrees of freedom, bounded at 1. With five teams a percentile bootstrap would
        be too short by far: in a simulation of five teams it held the mean in 77%, t in 89%.

    Raises
    ------
    ArgumentError
        If a column is absent, an answer is outside the range, a null is not known, or the answers
        come from several waves.

    References
    ----------
    James, L. R., Demaree, R. G., & Wolf, G. (1984). Estimating within-group interrater
    reliability with and without response bias. Journal of Applied Psychology, 69, 85-98, eq. 4.
    LeBreton, J. M., & Senter, J. L. (2008). Answers to 20 questions about interrater reliability
    and interrater agreement. Organizational Research Methods, 11, 815-852, Table 2.
    Burke, M. J., Finkelstein, L. M., & Dusig, M. S. (1999). On average deviation indices for
    estimating interrater agreement. Organizational Research Methods, 2, 49-68.
    Burke, M. J., & Dunlap, W. P. (2002). Estimating interrater agreement with the average
    deviation index. Organizational Research Methods, 5, 159-172 (the bound A / 6).
    Dunlap, W. P., Burke, M. J., & Smith-Crowe, K. (2003). Accurate tests of statistical
    significance for rwg and average deviation interrater agreement indexes. Journal of Applied
    Psychology, 88, 356-362.
    Cohen, A., Doveh, E., & Nahum-Shani, I. (2009). Testing agreement for multi-item scales with
    the indices rwg(j) and ADm(j). Organizational Research Methods, 12, 148-164.

    Notes
    -----
    Agrees with `multilevel::rwg`, `rwg.j` (which cut at 0: `rwg_j_truncated`) and `ad.m`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"team_id": list("AAABBB"), "trust": [4, 4, 5, 1, 3, 5]})
    >>> found = within_group_agreement(
    ...     table, items=["trust"], response_range=(1, 5), null="uniform", n_draws=200
    ... )
    >>> found.tidy()[["team_id", "n", "rwg_j", "rwg_j_truncated"]].round(2)
      team_id  n  rwg_j  rwg_j_truncated
    0       A  3   0.83             0.83
    1       B  3  -1.00             0.00
    """
    refuse_level(conf_level)
    nulls, n_answers = null_names(null), answer_count(response_range)
    grouped = team_answers(answers, items, team)
    refuse_out_of_range(answers, _listed(items), response_range)
    table = pd.concat(
        [_of_null(grouped, name, n_answers, n_draws, rng) for name in nulls], ignore_index=True
    )
    return WithinGroupAgreement(
        teams=table[list(COLUMNS)],
        nulls=nulls,
        truncate=truncate,
        conf_level=conf_level,
        n_draws=n_draws,
        n_without_team=grouped.n_without_team,
        n_incomplete=grouped.n_incomplete,
        null_hypothesis="each member of the team answers at random, as often as the null says",
    )


def _listed(items: Sequence[str]) -> list[str]:
    return [items] if isinstance(items, str) else list(items)


def _of_null(
    grouped: TeamAnswers,
    null: str,
    n_answers: int,
    n_draws: int,
    rng: int | np.random.Generator,
) -> pd.DataFrame:
    n_items = grouped.values.shape[1]
    expected = float(null_variances([null], n_answers)[0])
    variance = team_variances(grouped.values, grouped.sizes).mean(axis=1)
    p_value, critical = _by_chance(grouped, variance, null, n_answers, n_draws, rng)
    table = pd.DataFrame(
        {
            "team_id": grouped.teams,
            "n": grouped.sizes,
            "item_variance": variance,
            "variance_ratio": variance / expected,
            "rwg_j": rwg_j(variance / expected, n_items),
            "rwg_j_truncated": rwg_j_truncated(variance / expected, n_items),
            "rwg_j_critical": rwg_j(critical / expected, n_items),
            "p_value": p_value,
            "ad_mean": mean_deviations(grouped.values, grouped.sizes).mean(axis=1),
            "ad_median": median_deviations(grouped.values, grouped.sizes).mean(axis=1),
        }
    )
    ends = pd.DataFrame({"team_id": grouped.empty, "n": 0})
    table = pd.concat([table, ends]) if len(ends) else table
    table = table.assign(null=null, null_variance=expected, n_items=n_items, ad_bound=n_answers / 6)
    return table.assign(reason=_reasons(table, null, n_answers))


def _reasons(table: pd.DataFrame, null: str, n_answers: int) -> np.ndarray:
    no_null = f"no {null.replace('_', ' ')} null is published for {n_answers} answers"
    broken = "the variance exceeds the null by so much that rwg(j) has no value"
    small = [table["n"] == 0, table["n"] == 1, table["null_variance"].isna()]
    told = ["nobody answered every item", "one person cannot agree or disagree", no_null]
    return np.select([*small, table["rwg_j"].isna()], [*told, broken], default="")


def _by_chance(
    grouped: TeamAnswers,
    variance: np.ndarray,
    null: str,
    n_answers: int,
    n_draws: int,
    rng: int | np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return p and the critical variance of each team, nan where the null has no proportions."""
    p_value, critical = np.full(len(variance), np.nan), np.full(len(variance), np.nan)
    proportions = null_proportions(null, n_answers)
    if proportions is None or n_draws < 1:
        return p_value, critical
    correlations = item_correlations(grouped.values)
    for size, stream in _streams(grouped.sizes, rng):
        drawn = random_variances(
            size,
            proportions=proportions,
            correlations=correlations,
            n_draws=n_draws,
            stream=stream,
        )
        of_size = grouped.sizes == size
        p_value[of_size] = [lower_tail(found, drawn) for found in variance[of_size]]
        critical[of_size] = critical_variance(drawn)
    return p_value, critical


def _streams(
    sizes: np.ndarray, rng: int | np.random.Generator
) -> Iterator[tuple[int, np.random.Generator]]:
    different = [int(size) for size in np.unique(sizes) if size > 1]
    return zip(different, generator(rng).spawn(len(different)), strict=True)
