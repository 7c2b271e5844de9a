"""Measurement invariance against lavaan under the same constraints.

`lavaan(syntax, wide, likelihood = "normal", missing = "listwise" or "fiml")`, `fitMeasures`,
`lavTestLRT`, `lavTestScore`: tests/reference/invariance/make.R.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.measurement.structure import measurement_invariance

HERE = Path(__file__).resolve().parents[2] / "reference" / "invariance"
ANSWERS = pd.read_csv(HERE / "answers.csv")
EXPECTED = pd.read_csv(HERE / "expected.csv")
# Both stop where the gradient is small; what is left is of this size.
FIT = 1e-6
ESTIMATE = 1e-5
# A score is taken at the stopping point, where its error is of first order.
SCORE = 1e-4
ITEMS = {"complete": ["i1", "i2", "i3", "i4"], "missing": ["m1", "m2", "m3", "m4"]}
NAMES = {
    "npar": "n_free",
    "chisq": "statistic",
    "pvalue": "p_value",
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
    "logl": "log_likelihood",
}


@pytest.fixture(scope="module", params=ITEMS)
def run(request):
    found = measurement_invariance(ANSWERS, items=ITEMS[request.param], strict=True)
    return found, EXPECTED[EXPECTED["run"] == request.param]


def rows(expected, what):
    return expected[expected["what"] == what]


def test_fit_of_each_step_is_lavaans(run):
    found, expected = run
    ours = found.tidy().set_index("step")
    steps = ["configural", "metric", "scalar", "partial scalar", "partial strict"]
    assert list(ours.index) == steps
    for row in rows(expected, "fit").itertuples():
        value = ours.loc[row.step, NAMES.get(row.name, row.name)]
        assert value == pytest.approx(row.estimate, abs=FIT), (row.step, row.name)


def test_differences_between_steps_are_lavaans(run):
    found, expected = run
    ours = found.tidy().set_index("step")
    for row in rows(expected, "difference").itertuples():
        assert ours.loc[row.step, row.name] == pytest.approx(row.estimate, abs=FIT), row.step


def test_means_of_the_factor_are_lavaans_with_their_errors(run):
    found, expected = run
    theirs = rows(expected, "mean").query("step == 'partial scalar'").set_index("name")
    ours = found.means().set_index("wave").loc[["w2", "w3"]]
    for name in ("estimate", "std_error"):
        assert np.allclose(ours[name], theirs[name], rtol=0, atol=ESTIMATE)


@pytest.mark.parametrize(
    ("what", "column"), [("search", "statistic"), ("score", "score_statistic")]
)
def test_the_search_gives_lavaans_tests_of_each_item(run, what, column):
    found, expected = run
    ours = found.search().query("search_round == 1")[column].to_numpy()
    assert np.allclose(ours, rows(expected, what)["estimate"], rtol=0, atol=SCORE)


def test_the_item_planted_in_the_reference_is_named(run):
    found, _ = run
    assert found.level == "partial scalar"
    assert found.glance()["freed"].item() in ("i2", "m2")
