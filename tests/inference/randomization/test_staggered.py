"""Staggered starts: clusters take over the start of another."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from cvln_eval.inference.randomization import assignments, randomization_test

STARTS = {"a": "2009", "b": "2010", "c": "2010", "d": None, "e": None, "f": "2011"}
WAVES = ["2008", "2009", "2010", "2011"]


def panel(seed=1, starts=STARTS, unbalanced=False):
    rng = np.random.default_rng(seed)
    rows = [(team, wave) for team in starts for wave in WAVES for _ in range(3)]
    table = pd.DataFrame(rows, columns=["team_id", "wave"])
    table["start"] = table["team_id"].map(starts)
    table["d"] = (table["wave"] >= table["start"].fillna("9999")).astype(float)
    table["x"] = rng.normal(size=len(table))
    table["y"] = rng.normal(size=len(table)) + 0.5 * table["d"] + table["x"]
    return table[rng.random(len(table)) > 0.3] if unbalanced else table


@pytest.mark.parametrize("unbalanced", [False, True])
def test_the_estimate_is_that_of_two_way_fixed_effects_and_the_error_cr1(unbalanced):
    table = panel(unbalanced=unbalanced)
    found = randomization_test(table, outcome="y", start="start")
    cells = table.groupby(["team_id", "wave"])[["y", "d"]].mean().reset_index()
    groups = pd.factorize(cells["team_id"])[0]
    model = smf.ols("y ~ d + C(team_id) + C(wave)", cells)
    plain = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    assert found.estimate == pytest.approx(plain.params["d"])
    assert found.std_error == pytest.approx(plain.bse["d"] * np.sqrt(6 / 5))
    assert found.n_assignments == 180
    assert found.method == "exact randomization test, t with CR1"


def test_p_is_the_share_of_all_180_panels():
    table = panel()
    found = randomization_test(table, outcome="y", start="start")
    cells = table.groupby(["team_id", "wave"])["y"].mean().reset_index()
    every = assignments(table, start="start")
    t = []
    for row in every.values:
        starts = dict(zip("abcdef", [start or "9999" for start in row], strict=True))
        made = cells.assign(d=(cells["wave"] >= cells["team_id"].map(starts)).astype(float))
        t.append(_t(made))
    assert found.p_value == pytest.approx(np.mean(np.abs(t) >= abs(found.statistic) - 1e-9))
    assert found.statistic in np.round(t, 12) or np.isclose(t, found.statistic).any()


def _t(cells):
    fixed = pd.get_dummies(cells[["team_id", "wave"]], dtype=float).to_numpy()
    left = [v - fixed @ np.linalg.lstsq(fixed, v)[0] for v in (cells["d"], cells["y"])]
    d, y = (np.asarray(part) for part in left)
    slope = d @ y / (d @ d)
    scores = pd.Series(d * (y - slope * d)).groupby(cells["team_id"].to_numpy()).sum()
    return slope / (np.sqrt((scores**2).sum() * 6 / 5) / (d @ d))


@pytest.mark.parametrize("unbalanced", [False, True])
@pytest.mark.parametrize("statistic", ["t", "difference"])
@pytest.mark.parametrize("controls", [(), ("x",)])
def test_it_is_exact_with_starts(unbalanced, statistic, controls):
    table = panel(3, {team: STARTS[team] for team in "abcde"}, unbalanced=unbalanced)
    every = assignments(table, start="start")
    found = []
    for row in every.values:
        made = table.assign(start=table["team_id"].map(dict(zip("abcde", row, strict=True))))
        options = {"statistic": statistic, "controls": controls, "null_value": 0.5}
        late = made["start"].fillna("9999")
        made["y"] = table["x"] + np.sin(np.arange(len(table)) ** 2) + 0.5 * (made["wave"] >= late)
        found.append(randomization_test(made, outcome="y", start="start", **options).p_value)
    # Under the null p is the rank of the statistic among the 30, whichever was assigned.
    np.testing.assert_allclose(np.sort(found), np.arange(1, 31) / 30)


def test_strata_keep_starts_where_they_are():
    table = panel()
    table["stratum"] = table["team_id"].map(dict(zip("abcdef", "xxxyyy", strict=True)))
    found = randomization_test(table, outcome="y", start="start", strata="stratum")
    # x has 2009, 2010, 2010: 3 orders; y has 2011 and two never: 3
    assert found.n_assignments == 9


def test_the_order_of_clusters_and_waves_in_the_table_does_not_matter():
    table = panel(unbalanced=True)
    found = randomization_test(table, outcome="y", start="start")
    other = randomization_test(table[::-1].reset_index(drop=True), outcome="y", start="start")
    assert other.p_value == found.p_value
    assert other.statistic == pytest.approx(found.statistic)


def test_clusters_that_all_start_together_leave_nothing_to_exchange():
    table = panel(starts=dict.fromkeys("abc", "2010"))
    found = randomization_test(table, outcome="y", start="start")
    assert np.isnan(found.p_value)
    assert "treated alike" in found.reason


def test_in_one_wave_those_that_have_started_are_compared_with_the_others():
    table = panel().query("wave == '2010'")
    found = randomization_test(table, outcome="y", start="start")
    same = randomization_test(table, outcome="y", treatment="d")
    assert (found.estimate, found.p_value) == (same.estimate, same.p_value)
    assert found.method == same.method == "exact randomization test, t with HC2"


def test_treatment_in_every_wave_leaves_nothing_to_compare():
    table = panel(starts={"a": "2007", "b": "2008", "c": None, "d": None})
    found = randomization_test(table, outcome="y", start="start")
    assert np.isnan(found.estimate)
    assert "leave nothing of the treatment" in found.reason


def test_a_start_that_is_no_wave_of_the_same_kind_is_refused():
    from cvln_eval.errors import ArgumentError

    table = panel().assign(start=2010)
    with pytest.raises(ArgumentError, match="order with waves"):
        randomization_test(table, outcome="y", start="start")
