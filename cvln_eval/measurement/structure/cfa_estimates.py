"""Standardised loadings, factor correlations and omega of a fitted model, with intervals.

Variances of the factors are 1 in these models, so that their covariances are correlations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.measurement.structure.cfa_fit import Fit, delta_errors
from cvln_eval.measurement.structure.cfa_model import Matrices

__all__ = ["correlation_table", "interval_table", "loading_table", "omega_table"]

Factors = Mapping[str, Sequence[str]]


def interval_table(
    names: pd.DataFrame,
    fit: Fit,
    covariance: np.ndarray,
    *,
    quantity: Callable[[Matrices], np.ndarray],
    conf_level: float,
) -> pd.DataFrame:
    """Return the names with estimate, standard error by the delta method, and normal interval."""

    def of(theta: np.ndarray) -> np.ndarray:
        return quantity(fit.model.matrices(theta))

    table = names.copy()
    if fit.reason or table.empty:
        estimate = error = np.full(len(table), np.nan)
    else:
        estimate, error = of(fit.theta), delta_errors(of, fit.theta, covariance)
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    table["estimate"], table["std_error"] = estimate, error
    table["conf_low"], table["conf_high"] = estimate - z * error, estimate + z * error
    return table.assign(conf_level=conf_level)


def loading_table(
    factors: Factors, fit: Fit, covariance: np.ndarray, *, conf_level: float
) -> pd.DataFrame:
    """Return one row a loading: standardised, and in units of the item per sd of the factor."""
    names = [(factor, item) for factor, listed in factors.items() for item in listed]
    items = list(dict.fromkeys(item for _, item in names))
    row = [items.index(item) for _, item in names]
    col = [list(factors).index(factor) for factor, _ in names]

    def standardised(now: Matrices) -> np.ndarray:
        return np.asarray(now.loadings[row, col] / np.sqrt(np.diag(now.cov()))[row])

    table = interval_table(
        pd.DataFrame(names, columns=["factor", "item"]),
        fit,
        covariance,
        quantity=standardised,
        conf_level=conf_level,
    )
    loading, left = fit.matrices.loadings[row, col], np.diag(fit.matrices.residual_cov)[row]
    known = not fit.reason
    return table.assign(
        loading=loading if known else np.nan, residual_variance=left if known else np.nan
    )


def correlation_table(
    factors: Factors, fit: Fit, covariance: np.ndarray, *, conf_level: float
) -> pd.DataFrame:
    """Return one row a pair of factors."""
    names = list(factors)
    row, col = np.triu_indices(len(names), 1)
    pairs = pd.DataFrame(
        {"factor": [names[j] for j in row], "other_factor": [names[k] for k in col]}, dtype="str"
    )

    def correlations(now: Matrices) -> np.ndarray:
        return np.asarray(now.factor_cov[row, col])

    return interval_table(pairs, fit, covariance, quantity=correlations, conf_level=conf_level)


def omega_table(
    factors: Factors, fit: Fit, covariance: np.ndarray, *, conf_level: float
) -> pd.DataFrame:
    """Return omega of the sum of each factor's items: (sum of loadings)^2 / implied variance."""
    items = list(dict.fromkeys(item for listed in factors.values() for item in listed))
    places = [[items.index(item) for item in listed] for listed in factors.values()]

    def omegas(now: Matrices) -> np.ndarray:
        cov = now.cov()
        return np.array(
            [
                now.loadings[at, j].sum() ** 2 / cov[np.ix_(at, at)].sum()
                for j, at in enumerate(places)
            ]
        )

    names = pd.DataFrame({"factor": list(factors), "n_items": [len(at) for at in places]})
    return interval_table(names, fit, covariance, quantity=omegas, conf_level=conf_level)
