"""Fisher scoring of the estimating equations, and the working correlation between its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.gee.cumulative import Cumulative, Whitened, start, whitened

__all__ = ["Scored", "score"]

MOST_STEPS = 100
# A step below this share of the coefficients is rounding.
STEP = 1e-10
# Log-odds beyond which a share is 0 or 1 for all purposes: rows are told apart without error.
SEPARATED = 15.0
SEPARATION = "regressors tell categories apart without error (separation)"
# Eigenvalues of the derivative's square below this share of the largest: regressors add up.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Where the estimating equations are solved, or why they are not.

    Attributes
    ----------
    beta : ndarray
        Cuts, then slopes, shape (cuts + k,).
    whitened : Whitened or None
        The regression at the solution.
    correlation : float
        Working correlation of two rows of a cluster.
    reason : str
        Why there is no solution; empty where there is.
    """

    beta: np.ndarray
    whitened: Whitened | None
    correlation: float
    reason: str


def score(model: Cumulative, *, exchangeable: bool) -> Scored:
    """Solve the estimating equations; the working correlation is estimated between steps."""
    beta, correlation = start(model), 0.0
    now = whitened(model, beta, 0.0)
    if now is None or _adds_up(now.derivative):
        return _unsolved(beta, "regressors add up to a constant or to one another")
    for _ in range(MOST_STEPS):
        if now is None or _adds_up(now.derivative):  # not at first, but where rows weigh nothing
            return _unsolved(beta, SEPARATION)
        step = np.linalg.lstsq(now.derivative, now.residual, rcond=None)[0]
        before = correlation
        beta, now = _stepped(model, beta, step, correlation)
        if np.abs(beta).max() > SEPARATED and _told_apart(model, beta):
            return _unsolved(beta, SEPARATION)
        if exchangeable:
            correlation = _working_correlation(model, beta)
            now = whitened(model, beta, correlation)
        moved = max(np.abs(step).max() / max(1.0, np.abs(beta).max()), abs(correlation - before))
        if moved < STEP:
            return Scored(beta, now, correlation, "")
    return _unsolved(beta, f"no solution in {MOST_STEPS} steps")


def _unsolved(beta: np.ndarray, reason: str) -> Scored:
    return Scored(np.full_like(beta, np.nan), None, np.nan, reason)


def _adds_up(derivative: np.ndarray) -> bool:
    length = np.linalg.norm(derivative, axis=0)
    if (length == 0).any():
        return True
    values = np.linalg.eigvalsh((derivative / length).T @ (derivative / length))
    return bool(values[0] < SINGULAR * values[-1])


def _stepped(
    model: Cumulative, beta: np.ndarray, step: np.ndarray, correlation: float
) -> tuple[np.ndarray, Whitened | None]:
    """Take the step, halved until the cuts are in order."""
    for halving in range(30):
        new = beta + step / 2**halving
        found = whitened(model, new, correlation)
        if found is not None:
            return new, found
    return beta, None


def _told_apart(model: Cumulative, beta: np.ndarray) -> bool:
    """Return whether some row is predicted without error while its odds still grow."""
    height = beta[: model.n_cuts] + (model.x @ beta[model.n_cuts :])[:, None]
    return bool((np.abs(height) > SEPARATED).any())


def _working_correlation(model: Cumulative, beta: np.ndarray) -> float:
    """Return the mean product of two Pearson residuals of a cluster over their mean square.

    Held within what a correlation of all rows of the largest cluster can be.
    """
    found = whitened(model, beta, 0.0)
    if found is None:
        return 0.0
    size = np.bincount(model.codes)
    n_pairs = float((size * (size - 1)).sum())
    if n_pairs == 0:
        return 0.0
    sums = np.bincount(model.codes, found.residual)
    squares = float(found.residual @ found.residual)
    likeness = (float(sums @ sums) - squares) / n_pairs / (squares / len(found.residual))
    return float(np.clip(likeness, -0.99 / (size.max() - 1), 0.99))
