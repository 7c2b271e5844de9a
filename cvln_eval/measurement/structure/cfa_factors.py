"""Confirmatory factor models: whether the items go together as the instrument says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_repeated
from cvln_eval.measurement.structure.cfa_estimates import (
    correlation_table,
    loading_table,
    omega_table,
)
from cvln_eval.measurement.structure.cfa_fit import Fit, covariance_of, fit_model, unfitted
from cvln_eval.measurement.structure.cfa_indices import (
    PERSONS_A_PARAMETER,
    baseline_warning,
    fit_row,
    missing_fit,
    persons_needed,
)
from cvln_eval.measurement.structure.cfa_model import FactorModel
from cvln_eval.measurement.structure.cfa_modifications import modification_table
from cvln_eval.measurement.structure.cfa_sample import Sample, sample_of
from cvln_eval.measurement.structure.cfa_start import factor_model, start_moments
from cvln_eval.measurement.structure.cfa_words import fit_words
from cvln_eval.results import Result, count, number

__all__ = ["ConfirmatoryFactors", "confirmatory_factors"]

METHOD = "normal-theory maximum likelihood"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ConfirmatoryFactors(Result):
    """A confirmatory factor model; see `confirmatory_factors`.

    Attributes
    ----------
    loadings : DataFrame
        One row a loading.
    factor_correlations : DataFrame
        One row a pair of factors.
    omegas : DataFrame
        One row a factor.
    changes : DataFrame
        One row a cell that the model fixes at 0.
    fit : DataFrame
        One row.
    """

    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    omegas: pd.DataFrame
    changes: pd.DataFrame
    fit: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a loading, standardised, with its interval."""
        return self.loadings.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: people, parameters, chi-square plain and corrected, indices of fit."""
        return self.fit.copy()

    def correlations(self) -> pd.DataFrame:
        """Return one row a pair of factors."""
        return self.factor_correlations.copy()

    def omega(self) -> pd.DataFrame:
        """Return one row a factor: omega of the sum of its items, from the model."""
        return self.omegas.copy()

    def modifications(self) -> pd.DataFrame:
        """Return one row a loading or residual covariance fixed at 0, the worst first.

        The p values are those of single tests, not adjusted for the number of rows.
        """
        return self.changes.copy()

    def sentence(self) -> str:
        """Return fit and range of the loadings, with n and how missing answers were treated."""
        row = self.fit.iloc[0]
        named = count(len(self.omegas), "factor")
        if row["reason"]:
            return f"The model of {named} is not available: {row['reason']}."
        people = count(int(row["n"]), "person", "people")
        low, high = self.loadings["estimate"].min(), self.loadings["estimate"].max()
        caution = f" Caution: {row['warning']}." if row["warning"] else ""
        return (
            f"The model of {named} and {count(int(row['n_items']), 'item')} ({people}, "
            f"{row['missing']}): {fit_words(row.to_dict())}; standardised loadings from "
            f"{number(low)} to {number(high)}.{caution}"
        )


def confirmatory_factors(
    answers: pd.DataFrame,
    *,
    factors: Mapping[str, Sequence[str]],
    missing: Literal["fiml", "listwise"] = "fiml",
    conf_level: float = 0.95,
) -> ConfirmatoryFactors:
    """Fit a confirmatory factor model by normal-theory maximum likelihood.

    The items' covariances are L F L' + T: loadings on the named factors, whose variances are 1
    and whose correlations F are free, and residual variances T; means are free. Chi-square is
    twice the log-likelihood lost against free covariances. Answers are taken as continuous,
    which five or more categories without floor or ceiling come near to.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, as `answer_table` returns it for one wave.
    factors : mapping of str to sequence of str
        Items of each factor, at least two each; an item may stand under two factors.
    missing : {"fiml", "listwise"}
        "fiml" uses every answer given (full-information maximum likelihood, right where answers
        are missing at random); "listwise" uses people with all answers.
    conf_level : float
        Level of the intervals of loadings, correlations and omega; that of RMSEA is 90%.

    Returns
    -------
    ConfirmatoryFactors
        `tidy`: loadings; `correlations`, `omega`, `modifications`; `glance`: fit. Standard errors
        come from the expected information where nothing is missing, from the observed one
        otherwise. Chi-square is given plain (`statistic`) and with Bartlett's correction
        (`statistic_corrected`). All is nan with a reason where there are more parameters than
        variances and covariances or than people, no more people than items, an item that all
        answered alike, or no maximum. A solution that cannot be true, such as a negative residual
        variance, keeps its numbers and carries a `warning`, as does one with fewer than 5 people
        a parameter. `n_needed` says how many people the model takes (`persons_needed`).

    Raises
    ------
    ArgumentError
        If a person has several rows, there is no factor, a factor has one item, an item is
        absent or not a number.

    References
    ----------
    Joreskog, K. G. (1969). A general approach to confirmatory maximum likelihood factor analysis.
    Psychometrika, 34, 183-202.
    Arbuckle, J. L. (1996). Full information estimation in the presence of incomplete data. In
    Marcoulides & Schumacker (Eds.), Advanced structural equation modeling (pp. 243-277). Erlbaum.

    Notes
    -----
    Agrees with `lavaan::cfa(std.lv = TRUE, meanstructure = TRUE)`, with and without missing
    answers.

    Examples
    --------
    >>> from cvln_eval.simulate import simulate_factor_answers
    >>> answers = simulate_factor_answers(n_persons=200, loadings=[0.8, 0.7, 0.7, 0.6], rng=1)
    >>> model = confirmatory_factors(answers, factors={"trust": [f"item_{i}" for i in range(1, 5)]})
    >>> int(model.glance()["df"].item())
    2
    """
    refuse_level(conf_level)
    items = _items_of(factors)
    refuse_repeated(answers)
    matrix = _used(item_matrix(answers, items, at_least=2), missing)
    model = factor_model(factors, *start_moments(matrix))
    sample = sample_of(matrix, items, n_free=len(model.names))
    fit = _fitted(model, sample)
    covariance = covariance_of(fit, sample)
    beside = {"n": sample.n, "missing": missing, "method": METHOD, "reason": fit.reason}
    loadings, correlations, omegas = (
        table(factors, fit, covariance, conf_level=conf_level).assign(**beside)
        for table in (loading_table, correlation_table, omega_table)
    )
    changes = modification_table(fit, sample, items=items, factors=list(factors))
    row = _glance_row(fit, sample, n_factors=len(factors))
    row |= {"n_left_out": len(answers) - sample.n, "missing": missing, "method": METHOD}
    return ConfirmatoryFactors(loadings, correlations, omegas, changes, pd.DataFrame([row]))


def _items_of(factors: Mapping[str, Sequence[str]]) -> list[str]:
    if not factors or not isinstance(factors, Mapping):
        raise ArgumentError(
            "A factor model needs factors with names",
            expected="factors={name: [items]}",
            seen=repr(factors),
        )
    for factor, listed in factors.items():
        if isinstance(listed, str) or len(set(listed)) < max(len(listed), 2):
            seen = listed if isinstance(listed, str) else shown(listed) or "none"
            raise ArgumentError(
                f"Too few items of {factor}, or one named twice",
                expected="a list of at least 2 items, each once",
                seen=seen,
            )
    return list(dict.fromkeys(item for listed in factors.values() for item in listed))


def _used(matrix: np.ndarray, missing: str) -> np.ndarray:
    if missing not in ("fiml", "listwise"):
        raise ArgumentError("No such rule", expected="'fiml' or 'listwise'", seen=repr(missing))
    return matrix if missing == "fiml" else matrix[np.isfinite(matrix).all(axis=1)]


def _fitted(model: FactorModel, sample: Sample) -> Fit:
    p, q = len(sample.mean), len(model.names)
    if q > p * (p + 3) // 2:
        known = p * (p + 1) // 2
        reason = f"{p} items give {known} variances and covariances, too few for {q - p} parameters"
        return unfitted(model, reason)
    return unfitted(model, sample.reason) if sample.reason else fit_model(model, sample)


def _glance_row(fit: Fit, sample: Sample, *, n_factors: int) -> dict[str, Any]:
    p, q = len(sample.mean), fit.n_free
    df = p * (p + 3) // 2 - q
    row: dict[str, Any] = {"n_factors": n_factors}
    row |= missing_fit(sample) if fit.reason else fit_row(fit, sample, n_factors=n_factors)
    few = sample.n < PERSONS_A_PARAMETER * q
    thin = f"{sample.n} people for {q} parameters are fewer than {PERSONS_A_PARAMETER} each"
    cautions = [] if fit.reason else [fit.warning, baseline_warning(row), thin if few else ""]
    return row | {
        "n_free": q,
        "df": df,
        "n_needed": persons_needed(n_free=q, df=df) if df >= 0 else math.nan,
        "warning": "; ".join(filter(None, cautions)),
        "reason": fit.reason,
    }
