"""The same practices in two groups: how far each is in place, and how consistent the groups are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.holm import holm_adjusted
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_out_of_range
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["PracticeConsistency", "practice_consistency"]

ALL = "all"
NO_DIFFERENCE = "the mean difference between the two groups is 0"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PracticeConsistency(Result):
    """Practices of two groups, compared by people who know both; see `practice_consistency`.

    Attributes
    ----------
    groups : tuple of str
        The two groups.
    practices : DataFrame
        One row a practice.
    persons : DataFrame
        One row a person.
    teams : DataFrame
        One row a team, the first being "all".
    conf_level : float
        Level of the intervals.
    """

    groups: tuple[str, str]
    practices: pd.DataFrame
    persons: pd.DataFrame
    teams: pd.DataFrame
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a practice: both means, and the paired difference with its test."""
        return self.practices.copy()

    def people(self) -> pd.DataFrame:
        """Return one row a person: what they know, consistency index and profile correlation."""
        return self.persons.copy()

    def by_team(self) -> pd.DataFrame:
        """Return one row a team, and one for all: consistency of those who know both groups."""
        return self.teams.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: who knows which group, and the consistency with its interval."""
        whole = self.teams.iloc[[0]].reset_index(drop=True).drop(columns="team_id")
        known = self.persons["knows"].value_counts()
        whole.insert(0, "n_persons", len(self.persons))
        whole.insert(1, "n_both", int(known.get("both", 0)))
        whole.insert(2, "n_first_only", int(known.get("first only", 0)))
        whole.insert(3, "n_second_only", int(known.get("second only", 0)))
        whole.insert(4, "n_neither", int(known.get("neither", 0)))
        return whole.assign(conf_level=self.conf_level)

    def sentence(self) -> str:
        """Return the consistency, who it rests on, and the practice that differs most."""
        row, (first, second) = self.glance().iloc[0], self.groups
        who = (
            f"Of {count(int(row['n_persons']), 'person', 'people')}, {int(row['n_both'])} "
            f"{'knows' if row['n_both'] == 1 else 'know'} both groups, "
            f"{int(row['n_first_only'])} only {first}, "
            f"{int(row['n_second_only'])} only {second}, {int(row['n_neither'])} neither"
        )
        known = self.practices.dropna(subset=["difference"])
        if math.isnan(row["consistency"]) or known.empty:
            return f"{who}; consistency is not available: {row['reason']}."
        top = known.iloc[known["difference"].abs().argmax()]
        level = level_in_words(self.conf_level)
        said = f"{who}. Consistency was {number(row['consistency'])}{_bounds(row, level)}"
        if top["difference"] == 0:
            return f"{said}; the groups had the same mean on every practice."
        return (
            f"{said}; the groups differed most on {top['practice']} ({first} "
            f"{number(top['mean_first_paired'])}, {second} {number(top['mean_second_paired'])}, "
            f"difference {number(top['difference'])}{_bounds(top, level)}, n = {int(top['n'])})."
        )


def _bounds(row: pd.Series, level: str) -> str:
    if math.isnan(row["conf_low"]):
        return ""
    return f", {level} CI [{number(row['conf_low'])}, {number(row['conf_high'])}]"


def practice_consistency(
    answers: pd.DataFrame,
    *,
    groups: Mapping[str, Sequence[str]],
    response_range: tuple[float, float],
    labels: Sequence[str] | None = None,
    team: str | None = None,
    person: str = "person_id",
    conf_level: float = 0.95,
) -> PracticeConsistency:
    """Compare the same practices in two groups, as seen by people who know both.

    Per practice: the mean of each group over everybody who rated it, and the mean paired
    difference d (first minus second) over those who rated both, with the t interval
    d +- t(n - 1) s / sqrt(n) and its test, p adjusted by Holm's method over the practices. Means
    over everybody compare different people; the difference does not. Per person:
    consistency = 1 - mean |first - second| / (high - low) over the practices rated in both, from 0
    to 1, and the correlation of the two profiles. A team's consistency is the mean over its
    people, with the t interval. Answers that vary by chance lower the index even where groups are
    alike, so it serves to compare teams or waves and is no share of practices. People count as
    independent; over all teams, where those of one team see the same groups, intervals are
    probably too narrow.

    Parameters
    ----------
    answers : DataFrame
        One row a person of one wave.
    groups : mapping
        Two groups, each with its columns, the same practices in the same order.
    response_range : tuple of float
        Lowest and highest answer that the scale allows.
    labels : sequence of str, optional
        Names of the practices; the columns of the first group when left out.
    team : str, optional
        Column of teams, for one row a team beside the whole.
    person : str
        Column that says who answered.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    PracticeConsistency
        `tidy` has `practice, n_in_first, mean_first, n_in_second, mean_second, n,
        mean_first_paired, mean_second_paired, difference, conf_low, conf_high, statistic, df,
        p_value, p_adjusted, null_hypothesis, reason`; `people()` has `person_id, team_id, knows,
        n_items, consistency, profile_r, reason`, where `knows` is both, first only, second only or
        neither; `by_team()` has `team_id, n, n_one_group, consistency, conf_low, conf_high,
        profile_r, reason`, where `profile_r` is the correlation of the two mean profiles of those
        who know both. A missing answer is left out practice by practice; one pair has no interval,
        and pairs that all differ by the same have none either, with a reason.

    Raises
    ------
    ArgumentError
        If there are not two groups with the same number of practices, a column is absent or in
        both, an answer is outside the range, or a person stands twice.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics, 6, 65-70.

    Examples
    --------
    >>> said = pd.DataFrame({"person_id": list("abc"), "a1": [4, 5, 3], "a2": [2, 2, None],
    ...                      "b1": [4, 3, None], "b2": [1, 2, None]})
    >>> groups = {"grade 3": ["a1", "a2"], "grade 9": ["b1", "b2"]}
    >>> found = practice_consistency(said, groups=groups, response_range=(1, 5))
    >>> found.people()[["knows", "consistency"]].values.tolist()
    [['both', 0.875], ['both', 0.75], ['first only', nan]]
    """
    refuse_level(conf_level)
    names, practices = _named(groups, labels)
    columns = [*groups[names[0]], *groups[names[1]]]
    need_columns(answers, [person, *([team] if team else [])], table="answers")
    refuse_repeated(answers, [person], what="person (of one wave)")
    if answers.empty:
        raise ArgumentError("There is nobody who answered", expected="one row a person")
    matrix = item_matrix(answers, columns)
    refuse_out_of_range(answers, columns, response_range)
    first, second = matrix[:, : len(practices)], matrix[:, len(practices) :]
    table = pd.DataFrame(
        {"practice": practices}
        | _columns_of(
            [_practice(*pair, conf_level) for pair in zip(first.T, second.T, strict=True)]
        )
    )
    table["p_adjusted"] = holm_adjusted(table["p_value"])
    table = table[[*table.columns.drop(["p_adjusted", *LAST]), "p_adjusted", *LAST]]
    width = response_range[1] - response_range[0]
    persons = pd.DataFrame([_person(a, b, width) for a, b in zip(first, second, strict=True)])
    persons.insert(0, "person_id", answers[person].astype("str").to_numpy())
    of_team = answers[team].astype("str").to_numpy() if team else np.full(len(answers), ALL)
    persons.insert(1, "team_id", of_team)
    teams = [_team(ALL, persons, first, second, conf_level)]
    for name in sorted(set(answers[team].dropna().astype("str"))) if team else []:
        here = (persons["team_id"] == name).to_numpy()
        teams.append(_team(name, persons[here], first[here], second[here], conf_level))
    return PracticeConsistency(names, table, persons, pd.DataFrame(teams), conf_level)


LAST = ["null_hypothesis", "reason"]


def _named(
    groups: Mapping[str, Sequence[str]], labels: Sequence[str] | None
) -> tuple[tuple[str, str], list[str]]:
    sizes = [len(columns) for columns in groups.values()]
    if len(groups) != 2 or sizes[0] != sizes[1] or not sizes[0]:
        raise ArgumentError(
            "Two groups are compared, on the same practices",
            expected="two groups with as many columns each",
            seen=shown(f"{name}: {len(columns)}" for name, columns in groups.items()) or "none",
        )
    first, second = groups
    practices = list(groups[first] if labels is None else labels)
    if len(practices) != sizes[0] or len(set(practices)) < len(practices):
        raise ArgumentError(
            "Each practice has one name", expected=f"{sizes[0]} labels", seen=shown(practices)
        )
    return (first, second), practices


def _columns_of(rows: list[dict[str, object]]) -> dict[str, list[object]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _practice(first: np.ndarray, second: np.ndarray, conf_level: float) -> dict[str, object]:
    known = [np.isfinite(first), np.isfinite(second)]
    both = known[0] & known[1]
    row: dict[str, object] = {
        "n_in_first": int(known[0].sum()),
        "mean_first": _mean(first[known[0]]),
        "n_in_second": int(known[1].sum()),
        "mean_second": _mean(second[known[1]]),
        "n": int(both.sum()),
        "mean_first_paired": _mean(first[both]),
        "mean_second_paired": _mean(second[both]),
    }
    found = _mean_interval(first[both] - second[both], conf_level)
    found["difference"] = found.pop("mean")
    order = ("difference", "conf_low", "conf_high", "statistic", "df", "p_value")
    last = {"null_hypothesis": NO_DIFFERENCE, "reason": found["reason"]}
    return row | {name: found[name] for name in order} | last


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan


def _mean_interval(values: np.ndarray, conf_level: float) -> dict[str, Any]:
    """Return a mean with its t interval and test against 0; nan with a reason for none."""
    n = len(values)
    nothing = dict.fromkeys(("conf_low", "conf_high", "statistic", "df", "p_value"), math.nan)
    row: dict[str, Any] = {"mean": _mean(values), **nothing}
    if n < 2:
        return {**row, "reason": "nobody knows both" if n == 0 else "one person only"}
    error = float(values.std(ddof=1)) / math.sqrt(n)
    if error < 1e-12:
        return {**row, "reason": "no interval: all values are alike"}
    mean = float(values.mean())
    reach = float(student.ppf((1 + conf_level) / 2, n - 1)) * error
    return row | {
        "conf_low": mean - reach,
        "conf_high": mean + reach,
        "statistic": mean / error,
        "df": n - 1,
        "p_value": float(2 * student.sf(abs(mean / error), n - 1)),
        "reason": "",
    }


def _person(first: np.ndarray, second: np.ndarray, width: float) -> dict[str, object]:
    one, other = np.isfinite(first), np.isfinite(second)
    both = one & other
    knows = {(True, True): "both", (True, False): "first only", (False, True): "second only"}
    apart = np.abs(first[both] - second[both])
    r, reason = _profile_r(first[both], second[both])
    return {
        "knows": knows.get((bool(one.any()), bool(other.any())), "neither"),
        "n_items": int(both.sum()),
        "consistency": 1 - float(apart.mean()) / width if len(apart) else math.nan,
        "profile_r": r,
        "reason": reason,
    }


def _profile_r(first: np.ndarray, second: np.ndarray) -> tuple[float, str]:
    if len(first) == 0:
        return math.nan, "does not know both groups"
    if len(first) < 3:
        return math.nan, "fewer than three practices for a correlation"
    if np.ptp(first) < 1e-12 or np.ptp(second) < 1e-12:
        return math.nan, "a group is seen alike on every practice"
    return float(np.corrcoef(first, second)[0, 1]), ""


def _team(
    name: str, persons: pd.DataFrame, first: np.ndarray, second: np.ndarray, conf_level: float
) -> dict[str, object]:
    known = persons["consistency"].dropna().to_numpy()
    found = _mean_interval(known, conf_level)
    low, high = np.clip([found["conf_low"], found["conf_high"]], 0.0, 1.0)
    both = np.isfinite(first) & np.isfinite(second)
    means = [
        np.array([_mean(c[k]) for c, k in zip(x.T, both.T, strict=True)]) for x in (first, second)
    ]
    rated = np.isfinite(means[0])
    return {
        "team_id": name,
        "n": len(known),
        "n_one_group": int(persons["knows"].isin(["first only", "second only"]).sum()),
        "consistency": found["mean"],
        # The index ends at 0 and 1; the t interval does not know that.
        "conf_low": float(low),
        "conf_high": float(high),
        "profile_r": _profile_r(means[0][rated], means[1][rated])[0],
        "reason": found["reason"],
    }
