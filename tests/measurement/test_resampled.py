"""Intervals of several quantities over the same people."""

import numpy as np
import pytest

from cvln_eval.measurement.bootstrap import bca_interval, bootstrap
from cvln_eval.measurement.resampled import bca_intervals

VALUES = np.array([1.0, 2.0, 2.0, 4.0, 9.0])
DRAWS = {"conf_level": 0.9, "n_boot": 200, "rng": 1}


def mean_and_double(values):
    return lambda w: np.outer(w @ values / w.sum(axis=1), [1, 2])


def test_each_quantity_has_the_interval_of_its_draws_and_of_people_left_out_once():
    found = bca_intervals(mean_and_double(VALUES), 5, **DRAWS)
    draws = bootstrap(mean_and_double(VALUES), 5, n_boot=200, rng=1)[:, 0]
    without_one = np.array([np.delete(VALUES, i).mean() for i in range(5)])
    low, high = bca_interval(3.6, draws, without_one, conf_level=0.9)
    assert found[:, 0].tolist() == pytest.approx([3.6, low, high])
    np.testing.assert_allclose(found[:, 1], 2 * found[:, 0])


def test_four_people_have_no_interval():
    found = bca_intervals(mean_and_double(VALUES[:4]), 4, **DRAWS)
    assert found[0].tolist() == [2.25, 4.5]
    assert np.isnan(found[1:]).all()
