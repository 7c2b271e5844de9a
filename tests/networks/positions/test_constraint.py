"""Burt's measures, by hand, by definition and beside networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from cvln_eval.networks.positions import constraint, wedges
from cvln_eval.networks.positions.constraint import holes


def test_a_triangle_with_a_tail_by_hand(make, table):
    # a - b, a - c, b - c, c - d
    found = constraint(make("ab ac bc cd", "abcd", directed=False))
    # a: p_ab = p_ac = 1/2. b: 1/2 + p_ac p_cb = 1/2 + 1/2 * 1/3; c: 1/2 + p_ab p_bc = 1/2 + 1/4
    assert table(found, "constraint")["a"] == pytest.approx((2 / 3) ** 2 + (3 / 4) ** 2)
    # c: p = 1/3 each; a: 1/3 + 1/3 * 1/2, b alike, d: 1/3
    assert table(found, "constraint")["c"] == pytest.approx(2 * (1 / 2) ** 2 + (1 / 3) ** 2)
    # Effective size n - 2 t / n: a 2 - 2/2, c 3 - 2/3, d 1
    assert table(found, "effective_size").tolist() == pytest.approx([1, 1, 7 / 3, 1])
    assert table(found, "efficiency").tolist() == pytest.approx([0.5, 0.5, 7 / 9, 1])
    # c's parts 1/4, 1/4, 1/9 of C = 11/18, relative to C / 3: 27/22, 27/22, 6/11
    relative = np.array([27 / 22, 27 / 22, 6 / 11])
    by_hand = (relative * np.log(relative)).sum() / (3 * np.log(3))
    assert table(found, "hierarchy")["c"] == pytest.approx(by_hand)
    assert table(found, "hierarchy", "reason")["d"] == "one contact"
    assert np.isnan(table(found, "hierarchy")["d"])
    assert table(found, "constraint", "n_contacts").tolist() == [2, 2, 3, 1]


def test_strengths_and_directions_by_hand(make, table):
    # z_ab = 1 + 2 = 3, z_ac = 1: p_ab = 3/4, p_ac = 1/4; b and c are not tied
    found = constraint(make("ab ba ac", "abc", strength=[1, 1, 2]))
    # sorted arcs: ab, ac, ba; strengths go with the arcs as written: ab 1, ba 1, ac 2
    assert table(found, "constraint")["a"] == pytest.approx((2 / 4) ** 2 + (2 / 4) ** 2)
    found = constraint(make("ab ba ac", "abc", strength=[1, 2, 1]))
    assert table(found, "constraint")["a"] == pytest.approx((3 / 4) ** 2 + (1 / 4) ** 2)
    assert table(found, "constraint").tolist()[1:] == [1, 1]


def test_who_has_no_contact_and_who_did_not_answer(make, table):
    found = constraint(make("ab", "abc", answered="ac"))
    for measure in ("constraint", "effective_size", "efficiency", "hierarchy"):
        assert table(found, measure)[["b", "c"]].isna().all()
        assert table(found, measure, "reason")[["b", "c"]].tolist() == [
            "did not answer",
            "no contacts",
        ]
    assert (found.tidy()["n_not_answered"] == 1).all()


def test_empty_alone_and_nobody(make):
    assert set(constraint(make("", "abc")).tidy()["reason"]) == {"no contacts"}
    assert set(constraint(make("", "a")).tidy()["reason"]) == {"no contacts"}
    nobody = constraint(make("", ""))
    assert len(nobody.tidy()) == 0
    assert nobody.sentence() == "There are no people whose constraint could be told."


def test_all_ties_equal_in_a_clique(make, table):
    found = constraint(make("ab ac ad bc bd cd", "abcd", directed=False))
    # Each p = 1/3 and two shared contacts: (1/3 + 2/9)^2 * 3; effective size 3 - 2
    assert table(found, "constraint").tolist() == pytest.approx([25 / 27] * 4)
    assert table(found, "effective_size").tolist() == pytest.approx([1] * 4)
    assert table(found, "hierarchy").tolist() == pytest.approx([0] * 4, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_constraint_and_effective_size_agree_with_networkx(seed, directed):
    stream = np.random.default_rng(seed)
    matrix = (stream.random((9, 9)) < 0.25) * stream.integers(1, 5, (9, 9))
    np.fill_diagonal(matrix, 0)
    matrix = matrix if directed else np.triu(matrix) + np.triu(matrix).T
    graph = nx.from_numpy_array(matrix, create_using=nx.DiGraph if directed else nx.Graph)
    both = matrix + matrix.T if directed else matrix
    contacts, found = holes(sparse.csr_array(both.astype(float)))
    theirs = nx.constraint(graph, weight="weight")
    # Of all people at once networkx 3.6 divides by the strongest tie of q, not of j.
    sizes = nx.effective_size(graph, nodes=list(graph), weight="weight")
    for person in np.flatnonzero(contacts):
        assert found["constraint"][person] == pytest.approx(theirs[person])
        # networkx gives nan to those who name nobody, though they are named.
        if matrix[person].any():
            assert found["effective_size"][person] == pytest.approx(sizes[person])


def test_blocks_of_rows_add_up(monkeypatch):
    stream = np.random.default_rng(3)
    mask, left, right = (
        sparse.csr_array((stream.random((40, 40)) < 0.2) * stream.random((40, 40)))
        for _ in range(3)
    )
    whole = wedges.at_ties(mask, left, right)
    monkeypatch.setattr(wedges, "BLOCK", 50)
    parts = wedges.at_ties(mask, left, right)
    np.testing.assert_allclose(whole.toarray(), parts.toarray())
    np.testing.assert_allclose(whole.toarray(), mask.toarray() * (left.toarray() @ right.toarray()))


def test_sentence(make):
    found = constraint(make("ab ac", "abcd", directed=False, relation="advice"))
    assert found.sentence() == (
        "Of 4 people in the network of advice in wave 1, Burt's constraint was 0.50 to 1.00 and "
        "effective size 1.00 to 2.00; 1 of 4 values cannot be had."
    )
    assert found.glance()[["n_networks", "n_persons", "n", "n_not_known"]].to_numpy().tolist() == [
        [1, 4, 16, 6]
    ]
