"""How many people have to go before a network falls apart, and into which pieces.

A part of a network that k people cannot separate lies, whole, in one of the pieces into which any k
people separate the network, together with these people. So one smallest cut after the other finds
all parts: no cut has to be listed twice, and no part is missed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from cvln_eval.networks.positions.disjoint import Paths

__all__ = ["cohesive_parts", "core_numbers", "smallest_cut"]


def core_numbers(ties: sparse.csr_array) -> np.ndarray:
    """Return for each person the largest k whose k-core has him; ties both ways, sparse.

    References
    ----------
    Batagelj, V., & Zaversnik, M. (2011). Fast algorithms for determining (generalized) core groups
    in social networks. Advances in Data Analysis and Classification, 5(2), 129-145.
    """
    degree = np.diff(ties.indptr).astype(np.int64)
    core = np.zeros(len(degree), dtype=np.int64)
    left = np.ones(len(degree), dtype=bool)
    level = 0
    while left.any():
        leaving = left & (degree <= level)
        if not leaving.any():
            level = int(degree[left].min())
            continue
        core[leaving] = level
        left &= ~leaving
        degree -= np.asarray(ties @ leaving.astype(np.int64), dtype=np.int64)
    return core


def cohesive_parts(ties: sparse.csr_array) -> Iterator[tuple[int, np.ndarray]]:
    """Yield k and the people of each part that only k people or more can separate, k from 1 on.

    Each is the largest such part around its people. A part of k that is one of k + 1 as well is
    told once, with its greatest k; k + 1 people who are all tied to each other have k.

    References
    ----------
    Moody, J., & White, D. R. (2003). Structural cohesion and embeddedness: A hierarchical concept
    of social groups. American Sociological Review, 68(1), 103-127.
    """
    pending = [(0, np.arange(ties.shape[0]))]
    deepest: dict[bytes, tuple[int, np.ndarray]] = {}
    while pending:
        least, people = pending.pop()
        for piece in _pieces(ties, people, least + 1):
            k, cut = _cut(ties, piece, least, deepest)
            if k > least:
                yield k, piece
            if cut.size:
                pending += [(max(k, least), each) for each in _parted(ties, piece, piece[cut])]


def _cut(
    ties: sparse.csr_array,
    piece: np.ndarray,
    enough: int,
    deepest: dict[bytes, tuple[int, np.ndarray]],
) -> tuple[int, np.ndarray]:
    """Return what `smallest_cut` does, from the deepest core outwards where that is enough.

    If fewer than k people do not part a set, they do not part it and somebody with k ties into it
    either. So what grows from the deepest core to the whole piece is no less cohesive.
    """
    inside = ties[piece][:, piece]
    cores = core_numbers(inside)
    core = cores == cores.max()
    key = piece[core].tobytes()
    if key not in deepest:
        deepest[key] = smallest_cut(inside[core][:, core])
    if core.all():
        return deepest[key]
    k, near = _fewest(inside)
    if deepest[key][0] >= k and _grown(inside, core, k).all():
        return k, near
    return smallest_cut(inside, enough=enough)


def _grown(ties: sparse.csr_array, people: np.ndarray, k: int) -> np.ndarray:
    """Return the people with whoever has k ties to them, and to those, and so on."""
    while True:
        more = people | (ties @ people.astype(np.int64) >= k)
        if (more == people).all():
            return people
        people = more


def _fewest(ties: sparse.csr_array) -> tuple[int, np.ndarray]:
    """Return the fewest ties that somebody has, and to whom."""
    least = int(np.argmin(np.diff(ties.indptr)))
    near = np.sort(ties.indices[ties.indptr[least] : ties.indptr[least + 1]])
    return len(near), near


def _pieces(ties: sparse.csr_array, people: np.ndarray, k: int) -> list[np.ndarray]:
    """Return the connected pieces of these people's k-core: who has fewer ties is in no part."""
    inner = people[core_numbers(ties[people][:, people]) >= k]
    return _connected(ties, inner)


def _connected(ties: sparse.csr_array, people: np.ndarray) -> list[np.ndarray]:
    number, label = csgraph.connected_components(ties[people][:, people], directed=False)
    return [people[label == one] for one in range(number)]


def _parted(ties: sparse.csr_array, piece: np.ndarray, cut: np.ndarray) -> list[np.ndarray]:
    """Return what is left when the cut goes, each piece with the cut's people again."""
    rest = np.setdiff1d(piece, cut)
    return [np.sort(np.concatenate([each, cut])) for each in _connected(ties, rest)]


def smallest_cut(ties: sparse.csr_array, *, enough: int = 0) -> tuple[int, np.ndarray]:
    """Return how few people separate a connected network, and who; nobody if all are tied to all.

    The search ends at the first cut of no more than `enough` people.

    References
    ----------
    Esfahanian, A. H., & Hakimi, S. L. (1984). On computing the connectivities of graphs and
    digraphs. Networks, 14(2), 355-366.
    """
    n = ties.shape[0]
    best, cut = _fewest(ties)
    if best == n - 1:
        return best, np.empty(0, dtype=np.intp)
    flows, paths = _split(ties), Paths(ties)
    for source, sinks in _untied(ties, cut):
        if best <= enough:
            break
        surely = paths.at_least(source, sinks, enough=best)
        for place in np.argsort(surely, kind="stable"):
            if best <= enough or surely[place] >= best:
                break
            flow = csgraph.maximum_flow(flows, source + n, sinks[place])
            if flow.flow_value < best:
                best, cut = int(flow.flow_value), _separating(flows, flow.flow, source + n)
    return best, cut


def _untied(ties: sparse.csr_array, near: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield people and others without a tie to them, some of whom are apart in a smallest cut.

    A smallest cut either leaves the person with the fewest ties, and then parts him from somebody,
    or takes him, and then parts two of those near him, for each of a smallest cut has ties to all
    its sides.
    """
    least = int(np.argmin(np.diff(ties.indptr)))
    yield least, np.setdiff1d(np.arange(ties.shape[0]), [*near, least])
    among = np.triu(ties[near][:, near].toarray() == 0, 1)
    for first, apart in zip(near, among, strict=True):
        if apart.any():
            yield int(first), near[apart]


def _split(ties: sparse.csr_array) -> sparse.csr_array:
    """Return capacities among people cut in two: one passes through each, any number between."""
    n = ties.shape[0]
    sender, receiver = ties.tocoo().coords
    people = np.arange(n)
    capacity = np.concatenate([np.ones(n), np.full(len(sender), n)]).astype(np.int32)
    ends = np.concatenate([people, sender + n]), np.concatenate([people + n, receiver])
    return sparse.csr_array((capacity, ends), shape=(2 * n, 2 * n))


def _separating(flows: sparse.csr_array, flow: sparse.csr_array, source: int) -> np.ndarray:
    """Return the people whom the flow's source reaches but cannot pass."""
    left = sparse.csr_array(flows - flow)
    left.eliminate_zeros()
    reached = np.zeros(flows.shape[0], dtype=bool)
    reached[csgraph.breadth_first_order(left, source, return_predecessors=False)] = True
    n = flows.shape[0] // 2
    return np.flatnonzero(reached[:n] & ~reached[n:])
