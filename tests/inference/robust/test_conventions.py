"""What others call CRV3, and statsmodels' clustered covariance, beside the kinds here.

Values of statsmodels 0.15.0 and pyfixest 0.60.0: tests/reference/robust/make_crv3.py.
"""

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols, wls

from cvln_eval.inference.robust import cluster_robust

# Others leave out one cluster after another and solve anew; the CSV file carries 16 digits.
ROUNDING = {"rtol": 1e-9}
MODELS = {"five": "y ~ treated + x", "twelve": "y ~ treated + x + z + hours + coach"}


def errors(designs, design, kind, **given):
    found = cluster_robust(designs[design], formula=MODELS[design], kind=kind, **given)
    return found.tidy().set_index("term")["std_error"]


def sizes(designs, design):
    table = designs[design]
    return len(table), table["team_id"].nunique(), MODELS[design].count("+") + 2


@pytest.fixture(params=MODELS)
def theirs(request, reference):
    table = reference["crv3"]
    return request.param, table[table["design"] == request.param].set_index("term")


def test_crv3_of_statsmodels_is_cr3_times_sqrt_of_g_less_1_over_g(designs, theirs):
    # ols(formula, table).fit(cov_type="cluster-crv3", cov_kwds={"groups": codes}).bse
    design, expected = theirs
    _, n_clusters, _ = sizes(designs, design)
    found = errors(designs, design, "CR3") * np.sqrt((n_clusters - 1) / n_clusters)
    np.testing.assert_allclose(found[expected.index], expected["statsmodels"], **ROUNDING)


def test_crv3_of_pyfixest_is_cr3_times_the_factor_of_cr1s(designs, theirs):
    # pyfixest.feols(formula, table, vcov={"CRV3": "team_id"}).se()
    design, expected = theirs
    n, n_clusters, k = sizes(designs, design)
    factor = n_clusters / (n_clusters - 1) * (n - 1) / (n - k)
    found = errors(designs, design, "CR3") * np.sqrt(factor)
    np.testing.assert_allclose(found[expected.index], expected["pyfixest"], **ROUNDING)


def test_the_jackknife_about_its_mean_is_that_of_statsmodels(designs, theirs):
    # ols(formula, table).fit(cov_type="cluster-jk", cov_kwds={"groups": codes}).bse
    design, expected = theirs
    found = errors(designs, design, "jackknife")
    np.testing.assert_allclose(found[expected.index], expected["statsmodels_jk"], **ROUNDING)


@pytest.mark.parametrize("weights", [None, "weight"])
@pytest.mark.parametrize(("kind", "corrected"), [("CR1S", True), ("CR0", False)])
def test_cr1s_and_cr0_are_the_clustered_covariance_of_statsmodels(
    designs, weights, kind, corrected
):
    table = designs["twelve"]
    formula = MODELS["twelve"]
    model = ols(formula, table) if weights is None else wls(formula, table, weights=table["weight"])
    options = {"groups": pd.factorize(table["team_id"])[0], "use_correction": corrected}
    expected = model.fit(cov_type="cluster", cov_kwds=options).bse
    found = errors(designs, "twelve", kind, weights=weights)
    np.testing.assert_allclose(found[expected.index], expected, **ROUNDING)


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1S", "CR2", "CR3", "jackknife"])
def test_the_convention_is_printed(designs, kind):
    found = cluster_robust(designs["five"], formula=MODELS["five"], kind=kind)
    assert found.convention in repr(found)
    assert found.convention in found._repr_html_()
    assert found.glance()["convention"].item().lower().startswith(kind.lower())
    assert kind in found.sentence()


def test_the_convention_of_cr3_tells_both_factors(designs):
    told = cluster_robust(designs["five"], formula="y ~ 1", kind="CR3").convention
    assert "sqrt((G - 1) / G) for statsmodels" in told
    assert "sqrt(G / (G - 1) (N - 1) / (N - k)) for pyfixest" in told
