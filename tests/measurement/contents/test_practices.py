"""The same practices in two groups: by hand, against R's paired t test, laws, failures."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.practices import practice_consistency
from cvln_eval.measurement.holm import holm_adjusted

# A few dozen doubles summed in another order, and R's own quantile of t.
SAME_TEST = 1e-9
# Coverage of a 95% t interval in 120 simulated groups: three standard errors are 0.06.
COVERAGE = 0.89
GROUPS = {"grade 3": ["a1", "a2", "a3"], "grade 9": ["b1", "b2", "b3"]}
NAMES = {"labels": ["talk", "visit", "plan"], "response_range": (1, 5)}
FIVE = pd.DataFrame(
    {
        "person_id": list("abcde"),
        "team_id": ["S", "S", "T", "T", "T"],
        "a1": [4, 5, 3, np.nan, np.nan],
        "a2": [2, 3, 4, np.nan, np.nan],
        "a3": [1, 4, 4, np.nan, np.nan],
        "b1": [4, 3, np.nan, 2, np.nan],
        "b2": [4, 3, np.nan, 2, np.nan],
        "b3": [3, np.nan, np.nan, 5, np.nan],
    }
)


def compared(table=FIVE, **options):
    return practice_consistency(table, **{"groups": GROUPS, **NAMES, **options})


def test_people_are_told_apart_by_what_they_know():
    people = compared().people().set_index("person_id")
    assert people["knows"].tolist() == ["both", "both", "first only", "second only", "neither"]
    # a: differences 0 2 2 of a scale of 4: 1 - (4 / 3) / 4. b: 2 and 0: 1 - 1 / 4.
    assert people.loc["a", "consistency"] == pytest.approx(1 - 4 / 12)
    assert people.loc["b", "consistency"] == 0.75
    assert people.loc["b", "reason"] == "fewer than three practices for a correlation"
    # a: profiles 4 2 1 and 4 4 3: deviations 5 -1 -4 and 1 1 -2 (thirds): 12 / sqrt(42 * 6).
    assert people.loc["a", "profile_r"] == pytest.approx(12 / np.sqrt(42 * 6))


def test_means_over_everybody_and_over_pairs_are_kept_apart():
    table = compared().tidy().set_index("practice")
    row = table.loc["talk"]
    assert (row["n_in_first"], row["mean_first"]) == (3, 4.0)
    assert (row["n_in_second"], row["mean_second"]) == (3, 3.0)
    assert (row["n"], row["mean_first_paired"], row["mean_second_paired"]) == (2, 4.5, 3.5)
    assert row["difference"] == 1.0
    assert table.loc["plan", "reason"] == "one person only"
    assert np.isnan(table.loc["plan", "conf_low"])


def test_teams_stand_beside_the_whole():
    teams = compared(team="team_id").by_team().set_index("team_id")
    assert teams["n"].to_dict() == {"all": 2, "S": 2, "T": 0}
    assert teams["n_one_group"].to_dict() == {"all": 2, "S": 0, "T": 2}
    assert teams.loc["S", "consistency"] == pytest.approx((1 - 1 / 3 + 0.75) / 2)
    assert teams.loc["T", "reason"] == "nobody knows both"
    assert teams.loc["S", "conf_high"] <= 1.0


def test_the_glance_accounts_for_everybody():
    row = compared().glance().iloc[0]
    parts = ["n_both", "n_first_only", "n_second_only", "n_neither"]
    assert row[parts].tolist() == [2, 1, 1, 1]
    assert row[parts].sum() == row["n_persons"]


def test_differences_are_those_of_rs_paired_t_test(reference):
    """R: `t.test(a, b, paired = TRUE)`."""
    table, expected = reference("practices")
    names = ["talk", "visit", "plan"]
    groups = {"a": [f"a_{n}" for n in names], "b": [f"b_{n}" for n in names]}
    found = practice_consistency(table, groups=groups, labels=names, response_range=(1, 5)).tidy()
    for row in found.to_dict("records"):
        at = row["practice"]
        for what, column in (
            ("difference", "difference"),
            ("conf_low", "conf_low"),
            ("conf_high", "conf_high"),
            ("t_p", "p_value"),
        ):
            assert row[column] == pytest.approx(expected[what, at], abs=SAME_TEST), (at, what)
    # Holm: the smallest of three p values times three.
    assert found["p_adjusted"].min() == pytest.approx(3 * found["p_value"].min())


def test_an_adjusted_p_value_is_never_below_that_of_a_smaller_one():
    # 3 * .01, 2 * .02, 1 * .021: the last would fall below the second.
    found = holm_adjusted(pd.Series([0.021, np.nan, 0.01, 0.02]))
    assert found.tolist() == pytest.approx([0.04, np.nan, 0.03, 0.04], nan_ok=True)


def test_groups_that_are_the_same_are_wholly_consistent():
    rows = FIVE.assign(b1=FIVE["a1"], b2=FIVE["a2"], b3=FIVE["a3"])
    found = compared(rows)
    assert found.people()["consistency"].dropna().tolist() == [1.0] * 3
    assert found.tidy()["difference"].tolist() == [0.0] * 3
    assert set(found.tidy()["reason"]) == {"no interval: all values are alike"}


def test_swapping_the_groups_turns_the_sign_and_nothing_else(reference):
    table, _ = reference("practices")
    groups = {g: [f"{g}_{n}" for n in ("talk", "visit", "plan")] for g in ("a", "b")}
    one, other = (
        practice_consistency(table, groups=g, response_range=(1, 5), labels=list("xyz"))
        for g in (groups, dict(reversed(groups.items())))
    )
    np.testing.assert_allclose(one.tidy()["difference"], -other.tidy()["difference"])
    np.testing.assert_allclose(one.tidy()["p_value"], other.tidy()["p_value"])
    np.testing.assert_allclose(one.people()["consistency"], other.people()["consistency"])


def test_the_interval_covers_the_true_difference():
    rng, held = np.random.default_rng(7), []
    for _ in range(120):
        first, second = 3.5 + rng.normal(size=14), 2.5 + rng.normal(size=14)
        rows = pd.DataFrame({"person_id": range(14), "a": first, "b": second})
        groups = {"x": ["a"], "y": ["b"]}
        row = practice_consistency(rows, groups=groups, response_range=(-5, 9)).tidy().iloc[0]
        held.append(row["conf_low"] <= 1.0 <= row["conf_high"])
    assert np.mean(held) > COVERAGE


def test_nobody_who_knows_both_is_a_reason_and_no_crash():
    found = compared(FIVE[FIVE["person_id"].isin(["c", "d"])])
    assert found.tidy()["reason"].tolist() == ["nobody knows both"] * 3
    assert "consistency is not available: nobody knows both" in found.sentence()


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (FIVE, {"groups": {"grade 3": ["a1"]}}, "grade 3: 1"),
        (FIVE, {"groups": {"x": ["a1"], "y": ["b1", "b2"]}}, "y: 2"),
        (FIVE, {"groups": {"x": ["a1", "a2", "a3"], "y": ["a1", "b2", "b3"]}}, "'a1'"),
        (FIVE, {"labels": ["talk", "talk", "plan"]}, "'talk'"),
        (FIVE.assign(a1=8), {}, "8"),
        (FIVE.assign(person_id="p"), {}, "p"),
        (FIVE, {"team": "school"}, "'school'"),
        (FIVE.drop(columns="b3"), {}, "'b3'"),
    ],
)
def test_what_is_wrong_is_named(table, options, message):
    with pytest.raises(ArgumentError, match=message):
        compared(table, **options)


def test_the_sentence_says_who_it_rests_on():
    said = compared().sentence()
    assert said.startswith(
        "Of 5 people, 2 know both groups, 1 only grade 3, 1 only grade 9, 1 neither. Consistency "
        "was 0.71, 95% CI ["
    )
