"""Newman's assortativity of a name, on arrays: as it is, without each person, permuted."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cvln_eval.networks.mixing.permuting import internal_ties, permuted, sums_by_group

__all__ = ["coefficient", "drawn", "left_out"]

# 1 - sum a b is a multiple of one over the squared number of arcs, or rounding.
ROUNDING = 1e-12


def coefficient(codes: np.ndarray, arcs: np.ndarray) -> float:
    """Return r of the arcs between people of these groups, nan if they say nothing.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Group of each person.
    arcs : ndarray of int, shape (2, m)
        Sender and receiver of each arc.
    """
    first, second = codes[arcs]
    size = int(codes.max()) + 1
    expected = np.bincount(first, minlength=size) @ np.bincount(second, minlength=size)
    internal = np.array([(first == second).sum()])
    return float(_of(internal, np.array([expected]), np.array([len(first)]))[0])


def _of(internal: np.ndarray, products: np.ndarray, arcs: np.ndarray) -> np.ndarray:
    """Return (t m - p) / (m^2 - p): t arcs within groups, p the sum of products, m arcs."""
    whole = np.asarray(arcs, dtype=float) ** 2
    room = whole - products
    has = room > ROUNDING * whole
    return np.asarray(
        np.divide(internal * arcs - products, room, out=np.full(room.shape, np.nan), where=has)
    )


def left_out(codes: np.ndarray, arcs: np.ndarray) -> np.ndarray:
    """Return r without each person and the arcs that end there; linear in people and arcs."""
    n, size = len(codes), int(codes.max()) + 1
    sender, receiver = arcs
    first, second = codes[arcs]
    sent, received = (np.bincount(end, minlength=n) for end in arcs)
    a, b = np.bincount(first, minlength=size), np.bincount(second, minlength=size)
    # To whom a person's arcs go and whom they come from, counted by group.
    shape = (n, size)
    to = sparse.csr_array((np.ones(len(sender)), (sender, second)), shape=shape)
    come = sparse.csr_array((np.ones(len(sender)), (receiver, first)), shape=shape)
    own = np.arange(n), codes
    # What leaving out takes from a is sent (in the own group) and come; from b received and to.
    lost_a = sent * b[codes] + come @ b
    lost_b = received * a[codes] + to @ a
    both = sent * received + sent * to[own] + received * come[own] + (come * to).sum(axis=1)
    same = first == second
    inside = sum(np.bincount(end[same], minlength=n) for end in arcs)
    return _of(same.sum() - inside, a @ b - lost_a - lost_b + both, len(first) - sent - received)


def drawn(
    size: int,
    stream: np.random.Generator,
    codes: np.ndarray,
    answered: np.ndarray,
    arcs: np.ndarray,
) -> np.ndarray:
    """Return r with groups permuted over people."""
    n_groups, n = int(codes.max()) + 1, len(codes)
    groups = permuted(size, stream, codes.astype(np.min_scalar_type(n_groups)), answered)
    a, b = (sums_by_group(groups, np.bincount(end, minlength=n), n_groups) for end in arcs)
    internal = internal_ties(groups, arcs, n_groups).sum(axis=1)
    return _of(internal, (a * b).sum(axis=1), np.full(size, arcs.shape[1]))
