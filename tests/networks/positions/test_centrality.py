"""Centrality and centralization, by hand and by definition."""

from dataclasses import replace
from itertools import combinations, permutations, product

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from cvln_eval.networks.panel import panel_of, symmetrised
from cvln_eval.networks.positions import centrality, centralization
from cvln_eval.networks.positions import paths as paths_module
from cvln_eval.networks.positions.paths import shortest_paths


def test_a_line_of_three_by_hand(make, table):
    # a -> b -> c, strengths 2 and 3: only b is between (a, c)
    line = centrality(make("ab bc", "abc", strength=[2, 3]))
    assert table(line, "out_degree").tolist() == [1, 1, 0]
    assert table(line, "in_degree").tolist() == [0, 1, 1]
    assert table(line, "out_strength").tolist() == [2, 3, 0]
    assert table(line, "in_strength").tolist() == [0, 2, 3]
    assert table(line, "betweenness").tolist() == [0, 1, 0]
    # Of the (3 - 1)(3 - 2) = 2 ordered pairs of others
    assert table(line, "betweenness", "relative").tolist() == [0, 0.5, 0]
    # a reaches b in 1 and c in 2 steps: 1 + 1/2; b reaches c: 1; c nobody
    assert table(line, "harmonic_out").tolist() == [1.5, 1, 0]
    assert table(line, "harmonic_in").tolist() == [0, 1, 1.5]
    assert table(line, "harmonic_out", "relative").tolist() == [0.75, 0.5, 0]
    # Only a reaches both: 1 / (1 + 2), relative 2 / 3
    assert table(line, "closeness_out")["a"] == pytest.approx(1 / 3)
    assert table(line, "closeness_out", "relative")["a"] == pytest.approx(2 / 3)
    assert table(line, "closeness_out", "reason").tolist() == [
        "",
        *["does not reach everybody"] * 2,
    ]
    assert table(line, "closeness_in", "reason")["a"] == "is not reached by everybody"
    assert table(line, "closeness_out")[["b", "c"]].isna().all()


def test_a_square_shares_its_paths_by_hand(make, table):
    # a - b - c - d - a: of each pair of opposite ends half the paths pass each of the others
    square = centrality(make("ab bc cd da", "abcd", directed=False))
    assert table(square, "betweenness").tolist() == [0.5] * 4
    assert table(square, "betweenness", "relative").tolist() == pytest.approx([0.5 / 3] * 4)
    assert table(square, "closeness").tolist() == [1 / 4] * 4
    assert table(square, "harmonic").tolist() == [2.5] * 4
    assert table(square, "degree", "relative").tolist() == pytest.approx([2 / 3] * 4)
    assert set(square.tidy()["measure"]) == {
        *("degree", "strength", "betweenness", "closeness", "harmonic")
    }


def test_who_did_not_answer_is_not_known_but_those_he_is_named_by_are_by_hand(make, table):
    # c did not answer. Named: a by b; b by a; c by a and b; each could be named by those of a, b
    # that are not himself.
    found = centrality(make("ab ba ac bc", "abc", answered="ab"))
    for measure in ("out_degree", "out_strength", "betweenness", "closeness_out", "harmonic_out"):
        assert np.isnan(table(found, measure)["c"])
        assert np.isnan(table(found, measure, "relative")["c"])
        assert table(found, measure, "reason")["c"] == "did not answer"
    assert table(found, "in_degree").tolist() == [1, 1, 2]
    assert table(found, "in_degree", "n_pairs").tolist() == [1, 1, 2]
    assert table(found, "in_degree", "relative").tolist() == [1, 1, 1]
    assert table(found, "out_degree", "n_pairs").tolist()[:2] == [2, 2]
    # Closeness to a person counts the starts that answered: b is 1 step from a, c none.
    assert table(found, "closeness_in").tolist() == pytest.approx([1, 1, 1 / 2])
    assert table(found, "closeness_in", "relative").tolist() == [1, 1, 1]
    assert (found.tidy()["n_not_answered"] == 1).all()


def test_known_pairs_of_an_undirected_network_by_hand(make, table):
    # c did not answer; a named c, b did not: a's pair with c is known, b's is not.
    network = make("ab ac", "abc", answered="ab")
    either = centrality(symmetrised(network, rule="either"))
    assert table(either, "degree", "n_pairs")[["a", "b"]].tolist() == [2, 1]
    assert table(either, "degree")[["a", "b"]].tolist() == [2, 1]
    # By "both" a's naming c is open, and b, who did not name c, has no tie to c for certain.
    both = centrality(symmetrised(make("ab ba ac", "abc", answered="ab"), rule="both"))
    assert table(both, "degree", "n_pairs")[["a", "b"]].tolist() == [1, 2]
    assert table(both, "degree", "relative")[["a", "b"]].tolist() == [1, 0.5]


