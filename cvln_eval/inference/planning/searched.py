"""What a search for the smallest change or number of districts found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.panel.words import share_in_words
from cvln_eval.inference.planning.found import Asked, warned
from cvln_eval.inference.planning.plan import Plan
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["DistrictsNeeded", "MinimumDetectableChange"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class _Searched(Result):
    """A plan, the power wanted, and the row that has it."""

    plan: Plan
    asked: Asked
    power_wanted: float
    row: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return the answer in one row."""
        return self.row.copy()

    def glance(self) -> pd.DataFrame:
        """Return the answer with the plan in one row."""
        return self.row.assign(
            power_wanted=self.power_wanted, icc=self.plan.icc, sd_planned=self.plan.spread
        )

    @property
    def _wanted(self) -> str:
        return level_in_words(self.power_wanted)

    @property
    def _how(self) -> str:
        return (
            f"with the {self.asked.method} at the level "
            f"{share_in_words(1 - self.asked.conf_level)}, in "
            f"{count(self.asked.n_simulated, 'simulated evaluation')}"
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MinimumDetectableChange(_Searched):
    """The smallest change found often enough; see `minimum_detectable_change`."""

    def sentence(self) -> str:
        """Return what the evaluation could ever have shown."""
        row = self.row.iloc[0]
        if math.isnan(row["effect"]):
            return f"This evaluation could not have shown any change: {row['reason']}."
        in_sd = number(row["effect"] / self.plan.spread)
        return (
            f"Simulated, not observed: with {self.plan}, only a change of {number(row['effect'])} "
            f"({in_sd} SD) or more would have been found at least {self._wanted} of the time, "
            f"{self._how}; smaller changes would have been missed more often"
            f"{warned(self.asked.method)}."
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DistrictsNeeded(_Searched):
    """The smallest number of clusters that finds a change often enough; see `districts_needed`."""

    def sentence(self) -> str:
        """Return how many districts the evaluation needs."""
        row = self.row.iloc[0]
        if row["reason"]:
            return f"The number of clusters needed is not available: {row['reason']}."
        plan = self.plan.with_clusters(int(row["n_clusters"]))
        return (
            f"Simulated, not observed: to find a change of {number(row['effect'])} at least "
            f"{self._wanted} of the time, {count(plan.n_clusters, 'cluster')} are needed "
            f"({plan}), {self._how}{warned(self.asked.method)}."
        )
