"""Estimates of many imputations as one: Rubin's rules, few degrees of freedom honoured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.missing.rubin import combine, intervals
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.results import Result, count, level_in_words, number, p_in_words, proportion

__all__ = ["Pooled", "pool", "pool_results", "refuse_few_imputations"]

NO_ESTIMATE = "no estimate or no variance in {} of {} imputations"
NO_VARIANCE = "the estimate has no variance, so there is no test"


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


def pool(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    df_complete: ArrayLike = np.inf,
    terms: Sequence[str] | None = None,
    null_value: float = 0.0,
    conf_level: float = 0.95,
) -> Pooled:
    """Pool estimates of completed tables by Rubin's rules.

    With m estimates Q and their variances U: the pooled estimate is the mean of Q, its variance
    T = mean(U) + (1 + 1/m) B, where B is the variance of Q between imputations. The interval and
    the test use t with the degrees of freedom of Barnard and Rubin, which never exceed those of
    the complete data: with five teams a pooled estimate has fewer than four.

    Parameters
    ----------
    estimates : array_like
        Shape (m,) for one quantity, (m, k) for k of them.
    variances : array_like
        Squared standard errors, of the same shape.
    df_complete : array_like
        Degrees of freedom the analysis has when nothing is missing: one number, or one a quantity.
        Those of the small-sample method, such as Satterthwaite's; not n - 1 where teams are few.
    terms : sequence of str, optional
        Names of the quantities; "estimate" for a single one, "estimate 1", ... for more.
    null_value : float
        What the test assumes the quantity to be.
    conf_level : float
        Level of the interval.

    Returns
    -------
    Pooled
        Where an estimate or a variance is not finite in any imputation the row is nan, with its
        reason. Where the estimate is the same in all imputations (nothing was missing that matters
        to it) `df` is `df_complete` itself: the published formula gives fewer, (df + 1) / (df + 3)
        times df, because it approximates. Without any variance there is no test.

    Raises
    ------
    ArgumentError
        If there are fewer than two imputations, the shapes differ, a variance is negative or the
        degrees of freedom are not positive.

    Notes
    -----
    Agrees with `mice::pool.scalar` and `mitml::testEstimates`.

    References
    ----------
    Rubin (1987), Multiple imputation for nonresponse in surveys, p. 76. Barnard & Rubin (1999),
    Small-sample degrees of freedom with multiple imputation, Biometrika 86, 948-955.

    Examples
    --------
    >>> found = pool([0.30, 0.42, 0.36], [0.010, 0.012, 0.011], df_complete=4)
    >>> found.tidy()[["estimate", "std_error", "df"]].round(3).to_numpy().tolist()
    [[0.36, 0.126, 1.822]]
    """
    q, u = _matrix(estimates, "estimates"), _matrix(variances, "variances")
    _refuse_pairs(q, u)
    refuse_level(conf_level)
    names = _names(terms, q.shape[1])
    df = _df_of(df_complete, q.shape[1])
    return Pooled(_rows(q, u, df, names, null_value, conf_level), len(q))


def pool_results(
    results: Sequence[Result | pd.DataFrame], *, null_value: float = 0.0, conf_level: float = 0.95
) -> Pooled:
    """Pool the results of one analysis of every completed table, term by term.

    Parameters
    ----------
    results : sequence of Result or DataFrame
        One an imputation, with `term`, `estimate` and `std_error` in each `tidy()`. The degrees of
        freedom of the complete data are the mean of `df` over imputations (Satterthwaite's differ
        a little from one completed table to the next); infinite where there is no such column.
    null_value : float
        What the test assumes each term to be.
    conf_level : float
        Level of the interval.

    Returns
    -------
    Pooled
        One row a term, in the order of the first result; see `pool`.

    Raises
    ------
    ArgumentError
        If there are fewer than two results, a column is absent, a term stands twice in one or the
        terms differ between them.

    Examples
    --------
    >>> one = pd.DataFrame({"term": ["change"], "estimate": 0.3, "std_error": 0.1, "df": 4.0})
    >>> two = one.assign(estimate=0.4)
    >>> pool_results([one, two]).tidy()["estimate"].round(2).tolist()
    [0.35]
    """
    refuse_few_imputations(len(results))
    tables = [_table_of(result) for result in results]
    terms = list(tables[0].index)
    for table in tables[1:]:
        if set(table.index) != set(terms):
            raise ArgumentError(
                "The results do not have the same terms",
                expected=shown(terms),
                seen=shown(table.index),
            )
    wide = np.array([table.loc[terms].to_numpy(dtype=float) for table in tables])
    estimates, errors, df = np.moveaxis(wide, 2, 0)
    refuse_level(conf_level)
    rows = _rows(estimates, errors**2, df.mean(axis=0), terms, null_value, conf_level)
    return Pooled(rows, len(tables))


def refuse_few_imputations(n_imputations: int) -> None:
    """Raise `ArgumentError` unless there are at least two imputations."""
    whole = isinstance(n_imputations, int | np.integer) and not isinstance(n_imputations, bool)
    if not whole or n_imputations < 2:
        raise ArgumentError(
            "The uncertainty from missing values is what differs between imputations",
            expected="at least 2 imputations",
            seen=repr(n_imputations),
        )


def _matrix(values: ArrayLike, what: str) -> np.ndarray:
    matrix = np.asarray(values, dtype=float)
    if matrix.ndim not in (1, 2):
        raise ArgumentError(
            f"The {what} have an unusable shape",
            expected="(imputations,) or (imputations, terms)",
            seen=repr(matrix.shape),
        )
    return matrix.reshape(len(matrix), -1)


def _refuse_pairs(q: np.ndarray, u: np.ndarray) -> None:
    if q.shape != u.shape:
        raise ArgumentError(
            "Each estimate needs a variance", expected=repr(q.shape), seen=repr(u.shape)
        )
    refuse_few_imputations(len(q))
    if (u < 0).any():
        raise ArgumentError("A variance is negative", expected="0 or more", seen=shown(u[u < 0]))


def _df_of(df_complete: ArrayLike, n_terms: int) -> np.ndarray:
    df = np.atleast_1d(np.asarray(df_complete, dtype=float))
    if df.size not in (1, n_terms) or not (df > 0).all():
        raise ArgumentError(
            "The degrees of freedom of the complete data cannot be used",
            expected=f"one number above 0, or {n_terms} of them",
            seen=shown(df.tolist()),
        )
    return np.broadcast_to(df, n_terms)


def _names(terms: Sequence[str] | None, n_terms: int) -> list[str]:
    if terms is None:
        many = [f"estimate {place}" for place in range(1, n_terms + 1)]
        return ["estimate"] if n_terms == 1 else many
    if len(terms) != n_terms:
        raise ArgumentError("Each term needs a name", expected=f"{n_terms}", seen=shown(terms))
    return list(terms)


def _table_of(result: Result | pd.DataFrame) -> pd.DataFrame:
    table = result if isinstance(result, pd.DataFrame) else result.tidy()
    absent = [name for name in ("term", "estimate", "std_error") if name not in table]
    if absent:
        raise ArgumentError(
            "A result cannot be pooled without a column",
            expected=shown(absent),
            seen=shown(table.columns),
        )
    if table["term"].duplicated().any():
        seen = shown(table.loc[table["term"].duplicated(), "term"])
        raise ArgumentError("A term stands twice in one result", expected="each once", seen=seen)
    df = table.get("df", np.inf)
    return table.assign(df=df).set_index("term")[["estimate", "std_error", "df"]]


def _rows(
    q: np.ndarray,
    u: np.ndarray,
    df_complete: np.ndarray,
    terms: list[str],
    null_value: float,
    conf_level: float,
) -> pd.DataFrame:
    found = combine(q, u, df_complete)
    t, p, half = intervals(found, null_value, conf_level)
    rows = pd.DataFrame(
        {
            "term": terms,
            "estimate": found.estimate,
            "std_error": np.sqrt(found.total),
            "statistic": t,
            "df": found.df,
            "p_value": p,
            "conf_low": found.estimate - half,
            "conf_high": found.estimate + half,
            "conf_level": conf_level,
            "within_variance": found.within,
            "between_variance": found.between,
            "relative_increase": found.increase,
            "missing_information": found.information,
            "relative_efficiency": 1 / (1 + found.information / len(q)),
            "df_complete": df_complete,
            "n_imputations": len(q),
            "null_hypothesis": [f"{term} is {null_value:g}" for term in terms],
        }
    )
    return _with_reasons(rows, q, u, df_complete)


def _with_reasons(
    rows: pd.DataFrame, q: np.ndarray, u: np.ndarray, df_complete: np.ndarray
) -> pd.DataFrame:
    lost = (~(np.isfinite(q) & np.isfinite(u))).sum(axis=0)
    no_df = np.isnan(df_complete) & (lost == 0)
    flat = (u.sum(axis=0) == 0) & (rows["between_variance"].to_numpy() == 0) & (lost == 0)
    numbers = rows.columns[1:-1].difference(["conf_level", "n_imputations", "df_complete"])
    rows.loc[lost > 0, numbers] = np.nan
    rows.loc[flat, ["statistic", "p_value", "relative_increase"]] = np.nan
    unknown = ["statistic", "df", "p_value", "conf_low", "conf_high", "missing_information"]
    rows.loc[no_df, [*unknown, "relative_efficiency"]] = np.nan
    rows["reason"] = [NO_ESTIMATE.format(n, len(q)) if n else "" for n in lost]
    rows.loc[flat, "reason"] = NO_VARIANCE
    rows.loc[no_df, "reason"] = "the analysis gives no degrees of freedom"
    return rows
