"""A joint test of several coefficients of a mixed model."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.columns import term_in_words
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["FixedEffectsTest"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FixedEffectsTest(Result):
    """The F test of several terms; see `MixedModel.test`.

    Attributes
    ----------
    row : DataFrame
        The test.
    """

    row: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return the test as one row."""
        return self.row.copy()

    def glance(self) -> pd.DataFrame:
        """Return the same row."""
        return self.row.copy()

    def sentence(self) -> str:
        """Return F with its degrees of freedom, p and the groups behind them."""
        row = self.row.iloc[0]
        if row["reason"]:
            return (
                f"A joint test of {term_in_words(row['term'])} is not available: {row['reason']}."
            )
        return (
            f"In {count(row['n'], 'row')} of {count(row['n_clusters'], 'cluster')}, the joint test "
            f"that {term_in_words(row['null_hypothesis'])} gave "
            f"F({row['df1']}, {number(row['df2'], 1)}) = {number(row['statistic'])}, "
            f"{p_in_words(row['p_value'])} ({row['method']})."
        )
