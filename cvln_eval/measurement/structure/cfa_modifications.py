"""What a factor model leaves out: score tests of cells that it fixes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from cvln_eval.measurement.structure.cfa_fit import SINGULAR, Fit, expected_information, score_of
from cvln_eval.measurement.structure.cfa_model import FactorModel, Matrices, model_of
from cvln_eval.measurement.structure.cfa_sample import Sample

__all__ = ["modification_table", "score_statistic"]

MODIFICATION_COLUMNS = ("parameter", "statistic", "df", "p_value", "expected_change", "reason")


def modification_table(
    fit: Fit, sample: Sample, *, items: Sequence[str], factors: Sequence[str]
) -> pd.DataFrame:
    """Return one row a loading or residual covariance that the model fixes at 0, worst first.

    The modification index is the score test g^2 / V of the cell, with V its information given
    the free parameters; the expected change is g / V (Sorbom, 1989).
    """
    if fit.reason:
        return pd.DataFrame(columns=list(MODIFICATION_COLUMNS))
    wider = _with_all_cells(fit.model, fit.matrices, items, factors)
    theta = wider.read(fit.matrices)
    score = score_of(wider, theta, sample)
    information = expected_information(wider, theta, sample)
    known = [wider.names.index(name) for name in fit.model.names]
    rows = [
        (name, *_test_of(score[at], information, at, known))
        for at, name in enumerate(wider.names)
        if at not in known
    ]
    table = pd.DataFrame(rows, columns=list(MODIFICATION_COLUMNS))
    return table.sort_values("statistic", ascending=False, ignore_index=True)


def _test_of(
    score: float, information: np.ndarray, at: int, known: list[int]
) -> tuple[float, int, float, float, str]:
    across, whole = information[at, known], information[at, at]
    left = whole - across @ np.linalg.solve(information[np.ix_(known, known)], across)
    if left < SINGULAR * whole:
        return np.nan, 1, np.nan, np.nan, "not identified beside the free parameters"
    index = score**2 / left
    return index, 1, float(chi2.sf(index, 1)), score / left, ""


def _with_all_cells(
    model: FactorModel, now: Matrices, items: Sequence[str], factors: Sequence[str]
) -> FactorModel:
    """Return the model with all loadings and residual covariances free."""
    labels = [
        np.array([model.names[k] if k >= 0 else "" for k in at.ravel()], dtype=object)
        for at in model.at.all()
    ]
    at = [cells.reshape(place.shape) for cells, place in zip(labels, model.at.all(), strict=True)]
    loadings, residuals = at[0].copy(), at[2].copy()
    for row, col in np.argwhere(loadings == ""):
        loadings[row, col] = f"{factors[col]} =~ {items[row]}"
    for row, col in np.argwhere(residuals == ""):
        first, second = min(row, col), max(row, col)
        residuals[row, col] = f"{items[first]} ~~ {items[second]}"
    return model_of(now, Matrices(loadings, at[1], residuals, at[3], at[4]))


def score_statistic(wider: FactorModel, fit: Fit, sample: Sample) -> tuple[float, int]:
    """Return the score test of a model within a wider one, g' I^-1 g, and its degrees of freedom.

    The gradient and the information are those of the wider model at the maximum of the narrower.
    """
    theta = wider.read(fit.matrices)
    score = score_of(wider, theta, sample)
    information = expected_information(wider, theta, sample)
    return float(score @ np.linalg.solve(information, score)), len(theta) - fit.n_free
