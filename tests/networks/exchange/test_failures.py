"""What cannot be read or written is refused, with the values and what to do."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError, ReadError
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
    write_ergm,
    write_graphml,
)
from cvln_eval.networks.panel import panel_of, symmetrised


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (",a,b,c\na,0,1,0\nb,0,0,1\n", r"not square(.|\n)*m.csv(.|\n)*2 rows, 3 columns"),
        (",a\na,0\nb,1\n", r"not square(.|\n)*2 rows, 1 columns(.|\n)*columns of people"),
        (",a,b\na,0,1\nc,0,0\n", r"other labels(.|\n)*only in rows: 'c'; only in columns: 'b'"),
        (",a,B\na,0,1\nb,0,0\n", r"case alone(.|\n)*'B', 'b'"),
        (",a,a\na,0,1\na,0,0\n", r"An id stands twice(.|\n)*'a'(.|\n)*labels=False"),
        (",a,\na,0,1\n,0,0\n", r"no id(.|\n)*1 of 2"),
        (",a,b\na,0,-1\nb,0,0\n", r"no strength(.|\n)*row 2, column 3(.|\n)*'-1'"),
        (",a,b\na,0,often\nb,0,0\n", r"'often'"),
        (",a,b\na,0,inf\nb,0,0\n", r"'inf'"),
        (",a,b\na,0,1_0\nb,0,0\n", r"'1_0'"),
        (",a,b,c\na,0,NA,1\nb,0,0,0\nc,1,0,0\n", r"missing in part(.|\n)*a \(1 missing\)"),
    ],
)
def test_matrices_that_cannot_be_read(tmp_path, text, says):
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match=says):
        read_adjacency(tmp_path / "m.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (",a,b\na,0,1\nb,0,0\n", r"not symmetric(.|\n)*a and b"),
        (",a,b\na,0,NA\nb,0,0\n", r"not symmetric(.|\n)*a and b"),
        (
            ",a,b,c\na,0,NA,0\nb,NA,0,0\nc,0,0,0\n",
            r"no person without an answer explains(.|\n)*a and b",
        ),
    ],
)
def test_undirected_matrices_that_cannot_be_read(tmp_path, text, says):
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match=says):
        read_adjacency(tmp_path / "m.csv", directed=False)


def test_unlabelled_matrices_are_square_too(tmp_path):
    (tmp_path / "m.csv").write_text("0,1,0\n0,0,1\n", encoding="utf-8")
    with pytest.raises(ArgumentError, match="2 rows, 3 columns\n"):
        read_adjacency(tmp_path / "m.csv", labels=False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("n=2 data: 0 1 1 0", "no DL file"),
        ("dl data: 0 1 1 0", "number of people is not told"),
        ("dl nr=2 nc=3 data: 0 1 1 0 1 1", r"not square(.|\n)*2 rows, 3 columns"),
        ("dl n=2\nformat=lowerhalf data: 0 1", r"not read(.|\n)*'lowerhalf'"),
        ("dl n=2\nwidth=3 data: 0 1", r"not known(.|\n)*row 2(.|\n)*'width=3"),
        ("dl n=2 labels: a b", "the end of the file"),
        ("dl n=2 labels: a\ndata: 0 1 1 0", r"Too few labels(.|\n)*2(.|\n)*1"),
        ("dl n=2 labels: a A data: 0 1 1 0", "'A', 'a'"),
        ("dl n=2 labels: a a data: 0 1 1 0", "twice(.|\n)*'a'"),
        ("dl n=2 row labels: a b column labels: a c data: 0 1 1 0", "other labels(.|\n)*'a', 'c'"),
        ("dl n=2 data: 0 1 1", r"as many cells(.|\n)*4(.|\n)*3"),
        ("dl n=2 data: 0 1 1 0 0", r"4 \(1 x 2 rows x 2\)"),
        ("dl n=2 data: 0 x 1 0", "'x'"),
        ("dl n=2 data: 0 -2 1 0", "'-2'"),
        ("dl n=2 labels embedded data: a b a 0 1 c 1 0", "other labels(.|\n)*'c'"),
        ("dl n=2 nm=2 labels embedded data: a b", "several full matrices(.|\n)*nm=2"),
        ("dl n=2 format=edgelist1 data:\n1 3", r"nobody(.|\n)*1 to 2(.|\n)*'3'"),
        ("dl n=2 format=edgelist1 data:\n1", "two or three words(.|\n)*'1'"),
        ("dl n=2 format=edgelist1 data:\n1 2 NA", "missing(.|\n)*'1 2 NA'"),
        ("dl n=2 format=edgelist1 data:\n1 2\n1 2 3", r"stands twice(.|\n)*1 to 2 \(3\)"),
        ("dl n=3 format=edgelist1 labels embedded data:\na b", "as many labels(.|\n)*n=3"),
        ("dl n=2 nm=2 format=edgelist1 data:\n1 2", "as many matrices(.|\n)*nm=2"),
        ("dl n=2 nm=2 matrix labels: x x data: 0 1 1 0 0 1 1 0", "its own wave"),
    ],
)
def test_dl_files_that_cannot_be_read(tmp_path, text, says):
    (tmp_path / "m.dl").write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match=says):
        read_dl(tmp_path / "m.dl")


@pytest.mark.parametrize("read", [read_dl, read_adjacency, read_graphml, read_edge_list])
def test_files_that_are_not_there(tmp_path, read):
    with pytest.raises(ArgumentError, match=r"no such file(.|\n)*lost\.csv"):
        read(tmp_path / "lost.csv")


def test_files_of_another_kind(tmp_path):
    (tmp_path / "m.graphml").write_text("dl n=2", encoding="utf-8")
    with pytest.raises(ArgumentError, match=r"as GraphML(.|\n)*m\.graphml|m\.graphml"):
        read_graphml(tmp_path / "m.graphml")
    (tmp_path / "m.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(ReadError, match="not what its name says"):
        read_adjacency(tmp_path / "m.csv")
    (tmp_path / "m.dl").write_bytes(b"dl \x81\x8d")
    with pytest.raises(ArgumentError, match="no text"):
        read_dl(tmp_path / "m.dl")


def test_dl_refuses_what_it_cannot_hold(three, tmp_path):
    path = tmp_path / "a.dl"
    whole = replace(three, answered=np.ones(3, dtype=bool))
    other = replace(whole.among(["a", "b"]), relation="trust")
    cases = [
        (three, {"form": "edgelist1"}, r"who did not answer(.|\n)*'c'"),
        (symmetrised(three, rule="both"), {"form": "edgelist1"}, "who did not answer"),
        (whole, {"form": "nodelist1"}, r"no strengths(.|\n)*'advice'"),
        (whole, {"form": "lower"}, r"format(.|\n)*'lower'"),
        (whole, {"labels": "none"}, r"place of labels(.|\n)*'none'"),
        (panel_of([whole, replace(whole, wave="2")]), {}, r"one wave(.|\n)*'1', '2'"),
        (panel_of([whole, other]), {}, r"other people(.|\n)*'trust'"),
        (panel_of([whole, replace(whole, relation="t")]), {"labels": "embedded"}, "2 relations"),
        (replace(whole, strength=np.array([1, np.nan, 1])), {}, r"without a strength(.|\n)*a to c"),
        (replace(whole, relation='the "old"'), {}, r"cannot be written(.|\n)*the \"old\""),
    ]
    for panel, how, says in cases:
        with pytest.raises(ArgumentError, match=says):
            write_dl(panel, path, **how)
    assert not path.exists()


@pytest.mark.parametrize("name", ["a\nb", " a", "a\x00", "a\ufffe"])
def test_names_that_files_cannot_hold(three, tmp_path, name):
    people = three.people.assign(person_id=[name, "b", "c"])
    network = replace(three, people=people)
    for write in (write_adjacency, write_dl, write_graphml):
        with pytest.raises(ArgumentError, match="cannot be written"):
            write(network, tmp_path / "a")
    with pytest.raises(ArgumentError, match="cannot be written"):
        write_edge_list(network, tmp_path / "t", people_path=tmp_path / "p")


def test_graphs_that_are_no_networks():
    cases = [
        (nx.MultiDiGraph([(1, 2), (1, 2)]), "MultiDiGraph"),
        (pd.DataFrame(), "DataFrame"),
        (nx.DiGraph([(1, 1)]), r"tied to himself(.|\n)*1"),
        (nx.DiGraph([(1, "1")]), r"stands twice(.|\n)*'1'"),
        (nx.DiGraph([("a", "A")]), "'A', 'a'"),
    ]
    for graph, says in cases:
        with pytest.raises(ArgumentError, match=says):
            from_networkx(graph)


@pytest.mark.parametrize("value", [0, -1, np.inf])
def test_edges_of_no_strength(value):
    graph = nx.DiGraph()
    graph.add_edge("a", "b", strength=value)
    with pytest.raises(ArgumentError, match=r"finite number above 0(.|\n)*a to b"):
        from_networkx(graph)


def test_edges_and_nodes_without_what_is_asked():
    graph = nx.DiGraph()
    graph.add_edge("a", "b", strength="often")
    with pytest.raises(ArgumentError, match=r"no numbers(.|\n)*'often'"):
        from_networkx(graph)
    with pytest.raises(ArgumentError, match=r"lack the attribute(.|\n)*'name'"):
        from_networkx(graph, strength="weight", person="name")


def test_who_did_not_answer_names_nobody():
    graph = nx.DiGraph([("a", "b")])
    graph.nodes["a"]["answered"] = False
    with pytest.raises(ArgumentError, match=r"did not answer have ties(.|\n)*a to b"):
        from_networkx(graph)
    either = nx.Graph([("a", "b")])
    either.nodes["a"]["answered"] = False
    assert from_networkx(either).n_ties == 1
    either.nodes["b"]["answered"] = False
    with pytest.raises(ArgumentError, match="did not answer have ties"):
        from_networkx(either)


@pytest.mark.parametrize(
    ("ties", "people", "says"),
    [
        ("sender_id,to\na,b\n", None, r"lacks a column(.|\n)*t\.csv(.|\n)*Expected: 'receiver_id'"),
        ("sender_id,receiver_id\na,b\n", "name\na\n", r"p\.csv(.|\n)*Expected: 'person_id'"),
        ("sender_id,receiver_id\na,x\n", "person_id\na\nb\n", r"no list of people(.|\n)*'x'"),
        ("sender_id,receiver_id\na,b\na,b\n", None, r"stands twice(.|\n)*a to b"),
        ("sender_id,receiver_id,strength\na,b,-1\n", None, r"above 0(.|\n)*a to b \(-1\)"),
        ("sender_id,receiver_id,strength\na,b,x\n", None, "'x'"),
        ("sender_id,receiver_id\na,A\n", None, "'A', 'a'"),
        ("sender_id,receiver_id\na,\n", None, "no id"),
        ("sender_id,receiver_id\na,b\n", "person_id,answered\na,false\nb,true\n", "did not answer"),
        ("sender_id,receiver_id\na,b\n", "person_id,answered\na,yes\nb,no\n", "'yes', 'no'"),
        ("sender_id,receiver_id\na,b\n", "person_id\na\nb\na\n", r"id stands twice(.|\n)*'a'"),
        (
            "wave,sender_id,receiver_id\n2,a,b\n",
            "wave,person_id\n1,a\n1,b\n",
            r"nobody was asked(.|\n)*'2'",
        ),
    ],
)
def test_edge_lists_that_cannot_be_read(tmp_path, ties, people, says):
    (tmp_path / "t.csv").write_text(ties, encoding="utf-8")
    if people:
        (tmp_path / "p.csv").write_text(people, encoding="utf-8")
    path = tmp_path / "p.csv" if people else None
    with pytest.raises(ArgumentError, match=says):
        read_edge_list(tmp_path / "t.csv", people_path=path)


@pytest.mark.parametrize("written", [write_edge_list, write_ergm, write_dl, write_adjacency])
def test_a_panel_without_networks_is_not_written(three, tmp_path, written):
    panel = panel_of(three)
    more = {"people_path": tmp_path / "p.csv"} if written is write_edge_list else {}
    with pytest.raises(ArgumentError, match="no network to write"):
        written(panel.only(waves=[]), tmp_path / "x", **more)
    assert not list(tmp_path.iterdir())


def test_what_holds_one_network_takes_a_panel_of_one(three, tmp_path):
    panel, one = panel_of([three, replace(three, wave="9")]), panel_of(three)
    assert to_networkx(one).number_of_nodes() == three.n
    write_graphml(one, tmp_path / "one.graphml")
    for several in (to_networkx, lambda found: write_graphml(found, tmp_path / "x.graphml")):
        with pytest.raises(ArgumentError, match="holds one network"):
            several(panel)


@pytest.mark.parametrize(
    ("attributes", "said", "what"),
    [
        ({"rule": "strongest"}, True, "'strongest'"),
        ({"threshold": "two"}, True, "'two'"),
        ({}, "perhaps", "'perhaps'"),
        ({}, 2, "Seen: 2"),
    ],
)
def test_graphs_that_say_what_cannot_be(attributes, said, what):
    graph = nx.Graph([("a", "b")], **attributes)
    graph.add_node("c", answered=said)
    with pytest.raises(ArgumentError, match=what):
        from_networkx(graph)


def test_the_text_false_is_no_answer():
    graph = nx.DiGraph([("a", "b")])
    graph.add_nodes_from([("c", {"answered": "false"}), ("d", {"answered": "True"})])
    assert from_networkx(graph).answered.tolist() == [True, True, False, True]


def test_a_node_that_is_no_number_is_nobody():
    with pytest.raises(ArgumentError, match=r"no id(.|\n)*1 of 2"):
        from_networkx(nx.Graph([(float("nan"), 2)]))


def test_a_column_of_the_houses_name_beside_the_one_that_is_wanted(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("from,sender_id,receiver_id\na,b,c\n")
    with pytest.raises(ArgumentError, match=r"of this name beside(.|\n)*'sender_id'"):
        read_edge_list(path, sender="from")
    # Two that change places are no clash.
    found = read_edge_list(path, sender="receiver_id", receiver="sender_id").networks[0]
    assert found.ids[found.sender].tolist() == ["c"]
    with pytest.raises(ArgumentError, match="three columns"):
        read_edge_list(path, sender="from", receiver="from")


def test_a_head_that_would_fill_the_memory(tmp_path):
    path = tmp_path / "x.dl"
    path.write_text("dl n=99999999999 format=edgelist1 data:\n1 2\n")
    with pytest.raises(ArgumentError, match="at most 1,000,000"):
        read_dl(path)
