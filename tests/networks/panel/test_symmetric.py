"""What is known of a tie, by each rule: matrix, counts and single pairs agree."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.panel import Network, symmetrised

RULES = ("either", "both")


def network_of(matrix: np.ndarray, answered: np.ndarray) -> Network:
    """Return the network of a matrix, whose rows that did not answer are taken as empty."""
    told = np.where(answered[:, None], matrix, 0)
    np.fill_diagonal(told, 0)
    sender, receiver = np.nonzero(told)
    people = pd.DataFrame({"person_id": [f"p{i}" for i in range(len(told))]})
    return Network("1", "advice", people, sender, receiver, told[sender, receiver], answered)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return small networks, some people without an answer."""
    n = draw(st.integers(0, 6))
    cells = draw(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=n * n, max_size=n * n))
    answered = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    return network_of(np.array(cells).reshape(n, n), answered)


def by_definition(network: Network, rule: str) -> np.ndarray:
    """Return the symmetrised matrix pair by pair, from what each end said (nan: nothing)."""
    said, found = network.matrix(), np.full((network.n, network.n), np.nan)
    for i in range(network.n):
        for j in range(i):
            told = [word for word in (said[i, j], said[j, i]) if not np.isnan(word)]
            if rule == "either" and (len(told) == 2 or any(told)):
                found[i, j] = found[j, i] = max(told)
            elif rule == "both" and (len(told) == 2 or told == [0]):
                found[i, j] = found[j, i] = min(told)
    return found


@given(networks(), st.sampled_from(RULES))
def test_symmetrised_ties_are_those_of_the_definition(network, rule):
    found = symmetrised(network, rule=rule)
    np.testing.assert_array_equal(found.matrix(), by_definition(network, rule))


@given(networks(), st.sampled_from((None, *RULES)))
def test_answerable_pairs_are_known_whatever_they_are(network, rule):
    whole = network if rule is None else symmetrised(network, rule=rule)
    found = whole.answerable()
    both = np.outer(network.answered, network.answered)
    told = np.repeat(network.answered[:, None], network.n, axis=1) if whole.directed else both
    asked = told & ~np.eye(network.n, dtype=bool)
    np.testing.assert_array_equal(found.matrix(), np.where(asked, whole.matrix(), np.nan))
    assert found.answerable().n_dyads() == found.n_dyads()


@given(networks(), st.sampled_from((None, *RULES)))
def test_counts_and_matrix_agree(network, rule):
    found = network if rule is None else symmetrised(network, rule=rule)
    known = int(np.isfinite(found.matrix()).sum())
    assert found.n_dyads() * (1 if found.directed else 2) == known
    assert found.n_dyads(known=False) * (1 if found.directed else 2) == found.n * (found.n - 1)
    assert len(found.arcs()[0]) == int((np.nan_to_num(found.matrix()) > 0).sum())
    dense = found.adjacency(valued=True).toarray()
    np.testing.assert_array_equal(dense, np.nan_to_num(found.matrix()))


@given(networks(), st.sampled_from((None, *RULES)), st.data())
def test_people_alone_have_the_part_of_the_matrix_that_is_theirs(network, rule, data):
    found = network if rule is None else symmetrised(network, rule=rule)
    rows = sorted(data.draw(st.sets(st.sampled_from(range(network.n)))) if network.n else set())
    part = found.among(found.ids[rows])
    np.testing.assert_array_equal(part.matrix(), found.matrix()[np.ix_(rows, rows)])


def test_arcs_are_sorted_by_sender():
    undirected = symmetrised(network_of(np.ones((3, 3)), np.ones(3, dtype=bool)), rule="both")
    sender, receiver, _ = undirected.arcs()
    assert list(zip(sender.tolist(), receiver.tolist(), strict=True)) == [
        (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1),
    ]  # fmt: skip


def test_binary_networks_keep_the_strong():
    network = network_of(np.array([[0, 1, 3], [2, 0, 0], [0, 0, 0.0]]), np.ones(3, dtype=bool))
    assert network.binary().strength.tolist() == [1, 1, 1]
    strong = network.binary(2)
    assert (strong.sender.tolist(), strong.receiver.tolist()) == ([0, 1], [2, 0])
    assert (strong.threshold, strong.valued) == (2, False)


@given(networks(), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_a_threshold_may_be_set_before_or_after(network, rule, random):
    strength = [random.choice([1.0, 2.0, np.nan]) for _ in network.strength]
    network = replace(network, strength=np.array(strength))
    before = symmetrised(network.binary(2), rule=rule)
    after = symmetrised(network, rule=rule)
    if after.claimed.size:
        with pytest.raises(ArgumentError, match=r"the threshold first(.|\n)*p\d and p\d"):
            after.binary(2)
        return
    np.testing.assert_array_equal(after.binary(2).matrix(), before.matrix())


def test_the_smaller_of_two_is_not_known_where_one_is_not():
    network = network_of(np.array([[0, 3.0], [1, 0]]), np.ones(2, dtype=bool))
    network = replace(network, strength=np.array([3.0, np.nan]))
    assert symmetrised(network, rule="either").strength.tolist() == [3.0]
    assert np.isnan(symmetrised(network, rule="both").strength).tolist() == [True]


@pytest.mark.parametrize("rule", [None, *RULES])
def test_a_matrix_takes_not_much_more_memory_than_it_has(rule):
    n = 1000
    network = network_of(np.eye(n, k=1), np.arange(n) % 5 > 0)
    found = network if rule is None else symmetrised(network, rule=rule)
    tracemalloc.start()
    size = found.matrix().nbytes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The array itself, truth values an eighth of it, and places of pairs where a rule needs them.
    assert peak < (1.6 if rule is None else 7) * size


def test_what_cannot_be_symmetrised_is_refused():
    network = network_of(np.ones((2, 2)), np.ones(2, dtype=bool))
    with pytest.raises(ArgumentError, match="'weak'"):
        symmetrised(network, rule="weak")
    either = symmetrised(network, rule="either")
    assert symmetrised(either, rule="either") is either
    with pytest.raises(ArgumentError, match=r"no directions any more(.|\n)*'either'"):
        symmetrised(either, rule="both")


def test_a_dense_matrix_of_very_many_people_is_refused():
    people = pd.DataFrame({"person_id": [f"{i:05}" for i in range(12_001)]})
    none = np.empty(0, dtype=int)
    network = Network("1", "x", people, none, none, np.empty(0), np.ones(12_001, dtype=bool))
    with pytest.raises(ArgumentError, match="12,001"):
        network.matrix()


def test_strangers_are_not_in_the_network():
    network = network_of(np.ones((2, 2)), np.ones(2, dtype=bool))
    with pytest.raises(ArgumentError, match=r"not in the network(.|\n)*'p9'"):
        network.among(["p0", "p9"])
