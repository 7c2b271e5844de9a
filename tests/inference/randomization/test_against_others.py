"""Beside scipy, R, statsmodels, and what other packages draw; see tests/reference/randomization."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from cvln_eval.inference.randomization import randomization_test

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "randomization"
# The CSV files carry 15 digits.
ROUNDING = {"rtol": 1e-12}
# R's bounds are where p jumps, found by halving with ties up to 1e-9.
HALVED = {"atol": 1e-8}
ROWS = pd.read_csv(REFERENCE / "rows.csv")
THREE = {"treatment": "three"}
TREATED = {"treatment": "treated"}
CASES = {
    # t.test(y[a == 1], y[a == 0])$statistic over combn(8, 4) and combn(8, 3)
    "complete, t": TREATED,
    "complete, t, null .3": {**TREATED, "null_value": 0.3},
    "three of eight, t": THREE,
    # mean(y[a == 1]) - mean(y[a == 0])
    "complete, difference": {**TREATED, "statistic": "difference"},
    # lm(y ~ a + stratum), vcovHC(fit, "HC2"), over the 30 with as many treated in each stratum
    "strata, t": {**TREATED, "strata": "stratum"},
    # t.test(differences within pairs)$statistic over the 16 with one treated in each pair
    "pairs, t": {**TREATED, "pairs": "pair"},
    # lm(change ~ a + before, weights = 1 / rows of the cluster): slope times root of what is left
    "control, difference": {**TREATED, "controls": ["before"], "statistic": "difference"},
    # coef(lm(y ~ dose)) over all 40,320 orders
    "dose, difference": {"treatment": "visits", "statistic": "difference"},
}


def means(treatment):
    grouped = ROWS.groupby("team_id")
    y, d = grouped["change"].mean().to_numpy(), grouped[treatment].first().to_numpy()
    return y[d == 1], y[d == 0]


@pytest.mark.parametrize("design", CASES)
def test_p_and_statistic_are_those_of_r(design):
    expected = pd.read_csv(REFERENCE / "expected.csv").set_index("design").loc[design]
    found = randomization_test(ROWS, outcome="change", **CASES[design])
    assert found.n_assignments == expected["n_assignments"]
    np.testing.assert_allclose(found.p_value, expected["p_value"], **ROUNDING)
    if design != "control, difference":  # which R scales otherwise
        np.testing.assert_allclose(found.statistic, expected["observed"], **ROUNDING)


@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_bounds_are_where_p_jumps_in_r(statistic):
    expected = pd.read_csv(REFERENCE / "bounds.csv").set_index("statistic").loc[statistic]
    found = randomization_test(ROWS, outcome="change", **THREE, statistic=statistic, conf_level=0.9)
    np.testing.assert_allclose(found.conf_low, expected["conf_low"], **HALVED)
    np.testing.assert_allclose(found.conf_high, expected["conf_high"], **HALVED)


def test_the_slope_with_a_control_is_that_of_weighted_least_squares():
    # lm(change ~ treated + before, weights = 1 / rows of the cluster)
    expected = pd.read_csv(REFERENCE / "control.csv")["slope"].item()
    found = randomization_test(ROWS, outcome="change", **TREATED, controls="before")
    np.testing.assert_allclose(found.estimate, expected, rtol=1e-11)
    weights = 1 / ROWS.groupby("team_id")["change"].transform("size")
    model = smf.wls("change ~ treated + before + C(stratum)", ROWS, weights=weights).fit()
    found = randomization_test(
        ROWS, outcome="change", **TREATED, controls=["before"], strata="stratum"
    )
    np.testing.assert_allclose(found.estimate, model.params["treated"], rtol=1e-11)


@pytest.mark.parametrize("treatment", ["treated", "three"])
@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_p_of_cluster_means_is_that_of_scipy(treatment, statistic):
    def welch(x, y, axis):
        return np.abs(stats.ttest_ind(x, y, axis=axis, equal_var=False).statistic)

    def difference(x, y, axis):
        return np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis))

    expected = stats.permutation_test(
        means(treatment),
        welch if statistic == "t" else difference,
        vectorized=True, n_resamples=np.inf, alternative="greater",
    )  # fmt: skip
    found = randomization_test(ROWS, outcome="change", treatment=treatment, statistic=statistic)
    assert abs(found.statistic) == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_p_in_pairs_is_that_of_scipy():
    each = ROWS.groupby("team_id")[["change", "pair", "treated"]].agg(
        {"change": "mean", "pair": "first", "treated": "first"}
    )
    wide = each.pivot_table(index="pair", columns="treated", values="change")
    expected = stats.permutation_test(
        (wide[1] - wide[0],), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    found = randomization_test(
        ROWS, outcome="change", **TREATED, pairs="pair", statistic="difference"
    )
    assert found.p_value == pytest.approx(expected.pvalue)
    by_t = randomization_test(ROWS, outcome="change", **TREATED, pairs="pair")
    assert by_t.statistic == pytest.approx(stats.ttest_1samp(wide[1] - wide[0], 0).statistic)


def test_a_dose_is_tested_as_its_correlation_is():
    grouped = ROWS.groupby("team_id")
    y, dose = grouped["change"].mean(), grouped["visits"].first()
    expected = stats.permutation_test(
        (y,), lambda y: stats.pearsonr(y, dose).statistic, permutation_type="pairings",
        n_resamples=999, rng=1,
    )  # fmt: skip
    found = randomization_test(ROWS, outcome="change", treatment="visits", statistic="difference")
    # 999 draws in scipy: p moves by at most 4 of its standard errors of .013.
    assert found.p_value == pytest.approx(expected.pvalue, abs=0.053)
    assert found.estimate == pytest.approx(np.polyfit(dose, y, 1)[0])


def test_a_slope_on_a_dose_has_the_error_hc2():
    each = ROWS.groupby("team_id")[["change", "visits"]].mean()
    model = smf.ols("change ~ visits", each).fit(cov_type="HC2")
    found = randomization_test(ROWS, outcome="change", treatment="visits")
    assert found.std_error == pytest.approx(model.bse["visits"])


def test_pyfixest_leaves_the_design_and_diff_diff_keeps_it():
    # fit.ritest("treated", cluster="cluster"), 300 draws with 2 of 10 treated; peers.py
    peers = pd.read_csv(REFERENCE / "peers.csv").set_index("package")
    assert peers.loc["pyfixest", "n_different"] > 45
    assert peers.loc["pyfixest", "n_possible"] < peers.loc["pyfixest", "n_different"] / 2
    assert peers.loc["diff-diff", ["n_different", "n_possible"]].tolist() == [45, 45]
    table = pd.DataFrame({"team_id": range(10), "treated": [1, 1, *[0] * 8]})
    table["y"] = np.arange(10.0) ** 2
    given = {"outcome": "y", "treatment": "treated"}
    ours = randomization_test(table, **given)
    assert (ours.n_assignments, ours.smallest_p) == (45, pytest.approx(1 / 45))
