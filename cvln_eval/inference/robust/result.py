"""The result of `cluster_robust`: coefficients with honest standard errors, and tests of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.errors import shown
from cvln_eval.inference.columns import term_in_words
from cvln_eval.inference.contrasts import contrast_name, contrast_weights, refuse_no_numbers
from cvln_eval.inference.robust.joint import JointTest, joint_row
from cvln_eval.inference.robust.rows import FEW_DF, row_of
from cvln_eval.inference.robust.sandwich import Sandwich
from cvln_eval.measurement.tables import names_in
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["ClusterRobust"]

CONSTANTS = ("Intercept", "const")
MOST_IN_SENTENCE = 5


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ClusterRobust(Result):
    """Coefficients with cluster-robust standard errors; see `cluster_robust`.

    Attributes
    ----------
    rows : DataFrame
        One row a term, or the one row of a contrast.
    terms : tuple of str
        Names of the terms.
    found : Sandwich
        Estimates, variance and degrees of freedom as arrays.
    outcome : str
        What is explained.
    cluster : str
        What the clusters are.
    absorbed : tuple of str
        Columns whose effects were absorbed.
    method, convention : str
        The variance, in a few words and exactly.
    conf_level : float
        Level of the intervals.
    n, n_left_out : int
        Rows used, and rows left out because a value is missing.
    """

    rows: pd.DataFrame
    terms: tuple[str, ...]
    found: Sandwich
    outcome: str
    cluster: str
    absorbed: tuple[str, ...]
    method: str
    convention: str
    conf_level: float
    n: int
    n_left_out: int

    def tidy(self) -> pd.DataFrame:
        """Return one row a term: estimate, standard error, t test and interval."""
        return self._with_size(self.rows)

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, the convention, and the fewest degrees of freedom."""
        reasons = [reason for reason in self.rows["reason"] if reason]
        return pd.DataFrame(
            {
                "n": [self.n],
                "n_clusters": [len(self.found.clusters)],
                "n_left_out": [self.n_left_out],
                "df_min": [self.rows["df"].astype(float).min()],
                "conf_level": [self.conf_level],
                "method": [self.method],
                "convention": [self.convention],
                "reason": ["; ".join(dict.fromkeys(reasons or [self._why_no_term()]))],
            }
        )

    def vcov(self) -> pd.DataFrame:
        """Return the variance matrix of the terms, also where no test can be had."""
        return pd.DataFrame(self.found.vcov, index=self.terms, columns=self.terms)

    def test(self, terms: str | Sequence[str]) -> JointTest:
        """Test that several coefficients are all 0, by an approximate Hotelling's T-squared.

        F = (eta - q + 1) / (eta q) b'V^-1 b with q and eta - q + 1 degrees of freedom, where eta
        gives a Wishart variable the total variance that V has under independent rows.

        Parameters
        ----------
        terms : str or sequence of str
            Names in `tidy`.

        Returns
        -------
        JointTest
            nan with a reason where no row is complete, a term has no test, or clusters are too few
            for so many.

        References
        ----------
        Tipton, E., & Pustejovsky, J. E. (2015). Small-sample adjustments for tests of moderators
        and model fit using robust variance estimation in meta-regression. Journal of Educational
        and Behavioral Statistics, 40, 604-634. Agrees with `clubSandwich::Wald_test(test = "HTZ")`.
        """
        names = tuple(dict.fromkeys(names_in(terms, argument="terms")))
        contrasts = np.vstack([self._contrast(dict.fromkeys(some, 1.0)) for some in _each(names)])
        row = pd.DataFrame([joint_row(self.found, contrasts, names)])
        method = self.method.replace("Satterthwaite df", "approximate Hotelling's T-squared")
        sized = replace(self, method=method)._with_size(row)
        return JointTest(sized, self.convention)

    def contrast(self, weights: Mapping[str, float], *, null_value: float = 0.0) -> ClusterRobust:
        """Return the t test of a weighted sum of coefficients, such as ``{"b": 1, "c": -1}``.

        Parameters
        ----------
        weights : mapping
            Weight of each term that takes part.
        null_value : float
            Value that the sum has if the null hypothesis holds.

        Returns
        -------
        ClusterRobust
            With one row; its degrees of freedom are those of the contrast.
        """
        refuse_no_numbers(weights, null_value)
        row = row_of(
            self.found,
            self._contrast(weights),
            contrast_name(weights),
            conf_level=self.conf_level,
            null_value=null_value,
        )
        row["null_hypothesis"] = f"{row['term']} is {null_value:g}"
        return replace(self, rows=pd.DataFrame([row]))

    def sentence(self) -> str:
        """Return the estimates with their intervals and tests, and what clusters they rest on."""
        size = f"In {count(self.n, 'row')} of {count(len(self.found.clusters), 'cluster')}"
        told = self.rows[~self.rows["term"].isin(CONSTANTS)]
        told = self.rows if told.empty else told
        if told.empty:
            return f"{size}, no coefficient is available: {self._why_no_term()}."
        parts = [_told(row) for _, row in told.head(MOST_IN_SENTENCE).iterrows()]
        more = len(told) - len(parts)
        parts += [f"{count(more, 'more term')} in the table"] if more else []
        errors = f"({self.method}, clusters by {self.cluster})"
        return f"{size}, for {self.outcome}: {'; '.join(parts)} {errors}.{_caution(told)}"

    def __repr__(self) -> str:
        return f"{Result.__repr__(self)}\n\n{self.convention}"

    def _repr_html_(self) -> str:
        return f"{Result._repr_html_(self)}<p>{self.convention}</p>"

    def _with_size(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(method=self.method, n=self.n, n_clusters=len(self.found.clusters))

    def _why_no_term(self) -> str:
        if len(self.rows):
            return ""
        return (
            "no term beside the constant and the absorbed effects" if self.n else "no complete row"
        )

    def _contrast(self, weights: Mapping[str, float]) -> np.ndarray:
        if not self.n:  # what the terms are depends on values, and there are none
            return np.zeros(len(self.terms))
        return contrast_weights(weights, self.terms)


def _each(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [(name,) for name in names] or [()]


def _told(row: pd.Series) -> str:
    estimate = f"{term_in_words(row['term'])} b = {number(row['estimate'])}"
    if row["reason"]:
        return f"{estimate} (no test: {row['reason']})"
    return (
        f"{estimate} ({level_in_words(row['conf_level'])} CI "
        f"[{number(row['conf_low'])}, {number(row['conf_high'])}]), t({number(row['df'], 1)}) = "
        f"{number(row['statistic'])}, {p_in_words(row['p_value'])}"
    )


def _caution(told: pd.DataFrame) -> str:
    few = told["df"].astype(float) < FEW_DF
    if not few.any():
        return ""
    which = shown(map(term_in_words, told.loc[few, "term"])) if len(told) > 1 else "the test"
    return (
        f" With df below {FEW_DF} the t approximation is poor (Tipton, 2015): do not rest a "
        f"conclusion on {which} alone."
    )
