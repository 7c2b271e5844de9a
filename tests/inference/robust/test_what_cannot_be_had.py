"""Designs that carry no test, and arguments that are none."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.robust import cluster_robust

KINDS = ["CR0", "CR1", "CR1S", "CR2", "CR3", "jackknife"]
TESTED = ["std_error", "statistic", "df", "p_value", "smallest_p", "conf_low", "conf_high"]
TABLE = pd.DataFrame(
    {
        "y": [1.0, 2.5, 3.0, 4.5, 5.0, 7.0, 6.5, 8.0],
        "x": [1.0, 2.0, 3.0, 4.0, 6.0, 5.0, 9.0, 7.0],
        "treated": [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        "team_id": list("aabbccdd"),
    }
)


def rows(table=TABLE, **given):
    return cluster_robust(table, **given).tidy().set_index("term")


@pytest.mark.parametrize("kind", KINDS)
def test_the_one_treated_team_has_an_estimate_and_no_test(kind):
    found = rows(formula="y ~ treated", kind=kind)
    assert found.loc["treated", "estimate"] == pytest.approx(1.75 - 34 / 6)
    assert found.loc["treated", TESTED].isna().all()
    assert "without cluster 'a'" in found.loc["treated", "reason"]
    assert found.loc["Intercept", TESTED].notna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_dummies_of_teams_have_no_test_and_leave_the_slope_its_own(kind):
    found = rows(formula="y ~ C(team_id) + x", kind=kind)
    assert found.loc["C(team_id)[T.b]", "reason"].count("'a', 'b'") == 1
    assert found.loc["x", "reason"] == ""
    expected = rows(formula="y ~ x", absorb="team_id", kind=kind).loc["x", "std_error"]
    assert found.loc["x", "std_error"] == pytest.approx(expected, rel=1e-9)


def test_a_difference_of_two_teams_has_no_test_and_a_sum_of_other_terms_has():
    model = cluster_robust(TABLE, formula="y ~ treated + x")
    assert "'a'" in model.contrast({"treated": 1, "x": 2}).tidy()["reason"].item()
    assert model.contrast({"Intercept": 1, "x": 2}).tidy()["reason"].item() == ""
    joint = model.test(["treated", "x"])
    assert "'a'" in joint.tidy()["reason"].item()
    assert joint.tidy()[["statistic", "df2", "p_value", "smallest_p"]].isna().all(axis=None)
    assert "not available" in joint.sentence()


def test_one_cluster_has_no_test():
    found = rows(TABLE.iloc[:2], formula="y ~ 1").loc["Intercept"]
    assert found["estimate"] == pytest.approx(1.75)
    assert found[TESTED].isna().all()
    assert found["reason"] == "fewer than two clusters"


def test_two_clusters_have_one_degree_of_freedom():
    found = rows(TABLE.iloc[:4], formula="y ~ 1").loc["Intercept"]
    # means 1.75 and 3.75: standard error of their mean sqrt(2 / 2) = 1, df 1
    assert (found["std_error"], found["df"]) == (pytest.approx(1), pytest.approx(1))
    assert "df below 4" in found["warning"]


@pytest.mark.parametrize("table", [TABLE.iloc[:0], TABLE.assign(y=np.nan)])
def test_without_a_complete_row_there_are_no_terms(table):
    found = cluster_robust(table, formula="y ~ x")
    assert found.tidy().empty
    assert found.glance()["reason"].item() == "no complete row"
    assert found.glance()["n_left_out"].item() == len(table)
    assert "no complete row" in found.sentence()
    joint, contrast = found.test(["x", "z"]), found.contrast({"x": 1.0})
    assert joint.sentence() == "A joint test of x, z is not available: no complete row."
    for row in (joint.tidy().iloc[0], contrast.tidy().iloc[0]):
        assert row["reason"] == "no complete row"
        assert np.isnan(row["p_value"])
    assert np.isnan(contrast.tidy()["estimate"].item())


def test_a_model_of_absorbed_effects_alone_says_so():
    found = cluster_robust(TABLE, formula="y ~ 1", absorb="team_id")
    assert "no term beside" in found.glance()["reason"].item()
    assert "no term beside" in found.sentence()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("table", "formula"),
    [
        (TABLE.assign(y=2 * TABLE["x"] - 1), "y ~ x"),
        (TABLE.assign(y=3.3), "y ~ x"),
        (TABLE.iloc[::2], "y ~ C(x)"),
    ],
    ids=["exact", "constant", "saturated"],
)
def test_a_fit_without_residuals_has_no_test(kind, table, formula):
    found = rows(table, formula=formula, kind=kind)
    assert (found["reason"] == "the model fits every row exactly").all()
    assert found[TESTED].isna().all(axis=None)


def test_clusters_that_do_not_differ_have_no_standard_error_of_0():
    found = rows(TABLE.assign(y=[0.1, 0.3] * 4), formula="y ~ 1").loc["Intercept"]
    assert "do not differ" in found["reason"]
    assert np.isnan(found["std_error"])


def test_a_term_that_repeats_others_has_no_estimate_and_changes_nothing():
    table = TABLE.assign(again=3 * TABLE["x"] + 2)
    found, expected = rows(table, formula="y ~ x + again"), rows(formula="y ~ x")
    assert np.isnan(found.loc["again", "estimate"])
    assert "cannot be told apart" in found.loc["again", "reason"]
    pd.testing.assert_frame_equal(found.loc[["Intercept", "x"]], expected)


def test_more_columns_than_rows_are_told_apart_as_far_as_they_can_be():
    wide = TABLE.iloc[[0, 2, 4]].assign(v=[1.0, 5.0, 2.0], w=[2.0, 2.0, 9.0])
    found = rows(wide, formula="y ~ x + v + w")
    assert found["estimate"].notna().tolist() == [True, True, True, False]


def test_a_regressor_of_tiny_values_is_kept():
    found = rows(TABLE.assign(x=1e-12 * TABLE["x"]), formula="y ~ x").loc["x"]
    expected = rows(formula="y ~ x").loc["x"]
    assert found["estimate"] == pytest.approx(1e12 * expected["estimate"])
    assert found["df"] == pytest.approx(expected["df"])


def test_too_many_terms_for_a_joint_test():
    found = cluster_robust(TABLE, formula="y ~ C(team_id) + x", kind="CR2")
    assert found.test(["x"]).tidy()["reason"].item() == ""
    rng = np.random.default_rng(1)
    wide = pd.DataFrame(rng.normal(size=(30, 5)), columns=list("vwxyz"))
    wide["team_id"] = np.repeat(list("abc"), 10)
    model = cluster_robust(wide, formula="y ~ v + w + x + z")
    joint = model.test(["v", "w", "x", "z"]).tidy().iloc[0]
    assert joint["reason"] == "3 clusters cannot bear a joint test of 4 terms"
    assert np.isnan(joint["p_value"])


def test_a_joint_test_with_less_than_no_denominator_df():
    # eta is 1.88, so that eta - q + 1 is below 0 although the variance of the three has an inverse
    rng = np.random.default_rng(23)
    n_clusters = rng.integers(4, 7)
    codes = np.repeat(np.arange(n_clusters), rng.integers(1, 12, n_clusters))
    table = pd.DataFrame(rng.normal(size=(len(codes), 4)), columns=list("vxyz"))
    table = table.assign(team_id=codes, v=rng.normal(size=n_clusters)[codes])
    table["x"] = rng.normal(size=n_clusters)[codes]
    joint = cluster_robust(table, formula="y ~ v + x + z").test(["v", "x", "z"])
    assert joint.tidy()["reason"].item() == "4 clusters cannot bear a joint test of 3 terms"
    assert joint.tidy()[["statistic", "df2", "p_value"]].isna().all(axis=None)


def test_few_denominator_df_of_a_joint_test_are_told():
    joint = cluster_robust(TABLE.iloc[[0, 2, 3, 4, 5, 6, 7]], formula="y ~ x").test("x")
    assert "denominator df below 4" in joint.tidy()["warning"].item()
    assert "denominator df below 4" in joint.sentence()


def test_rows_left_out_are_counted():
    table = TABLE.assign(x=TABLE["x"].where(TABLE.index != 3))
    found = cluster_robust(table, formula="y ~ x")
    assert found.glance()[["n", "n_left_out"]].iloc[0].tolist() == [7, 1]


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"kind": "CRV3"}, "'CRV3'"),
        ({"conf_level": 95}, "95"),
        ({"cluster": "district"}, "district"),
    ],
)
def test_an_argument_that_is_none_is_refused(given, seen):
    with pytest.raises(ArgumentError, match=seen):
        cluster_robust(TABLE, formula="y ~ x", **given)


def test_a_test_of_what_is_no_term_is_refused():
    model = cluster_robust(TABLE, formula="y ~ x")
    with pytest.raises(ArgumentError, match="'visits'"):
        model.test(["x", "visits"])
    with pytest.raises(ArgumentError, match="'visits'"):
        model.contrast({"visits": 1})
    with pytest.raises(ArgumentError, match="terms of the model"):
        model.test([])
    with pytest.raises(ArgumentError, match=r"weights of 0"):
        model.contrast({"x": 0})
    with pytest.raises(ArgumentError, match="nan"):
        model.contrast({"x": np.nan})


def test_the_sentence_names_few_df_and_leaves_the_rest_to_the_table():
    found = cluster_robust(TABLE, formula="y ~ x")
    assert found.sentence() == (
        "In 8 rows of 4 clusters, for y: x b = 0.78 (95% CI [-0.18, 1.75]), t(1.5) = 4.69, "
        "p = .068 (CR2 standard errors, Satterthwaite df, clusters by team_id). With df below 4 "
        "the t approximation is poor (Tipton, 2015): do not rest a conclusion on the test alone."
    )
    many = cluster_robust(TABLE, formula="y ~ C(x)")
    assert "; 2 more terms in the table" in many.sentence()


def test_the_sentence_names_terms_and_levels_in_words():
    table = TABLE.rename(columns={"x": "trust score"}).assign(late=TABLE["x"] > 1)
    found = cluster_robust(table, formula="y ~ Q('trust score') + late", conf_level=0.999)
    assert found.terms == ("Intercept", "late[T.True]", "Q('trust score')")
    assert "Q(" not in found.sentence()
    assert "late b = " in found.sentence()
    assert "trust score b = " in found.sentence()
    assert "99.9% CI" in found.sentence()


@pytest.mark.parametrize(
    ("weights", "null_value", "seen"),
    [
        ({"x": "a"}, 0.0, "'a'"),
        ({"x": np.nan}, 0.0, "nan"),
        ({"x": 1}, np.inf, "inf"),
        (3, "b", "'b'"),
    ],
)
def test_a_contrast_of_what_is_no_number_is_refused(weights, null_value, seen):
    found = cluster_robust(TABLE, formula="y ~ x")
    with pytest.raises(ArgumentError, match=f"value under the null(?s:.)*{seen}"):
        found.contrast(weights, null_value=null_value)


def test_a_test_of_no_term_says_so():
    with pytest.raises(ArgumentError, match="Seen: no term"):
        cluster_robust(TABLE, formula="y ~ x").test([])
    with pytest.raises(ArgumentError, match="Seen: weights of 0"):
        cluster_robust(TABLE, formula="y ~ x").contrast({"x": 0.0})
