"""Measures are those of sna and igraph in R; see tests/reference/networks_cohesion."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from whole_networks import network_of, values

from cvln_eval.networks.cohesion import structure
from cvln_eval.networks.panel import network_panel, symmetrised

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "networks_cohesion"
EXPECTED = pd.read_csv(REFERENCE / "expected.csv")
# The CSV file carries 15 digits.
ROUNDING = {"rtol": 1e-12, "atol": 1e-15}
NETWORKS = list(EXPECTED["network"].unique())


@pytest.fixture(scope="module")
def panel():
    ties = pd.read_csv(REFERENCE / "ties.csv").rename(columns={"network": "wave"})
    people = pd.read_csv(REFERENCE / "people.csv").rename(columns={"network": "wave"})
    return network_panel(ties.assign(relation="advice"), people.assign(team_id="x"))


def compare(found, expected):
    """Compare by label, of the measures that both have."""
    shared = [name for name in found if name in expected.index]
    np.testing.assert_allclose(
        [found[name] for name in shared], expected[shared].astype(float), **ROUNDING
    )
    return len(shared)


def test_each_network_was_made():
    assert len(NETWORKS) == 11


# gden(g), gden(valued, ignore.eval=FALSE), degree(g, cmode="outdegree"), degree(g,
# cmode="indegree"), degree(valued, ignore.eval=FALSE), isolates(g), grecip(g, measure="edgewise"),
# "dyadic.nonnull" and "dyadic", dyad.census(g), gtrans(g, measure="weak"), triad.census(g),
# connectedness(g), hierarchy(g, measure="krackhardt"), efficiency(g), lubness(g) of sna;
# transitivity(graph, type="global"), components(graph, "weak") and "strong",
# mean_distance(graph, unconnected=TRUE), global_efficiency(graph), diameter(graph) of igraph
@pytest.mark.parametrize("name", NETWORKS)
def test_measures_are_those_of_r(panel, name):
    expected = EXPECTED[EXPECTED["network"] == name].set_index("measure")["value"]
    found = values(structure(panel.network(wave=name, relation="advice")))
    # sna finds other least upper bounds: see below
    assert compare(found, expected.drop("krackhardt_lubness")) == 42


# lubness(g)
@pytest.mark.parametrize("name", NETWORKS)
def test_least_upper_bounds_are_those_of_sna_but_where_several_are_over_one(panel, name):
    expected = EXPECTED[EXPECTED["network"] == name].set_index("measure")["value"]
    theirs = expected["krackhardt_lubness"]
    ours = values(structure(panel.network(wave=name, relation="advice")))["krackhardt_lubness"]
    differing = {"sparse", "acyclic", "wide", "apart", "two_over_one"}
    assert (ours == pytest.approx(theirs, rel=1e-12)) == (name not in differing)


def test_where_two_are_over_one_over_two_sna_leaves_its_own_definition(panel):
    # 1 and 2 name 3, who names 4 and 5. 3 is on all paths from 1 and 2 to 4 and 5, so that by the
    # help page of sna, too, only 1 and 2 lack a bound: 1 - 1/6. lubness(g) is 1 - 4/6.
    ours = values(structure(panel.network(wave="two_over_one", relation="advice")))
    assert ours["krackhardt_lubness"] == 1 - 1 / 6
    theirs = EXPECTED[EXPECTED["network"] == "two_over_one"].set_index("measure")["value"]
    assert theirs["krackhardt_lubness"] == pytest.approx(1 - 4 / 6)


# reciprocity(graph, mode="default") and mode="ratio"
@pytest.mark.parametrize("name", NETWORKS)
def test_reciprocities_are_those_of_igraph(panel, name):
    expected = EXPECTED[EXPECTED["network"] == name].set_index("measure")["value"]
    found = values(structure(panel.network(wave=name, relation="advice")))
    named = {f"igraph_{one}": found[one] for one in ("reciprocity_arcs", "reciprocity_dyads")}
    assert compare(named, expected) == 2


# as.undirected(graph, mode="collapse"): edge_density, transitivity(type="global"), mean_distance,
# global_efficiency, diameter, sd(degree)
@pytest.mark.parametrize("name", NETWORKS)
def test_undirected_networks_are_those_of_igraph(panel, name):
    expected = EXPECTED[EXPECTED["network"] == name].set_index("measure")["value"]
    network = symmetrised(panel.network(wave=name, relation="advice"), rule="either")
    found = {f"undirected_{one}": value for one, value in values(structure(network)).items()}
    assert compare(found, expected) == 6


def test_lubness_of_a_tree_over_all_numbers_of_children_is_one():
    # sna: lubness of an out-tree is 1
    parents = [(child - 1) // 3 for child in range(1, 80)]
    matrix = np.zeros((80, 80))
    matrix[parents, range(1, 80)] = 1
    assert values(structure(network_of(matrix)))["krackhardt_lubness"] == 1
