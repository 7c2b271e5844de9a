"""The result of `paired_change`: mean changes, their tests, and a sentence about them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.change.answers import by_default
from cvln_eval.inference.change.words import interval, moved, people_in_teams
from cvln_eval.results import Result, number, p_in_words

__all__ = ["INDEPENDENT", "MEAN", "PairedChange"]

MEAN = "mean change"
INDEPENDENT = "people independent, paired t"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PairedChange(Result):
    """Mean change of those who answered twice; see `paired_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a scale, quantity and method.
    default : str
        The method of the test that `tests` and the sentence use.
    means : DataFrame
        One row a scale: people, means of both waves, their correlation.
    """

    rows: pd.DataFrame
    default: str
    means: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a scale, quantity and method."""
        return self.rows.copy()

    def tests(self) -> pd.DataFrame:
        """Return one row a scale: its mean change by the default method, for `adjust_family`."""
        return by_default(self.rows, MEAN, self.default)

    def summary(self) -> pd.DataFrame:
        """Return one row a scale: people, and the mean of both waves over the same people."""
        return self.means.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: scales, the fewest and the most people, and the method of the tests."""
        tests = self.tests()
        return pd.DataFrame(
            {
                "from_wave": [tests["from_wave"].iloc[0]],
                "wave": [tests["wave"].iloc[0]],
                "n_scales": [len(tests)],
                "n_fewest": [int(tests["n"].min())],
                "n_most": [int(tests["n"].max())],
                "n_clusters": [tests["n_clusters"].max()],
                "n_not_known": [int(tests["p_value"].isna().sum())],
                "conf_level": [tests["conf_level"].iloc[0]],
                "method": [self.default],
            }
        )

    def sentence(self) -> str:
        """Return the mean change of each scale, with teams as clusters, and in SDs."""
        return " ".join(self._of(row) for _, row in self.tests().iterrows())

    def _of(self, row: pd.Series) -> str:
        scale = row["scale"]
        waves = f"from {row['from_wave']} to {row['wave']}"
        if math.isnan(row["estimate"]):
            return f"Mean change of {scale} {waves} is not available: {row['reason']}."
        own = self.means[self.means["scale"] == scale].iloc[0]
        ends = f"from {number(own['mean_before'])} to {number(own['mean_after'])}"
        who = people_in_teams(int(row["n"]), row["n_clusters"])
        return (
            f"Mean {scale} of the {who} who answered in both waves {moved(row['estimate'])} {ends} "
            f"({waves}): change {number(row['estimate'])} ({self._test(row)}){self._in_sds(scale)}."
        )

    def _test(self, row: pd.Series) -> str:
        if math.isnan(row["p_value"]):
            return interval(row)
        statistic = f"t({number(row['df'], 1)}) = {number(row['statistic'])}"
        said = f"{interval(row)}, {statistic}, {p_in_words(row['p_value'])}; {row['method']}"
        if self.default == INDEPENDENT:
            return said
        rows = self.rows[(self.rows["scale"] == row["scale"]) & (self.rows["quantity"] == MEAN)]
        plain = rows[rows["method"] == INDEPENDENT].iloc[0]
        bounds = f"[{number(plain['conf_low'])}, {number(plain['conf_high'])}]"
        return f"{said}; people as independent, {bounds}"

    def _in_sds(self, scale: str) -> str:
        rows = self.rows[(self.rows["scale"] == scale) & (self.rows["quantity"] == "d_av")]
        row = rows.iloc[-1]  # teams as clusters where there are teams
        if math.isnan(row["estimate"]):
            return ""
        return f"; d_av = {number(row['estimate'])} ({interval(row)})"
