"""Mixed models whose answers follow from sums of squares."""

import numpy as np
import pandas as pd
import pytest
from mixed_tables import balanced, three_levels
from scipy import stats

from cvln_eval.inference.mixed import likelihood_ratio_test, mixed_model, one_way_reml

# The search ends where the gradient vanishes to some eight digits.
SEARCHED = {"rtol": 1e-6}

# Means 1.5, 4.5, 7.5: between 2 (3^2 + 3^2) / 2 = 18, within 3 (1/2) / 3 = 1/2.
THREE_TEAMS = pd.DataFrame({"team_id": list("aabbcc"), "trust": [1.0, 2, 4, 5, 7, 8]})


def test_three_teams_of_two():
    found = mixed_model(THREE_TEAMS, formula="trust ~ 1", random={"team_id": "1"})
    row = found.tidy().iloc[0]
    # mean 4.5; its error sqrt(18 / 6); 3 - 1 degrees of freedom
    np.testing.assert_allclose(row["estimate"], 4.5, **SEARCHED)
    np.testing.assert_allclose(row["std_error"], np.sqrt(3), **SEARCHED)
    np.testing.assert_allclose(row["df"], 2, **SEARCHED)
    half = stats.t.ppf(0.975, 2) * np.sqrt(3)
    np.testing.assert_allclose(row["conf_low"], 4.5 - half, **SEARCHED)
    # (18 - 1/2) / 2 = 8.75 between teams, 1/2 within
    np.testing.assert_allclose(found.fit.covariances()[0], 8.75, **SEARCHED)
    np.testing.assert_allclose(found.fit.variance, 0.5, **SEARCHED)
    rows = found.variances().tidy().set_index(["grouping", "quantity"])["estimate"]
    np.testing.assert_allclose(rows["team_id", "icc"], 8.75 / 9.25, **SEARCHED)
    np.testing.assert_allclose(rows["team_id", "sd"], np.sqrt(8.75), **SEARCHED)
    # each mean is drawn to 4.5 by 8.75 / (8.75 + 1/4) = 35/36: 3 * 35/36
    effects = found.random_effects().set_index("grouping_level")
    np.testing.assert_allclose(effects.loc["a", "estimate"], -3 * 35 / 36, **SEARCHED)
    # given the mean, 8.75 (1 - 35/36); not given, the team's share of the mean's variance more:
    # 8.75 / 36 + (35/36)^2 * 3
    np.testing.assert_allclose(effects["sd_conditional"] ** 2, 8.75 / 36, **SEARCHED)
    in_all = 8.75 / 36 + (35 / 36) ** 2 * 3
    np.testing.assert_allclose(effects["std_error"] ** 2, in_all, **SEARCHED)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_balanced_one_way_layout_has_the_anova_estimates(seed, df):
    table = balanced(seed)
    means = table.groupby("team_id")["trust"].mean()
    between = 5 * means.var(ddof=1)
    within = table.groupby("team_id")["trust"].var(ddof=1).mean()
    assert between > within
    found = mixed_model(table, formula="trust ~ 1", random={"team_id": "1"}, df=df)
    np.testing.assert_allclose(found.fit.variance, within, **SEARCHED)
    np.testing.assert_allclose(found.fit.covariances()[0], (between - within) / 5, **SEARCHED)
    row = found.tidy().iloc[0]
    np.testing.assert_allclose(row["estimate"], means.mean(), **SEARCHED)
    np.testing.assert_allclose(row["std_error"], np.sqrt(between / 30), **SEARCHED)
    np.testing.assert_allclose(row["df"], 5, **SEARCHED)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
def test_two_occasions_with_a_random_intercept_are_the_paired_t_test(df):
    rng = np.random.default_rng(4)
    before = rng.normal(3, 1, 12)
    after = before + rng.normal(0.4, 0.5, 12)
    table = pd.DataFrame({"person_id": [f"p{i}" for i in range(12)] * 2})
    table["time"], table["trust"] = np.repeat([0, 1], 12), np.concatenate([before, after])
    found = mixed_model(table, formula="trust ~ time", random={"person_id": "1"}, df=df)
    row = found.tidy().set_index("term").loc["time"]
    paired = stats.ttest_rel(after, before)
    np.testing.assert_allclose(
        [row["statistic"], row["df"], row["p_value"]],
        [paired.statistic, 11, paired.pvalue],
        **SEARCHED,
    )


