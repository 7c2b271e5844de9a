"""Transitivity and the triad census."""

from __future__ import annotations

from math import comb

import numpy as np

from cvln_eval.networks.cohesion.answering import among_answered, n_answered
from cvln_eval.networks.cohesion.census import closed_triples, triad_counts
from cvln_eval.networks.cohesion.result import Quantity, Structure, measured
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["transitivities_of", "transitivity", "triad_census", "triads_of"]


def transitivity(panel: NetworkPanel | Network) -> Structure:
    """Return how often a path of two ties is closed, with direction and without.

    `transitivity` is the share of ordered triples i to j to k of three people that have i to k;
    `clustering`, the global clustering coefficient, is 3 x triangles / paths of two ties of the
    network without directions, where a tie in either direction is one.

    Parameters
    ----------
    panel : NetworkPanel or Network
        If ties have no direction, both are the same number.

    Returns
    -------
    Structure
        Over people who answered. Networks without a path of two ties have nan with the reason.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 243-246. Cambridge University
    Press. Newman, M. E. J., Strogatz, S. H., & Watts, D. J. (2001). Random graphs with arbitrary
    degree distributions. Physical Review E, 64, 026118, p. 12. The first agrees with
    `sna::gtrans(measure="weak")`, the second with `igraph::transitivity(type="global")` and
    `networkx.transitivity` of the undirected graph.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                   receiver=np.array([1, 2, 2, 1]), strength=np.ones(4),
    ...                   answered=np.ones(3, dtype=bool))
    >>> transitivity(network).tidy()[["measure", "value", "numerator", "denominator"]]
            measure  value  numerator  denominator
    0  transitivity    1.0        2.0          2.0
    1    clustering    1.0        3.0          3.0
    """
    return measured(panel, transitivities_of, headline=("transitivity", "clustering"))


def transitivities_of(network: Network) -> dict[str, Quantity]:
    """Return transitivity and global clustering of one network."""
    arcs = among_answered(network)
    either = (arcs + arcs.T).tocsr()
    either.data = np.ones_like(either.data)
    closed, triples = closed_triples(either)  # which has each pair of neighbours in both orders
    return {"transitivity": closed_triples(arcs), "clustering": (closed // 2, triples // 2)}


def triad_census(panel: NetworkPanel | Network) -> Structure:
    """Count the triads of three people by the sixteen types that three dyads can make.

    A type is named by its numbers of mutual, asymmetric and null dyads and, where these leave it
    open, by Down, Up, Transitive or Cyclic: 030T is i to j, j to k, i to k.

    Parameters
    ----------
    panel : NetworkPanel or Network
        An undirected tie counts as mutual, so that 003, 102, 201 and 300 alone can occur.

    Returns
    -------
    Structure
        `triads_003` to `triads_300` over triads who all answered; `triads_not_known` counts the
        others, so that all add up to n(n - 1)(n - 2) / 6. Fewer than three people have no triads.
        Networks in which nobody answered have nan with the reason.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    Notes
    -----
    Memory is linear in the ties; time in their paths of two, sum of in-degree x out-degree.

    References
    ----------
    Holland, P. W., & Leinhardt, S. (1970). A method for detecting structure in sociometric data.
    American Journal of Sociology, 76, 492-513. Moody, J. (1998). Matrix methods for calculating
    the triad census. Social Networks, 20, 291-299. Agrees with `sna::triad.census` and
    `networkx.triadic_census`.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c", "d"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1]),
    ...                   receiver=np.array([1, 2, 2]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> counts = triad_census(network).tidy().set_index("measure")["value"]
    >>> counts[counts > 0].to_dict()
    {'triads_012': 3.0, 'triads_030T': 1.0}
    """
    return measured(panel, triads_of, headline=("triads_030T", "triads_030C", "triads_300"))


def triads_of(network: Network) -> dict[str, Quantity]:
    """Return the triad census of one network."""
    found: dict[str, Quantity] = {
        f"triads_{name}": number for name, number in triad_counts(among_answered(network)).items()
    }
    found["triads_not_known"] = comb(network.n, 3) - comb(n_answered(network), 3)
    return found
