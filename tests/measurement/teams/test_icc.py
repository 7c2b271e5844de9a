"""ICC(1) and ICC(2): by hand, by law, recovery of known variances, and what cannot be had."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.teams import icc_aggregation
from cvln_eval.measurement.teams.components import one_way, typical_size, wald_interval

NETWORK = np.array([7, 8, 8, 9, 9])


def table(teams, *columns):
    return pd.DataFrame({"team_id": list(teams), **{f"t{i}": c for i, c in enumerate(columns, 1)}})


def simulated(rng, ratio, sizes=NETWORK):
    """Return scores with a given ratio of the variances between and within teams."""
    level = rng.normal(0, math.sqrt(ratio), len(sizes))
    return (np.repeat(level, sizes) + rng.normal(size=sizes.sum()))[:, None]


def test_two_teams_of_unequal_size_by_hand():
    # A 1 2 3, B 5 7: means 2 and 6, grand 3.6; SSB 3 (1.6)^2 + 2 (2.4)^2 = 19.2, df 1
    # SSW 2 + 2 = 4, df 3; n0 = 5 - 13 / 5 = 2.4
    found = icc_aggregation(table("AAABB", [1, 2, 3, 5, 7]), items=["t1"])
    row = found.glance().iloc[0]
    between, within, n0 = 19.2, 4 / 3, 2.4
    assert row["n_typical"] == pytest.approx(n0)
    assert row["statistic"] == pytest.approx(between / within)
    assert (row["df1"], row["df2"]) == (1, 3)
    assert row["p_value"] == pytest.approx(stats.f.sf(14.4, 1, 3))
    assert row["icc_1"] == pytest.approx((between - within) / (between + 1.4 * within))
    assert row["icc_2"] == pytest.approx((between - within) / between)


def test_icc_2_is_icc_1_stepped_up_to_the_typical_size():
    answers = table("AAABBCCCC", [1, 2, 3, 5, 7, 3, 3, 4, 2])
    row = icc_aggregation(answers, items=["t1"]).glance().iloc[0]
    for end in ("", "_low", "_high"):
        one, size = row[f"icc_1{end}"], row["n_typical"]
        assert row[f"icc_2{end}"] == pytest.approx(size * one / (1 + (size - 1) * one))


def test_a_negative_icc_1_is_reported_as_such():
    # both teams have the mean 3 but for a tenth: between nearly 0
    found = icc_aggregation(table("AAABBB", [1, 3, 5, 1, 3, 5.3]), items=["t1"])
    row = found.glance().iloc[0]
    assert row["icc_1"] < 0
    assert row["icc_1_low"] <= row["icc_1"] <= row["icc_1_high"]
    assert "less alike within teams" in found.sentence()


def test_the_scale_score_is_the_mean_of_the_items_and_each_item_has_its_own_n():
    answers = table("AAABBB", [1, 2, 3, 5, 7, 6], [2, 2, np.nan, 4, 5, 6])
    found = icc_aggregation(answers, items=["t1", "t2"]).tidy()
    assert found["item"].unique().tolist() == ["scale score", "t1", "t2"]
    assert found.groupby("item", sort=False)["n"].first().tolist() == [5, 6, 5]
    score = answers.dropna().assign(t1=lambda rows: rows[["t1", "t2"]].mean(axis=1))
    alone = icc_aggregation(score, items=["t1"]).tidy()
    np.testing.assert_allclose(found["estimate"][:2], alone["estimate"])


def test_shifting_and_scaling_and_reordering_change_nothing():
    answers = table("AAABBCC", [1, 2, 3, 5, 7, 4, 4])
    other = answers.assign(t1=10 - 3 * answers["t1"]).sample(frac=1, random_state=1)
    columns = ["estimate", "conf_low", "conf_high", "statistic", "p_value"]
    np.testing.assert_allclose(
        icc_aggregation(answers, items=["t1"]).tidy()[columns],
        icc_aggregation(other, items=["t1"]).tidy()[columns],
        rtol=1e-8,
    )


def test_the_interval_excludes_0_just_when_the_one_sided_test_does():
    for seed in range(40):
        values = simulated(np.random.default_rng(seed), 0.3)
        answers = pd.DataFrame({"team_id": np.repeat(list("ABCDE"), NETWORK), "t": values[:, 0]})
        row = icc_aggregation(answers, items=["t"]).glance().iloc[0]
        assert (row["icc_1_low"] > 0) == (row["p_value"] < 0.025)


def test_the_bounds_solve_walds_equation_written_with_matrices():
    sizes = np.array([3, 5, 10])
    values = simulated(np.random.default_rng(4), 1.0, sizes)
    found = one_way(values, sizes)
    quantiles = stats.f.ppf([0.975, 0.025], *found.df)
    team = np.repeat(np.eye(3), sizes, axis=0)
    for ratio, quantile in zip(wald_interval(found, 0.95), quantiles, strict=True):
        # generalised least squares of a common mean under I + ratio Z Z', minus the part within
        inverse = np.linalg.inv(np.eye(18) + ratio * team @ team.T)
        centre = inverse.sum(axis=0) @ values[:, 0] / inverse.sum()
        apart = values[:, 0] - centre
        between = apart @ inverse @ apart - found.df[1] * found.within
        assert between / found.df[0] / found.within == pytest.approx(quantile)


def test_coverage_and_bias_at_41_people_in_five_teams():
    rng, draws, ratio = np.random.default_rng(11), 400, 0.25
    held, estimates = 0, []
    for _ in range(draws):
        found = one_way(simulated(rng, ratio), NETWORK)
        low, high = wald_interval(found, 0.95)
        held += low <= ratio <= high
        estimates.append((found.between - found.within) / typical_size(NETWORK) / found.within)
    # exact: 400 draws have a standard error of .011; the ratio is unbiased but for 36 / 34
    assert abs(held / draws - 0.95) < 0.035
    assert np.mean(estimates) == pytest.approx(ratio, abs=0.05)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (table("AAA", [1, 2, 3]), "fewer than two teams"),
        (table("", []), "fewer than two teams"),
        (table("ABC", [1, 2, 3]), "no team has two people"),
        (table("AABB", [2, 2, 2, 2]), "everybody answered alike"),
        (table("AABB", [2, 2, 3, 3]), "no variance within teams"),
        (table("AB", [np.nan, np.nan]), "nobody in a team answered every item"),
    ],
)
def test_what_cannot_be_had_has_a_reason(answers, reason):
    found = icc_aggregation(answers.astype({"t1": float}), items=["t1"])
    assert found.tidy()["reason"].tolist() == [reason, reason]
    assert found.tidy()[["estimate", "conf_low", "statistic", "p_value"]].isna().all(axis=None)
    assert reason in found.sentence()


def test_one_team_that_answers_alike_leaves_the_rest():
    # means 2 and 2.5, grand 2.25; SSB 4 (.25)^2 = .25; SSW 0 + 4.5, df 2; n0 = 2
    row = icc_aggregation(table("AABB", [2, 2, 1, 4]), items=["t1"]).glance().iloc[0]
    assert row["icc_1"] == pytest.approx((0.25 - 2.25) / (0.25 + 2.25))
    assert row["reason"] == ""


def test_equal_means_leave_icc_2_without_a_value():
    result = icc_aggregation(table("AAABBB", [1, 3, 5, 2, 3, 4]), items=["t1"])
    found = result.tidy()
    assert result.glance()["reason"].item() == "all teams have the same mean"
    # MSB 0: ICC(1) = -1 / (3 - 1)
    assert found["estimate"].iloc[0] == pytest.approx(-0.5)
    assert math.isnan(found["estimate"].iloc[1])
    assert found["reason"].tolist() == ["", "all teams have the same mean"]


def test_no_bound_crosses_its_estimate_where_the_largest_team_sets_the_floor():
    sizes = np.array([2, 2, 12])
    for seed in range(30):
        values = simulated(np.random.default_rng(seed), 0.0, sizes)[:, 0]
        answers = pd.DataFrame({"team_id": np.repeat(list("ABC"), sizes), "t": values})
        row = icc_aggregation(answers, items=["t"]).glance().iloc[0]
        assert row["icc_1_low"] <= row["icc_1"] <= row["icc_1_high"], seed
        assert row["icc_2_low"] <= row["icc_2"] <= row["icc_2_high"], seed


def test_people_left_out_are_counted():
    answers = table(["A", "A", "B", "B", None, "B"], [1, 2, 3, 4, 5, np.nan])
    row = icc_aggregation(answers, items=["t1"]).glance().iloc[0]
    assert (row["n"], row["n_without_team"], row["n_incomplete"]) == (4, 1, 1)


def test_what_is_wrong_is_named():
    with pytest.raises(ArgumentError, match="'faith'"):
        icc_aggregation(table("AAB", [1, 2, 3]), items=["faith"])
    with pytest.raises(ArgumentError, match="confidence level"):
        icc_aggregation(table("AAB", [1, 2, 3]), items=["t1"], conf_level=1)


def test_the_sentence_has_both_coefficients_and_the_test():
    said = icc_aggregation(table("AAABB", [1, 2, 3, 5, 7]), items=["t1"]).sentence()
    assert said.startswith("In 2 teams with 5 people, ICC(1) was 0.85 (95% CI [")
    assert said.endswith("F(1, 3) = 14.40, p = .032.")


def test_icc_2_of_few_teams_is_too_low_by_what_the_docstring_says():
    # Five teams of 8, ICC(1) = .2: rho = 8 (.25) / (1 + 8 (.25)) = 2/3, mean rho - 2 (1 - rho) / 2.
    rng = np.random.default_rng(7)
    sizes = np.full(5, 8)
    tables = [one_way(simulated(rng, 0.25, sizes), sizes) for _ in range(4000)]
    found = np.array([1 - table.within / table.between for table in tables])
    assert np.median(found) == pytest.approx(1 - (1 / 3) / stats.f(4, 35).median(), abs=0.02)
    # 1 - (1 - rho) / F: the mean of 1 / F with 4 and 35 df is 4 / (4 - 2), and 1 / 3 comes out.
    mean = 1 - (1 / 3) * stats.f(35, 4).mean()
    assert mean == pytest.approx(2 / 3 - 2 * (1 / 3) / (5 - 3))


def test_a_negative_icc_2_is_said_to_be_no_reliability():
    found = icc_aggregation(table("AAABBB", [1, 3, 5, 2, 3, 5]), items=["t1"])
    assert found.glance()["icc_2"].item() < 0
    assert ", below 0 and so no reliability (95% CI" in found.sentence()


def test_teams_with_one_mean_have_a_sentence_without_holes():
    said = icc_aggregation(table("AAABBB", [1, 3, 5, 1, 3, 5]), items=["t1"]).sentence()
    assert "ICC(2) is not available (all teams have the same mean)" in said
    assert "[not available" not in said


def test_a_person_twice_is_refused():
    people = table("AAABBB", [1, 3, 5, 1, 3, 4]).assign(person_id=list("abcdea"))
    with pytest.raises(ArgumentError, match=r"A person has several rows[\s\S]*'a'"):
        icc_aggregation(people, items=["t1"])
    unnamed = people.assign(person_id=["a", "b", "c", "d", "e", None])
    with pytest.raises(ArgumentError, match="does not say which person"):
        icc_aggregation(unnamed, items=["t1"])
