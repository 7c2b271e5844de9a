"""How well a factor model fits, and how many people it takes to say so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2, ncx2

from cvln_eval.measurement.structure.cfa_fit import Fit
from cvln_eval.measurement.structure.cfa_sample import Sample

__all__ = [
    "FIT_COLUMNS",
    "bartlett_factor",
    "baseline_warning",
    "fit_row",
    "missing_fit",
    "persons_needed",
    "rmsea_interval",
]

FIT_COLUMNS = (
    "n",
    "n_complete",
    "n_items",
    "n_free",
    "statistic",
    "df",
    "p_value",
    "statistic_corrected",
    "p_value_corrected",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "srmr",
    "aic",
    "bic",
    "log_likelihood",
)
NOTHING_TO_GAIN = "independent items fit as well, so that CFI and TLI say nothing"
RMSEA_LEVEL = 0.90  # the interval by custom, whose lower bound goes with a test at .05
PERSONS_A_PARAMETER = 5
CLOSE, NOT_CLOSE, POWER, ALPHA = 0.05, 0.08, 0.80, 0.05


def fit_row(fit: Fit, sample: Sample, *, n_factors: int) -> dict[str, float]:
    """Return the indices of fit by name; a model without degrees of freedom has no test."""
    p = len(sample.mean)
    df = p * (p + 3) // 2 - fit.n_free
    statistic = max(2 * (sample.log_likelihood - fit.log_likelihood), 0.0)
    corrected = statistic * bartlett_factor(sample.n, n_items=p, n_factors=n_factors)
    low, high = rmsea_interval(statistic, df, sample.n)
    return {
        "n": sample.n,
        "n_complete": sample.n_complete,
        "n_items": p,
        "n_free": fit.n_free,
        "statistic": statistic,
        "df": df,
        "p_value": _p_value(statistic, df),
        "statistic_corrected": corrected,
        "p_value_corrected": _p_value(corrected, df),
        **_against_baseline(statistic, df, sample),
        "rmsea": _rmsea(statistic, df, sample.n),
        "rmsea_low": low,
        "rmsea_high": high,
        "srmr": _srmr(fit, sample),
        "aic": 2 * fit.n_free - 2 * fit.log_likelihood,
        "bic": math.log(sample.n) * fit.n_free - 2 * fit.log_likelihood,
        "log_likelihood": fit.log_likelihood,
    }


def missing_fit(sample: Sample) -> dict[str, float]:
    """Return the row of a model that has no estimates: counts, and nan for the rest."""
    known = {"n": sample.n, "n_complete": sample.n_complete, "n_items": len(sample.mean)}
    return {name: known.get(name, math.nan) for name in FIT_COLUMNS}


def bartlett_factor(n: int, *, n_items: int, n_factors: int) -> float:
    """Return what chi-square is multiplied by so that small samples reject as often as they say.

    (n - 1 - (2 p + 4 m + 5) / 6) / n for p items and m factors; nan where that is not positive.
    It is the same for every model of one set of items, so that differences of corrected
    chi-squares are never negative for that reason.

    References
    ----------
    Bartlett, M. S. (1950). Tests of significance in factor analysis. British Journal of
    Psychology, Statistical Section, 3, 77-85.
    """
    left = n - 1 - (2 * n_items + 4 * n_factors + 5) / 6
    return left / n if left > 0 else math.nan


def _p_value(statistic: float, df: int) -> float:
    return float(chi2.sf(statistic, df)) if df > 0 else math.nan


def _rmsea(statistic: float, df: int, n: int) -> float:
    return math.sqrt(max(statistic - df, 0.0) / (df * n)) if df > 0 else math.nan


def rmsea_interval(statistic: float, df: int, n: int) -> tuple[float, float]:
    """Return the 90% interval of RMSEA from the noncentral chi-square distribution.

    References
    ----------
    Browne, M. W., & Cudeck, R. (1993). Alternative ways of assessing model fit. In K. A. Bollen
    & J. S. Long (Eds.), Testing structural equation models (pp. 136-162). Sage.
    """
    if df <= 0:
        return math.nan, math.nan
    tail = (1 - RMSEA_LEVEL) / 2
    bounds = [_noncentrality(statistic, df, below) for below in (1 - tail, tail)]
    low, high = (math.sqrt(bound / (df * n)) for bound in bounds)
    return low, high


def _noncentrality(statistic: float, df: int, below: float) -> float:
    """Return the noncentrality at which a share `below` of values lies under the statistic."""
    if chi2.cdf(statistic, df) <= below:
        return 0.0
    most = 10 * (statistic + df)
    return float(brentq(lambda nc: ncx2.cdf(statistic, df, nc) - below, 1e-9, most))


def _against_baseline(statistic: float, df: int, sample: Sample) -> dict[str, float]:
    """Return CFI (Bentler, 1990) and TLI (Tucker & Lewis, 1973) against independent items.

    Where independent items fit already there is nothing to gain on, and both are nan.
    """
    p = len(sample.mean)
    base, base_df = 2 * (sample.log_likelihood - sample.baseline), p * (p - 1) // 2
    if base <= base_df:
        return {"cfi": math.nan, "tli": math.nan}
    excess, ratio = max(statistic - df, 0.0), base / base_df
    tli = (ratio - statistic / df) / (ratio - 1) if df > 0 else math.nan
    return {"cfi": 1 - excess / max(excess, base - base_df), "tli": tli}


def baseline_warning(row: Mapping[str, Any]) -> str:
    """Return why a model that has estimates has no CFI; empty where it has one."""
    return NOTHING_TO_GAIN if math.isnan(row["cfi"]) else ""


def _srmr(fit: Fit, sample: Sample) -> float:
    """Return the root of the mean squared residual, in standard deviations, means included."""
    scale = np.sqrt(np.diag(sample.cov))
    off = (sample.cov - fit.matrices.cov()) / np.outer(scale, scale)
    of_means = (sample.mean - fit.matrices.mean()) / scale
    p = len(scale)
    squares = (off[np.tril_indices(p)] ** 2).sum() + (of_means**2).sum()
    return math.sqrt(squares / (p * (p + 3) / 2))


def persons_needed(*, n_free: int, df: int) -> int:
    """Return how many people a model needs before "it fits" says anything.

    The larger of 5 people a free parameter, and the people with whom a test of close fit
    (RMSEA .05) has a power of .80 where RMSEA is .08, at alpha .05.

    References
    ----------
    Bentler, P. M., & Chou, C.-P. (1987). Practical issues in structural modeling. Sociological
    Methods & Research, 16, 78-117, p. 91.
    MacCallum, R. C., Browne, M. W., & Sugawara, H. M. (1996). Power analysis and determination
    of sample size for covariance structure modeling. Psychological Methods, 1, 130-149, table 4.
    """
    by_parameters = PERSONS_A_PARAMETER * n_free
    return max(by_parameters, _by_power(df)) if df > 0 else by_parameters


def _by_power(df: int) -> int:
    def power(n: float) -> float:
        cut = ncx2.isf(ALPHA, df, (n - 1) * df * CLOSE**2)
        return float(ncx2.sf(cut, df, (n - 1) * df * NOT_CLOSE**2))

    most = 10.0
    while power(most) < POWER:
        most *= 2
    return math.ceil(float(brentq(lambda n: power(n) - POWER, most / 2 if most > 10 else 2, most)))
