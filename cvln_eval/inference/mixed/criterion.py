"""Deviance and restricted deviance of a mixed model, with exact derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.triangles import lower_triangles, turn

__all__ = ["Criterion", "Slopes", "second_derivatives"]

Reduction = Callable[[list[np.ndarray]], tuple[np.ndarray, np.ndarray]]
Pieces = tuple[np.ndarray, np.ndarray, np.ndarray]

# So small that its square vanishes beside 1: the derivative has the digits of the value itself.
COMPLEX_STEP = 1e-30
# Differences of exact gradients: an error of about the step, far above that of rounding.
STEP = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Pieces of the deviance at one theta, and their derivatives by theta.

    Attributes
    ----------
    logs : float
        Logarithms of determinants.
    rss : float
        Penalised residual sum of squares.
    unscaled : ndarray
        Inverse of X'V^-1 X, shape (k, k).
    d_logs, d_rss, d_unscaled : ndarray
        Derivatives, theta along the first axis.
    """

    logs: float
    rss: float
    unscaled: np.ndarray
    d_logs: np.ndarray
    d_rss: np.ndarray
    d_unscaled: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Criterion:
    """Minus twice the (restricted) log-likelihood as a function of theta.

    Theta holds, factor by factor, the lower triangle of a square root of the random effects'
    covariance relative to the residual variance, column by column as in lme4.

    Attributes
    ----------
    reduction : callable
        Gives log |V| and [x, y]'V^-1[x, y].
    widths : tuple of int
        Random effects of a group, by factor.
    n, k : int
        Rows and coefficients.
    reml : bool
        Whether restricted.
    log_r : float
        Logarithm of the determinant that standardising took off X'V^-1 X.
    """

    reduction: Reduction
    widths: tuple[int, ...]
    n: int
    k: int
    reml: bool
    log_r: float

    @property
    def df(self) -> int:
        """Number that the residual sum of squares is divided by."""
        return self.n - self.k if self.reml else self.n

    def deviance(self, theta: np.ndarray) -> float:
        """Return the deviance with the residual variance at its best value."""
        logs, rss, _ = self._pieces(lower_triangles(theta[None], self.widths))
        return self.of_pieces(float(logs[0]), float(rss[0]))

    def of_pieces(self, logs: float, rss: float) -> float:
        """Return the profiled deviance from its pieces."""
        return float(logs + self.df * (1 + np.log(2 * np.pi * rss / self.df)))

    def left(self, theta: np.ndarray) -> np.ndarray:
        """Return [x, y]'V^-1[x, y]."""
        return np.asarray(self.reduction(lower_triangles(theta[None], self.widths))[1][0])

    def joint(self, blocks: list[np.ndarray], log_variance: np.ndarray) -> np.ndarray:
        """Return the deviance at given roots of covariances and logarithms of residual variance."""
        logs, rss, _ = self._pieces(blocks)
        return np.asarray(
            logs + self.df * (np.log(2 * np.pi) + log_variance) + rss * np.exp(-log_variance)
        )

    def slopes(self, theta: np.ndarray) -> Slopes:
        """Return the pieces of the deviance and their derivatives."""
        steps = theta + 1j * COMPLEX_STEP * np.eye(len(theta))
        logs, rss, unscaled = self._pieces(lower_triangles(steps, self.widths))
        return Slopes(
            float(logs[0].real),
            float(rss[0].real),
            unscaled[0].real,
            logs.imag / COMPLEX_STEP,
            rss.imag / COMPLEX_STEP,
            unscaled.imag / COMPLEX_STEP,
        )

    def gradient(self, slopes: Slopes) -> np.ndarray:
        """Return the gradient of the profiled deviance."""
        return np.asarray(slopes.d_logs + self.df * slopes.d_rss / slopes.rss)

    def _pieces(self, blocks: list[np.ndarray]) -> Pieces:
        log_v, left = self.reduction(blocks)
        xx, xy = left[:, : self.k, : self.k], left[:, : self.k, self.k :]
        unscaled = np.linalg.inv(xx)
        rss = left[:, -1, -1] - (np.swapaxes(xy, 1, 2) @ unscaled @ xy)[:, 0, 0]
        if not self.reml:
            return log_v, rss, unscaled
        sign, size = np.linalg.slogdet(xx)
        return log_v + size + turn(sign) + 2 * self.log_r, rss, unscaled


def second_derivatives(
    criterion: Criterion, theta: np.ndarray, here: Slopes
) -> tuple[np.ndarray, np.ndarray]:
    """Return the second derivatives by theta of the logarithms and of the sum of squares."""
    ahead = [criterion.slopes(theta + unit) for unit in np.eye(len(theta)) * STEP]
    logs = np.stack([there.d_logs - here.d_logs for there in ahead]) / STEP
    rss = np.stack([there.d_rss - here.d_rss for there in ahead]) / STEP
    return _symmetric(logs), _symmetric(rss)


def _symmetric(matrix: np.ndarray) -> np.ndarray:
    return np.asarray((matrix + matrix.T) / 2)
