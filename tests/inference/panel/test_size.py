"""Simulated sizes: those measured for the issue of two treated in five, laws, failures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.panel import simulated_size
from cvln_eval.inference.panel.kinds import METHODS

RUNS = 600
# Rejections of 2,000 data sets by other software or by code of another author: 2 of 5 clusters of
# 40 treated, ICC .10, nothing true, level .05.
MEASURED = {
    "OLS t test": 0.376,
    "clustered z test": 0.201,
    "mixed model z test": 0.152,
    "CR1 with t(G - 1)": 0.098,
    "jackknife with t(G - 1)": 0.052,
    "CR2 with Satterthwaite df": 0.033,
    "t test of cluster means": 0.044,
    "Rademacher wild bootstrap": 0.0,
    "randomization test": 0.0,
}
# Simulation errors that a difference of two simulated shares may have.
ERRORS = 3.5


def table(sizes=(40,) * 5, n_treated=2):
    codes = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(
        {
            "team_id": [f"t{code}" for code in codes],
            "treated": (codes < n_treated).astype(int),
            "change": np.random.default_rng(3).normal(size=len(codes)),
        }
    )


def sizes(**given):
    how = {"formula": "change ~ treated", "term": "treated", "icc": 0.1, "n_simulated": RUNS}
    return simulated_size(given.pop("data", table()), **{**how, **given})


def test_two_treated_in_five_reject_as_measured():
    found = sizes().tidy().set_index("method")["size"]
    for method, measured in MEASURED.items():
        error = np.sqrt(measured * (1 - measured) * (1 / RUNS + 1 / 2000))
        assert abs(found[method] - measured) <= ERRORS * error, method


def test_coverage_is_one_minus_size_where_every_data_set_has_an_interval():
    found = sizes().tidy()
    had = found[found["reason"] == ""]
    np.testing.assert_allclose(had["coverage"], 1 - had["size"])
    assert had["size_mc_error"].tolist() == pytest.approx(
        np.sqrt(had["size"] * (1 - had["size"]) / RUNS).tolist()
    )


def test_without_likeness_least_squares_holds_its_level_and_with_it_it_does_not():
    none = sizes(icc=0.0).tidy().set_index("method")["size"]
    much = sizes(icc=0.3).tidy().set_index("method")["size"]
    assert none["OLS t test"] == pytest.approx(0.05, abs=ERRORS * np.sqrt(0.05 * 0.95 / RUNS))
    assert much["OLS t test"] > 0.5
    assert much["t test of cluster means"] == pytest.approx(0.05, abs=0.035)


def test_scale_leaves_sizes_alone_and_widens_intervals():
    one, ten = (sizes(scale=scale, n_simulated=50).tidy() for scale in (1.0, 10.0))
    pd.testing.assert_series_equal(one["size"], ten["size"])
    np.testing.assert_allclose(10 * one["width_mean"], ten["width_mean"])


def test_clusters_of_other_spread_are_told_by_name():
    wild = {f"t{place}": 5.0 if place < 2 else 1.0 for place in range(5)}
    unlike = sizes(scale=wild).tidy().set_index("method")["size"]
    assert unlike["t test of cluster means"] > 0.08
    with pytest.raises(ArgumentError, match="'t4'"):
        sizes(scale={key: value for key, value in wild.items() if key != "t4"})
    with pytest.raises(ArgumentError, match=r"-1\.0"):
        sizes(scale=-1.0)


def test_the_same_seed_gives_the_same_sizes():
    pd.testing.assert_frame_equal(sizes(n_simulated=60).tidy(), sizes(n_simulated=60).tidy())
    assert not sizes(n_simulated=60, rng=1).tidy().equals(sizes(n_simulated=60).tidy())


def test_an_icc_is_estimated_but_never_taken_as_nought():
    few = sizes(icc=None, n_simulated=10).glance().iloc[0]
    assert few["icc_estimate"] < 0.05
    assert few["icc"] == 0.05
    with pytest.raises(ArgumentError, match=r"1\.5"):
        sizes(icc=1.5)


def test_every_method_has_a_row_and_says_that_it_is_simulated():
    found = sizes(n_simulated=10).tidy()
    assert tuple(found["method"]) == METHODS
    assert found["simulated"].all()
    assert "Simulated, not observed" in sizes(n_simulated=10).sentence()


def test_the_sentence_puts_each_share_before_its_method():
    had = sizes(n_simulated=10)
    first, second = had.tidy().iloc[0], had.tidy().iloc[1]
    said = "tests at the level .05 rejected in "
    said += f"{first['size']:.1%} ({first['method']}), {second['size']:.1%} ({second['method']}),"
    assert said in had.sentence()
    assert "at the level .001 rejected" in replace(had, conf_level=0.999).sentence()


@pytest.mark.parametrize(
    ("data", "formula", "reason"),
    [
        (table((10,), 0), "change ~ 1", "one cluster does not show how clusters differ"),
        (table((1, 1), 1), "change ~ treated", "no more rows than coefficients"),
        (table(n_treated=0), "change ~ treated", "the regressors determine each other"),
        (table().assign(change=np.nan), "change ~ 1", "no complete row"),
    ],
)
def test_a_design_that_allows_nothing_says_why(data, formula, reason):
    term = "treated" if "treated" in formula else "Intercept"
    found = simulated_size(data, formula=formula, term=term, n_simulated=10)
    assert found.tidy()["size"].isna().all()
    assert set(found.tidy()["reason"]) == {reason}
    assert found.sentence() == f"Nothing was simulated: {reason}."


def test_the_sentence_says_which_coefficient_is_nought():
    assert "where the coefficient of treated is 0" in sizes(n_simulated=10).sentence()
    mean = sizes(n_simulated=10, formula="change ~ 1", term="Intercept")
    assert "where the constant is 0" in mean.sentence()


def test_the_sentence_says_the_level_as_the_panel_does():
    assert "tests at the level .001 rejected" in sizes(n_simulated=10, conf_level=0.999).sentence()


@pytest.mark.parametrize("wrong", ["wide", None, np.nan, 0, {"a": "wide"}])
def test_a_scale_that_is_no_number_is_refused_by_its_value(wrong):
    named = {"team_id": ["a", "a", "b", "b", "c", "c"], "y": range(6), "x": [1, 1, 0, 0, 0, 0]}
    given = {**wrong, "b": 1.0, "c": 1.0} if isinstance(wrong, dict) else wrong
    seen = "'wide'" if isinstance(wrong, dict) else repr(wrong)
    with pytest.raises(ArgumentError, match=f"standard deviation(?s:.)*Seen: {seen}"):
        simulated_size(pd.DataFrame(named), formula="y ~ x", term="x", scale=given)
