"""The committed evidence on standardised change and shares of teams is what its script finds."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.change import paired_change

HERE = Path(__file__).resolve().parents[3] / "calibration"
RUNS = 40
ALONE, TEAMS = "people independent", "teams as clusters, jackknife"
PROFILE = "REML, profile likelihood"
# Three simulation errors of a coverage of .95 in 1,000 runs.
ERROR = 0.021


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("calibration_intervals", HERE / "intervals.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "intervals.csv")


def coverage(table, interval):
    rows = table[table["interval"] == interval]
    return rows.pivot_table(index="quantity", columns="design", values="coverage")


def test_every_design_is_in_the_table_with_its_truth_and_simulated(script, table):
    assert table["simulated"].all()
    assert set(table["n_runs"]) == {1000}
    assert len(table) == 5 * len(script.LIKENESS)
    for icc in script.LIKENESS:
        rows = table[table["design"] == f"41 people, 5 teams, ICC {icc:g}"]
        truth = rows["quantity"].map(script.truths(icc))
        np.testing.assert_allclose(rows["truth"], truth, atol=1e-4)


def test_simulated_waves_have_the_truth_that_is_written(script):
    waves = pd.concat(
        script.two_waves(np.random.default_rng(run), 0.3).assign(run=run) for run in range(2000)
    )
    scores = waves.pivot_table(index=["run", "person_id"], columns="wave", values="score")
    change = scores["after"] - scores["before"]
    # 2,000 runs of five teams: an error of .006 of the mean, about .01 of the deviations.
    assert change.mean() == pytest.approx(script.CHANGE, abs=0.03)
    assert change.mean() / change.std() == pytest.approx(script.truths(0.3)["d_z"], abs=0.03)
    assert scores["before"].std() == pytest.approx(1, abs=0.03)
    means = waves[waves["wave"] == "before"].groupby(["run", "team_id"])["score"].mean()
    assert means.groupby("run").var().mean() == pytest.approx(0.3 + 0.7 / 8, abs=0.03)


def test_fewer_runs_find_what_the_table_says(script, table):
    few = script.recover(0.1, RUNS)
    both = few.merge(table, on=["quantity", "interval", "design"])
    assert len(both) == len(few) == 5
    p = both["coverage_y"]
    assert ((both["coverage_x"] - p).abs() <= 4 * np.sqrt(p * (1 - p) / RUNS)).all()
    near = both["width_median_y"] / RUNS**0.5
    assert ((both["mean_estimate_x"] - both["mean_estimate_y"]).abs() < near).all()


def test_intervals_with_teams_as_clusters_hold_and_those_of_people_do_not(table):
    assert (coverage(table, TEAMS) > 0.95 - ERROR).all(axis=None)
    alone = coverage(table, ALONE)
    assert (alone["41 people, 5 teams, ICC 0"] > 0.95 - ERROR).all()
    assert (alone["41 people, 5 teams, ICC 0.3"] < 0.75).all()


def test_the_docstring_says_what_the_table_says(table):
    said = " ".join(paired_change.__doc__.split())
    for interval in (TEAMS, ALONE):
        shares = coverage(table, interval)
        for name in ("d_z", "d_av"):
            assert ", ".join(f"{share:.1%}" for share in shares.loc[name]) in said


def test_profile_intervals_of_a_share_hold_and_are_wide(table):
    rows = table[table["interval"] == PROFILE]
    assert (rows["coverage"] > 0.95 - ERROR).all()
    assert (rows["width_median"] > 0.35).all()
