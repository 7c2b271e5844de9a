"""An experiment as arrays: cell means of the outcome, and the exposure that each label brings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cvln_eval.inference.randomization.possible import PossibleAssignments

__all__ = ["Experiment", "experiment", "exposures", "left_over"]

# Singular values below this share of the largest belong to columns that repeat others.
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """What a statistic needs of the data, the same under every assignment.

    A cell is a cluster, or with staggered starts a cluster in a wave; each cell counts the same,
    so that a row weighs one over the rows of its cell.

    Attributes
    ----------
    possible : PossibleAssignments
        Which labels the clusters can have.
    exposure : ndarray, shape (L, P)
        Exposure under each label, in each wave with staggered starts (else P = 1); centred.
    cluster, period : ndarray of int, shape (C,)
        Of each cell; clusters ascend.
    basis : ndarray, shape (k, C)
        What blocks (or clusters and waves) and controls span, as sums over the rows of a cell.
    outcomes : ndarray, shape (R, C)
        Cell means of what blocks and controls leave of each outcome.
    """

    possible: PossibleAssignments
    exposure: np.ndarray
    cluster: np.ndarray
    period: np.ndarray
    basis: np.ndarray
    outcomes: np.ndarray

    @property
    def one_cell_a_cluster(self) -> bool:
        """Whether the exposure is one number a cluster."""
        return bool(self.exposure.shape[1] == 1)

    @property
    def observed(self) -> np.ndarray:
        """Observed exposure of the cells, shape (C,)."""
        return np.asarray(exposures(self, self.possible.codes[None])[0])

    def with_outcomes(self, outcomes: np.ndarray) -> Experiment:
        """Return the same experiment with other cell means."""
        return replace(self, outcomes=outcomes)


def experiment(
    outcomes: np.ndarray,
    *,
    possible: PossibleAssignments,
    exposure: np.ndarray,
    cluster: np.ndarray,
    period: np.ndarray,
    controls: np.ndarray,
) -> Experiment:
    """Return the experiment of rows.

    Parameters
    ----------
    outcomes : ndarray, shape (n, R)
        Outcomes of the rows.
    possible : PossibleAssignments
        Of the clusters that have rows.
    exposure : ndarray, shape (L, P)
        Exposure under each label, in each wave.
    cluster, period : ndarray of int, shape (n,)
        Of each row; `period` is 0 throughout where P = 1.
    controls : ndarray, shape (n, k)
        Columns to be held, perhaps none.

    Returns
    -------
    Experiment
    """
    width = exposure.shape[1]
    keys, cell = np.unique(cluster * width + period, return_inverse=True)
    root = 1 / np.sqrt(np.bincount(cell)[cell])
    fixed = possible.blocks[cluster] if width == 1 else cluster
    held = [_dummies(fixed), controls - controls.mean(axis=0)]
    if width > 1:
        held.append(_dummies(period))
    span = _orthonormal(root[:, None] * np.column_stack(held))
    basis = _sums(root[:, None] * span, cell)
    weighted = root[:, None] * outcomes
    means = _sums(root[:, None] * weighted, cell)
    return Experiment(
        possible=possible,
        exposure=exposure - exposure.mean(),
        cluster=keys // width,
        period=keys % width,
        basis=basis.T,
        outcomes=(means - basis @ (span.T @ weighted)).T,
    )


def _dummies(codes: np.ndarray) -> np.ndarray:
    return np.asarray(codes[:, None] == np.unique(codes), dtype=float)


def _orthonormal(columns: np.ndarray) -> np.ndarray:
    lengths = np.sqrt((columns**2).sum(axis=0))
    scaled = columns / np.where(lengths > 0, lengths, 1.0)
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=False)
    return np.asarray(left[:, sizes > RANK_TOLERANCE * sizes.max(initial=0.0)])


def _sums(rows: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return sums over the rows of each cell, shape (C, columns)."""
    total = np.zeros((int(cell.max()) + 1, rows.shape[1]))
    np.add.at(total, cell, rows)
    return total


def exposures(given: Experiment, codes: np.ndarray) -> np.ndarray:
    """Return the exposure of each cell under assignments of codes (A, G), shape (A, C)."""
    return np.asarray(given.exposure[codes[:, given.cluster], given.period])


def left_over(given: Experiment, exposure: np.ndarray) -> np.ndarray:
    """Return what blocks and controls leave of exposures, as cell means, shape (A, C)."""
    return np.asarray(exposure - (exposure @ given.basis.T) @ given.basis)
