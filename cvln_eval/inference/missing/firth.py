"""Logistic regression on one predictor by Firth's penalised likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

__all__ = ["FirthSlope", "firth_slope"]

FARTHEST = 50.0


@dataclass(frozen=True, slots=True)
class FirthSlope:
    """Slope on the scale of log odds, with profile interval and penalised likelihood ratio test.

    Attributes
    ----------
    estimate, low, high : float
        Slope and the bounds of its interval.
    statistic, p_value : float
        Twice the difference of penalised log likelihoods, and its p by chi-square with 1 df.
    """

    estimate: float
    low: float
    high: float
    statistic: float
    p_value: float


def firth_slope(y: np.ndarray, x: np.ndarray, conf_level: float) -> FirthSlope:
    """Return the slope of log odds of `y` (0 or 1) on `x`, finite even where x separates y.

    Maximises log L + log |I| / 2 (Firth, 1993); the interval and the test are by profiles of it
    (Heinze & Schemper, 2002). `x` should have a standard deviation of about 1, and neither x nor y
    may be constant.
    """
    start = float(np.log((y.sum() + 0.5) / (len(y) - y.sum() + 0.5)))
    best = optimize.minimize(lambda b: -_penalised(b[0], b[1], y, x), [start, 0.0], method="BFGS")
    estimate, top = float(best.x[1]), -float(best.fun)

    def drop(slope: float) -> float:
        return 2 * (top - _profile(slope, start, y, x))

    statistic = max(drop(0.0), 0.0)
    reach = stats.chi2.ppf(conf_level, 1)
    low, high = (_bound(lambda b: drop(b) - reach, estimate, way) for way in (-1, 1))
    return FirthSlope(estimate, low, high, statistic, float(stats.chi2.sf(statistic, 1)))


def _penalised(intercept: float, slope: float, y: np.ndarray, x: np.ndarray) -> float:
    eta = intercept + slope * x
    log_likelihood = (y * eta - np.logaddexp(0, eta)).sum()
    weight = np.exp(-np.logaddexp(0, eta) - np.logaddexp(0, -eta))
    total = weight.sum()
    around = x - (weight * x).sum() / total
    # |I| = (sum w) (sum w (x - mean)^2), which does not cancel.
    return float(log_likelihood + 0.5 * (np.log(total) + np.log((weight * around**2).sum())))


def _profile(slope: float, start: float, y: np.ndarray, x: np.ndarray) -> float:
    def minus(intercept: float) -> float:
        return -_penalised(intercept, slope, y, x)

    centre = start - slope * float(x.mean())
    found = optimize.minimize_scalar(minus, bracket=(centre - 0.5, centre + 0.5))
    return -float(found.fun)


def _bound(excess: Callable[[float], float], estimate: float, way: int) -> float:
    """Return where the profile has dropped enough; infinite where it never does."""
    step = 0.5
    while excess(estimate + way * step) < 0:
        step *= 2
        if step > FARTHEST:
            return way * math.inf
    return float(optimize.brentq(excess, estimate, estimate + way * step, xtol=1e-10))