def test_a_difference_between_teams_has_the_degrees_of_freedom_of_their_means():
    table = balanced(5)
    table["treat"] = (table["team_id"] < "t2").astype(float)
    found = mixed_model(table, formula="trust ~ treat", random={"team_id": "1"}).tidy()
    means = table.groupby("team_id")[["trust", "treat"]].mean()
    t_test = stats.ttest_ind(*(part["trust"] for _, part in means.groupby("treat")))
    row = found.set_index("term").loc["treat"]
    np.testing.assert_allclose(row["df"], 4, **SEARCHED)
    np.testing.assert_allclose(row["p_value"], t_test.pvalue, **SEARCHED)


def test_a_balanced_joint_test_is_the_f_test_of_the_anova():
    # occasions within people: F = mean square of occasions / of the interaction, 2 and 18 df
    rng = np.random.default_rng(6)
    values = rng.normal(3, 1, 10)[:, None] + [0, 0.3, 0.6] + rng.normal(0, 0.5, (10, 3))
    table = pd.DataFrame({"trust": values.ravel(), "wave": ["a", "b", "c"] * 10})
    table["person_id"] = np.repeat([f"p{i}" for i in range(10)], 3)
    rest = values - values.mean(0) - values.mean(1)[:, None] + values.mean()
    occasions = 10 * values.mean(0).var(ddof=1)
    by_hand = occasions / ((rest**2).sum() / 18)
    for df in ("satterthwaite", "kenward-roger"):
        found = mixed_model(table, formula="trust ~ wave", random={"person_id": "1"}, df=df)
        row = found.test(list(found.design.terms[1:])).tidy().iloc[0]
        np.testing.assert_allclose(row["statistic"], by_hand, **SEARCHED)
        np.testing.assert_allclose([row["df1"], row["df2"]], [2, 18], **SEARCHED)
        np.testing.assert_allclose(row["p_value"], stats.f.sf(by_hand, 2, 18), rtol=1e-5)


def test_many_outcomes_at_once_have_the_anova_estimates_or_none_between():
    table = balanced(1)
    values = np.column_stack([table["trust"], np.tile([1.0, 2, 3, 4, 6], 6)])
    found = one_way_reml(values, np.ones((30, 1)), pd.factorize(table["team_id"])[0])
    means = table.groupby("team_id")["trust"].mean()
    np.testing.assert_allclose(found.std_error[0], np.sqrt(means.var(ddof=1) / 6), **SEARCHED)
    np.testing.assert_allclose(found.df[:, 0], [5, 29], **SEARCHED)
    # all teams alike: nothing between them, and the residual variance is 6 * 14.8 / 29
    np.testing.assert_allclose(found.variance_between[1], 0)
    np.testing.assert_allclose(found.variance_residual[1], 6 * 14.8 / 29, **SEARCHED)


def test_sentences_name_terms_in_words():
    table = three_levels(seed=1).rename(columns={"hours": "hours of visits"})
    table["late"] = table["time"] > 1
    formula = "trust ~ late + Q('hours of visits')"
    found = mixed_model(table, formula=formula, random={"team_id": "1"})
    assert ": late b = " in found.sentence()
    assert "; hours of visits b = " in found.sentence()
    joint = found.test(["late[T.True]", "Q('hours of visits')"])
    assert "that late = 0 and hours of visits = 0 gave" in joint.sentence()
    less = mixed_model(table, formula="trust ~ late", random={"team_id": "1"})
    ratio = likelihood_ratio_test(found, smaller=less)
    assert "that hours of visits = 0 gave" in ratio.sentence()
    assert joint.tidy()["term"].item() == "late[T.True], Q('hours of visits')"
