"""Confirmatory factor models against lavaan.

`cfa(model, answers, std.lv = TRUE, meanstructure = TRUE, missing = "listwise" or "fiml",
likelihood = "normal")`, `fitMeasures`, `standardizedSolution`, `modindices`, and semTools'
`reliability`: tests/reference/cfa/make.R.
"""

from pathlib import Path

import pandas as pd
import pytest

from cvln_eval.measurement.structure import confirmatory_factors

HERE = Path(__file__).resolve().parents[2] / "reference" / "cfa"
ANSWERS = pd.read_csv(HERE / "answers.csv")
EXPECTED = pd.read_csv(HERE / "expected.csv")
# Both stop where the gradient is small; lavaan's optimiser stops somewhat earlier than ours.
FIT = 1e-6
ESTIMATE = 1e-5
# An index is a quotient of small numbers at the stopping point.
INDEX = 1e-3
NAMES = {
    "npar": "n_free",
    "chisq": "statistic",
    "pvalue": "p_value",
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
    "logl": "log_likelihood",
}


def three(k):
    return {
        "one": [f"{k}{i}" for i in (1, 2, 3)],
        "two": [f"{k}{i}" for i in (4, 5, 6)],
        "three": [f"{k}{i}" for i in (7, 8, 9)],
    }


def single(k):
    return {"one": [f"{k}{i}" for i in range(1, 6)]}


RUNS = {
    "complete": (three("x"), "fiml"),
    "listwise": (three("m"), "listwise"),
    "fiml": (three("m"), "fiml"),
    "single_complete": (single("x"), "listwise"),
    "single_fiml": (single("m"), "fiml"),
}


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    factors, missing = RUNS[request.param]
    model = confirmatory_factors(ANSWERS, factors=factors, missing=missing)
    expected = EXPECTED[EXPECTED["run"] == request.param]
    return model, {what: rows.set_index("name") for what, rows in expected.groupby("what")}


def test_fit_is_lavaans(run):
    model, expected = run
    ours, theirs = model.glance().iloc[0], expected["fit"]["estimate"]
    for name, value in theirs.items():
        assert ours[NAMES.get(name, name)] == pytest.approx(value, abs=FIT), name


def test_standardised_loadings_and_correlations_are_lavaans_with_their_errors(run):
    model, expected = run
    loadings, pairs = model.tidy(), model.correlations()
    loadings.index = loadings["factor"] + " =~ " + loadings["item"]
    pairs.index = pairs["factor"] + " ~~ " + pairs["other_factor"]
    ours, theirs = pd.concat([loadings, pairs]), expected["standardised"]
    assert set(ours.index) == set(theirs.index)
    for name in ("estimate", "std_error"):
        assert ours[name].to_dict() == pytest.approx(theirs[name].to_dict(), abs=ESTIMATE)


def test_omega_is_semtools_from_the_model(run):
    model, expected = run
    ours = model.omega().set_index("factor")["estimate"].to_dict()
    assert ours == pytest.approx(expected["omega"]["estimate"].to_dict(), abs=ESTIMATE)


def test_modification_indices_and_expected_changes_are_lavaans(run):
    model, expected = run
    ours = model.modifications().set_index("parameter")
    for name, what in (("statistic", "modification"), ("expected_change", "change")):
        theirs = expected[what]["estimate"].to_dict()
        assert ours[name].to_dict() == pytest.approx(theirs, abs=INDEX)
