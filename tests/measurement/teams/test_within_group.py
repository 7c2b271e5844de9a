"""rwg(j) and the average deviation: by hand, by law, and what cannot be had."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.teams import within_group_agreement
from cvln_eval.measurement.teams.chance import critical_variance, lower_tail
from cvln_eval.measurement.teams.nulls import NULLS, PROPORTIONS, VARIANCES, null_variance
from cvln_eval.measurement.teams.within_result import WithinGroupAgreement


def table(teams, *columns):
    return pd.DataFrame({"team_id": list(teams), **{f"t{i}": c for i, c in enumerate(columns, 1)}})


def agreement(answers, **options) -> WithinGroupAgreement:
    items = [name for name in answers.columns if name.startswith("t") and name != "team_id"]
    given = {"items": items, "response_range": (1, 5), "null": "uniform", "n_draws": 0}
    return within_group_agreement(answers, **{**given, **options})


def test_rwg_of_one_item_by_hand():
    # 4 4 5: mean 13/3, squares 1/9 + 1/9 + 4/9 = 6/9, variance 1/3; null (25 - 1) / 12 = 2
    row = agreement(table("AAA", [4, 4, 5])).tidy().iloc[0]
    assert row["item_variance"] == pytest.approx(1 / 3)
    assert row["null_variance"] == 2
    assert row["rwg_j"] == pytest.approx(1 - 1 / 6)
    # distances from 13/3: 1/3, 1/3, 2/3, mean 4/9; from the median 4: 0, 0, 1, mean 1/3
    assert row["ad_mean"] == pytest.approx(4 / 9)
    assert row["ad_median"] == pytest.approx(1 / 3)
    assert row["ad_bound"] == pytest.approx(5 / 6)


def test_rwg_j_of_two_items_by_hand():
    # variances 1/3 and 1: mean 2/3, q = 1/3; 2 (2/3) / (2 (2/3) + 1/3) = 4/5
    row = agreement(table("AAA", [4, 4, 5], [2, 3, 4])).tidy().iloc[0]
    assert row["rwg_j"] == pytest.approx(0.8)
    # slight skew: q = (2/3) / 1.34
    q = 2 / 3 / 1.34
    skewed = agreement(table("AAA", [4, 4, 5], [2, 3, 4]), null="slight_skew").tidy().iloc[0]
    assert skewed["rwg_j"] == pytest.approx(2 * (1 - q) / (2 * (1 - q) + q))


def test_the_deviation_of_several_items_is_their_mean():
    # item 1: 4/9 as above; item 2: 2 3 4 has distances 1 0 1, mean 2/3
    row = agreement(table("AAA", [4, 4, 5], [2, 3, 4])).tidy().iloc[0]
    assert row["ad_mean"] == pytest.approx((4 / 9 + 2 / 3) / 2)


def test_the_median_of_an_even_team_lies_between():
    # 1 2 4 5: median 3, distances 2 1 1 2
    assert agreement(table("AAAA", [1, 2, 4, 5])).tidy()["ad_median"].item() == 1.5


def test_two_camps_have_a_negative_rwg_and_a_truncated_one_of_0():
    # 1 5 1 5: variance 16/3, q = 8/3, rwg = -5/3
    row = agreement(table("AAAA", [1, 5, 1, 5])).tidy().iloc[0]
    assert row["rwg_j"] == pytest.approx(-5 / 3)
    assert row["rwg_j_truncated"] == 0
    assert row["reason"] == ""


def test_rwg_j_has_no_value_where_its_formula_breaks():
    # two items, q = 8/3 beyond 2 / (2 - 1): the formula would give 2 (-5/3) / (-10/3 + 8/3) = 5
    row = agreement(table("AAAA", [1, 5, 1, 5], [1, 5, 5, 1])).tidy().iloc[0]
    assert math.isnan(row["rwg_j"])
    assert row["rwg_j_truncated"] == 0
    assert "so much that rwg(j) has no value" in row["reason"]


def test_a_team_that_has_no_value_counts_as_the_least_and_never_flatters():
    answers = table("AABBCCCC", [4, 4, 3, 3, 1, 5, 1, 5], [2, 2, 5, 5, 1, 5, 5, 1])
    found = agreement(answers)
    row = found.summary().iloc[0]
    assert math.isnan(row["rwg_j_mean"])
    assert row["rwg_j_median"] == 1
    assert math.isnan(row["rwg_j_min"])
    assert row["share_over_70"] == pytest.approx(2 / 3)
    assert row["n_exceeding_null"] == 1
    assert "1 team too far" in row["reason"]
    cut = agreement(answers, truncate=True).summary().iloc[0]
    assert cut["rwg_j_mean"] == pytest.approx(2 / 3)
    assert cut["rwg_j_min"] == 0


def test_the_interval_of_the_mean_is_students_by_hand():
    # rwg 1, 1 - .25 = .75, 1 - 1 = 0 with variances 0, .5, 2; mean 7/12, sd of (1, .75, 0)
    found = agreement(table("AABBCC", [3, 3, 3, 4, 2, 4])).summary().iloc[0]
    half = 4.302652729911275 * np.std([1, 0.75, 0], ddof=1) / math.sqrt(3)
    assert found["rwg_j_mean"] == pytest.approx(7 / 12)
    assert found["conf_low"] == pytest.approx(7 / 12 - half)
    assert found["conf_high"] == 1
    assert found["n"] == 6
    assert found["share_over_70"] == pytest.approx(2 / 3)


def test_teams_of_one_or_nobody_have_a_reason_and_people_left_out_are_counted():
    answers = table(
        ["A", "A", "B", "C", None, "A"], [4, 4, 3, np.nan, 2, np.nan], [4, 4, 3, 2, 2, 1]
    )
    found = agreement(answers)
    teams = found.tidy().set_index("team_id")
    assert teams["n"].to_dict() == {"A": 2, "B": 1, "C": 0}
    assert teams["reason"].to_dict() == {
        "A": "",
        "B": "one person cannot agree or disagree",
        "C": "nobody answered every item",
    }
    assert teams.loc[["B", "C"], ["rwg_j", "ad_mean", "ad_median", "p_value"]].isna().all(axis=None)
    whole = found.glance().iloc[0]
    assert whole["n_without_team"] == 1
    assert whole["n_incomplete"] == 2
    assert (whole["n"], whole["n_teams"], whole["n_teams_left_out"]) == (2, 1, 2)


def test_nobody_at_all_gives_a_reason():
    for answers in (table("", []), table("AB", [np.nan, 2]), table([None], [3])):
        found = agreement(answers.astype({"t1": float}), null=NULLS, n_draws=10)
        assert "not available" in found.sentence()
        assert found.glance()["reason"].item() != ""


@pytest.mark.parametrize("name", PROPORTIONS)
def test_the_tabled_variance_of_five_answers_is_that_of_the_proportions(name):
    share, answer = np.array(PROPORTIONS[name]), np.arange(1, 6)
    assert share.sum() == pytest.approx(1)
    variance = (share * answer**2).sum() - (share * answer).sum() ** 2
    assert variance == pytest.approx(VARIANCES[name][0], abs=0.005)


def test_null_variances():
    assert null_variance("uniform", 7) == 4
    assert null_variance("moderate_skew", 7) == 2.14
    assert null_variance("heavy_skew", 11) == 4.02
    assert math.isnan(null_variance("normal", 4))
    assert math.isnan(null_variance("normal", 12))


def test_a_null_that_is_not_published_for_the_range_has_a_reason():
    found = agreement(table("AAB", [1, 1, 2]), response_range=(1, 4), null=("slight_skew",))
    row = found.tidy().iloc[0]
    assert row["reason"] == "no slight skew null is published for 4 answers"
    assert math.isnan(row["rwg_j"])
    assert row["ad_mean"] == 0
    assert "not available" in found.sentence()


ANSWERS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(1, 5), st.integers(1, 5)), min_size=1
)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_neither_order_nor_names_nor_direction_of_the_answers_matters(rows, random):
    answers = table(*zip(*rows, strict=True))
    found = agreement(answers).tidy().set_index("team_id")
    shuffled = answers.sample(frac=1, random_state=random.randrange(1000))
    turned = shuffled.assign(
        team_id=shuffled["team_id"].map({"A": "Z", "B": "Y", "C": "X"}),
        t1=6 - shuffled["t1"],
        t2=6 - shuffled["t2"],
    )
    again = agreement(turned[["team_id", "t2", "t1"]]).tidy().set_index("team_id")
    again.index = again.index.map({"Z": "A", "Y": "B", "X": "C"})
    numbers = ["n", "rwg_j", "rwg_j_truncated", "ad_mean", "ad_median"]
    np.testing.assert_allclose(
        found[numbers].astype(float), again.loc[found.index, numbers].astype(float), atol=1e-9
    )


@given(ANSWERS)
def test_bounds_of_the_indexes(rows):
    found = agreement(table(*zip(*rows, strict=True))).tidy()
    told = found[found["n"] > 1]
    assert told["rwg_j_truncated"].between(0, 1).all()
    assert (told["ad_median"] <= told["ad_mean"] + 1e-9).all()
    alike = told["item_variance"] == 0
    assert (told.loc[alike, "rwg_j"] == 1).all()


def test_the_p_of_a_pair_that_agrees_is_about_a_fifth():
    # two people who answer at random over five answers are alike with probability 1/5
    found = agreement(table("AA", [3, 3]), n_draws=20_000).tidy().iloc[0]
    assert found["p_value"] == pytest.approx(0.2, abs=0.01)
    assert math.isnan(found["rwg_j_critical"])


def test_the_p_of_three_that_agree_is_about_a_twenty_fifth_and_is_critical():
    found = agreement(table("AAABBB", [3, 3, 3, 1, 3, 5]), n_draws=20_000).tidy()
    assert found["p_value"].iloc[0] == pytest.approx(0.04, abs=0.005)
    assert found["rwg_j_critical"].iloc[0] == 1
    # variances of three answers reach 16/3 = (1, 1, 5); 4 is exceeded by the 3! / 2 * 2 = 6 orders
    # of 1 1 5 and 1 5 5 and equalled by 1 3 5 in 6; 4.33 by 1 2 5, 1 4 5 in 12: 1 - 18/125
    assert found["p_value"].iloc[1] == pytest.approx(1 - 18 / 125, abs=0.01)


def exact_tail(n, variance):
    """Return the chance that n answers, uniform over 1 to 5, have no larger variance."""
    found, answers = 0.0, np.arange(1, 6)
    for some in product(range(n + 1), repeat=4):
        counts = np.array([*some, n - sum(some)])
        if counts[-1] < 0:
            continue
        centre = counts @ answers / n
        if counts @ (answers - centre) ** 2 / (n - 1) <= variance + 1e-9:
            found += math.factorial(n) / math.prod(map(math.factorial, counts.tolist())) / 5**n
    return found


@pytest.mark.parametrize("given", [[3, 3, 3, 4, 4, 2, 5], [3, 4, 3, 4, 4, 4, 5, 3], [1, 5, 2, 4]])
def test_the_p_of_one_item_is_the_exact_one_up_to_simulation(given):
    found = agreement(table("A" * len(given), given), n_draws=20_000).tidy().iloc[0]
    # 20,000 draws: four standard errors of a share of one half are .014
    assert found["p_value"] == pytest.approx(
        exact_tail(len(given), found["item_variance"]), abs=0.014
    )


def test_a_skewed_null_is_simulated_in_its_own_proportions():
    # alike with probability .05^2 + .15^2 + .20^2 + .35^2 + .25^2 = .25
    found = agreement(table("AA", [3, 3]), null="slight_skew", n_draws=20_000).tidy()
    assert found["p_value"].item() == pytest.approx(0.25, abs=0.01)


def test_tail_and_critical_value_by_hand():
    drawn = np.array([0.1] * 2 + [0.2] * 3 + [0.5] * 94)
    assert lower_tail(0.05, drawn) == 1 / 100
    assert lower_tail(0.1, drawn) == 3 / 100
    assert lower_tail(0.2, drawn) == 6 / 100
    # .2 has p .06, .1 has p .03
    assert critical_variance(drawn) == 0.1
    assert math.isnan(critical_variance(np.full(99, 0.1)))


def test_the_same_seed_gives_the_same_numbers():
    answers = table("AAAABBBB", [1, 2, 2, 3, 4, 5, 5, 4], [1, 3, 2, 2, 4, 5, 4, 4])
    first, second = (agreement(answers, n_draws=500, rng=7).tidy() for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    other = agreement(answers, n_draws=500, rng=8).tidy()
    assert not first["p_value"].equals(other["p_value"])


def test_five_teams_are_too_few_for_a_percentile_bootstrap():
    rng, held = np.random.default_rng(3), {"t": 0, "bootstrap": 0}
    # Five values like rwg(j): 1 - gamma, mean .9, skewed to the left.
    for _ in range(300):
        teams = 1 - rng.gamma(2, 0.05, 5)
        half = 2.776 * teams.std(ddof=1) / math.sqrt(5)
        low, high = np.quantile(teams[rng.integers(0, 5, (400, 5))].mean(axis=1), [0.025, 0.975])
        held["t"] += abs(teams.mean() - 0.9) <= half
        held["bootstrap"] += low <= 0.9 <= high
    assert held["t"] / 300 > 0.86
    assert held["bootstrap"] / 300 < 0.84


def test_one_team_has_no_interval_for_the_mean_over_teams():
    said = agreement(table("AAA", [4, 4, 5]), null="uniform", n_draws=10).sentence()
    assert "uniform null (mean 0.83, no interval: one team has no interval). Median" in said
    assert "not available" not in said


def test_the_sentence_names_index_nulls_and_interval():
    answers = table("AABBCC", [4, 4, 4, 5, 2, 3], [5, 5, 4, 4, 2, 3])
    said = agreement(answers, null=("uniform", "slight_skew"), truncate=True).sentence()
    assert said.startswith(
        "In 3 teams with 6 people, median rwg(j) (cut at 0) was 0.93 against the "
    )
    assert "0.90 against the slight skew null; 100% of teams reached .70" in said
    assert "95% CI [" in said
    assert "(bound 0.83)" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"null": "flat"}, "No null distribution[\\s\\S]*'flat'"),
        ({"null": ["uniform", "uniform"]}, "named twice[\\s\\S]*'uniform'"),
        ({"null": []}, "Seen: none"),
        ({"response_range": (1, 4)}, "Answers to t1 lie outside[\\s\\S]*5"),
        ({"response_range": (1, 4.5)}, "whole steps[\\s\\S]*4.5"),
        ({"response_range": (5, 1)}, "whole steps[\\s\\S]*\\(5, 1\\)"),
        ({"team": "district"}, "No column names the team[\\s\\S]*'district'"),
        ({"items": ["faith"]}, "'faith'"),
        ({"conf_level": 95}, "confidence level[\\s\\S]*95"),
    ],
)
def test_what_is_wrong_is_named(options, message):
    with pytest.raises(ArgumentError, match=message):
        agreement(table("AAB", [4, 5, 3]), **options)


def test_several_waves_are_refused_as_people_would_agree_with_themselves():
    answers = table("AA", [4, 4]).assign(wave=["y1", "y2"])
    with pytest.raises(ArgumentError, match=r"several waves[\s\S]*'y1', 'y2'"):
        agreement(answers)


def test_sentences_have_no_holes():
    alone = agreement(table("AAA", [4, 4, 5])).sentence()
    assert "(mean 0.83, no interval: one team has no interval)" in alone
    # B: variance 4.5 of 2 items, q = 2.25 above J / (J - 1) = 2.
    broken = table("AACCBB", [4, 5, 4, 5, 1, 4], [4, 5, 4, 5, 1, 4])
    said = agreement(broken, truncate=False).sentence()
    assert "(no mean: 1 team too far above the null" in said
    assert "[not available" not in alone + said


@pytest.mark.parametrize("dtype", ["Int64", "category", "object", "str"])
def test_answers_of_other_types_are_read_and_checked(dtype):
    plain = table("AABB", [4, 5, 2, 4])
    typed = plain.assign(t1=plain["t1"].astype(dtype))
    pd.testing.assert_frame_equal(agreement(typed).tidy(), agreement(plain).tidy())
    with pytest.raises(ArgumentError, match=r"t1 lie outside the range[\s\S]*'5'"):
        agreement(typed, response_range=(1, 4))


@pytest.mark.parametrize(
    "limits", [(1, 3, 5), ("low", "high"), ("1", "5"), 5, (1, 1), (1, math.nan)]
)
def test_a_range_that_is_none_is_refused(limits):
    with pytest.raises(ArgumentError, match="whole steps"):
        agreement(table("AABB", [1, 1, 1, 1]), response_range=limits)
