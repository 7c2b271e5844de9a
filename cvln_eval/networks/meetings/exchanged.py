"""Change between groups that met and did not, under every place the groups could have had."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from math import factorial, prod

import numpy as np

__all__ = ["differences", "drawn_estimates", "estimates", "every_exchange", "n_exchanges"]


def differences(change: np.ndarray, met: np.ndarray) -> np.ndarray:
    """Return difference, mean change of pairs that met, and of those that did not, a row a record.

    Steps are weighted by n1 n0 / (n1 + n0); nan where no step has pairs of both kinds.

    Parameters
    ----------
    change : ndarray, shape (steps, groups, groups)
        Change of each pair of groups, nan where it is not known; only those above the diagonal
        are read.
    met : ndarray of bool, shape (records, steps, groups, groups)
        Who met whom.
    """
    upper = np.triu(np.ones(change.shape[-2:], dtype=bool), 1) & np.isfinite(change)
    values = np.where(upper, change, 0.0)
    n1, sum1 = (met & upper).sum(axis=(-2, -1)), (met * values).sum(axis=(-2, -1))
    n0, sum0 = upper.sum(axis=(-2, -1)) - n1, values.sum(axis=(-2, -1)) - sum1
    both = (n1 > 0) & (n0 > 0)
    weight = np.where(both, n1 * n0 / np.maximum(n1 + n0, 1), 0.0)
    total = weight.sum(axis=-1)
    means = [
        (weight * part / np.maximum(n, 1)).sum(axis=-1) / np.where(total > 0, total, np.nan)
        for part, n in ((sum1, n1), (sum0, n0))
    ]
    return np.stack([means[0] - means[1], *means], axis=-1)


def estimates(change: np.ndarray, met: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return the difference after each exchange of groups, in all steps alike.

    Parameters
    ----------
    change, met : ndarray, shape (steps, groups, groups)
        Changes, and who met whom.
    orders : ndarray of int, shape (exchanges, groups)
        Whose place each group takes.
    """
    placed = met[:, orders[:, :, None], orders[:, None, :]].swapaxes(0, 1)
    return np.asarray(differences(change, placed)[:, 0])


def drawn_estimates(
    size: int,
    stream: np.random.Generator,
    change: np.ndarray,
    met: np.ndarray,
    there: np.ndarray,
) -> np.ndarray:
    """Return the difference after exchanges drawn at random, among groups of the same steps."""
    orders = np.tile(np.arange(there.shape[1]), (size, 1))
    for alike in _alike(there):
        orders[:, alike] = stream.permuted(np.tile(alike, (size, 1)), axis=1)
    return estimates(change, met, orders)


def n_exchanges(there: np.ndarray) -> int:
    """Return the number of exchanges among groups that are there in the same steps."""
    return prod(factorial(len(alike)) for alike in _alike(there))


def every_exchange(there: np.ndarray) -> np.ndarray:
    """Return all exchanges, one a row, the one that leaves everybody in place first."""
    parts = list(_alike(there))
    orders = np.tile(np.arange(there.shape[1]), (n_exchanges(there), 1))
    for row, chosen in enumerate(product(*(permutations(alike) for alike in parts))):
        for alike, order in zip(parts, chosen, strict=True):
            orders[row, alike] = order
    return orders


def _alike(there: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the groups of each pattern of steps; absent everywhere is a pattern of no account."""
    patterns, which = np.unique(there, axis=1, return_inverse=True)
    for place, pattern in enumerate(patterns.T):
        if pattern.any():
            yield np.flatnonzero(which.ravel() == place)
