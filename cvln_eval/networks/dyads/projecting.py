"""Statistics of many permutations from one set-up: nothing is fitted anew.

By the theorem of Frisch, Waugh and Lovell the t of a term depends on the term and the outcome only
through what the other terms leave of both. When people change places the other terms stay, so
that a permutation needs no more than inner products of the moved cells with columns that were made
orthonormal once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.dyads.exchange import cells_after, drawn

__all__ = ["Moving", "draws", "statistics_after"]

# Cells gathered at once: so many fit a processor's cache.
AT_ONCE = 2**15
# Moved cells of which the columns that stay leave less than this share have no statistic.
OWN_SHARE = 1e-10
TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """What is moved, and what stays.

    Attributes
    ----------
    kind : {"term", "score", "correlation", "outcome"}
        Whether what other terms leave of a term is moved, for its t, score test or correlation, or
        the outcome for the t of each term.
    moving : ndarray, shape (C,)
        The cells that people take with them when they change places; 0 where not known.
    columns : ndarray, shape (n_stay + k, C)
        Orthonormal columns of the terms that stay, times their weights, then what the moved cells
        are compared with: the residual of the outcome, or that of each term. 0 in cells not used.
    n_stay : int
        How many columns stay.
    weights : ndarray or None
        Weight of each cell in the sum of squares of what is moved; None where permutations leave
        that sum as it is.
    length : float
        This sum before anything is moved.
    df : int
        Degrees of freedom of a t.
    """

    kind: str
    moving: np.ndarray
    columns: np.ndarray
    n_stay: int
    weights: np.ndarray | None
    length: float
    df: int


def draws(
    size: int,
    stream: np.random.Generator,
    classes: np.ndarray,
    members: tuple[np.ndarray, ...],
    parts: tuple[Moving, ...],
) -> np.ndarray:
    """Return the statistics of random permutations within classes: a task of `resample`."""
    return statistics_after(drawn(size, stream, classes), members, parts)


def statistics_after(
    moved: np.ndarray, members: tuple[np.ndarray, ...], parts: tuple[Moving, ...]
) -> np.ndarray:
    """Return the statistics after permutations (B, n), shape (B, statistics of all parts)."""
    n_cells = len(parts[0].moving)
    step = max(1, AT_ONCE // n_cells)
    place = np.empty((step, n_cells), dtype=np.intp)
    taken = np.empty((step, n_cells))
    found = []
    for first in range(0, len(moved), step):
        some = moved[first : first + step]
        here, cells = cells_after(some, members, place[: len(some)]), taken[: len(some)]
        each = [_statistics(_taken(part, here, cells), part) for part in parts]
        found.append(np.concatenate(each, axis=1))
    return np.concatenate(found)


def _taken(part: Moving, place: np.ndarray, into: np.ndarray) -> np.ndarray:
    # All places exist; only with a mode other than "raise" does numpy write without a copy.
    return np.take(part.moving, place, out=into, mode="clip")


def _statistics(moved: np.ndarray, part: Moving) -> np.ndarray:
    sums = (part.columns @ moved.T).T
    own = part.length if part.weights is None else np.square(moved) @ part.weights
    left = own - np.square(sums[:, : part.n_stay]).sum(axis=1)
    left = np.where(left > OWN_SHARE * part.length, left, np.nan)
    ratio = sums[:, part.n_stay :] / np.sqrt(left)[:, None]
    if part.kind == "term":  # a partial correlation
        # The roots apart: with a ratio of 1 what is under one root would overflow.
        return np.asarray(ratio * np.sqrt(part.df) / np.sqrt(np.maximum(1 - ratio**2, TINY)))
    return np.asarray(ratio * np.sqrt(part.df) if part.kind == "outcome" else ratio)
