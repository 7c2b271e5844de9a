"""Beside spatialreg, sna, glm and lm in R; see tests/reference/networks_persons/make.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import Network
from cvln_eval.networks.persons import influence, p1, permutation_anova, permutation_regression

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "networks_persons"
# Files carry 15 digits; both solve the same least squares.
SOLVED = {"rtol": 1e-9, "atol": 1e-10}
# R's searches for rho end at a relative tolerance of about 1e-8 of the likelihood's argument.
SEARCHED = {"rtol": 3e-6, "atol": 1e-7}
# lnam stops its search earlier.
SNA = {"rtol": 2e-5, "atol": 1e-6}
# glm ends where the deviance moves by 1e-14 of itself.
CONVERGED = {"rtol": 1e-6, "atol": 1e-8}
NUMBERS = ["estimate", "std_error"]
FITS = {"lag": ("lagsarlm", "lnam lag"), "disturbance": ("errorsarlm", "lnam disturbance")}


def of(expected, source):
    return expected.loc[[source]].set_index("term")


@pytest.mark.parametrize("model", FITS)
def test_autocorrelation_is_that_of_spatialreg_and_sna(reference, expected, model):
    # lagsarlm(trust ~ tenure + level + alone, people, neighbours, zero.policy = TRUE)
    # errorsarlm(trust ~ tenure + level, people, neighbours, zero.policy = TRUE)
    found = influence(reference, outcome="trust", terms=["tenure", "level"], model=model)
    rows = found.tidy().set_index("term")
    spatialreg, sna = (of(expected, source) for source in FITS[model])
    assert sorted(rows.index) == sorted(spatialreg.index)
    both = rows.loc[spatialreg.index, NUMBERS]
    np.testing.assert_allclose(both, spatialreg[NUMBERS], **SEARCHED)
    np.testing.assert_allclose(
        rows.loc["rho", "statistic"], spatialreg.loc["rho", "statistic"], **SEARCHED
    )
    # lnam(trust, x, W1 = weights) and W2 = weights; its errors are of the observed information
    np.testing.assert_allclose(rows.loc[sna.index, "estimate"], sna["estimate"], **SNA)
    likelihood = of(expected, f"loglik {model}")["estimate"].item()
    np.testing.assert_allclose(found.glance()["log_likelihood"], likelihood, rtol=1e-10)


@pytest.mark.parametrize(("blocks", "source"), [(None, "lm"), ("team_id", "lm within teams")])
def test_a_regression_has_the_coefficients_of_lm(reference, expected, blocks, source):
    # summary(lm(trust ~ tenure + level [+ team_id], people))
    terms = ["tenure", "level"]
    result = permutation_regression(
        reference, outcome="trust", terms=terms, blocks=blocks, n_draws=9
    )
    rows, r = result.tidy().set_index("term"), of(expected, source)
    model = r.loc["model"] if "model" in r.index else None
    r = r.drop(index="model", errors="ignore")
    columns = [*NUMBERS, "statistic"]
    np.testing.assert_allclose(rows.loc[r.index, columns], r[columns], **SOLVED)
    assert ("Intercept" in rows.index) == (blocks is None)
    if model is not None:
        seen = rows.loc["model", ["r_squared", "r_squared_adjusted", "statistic"]].astype(float)
        np.testing.assert_allclose(seen, model.astype(float), **SOLVED)


def test_an_analysis_of_variance_is_that_of_lm(reference, expected):
    # anova(lm(trust ~ team_id, people))
    rows = permutation_anova(reference, outcome="trust", n_draws=9).tidy().set_index("term")
    r = of(expected, "anova")
    np.testing.assert_allclose(rows.loc[r.index, "sum_of_squares"], r["estimate"], **SOLVED)
    assert rows.loc[r.index, "df"].tolist() == r["std_error"].tolist()
    np.testing.assert_allclose(
        rows.loc["team_id", "statistic"], r.loc["team_id", "statistic"], **SOLVED
    )


def test_p1_is_the_log_linear_model_of_dyads(expected):
    # glm(count ~ 0 + pair + design, family = poisson), effects that sum to 0
    arcs = pd.read_csv(REFERENCE / "p1_arcs.csv").to_numpy()
    people = pd.DataFrame({"person_id": [f"p{i:02}" for i in range(len(arcs))]})
    ends = np.nonzero(arcs)
    network = Network("1", "x", people, *ends, np.ones(len(ends[0])), np.ones(len(arcs), bool))
    rows, r = p1(network).tidy(), of(expected, "p1")
    number = rows["person_id"].str[1:].replace("", "-1").astype(int) + 1
    rows["term"] = rows["term"] + np.where(number > 0, " " + number.astype("str"), "")
    rows = rows.set_index("term").loc[r.index]
    np.testing.assert_allclose(rows["estimate"], r["estimate"], **CONVERGED)
    there = r["std_error"].notna()
    assert there.sum() == len(r) - 2
    np.testing.assert_allclose(rows.loc[there, "std_error"], r.loc[there, "std_error"], rtol=1e-6)
    np.testing.assert_allclose(rows.loc["rho", "statistic"], r.loc["rho", "statistic"], rtol=1e-7)
