"""Variances and df that a pencil gives, and the definitions worked out the long way."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.robust import cluster_robust, sandwich

EXACT = {"rel": 1e-12}
# The long way forms and inverts matrices of all rows.
LONG_WAY = {"rtol": 1e-8}

BALANCED = pd.DataFrame({"y": [1.0, 3, 2, 6, 7, 5, 4, 8], "team_id": list("aabbccdd")})


def row(table, term="Intercept", **given):
    return cluster_robust(table, **given).tidy().set_index("term").loc[term]


def test_balanced_mean_has_the_variance_of_cluster_means_over_g_and_g_less_1_df():
    # means 2, 4, 6, 6; their mean 4.5, variance (6.25 + 0.25 + 2.25 + 2.25) / 3 = 11 / 3
    found = row(BALANCED, formula="y ~ 1")
    assert found["estimate"] == pytest.approx(4.5, **EXACT)
    assert found["std_error"] == pytest.approx((11 / 3 / 4) ** 0.5, **EXACT)
    assert found["df"] == pytest.approx(3, **EXACT)
    assert found["p_value"] == pytest.approx(2 * stats.t.sf(found["statistic"], 3), **EXACT)
    reach = stats.t.ppf(0.975, 3) * found["std_error"]
    assert found["conf_high"] - found["estimate"] == pytest.approx(reach, **EXACT)


@pytest.mark.parametrize(
    ("kind", "variance"),
    [
        # scores about 4.5: -5, -1, 3, 3, squares 25 + 1 + 9 + 9 = 44, over 8^2
        ("CR0", 44 / 64),
        ("CR1", 44 / 64 * 4 / 3),
        # N = 8, k = 1: (N - 1) / (N - k) = 1
        ("CR1S", 44 / 64 * 4 / 3),
        # leverage of a cluster 2/8: scores over 1 - 1/4
        ("CR3", 44 / 64 * (4 / 3) ** 2),
        # means without a: 16/3, b: 14/3, c, d: 4; 3/4 of squares about 4.5
        ("jackknife", 3 / 4 * ((5 / 6) ** 2 + (1 / 6) ** 2 + 2 * 0.5**2)),
    ],
)
def test_variance_of_a_balanced_mean_by_hand(kind, variance):
    found = row(BALANCED, formula="y ~ 1", kind=kind)
    assert found["std_error"] == pytest.approx(variance**0.5, **EXACT)
    assert found["df"] == pytest.approx(3, **EXACT)


def test_two_arms_of_equal_clusters_are_the_two_sample_t_test_of_their_means():
    # means a 2, b 4 treated, c 6, d 6 not: difference -3, pooled variance (2 + 0) / 2 = 1, df 2
    table = BALANCED.assign(treated=[1, 1, 1, 1, 0, 0, 0, 0])
    found = row(table, "treated", formula="y ~ treated")
    assert found["estimate"] == pytest.approx(-3, **EXACT)
    assert found["std_error"] == pytest.approx(1, **EXACT)
    assert found["df"] == pytest.approx(2, **EXACT)


def test_a_contrast_is_the_coefficient_of_the_model_that_has_it_as_one(designs):
    table = designs["twelve"].assign(control=lambda rows: 1 - rows["treated"])
    means = cluster_robust(table, formula="y ~ 0 + treated + control + x")
    found = means.contrast({"treated": 1, "control": -1}).tidy().iloc[0]
    expected = row(table, "treated", formula="y ~ treated + x")
    numbers = ["estimate", "std_error", "df", "p_value", "conf_low"]
    np.testing.assert_allclose(found[numbers].astype(float), expected[numbers].astype(float))
    assert found["term"] == "treated - control"
    assert found["null_hypothesis"] == "treated - control is 0"


def test_a_contrast_is_tested_against_its_null_value(designs):
    model = cluster_robust(designs["five"], formula="y ~ treated")
    found = model.contrast({"treated": 2}, null_value=1.0).tidy().iloc[0]
    assert found["term"] == "2 treated"
    expected = (found["estimate"] - 1) / found["std_error"]
    assert found["statistic"] == pytest.approx(expected, **EXACT)
    assert found["null_hypothesis"] == "2 treated is 1"


def test_a_joint_test_of_one_term_is_its_t_test(designs):
    model = cluster_robust(designs["five"], formula="y ~ treated + x")
    alone = model.tidy().set_index("term").loc["treated"]
    found = model.test("treated").tidy().iloc[0]
    assert found["statistic"] == pytest.approx(alone["statistic"] ** 2, **EXACT)
    assert found["df2"] == pytest.approx(alone["df"], **EXACT)
    assert found["p_value"] == pytest.approx(alone["p_value"], **EXACT)


def the_long_way(table, kind, weights):
    """Return variance and df by the definitions, with matrices of all rows."""
    x = np.column_stack([np.ones(len(table)), table["treated"], table["x"]])
    w = np.diag(table[weights] if weights else np.ones(len(table)))
    bread = np.linalg.inv(x.T @ w @ x)
    one, hat = np.eye(len(table)), x @ bread @ x.T @ w
    left = one - hat
    makers = []
    for name in sorted(table["team_id"].unique()):
        rows = np.flatnonzero(table["team_id"] == name)
        adjust = np.eye(len(rows))
        if kind == "CR2":
            values, vectors = np.linalg.eigh(left[rows] @ left[rows].T)
            adjust = vectors / np.sqrt(values) @ vectors.T
        elif kind != "CR0":
            adjust = np.linalg.inv(left[np.ix_(rows, rows)])
        makers.append(bread @ x[rows].T @ w[np.ix_(rows, rows)] @ adjust @ left[rows])
    makers = np.array(makers)
    if kind == "jackknife":
        makers = (makers - makers.mean(axis=0)) * np.sqrt(1 - 1 / len(makers))
    scores = makers @ table["y"].to_numpy()
    products = np.einsum("gki,hki->kgh", makers, makers)
    df = np.trace(products, axis1=1, axis2=2) ** 2 / (products**2).sum(axis=(1, 2))
    return scores.T @ scores, df


@pytest.mark.parametrize("weights", [None, "weight"])
@pytest.mark.parametrize("kind", ["CR0", "CR2", "CR3", "jackknife"])
@pytest.mark.parametrize("design", ["five", "twelve", "lone_row"])
def test_low_rank_gives_what_matrices_of_all_rows_give(designs, design, kind, weights):
    table = designs[design]
    arrays = cluster_design(table, formula="y ~ treated + x", cluster="team_id", weights=weights)
    found = sandwich(arrays, kind)
    variance, df = the_long_way(table, kind, weights)
    np.testing.assert_allclose(found.vcov, variance, **LONG_WAY)
    np.testing.assert_allclose(found.df, df, **LONG_WAY)


def test_the_jackknife_leaves_out_one_cluster_after_another(designs):
    table = designs["twelve"]
    formula = "y ~ treated + x + z"
    without = [
        sandwich(
            cluster_design(table[table["team_id"] != name], formula=formula, cluster="team_id")
        ).beta
        for name in table["team_id"].unique()
    ]
    about = without - np.mean(without, axis=0)
    expected = (1 - 1 / len(without)) * about.T @ about
    found = cluster_robust(table, formula=formula, kind="jackknife")
    np.testing.assert_allclose(found.vcov(), expected, **LONG_WAY)
