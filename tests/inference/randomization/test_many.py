"""Many outcomes at once, and draws in place of a list."""

import joblib
import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.randomization import (
    assignments,
    randomization_p_values,
    randomization_test,
    tails,
)

CLUSTERS = np.repeat([3, 8, 5, 9, 21, 4], [2, 3, 1, 4, 2, 3])
DOSES = {3: 1, 8: 0, 5: 1, 9: 0, 21: 0, 4: 1}
STRATA = {3: "x", 8: "x", 5: "x", 9: "x", 21: "y", 4: "y"}
EXPOSURE = np.array([DOSES[cluster] for cluster in CLUSTERS])
STRATUM = np.array([STRATA[cluster] for cluster in CLUSTERS])
RNG = np.random.default_rng(0)
OUTCOMES = RNG.normal(size=(15, 6)) + np.linspace(0, 2, 6) * EXPOSURE[:, None]
CONTROLS = RNG.normal(size=(15, 2))
TABLE = pd.DataFrame(
    {"team_id": CLUSTERS, "d": EXPOSURE, "s": STRATUM, "x1": CONTROLS[:, 0], "x2": CONTROLS[:, 1]}
)


def one_by_one(**options):
    return [
        randomization_test(TABLE.assign(y=column), outcome="y", treatment="d", **options).p_value
        for column in OUTCOMES.T
    ]


@pytest.mark.parametrize("statistic", ["t", "difference"])
@pytest.mark.parametrize("null_value", [0.0, 0.8])
def test_each_column_has_the_p_of_the_test(statistic, null_value):
    options = {"statistic": statistic, "null_value": null_value}
    found = randomization_p_values(OUTCOMES, exposure=EXPOSURE, clusters=CLUSTERS, **options)
    np.testing.assert_allclose(found, one_by_one(**options))
    assert len(np.unique(found)) > 1


def test_with_strata_and_controls_too():
    found = randomization_p_values(
        OUTCOMES, exposure=EXPOSURE, clusters=CLUSTERS, strata=STRATUM, statistic="difference"
    )
    np.testing.assert_allclose(found, one_by_one(strata="s", statistic="difference"))
    found = randomization_p_values(
        OUTCOMES, exposure=EXPOSURE, clusters=CLUSTERS, controls=CONTROLS
    )
    np.testing.assert_allclose(found, one_by_one(controls=["x1", "x2"]))


def test_what_has_no_p_is_nan():
    alone = (CLUSTERS == 3).astype(int)
    found = randomization_p_values(OUTCOMES, exposure=alone, clusters=CLUSTERS)
    assert np.isnan(found).all()
    assert found.shape == (6,)
    found = randomization_p_values(OUTCOMES, exposure=0 * alone, clusters=CLUSTERS)
    assert np.isnan(found).all()


def test_an_exposure_within_a_cluster_is_refused():
    with pytest.raises(ArgumentError, match="several in 8"):
        randomization_p_values(OUTCOMES, exposure=np.arange(15) == 2, clusters=CLUSTERS)


@pytest.mark.parametrize("what", ["outcome", "exposure", "control"])
def test_a_missing_number_is_refused_with_its_row(what):
    arrays = {"outcome": OUTCOMES, "exposure": EXPOSURE.astype(float), "control": CONTROLS}
    arrays[what] = arrays[what].copy()
    arrays[what][7] = np.nan
    with pytest.raises(ArgumentError, match=rf"{what} is missing(?s:.)*rows 7"):
        randomization_p_values(
            arrays["outcome"],
            exposure=arrays["exposure"],
            clusters=CLUSTERS,
            controls=arrays["control"],
        )


@pytest.fixture
def only_draws(monkeypatch):
    monkeypatch.setattr(tails, "MOST_ENUMERATED", 0)


def test_drawn_p_is_c_plus_one_over_n_plus_one(only_draws):
    # Names in the order of the numbers, because draws go by the order of clusters.
    table = TABLE.assign(y=OUTCOMES[:, 5], team_id=[f"t{cluster:02}" for cluster in CLUSTERS])
    drawn = {"statistic": "difference", "n_draws": 19, "rng": 3}
    found = randomization_test(table, outcome="y", treatment="d", **drawn)
    each = table.groupby("team_id")[["y", "d"]].mean()
    made = assignments(table, treatment="d", limit=0, n_draws=19, rng=3).values
    differences = [each["y"][on == 1].mean() - each["y"][on == 0].mean() for on in made]
    extreme = np.sum(np.abs(differences) >= abs(found.estimate) - 1e-9)
    assert found.p_value == pytest.approx((extreme + 1) / 20)
    assert (found.smallest_p, found.enumerated, found.n_draws) == (1 / 20, False, 19)
    assert found.method.startswith("Monte Carlo")
    many = randomization_p_values(
        np.repeat(OUTCOMES[:, 5:], 2, axis=1), exposure=EXPOSURE, clusters=CLUSTERS, **drawn
    )
    np.testing.assert_allclose(many, found.p_value)


def fourteen():
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"team_id": [f"t{i:02}" for i in range(14)], "d": np.repeat([0, 1], 7)})
    return table.assign(y=rng.normal(size=14) + 0.8 * table["d"])


@pytest.mark.parametrize("statistic", ["t", "difference"])
def test_draws_come_near_the_whole_list(only_draws, statistic):
    given = {"outcome": "y", "treatment": "d", "rng": 1, "statistic": statistic}
    drawn = randomization_test(fourteen(), **given, n_draws=3000)
    whole = randomization_test(fourteen(), **given, n_draws=3432)
    assert (drawn.enumerated, whole.enumerated) == (False, True)
    assert whole.smallest_p == pytest.approx(2 / 3432)
    error = np.sqrt(whole.p_value * (1 - whole.p_value) / 3000)
    assert drawn.p_value == pytest.approx(whole.p_value, abs=4 * error)
    # p of .05 is known to .004 in 3,000 draws, and the bound moves with it.
    assert drawn.conf_low == pytest.approx(whole.conf_low, abs=0.1)
    assert drawn.conf_high == pytest.approx(whole.conf_high, abs=0.1)


def test_workers_do_not_change_the_numbers(only_draws):
    given = {"outcome": "y", "treatment": "d", "n_draws": 600, "rng": 5, "conf_level": 0.8}
    serial = randomization_test(fourteen(), **given)
    with joblib.parallel_config("threading", n_jobs=2):
        threaded = randomization_test(fourteen(), **given)
    assert not serial.enumerated
    assert serial.tidy().equals(threaded.tidy())


def test_too_few_draws_bound_no_interval(only_draws):
    table = TABLE.assign(y=OUTCOMES[:, 2])
    found = randomization_test(table, outcome="y", treatment="d", n_draws=9)
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)
    assert found.smallest_p == pytest.approx(0.1)
    assert found.reason.startswith("no p below .100 was possible")
