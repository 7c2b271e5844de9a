"""Mixing, E-I, densities, bridges and assortativity, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from mixing_networks import network, two_waves

from cvln_eval.networks.mixing import (
    assortativity,
    bridges,
    ei_index,
    mixing_matrix,
    within_between,
)
from cvln_eval.networks.panel import symmetrised

# Two of x (a, b), three of y (c, d, e): a <-> b, a -> c, d -> e, e -> a; c did not answer.
TIES, GROUPS, ANSWERED = "ab ba ac de ea", "xxyyy", [1, 1, 0, 1, 1]


def five():
    return network(TIES, GROUPS, answered=ANSWERED)


def rows(result, *index):
    return result.tidy().set_index(list(index))


def test_blocks_have_the_ties_and_the_pairs_whose_first_answered():
    # x has 2 answers, y 2: x-x 2 * 1, x-y 2 * 3, y-x 2 * 2, y-y 2 * 2 pairs; in all 4 * 4 = 16.
    found = mixing_matrix(five()).tidy()
    assert found["n_ties"].tolist() == [2, 1, 1, 1]
    assert found["n_pairs"].tolist() == [2, 6, 4, 4]
    assert found["density"].tolist() == [1, 1 / 6, 1 / 4, 1 / 4]


def test_blocks_of_undirected_ties_by_either_rule():
    # Either: a-b, d-e, a-e; a-c is told by a alone, who could not have told that c named nobody.
    # Pairs of two who answered: x-x 1, x-y 2 * 2, y-y 1. Both: a-b alone, of the same pairs.
    either = mixing_matrix(symmetrised(five(), rule="either")).tidy()
    assert either[["group", "other_group"]].to_numpy().tolist() == [
        ["x", "x"],
        ["x", "y"],
        ["y", "y"],
    ]
    assert either["n_ties"].tolist() == [1, 1, 1]
    assert either["n_pairs"].tolist() == [1, 4, 1]
    both = mixing_matrix(symmetrised(five(), rule="both")).tidy()
    assert both["n_ties"].tolist() == [1, 0, 0]
    assert both["n_pairs"].tolist() == [1, 4, 1]


def test_the_square_table_has_rows_that_send():
    found = mixing_matrix(five())
    wide = found.matrix(wave="1", relation="advice", values="n_pairs")
    assert wide.loc["x", "y"] == 6
    assert wide.loc["y", "x"] == 4
    undirected = mixing_matrix(symmetrised(five(), rule="either"))
    square = undirected.matrix(wave="1", relation="advice", values="n_ties")
    assert square.to_numpy().tolist() == [[1, 1], [1, 1]]


def test_e_i_of_the_whole_of_groups_and_of_people():
    found = ei_index(five(), n_draws=9)
    table = rows(found, "group")
    # 5 ties: a-c and e-a leave; ab, ba, de stay: (2 - 3) / 5.
    assert table.loc["all", "estimate"] == pytest.approx(-1 / 5)
    # x: 2 ties twice, 2 leaving: (2 - 4) / 6. y: 1 tie twice, 2 leaving: (2 - 2) / 4.
    assert table.loc["x", "estimate"] == pytest.approx(-2 / 6)
    assert table.loc["y", "estimate"] == 0
    people = found.persons().set_index("person_id")
    # a has ab, ba, ac, ea; c has ac alone, and did not answer.
    assert people.loc["a", ["n_internal", "n_external", "estimate"]].tolist() == [2, 2, 0]
    assert people.loc["c", "estimate"] == 1
    assert people["note"].tolist() == ["", "", "did not answer: ties as others told them", "", ""]


def test_expected_and_range_of_e_i():
    table = rows(ei_index(five(), n_draws=9), "group").loc["all"]
    # 16 known pairs: 6 within, 10 between: (10 - 6) / 16. Of 5 ties none has to be in either.
    assert table["expected"] == pytest.approx(4 / 16)
    assert (table["lowest"], table["highest"]) == (-1, 1)
    assert table["rescaled"] == pytest.approx(-1 / 5)
    # Two groups of two, all answered: 4 pairs within, 8 between; 6 ties, so at least 2 leave:
    # from (2 - 4) / 6 to 1. Seen 4 leaving, 2 within: 1 / 3, in the middle: 0.
    four = network("ab cd ac ad bc bd", "xxyy")
    row = rows(ei_index(four, n_draws=9), "group").loc["all"]
    assert row["lowest"] == pytest.approx(-1 / 3)
    assert row["highest"] == 1
    assert row["rescaled"] == pytest.approx(0)


def test_expected_of_a_group_and_a_person_counts_known_pairs_both_ways():
    found = ei_index(five(), n_draws=9)
    # a sends to 4 (1 of x) and is sent to by 3 who answered (b of x; d, e): 5 external, 2 internal.
    assert found.persons().set_index("person_id").loc["a", "expected"] == pytest.approx(3 / 7)
    # c answered nothing; a, b, d, e could have named c: 2 external, 2 internal.
    assert found.persons().set_index("person_id").loc["c", "expected"] == 0
    # x: a and b alike: 10 external, 4 internal.
    assert rows(found, "group").loc["x", "expected"] == pytest.approx(6 / 14)


def test_densities_within_and_between():
    table = rows(within_between(five(), n_draws=9), "measure")
    # 3 of 6 known pairs within groups, 2 of 10 between.
    assert table.loc["density within groups", "estimate"] == 1 / 2
    assert table.loc["density between groups", "estimate"] == 1 / 5
    assert table.loc["difference in density", "estimate"] == pytest.approx(0.3)
    assert table.loc["ratio of densities", "estimate"] == pytest.approx(2.5)
    assert table["n_pairs"].tolist() == [6, 10, 16, 16]


def test_nominal_assortativity():
    table = assortativity(five(), n_draws=9).tidy().iloc[0]
    # Arcs xx 2, xy 1, yx 1, yy 1 of 5: e = 3/5; a = (3/5, 2/5), b = (3/5, 2/5): ab = 13/25.
    assert table["estimate"] == pytest.approx((15 / 25 - 13 / 25) / (1 - 13 / 25))


def test_numeric_assortativity():
    one = network("ab bc ca", "xxx", tenure=[1.0, 2.0, 6.0])
    # Ends (1, 2), (2, 6), (6, 1), means 3: products (-2)(-1) + (-1)(3) + (3)(-2) = -7; squares 14.
    found = assortativity(one, by="tenure", numeric=True, n_draws=9).tidy().iloc[0]
    assert found["estimate"] == pytest.approx(-7 / 14)


def test_the_jackknife_by_hand():
    # Chain a -> b -> c -> d of x x y y: without a: bc, cd; without d: ab, bc; r = -1/3 or nan?
    # bc, cd: e_gg 1/2, a = (1/2, 1/2), b = (0, 1): (1/2 - 1/2) / (1 - 1/2) = 0; without d the same.
    # Without b: cd alone is all of one group at both ends: nan, and the reason says of whom.
    found = assortativity(network("ab bc cd", "xxyy"), n_draws=9).tidy().iloc[0]
    assert math.isnan(found["std_error"])
    assert found["reason"] == "no coefficient without one of 2 people"
    # Numbers 1, 2, 4 in a full triangle: without one person two arcs are left whose ends are each
    # other's mirror, r = -1 each time, so that the error is 0.
    full = network("ab ba ac ca bc cb", "xxx", tenure=[1.0, 2.0, 4.0])
    found = assortativity(full, by="tenure", numeric=True, n_draws=9).tidy().iloc[0]
    assert found["std_error"] == pytest.approx(0, abs=1e-12)


def test_bridges():
    found = bridges(five())
    people = found.tidy().set_index("person_id")
    # ac and ea are between groups: a carries both, c and e one each, so that shares add up to 2.
    assert people["n_external"].tolist() == [2, 0, 1, 0, 1]
    assert people["share_carried"].tolist() == [1, 0, 0.5, 0, 0.5]
    assert people["n_groups_alone"].tolist() == [1, 0, 0, 0, 0]
    assert people["n_groups_reached"].tolist() == [1, 0, 1, 0, 1]
    pair = found.pairs().iloc[0]
    assert pair[["n_ties", "n_persons", "share_carried_max"]].tolist() == [2, 3, 1]
    whole = found.whole().iloc[0]
    assert whole[["n_ties", "n_external", "n_persons"]].tolist() == [5, 2, 3]
    assert whole[["n_group_pairs", "n_group_pairs_tied", "n_group_pairs_alone"]].tolist() == [
        1,
        1,
        1,
    ]


def test_bridges_among_three_groups():
    # x - y by ac and bd (nobody alone), x - z by ae, af (a alone), y - z by ce alone (both alone).
    found = bridges(network("ac bd ae af ce", "xxyyzz"))
    people = found.tidy().set_index("person_id")
    assert people["n_groups_alone"].tolist() == [1, 0, 1, 0, 1, 0]
    assert people["n_groups_reached"].tolist() == [2, 1, 2, 1, 2, 1]
    pairs = found.pairs().set_index(["group", "other_group"])
    assert pairs["n_ties"].tolist() == [2, 2, 1]
    assert pairs["n_persons"].tolist() == [4, 3, 2]
    assert pairs["share_carried_max"].tolist() == [0.5, 1, 1]


def test_waves_stand_below_each_other():
    table = within_between(two_waves(), n_draws=9).tidy()
    assert table["wave"].tolist() == ["1"] * 4 + ["2"] * 4
    ratios = table[table["measure"] == "ratio of densities"]
    # First: no tie between. Then 3 of 4 within, 3 of 8 between: 2.
    assert ratios["estimate"].isna().tolist() == [True, False]
    assert ratios["estimate"].iloc[1] == pytest.approx(2)
    assert "no ties between groups" in ratios["reason"].iloc[0]
    assert bridges(two_waves()).whole()["n_external"].tolist() == [0, 3]


def test_a_sentence_of_one_tie_between_groups():
    said = bridges(network("ac ab", "xxy")).sentence()
    assert "1 of 2 ties was between groups (by)" in said.replace("(team_id)", "(by)")


def test_sentences():
    panel = two_waves()
    assert (
        within_between(panel, n_draws=99)
        .sentence()
        .startswith(
            "In advice in 1, 75.0% of known pairs within groups (team_id) were tied and 0.0% of "
            "those between them; with groups permuted over people p = "
        )
    )
    assert (
        ei_index(panel, n_draws=99)
        .sentence()
        .startswith(
            "In advice in 1, 0 of 3 ties left the group (team_id): E-I index = -1.00, against "
        )
    )
    assert bridges(panel).sentence() == (
        "In advice in 1, none of 3 ties was between groups (team_id). In advice in 2, 3 of 6 ties "
        "were between groups (team_id), carried by 4 people, and joined 1 of 1 pair of groups. "
        "Without the one who carried most, 67% of them would be gone."
    )
    assert "r = 1.00" in assortativity(panel, n_draws=99).sentence()
    assert "x with y: 1 tie among 4 known pairs (25%)" not in mixing_matrix(panel).sentence()
    assert "3 ties" not in mixing_matrix(panel).sentence()


def test_one_glance_a_result():
    panel = two_waves()
    found = [f(panel, n_draws=9) for f in (ei_index, within_between, assortativity)] + [
        mixing_matrix(panel),
        bridges(panel),
    ]
    for result in found:
        row = result.glance().iloc[0]
        assert row[["n_networks", "n_persons", "n_ties", "by"]].tolist() == [2, 4, 9, "team_id"]
    assert [result.glance()["n_draws"].item() for result in found[:3]] == [9] * 3
    assert found[3].glance()["n_groups"].item() == 2
    assert found[4].glance()["n_external"].item() == 3
    assert not np.isnan(found[1].tidy()["null_mean"].iloc[2])
