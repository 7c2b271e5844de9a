"""Profile-likelihood intervals for quantities of the random part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

from cvln_eval.inference.mixed.criterion import COMPLEX_STEP
from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.targets import Target
from cvln_eval.inference.mixed.triangles import diagonal, lower_triangles, triangle

__all__ = ["profile_interval"]

Rise = Callable[[float], float]

# At a correlation or a share of 1 there is no likelihood; this near to it there is one.
NEAR = 1e-6
# A variance at 0 has no slope, so that searches start beside it; one that ends there is repeated
# from far away, and the better of the two counts.
BESIDE_ZERO, AWAY = 0.02, 0.5
STOP = {"ftol": 1e-12, "gtol": 1e-7, "maxiter": 300}
DOUBLINGS = 24
# No search goes to standard deviations of so many residual ones, nor to a residual variance so
# many times smaller or larger than estimated: a first, long step could.
FAR = 1e3
LOG_FAR = 5.0
# Of the estimate, or of the scale where the estimate is 0.
PRECISION = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class _Profile:
    """Deviance of a fit with one quantity held.

    Each search starts at the fit and not where the last one ended: one with the quantity at the
    edge of what it can be ends so far out that the next would not find back.
    """

    fit: Fit
    target: Target
    scales: list[np.ndarray]
    start: np.ndarray
    bounds: list[tuple[float, float]]

    def rise(self, value: float) -> float:
        """Return how much the deviance rises above its least when the quantity is held."""
        df = float(self.fit.criterion.df)

        def scaled(vector: np.ndarray) -> tuple[float, np.ndarray]:
            deviance = self._deviance(value, vector + 1j * COMPLEX_STEP * np.eye(len(vector)))
            return float(deviance[0].real) / df, deviance.imag / COMPLEX_STEP / df

        how = {"jac": True, "method": "L-BFGS-B", "bounds": self.bounds, "options": STOP}
        best = minimize(scaled, self._lifted(BESIDE_ZERO), **how)
        if np.any(np.abs(best.x) < BESIDE_ZERO, where=self._edge()):
            other = minimize(scaled, self._lifted(AWAY), **how)
            best = min(best, other, key=lambda one: float(one.fun))
        return float(best.fun) * df - self.fit.deviance

    def _lifted(self, least: float) -> np.ndarray:
        """Return the start with no diagonal entry at 0, where a search would stay."""
        return np.where(self._edge() & (np.abs(self.start) < least), least, self.start)

    def _edge(self) -> np.ndarray:
        return np.append(diagonal(self.fit.criterion.widths), False)

    def _deviance(self, value: float, vectors: np.ndarray) -> np.ndarray:
        criterion, target = self.fit.criterion, self.target
        blocks = lower_triangles(vectors[:, :-1], criterion.widths)
        blocks = [b * s[:, None] for b, s in zip(blocks, self.scales, strict=True)]
        blocks, log_variance = target.hold(value, blocks, vectors[:, -1])
        if target.place >= 0:
            blocks[target.place] = blocks[target.place][:, np.argsort(target.order)]
        pairs = zip(self.fit.working.back, blocks, strict=True)
        return criterion.joint([np.linalg.inv(back) @ block for back, block in pairs], log_variance)


def profile_interval(fit: Fit, target: Target, conf_level: float) -> tuple[float, float]:
    """Return the values that a likelihood-ratio test with one degree of freedom does not reject."""
    if np.isnan(target.estimate):
        return np.nan, np.nan
    limit = float(chi2.ppf(conf_level, 1))
    return _bound(fit, target, limit, upwards=False), _bound(fit, target, limit, upwards=True)


def _bound(fit: Fit, target: Target, limit: float, *, upwards: bool) -> float:
    profile = _profile(fit, target)
    unit = _unit(fit, target)

    def beyond(value: float) -> float:
        return profile.rise(value) - limit

    last = target.high if upwards else target.low
    if np.isinf(last):
        far = _outside(beyond, target.estimate, unit)
        if np.isinf(far):
            return far
    else:
        far = last + NEAR * unit * (-1 if upwards else target.place < 0 or last < 0)
        if abs(far - target.estimate) <= NEAR * unit or beyond(far) <= 0:
            return float(last)
    near, far = sorted((target.estimate, far))
    return float(brentq(lambda v: _at(beyond, v, target, limit), near, far, xtol=PRECISION * unit))


def _at(beyond: Rise, value: float, target: Target, limit: float) -> float:
    # At its estimate the deviance is least: no search is needed, nor a value at the very edge.
    return -limit if value == target.estimate else float(beyond(value))


def _outside(beyond: Rise, estimate: float, unit: float) -> float:
    """Return a value that is rejected, or infinity where the data reject none."""
    for doubling in range(DOUBLINGS):
        value = estimate + 0.3 * unit * 2.0**doubling
        if beyond(value) > 0:
            return value
    return np.inf


def _unit(fit: Fit, target: Target) -> float:
    """Return the size of a step that matters to a quantity."""
    if target.quantity != "sd":
        return 1.0
    scale = 1.0 if target.place < 0 else _scales(fit)[target.place][target.order[0]]
    return max(target.estimate, 0.1 * float(scale) * float(np.sqrt(fit.variance)))


def _scales(fit: Fit) -> list[np.ndarray]:
    """Return, for each factor, the sd of each effect that moves outcomes by about one residual."""
    return [1 / np.sqrt((factor.z**2).mean(axis=0)) for factor in fit.design.factors]


def _profile(fit: Fit, target: Target) -> _Profile:
    scales, parts = _scales(fit), []
    for place, (root, back) in enumerate(zip(fit.roots(), fit.working.back, strict=True)):
        order = list(target.order) if place == target.place else list(range(len(root)))
        scales[place] = scales[place][order]
        turned = (back @ root)[order] / scales[place][:, None]
        lower = np.linalg.qr(turned.T)[1].T
        columns, rows = triangle(len(root))
        parts.append((lower * np.where(np.diag(lower) < 0, -1.0, 1.0))[rows, columns])
    middle = float(np.log(fit.variance))
    # A correlation keeps its sign only where the diagonal does.
    edge = diagonal(fit.criterion.widths) & (target.quantity == "correlation")
    bounds = [(0.0 if at_edge else -FAR, FAR) for at_edge in edge]
    bounds.append((middle - LOG_FAR, middle + LOG_FAR))
    return _Profile(fit, target, scales, np.concatenate([*parts, [middle]]), bounds)
