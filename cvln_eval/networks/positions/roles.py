"""How often each person stands between two others, by the groups of the three.

A two-path i -> j -> k without the tie i -> k is told apart by which of the three are in one group.
All roles come from five products of the ties within groups and those between them, so that no
two-path has to be listed.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cvln_eval.networks.positions.wedges import at_ties

__all__ = ["ROLES", "open_two_paths"]

ROLES = ("coordinator", "consultant", "gatekeeper", "representative", "liaison", "total")


def open_two_paths(ties: sparse.csr_array, group: np.ndarray) -> np.ndarray:
    """Return for each person and role the two-paths that nothing closes; shape (n, 6)."""
    sender, receiver = ties.tocoo().coords
    same = group[sender] == group[receiver]
    shape = ties.shape
    own, other = (_of(sender[kept], receiver[kept], shape) for kept in (same, ~same))
    found = _two_paths(own, other, group) - _closed(own, other)
    return np.column_stack([found, found.sum(axis=1)])


def _of(sender: np.ndarray, receiver: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(sender)), (sender, receiver)), shape=shape)


def _two_paths(own: sparse.csr_array, other: sparse.csr_array, group: np.ndarray) -> np.ndarray:
    """Return two-paths i -> j -> k of three people by role, closed or not."""
    own_in, own_out = own.sum(axis=0), own.sum(axis=1)
    other_in, other_out = other.sum(axis=0), other.sum(axis=1)
    # Of the paths that leave j's group at both ends, those whose ends are in one group.
    member = _of(np.arange(len(group)), group, (len(group), int(group.max(initial=0)) + 1))
    alike = ((other.T @ member) * (other @ member)).sum(axis=1)
    own_back, other_back = (each.multiply(each.T).sum(axis=1) for each in (own, other))
    return np.column_stack(
        [
            own_in * own_out - own_back,
            alike - other_back,
            other_in * own_out,
            own_in * other_out,
            other_in * other_out - alike,
        ]
    )


def _closed(own: sparse.csr_array, other: sparse.csr_array) -> np.ndarray:
    """Return two-paths i -> j -> k with the tie i -> k by role of j."""

    def of(
        first: sparse.csr_array, second: sparse.csr_array, third: sparse.csr_array
    ) -> np.ndarray:
        # At each first leg i -> j: how many k both have, i by the third tie and j by the second.
        shared = at_ties(first, third, sparse.csr_array(second.T))
        return np.asarray(shared.sum(axis=0))

    return np.column_stack(
        [
            of(own, own, own),
            of(other, other, own),
            of(other, own, other),
            of(own, other, other),
            of(other, other, other),
        ]
    )
