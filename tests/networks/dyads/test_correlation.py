"""QAP correlation by hand, by law, and what cannot be had."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, some_ties
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.dyads import mrqap, qap_correlation, same, tie

ROUNDING = 1e-9
OFF = ~np.eye(4, dtype=bool)


def test_r_and_p_by_hand_over_all_24_orders():
    first, second = np.zeros((4, 4)), np.zeros((4, 4))
    first[0, 1] = first[1, 0] = first[2, 3] = 1
    second[0, 1] = second[1, 0] = second[3, 2] = 1
    row = qap_correlation(network_of(first), terms={"x": second}).tidy().iloc[0]
    # 3 of 12 each, 2 shared: (2/12 - 1/16) / (3/12 * 9/12) = 5/9.
    assert row["estimate"] == pytest.approx(5 / 9)
    r = [
        np.corrcoef(first[OFF], second[np.ix_(order, order)][OFF])[0, 1]
        for order in map(list, permutations(range(4)))
    ]
    assert row["p_value"] == pytest.approx(np.mean(np.abs(r) >= 5 / 9 - ROUNDING))
    assert (row["n_draws"], row["enumerated"], row["smallest_p"]) == (24, True, 1 / 24)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_r_is_numpys_and_no_larger_than_1(seed):
    rng = np.random.default_rng(seed)
    first, second = some_ties(5, rng, 0.5), some_ties(5, rng, 0.5)
    first[0, 1], second[0, 1], first[0, 2], second[0, 2] = 1, 2, 3, 4
    off = ~np.eye(5, dtype=bool)
    row = qap_correlation(network_of(first), terms={"x": second}, n_draws=20).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(np.corrcoef(first[off], second[off])[0, 1])
    assert -1 <= row["estimate"] <= 1
    assert 0 < row["p_value"] <= 1


def test_r_is_the_same_both_ways_and_after_any_line(nine):
    one, other = (nine.network(wave=wave, relation="advice") for wave in "12")
    matrix = np.nan_to_num(other.matrix())
    there = qap_correlation(one, terms={"x": 5 - 2 * matrix}, n_draws=99).tidy().iloc[0]
    back = qap_correlation(network_of(matrix), terms={"x": np.nan_to_num(one.matrix())}, n_draws=99)
    assert there["estimate"] == pytest.approx(-back.tidy()["estimate"].item())


def test_a_single_term_has_the_p_of_the_correlation(nine):
    one = nine.network(wave="1", relation="advice")
    r = qap_correlation(one, terms=[same("team_id")], n_draws=499, rng=3).tidy().iloc[0]
    b = mrqap(one, terms=[same("team_id")], n_draws=499, rng=3).tidy().iloc[1]
    for name in ("p_value", "p_low", "p_high", "n_dyads"):
        assert r[name] == b[name]
    assert r["estimate"] == pytest.approx(b["standardised"])


def test_a_network_with_itself_is_1_and_can_be_tested(nine):
    one = nine.network(wave="1", relation="advice")
    row = qap_correlation(nine, terms=[tie("advice", wave="1")], wave="1", relation="advice")
    assert row.tidy()["estimate"].item() == pytest.approx(1)
    assert row.tidy()["p_value"].item() == row.tidy()["smallest_p"].item()
    assert one.n == row.tidy()["n"].item()


def test_all_pairs_of_a_panel_stand_once(nine):
    table = qap_correlation(nine, n_draws=9).tidy()
    assert table[["wave", "relation", "term"]].values.tolist() == [
        ["1", "advice", "trust (1)"],
        ["1", "advice", "advice (2)"],
        ["1", "trust", "advice (2)"],
    ]


def test_the_null_distribution_is_centred_near_0(nine):
    found = qap_correlation(nine, wave="1", relation="advice", terms=["trust"])
    draws = found.null_distribution()["statistic"]
    assert len(draws) == 4999
    assert abs(draws.mean()) < 0.01


def test_independent_networks_reject_no_more_often_than_the_level():
    rng = np.random.default_rng(0)
    p = [
        qap_correlation(
            network_of(some_ties(8, rng)), terms={"x": some_ties(8, rng)}, n_draws=39, rng=run
        )
        .tidy()["p_value"]
        .item()
        for run in range(200)
    ]
    # .05 exactly; four standard errors of 200 runs above it.
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 200)


def test_what_cannot_be_had_has_a_reason():
    empty = network_of(np.zeros((5, 5)))
    found = qap_correlation(empty, terms={"x": some_ties(5, np.random.default_rng(1))})
    assert found.tidy()[["estimate", "p_value"]].isna().all(axis=None)
    assert "all pairs have the same outcome, 0" in found.sentence()
    assert found.glance()["reason"].item() == "all pairs have the same outcome, 0"
    flat = qap_correlation(network_of(some_ties(5, np.random.default_rng(1))), terms={"x": OFF_5})
    assert "the same for all pairs" in flat.tidy()["reason"].item()
    assert np.isnan(flat.tidy()["estimate"].item())


OFF_5 = np.ones((5, 5))


def test_one_network_alone_is_refused(nine):
    with pytest.raises(ArgumentError, match="advice in 1 alone"):
        qap_correlation(nine.network(wave="1", relation="advice"))
    with pytest.raises(ArgumentError, match="type DataFrame"):
        qap_correlation(pd.DataFrame())


def test_the_sentence_says_r_p_and_pairs(nine):
    found = qap_correlation(nine, wave="1", relation="advice", terms=["trust"], n_draws=99)
    row = found.tidy().iloc[0]
    p = f"{row['p_value']:.3f}".lstrip("0")
    assert found.sentence() == (
        "Correlation of advice, 1 with trust (1) over 72 pairs of 9 people: "
        f"r = {row['estimate']:z.2f}, p = {p} (QAP, 99 permutations)."
    )


def test_a_p_stands_where_only_a_standard_error_cannot_be_had():
    # One of six pairs is open: r with itself turned is (4/6 - 25/36) / (5/36) = -1/5, and after
    # each of the six permutations -1/5 or 1, at least as far from 0.
    ties = 1 - np.eye(3)
    ties[2, 1] = 0
    one = network_of(ties)
    regressed = mrqap(one, terms={"turned": ties.T}).tidy().iloc[-1]
    found = qap_correlation(one, terms={"turned": ties.T})
    row = found.tidy().iloc[0]
    assert "no standard error" in regressed["reason"]
    assert (row["reason"], row["conf_level"]) == ("", 0.95)
    assert (row["estimate"], row["p_value"]) == pytest.approx((-0.2, 1.0))
    assert "r = -0.20, p = 1.000 (QAP, all 6 permutations)" in found.sentence()
