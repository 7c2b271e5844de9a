"""Coefficients of ordered categories, as log-odds and odds ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.columns import term_in_words
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["OrdinalGee"]

# Of odds ratios beyond this the digits say nothing.
LARGEST = 1000


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OrdinalGee(Result):
    """Log-odds of a higher category by term; see `ordinal_gee`.

    Attributes
    ----------
    rows : DataFrame
        One row a term, cuts between categories first.
    outcome, cluster : str
        What is explained, and what the clusters are.
    categories : tuple
        The categories in their order.
    working_correlation : float
        Of two rows of a cluster, used to weigh rows and not to judge estimates.
    method : str
        Variance and degrees of freedom in words.
    n, n_clusters, n_left_out : int
        Rows and clusters used; rows left out because a value is missing.
    reason : str
        Why there are no estimates; empty where there are.
    """

    rows: pd.DataFrame
    outcome: str
    cluster: str
    categories: tuple[object, ...]
    working_correlation: float
    method: str
    n: int
    n_clusters: int
    n_left_out: int
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a term: log-odds, odds ratio, t test and interval."""
        rows = self.rows.copy()
        for name, source in (
            ("odds_ratio", "estimate"),
            ("odds_ratio_low", "conf_low"),
            ("odds_ratio_high", "conf_high"),
        ):
            with np.errstate(over="ignore"):  # an infinite odds ratio is what log-odds of 1000 mean
                rows[name] = np.exp(rows[source].astype(float))
        return rows.assign(method=self.method, n=self.n, n_clusters=self.n_clusters)

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, categories and the working correlation."""
        return pd.DataFrame(
            {
                "n": [self.n],
                "n_clusters": [self.n_clusters],
                "n_left_out": [self.n_left_out],
                "n_categories": [len(self.categories)],
                "working_correlation": [self.working_correlation],
                "method": [self.method],
                "reason": [self.reason],
            }
        )

    def sentence(self) -> str:
        """Return the odds ratios of the terms with interval, test and clusters."""
        size = f"In {count(self.n, 'row')} of {count(self.n_clusters, 'cluster')}"
        if self.reason:
            return f"{size}, a model of {self.outcome} is not available: {self.reason}."
        told = self.tidy().iloc[len(self.categories) - 1 :]
        if told.empty:
            return f"{size}, the model of {self.outcome} has no regressor to speak of."
        parts = "; ".join(_told(row) for _, row in told.iterrows())
        poor = told["warning"].ne("").any()
        note = " With so few degrees of freedom the t approximation is poor." if poor else ""
        return f"{size}, the odds of a higher {self.outcome}: {parts} ({self.method}).{note}"


def _odds(ratio: float) -> str:
    return f"above {LARGEST:,}" if ratio > LARGEST else number(ratio)


def _told(row: pd.Series) -> str:
    name = term_in_words(row["term"])
    if row["reason"]:
        return f"{name} OR = {_odds(row['odds_ratio'])} (no test: {row['reason']})"
    return (
        f"{name} OR = {_odds(row['odds_ratio'])} ({level_in_words(row['conf_level'])} CI "
        f"[{_odds(row['odds_ratio_low'])}, {_odds(row['odds_ratio_high'])}]), "
        f"t({number(row['df'], 1)}) = {number(row['statistic'])}, {p_in_words(row['p_value'])}"
    )
