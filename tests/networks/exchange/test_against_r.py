"""Files that are written, as R reads them; see tests/reference/networks_exchange/make.R."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exchange_cases import panel_in_waves

from cvln_eval.networks.exchange import (
    read_graphml,
    siena_data,
    write_dl,
    write_ergm,
    write_graphml,
    write_siena,
)

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "networks_exchange"
DESIGN = pd.DataFrame({"sender_id": ["b"], "receiver_id": ["c"]})


@pytest.fixture(scope="module")
def panel():
    """The panel that R was given."""
    return panel_in_waves()


@pytest.fixture(scope="module")
def written(panel, tmp_path_factory):
    """All files that R was given, written again."""
    folder = tmp_path_factory.mktemp("input")
    data = siena_data(panel, covariates=("team_id", "tenure_years"), structural_ones=DESIGN)
    write_siena(data, folder / "siena", simulated=True)
    write_ergm(panel, folder / "ergm", simulated=True)
    second = panel.network(wave="2", relation="advice")
    # igraph reads no names of matrices, no NA, and of full matrices only 0 and 1.
    plain = replace(second, relation="", answered=np.ones(second.n, dtype=bool))
    write_dl(plain.binary(), folder / "full.dl")
    write_dl(plain, folder / "edges.dl", form="edgelist1")
    write_dl(plain.binary(), folder / "nodes.dl", form="nodelist1")
    write_graphml(second, folder / "wave2.graphml", simulated=True)
    return folder


def expected(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "expected" / name, dtype={"wave": "str"})


def test_files_are_those_that_r_was_given(written):
    given = sorted(path for path in (FOLDER / "input").rglob("*") if path.is_file())
    assert len(given) == 16
    for path in given:
        again = written / path.relative_to(FOLDER / "input")
        assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), path.name


def test_rsiena_is_given_the_codes(panel):
    """`sienaDependent(array(c(matrix_of("advice_1.csv"), ...)))` in load.R."""
    data = siena_data(panel, structural_ones=DESIGN)
    codes = expected("siena_codes.csv")
    place = [codes["wave"].map(data.waves.index)]
    place += [data.actors.get_indexer(codes[name]) for name in ("sender_id", "receiver_id")]
    assert len(codes) == 75
    np.testing.assert_array_equal(data.codes["advice"][tuple(place)], codes["code"])


def test_rsiena_is_given_the_covariates(panel):
    """`coCovar` and `varCovar` in load.R, without the last wave."""
    team, tenure = siena_data(panel, covariates=("team_id", "tenure_years")).covariates
    people = expected("siena_people.csv")
    assert people["person_id"].tolist() == list("abcde")
    np.testing.assert_array_equal(people["team_id"], team.values[:, 0])
    np.testing.assert_array_equal(people[["tenure_1", "tenure_2"]], tenure.values[:, :2])
    assert people["n_times"].tolist() == [2, 2, 2, 4, 2]


def test_network_has_the_pairs(panel):
    """`as.matrix(net, attrname = "strength")` and `is.na(as.sociomatrix(net))`."""
    pairs = expected("network_pairs.csv")
    assert len(pairs) == 6 + 12 + 12
    for label, rows in pairs.groupby("network"):
        network = panel.network(wave=label.split()[1], relation="advice")
        ends = [network.ids.get_indexer(rows[name]) for name in ("sender_id", "receiver_id")]
        np.testing.assert_array_equal(network.matrix()[tuple(ends)], rows["strength"])
        np.testing.assert_array_equal(~network.known(*ends), rows["missing"])


def test_network_counts_what_we_count(panel):
    """`network.edgecount`, `network.naedgecount`, `network.density` and vertex attributes."""
    for row in expected("network_counts.csv").itertuples():
        network = panel.network(wave=row.network.split()[1], relation="advice")
        assert (network.n, network.n_ties) == (row.n, row.n_ties)
        assert network.n_dyads(known=False) - network.n_dyads() == row.n_missing
        assert " ".join(network.people["team_id"]) == row.team
        assert " ".join(map(str, network.answered)) == row.answered


@pytest.mark.parametrize("name", ["full.dl", "edges.dl", "nodes.dl", "wave2.graphml"])
def test_igraph_reads_the_same_ties(panel, name):
    """`as_edgelist(read_graph(file, format = "dl"))`, and "graphml"."""
    network = panel.network(wave="2", relation="advice")
    network = network.binary() if name in ("full.dl", "nodes.dl") else network
    found = expected("igraph_edges.csv").query("file == @name")
    ends = [network.ids[place].tolist() for place in (network.sender, network.receiver)]
    ours = sorted(zip(*ends, network.strength.tolist(), strict=True))
    theirs = found[["sender_id", "receiver_id", "strength"]].itertuples(index=False, name=None)
    assert sorted(theirs) == ours
    assert len(ours) == 3


def test_graphml_of_igraph_is_read(panel):
    """`write_graph(graph, file, format = "graphml")`, ids p... in the attribute "name"."""
    network = panel.network(wave="2", relation="advice")
    path = FOLDER / "expected" / "igraph.graphml"
    again = read_graphml(path, person="name", strength="weight")
    assert again.ids.tolist() == [f"p{name}" for name in network.ids]
    assert again.strength.tolist() == network.strength.tolist()
    assert again.answered.tolist() == network.answered.tolist()
    assert again.people["team_id"].tolist() == network.people["team_id"].tolist()
