"""Generalised cross products of any model, by a factorisation of all random effects at once.

Where a person is in two teams, or sessions cross persons, groups cannot be eliminated one factor
after the other. Few random effects are then solved for as a dense matrix, all points of a complex
step in one stack; many as a sparse one, which SuperLU orders so that little fills in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.triangles import turn
from cvln_eval.inference.mixed.working import Working

__all__ = ["CrossedReduction", "crossed_reduction", "random_columns"]

SYMMETRIC = {"SymmetricMode": True}
# Random effects up to which dense matrices are quicker.
DENSE = 300


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
        if self.zz.shape[0] <= DENSE:
            return self._dense(blocks)
        found = [self._one([block[i] for block in blocks]) for i in range(len(blocks[0]))]
        return np.stack([log_v for log_v, _ in found]), np.stack([left for _, left in found])

    def _dense(self, blocks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        size = self.zz.shape[0]
        covariance = np.zeros((len(blocks[0]), size, size), dtype=blocks[0].dtype)
        start = 0
        for count, block in zip(self.groups, blocks, strict=True):
            width = block.shape[-1]
            own = start + np.arange(count)[:, None] * width + np.arange(width)
            square = (block @ np.swapaxes(block, 1, 2))[:, None]
            covariance[:, own[:, :, None], own[:, None, :]] = square
            start += count * width
        inner = np.eye(size) + self.zz.toarray() @ covariance
        sign, log_v = np.linalg.slogdet(inner)
        solved = covariance @ np.linalg.solve(inner, self.zw)
        return log_v + turn(sign), self.ww - self.zw.T @ solved

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
