"""Cronbach's alpha by hand, by law, against psych, and where it cannot be had."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import cronbach_alpha
from cvln_eval.measurement.scales.alpha import alphas, feldt_interval

FROM_R = 1e-12  # R and numpy sum in another order
EXACT = 1e-12
ITEMS = ["a", "b", "c"]
# a: mean 2.5, deviations -1.5 -.5 .5 1.5, variance 5/3; b likewise; c: 2 2 3 4, mean 2.75, 11/12.
SMALL = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4], "c": [2, 2, 3, 4]})


def simulated(n=41, k=4, loading=0.7, seed=1, columns="abcdefgh"):
    rng = np.random.default_rng(seed)
    error = np.sqrt(1 - loading**2)
    values = loading * rng.normal(size=(n, 1)) + error * rng.normal(size=(n, k))
    return pd.DataFrame(values, columns=list(columns[:k]))


def with_holes(answers, seed=3, share=0.1):
    holes = np.random.default_rng(seed).random(answers.shape) < share
    return answers.mask(holes)


def test_alpha_by_hand():
    # row sums 4 7 8 12: mean 7.75, squares 14.0625 + .5625 + .0625 + 18.0625 = 32.75, / 3;
    # alpha = 3/2 (1 - (5/3 + 5/3 + 11/12) / (32.75 / 3)) = 3/2 (1 - 12.75 / 32.75)
    found = cronbach_alpha(SMALL, items=ITEMS)
    assert found.estimate == pytest.approx(1.5 * (1 - 12.75 / 32.75), abs=EXACT)


def test_standardised_alpha_of_two_items_is_spearman_brown():
    r = np.corrcoef(SMALL["a"], SMALL["b"])[0, 1]  # 4/5
    found = cronbach_alpha(SMALL, items=["a", "b"]).tidy()
    assert found["estimate"].iloc[1] == pytest.approx(2 * r / (1 + r), abs=EXACT)
    assert r == pytest.approx(0.8)


@pytest.mark.parametrize("rule", ["listwise", "pairwise", "available"])
def test_each_rule_gives_what_psych_gives(rule, five, expected):
    # psych::alpha(na.omit(five)); psych::alpha(five); for "available" see make.R
    found = cronbach_alpha(five, items=list(five), missing=rule).tidy()
    for row in found.itertuples():
        assert row.estimate == pytest.approx(expected[rule, row.coefficient], abs=FROM_R)


def test_the_rules_differ_where_answers_are_missing_and_agree_where_none_is(five):
    def three(table):
        rules = ("listwise", "pairwise", "available")
        return {cronbach_alpha(table, items=list(five), missing=r).estimate for r in rules}

    assert len(three(five)) == 3
    values = sorted(three(five.dropna()))
    assert values[-1] == pytest.approx(values[0], abs=EXACT)


def test_feldts_interval_is_psychs(expected):
    # psych::alpha.ci(.8, 41, 5); psych::alpha.ci(.35, 12, 3, p.val = .10)
    for topic, alpha, n, k, level in (("feldt", 0.8, 41, 5, 0.95), ("feldt 90", 0.35, 12, 3, 0.9)):
        low, high = feldt_interval(alpha, n=n, k=k, conf_level=level)
        assert (low, high) == pytest.approx(
            (expected[topic, "low"], expected[topic, "high"]), abs=1e-9
        )


def test_the_interval_uses_the_people_who_are_left(five):
    found = cronbach_alpha(five, items=list(five)).tidy().iloc[0]
    complete = len(five.dropna())
    assert (found["n"], found["n_persons"], found["n_left_out"]) == (
        complete,
        complete,
        len(five) - complete,
    )
    bounds = feldt_interval(found["estimate"], n=complete, k=5, conf_level=0.95)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx(bounds)


def test_pairwise_takes_the_fewest_who_answered_a_pair():
    answers = pd.DataFrame(
        {"a": [1, 2, 3, 4, np.nan], "b": [1, 3, 2, np.nan, 4], "c": [2, 2, 3, 4, np.nan]}
    )
    found = cronbach_alpha(answers, items=ITEMS, missing="pairwise").tidy().iloc[0]
    assert (found["n"], found["n_persons"], found["n_left_out"]) == (3, 5, 0)


@given(st.floats(0.1, 50), st.floats(-100, 100), st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_alpha_does_not_mind_scale_origin_or_order(factor, shift, seed):
    answers = with_holes(simulated(n=20, seed=seed))
    rng = np.random.default_rng(seed)
    changed = (answers * factor + shift).sample(frac=1, random_state=seed)
    items = list(rng.permutation(list("abcd")))
    for rule in ("listwise", "pairwise", "available"):
        before = cronbach_alpha(answers, items=list("abcd"), missing=rule).tidy()["estimate"]
        after = cronbach_alpha(changed, items=items, missing=rule).tidy()["estimate"]
        assert after.to_numpy() == pytest.approx(before.to_numpy(), abs=1e-7)


@given(st.integers(0, 20))
@settings(max_examples=20, deadline=None)
def test_listwise_is_to_drop_first(seed):
    answers = with_holes(simulated(n=25, seed=seed), seed=seed)
    listwise = cronbach_alpha(answers, items=list("abcd")).estimate
    assert listwise == cronbach_alpha(answers.dropna(), items=list("abcd")).estimate


def test_standardised_alpha_does_not_mind_the_scale_of_one_item():
    answers = with_holes(simulated())
    other = answers.assign(b=answers["b"] * 7)
    for rule in ("listwise", "pairwise", "available"):
        before = cronbach_alpha(answers, items=list("abcd"), missing=rule).tidy()["estimate"]
        after = cronbach_alpha(other, items=list("abcd"), missing=rule).tidy()["estimate"]
        assert after[1] == pytest.approx(before[1], abs=1e-9)
        assert abs(after[0] - before[0]) > 0.01


@pytest.mark.parametrize("rule", ["listwise", "pairwise", "available"])
def test_a_weight_is_a_repeated_person(rule):
    values = with_holes(simulated(n=12)).to_numpy()
    values = values[np.isfinite(values).all(axis=1)] if rule == "listwise" else values
    weights = np.random.default_rng(5).integers(0, 4, len(values))
    repeated = np.repeat(values, weights, axis=0)
    by_weight = alphas(values, weights[None], rule)
    by_row = alphas(repeated, np.ones((1, len(repeated))), rule)
    assert by_weight == pytest.approx(by_row, abs=1e-9)


def test_the_bootstrap_is_seeded_and_covers_both_coefficients():
    answers = simulated()
    first, again, other = (
        cronbach_alpha(answers, items=list("abcd"), interval="bootstrap", n_boot=300, rng=seed)
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first.tidy(), again.tidy())
    assert first.tidy()["conf_low"].tolist() != other.tidy()["conf_low"].tolist()
    rows = first.tidy()
    assert (rows["conf_low"] < rows["estimate"]).all()
    assert (rows["estimate"] < rows["conf_high"]).all()
    assert (rows["reason"] == "").all()


def test_feldts_interval_is_not_given_for_standardised_alpha():
    rows = cronbach_alpha(simulated(), items=list("abcd")).tidy()
    assert math.isfinite(rows["estimate"][1])
    assert math.isnan(rows["conf_low"][1])
    assert "raw alpha" in rows["reason"][1]


def test_alpha_of_many_people_is_what_the_model_says():
    # equal loadings of .6: r = .36, alpha = 4 * .36 / (1 + 3 * .36)
    found = cronbach_alpha(simulated(n=40_000, loading=0.6), items=list("abcd"))
    assert found.estimate == pytest.approx(4 * 0.36 / (1 + 3 * 0.36), abs=0.01)


def test_both_intervals_cover_the_truth_at_41_people():
    # 0.95 with a standard error of .011 over 400 samples; the bootstrap is known to fall short
    truth = 4 * 0.36 / (1 + 3 * 0.36)
    held = {"feldt": 0, "bootstrap": 0}
    for seed in range(400):
        answers = simulated(loading=0.6, seed=seed)
        for interval in held:
            row = cronbach_alpha(
                answers, items=list("abcd"), interval=interval, n_boot=250, rng=seed
            ).tidy()
            held[interval] += row["conf_low"][0] < truth < row["conf_high"][0]
    assert 0.92 <= held["feldt"] / 400 <= 0.98
    assert 0.88 <= held["bootstrap"] / 400 <= 0.97


def test_a_negative_alpha_is_told_as_it_is():
    answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 1, 2], "c": [2, 1, 4, 1]})
    found = cronbach_alpha(answers, items=ITEMS)
    assert found.estimate < 0
    assert found.tidy()["note"][0].startswith("negative")
    assert "keyed the wrong way" in found.sentence()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"b": 3}, "all answers alike to 'b'"),
        ({"b": np.nan}, "no answers to 'b'"),
        ({"b": [np.nan, np.nan, np.nan, 2]}, "1 person answered"),
        ({"a": [1, 2, np.nan, np.nan], "b": [np.nan, np.nan, 1, 2]}, "0 people answered"),
    ],
)
@pytest.mark.parametrize("rule", ["listwise", "pairwise", "available"])
@pytest.mark.parametrize("interval", ["feldt", "bootstrap"])
def test_what_cannot_be_had_is_nan_with_its_reason(change, reason, rule, interval):
    found = cronbach_alpha(SMALL.assign(**change), items=ITEMS, missing=rule, interval=interval)
    rows = found.tidy()
    assert rows[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)
    assert rows["reason"].str.contains(reason).all()
    assert reason in found.sentence()


@pytest.mark.parametrize("rule", ["listwise", "pairwise", "available"])
def test_items_that_cancel_out_have_no_alpha(rule):
    answers = pd.DataFrame({"a": [1.1, 2.2, 3.3, 4.7], "b": [4.9, 3.8, 2.7, 1.3]})  # sums of 6
    for interval in ("feldt", "bootstrap"):
        found = cronbach_alpha(answers, items=["a", "b"], missing=rule, interval=interval)
        assert found.tidy()[["estimate", "conf_low"]].isna().all(axis=None)
        assert "cancel out" in found.sentence()


def test_nobody_at_all_is_no_crash():
    found = cronbach_alpha(SMALL.iloc[:0], items=ITEMS)
    assert "no answers to 'a', 'b', 'c'" in found.tidy()["reason"][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": ["a", "z"]}, "'z'"),
        ({"items": ["a"]}, "Too few items[\\s\\S]*'a'"),
        ({"items": ["a", "a"]}, "named twice[\\s\\S]*'a'"),
        ({"missing": "none"}, "rule for missing answers[\\s\\S]*'none'"),
        ({"interval": "delta"}, "Unknown interval[\\s\\S]*'delta'"),
        ({"conf_level": 95}, "between 0 and 1[\\s\\S]*95"),
        ({"answers": SMALL.assign(person_id=["p", "q", "q", "r"])}, "several rows[\\s\\S]*'q'"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(ArgumentError, match=message):
        cronbach_alpha(**{"answers": SMALL, "items": ITEMS, **change})


def test_the_sentence_can_be_pasted(five):
    assert cronbach_alpha(five, items=list(five), missing="pairwise").sentence() == (
        "Alpha of 5 items was 0.78, 95% CI [0.67, 0.86] (Feldt; n = 60, at least 56 a pair of "
        "items; pairwise)."
    )


def test_items_that_are_copies_have_an_alpha_of_1_and_no_jackknife_interval():
    answers = pd.DataFrame({name: [1.0, 2, 4, 5, 3] for name in "abc"})
    row = cronbach_alpha(answers, items=list("abc"), interval="jackknife").tidy().iloc[0]
    assert row["estimate"] == pytest.approx(1)
    assert np.isnan([row["conf_low"], row["conf_high"]]).all()
    assert row["reason"] == "no value below 1 without one of the people"
