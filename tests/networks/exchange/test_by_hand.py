"""Files as people write them, their contents read by eye."""

from __future__ import annotations

import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest

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


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a text into a file."""

    def write(text, name="a.dl", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


def arcs(network):
    """Return who names whom and how strongly."""
    ends = zip(network.ids[network.sender], network.ids[network.receiver], strict=True)
    return {f"{i}{j}": value for (i, j), value in zip(ends, network.strength, strict=True)}


# a names b (3), b names c (1); c names nobody.
SAME = {
    "listed": "dl n=3\nformat=fullmatrix\nlabels:\na,b,c\ndata:\n0 3 0\n0 0 1\n0 0 0\n",
    "no format": "DL N = 3\nLABELS:\na b c\nDATA:\n0 3 0 0 0 1 0 0 0",
    "rows": "dl nr=3, nc=3 row labels: a b c column labels: a b c data: 0 3 0 0 0 1 0 0 0",
    "col": "dl n=3 col labels: a b c\ndata:\n0 3 0\n0 0 1\n0 0 0",
    "embedded": "dl n=3 format=fullmatrix labels embedded data:\n a b c\na 0 3 0\nb 0 0 1\nc 0 0 0",
    "diagonal": "dl n=3 diagonal=absent labels: a b c data: 3 0\n0 1\n0 0",
    "quotes": "dl n=3; labels: 'a' \"b\" c\ndata: 0 3.0 0 0 0 1e0 0 0 0",
    "edges": "dl n=3 format=edgelist1 labels: a b c data:\n1 2 3\n2 3\n",
    "edges embedded": "dl n=3 format=edgelist1 labels embedded:\ndata:\na b 3\n\nb c 1\n",
    "edges both": "dl n=3 format=edgelist1 labels: a b c labels embedded data:\n"
    "a b 3\nb c 1\nc a 0",
    "title": 'dl n=3 title = "labels: of 2 years" labels: a b c data: 0 3 0 0 0 1 0 0 0',
}


@pytest.mark.parametrize("name", SAME)
def test_dl_files_that_say_the_same(written, name):
    network = read_dl(written(SAME[name]), wave="1", relation="advice").networks[0]
    assert arcs(network) == {"ab": 3, "bc": 1}
    assert network.ids.tolist() == ["a", "b", "c"]
    assert network.answered.all()
    assert (network.wave, network.relation, network.directed) == ("1", "advice", True)


def test_dl_node_lists(written):
    text = "dl n=4 format=nodelist1 labels: a b c d data:\n1 2 3\n3\n4 4 1"
    panel = read_dl(written(text))
    assert arcs(panel.networks[0]) == {"ab": 1, "ac": 1, "da": 1}
    assert panel.self_ties["sender_id"].tolist() == ["d"]


def test_dl_matrices_are_relations(written):
    text = "dl n=2 nm=2 labels: a b matrix labels: advice trust data: 0 1 0 0  0 0 2 0"
    panel = read_dl(written(text), wave="1")
    assert panel.relations == ("advice", "trust")
    assert [arcs(network) for network in panel] == [{"ab": 1}, {"ba": 2}]
    unnamed = read_dl(written(text.replace("matrix labels: advice trust", "")))
    assert unnamed.relations == ("1", "2")


def test_dl_lists_of_several_relations(written):
    text = "dl n=2 nm=2 format=edgelist1 data:\n1 2\n!\n2 1 4"
    assert [arcs(network) for network in read_dl(written(text))] == [{"12": 1}, {"21": 4}]


def test_dl_missing_rows_did_not_answer(written):
    text = "dl n=3 labels: a b c data:\n2 1 0\nNA na .\n0 1 N/A"
    panel = read_dl(written(text))
    network = panel.networks[0]
    assert network.answered.tolist() == [True, False, True]
    # The diagonal of c says nothing; that of a is a self-nomination of strength 2.
    assert arcs(network) == {"ab": 1, "cb": 1}
    assert panel.self_ties[["sender_id", "strength"]].values.tolist() == [["a", 2.0]]
    absent = "dl n=2 diagonal=absent labels: a b data: NA 1"
    assert read_dl(written(absent)).networks[0].answered.tolist() == [False, True]


def test_dl_labels_keep_their_rows(written):
    network = read_dl(written("dl n=3 labels: z a m data: 0 1 0 0 0 2 0 0 0")).networks[0]
    assert network.ids.tolist() == ["a", "m", "z"]
    assert arcs(network) == {"za": 1, "am": 2}


def test_dl_people_without_labels_are_numbers_in_order(written):
    rows = "\n".join(" ".join("1" if j == i + 1 else "0" for j in range(10)) for i in range(10))
    network = read_dl(written(f"dl n=10 data:\n{rows}")).networks[0]
    assert network.ids.tolist()[:2] == ["01", "02"]
    assert arcs(network)["0910"] == 1


def test_dl_undirected_lists_may_say_a_tie_once_or_twice(written):
    text = "dl n=3 format=edgelist1 data:\n1 2 2\n2 1 2\n3 2 1"
    network = read_dl(written(text), directed=False).networks[0]
    assert (network.directed, network.rule) == (False, "either")
    assert arcs(network) == {"12": 2, "23": 1}


def test_dl_writes_what_people_expect(three, tmp_path):
    text = write_dl(three, tmp_path / "a.dl", simulated=True).read_text(encoding="utf-8")
    assert text == (
        'dl n=3\nformat = fullmatrix\ntitle = "simulated data"\nlabels:\na\nb\nc\n'
        "matrix labels:\nadvice\ndata:\n0 3 1\n2 0 0\nNA NA NA\n"
    )


def test_matrix_files_write_what_people_expect(three, tmp_path):
    text = write_adjacency(three, tmp_path / "a.csv").read_text(encoding="utf-8")
    assert text == "person_id,a,b,c\na,0,3,1\nb,2,0,0\nc,NA,NA,NA\n"
    marked = write_adjacency(three, tmp_path / "a.csv", simulated=True)
    assert marked.read_text(encoding="utf-8").startswith("simulated data,a,b,c\n")


def test_workbooks_hold_numbers(three, tmp_path):
    path = write_adjacency(three, tmp_path / "A.XLSX", simulated=True)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0] == ("simulated data", "a", "b", "c")
    assert rows[1] == ("a", 0, 3, 1)
    assert rows[3] == ("c", "NA", "NA", "NA")


@pytest.mark.parametrize(
    "text",
    [
        "id,b,a\na,3,0\nb,,0\n",
        ";a;b\n\na;0;3\nb;0;0\n;;\n",
        "\ta\tb\t\na\t.\t3\t\nb\t0\tNA\t\n",
    ],
)
def test_matrices_in_other_orders_and_with_blank_lines(written, text):
    network = read_adjacency(written(text, "a.csv")).networks[0]
    assert arcs(network) == {"ab": 3}
    assert network.answered.all()


def test_matrices_without_labels(written):
    panel = read_adjacency(written("0,2,0\n0,1,1\nNA,NA,NA\n", "a.csv"), labels=False, wave="1")
    network = panel.networks[0]
    assert arcs(network) == {"12": 2, "23": 1}
    assert network.answered.tolist() == [True, True, False]
    assert panel.self_ties["receiver_id"].tolist() == ["2"]


def test_one_person_and_nobody(written, nobody, tmp_path):
    one = read_adjacency(written(",a\na,0\n", "a.csv")).networks[0]
    assert (one.n, one.n_ties, one.answered.tolist()) == (1, 0, [True])
    silent = read_adjacency(written(",a\na,NA\n", "a.csv")).networks[0]
    assert silent.answered.tolist() == [False]
    assert read_adjacency(write_adjacency(nobody, tmp_path / "n.csv")).networks[0].n == 0
    assert read_dl(write_dl(nobody, tmp_path / "n.dl")).networks[0].n == 0
    assert from_networkx(nx.DiGraph()).n == 0
    with pytest.raises(ValueError, match="needs networks"):
        read_edge_list(written("sender_id,receiver_id\n", "t.csv"))


def test_a_missing_cell_of_an_undirected_matrix_has_an_end_that_did_not_answer(written):
    # a did not answer; b named a, so the pair a-b is a tie; of a-c nothing is known.
    text = ",a,b,c\na,NA,2,NA\nb,2,0,0\nc,NA,0,0\n"
    network = read_adjacency(written(text, "a.csv"), directed=False).networks[0]
    assert network.answered.tolist() == [False, True, True]
    assert network.n_dyads() == 2


def test_an_empty_diagonal_says_nothing_of_an_undirected_network(written):
    network = read_adjacency(written(",a,b\na,,1\nb,1,\n", "a.csv"), directed=False).networks[0]
    assert (network.n_ties, network.answered.tolist()) == (1, [True, True])


def test_edge_lists_of_others(written):
    text = "from;to;weight\na;b;2\nb;b;1\nc;a;\n"
    path = written(text, "e.csv", encoding="cp1252")
    panel = read_edge_list(
        path, sender="from", receiver="to", strength="weight", wave="1", relation="advice"
    )
    network = panel.network(wave="1", relation="advice")
    assert arcs(network)["ab"] == 2
    assert np.isnan(arcs(network)["ca"])
    assert panel.self_ties[["wave", "relation", "sender_id"]].values.tolist() == [
        ["1", "advice", "b"]
    ]
    plain = read_edge_list(written("sender_id,receiver_id\na,b\n", "f.csv"), directed=False)
    assert (plain.networks[0].strength.tolist(), plain.networks[0].rule) == ([1.0], "either")


def test_people_of_an_edge_list_keep_their_attributes(written):
    ties = written("wave,relation,sender_id,receiver_id\n1,advice,07,8\n", "t.csv")
    people = written(
        "wave,relation,person_id,answered,team_id,tenure_years,code,active\n"
        "1,advice,07,TRUE,1,2.5,01,true\n1,advice,8,false,2,,02,false\n2,advice,8,true,2,4,02,true\n",
        "p.csv",
    )
    panel = read_edge_list(ties, people_path=people)
    first = panel.network(wave="1", relation="advice")
    assert first.answered.tolist() == [True, False]
    assert first.people["team_id"].tolist() == ["1", "2"]
    assert first.people["code"].tolist() == ["01", "02"]
    assert first.people["active"].tolist() == [True, False]
    np.testing.assert_array_equal(first.people["tenure_years"], [2.5, np.nan])
    assert panel.network(wave="2", relation="advice").n_ties == 0


def test_edge_lists_say_that_data_are_simulated(three, tmp_path):
    paths = write_edge_list(
        three, tmp_path / "t.csv", people_path=tmp_path / "p.csv", simulated=True
    )
    assert all(pd.read_csv(path)["simulated"].all() for path in paths)
    again = read_edge_list(paths[0], people_path=paths[1]).networks[0]
    assert list(again.people) == ["person_id", "team_id"]


def test_networkx_keeps_what_is_known(three):
    graph = to_networkx(three)
    assert graph.nodes["c"] == {"team_id": "y", "answered": False}
    assert graph.edges["a", "b"] == {"strength": 3.0}
    assert graph.graph == {"wave": "1", "relation": "advice", "rule": "sender"}
    assert nx.number_weakly_connected_components(graph) == 1


def test_networkx_of_others():
    graph = nx.Graph(wave="9")
    graph.add_node(3, colour="red")
    graph.add_edge(1, 2, weight=4)
    graph.add_edge(2, 3)
    network = from_networkx(graph, relation="advice", strength="weight")
    assert (network.wave, network.relation, network.rule) == ("9", "advice", "either")
    assert arcs(network)["12"] == 4
    assert np.isnan(arcs(network)["23"])
    assert network.people["colour"].tolist()[2] == "red"
    assert from_networkx(graph).strength.tolist() == [1.0, 1.0]


def test_nodes_may_have_their_ids_in_an_attribute():
    graph = nx.DiGraph()
    graph.add_node(0, name="z")
    graph.add_node(1, name="a")
    graph.add_edge(0, 1)
    network = from_networkx(graph, person="name")
    assert arcs(network) == {"za": 1.0}
    assert list(network.people) == ["person_id"]


def test_missing_attributes_and_dates(three, tmp_path):
    days = pd.to_datetime(pd.Series(["2008-08-25", None, "2009-01-05"]))
    people = three.people.assign(joined_on=days, role=["coach", None, "head"])
    network = from_networkx(to_networkx(three))
    dated = type(three)(
        **{name: getattr(three, name) for name in three.__slots__} | {"people": people}
    )
    again = read_graphml(write_graphml(dated, tmp_path / "a.graphml"))
    assert again.people["joined_on"].tolist()[0] == "2008-08-25T00:00:00"
    assert again.people["joined_on"].isna().tolist() == [False, True, False]
    assert again.people["role"].isna().tolist() == [False, True, False]
    assert network.people["team_id"].tolist() == ["x", "x", "y"]


def test_graphml_says_that_data_are_simulated(three, tmp_path):
    graph = nx.read_graphml(write_graphml(three, tmp_path / "a.graphml", simulated=True))
    assert graph.graph["simulated"] is True
    assert "simulated" not in nx.read_graphml(write_graphml(three, tmp_path / "b.graphml")).graph


def test_pairs_that_are_not_known_go_to_ergm(three, tmp_path):
    both = symmetrised(three, rule="both")
    write_ergm(panel_of([three]), tmp_path / "directed")
    unknown = pd.read_csv(tmp_path / "directed" / "not_known.csv")
    assert unknown[["sender_id", "receiver_id"]].values.tolist() == [["c", "a"], ["c", "b"]]
    # a named c, who did not answer: by both ends' word that is open; b did not, so b-c is no tie.
    write_ergm(both, tmp_path / "both", simulated=True)
    unknown = pd.read_csv(tmp_path / "both" / "not_known.csv")
    assert unknown[["sender_id", "receiver_id"]].values.tolist() == [["a", "c"]]
    script = (tmp_path / "both" / "load.R").read_text(encoding="utf-8")
    assert script.startswith("# Simulated data.\n")
    assert '"advice 1" = network_of("1", "advice", directed = FALSE)' in script
