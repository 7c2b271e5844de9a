"""Brokerage: roles by hand, counts by listing all triples, moments by all networks of four."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.positions import brokerage
from cvln_eval.networks.positions.chance import expected_roles
from cvln_eval.networks.positions.roles import ROLES

TEAMS = dict(zip("abcdef", "xxxyyz", strict=True))
# Sums over up to 4,096 networks round in the last digits.
LISTED = {"rel": 1e-9, "abs": 1e-12}


def role(i, j, k):
    if i == j == k:
        return 0
    if i == k:
        return 1
    if j == k:
        return 2
    return 3 if i == j else 4


def listed(matrix, group):
    """Counts by going through all triples: the definition."""
    found = np.zeros((len(matrix), 6))
    for i, j, k in permutations(range(len(matrix)), 3):
        if matrix[i, j] and matrix[j, k] and not matrix[i, k]:
            found[j, role(group[i], group[j], group[k])] += 1
            found[j, 5] += 1
    return found


@pytest.mark.parametrize(
    ("arcs", "name"),
    [
        ("ab bc", "coordinator"),  # x x x
        ("ad db", "consultant"),  # x y x
        ("da ab", "gatekeeper"),  # y x x
        ("ab bd", "representative"),  # x x y
        ("ad df", "liaison"),  # x y z
    ],
)
def test_each_role_by_hand(make, arcs, name):
    rows = brokerage(make(arcs, "abcdef", teams=TEAMS)).tidy()
    assert rows.loc[rows["value"] > 0, ["person_id", "measure"]].to_numpy().tolist() == [
        [arcs[1], name],
        [arcs[1], "total"],
    ]
    assert rows.loc[rows["person_id"] == "a", "group"].unique().tolist() == ["x"]


def test_a_closed_two_path_and_one_that_comes_back_do_not_count(make):
    assert brokerage(make("ab bc ac", "abc", teams=TEAMS)).tidy()["value"].sum() == 0
    assert brokerage(make("ab ba", "abc", teams=TEAMS)).tidy()["value"].sum() == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_counts_are_those_of_all_triples(make_of, seed):
    stream = np.random.default_rng(seed)
    n = int(stream.integers(1, 9))
    matrix = np.triu(stream.random((n, n)) < 0.5, 1) | np.tril(stream.random((n, n)) < 0.4, -1)
    group = stream.integers(0, 3, n)
    found = brokerage(make_of(matrix, teams=[f"t{one}" for one in group]))
    assert found.tidy()["value"].to_numpy().reshape(n, 6).tolist() == listed(matrix, group).tolist()
    assert found.whole["value"].tolist() == listed(matrix, group).sum(axis=0).tolist()


@pytest.mark.parametrize(
    ("group", "answered"),
    [
        ([0, 0, 0, 0], [1, 1, 1, 1]),
        ([0, 0, 1, 1], [1, 1, 1, 1]),
        ([0, 0, 0, 1], [1, 1, 1, 1]),
        ([0, 0, 1, 2], [1, 1, 1, 1]),
        ([0, 1, 2, 3], [1, 1, 1, 1]),
        ([0, 0, 0, 0], [1, 1, 1, 0]),
        ([0, 0, 1, 1], [1, 1, 1, 0]),
        ([0, 0, 1, 1], [1, 0, 1, 0]),
        ([0, 0, 0, 1], [0, 1, 1, 1]),
        ([0, 1, 2, 0], [1, 1, 0, 1]),
    ],
)
def test_moments_are_those_over_all_networks_of_four(group, answered):
    density = 0.3
    group, answered = np.array(group), np.array(answered, dtype=bool)
    places = [pair for pair in permutations(range(4), 2) if answered[pair[0]]]
    mean, square = np.zeros((5, 6)), np.zeros((5, 6))
    for ties in product([0, 1], repeat=len(places)):
        matrix = np.zeros((4, 4))
        matrix[tuple(np.array(places).T)] = ties
        chance = density ** sum(ties) * (1 - density) ** (len(ties) - sum(ties))
        found = listed(matrix, group)
        found = np.vstack([found, found.sum(axis=0)])
        mean += chance * found
        square += chance * found**2
    error = np.sqrt(np.maximum(square - mean**2, 0))
    moments = expected_roles(group, answered, density)
    for person in np.flatnonzero(answered):
        assert moments.person[person].tolist() == pytest.approx(mean[person].tolist(), **LISTED)
        assert moments.person_error[person].tolist() == pytest.approx(
            error[person].tolist(), **LISTED
        )
    assert moments.whole.tolist() == pytest.approx(mean[4].tolist(), **LISTED)
    # Rounding of a variance of nought is the square root of 1e-17.
    assert moments.whole_error.tolist() == pytest.approx(error[4].tolist(), rel=1e-9, abs=1e-7)


def test_z_is_the_difference_in_standard_errors(make):
    found = brokerage(make("ab bc cd de ea", "abcdef", teams=TEAMS))
    for rows in (found.tidy(), found.whole):
        known = rows[rows["reason"] == ""]
        apart = (known["value"] - known["expected"]) / known["std_error_null"]
        assert known["z"].tolist() == pytest.approx(apart.tolist())
        assert len(known) > 4


def test_expected_total_by_hand(make):
    # 5 ties of 30 pairs: d = 1/6; 5 * 4 ordered pairs of others, each with d^2 (1 - d)
    found = brokerage(make("ab bc cd de ea", "abcdef", teams=TEAMS))
    total = found.tidy().set_index(["person_id", "measure"]).loc[("f", "total")]
    assert total["expected"] == pytest.approx(20 * (1 / 36) * (5 / 6))


def test_who_did_not_answer_is_nan_and_expected_of_nobody(make):
    rows = brokerage(make("ab bc", "abcd", teams=TEAMS, answered="abd")).tidy()
    silent = rows[rows["person_id"] == "c"]
    assert silent[["value", "expected", "std_error_null", "z"]].isna().all(axis=None)
    assert set(silent["reason"]) == {"did not answer"}
    # Two-paths through b can only begin at a and d: 2 ties of 9 known pairs, 2 starts, 2 ends each
    total = rows.set_index(["person_id", "measure"]).loc[("b", "total")]
    assert total["expected"] == pytest.approx(4 * (2 / 9) ** 2 * (7 / 9))


def test_people_of_no_group_are_left_out(make):
    found = brokerage(make("ab bc ad db", "abcd", teams={**TEAMS, "d": None}))
    rows = found.tidy()
    assert set(rows.loc[rows["person_id"] == "d", "reason"]) == {"in no group"}
    assert set(rows.loc[rows["person_id"] == "d", "group"]) == {"not known"}
    assert rows.loc[rows["person_id"] == "b", "value"].tolist() == [1, 0, 0, 0, 0, 1]
    assert found.whole[["n", "n_ties", "n_groups", "n_without_group"]].iloc[0].tolist() == [
        *(3, 2, 1, 1)
    ]


def test_undirected_ties_count_both_ways_and_have_no_expectation(make):
    found = brokerage(make("ab bd", "abd", teams=TEAMS, directed=False))
    rows = found.tidy().set_index(["person_id", "measure"])
    # a - b - d: from a to d b represents x, from d to a b is the gatekeeper of x
    assert rows.loc["b", "value"].to_dict() == dict(zip(ROLES, [0, 0, 1, 1, 0, 2], strict=True))
    assert rows[["expected", "z"]].isna().all(axis=None)
    assert set(rows["reason"]) == {"ties have no direction, for which there is no expectation"}


def test_one_group_leaves_the_other_roles_no_room(make):
    rows = brokerage(make("ab bc", "abc", teams=TEAMS)).tidy().set_index(["person_id", "measure"])
    assert rows.loc[("b", "liaison"), "reason"] == "chance leaves the role no room"
    assert rows.loc[("b", "liaison"), "value"] == 0
    assert np.isnan(rows.loc[("b", "liaison"), "z"])
    assert rows.loc[("b", "coordinator"), "reason"] == ""


@pytest.mark.parametrize("arcs", ["", "ab ac ba bc ca cb"])
def test_no_tie_and_all_ties(make, arcs):
    found = brokerage(make(arcs, "abc", teams=TEAMS))
    assert found.tidy()["z"].isna().all()
    assert set(found.tidy()["reason"]) == {"chance leaves the role no room"}
    assert found.whole["value"].tolist() == [0.0] * 6


def test_nobody_answered_one_person_and_nobody(make):
    silent = brokerage(make("", "abc", teams=TEAMS, answered=""))
    assert silent.tidy()["value"].isna().all()
    assert silent.whole["value"].isna().all()
    assert set(silent.whole["reason"]) == {"nobody answered"}
    alone = brokerage(make("", "a", teams=TEAMS))
    assert alone.tidy()["z"].isna().all()
    nobody = brokerage(make("", "", teams={}))
    assert len(nobody.tidy()) == 0


def test_a_group_that_people_do_not_have(make):
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        brokerage(make("ab", "ab", teams=TEAMS), by="shoe_size")


def test_sentences(make):
    one = make("ab bc", "abcdef", teams=TEAMS, relation="advice", answered="abcde")
    found = brokerage(one)
    assert found.sentence() == (
        "Open two-paths in the network of advice in wave 1 by the team_id of their three people: "
        "coordinator 1, consultant 0, gatekeeper 0, representative 0, liaison 0, 1 in all; "
        "1 person brokers more than 1.96 standard errors above what independent ties of this "
        "density give, of 5."
    )
    other = make("ab bc", "abc", teams=TEAMS, wave="2", relation="advice")
    many = brokerage(panel_of([one, other]))
    assert "over 2 networks" in many.sentence()
    assert many.sentence().endswith("2 in all.")
    assert many.glance()[["n_networks", "n_persons"]].iloc[0].tolist() == [2, 6]
