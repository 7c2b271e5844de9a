"""The result of `pool`: estimates of many imputations as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.results import Result, count, level_in_words, number, p_in_words, proportion

__all__ = ["Pooled"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Pooled(Result):
    """Estimates pooled over imputations; see `pool`.

    Attributes
    ----------
    terms : DataFrame
        One row a term.
    n_imputations : int
        Imputations behind every row.
    """

    terms: pd.DataFrame
    n_imputations: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a term: estimate, error, interval, what the missing values cost."""
        return self.terms.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: terms, imputations, and the worst loss of information."""
        worst = self.terms["missing_information"].max()
        return pd.DataFrame(
            [
                {
                    "n_terms": len(self.terms),
                    "n_imputations": self.n_imputations,
                    "missing_information_max": worst,
                    "relative_efficiency_min": 1 / (1 + worst / self.n_imputations),
                }
            ]
        )

    def sentence(self) -> str:
        """Return every pooled estimate with its interval and its missing information."""
        parts = [_in_words(row) for _, row in self.terms.iterrows()]
        return f"Pooled over {count(self.n_imputations, 'imputation')}: {'; '.join(parts)}."


def _in_words(row: pd.Series) -> str:
    if row["reason"] and np.isnan(row["std_error"]):
        return f"{row['term']} is not available, {row['reason']}"
    said = f"{row['term']} {number(row['estimate'])}"
    if row["reason"]:
        return f"{said}, {row['reason']}"
    return (
        f"{said}, {level_in_words(row['conf_level'])} CI [{number(row['conf_low'])}, "
        f"{number(row['conf_high'])}], t({number(row['df'], 1)}) = {number(row['statistic'])}, "
        f"{p_in_words(row['p_value'])}, fraction of missing information "
        f"{proportion(row['missing_information'])}"
    )
