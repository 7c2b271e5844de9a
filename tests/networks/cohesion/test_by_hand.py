"""Measures of networks of three to five people, the sum in a comment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from whole_networks import of_arcs, undirected, values

from cvln_eval.networks.cohesion import (
    components,
    degree_distribution,
    density,
    distances,
    dyad_census,
    isolates,
    krackhardt,
    reciprocity,
    transitivity,
    triad_census,
)

# a and b name each other and both name c; a names d, who did not answer.
SMALL = of_arcs("ab ac ad ba bc", "abcd", silent="d")


def test_density_is_over_pairs_whose_sender_answered():
    # 5 ties; 3 people answered about 3 others each
    row = density(SMALL).tidy().set_index("measure").loc["density"]
    assert row[["value", "numerator", "denominator"]].tolist() == [5 / 9, 5, 9]
    assert row[["n", "n_not_answered", "n_ties"]].tolist() == [4, 1, 5]


def test_valued_density_leaves_ties_without_a_strength_out():
    # strengths 4 + 2 + 1 + 3 over 9 pairs but one
    network = replace(SMALL, strength=np.array([4.0, 2.0, 1.0, np.nan, 3.0]))
    assert values(density(network)) == {"density": 5 / 9, "valued_density": 10 / 8}


def test_reciprocity_is_over_dyads_known_both_ways():
    # among a, b, c: ab and ba returned, ac and bc not
    assert values(reciprocity(SMALL)) == pytest.approx(
        {"reciprocity_arcs": 2 / 4, "reciprocity_dyads": 1 / 3, "symmetry": 1 / 3}
    )


def test_dyads_are_counted():
    # ab; ac, bc; none; each of a, b, c with d
    assert list(values(dyad_census(SMALL)).values()) == [1, 2, 0, 3]


def test_triads_are_counted():
    # a <-> b, both name c; the three triads with d are not known
    counts = values(triad_census(SMALL))
    assert {name: count for name, count in counts.items() if count} == {
        "triads_120U": 1,
        "triads_not_known": 3,
    }


def test_transitivity_with_and_without_directions():
    # a-b-c is closed by ac, b-c-d has no bd, a-c-d is closed by ad: 2 of 3. Without directions
    # the triangles are abc and acd, and a meets 3 pairs, b 1, c 3, d 1: 6 of 8.
    network = of_arcs("ab bc ac cd ad", "abcd")
    row = transitivity(network).tidy().set_index("measure")[["numerator", "denominator"]]
    assert row.loc["transitivity"].tolist() == [2, 3]
    assert row.loc["clustering"].tolist() == [6, 8]


def test_degrees_are_counted_of_those_of_whom_they_are_known():
    # sent by a, b, c: 3, 2, 0; received by a, b, c, d: 1, 1, 2, 1
    found = degree_distribution(SMALL)
    sent = found.tidy().query("measure == 'out_degree'")
    assert sent[["value", "n_persons"]].to_numpy().tolist() == [[0, 1], [2, 1], [3, 1]]
    received = found.tidy().query("measure == 'in_degree'")
    assert received[["value", "n_persons"]].to_numpy().tolist() == [[1, 3], [2, 1]]
    assert received["share_of_persons"].tolist() == [3 / 4, 1 / 4]
    summary = found.summary().set_index("measure")
    assert summary.loc["out_degree", ["mean", "median", "n"]].tolist() == [5 / 3, 2, 3]
    # squared distances from 5/4: 3 x 1/16 + 9/16 = 12/16, over 3
    assert summary.loc["in_degree", "sd"] == pytest.approx(0.5)
    assert summary.loc["in_degree", ["degree_min", "degree_max", "n"]].tolist() == [1, 2, 4]


def test_strengths_are_added_up_and_people_with_an_unknown_one_left_out():
    # a sent 4 + 2 + ?, b 1 + 3, c nothing; d received ? of a
    network = replace(SMALL, strength=np.array([4.0, 2.0, np.nan, 1.0, 3.0]))
    found = degree_distribution(network).tidy()
    sent = found.query("measure == 'out_strength'")
    assert sent[["value", "n_persons", "n"]].to_numpy().tolist() == [[0, 1, 2], [4, 1, 2]]
    received = found.query("measure == 'in_strength'")
    assert received[["value", "n_persons"]].to_numpy().tolist() == [[1, 1], [4, 1], [5, 1]]


def test_undirected_degrees_count_each_tie_at_both_ends():
    # a-b, a-c; a-d is left out, as d did not answer
    found = degree_distribution(undirected(of_arcs("ab ac ad", "abcd", silent="d")))
    degree = found.tidy().query("measure == 'degree'")
    assert degree[["value", "n_persons"]].to_numpy().tolist() == [[1, 2], [2, 1]]


def test_components_and_where_people_stand():
    # a <-> b -> c | d -> e
    found = components(of_arcs("ab ba bc de", "abcde"))
    assert values(found) == {
        "weak_components": 2,
        "largest_weak_share": 3 / 5,
        "strong_components": 4,
        "largest_strong_share": 2 / 5,
    }
    persons = found.persons()
    assert persons["person_id"].tolist() == list("abcde")
    assert persons["weak_component"].tolist() == [1, 1, 1, 2, 2]
    assert persons["strong_component"].tolist() == [1, 1, 2, 3, 4]


def test_the_largest_component_is_the_first_and_of_equal_ones_that_of_the_first_id():
    # a | b - c | d - e - f | g - h
    found = components(of_arcs("bc de ef gh", "abcdefgh")).persons()
    assert found["weak_component"].tolist() == [4, 2, 2, 1, 1, 1, 3, 3]


def test_isolates_answered_and_have_no_tie():
    # c is one; d did not answer; e names nobody but is named, f the reverse
    found = isolates(of_arcs("ab ba ae fa", "abcdef", silent="d"))
    assert found.persons()["person_id"].tolist() == ["c"]
    # c, e; c, d, f; 1 of 5 who answered
    assert values(found) == {
        "isolates": 1,
        "share_isolated": 1 / 5,
        "naming_nobody": 2,
        "named_by_nobody": 3,
    }


def test_distances_of_a_chain_and_of_somebody_apart():
    # a-b-c-d: 3 pairs at 1, 2 at 2, 1 at 3; of 5 x 4 pairs
    found = values(distances(of_arcs("ab bc cd", "abcde")))
    assert found["share_reachable"] == 6 / 20
    assert found["mean_distance"] == (3 + 4 + 3) / 6
    assert found["global_efficiency"] == pytest.approx((3 + 2 / 2 + 1 / 3) / 20)
    assert found["diameter"] == 3


def test_the_shorter_of_two_paths_counts():
    # a-b-c-d and a-d: d is at 1
    assert values(distances(of_arcs("ab bc cd ad", "abcd")))["diameter"] == 2


def test_krackhardts_four_by_hand():
    # e over a; a and b over c and d. Nobody is over a and b, nor over b and e, and of those over
    # c and d (a, b, e) none is below the others: 3 of (5 - 1)(5 - 2) / 2. 5 arcs, 4 needed, 20
    # possible: 1 - 1/16.
    found = values(krackhardt(of_arcs("ac bc ad bd ea", "abcde")))
    assert found == {
        "krackhardt_connectedness": 1,
        "krackhardt_hierarchy": 1,
        "krackhardt_efficiency": 1 - 1 / 16,
        "krackhardt_lubness": 1 - 3 / 6,
    }


def test_hierarchy_counts_pairs_that_reach_each_other():
    # a <-> b -> c: ab both ways; ac, bc one way; d apart
    found = values(krackhardt(of_arcs("ab ba bc", "abcd")))
    assert found["krackhardt_hierarchy"] == 2 / 3
    assert found["krackhardt_connectedness"] == 3 / 6


def test_an_out_tree_has_one_in_all_four():
    assert set(values(krackhardt(of_arcs("ab ac bd be", "abcde"))).values()) == {1}


def test_undirected_efficiency_counts_each_tie_once():
    # 4 ties, 3 needed, 6 possible: 1 - 1/3
    found = krackhardt(undirected(of_arcs("ab bc cd ad", "abcd"))).tidy().set_index("measure")
    assert found.loc["krackhardt_efficiency", "value"] == 2 / 3
    lacking = found.loc[["krackhardt_hierarchy", "krackhardt_lubness"]]
    assert lacking["value"].isna().all()
    assert set(lacking["reason"]) == {"ties have no direction"}
