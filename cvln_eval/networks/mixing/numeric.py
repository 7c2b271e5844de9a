"""Newman's assortativity of a number, on arrays: as it is, without each person, permuted."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.mixing.permuting import in_batches, permuted

__all__ = ["coefficient", "drawn", "left_out"]

# A variance that is a smaller share of the mean square is rounding.
ROUNDING = 1e-12


def coefficient(values: np.ndarray, arcs: np.ndarray) -> float:
    """Return the correlation of both ends of arcs, nan if either does not vary.

    Parameters
    ----------
    values : ndarray, shape (n,)
        A number of each person, around their mean.
    arcs : ndarray of int, shape (2, m)
        Sender and receiver of each arc.
    """
    x, y = values[arcs]
    sums = [np.array([total]) for total in (x.sum(), y.sum(), x @ x, y @ y, x @ y)]
    return float(_of(np.array([len(x)]), *sums)[0])


def _of(
    m: np.ndarray, x: np.ndarray, y: np.ndarray, xx: np.ndarray, yy: np.ndarray, xy: np.ndarray
) -> np.ndarray:
    """Return correlations from numbers of arcs and sums, of squares and products too."""
    spread_x, spread_y = m * xx - x**2, m * yy - y**2
    has = (spread_x > ROUNDING * m * xx) & (spread_y > ROUNDING * m * yy)
    scale = np.sqrt(np.where(has, spread_x * spread_y, 1.0))
    return np.where(has, (m * xy - x * y) / scale, np.nan)


def left_out(values: np.ndarray, arcs: np.ndarray) -> np.ndarray:
    """Return the correlation without each person and the arcs that end there."""
    n = len(values)
    sender, receiver = arcs
    x, y = values[arcs]
    sent, received = (np.bincount(end, minlength=n) for end in arcs)
    to, come = np.bincount(sender, y, minlength=n), np.bincount(receiver, x, minlength=n)
    to2, come2 = np.bincount(sender, y**2, minlength=n), np.bincount(receiver, x**2, minlength=n)
    return _of(
        len(x) - sent - received,
        x.sum() - sent * values - come,
        y.sum() - to - received * values,
        x @ x - sent * values**2 - come2,
        y @ y - to2 - received * values**2,
        x @ y - values * (to + come),
    )


def drawn(
    size: int,
    stream: np.random.Generator,
    values: np.ndarray,
    answered: np.ndarray,
    arcs: np.ndarray,
) -> np.ndarray:
    """Return the correlation with numbers permuted over people."""
    numbers = permuted(size, stream, values, answered)
    sent, received = (np.bincount(end, minlength=len(values)).astype(float) for end in arcs)
    products = [
        np.einsum("ij,ij->i", numbers[part].take(arcs[0], 1), numbers[part].take(arcs[1], 1))
        for part in in_batches(numbers, arcs.shape[1])
    ]
    squares = numbers**2
    sums = (numbers @ sent, numbers @ received, squares @ sent, squares @ received)
    return _of(np.full(size, arcs.shape[1]), *sums, np.concatenate(products))
