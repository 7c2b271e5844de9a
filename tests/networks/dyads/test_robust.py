"""The dyadic-robust variance against its definition, pair by pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, some_ties
from scipy import stats

from cvln_eval.networks.dyads import mrqap
from cvln_eval.networks.dyads.robust import dyadic_variance
from cvln_eval.networks.panel import panel_of


def sent(n, rng):
    """Return ties of people who differ in how much they send."""
    ties = some_ties(n, rng, 0.6) * rng.gamma(0.5, 2, (n, 1))
    return np.round(ties, 1)


def by_definition(x, residual, sender, receiver, n):
    """Return the errors of B M B n / (n - 1), two cells with a person in common once."""
    bread = np.linalg.inv(x.T @ x)
    meat = np.zeros_like(bread)
    for d in range(len(x)):
        for e in range(len(x)):
            if {sender[d], receiver[d]} & {sender[e], receiver[e]}:
                meat += np.outer(x[d], x[e]) * residual[d] * residual[e]
    variance = np.diag(bread @ meat @ bread * n / (n - 1))
    return np.sqrt(np.where(variance >= 0, variance, np.nan))


@pytest.mark.parametrize("directed", [True, False])
def test_every_two_cells_with_a_person_in_common_count_once(directed):
    rng = np.random.default_rng(1)
    y, term = sent(12, rng), sent(12, rng)
    mask = ~np.eye(12, dtype=bool)
    if not directed:
        y, term, mask = np.maximum(y, y.T), np.maximum(term, term.T), np.triu(mask)
    found = mrqap(network_of(y, directed=directed), terms={"x": term}, n_draws=9).tidy()
    x = np.column_stack([np.ones(mask.sum()), term[mask]])
    residual = y[mask] - x @ np.linalg.lstsq(x, y[mask], rcond=None)[0]
    sender, receiver = np.nonzero(mask)
    expected = by_definition(x, residual, sender, receiver, 12)
    np.testing.assert_allclose(found["std_error"], expected)
    times = stats.t.ppf(0.975, 11)
    np.testing.assert_allclose(found["conf_high"], found["estimate"] + times * expected)


def test_a_person_is_the_same_in_all_waves():
    rng = np.random.default_rng(2)
    waves = [network_of(sent(12, rng), wave=wave) for wave in "12"]
    term = sent(12, rng)
    found = mrqap(panel_of(waves), terms={"x": term}, pooled=True, n_draws=9).tidy()
    mask = ~np.eye(12, dtype=bool)
    y = np.concatenate([np.nan_to_num(one.matrix())[mask] for one in waves])
    second = np.repeat([0.0, 1.0], 132)
    x = np.column_stack([1 - second, second, np.tile(term[mask], 2)])
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    sender, receiver = (np.tile(end, 2) for end in np.nonzero(mask))
    expected = by_definition(x, residual, sender, receiver, 12)
    np.testing.assert_allclose(found["std_error"], expected)


def test_a_variance_below_0_is_no_standard_error():
    # a sends +1 to b and gets -1 back, and the same among c and d: each dyad adds up to 0.
    scores = np.array([[1.0], [-1.0], [1.0], [-1.0], [2.0]])
    sender, receiver = np.array([0, 1, 2, 3, 0]), np.array([1, 0, 3, 2, 2])
    # Only the last cell's dyad is not 0: people 0 and 2 have 2 each, 4 + 4 - 4 = 4, times 4 / 3.
    found = dyadic_variance(scores, np.eye(1), sender, receiver, 4)
    assert found.item() == pytest.approx(16 / 3)
    scores = np.array([[1.0], [-1.0], [0.0]])
    # 0 -> 1 is 1, 0 -> 2 is -1: people 0, 1, 2 have 0, 1, -1; 2 less two dyads of 1 is 0.
    sender, receiver = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert dyadic_variance(scores, np.eye(1), sender, receiver, 3).item() == 0


def test_a_negative_variance_is_said():
    rng = np.random.default_rng(1)
    y, term = some_ties(6, rng, 0.6), some_ties(6, rng, 0.6)
    found = mrqap(network_of(y), terms={"x": term}, n_draws=9).tidy()
    without = found[found["std_error"].isna()]
    assert len(without)
    assert without[["conf_low", "conf_high"]].isna().all(axis=None)
    assert without["reason"].str.contains("no standard error").all()
    assert pd.notna(found.loc[1, "p_value"])
