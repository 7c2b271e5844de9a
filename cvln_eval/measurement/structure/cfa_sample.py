"""The answers as normal-theory maximum likelihood sees them: by who left out what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Patterns", "Sample", "log_likelihood", "moment_gradient", "sample_of", "too_few"]

MAX_STEPS = 5000
SINGULAR = 1e-9  # least eigenvalue of the correlations
TOLERANCE = 1e-9  # in standard deviations of the items


@dataclass(frozen=True, slots=True)
class Patterns:
    """People grouped by which items they answered, one group along the first axis.

    Attributes
    ----------
    there : ndarray, shape (n_patterns, n_items)
        Whether the item was answered.
    n : ndarray, shape (n_patterns,)
        People.
    mean, cov : ndarray, shape (n_patterns, n_items) and (n_patterns, n_items, n_items)
        Their means and covariances, with n in the denominator; 0 where not answered.
    """

    there: np.ndarray
    n: np.ndarray
    mean: np.ndarray
    cov: np.ndarray

    def both(self) -> np.ndarray:
        """Return whether both items of a pair were answered."""
        return np.asarray(self.there[:, :, None] & self.there[:, None, :])

    def among_answered(self, cov: np.ndarray) -> np.ndarray:
        """Return the covariances of each pattern's items, beside an identity for the others.

        The identity changes neither determinant nor inverse, and lets all patterns go at once.
        """
        return np.where(self.both(), cov, np.eye(len(cov)))

    def weights(self, cov: np.ndarray) -> np.ndarray:
        """Return the inverses among the items answered, 0 elsewhere."""
        return np.where(self.both(), np.linalg.inv(self.among_answered(cov)), 0.0)

    def off(self, mean: np.ndarray) -> np.ndarray:
        """Return mean of the pattern minus implied mean, 0 where not answered."""
        return np.where(self.there, self.mean - mean, 0.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the items without a factor model.

    Attributes
    ----------
    patterns : Patterns
    n : int
        People with an answer.
    n_complete : int
        People with all answers.
    mean, cov : ndarray
        Maximum-likelihood means and covariances, nothing assumed of their structure.
    log_likelihood, baseline : float
        Of that model, and of the one in which the items are independent.
    reason : str
        Why the moments cannot be had; empty where they can.
    """

    patterns: Patterns
    n: int
    n_complete: int
    mean: np.ndarray
    cov: np.ndarray
    log_likelihood: float
    baseline: float
    reason: str


def sample_of(matrix: np.ndarray, names: Sequence[str], *, n_free: int) -> Sample:
    """Return patterns, saturated moments and baseline of a matrix with nan where no answer is.

    Rows without any answer are left out. The saturated moments come from the EM algorithm
    (Dempster, Laird & Rubin, 1977); without missing answers they are the plain ones.
    For fewer people than items, or than the `n_free` parameters of the model to come, there is a
    reason and no moments.
    """
    rows = matrix[np.isfinite(matrix).any(axis=1)]
    there = np.isfinite(rows)
    n, n_complete = len(rows), int(there.all(axis=1).sum())
    empty = np.full(matrix.shape[1], np.nan)
    reason = _why_not(rows, names) or too_few(n, n_items=len(empty), n_free=n_free)
    if reason:
        square = np.full((len(empty), len(empty)), np.nan)
        return Sample(
            _patterns(rows[:0], there[:0]), n, n_complete, empty, square, np.nan, np.nan, reason
        )
    patterns = _patterns(rows, there)
    mean, cov, reason = _saturated(patterns, rows)
    reason = reason or _singular(cov)
    top = np.nan if reason else log_likelihood(patterns, mean, cov)
    alone = sum(_alone(rows[there[:, j], j]) for j in range(rows.shape[1]))
    return Sample(patterns, n, n_complete, mean, cov, top, float(alone), reason)


def too_few(n: int, *, n_items: int, n_free: int) -> str:
    """Return why so few people cannot carry a model; empty where they can.

    With no more people than items the covariances have no inverse; with fewer people than free
    parameters an answer would come from the model and not from the people.
    """
    if n <= n_items:
        return f"{n} people are too few for {n_items} items; more people than items are needed"
    if n < n_free:
        return f"{n} people are too few for {n_free} free parameters"
    return ""


