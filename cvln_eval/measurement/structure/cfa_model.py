"""A linear factor model as matrices of which some cells are free, and the moments it implies.

Items are y = intercepts + loadings f + e, with factor means and covariances and residual
covariances. Cells that carry one label are one parameter, so equality over waves is one label.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

__all__ = ["FactorModel", "Matrices", "model_of"]


@dataclass(frozen=True, slots=True)
class Matrices:
    """The five matrices of a factor model: of numbers, of labels, or of parameters' places.

    Attributes
    ----------
    loadings : ndarray, shape (n_items, n_factors)
    factor_cov : ndarray, shape (n_factors, n_factors)
    residual_cov : ndarray, shape (n_items, n_items)
    intercepts : ndarray, shape (n_items,)
    factor_means : ndarray, shape (n_factors,)
    """

    loadings: np.ndarray
    factor_cov: np.ndarray
    residual_cov: np.ndarray
    intercepts: np.ndarray
    factor_means: np.ndarray

    def all(self) -> list[np.ndarray]:
        """Return the five in order."""
        return [getattr(self, field.name) for field in fields(self)]

    def mean(self) -> np.ndarray:
        """Return the implied means of the items, intercepts + loadings times factor means."""
        return np.asarray(self.intercepts + self.loadings @ self.factor_means)

    def cov(self) -> np.ndarray:
        """Return the implied covariances of the items, L F L' + residual covariances."""
        return np.asarray(self.loadings @ self.factor_cov @ self.loadings.T + self.residual_cov)


@dataclass(frozen=True, slots=True)
class FactorModel:
    """Which cells are free; see `model_of`.

    Attributes
    ----------
    base : Matrices
        Values of the cells that are fixed, and start values of those that are free.
    at : Matrices
        Place of each cell's parameter, -1 where the cell is fixed.
    names : tuple of str
        Labels of the parameters.
    """

    base: Matrices
    at: Matrices
    names: tuple[str, ...]

    def matrices(self, theta: np.ndarray) -> Matrices:
        """Return the matrices with the parameters put in."""
        pairs = zip(self.base.all(), self.at.all(), strict=True)
        return Matrices(*[np.where(at >= 0, theta[at], base) for base, at in pairs])

    def read(self, matrices: Matrices) -> np.ndarray:
        """Return the parameters that matrices hold, the mean over the cells of a parameter."""
        at = np.concatenate([cells.ravel() for cells in self.at.all()])
        values = np.concatenate([cells.ravel() for cells in matrices.all()])
        free = at >= 0
        total = np.bincount(at[free], values[free], minlength=len(self.names))
        return np.asarray(total / np.bincount(at[free], minlength=len(self.names)))

    def jacobian(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return d mean (n_free, n_items) and d cov (n_free, n_items, n_items)."""
        now = self.matrices(theta)
        q, p = len(self.names), len(now.intercepts)
        d_mean, d_cov = np.zeros((q, p)), np.zeros((q, p, p))
        to_factors = (now.loadings @ now.factor_cov).T
        k, row, col = _free(self.at.loadings)
        np.add.at(d_mean, (k, row), now.factor_means[col])
        np.add.at(d_cov, (k, row), to_factors[col])
        np.add.at(d_cov.transpose(0, 2, 1), (k, row), to_factors[col])
        k, row, col = _free(self.at.factor_cov)
        ends = now.loadings.T
        np.add.at(d_cov, k, ends[row][:, :, None] * ends[col][:, None, :])
        k, row, col = _free(self.at.residual_cov)
        np.add.at(d_cov, (k, row, col), 1.0)
        k, row = _free(self.at.intercepts)
        np.add.at(d_mean, (k, row), 1.0)
        k, col = _free(self.at.factor_means)
        np.add.at(d_mean, k, ends[col])
        return d_mean, d_cov


def _free(at: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the parameter and the place of each free cell."""
    places = np.nonzero(at >= 0)
    return at[places], *places


def model_of(base: Matrices, labels: Matrices) -> FactorModel:
    """Return the model in which cells of one label are one parameter.

    Parameters
    ----------
    base : Matrices
        Fixed values, and start values of what is free.
    labels : Matrices
        Text: "" where a cell is fixed. Symmetric matrices carry a label in both halves.

    Returns
    -------
    FactorModel
    """
    names = dict.fromkeys(str(label) for cells in labels.all() for label in cells.ravel() if label)
    place = {name: i for i, name in enumerate(names)} | {"": -1}
    at = [
        np.array([place[str(label)] for label in cells.ravel()], dtype=int).reshape(cells.shape)
        for cells in labels.all()
    ]
    return FactorModel(base, Matrices(*at), tuple(names))
