"""Logistic regression of ties: estimates, score tests by brute force, separation."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, newton, people_of, score, some_ties
from scipy.special import expit

from cvln_eval.networks.dyads import logistic_qap, same

ROUNDING = 1e-8
OFF = ~np.eye(5, dtype=bool)


@pytest.fixture
def five():
    rng = np.random.default_rng(12)
    return [some_ties(5, rng, 0.5) for _ in range(3)]


def test_the_odds_ratio_by_hand():
    # Same team: 3 ties of 4 pairs; else 1 of 8: odds 3 and 1/7.
    people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    y = np.array([[0, 3, 1, 0], [2, 0, 0, 0], [0, 0, 0, 4], [0, 0, 0, 0]])
    row = logistic_qap(network_of(y, people=people), terms=[same("team_id")]).tidy().iloc[1]
    assert row["odds_ratio"] == pytest.approx(21)
    assert np.log(row["odds_ratio_low"]) == pytest.approx(row["conf_low"])
    assert row["n_draws"] == 24


def test_estimates_are_those_of_newtons_steps(five):
    y, first, second = five
    found = logistic_qap(network_of(y), terms={"a": first, "b": second}, n_draws=9)
    x = np.column_stack([np.ones(20), first[OFF], second[OFF]])
    tied = (y[OFF] > 0).astype(float)
    expected = newton(x, tied)
    np.testing.assert_allclose(found.tidy()["estimate"], expected, atol=ROUNDING)
    p = expit(x @ expected)
    likelihood = np.sum(np.log(np.where(tied == 1, p, 1 - p)))
    assert found.fits()["log_likelihood"].item() == pytest.approx(likelihood)


@pytest.mark.parametrize("which", [0, 1])
def test_the_score_test_of_all_permutations_by_definition(five, which):
    y, *terms = five
    found = logistic_qap(network_of(y), terms={"a": terms[0], "b": terms[1]}, n_draws=120)
    x = np.column_stack([np.ones(20), terms[1 - which][OFF]])
    own, tied = terms[which][OFF], (y[OFF] > 0).astype(float)
    residual = np.zeros((5, 5))
    residual[OFF] = own - x @ np.linalg.lstsq(x, own, rcond=None)[0]
    expected = [
        score(residual[np.ix_(order, order)][OFF], x, tied)
        for order in map(list, permutations(range(5)))
    ]
    draws = found.null_distribution().set_index("term").loc["ab"[which], "statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    row = found.tidy().iloc[1 + which]
    assert row["statistic"] == pytest.approx(score(own, x, tied))
    share = np.mean(np.abs(expected) >= abs(row["statistic"]) - ROUNDING)
    assert row["p_value"] == pytest.approx(share)


def test_a_term_that_separates_is_tested_but_not_estimated():
    rng = np.random.default_rng(3)
    people = people_of(9, rng, (2, 3, 4))
    team = people["team_id"].to_numpy()
    y = (team[:, None] == team) * some_ties(9, rng, 0.7)
    found = logistic_qap(
        network_of(y, people=people), terms={"same": same("team_id"), "x": some_ties(9, rng)}
    )
    table = found.tidy().set_index("term")
    assert table["estimate"].isna().all()
    assert "no estimate has a bound" in table.loc["same (1)", "reason"]
    assert table.loc["same (1)", "p_value"] < 0.01
    # Without x the team still separates, so that x has no test.
    assert np.isnan(table.loc["x", "p_value"])
    assert "no test of this one" in table.loc["x", "reason"]


def test_strengths_do_not_matter(five):
    y, first, _ = five
    valued = logistic_qap(network_of(y), terms={"a": first}, n_draws=50).tidy()
    binary = logistic_qap(network_of(y > 0), terms={"a": first}, n_draws=50).tidy()
    pd.testing.assert_frame_equal(valued, binary)


def test_silent_people_and_single_unknown_cells(five):
    y, first, second = five
    first[0, 1] = np.nan
    found = logistic_qap(network_of(y), terms={"a": first, "b": second}, n_draws=120)
    mask = OFF & np.isfinite(first)
    x = np.column_stack([np.ones(19), second[mask]])
    own, tied = first[mask], (y[mask] > 0).astype(float)
    residual = np.zeros((5, 5))
    residual[mask] = own - x @ np.linalg.lstsq(x, own, rcond=None)[0]
    expected = [
        score(residual[np.ix_(order, order)][mask], x, tied)
        for order in map(list, permutations(range(5)))
    ]
    draws = found.null_distribution().set_index("term").loc["a", "statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)


def test_a_true_effect_is_found_and_its_interval_holds_it():
    rng = np.random.default_rng(20)
    people = people_of(40, rng, (4, 6, 8, 10, 12))
    team = people["team_id"].to_numpy()
    logit = -2 + 1.5 * (team[:, None] == team)
    estimates = []
    for _ in range(20):
        y = rng.random((40, 40)) < expit(logit)
        np.fill_diagonal(y, 0)
        row = logistic_qap(network_of(y, people=people), terms=[same("team_id")], n_draws=99)
        estimates.append(row.tidy().loc[1, ["estimate", "p_value", "conf_low", "conf_high"]])
    table = pd.DataFrame(estimates).astype(float)
    # The error of one estimate is about .15; four standard errors of the mean of 20.
    assert table["estimate"].mean() == pytest.approx(1.5, abs=4 * 0.15 / np.sqrt(20))
    assert (table["p_value"] == 0.01).all()
    assert ((table["conf_low"] < 1.5) & (table["conf_high"] > 1.5)).mean() >= 0.75


@pytest.mark.parametrize("y", [np.zeros((5, 5)), np.ones((5, 5)) - np.eye(5)])
def test_no_ties_or_all_ties_have_a_reason(y, five):
    table = logistic_qap(network_of(y), terms={"a": five[1]}).tidy()
    assert table[["estimate", "odds_ratio", "p_value"]].isna().all(axis=None)
    assert table["reason"].str.startswith("all pairs have the same outcome").all()