def _why_not(rows: np.ndarray, names: Sequence[str]) -> str:
    if not len(rows):
        return "nobody answered"
    there = np.isfinite(rows)
    kinds = [len(np.unique(rows[there[:, j], j])) for j in range(len(names))]
    if 0 in kinds:
        return f"nobody answered {names[kinds.index(0)]}"
    if 1 in kinds:
        return f"everybody who answered {names[kinds.index(1)]} answered alike"
    together = there.T.astype(int) @ there.astype(int)
    if not together.all():
        one, other = np.argwhere(together == 0)[0]
        return f"nobody answered both {names[one]} and {names[other]}"
    return ""


def _singular(cov: np.ndarray) -> str:
    scale = np.sqrt(np.diag(cov))
    if np.linalg.eigvalsh(cov / np.outer(scale, scale))[0] > SINGULAR:
        return ""
    return "the covariances have no inverse: too few people, or an item is a sum of others"


def _patterns(rows: np.ndarray, there: np.ndarray) -> Patterns:
    kinds, kind_of = np.unique(there, axis=0, return_inverse=True)
    values = np.where(there, rows, 0.0)
    mean = np.zeros(kinds.shape)
    cov = np.zeros((*kinds.shape, kinds.shape[1]))
    for k in range(len(kinds)):
        answers = values[np.ravel(kind_of) == k]
        mean[k] = answers.mean(axis=0)
        apart = answers - mean[k]
        cov[k] = apart.T @ apart / len(answers)
    return Patterns(kinds, np.bincount(np.ravel(kind_of), minlength=len(kinds)), mean, cov)


def _alone(answers: np.ndarray) -> float:
    """Return the log-likelihood of one item by itself."""
    return float(-len(answers) / 2 * (np.log(2 * np.pi * answers.var()) + 1))


def _saturated(patterns: Patterns, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    if len(patterns.n) == 1:
        return patterns.mean[0], patterns.cov[0], ""
    mean, cov = np.nanmean(rows, axis=0), np.diag(np.nanvar(rows, axis=0))
    scale = np.sqrt(np.diag(cov))
    for _ in range(MAX_STEPS):
        try:
            new_mean, new_cov = _em_step(patterns, mean, cov)
        except np.linalg.LinAlgError:
            break
        moved = np.abs((new_mean - mean) / scale).max()
        moved = max(moved, np.abs((new_cov - cov) / np.outer(scale, scale)).max())
        mean, cov = new_mean, new_cov
        if moved < TOLERANCE:
            return mean, cov, ""
    return mean, cov, "too few people answered items together for the EM algorithm to settle"


def _em_step(
    patterns: Patterns, mean: np.ndarray, cov: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    # Regression of all items on those answered; exact for those answered.
    on_seen = cov @ patterns.weights(cov)
    expected = mean + np.einsum("kij,kj->ki", on_seen, patterns.off(mean))
    spread = on_seen @ patterns.cov @ on_seen.transpose(0, 2, 1) + cov - on_seen @ cov
    spread += expected[:, :, None] * expected[:, None, :]
    share = patterns.n / patterns.n.sum()
    new = share @ expected
    return new, np.einsum("k,kij->ij", share, spread) - np.outer(new, new)


def log_likelihood(patterns: Patterns, mean: np.ndarray, cov: np.ndarray) -> float:
    """Return the normal log-likelihood of what was answered; -inf where cov is not positive.

    The sum over patterns of -n/2 [k log 2 pi + log |C| + tr C^-1 (S + d d')], with d = mean of
    the pattern minus implied mean.
    """
    try:
        root = np.linalg.cholesky(patterns.among_answered(cov))
    except np.linalg.LinAlgError:
        return -np.inf
    log_det = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    weights, off = patterns.weights(cov), patterns.off(mean)
    about = np.einsum("kij,kij->k", weights, patterns.cov + off[:, :, None] * off[:, None, :])
    constant = patterns.there.sum(axis=1) * np.log(2 * np.pi)
    return float(-(patterns.n @ (constant + log_det + about)) / 2)


def moment_gradient(
    patterns: Patterns, mean: np.ndarray, cov: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivatives of the log-likelihood by the implied means and covariances."""
    weights, off = patterns.weights(cov), patterns.off(mean)
    about = weights @ (patterns.cov + off[:, :, None] * off[:, None, :]) @ weights
    by_mean = np.einsum("k,kij,kj->i", patterns.n, weights, off)
    return by_mean, -np.einsum("k,kij->ij", patterns.n, weights - about) / 2
