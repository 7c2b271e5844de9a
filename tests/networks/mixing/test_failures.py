"""What cannot be had is nan with a reason; what cannot be read is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from mixing_networks import network, two_waves

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.mixing import (
    assortativity,
    bridges,
    ei_index,
    mixing_matrix,
    within_between,
)
from cvln_eval.networks.panel import network_panel

TESTS = (ei_index, within_between, assortativity)
EVERY = (*TESTS, mixing_matrix, bridges)


def first(result):
    return result.tidy().iloc[0]


def test_no_ties():
    empty = network("", "xxyy")
    row = first(ei_index(empty, n_draws=9))
    assert np.isnan(row["estimate"])
    assert row["reason"] == "there are no ties"
    assert row["expected"] == pytest.approx((8 - 4) / 12)
    table = within_between(empty, n_draws=9).tidy()
    assert table["estimate"].iloc[:3].tolist() == [0, 0, 0]
    assert table["p_value"].iloc[2] == 1
    assert table["reason"].iloc[3].startswith("there are no ties between groups")
    assert first(assortativity(empty, n_draws=9))["reason"] == "there are no ties"
    assert mixing_matrix(empty).tidy()["density"].tolist() == [0] * 4
    assert bridges(empty).tidy()["reason"].unique().tolist() == ["there are no ties between groups"]
    assert ei_index(empty, n_draws=9).sentence() == (
        "The E-I index of advice in 1 is not available: there are no ties."
    )
    assert (
        bridges(empty).sentence() == "In advice in 1, none of 0 ties was between groups (team_id)."
    )


def test_nobody_answered():
    silent = network("", "xxyy", answered=[0] * 4)
    assert first(ei_index(silent, n_draws=9))["reason"] == "nobody answered"
    table = within_between(silent, n_draws=9).tidy()
    assert table["estimate"].isna().all()
    assert table["reason"].iloc[0] == "no known pair is within a group"
    assert mixing_matrix(silent).tidy()["density"].isna().all()


def test_one_respondent():
    one = network("ab ac", "xxyy", answered=[1, 0, 0, 0])
    row = first(ei_index(one, n_draws=99))
    assert (row["estimate"], row["n_responded"]) == (0, 1)
    # a keeps x; of the others one is x: that the tie of b stays has one of three chances.
    assert 0 < row["p_value"] <= 1
    assert mixing_matrix(one).tidy()["n_pairs"].tolist() == [1, 2, 0, 0]


def test_one_group():
    one = network("ab ba", "xxx")
    row = first(ei_index(one, n_draws=9))
    assert (row["estimate"], row["reason"]) == (-1, "all are of one group")
    assert np.isnan(row["p_value"])
    table = within_between(one, n_draws=9).tidy()
    assert table["reason"].tolist() == ["", *["no known pair is between groups"] * 3]
    assert first(assortativity(one, n_draws=9))["reason"] == "all ends of ties have the same value"
    assert mixing_matrix(one).sentence() == "There are no two groups."
    assert bridges(one).pairs().empty
    assert "no test: all are of one group" in ei_index(one, n_draws=9).sentence()


def test_groups_that_cannot_be_exchanged():
    # All of x answered, nobody of y: permuting within each changes nothing.
    one = network("ab ac", "xxyy", answered=[1, 1, 0, 0])
    row = first(ei_index(one, n_draws=9))
    assert row["estimate"] == 0
    assert "no permutation" in row["reason"]
    table = within_between(one, n_draws=9).tidy()
    assert table["reason"].tolist()[2] == row["reason"]
    assert "no permutation" in first(assortativity(one, n_draws=9))["reason"] or np.isnan(
        first(assortativity(one, n_draws=9))["estimate"]
    )
    assert "no test" in within_between(one, n_draws=9).sentence()


def test_all_pairs_are_tied():
    full = network("ab ac ba bc ca cb", "xxy")
    row = first(ei_index(full, n_draws=9))
    assert row["estimate"] == pytest.approx((4 - 2) / 6)
    assert row["p_value"] == 1
    assert row["reason"] == "sizes of groups and number of ties allow one value only"
    table = within_between(full, n_draws=9).tidy()
    assert table["estimate"].tolist() == [1, 1, 0, 1]


def test_one_person_and_nobody():
    for one in (network("", "x"), network("", "")):
        for function in TESTS:
            found = function(one, n_draws=9)
            assert first(found)["reason"] != ""
            assert np.isnan(first(found)["estimate"])
            assert found.sentence()
        assert bridges(one).whole()["reason"].item() == "there are no ties between groups"
    assert mixing_matrix(network("", "")).tidy().empty
    assert first(ei_index(network("", ""), n_draws=9))["reason"] == "there is nobody of a group"


def test_people_of_no_group_are_left_out_and_counted():
    one = network("ab ac ca", ["x", "x", None])
    for function in (ei_index, within_between):
        assert first(function(one, n_draws=9))["n_without_group"] == 1
    assert first(ei_index(one, n_draws=9))["n_internal"] == 1
    assert first(mixing_matrix(one))["n_without_group"] == 1
    assert bridges(one).whole()["n_without_group"].item() == 1
    assert first(assortativity(one, n_draws=9))["n_without_value"] == 1
    nobody = network("ab", [None, None])
    assert first(ei_index(nobody, n_draws=9))["reason"] == "there is nobody of a group"
    assert first(assortativity(nobody, n_draws=9))["reason"] == "there is nobody with a value"


def test_missing_and_equal_numbers():
    one = network("ab bc ca", "xxx", tenure=[1.0, np.nan, 2.0])
    row = first(assortativity(one, by="tenure", numeric=True, n_draws=9))
    assert (row["n_without_value"], row["n_ties"]) == (1, 1)
    assert row["reason"] == "all ends of ties have the same value"
    equal = network("ab bc ca", "xxx", tenure=[0.1, 0.1, 0.1])
    row = first(assortativity(equal, by="tenure", numeric=True, n_draws=9))
    assert np.isnan(row["estimate"])
    assert np.isnan(row["std_error"])


def test_strengths_and_missing_strengths_count_as_ties():
    one = network("ab ac", "xxy")
    valued = replace(one, strength=np.array([np.nan, 4.0]))
    for function in TESTS:
        assert function(one, n_draws=9).tidy().equals(function(valued, n_draws=9).tidy())


def test_a_panel_without_networks():
    none = network_panel(
        pd.DataFrame(columns=["wave", "relation", "sender_id", "receiver_id"]),
        pd.DataFrame({"wave": ["1"], "person_id": ["a"], "team_id": ["x"]}),
    )
    for function in EVERY:
        found = function(none)
        assert found.tidy().empty
        assert {"wave", "relation"} <= set(found.tidy())
        assert found.glance()["reason"].item() == "there are no networks"
        assert found.sentence() == "There are no networks."


def test_arguments_out_of_range_are_refused():
    panel = two_waves()
    for function in EVERY:
        with pytest.raises(ArgumentError, match=r"no such attribute(.|\n)*'colour'"):
            function(panel, by="colour")
        with pytest.raises(ArgumentError, match="type DataFrame"):
            function(panel.tidy())
    for function in TESTS:
        for wrong in (0, -1, 2.5, True, "many"):
            with pytest.raises(ArgumentError, match=r"n_draws(.|\n)*" + repr(wrong)):
                function(panel, n_draws=wrong)
        with pytest.raises(ArgumentError, match=r"1\.5"):
            function(panel, conf_level=1.5)
    with pytest.raises(ArgumentError, match="team_id"):
        assortativity(panel, numeric=True)
    with pytest.raises(ArgumentError, match=r"true or false(.|\n)*'tenure'"):
        assortativity(panel, numeric="tenure")


def test_cells_and_networks_that_are_not_there_are_refused():
    found = mixing_matrix(two_waves())
    with pytest.raises(ArgumentError, match=r"'density'(.|\n)*'p_value'"):
        found.matrix(wave="1", relation="advice", values="p_value")
    with pytest.raises(ArgumentError, match=r"'advice in 1'(.|\n)*trust in 1"):
        found.matrix(wave="1", relation="trust")
