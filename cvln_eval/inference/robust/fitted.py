"""The arrays of a regression that statsmodels has fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS, WLS

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import cluster_codes
from cvln_eval.inference.design import ClusterDesign

__all__ = ["design_of"]


def design_of(result: Any, clusters: Any) -> tuple[ClusterDesign, str]:
    """Return the design of a fitted OLS or WLS with its clusters, and what these are called."""
    model: Any = getattr(result, "model", None)
    if type(model) not in (OLS, WLS):
        raise ArgumentError(
            "Only ordinary and weighted least squares have this variance",
            expected="the result of statsmodels' OLS or WLS",
            seen=type(result if model is None else model).__name__,
        )
    left_out = np.array(getattr(model.data, "missing_row_idx", None) or [], dtype=int)
    of_rows = _aligned(clusters, model, left_out)
    codes, names = cluster_codes(of_rows)
    design = ClusterDesign(
        outcome=str(model.endog_names),
        y=np.asarray(model.endog, dtype=float),
        x=np.asarray(model.exog, dtype=float).reshape(len(codes), -1),
        terms=tuple(map(str, model.exog_names)),
        codes=codes,
        clusters=tuple(names),
        weights=np.asarray(model.weights, dtype=float) if type(model) is WLS else None,
        rows=np.setdiff1d(np.arange(len(codes) + len(left_out)), left_out),
        n_left_out=len(left_out),
    )
    name = clusters.name if isinstance(clusters, pd.Series) else None
    return design, "cluster" if name is None else str(name)


def _aligned(clusters: Any, model: Any, left_out: np.ndarray) -> pd.Series:
    """Return the cluster of each row of the model, which may have left out rows of the data."""
    labels = model.data.row_labels
    if not isinstance(clusters, pd.Series) and np.ndim(clusters) != 1:
        raise ArgumentError(
            "Clusters are one name a row",
            expected="a column of the table that the model was fitted to, such as table['team_id']",
            seen=f"a {type(clusters).__name__} of {np.ndim(clusters)} dimensions",
        )
    if not isinstance(clusters, pd.Series):
        clusters, labels = pd.Series(np.asarray(clusters)), None
    of_rows = _by_place(clusters, len(model.endog), left_out)
    if labels is not None and not (of_rows is not None and of_rows.index.equals(labels)):
        of_rows = _by_label(clusters, labels)
    if of_rows is None:
        raise ArgumentError(
            "The clusters do not fit the rows of the model",
            expected=f"{len(model.endog)} clusters, or {len(model.endog) + len(left_out)} with the "
            "rows left out, and the index of the data if they are a Series",
            seen=f"{len(clusters)} with index {shown(clusters.index)}",
            todo="pass the column of the table that the model was fitted to",
        )
    if of_rows.isna().any():
        raise ArgumentError(
            "A row of the model has no cluster",
            expected="a cluster for every row that the model uses",
            seen=f"none in rows with index {shown(of_rows.index[of_rows.isna()])}",
        )
    return of_rows


def _by_place(clusters: pd.Series, n: int, left_out: np.ndarray) -> pd.Series | None:
    if len(clusters) == n:
        return clusters
    if len(clusters) == n + len(left_out):
        return clusters.iloc[np.setdiff1d(np.arange(len(clusters)), left_out)]
    return None


def _by_label(clusters: pd.Series, labels: pd.Index) -> pd.Series | None:
    if clusters.index.is_unique and labels.isin(clusters.index).all():
        return clusters.loc[labels]
    return None
