"""How often a true null is rejected, and how often the set holds the truth."""

import numpy as np
import pytest

from cvln_eval.inference.wild import wild_p_values

# 2,000 runs: a share of .05 has a standard error of .0049, and three of them are this.
CHANCE = 0.015


def rejected(clusters, treated, *, effect=0.0, null_value=0.0, runs=2000, **given):
    rng = np.random.default_rng(clusters)
    codes = np.repeat(np.arange(clusters), 6)
    x = np.column_stack([np.ones(len(codes)), codes < treated])
    noise = rng.normal(size=(clusters, runs))[codes] / 3 + rng.normal(size=(len(codes), runs))
    y = effect * x[:, [1]] + noise
    p = wild_p_values(y, x, codes, 1, null_value=null_value, **given)
    return np.mean(p <= 0.05)


@pytest.mark.parametrize("draws", ["rademacher", "webb"])
@pytest.mark.parametrize("impose_null", [True, False])
def test_size_is_the_nominal_with_ten_of_twenty_treated(draws, impose_null):
    found = rejected(20, 10, draws=draws, impose_null=impose_null, n_draws=199)
    assert found == pytest.approx(0.05, abs=CHANCE)


def test_a_true_null_other_than_nought_is_rejected_as_rarely():
    found = rejected(20, 10, effect=2.0, null_value=2.0, n_draws=199)
    assert found == pytest.approx(0.05, abs=CHANCE)


def test_an_effect_is_found():
    assert rejected(20, 10, effect=2.0, n_draws=199) > 0.95


def test_two_of_five_treated_show_what_draws_can_and_cannot_do():
    assert rejected(5, 2) == 0
    # Webb's draws go below .05, but reject too often: .084 of 10,000 runs in the docstring
    assert 0.06 < rejected(5, 2, draws="webb", n_draws=9999, runs=1000) < 0.115


def test_one_treated_of_twenty_fails_both_ways():
    assert rejected(20, 1, n_draws=199, runs=400) == 0
    assert rejected(20, 1, n_draws=199, runs=400, impose_null=False) > 0.4
