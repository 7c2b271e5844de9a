"""Outcome, regressors and clusters of one regression, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.formula.api import ols

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import cluster_codes, named_columns, plain, unquoted
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["ClusterDesign", "cluster_design"]


@dataclass(frozen=True, slots=True, eq=False)
class ClusterDesign:
    """One regression with its clusters.

    Attributes
    ----------
    outcome : str
        What stands left of the tilde.
    y : ndarray
        Outcome, shape (n,).
    x : ndarray
        Regressors, shape (n, k), the constant among them where the formula has one.
    terms : tuple of str
        Name of each column of `x`.
    codes : ndarray
        Cluster of each row, 0 to G - 1, shape (n,).
    clusters : tuple of str
        Name of each cluster, sorted.
    weights : ndarray or None
        Weights of the rows, shape (n,).
    rows : ndarray
        Position of each row in the table, shape (n,).
    n_left_out : int
        Rows left out because outcome, a regressor or the weight is missing.
    """

    outcome: str
    y: np.ndarray
    x: np.ndarray
    terms: tuple[str, ...]
    codes: np.ndarray
    clusters: tuple[str, ...]
    weights: np.ndarray | None
    rows: np.ndarray
    n_left_out: int

    @property
    def n_clusters(self) -> int:
        """Number of clusters that have a row."""
        return len(self.clusters)


def cluster_design(
    table: pd.DataFrame, *, formula: str, cluster: str, weights: str | None = None
) -> ClusterDesign:
    """Return the arrays of a regression given by a formula, rows with missing values left out.

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    formula : str
        Such as ``"change ~ coaching_visits"``. An outcome that is a column may be numbers, booleans
        or texts that write numbers; columns of numbers may have any dtype.
    cluster : str
        Column that names the cluster of each row; must not be missing.
    weights : str, optional
        Column with positive weights.

    Returns
    -------
    ClusterDesign
        Of the rows that are complete, as if the others had never been in the table. Where none
        is, it has no rows and no terms, because what the terms are depends on the values.

    Raises
    ------
    ArgumentError
        If a column is not there, the formula cannot be read, a value is infinite, the outcome is
        not made of numbers, a cluster is missing or shares its name with another, or a weight is
        not a positive number.
    """
    named = [cluster] if weights is None else [cluster, weights]
    need_columns(table, named, table="observations")
    refuse_missing(table, [cluster], what="cluster")
    columns = named_columns(formula, table)
    need_columns(table, columns, table="observations")
    numbered = plain(table.reset_index(drop=True), columns, formula)
    usable = numbered
    if weights is not None:
        numbered[weights] = numbers_of(table[weights], what=f"Weights, values of {weights},")
        usable = numbered[numbered[weights].notna()]
    if not len(usable[columns].dropna()):
        return _without_rows(formula, len(table), weights)
    model = _read(formula, _without_unused(usable))
    rows = np.asarray(model.data.row_labels, dtype=int)
    if len(rows) < len(table):  # levels and means of rows that are left out must not count
        model = _read(formula, _without_unused(usable.loc[rows]))
    _refuse_infinite(model, formula)
    codes, clusters = cluster_codes(numbered.loc[rows, cluster])
    return ClusterDesign(
        outcome=unquoted(str(model.endog_names)),
        y=np.asarray(model.endog, dtype=float),
        x=np.asarray(model.exog, dtype=float),
        terms=tuple(model.exog_names),
        codes=codes,
        clusters=tuple(clusters),
        weights=None if weights is None else _positive(numbered.loc[rows, weights], weights),
        rows=rows,
        n_left_out=len(table) - len(rows),
    )


def _without_rows(formula: str, n_left_out: int, weights: str | None) -> ClusterDesign:
    none = np.empty(0)
    return ClusterDesign(
        outcome=unquoted(formula.split("~")[0].strip()),
        y=none,
        x=none.reshape(0, 0),
        terms=(),
        codes=none.astype(int),
        clusters=(),
        weights=None if weights is None else none,
        rows=none.astype(int),
        n_left_out=n_left_out,
    )


def _without_unused(table: pd.DataFrame) -> pd.DataFrame:
    kept = table.copy(deep=False)
    for name in kept.select_dtypes("category"):
        kept[name] = kept[name].cat.remove_unused_categories()
    return kept


def _refuse_infinite(model, formula: str) -> None:  # type: ignore[no-untyped-def]
    if not np.isfinite(model.endog).all():
        raise ArgumentError(
            "The outcome that the formula makes is infinite",
            expected="finite numbers",
            seen=repr(formula),
        )


def _read(formula: str, table: pd.DataFrame):  # type: ignore[no-untyped-def]
    try:
        return ols(formula, table, missing="drop")
    except Exception as error:  # the two libraries that read formulas raise many kinds
        raise ArgumentError(
            "The formula cannot be read with this table",
            expected=f"a formula such as 'y ~ x' of the columns {shown(table.columns)}",
            seen=f"{formula!r}: {(str(error) or repr(error)).splitlines()[0][:200]}",
            todo="write a column whose name is no single word as Q('its name')",
        ) from error


def _positive(weights: pd.Series, column: str) -> np.ndarray:
    values = weights.to_numpy(dtype=float)
    good = (values > 0) & np.isfinite(values)
    if not good.all():
        raise ArgumentError(
            "A weight must be positive",
            expected="numbers above 0",
            seen=shown(values[~good].tolist()),
            column=column,
            todo="leave out the rows that should not count",
        )
    return values
