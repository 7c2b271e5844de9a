"""Collaborative planning by rubric: levels of teams and their change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.contents.long_tables import RATED, in_order, rated_rows
from cvln_eval.results import Result, count, number

__all__ = ["RubricLevels", "rubric_levels"]

ALL = "all criteria"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RubricLevels(Result):
    """Rubric scores of teams; see `rubric_levels`.

    Attributes
    ----------
    levels : DataFrame
        One row a wave, team and criterion.
    changed : DataFrame
        One row a team and criterion: first wave to last.
    waves : tuple of str
        The waves in order.
    """

    levels: pd.DataFrame
    changed: pd.DataFrame
    waves: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave, team and criterion: the mean over raters and their spread."""
        return self.levels.copy()

    def changes(self) -> pd.DataFrame:
        """Return one row a team and criterion: the change from the first wave to the last."""
        return self.changed.copy()

    def matrix(self, wave: str) -> pd.DataFrame:
        """Return the means of one wave, teams in rows, criteria in columns."""
        rows = self.levels[self.levels["wave"] == wave]
        order = [list(dict.fromkeys(rows[name])) for name in ("team_id", "criterion")]
        wide = rows.pivot_table(index="team_id", columns="criterion", values="mean", dropna=False)
        return wide.reindex(index=order[0], columns=order[1])

    def glance(self) -> pd.DataFrame:
        """Return one row: teams, criteria, mean of the first and last wave, teams that grew."""
        whole = self.changed[self.changed["criterion"] == ALL]
        return pd.DataFrame(
            {
                "from_wave": [self.waves[0]],
                "wave": [self.waves[-1]],
                "n_teams": [whole["team_id"].nunique()],
                "n_criteria": [self.levels["criterion"].nunique()],
                "n_raters": [int(self.levels["n_raters"].max())],
                "estimate_before": [float(whole["estimate_before"].mean())],
                "estimate": [float(whole["estimate"].mean())],
                "change": [float(whole["change"].mean())],
                "n_grew": [int((whole["change"] > 0).sum())],
            }
        )

    def sentence(self) -> str:
        """Return the mean level before and after, the range of change, and the spread of raters."""
        whole = self.changed[self.changed["criterion"] == ALL].dropna(subset=["change"])
        if whole.empty:
            return "Change on the rubric is not available: no team was rated in two waves."
        row = self.glance().iloc[0]
        low, high = (whole.iloc[at] for at in (whole["change"].argmin(), whole["change"].argmax()))
        teams = count(len(whole), "team")
        ends = f"changes ran from {_placed(low)} to {_placed(high)}"
        if low["change"] == high["change"]:
            ends = f"the change was {number(low['change'])}" + (
                " in each" if len(whole) > 1 else ""
            )
        return (
            f"Over {teams} and {count(int(row['n_criteria']), 'criterion', 'criteria')}, the mean "
            f"rubric level went from {number(row['estimate_before'])} ({self.waves[0]}) to "
            f"{number(row['estimate'])} ({self.waves[-1]}); {int(row['n_grew'])} of {teams} grew; "
            f"{ends}. {self._apart()}"
        )

    def _apart(self) -> str:
        spread = self.levels["spread"].dropna()
        if spread.empty:
            return "No team had two raters of a criterion."
        return f"Raters of one team were on average {number(float(spread.mean()))} points apart."


def _placed(row: pd.Series) -> str:
    return f"{number(row['change'])} ({row['team_id']})"


