"""Degrees of freedom of variances that sum over few clusters.

Under the working model, independent rows of one variance, the scores of two clusters covary as
P_st[g, h] = p_sg'p_ht, where p_sg is what turns the outcome into the score of cluster g for
contrast s. P is G x G and is the sum of a diagonal and a matrix of low rank; it is worked off in
blocks of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.robust.frame import Frame

__all__ = ["Spread", "hotelling", "satterthwaite", "spread"]

# Elements of P held at once.
ELEMENTS = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How scores of contrasts vary over clusters under the working model.

    Attributes
    ----------
    squares : ndarray
        Diagonal part of P for each pair of contrasts, shape (G, q, q).
    loads : ndarray
        Part of low rank: P_st = diag + loads_s core loads_t', shape (G, r, q).
    core : ndarray
        Shape (r, r).
    centred : bool
        Whether scores are taken about their mean over clusters.
    """

    squares: np.ndarray
    loads: np.ndarray
    core: np.ndarray
    centred: bool

    def rows(self, s: int, t: int, part: slice) -> np.ndarray:
        """Return rows of P_st."""
        left, right = self.loads[:, :, s], self.loads[:, :, t]
        own = self.squares[:, s, t]
        if self.centred:
            left, right = left - left.mean(axis=0), right - right.mean(axis=0)
        block = left[part] @ self.core @ right.T
        block[np.arange(len(block)), np.arange(len(own))[part]] += own[part]
        if self.centred:
            block -= (own[part, None] + own[None, :] - own.mean()) / len(own)
        return np.asarray(block)

    def mean(self) -> np.ndarray:
        """Return the expected sum of squares and products of the scores, shape (q, q)."""
        scaled = np.einsum("gas,ab,gbt->st", self.loads, self.core, self.loads, optimize=True)
        whole = self.squares.sum(axis=0)
        if not self.centred:
            return np.asarray(whole + scaled)
        centre = self.loads.mean(axis=0)
        n_clusters = len(self.squares)
        taken = n_clusters * centre.T @ self.core @ centre
        return np.asarray(whole * (1 - 1 / n_clusters) + scaled - taken)

    def turned(self, matrix: np.ndarray) -> Spread:
        """Return the spread of other contrasts, the rows of `matrix` in these."""
        squares = matrix @ self.squares @ matrix.T
        return Spread(squares, self.loads @ matrix.T, self.core, self.centred)

    def variance(self) -> float:
        """Return the variance of the sum of squares and products, summed over its elements."""
        total, contrasts = 0.0, range(self.squares.shape[1])
        rows = max(1, ELEMENTS // max(1, len(self.squares)))
        for start in range(0, len(self.squares), rows):
            part = slice(start, start + rows)
            own = [self.rows(s, s, part) for s in contrasts]
            total += _square(sum(own)) + sum(_square(block) for block in own)
            for s in contrasts:
                for t in range(s):
                    total += 2 * float(np.sum(self.rows(s, t, part) * self.rows(t, s, part)))
        return total


def _square(block: np.ndarray | int) -> float:
    return float(np.sum(np.square(block)))


def spread(found: Frame, contrasts: np.ndarray) -> Spread:
    """Return how the scores of contrasts of the coefficients vary, one contrast a row."""
    whole = Spread(found.squares, found.loads, found.core, found.centred)
    return whole.turned(contrasts)


def satterthwaite(found: Frame, contrast: np.ndarray) -> float:
    """Return 2 E(V)^2 / Var(V) for the variance V of one contrast; nan where V is always 0."""
    one = spread(found, contrast[None, :])
    mean, variance = one.mean().item(), one.variance()
    return 2 * mean**2 / variance if variance > 0 else math.nan


def hotelling(found: Frame, contrasts: np.ndarray) -> float:
    """Return eta of the Wishart variable whose total variance is that of the contrasts' variance.

    With D = E(V)^-1/2 V E(V)^-1/2, eta = q (q + 1) / sum of Var(D_st): Tipton and Pustejovsky
    (2015), the approximation they call AHZ, HTZ in clubSandwich.
    """
    several = spread(found, contrasts)
    q = len(contrasts)
    try:
        root = np.linalg.inv(np.linalg.cholesky(several.mean()))
    except np.linalg.LinAlgError:
        return math.nan
    return q * (q + 1) / several.turned(root).variance()
