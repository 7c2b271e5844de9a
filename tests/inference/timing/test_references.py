"""The numbers of R: `survival` and `clubSandwich`; see tests/reference/timing/make.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.timing import (
    compare_completion,
    hours_saved,
    on_time_share,
    time_to_completion,
)

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "timing"
SUMS = 1e-10  # the same sums in another order
FITTED = 1e-7  # both fits of Cox's model stop when the likelihood no longer changes


@pytest.fixture(scope="module")
def expected():
    table = pd.read_csv(FOLDER / "expected.csv", skipinitialspace=True, keep_default_na=False)
    return {(row.quantity, row.group): float(row.value) for row in table.itertuples()}


def test_the_curves(reference):
    """survfit(Surv(days, reached) ~ planned_by, conf.type = "log-log")"""
    theirs = pd.read_csv(FOLDER / "expected_curve.csv", skipinitialspace=True)
    ours = time_to_completion(reference, by="planned_by", n_draws=10).curve()
    assert ours["group"].tolist() == theirs["group"].str.strip().tolist()
    for column in theirs.columns[1:]:
        values = pd.to_numeric(theirs[column], errors="coerce")
        np.testing.assert_allclose(ours[column], values, rtol=SUMS)


@pytest.mark.parametrize("group", ["alone", "pair"])
def test_median_and_restricted_mean(reference, expected, group):
    """quantile(fit, .5), print(fit, rmean = tau)"""
    result = time_to_completion(reference, by="planned_by", n_draws=10)
    assert result.tau_days == expected["tau", ""]
    rows = result.tidy().query("group == @group")
    median, mean = rows.iloc[0], rows.iloc[1]
    assert median["estimate"] == expected["median", group]
    assert median["conf_low"] == expected["median_low", group]
    assert median["conf_high"] == expected["median_high", group]
    assert mean["estimate"] == pytest.approx(expected["restricted_mean", group], rel=SUMS)
    assert mean["std_error"] == pytest.approx(expected["restricted_mean_error", group], rel=SUMS)


def test_the_comparison(reference, expected):
    """survdiff(...)$chisq, coxph(..., ties = "breslow", cluster = cluster_id), and its jackknife"""
    rows = compare_completion(reference, n_draws=50).tidy()
    nine = np.sqrt(9 / 8)
    assert rows["statistic"][0] == pytest.approx(expected["log_rank", ""], rel=SUMS)
    for row in (2, 3):
        log_ratio = np.log(rows["estimate"][row])
        assert log_ratio == pytest.approx(expected["log_hazard_ratio", ""], rel=FITTED)
        assert rows["df"][row] == 8
    assert rows["std_error"][2] == pytest.approx(expected["lin_wei", ""] * nine, rel=FITTED)
    assert rows["std_error"][3] == pytest.approx(expected["jackknife", ""], rel=FITTED)


@pytest.mark.parametrize("group", ["alone", "pair", "pair - alone"])
@pytest.mark.parametrize("outcome", ["on_time", "hours_saved"])
def test_means_by_cluster(reference, expected, outcome, group):
    """coef_test(lm(y ~ 1), vcov = vcovCR(fit, cluster_id, "CR2"), test = "Satterthwaite")"""
    if outcome == "on_time":
        rows = on_time_share(reference, by="planned_by").tidy()
    else:
        rows = hours_saved(reference, by="planned_by", n_draws=50).tidy()
    row = rows[rows["group"] == group].iloc[0]
    assert row["estimate"] == pytest.approx(expected[f"{outcome}_estimate", group], rel=SUMS)
    assert row["std_error"] == pytest.approx(expected[f"{outcome}_error", group], rel=SUMS)
    assert row["df"] == pytest.approx(expected[f"{outcome}_df", group], rel=SUMS)
