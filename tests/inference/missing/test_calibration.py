"""The committed evidence on imputation is what its script finds."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from cvln_eval.inference.missing import impute

HERE = Path(__file__).resolve().parents[3] / "calibration"
RUNS = 12


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("calibration_missing", HERE / "missing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(HERE / "missing.csv")


def test_every_row_says_that_it_is_simulated_and_every_design_is_there(script, table):
    assert table["simulated"].all()
    assert set(table["n_runs"]) == {1000}
    designs = list(script.designs())
    assert {design for design, *_ in designs} == set(table["design"])
    for design, _, truth in designs:
        rows = table[table["design"] == design]
        assert set(rows["quantity"]) == set(truth)
        assert rows["truth"].tolist() == pytest.approx(
            [truth[name] for name in rows["quantity"]], abs=1e-4
        )


def test_fewer_runs_find_what_the_table_says(script, table):
    design, make, truth = next(iter(script.designs()))
    few = script.recover(make, truth, design, RUNS)
    both = few.merge(table[table["design"] == design], on=["quantity", "interval"])
    assert len(both) == len(few) == 10
    change = both[both["quantity"] == "mean change"]
    # The spread of an estimate is about a quarter of its interval; four errors of a few runs.
    near = change["width_median_y"] / RUNS**0.5
    assert ((change["mean_estimate_x"] - change["mean_estimate_y"]).abs() < near).all()


def test_a_fifth_is_missing_whatever_it_depends_on(script):
    for slope in (0.0, 1.5):
        shares = []
        for run in range(200):
            _, thin = script.scores(rng=[1, run], icc=0.1, slope=slope)
            shares.append(thin.loc[thin["wave"] == "after", "score"].isna().mean())
        # 200 runs of 41 people: an error of .0044.
        assert pd.Series(shares).mean() == pytest.approx(0.2, abs=4 * 0.0044)


def test_imputation_takes_away_the_bias_of_complete_cases(table):
    change = table[table["quantity"] == "mean change"]
    bias = change.pivot_table(index="design", columns="interval", values="bias").abs()
    by_baseline = bias[bias.index.str.contains("depending on baseline")]
    assert len(by_baseline) == 3
    assert (by_baseline["complete cases"] > 0.06).all()
    assert (by_baseline["imputed, random teams"] < by_baseline["complete cases"] / 3).all()


def test_random_effects_are_the_default_for_what_is_found_here(table):
    wide = table.pivot_table(
        index="design", columns=["quantity", "interval"], values="width_median"
    )
    width = wide["mean change"]
    assert (width["imputed, random teams"] < width["imputed, fixed teams"]).all()
    held = table.pivot_table(index="design", columns=["quantity", "interval"], values="coverage")
    # 1,000 runs: three errors of a coverage of .95 are .021.
    assert (held["mean change"]["imputed, random teams, t(4)"] > 0.929).all()
    assert (held["mean change"]["imputed, random teams"] > 0.929).all()


def test_the_docstring_of_impute_says_what_the_table_says(table):
    chosen = table["design"].str.contains("ICC 0.1.*depending.*scores", regex=True)
    rows = table[chosen].set_index(["quantity", "interval"])
    said = " ".join(impute.__doc__.split())
    change = rows.loc["mean change"]
    for name, column in (("fixed", "width_median"), ("random", "width_median")):
        assert f"{change.loc[f'imputed, {name} teams', column]:.2f} with {name}" in said
    icc = [
        rows.loc[("later ICC", f"imputed, {name} teams"), "mean_estimate"]
        for name in ("fixed", "random")
    ]
    assert "came out as {:.3f} and {:.3f}".format(*icc).replace("0.", ".") in said
    assert (change.loc[["imputed, fixed teams", "imputed, random teams"], "coverage"] > 0.99).all()
    items = table[table["design"].str.contains("four items")].set_index("interval")["mean_estimate"]
    of = items[["imputed, random teams", "complete cases"]]
    assert "came out as {:.2f} (complete cases: {:.2f})".format(*of).replace("0.", ".") in said
