"""The result of `time_to_completion`: rows, steps of the curve, numbers at risk, sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.timing.grouping import in_words
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["CLUSTERS", "LEFT_OUT", "TimeToCompletion"]

CLUSTERS = "bootstrap of clusters, BCa"
LEFT_OUT = "jackknife of clusters, t(G - 1)"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TimeToCompletion(Result):
    """Time to completion of each group; see `time_to_completion`.

    Attributes
    ----------
    rows : DataFrame
        One row a group, quantity and method.
    steps : DataFrame
        One row a group and day on which a milestone was reached.
    lasting : dict
        Group to the days for which its milestones were seen, sorted.
    tau_days : float
        Horizon of the restricted means.
    n_left_out : int
        Milestones without a duration.
    """

    rows: pd.DataFrame
    steps: pd.DataFrame
    lasting: dict[str, np.ndarray]
    tau_days: float
    n_left_out: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a group, quantity and method."""
        return self.rows.copy()

    def curve(self) -> pd.DataFrame:
        """Return one row a group and day: milestones at risk, reached, and the share still open."""
        return self.steps.copy()

    def at_risk(self, days: Sequence[float]) -> pd.DataFrame:
        """Return how many milestones were still open and in sight just before each of some days.

        Parameters
        ----------
        days : sequence of float
            Such as the ticks of a figure.

        Returns
        -------
        DataFrame
            `group, days, n_at_risk`.
        """
        rows = [
            (group, float(day), len(seen) - int(np.searchsorted(seen, day, side="left")))
            for group, seen in self.lasting.items()
            for day in days
        ]
        return pd.DataFrame(rows, columns=["group", "days", "n_at_risk"])

    def glance(self) -> pd.DataFrame:
        """Return one row: milestones, clusters, how many were reached, and the horizon."""
        each = self.rows.drop_duplicates("group")
        return pd.DataFrame(
            {
                "n": [int(each["n"].sum())],
                "n_groups": [len(each)],
                "n_reached": [int(each["n_reached"].sum())],
                "n_open": [int(each["n_open"].sum())],
                "n_left_out": [self.n_left_out],
                "tau_days": [self.tau_days],
                "conf_level": [self.rows["conf_level"].iloc[0]],
            }
        )

    def sentence(self) -> str:
        """Return median and restricted mean of each group, by the jackknife of clusters."""
        return " ".join(self._of(group) for group in self.lasting)

    def _of(self, group: str) -> str:
        own = self.rows[self.rows["group"] == group]
        median = own[own["quantity"] == "median"].iloc[0]
        mean = own[(own["quantity"] == "restricted mean") & (own["method"] == LEFT_OUT)].iloc[0]
        half = (
            f"half took {number(median['estimate'], 0)} days or less"
            if not math.isnan(median["estimate"])
            else f"no median ({median['reason']})"
        )
        level = level_in_words(mean["conf_level"])
        bounds = (
            f"{level} CI [{number(mean['conf_low'], 0)}, {number(mean['conf_high'], 0)}], "
            "jackknife of clusters"
            if not math.isnan(mean["conf_low"])
            else f"no interval: {mean['reason']}"
        )
        return (
            f"Milestones, {in_words(group)} (n = {median['n']}, {median['n_reached']} reached, "
            f"{count(median['n_clusters'], 'cluster')}): {half}; within "
            f"{number(self.tau_days, 0)} days they were open for "
            f"{number(mean['estimate'], 0)} days on average ({bounds})."
        )
