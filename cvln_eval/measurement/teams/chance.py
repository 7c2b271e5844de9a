"""How small the variance within a team gets when its members answer at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from cvln_eval.measurement.teams.grouped import team_variances

__all__ = ["ALPHA", "critical_variance", "item_correlations", "lower_tail", "random_variances"]

ALPHA = 0.05
MOST_CELLS = 1_000_000


def item_correlations(values: np.ndarray) -> np.ndarray:
    """Return correlations of items over people; 0 for an item that everybody answered alike."""
    apart = values - values.mean(axis=0) if len(values) else values
    length = np.sqrt((apart**2).sum(axis=0))
    scaled = apart / np.where(length > 0, length, 1.0)
    found = scaled.T @ scaled
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def random_variances(
    size: int,
    *,
    proportions: np.ndarray,
    correlations: np.ndarray,
    n_draws: int,
    stream: np.random.Generator,
) -> np.ndarray:
    """Return the mean item variance of teams that answer at random, in ascending order.

    Answers are normal variables with the given correlations between items, cut so that each
    answer has its share of the null.
    """
    spread, axes = np.linalg.eigh(correlations)
    root = axes * np.sqrt(np.maximum(spread, 0.0))
    cuts = ndtri(np.cumsum(proportions)[:-1].clip(0, 1))
    step = max(1, MOST_CELLS // (size * len(root)))
    drawn: list[np.ndarray] = []
    for start in range(0, n_draws, step):
        shape = (min(step, n_draws - start), size, len(root))
        latent = stream.standard_normal(shape) @ root.T
        found = np.searchsorted(cuts, latent).astype(float)
        drawn.append(team_variances(found, np.array([size])).mean(axis=(-2, -1)))
    return np.sort(np.concatenate(drawn))


def lower_tail(variance: float, drawn: Sequence[float] | np.ndarray) -> float:
    """Return (c + 1) / (n + 1), with c the draws whose variance is no larger."""
    if np.isnan(variance):
        return float("nan")
    # The same answers in another order give a variance that differs in its last digit.
    below = np.searchsorted(drawn, variance + 1e-9)
    return float((below + 1) / (len(drawn) + 1))


def critical_variance(drawn: np.ndarray) -> float:
    """Return the largest variance with a p of at most .05; nan where no variance has one."""
    most = int(np.floor(ALPHA * (len(drawn) + 1))) - 1
    if most < 1:
        return float("nan")
    small_enough = drawn[drawn < drawn[most] - 1e-9]
    return float(small_enough[-1]) if len(small_enough) else float("nan")
