"""GraphML, which Gephi, igraph, visone and networkx read and write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.exchange.files import refuse_unwritable, refuse_without_file
from cvln_eval.networks.exchange.graphs import from_networkx, to_networkx
from cvln_eval.networks.exchange.making import one_network
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["read_graphml", "write_graphml"]

PLAIN = (bool, int, float, str)


def write_graphml(
    network: NetworkPanel | Network, path: Path | str, *, simulated: bool = False
) -> Path:
    """Write a network as GraphML, with what is known of its people, and who answered.

    Parameters
    ----------
    network : Network or NetworkPanel
        One network, or a panel of one.
    path : Path
        The file, written anew.
    simulated : bool
        Whether the data are simulated; the file then has a graph attribute that says so.

    Returns
    -------
    Path
        The file. It has what `to_networkx` gives; attributes that are no number, truth value or
        text, such as dates, are written as text. A network of nobody gives a graph of no nodes.

    Raises
    ------
    ArgumentError
        If it is a panel of several, or an id or a text has a control character, which XML cannot
        hold.

    References
    ----------
    Brandes, U., Eiglsperger, M., Lerner, J., & Pich, C. (2013). Graph markup language (GraphML).
    In R. Tamassia (Ed.), Handbook of graph drawing and visualization (pp. 517-541). CRC Press.
    """
    network, path = one_network(network), Path(path)
    refuse_unwritable([*network.ids, network.wave, network.relation])
    graph = to_networkx(network)
    if "claimed" in graph.graph:
        graph.graph["claimed"] = json.dumps(graph.graph["claimed"])
    if simulated:
        graph.graph["simulated"] = True
    for data in (row for _, row in graph.nodes(data=True)):
        data.update({name: _plain(value) for name, value in data.items()})
    texts = (v for _, row in graph.nodes(data=True) for v in row.values() if isinstance(v, str))
    refuse_unwritable(text.strip() for text in texts)
    nx.write_graphml(graph, path)
    return path


def _plain(value: Any) -> bool | int | float | str:
    if isinstance(value, PLAIN):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read_graphml(
    path: Path | str,
    *,
    wave: str | None = None,
    relation: str | None = None,
    strength: str = "strength",
    person: str | None = None,
) -> Network:
    """Return the network that a GraphML file holds.

    Parameters
    ----------
    path : Path
        The file.
    wave, relation, strength, person
        As in `from_networkx`. igraph writes ids into the node attribute "name", and weights into
        "weight".

    Returns
    -------
    Network
        What `write_graphml` wrote is read back as it was, but for dates, which stay text.

    Raises
    ------
    ArgumentError
        If there is no such file, it is no GraphML, or its graph is none that `from_networkx`
        takes.
    """
    path = Path(path)
    refuse_without_file(path)
    try:
        graph = nx.read_graphml(path)
    except (ParseError, nx.NetworkXError, KeyError, UnicodeDecodeError) as error:
        raise ArgumentError(
            "The file cannot be read as GraphML", seen=str(error), file=path.name
        ) from None
    if "claimed" in graph.graph:
        graph.graph["claimed"] = json.loads(graph.graph["claimed"])
    return from_networkx(graph, wave=wave, relation=relation, strength=strength, person=person)
