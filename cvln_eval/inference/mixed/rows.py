"""Rows of results: one coefficient or contrast, or several at once."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from cvln_eval.inference.mixed.fit import Fit

__all__ = ["ROW", "contrast_row", "joint_row", "row_without"]

NUMBERS = ("estimate", "std_error", "statistic", "df", "p_value", "smallest_p")
ROW = ("term", *NUMBERS, "conf_low", "conf_high", "conf_level", "null_hypothesis", "reason")
# A covariance of contrasts with a condition beyond this has no inverse to speak of.
SINGULAR = 1e12


def contrast_row(
    fit: Fit, contrast: np.ndarray, term: str, *, conf_level: float, null_value: float
) -> dict[str, object]:
    """Return estimate, t test and interval of a contrast of the coefficients kept."""
    weights = fit.working_contrasts(contrast[None])[0]
    estimate = float(contrast @ fit.beta)
    error = float(np.sqrt(weights @ fit.freedom.vcov @ weights))
    df = fit.freedom.df(weights)
    statistic = (estimate - null_value) / error
    half = float(stats.t.ppf((1 + conf_level) / 2, df)) * error
    return {
        "term": term,
        "estimate": estimate,
        "std_error": error,
        "statistic": statistic,
        "df": df,
        "p_value": float(2 * stats.t.sf(abs(statistic), df)),
        "smallest_p": 0.0,
        "conf_low": estimate - half,
        "conf_high": estimate + half,
        "conf_level": conf_level,
        "null_hypothesis": f"{term} = {null_value:g}",
        "reason": "",
    }


def row_without(
    term: str, reason: str, *, conf_level: float, null_value: float
) -> dict[str, object]:
    """Return the row of a contrast that cannot be had."""
    return {
        "term": term,
        **dict.fromkeys((*NUMBERS, "conf_low", "conf_high"), math.nan),
        "conf_level": conf_level,
        "null_hypothesis": f"{term} = {null_value:g}",
        "reason": reason,
    }


def joint_row(
    fit: Fit | None, contrasts: np.ndarray, names: tuple[str, ...], reason: str
) -> dict[str, object]:
    """Return F of several contrasts of the coefficients kept."""
    statistic, df1, df2 = math.nan, len(contrasts), math.nan
    if fit is not None and not reason:
        weights = fit.working_contrasts(contrasts)
        if np.linalg.cond(_correlations(weights @ fit.freedom.vcov @ weights.T)) > SINGULAR:
            reason = "the contrasts determine one another"
        else:
            statistic, df1, df2 = fit.freedom.joint(weights, fit.working_beta())
    return {
        "term": ", ".join(names),
        "statistic": statistic,
        "df1": df1,
        "df2": df2,
        "p_value": float(stats.f.sf(statistic, df1, df2)),
        "smallest_p": math.nan if reason else 0.0,
        "null_hypothesis": " and ".join(f"{name} = 0" for name in names),
        "reason": reason,
    }


def _correlations(covariance: np.ndarray) -> np.ndarray:
    scale = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(scale, scale))
