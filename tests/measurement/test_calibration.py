"""The committed evidence on intervals is what its script finds."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).resolve().parents[2] / "calibration"
RUNS = 40
# 1,000 runs a design: four simulation errors of a coverage of .95 are .028; ICC(1) of five teams
# keeps within that, and the bootstrap of alpha and omega is known to fall short.
LEAST = {"F": 0.92, "feldt": 0.92, "jackknife": 0.92, "bootstrap": 0.87}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("calibration", HERE / "measurement.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "measurement.csv")


def test_every_row_says_that_it_is_simulated(table):
    assert table["simulated"].all()


def test_every_design_of_the_script_is_in_the_table(script, table):
    words = {design for design, *_ in script.designs()}
    assert words == set(table["design"])


@pytest.mark.parametrize(
    "design", ["20 units, 5 raters", "60 units, 2 coders, 3 categories, agreement 0.4"]
)
def test_fewer_runs_find_what_the_table_says(script, table, design):
    known = {words: rest for words, *rest in script.designs()}
    make, measures, truth = known[design]
    few = script.recover(make, measures, truth, design, RUNS)
    both = few.merge(table[table["design"] == design], on=["quantity", "interval"])
    assert len(both) == len(few)
    assert both["truth_x"].tolist() == pytest.approx(both["truth_y"].tolist(), abs=1e-4)
    # The spread of an estimate is a quarter of its interval's width; four errors of 40 runs.
    near = both["width_median_y"] / RUNS**0.5
    assert ((both["mean_estimate_x"] - both["mean_estimate_y"]).abs() < near).all()


def test_no_interval_falls_far_short(table):
    of_people = table[table["interval"].isin(LEAST)]
    least = of_people.groupby("interval")["coverage"].min()
    assert (least >= pd.Series(LEAST)[least.index]).all()


def test_the_jackknife_holds_the_truth_more_often_than_the_bootstrap(table):
    omega = table[table["quantity"] == "omega total"]
    wide = omega.pivot_table(index="design", columns="interval", values="coverage")
    assert (wide["jackknife"] > wide["bootstrap"]).all()
