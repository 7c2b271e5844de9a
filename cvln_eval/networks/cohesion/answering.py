"""Which pairs could be answered, and the ties among the people who answered."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cvln_eval.networks.panel import Network

__all__ = ["among_answered", "answerable_ties", "n_answerable", "n_answered"]


def n_answered(network: Network) -> int:
    """Return the number of people who answered."""
    return int(network.answered.sum())


def answerable_ties(network: Network) -> np.ndarray:
    """Return for each tie whether its pair would be known whichever way it had turned out.

    An undirected tie with somebody who did not answer may be known because it is one, as by the
    rule "either". To count it would make the known pairs denser than the others are.
    """
    sends = network.answered[network.sender]
    return np.asarray(sends if network.directed else sends & network.answered[network.receiver])


def n_answerable(network: Network) -> int:
    """Return the number of pairs whose sender answered; of undirected ties, whose both ends did."""
    answered = n_answered(network)
    return answered * (network.n - 1) if network.directed else answered * (answered - 1) // 2


def among_answered(network: Network) -> sparse.csr_array:
    """Return the arcs among the people who answered, as a sparse array of ones."""
    adjacency = network.adjacency()
    if network.answered.all():
        return adjacency
    kept = np.flatnonzero(network.answered)
    return adjacency[kept][:, kept]
