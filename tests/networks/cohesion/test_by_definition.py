"""Measures agree with their definitions, written as loops, and with networkx."""

from __future__ import annotations

from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from whole_networks import matrix_of, network_of, networks, reach, values

from cvln_eval.networks.cohesion import census, structure
from cvln_eval.networks.cohesion.krackhardt import _last
from cvln_eval.networks.cohesion.reaching import pairs_by_distance


def ratio(above, below):
    return above / below if below else np.nan


def known(network):
    """Return the arcs among people who answered."""
    rows = np.flatnonzero(network.answered)
    return matrix_of(network)[np.ix_(rows, rows)]


def by_definition(network):
    """Return what loops over pairs and triples of people find."""
    tied, inner, n = matrix_of(network), known(network), network.n
    answered = range(len(inner))
    pairs = list(combinations(answered, 2))
    mutual = sum(inner[i, j] * inner[j, i] for i, j in pairs)
    one_way = sum(inner[i, j] != inner[j, i] for i, j in pairs)
    triples = [t for t in permutations(answered, 3) if inner[t[0], t[1]] and inner[t[1], t[2]]]
    either = np.maximum(inner, inner.T)
    meeting = [t for t in permutations(answered, 3) if either[t[0], t[1]] and either[t[1], t[2]]]
    asked = [(i, j) for i in range(n) for j in range(n) if i != j and network.answered[i]]
    return {
        "density": ratio(tied.sum(), len(asked)),
        "valued_density": ratio(network.strength.sum(), len(asked)),
        "reciprocity_arcs": ratio(2 * mutual, inner.sum()),
        "reciprocity_dyads": ratio(mutual, mutual + one_way),
        "symmetry": ratio(len(pairs) - one_way, len(pairs)),
        "dyads_mutual": mutual,
        "dyads_asymmetric": one_way,
        "transitivity": ratio(sum(inner[i, k] for i, _, k in triples), len(triples)),
        "clustering": ratio(sum(either[i, k] for i, _, k in meeting), len(meeting)),
        "isolates": sum(
            network.answered[i] and not tied[i].any() and not tied[:, i].any() for i in range(n)
        ),
    }


def krackhardt_by_definition(network):
    tied, n = matrix_of(network), network.n
    reached, joined = reach(tied), reach(tied + tied.T)
    pairs = list(combinations(range(n), 2))
    mutual = sum(reached[i, j] and reached[j, i] for i, j in pairs)
    linked = sum(reached[i, j] or reached[j, i] for i, j in pairs)
    sizes = [sum(row) for row in {tuple(row) for row in joined.tolist()}]
    lacking = 0
    for i, j in (pair for pair in pairs if joined[pair]):
        upper = [k for k in range(n) if reached[k, i] and reached[k, j]]
        lacking += not any(all(reached[k, least] for k in upper) for least in upper)
    most = sum((size - 1) * (size - 2) // 2 for size in sizes)
    needed = sum(size - 1 for size in sizes)
    possible = sum(size * (size - 1) for size in sizes) - needed
    return {
        "krackhardt_connectedness": ratio(sum(joined[pair] for pair in pairs), len(pairs)),
        "krackhardt_hierarchy": ratio(linked - mutual, linked),
        "krackhardt_efficiency": ratio(possible - (tied.sum() - needed), possible),
        "krackhardt_lubness": ratio(most - lacking, most),
    }


def by_networkx(network):
    """Return what networkx finds in the same graph, people who did not answer naming nobody."""
    graph = nx.from_numpy_array(matrix_of(network), create_using=nx.DiGraph)
    steps = [
        length
        for _, lengths in nx.all_pairs_shortest_path_length(graph)
        for length in lengths.values()
        if length
    ]
    census_ = nx.triadic_census(nx.from_numpy_array(known(network), create_using=nx.DiGraph))
    weak, strong = (
        [len(part) for part in found(graph)]
        for found in (nx.weakly_connected_components, nx.strongly_connected_components)
    )
    pairs = network.n * (network.n - 1)
    return {f"triads_{name}": number for name, number in census_.items()} | {
        "weak_components": len(weak),
        "largest_weak_share": max(weak) / network.n,
        "strong_components": len(strong),
        "largest_strong_share": max(strong) / network.n,
        "share_reachable": ratio(len(steps), pairs),
        "mean_distance": ratio(sum(steps), len(steps)),
        "global_efficiency": ratio(sum(1 / step for step in steps), pairs),
        "diameter": max(steps, default=np.nan),
    }


@given(networks())
def test_measures_are_those_of_the_definition(network):
    if not network.answered.any():
        return
    found = values(structure(network))
    expected = by_definition(network) | krackhardt_by_definition(network) | by_networkx(network)
    assert {name: found[name] for name in expected} == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("paths", [1, 50, 1_000_000])
def test_larger_networks_with_hubs_taken_in_any_number_of_parts(seed, paths, monkeypatch):
    monkeypatch.setattr(census, "PATHS_AT_ONCE", paths)
    rng = np.random.default_rng(seed)
    pull = rng.pareto(1.5, 70)[:, None] * rng.pareto(1.5, 70)
    network = network_of(rng.random((70, 70)) < 0.1 * np.minimum(pull, 6), rng.random(70) < 0.9)
    found, expected = values(structure(network)), by_networkx(network)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("n", [63, 64, 65, 129, 200])
def test_upper_bounds_and_distances_across_words(n):
    rng = np.random.default_rng(n)
    order = rng.permutation(n)
    network = network_of(np.triu(rng.random((n, n)) < 2.5 / n)[np.ix_(order, order)])
    found = values(structure(network))
    expected = krackhardt_by_definition(network) | by_networkx(network)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_distances_of_a_long_chain():
    # 99 pairs at 1, 98 at 2, ... 1 at 99
    chain = network_of(np.diag(np.ones(99), 1))
    assert pairs_by_distance(chain.adjacency()).tolist() == list(range(99, 0, -1))


def test_the_highest_bit_is_that_of_whole_numbers():
    rng = np.random.default_rng(4)
    bits = rng.integers(0, 192, size=(300, 3))
    numbers = [0, 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**63, 2**64 - 1, 2**64, 2**191]
    numbers += [sum(1 << int(bit) for bit in set(row)) for row in bits]
    words = [[number >> 64 * w & (2**64 - 1) for number in numbers] for w in range(3)]
    found = _last(np.array(words, dtype=np.uint64), np.arange(3))
    assert found.tolist() == [max(number.bit_length() - 1, 0) for number in numbers]
