"""How far people are from each other along the ties."""

from __future__ import annotations

import numpy as np

from cvln_eval.networks.cohesion.reaching import pairs_by_distance
from cvln_eval.networks.cohesion.result import Quantity, Structure, measured
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["distances", "distances_of"]


def distances(panel: NetworkPanel | Network) -> Structure:
    """Return how far people are from each other: mean and longest shortest path, and efficiency.

    With d the length of the shortest path from i to j, infinite where there is none:
    `share_reachable` = pairs with finite d / n(n - 1); `mean_distance` = mean of the finite d;
    `global_efficiency` = mean of 1 / d over all pairs, whose reciprocal is the harmonic mean
    distance; `diameter` = the greatest finite d. Strengths of ties are no lengths.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.

    Returns
    -------
    Structure
        A path cannot leave unknown pairs out: whoever did not answer is taken to have named
        nobody, so that distances are too long rather than too short. Where nobody reaches anybody
        mean and longest are nan with the reason, and the other two 0; fewer than two people have
        nan. The mean distance of a network that falls apart leaves the pairs far apart out, so
        that it is short for the wrong reason; compare such networks by their efficiency.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    Notes
    -----
    Breadth-first search from 64 people at once. Memory is linear in the ties, time in people x
    ties x longest path / 64.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 110-111, 134. Cambridge
    University Press. Latora, V., & Marchiori, M. (2001). Efficient behavior of small-world
    networks. Physical Review Letters, 87, 198701, eq. 1. Agrees with `igraph::mean_distance`
    and `igraph::diameter` (`unconnected=TRUE`) and `igraph::global_efficiency`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 2]), strength=np.ones(2),
    ...                   answered=np.ones(3, dtype=bool))
    >>> distances(network).tidy()[["measure", "value", "numerator", "denominator"]].round(3)
                 measure  value  numerator  denominator
    0    share_reachable  0.500        3.0          6.0
    1      mean_distance  1.333        4.0          3.0
    2  global_efficiency  0.417        2.5          6.0
    3           diameter  2.000        NaN          NaN
    """
    return measured(
        panel, distances_of, headline=("mean_distance", "share_reachable", "global_efficiency")
    )


def distances_of(network: Network) -> dict[str, Quantity]:
    """Return the four measures of distance of one network."""
    at = pairs_by_distance(network.adjacency())
    steps = np.arange(1, len(at) + 1)
    pairs = network.n * (network.n - 1)
    return {
        "share_reachable": (int(at.sum()), pairs),
        "mean_distance": (int(at @ steps), int(at.sum())),
        "global_efficiency": (float((at / steps).sum()), pairs),
        "diameter": float(len(at)) if len(at) else np.nan,
    }
