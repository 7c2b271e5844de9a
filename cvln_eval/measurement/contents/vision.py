"""Vision statements against a checklist, rater by rater and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.contents.long_tables import RATED, in_order, rated_rows
from cvln_eval.results import Result, count

__all__ = ["VisionChecklist", "vision_checklist"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class VisionChecklist(Result):
    """How many criteria each team's vision statement meets; see `vision_checklist`.

    Attributes
    ----------
    teams : DataFrame
        One row a wave and team.
    by_rater : DataFrame
        One row a wave, team and rater.
    met_at : float
        Score from which a criterion counts as met.
    criteria : tuple of str
        The criteria.
    """

    teams: pd.DataFrame
    by_rater: pd.DataFrame
    met_at: float
    criteria: tuple[str, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave and team: criteria met by every rater and by any rater."""
        return self.teams.copy()

    def raters(self) -> pd.DataFrame:
        """Return one row a wave, team and rater: criteria rated, and those met."""
        return self.by_rater.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row for the last wave: teams, and how many meet every criterion."""
        last = self.teams[self.teams["wave"] == self.teams["wave"].iloc[-1]]
        return pd.DataFrame(
            {
                "wave": [last["wave"].iloc[0]],
                "n_teams": [len(last)],
                "n_criteria": [len(self.criteria)],
                "n_met_every": [int((last["n_met"] == len(self.criteria)).sum())],
                "n_in_dispute": [int(last["n_in_dispute"].sum())],
                "met_at": [self.met_at],
            }
        )

    def sentence(self) -> str:
        """Return how many criteria the teams meet in the last wave, and where raters differ."""
        row = self.glance().iloc[0]
        last = self.teams[self.teams["wave"] == row["wave"]]
        last = last[last["n_criteria"] > 0]
        judged = int(last["n_criteria"].sum())
        if last.empty:
            return f"In {row['wave']}, no vision was rated on any of the criteria."
        low, high = int(last["n_met"].min()), int(last["n_met"].max())
        differed = f"raters differed on {int(row['n_in_dispute'])} of {judged} judgements"
        if last["n_raters"].max() < 2:
            differed = "with one rater there is nobody to differ"
        return (
            f"In {row['wave']}, with a criterion met from a score of {self.met_at:g} by every "
            f"rater, the visions of {count(len(last), 'team')} met "
            f"{low if low == high else f'{low} to {high}'} of "
            f"{count(len(self.criteria), 'criterion', 'criteria')}; {differed}."
        )


def vision_checklist(
    ratings: pd.DataFrame,
    *,
    criteria: Sequence[str],
    met_at: float = 3,
    waves: Sequence[str] | None = None,
    team: str = "team_id",
    wave: str = "wave",
    criterion: str = "criterion",
    rater: str = "rater_id",
    score: str = "score",
) -> VisionChecklist:
    """Count the criteria that each team's vision statement meets, rater by rater and together.

    A rater says that a criterion is met with a score of `met_at` or more. A team meets it when
    every rater who scored it says so (`n_met`); `n_met_any` counts those that at least one rater
    sees met, and `n_in_dispute` is the difference.

    Parameters
    ----------
    ratings : DataFrame
        One row a wave, team, criterion and rater; other criteria are passed over.
    criteria : sequence of str
        The criteria of the checklist.
    met_at : float
        Score from which a criterion is met; the third of four points unless said otherwise.
    waves : sequence of str, optional
        Waves in their order; those with ratings of the criteria when left out.
    team, wave, criterion, rater, score : str
        Columns.

    Returns
    -------
    VisionChecklist
        `tidy` has `wave, team_id, n_criteria, n_met, n_met_any, n_in_dispute, n_raters, n_missing,
        reason`; `raters()` has `wave, team_id, rater_id, n_criteria, n_met, n_missing`.
        `n_criteria` counts criteria with a score; a criterion without one is neither met nor
        missed, and a team with fewer criteria than the checklist has a reason.

    Raises
    ------
    ArgumentError
        As `rubric_levels`.

    Examples
    --------
    >>> rated = pd.DataFrame({"wave": "a", "team_id": "T", "criterion": ["clear", "clear", "short"],
    ...                       "rater_id": ["x", "y", "x"], "score": [3, 2, 4]})
    >>> found = vision_checklist(rated, criteria=["clear", "short"]).tidy()
    >>> found[["n_met", "n_met_any", "n_in_dispute"]].values.tolist()
    [[1, 2, 1]]
    """
    names = {wave: "wave", team: "team_id", criterion: "criterion", rater: "rater_id"}
    rows = rated_rows(ratings, {**names, score: "score"}, criteria)
    order = in_order(rows, "wave", waves)
    rows = rows[rows["wave"].isin(order)]
    rows = rows.assign(met=(rows["score"] >= met_at).where(rows["score"].notna()).astype("Float64"))
    of_rater = ["wave", "team_id", "rater_id"]
    met = rows.groupby(of_rater)["met"]
    counts = {"n_criteria": met.count(), "n_met": met.sum(), "n_missing": met.size() - met.count()}
    by_rater = _in_wave_order(pd.DataFrame(counts).astype(int).reset_index(), order)
    teams = _in_wave_order(_met_by_team(rows, len(criteria)), order)
    return VisionChecklist(teams, by_rater, float(met_at), tuple(criteria))


def _in_wave_order(table: pd.DataFrame, waves: list[str]) -> pd.DataFrame:
    place = table["wave"].map({one: i for i, one in enumerate(waves)})
    return table.loc[place.sort_values(kind="stable").index].reset_index(drop=True)


def _met_by_team(rows: pd.DataFrame, n_criteria: int) -> pd.DataFrame:
    judged = rows.groupby(RATED)["met"].agg(["count", "min", "max"]).reset_index()
    units = judged.groupby(["wave", "team_id"])
    table = pd.DataFrame(
        {
            "n_criteria": units["count"].agg(lambda counts: int((counts > 0).sum())),
            "n_met": units["min"].sum().astype(int),
            "n_met_any": units["max"].sum().astype(int),
        }
    )
    table["n_in_dispute"] = table["n_met_any"] - table["n_met"]
    known = rows.dropna(subset=["score"]).groupby(["wave", "team_id"])["rater_id"].nunique()
    table["n_raters"] = known.reindex(table.index, fill_value=0)
    empty = rows["score"].isna().groupby([rows["wave"], rows["team_id"]]).sum()
    table["n_missing"] = empty.reindex(table.index).astype(int)
    short = table["n_criteria"] < n_criteria
    none = table["n_criteria"] == 0
    why = np.where(none, "no criterion was rated", "not every criterion was rated")
    table["reason"] = np.where(short, why, "")
    return table.reset_index()
