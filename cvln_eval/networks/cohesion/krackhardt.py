"""Krackhardt's four: how far a network is the tree that an organization's chart is."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from cvln_eval.networks.cohesion.components import parts
from cvln_eval.networks.cohesion.reaching import WORD, reached_from
from cvln_eval.networks.cohesion.result import NO_DIRECTION, Quantity, Structure, measured
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["krackhardt", "krackhardt_of"]


def krackhardt(panel: NetworkPanel | Network) -> Structure:
    """Return the four degrees to which a network is an out-tree, as a chart of offices is.

    Each is 1 of a tree whose ties lead down from one head. `krackhardt_connectedness`: pairs in
    the same weak component / pairs. `krackhardt_hierarchy`: pairs of whom one reaches the other
    and not the reverse / pairs of whom one reaches the other. `krackhardt_efficiency`: 1 -
    sum(L - (m - 1)) / sum(m(m - 1) - (m - 1)) over weak components of m people and L arcs.
    `krackhardt_lubness`: 1 - pairs without a least upper bound / sum((m - 1)(m - 2) / 2). An upper
    bound of i and j reaches both (each reaches himself); a least one is reached by all others.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Of undirected networks efficiency counts each tie and each pair once; hierarchy and least
        upper bounds need directions.

    Returns
    -------
    Structure
        A path cannot leave unknown pairs out: whoever did not answer is taken to have named
        nobody. nan with the reason: connectedness of fewer than two people, hierarchy if nobody
        reaches anybody, efficiency without a component of two (undirected: three) people, least
        upper bounds without one of three, and all if nobody answered. (sna has 1 or NaN there.)

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    Notes
    -----
    Everybody in a strong component has the same upper bounds, so that pairs of components are
    compared. Their ancestors are kept as bits, (number of strong components)^2 / 8 bytes.

    References
    ----------
    Krackhardt, D. (1994). Graph theoretical dimensions of informal organizations. In K. M. Carley
    & M. J. Prietula (Eds.), Computational organization theory (pp. 89-111). Erlbaum. Agrees with
    `sna::connectedness`, `sna::hierarchy(measure="krackhardt")` and `sna::efficiency`, and with
    `sna::lubness` but where several people are over one who is over others: sna then does not
    take that one for the least upper bound of those below, against its own documentation (1 and 2
    over 3, 3 over 4 and 5: 5/6 here, 1/3 there). UCINET takes efficiency of the ties without
    directions, as is done here of undirected networks, but averages it over components.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([2, 2]), strength=np.ones(2),
    ...                   answered=np.ones(3, dtype=bool))
    >>> krackhardt(network).tidy()[["measure", "value"]]
                        measure  value
    0  krackhardt_connectedness    1.0
    1      krackhardt_hierarchy    1.0
    2     krackhardt_efficiency    1.0
    3        krackhardt_lubness    0.0
    """
    return measured(
        panel,
        krackhardt_of,
        headline=(
            "krackhardt_connectedness",
            "krackhardt_hierarchy",
            "krackhardt_efficiency",
            "krackhardt_lubness",
        ),
    )


def krackhardt_of(network: Network) -> dict[str, Quantity]:
    """Return the four of one network."""
    adjacency = network.adjacency()
    weak = parts(adjacency, "weak")
    sizes = np.bincount(weak)
    down = _down(adjacency, weak) if network.directed else (NO_DIRECTION, NO_DIRECTION)
    return {
        "krackhardt_connectedness": (_pairs(sizes), network.n * (network.n - 1) // 2),
        "krackhardt_hierarchy": down[0],
        "krackhardt_efficiency": _efficiency(sizes, network.n_ties, network.directed),
        "krackhardt_lubness": down[1],
    }


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _efficiency(sizes: np.ndarray, n_ties: int, directed: bool) -> tuple[int, int]:
    needed = int((sizes - 1).sum())
    most = _pairs(sizes) * (2 if directed else 1) - needed
    return most - (n_ties - needed), most


def _down(adjacency: sparse.csr_array, weak: np.ndarray) -> tuple[Quantity, Quantity]:
    """Return hierarchy and least upper boundedness, which follow ties down from their senders."""
    members, ancestors, sizes = _condensed(adjacency)
    mutual = _pairs(sizes)
    reached = int(_ancestors_in_people(ancestors, sizes) @ sizes) - len(members)
    weak_sizes = np.bincount(weak)
    most = int(((weak_sizes - 1) * (weak_sizes - 2) // 2).sum())
    weak_of = np.empty(len(sizes), dtype=np.intp)
    weak_of[members] = weak
    lacking = _without_bound(ancestors, sizes, weak_of)
    return (reached - 2 * mutual, reached - mutual), (most - lacking, most)


def _condensed(adjacency: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each person's strong component, the components' ancestors as bits, and their sizes.

    Components are numbered so that ancestors come before those whom they reach: whoever reaches
    another has fewer ancestors than he.
    """
    members = parts(adjacency, "strong")
    n_ancestors = np.bitwise_count(reached_from(_between(adjacency, members))).sum(axis=0)
    place = np.empty(len(n_ancestors), dtype=np.intp)
    place[np.argsort(n_ancestors, kind="stable")] = np.arange(len(n_ancestors))
    members = place[members]
    return members, reached_from(_between(adjacency, members)), np.bincount(members)


