"""Mean squares of ratings crossed by unit and rater, complete or with ratings missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, optimize

__all__ = ["MeanSquares", "additive", "balanced_squares", "components", "unbalanced_squares"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of n units by k raters."""

    units: float
    within: float
    raters: float
    residual: float
    n: int
    k: int


def balanced_squares(values: Array) -> MeanSquares:
    """Return the mean squares of a complete table by analysis of variance."""
    n, k = values.shape
    by_unit, by_rater, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    residual = values - by_unit[:, None] - by_rater + mean
    return MeanSquares(
        units=float(k * np.sum((by_unit - mean) ** 2) / (n - 1)),
        within=float(np.sum((values - by_unit[:, None]) ** 2) / (n * (k - 1))),
        raters=float(n * np.sum((by_rater - mean) ** 2) / (k - 1)),
        residual=float(np.sum(residual**2) / ((n - 1) * (k - 1))),
        n=n,
        k=k,
    )


def components(squares: MeanSquares) -> tuple[float, float, float]:
    """Return the variances of units, raters and residual; the first two may be negative."""
    units = (squares.units - squares.residual) / squares.k
    return units, (squares.raters - squares.residual) / squares.n, squares.residual


def unbalanced_squares(
    values: Array, start: tuple[float, float] = (1.0, 1.0)
) -> tuple[MeanSquares, tuple[float, float]]:
    """Return the mean squares that complete ratings with the same variances would have.

    The variances are those of restricted maximum likelihood (Patterson & Thompson, 1971), for
    score = mean + unit + rater + residual; none is negative.

    Parameters
    ----------
    values : ndarray
        nan where there is no rating.
    start : tuple of float
        Standard deviations of units and raters relative to the residual's, to start from.

    Returns
    -------
    tuple
        The mean squares, and the relative standard deviations that were found.
    """
    design = _Design(values)
    found = optimize.minimize(
        lambda theta: design.deviance(theta)[0],
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 2000},
    )
    theta = np.abs(found.x)
    residual = design.deviance(theta)[1]
    units, raters = (float(part) for part in theta**2 * residual)
    n, k = values.shape
    squares = MeanSquares(
        k * units + residual, raters + residual, n * raters + residual, residual, n, k
    )
    return squares, (float(theta[0]), float(theta[1]))


def additive(values: Array) -> bool:
    """Return whether units and raters explain every score, but differ in their scores."""
    rated = ~np.isnan(values)
    away = (values - np.nanmean(values, axis=1, keepdims=True))[rated]
    by_unit = rated / rated.sum(axis=1, keepdims=True)
    unit, rater = np.nonzero(rated)
    effects = np.eye(values.shape[1])[rater] - by_unit[unit]
    left = away - effects @ np.linalg.lstsq(effects, away, rcond=None)[0]
    scale = float(np.nanvar(values)) * len(away)
    return bool(np.sum(away**2) > 1e-12 * scale > np.sum(left**2))


class _Design:
    """The sums over ratings that the likelihood needs, so that one evaluation is cheap.

    V / residual = I + Z L L' Z' with one column of Z a unit and one a rater; the block of units
    is diagonal and is eliminated, which leaves a matrix as large as there are raters.
    """

    def __init__(self, values: Array) -> None:
        self.rated = (~np.isnan(values)).astype(float)
        self.n_ratings = float(self.rated.sum())
        y = np.where(self.rated > 0, values, 0.0)
        stacked = np.stack([self.rated, y])
        self.by_unit = stacked.sum(axis=2).T  # (n, 2): number and sum of each unit's ratings
        self.by_rater = stacked.sum(axis=1).T
        self.products = np.einsum("anr,bnr->ab", stacked, stacked)

    def deviance(self, theta: Array) -> tuple[float, float]:
        """Return the restricted deviance, but for a constant, and the residual variance."""
        unit, rater = theta[0] ** 2, abs(theta[1])
        diagonal = 1 + unit * self.by_unit[:, 0]
        scaled = self.rated / diagonal[:, None]
        left = np.diag(1 + rater**2 * self.by_rater[:, 0])
        left -= unit * rater**2 * (self.rated.T @ scaled)
        factor = np.linalg.cholesky(left)
        across = rater * (self.by_rater - unit * (scaled.T @ self.by_unit))
        half = linalg.solve_triangular(factor, across, lower=True)
        kept = self.products - half.T @ half
        kept -= unit * (self.by_unit.T @ (self.by_unit / diagonal[:, None]))
        squares = max(kept[1, 1] - kept[0, 1] ** 2 / kept[0, 0], 1e-300)
        df = self.n_ratings - 1
        log_det = np.log(diagonal).sum() + 2 * np.log(np.diag(factor)).sum()
        return float(log_det + np.log(kept[0, 0]) + df * np.log(squares)), float(squares / df)
