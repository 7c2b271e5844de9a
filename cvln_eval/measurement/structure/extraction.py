"""Common factors of a correlation matrix: uniquenesses, and the loadings that go with them."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

__all__ = ["EDGE_OF_HEYWOOD", "extract", "ml_discrepancy"]

# A uniqueness that reaches this bound is a Heywood case.
EDGE_OF_HEYWOOD = 0.005
MOST_STEPS = 2000
SETTLED = 1e-7


def extract(
    correlations: np.ndarray, n_factors: int, method: str
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return unrotated loadings, uniquenesses, and whether the search settled.

    Parameters
    ----------
    correlations : ndarray, shape (n_items, n_items)
        Positive definite for maximum likelihood.
    n_factors : int
        Number of factors.
    method : {"minres", "ml", "pa"}
        Least squares or maximum likelihood over uniquenesses, or principal axes repeated.
    """
    start = _start(correlations)
    if method == "pa":
        return _principal_axes(correlations, n_factors, start)
    value = {"minres": _least_squares, "ml": _likelihood}[method]
    found = minimize(
        value,
        start,
        args=(correlations, n_factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(EDGE_OF_HEYWOOD, 1.0)] * len(start),
        options={"maxiter": MOST_STEPS, "ftol": 1e-15, "gtol": 1e-9},
    )
    scale = np.sqrt(found.x) if method == "ml" else np.ones(len(start))
    loadings = _loadings(correlations, found.x, n_factors, scale)
    return loadings, found.x, bool(_slope_left(found.x, found.jac) < 1e-4)


def ml_discrepancy(correlations: np.ndarray, implied: np.ndarray) -> float:
    """Return F = ln|S| - ln|R| + tr(R S^-1) - p, of the implied S and the observed R."""
    _, ln_implied = np.linalg.slogdet(implied)
    _, ln_observed = np.linalg.slogdet(correlations)
    fitted = np.trace(np.linalg.solve(implied, correlations))
    return float(ln_implied - ln_observed + fitted - len(correlations))


def _start(correlations: np.ndarray) -> np.ndarray:
    """Return one less the squared multiple correlations, or a half where there are none."""
    if np.linalg.eigvalsh(correlations)[0] <= 1e-10:
        return np.full(len(correlations), 0.5)
    return np.clip(1 / np.diag(np.linalg.inv(correlations)), EDGE_OF_HEYWOOD, 1.0)


def _slope_left(uniquenesses: np.ndarray, slope: np.ndarray) -> float:
    """Return the steepest slope that a bound does not stop."""
    held = (uniquenesses <= EDGE_OF_HEYWOOD) & (slope > 0) | (uniquenesses >= 1) & (slope < 0)
    return float(np.abs(np.where(held, 0.0, slope)).max())


def _axes(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    roots, vectors = np.linalg.eigh(matrix)
    return roots[::-1], vectors[:, ::-1]


def _loadings(
    correlations: np.ndarray, uniquenesses: np.ndarray, n_factors: int, scale: np.ndarray
) -> np.ndarray:
    """Return the loadings that fit best for given uniquenesses, items scaled by `scale`."""
    reduced = (correlations - np.diag(uniquenesses)) / np.outer(scale, scale)
    roots, vectors = _axes(reduced)
    length = np.sqrt(np.maximum(roots[:n_factors], 0.0))
    return np.asarray(scale[:, None] * vectors[:, :n_factors] * length)


def _least_squares(
    uniquenesses: np.ndarray, correlations: np.ndarray, n_factors: int
) -> tuple[float, np.ndarray]:
    """Return half the squared roots that the factors leave over, and its slope."""
    roots, vectors = _axes(correlations - np.diag(uniquenesses))
    left, along = roots[n_factors:], vectors[:, n_factors:]
    return float((left**2).sum() / 2), -(along**2 @ left)


def _likelihood(
    uniquenesses: np.ndarray, correlations: np.ndarray, n_factors: int
) -> tuple[float, np.ndarray]:
    """Return the discrepancy of maximum likelihood at the best loadings, and its slope."""
    scale = np.sqrt(uniquenesses)
    roots, vectors = _axes(correlations / np.outer(scale, scale))
    left = np.maximum(roots[n_factors:], 1e-12)
    along = vectors[:, n_factors:]
    return float((left - 1 - np.log(left)).sum()), along**2 @ (1 - left) / uniquenesses


def _principal_axes(
    correlations: np.ndarray, n_factors: int, uniquenesses: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    one = np.ones(len(correlations))
    for _ in range(MOST_STEPS):
        loadings = _loadings(correlations, uniquenesses, n_factors, one)
        after = np.clip(1 - (loadings**2).sum(axis=1), EDGE_OF_HEYWOOD, 1.0)
        moved, uniquenesses = np.abs(after - uniquenesses).max(), after
        if moved < SETTLED:
            return loadings, uniquenesses, True
    return loadings, uniquenesses, False
