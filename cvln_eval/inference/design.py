"""Outcome, regressors and clusters of one regression, as arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.formula.api import ols

from cvln_eval.errors import ArgumentError, shown
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
        Such as ``"change ~ coaching_visits"``.
    cluster : str
        Column that names the cluster of each row; must not be missing.
    weights : str, optional
        Column with positive weights.

    Returns
    -------
    ClusterDesign
        Of the rows that are complete. Where none is, it has no rows and no terms, because what
        the terms are depends on the values.

    Raises
    ------
    ArgumentError
        If a column is not there, the formula cannot be read, a cluster is missing or a weight is
        not a positive number.
    """
    named = [cluster] if weights is None else [cluster, weights]
    need_columns(table, named, table="observations")
    refuse_missing(table, [cluster], what="cluster")
    numbered = table.reset_index(drop=True)
    usable = numbered if weights is None else numbered[numbered[weights].notna()]
    if _none_complete(formula, usable):
        return _without_rows(formula, len(table), weights)
    model = _read(formula, usable)
    rows = np.asarray(model.data.row_labels, dtype=int)
    codes, clusters = pd.factorize(numbered.loc[rows, cluster].astype(str), sort=True)
    return ClusterDesign(
        outcome=str(model.endog_names),
        y=np.asarray(model.endog, dtype=float),
        x=np.asarray(model.exog, dtype=float),
        terms=tuple(model.exog_names),
        codes=codes,
        clusters=tuple(clusters),
        weights=None if weights is None else _positive(numbered.loc[rows, weights], weights),
        rows=rows,
        n_left_out=len(table) - len(rows),
    )


def _none_complete(formula: str, table: pd.DataFrame) -> bool:
    """Tell whether every row lacks a column that the formula names as it is."""
    parts = {part.strip() for part in re.split(r"[~+*:]", formula)}
    named = [column for column in table.columns if column in parts]
    return not len(table[named].dropna())


def _without_rows(formula: str, n_left_out: int, weights: str | None) -> ClusterDesign:
    none = np.empty(0)
    return ClusterDesign(
        outcome=formula.split("~")[0].strip(),
        y=none,
        x=none.reshape(0, 0),
        terms=(),
        codes=none.astype(int),
        clusters=(),
        weights=None if weights is None else none,
        rows=none.astype(int),
        n_left_out=n_left_out,
    )


def _read(formula: str, table: pd.DataFrame):  # type: ignore[no-untyped-def]
    try:
        return ols(formula, table, missing="drop")
    except Exception as error:  # the two libraries that read formulas raise many kinds
        raise ArgumentError(
            "The formula cannot be read with this table",
            expected=f"a formula such as 'y ~ x' of the columns {shown(table.columns)}",
            seen=f"{formula!r}: {str(error).splitlines()[0][:200]}",
        ) from error


def _positive(weights: pd.Series, column: str) -> np.ndarray:
    values = weights.to_numpy(dtype=float)
    good = (values > 0) & np.isfinite(values)
    if not good.all():
        raise ArgumentError(
            "A weight must be positive",
            expected="numbers above 0",
            seen=shown(values[~good]),
            column=column,
            todo="leave out the rows that should not count",
        )
    return values
