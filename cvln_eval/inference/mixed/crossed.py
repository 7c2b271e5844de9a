"""Generalised cross products of any model, by a sparse factorisation.

Where a person is in two teams, or sessions cross persons, groups cannot be eliminated one factor
after the other. The equations of all random effects are then solved at once; SuperLU orders them
so that little fills in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.working import Working

__all__ = ["CrossedReduction", "crossed_reduction", "random_columns"]

SYMMETRIC = {"SymmetricMode": True}


@dataclass(frozen=True, slots=True, eq=False)
class CrossedReduction:
    """Cross products of all columns, to be called with the random effects' covariances.

    Attributes
    ----------
    zz : sparse array
        Z'Z, factors in order, groups within factors, effects within groups.
    zw, ww : ndarray
        Z'W and W'W for W = [x, y].
    groups : tuple of int
        Number of groups of each factor.
    """

    zz: sparse.csc_array
    zw: np.ndarray
    ww: np.ndarray
    groups: tuple[int, ...]

    def __call__(self, blocks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return log |V|, shape (B,), and W' V^-1 W, shape (B, k + 1, k + 1)."""
        found = [self._one([block[i] for block in blocks]) for i in range(len(blocks[0]))]
        return np.stack([log_v for log_v, _ in found]), np.stack([left for _, left in found])

    def _one(self, blocks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        pairs = zip(self.groups, blocks, strict=True)
        root = sparse.block_diag(
            [sparse.kron(sparse.eye_array(count), block) for count, block in pairs], format="csc"
        )
        inner = (root.T @ self.zz @ root + sparse.eye_array(root.shape[0])).tocsc()
        right = root.T @ self.zw
        factor = splu(inner, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=SYMMETRIC)
        solved = factor.solve(right.astype(inner.dtype))
        return _log_determinant(factor.U.diagonal()), self.ww - right.T @ solved


def crossed_reduction(design: MixedDesign, working: Working) -> CrossedReduction:
    """Return the cross products of all columns of a model."""
    z = random_columns(design, working)
    w = np.column_stack([working.q, working.y])
    counts = tuple(len(factor.levels) for factor in design.factors)
    return CrossedReduction((z.T @ z).tocsc(), z.T @ w, w.T @ w, counts)


def random_columns(design: MixedDesign, working: Working) -> sparse.csr_array:
    """Return Z: one column a factor, group and effect, in that order."""
    parts = []
    for factor, z in zip(design.factors, working.z, strict=True):
        rows = np.repeat(np.arange(len(z)), factor.width)
        columns = factor.codes[:, None] * factor.width + np.arange(factor.width)
        shape = (len(z), len(factor.levels) * factor.width)
        parts.append(sparse.csr_array((z.ravel(), (rows, columns.ravel())), shape=shape))
    return sparse.hstack(parts, format="csr")


def _log_determinant(pivots: np.ndarray) -> np.ndarray:
    # Rows are pivoted on the diagonal, so that all pivots are positive but for the complex step.
    if np.iscomplexobj(pivots):
        return np.asarray(np.log(pivots.real).sum() + 1j * (pivots.imag / pivots.real).sum())
    return np.asarray(np.log(pivots).sum())
