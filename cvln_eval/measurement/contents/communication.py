"""Communication plans: told often enough and in enough ways, as each rater counts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.contents.long_tables import in_order, rated_rows
from cvln_eval.results import Result, count

__all__ = ["CommunicationPlans", "communication_plan"]

UNIT = ["wave", "team_id"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CommunicationPlans(Result):
    """Which teams told their plan often enough and in enough ways; see `communication_plan`.

    Attributes
    ----------
    plans : DataFrame
        One row a wave and team.
    by_rater : DataFrame
        One row a wave, team and rater.
    at_least : tuple of float
        Times and ways that a plan needs.
    """

    plans: pd.DataFrame
    by_rater: pd.DataFrame
    at_least: tuple[float, float]

    def tidy(self) -> pd.DataFrame:
        """Return one row a wave and team: both counts over raters, and whether the plan meets."""
        return self.plans.copy()

    def raters(self) -> pd.DataFrame:
        """Return one row a wave, team and rater: both counts and what follows from them."""
        return self.by_rater.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row for the last wave: teams by verdict, and what was asked."""
        last = self.plans[self.plans["wave"] == self.plans["wave"].iloc[-1]]
        found = last["meets"].value_counts()
        return pd.DataFrame(
            {
                "wave": [last["wave"].iloc[0]],
                "n_teams": [len(last)],
                "n_met": [int(found.get("yes", 0))],
                "n_not_met": [int(found.get("no", 0))],
                "n_in_dispute": [int(found.get("raters disagree", 0))],
                "n_not_known": [int(found.get("not known", 0))],
                "at_least_times": [self.at_least[0]],
                "at_least_ways": [self.at_least[1]],
            }
        )

    def sentence(self) -> str:
        """Return how many teams met the mark in the first and the last wave, and the disputes."""
        waves = list(dict.fromkeys(self.plans["wave"]))
        said = [self._of_wave(wave) for wave in dict.fromkeys([waves[0], waves[-1]])]
        times, ways = self.at_least
        return (
            f"A plan told at least {times:g} times in at least {ways:g} ways, by every rater's "
            f"count, was found in {'; in '.join(said)}."
        )

    def _of_wave(self, wave: str) -> str:
        plans = self.plans[self.plans["wave"] == wave]
        rows, known = plans["meets"], plans["n_raters_met"] + plans["n_raters_not_met"]
        counts = {
            "raters disagreed on": int((rows == "raters disagree").sum()),
            "with one rater only": int((known == 1).sum()),
            "not known": int((known == 0).sum()),
        }
        notes = [f"{what} {n}" for what, n in counts.items() if n] or ["raters agreed on all"]
        met = f"{int((rows == 'yes').sum())} of {count(len(rows), 'team')}"
        return f"{met} in {wave} ({', '.join(notes)})"


def communication_plan(
    ratings: pd.DataFrame,
    *,
    times: str = "communication_times",
    ways: str = "communication_ways",
    at_least: tuple[float, float] = (3, 3),
    waves: Sequence[str] | None = None,
    team: str = "team_id",
    wave: str = "wave",
    criterion: str = "criterion",
    rater: str = "rater_id",
    score: str = "score",
) -> CommunicationPlans:
    """Say which teams told their plan at least so many times and in so many ways, each wave.

    A rater's counts meet the mark when both are at least what is asked; they do not when one is
    below it, whatever the other; with one count missing and the other high enough it is not known.
    A team meets it ("yes") when every rater's counts do, does not ("no") when no rater's do, and
    otherwise "raters disagree": a mean over raters would hide that.

    Parameters
    ----------
    ratings : DataFrame
        One row a wave, team, criterion and rater; other criteria are passed over.
    times, ways : str
        The criteria that count how often, and in how many ways, the plan was told.
    at_least : tuple of float
        Times and ways that are asked for.
    waves : sequence of str, optional
        Waves in their order; as they come in the table when left out.
    team, wave, criterion, rater, score : str
        Columns.

    Returns
    -------
    CommunicationPlans
        `tidy` has `wave, team_id, n_raters, times_mean, times_min, times_max, ways_mean, ways_min,
        ways_max, n_raters_met, n_raters_not_met, meets, reason`; `raters()` has `wave, team_id,
        rater_id, times, ways, meets`. Raters of whom it is not known are left out of the verdict;
        where it is known of none, it is "not known" with a reason. With one rater there is nobody
        to disagree, and the reason says so.

    Raises
    ------
    ArgumentError
        If a column is absent, a criterion or wave does not occur, a rating stands twice or is no
        number.

    Examples
    --------
    >>> rated = pd.DataFrame({"wave": "a", "team_id": "T", "rater_id": ["x", "x", "y", "y"],
    ...                       "criterion": ["communication_times", "communication_ways"] * 2,
    ...                       "score": [4, 3, 4, 2]})
    >>> communication_plan(rated).tidy()["meets"].tolist()
    ['raters disagree']
    """
    names = {wave: "wave", team: "team_id", criterion: "criterion", rater: "rater_id"}
    rows = rated_rows(ratings, {**names, score: "score"}, [times, ways])
    order = in_order(rows, "wave", waves)
    counts = rows.set_index([*UNIT, "rater_id", "criterion"])["score"]
    wide = counts.unstack("criterion")  # noqa: PD010
    by_rater = pd.DataFrame({"times": wide[times], "ways": wide[ways]}).reset_index()
    by_rater["meets"] = _verdicts(by_rater[["times", "ways"]].to_numpy(), at_least)
    by_rater["_place"] = by_rater["wave"].map({one: i for i, one in enumerate(order)})
    by_rater = by_rater.dropna(subset=["_place"]).sort_values(["_place", "team_id", "rater_id"])
    by_rater = by_rater.drop(columns="_place").reset_index(drop=True)
    plans = [_plan(unit, part) for unit, part in by_rater.groupby(UNIT, sort=False)]
    return CommunicationPlans(pd.DataFrame(plans), by_rater, (at_least[0], at_least[1]))


def _verdicts(counts: np.ndarray, at_least: tuple[float, float]) -> np.ndarray:
    enough, below = counts >= np.array(at_least), counts < np.array(at_least)
    return np.select([enough.all(axis=1), below.any(axis=1)], ["yes", "no"], "not known")


def _plan(unit: tuple[object, ...], rows: pd.DataFrame) -> dict[str, object]:
    found = rows["meets"]
    met, not_met = int((found == "yes").sum()), int((found == "no").sum())
    known = met + not_met
    verdict = "raters disagree" if met and not_met else "yes" if met else "no"
    spread = {
        f"{name}_{what}": float(getattr(rows[name], what)())
        for name in ("times", "ways")
        for what in ("mean", "min", "max")
    }
    reasons = {0: "no rater gave both counts", 1: "one rater only"}
    return {
        **dict(zip(UNIT, unit, strict=True)),
        "n_raters": int(rows[["times", "ways"]].notna().any(axis=1).sum()),
        **spread,
        "n_raters_met": met,
        "n_raters_not_met": not_met,
        "meets": verdict if known else "not known",
        "reason": reasons.get(known, ""),
    }
