"""What is written is read back as it was, whatever the names, answers and strengths."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import numpy as np
import pytest
from exchange_cases import networks, the_same
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.networks.exchange import (
    from_networkx,
    read_adjacency,
    read_dl,
    read_edge_list,
    read_graphml,
    to_networkx,
    write_adjacency,
    write_dl,
    write_edge_list,
    write_graphml,
)
from cvln_eval.networks.panel import Network, panel_of, symmetrised

RULES = ("either", "both")
FEW = settings(max_examples=30, deadline=None)
FEWER = settings(max_examples=8, deadline=None)
CALLED = {"wave": "2", "relation": "advice"}


@pytest.fixture(scope="module")
def folder():
    """One folder for all draws, each of which writes anew."""
    with TemporaryDirectory() as name:
        yield Path(name)


def all_answered(network: Network) -> Network:
    return replace(network, answered=np.ones(network.n, dtype=bool))


@FEW
@given(networks(strengths=(1.0, 2.5, np.nan)))
def test_networkx(network):
    again = from_networkx(to_networkx(network))
    the_same(again, network, attributes=network.n > 0)


@FEW
@given(networks(), st.sampled_from(RULES))
def test_networkx_without_directions(network, rule):
    one = symmetrised(network, rule=rule)
    again = from_networkx(to_networkx(one))
    the_same(again, one)
    assert again.rule == rule
    np.testing.assert_array_equal(again.matrix(), one.matrix())


@FEW
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_edges_makes_no_difference(network, random):
    graph = to_networkx(network)
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    random.shuffle(nodes)
    random.shuffle(edges)
    mixed = nx.DiGraph(**graph.graph)
    mixed.add_nodes_from(nodes)
    mixed.add_edges_from(edges)
    the_same(from_networkx(mixed), network)


@FEW
@given(networks(strengths=(1.0, 2.5, np.nan)))
def test_graphml(folder, network):
    again = read_graphml(write_graphml(network, folder / "a.graphml"))
    the_same(again, network, attributes=network.n > 0)


@FEW
@given(networks(), st.sampled_from(RULES))
def test_graphml_without_directions(folder, network, rule):
    one = replace(symmetrised(network, rule=rule), threshold=2.0)
    again = read_graphml(write_graphml(one, folder / "b.graphml"))
    assert (again.rule, again.threshold) == (rule, 2.0)
    np.testing.assert_array_equal(again.matrix(), one.matrix())


@FEW
@given(networks())
def test_a_matrix_in_a_csv_file(folder, network):
    path = write_adjacency(network, folder / "a.csv")
    the_same(read_adjacency(path, **CALLED).networks[0], network)


@FEWER
@given(networks())
def test_a_matrix_in_a_workbook(folder, network):
    path = write_adjacency(network, folder / "a.xlsx", simulated=True)
    the_same(read_adjacency(path, **CALLED).networks[0], network)


@FEW
@given(networks())
def test_a_matrix_without_directions(folder, network):
    one = symmetrised(network, rule="either")
    path = write_adjacency(one, folder / "u.csv")
    again = read_adjacency(path, **CALLED, directed=False).networks[0]
    np.testing.assert_array_equal(again.matrix(), one.matrix())
    assert again.n_dyads() == one.n_dyads()


@FEW
@given(networks(strengths=(1.0, 2.5, np.nan)), networks())
def test_edge_lists(folder, network, other):
    kept = [one for one in (network, replace(other, wave="1")) if one.n]
    if not kept:
        return
    paths = write_edge_list(panel_of(kept), folder / "t.csv", people_path=folder / "p.csv")
    again = read_edge_list(paths[0], people_path=paths[1])
    for one in kept:
        the_same(again.network(wave=one.wave, relation="advice"), one, attributes=True)


@FEW
@given(networks(), st.sampled_from(["listed", "embedded"]), st.booleans())
def test_dl_matrices(folder, network, labels, simulated):
    path = write_dl(network, folder / "a.dl", labels=labels, simulated=simulated)
    the_same(read_dl(path, wave="2").networks[0], network)


@FEW
@given(networks(), st.sampled_from(["listed", "embedded"]))
def test_dl_lists(folder, network, labels):
    network = all_answered(network)
    path = write_dl(network, folder / "e.dl", form="edgelist1", labels=labels)
    the_same(read_dl(path, wave="2").networks[0], network)
    path = write_dl(network.binary(), folder / "n.dl", form="nodelist1", labels=labels)
    the_same(read_dl(path, wave="2").networks[0], network.binary())


@FEW
@given(networks(), st.sampled_from(["fullmatrix", "edgelist1"]))
def test_dl_of_several_relations(folder, network, form):
    network = all_answered(network)
    turned = replace(network.binary(), relation="trust")
    panel = panel_of([network, turned])
    again = read_dl(write_dl(panel, folder / "m.dl", form=form), wave="2")
    assert again.relations == ("advice", "trust")
    for one, other in zip(again, panel, strict=True):
        the_same(one, other)


@FEW
@given(networks(), st.sampled_from(["fullmatrix", "edgelist1"]))
def test_dl_without_directions(folder, network, form):
    one = symmetrised(all_answered(network), rule="both")
    again = read_dl(write_dl(one, folder / "s.dl", form=form), wave="2", directed=False)
    the_same(again.networks[0], one)
