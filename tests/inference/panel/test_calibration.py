"""The committed evidence on few clusters is what its script finds."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).resolve().parents[3] / "calibration"
RUNS = 300
# Simulation errors that a size may be off where dozens are compared.
ERRORS = 4.0
ISSUE = "2 of 5 treated, 40 each, ICC .10"
MEASURED = {
    "OLS t test": 0.376,
    "clustered z test": 0.201,
    "mixed model z test": 0.152,
    "CR1 with t(G - 1)": 0.098,
    "jackknife with t(G - 1)": 0.052,
    "CR2 with Satterthwaite df": 0.033,
    "t test of cluster means": 0.044,
}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("calibration_inference", HERE / "inference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "inference.csv", keep_default_na=False, na_values=[""])


def test_every_design_of_the_script_is_in_the_table_and_simulated(script, table):
    assert {design.words for design in script.designs()} == set(table["design"])
    assert len({design.words for design in script.designs()}) == len(script.designs())
    assert table["simulated"].all()
    assert (table["n_draws"] >= 2000).all()


def test_a_design_is_read_from_its_row(script):
    design = next(
        one for one in script.designs() if one.words.endswith("large and thrice the spread there")
    )
    assert design.sizes == (60,) * 2 + (6,) * 8
    assert design.dose == (1,) * 2 + (0,) * 8
    assert design.scale == (3.0,) * 2 + (1.0,) * 8
    assert all(len(one.sizes) == len(one.dose) for one in script.designs())


@pytest.mark.parametrize("words", [ISSUE, "dose in 5 clusters, 7 to 11 each"])
def test_fewer_runs_find_what_the_table_says(script, table, words):
    design = next(design for design in script.designs() if design.words == words)
    few = script.recover(design, RUNS)
    both = few.merge(table[table["design"] == words], on="method")
    had = both[both["size_x"].notna()]
    error = np.sqrt(had["size_y"] * (1 - had["size_y"]) * (1 / RUNS + 1 / had["n_draws_y"]))
    assert ((had["size_x"] - had["size_y"]).abs() <= ERRORS * error).all()


def test_sizes_measured_with_other_software_are_found_again(table):
    sizes = table[table["design"] == ISSUE].set_index("method")
    for method, measured in MEASURED.items():
        own = sizes.loc[method]
        error = np.hypot(np.sqrt(measured * (1 - measured) / 2000), own["size_mc_error"])
        assert abs(own["size"] - measured) <= 3 * error, method
    assert sizes.loc["randomization test", ["size", "smallest_p"]].tolist() == [0, 0.1]
    assert sizes.loc["Rademacher wild bootstrap", ["size", "smallest_p"]].tolist() == [0, 0.0625]


def test_each_method_has_a_worst_design(table):
    worst = table[table["worst"]]
    assert set(worst["method"]) == set(table["method"])
    greatest = table.groupby("method")["size"].max()
    assert (worst.groupby("method")["size"].max() == greatest).all()


def test_what_was_made_for_few_clusters_holds_where_clusters_are_alike(table):
    alike = table[table["design"].isin([ISSUE, "10 of 20 treated, 8 each"])]
    few = alike[alike["method"].isin(["CR2 with Satterthwaite df", "t test of cluster means"])]
    assert (few["size"] <= 0.075).all()
