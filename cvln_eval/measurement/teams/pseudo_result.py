"""The result of `pseudo_team_agreement`: teams beside random groups of the same people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["PseudoTeamAgreement"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PseudoTeamAgreement(Result):
    """Agreement in teams and in pseudo-teams; see `pseudo_team_agreement`.

    Attributes
    ----------
    quantity : str
        What is compared.
    estimate : float
        Its value in the teams.
    draws : ndarray
        Its values in the pseudo-teams, for a histogram.
    p_value, p_smallest : float
        Share of pseudo-teams that agree at least as much; the least that this share can be.
    method : str
        Whether assignments were drawn or all gone through.
    verdict : str
        What follows, in words.
    n, n_teams, n_items : int
        People, teams and items used.
    n_without_team, n_incomplete : int
        People left out because they have no team; because an answer is missing.
    null_hypothesis : str
        What p tests.
    reason : str
        Why there is no number; empty where there is one.
    """

    quantity: str
    estimate: float
    draws: np.ndarray
    p_value: float
    p_smallest: float
    method: str
    verdict: str
    n: int
    n_teams: int
    n_items: int
    n_without_team: int
    n_incomplete: int
    null_hypothesis: str
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row: the teams' value, what random groups have, p, and the verdict."""
        low, middle, high = (math.nan,) * 3
        if len(self.draws):
            low, high = np.quantile(self.draws, [0.025, 0.975])
            middle = float(self.draws.mean())
        return pd.DataFrame(
            {
                "quantity": [self.quantity],
                "estimate": [self.estimate],
                "pseudo_mean": [middle],
                "pseudo_low": [low],
                "pseudo_high": [high],
                "p_value": [self.p_value],
                "p_smallest": [self.p_smallest],
                "n": [self.n],
                "n_teams": [self.n_teams],
                "n_items": [self.n_items],
                "n_draws": [len(self.draws)],
                "method": [self.method],
                "verdict": [self.verdict],
                "reason": [self.reason],
            }
        )

    def glance(self) -> pd.DataFrame:
        """Return the row of `tidy` with the people left out and the null hypothesis."""
        return self.tidy().assign(
            n_without_team=self.n_without_team,
            n_incomplete=self.n_incomplete,
            missing="people who answered every item",
            null_hypothesis=self.null_hypothesis,
        )

    def sentence(self) -> str:
        """Return the teams' value beside that of random groups, p, and the verdict."""
        if self.reason:
            return f"Teams cannot be compared with random groups: {self.reason}."
        row = self.tidy().iloc[0]
        smallest = number(self.p_smallest, 4).removeprefix("0")
        return (
            f"In {count(self.n_teams, 'team')} with {count(self.n, 'person', 'people')}, "
            f"{self.quantity} was {number(self.estimate)}; in random groups of the same people "
            f"and sizes it was {number(row['pseudo_mean'])} on average (95% between "
            f"{number(row['pseudo_low'])} and {number(row['pseudo_high'])}; {self.method}; "
            f"{p_in_words(self.p_value)}, smallest attainable {smallest}). "
            f"{self.verdict[0].upper()}{self.verdict[1:]}."
        )
