"""Networks for the tests of whole networks, by hand and by hypothesis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from cvln_eval.networks.panel import Network
from cvln_eval.results import Result


def network_of(matrix, answered=None, *, directed=True, names=None) -> Network:
    """Return the network of a matrix of strengths; rows without an answer are taken as empty."""
    told = np.array(matrix, dtype=float).reshape(len(matrix), len(matrix))
    answered = np.ones(len(told), dtype=bool) if answered is None else np.array(answered, bool)
    told[~answered] = 0
    np.fill_diagonal(told, 0)
    sender, receiver = np.nonzero(told if directed else np.triu(told))
    names = [f"p{place:03d}" for place in range(len(told))] if names is None else names
    return Network(
        "1", "advice", pd.DataFrame({"person_id": names}), sender, receiver,
        told[sender, receiver], answered, directed=directed,
    )  # fmt: skip


def of_arcs(arcs: str, names: str, silent: str = "") -> Network:
    """Return the network of arcs such as "ab ba", all of strength 1."""
    matrix = np.zeros((len(names), len(names)))
    for sender, receiver in arcs.split():
        matrix[names.index(sender), names.index(receiver)] = 1
    return network_of(matrix, [name not in silent for name in names], names=list(names))


def undirected(network: Network) -> Network:
    """Return the same ties without directions, where each arc stands once."""
    return replace(network, directed=False, rule="either")


@st.composite
def networks(draw: st.DrawFn, most: int = 7, *, all_answered: bool = False) -> Network:
    """Return small networks, valued, some people without an answer."""
    n = draw(st.integers(0, most))
    cell = st.sampled_from([0.0, 0.0, 1.0, 3.0])
    cells = draw(st.lists(cell, min_size=n * n, max_size=n * n))
    answers = st.just(True) if all_answered else st.sampled_from([True, True, True, False])
    answered = draw(st.lists(answers, min_size=n, max_size=n))
    return network_of(np.reshape(cells, (n, n)), answered)


def matrix_of(network: Network) -> np.ndarray:
    """Return 1 for each arc."""
    return network.adjacency().toarray()


def values(result: Result) -> dict[str, float]:
    """Return the value of each measure of one network."""
    return dict(result.tidy().set_index("measure")["value"])


def reach(tied):
    """Return who reaches whom, everybody himself, by powers of the matrix."""
    found = np.eye(len(tied)) + tied
    for _ in range(len(tied)):
        found = np.minimum(found @ found, 1)
    return found > 0
