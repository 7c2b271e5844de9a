"""A wrongly keyed item is found, and 41 people do not cry wolf."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import check_keys

ITEMS = ["a", "b", "c", "d"]


def likert(n=41, loading=0.65, seed=1, items=ITEMS):
    rng = np.random.default_rng(seed)
    error = np.sqrt(1 - loading**2)
    values = loading * rng.normal(size=(n, 1)) + error * rng.normal(size=(n, len(items)))
    return pd.DataFrame(np.digitize(values, [-1.8, -1, -0.3, 0.7]) + 1.0, columns=list(items))


def flipped(answers, item="c"):
    return answers.assign(**{item: 6 - answers[item]})


def test_flipped_items_are_found_and_well_keyed_ones_left_alone_at_41_people():
    samples = [likert(seed=seed) for seed in range(80)]
    hits = others = false_alarms = 0
    for answers in samples:
        found = check_keys(flipped(answers), items=ITEMS, n_boot=200).wrong
        hits += "c" in found
        others += bool(set(found) - {"c"})
        false_alarms += bool(check_keys(answers, items=ITEMS, n_boot=200).wrong)
    assert hits >= 0.85 * len(samples)
    assert others <= 0.04 * len(samples)
    assert false_alarms <= 0.04 * len(samples)


def test_one_of_three_is_found_though_resamples_may_point_the_other_way():
    # pointing each resample where its own loadings sum to over 0 finds 17 of 60
    samples = [likert(loading=0.5, seed=seed, items=ITEMS[:3]) for seed in range(60)]
    hits = sum(
        check_keys(flipped(answers), items=ITEMS[:3], n_boot=100).wrong == ["c"]
        for answers in samples
    )
    assert hits >= 30


def test_a_flipped_item_that_is_not_named_is_unclear():
    verdicts = set()
    for seed in range(40):
        rows = check_keys(flipped(likert(seed=seed, loading=0.5)), items=ITEMS, n_boot=100).tidy()
        verdicts.add(rows.set_index("item").loc["c", "verdict"])
    assert {"probably wrong", "unclear"} <= verdicts


def test_reversing_all_items_changes_nothing():
    answers = flipped(likert())
    before = check_keys(answers, items=ITEMS, n_boot=100).tidy()
    after = check_keys(6 - answers, items=ITEMS, n_boot=100).tidy()
    pd.testing.assert_frame_equal(before, after)


def test_the_estimate_is_the_item_rest_correlation_with_the_others_in_line():
    answers = flipped(likert())
    rest = answers["a"] + answers["b"] + answers["d"]
    of_a = answers["b"] - answers["c"] + answers["d"]
    found = check_keys(answers, items=ITEMS, n_boot=50).tidy().set_index("item")["estimate"]
    assert found["c"] == pytest.approx(answers["c"].corr(rest))
    assert found["a"] == pytest.approx(answers["a"].corr(of_a))


def test_order_of_items_and_people_do_not_matter_and_the_seed_does():
    answers = flipped(likert())
    named = check_keys(answers, items=ITEMS, n_boot=100).wrong
    assert named == check_keys(answers.sample(frac=1, random_state=1), items=ITEMS[::-1]).wrong
    bounds = [
        check_keys(answers, items=ITEMS, n_boot=100, rng=seed).tidy()["conf_low"].tolist()
        for seed in (0, 0, 1)
    ]
    assert bounds[0] == bounds[1] != bounds[2]


def test_a_wider_level_gives_a_wider_interval():
    answers = likert()
    narrow = check_keys(answers, items=ITEMS, conf_level=0.5, n_boot=200).tidy()
    wide = check_keys(answers, items=ITEMS, conf_level=0.99, n_boot=200).tidy()
    assert (wide["conf_low"] < narrow["conf_low"]).all()
    assert (wide["conf_high"] > narrow["conf_high"]).all()


def test_missing_answers_are_counted_out():
    answers = flipped(likert())
    answers.loc[:4, "a"] = np.nan
    rows = check_keys(answers, items=ITEMS, n_boot=100).tidy().set_index("item")
    assert rows["n"].to_dict() == {"a": 36, "b": 41, "c": 41, "d": 41}
    assert rows.loc["c", "verdict"] == "probably wrong"


@pytest.mark.parametrize(
    ("change", "items", "reason"),
    [
        ({}, ["a", "b"], "two items do not tell"),
        ({"b": 3.0}, ITEMS, "all answers alike to 'b'"),
        ({"b": np.nan}, ITEMS, "no answers to 'b'"),
    ],
)
def test_what_cannot_be_checked_has_a_reason(change, items, reason):
    found = check_keys(likert().assign(**change), items=items, n_boot=20)
    assert (found.tidy()["verdict"] == "not known").all()
    assert found.tidy()["estimate"].isna().all()
    assert reason in found.sentence()
    assert found.glance()["n_not_known"][0] == len(items)


def test_few_people_are_not_enough():
    assert "9 people, 10 needed" in check_keys(likert(9), items=ITEMS, n_boot=20).sentence()
    assert check_keys(likert(10), items=ITEMS, n_boot=20).tidy()["estimate"].notna().all()


def test_half_of_the_items_against_the_other_half_is_undecided():
    base = likert(500, 0.9, items=["a", "b"])
    answers = base.assign(c=6 - base["a"], d=6 - base["b"])
    found = check_keys(answers, items=ITEMS, n_boot=20)
    assert found.wrong == []
    assert "balance" in found.sentence()


def test_the_sentence_names_the_items():
    found = check_keys(flipped(likert(200)), items=ITEMS, n_boot=200)
    assert found.sentence() == (
        "'c' of 4 items is probably keyed the wrong way (90% bootstrap intervals over 200 people)."
    )
    assert "None of 4 items" in check_keys(likert(200), items=ITEMS, n_boot=200).sentence()


def test_one_item_is_refused():
    with pytest.raises(ArgumentError, match=r"Too few items[\s\S]*'a'"):
        check_keys(likert(), items=["a"])
