"""Counts agree with R: whole matrices with missing rows, and `sna::hdist`."""

from pathlib import Path

import pandas as pd
import pytest

from cvln_eval.networks.panel import network_panel
from cvln_eval.networks.waves import closure, reciprocation, stability, tie_change

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "networks_waves"


def read(name):
    return pd.read_csv(FOLDER / f"{name}.csv", dtype={"wave": str, "from_wave": str})


@pytest.fixture(scope="module")
def expected():
    """`numerator` and `denominator` by from_wave, wave, pairs and measure."""
    return read("expected").set_index(["from_wave", "wave", "pairs", "measure"])


def panel_of_reference(**change):
    persons = read("answered").assign(instrument="advice", **change)
    return network_panel(
        read("ties").assign(relation="advice"),
        persons[["wave", "person_id", "team_id"]],
        persons[["wave", "instrument", "person_id", "responded"]],
    )


MEASURED = {
    "formed": tie_change,
    "kept": tie_change,
    "closed pairs": closure,
    "closed two-paths": closure,
    "formed without a two-path": closure,
    "answered later": reciprocation,
    "became mutual": reciprocation,
    "formed without a tie": reciprocation,
    "jaccard": stability,
    "hamming": stability,
}


@pytest.mark.parametrize("measure", MEASURED)
def test_counts_are_those_of_r(expected, measure):
    # table(x[risk], y[risk]), with x and y NA in the rows of people who did not answer
    rows = MEASURED[measure](panel_of_reference()).tidy()
    rows = rows[rows["measure"] == measure]
    pairs = rows.get("pairs", "all")
    key = ["from_wave", "wave", "pairs", "measure"]
    found = rows.assign(pairs=pairs).set_index(key)[["numerator", "denominator"]]
    wanted = expected[expected.index.get_level_values("measure") == measure]
    assert len(wanted) > 1
    pd.testing.assert_frame_equal(found.sort_index(), wanted.sort_index(), check_dtype=False)


def test_hamming_is_hdist_where_everybody_answered(expected):
    # sna::hdist(simplify2array(waves) |> aperm(c(3, 1, 2)))
    rows = stability(panel_of_reference(responded=True)).tidy()
    rows = rows[rows["measure"] == "hamming"].set_index(["from_wave", "wave"])
    wanted = expected.xs("hdist", level="measure").droplevel("pairs")
    assert rows["numerator"].to_dict() == wanted["numerator"].to_dict()
    assert rows["denominator"].to_dict() == wanted["denominator"].to_dict()
