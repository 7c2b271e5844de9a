"""Search for the theta of least deviance, and the proof that it is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from cvln_eval.inference.mixed.criterion import Criterion, Slopes, second_derivatives
from cvln_eval.inference.mixed.triangles import diagonal

__all__ = ["Optimum", "best_theta", "least_deviance"]

START = 0.7
# Where there are few groups or a variance is found at 0, the deviance may have two hollows.
OTHER_STARTS = (0.1, 2.5)
FEW_GROUPS = 10
# As in lme4's isSingular.
AT_ZERO = 1e-4
POLISHING = 6
# Of the deviance divided by its degrees of freedom.
GRADIENT = 1e-6
FLAT = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Theta of least deviance.

    Attributes
    ----------
    theta : ndarray
        In working units.
    slopes : Slopes
        Pieces of the deviance there.
    curvature : ndarray
        Hessian of the deviance in theta and the logarithm of the residual variance.
    singular : bool
        Whether a variance is 0 or random effects are perfectly correlated.
    converged : bool
        Whether the gradient vanishes and no direction leads down.
    """

    theta: np.ndarray
    slopes: Slopes
    curvature: np.ndarray
    singular: bool
    converged: bool


def best_theta(criterion: Criterion, groups: int) -> Optimum:
    """Return the optimum; `groups` is the number of groups of the smallest factor."""
    edge = diagonal(criterion.widths)
    best = _descended(criterion, np.where(edge, START, 0.0), edge)
    if groups < FEW_GROUPS or not best.converged or best.singular:
        starts = [np.where(edge, start, 0.0) for start in OTHER_STARTS]
        starts.append(np.where(edge & (np.abs(best.theta) < AT_ZERO), START, best.theta))
        others = [_descended(criterion, start, edge) for start in starts]
        best = min([best, *others], key=lambda found: _rank(criterion, found))
    return best


def least_deviance(criterion: Criterion) -> float:
    """Return the least deviance alone, for many outcomes one after the other."""
    edge = diagonal(criterion.widths)
    starts = [np.where(edge, start, 0.0) for start in (START, OTHER_STARTS[0])]
    found = [criterion.deviance(_searched(criterion, start, edge)) for start in starts]
    return min(found)


def _rank(criterion: Criterion, found: Optimum) -> tuple[bool, float]:
    return not found.converged, criterion.of_pieces(found.slopes.logs, found.slopes.rss)


def _descended(criterion: Criterion, start: np.ndarray, edge: np.ndarray) -> Optimum:
    theta = _searched(criterion, start, edge)
    return _polished(criterion, np.where(edge & (theta < AT_ZERO), 0.0, theta), edge)


def _searched(criterion: Criterion, start: np.ndarray, edge: np.ndarray) -> np.ndarray:
    def scaled(theta: np.ndarray) -> tuple[float, np.ndarray]:
        slopes = criterion.slopes(theta)
        value = criterion.of_pieces(slopes.logs, slopes.rss)
        return value / criterion.df, criterion.gradient(slopes) / criterion.df

    bounds = [(0.0, None) if at_edge else (None, None) for at_edge in edge]
    options = {"ftol": 1e-15, "gtol": 1e-8, "maxiter": 500}
    found = minimize(scaled, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x)


def _polished(criterion: Criterion, theta: np.ndarray, edge: np.ndarray) -> Optimum:
    """Return the optimum after Newton steps among the entries that are not at 0."""
    for _ in range(POLISHING):
        slopes = criterion.slopes(theta)
        gradient = criterion.gradient(slopes)
        curvature = _curvature(criterion, theta, slopes)
        free = ~edge | (theta > 0)
        step = np.zeros_like(theta)
        profiled = _profiled(curvature)[np.ix_(free, free)]
        step[free] = np.linalg.pinv(profiled, rcond=FLAT, hermitian=True) @ gradient[free]
        if np.abs(step).max() < 1e-7 or np.any(theta - step < 0, where=edge):
            break
        theta = theta - step
    flat = FLAT * max(1.0, float(np.abs(curvature).max()))
    bent = float(np.linalg.eigvalsh(_profiled(curvature)).min()) > -flat
    still = bool(np.abs(gradient).max() < GRADIENT * criterion.df)
    singular = bool(np.any(theta < AT_ZERO, where=edge))
    return Optimum(theta, slopes, curvature, singular, bent and still)


def _curvature(criterion: Criterion, theta: np.ndarray, slopes: Slopes) -> np.ndarray:
    logs, rss = second_derivatives(criterion, theta, slopes)
    variance = slopes.rss / criterion.df
    across = -slopes.d_rss[:, None] / variance
    own = np.array([[float(criterion.df)]])
    return np.block([[logs + rss / variance, across], [across.T, own]])


def _profiled(curvature: np.ndarray) -> np.ndarray:
    across = curvature[:-1, -1:]
    return np.asarray(curvature[:-1, :-1] - across @ across.T / curvature[-1, -1])
