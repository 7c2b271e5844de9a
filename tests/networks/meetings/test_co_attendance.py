"""Sessions together, raw and by Newman's weight."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import affiliation, co_attendance
from cvln_eval.networks.meetings.co_attendance import projected

# Sums of a few ratios, read back from text with fifteen digits.
R_TOLERANCE = 1e-12


def test_pairs_by_hand(met):
    pairs = co_attendance(met).tidy().set_index(["person_id", "other_person_id"])
    # a and b: s1, where two others than each were, and s2, where there was nobody else.
    assert pairs.loc[("a", "b"), "n_sessions_together"] == 2
    assert pairs.loc[("a", "b"), "newman_weight"] == 1 / 2 + 1
    assert pairs.loc[("a", "c"), "newman_weight"] == 1 / 2
    # d was alone at s4.
    assert len(pairs) == 3


def test_networks_of_pairs(met):
    panel = co_attendance(met).panel(weights="newman")
    assert panel.waves == ("1", "2")
    first = panel.network(wave="1", relation="co-attendance")
    assert not first.directed
    assert first.strength.tolist() == [1.5, 0.5, 0.5]
    assert first.n_dyads() == 4 * 3 / 2
    assert panel.network(wave="2", relation="co-attendance").n_ties == 0
    counted = co_attendance(met).panel()
    assert counted.network(wave="1", relation="co-attendance").strength.tolist() == [2, 1, 1]
    with pytest.raises(ArgumentError, match="'jaccard'"):
        co_attendance(met).panel(weights="jaccard")


def test_totals(met):
    row = co_attendance(met).glance().iloc[0]
    # 4 people make 6 pairs in wave 1, 5 make 10 in wave 2.
    assert row[["n_waves", "n_persons", "n_pairs_met", "n_pairs_possible"]].tolist() == [
        2,
        5,
        3,
        16,
    ]
    assert "3 pairs of people came to a session together, of 16" in co_attendance(met).sentence()


tables = arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 6)))


@given(tables)
@settings(deadline=None, max_examples=60)
def test_newman_weights_add_up_to_sessions_in_company(came):
    first, second, together, weight = projected(came)
    sums = np.zeros(len(came))
    np.add.at(sums, first, weight)
    np.add.at(sums, second, weight)
    np.testing.assert_allclose(sums, (came & (came.sum(axis=0) > 1)).sum(axis=1), atol=1e-12)
    dense = came.astype(int) @ came.T.astype(int)
    assert together.tolist() == dense[first, second].tolist()
    assert len(first) == np.count_nonzero(np.triu(dense, 1))


@given(tables)
@settings(deadline=None, max_examples=30)
def test_relabelling_people_moves_pairs_and_changes_no_weight(came):
    weights = sorted(zip(*projected(came)[2:], strict=True))
    backwards = sorted(zip(*projected(came[::-1])[2:], strict=True))
    np.testing.assert_allclose(weights, backwards)


def test_projection_is_that_of_igraph(reference):
    # igraph::bipartite_projection(...), and came %*% diag(1 / (n - 1)) %*% t(came).
    attendance = reference("input")
    sessions = pd.DataFrame({"session_id": attendance["session_id"].unique(), "kind": "day"})
    sessions = sessions.assign(wave="1", status="held", held_on="2024-01-01")
    memberships = pd.DataFrame({"person_id": list("abcdefghijkl"), "wave": "1", "team_id": "x"})
    found = co_attendance(affiliation(attendance, sessions, memberships)).tidy()
    key = ["person_id", "other_person_id"]
    theirs = reference("expected_pairs").set_index(key).sort_index()
    ours = found.set_index(key)[list(theirs)].sort_index()
    assert ours.index.tolist() == theirs.index.tolist()
    np.testing.assert_allclose(ours, theirs, rtol=R_TOLERANCE)
