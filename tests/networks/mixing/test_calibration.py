"""The committed evidence on tests of ties within teams is what its script finds."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.mixing import assortativity, ei_index

HERE = Path(__file__).resolve().parents[3] / "calibration"
OURS = "E-I index, permuted among those who answered"
BESIDE = "assortativity, permuted among those who answered"
UNEVEN = "people differ, half answer but in the largest team"
RUNS = 30


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("networks_ei", HERE / "networks_ei.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["networks_ei"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "networks_ei.csv")


def in_print(share):
    return f"{share:.2f}".removeprefix("0")


def of(table, design, method):
    rows = table[(table["design"] == design) & (table["method"] == method)]
    return rows["share_rejected"].item()


def test_every_design_is_there_and_simulated(script, table):
    assert table["simulated"].all()
    assert set(table["n_runs"]) == {2000}
    assert list(dict.fromkeys(table["design"])) == [design.words for design in script.designs()]


def test_fewer_runs_find_what_the_table_says(script, table):
    design = script.designs()[2]
    few = script.rejections(design, RUNS).set_index("method")["share_rejected"]
    for method, share in few.items():
        known = of(table, design.words, method)
        # Four errors of a share of 30 runs.
        assert abs(share - known) <= 4 * (max(known * (1 - known), 0.03) / RUNS) ** 0.5


def test_the_tests_hold_their_level_where_teams_are_as_if_drawn_by_lot(table):
    null = table[table["null_holds"] & table["method"].isin([OURS, BESIDE])]
    assert len(null) == 8
    # 2,000 networks: four errors of a share of .05 are .0195.
    assert null["share_rejected"].between(0.05 - 0.0195, 0.05 + 0.0195).all()


def test_what_is_often_done_does_not(table):
    assert of(table, UNEVEN, "E-I index, permuted over everybody") > 0.08
    assert of(table, UNEVEN, "chi-square of ties") > 0.08


def test_the_docstrings_say_what_the_table_says(table):
    active = "the largest team names and is named twice as often"
    said = " ".join(ei_index.__doc__.split())
    shares = [
        in_print(of(table, design, OURS))
        for design in ("the largest team names thrice as often", active)
    ]
    assert f"rejected in {shares[0]} of networks whose largest team named thrice" in said
    assert f"in {shares[1]} where it named and was named twice as often" in said
    held = table[table["null_holds"] & (table["method"] == OURS)]["share_rejected"]
    assert f"rejects in {in_print(held.min())} to {in_print(held.max())} of networks" in said
    everybody = in_print(of(table, UNEVEN, "E-I index, permuted over everybody"))
    chi_square = in_print(of(table, UNEVEN, "chi-square of ties"))
    assert f"everybody rejects in {everybody}, a chi-square test of ties in {chi_square}" in said
    beside = in_print(of(table, active, BESIDE))
    also = " ".join(assortativity.__doc__.split())
    assert f"rejected in {beside} of networks at the level .05 (`ei_index`: {shares[1]})" in also


def test_the_script_tests_as_the_functions_do(script, monkeypatch):
    monkeypatch.setattr(script, "N_DRAWS", 4000)
    network = script.simulated(script.designs()[2], np.random.default_rng(7))
    found = script.p_values(network, 1)
    # Twice a tail of 4,000 draws has an error of at most .016, a difference of two .022.
    for function, name in ((ei_index, OURS), (assortativity, BESIDE)):
        p_value = function(network, n_draws=4000).tidy()["p_value"].iloc[0]
        assert found[name] == pytest.approx(p_value, abs=4 * 0.022)
