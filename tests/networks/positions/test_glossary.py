"""Every column is in the glossary, whatever the networks, and the bundled study goes through."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import network_panel
from cvln_eval.networks.positions import (
    brokerage,
    brokerage_chance,
    centrality,
    centralization,
    constraint,
    core_periphery,
    k_components,
)

DATA = Path(__file__).resolve().parents[3] / "data" / "processed"
MEASURES = (brokerage, centrality, centralization, constraint, k_components)


@pytest.fixture(scope="module")
def study():
    """Advice and confiding in the bundled study's waves."""
    names = ("ties", "memberships", "respondents", "people")
    tables = {name: pd.read_csv(DATA / f"{name}.csv") for name in names}
    return network_panel(**tables, relations=["advice", "confide"])


def results(panel):
    found = [measure(panel) for measure in MEASURES]
    last = panel.only(waves=[panel.waves[-1]], relations=["advice"])
    return [*found, core_periphery(last, n_draws=9), brokerage_chance(panel, n_draws=9)]


def test_every_column_is_defined(study):
    frames = []
    for one in results(study):
        frames += [one.tidy(), one.glance()]
        frames += [
            getattr(one, name)
            for name in ("whole", "people", "parts", "busiest")
            if hasattr(one, name)
        ]
    columns = {str(column) for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_no_number_is_infinite_and_each_that_is_missing_has_a_reason(study):
    for one in results(study):
        rows = one.tidy()
        numbers = rows.select_dtypes("number")
        assert not np.isinf(numbers).any(axis=None)
        name = "estimate" if "estimate" in rows else "value"
        blank = rows[name].isna()
        if "z" in rows:
            blank |= rows["z"].isna()
        assert ((rows["reason"] != "") == blank).all()


def test_people_who_did_not_answer_are_told_in_each_wave(study):
    rows = centrality(study).tidy()
    out = rows[rows["measure"] == "out_degree"].groupby(["wave", "relation"])["reason"]
    silent = out.agg(lambda reasons: (reasons == "did not answer").sum())
    for network in study:
        assert silent[network.wave, network.relation] == (~network.answered).sum()


def test_sums_of_degrees_are_ties(study):
    rows = centrality(study).tidy()
    sums = rows[rows["measure"] == "in_degree"].groupby(["wave", "relation"])["value"].sum()
    for network in study:
        assert sums[network.wave, network.relation] == network.n_ties


@pytest.mark.parametrize("measure", [*MEASURES, core_periphery, brokerage_chance])
def test_what_is_no_network_is_refused(measure):
    with pytest.raises(ArgumentError, match="a value of type DataFrame"):
        measure(pd.DataFrame())
