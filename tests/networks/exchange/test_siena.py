"""Data for RSiena, counted by hand; see `exchange_cases` for who was there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from exchange_cases import panel_in_waves

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.exchange import siena_data, write_siena
from cvln_eval.networks.panel import panel_of


@pytest.fixture(scope="module")
def panel():
    """Three waves of one relation."""
    return panel_in_waves()


@pytest.fixture(scope="module")
def data(panel):
    """The same for RSiena."""
    return siena_data(panel, covariates=("team_id", "tenure_years"))


def cell(data, wave, sender, receiver):
    ends = data.actors.get_indexer([sender, receiver])
    return data.codes["advice"][data.waves.index(wave), ends[0], ends[1]]


def test_codes_by_hand(data):
    assert data.actors.tolist() == list("abcde")
    assert [cell(data, "1", *pair) for pair in ("ab", "ac")] == [1, 0]
    assert cell(data, "1", "a", "e") == cell(data, "1", "e", "a") == 10
    # c gave no answer, d was not asked: neither is known, but both were there.
    assert np.isnan([cell(data, "1", *pair) for pair in ("ca", "ad", "da", "cd")]).all()
    assert cell(data, "2", "d", "a") == cell(data, "2", "a", "d") == 10
    assert (np.diagonal(data.codes["advice"], axis1=1, axis2=2) == 0).all()


def test_counts_by_hand(data):
    row = data.tidy().set_index("wave").loc["1"]
    # 20 ordered pairs; 8 have e, who came later, 6 more have d, 2 more are c's: 3 ties, 1 none.
    assert row["n"] == 4
    assert row["n_structural_zeros"] == 8
    assert row["n_pairs_not_known"] == 8
    assert (row["n_pairs_tie"], row["n_pairs_no_tie"]) == (3, 1)
    assert row["n_structural_ones"] == 0
    counts = data.tidy().drop(columns=["wave", "relation", "n"]).sum(axis=1)
    assert counts.tolist() == [20, 20, 20]


def test_presence_in_intervals(data):
    found = data.composition.groupby("person_id")[["joined_at", "left_at"]].apply(
        lambda rows: rows.to_numpy().tolist()
    )
    assert found["a"] == [[1, 3]]
    assert found["b"] == [[1, 2.5]]
    assert found["d"] == [[1, 1.5], [2.5, 3]]
    assert found["e"] == [[1.5, 3]]


def test_covariates_by_hand(data):
    team, tenure = data.covariates
    assert (team.labels, team.constant) == (("x", "y"), True)
    assert team.values[:, 0].tolist() == [1, 1, 2, 2, 2]
    assert team.values[4].tolist() == [2, 2, 2]
    assert (tenure.labels, tenure.constant) == ((), False)
    np.testing.assert_array_equal(tenure.values[4], [np.nan, 2, np.nan])
    np.testing.assert_array_equal(tenure.values[0], [1.5, 2.5, 3.5])


def test_ties_by_design_count_where_both_were_there(panel):
    ones = pd.DataFrame({"sender_id": ["b", "a"], "receiver_id": ["c", "d"]})
    data = siena_data(panel, structural_ones=ones)
    assert [cell(data, wave, "b", "c") for wave in "123"] == [11, 11, 10]
    assert [cell(data, wave, "a", "d") for wave in "123"] == [11, 10, 11]
    assert data.tidy()["n_structural_ones"].tolist() == [2, 1, 1]
    once = siena_data(panel, structural_ones=ones.assign(wave="3", relation="advice"))
    assert once.tidy()["n_structural_ones"].tolist() == [0, 0, 1]


def test_sentences_and_columns(panel, data):
    assert data.sentence() == (
        "The data for RSiena have 5 actors, 3 waves and 1 relation; 3 actors joined or left, and "
        "their ties in waves in which they were not there are structural zeros."
    )
    stayed = siena_data(panel_of([one.among(["a", "c"]) for one in panel]), covariates=())
    assert stayed.sentence().endswith("1 relation; all of them were there in each wave.")
    assert data.glance()[["n_there_throughout", "n_there_in_part"]].values.tolist() == [[2, 3]]
    known = set(glossary()["column"])
    tables = (data.tidy(), data.glance(), data.composition)
    assert [name for table in tables for name in table if name not in known] == []


def test_files_hold_what_the_data_say(data, tmp_path):
    written = write_siena(data, tmp_path / "siena", simulated=True)
    assert {path.name for path in written} == {
        "network_advice_1.csv", "network_advice_2.csv", "network_advice_3.csv",
        "covariate_team_id.csv", "covariate_tenure_years.csv",
        "codes.csv", "composition.txt", "load.R",
    }  # fmt: skip
    for k, codes in enumerate(data.codes["advice"], start=1):
        table = pd.read_csv(
            tmp_path / "siena" / f"network_advice_{k}.csv", index_col="simulated data"
        )
        np.testing.assert_array_equal(table.to_numpy(dtype=float), codes)
        assert table.index.tolist() == table.columns.tolist() == data.actors.tolist()
    lines = (tmp_path / "siena" / "composition.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["1 3", "1 2.5", "1 3", "1 1.5 2.5 3", "1.5 3"]
    labels = pd.read_csv(tmp_path / "siena" / "codes.csv")
    assert labels["label"].tolist() == ["x", "y"]
    assert labels["simulated"].all()
    script = (tmp_path / "siena" / "load.R").read_text(encoding="utf-8")
    assert script.startswith("# Simulated data.\n")
    assert "dim = c(5, 5, 3)" in script
    assert 'team_id <- coCovar(matrix_of("covariate_team_id.csv")[, 1])' in script
    assert 'varCovar(matrix_of("covariate_tenure_years.csv")[, -3, drop = FALSE])' in script
    assert "sienaDataCreate(advice, team_id, tenure_years)" in script


def test_data_that_are_not_simulated_do_not_say_so(data, tmp_path):
    for path in write_siena(data, tmp_path):
        assert "simulated" not in path.read_text(encoding="utf-8").lower()


def test_relations_with_the_names_of_covariates_have_files_of_their_own(panel, tmp_path):
    networks = [replace(one, relation="team_id") for one in panel]
    written = write_siena(siena_data(panel_of(networks)), tmp_path)
    names = [path.name for path in written]
    assert len(set(names)) == len(names)
    assert "covariate_team_id_2.csv" in names
    script = (tmp_path / "load.R").read_text(encoding="utf-8")
    assert "sienaDataCreate(team_id, team_id_2)" in script


def test_what_rsiena_cannot_take(panel):
    with pytest.raises(ArgumentError, match=r"two waves(.|\n)*1 wave"):
        siena_data(panel.only(waves=["1"]))
    with pytest.raises(ArgumentError, match="type Network"):
        siena_data(panel.networks[0])
    second = replace(panel.networks[0], relation="trust")
    with pytest.raises(ArgumentError, match=r"not asked in each wave(.|\n)*'trust in 2'"):
        siena_data(panel_of([*panel.networks, second]))
    with pytest.raises(ArgumentError, match=r"no such attribute(.|\n)*'colour'"):
        siena_data(panel, covariates=["colour"])


@pytest.mark.parametrize(
    "change",
    [{"sender_id": "q"}, {"wave": "9"}, {"relation": "gossip"}, {"receiver_id": "a"}],
)
def test_ties_by_design_of_nobody(panel, change):
    ones = pd.DataFrame([{"sender_id": "a", "receiver_id": "b"} | change])
    value = next(iter(change.values()))
    with pytest.raises(ArgumentError, match=rf"not in the panel(.|\n)*{value}"):
        siena_data(panel, structural_ones=ones)
    with pytest.raises(ArgumentError, match="'receiver_id'"):
        siena_data(panel, structural_ones=ones[["sender_id"]])
