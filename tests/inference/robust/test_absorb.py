"""Absorbed effects give the numbers of dummies."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.robust import cluster_robust
from cvln_eval.inference.robust.absorb import absorb

NUMBERS = ["estimate", "std_error", "df", "p_value", "conf_low", "conf_high"]
# Columns less their means, against a solution with a hundred dummies.
ROUNDING = {"rtol": 1e-8, "atol": 1e-11}
KINDS = ["CR0", "CR1", "CR1S", "CR2", "CR3", "jackknife"]


@pytest.fixture(scope="module")
def panel(designs):
    """Return people in waves, three of whom change their team once."""
    table = designs["panel"].copy()
    moved = table["person_id"].isin(["A1", "B2", "C3"]) & (table["wave"] == "w3")
    table.loc[moved, "team_id"] = "H"
    return table.assign(team_wave=table["team_id"] + table["wave"])


def both(table, effects, *, kind="CR2", weights=None):
    given = {"kind": kind, "weights": weights}
    absorbed = cluster_robust(table, formula="y ~ x + z", absorb=effects, **given)
    dummies = " + ".join(f"C({effect})" for effect in effects)
    explicit = cluster_robust(table, formula=f"y ~ {dummies} + x + z", **given)
    return absorbed, explicit


def assert_same(absorbed, explicit, terms=("x", "z")):
    found, expected = (
        result.tidy().set_index("term").loc[list(terms), NUMBERS] for result in (absorbed, explicit)
    )
    np.testing.assert_allclose(found, expected, **ROUNDING)
    pair = [result.test(list(terms)).tidy() for result in (absorbed, explicit)]
    for column in ("statistic", "df2"):
        np.testing.assert_allclose(pair[0][column], pair[1][column], **ROUNDING)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "effects",
    [
        ["team_id"],
        ["wave"],
        ["team_id", "wave"],
        ["person_id", "wave"],
        ["person_id", "team_wave"],
        ["team_id", "person_id", "wave"],
    ],
    ids=" ".join,
)
def test_absorbed_effects_give_the_numbers_of_dummies(panel, effects, kind):
    assert_same(*both(panel, effects, kind=kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("effects", [["team_id", "wave"], ["person_id"]], ids=" ".join)
def test_they_do_with_weights_too(panel, effects, kind):
    assert_same(*both(panel, effects, kind=kind, weights="weight"))


def test_effects_within_clusters_are_projected_and_those_that_span_them_stay(panel):
    design = cluster_design(panel, formula="y ~ x", cluster="team_id")
    levels = [panel[name].to_numpy() for name in ("person_id", "team_wave")]
    found = absorb(design, levels)
    n_persons, n_cells = panel["person_id"].nunique(), panel["team_wave"].nunique()
    dummies = pd.get_dummies(panel[["person_id", "team_wave"]]).to_numpy(float)
    assert found.hidden == 3  # those who moved
    assert found.design.terms == ("x",)
    span = np.linalg.matrix_rank(dummies)
    assert found.rank <= n_persons - 3 + n_cells - 1
    assert np.linalg.matrix_rank(np.column_stack([dummies, found.design.y])) == span + 1
    # What is left of the outcome has no mean in any team and wave.
    means = pd.Series(found.design.y).groupby(panel["team_wave"]).mean()
    np.testing.assert_allclose(means, 0, atol=1e-12)


def test_three_effects_within_clusters_are_right_together(panel):
    table = panel.assign(half=panel["team_id"] + (panel["z"] > 0).astype(str))
    assert_same(*both(table, ["half", "team_wave", "person_id"]))


def test_a_term_that_is_constant_within_an_absorbed_effect_has_no_estimate(designs):
    found = cluster_robust(designs["panel"], formula="y ~ treated + x", absorb="team_id").tidy()
    row = found.set_index("term").loc["treated"]
    assert row[NUMBERS].isna().all()
    assert "absorbed effects" in row["reason"]
    assert found["term"].tolist() == ["treated", "x"]


def test_a_large_constant_in_a_regressor_does_not_matter(panel):
    # 2 * 10^6 leaves nine of sixteen digits to a regressor of the size of 1.
    far = panel.assign(x=panel["x"] + 2e6)
    found, expected = (
        cluster_robust(table, formula="y ~ x", absorb=["person_id", "wave"]).tidy()[NUMBERS]
        for table in (far, panel)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_an_absorbed_level_that_is_missing_or_absent_is_refused(panel):
    with pytest.raises(ArgumentError, match="which absorbed level"):
        cluster_robust(panel.assign(wave=None), formula="y ~ x", absorb="wave")
    with pytest.raises(ArgumentError, match="'year'"):
        cluster_robust(panel, formula="y ~ x", absorb=["team_id", "year"])
