"""A joint test of several coefficients, for few clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.inference.robust.freedom import hotelling
from cvln_eval.inference.robust.rows import FEW_DF
from cvln_eval.inference.robust.sandwich import Sandwich, why_not
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["JointTest", "joint_row"]

# A variance with a condition beyond this has no inverse to speak of.
SINGULAR = 1e12
TOO_FEW = f"denominator df below {FEW_DF}: the F approximation is poor here"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class JointTest(Result):
    """The approximate Hotelling T-squared test of several terms; see `ClusterRobust.test`.

    Attributes
    ----------
    row : DataFrame
        The test.
    convention : str
        Which cluster-robust variance it uses, in words.
    """

    row: pd.DataFrame
    convention: str

    def tidy(self) -> pd.DataFrame:
        """Return the test as one row."""
        return self.row.copy()

    def glance(self) -> pd.DataFrame:
        """Return the same row, and the convention of the variance."""
        return self.row.assign(convention=self.convention)

    def sentence(self) -> str:
        """Return F with its degrees of freedom, p and the clusters behind them."""
        row = self.row.iloc[0]
        if row["reason"]:
            return f"A joint test of {row['term']} is not available: {row['reason']}."
        return (
            f"In {count(row['n'], 'row')} of {count(row['n_clusters'], 'cluster')}, the joint test "
            f"that {row['null_hypothesis']} gave F({row['df1']}, {number(row['df2'], 1)}) = "
            f"{number(row['statistic'])}, {p_in_words(row['p_value'])} ({row['method']})."
            + (f" Note: {row['warning']}." if row["warning"] else "")
        )


def joint_row(found: Sandwich, contrasts: np.ndarray, names: tuple[str, ...]) -> dict[str, object]:
    """Return F = (eta - q + 1) / (eta q) times Wald's statistic, with q and eta - q + 1 df."""
    q = len(contrasts)
    reason = next(filter(None, (why_not(found, one) for one in contrasts)), "")
    eta = math.nan if reason else hotelling(found.frame, found.inner(contrasts))
    wald = math.nan if reason else _wald(found, contrasts)
    df2 = eta - q + 1
    if not reason and (math.isnan(wald) or not df2 > 0):
        reason = f"{count(len(found.clusters), 'cluster')} cannot bear a joint test of {q} terms"
    statistic = math.nan if reason else df2 / (eta * q) * wald
    return {
        "term": ", ".join(names),
        "statistic": statistic,
        "df1": q,
        "df2": math.nan if reason else df2,
        "p_value": float(stats.f.sf(statistic, q, math.nan if reason else df2)),
        "smallest_p": math.nan if reason else 0.0,
        "null_hypothesis": _null(names),
        "warning": TOO_FEW if df2 < FEW_DF and not reason else "",
        "reason": reason,
    }


def _null(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"the coefficient of {names[0]} is 0"
    return f"the coefficients of {', '.join(names)} are all 0"


def _wald(found: Sandwich, contrasts: np.ndarray) -> float:
    named = np.flatnonzero(contrasts.any(axis=0))
    part = contrasts[:, named]
    variance = part @ found.vcov[np.ix_(named, named)] @ part.T
    scale = np.sqrt(np.diag(variance))
    if not (scale > 0).all() or np.linalg.cond(variance / np.outer(scale, scale)) > SINGULAR:
        return math.nan
    estimates = part @ found.beta[named]
    return float(estimates @ np.linalg.solve(variance, estimates))
