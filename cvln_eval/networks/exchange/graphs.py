"""A network as a networkx graph, and back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.exchange.making import TRUTH, network_of_ends, one_network
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.panel.network import refuse_threshold

__all__ = ["from_networkx", "to_networkx"]

# What a network without directions can be by.
RULES = ("sender", "either", "both", "answered")


def to_networkx(network: NetworkPanel | Network) -> nx.Graph:
    """Return a network as a networkx graph, with all that is known of its people and ties.

    Parameters
    ----------
    network : Network or NetworkPanel
        One network, such as `panel.network(wave=, relation=)`, or a panel of one.

    Returns
    -------
    networkx.DiGraph or networkx.Graph
        A node a person, isolates too, in the order of their ids: attributes are those of
        `people`, those that are missing left out, and `answered`. Each edge has its `strength`
        (nan where none was given); to use it as a weight, say ``weight="strength"``. The graph
        has `wave`, `relation`, `rule`, and where they are of use `threshold` and `claimed`, pairs
        of ids. networkx takes a pair that is not known for one without a tie: nodes whose
        `answered` is False have no edges of their own because nothing is known of them.

    Raises
    ------
    ArgumentError
        If it is no network, or a panel of several.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b"], "team_id": ["x", "y"]})
    >>> network = Network("1", "advice", people, np.array([0]), np.array([1]), np.array([3.0]),
    ...                   np.array([True, False]))
    >>> graph = to_networkx(network)
    >>> dict(graph.nodes(data=True))["b"], graph.edges["a", "b"]
    ({'team_id': 'y', 'answered': False}, {'strength': 3.0})
    """
    network = one_network(network)
    graph = nx.DiGraph() if network.directed else nx.Graph()
    graph.graph |= {"wave": network.wave, "relation": network.relation, "rule": network.rule}
    if network.threshold is not None:
        graph.graph["threshold"] = float(network.threshold)
    ids = network.ids.tolist()
    if network.claimed.size:
        graph.graph["claimed"] = [(ids[i], ids[j]) for i, j in network.claimed.T]
    for row, answered in zip(network.people.to_dict("records"), network.answered, strict=True):
        person = row.pop("person_id")
        graph.add_node(person, **_present(row), answered=bool(answered))
    for i, j, strength in zip(network.sender, network.receiver, network.strength, strict=True):
        graph.add_edge(ids[i], ids[j], strength=float(strength))
    return graph


def _present(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return the attributes that a person has, as Python's own types."""
    kept = {str(name): value for name, value in row.items() if not pd.isna(value)}
    return {name: getattr(value, "item", lambda v=value: v)() for name, value in kept.items()}


def from_networkx(
    graph: nx.Graph,
    *,
    wave: str | None = None,
    relation: str | None = None,
    strength: str = "strength",
    person: str | None = None,
) -> Network:
    """Return the network that a networkx graph holds, its nodes' attributes kept.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Nodes are people. The node attribute `answered` says who answered; whoever lacks it did.
    wave, relation : str, optional
        Which network it is; the graph's attributes of these names, or "", if not given.
    strength : str
        Edge attribute with the strength, such as "weight". Where no edge has it each tie is 1;
        where only some have it, it is nan for the others.
    person : str, optional
        Node attribute with the ids, where nodes are numbers of another program.

    Returns
    -------
    Network
        Directed as the graph is; an undirected one has the graph's `rule`, "either" if it has
        none. A graph without nodes gives a network of nobody. ``from_networkx(to_networkx(net))``
        is `net`.

    Raises
    ------
    ArgumentError
        If it is no graph, has parallel edges or edges from a node to itself, ids stand twice or
        differ by case, a strength is not a number above 0, who did not answer has ties, or
        `answered`, `rule` or `threshold` of the graph are none.

    Examples
    --------
    >>> network = from_networkx(nx.path_graph(["a", "b", "c"]), wave="1", relation="advice")
    >>> network.n_ties, network.directed, network.strength.tolist()
    (2, False, [1.0, 1.0])
    """
    _refuse_graph(graph)
    places = {node: place for place, node in enumerate(graph)}
    people, answered = _people(graph, person)
    edges = list(graph.edges(data=True))
    ends = np.array([[places[i], places[j]] for i, j, _ in edges], dtype=np.intp).reshape(-1, 2).T
    directed = graph.is_directed()
    known = graph.graph
    rule, threshold = _meant(known, directed)
    return network_of_ends(
        people,
        ends,
        _strengths([data for *_, data in edges], strength),
        wave=str(known.get("wave", "")) if wave is None else wave,
        relation=str(known.get("relation", "")) if relation is None else relation,
        answered=answered,
        directed=directed,
        threshold=threshold,
        rule=rule,
        claimed=_claimed(known.get("claimed", ()), people["person_id"]),
    )