@pytest.mark.parametrize("rule", ["sender", "either", "answered"])
def test_known_pairs_are_those_of_the_network_by_each_rule(make, rule):
    # c and d did not answer; b and d are tied. (By "answered" no tie of d would be there.)
    arcs = "ab" if rule == "answered" else "ab bd"
    network = replace(make(arcs, "abcd", answered="ab", directed=False), rule=rule)
    rows = centrality(network).tidy().query("measure == 'degree'").set_index("person_id")
    known = network.known(*np.indices((4, 4))).sum(axis=1)
    assert rows["n_pairs"].tolist()[:2] == known[:2].tolist()
    assert network.n_dyads() == network.known(*np.indices((4, 4))).sum() / 2


def test_a_strength_that_is_not_given(make, table):
    found = centrality(make("ab ac", "abc", strength=[np.nan, 2]))
    assert table(found, "out_strength", "reason")["a"] == "the strength of a tie is not given"
    assert table(found, "in_strength").tolist()[::2] == [0, 2]
    assert table(found, "out_degree")["a"] == 2


def test_one_person_two_people_and_nobody(make, table):
    alone = centrality(make("", "a")).tidy()
    assert alone["value"].isna().all()
    assert set(alone["reason"]) == {"nobody else is in the network"}
    two = centrality(make("ab", "ab"))
    assert (
        table(two, "betweenness", "reason").tolist()
        == ["fewer than three people are in the network"] * 2
    )
    assert table(two, "out_degree", "relative").tolist() == [1, 0]
    nobody = centrality(make("", ""))
    assert len(nobody.tidy()) == 0
    assert nobody.sentence() == "There are no people whose centrality could be told."
    assert nobody.glance()["n"].item() == 0


def test_nobody_who_could_have_named_answered(make, table):
    found = centrality(make("ab", "abc", answered="a"))
    assert table(found, "in_degree", "reason").tolist() == [
        "nobody who could have named this person answered",
        "",
        "",
    ]
    assert table(found, "betweenness", "reason")["a"] == (
        "nobody who could have named this person answered"
    )


@pytest.mark.parametrize("directed", [True, False])
def test_paths_agree_with_networkx(directed):
    graph = nx.gnp_random_graph(30, 0.07, seed=4, directed=directed)
    found = shortest_paths(nx.to_scipy_sparse_array(graph, dtype=float, format="csr"))
    between = nx.betweenness_centrality(graph, normalized=False)
    through = found.through if directed else found.through / 2
    assert through.tolist() == pytest.approx([between[one] for one in graph])
    harmonic = nx.harmonic_centrality(graph)
    assert found.near_in.tolist() == pytest.approx([harmonic[one] for one in graph])


def test_blocks_of_starts_add_up(monkeypatch):
    ties = sparse.csr_array(np.random.default_rng(1).random((23, 23)) < 0.1).astype(float)
    whole = shortest_paths(ties)
    monkeypatch.setattr(paths_module, "BLOCK", 23 * 5)
    parts = shortest_paths(ties)
    for name in (
        "through",
        "far_out",
        "near_out",
        "reached_out",
        "far_in",
        "near_in",
        "reached_in",
    ):
        np.testing.assert_allclose(getattr(whole, name), getattr(parts, name))


def test_centralization_of_stars_and_rings_by_hand(make, table):
    out = table(centralization(make("ab ac ad", "abcd")))
    assert out["out_degree"] == 1
    # In-degrees 0, 1, 1, 1: (1 + 0 + 0 + 0) of the 3 * 3 that an in-star has
    assert out["in_degree"] == pytest.approx(1 / 9)
    assert (out["harmonic_out"], out["betweenness"]) == (1, 0)
    star = table(centralization(make("ab ac ad", "abcd", directed=False)))
    assert star.tolist() == pytest.approx([1, 1, 1, 1])
    mutual = table(centralization(make("ab ba ac ca ad da", "abcd")))
    assert mutual["betweenness"] == pytest.approx(1)
    ring = table(centralization(make("ab bc cd da", "abcd")))
    assert ring.tolist() == [0.0] * 7


