"""Beside sna and igraph in R; see tests/reference/networks_positions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import Network, panel_of
from cvln_eval.networks.positions import (
    brokerage,
    centrality,
    centralization,
    constraint,
    core_periphery,
    k_components,
)

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "networks_positions"
# The CSV files carry 15 digits; sums of some hundred terms are added in another order.
ROUNDING = {"rtol": 1e-12, "atol": 1e-12}
# optim stops where the correlation no longer rises, some digits before the last.
SEARCHED = {"rtol": 1e-6, "atol": 1e-6}
PEOPLE = pd.read_csv(REFERENCE / "people.csv")
TIES = pd.read_csv(REFERENCE / "ties.csv")
NAMES = ("sparse", "ring", "both")
# What R gives per person that is our `relative`.
RELATIVE = ("closeness", "harmonic")
KEY = ["relation", "person_id", "measure"]


def network(name):
    ties = TIES[TIES["network"] == name]
    ids = pd.Index(PEOPLE["person_id"])
    ends = [ids.get_indexer(ties[f"{end}_id"]) for end in ("sender", "receiver")]
    order = np.lexsort(ends[::-1])
    return Network(
        wave="",
        relation=name,
        people=PEOPLE,
        sender=ends[0][order],
        receiver=ends[1][order],
        strength=ties["strength"].to_numpy(float)[order],
        answered=np.ones(len(ids), dtype=bool),
        directed=name != "both",
        rule="either" if name == "both" else "sender",
    )


@pytest.fixture(scope="module")
def panel():
    return panel_of([network(name) for name in NAMES])


def beside(expected, found, key):
    expected = pd.read_csv(REFERENCE / expected).rename(columns={"network": "relation"})
    both = expected.merge(found, on=key, how="left", suffixes=("_r", ""), validate="one_to_one")
    assert both["wave"].notna().all()
    return both


def test_people(panel):
    # degree(b, cmode="outdegree"), betweenness(b, cmode="directed"), closeness(b,
    # cmode="directed"), closeness(b, cmode="suminvdir"), kcores(b, mode="graph"),
    # igraph::constraint(g), igraph::cohesive_blocks(g)
    parts = [measure(panel).tidy() for measure in (centrality, constraint, k_components)]
    both = beside("expected_people.csv", pd.concat(parts), KEY)
    assert both.groupby("relation")["measure"].nunique().to_dict() == {
        **{"sparse": 12, "ring": 12, "both": 7}
    }
    relative = both["measure"].str.startswith(RELATIVE)
    own = both["value"].where(~relative, both["relative"])
    # sna's closeness is 0 and not nan where somebody is not reached.
    unreached = both["measure"].str.startswith("closeness") & (both["value_r"] == 0)
    assert own[unreached].isna().all()
    assert unreached.sum() == 40
    np.testing.assert_allclose(own[~unreached], both["value_r"][~unreached], **ROUNDING)


def test_centralization(panel):
    # centralization(b, degree, cmode="outdegree"), ..., (b, closeness, cmode="suminvdir")
    both = beside("expected_centralization.csv", centralization(panel).tidy(), KEY[::2])
    # sna divides the directed harmonic one by (n - 1) squared, n = 20, though n - 1 is the most.
    wrong = both["measure"].isin(["harmonic_out", "harmonic_in"])
    expected = both["value_r"].where(~wrong, both["value_r"] * 19)
    undefined = both["reason"] != ""
    assert both.loc[undefined, "relation"].tolist() == ["sparse"] * 2
    np.testing.assert_allclose(both["value"][~undefined], expected[~undefined], **ROUNDING)


def test_brokerage(panel):
    # brokerage(b, team): raw.nli, exp.nli, sd.nli, z.nli, and gli for "all"
    found = brokerage(panel)
    whole = found.whole.assign(person_id="all")
    both = beside("expected_brokerage.csv", pd.concat([found.tidy(), whole]), KEY)
    np.testing.assert_allclose(both["value"], both["value_r"], **ROUNDING)
    both = both[both["relation"] != "both"]
    np.testing.assert_allclose(both["expected"], both["expected_r"], **ROUNDING)
    everybody = both["person_id"] == "all"
    same = ~everybody | both["measure"].isin(["consultant", "liaison"])
    for column in ("std_error_null", "z"):
        np.testing.assert_allclose(
            both.loc[same, column], both.loc[same, f"{column}_r"], **ROUNDING
        )
    # sna leaves out triples that exclude each other: 2% and less at these sizes.
    ratio = (both["std_error_null"] / both["std_error_null_r"])[~same]
    assert ratio.between(0.97, 0.99999).all()


def test_core_and_periphery(panel):
    # the best of all 2^20 divisions; the best of 40 times optim(runif(n), method = "L-BFGS-B")
    found = core_periphery(panel, n_draws=1).tidy()
    both = beside("expected_core.csv", found, KEY[::2])
    discrete = both["measure"] == "discrete"
    for rows, tolerance in ((discrete, ROUNDING), (~discrete, SEARCHED)):
        np.testing.assert_allclose(
            both.loc[rows, "estimate"], both.loc[rows, "estimate_r"], **tolerance
        )