def _meant(known: Mapping[str, Any], directed: bool) -> tuple[str | None, float | None]:
    """Return the rule and the threshold that a graph says it has."""
    rule, threshold = known.get("rule"), known.get("threshold")
    if threshold is not None:
        refuse_threshold(threshold)
    if directed or rule is None:
        return None, threshold
    if rule not in RULES:
        raise ArgumentError(
            "Unknown way to make ties undirected", expected=shown(RULES), seen=repr(rule)
        )
    return rule, threshold


def _refuse_graph(graph: object) -> None:
    if not isinstance(graph, nx.Graph) or graph.is_multigraph():
        raise ArgumentError(
            "This is no graph with one edge a pair",
            expected="a networkx Graph or DiGraph",
            seen=f"a value of type {type(graph).__name__}",
            todo="make one edge of those that are parallel: networkx.DiGraph(graph)",
        )
    own = list(nx.nodes_with_selfloops(graph))
    if own:
        raise ArgumentError(
            "A person is tied to himself",
            seen=shown(own),
            todo="graph.remove_edges_from(list(networkx.selfloop_edges(graph))), and count them",
        )


def _people(graph: nx.Graph, person: str | None) -> tuple[pd.DataFrame, np.ndarray]:
    ids = pd.Series(list(graph), dtype="object")
    rows = [dict(data) for _, data in graph.nodes(data=True)]
    answered = _truths([row.pop("answered", True) for row in rows])
    if person is not None:
        if not all(person in row for row in rows):
            raise ArgumentError("Nodes lack the attribute with their ids", seen=repr(person))
        ids = pd.Series([row.pop(person) for row in rows], dtype="object")
    ids = ids.map(str).where(ids.notna()).astype("str")
    people = pd.DataFrame(rows, index=range(len(rows))).drop(columns="person_id", errors="ignore")
    people.insert(0, "person_id", ids)
    return people, answered


def _truths(values: list[Any]) -> np.ndarray:
    """Return who answered; the text "false", which is true to Python, is false here."""
    read = [TRUTH.get(one.lower(), one) if isinstance(one, str) else one for one in values]
    strange = [one for one in read if isinstance(one, str) or one not in (0, 1)]
    if strange:
        raise ArgumentError(
            "Whether people answered cannot be read",
            expected="true or false for each",
            seen=shown(strange),
            column="answered",
        )
    return np.array(read, dtype=bool)


def _strengths(edges: list[dict[str, Any]], name: str) -> np.ndarray:
    if not any(name in data for data in edges):
        return np.ones(len(edges))
    values = [data.get(name, np.nan) for data in edges]
    try:
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    except (TypeError, ValueError):
        raise ArgumentError(
            "Strengths of ties are no numbers", seen=shown(values), column=name
        ) from None


def _claimed(pairs: Any, ids: pd.Series) -> np.ndarray | None:
    names = pd.Index(ids)
    listed = [names.get_indexer([str(one) for one in pair]) for pair in pairs]
    return np.array(listed, dtype=np.intp).T if listed else None