def test_deviations_by_hand(make):
    # Out-degrees 2, 1, 0, 0 of 3: deviations 0, 1, 2, 2 thirds
    row = centralization(make("ab ac bc", "abcd")).tidy().set_index("measure").loc["out_degree"]
    assert row["deviation"] == pytest.approx(5 / 3)
    assert row["deviation_max"] == 3
    assert row["value"] == pytest.approx(5 / 9)
    assert (row["n"], row["n_ties"], row["n_not_answered"]) == (4, 3, 0)
    assert "centre names everybody" in row["convention"]


def test_people_without_a_centrality_are_left_out_of_the_sum(make):
    # d did not answer: out-degrees 2, 1, 0 of 3, deviations 0, 1, 2 thirds, of 3 - 1 people.
    rows = centralization(make("ab ac bc", "abcd", answered="abc")).tidy().set_index("measure")
    assert rows.loc["out_degree", "value"] == pytest.approx(1 / 2)
    assert rows.loc["out_degree", "n"] == 3
    # Named: 0 of 2, 1 of 2, 2 of 2, 0 of 3
    assert rows.loc["in_degree", "value"] == pytest.approx((1 + 0.5 + 0 + 1) / 3)
    assert rows.loc["in_degree", "n"] == 4


def test_centralization_lies_between_nought_and_one_and_a_star_attains_it(make_of):
    greatest = {}
    for ties in product([0, 1], repeat=6):
        matrix = np.zeros((4, 4))
        matrix[np.triu_indices(4, 1)] = ties
        found = centralization(make_of(matrix, directed=False)).tidy()
        for measure, value in zip(found["measure"], found["value"], strict=True):
            assert not value < 0
            greatest[measure] = max(greatest.get(measure, 0.0), np.nan_to_num(value))
    assert greatest == pytest.approx(dict.fromkeys(greatest, 1.0))


def test_directed_centralization_lies_between_nought_and_one(make_of):
    greatest = {}
    for count in range(0, 7):
        for arcs in combinations(list(permutations(range(3), 2)), count):
            matrix = np.zeros((3, 3))
            matrix[tuple(np.array(arcs, dtype=int).reshape(-1, 2).T)] = 1
            found = centralization(make_of(matrix)).tidy()
            for measure, value in zip(found["measure"], found["value"], strict=True):
                assert not value < 0
                greatest[measure] = max(greatest.get(measure, 0.0), np.nan_to_num(value))
    attained = {name for name, value in greatest.items() if value == pytest.approx(1)}
    assert max(greatest.values()) <= 1 + 1e-12
    assert attained == {"out_degree", "in_degree", "betweenness", "harmonic_out", "harmonic_in"}


def test_what_centralization_cannot_be_had(make, table):
    assert set(table(centralization(make("ab", "ab")), column="reason")) == {
        "fewer than three people are in the network"
    }
    silent = table(centralization(make("", "abc", answered="")), column="reason")
    assert set(silent) == {"nobody answered"}
    one = table(centralization(make("ab", "abc", answered="a")), column="reason")
    assert one["out_degree"] == "fewer than two people have this centrality"
    apart = table(centralization(make("ab", "abc")), column="reason")
    assert apart["closeness_out"].startswith("not everybody reaches everybody")
    empty = centralization(make("", "abcd")).tidy().set_index("measure")["value"]
    assert empty[["out_degree", "in_degree", "betweenness", "harmonic_in"]].tolist() == [0.0] * 4
    nobody = centralization(make("", ""))
    assert len(nobody.tidy()) == 0
    assert nobody.sentence() == "There are no networks whose centralization could be told."


def test_sentences(make):
    one = make("ab ac ad", "abcd", wave="y1", relation="advice", answered="abc")
    other = make("ab", "abcd", wave="y2", relation="advice")
    # Named: 0 of 2, 1 of 2, 1 of 2, 1 of 3, so (1/2 + 0 + 0 + 1/6) / 3
    assert centralization(one).sentence() == (
        "Freeman centralization in the network of advice in wave y1: by out-degree 1.00, by "
        "in-degree 0.22, by betweenness 0.00 (0 = all alike, 1 = a star)."
    )
    assert centrality(one).sentence() == (
        "Of 4 people in the network of advice in wave y1 (n = 1 did not answer and have in part no "
        "values): out-degree 0.00 to 3.00, in-degree 0.00 to 1.00, betweenness 0.00."
    )
    both = panel_of([one, other])
    assert "over 2 networks: by out-degree 0.33 to 1.00" in centralization(both).sentence()
    assert centrality(both).glance()["n_networks"].item() == 2
