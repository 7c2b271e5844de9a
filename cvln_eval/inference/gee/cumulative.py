"""Cumulative logits of ordered categories, written as a least squares problem of variance one.

Each row becomes one indicator "at least this category" for each cut between categories. Divided by
the root of their covariance under the working model, indicators and derivatives are a regression
with independent errors of variance one, which is where cluster-robust variances start from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Cumulative", "Whitened", "indicators", "start", "whitened"]


@dataclass(frozen=True, slots=True, eq=False)
class Cumulative:
    """Indicators and regressors of n rows with c cuts.

    Attributes
    ----------
    reached : ndarray
        Whether the row's category is at or above each cut, shape (n, c).
    x : ndarray
        Regressors without a constant, shape (n, k).
    codes : ndarray
        Cluster of each row, shape (n,).
    """

    reached: np.ndarray
    x: np.ndarray
    codes: np.ndarray

    @property
    def n_cuts(self) -> int:
        """Number of cuts between categories."""
        return int(self.reached.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Whitened:
    """The model at some coefficients, as a regression with errors of variance one.

    Attributes
    ----------
    derivative : ndarray
        Shape (n * cuts, cuts + k).
    residual : ndarray
        Shape (n * cuts,).
    """

    derivative: np.ndarray
    residual: np.ndarray


def indicators(categories: np.ndarray, n_categories: int) -> np.ndarray:
    """Return for each row whether its category, 0 to K - 1, is at or above each of K - 1 cuts."""
    return (categories[:, None] >= np.arange(1, n_categories)).astype(float)


def start(model: Cumulative) -> np.ndarray:
    """Return coefficients under which no regressor matters."""
    share = model.reached.mean(axis=0)
    return np.concatenate([np.log(share / (1 - share)), np.zeros(model.x.shape[1])])


def whitened(model: Cumulative, beta: np.ndarray, correlation: float) -> Whitened | None:
    """Return the regression at these coefficients; None where no category order is left.

    With one cut, rows of a cluster may share a working correlation.
    """
    cuts, slopes = beta[: model.n_cuts], beta[model.n_cuts :]
    share = 1 / (1 + np.exp(-(cuts + (model.x @ slopes)[:, None])))
    # Of two cuts the higher one is reached more seldom: min(P_j, P_k) (1 - max(P_j, P_k)).
    covariance = np.minimum(share[:, :, None], share[:, None, :]) * (
        1 - np.maximum(share[:, :, None], share[:, None, :])
    )
    try:
        root = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return None
    derivative = np.linalg.solve(root, _derivative(model, share))
    residual = np.linalg.solve(root, (model.reached - share)[:, :, None])
    if model.n_cuts == 1 and correlation:
        derivative = _decorrelated(derivative, model.codes, correlation)
        residual = _decorrelated(residual, model.codes, correlation)
    return Whitened(derivative.reshape(-1, derivative.shape[2]), residual.ravel())


def _derivative(model: Cumulative, share: np.ndarray) -> np.ndarray:
    n, n_cuts = share.shape
    own_cut = np.broadcast_to(np.eye(n_cuts), (n, n_cuts, n_cuts))
    alike = np.broadcast_to(model.x[:, None, :], (n, n_cuts, model.x.shape[1]))
    slope = (share * (1 - share))[:, :, None]
    return np.asarray(slope * np.concatenate([own_cut, alike], axis=2))


def _decorrelated(rows: np.ndarray, codes: np.ndarray, correlation: float) -> np.ndarray:
    """Multiply by the inverse root of a matrix with ones and one correlation in each cluster."""
    size = np.bincount(codes).astype(float)
    sums = np.zeros((len(size), *rows.shape[1:]))
    np.add.at(sums, codes, rows)
    mean = (sums / size[:, None, None])[codes]
    along = np.sqrt(1 + (size - 1) * correlation)[codes][:, None, None]
    return np.asarray((rows - mean) / np.sqrt(1 - correlation) + mean / along)