def rubric_levels(
    ratings: pd.DataFrame,
    *,
    criteria: Sequence[str],
    waves: Sequence[str] | None = None,
    team: str = "team_id",
    wave: str = "wave",
    criterion: str = "criterion",
    rater: str = "rater_id",
    score: str = "score",
) -> RubricLevels:
    """Average the raters of each team and criterion, and take the change from first wave to last.

    The level is the mean over raters; `spread` is the highest rater minus the lowest. The change
    is the level of the last wave minus that of the first. A rater who is severe in both waves
    moves both levels, so `change_lowest` and `change_highest` give the least and the greatest
    change that a single rater saw who rated both times. A team's change over all criteria is the
    mean over the criteria that have one.

    Parameters
    ----------
    ratings : DataFrame
        One row a wave, team, criterion and rater; other criteria are passed over.
    criteria : sequence of str
        The criteria of the rubric, in the order wanted.
    waves : sequence of str, optional
        Waves in their order; as they come in the table when left out.
    team, wave, criterion, rater, score : str
        Columns.

    Returns
    -------
    RubricLevels
        `tidy` has `wave, team_id, criterion, n_raters, mean, score_min, score_max, spread,
        n_missing, reason`; `changes()` has `team_id, criterion, from_wave, wave, estimate_before,
        estimate, change, n_raters, change_lowest, change_highest, reason`, with a row "all
        criteria" a team. A missing score is left out and counted; with no score the level is nan,
        with one rater the spread is nan, both with a reason. There are no intervals: the teams are
        all teams, and a handful of raters is no sample to draw from.

    Raises
    ------
    ArgumentError
        If a column is absent, a criterion or wave does not occur, a rating stands twice or is no
        number.

    Examples
    --------
    >>> rated = pd.DataFrame({"wave": ["a", "a", "b", "b"], "team_id": "T", "criterion": "roles",
    ...                       "rater_id": ["x", "y"] * 2, "score": [1, 2, 3, 3]})
    >>> rubric_levels(rated, criteria=["roles"]).changes()["change"].tolist()
    [1.5, 1.5]
    """
    names = {wave: "wave", team: "team_id", criterion: "criterion", rater: "rater_id"}
    rows = rated_rows(ratings, {**names, score: "score"}, criteria)
    order = in_order(rows, "wave", waves)
    rows = rows[rows["wave"].isin(order)]
    levels = _levels(rows, order, list(criteria))
    return RubricLevels(levels, _changes(levels, rows, order), tuple(order))


def _levels(rows: pd.DataFrame, waves: list[str], criteria: list[str]) -> pd.DataFrame:
    scores = rows.groupby(RATED)["score"]
    table = pd.DataFrame(
        {
            "n_raters": scores.count(),
            "mean": scores.mean(),
            "score_min": scores.min(),
            "score_max": scores.max(),
            "n": scores.size(),
        }
    ).reset_index()
    table["spread"] = (table["score_max"] - table["score_min"]).where(table["n_raters"] > 1)
    table["n_missing"] = table["n"] - table["n_raters"]
    why = {0: "no rater gave a score", 1: "one rater has no spread"}
    table["reason"] = table["n_raters"].map(why).fillna("").astype("str")
    place = {"wave": waves, "criterion": criteria, "team_id": sorted(set(table["team_id"]))}
    keys = [table[name].map({one: i for i, one in enumerate(place[name])}) for name in RATED]
    return table.drop(columns="n").iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def _changes(levels: pd.DataFrame, rows: pd.DataFrame, waves: list[str]) -> pd.DataFrame:
    first, last = waves[0], waves[-1]
    order = list(dict.fromkeys(levels["criterion"]))
    parts = []
    for team_id, of_team in levels.groupby("team_id"):
        means = {w: of_team[of_team["wave"] == w].set_index("criterion")["mean"] for w in waves}
        both = pd.DataFrame({"before": means[first], "now": means[last]}).reindex(order)
        scores = rows[rows["team_id"] == team_id]
        parts += [
            _change(team_id, name, both.loc[[name]], scores[scores["criterion"] == name], waves)
            for name in order
        ]
        known = both.dropna()
        whole = scores[scores["criterion"].isin(known.index)]
        parts.append(_change(team_id, ALL, known, whole, waves))
    return pd.DataFrame(parts)


def _change(
    team_id: object, criterion: str, both: pd.DataFrame, scores: pd.DataFrame, waves: list[str]
) -> dict[str, object]:
    before, now = float(both["before"].mean()), float(both["now"].mean())
    each = _rater_changes(scores, waves[0], waves[-1])
    reason = "" if now == now and before == before else "not rated in both waves"
    if len(waves) < 2:
        reason = "one wave only"
    return {
        "team_id": str(team_id),
        "criterion": criterion,
        "from_wave": waves[0],
        "wave": waves[-1],
        "estimate_before": before,
        "estimate": now,
        "change": now - before if not reason else np.nan,
        "n_raters": len(each),
        "change_lowest": float(each.min()),
        "change_highest": float(each.max()),
        "reason": reason,
    }


def _rater_changes(scores: pd.DataFrame, first: str, last: str) -> pd.Series:
    """Return the mean change that each rater saw, over the criteria they rated both times."""
    known = scores.dropna(subset=["score"]).set_index(["rater_id", "criterion"])
    change = known.loc[known["wave"] == last, "score"] - known.loc[known["wave"] == first, "score"]
    change = change.dropna() if first != last else change.iloc[:0]
    return change.groupby(level=0).mean()
