"""Groups permuted over people, and how far out what was seen lies among what was drawn."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.resampling import counted_p
from cvln_eval.resampling.counting import TIE_TOLERANCE

__all__ = [
    "EXCHANGED",
    "exchangeable",
    "in_batches",
    "internal_ties",
    "null_range",
    "permutation_tail",
    "permuted",
    "refuse_draws",
    "sums_by_group",
]

NULL_RANGE = ("null_mean", "null_low", "null_high")
P = ("p_value", "p_low", "p_high", "smallest_p")
# Numbers looked at together, so that they stay in the processor's cache.
BATCH_NUMBERS = 500_000
EXCHANGED = "permuted over people, among those who answered and among those who did not"


def refuse_draws(n_draws: object) -> None:
    """Raise `ArgumentError` unless this is a number of draws."""
    if isinstance(n_draws, bool) or not isinstance(n_draws, int | np.integer) or n_draws < 1:
        raise ArgumentError(
            "A permutation test needs draws",
            expected="`n_draws`, a whole number of 1 or more",
            seen=repr(n_draws),
        )


def permuted(
    size: int, stream: np.random.Generator, labels: np.ndarray, answered: np.ndarray
) -> np.ndarray:
    """Return labels permuted among those who answered and among those who did not.

    Each group so keeps its size and its number of answers, and with them the known pairs of a
    directed network.
    """
    drawn = np.tile(labels, (size, 1))
    if answered.all():
        return stream.permuted(drawn, axis=1)
    for stratum in (answered, ~answered):
        drawn[:, stratum] = stream.permuted(drawn[:, stratum], axis=1)
    return drawn


def exchangeable(labels: np.ndarray, answered: np.ndarray) -> bool:
    """Return whether a permutation can change who has which label."""
    return any(len(np.unique(labels[stratum])) > 1 for stratum in (answered, ~answered))


def in_batches(drawn: np.ndarray, n_pairs: int) -> list[slice]:
    """Return slices of draws that have together about as many pairs as the cache has room for."""
    step = max(1, BATCH_NUMBERS // max(1, n_pairs))
    return [slice(start, start + step) for start in range(0, len(drawn), step)]


def internal_ties(drawn: np.ndarray, pairs: np.ndarray, n_groups: int) -> np.ndarray:
    """Return for each draw and group how many of these pairs are within it, shape (size, groups).

    Parameters
    ----------
    drawn : ndarray of int, shape (size, n)
        The group of each person in each draw.
    pairs : ndarray of int, shape (2, m)
        The two people of each pair.
    n_groups : int
        Number of groups.
    """
    counts = np.zeros((len(drawn), n_groups), dtype=np.int64)
    sender, receiver = pairs
    for part in in_batches(drawn, len(sender)):
        first = drawn[part].take(sender, axis=1)
        size, found = len(first), np.flatnonzero(first == drawn[part].take(receiver, axis=1))
        cells = found // max(1, len(sender)) * n_groups + first.ravel()[found]
        counts[part] = np.bincount(cells, minlength=size * n_groups).reshape(size, n_groups)
    return counts


def sums_by_group(drawn: np.ndarray, values: np.ndarray, n_groups: int) -> np.ndarray:
    """Return for each draw the sum over each group of a value of people, shape (size, groups)."""
    size = len(drawn)
    cells = drawn + n_groups * np.arange(size)[:, None]
    sums = np.bincount(cells.ravel(), np.tile(values, size), minlength=size * n_groups)
    return np.asarray(sums.reshape(size, n_groups))


def null_range(drawn: np.ndarray, conf_level: float) -> dict[str, float]:
    """Return the mean of the draws that have a value, and the bounds of their middle share."""
    values = drawn[~np.isnan(drawn)]
    if not len(values):
        return dict.fromkeys(NULL_RANGE, np.nan)
    low, high = np.quantile(values, [(1 - conf_level) / 2, (1 + conf_level) / 2])
    found = (float(values.mean()), float(low), float(high))
    return dict(zip(NULL_RANGE, found, strict=True))


def permutation_tail(
    observed: float, drawn: np.ndarray, *, conf_level: float
) -> dict[str, float | int]:
    """Return the two-sided p of a statistic among its draws, with the Monte Carlo interval.

    p = 2 (c + 1) / (n + 1), at most 1, where c of n draws lie at or beyond the observed value on
    the side that has fewer. Unlike distances from a mean that is itself drawn, it is the same for
    every increasing function of the statistic. Draws without a value are left out, as they could
    not have been compared had they been seen.
    """
    values = drawn[~np.isnan(drawn)]
    n = len(values)
    if np.isnan(observed) or n == 0:
        return dict.fromkeys((*NULL_RANGE, *P), np.nan) | {"n_draws": n}
    near = TIE_TOLERANCE * max(abs(observed), float(np.abs(values).max()))
    extreme = int(min((values >= observed - near).sum(), (values <= observed + near).sum()))
    tail = asdict(counted_p(extreme, n, conf_level=conf_level))
    doubled = {name: min(1.0, 2 * tail[name]) for name in P}
    return null_range(values, conf_level) | doubled | {"n_draws": n}
