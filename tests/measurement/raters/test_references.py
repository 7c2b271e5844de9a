"""The same ratings in R's psych and in statsmodels.

tests/reference/raters/make.R: `psych::ICC(m, missing = FALSE, lmer = anyNA(m))` and
`psych::cohen.kappa(cbind(a, b))`.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from cvln_eval.measurement.raters import (
    cohen_kappa,
    fleiss_kappa,
    intraclass_correlation,
    krippendorff_alpha,
)

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "raters"
ROUNDING = 1e-10  # both sides compute the same closed form
OPTIMISER = 1e-6  # lme4 stops its search of the likelihood here
FEW = 20

TYPES = ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]


def given(name):
    return pd.read_csv(FOLDER / f"{name}.csv")


def two_raters():
    return given("two_raters").set_index(["unit", "rater_id"])["score"].to_numpy().reshape(2, 80).T


def psych(name):
    table = given("icc")
    return table[table["data"] == name].set_index("type").loc[TYPES].reset_index()


@pytest.mark.parametrize("name", ["shrout", "larger"])
def test_complete_ratings_have_the_correlations_tests_and_intervals_of_psych(name):
    ours = intraclass_correlation(given(name), unit="unit").tidy()
    theirs = psych(name)
    for column in ("estimate", "statistic", "df1", "df2", "conf_low", "conf_high"):
        assert ours[column].to_numpy() == pytest.approx(theirs[column].to_numpy(), abs=ROUNDING)
    assert ours["p_value"].to_numpy() == pytest.approx(theirs["p_value"].to_numpy(), rel=1e-6)
    assert (ours["reason"] == "").all()


@pytest.mark.parametrize("name", ["holes", "pairs"])
def test_missing_ratings_have_the_correlations_of_psych_with_lme4(name):
    ours = intraclass_correlation(given(name), unit="unit").tidy()
    assert ours["estimate"].to_numpy() == pytest.approx(psych(name)["estimate"], abs=OPTIMISER)
    assert ours["method"].unique() == ["REML, jackknife over units"]
    # psych counts the ratings that are missing as if they were there; ours have wider intervals.
    width = ours["conf_high"] - ours["conf_low"]
    assert (width > 0.9 * (psych(name)["conf_high"] - psych(name)["conf_low"])).all()
    assert ours["statistic"].isna().all()
    assert ours["reason"].unique() == ["the F test needs every unit rated by every rater"]


def test_cohens_kappa_is_that_of_psych():
    theirs = given("cohen").set_index("weights")
    for weights, row in theirs.iterrows():
        ours = cohen_kappa(given("two_raters"), unit="unit", weights=weights, n_boot=FEW)
        assert ours.estimate == pytest.approx(row["estimate"], abs=ROUNDING)
    error = cohen_kappa(given("two_raters"), unit="unit", n_boot=FEW).tidy()["std_error"][0]
    assert error**2 == pytest.approx(theirs.loc["none", "variance"], abs=ROUNDING)


@pytest.mark.parametrize(
    ("weights", "wt"), [("none", None), ("linear", "linear"), ("quadratic", "fc")]
)
def test_cohens_errors_are_those_of_statsmodels(weights, wt):
    theirs = cohens_kappa(pd.crosstab(*two_raters().T).to_numpy(), wt=wt)
    ours = cohen_kappa(given("two_raters"), unit="unit", weights=weights, n_boot=FEW).glance()
    assert ours["std_error"][0] == pytest.approx(theirs.std_kappa, abs=ROUNDING)
    assert ours["std_error_null"][0] == pytest.approx(theirs.std_kappa0, abs=ROUNDING)
    assert ours["statistic"][0] == pytest.approx(theirs.z_value, abs=1e-8)


def test_fleiss_kappa_is_that_of_statsmodels():
    theirs = statsmodels_fleiss(aggregate_raters(two_raters())[0])
    ours = fleiss_kappa(given("two_raters"), unit="unit", n_boot=FEW)
    assert ours.estimate == pytest.approx(theirs, abs=ROUNDING)


@pytest.mark.parametrize(
    ("name", "level", "alpha"),
    [
        ("holes", "nominal", -0.012010221465076798),
        ("holes", "ordinal", 0.5591180147050778),
        ("holes", "interval", 0.579303863039274),
        ("pairs", "nominal", -0.01744186046511631),
        ("pairs", "ordinal", 0.42005673076923067),
        ("pairs", "interval", 0.49091536565324556),
    ],
)
def test_krippendorffs_alpha_is_that_of_the_package_krippendorff(name, level, alpha):
    table = given(name)
    ours = krippendorff_alpha(table, unit="unit", level=level, n_boot=FEW)
    assert ours.estimate == pytest.approx(alpha, abs=ROUNDING)
    assert np.isfinite(ours.tidy()["std_error"][0])
