"""Whether one may speak of a team's culture, for every scale and wave of a study."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.answers import KEY, answer_table, response_range, scale_items
from cvln_eval.measurement.holm import holm_adjusted
from cvln_eval.measurement.tables import need_columns
from cvln_eval.measurement.teams.aggregation import icc_aggregation
from cvln_eval.measurement.teams.pseudo import pseudo_team_agreement
from cvln_eval.measurement.teams.table_result import TeamAgreement
from cvln_eval.measurement.teams.verdicts import TOO_MANY, among_tests, team_verdict
from cvln_eval.measurement.teams.within import within_group_agreement
from cvln_eval.measurement.teams.within_result import WithinGroupAgreement
from cvln_eval.study.codebook import Codebook

__all__ = ["team_agreement"]

NULLS = ("uniform", "slight_skew")
COUNTS = ("n", "n_teams", "n_items", "n_without_team", "n_incomplete")
NUMBERS = (
    "rwg_j_uniform",
    "rwg_j_slight_skew",
    "n_exceeding_null",
    "ad_mean",
    "ad_bound",
    "icc_1",
    "icc_1_low",
    "icc_1_high",
    "icc_2",
    "statistic",
    "df1",
    "df2",
    "p_value",
    "rwg_j_mean",
    "pseudo_mean",
    "pseudo_low",
    "pseudo_high",
    "pseudo_p_value",
    "pseudo_p_adjusted",
    "p_smallest",
)
TEAM_COLUMNS = [
    "scale",
    "wave",
    "team_id",
    "null",
    "null_variance",
    "n",
    "n_items",
    "item_variance",
    "variance_ratio",
    "rwg_j",
    "rwg_j_truncated",
    "ad_mean",
    "ad_median",
    "ad_bound",
    "reason",
]


def team_agreement(
    responses: pd.DataFrame,
    *,
    codebook: Codebook,
    memberships: pd.DataFrame,
    scales: str | Sequence[str] | None = None,
    waves: str | Sequence[str] | None = None,
    n_draws: int = 1999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> TeamAgreement:
    """Tell for each scale and wave whether members agree and whether teams differ.

    Both are needed to speak of a team's culture: median rwg(j) of at least .70, against the
    uniform and the slightly skewed null, and more agreement than in random groups of the same
    people (p of at most .05 after Holm's adjustment for all rows that have one). Where only the
    first holds, everybody agrees.

    Parameters
    ----------
    responses : DataFrame
        The study's table: `wave`, `person_id`, `item`, `value` (keyed).
    codebook : Codebook
        The study's codebook.
    memberships : DataFrame
        The rosters. Pass those of the network alone to leave coaches and other districts out.
    scales : str or sequence of str, optional
        Scales; all of the codebook when left out.
    waves : str or sequence of str, optional
        Waves; all of `responses` when left out.
    n_draws : int
        Shuffles behind each `pseudo_p_value`. No p is below 1 / (n_draws + 1), so no row can
        stand among others with fewer than 20 shuffles a row.
    conf_level : float
        Level of the interval of ICC(1).
    rng : int or Generator
        Seed. With an integer each row has the p that `pseudo_team_agreement` gives by itself.

    Returns
    -------
    TeamAgreement
        `tidy` has one row a scale and wave: medians over teams of rwg(j), cut at 0, and of the
        average deviation, ICC(1) with its interval, ICC(2), F with p, mean rwg(j) beside that of
        random groups with the p of this comparison, and a verdict; `teams` has one row a team and
        null. People with a missing answer or on no roster of the wave are left out and counted. A
        scale that was not asked in a wave, or not whole, or whose answers are no numbers of one
        range, has nan with a reason.

        `p_value` and `pseudo_p_value` are those of single tests: of 20 rows in which team does not
        matter, one has a p of at most .05. `pseudo_p_adjusted` is Holm's for all rows, and the
        verdict follows it: with r the median rwg(j) against the uniform and s against the skewed
        null, r >= .70 and s >= .70 and p <= .05 speaks of a team's culture, and with a larger p
        says that everybody agrees; r >= .70 > s speaks of teams with caution, or of people; r
        below .70 speaks of people. Where s is not published, r decides. A verdict says so where
        its p is at most .05 by itself and not among the others. F plays no part in it: it asks
        whether means differ, and can say no where members agree more than random groups do.

    Raises
    ------
    ArgumentError
        If a column is absent, there is no scale or wave, a scale is not in the codebook, a wave is
        not in `responses`, or an answer is outside its response set.

    References
    ----------
    See `within_group_agreement`, `icc_aggregation` and `pseudo_team_agreement`; for both
    conditions, LeBreton, J. M., & Senter, J. L. (2008). Answers to 20 questions about interrater
    reliability and interrater agreement. Organizational Research Methods, 11, 815-852.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.study.codebook import Codebook, Item, Label
    >>> labels = tuple(Label("agree", str(i), str(i), False) for i in range(1, 6))
    >>> trust = Item("t1", "culture", "trust", False, "agree", "We keep promises.", "", {})
    >>> book = Codebook((), items=(trust,), labels=labels)
    >>> people = pd.DataFrame({"person_id": list("abcdef"), "wave": "y1"})
    >>> rosters = people.assign(team_id=list("AAABBB"))
    >>> given = people.assign(item="t1", value=[4, 4, 5, 1, 2, 1])
    >>> found = team_agreement(given, codebook=book, memberships=rosters)
    >>> found.tidy()[["scale", "wave", "n", "icc_1", "pseudo_p_value"]].round(2)
       scale wave  n  icc_1  pseudo_p_value
    0  trust   y1  6   0.93             0.1
    """
    scales, waves = _chosen(responses, memberships, codebook, scales, waves)
    rows, parts = [], []
    for scale in scales:
        for wave in waves:
            if reason := _why_not(responses, codebook, scale, wave):
                row, teams = _nothing(reason), pd.DataFrame(columns=TEAM_COLUMNS)
            else:
                items = scale_items(codebook, scale)
                wide = answer_table(
                    responses, codebook=codebook, items=items, wave=wave, memberships=memberships
                )
                limits = response_range(codebook, items)
                row, teams = _of_scale(wide, items, limits, n_draws, conf_level, rng)
            rows.append({"scale": scale, "wave": wave, **row})
            parts.append(teams.assign(scale=scale, wave=wave))
    filled = [part for part in parts if len(part)] or parts[:1]
    return TeamAgreement(
        agreement=_with_verdicts(pd.DataFrame(rows)),
        by_team=pd.concat(filled, ignore_index=True)[TEAM_COLUMNS],
        conf_level=conf_level,
        null_hypothesis="members of a team are no more alike than people of different teams",
    )


def _chosen(
    responses: pd.DataFrame,
    memberships: pd.DataFrame,
    codebook: Codebook,
    scales: str | Sequence[str] | None,
    waves: str | Sequence[str] | None,
) -> tuple[list[str], list[str]]:
    """Return the scales and the waves to look at, all where none are named."""
    todo = "pass the study's own tables"
    need_columns(responses, (*KEY, "value"), table="responses", todo=todo)
    need_columns(memberships, ("wave", "person_id", "team_id"), table="memberships", todo=todo)
    known = [str(wave) for wave in responses["wave"].dropna().unique()]
    asked = _listed(waves, known)
    strange = [wave for wave in asked if wave not in known]
    if strange:
        raise ArgumentError("No answers in this wave", expected=shown(known), seen=shown(strange))
    chosen = _listed(scales, list(dict.fromkeys(item.scale for item in codebook.items)))
    if not chosen or not asked:
        raise ArgumentError(
            "There is nothing to look at",
            expected="scales in the codebook and waves in `responses`",
            seen=f"{len(chosen)} scales, {len(asked)} waves",
        )
    return chosen, asked


def _listed(named: str | Sequence[str] | None, every: list[str]) -> list[str]:
    if named is None:
        return every
    return [named] if isinstance(named, str) else list(named)


def _why_not(responses: pd.DataFrame, codebook: Codebook, scale: str, wave: str) -> str:
    items = scale_items(codebook, scale)
    try:
        response_range(codebook, items)
    except ArgumentError as error:
        return error.what
    asked = set(responses.loc[responses["wave"] == wave, "item"])
    absent = [item for item in items if item not in asked]
    if len(absent) == len(items):
        return "not asked in this wave"
    return f"not asked whole in this wave: {shown(absent)} absent" if absent else ""


def _nothing(reason: str) -> dict[str, object]:
    counts, numbers = dict.fromkeys(COUNTS, 0), dict.fromkeys(NUMBERS, math.nan)
    return {**counts, **numbers, "reason": reason}


def _with_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with p adjusted for all of them, and the verdicts that follow from it."""
    adjusted = holm_adjusted(rows["pseudo_p_value"])
    n_tests = int(adjusted.notna().sum())
    rows = rows.assign(pseudo_p_adjusted=adjusted)
    rows["verdict"] = pd.Series([_verdict(row, n_tests) for _, row in rows.iterrows()], dtype="str")
    return rows[["scale", "wave", *COUNTS, *NUMBERS, "verdict", "reason"]]


def _verdict(row: pd.Series, n_tests: int) -> str:
    if math.isnan(row["pseudo_p_value"]):
        return ""
    p_adjusted, p_smallest = row["pseudo_p_adjusted"], row["p_smallest"]
    among = among_tests(row["pseudo_p_value"], p_adjusted, p_smallest, n_tests)
    if among == TOO_MANY:
        return among
    medians = row["rwg_j_uniform"], row["rwg_j_slight_skew"]
    return team_verdict(*medians, p_adjusted, p_smallest) + among


def _of_scale(
    answers: pd.DataFrame,
    items: list[str],
    limits: tuple[float, float],
    n_draws: int,
    conf_level: float,
    rng: int | np.random.Generator,
) -> tuple[dict[str, object], pd.DataFrame]:
    within = within_group_agreement(
        answers, items=items, response_range=limits, null=NULLS, truncate=True, n_draws=0
    )
    mixed = icc_aggregation(answers, items=items, conf_level=conf_level).glance().iloc[0]
    pseudo = pseudo_team_agreement(
        answers, items=items, response_range=limits, n_draws=n_draws, rng=rng
    )
    uniform, skewed = within.summary()["rwg_j_median"]
    row = {
        **{name: getattr(pseudo, name) for name in COUNTS},
        "rwg_j_uniform": uniform,
        "rwg_j_slight_skew": skewed,
        **{name: mixed.get(name, math.nan) for name in NUMBERS[2:]},
        **within.glance().iloc[0][["n_exceeding_null", "ad_mean", "ad_bound"]],
        "rwg_j_mean": pseudo.estimate,
        **pseudo.tidy().iloc[0][["pseudo_mean", "pseudo_low", "pseudo_high"]],
        "pseudo_p_value": pseudo.p_value,
        "p_smallest": pseudo.p_smallest,
        "reason": mixed["reason"] or _why_no_skew(within),
    }
    return row, within.tidy()


def _why_no_skew(within: WithinGroupAgreement) -> str:
    skewed = within.summary().iloc[1]
    return str(skewed["reason"]) if math.isnan(skewed["rwg_j_median"]) else ""
