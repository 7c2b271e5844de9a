"""Against sna: `tests/reference/networks_dyads/make.R`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of

from cvln_eval.networks.dyads import logistic_qap, mrqap, qap_correlation

REFERENCE = Path(__file__).parents[2] / "reference" / "networks_dyads"
# sna and this package both compute in double precision, by other factorings.
EXACT = 1e-9
# glm stops when the deviance changes by less than 1e-8 of itself.
GLM = 1e-5
# Four standard errors of the difference of two simulated p near .1, of 10,000 and 4,999 draws.
SIMULATED = 4 * np.sqrt(0.1 * 0.9 * (1 / 10_000 + 1 / 4_999))
# netlogit compares Wald's z of 2,000 fits, this package a score test: near, not the same.
OTHER_TEST = 0.04
TERMS = ("before", "same", "apart")


def matrices():
    cells = pd.read_csv(REFERENCE / "cells.csv")
    found = {}
    for name in ("now", *TERMS):
        found[name] = np.zeros((18, 18))
        found[name][cells["sender"] - 1, cells["receiver"] - 1] = cells[name]
    return found


def expected(model):
    table = pd.read_csv(REFERENCE / "regressions.csv").set_index(["model", "term"])
    return table.loc[model]


def compare(found, model, tolerance, p_tolerance):
    table, reference = found.tidy().set_index("term"), expected(model)
    for term in reference.index:
        want = reference.loc[term]
        assert table.loc[term, "estimate"] == pytest.approx(want["estimate"], abs=tolerance)
        if term != "intercept":
            if model != "logistic":
                assert table.loc[term, "statistic"] == pytest.approx(want["statistic"], abs=EXACT)
            if pd.notna(want["p_value"]):
                assert table.loc[term, "p_value"] == pytest.approx(want["p_value"], abs=p_tolerance)


@pytest.mark.parametrize(("model", "method"), [("dsp", "dsp"), ("y", "y")])
def test_netlm(model, method):
    """`netlm(now, x, nullhyp = "qapspp" (or "qapy"), test.statistic = "t-value")`."""
    found = matrices()
    now = network_of(found.pop("now"))
    compare(mrqap(now, terms=found, method=method), model, EXACT, SIMULATED)


def test_netlm_of_undirected_ties():
    """`netlm(either(now), xu, mode = "graph", nullhyp = "qapspp")`."""
    found = matrices()
    now, before = (np.maximum(found[name], found[name].T) for name in ("now", "before"))
    terms = {"before": before, "same": found["same"], "apart": found["apart"]}
    compare(mrqap(network_of(now, directed=False), terms=terms), "undirected", EXACT, SIMULATED)


def test_netlm_with_rows_that_are_not_known():
    """`netlm(silent, x, nullhyp = "classical")`, rows 3 and 11 NA."""
    found = matrices()
    now = found.pop("now")
    answered = ~np.isin(np.arange(18), [2, 10])
    now[~answered] = 0
    compare(mrqap(network_of(now, answered=answered), terms=found), "silent", EXACT, SIMULATED)


def test_netlogit():
    """`netlogit((now > 0) * 1, x, nullhyp = "qapspp")`."""
    found = matrices()
    now = network_of(found.pop("now"))
    compare(logistic_qap(now, terms=found), "logistic", GLM, OTHER_TEST)


def test_fits_of_lm_and_glm():
    """`summary(lm(...))$r.squared`, `$adj.r.squared`; `logLik(glm(..., family = binomial))`."""
    found = matrices()
    now = network_of(found.pop("now"))
    want = pd.read_csv(REFERENCE / "fits.csv").set_index("quantity")["value"]
    linear = mrqap(now, terms=found, n_draws=1).fits().iloc[0]
    logistic = logistic_qap(now, terms=found, n_draws=1).fits().iloc[0]
    for name in ("r_squared", "r_squared_adjusted"):
        assert linear[name] == pytest.approx(want[name], abs=EXACT)
    assert logistic["log_likelihood"] == pytest.approx(want["log_likelihood"], abs=EXACT)


def test_gcor_and_qaptest():
    """`qaptest(list(now, x), gcor, g1 = 1, g2 = 2, reps = 5000)`."""
    found = matrices()
    now = network_of(found.pop("now"))
    table = qap_correlation(now, terms=found).tidy().set_index("term")
    want = pd.read_csv(REFERENCE / "correlations.csv").set_index("pair")
    for term in TERMS:
        row = want.loc[f"now_{term}"]
        assert table.loc[term, "estimate"] == pytest.approx(row["r"], abs=EXACT)
        assert table.loc[term, "p_value"] == pytest.approx(row["p_value"], abs=SIMULATED)
