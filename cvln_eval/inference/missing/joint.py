"""One test of several pooled estimates at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing.pooling import refuse_few_imputations
from cvln_eval.results import Result, number, p_in_words

__all__ = ["PooledTest", "pool_test"]

FEW = (
    "the complete data have too few degrees of freedom for Reiter's approximation: "
    "{:.1f}, where more than {:.1f} are needed"
)
FEW_IMPUTATIONS = "Reiter's approximation needs more than {} imputations for {} terms"
SINGULAR = "the covariances leave no direction free: the terms are not independent"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PooledTest(Result):
    """A joint test over imputations; see `pool_test`.

    Attributes
    ----------
    row : DataFrame
        The one row of the test.
    """

    row: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return the one row of the test."""
        return self.row.copy()

    def glance(self) -> pd.DataFrame:
        """Return the one row of the test."""
        return self.row.copy()

    def sentence(self) -> str:
        """Return the F test over imputations, with the hypothesis that it tests."""
        row = self.row.iloc[0]
        tested = f"that {row['null_hypothesis']}"
        if row["reason"]:
            return f"The joint test {tested} is not available: {row['reason']}."
        return (
            f"The joint test over {row['n_imputations']} imputations {tested} gave "
            f"F({row['df1']}, {number(row['df2'], 1)}) = {number(row['statistic'])}, "
            f"{p_in_words(row['p_value'])}."
        )


def pool_test(
    estimates: ArrayLike,
    covariances: ArrayLike,
    *,
    df_complete: float = math.inf,
    null_value: float = 0.0,
    terms: Sequence[str] | None = None,
) -> PooledTest:
    """Test several pooled estimates jointly by D1, with Reiter's degrees of freedom.

    D1 = (Q - q0)' U^-1 (Q - q0) / (k (1 + r)), with Q and U the mean estimates and covariances,
    B the covariance between imputations and r = (1 + 1/m) tr(B U^-1) / k; it is referred to F with
    k and df2 degrees of freedom, df2 by Li, Raghunathan and Rubin, or by Reiter where the complete
    data have few.

    Parameters
    ----------
    estimates : array_like, shape (m, k)
        Estimates of k terms in m imputations.
    covariances : array_like, shape (m, k, k)
        Their covariance matrices.
    df_complete : float
        Degrees of freedom of the joint test when nothing is missing.
    null_value : float
        What all terms are under the null hypothesis.
    terms : sequence of str, optional
        Their names, for the words of the hypothesis.

    Returns
    -------
    PooledTest
        Reiter's approximation asks for a good deal more than four degrees of freedom in the
        complete data, which five teams never have, and for more than four over k imputations plus
        one; without them the test is nan with a reason. So it is where U is singular. Where nothing
        differs between imputations r is 0 and df2 the one of complete data.

    Raises
    ------
    ArgumentError
        If there are fewer than two imputations or the shapes do not fit.

    Notes
    -----
    Agrees with `mitml::testModels(method = "D1")` and `mitml::testConstraints`.

    References
    ----------
    Li, Raghunathan & Rubin (1991), JASA 86, 1065-1073. Reiter (2007), Small-sample degrees of
    freedom for multi-component significance tests with multiple imputation, Biometrika 94, 502-508.

    Examples
    --------
    >>> many = [[0.3, 0.1], [0.4, 0.2], [0.2, 0.1], [0.3, 0.2]]
    >>> pool_test(many, np.tile(0.01 * np.eye(2), (4, 1, 1))).tidy()["p_value"].round(3).tolist()
    [0.064]
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(covariances, dtype=float)
    _refuse_shapes(q, u)
    names = list(terms) if terms is not None else [f"estimate {i + 1}" for i in range(q.shape[1])]
    statistic, increase, df2, reason = _d1(q - null_value, u, df_complete)
    k = q.shape[1]
    return PooledTest(
        pd.DataFrame(
            [
                {
                    "statistic": statistic,
                    "df1": k,
                    "df2": df2,
                    "p_value": float(stats.f.sf(statistic, k, df2)),
                    "relative_increase": increase,
                    "df_complete": df_complete,
                    "n_imputations": len(q),
                    "method": "D1",
                    "null_hypothesis": f"{' = '.join(names)} = {null_value:g}",
                    "reason": reason,
                }
            ]
        )
    )


def _refuse_shapes(q: np.ndarray, u: np.ndarray) -> None:
    if q.ndim != 2 or u.shape != (*q.shape, q.shape[-1]):
        raise ArgumentError(
            "Estimates and covariances do not fit together",
            expected="(m, k) estimates and (m, k, k) covariances",
            seen=f"{q.shape} and {u.shape}",
        )
    refuse_few_imputations(len(q))


def _d1(q: np.ndarray, u: np.ndarray, df_complete: float) -> tuple[float, float, float, str]:
    """Return statistic, relative increase, df2 and the reason why one cannot be had."""
    m, k = q.shape
    within = u.mean(axis=0)
    usable = np.isfinite(q).all() and np.isfinite(within).all()
    if not usable or np.linalg.matrix_rank(within, hermitian=True) < k:
        return math.nan, math.nan, math.nan, SINGULAR if usable else "an estimate is missing"
    between = np.atleast_2d(np.cov(q.T))
    increase = float((1 + 1 / m) * np.trace(np.linalg.solve(within, between)) / k)
    mean = q.mean(axis=0)
    statistic = float(mean @ np.linalg.solve(within, mean) / (k * (1 + increase)))
    df2, reason = _df2(k, m, increase, df_complete)
    return (math.nan, increase, df2, reason) if reason else (statistic, increase, df2, "")


def _df2(k: int, m: int, r: float, df_complete: float) -> tuple[float, str]:
    t = k * (m - 1)
    if r < np.finfo(float).eps:
        return df_complete, ""
    if math.isinf(df_complete):
        return _li_raghunathan_rubin(k, t, r), ""
    if t <= 4:
        return math.nan, FEW_IMPUTATIONS.format(1 + 4 // k, k)
    a = r * t / (t - 2)
    observed = df_complete * (df_complete + 1) / (df_complete + 3)
    if observed <= 4 * (1 + a):
        return math.nan, FEW.format(df_complete, _least_df(4 * (1 + a)))
    return _reiter(t, a, observed), ""


def _least_df(observed: float) -> float:
    """Solve df (df + 1) / (df + 3) = observed for df."""
    return (observed - 1 + math.sqrt((observed - 1) ** 2 + 12 * observed)) / 2


def _li_raghunathan_rubin(k: int, t: int, r: float) -> float:
    if t > 4:
        return float(4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2)
    return float(t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2)


def _reiter(t: int, a: float, observed: float) -> float:
    """Return df2 of Reiter (2007, p. 504), in terms of his c0, c1 and c2."""
    c0, c1, c2 = 1 / (t - 4), observed - 2 * (1 + a), observed - 4 * (1 + a)
    z = 1 / c2
    z += c0 * (a**2 * c1 / ((1 + a) ** 2 * c2))
    z += c0 * (8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
    z += c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3)
    z += c0 * (8 * a**2 / c2**2)
    return float(4 + 1 / z)
