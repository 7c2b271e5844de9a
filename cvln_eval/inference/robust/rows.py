"""The t tests of contrasts of coefficients, one row each."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.inference.robust.freedom import satterthwaite
from cvln_eval.inference.robust.sandwich import Sandwich, why_not

__all__ = ["FEW_DF", "row_of", "term_rows"]

# Below this many degrees of freedom the t approximation itself is poor (Tipton, 2015).
FEW_DF = 4
TOO_FEW = f"df below {FEW_DF}: the t approximation is poor here (Tipton, 2015)"


COLUMNS = (
    "term",
    "estimate",
    "std_error",
    "statistic",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "conf_level",
    "null_hypothesis",
    "warning",
    "reason",
)


def term_rows(found: Sandwich, terms: tuple[str, ...], conf_level: float) -> pd.DataFrame:
    """Return one row a term."""
    ones = np.eye(len(terms))
    rows = [
        row_of(found, one, term, df=df, conf_level=conf_level)
        for one, term, df in zip(ones, terms, found.df, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def row_of(
    found: Sandwich,
    contrast: np.ndarray,
    term: str,
    *,
    conf_level: float,
    df: float | None = None,
    null_value: float = 0.0,
) -> dict[str, object]:
    """Return the t test of one contrast; all but the estimate nan where it cannot be had."""
    named = np.flatnonzero(contrast)
    estimate = float(contrast[named] @ found.beta[named]) if found.clusters else math.nan
    reason = why_not(found, contrast)
    error = math.nan if reason else _std_error(found, contrast, named)
    if reason:
        df = math.nan
    elif df is None:
        df = satterthwaite(found.frame, found.inner(contrast[None, :])[0])
    statistic = (estimate - null_value) / error
    reach = stats.t.isf((1 - conf_level) / 2, df) * error
    return {
        "term": term,
        "estimate": estimate,
        "std_error": error,
        "statistic": statistic,
        "df": df,
        "p_value": 2 * stats.t.sf(abs(statistic), df),
        "smallest_p": math.nan if reason else 0.0,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "conf_level": conf_level,
        "null_hypothesis": f"the coefficient of {term} is {null_value:g}",
        "warning": TOO_FEW if df < FEW_DF else "",
        "reason": reason,
    }


def _std_error(found: Sandwich, contrast: np.ndarray, named: np.ndarray) -> float:
    part = contrast[named]
    return float(np.sqrt(part @ found.vcov[np.ix_(named, named)] @ part))
