"""The answers as normal-theory maximum likelihood sees them: by who left out what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Pattern", "Sample", "log_likelihood", "moment_gradient", "sample_of", "too_few"]

MAX_STEPS = 5000
SINGULAR = 1e-9  # least eigenvalue of the correlations
TOLERANCE = 1e-9  # in standard deviations of the items


@dataclass(frozen=True, slots=True)
class Pattern:
    """People who answered the same items.

    Attributes
    ----------
    items : ndarray
        Places of the items answered.
    n : int
        People.
    mean, cov : ndarray
        Their means and covariances, with n in the denominator.
    """

    items: np.ndarray
    n: int
    mean: np.ndarray
    cov: np.ndarray


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of the items without a factor model.

    Attributes
    ----------
    patterns : tuple of Pattern
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

    patterns: tuple[Pattern, ...]
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
        return Sample((), n, n_complete, empty, square, np.nan, np.nan, reason)
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


def _patterns(rows: np.ndarray, there: np.ndarray) -> tuple[Pattern, ...]:
    kinds, kind_of = np.unique(there, axis=0, return_inverse=True)
    found = []
    for k, kind in enumerate(kinds):
        items = np.flatnonzero(kind)
        answers = rows[np.ravel(kind_of) == k][:, items]
        mean = answers.mean(axis=0)
        apart = answers - mean
        found.append(Pattern(items, len(answers), mean, apart.T @ apart / len(answers)))
    return tuple(found)


def _alone(answers: np.ndarray) -> float:
    """Return the log-likelihood of one item by itself."""
    return float(-len(answers) / 2 * (np.log(2 * np.pi * answers.var()) + 1))


def _saturated(
    patterns: tuple[Pattern, ...], rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    if len(patterns) == 1:
        return patterns[0].mean, patterns[0].cov, ""
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
    patterns: tuple[Pattern, ...], mean: np.ndarray, cov: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n = sum(pattern.n for pattern in patterns)
    total, squares = np.zeros_like(mean), np.zeros_like(cov)
    for pattern in patterns:
        # Regression of all items on those answered; exact for those answered.
        seen = pattern.items
        on_seen = np.linalg.solve(cov[np.ix_(seen, seen)], cov[seen]).T
        expected = mean + on_seen @ (pattern.mean - mean[seen])
        left = cov - on_seen @ cov[seen]
        total += pattern.n * expected
        spread = on_seen @ pattern.cov @ on_seen.T + np.outer(expected, expected) + left
        squares += pattern.n * spread
    new = total / n
    return new, squares / n - np.outer(new, new)


def log_likelihood(patterns: Sequence[Pattern], mean: np.ndarray, cov: np.ndarray) -> float:
    """Return the normal log-likelihood of what was answered; -inf where cov is not positive.

    The sum over patterns of -n/2 [k log 2 pi + log |C| + tr C^-1 (S + d d')], with d = mean of
    the pattern minus implied mean.
    """
    total = 0.0
    for pattern in patterns:
        seen = pattern.items
        try:
            root = np.linalg.cholesky(cov[np.ix_(seen, seen)])
        except np.linalg.LinAlgError:
            return -np.inf
        off = pattern.mean - mean[seen]
        whole = np.linalg.solve(root, np.linalg.solve(root, pattern.cov + np.outer(off, off)).T)
        log_det = 2 * np.log(np.diag(root)).sum()
        total -= pattern.n / 2 * (len(seen) * np.log(2 * np.pi) + log_det + np.trace(whole))
    return float(total)


def moment_gradient(
    patterns: Sequence[Pattern], mean: np.ndarray, cov: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivatives of the log-likelihood by the implied means and covariances."""
    by_mean, by_cov = np.zeros_like(mean), np.zeros_like(cov)
    for pattern in patterns:
        seen = np.ix_(pattern.items, pattern.items)
        weight = np.linalg.inv(cov[seen])
        off = pattern.mean - mean[pattern.items]
        by_mean[pattern.items] += pattern.n * weight @ off
        about = weight @ (pattern.cov + np.outer(off, off)) @ weight
        by_cov[seen] -= pattern.n / 2 * (weight - about)
    return by_mean, by_cov
