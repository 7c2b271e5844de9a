"""The committed evidence on drawn people is what its script finds, and what the docstring says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.uncertainty import vertex_bootstrap

HERE = Path(__file__).resolve().parents[3] / "calibration"
ALIKE, DIFFER, TEAMS = "people alike", "people differ, ties are answered", "teams differ too"
# Largest number of draws that a short run needs.
RUNS = 25


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location(
        "networks_bootstrap", HERE / "networks_bootstrap.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["networks_bootstrap"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "networks_bootstrap.csv").set_index(["design", "measure"])


def in_print(share):
    return f"{share:.2f}".removeprefix("0")


def test_every_design_is_there_and_simulated(script, table):
    assert table["simulated"].all()
    assert set(table["n_runs"]) == {1000}
    designs = table.index.get_level_values("design").unique().tolist()
    assert designs == [design.words for design in script.designs()]


def test_fewer_runs_find_what_the_table_says(script, table):
    design = script.designs()[3]
    few = script.covered(design, RUNS).set_index("measure")
    known = table.loc[design.words]
    # Four errors of a share, and of a standard deviation, of 25 runs.
    error = np.sqrt(np.maximum(known["coverage"] * (1 - known["coverage"]), 0.03) / RUNS)
    assert ((few["coverage"] - known["coverage"]).abs() <= 4 * error).all()
    assert ((few["sd_estimate"] / known["sd_estimate"] - 1).abs() <= 4 / np.sqrt(2 * RUNS)).all()


def test_the_script_measures_what_the_function_does(script):
    network = script.simulated(script.designs()[1], np.random.default_rng(3))
    found = vertex_bootstrap(network, measures=script.MEASURES, by="team_id", n_draws=2).tidy()
    ours = found.set_index("measure")["estimate"].to_dict()
    assert script.measured(network) == pytest.approx(ours)


def test_the_docstring_says_what_the_table_says(table):
    said = " ".join(vertex_bootstrap.__doc__.split())
    names = ["density", "reciprocity_arcs", "E-I index"]
    alike, differ = (table.loc[d].loc[names, "coverage"].map(in_print) for d in (ALIKE, DIFFER))
    assert (
        f"in {alike.iloc[0]} of networks for density, {alike.iloc[1]} for arc reciprocity and "
        f"{alike.iloc[2]} for the E-I index" in said
    )
    assert f"answer ties in {differ.iloc[0]}, {differ.iloc[1]} and {differ.iloc[2]}." in said
    ratios = (table["mean_std_error"] / table["sd_estimate"]).loc[[ALIKE, DIFFER]]
    assert f"{ratios.min():.1f} to {ratios.max():.1f} times too large" in said
    teams = table.loc[TEAMS, "coverage"].map(in_print)
    assert f"hold the truth in {teams['density']} and" in said
    assert f"groups in {teams['density within groups']} only" in said
