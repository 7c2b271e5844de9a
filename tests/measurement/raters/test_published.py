"""Tables and coefficients as printed in the literature."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.measurement.raters import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    intraclass_correlation,
    krippendorff_alpha,
)

FEW = 20  # resamples, where the test is not about them
FIVE_DIGITS = 0.000006  # printed with five digits
SEVEN_DIGITS = 0.00000006
THREE_DIGITS = 0.0006
TWO_DIGITS = 0.006

NO = np.nan
# Krippendorff (2011): 12 units, 4 observers; also in Gwet (2014), which prints errors for it.
TWELVE = [
    [1, 1, NO, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [NO, 5, 5, 5],
    [NO, NO, 1, 1],
    [NO, NO, 3, NO],
]

# Fleiss (1971), table 1: 30 patients by 6 psychiatrists; depression, personality disorder,
# schizophrenia, neurosis, other.
DIAGNOSES = [
    "00060",
    "03003",
    "01401",
    "00006",
    "03030",
    "20400",
    "00402",
    "20310",
    "20040",
    "00006",
    "10050",
    "11040",
    "03300",
    "10050",
    "02031",
    "00501",
    "30012",
    "51000",
    "02040",
    "10203",
    "00006",
    "01050",
    "02013",
    "20040",
    "10041",
    "05010",
    "40002",
    "02040",
    "10500",
    "00006",
]


def patients(counts):
    """Six ratings a patient, in the order of the categories: who said what is not printed."""
    return [[k for k, n in enumerate(row) for _ in range(int(n))] for row in counts]


@pytest.mark.parametrize(
    ("level", "alpha"),
    [
        ("nominal", 0.743421052631579),
        ("ordinal", 0.8153875037548814),
        ("interval", 0.8491071428571428),
        ("ratio", 0.7974027747116121),
    ],
)
def test_krippendorffs_twelve_units(long, level, alpha):
    # Printed: .743, .815, .849, .797; the further digits are those of krippendorff 0.9.0.
    found = krippendorff_alpha(long(TWELVE), unit="unit", level=level, n_boot=FEW)
    assert found.estimate == pytest.approx(alpha, abs=1e-12)
    row = found.tidy().iloc[0]
    assert (row["n_units"], row["n_units_left_out"]) == (11, 1)
    assert (row["n_raters"], row["n_ratings"]) == (4, 40)


@pytest.mark.parametrize(
    ("function", "estimate", "std_error", "conf_low", "expected"),
    [
        (gwet_ac, 0.77544, 0.14295, 0.461, 0.1903212),
        (fleiss_kappa, 0.76117, 0.15302, 0.424, 0.2387153),
        (conger_kappa, 0.76282, 0.14917, 0.435, 0.2334252),
        (brennan_prediger, 0.77273, 0.14472, 0.454, 0.2),
    ],
)
def test_gwets_twelve_subjects_with_missing_ratings(
    long, function, estimate, std_error, conf_low, expected
):
    row = function(long(TWELVE), unit="unit", n_boot=FEW).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(estimate, abs=FIVE_DIGITS)
    assert row["std_error"] == pytest.approx(std_error, abs=FIVE_DIGITS)
    assert row["conf_low"] == pytest.approx(conf_low, abs=THREE_DIGITS)
    assert row["conf_high"] == 1
    assert row["agreement_observed"] == pytest.approx(0.8181818, abs=SEVEN_DIGITS)
    assert row["agreement_expected"] == pytest.approx(expected, abs=SEVEN_DIGITS)


@pytest.mark.parametrize(
    ("function", "weights", "observed", "expected", "estimate", "std_error", "conf_low"),
    [
        (gwet_ac, "linear", 0.939, 0.571, 0.859, 0.117, 0.600),
        (gwet_ac, "ordinal", 0.968, 0.685, 0.899, 0.107, 0.664),
        (gwet_ac, "quadratic", 0.975, 0.714, 0.914, 0.104, 0.685),
        (conger_kappa, "linear", 0.939, 0.675, 0.814, 0.145, 0.494),
        (conger_kappa, "ordinal", 0.968, 0.796, 0.844, 0.144, 0.526),
        (conger_kappa, "quadratic", 0.975, 0.827, 0.858, 0.144, 0.541),
    ],
)
def test_gwets_twelve_subjects_weighted(
    long, function, weights, observed, expected, estimate, std_error, conf_low
):
    row = function(long(TWELVE), unit="unit", weights=weights, n_boot=FEW).tidy().iloc[0]
    columns = ["agreement_observed", "agreement_expected", "estimate", "std_error", "conf_low"]
    printed = [observed, expected, estimate, std_error, conf_low]
    assert row[columns].astype(float).to_numpy() == pytest.approx(printed, abs=THREE_DIGITS)


def test_fleiss_diagnoses(long):
    found = fleiss_kappa(long(patients(DIAGNOSES)), unit="unit", n_boot=FEW)
    row = found.glance().iloc[0]
    assert row["estimate"] == pytest.approx(0.430, abs=THREE_DIGITS)
    assert row["agreement_observed"] == pytest.approx(0.556, abs=THREE_DIGITS)
    assert row["agreement_expected"] == pytest.approx(0.220, abs=THREE_DIGITS)
    assert row["statistic"] == pytest.approx(17.7, abs=0.06)
    assert row["p_value"] < 1e-60
    assert "z = 17.65, p < .001" in found.sentence()


@pytest.mark.parametrize(
    ("function", "estimate", "std_error"),
    [
        (gwet_ac, 0.4448007, 0.08418757),
        (fleiss_kappa, 0.4139265, 0.08119291),
        (brennan_prediger, 0.4388889, 0.08312142),
    ],
)
def test_the_first_fifteen_diagnoses_as_gwet_prints_them(long, function, estimate, std_error):
    row = function(long(patients(DIAGNOSES[:15])), unit="unit", n_boot=FEW).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(estimate, abs=SEVEN_DIGITS)
    assert row["std_error"] == pytest.approx(std_error, abs=SEVEN_DIGITS)


@pytest.mark.parametrize(
    ("function", "estimate", "std_error"),
    [
        (conger_kappa, 0.7964094, 0.05891072),
        (fleiss_kappa, 0.7962397, 0.05905473),
        (gwet_ac, 0.8493305, 0.04321747),
        (brennan_prediger, 0.835, 0.04693346),
    ],
)
def test_the_hundred_abstracts_of_two_raters_as_gwet_prints_them(
    long, function, estimate, std_error
):
    # Gwet (2014): 100 women by 2 abstractors; ectopic, abnormal and normal intrauterine pregnancy.
    cells = [(0, 0, 13), (1, 1, 20), (1, 2, 7), (2, 1, 4), (2, 2, 56)]
    table = long([[a, b] for a, b, n in cells for _ in range(n)])
    row = function(table, unit="unit", n_boot=FEW).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(estimate, abs=SEVEN_DIGITS)
    # For a table of two raters Gwet divides by n, for more raters by n - 1, as is done here.
    assert row["std_error"] * np.sqrt(99 / 100) == pytest.approx(std_error, abs=SEVEN_DIGITS)


def test_cohens_kappa_of_the_hundred_abstracts(long):
    cells = [(0, 0, 13), (1, 1, 20), (1, 2, 7), (2, 1, 4), (2, 2, 56)]
    table = long([[a, b] for a, b, n in cells for _ in range(n)])
    row = cohen_kappa(table, unit="unit", n_boot=FEW).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(0.7964094, abs=SEVEN_DIGITS)
    assert row["std_error"] == pytest.approx(0.05891072, abs=SEVEN_DIGITS)
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([0.68, 0.913], abs=0.0021)


def test_shrout_and_fleiss_six_subjects_four_judges(long):
    scores = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass_correlation(long(scores), unit="unit")
    table = found.tidy().set_index("coefficient")
    printed = {
        "ICC(1,1)": 0.17,
        "ICC(2,1)": 0.29,
        "ICC(3,1)": 0.71,
        "ICC(1,k)": 0.44,
        "ICC(2,k)": 0.62,
        "ICC(3,k)": 0.91,
    }
    assert table["estimate"].to_dict() == pytest.approx(printed, abs=TWO_DIGITS)
    assert isinstance(table, pd.DataFrame)
    # Their table 3: MS of targets 11.24, within 6.26, judges 32.49, residual 1.02.
    units, raters, residual = found.variances
    assert residual == pytest.approx(1.02, abs=TWO_DIGITS)
    assert 4 * units + residual == pytest.approx(11.24, abs=TWO_DIGITS)
    assert 6 * raters + residual == pytest.approx(32.49, abs=TWO_DIGITS)
    assert table.loc["ICC(2,1)", ["df1", "df2"]].tolist() == [5, 15]
    assert table.loc["ICC(1,1)", ["df1", "df2"]].tolist() == [5, 18]
