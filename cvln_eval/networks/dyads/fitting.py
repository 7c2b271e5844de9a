"""Least squares and logistic regression of the cells that count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from cvln_eval.inference.robust.basis import Basis, orthonormal

__all__ = ["Fit", "design_of", "least_squares", "log_likelihood", "logistic"]

# Newton's steps; regressions of ties need about 6.
MOST_STEPS = 50
# A logit beyond this has a probability within 1e-8 of 0 or 1, which no number of pairs can show.
MOST_LOGIT = 18.4
# Steps end when one would change the log-likelihood by less than this.
LEAST_GAIN = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A regression of N cells on columns.

    Attributes
    ----------
    basis : Basis
        The columns that can be told apart, orthonormal under the weights.
    coefficients : ndarray
        Of these columns.
    residual : ndarray, shape (N,)
        Outcome less what is fitted.
    weights : ndarray, shape (N,)
        Variance of each cell in the logistic model; 1 in least squares.
    converged : bool
        Whether the coefficients are finite.
    log_likelihood : float
        Of the logistic model.
    """

    basis: Basis
    coefficients: np.ndarray
    residual: np.ndarray
    weights: np.ndarray
    converged: bool = True
    log_likelihood: float = np.nan

    @property
    def df(self) -> int:
        """Cells less coefficients."""
        return len(self.residual) - self.basis.rank


def design_of(layer: np.ndarray, terms: np.ndarray, n_layers: int) -> np.ndarray:
    """Return the columns of a regression: an intercept a network, then the terms."""
    return np.column_stack([layer[:, None] == np.arange(n_layers), terms.T]).astype(float)


def least_squares(x: np.ndarray, y: np.ndarray) -> Fit:
    """Return the linear regression; a column that is a sum of those before it is left out."""
    basis = orthonormal(x, None, np.linalg.norm(x, axis=0))
    own = basis.columns.T @ y
    return Fit(basis, basis.inverse @ own, y - basis.columns @ own, np.ones(len(y)))


def logistic(x: np.ndarray, y: np.ndarray) -> Fit:
    """Return the logistic regression by maximum likelihood, from Newton's steps.

    Columns that separate ties from no ties have no finite coefficients: `converged` is False.
    """
    start = least_squares(x, y).basis
    q, found, gain = start.columns, np.zeros(start.rank), np.inf
    for _ in range(MOST_STEPS):
        p = expit(q @ found)
        gradient = q.T @ (y - p)
        information = q.T @ (q * (p * (1 - p))[:, None])
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        gain = float(gradient @ step)
        found = found + _halved(q, y, found, step)
        if gain < LEAST_GAIN or np.abs(q @ found).max(initial=0) > MOST_LOGIT:
            break
    logit = q @ found
    p = expit(logit)
    weights = p * (1 - p)
    # Columns that can be told apart stay so under weights above 0, so that all are kept.
    upper = np.linalg.qr(q * np.sqrt(weights)[:, None], mode="r")
    ended = gain < LEAST_GAIN and bool(np.abs(logit).max(initial=0) <= MOST_LOGIT)
    if not ended:
        return Fit(start, start.inverse @ found, y - p, weights, converged=False)
    own = np.linalg.inv(upper)
    basis = Basis(start.kept, q @ own, start.inverse @ own)
    fitted = log_likelihood(logit, y)
    return Fit(basis, start.inverse @ found, y - p, weights, log_likelihood=fitted)


def _halved(q: np.ndarray, y: np.ndarray, found: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return the step, halved until the likelihood does not fall; a whole one may overshoot."""
    before = log_likelihood(q @ found, y)
    for _ in range(MOST_STEPS):
        if log_likelihood(q @ (found + step), y) >= before:
            break
        step = step / 2
    return step


def log_likelihood(logit: np.ndarray, y: np.ndarray) -> float:
    """Return the log-likelihood of ties with these logits."""
    return float(y @ logit - np.logaddexp(0, logit).sum())
