"""Least squares whose tests exchange what people's other values leave: the arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.sample import within
from cvln_eval.resampling import resample
from cvln_eval.resampling.counting import ROUNDING, TIE_TOLERANCE

__all__ = ["LeastSquares", "least_squares", "n_as_extreme"]

FULL_RANK = 1e-10
# A residual sum of squares that is a smaller share of the outcome's than this is rounding.
EXACT_FIT = 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """One regression, block means taken out of outcome and regressors.

    Attributes
    ----------
    y : ndarray, shape (n,)
        Outcome within blocks.
    x : ndarray, shape (n, k)
        Regressors within blocks.
    basis : ndarray, shape (n, k)
        Orthonormal columns that span them.
    partial : ndarray, shape (n, k)
        Each regressor's residual on the others.
    coefficients, residual : ndarray
        Shapes (k,) and (n,).
    df : int
        Residual degrees of freedom: people minus regressors minus blocks.
    """

    y: np.ndarray
    x: np.ndarray
    basis: np.ndarray
    partial: np.ndarray
    coefficients: np.ndarray
    residual: np.ndarray
    df: int

    @property
    def rss(self) -> float:
        """Residual sum of squares."""
        return float(self.residual @ self.residual)

    @property
    def std_errors(self) -> np.ndarray:
        """Standard errors of least squares, shape (k,)."""
        variance = self.rss / self.df if self.df else np.nan
        return np.asarray(np.sqrt(variance / (self.partial**2).sum(axis=0)))

    def exchanged(self, method: str) -> np.ndarray:
        """Return what is exchanged, shape (n, k + 1): for each coefficient, and for all at once.

        By Freedman and Lane that is the residual of the outcome on the other regressors; by "y"
        it is the outcome. For all coefficients at once it is the outcome.
        """
        if method == "y":
            return np.tile(self.y[:, None], len(self.coefficients) + 1)
        reduced = self.residual[:, None] + self.partial * self.coefficients
        return np.column_stack([reduced, self.y])


def least_squares(y: np.ndarray, x: np.ndarray, blocks: np.ndarray) -> LeastSquares | None:
    """Return the regression, None where the regressors determine each other."""
    y, x = within(y, blocks), within(x, blocks)
    length = np.sqrt((x**2).sum(axis=0))
    if len(y) < x.shape[1] or not (length > 0).all():
        return None
    basis, triangle = np.linalg.qr(x / length)
    if np.abs(np.diag(triangle)).min() < FULL_RANK:
        return None
    # Rows of the pseudo-inverse: what of a regressor the others do not have, by its sum of squares.
    inverse = (basis @ np.linalg.inv(triangle).T) / length
    coefficients = inverse.T @ y
    residual = y - x @ coefficients
    if residual @ residual <= EXACT_FIT * (y @ y):
        residual = np.zeros_like(y)
    return LeastSquares(
        y=y,
        x=x,
        basis=basis,
        partial=inverse / (inverse**2).sum(axis=0),
        coefficients=coefficients,
        residual=residual,
        df=len(y) - x.shape[1] - len(np.unique(blocks)),
    )


def n_as_extreme(
    fit: LeastSquares, exchange: Exchange, method: str, rng: int | np.random.Generator
) -> np.ndarray:
    """Return how many arrangements have a t (last: an F) at least as great, shape (k + 1,)."""
    values = fit.exchanged(method)
    if exchange.enumerated:
        parts = [_extreme(order, fit, values) for order in exchange.listed()]
        return np.asarray(np.concatenate(parts).sum(axis=0))
    arrays = (exchange, fit, values)
    return np.asarray(resample(_drawn, exchange.n_draws, arrays=arrays, rng=rng).sum(axis=0))


def _extreme(order: np.ndarray, fit: LeastSquares, values: np.ndarray) -> np.ndarray:
    """Return which arrangements are as extreme; t is multiplied out, as its error may be nought."""
    k = len(fit.coefficients)
    extreme = np.empty((len(order), k + 1), dtype=bool)
    for j in range(k + 1):
        moved = values[order, j]
        explained = ((moved @ fit.basis) ** 2).sum(axis=1)
        total = values[:, j] @ values[:, j]
        if j == k:
            extreme[:, j] = _reaches(explained, fit.y @ fit.y - fit.rss, total)
        else:
            size = (moved @ fit.partial[:, j]) ** 2 / (fit.partial[:, j] @ fit.partial[:, j])
            observed = (fit.y @ fit.partial[:, j]) ** 2 / (fit.partial[:, j] @ fit.partial[:, j])
            left = np.maximum(total - explained, 0.0)
            extreme[:, j] = _reaches(size * fit.rss, observed * left, total**2)
    return extreme


def _reaches(found: np.ndarray, observed: np.ndarray | float, most: float) -> np.ndarray:
    return np.asarray(found >= observed - (TIE_TOLERANCE * np.abs(observed) + ROUNDING * most))


def _drawn(
    size: int,
    stream: np.random.Generator,
    exchange: Exchange,
    fit: LeastSquares,
    values: np.ndarray,
) -> np.ndarray:
    return _extreme(exchange.drawn(size, stream), fit, values)
