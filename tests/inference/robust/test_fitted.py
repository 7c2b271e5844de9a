"""A statsmodels result gets the numbers that its formula gets."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.formula.api import glm, ols, wls

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.robust import cluster_robust, cluster_robust_of

TERMS = ["term", "estimate", "std_error", "df", "p_value", "n", "n_clusters"]
FORMULA = "y ~ treated + x"


@pytest.fixture
def table(designs):
    """Return rows some of which lack a value, in an index that is not their place."""
    found = designs["five"].copy()
    found.loc[[4, 17, 30], "x"] = np.nan
    return found.set_index(pd.Index(range(100, 100 + len(found))))


@pytest.fixture
def expected(table):
    return cluster_robust(table, formula=FORMULA)


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found.tidy()[TERMS], expected.tidy()[TERMS], rtol=1e-10)


def test_a_formula_with_missing_rows_takes_the_column_of_its_table(table, expected):
    found = cluster_robust_of(ols(FORMULA, table).fit(), clusters=table["team_id"])
    assert_same(found, expected)
    assert found.glance()["n_left_out"].item() == 3
    assert "clusters by team_id" in found.sentence()
    assert found.outcome == "y"


@pytest.mark.parametrize("given", ["longer", "shuffled", "used", "array", "array used", "list"])
def test_clusters_are_aligned_by_label_or_by_place(table, expected, given):
    fit = ols(FORMULA, table).fit()
    whole, used = table["team_id"], table.dropna()["team_id"]
    clusters = {
        "longer": pd.concat([pd.Series(["Z"], index=[1]), whole]),
        "shuffled": whole.sample(frac=1, random_state=3),
        "used": used,
        "array": whole.to_numpy(),
        "array used": used.to_numpy(),
        "list": list(whole),
    }[given]
    assert_same(cluster_robust_of(fit, clusters=clusters), expected)


def test_labels_that_repeat_are_taken_by_place(table, expected):
    repeated = table.set_index(pd.Index([7] * len(table)))
    fit = ols(FORMULA, repeated).fit()
    assert_same(cluster_robust_of(fit, clusters=repeated["team_id"]), expected)
    with pytest.raises(ArgumentError, match="Seen: 40 with index 7"):
        cluster_robust_of(fit, clusters=repeated["team_id"].iloc[1:])


def test_weights_and_any_covariance_of_the_result(table):
    fit = wls(FORMULA, table, weights=table["weight"]).fit(cov_type="HC3")
    found = cluster_robust_of(fit, clusters=table["team_id"], kind="CR3")
    expected = cluster_robust(table, formula=FORMULA, weights="weight", kind="CR3")
    assert_same(found, expected)
    np.testing.assert_allclose(found.tidy()["estimate"], fit.params)


def test_arrays_without_names(table, expected):
    full = table.dropna()
    x = sm.add_constant(full[["treated", "x"]].to_numpy())
    found = cluster_robust_of(sm.OLS(full["y"].to_numpy(), x).fit(), clusters=full["team_id"])
    columns = TERMS[1:]
    np.testing.assert_allclose(found.tidy()[columns], expected.tidy()[columns], rtol=1e-10)
    assert found.tidy()["term"].tolist() == ["const", "x1", "x2"]
    assert "const" not in found.sentence()


def test_one_column_and_names_of_clusters_that_are_numbers():
    y = np.array([1.0, 3, 2, 6])
    found = cluster_robust_of(sm.OLS(y, np.ones(4)).fit(), clusters=[10, 10, 2, 2])
    # means 2 and 4: standard error 1
    assert found.tidy()["std_error"].item() == pytest.approx(1)
    assert "clusters by cluster" in found.sentence()


def test_clusters_that_do_not_fit_are_refused(table):
    fit = ols(FORMULA, table).fit()
    with pytest.raises(ArgumentError, match="Seen: 40 with"):
        cluster_robust_of(fit, clusters=table["team_id"].iloc[1:])
    with pytest.raises(ArgumentError, match="do not fit"):
        cluster_robust_of(fit, clusters=table["team_id"].reset_index(drop=True))
    with pytest.raises(ArgumentError, match="Seen: 5 with"):
        cluster_robust_of(fit, clusters=list("abcde"))


def test_a_missing_cluster_is_refused_where_its_row_is_used(table, expected):
    fit = ols(FORMULA, table).fit()
    of_unused = table["team_id"].where(table["x"].notna())
    assert_same(cluster_robust_of(fit, clusters=of_unused), expected)
    of_used = table["team_id"].where(table.index != 102)
    with pytest.raises(ArgumentError, match="index 102"):
        cluster_robust_of(fit, clusters=of_used)


@pytest.mark.parametrize("model", ["gls", "glm", "table"])
def test_what_is_no_least_squares_is_refused(table, model):
    full = table.dropna()
    found = {
        "gls": lambda: sm.GLS(full["y"], full[["x"]]).fit(),
        "glm": lambda: glm(FORMULA, full).fit(),
        "table": lambda: full,
    }[model]()
    with pytest.raises(ArgumentError, match={"table": "DataFrame"}.get(model, model.upper())):
        cluster_robust_of(found, clusters=full["team_id"])
