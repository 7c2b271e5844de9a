"""Ranges that non-response leaves: by hand, against every completion, and where there are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_networks import completions, network, random_network

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.cohesion import density, isolates, reciprocity
from cvln_eval.networks.mixing import ei_index, within_between
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.uncertainty import non_response_bounds
from cvln_eval.networks.uncertainty.bounds import NO_BOUND, NO_TIE, NO_VALUE

ENDS = ["lowest", "highest"]
# Sums of a few small ratios.
EXACT = 1e-12


def bounds(one, **options):
    return non_response_bounds(one, **options).tidy().set_index("measure")


def by_brute_force(one):
    """Return the least and greatest value of each measure over all completions that have it."""
    found = {name: [] for name in ("density", "mean_degree", "isolates", "E-I index")}
    found |= {name: [] for name in ("reciprocity_arcs", "reciprocity_dyads")}
    found |= {name: [] for name in ("within", "between")}
    for full in completions(one):
        tied = full.adjacency().toarray() > 0
        same = np.equal.outer(*[full.people["team_id"].to_numpy()] * 2)
        pairs = ~np.eye(full.n, dtype=bool)
        arcs, returned = tied.sum(), (tied & tied.T).sum()
        found["density"].append(arcs / pairs.sum())
        found["mean_degree"].append(arcs / full.n)
        found["isolates"].append((~(tied | tied.T).any(axis=1)).sum())
        inside = (tied & same).sum()
        if arcs:
            found["E-I index"].append((arcs - 2 * inside) / arcs)
            found["reciprocity_arcs"].append(returned / arcs)
            found["reciprocity_dyads"].append(returned / 2 / (arcs - returned / 2))
        for name, own in (("within", same & pairs), ("between", ~same & pairs)):
            if own.any():
                found[name].append((tied & own).sum() / own.sum())
    return {name: (min(v), max(v)) if v else (np.nan, np.nan) for name, v in found.items()}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(2, 4),
    st.sampled_from(["sender", "either", "both"]),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([0.0, 0.3, 0.6]),
)
def test_no_completion_lies_beyond_the_ends_and_some_reach_them(seed, n, rule, dense, silent):
    one = random_network(seed, n, rule, density=dense, silent=silent)
    found, seen = bounds(one), by_brute_force(one)
    words = {"within": "density within groups", "between": "density between groups"}
    for name, ends in seen.items():
        row = found.loc[words.get(name, name)]
        if not one.directed and name.startswith("reciprocity"):
            assert np.isnan(row["lowest"])
            continue
        assert row[ENDS].tolist() == pytest.approx(list(ends), abs=EXACT, nan_ok=True), name


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_of_directed_networks_the_value_lies_in_the_range(seed, n):
    table = bounds(random_network(seed, n, "sender")).dropna(subset=["value", "lowest"])
    assert (table["lowest"] <= table["value"] + EXACT).all()
    assert (table["value"] <= table["highest"] + EXACT).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["sender", "either", "both"]))
def test_where_everybody_answered_both_ends_are_the_value(seed, rule):
    table = bounds(random_network(seed, 7, rule, silent=0.0)).drop("transitivity")
    for end in ENDS:
        assert table[end].tolist() == pytest.approx(table["value"].tolist(), nan_ok=True)
    assert (table["n_pairs_not_known"] == 0).all()


def test_by_hand():
    # a names b and c, b names a, c did not answer: c -> a and c -> b are open; teams ab, c.
    one = network("ab ac ba", "xxy", answered=[1, 1, 0])
    found = bounds(one)
    assert found.loc["density", ENDS].tolist() == pytest.approx([3 / 6, 5 / 6])
    assert found.loc["mean_degree", ENDS].tolist() == pytest.approx([1, 5 / 3])
    # Dyads: ab mutual; ac named; bc not named. Lowest 2 / (2 + 2), highest (2 + 2) / 4.
    assert found.loc["reciprocity_arcs", ENDS].tolist() == pytest.approx([1 / 2, 1])
    assert found.loc["reciprocity_dyads", ENDS].tolist() == pytest.approx([1 / 3, 1])
    # Ties 2 internal, 1 external; both open pairs are external.
    assert found.loc["E-I index", ENDS].tolist() == pytest.approx([-1 / 3, 1 / 5])
    assert found.loc["density within groups", ENDS].tolist() == [1, 1]
    assert found.loc["density between groups", ENDS].tolist() == pytest.approx([1 / 4, 3 / 4])
    assert found.loc["difference in density", ENDS].tolist() == pytest.approx([1 / 4, 3 / 4])
    assert found.loc["isolates", ENDS].tolist() == [0, 0]
    assert found.loc["density", ["n_pairs", "n_pairs_not_known"]].tolist() == [4, 2]
    assert found.loc["transitivity", "reason"] == NO_BOUND


def test_the_difference_of_densities_reaches_its_ends():
    one = random_network(3, 4, "sender", silent=0.5)
    spans = []
    for full in completions(one):
        table = within_between(full, n_draws=1).tidy().set_index("measure")["estimate"]
        spans.append(table["difference in density"])
    ends = bounds(one).loc["difference in density", ENDS].tolist()
    assert ends == pytest.approx([min(spans), max(spans)], abs=EXACT)
    assert min(spans) < max(spans)


@pytest.mark.parametrize("rule", ["sender", "either", "both"])
def test_values_are_those_of_the_other_rooms(rule):
    one = random_network(6, 12, rule, silent=0.3)
    found = bounds(one)
    for table in (density(one), isolates(one), reciprocity(one)):
        values = table.tidy().set_index("measure")["value"]
        for name in set(values.index) & set(found.index):
            assert found.loc[name, "value"] == pytest.approx(values[name], nan_ok=True)
    whole = ei_index(one, n_draws=1).tidy().iloc[0]["estimate"]
    assert found.loc["E-I index", "value"] == pytest.approx(whole, nan_ok=True)
    mixed = within_between(one, n_draws=1).tidy().set_index("measure")["estimate"]
    for name in ("density within groups", "density between groups", "difference in density"):
        assert found.loc[name, "value"] == pytest.approx(mixed[name], nan_ok=True)


def test_ties_that_only_dyads_not_named_can_have_are_one_way():
    # a named nobody, b did not answer: only b -> a is open.
    found = bounds(network("", "xy", answered=[1, 0]))
    assert found.loc["reciprocity_arcs", ENDS].tolist() == [0, 0]
    # The open pair is external: the index is 1 wherever it has a value.
    assert found.loc["E-I index", ENDS].tolist() == [1, 1]
    assert bounds(network("", "xx", answered=[1, 0])).loc["E-I index", ENDS].tolist() == [-1, -1]


def test_nobody_answered_leaves_everything_open():
    found = bounds(network("", "xxy", answered=[0, 0, 0]))
    assert found.loc["density", ENDS].tolist() == [0, 1]
    assert found.loc["reciprocity_arcs", ENDS].tolist() == [0, 1]
    assert found.loc["isolates", ENDS].tolist() == [0, 3]
    assert found["value"].isna().all()
    assert (found.drop("transitivity")["reason"] == NO_VALUE).all()


def test_one_person_no_people_and_no_ties():
    one = bounds(network("", "x"))
    assert one.loc["isolates", ENDS].tolist() == [1, 1]
    assert one.loc["density", "reason"] == NO_TIE
    nobody = bounds(network("", ""))
    assert nobody[ENDS].isna().all(axis=None)
    assert (nobody["reason"] != "").all()
    empty = bounds(network("", "xy"))
    assert empty.loc["density", [*ENDS, "value"]].tolist() == [0, 0, 0]
    assert empty.loc["reciprocity_arcs", "reason"] == NO_TIE


def test_ties_of_people_who_did_not_answer_are_open():
    told = network("ab", "xx", answered=[1, 0])
    more = network("ab ba", "xx", answered=[1, 0])
    assert bounds(told).equals(bounds(more))


def test_relabelling_people_changes_nothing():
    one = random_network(11, 8, "sender")
    order = np.random.default_rng(1).permutation(8)
    place = np.argsort(order)
    other = replace(
        one,
        people=one.people.iloc[order].reset_index(drop=True),
        sender=place[one.sender],
        receiver=place[one.receiver],
        answered=one.answered[order],
    )
    assert bounds(one)[ENDS].equals(bounds(other)[ENDS])


def test_people_of_no_group_are_left_out_of_groups_alone():
    one = network("ab ac ba", "xxy", answered=[1, 1, 0])
    one = replace(one, people=one.people.assign(team_id=["x", "x", None]))
    found = bounds(one)
    assert found.loc["density", "n_pairs_not_known"] == 2
    assert found.loc["E-I index", ["n", "n_without_group", "n_pairs_not_known"]].tolist() == [
        2,
        1,
        0,
    ]
    assert np.isnan(found.loc["density between groups", "lowest"])


def test_without_groups():
    assert "E-I index" not in bounds(network("ab", "xx"), by=None).index


def test_sentences():
    one = network("ab ac ba", "xxy", answered=[1, 1, 0])
    assert non_response_bounds(one).sentence() == (
        "In advice in 1, 1 of 3 people did not answer, which leaves 2 of 6 pairs open (33%); "
        "whatever they would have answered, density would be from 0.500 to 0.833 (0.750 over "
        "those who answered); arc reciprocity would be from 0.500 to 1.000 (1.000 over those who "
        "answered); the E-I index would be from -0.333 to 0.200 (-0.333 over those who answered)."
    )
    whole = network("ab", "xx", wave="2")
    both = non_response_bounds(panel_of([one, whole]))
    assert both.sentence().endswith(
        "In advice in 2 no pair is left open by people who did not answer."
    )
    assert both.glance().loc[0, ["n_networks", "n_not_answered"]].tolist() == [2, 1]


def test_failures():
    with pytest.raises(ArgumentError, match="no network"):
        non_response_bounds("x")
    with pytest.raises(ArgumentError, match="'district'"):
        non_response_bounds(network("ab", "xx"), by="district")
