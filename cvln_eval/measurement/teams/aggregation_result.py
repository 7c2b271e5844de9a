"""The result of `icc_aggregation`: two coefficients for the scale score and each item."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["SCORE", "IccAggregation"]

SCORE = "scale score"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class IccAggregation(Result):
    """ICC(1) and ICC(2); see `icc_aggregation`.

    Attributes
    ----------
    coefficients : DataFrame
        One row a coefficient and item, the scale score first.
    conf_level : float
        Level of the intervals.
    n_without_team, n_incomplete : int
        People left out of the scale score because they have no team; because an answer is missing.
    null_hypothesis : str
        What F tests.
    """

    coefficients: pd.DataFrame
    conf_level: float
    n_without_team: int
    n_incomplete: int
    null_hypothesis: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a coefficient: estimate, interval, F with its degrees of freedom, n."""
        return self.coefficients.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row for the scale score, with the people left out."""
        first, second = (self.coefficients.iloc[i] for i in (0, 1))
        names = ["statistic", "df1", "df2", "p_value", "n", "n_teams", "n_typical"]
        return pd.DataFrame(
            {
                "icc_1": [first["estimate"]],
                "icc_1_low": [first["conf_low"]],
                "icc_1_high": [first["conf_high"]],
                "icc_2": [second["estimate"]],
                "icc_2_low": [second["conf_low"]],
                "icc_2_high": [second["conf_high"]],
                "conf_level": [self.conf_level],
                **{name: [first[name]] for name in names},
                "reason": [first["reason"] or second["reason"]],
                "n_without_team": [self.n_without_team],
                "n_incomplete": [self.n_incomplete],
                "missing": ["people who answered every item"],
                "null_hypothesis": [self.null_hypothesis],
            }
        )

    def sentence(self) -> str:
        """Return both coefficients of the scale score, their intervals, and the F test."""
        row = self.glance().iloc[0]
        if math.isnan(row["icc_1"]):
            return f"ICC(1) and ICC(2) are not available: {row['reason']}."
        level = f"{level_in_words(self.conf_level)} CI"
        less = ", less alike within teams than people at large" if row["icc_1"] < 0 else ""
        low = ", below 0 and so no reliability" if row["icc_2"] < 0 else ""
        second = f"ICC(2) {number(row['icc_2'])}{low} ({level} [{number(row['icc_2_low'])}, "
        second += f"{number(row['icc_2_high'])}])"
        if math.isnan(row["icc_2"]):
            second = f"ICC(2) is not available ({row['reason']})"
        return (
            f"In {count(int(row['n_teams']), 'team')} with {row['n']:,} people, ICC(1) was "
            f"{number(row['icc_1'])}{less} ({level} [{number(row['icc_1_low'])}, "
            f"{number(row['icc_1_high'])}]) and {second}; "
            f"F({int(row['df1'])}, {int(row['df2'])}) = {number(row['statistic'])}, "
            f"{p_in_words(row['p_value'])}."
        )