def _between(adjacency: sparse.csr_array, members: np.ndarray) -> sparse.csr_array:
    """Return the arcs between strong components."""
    n = int(members.max(initial=-1)) + 1
    sender = np.repeat(members, np.diff(adjacency.indptr))
    receiver = members[adjacency.indices]
    apart = sender != receiver
    ends = (sender[apart], receiver[apart])
    return sparse.csr_array((np.ones(len(ends[0])), ends), shape=(n, n))


def _ancestors_in_people(ancestors: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return for each component how many people reach it, its own included."""
    total = np.zeros(len(sizes), dtype=np.int64)
    for word, bits in enumerate(ancestors):
        own = sizes[WORD * word : WORD * (word + 1)]
        for bit, size in enumerate(own):
            total += size * ((bits >> np.uint64(bit)) & np.uint64(1)).astype(np.int64)
    return total


def _without_bound(ancestors: np.ndarray, sizes: np.ndarray, weak: np.ndarray) -> int:
    """Return the pairs of people in the same weak component who have no least upper bound.

    If components share ancestors, the one with the greatest number has no other of them below it.
    It is the least upper bound if all shared ancestors are its own.
    """
    n_ancestors = np.bitwise_count(ancestors).sum(axis=0, dtype=np.int64)
    lacking = 0
    for one in range(len(sizes) - 1):
        words = np.flatnonzero(ancestors[:, one])
        shared = ancestors[words, one + 1 :] & ancestors[words, one][:, None]
        n_shared = np.bitwise_count(shared).sum(axis=0, dtype=np.int64)
        bounded = n_ancestors[_last(shared, words)] == n_shared  # which is never 0: each is his own
        apart = ~bounded & (weak[one + 1 :] == weak[one])
        lacking += int(sizes[one] * sizes[one + 1 :][apart].sum())
    return lacking


def _last(shared: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return the number of the highest bit of each column, 0 where none is set."""
    row = len(words) - 1 - np.argmax(shared[::-1] != 0, axis=0)
    word = shared[row, np.arange(shared.shape[1])]
    # frexp is exact for 32 bits, not for 64.
    high, low = (
        half.astype(float) for half in (word >> np.uint64(32), word & np.uint64(2**32 - 1))
    )
    bit = np.where(high > 0, np.frexp(high)[1] + 31, np.frexp(low)[1] - 1)
    return np.where(word > 0, WORD * words[row] + bit, 0)
