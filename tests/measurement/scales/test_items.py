"""Each item beside the others, and the answers in each category."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import cronbach_alpha, item_analysis, item_distribution

FROM_R = 1e-12  # R and numpy sum in another order
FIVE = (1, 5)
ITEMS = ["a", "b", "c"]
SMALL = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 5], "c": [2, 2, 3, 4]})
PSYCHS = {
    "n": "n",
    "mean": "mean",
    "sd": "sd",
    "item_rest_r": "r.drop",
    "item_total_r": "raw.r",
    "alpha_if_dropped": "alpha.drop",
}


def analysed(answers=SMALL, items=ITEMS, response_range=FIVE):
    return item_analysis(answers, items=items, response_range=response_range)


@pytest.mark.parametrize("column", list(PSYCHS))
def test_each_column_is_psychs(column, five, expected):
    # a <- psych::alpha(five); a$item.stats, a$alpha.drop$raw_alpha
    found = analysed(five, list(five)).tidy().set_index("item")[column]
    for name, value in found.items():
        assert value == pytest.approx(expected[PSYCHS[column], name], abs=FROM_R)


def test_item_rest_is_the_correlation_with_the_sum_of_the_others():
    found = analysed().tidy().set_index("item")
    rest = SMALL["b"] + SMALL["c"]
    assert found.loc["a", "item_rest_r"] == pytest.approx(SMALL["a"].corr(rest))
    assert found.loc["a", "item_total_r"] == pytest.approx(SMALL["a"].corr(SMALL.mean(axis=1)))
    assert (found["item_total_r"] > found["item_rest_r"]).all()


def test_alpha_if_dropped_is_alpha_of_the_others(five):
    found = analysed(five, list(five)).tidy().set_index("item")["alpha_if_dropped"]
    for name, value in found.items():
        others = [item for item in five if item != name]
        alpha = cronbach_alpha(five, items=others, missing="pairwise").estimate
        assert value == pytest.approx(alpha, abs=FROM_R)


def test_floor_ceiling_and_missing_by_hand():
    answers = pd.DataFrame({"a": [1, 1, 5, None], "b": [2, 3, 4, 5], "c": [1, 1, 1, 2]})
    found = analysed(answers).tidy().set_index("item")
    assert found["floor_share"].tolist() == [2 / 3, 0, 3 / 4]
    assert found["ceiling_share"].tolist() == [1 / 3, 1 / 4, 0]
    assert found["missing_share"].tolist() == [1 / 4, 0, 0]
    assert found["n"].tolist() == [3, 4, 4]


def test_reversing_an_item_turns_its_sign_and_swaps_its_ends(five):
    before = analysed(five, list(five)).tidy().set_index("item")
    after = analysed(five.assign(a1=6 - five["a1"]), list(five)).tidy().set_index("item")
    assert after.loc["a1", "item_rest_r"] == pytest.approx(-before.loc["a1", "item_rest_r"])
    assert after.loc["a1", "floor_share"] == before.loc["a1", "ceiling_share"]
    assert after.loc["a1", "alpha_if_dropped"] == pytest.approx(
        before.loc["a1", "alpha_if_dropped"]
    )


@pytest.mark.parametrize(
    ("b", "reason"), [(np.nan, "no answers"), ([np.nan] * 3 + [2], "one answer"), (3, "all ans")]
)
def test_an_item_that_cannot_be_related_says_why(b, reason):
    found = analysed(SMALL.assign(b=b)).tidy().set_index("item")
    assert found.loc["b", "reason"].startswith(reason)
    assert np.isnan(found.loc["b", "item_rest_r"])
    assert np.isnan(found.loc["b", "item_total_r"])
    assert "others" in found.loc["a", "reason"]
    assert np.isnan(found.loc["a", "alpha_if_dropped"])
    without_b = cronbach_alpha(SMALL, items=["a", "c"]).estimate
    assert found.loc["b", "alpha_if_dropped"] == pytest.approx(without_b)


def test_two_items_leave_nothing_to_drop_one_from():
    found = analysed(items=["a", "b"]).tidy()
    assert found["alpha_if_dropped"].isna().all()
    assert found["reason"].str.startswith("two items").all()
    assert found["item_rest_r"].tolist() == pytest.approx([SMALL["a"].corr(SMALL["b"])] * 2)


def test_nobody_at_all_is_no_crash():
    found = analysed(SMALL.iloc[:0])
    assert (found.tidy()["reason"] == "no answers").all()
    assert "not available" in found.sentence()
    assert found.glance()["reason"][0]


def test_people_without_an_answer_are_left_out_and_counted():
    answers = pd.concat([SMALL, pd.DataFrame({"a": [None]})], ignore_index=True)
    row = analysed(answers).glance().iloc[0]
    assert (row["n_persons"], row["n_left_out"]) == (4, 1)
    assert analysed(answers).tidy()["missing_share"].tolist() == [1 / 5] * 3


def test_the_sentence_names_the_item_that_goes_least_with_the_others(five):
    assert analysed(five, list(five)).sentence() == (
        "Over 5 items and 60 people, item-rest correlations ran from 0.30 (a5) to 0.69; without "
        "it, alpha would be 0.82 instead of 0.78."
    )


def test_categories_are_counted_with_empty_and_missing_ones():
    answers = pd.DataFrame({"a": [1, 3, 3, None], "b": [2.0, 2, 2, 2]})
    found = item_distribution(answers, items=["a", "b"], response_range=(1.0, 3.0)).tidy()
    assert found["category"].tolist() == [1, 2, 3] * 2
    assert found["n"].tolist() == [1, 0, 2, 0, 4, 0]
    assert found["share"].tolist() == [1 / 3, 0, 2 / 3, 0, 1, 0]
    assert found["n_answered"].tolist() == [3] * 3 + [4] * 3
    assert found["n_missing"].tolist() == [1] * 3 + [0] * 3
    assert found["category"].dtype.kind == "i"


def test_an_item_without_answers_has_no_shares():
    answers = pd.DataFrame({"a": [np.nan, np.nan], "b": [1, 2]})
    found = item_distribution(answers, items=["a", "b"], response_range=(1, 2)).tidy()
    assert found["share"].isna().tolist() == [True, True, False, False]
    assert found["reason"].tolist() == ["no answers"] * 2 + [""] * 2
    only = item_distribution(answers, items=["a"], response_range=(1, 2))
    assert only.sentence().startswith("No answers to 1 item")


def test_the_sentence_of_a_distribution():
    found = item_distribution(SMALL, items=ITEMS, response_range=FIVE)
    assert found.sentence() == (
        "Of 12 answers to 3 items (0 of 12 missing), 33% were 2, the most frequent; 4 of 15 "
        "categories of items had no answer."
    )
    assert found.glance()["n_empty"][0] == 4


@pytest.mark.parametrize("function", [item_analysis, item_distribution])
def test_answers_outside_of_the_range_are_refused(function):
    with pytest.raises(ArgumentError, match=r"Answers to b lie outside[\s\S]*5"):
        function(SMALL, items=ITEMS, response_range=(1, 4))


def test_answers_between_categories_are_refused():
    with pytest.raises(ArgumentError, match=r"Answers to a lie between[\s\S]*2\.5"):
        item_distribution(SMALL.assign(a=2.5), items=ITEMS, response_range=FIVE)
    with pytest.raises(ArgumentError, match=r"whole numbers[\s\S]*0\.5"):
        item_distribution(SMALL, items=ITEMS, response_range=(0.5, 5))


def test_the_interval_is_fishers_with_the_fewest_who_answered_two():
    answers = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 2], "b": [2.0, 1, 3, 5, 4, np.nan]})
    row = item_analysis(answers, items=["a", "b"], response_range=(1, 5)).tidy().iloc[0]
    # five answered both, so the error of artanh r is 1 / sqrt(2)
    z, reach = np.arctanh(row["item_rest_r"]), 1.959964 / np.sqrt(2)
    bounds = row[["conf_low", "conf_high"]].tolist()
    assert bounds == pytest.approx([np.tanh(z - reach), np.tanh(z + reach)], abs=1e-6)


def test_three_people_bound_no_correlation():
    few = pd.DataFrame({"a": [1, 2, 4], "b": [2, 1, 3]})
    found = item_analysis(few, items=["a", "b"], response_range=(1, 5)).tidy()
    assert found[["conf_low", "conf_high"]].isna().all(axis=None)
    assert found["item_rest_r"].notna().all()


def test_few_people_have_no_interval_and_the_reason_says_so():
    of_three, of_four = (analysed(SMALL.iloc[:n]).tidy() for n in (3, 4))
    assert of_three["conf_low"].isna().all()
    assert of_three["reason"].str.startswith("no interval: fewer than four people").all()
    assert of_four["conf_low"].notna().all()
    assert of_four["reason"].tolist() == [""] * 3


def test_a_correlation_of_one_is_not_certain():
    found = analysed(SMALL.assign(b=SMALL["a"], c=SMALL["a"])).tidy()
    assert found["item_rest_r"].tolist() == pytest.approx([1] * 3)
    assert found[["conf_low", "conf_high"]].isna().all(axis=None)


def test_the_sentence_compares_alpha_only_with_an_alpha():
    opposed = SMALL.assign(b=6 - SMALL["a"], c=SMALL["a"], d=6 - SMALL["a"])
    assert analysed(opposed, list("abcd")).sentence().endswith("(a) to -1.00.")


def test_one_item_may_be_named_by_itself():
    wide = pd.DataFrame({"trust": [1, 2, 2]})
    one = item_distribution(wide, items="trust", response_range=(1, 2)).tidy()
    assert one["item"].tolist() == ["trust", "trust"]


def test_a_row_without_a_person_is_named():
    with pytest.raises(ArgumentError, match=r"which person it is[\s\S]*'person_id'"):
        analysed(SMALL.assign(person_id=["p", "q", None, None]))
