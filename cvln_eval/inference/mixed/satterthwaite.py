"""Degrees of freedom by Satterthwaite's method, for one contrast and for several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.optimum import FLAT, Optimum

__all__ = ["Satterthwaite", "satterthwaite"]

# Degrees of freedom this near one another are one number.
SAME = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Satterthwaite:
    """Covariance of the coefficients and how uncertain it is.

    Attributes
    ----------
    vcov : ndarray
        Covariance of the working coefficients, shape (k, k).
    slopes : ndarray
        Its derivatives by theta and the logarithm of the residual variance, shape (m + 1, k, k).
    spread : ndarray
        Covariance of theta and the logarithm, shape (m + 1, m + 1): twice the inverse Hessian of
        the deviance.
    """

    vcov: np.ndarray
    slopes: np.ndarray
    spread: np.ndarray

    def df(self, weights: np.ndarray) -> float:
        """Return 2 v^2 / var(v), v the variance of a contrast (Kuznetsova et al. 2017, eq. 8)."""
        variance = weights @ self.vcov @ weights
        slope = self.slopes @ weights @ weights
        return float(2 * variance**2 / (slope @ self.spread @ slope))

    def joint(self, contrasts: np.ndarray, beta: np.ndarray) -> tuple[float, int, float]:
        """Return F and both degrees of freedom (Fai and Cornelius 1996).

        The contrasts are turned until they are uncorrelated; the second degrees of freedom are
        those of the F that has the mean of the average of their squared t. A contrast with 2 or
        fewer has no such mean; the F then gets 2, as in lmerTest. F is that of any unit of the
        terms; the turning, and with it the second degrees of freedom, is not.
        """
        covariance = contrasts @ self.vcov @ contrasts.T
        scale = np.sqrt(np.diag(covariance))
        effects = contrasts @ beta / scale
        squares = effects @ np.linalg.solve(covariance / np.outer(scale, scale), effects)
        turned = np.linalg.eigh(covariance)[1].T @ contrasts
        df2 = _denominator(np.array([self.df(row) for row in turned]))
        return float(squares) / len(contrasts), len(contrasts), df2


def satterthwaite(optimum: Optimum, df: int) -> Satterthwaite:
    """Return the covariance of the working coefficients at an optimum, with its uncertainty."""
    slopes = optimum.slopes
    variance = slopes.rss / df
    vcov = variance * slopes.unscaled
    moved = np.concatenate([variance * slopes.d_unscaled, vcov[None]])
    return Satterthwaite(vcov, moved, _spread(optimum.curvature))


def _spread(curvature: np.ndarray) -> np.ndarray:
    """Return twice the inverse over the directions in which the deviance is bent upwards."""
    values, vectors = np.linalg.eigh(curvature)
    bent = values > FLAT * values.max()
    return np.asarray(2 * (vectors[:, bent] / values[bent]) @ vectors[:, bent].T)


def _denominator(own: np.ndarray) -> float:
    if np.ptp(own) < SAME * own.max():
        return float(own.mean())
    if not (own > 2).all():
        return 2.0
    mean = float((own / (own - 2)).sum())
    return 2 * mean / (mean - len(own))
