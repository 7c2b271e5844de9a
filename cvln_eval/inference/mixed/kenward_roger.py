"""Covariance and degrees of freedom by Kenward and Roger's method.

All sums run over islands of random effects instead of rows. The derivative of V in the residual
variance is exchanged for V itself: with those in the entries of the random effects' covariances it
spans the same directions, which is all that the method depends on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.islands import Islands

__all__ = ["KenwardRoger", "kenward_roger"]

# Rounding of a difference of terms of size 1.
NOUGHT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class KenwardRoger:
    """Adjusted covariance of the coefficients and what its degrees of freedom need.

    Attributes
    ----------
    vcov, plain : ndarray
        Adjusted and plain covariance of the working coefficients, shape (k, k).
    p : ndarray
        Minus the derivatives of the information of the coefficients, shape (m + 1, k, k).
    w : ndarray
        Covariance of the variance parameters, shape (m + 1, m + 1).
    """

    vcov: np.ndarray
    plain: np.ndarray
    p: np.ndarray
    w: np.ndarray

    def df(self, weights: np.ndarray) -> float:
        """Return the degrees of freedom of one contrast."""
        first, _ = self._moments(weights[None])
        return 2 / first

    def joint(self, contrasts: np.ndarray, beta: np.ndarray) -> tuple[float, int, float]:
        """Return the scaled F and both degrees of freedom (Kenward and Roger 1997, section 3)."""
        count = len(contrasts)
        middle = contrasts @ self.vcov @ contrasts.T
        effect = contrasts @ beta
        statistic = float(effect @ np.linalg.solve(middle, effect)) / count
        if count == 1:
            return statistic, 1, self.df(contrasts[0])
        df, scale = _matched(*self._moments(contrasts), count)
        return scale * statistic, count, df

    def _moments(self, contrasts: np.ndarray) -> tuple[float, float]:
        """Return A1 and A2."""
        middle = contrasts @ self.plain @ contrasts.T
        theta = contrasts.T @ np.linalg.solve(middle, contrasts)
        turned = theta @ self.plain @ self.p @ self.plain
        traces = np.trace(turned, axis1=1, axis2=2)
        products = np.einsum("aij,bji->ab", turned, turned)
        return float(traces @ self.w @ traces), float((self.w * products).sum())


def _matched(first: float, second: float, count: int) -> tuple[float, float]:
    """Return degrees of freedom and scale that match the moments of the Wald statistic."""
    b = (first + 6 * second) / (2 * count)
    g = ((count + 1) * first - (count + 4) * second) / ((count + 2) * second)
    below = 3 * count + 2 * (1 - g)
    c1, c2, c3 = g / below, (count - g) / below, (count + 2 - g) / below
    top, left, right = (_rounded(v) for v in (1 + c1 * b, 1 - c2 * b, 1 - c3 * b))
    inner = _rounded(1 - second / count)
    # Of balanced designs both factors vanish together; their ratio is then 1.
    ratio = 1.0 if inner == 0 == left else inner / left
    rho = ratio**2 * top / right / count
    df = 4 + (count + 2) / (count * rho - 1)
    return df, df * inner / (df - 2)


def _rounded(value: float) -> float:
    return 0.0 if abs(value) < NOUGHT else value


def kenward_roger(
    parts: list[Islands], blocks: list[np.ndarray], variance: float, information: np.ndarray, n: int
) -> KenwardRoger:
    """Return the adjusted covariance of the working coefficients.

    Parameters
    ----------
    parts : list of Islands
        All islands of the model.
    blocks : list of ndarray
        Relative covariance of the random effects of each factor.
    variance : float
        Residual variance.
    information : ndarray
        X'V^-1 X with V on the scale of the outcome.
    n : int
        Rows.
    """
    k = len(information)
    units = [unit for place in range(len(blocks)) for unit in _units(blocks, place)]
    traces, own = np.zeros((len(units) + 1,) * 2), np.zeros((len(units) + 1, k, k))
    crossed = np.zeros((*traces.shape, k, k))
    for part in parts:
        _add(part, blocks, variance, units, traces, own, crossed)
    traces[0, 0], own[0], crossed[0, 0] = n, -information, information
    crossed[0, 1:] = crossed[1:, 0] = -own[1:]
    return _adjusted(np.linalg.inv(information), traces, own, crossed)


def _units(blocks: list[np.ndarray], place: int) -> list[list[np.ndarray]]:
    """Return the derivatives of all covariances by each entry of one of them."""
    units = []
    for i, j in zip(*np.triu_indices(len(blocks[place])), strict=True):
        zeros = [np.zeros_like(block) for block in blocks]
        zeros[place][i, j] = zeros[place][j, i] = 1.0
        units.append(zeros)
    return units


def _add(
    part: Islands,
    blocks: list[np.ndarray],
    variance: float,
    units: list[list[np.ndarray]],
    traces: np.ndarray,
    own: np.ndarray,
    crossed: np.ndarray,
) -> None:
    """Add what islands of one shape give to the traces, P and Q."""
    inner = np.eye(part.zz.shape[1]) + part.zz @ part.spread(blocks)
    zvz = np.linalg.solve(inner, part.zz) / variance
    zvx = np.linalg.solve(inner, part.zw[:, :, :-1]) / variance
    # Of relative covariances, so that the entries of the information have one size in any units.
    moves = [variance * part.spread(unit) for unit in units]
    moved = [zvz @ move for move in moves]
    right = [move @ zvx for move in moves]
    for a in range(1, len(units) + 1):
        traces[0, a] += np.einsum("sii->", moved[a - 1])
        traces[a, 0] = traces[0, a]
        own[a] -= _summed(zvx, right[a - 1])
        for b in range(1, len(units) + 1):
            traces[a, b] += np.einsum("sij,sji->", moved[a - 1], moved[b - 1])
            crossed[a, b] += _summed(right[a - 1], zvz @ right[b - 1])


def _summed(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("sqi,sqj->ij", left, right, optimize=True))


def _adjusted(
    plain: np.ndarray, traces: np.ndarray, own: np.ndarray, crossed: np.ndarray
) -> KenwardRoger:
    scaled = plain @ own
    lost = 2 * np.einsum("ij,abji->ab", plain, crossed)
    information = traces - lost + np.einsum("aij,bji->ab", scaled, scaled)
    w = 2 * np.linalg.pinv(information, hermitian=True)
    bias = np.einsum("ab,abij->ij", w, crossed - np.einsum("aij,bjk->abik", own, scaled))
    return KenwardRoger(plain + 2 * plain @ bias @ plain, plain, own, w)
