"""k-cores and k-components, by hand, by definition and beside networkx."""

import time
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.positions import disjoint, k_components
from cvln_eval.networks.positions.connectivity import cohesive_parts, core_numbers, smallest_cut
from cvln_eval.networks.positions.disjoint import Paths


def array_of(graph):
    return nx.to_scipy_sparse_array(graph, dtype=float, format="csr")


def deepest_in(ties):
    found = np.zeros(ties.shape[0], dtype=int)
    for k, people in cohesive_parts(ties):
        found[people] = np.maximum(found[people], k)
    return found.tolist()


def test_two_cliques_that_share_one_by_hand(make, table):
    # a b c d and d e f g are cliques of four with d in both: one goes and they fall apart; h hangs
    # on g, i is alone.
    arcs = "ab ac ad bc bd cd de df dg ef eg fg gh"
    found = k_components(make(arcs, "abcdefghi", directed=False))
    assert table(found, "k_component").tolist() == [3, 3, 3, 3, 3, 3, 3, 1, 0]
    assert table(found, "k_core").tolist() == [3, 3, 3, 3, 3, 3, 3, 1, 0]
    parts = found.parts.groupby("part")["person_id"].agg("".join)
    assert parts.tolist() == ["abcd", "defg", "abcdefgh"]
    assert found.parts.drop_duplicates("part")[["k", "n"]].to_numpy().tolist() == [
        [3, 4],
        [3, 4],
        [1, 8],
    ]


def test_a_core_that_falls_apart_by_hand(make, table):
    # Two triangles tied by c - d: all have two ties in it (a 2-core), but c or d parts them.
    found = k_components(make("ab bc ca de ef fd cd", "abcdef"))
    assert table(found, "k_core").tolist() == [2] * 6
    assert table(found, "k_component").tolist() == [2] * 6
    # a - b - c - d - a is a 2-component as it is; two squares that share an edge are one as well.
    assert len(found.parts["part"].unique()) == 3
    chain = k_components(make("ab bc cd", "abcd"))
    assert table(chain, "k_component").tolist() == [1] * 4


def test_smallest_cuts_by_hand():
    # A wheel of six: the hub and two opposite ends of the rim
    k, cut = smallest_cut(array_of(nx.wheel_graph(7)))
    assert (k, len(cut)) == (3, 3)
    k, cut = smallest_cut(array_of(nx.path_graph(4)))
    assert (k, len(cut)) == (1, 1)
    assert cut[0] in (1, 2)
    assert smallest_cut(array_of(nx.complete_graph(5)))[0] == 4
    assert smallest_cut(array_of(nx.complete_graph(5)))[1].size == 0
    # Cutting goes through people of least degree only if nobody else does it
    barbell = nx.barbell_graph(5, 1)
    assert smallest_cut(array_of(barbell))[0] == 1


def test_a_cut_of_the_one_with_fewest_ties():
    # Two cliques of six, each tied by two of its people to one person between: only he parts them,
    # and from him to anybody there are two ways.
    graph = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(6))
    graph.add_edges_from([(12, 0), (12, 1), (12, 6), (12, 7)])
    k, cut = smallest_cut(array_of(graph))
    assert (k, cut.tolist()) == (1, [12])


