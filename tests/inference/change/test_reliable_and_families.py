"""Reliable change and families of tests: by hand, by law, and what cannot be had."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.change import adjust_family, paired_change, reliable_change
from cvln_eval.measurement import cronbach_alpha

WAVES = ("y1", "y2")


def test_the_index_by_hand(scores):
    # first 3 4 2 3: s^2 = 2/3; r = .84: SEM = sqrt(2/3 * .16) = .3266, S_diff = .4619
    # changes 1 0 2 1 / .4619 = 2.165 0 4.330 2.165, all but the second beyond 1.96
    found = reliable_change(
        scores([3, 4, 2, 3], [4, 4, 4, 4], list("AABB")), waves=WAVES, reliability=0.84
    )
    people = found.people()
    assert people["change_index"].tolist() == pytest.approx(
        [1 / 0.46188, 0, 2 / 0.46188, 1 / 0.46188], abs=1e-4
    )
    assert people["verdict"].tolist() == ["up", "unchanged", "up", "up"]
    rows = found.tidy()
    assert rows["sem"].iloc[0] == pytest.approx(math.sqrt(2 / 3 * 0.16))
    assert rows["least_change"].iloc[0] == pytest.approx(1.959964 * 0.46188, abs=1e-4)
    shares = rows.drop_duplicates("verdict").set_index("verdict")["share_of_pairs"]
    assert shares.to_dict() == {"up": 0.75, "unchanged": 0.25, "down": 0}
    assert "3 (75%, 95% CI [0%, 100%]) rose and 0 (0%; no interval" in found.sentence()


def test_the_spread_is_that_of_all_who_answered_first(scores):
    # 3 4 2 3 and 8, who answered once: mean 4, squares 1 0 4 1 16, variance 5.5
    found = reliable_change(
        scores([3, 4, 2, 3, 8], [4, 4, 4, 4, None], list("AABBB")), waves=WAVES, reliability=0.5
    )
    assert found.tidy()["sem"].iloc[0] == pytest.approx(math.sqrt(5.5 / 2))
    assert found.tidy()["n_left_out"].iloc[0] == 1


def test_a_result_of_alpha_is_a_reliability(scores):
    answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 3, 2, 5, 4]})
    alpha = cronbach_alpha(answers, items=["a", "b"])
    table = scores([3, 4, 2], [4, 4, 4], list("AAB")).assign(scale="trust")
    given_result = reliable_change(table, waves=WAVES, reliability={"trust": alpha}).tidy()
    given_number = reliable_change(table, waves=WAVES, reliability=alpha.estimate).tidy()
    pd.testing.assert_frame_equal(given_result, given_number)


def test_people_without_change_are_reliable_one_time_in_twenty(scores):
    rng = np.random.default_rng(11)
    true = rng.normal(3, math.sqrt(0.8), 4000)
    first, last = (true + rng.normal(0, math.sqrt(0.2), 4000) for _ in range(2))
    found = reliable_change(scores(first, last), waves=WAVES, reliability=0.8, team=None)
    row = found.tidy().set_index("verdict").loc["unchanged"]
    # three standard errors of .95 in 4,000 are .010
    assert row["share_of_pairs"] == pytest.approx(0.95, abs=0.012)
    assert row["conf_low"] < 0.95 < row["conf_high"]


def test_no_spread_no_index(scores):
    found = reliable_change(scores([3, 3], [4, 5], list("AB")), waves=WAVES, reliability=0.8)
    assert found.people()["change_index"].isna().all()
    assert set(found.people()["verdict"]) == {""}
    assert found.tidy()["share_of_pairs"].isna().all()
    assert "are alike" in found.tidy()["reason"].iloc[0]
    assert "is not available: all scores of the earlier wave" in found.sentence()
    assert found.glance()["n_not_known"].item() == 2


def test_reliable_change_of_nobody(scores):
    table = scores([3, 4, None], [None, None, 4], list("AAB"))
    found = reliable_change(table, waves=WAVES, reliability=0.8)
    assert set(found.tidy()["reason"]) == {"nobody answered in both waves"}
    assert found.people().empty


@pytest.mark.parametrize("reliability", [1.0, -0.2, math.nan])
def test_what_is_no_reliability_is_refused(scores, reliability):
    with pytest.raises(ArgumentError, match=repr(reliability)):
        reliable_change(scores([3, 4], [4, 4], list("AB")), waves=WAVES, reliability=reliability)


def test_a_scale_without_reliability_is_refused(scores):
    table = scores([3, 4], [4, 4], list("AB")).assign(scale="trust")
    with pytest.raises(ArgumentError, match="'trust'"):
        reliable_change(table, waves=WAVES, reliability={"voice": 0.8})


def table_of(p_values):
    named = [f"s{at}" for at in range(len(p_values))]
    return pd.DataFrame({"scale": named, "p_value": p_values})


def test_families_by_hand():
    # climate .01 .04 .03: Holm 3 * .01, 2 * .03, then 1 * .04 held at .06; practice .03 alone
    table = table_of([0.01, 0.04, 0.03, 0.03])
    declared = {"climate": ["s0", "s1", "s2"], "practice": ["s3"]}
    found = adjust_family(table, families=declared)
    rows = found.tidy()
    assert rows["p_adjusted"].tolist() == pytest.approx([0.03, 0.06, 0.06, 0.03])
    assert rows["family"].tolist() == ["climate"] * 3 + ["practice"]
    assert rows["n_tests"].tolist() == [3, 3, 3, 1]
    assert (
        "Of 3 tests in the family 'climate', 1 had p < .05 after adjustment by Holm"
        in found.sentence()
    )
    # BH: .01 * 3, .03 * 3/2 = .045, .04 held below by .04 * 3/3
    bh = adjust_family(table, families=declared, method="bh").tidy()
    assert bh["p_adjusted"].tolist() == pytest.approx([0.03, 0.04, 0.04, 0.03])


P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(p_values=P_VALUES, method=st.sampled_from(["holm", "bh"]), seed=st.integers(0, 99))
def test_adjusting_knows_no_order(p_values, method, seed):
    table = table_of(p_values)
    shuffled = table.sample(frac=1, random_state=seed)
    there = adjust_family(table, families="all", method=method).tidy()
    back = adjust_family(shuffled, families="all", method=method).tidy().loc[table.index]
    pd.testing.assert_frame_equal(there, back)
    assert (there["p_adjusted"] >= there["p_value"] - 1e-12).all()
    assert (there["p_adjusted"] <= 1).all()
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(there["p_adjusted"].to_numpy()[order]) >= -1e-12).all()


@given(p_values=P_VALUES)
def test_holm_is_never_below_benjamini_and_hochberg(p_values):
    holm, bh = (
        adjust_family(table_of(p_values), families="all", method=method).tidy()["p_adjusted"]
        for method in ("holm", "bh")
    )
    assert (holm >= bh - 1e-12).all()


def test_a_missing_p_value_is_no_test(scores):
    table = table_of([0.01, math.nan, 0.04])
    found = adjust_family(table, families="all")
    assert found.tidy()["p_adjusted"].tolist()[::2] == [0.02, 0.04]
    assert found.tidy()["n_tests"].tolist() == [2, 2, 2]
    assert "; 1 test had no p value and is not counted" in found.sentence()
    nothing = adjust_family(table_of([math.nan]), families="all")
    assert nothing.sentence() == "The family 'all' has no test with a p value."


def test_tests_of_change_go_straight_into_their_family(scores):
    table = pd.concat(
        [
            scores([3, 4, 2, 3], [4, 4, 4, 5], list("AABB")).assign(scale=name)
            for name in ("trust", "voice")
        ]
    )
    tests = paired_change(table, waves=WAVES).tests()
    found = adjust_family(tests, families={"climate": ["trust", "voice"]}).tidy()
    assert found["p_adjusted"].tolist() == pytest.approx((2 * tests["p_value"]).clip(upper=1))
    assert found.index.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("declared", "seen"),
    [
        ({"one": ["s0"]}, r"in no family: 's1'"),
        ({"one": ["s0", "s1", "s9"]}, r"not in the table: 's9'"),
        ({"one": ["s0", "s1"], "two": ["s1"]}, r"named twice: 's1'"),
    ],
)
def test_families_that_do_not_fit_the_tests_are_refused(declared, seen):
    with pytest.raises(ArgumentError, match=seen):
        adjust_family(table_of([0.1, 0.2]), families=declared)


def test_what_is_no_p_value_is_refused():
    with pytest.raises(ArgumentError, match=r"1\.5"):
        adjust_family(table_of([0.1, 1.5]), families="all")
    with pytest.raises(ArgumentError, match="'sidak'"):
        adjust_family(table_of([0.1]), families="all", method="sidak")
