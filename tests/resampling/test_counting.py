"""P values counted over draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cvln_eval.resampling import clopper_pearson, counted_p, two_sided_p
from cvln_eval.resampling.counting import n_as_far


def test_what_was_seen_is_one_of_those_counted():
    found = counted_p(2, 9, conf_level=0.9)
    assert (found.p_value, found.smallest_p) == (0.3, 0.1)
    assert (found.n_draws, found.enumerated) == (9, False)
    interval = stats.binomtest(2, 9).proportion_ci(0.9, "exact")
    assert (found.p_low, found.p_high) == pytest.approx((interval.low, interval.high))


def test_of_all_there_are_what_was_seen_is_one_already():
    found = counted_p(2, 8, enumerated=True)
    assert (found.p_value, found.p_low, found.p_high, found.smallest_p) == (0.25, 0.25, 0.25, 0.125)
    assert found.enumerated


def test_p_is_never_nought_and_never_above_1():
    assert counted_p(0, 99).p_value == 0.01
    assert counted_p(99, 99).p_value == 1


def test_without_draws_there_is_no_p():
    assert np.isnan(counted_p(0, 0).p_value)
    assert np.isnan(two_sided_p(1.0, np.empty(0)).p_value)
    assert np.isnan(clopper_pearson(0, 0, 0.95)).all()


def test_far_is_from_the_mean_of_all():
    # Centre of -1, 1, 1, 3 and 6: 2, from which -1 and 3 are 3 and 1 away, 6 is 4: none as far.
    assert two_sided_p(6.0, np.array([-1.0, 1.0, 1.0, 3.0])).p_value == 1 / 5
    # Centre of -2, 1, 1 and 4: 1. As far as 3: the -2, and the draw that has no statistic.
    assert two_sided_p(4.0, np.array([-2.0, 1.0, 1.0, np.nan])).p_value == 3 / 5
    # All there are: centre of 0, 1, 2, 5 is 2; only 5 is 3 away.
    assert two_sided_p(5.0, np.array([0.0, 1.0, 2.0, 5.0]), enumerated=True).p_value == 1 / 4
    # From a middle of 0, -2 is farther than 1, and so is 4.
    assert two_sided_p(1.5, np.array([-2.0, 1.0, 1.0, 4.0]), centre=0.0).p_value == 3 / 5


def test_the_least_p_of_all_there_are_is_of_the_farthest():
    # Of -3, -1, 1 and 3 both ends are as far: no p below 2 / 4 can be had.
    assert two_sided_p(1.0, np.array([-3.0, -1.0, 1.0, 3.0]), enumerated=True).smallest_p == 2 / 4
    assert two_sided_p(1.0, np.array([-3.0, -1.0, 1.0, 4.0]), enumerated=True).smallest_p == 1 / 4
    assert two_sided_p(1.0, np.array([-3.0, -1.0, 1.0, 4.0])).smallest_p == 1 / 5


def test_what_rounding_parts_is_tied():
    assert n_as_far(0.1 + 0.2, np.array([0.3, -0.3]), 0.0) == 2
    assert n_as_far(0.0, np.zeros(3), 1e-15) == 3
    assert n_as_far(1.0, np.array([0.999]), 0.0) == 0


def test_under_the_null_p_holds_every_level():
    # Ten equally likely values, one of them seen: P(p <= k / 10) is k / 10 where none is tied.
    values = np.random.default_rng(1).normal(size=10)
    found = [two_sided_p(values[i], np.delete(values, i)).p_value for i in range(10)]
    assert sorted(found) == pytest.approx(np.arange(1, 11) / 10)
