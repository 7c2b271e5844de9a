"""What must hold of any network: other names, another order, one more isolate, arcs reversed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.networks.positions import (
    brokerage,
    centrality,
    centralization,
    constraint,
    k_components,
)

PER_PERSON = (centrality, constraint, brokerage, k_components)
# Sums are added in another order.
SAME = {"rtol": 1e-9, "atol": 1e-9}
seeds = st.integers(0, 10_000)
RULES = settings(max_examples=8, deadline=None)


def random_network(make_of, seed, n=9):
    stream = np.random.default_rng(seed)
    matrix = (stream.random((n, n)) < 0.25) * stream.integers(1, 5, (n, n))
    np.fill_diagonal(matrix, 0)
    answered = stream.random(n) < 0.85
    matrix[~answered] = 0
    return make_of(matrix, answered=answered)


def by_person(result):
    table = result.tidy().set_index(["person_id", "measure"]).sort_index()
    return table[[name for name in ("value", "relative", "z") if name in table]], table["reason"]


@RULES
@given(seeds)
def test_other_names_give_the_same_people_the_same_values(make_of, renamed, seed):
    network = random_network(make_of, seed)
    ids = [f"Q{one:02}" for one in np.random.default_rng(seed + 1).permutation(network.n)]
    other = renamed(network, ids)
    back = dict(zip(ids, network.ids, strict=True))
    for measure in PER_PERSON:
        values, reasons = by_person(measure(network))
        again, why = by_person(measure(other))
        again, why = (each.rename(index=back, level=0).sort_index() for each in (again, why))
        pd.testing.assert_frame_equal(values, again, **SAME)
        pd.testing.assert_series_equal(reasons, why)
    np.testing.assert_allclose(
        centralization(network).tidy()["value"], centralization(other).tidy()["value"], **SAME
    )


@RULES
@given(seeds)
def test_reversed_arcs_exchange_what_goes_out_and_what_comes_in(make_of, seed):
    network = random_network(make_of, seed)
    network = replace(network, answered=np.ones(network.n, dtype=bool))
    order = np.lexsort([network.sender, network.receiver])
    turned = replace(
        network,
        sender=network.receiver[order],
        receiver=network.sender[order],
        strength=network.strength[order],
    )
    names = {"out_degree": "in_degree", "out_strength": "in_strength"}
    names |= {"closeness_out": "closeness_in", "harmonic_out": "harmonic_in"}
    names |= {new: old for old, new in names.items()}
    names |= {"gatekeeper": "representative", "representative": "gatekeeper"}
    for measure in PER_PERSON:
        values, _ = by_person(measure(network))
        again, _ = by_person(measure(turned))
        again = again.rename(index=names, level=1).sort_index()
        pd.testing.assert_frame_equal(values, again, **SAME)


@RULES
@given(seeds)
def test_one_more_isolate_leaves_the_others_their_counts(make_of, seed):
    network = random_network(make_of, seed)
    more = pd.DataFrame({"person_id": ["Z"], "team_id": ["x"]})
    larger = replace(
        network,
        people=pd.concat([network.people, more], ignore_index=True),
        answered=np.append(network.answered, True),
    )
    kept = ["out_degree", "in_degree", "out_strength", "in_strength", "harmonic_out", "harmonic_in"]
    kept += ["constraint", "effective_size", "efficiency", "hierarchy", "k_core", "k_component"]
    kept += ["coordinator", "liaison", "total"]
    for measure in PER_PERSON:
        values = by_person(measure(network))[0]["value"]
        again = by_person(measure(larger))[0]["value"].drop("Z")
        known = values.index.get_level_values(1).isin(kept) & values.notna()
        np.testing.assert_allclose(again[known], values[known], **SAME)
        assert again.index.equals(values.index)
    alone = by_person(centrality(larger))[0].loc["Z"]
    assert alone.loc[["out_degree", "harmonic_out"], "value"].tolist() == [0, 0]


@RULES
@given(seeds)
def test_strengths_times_three_change_strengths_alone(make_of, seed):
    network = random_network(make_of, seed)
    louder = replace(network, strength=3 * network.strength)
    for measure in PER_PERSON:
        values, again = (by_person(measure(one))[0]["value"] for one in (network, louder))
        times = np.where(values.index.get_level_values(1).str.endswith("strength"), 3, 1)
        np.testing.assert_allclose(again, times * values, **SAME)


@pytest.mark.parametrize("measure", [*PER_PERSON, centralization])
def test_results_print_the_same_again(make_of, measure):
    network = random_network(make_of, 3)
    one, other = measure(network), measure(network)
    assert one.sentence() in repr(one)
    assert repr(one) == repr(other)
    assert list(one.tidy().columns[:2]) == ["wave", "relation"]
    assert len(one.glance()) == 1
