"""The result of `compare_completion`: its answers and the sentence an author would paste."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.timing.grouping import in_words
from cvln_eval.inference.timing.hazards import FEW, JACKKNIFE
from cvln_eval.inference.timing.times import PAIR
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["CompletionComparison"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CompletionComparison(Result):
    """Two groups of milestones compared; see `compare_completion`.

    Attributes
    ----------
    rows : DataFrame
        One row an answer.
    by : str
        Column of the groups.
    groups : tuple of str
        The first group, and the second, which is compared with it.
    tau_days : float
        Horizon of the restricted means.
    n_left_out : int
        Milestones without a duration or without a group.
    """

    rows: pd.DataFrame
    by: str
    groups: tuple[str, str]
    tau_days: float
    n_left_out: int

    def tidy(self) -> pd.DataFrame:
        """Return one row an answer."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: milestones, clusters and the horizon."""
        row = self.rows.iloc[0]
        return pd.DataFrame(
            {
                "term": [row["term"]],
                "n": [row["n"]],
                "n_clusters": [row["n_clusters"]],
                "n_left_out": [self.n_left_out],
                "tau_days": [self.tau_days],
                "conf_level": [row["conf_level"]],
            }
        )

    def sentence(self) -> str:
        """Return the hazard ratio by the jackknife and the p of the permutation of plans."""
        ratio = self.rows[self.rows["method"] == JACKKNIFE].iloc[0]
        permuted = self.rows[self.rows["quantity"] == "log-rank scores"].iloc[0]
        first, second = map(in_words, self.groups)
        who = f"{count(ratio['n'], 'milestone')} in {count(ratio['n_clusters'], 'cluster')}"
        if ratio["reason"]:
            said = f"The paces of {second} and {first} ({who}) cannot be compared by a hazard ratio"
            return f"{said}: {ratio['reason']}. {self._permuted(permuted)}"
        few = ratio["n_clusters"] < FEW
        return (
            f"Milestones {self._so(second)} were reached at {number(ratio['estimate'])} times the "
            f"pace of those {self._so(first)} (hazard ratio, "
            f"{level_in_words(ratio['conf_level'])} CI "
            f"[{number(ratio['conf_low'])}, {number(ratio['conf_high'])}], jackknife of clusters, "
            f"{p_in_words(ratio['p_value'])}; {who}). {self._permuted(permuted)}"
            f"{' So few clusters bear no more than a rough answer.' if few else ''}"
        )

    def _so(self, group: str) -> str:
        if group == PAIR:
            return "planned in pairs"
        return f"planned {group}" if self.by.startswith("planned") else f"with {self.by} {group}"

    def _permuted(self, row: pd.Series) -> str:
        if row["reason"]:
            return f"Plans cannot be permuted: {row['reason']}."
        return (
            f"With whole plans permuted, {p_in_words(row['p_value'])} (smallest attainable "
            f"{p_in_words(row['smallest_p'])})."
        )
