"""What must hold in every network."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_networks import matrix_of, network_of, networks, values

from cvln_eval.networks.cohesion import (
    degree_distribution,
    density,
    dyad_census,
    reciprocity,
    structure,
    transitivity,
    triad_census,
)
from cvln_eval.networks.panel import network_panel, panel_of, symmetrised

ROOT = Path(__file__).resolve().parents[3]
FEW = settings(max_examples=30)

COMPLEMENT = {
    "003": "300", "012": "210", "102": "201", "021D": "120U", "021U": "120D", "021C": "120C",
    "111D": "111D", "111U": "111U", "030T": "030T", "030C": "030C",
}  # fmt: skip
REVERSED = {"021D": "021U", "111D": "111U", "120D": "120U"}
# Ordered triples i to j to k with i to k, and without, that each type of triad holds.
CLOSED = {"030T": 1, "120D": 2, "120U": 2, "120C": 1, "210": 3, "300": 6}
OPEN = {"021C": 1, "111D": 1, "111U": 1, "030C": 3, "201": 2, "120C": 2, "210": 1}


def strengths_of(network):
    return np.nan_to_num(network.matrix())


def renamed(network, order):
    """Return the network of the same people in another order."""
    return network_of(strengths_of(network)[np.ix_(order, order)], network.answered[order])


@FEW
@given(networks(), st.randoms())
def test_names_of_people_make_no_difference(network, random):
    order = list(range(network.n))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        structure(network).tidy(), structure(renamed(network, order)).tidy()
    )


@FEW
@given(networks(all_answered=True))
def test_turning_all_arcs_round_swaps_what_is_sent_and_received(network):
    turned = network_of(strengths_of(network).T)
    found, other = values(structure(network)), values(structure(turned))
    swapped = {f"triads_{one}": f"triads_{two}" for one, two in REVERSED.items()}
    swapped |= {
        f"{one}_{kind}_{part}": f"{two}_{kind}_{part}"
        for one, two in (("in", "out"), ("out", "in"))
        for kind in ("degree", "strength")
        for part in ("mean", "sd")
    }
    swapped |= {"naming_nobody": "named_by_nobody", "named_by_nobody": "naming_nobody"}
    swapped |= {two: one for one, two in swapped.items()}
    expected = {name: other[swapped.get(name, name)] for name in other}
    del found["krackhardt_lubness"], expected["krackhardt_lubness"]  # it looks up, not down
    assert found == pytest.approx(expected, nan_ok=True)


@FEW
@given(networks(all_answered=True))
def test_the_complement_has_the_rest(network):
    rest = network_of(1 - matrix_of(network))
    if network.n > 1:
        assert values(density(network))["density"] == pytest.approx(
            1 - values(density(rest))["density"]
        )
    if network.n:
        found, other = values(dyad_census(network)), values(dyad_census(rest))
        assert found["dyads_mutual"] == other["dyads_null"]
        assert found["dyads_asymmetric"] == other["dyads_asymmetric"]
        triads, others = values(triad_census(network)), values(triad_census(rest))
        for one, two in COMPLEMENT.items():
            assert triads[f"triads_{one}"] == others[f"triads_{two}"]


@FEW
@given(networks())
def test_an_isolate_changes_what_it_must(network):
    n = network.n
    matrix = np.zeros((n + 1, n + 1))
    matrix[:n, :n] = strengths_of(network)
    more = network_of(matrix, [*network.answered, True])
    if not network.answered.any():
        return
    found, other = values(structure(network)), values(structure(more))
    same = ["reciprocity_arcs", "reciprocity_dyads", "transitivity", "clustering", "diameter"]
    same += ["mean_distance", "krackhardt_hierarchy", "krackhardt_efficiency"]
    same += ["krackhardt_lubness", "triads_300", "triads_030T", "triads_210", "dyads_mutual"]
    assert {name: found[name] for name in same} == pytest.approx(
        {name: other[name] for name in same}, nan_ok=True
    )
    for name in ("isolates", "weak_components", "strong_components", "naming_nobody"):
        assert other[name] == found[name] + 1


@FEW
@given(networks())
def test_censuses_add_up_to_all_pairs_and_triads(network):
    n = network.n
    if network.answered.any():
        assert sum(values(dyad_census(network)).values()) == n * (n - 1) / 2
        assert sum(values(triad_census(network)).values()) == n * (n - 1) * (n - 2) / 6


@FEW
@given(networks())
def test_transitive_triples_are_those_of_the_triads(network):
    if not network.answered.any():
        return
    triads = values(triad_census(network))
    row = transitivity(network).tidy().set_index("measure").loc["transitivity"]
    closed = sum(held * triads[f"triads_{name}"] for name, held in CLOSED.items())
    still_open = sum(held * triads[f"triads_{name}"] for name, held in OPEN.items())
    assert row[["numerator", "denominator"]].tolist() == [closed, closed + still_open]


@FEW
@given(networks())
def test_a_ratio_is_its_numerator_over_its_denominator(network):
    table = structure(network).tidy()
    ratios = table[table["numerator"].notna() & (table["denominator"] > 0)]
    np.testing.assert_allclose(ratios["value"], ratios["numerator"] / ratios["denominator"])
    assert ((table["reason"] == "") == table["value"].notna()).all()


@FEW
@given(networks())
def test_the_distribution_has_the_mean_of_the_structure(network):
    found, whole = degree_distribution(network), values(structure(network))
    table = found.tidy()
    for measure, rows in table.groupby("measure"):
        if network.answered.any():
            mean = (rows["value"] * rows["share_of_persons"]).sum()
            assert mean == pytest.approx(whole[f"{measure}_mean"])
            assert rows["n_persons"].sum() == rows["n"].iloc[0]
    means = found.summary().set_index("measure")["mean"]
    assert means.to_dict() == pytest.approx(
        {name: whole[f"{name}_mean"] for name in means.index}, nan_ok=True
    )


@pytest.mark.parametrize("rule", ["either", "both", None])
def test_who_happens_not_to_answer_makes_no_bias(rule):
    # Over all sets of four of six people who might have answered, which each are as likely, the
    # mean of the density is that of the whole network. Known pairs alone would be denser by
    # "either" and sparser by "both".
    rng = np.random.default_rng(1)
    matrix = (rng.random((6, 6)) < 0.4).astype(float)

    def found(answered):
        network = network_of(matrix, answered)
        return values(density(symmetrised(network, rule=rule) if rule else network))["density"]

    parts = [found([i in kept for i in range(6)]) for kept in combinations(range(6), 4)]
    assert np.mean(parts) == pytest.approx(found([True] * 6))
    assert np.std(parts) > 0.01


def test_mutual_dyads_are_found_in_proportion_to_the_dyads_known():
    rng = np.random.default_rng(2)
    matrix = (rng.random((6, 6)) < 0.5).astype(float)
    whole = values(dyad_census(network_of(matrix)))["dyads_mutual"]
    found = [
        values(dyad_census(network_of(matrix, [i in kept for i in range(6)])))["dyads_mutual"]
        for kept in combinations(range(6), 4)
    ]
    # 4 x 3 of 6 x 5 dyads are known
    assert np.mean(found) == pytest.approx(whole * 12 / 30)


@FEW
@given(networks(all_answered=True))
def test_symmetrised_networks_are_transitive_with_and_without_direction_alike(network):
    if network.n:
        found = values(transitivity(symmetrised(network, rule="either")))
        assert found["transitivity"] == pytest.approx(found["clustering"], nan_ok=True)
        directed = values(transitivity(network))
        assert directed["clustering"] == pytest.approx(found["clustering"], nan_ok=True)


def test_reciprocity_of_random_arcs_is_their_density():
    # Arcs independent of each other: an arc is returned as often as any pair is tied.
    rng = np.random.default_rng(3)
    network = network_of(rng.random((400, 400)) < 0.2)
    # 32,000 arcs: standard error .0032
    assert values(reciprocity(network))["reciprocity_arcs"] == pytest.approx(0.2, abs=0.013)
    assert values(transitivity(network))["transitivity"] == pytest.approx(0.2, abs=0.01)


def test_a_panel_has_the_rows_of_its_networks():
    rng = np.random.default_rng(5)
    one = network_of(rng.random((5, 5)) < 0.5)
    two = replace(network_of(rng.random((6, 6)) < 0.5), wave="2")
    both = structure(panel_of([one, two])).tidy()
    apart = pd.concat([structure(one).tidy(), structure(two).tidy()], ignore_index=True)
    pd.testing.assert_frame_equal(both, apart)


def test_pairs_of_the_bundled_study_are_those_that_its_panel_counts():
    read = {
        name: pd.read_csv(ROOT / "data" / "processed" / f"{name}.csv")
        for name in ("ties", "memberships", "respondents")
    }
    panel = network_panel(**read)
    counted = panel.tidy().query("reason == ''").reset_index(drop=True)
    found = density(panel).tidy().query("measure == 'density'").reset_index(drop=True)
    assert found[["wave", "relation"]].equals(counted[["wave", "relation"]])
    assert (found["numerator"] == counted["n_pairs_tie"]).all()
    assert (found["denominator"] == counted["n_pairs_tie"] + counted["n_pairs_no_tie"]).all()
    assert (found["n_not_answered"] == counted["n_asked"] - counted["n_responded"]).all()
    assert (structure(panel).tidy()["reason"] == "").all()
