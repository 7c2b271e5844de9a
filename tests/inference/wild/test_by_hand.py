"""Three clusters of one row, whose eight sign vectors can be written down."""

import math

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.wild import wild_bootstrap

# Bounds are found by halving a step of a quarter of a standard error 45 times.
HALVED = 1e-7
THREE = pd.DataFrame({"team_id": list("abc"), "change": [1.0, 2.0, 6.0]})


def mean_test(**given):
    return wild_bootstrap(THREE, formula="change ~ 1", term="Intercept", **given)


def test_statistic_is_that_of_a_mean():
    # mean 3, deviations -2, -1, 3; with CR1 the variance of the mean is 14 / 2 / 3
    found = mean_test()
    assert found.estimate == pytest.approx(3)
    assert found.std_error == pytest.approx(math.sqrt(7 / 3))
    assert found.statistic == pytest.approx(3 / math.sqrt(7 / 3))
    assert mean_test(null_value=2.0).statistic == pytest.approx(1 / math.sqrt(7 / 3))


@pytest.mark.parametrize(
    ("null_value", "p_value"),
    [
        # t is monotone in the sum of the residuals under the null with their signs.
        # 1, 2, 6: |sums| 9, 3, 5, 7, each twice; 2 of 8 reach the sample's 9
        (0.0, 2 / 8),
        # 0, 1, 5: the first sign does not matter; 6 or 4; 4 of 8 reach 6
        (1.0, 4 / 8),
        # -1, 0, 4: |sums| 3 or 5, the sample has 3
        (2.0, 1.0),
        # -0.2, 0.8, 4.8: 5.4 (sample), 5.8, 4.2, 3.8; 4 of 8
        (1.2, 4 / 8),
        (7.0, 2 / 8),
    ],
)
def test_p_counts_sign_vectors_ties_among_them(null_value, p_value):
    found = mean_test(null_value=null_value)
    assert (found.n_draws, found.enumerated) == (8, True)
    assert found.p_value == p_value
    assert found.smallest_p == 2 / 8


def test_set_has_the_values_whose_p_is_above():
    # below 1 and above 6 all residuals have one sign and p is .25; from 1 to 6 it is .5 or more
    found = mean_test(conf_level=0.6)
    assert found.conf_low == pytest.approx(1, abs=HALVED)
    assert found.conf_high == pytest.approx(6, abs=HALVED)
    assert found.reason == ""
    # .25 is not above .25, so that a set of 75% is the same, and one of 80% is the whole line
    assert mean_test(conf_level=0.75).conf_low == pytest.approx(1, abs=HALVED)
    assert mean_test(conf_level=0.8).conf_low == -math.inf
    assert mean_test(conf_level=0.8).conf_high == math.inf
    assert mean_test(conf_level=0.8).reason.startswith("p is never below 0.25 here")


def test_without_the_null_residuals_are_those_of_the_fit():
    # residuals -2, -1, 3: |sums| 0, 6, 4, 2 of the vectors + + +, - - +, - + +, + - +, where
    # t^2 = S^2 / (14 - S^2 / 3): 0, 18, 1.846, .316; the sample has 81 / (41 - 81 / 3)
    # = 9 / 14 * 9 = 5.79 at null 0, and at null 2 a ninth of it, .643
    assert mean_test(impose_null=False).p_value == 2 / 8
    assert mean_test(impose_null=False, null_value=2.0).p_value == 4 / 8
    assert mean_test(impose_null=False).smallest_p == 0


def test_mammens_draws_have_unequal_probabilities():
    # phi = 1.618 has probability .2764 and 1 - phi .7236. Null 0, residuals 1, 2, 6: all alike is
    # a tie with the sample. Others have t^2 = S^2 / (Q - S^2 / 3), S the sum and Q the sum of
    # squares of the products: -1.618 and 0.618 never make that as large as 5.79.
    rare, usual = (5 - math.sqrt(5)) / 10, (5 + math.sqrt(5)) / 10
    found = mean_test(draws="mammen")
    assert found.p_value == pytest.approx(rare**3 + usual**3)
    assert found.smallest_p == pytest.approx(rare**3 + usual**3)


def test_webbs_vectors_that_are_multiples_of_the_sample_are_ties():
    assert mean_test(draws="webb").n_draws == 6**3
    assert mean_test(draws="webb").smallest_p == pytest.approx(6 / 6**3)


def test_five_clusters_cannot_give_five_percent():
    five = pd.DataFrame({"team_id": list("abcde"), "change": np.arange(5) + 1e6})
    found = wild_bootstrap(five, formula="change ~ 1", term="Intercept")
    assert (found.p_value, found.smallest_p) == (0.0625, 0.0625)
    assert (found.conf_low, found.conf_high) == (-math.inf, math.inf)
    assert "cannot be below .0625" in found.sentence()
    assert "the whole line" in found.sentence()
