"""Parallel analysis: how many dimensions stand out from chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import item_matrix, refuse_repeated
from cvln_eval.measurement.structure.correlations import correlation_matrix, refuse_kind
from cvln_eval.measurement.structure.missing import kept_rows
from cvln_eval.resampling import generator
from cvln_eval.results import Result, count, number

__all__ = ["ParallelAnalysis", "parallel_analysis"]

BASES = ("components", "factors")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ParallelAnalysis(Result):
    """Eigenvalues beside those of permuted answers; see `parallel_analysis`.

    Attributes
    ----------
    eigenvalues : DataFrame
        One row a basis and dimension.
    method, missing : str
        Kind of correlation, and the rule for missing answers.
    n_items, n_persons, n_left_out : int
        Items, people who count, and people who do not.
    n_draws : int
        Permutations of the answers.
    quantile : float
        Which quantile of the permutations an eigenvalue has to exceed.
    """

    eigenvalues: pd.DataFrame
    method: str
    missing: str
    n_items: int
    n_persons: int
    n_left_out: int
    n_draws: int
    quantile: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a basis (components, factors) and dimension."""
        return self.eigenvalues.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many components and factors to retain."""
        reasons = dict.fromkeys(reason for reason in self.eigenvalues["reason"] if reason)
        return pd.DataFrame(
            {
                "n_components": [self.n_retained("components")],
                "n_factors": [self.n_retained("factors")],
                "n_items": [self.n_items],
                "n_persons": [self.n_persons],
                "n_left_out": [self.n_left_out],
                "n_draws": [self.n_draws],
                "quantile": [self.quantile],
                "method": [self.method],
                "missing": [self.missing],
                "reason": ["; ".join(reasons)],
            }
        )

    def n_retained(self, basis: str = "components") -> float:
        """Return how many dimensions come before the first that chance reaches; nan if unknown.

        Parameters
        ----------
        basis : {"components", "factors"}
            Eigenvalues of the correlations, or of the correlations with communalities.
        """
        rows = self.eigenvalues[self.eigenvalues["basis"] == basis]
        return float(rows["retained"].sum()) if (rows["reason"] == "").all() else np.nan

    def sentence(self) -> str:
        """Return how many components and factors exceed chance, and by which rule."""
        row = self.glance().iloc[0]
        who = f"{count(self.n_items, 'item')}, n = {self.n_persons}"
        if np.isnan(row["n_components"]):
            return f"Parallel analysis of {who} is not available: {row['reason']}."
        first = self.eigenvalues.iloc[0]
        factors = row["n_factors"]
        beside = (
            f"and {count(int(factors), 'common factor')}"
            if np.isfinite(factors)
            else f"(common factors are not available: {row['reason']})"
        )
        return (
            f"Parallel analysis ({self.method} correlations of {who}, missing answers "
            f"{self.missing}) retained {count(int(row['n_components']), 'component')} {beside}; "
            f"the first eigenvalue was {number(first['eigenvalue'])}, against "
            f"{number(first['random_quantile'])} at quantile {self.quantile:g} of "
            f"{count(self.n_draws, 'permutation')}."
        )


def parallel_analysis(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    kind: str = "pearson",
    missing: str = "pairwise",
    n_draws: int = 500,
    quantile: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> ParallelAnalysis:
    """Compare the eigenvalues of the items with those of answers shuffled item by item.

    Shuffling the answers of each item among the people who gave one keeps every margin, every
    missing answer and n, and leaves no relation. A dimension is retained while its eigenvalue
    exceeds the quantile of the shuffled eigenvalues of its rank, up to the first that does not.
    Two sets of eigenvalues are given: of the correlations (components, as Horn has it), and of
    the correlations with squared multiple correlations 1 - 1 / (R^-1)_jj on the diagonal
    (factors). The second tends to retain too many; where they differ, the first is the one to
    report.

    Parameters
    ----------
    answers : DataFrame
        One row a person, as `answer_table` returns it.
    items : sequence of str
        At least three columns.
    kind : {"pearson", "polychoric", "spearman"}
        Which correlation, of the answers and of the shuffled answers alike.
    missing : {"pairwise", "listwise"}
        As in `item_correlations`.
    n_draws : int
        Permutations.
    quantile : float
        Above 0 and below 1; Horn's own rule is the mean, which `random_mean` holds.
    rng : int or Generator
        Seed; the same seed gives the same numbers.

    Returns
    -------
    ParallelAnalysis
        `tidy` has one row a basis and dimension: `basis`, `dimension`, `eigenvalue`,
        `random_mean`, `random_quantile`, `n_draws` (those that have eigenvalues), `retained`,
        `reason`. Where a correlation is missing (nobody answered both items, an item does not
        vary) nothing is available; where the matrix is not positive definite the factors are not.

    Raises
    ------
    ArgumentError
        If a person has several rows, an item is absent, or an option is unknown or out of
        bounds.

    References
    ----------
    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis.
    Psychometrika, 30, 179-185.
    Buja, A., & Eyuboglu, N. (1992). Remarks on parallel analysis. Multivariate Behavioral
    Research, 27, 509-540 (permutations; squared multiple correlations retain too many).
    Glorfeld, L. W. (1995). An improvement on Horn's parallel analysis methodology. Educational
    and Psychological Measurement, 55, 377-393 (the 95th percentile).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> draws = np.random.default_rng(1)
    >>> common = draws.normal(size=(60, 1))
    >>> answers = pd.DataFrame(common + draws.normal(size=(60, 4)), columns=list("abcd"))
    >>> parallel_analysis(answers, items=list("abcd"), n_draws=100).n_retained()
    1.0
    """
    refuse_kind(kind)
    if n_draws < 1 or not 0 < quantile < 1:
        seen = f"n_draws {n_draws}, quantile {quantile}"
        raise ArgumentError(
            "Parallel analysis needs draws",
            expected="n_draws of 1 or more, 0 < quantile < 1",
            seen=seen,
        )
    matrix = item_matrix(answers, items, at_least=3)
    refuse_repeated(answers)
    kept = kept_rows(matrix, missing)
    observed = _eigenvalues(correlation_matrix(matrix[kept], kind))
    stream = generator(rng)
    draws = np.full((n_draws, *observed.shape), np.nan)
    for draw in range(n_draws if np.isfinite(observed[0]).all() else 0):
        draws[draw] = _eigenvalues(correlation_matrix(_shuffled(matrix[kept], stream), kind))
    rows = [_compared(b, observed[i], draws[:, i], quantile) for i, b in enumerate(BASES)]
    return ParallelAnalysis(
        eigenvalues=pd.concat(rows, ignore_index=True),
        method=kind,
        missing=missing,
        n_items=matrix.shape[1],
        n_persons=int(kept.sum()),
        n_left_out=int((~kept).sum()),
        n_draws=n_draws,
        quantile=quantile,
    )


def _shuffled(matrix: np.ndarray, stream: np.random.Generator) -> np.ndarray:
    """Return the answers of each column dealt anew to the people who gave one."""
    shuffled = matrix.copy()
    for column in shuffled.T:
        answered = ~np.isnan(column)
        column[answered] = stream.permutation(column[answered])
    return shuffled


def _eigenvalues(correlations: np.ndarray) -> np.ndarray:
    """Return eigenvalues in falling order, of components and of factors; nan where unknown."""
    found = np.full((2, len(correlations)), np.nan)
    if not np.isfinite(correlations).all():
        return found
    found[0] = np.linalg.eigvalsh(correlations)[::-1]
    if found[0, -1] > 1e-10:
        reduced = correlations.copy()
        np.fill_diagonal(reduced, 1 - 1 / np.diag(np.linalg.inv(correlations)))
        found[1] = np.linalg.eigvalsh(reduced)[::-1]
    return found


def _compared(basis: str, observed: np.ndarray, draws: np.ndarray, quantile: float) -> pd.DataFrame:
    usable = draws[np.isfinite(draws).all(axis=1)]
    reason = _reason(basis, observed, usable)
    none = np.full(len(observed), np.nan)
    mean = none if reason else usable.mean(axis=0)
    bound = none if reason else np.quantile(usable, quantile, axis=0)
    return pd.DataFrame(
        {
            "basis": basis,
            "dimension": np.arange(1, len(observed) + 1),
            "eigenvalue": observed,
            "random_mean": mean,
            "random_quantile": bound,
            "n_draws": len(usable),
            "retained": np.logical_and.accumulate(observed > bound),
            "reason": reason,
        }
    )


def _reason(basis: str, observed: np.ndarray, usable: np.ndarray) -> str:
    if not np.isfinite(observed).all():
        if basis == "components":
            return "a correlation is missing, see item_correlations"
        return "the correlations are not positive definite or not complete"
    return "" if len(usable) else "no shuffled matrix has eigenvalues"
