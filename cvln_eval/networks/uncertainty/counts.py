"""What is counted of a network before any of its measures: told ties, pairs, pairs not known."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.cohesion.answering import among_answered
from cvln_eval.networks.cohesion.census import dyad_counts
from cvln_eval.networks.mixing.grouping import Grouped
from cvln_eval.networks.panel import Network

__all__ = ["as_told", "least_isolates", "most_isolates", "of_dyads", "of_groups"]


def as_told(network: Network) -> Network:
    """Return the network without arcs of people who did not answer, which nobody told."""
    return network.answerable() if network.directed else network


def of_dyads(network: Network) -> tuple[int, int, int, int, int]:
    """Return the dyads by what is known of them.

    Mutual and asymmetric ones of two people who answered; of those with one who did not, those
    that the other named and did not name; those of two who did not.
    """
    mutual, asymmetric, _ = dyad_counts(among_answered(network))
    answered = int(network.answered.sum())
    silent = network.n - answered
    named = int((~network.answered[network.receiver]).sum())
    return mutual, asymmetric, named, answered * silent - named, silent * (silent - 1) // 2


def of_groups(groups: Grouped) -> np.ndarray:
    """Return ties, known pairs and all pairs, in columns within groups and between them."""
    network = groups.network
    sizes = np.bincount(groups.codes)
    within = int((sizes * (sizes - 1)).sum()) // (1 if network.directed else 2)
    parts = [network.among(network.ids[groups.codes == group]) for group in range(len(sizes))]
    known = sum(part.n_dyads() for part in parts)
    inside = np.array([int(groups.same.sum()), known, within])
    every = np.array([network.n_ties, network.n_dyads(), network.n_dyads(known=False)])
    return np.column_stack([inside, every - inside])


def most_isolates(network: Network) -> int:
    """Return the number of people without a known tie: isolates if no unknown pair is tied."""
    return int((~_tied(network)).sum())


def least_isolates(network: Network) -> int:
    """Return the number of people who are isolates even if every unknown pair is tied."""
    silent = ~network.answered
    if not silent.any():
        return most_isolates(network)
    if network.rule != "both":
        # Each who did not answer could be tied to everybody.
        return int(network.n == 1)
    tied = _tied(network)
    tied[network.claimed.ravel()] = True
    # Two who did not answer could be tied to each other.
    tied |= silent & (silent.sum() > 1)
    return int((~tied).sum())


def _tied(network: Network) -> np.ndarray:
    tied = np.zeros(network.n, dtype=bool)
    tied[network.sender] = tied[network.receiver] = True
    return tied
