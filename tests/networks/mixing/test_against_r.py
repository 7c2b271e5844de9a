"""Mixing matrices, E-I and assortativity beside network, sna and igraph.

Made by `tests/reference/networks_mixing/make.R`: `network::mixingmatrix(net, "team")`,
`sna::blockmodel(m, code, block.content = "density", mode = ...)`, `igraph::assortativity_nominal(g,
code, directed)`, `igraph::assortativity(g, tenure, directed = directed)`, and the E-I index from
`igraph::crossing(make_clusters(g, code), g)` and `igraph::ends`.
"""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.mixing import assortativity, ei_index, mixing_matrix
from cvln_eval.networks.panel import network_panel

HERE = Path(__file__).resolve().parents[2] / "reference" / "networks_mixing"
# The files have 15 digits; sums are in another order.
CLOSE = 1e-12


@pytest.fixture(scope="module")
def panel():
    people, ties = (pd.read_csv(HERE / f"{name}.csv") for name in ("people", "ties"))
    where = {"wave": "1", "relation": "advice"}
    return network_panel(
        ties.assign(**where),
        people[["person_id", "team_id"]].assign(wave="1"),
        people=people[["person_id", "tenure_years"]],
    )


@pytest.fixture(scope="module")
def expected():
    table = pd.read_csv(HERE / "expected.csv")
    return table.set_index(["kind", "measure", "group", "other_group"])["value"].sort_index()


@pytest.fixture(params=["directed", "undirected"])
def kind(request):
    return request.param


def of(panel, kind):
    return panel if kind == "directed" else panel.symmetrised(rule="either")


@pytest.mark.parametrize("values", ["n_ties", "density"])
def test_blocks(panel, expected, kind, values):
    found = mixing_matrix(of(panel, kind)).matrix(wave="1", relation="advice", values=values)
    wanted = (
        expected.loc[kind, values]
        .reset_index()
        .pivot_table(index="group", columns="other_group", values="value")
    )
    pd.testing.assert_frame_equal(
        found.astype(float), wanted, check_names=False, rtol=CLOSE, atol=CLOSE
    )


def test_e_i(panel, expected, kind):
    found = ei_index(of(panel, kind), n_draws=9).tidy().set_index("group")["estimate"]
    wanted = expected.loc[kind, "E-I index"].droplevel("other_group")
    pd.testing.assert_series_equal(
        found.sort_index(), wanted.sort_index(), check_names=False, rtol=CLOSE
    )


def test_assortativity(panel, expected, kind):
    own = of(panel, kind)
    by_name = assortativity(own, n_draws=9).tidy().iloc[0]
    by_number = assortativity(own, by="tenure_years", numeric=True, n_draws=9).tidy().iloc[0]
    for row in (by_name, by_number):
        assert row["estimate"] == pytest.approx(
            expected.loc[kind, row["measure"], "all", "all"], abs=CLOSE
        )


def test_assortativity_beside_networkx(panel):
    network = panel.networks[0]
    graph = nx.DiGraph()
    graph.add_nodes_from(
        (row.person_id, {"team": row.team_id, "tenure": row.tenure_years})
        for row in network.people.itertuples()
    )
    ids = network.ids
    graph.add_edges_from(zip(ids[network.sender], ids[network.receiver], strict=True))
    found = [
        assortativity(panel, n_draws=9).tidy()["estimate"].item(),
        assortativity(panel, by="tenure_years", numeric=True, n_draws=9).tidy()["estimate"].item(),
    ]
    wanted = [
        nx.attribute_assortativity_coefficient(graph, "team"),
        nx.numeric_assortativity_coefficient(graph, "tenure"),
    ]
    # networkx sums products of shares over all pairs of values.
    np.testing.assert_allclose(found, wanted, atol=1e-10)
