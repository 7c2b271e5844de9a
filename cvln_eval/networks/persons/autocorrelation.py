"""Maximum likelihood of network autocorrelation in the outcome or in the disturbances: arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

__all__ = ["Autocorrelated", "Weighted", "autocorrelated", "weighted"]

# I - rho W has an inverse for all rho between -1 and 1, because no row of W sums to more than 1.
EDGE = 1 - 1e-6
GRID = 401
# A sum of squares that is a smaller share of the outcome's than this is nought.
EXACT_FIT = 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Outcome, regressors and row-normalised weights, with what the likelihood needs of them."""

    y: np.ndarray
    x: np.ndarray
    weights: np.ndarray
    eigenvalues: np.ndarray
    model: str

    def filtered(self, rho: float) -> tuple[np.ndarray, np.ndarray]:
        """Return outcome and regressors that are independent if this is rho."""
        y = self.y - rho * (self.weights @ self.y)
        return y, self.x if self.model == "lag" else self.x - rho * (self.weights @ self.x)

    def fitted(self, rho: float) -> tuple[np.ndarray, float]:
        """Return coefficients and variance that are most likely for this rho."""
        y, x = self.filtered(rho)
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        left = y - x @ beta
        return beta, float(left @ left) / len(y)

    def log_likelihood(self, rho: float) -> float:
        """Return the log-likelihood at this rho and what is most likely with it."""
        variance = self.fitted(rho)[1]
        n = len(self.y)
        if variance <= EXACT_FIT * (self.y @ self.y) / n:
            return math.inf
        log_determinant = float(np.log(np.abs(1 - rho * self.eigenvalues)).sum())
        return -n / 2 * (math.log(2 * math.pi * variance) + 1) + log_determinant


@dataclass(frozen=True, slots=True, eq=False)
class Autocorrelated:
    """A fit: rho, coefficients, their standard errors, and the interval of rho."""

    rho: float
    beta: np.ndarray
    std_errors: np.ndarray
    rho_low: float
    rho_high: float
    log_likelihood: float
    ratio: float
    at_edge: bool


def weighted(y: np.ndarray, x: np.ndarray, weights: np.ndarray, *, model: str) -> Weighted:
    """Return the arrays of a model; rows of `weights` are divided by their sums."""
    sums = weights.sum(axis=1, keepdims=True)
    normalised = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    return Weighted(y, x, normalised, np.linalg.eigvals(normalised), model)


def autocorrelated(given: Weighted, *, conf_level: float) -> Autocorrelated | None:
    """Return the fit, None where nothing is left of the outcome."""
    grid = np.linspace(-EDGE, EDGE, GRID)
    values = np.array([given.log_likelihood(rho) for rho in grid])
    if not np.isfinite(values).all():
        return None
    best = int(values.argmax())
    at_edge = best in (0, GRID - 1)
    rho = float(grid[best]) if at_edge else _highest(given.log_likelihood, grid, best)
    beta, variance = given.fitted(rho)
    top = given.log_likelihood(rho)
    low, high = _profile(given.log_likelihood, rho, top - stats.chi2.isf(1 - conf_level, 1) / 2)
    errors = _std_errors(given, rho, beta, variance)
    ratio = max(2 * (top - given.log_likelihood(0.0)), 0.0)
    return Autocorrelated(rho, beta, errors, low, high, top, ratio, at_edge)


def _highest(likelihood: Callable[[float], float], grid: np.ndarray, best: int) -> float:
    found = optimize.minimize_scalar(
        lambda rho: -likelihood(rho),
        bounds=(grid[best - 1], grid[best + 1]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(found.x)


def _profile(likelihood: Callable[[float], float], rho: float, floor: float) -> tuple[float, float]:
    """Return where the log-likelihood falls to `floor` on both sides, or the edge."""

    def above(value: float) -> float:
        return likelihood(value) - floor

    ends = []
    for edge in (-EDGE, EDGE):
        falls = abs(edge - rho) > 1e-9 and above(edge) < 0
        ends.append(float(optimize.brentq(above, rho, edge)) if falls else math.copysign(1.0, edge))
    return ends[0], ends[1]


def _std_errors(given: Weighted, rho: float, beta: np.ndarray, variance: float) -> np.ndarray:
    """Return standard errors of rho and of the coefficients, from the expected information."""
    n, k = given.x.shape
    passed = np.linalg.solve((np.eye(n) - rho * given.weights).T, given.weights.T).T
    information = np.zeros((k + 2, k + 2))
    x = given.filtered(rho)[1]
    information[2:, 2:] = x.T @ x / variance
    information[0, 0] = np.trace(passed @ passed) + (passed**2).sum()
    information[0, 1] = information[1, 0] = np.trace(passed) / variance
    information[1, 1] = n / (2 * variance**2)
    if given.model == "lag":
        reached = passed @ (given.x @ beta)
        information[0, 0] += reached @ reached / variance
        information[0, 2:] = information[2:, 0] = given.x.T @ reached / variance
    # Scaled first: variances are of another size than coefficients.
    size = np.sqrt(np.diag(information))
    covariance = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return np.delete(errors, 1)
