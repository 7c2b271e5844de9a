"""The interval holds the effects that the test does not reject."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.randomization import randomization_test
from cvln_eval.inference.randomization.inversion import least_not_rejected

GIVEN = {"outcome": "y", "treatment": "treated"}
# The bound itself ties, so that p is looked at on either side of it.
BESIDE = 1e-6


@pytest.mark.parametrize("statistic", ["t", "difference"])
@pytest.mark.parametrize("more", [{}, {"controls": ["before"]}, {"strata": "stratum"}])
@pytest.mark.parametrize("seed", range(4))
def test_p_passes_the_level_at_the_bounds(statistic, more, seed, simulated):
    table = simulated(seed, n_clusters=8, n_treated=3 + seed % 2)
    given = {**GIVEN, **more, "statistic": statistic, "conf_level": 0.8}
    found = randomization_test(table, **given)
    assert np.isfinite([found.conf_low, found.conf_high]).all()
    for bound, out in ((found.conf_low, -1), (found.conf_high, 1)):
        inside = randomization_test(table, **given, null_value=bound - out * BESIDE)
        outside = randomization_test(table, **given, null_value=bound + out * BESIDE)
        assert inside.p_value > 0.2
        assert outside.p_value <= 0.2


def test_far_beyond_the_bounds_every_effect_is_rejected(simulated):
    found = randomization_test(simulated(1), **GIVEN, conf_level=0.9)
    for distance in np.geomspace(1.01, 1e4, 30):
        for bound, sign in ((found.conf_low, -1), (found.conf_high, 1)):
            null = found.estimate + distance * abs(bound - found.estimate) * sign
            p_value = randomization_test(simulated(1), **GIVEN, null_value=null).p_value
            assert p_value <= 0.1 + 1e-12


@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_a_lower_level_gives_a_shorter_interval(statistic, simulated):
    levels = [0.5, 0.7, 0.8, 0.9, 0.95]
    found = [
        randomization_test(simulated(2), **GIVEN, statistic=statistic, conf_level=level)
        for level in levels
    ]
    lows, highs = [f.conf_low for f in found], [f.conf_high for f in found]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)


def test_the_highest_level_with_bounds_has_bounds_and_the_next_has_none(simulated):
    given = {**GIVEN, "statistic": "difference"}
    table = simulated(0, n_clusters=6, n_treated=3)
    level = randomization_test(table, **given).attainable_conf_level
    assert level == pytest.approx(0.9)
    at = randomization_test(table, **given, conf_level=level)
    above = randomization_test(table, **given, conf_level=level + 1e-6)
    assert np.isfinite([at.conf_low, at.conf_high]).all()
    assert np.isinf([above.conf_low, above.conf_high]).all()


def test_a_treatment_that_fits_exactly_leaves_one_effect(simulated):
    table = simulated(0)
    table["y"] = 3.0 * table["treated"]
    found = randomization_test(table, **GIVEN, conf_level=0.9)
    assert (found.conf_low, found.conf_high) == (pytest.approx(3), pytest.approx(3))
    assert found.statistic == np.inf
    assert found.p_value == found.smallest_p == pytest.approx(1 / 35)
    unbounded = randomization_test(table, **GIVEN, conf_level=0.99)
    assert (unbounded.conf_low, unbounded.conf_high) == (-np.inf, np.inf)


def test_rounding_does_not_part_mirror_images(simulated):
    # 3 of 6 treated, an outcome fitted to 12 digits: the mirror image has to tie.
    table = simulated(0, n_clusters=6, n_treated=3)
    for noise in (1e-3, 1e-6, 1e-9, 1e-11, 1e-13):
        made = table.assign(y=7.1 * table["treated"] + noise * table["y"] + 1.3)
        assert randomization_test(made, **GIVEN).p_value == pytest.approx(0.1)


@pytest.mark.parametrize("doses", [(0.1, 0.2, 0.3, 0.4), (2005.7, 2005.8, 2005.9, 2006.0)])
def test_rounding_does_not_part_mirrored_doses_that_fit_exactly(doses):
    table = pd.DataFrame({"team_id": range(4), "dose": doses})
    table["y"] = 0.7 * table["dose"] + 0.1
    found = randomization_test(table, outcome="y", treatment="dose", null_value=0.3)
    assert found.smallest_p == pytest.approx(2 / 24)
    assert found.p_value == pytest.approx(2 / 24)


def test_least_not_rejected_is_not_fooled_by_rounding():
    # p > .10 of 20 takes 3; 1 - .9 is a little less than .1
    assert least_not_rejected(20, 0.9) == 3
    assert least_not_rejected(10, 0.9) == 2
    assert least_not_rejected(10_000, 0.95) == 501
    assert least_not_rejected(32, 0.95) == 2
