"""Pooling over imputations: by hand, against mice and mitml, by law, by failure."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing import pool, pool_results, pool_test

REFERENCE = Path(__file__).parents[2] / "reference" / "missing"
# The same sums in double precision; R's values are written with 15 digits.
EXACT = 1e-10
# `testConstraints` differentiates the constraints numerically; `testModels` does not.
DERIVED = 1e-7

FIELDS = {
    "qbar": "estimate",
    "ubar": "within_variance",
    "b": "between_variance",
    "df": "df",
    "r": "relative_increase",
    "fmi": "missing_information",
}
POOLED = {
    "estimate": "estimate",
    "std.error": "std_error",
    "statistic": "statistic",
    "df": "df",
    "p.value": "p_value",
    "2.5 %": "conf_low",
    "97.5 %": "conf_high",
}
TESTED = {
    "Estimate": "estimate",
    "Std.Error": "std_error",
    "t.value": "statistic",
    "df": "df",
    "P(>|t|)": "p_value",
    "RIV": "relative_increase",
    "FMI": "missing_information",
}
JOINT = {
    "F.value": "statistic",
    "df1": "df1",
    "df2": "df2",
    "P(>F)": "p_value",
    "RIV": "relative_increase",
}


@pytest.fixture(scope="module")
def expected():
    table = pd.read_csv(REFERENCE / "expected.csv")
    return table.set_index(["topic", "name"])["value"]


@pytest.fixture(scope="module")
def input_():
    table = pd.read_csv(REFERENCE / "estimates.csv")
    u = table.iloc[:, 3:].to_numpy().reshape(-1, 3, 3)
    return table[["a", "b", "c"]].to_numpy(), (u + u.transpose(0, 2, 1)) / 2


def variances_of(covariances):
    return np.diagonal(covariances, axis1=1, axis2=2)


def test_three_imputations_by_hand():
    # Q 1, 2, 3: mean 2, B = 1; U 1, 2, 3: mean 2; T = 2 + 4/3 * 1 = 10/3; r = (4/3)/2 = 2/3.
    # lambda = (4/3)/(10/3) = .4; df old = 2 / .16 = 12.5; obs = 9/11 * 8 * .6 = 3.92727.
    row = pool([1, 2, 3], [1, 2, 3], df_complete=8).tidy().iloc[0]
    assert row["estimate"] == 2
    assert row["std_error"] == pytest.approx((10 / 3) ** 0.5)
    assert row["relative_increase"] == pytest.approx(2 / 3)
    df = 12.5 * (9 / 11 * 8 * 0.6) / (12.5 + 9 / 11 * 8 * 0.6)
    assert row["df"] == pytest.approx(df)
    fmi = (2 / 3 + 2 / (df + 3)) / (5 / 3)
    assert row["missing_information"] == pytest.approx(fmi)
    assert row["relative_efficiency"] == pytest.approx(1 / (1 + fmi / 3))
    half = stats.t.ppf(0.975, df) * (10 / 3) ** 0.5
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([2 - half, 2 + half])
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(2 / (10 / 3) ** 0.5, df))


@pytest.mark.parametrize("df", [np.inf, 40, 4, 2.3])
def test_mice_pool_scalar(expected, input_, df):
    """`pool.scalar(estimates[, j], variances[, j], n = df + 1, k = 1)`."""
    estimates, covariances = input_
    found = pool(estimates, variances_of(covariances), df_complete=df, terms=["a", "b", "c"])
    table = found.tidy().set_index("term")
    for term in ("a", "b", "c"):
        topic = f"pool.scalar {df:g} {term}".replace("inf", "Inf")
        for name, column in FIELDS.items():
            assert table.loc[term, column] == pytest.approx(expected[topic, name], rel=EXACT)
        total = table.loc[term, "std_error"] ** 2
        assert total == pytest.approx(expected[topic, "t"], rel=EXACT)


@pytest.fixture(scope="module")
def fits():
    table = pd.read_csv(REFERENCE / "fits.csv", skipinitialspace=True)
    return [part for _, part in table.groupby("imputation")]


@pytest.mark.parametrize("column", POOLED)
def test_mice_pool_of_regressions(expected, fits, column):
    """`summary(pool(with(imp, lm(norms ~ trust + tenure))), conf.int = TRUE)`."""
    table = pool_results(fits).tidy().set_index("term")
    for term, value in table[POOLED[column]].items():
        assert value == pytest.approx(expected[f"pool {column}", term], rel=EXACT)


@pytest.mark.parametrize("df", [np.inf, 40, 15])
def test_mitml_estimates(expected, input_, df):
    """`testEstimates(qhat = , uhat = , df.com = )`."""
    estimates, covariances = input_
    found = pool(estimates, variances_of(covariances), df_complete=df, terms=["a", "b", "c"])
    table = found.tidy().set_index("term")
    for name, column in TESTED.items():
        topic = f"testEstimates {df:g} {name}".replace("inf", "Inf")
        for term in ("a", "b", "c"):
            assert table.loc[term, column] == pytest.approx(expected[topic, term], rel=EXACT)


@pytest.mark.parametrize("df", [np.inf, 40, 15])
@pytest.mark.parametrize(("whole", "k"), [("", 2), (" all", 3)])
def test_mitml_constraints(expected, input_, df, whole, k):
    """`testConstraints(qhat = , uhat = , constraints = , method = "D1", df.com = )`."""
    estimates, covariances = input_
    row = pool_test(estimates[:, :k], covariances[:, :k, :k], df_complete=df).tidy().iloc[0]
    topic = f"testConstraints{whole} {df:g}".replace("inf", "Inf")
    for name, column in JOINT.items():
        assert row[column] == pytest.approx(expected[topic, name], rel=DERIVED)


def test_mitml_constraints_with_few_imputations(expected, input_):
    estimates, covariances = input_
    row = pool_test(estimates[:3, :2], covariances[:3, :2, :2]).tidy().iloc[0]
    for name, column in JOINT.items():
        assert row[column] == pytest.approx(expected["testConstraints few", name], rel=DERIVED)


@pytest.mark.parametrize("df", [np.inf, 22])
def test_mitml_models(expected, df):
    """`testModels(fits, null, method = "D1", df.com = )`: both slopes are 0."""
    slopes = pd.read_csv(REFERENCE / "slopes.csv").to_numpy()
    row = pool_test(slopes[:, :2], slopes[:, 2:].reshape(-1, 2, 2), df_complete=df).tidy().iloc[0]
    for name, column in JOINT.items():
        value = expected[f"testModels {df:g}".replace("inf", "Inf"), name]
        assert row[column] == pytest.approx(value, rel=EXACT)


numbers = st.lists(st.floats(-5, 5), min_size=2, max_size=9)


@settings(max_examples=40, deadline=None)
@given(numbers, st.floats(0.01, 3), st.floats(1, 60))
def test_df_never_exceed_those_of_complete_data_nor_rubins(values, variance, df):
    row = pool(values, [variance] * len(values), df_complete=df).tidy().iloc[0]
    assert 0 <= row["df"] <= df
    assert row["df"] <= pool(values, [variance] * len(values)).tidy()["df"].iloc[0]
    assert row["std_error"] ** 2 >= variance * (1 - 1e-12)
    assert 0 <= row["missing_information"] <= 1


@settings(max_examples=40, deadline=None)
@given(numbers, st.floats(0.1, 10), st.floats(-5, 5))
def test_scaling_and_shifting_carry_over(values, factor, shift):
    q = np.round(values, 3)
    row = pool(q, np.full(len(q), 0.5), df_complete=4).tidy().iloc[0]
    moved = pool(
        q * factor + shift, np.full(len(q), 0.5) * factor**2, df_complete=4, null_value=shift
    )
    other = moved.tidy().iloc[0]
    assert other["estimate"] == pytest.approx(row["estimate"] * factor + shift, abs=1e-9)
    assert other["std_error"] == pytest.approx(row["std_error"] * factor)
    assert other["df"] == pytest.approx(row["df"], rel=1e-6)
    assert other["p_value"] == pytest.approx(row["p_value"], abs=1e-8)


def test_the_order_of_imputations_does_not_matter(input_):
    estimates, covariances = input_
    u = variances_of(covariances)
    one, other = pool(estimates, u).tidy(), pool(estimates[::-1], u[::-1]).tidy()
    pd.testing.assert_frame_equal(one, other)


def test_nothing_missing_keeps_the_complete_analysis():
    row = pool([0.3] * 20, [0.01] * 20, df_complete=4).tidy().iloc[0]
    assert (row["df"], row["missing_information"], row["relative_increase"]) == (4, 0, 0)
    assert row["std_error"] == pytest.approx(0.1)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(3, 4))


def test_rounding_between_equal_estimates_is_no_missing_information():
    third = [0.1 + 0.2, 0.3, 0.3, 0.3]
    assert pool(third, [0.01] * 4, df_complete=4).tidy()["df"].iloc[0] == 4


def test_no_variance_gives_no_test():
    found = pool([2.0, 2.0], [0.0, 0.0])
    row = found.tidy().iloc[0]
    assert row["estimate"] == 2
    assert np.isnan(row["p_value"])
    assert row["reason"] == "the estimate has no variance, so there is no test"
    assert "nan" not in found.sentence()


def test_no_variance_within_is_all_missing_information():
    row = pool([1.0, 2.0], [0.0, 0.0]).tidy().iloc[0]
    assert row["missing_information"] == 1
    assert row["df"] == pytest.approx(1)


def test_an_estimate_missing_in_one_imputation_is_said_and_the_others_stand():
    found = pool([[1.0, 2.0], [np.nan, 3.0]], [[1, 1], [1, 1]], terms=["a", "b"])
    table = found.tidy().set_index("term")
    assert table.loc["a", "reason"] == "no estimate or no variance in 1 of 2 imputations"
    assert table.loc["a", ["estimate", "std_error", "p_value", "conf_low"]].isna().all()
    assert table.loc["b", "reason"] == ""
    assert table.loc["b", "estimate"] == 2.5
    assert "a is not available" in found.sentence()


def test_an_analysis_without_df_is_said():
    results = [
        pd.DataFrame({"term": ["x"], "estimate": e, "std_error": 1.0, "df": np.nan})
        for e in (1.0, 2.0)
    ]
    row = pool_results(results).tidy().iloc[0]
    assert row["estimate"] == 1.5
    assert np.isnan(row["p_value"])
    assert row["reason"] == "the analysis gives no degrees of freedom"


def test_terms_are_matched_by_name():
    one = pd.DataFrame(
        {"term": ["a", "b"], "estimate": [1.0, 10.0], "std_error": 1.0, "df": [3, 5]}
    )
    two = one.iloc[::-1].assign(estimate=[12.0, 3.0], df=[7.0, 4.0])
    table = pool_results([one, two]).tidy().set_index("term")
    assert table["estimate"].to_dict() == {"a": 2.0, "b": 11.0}
    assert table["df_complete"].to_dict() == {"a": 3.5, "b": 6.0}


def test_four_df_are_too_few_for_a_joint_test_and_that_is_said(input_):
    estimates, covariances = input_
    row = pool_test(estimates, covariances, df_complete=4).tidy().iloc[0]
    assert np.isnan(row["p_value"])
    assert "4.0, where more than" in row["reason"]
    least = float(row["reason"].split("more than ")[1].split(" ")[0])
    enough = pool_test(estimates, covariances, df_complete=least + 0.1).tidy().iloc[0]
    assert enough["reason"] == ""
    assert pool_test(estimates, covariances, df_complete=least - 0.1).tidy()["reason"].iloc[0]


def test_reiter_needs_imputations(input_):
    estimates, covariances = input_
    found = pool_test(estimates[:3, :2], covariances[:3, :2, :2], df_complete=40)
    assert "more than 3 imputations for 2 terms" in found.tidy()["reason"].iloc[0]
    assert "not available" in found.sentence()


def test_a_joint_test_without_missing_values_is_the_f_test_of_complete_data():
    q, u = np.tile([1.0, 2.0], (5, 1)), np.tile(np.diag([1.0, 4.0]), (5, 1, 1))
    row = pool_test(q, u, df_complete=9).tidy().iloc[0]
    # (1/1 + 4/4) / 2 = 1
    assert (row["statistic"], row["df1"], row["df2"]) == (pytest.approx(1), 2, 9)


def test_terms_that_depend_on_each_other_have_no_joint_test():
    q, u = np.arange(6.0).reshape(3, 2), np.ones((3, 2, 2))
    assert "not independent" in pool_test(q, u).tidy()["reason"].iloc[0]
    q[0, 0] = np.nan
    assert "missing" in pool_test(q, np.tile(np.eye(2), (3, 1, 1))).tidy()["reason"].iloc[0]


def test_a_joint_test_does_not_depend_on_units(input_):
    estimates, covariances = input_
    by = np.diag([1.0, 100.0, 0.01])
    one = pool_test(estimates, covariances, df_complete=30).tidy()
    other = pool_test(estimates @ by, by @ covariances @ by, df_complete=30).tidy()
    numbers_of = ["statistic", "df2", "p_value"]
    assert other[numbers_of].to_numpy() == pytest.approx(one[numbers_of].to_numpy(), rel=1e-8)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pool([1.0], [1.0]), "Seen: 1"),
        (lambda: pool([1.0, 2.0], [1.0, -3.0]), "-3"),
        (lambda: pool([1.0, 2.0], [1.0]), r"\(1, 1\)"),
        (lambda: pool([1.0, 2.0], [1.0, 1.0], df_complete=0), "Seen: 0"),
        (lambda: pool([[[1.0]]], [[[1.0]]]), r"\(1, 1, 1\)"),
        (lambda: pool([1.0, 2.0], [1.0, 1.0], terms=["a", "b"]), "'a', 'b'"),
        (lambda: pool([1.0, 2.0], [1.0, 1.0], conf_level=95), "95"),
        (lambda: pool_results([pd.DataFrame()]), "Seen: 1"),
        (lambda: pool_results([pd.DataFrame({"term": ["a"]})] * 2), "'estimate', 'std_error'"),
        (lambda: pool_test([[1.0], [2.0]], [1.0, 2.0]), r"\(2, 1\) and \(2,\)"),
    ],
)
def test_what_cannot_be_pooled_is_refused(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_terms_that_differ_or_repeat_are_refused():
    one = pd.DataFrame({"term": ["a"], "estimate": 1.0, "std_error": 1.0})
    with pytest.raises(ArgumentError, match="Seen: 'b'"):
        pool_results([one, one.assign(term="b")])
    with pytest.raises(ArgumentError, match="stands twice"):
        pool_results([pd.concat([one, one])] * 2)


def test_the_sentence_carries_interval_and_missing_information():
    said = pool([0.3, 0.5], [0.01, 0.01], df_complete=4, terms=["change"]).sentence()
    assert said.startswith("Pooled over 2 imputations: change 0.40, 95% CI [")
    assert "fraction of missing information 89%" in said
