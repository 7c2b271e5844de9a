"""Common factors of a correlation matrix: minres, direct quartimin, Schmid-Leiman.

They stand here for omega, which needs one factor in thousands of resamples at once and the same
group factors, from the same start, in each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

__all__ = ["SchmidLeiman", "minres_communalities", "one_factor", "schmid_leiman"]

# A unique variance of no less: items are never without error.
LEAST_UNIQUE = 0.005
SWEEPS = 2000
SETTLED = 1e-9
ROTATIONS = 500
STEEP = 1e-6


def one_factor(r: np.ndarray) -> np.ndarray:
    """Return loadings on one factor that leave the least squares off the diagonal.

    Each loading in turn is set to its best value given the others,
    l_i = sum_{j != i} r_ij l_j / sum_{j != i} l_j^2, which is minres for one factor (Harman &
    Jones, 1966). All matrices of a stack are done at once.

    Parameters
    ----------
    r : ndarray, shape (..., k, k)
        Correlations, k at least 3; nan gives nan.

    Returns
    -------
    ndarray, shape (..., k)
        Loadings that sum to 0 or more.
    """
    usable = np.isfinite(r).all(axis=(-2, -1))
    plain = np.where(usable[..., None, None], r, np.eye(r.shape[-1]))
    off = plain * (1 - np.eye(r.shape[-1]))
    loadings = _first_component(plain)
    for _ in range(SWEEPS):
        before = loadings.copy()
        _sweep(off, loadings)
        if np.abs(loadings - before).max(initial=0.0) < SETTLED:
            break
    found = loadings * np.where(loadings.sum(axis=-1, keepdims=True) < 0, -1, 1)
    return np.where(usable[..., None], found, np.nan)


def _first_component(r: np.ndarray) -> np.ndarray:
    roots, vectors = np.linalg.eigh(r)
    loadings: np.ndarray = vectors[..., -1] * np.sqrt(roots[..., -1:])
    return loadings


def _sweep(off: np.ndarray, loadings: np.ndarray) -> None:
    """Set each loading to its best value given the others, in place."""
    limit = np.sqrt(1 - LEAST_UNIQUE)
    for i in range(loadings.shape[-1]):
        others = (loadings**2).sum(axis=-1) - loadings[..., i] ** 2
        best = (off[..., i, :] * loadings).sum(axis=-1) / np.where(others > 0, others, 1.0)
        loadings[..., i] = np.clip(best, -limit, limit)


def minres_communalities(r: np.ndarray, n_factors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return unrotated minres loadings and communalities of one correlation matrix.

    The unique variances u minimise half the sum of squares of the k - n_factors smallest roots
    of R - diag(u), which are the residuals of the best loadings for u (Harman & Jones, 1966;
    Joereskog, 1977).
    """
    start = np.clip(1 / np.diag(np.linalg.pinv(r)), LEAST_UNIQUE, 1 - LEAST_UNIQUE)
    found = optimize.minimize(
        _residual,
        start,
        args=(r, n_factors),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUE, 1.0)] * len(r),
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000},
    )
    roots, vectors = np.linalg.eigh(r - np.diag(found.x))
    loadings = vectors[:, -n_factors:] * np.sqrt(np.maximum(roots[-n_factors:], 0))
    return loadings, (loadings**2).sum(axis=1)


def _residual(unique: np.ndarray, r: np.ndarray, n_factors: int) -> tuple[float, np.ndarray]:
    roots, vectors = np.linalg.eigh(r - np.diag(unique))
    left, of = roots[:-n_factors], vectors[:, :-n_factors]
    return float((left**2).sum() / 2), -(of**2) @ left


def _quartimin(loadings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pattern and the factors' correlations after direct quartimin rotation.

    Gradient projection with T of unit columns: pattern A T^-T, criterion
    sum_i sum_{j < l} (p_ij p_il)^2 / 2 (Jennrich, 2002).
    """
    turn, step = np.eye(loadings.shape[1]), 1.0
    value, gradient = _criterion(loadings, turn)
    for _ in range(ROTATIONS):
        slope = gradient - turn * (turn * gradient).sum(axis=0)
        steep = float((slope**2).sum())
        if steep < STEEP**2:
            break
        step *= 2
        for _ in range(12):
            tried = turn - step * slope
            tried = tried / np.sqrt((tried**2).sum(axis=0))
            new, new_gradient = _criterion(loadings, tried)
            if new < value - step * steep / 2:
                break
            step /= 2
        turn, value, gradient = tried, new, new_gradient
    return loadings @ np.linalg.inv(turn).T, turn.T @ turn


def _criterion(loadings: np.ndarray, turn: np.ndarray) -> tuple[float, np.ndarray]:
    inverse = np.linalg.inv(turn)
    pattern = loadings @ inverse.T
    squares = pattern**2
    others = squares.sum(axis=1, keepdims=True) - squares
    gradient = -(pattern.T @ (pattern * others) @ inverse).T
    return float((squares * others).sum() / 4), gradient


@dataclass(frozen=True, slots=True)
class SchmidLeiman:
    """Loadings on a general factor and on group factors free of it."""

    general: np.ndarray
    groups: np.ndarray
    communality: np.ndarray


def schmid_leiman(r: np.ndarray, n_factors: int) -> SchmidLeiman:
    """Return the general factor behind oblique group factors (Schmid & Leiman, 1957).

    With the pattern P of the group factors and their loadings c on a factor of second order,
    general loadings are P c and group loadings P sqrt(1 - c^2). Two group factors do not tell
    their two loadings apart; both are then the root of their correlation.
    """
    unrotated, communality = minres_communalities(r, n_factors)
    pattern, phi = _quartimin(unrotated)
    sign = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)
    pattern, phi = pattern * sign, phi * np.outer(sign, sign)
    second = np.full(2, np.sqrt(max(phi[0, 1], 0.0))) if n_factors == 2 else one_factor(phi)
    return SchmidLeiman(pattern @ second, pattern * np.sqrt(1 - second**2), communality)