def test_a_part_of_a_part_is_none_of_its_own_unless_it_is_more_cohesive():
    # Three cliques of five: the first two joined by two ties, the third sharing person 2 with the
    # first, and person 14 between the second and third: two people separate the whole, and no set
    # within it needs three but the cliques. The first two cliques together are no part.
    graph = nx.Graph([(0, 5), (1, 6), (14, 9), (14, 11)])
    for clique in (range(5), range(5, 10), (2, 10, 11, 12, 13)):
        graph.add_edges_from((a, b) for a in clique for b in clique if a < b)
    # In this order the cut by person 2 alone is found, after one by two people.
    order = np.array([10, 11, 12, 13, *range(10), 14])
    ties = nx.to_scipy_sparse_array(graph, nodelist=order, dtype=float, format="csr")
    found = sorted((k, sorted(order[people].tolist())) for k, people in cohesive_parts(ties))
    assert found == [
        (2, list(range(15))),
        (4, [0, 1, 2, 3, 4]),
        (4, [2, 10, 11, 12, 13]),
        (4, [5, 6, 7, 8, 9]),
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_cuts_separate_and_are_the_smallest(seed):
    stream = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(int(stream.integers(3, 14)), 0.5, seed=seed)
    if not nx.is_connected(graph):
        return
    k, cut = smallest_cut(array_of(graph))
    assert k == nx.node_connectivity(graph)
    if cut.size:
        assert len(cut) == k
        assert not nx.is_connected(graph.subgraph(set(graph) - set(cut.tolist())))


def by_definition(graph):
    """Return the greatest k of a set with each person that fewer than k cannot separate."""
    found = dict.fromkeys(graph, 0)
    for size in range(2, len(graph) + 1):
        for people in combinations(graph, size):
            k = nx.node_connectivity(graph.subgraph(people))
            found |= {one: max(found[one], k) for one in people}
    return [found[one] for one in graph]


@pytest.mark.parametrize("seed", range(8))
def test_cores_and_components_are_those_of_the_definition(seed):
    stream = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(8, 0.3 + 0.08 * seed, seed=int(stream.integers(1000)))
    ties = array_of(graph)
    assert core_numbers(ties).tolist() == [nx.core_number(graph)[one] for one in graph]
    assert deepest_in(ties) == by_definition(graph)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
@example(954)  # of whose 14 people 9 are a 5-component, which networkx 3.6 does not find
def test_components_are_no_less_deep_than_those_of_networkx(seed):
    stream = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(int(stream.integers(1, 16)), stream.random() * 0.6, seed=seed)
    ties = array_of(graph)
    # networkx takes two people who are tied for no component of one.
    theirs = [int(graph.degree(one) > 0) for one in graph]
    for k, sets in nx.k_components(graph).items():
        for one in set().union(*sets):
            theirs[one] = max(theirs[one], k)
    assert (np.array(deepest_in(ties)) >= theirs).all()
    parts = [(k, set(people.tolist())) for k, people in cohesive_parts(ties)]
    for k, people in parts:
        assert nx.node_connectivity(graph.subgraph(people)) == k
    assert not [
        (one, other)
        for one in parts
        for other in parts
        if one is not other and one[1] <= other[1] and one[0] <= other[0]
    ]


@pytest.mark.parametrize("seed", range(6))
def test_paths_are_as_many_as_surely_join_two_people(seed):
    stream = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(int(stream.integers(8, 25)), 0.15 + 0.05 * seed, seed=seed)
    paths = Paths(array_of(graph))
    for one in [one for one in graph if graph.degree(one)][:4]:
        others = np.array([to for to in graph if to != one and not graph.has_edge(one, to)])
        most = [nx.node_connectivity(graph, one, int(to)) for to in others]
        assert paths.at_least(one, others, enough=99).tolist() == most


def test_paths_along_a_long_ladder_are_never_too_many():
    # Far away two paths are one but for rounding, which is not to be counted.
    paths = Paths(array_of(nx.ladder_graph(300)))
    found = paths.at_least(0, np.arange(400, 600), enough=9)
    assert set(found.tolist()) <= {0, 1, 2}


def test_parts_are_the_same_without_the_shorter_way(monkeypatch):
    graph = nx.random_partition_graph([12] * 4, 0.6, 0.06, seed=3)
    quick = [(k, people.tolist()) for k, people in cohesive_parts(array_of(graph))]
    monkeypatch.setattr(disjoint, "MOST", 0)
    slow = [(k, people.tolist()) for k, people in cohesive_parts(array_of(graph))]
    assert sorted(quick) == sorted(slow)


def test_what_grows_from_the_deepest_core_is_as_cohesive_as_its_ties():
    # Six people all tied to each other; whoever comes then has three ties to those before: one
    # 3-component of all, and those who have no tie into the core come in by others.
    graph = nx.complete_graph(6)
    for one in range(6, 14):
        graph.add_edges_from((one, one - step) for step in (1, 2, 3))
    assert sorted((k, len(people)) for k, people in cohesive_parts(array_of(graph))) == [
        (3, 14),
        (5, 6),
    ]


def test_nothing_grows_from_a_core_that_falls_apart_itself():
    # Two cliques of six share person 5; 11 is tied to two of the one and one of the other. The core
    # falls apart without 5, and all without 5 and 11, though each has three ties or more.
    graph = nx.Graph([(11, 0), (11, 1), (11, 6)])
    for clique in (range(6), range(5, 11)):
        graph.add_edges_from(combinations(clique, 2))
    found = sorted((k, len(people)) for k, people in cohesive_parts(array_of(graph)))
    assert found == [(2, 12), (5, 6), (5, 6)]


def test_nothing_grows_by_fewer_ties_than_the_fewest():
    # Four people tied to each other, of whom two have two ties each to a clique of six: without
    # these two all fall apart, though each has three ties or more.
    graph = nx.Graph([(6, 0), (6, 1), (7, 2), (7, 3)])
    for clique in (range(6), range(6, 10)):
        graph.add_edges_from(combinations(clique, 2))
    found = sorted((k, len(people)) for k, people in cohesive_parts(array_of(graph)))
    assert found == [(2, 10), (3, 4), (3, 8), (5, 6)]


def test_a_thousand_people_take_seconds():
    graph = nx.gnm_random_graph(1000, 8000, seed=1)
    start = time.perf_counter()
    found = list(cohesive_parts(array_of(graph)))
    assert time.perf_counter() - start < 30  # a search for each pair takes minutes
    for k, people in found:
        assert min(dict(graph.subgraph(people.tolist()).degree()).values()) >= k


def test_directions_are_left_out_and_who_did_not_answer_is_in(make, table):
    found = k_components(make("ab bc ca", "abcd", answered="abc"))
    assert table(found, "k_component").tolist() == [2, 2, 2, 0]
    assert set(found.tidy()["n_not_answered"]) == {1}


def test_nobody_answered_nobody_and_no_ties(make):
    silent = k_components(make("", "abc", answered=""))
    assert silent.tidy()["value"].isna().all()
    assert set(silent.tidy()["reason"]) == {"nobody answered"}
    assert silent.sentence() == "There are no people whose embeddedness could be told."
    nobody = k_components(make("", ""))
    assert len(nobody.tidy()) == 0
    assert nobody.sentence() == "There are no people whose embeddedness could be told."
    empty = k_components(make("", "ab", relation="advice"))
    assert empty.tidy()["value"].tolist() == [0.0] * 4
    assert empty.sentence() == ("Nobody in the network of advice in wave 1 is tied to anybody.")
    assert len(empty.parts) == 0


def test_sentences(make):
    one = make("ab bc ca cd", "abcd", relation="advice")
    assert k_components(one).sentence() == (
        "The most cohesive sets in the network of advice in wave 1 hold 3 people and have k = 2 as "
        "k-components."
    )
    both = panel_of([one, make("ab", "abcd", relation="advice", wave="2")])
    assert k_components(both).sentence() == (
        "The most cohesive sets over 2 networks were k-components with k = 1 to 2."
    )
    assert k_components(both).glance()["n"].item() == 16


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_clique_of_k_and_one_has_k(make, table, size):
    ids = "abcde"[:size]
    arcs = " ".join(first + second for first in ids for second in ids if first != second)
    assert table(k_components(make(arcs, ids)), "k_component").tolist() == [size - 1] * size
