"""The columns of a regression that can be told apart, made orthonormal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

__all__ = ["Basis", "independent", "orthonormal"]

# A column of which less than this share of its length is its own counts as a sum of those before
# it: the rule of R's lm.
OWN_SHARE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A weighted regression in coordinates in which X'WX is the identity.

    Attributes
    ----------
    kept : ndarray
        Columns of X that can be told apart from those before them, shape (k,).
    columns : ndarray
        X R^-1 of these, so that columns'W columns = I, shape (n, k).
    inverse : ndarray
        R^-1, upper triangular: the coefficients are `inverse` times those of `columns`.
    """

    kept: np.ndarray
    columns: np.ndarray
    inverse: np.ndarray

    @property
    def rank(self) -> int:
        """Number of columns that can be told apart."""
        return len(self.kept)


def orthonormal(x: np.ndarray, weights: np.ndarray | None, lengths: np.ndarray) -> Basis:
    """Return the basis of a regression; `lengths` are those the columns had to begin with."""
    root = np.ones(len(x)) if weights is None else np.sqrt(weights)
    weighted = x * root[:, None]
    kept = independent(weighted, lengths)
    columns, upper = np.linalg.qr(weighted[:, kept])
    inverse = solve_triangular(upper, np.eye(len(kept))) if len(kept) else upper
    return Basis(kept, columns / root[:, None], inverse)


def independent(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return which columns are no sum of those before them."""
    found = np.empty((len(x), min(x.shape)), order="F")
    kept: list[int] = []
    for place, column in enumerate(x.T):
        if len(kept) == found.shape[1]:
            break
        before = found[:, : len(kept)]
        own = column - before @ (before.T @ column)
        length = np.linalg.norm(own)
        if length > OWN_SHARE * lengths[place]:
            found[:, len(kept)] = own / length
            kept.append(place)
    return np.array(kept, dtype=int)
