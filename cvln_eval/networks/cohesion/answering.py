"""How many people answered, and the ties among them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cvln_eval.networks.panel import Network

__all__ = ["among_answered", "n_answered"]


def n_answered(network: Network) -> int:
    """Return the number of people who answered."""
    return int(network.answered.sum())


def among_answered(network: Network) -> sparse.csr_array:
    """Return the arcs among the people who answered, as a sparse array of ones."""
    adjacency = network.adjacency()
    if network.answered.all():
        return adjacency
    kept = np.flatnonzero(network.answered)
    return adjacency[kept][:, kept]
