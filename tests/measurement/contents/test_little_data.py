"""What is said of little data: no more than they show, and in whole sentences."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents import (
    communication_plan,
    consensus_change,
    importance_performance,
    practice_consistency,
    rubric_levels,
    theme_cooccurrence,
    theme_frequencies,
    values_consensus,
    vision_checklist,
)
from cvln_eval.measurement.contents.standing_apart import with_fences

FIVE = (1, 5)
GROUPS = {"one": ["a", "b"], "other": ["c", "d"]}


def people(n, **columns):
    table = pd.DataFrame({"person_id": [f"p{i}" for i in range(n)]})
    return table.assign(**{name: list(column)[:n] for name, column in columns.items()})


def rated(scores, *, raters=("x",), waves=("y1", "y2"), criteria=("c", "d")):
    rows = [(w, "T", c, r) for w in waves for c in criteria for r in raters]
    frame = pd.DataFrame(rows, columns=["wave", "team_id", "criterion", "rater_id"])
    return frame.assign(score=scores)


def offered(n, share=1):
    return people(n, o=[share] * n, w=[3] * n, i=[4] * n, o2=[1] * n, w2=[3] * n, i2=[5] * n)


def placed(answers):
    columns = {"offered": ["o", "o2"], "wanted": ["w", "w2"], "impact": ["i", "i2"]}
    return importance_performance(answers, **columns, cut=(0.5, 3), n_boot=20)


def test_one_person_alone_has_no_consensus_and_the_sentence_says_so():
    found = values_consensus(people(1, a=[3], b=[4]), items=["a", "b"], response_range=FIVE)
    assert found.sentence().endswith("not available: one person alone cannot agree.")


def test_few_people_have_no_interval_and_nobody_apart():
    answers = people(3, a=[3, 4, 5], b=[2, 5, 1])
    said = values_consensus(answers, items=["a", "b"], response_range=FIVE).sentence()
    assert "no interval, chi2" in said
    assert "not available" not in said
    assert said.endswith("Among fewer than 5 people it is not told who stands apart.")


def test_equal_values_have_no_strongest_and_no_weakest():
    answers = people(6, a=[1, 2, 3, 4, 5, 5]).assign(b=lambda d: d["a"])
    said = values_consensus(answers, items=["a", "b"], response_range=FIVE, n_boot=20).sentence()
    assert "consensus was the same on every value" in said


def waves(n, last):
    first = people(n, a=[1, 2, 3, 4, 5, 3], b=[3, 3, 4, 1, 2, 5]).assign(wave="y1")
    return pd.concat([first, last.assign(wave="y2")], ignore_index=True)


def changed(answers):
    return consensus_change(
        answers, items=["a", "b"], response_range=FIVE, waves=("y1", "y2"), n_boot=20
    )


def test_a_value_that_one_person_answered_is_no_part_of_the_mean_consensus():
    last = people(6, a=[np.nan] * 5 + [3], b=[3, 3, 4, 1, 2, 5])
    found = changed(waves(6, last))
    of_mean = found.tidy().query("item == 'mean of all values' and among == 'all'").iloc[0]
    assert np.isnan(of_mean["estimate"])
    assert not np.isnan(of_mean["estimate_before"])
    assert of_mean["reason"].startswith("a value has fewer than two answers")
    assert "the mean consensus over the values is not available (a value has" in found.sentence()


def test_few_in_a_wave_have_a_change_without_an_interval():
    rows = changed(waves(4, people(4, a=[1, 2, 2, 4], b=[3, 3, 4, 2]))).tidy()
    assert rows["change"].notna().all()
    assert rows["conf_low"].isna().all()
    assert rows["reason"].str.startswith("no interval: fewer than five people").all()


def test_shares_of_draws_need_five_answers():
    few, more = placed(offered(4)), placed(offered(5))
    assert few.quadrants()[["share_keep", "share_same"]].isna().all(axis=None)
    assert few.quadrants()["reason"].str.startswith("no shares of draws").all()
    assert more.quadrants()["share_same"].tolist() == [1.0, 1.0]
    assert more.quadrants()["reason"].tolist() == ["", ""]


def test_a_lever_of_a_few_answers_is_named_without_a_share():
    answers = people(9, o=[1, 1, 1] + [0] * 6, w=[3] * 9, i=[5] * 9).assign(o2=1, w2=3, i2=2)
    assert "o (offered to 33%, impact 5.00, n = 3, fewer than 5, so" in placed(answers).sentence()


def test_modes_that_nobody_can_place_say_why():
    unsaid = placed(offered(6).assign(o=np.nan, o2=np.nan))
    assert unsaid.sentence().endswith("placed: nobody said whether it was offered.")
    never = placed(offered(6).assign(o=0, o2=0))
    assert never.sentence().endswith("placed: nobody who was offered it rated its impact.")


def test_a_table_of_modes_without_people_ids_is_named():
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*'person_id'"):
        placed(offered(6).drop(columns="person_id"))


def test_practices_need_somebody_and_equal_means_do_not_differ_most():
    answers = people(3, a=[3, 4, 5], b=[3, 4, 5], c=[3, 4, 5], d=[3, 4, 5])
    found = practice_consistency(answers, groups=GROUPS, response_range=FIVE)
    assert found.sentence().endswith("; the groups had the same mean on every practice.")
    with pytest.raises(ArgumentError, match="nobody who answered"):
        practice_consistency(answers.iloc[:0], groups=GROUPS, response_range=FIVE)


def test_one_rater_neither_agrees_nor_differs():
    ratings = rated([4, 2, 3, 4])
    told = communication_plan(ratings, times="c", ways="d").sentence()
    assert "agreed" not in told
    assert "with one rater only 1" in told
    seen = vision_checklist(ratings, criteria=["c", "d"]).sentence()
    assert seen.endswith("met 2 of 2 criteria; with one rater there is nobody to differ.")
    grown = rubric_levels(ratings, criteria=["c", "d"]).sentence()
    assert grown.endswith("the change was 0.50. No team had two raters of a criterion.")


def test_nobody_agreed_where_nobody_rated():
    ratings = rated(np.nan, raters=("x", "y"))
    told = communication_plan(ratings, times="c", ways="d").sentence()
    assert "agreed" not in told
    assert "not known 1" in told
    seen = vision_checklist(ratings, criteria=["c", "d"])
    assert seen.sentence() == "In y2, no vision was rated on any of the criteria."
    assert seen.tidy()["reason"].tolist() == ["no criterion was rated"] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"score": [1, 2, np.inf, 3]}, "Scores must be finite[\\s\\S]*inf"),
        ({"criterion": ["c", None, "c", "d"]}, "which criterion"),
    ],
)
def test_ratings_that_cannot_be_counted_are_named(change, message):
    with pytest.raises(ArgumentError, match=message):
        rubric_levels(rated([1, 2, 3, 4]).assign(**change), criteria=["c", "d"])


def test_waves_that_are_numbers_may_be_named_as_numbers():
    found = rubric_levels(
        rated([1, 2, 3, 4], waves=(2010, 2011)), criteria=["c"], waves=[2011, 2010]
    )
    assert found.waves == ("2011", "2010")
    assert found.changes()["change"].tolist() == [-2.0, -2.0]


def codings(first, second):
    n = len(first)
    frame = pd.DataFrame({"segment_id": [f"s{i}" for i in range(n)] * 2, "coder_id": "x"})
    return frame.assign(theme=["t"] * n + ["u"] * n, applied=[*first, *second])


def test_themes_of_one_frequency_have_no_most_frequent():
    said = theme_frequencies(codings([1, 0], [0, 1]), n_boot=20).sentence()
    assert "all 2 themes were as frequent as t (50% of 2" in said


def test_themes_that_come_together_as_expected_are_not_less_often_together():
    said = theme_cooccurrence(codings([1, 1, 0, 0], [1, 0, 1, 0])).sentence()
    assert "together as often as expected" in said
    surely = theme_cooccurrence(codings([1] * 20 + [0] * 20, [1] * 20 + [0] * 20)).sentence()
    assert "adjusted p < .001" in surely


def test_rounding_does_not_decide_on_which_side_of_the_mean_equal_shares_are():
    # Three shares of .1 have a mean of .10000000000000002.
    one = [1] + [0] * 9
    answers = people(10, o=one, p=one, q=one).assign(w=3, x=3, y=3, i=5, j=5, k=5)
    columns = {"offered": list("opq"), "wanted": list("wxy"), "impact": list("ijk")}
    found = importance_performance(answers, **columns, n_boot=20)
    assert found.quadrants()["quadrant"].tolist() == ["keep"] * 3


def test_the_profiles_of_a_team_are_of_those_who_know_both():
    answers = people(3, a=[1, 2, 5], b=[2, 3, 1], c=[4, 5, 1], d=[1, 2, np.nan], e=[3, 3, np.nan])
    answers = answers.assign(f=[5, 5, np.nan])
    groups = {"one": ["a", "b", "c"], "other": ["d", "e", "f"]}
    found = practice_consistency(answers, groups=groups, response_range=FIVE).by_team().iloc[0]
    # Means of the first two people: 1.5, 2.5, 4.5 and 1.5, 3, 5
    assert found["profile_r"] == pytest.approx(np.corrcoef([1.5, 2.5, 4.5], [1.5, 3, 5])[0, 1])
    assert found["n_one_group"] == 1


def test_a_rater_saw_the_mean_change_over_criteria():
    ratings = rated([1, 3, 2, 2, 4, 3, 2, 1], raters=("x", "y"))
    # x: c from 1 to 4, d from 2 to 2, so 1.5; y: c from 3 to 3, d from 2 to 1, so -.5
    whole = rubric_levels(ratings, criteria=["c", "d"]).changes().iloc[-1]
    assert whole[["change_lowest", "change_highest", "change"]].tolist() == [-0.5, 1.5, 0.5]


@pytest.mark.parametrize(
    ("distance", "r", "said"),
    [
        (7.0, 0.2, ""),
        (7.1, 0.2, "distance"),
        (7.0, 0.19, "order"),
        (7.1, 0.19, "distance and order"),
    ],
)
def test_the_fences_lie_one_and_a_half_spreads_beyond_the_quartiles(distance, r, said):
    # Quartiles 2 and 4: 4 + 1.5 * 2 = 7; quartiles .5 and .7: .5 - 1.5 * .2 = .2
    table = pd.DataFrame(
        {"distance": [1, 2, 3, 4, distance], "profile_r": [0.8, 0.7, 0.6, 0.5, r], "reason": ""}
    )
    assert with_fences(table)["stands_apart"].tolist() == [""] * 4 + [said]
