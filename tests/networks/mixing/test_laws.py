"""Laws that hold in every network, also where people did not answer or are of no group."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixing_networks import networks, random_network

from cvln_eval.networks.mixing import (
    assortativity,
    bridges,
    ei_index,
    mixing_matrix,
    nominal,
    numeric,
    within_between,
)
from cvln_eval.networks.mixing.grouping import grouped, known_blocks, known_of_persons
from cvln_eval.networks.panel import symmetrised

FEW = settings(max_examples=25, deadline=None)
FEWER = settings(max_examples=8, deadline=None)


def every_result(one, **options):
    return [
        mixing_matrix(one),
        bridges(one),
        ei_index(one, n_draws=5, **options),
        within_between(one, n_draws=5, **options),
        assortativity(one, n_draws=5, **options),
        assortativity(one, by="tenure", numeric=True, n_draws=5, **options),
    ]


@FEW
@given(networks())
def test_known_pairs_are_those_of_the_matrix(one):
    groups = grouped(one.answerable(), "team_id")
    known = (~np.isnan(groups.network.matrix())).astype(int)
    hot = np.eye(len(groups.names), dtype=int)[groups.codes]
    blocks = hot.T @ known @ hot
    if not one.directed:
        blocks -= np.diag(np.diag(blocks) // 2)
    assert (known_blocks(groups) == blocks).all()
    same = groups.codes[:, None] == groups.codes
    ends = known + known.T if one.directed else known
    everybody, inside = known_of_persons(groups)
    assert everybody.tolist() == ends.sum(axis=1).tolist()
    assert inside.tolist() == (ends * same).sum(axis=1).tolist()


@FEW
@given(networks())
def test_blocks_add_up_to_the_network(one):
    table = mixing_matrix(one).tidy()
    kept = grouped(one.answerable(), "team_id").network
    assert table["n_ties"].sum() == kept.n_ties
    assert table["n_pairs"].sum() == kept.n_dyads()
    assert (table["density"].dropna() <= 1).all()
    assert (table["reason"].ne("") == table["density"].isna()).all()
    own = table["group"] == table["other_group"]
    found = within_between(one, n_draws=2).tidy()
    assert found["n_ties"].iloc[:2].tolist() == [
        table.loc[own, "n_ties"].sum(),
        table.loc[~own, "n_ties"].sum(),
    ]
    assert found["n_pairs"].iloc[:2].tolist() == [
        table.loc[own, "n_pairs"].sum(),
        table.loc[~own, "n_pairs"].sum(),
    ]


@FEW
@given(networks())
def test_people_add_up_to_groups_and_groups_to_twice_the_whole(one):
    found = ei_index(one, n_draws=2)
    table = found.tidy()
    people = found.persons().groupby("group")[["n_external", "n_internal"]].sum()
    groups = table[table["by"] == "team_id"].set_index("group")[["n_external", "n_internal"]]
    assert people.to_numpy().tolist() == groups.to_numpy().tolist()
    whole = table.iloc[0][["n_external", "n_internal"]]
    assert (groups.sum() == 2 * whole).all()
    told = bridges(one.answerable()).whole()
    assert told["n_external"].item() == whole["n_external"]
    assert bridges(one).whole()["n_external"].item() >= whole["n_external"]


@pytest.mark.parametrize("rule", ["sender", "either", "both"])
def test_who_happens_not_to_answer_makes_no_bias(rule):
    # Over all sets of five of seven people who might have answered, each pair is as often among the
    # known: the ties of all sets over the pairs of all sets are the density of the whole network.
    whole = random_network(3, 7, 2, 0.4, 0.0, "sender")

    def found(kept):
        told = replace(whole, answered=np.isin(np.arange(7), kept)).answerable()
        one = told if rule == "sender" else symmetrised(told, rule=rule)
        return within_between(one, n_draws=1).tidy()[["n_ties", "n_pairs"]].to_numpy()[:2]

    parts = [found(kept) for kept in combinations(range(7), 5)]
    everybody = found(range(7))
    sums = np.sum(parts, axis=0)
    assert sums[:, 0] / sums[:, 1] == pytest.approx(everybody[:, 0] / everybody[:, 1])
    assert everybody[:, 0].min() > 0
    assert np.std(parts, axis=0)[:, 0].min() > 0


@FEW
@given(networks())
def test_the_range_holds_the_index_and_its_ends_rescale_to_1(one):
    row = ei_index(one, n_draws=2).tidy().iloc[0]
    if np.isnan(row["estimate"]):
        return
    assert row["lowest"] <= row["estimate"] <= row["highest"]
    assert np.isnan(row["rescaled"]) == (row["lowest"] == row["highest"])
    if row["lowest"] < row["highest"]:
        assert -1 <= row["rescaled"] <= 1


@FEWER
@given(networks(), st.integers(0, 100))
def test_relabelling_people_changes_no_number(one, seed):
    order = np.random.default_rng(seed).permutation(one.n)
    place = np.argsort(order)
    people = one.people.iloc[order].assign(person_id=one.people["person_id"].to_numpy())
    ends = place[np.array([one.sender, one.receiver])]
    ends = ends if one.directed else np.sort(ends, axis=0)
    sort = np.lexsort(ends[::-1])
    other = replace(
        one,
        people=people.reset_index(drop=True),
        sender=ends[0, sort],
        receiver=ends[1, sort],
        answered=one.answered[order],
        claimed=place[one.claimed],
    )
    for before, after in zip(every_result(one), every_result(other), strict=True):
        drawn = ["null_mean", "null_low", "null_high", "p_value", "p_low", "p_high"]
        drawn += ["n_draws", "smallest_p"]
        left, right = (
            result.tidy().drop(columns=drawn, errors="ignore") for result in (before, after)
        )
        if "person_id" in left:
            continue
        pd.testing.assert_frame_equal(left, right)
    left, right = bridges(one).tidy(), bridges(other).tidy()
    left["person_id"] = left["person_id"].map(dict(zip(one.ids, one.ids[place], strict=True)))
    pd.testing.assert_frame_equal(
        left.sort_values("person_id", ignore_index=True), right, check_dtype=False
    )


@FEWER
@given(st.integers(0, 500), st.sampled_from([0.1, 0.4]))
def test_reversing_all_ties_transposes_the_blocks(seed, density):
    one = random_network(seed, 12, 3, density, 0.0, "sender")
    sort = np.lexsort([one.sender, one.receiver])
    other = replace(one, sender=one.receiver[sort], receiver=one.sender[sort])
    wave = {"wave": "1", "relation": "advice"}
    for values in ("n_ties", "n_pairs"):
        there, back = (mixing_matrix(net).matrix(**wave, values=values) for net in (one, other))
        assert (there.to_numpy() == back.to_numpy().T).all()
    for one_, other_ in list(zip(every_result(one), every_result(other), strict=True))[2:]:
        np.testing.assert_allclose(one_.tidy()["estimate"], other_.tidy()["estimate"])


@FEWER
@given(st.integers(0, 500))
def test_an_isolate_adds_pairs_but_no_ties(seed):
    one = random_network(seed, 10, 3, 0.3, 0.0, "sender")
    more = pd.DataFrame({"person_id": ["p999"], "team_id": ["v"], "tenure": [1.0]})
    other = replace(
        one,
        people=pd.concat([one.people, more], ignore_index=True),
        answered=np.append(one.answered, True),
    )
    left, right = (ei_index(net, n_draws=2).tidy().iloc[0] for net in (one, other))
    np.testing.assert_equal(left["estimate"], right["estimate"])
    np.testing.assert_allclose(
        *(assortativity(net, n_draws=2).tidy()["estimate"] for net in (one, other))
    )
    pairs = [mixing_matrix(net).tidy()["n_pairs"].sum() for net in (one, other)]
    n = int(one.people["team_id"].notna().sum())
    assert pairs[1] - pairs[0] == 2 * n


@FEWER
@given(st.integers(0, 500), st.integers(2, 4))
def test_the_complement_has_the_other_pairs(seed, n_groups):
    one = random_network(seed, 10, n_groups, 0.4, 0.3, "sender")
    matrix = one.matrix()
    sender, receiver = np.nonzero(matrix == 0)
    other = replace(one, sender=sender, receiver=receiver, strength=np.ones(len(sender)))
    left, right = mixing_matrix(one).tidy(), mixing_matrix(other).tidy()
    assert (left["n_ties"] + right["n_ties"] == left["n_pairs"]).all()
    difference = [within_between(net, n_draws=2).tidy()["estimate"].iloc[2] for net in (one, other)]
    np.testing.assert_allclose(difference[0], -difference[1], atol=1e-12)


@FEWER
@given(networks(rules=("sender",)))
def test_symmetric_networks_are_the_same_both_ways(one):
    both = np.concatenate([[one.sender, one.receiver], [one.receiver, one.sender]], axis=1)
    both = np.unique(both, axis=1).astype(np.intp)
    mutual = replace(
        one,
        sender=both[0],
        receiver=both[1],
        strength=np.ones(both.shape[1]),
        answered=np.ones(one.n, dtype=bool),
    )
    undirected = symmetrised(mutual, rule="either")
    for number in (2, 3, 4):
        left, right = every_result(mutual)[number], every_result(undirected)[number]
        np.testing.assert_allclose(left.tidy()["estimate"], right.tidy()["estimate"])


@FEW
@given(networks())
def test_leaving_out_people_is_computing_again_without_them(one):
    groups = grouped(one, "team_id")
    values = np.random.default_rng(0).normal(size=groups.network.n)
    for kind, own in ((nominal, groups.codes), (numeric, values)):
        arcs = np.array(groups.network.arcs()[:2])
        if not arcs.size:
            continue
        again = []
        for person in range(groups.network.n):
            kept = arcs[:, (arcs != person).all(axis=0)]
            again.append(kind.coefficient(own, kept) if kept.size else np.nan)
        np.testing.assert_allclose(kind.left_out(own, arcs), again, atol=1e-9)


@FEW
@given(networks())
def test_shares_carried_add_up_to_2_and_are_what_is_lost(one):
    found = bridges(one)
    people, total = found.tidy(), found.whole()["n_external"].item()
    if total == 0:
        assert people["share_carried"].isna().all()
        return
    assert np.isclose(people["share_carried"].sum(), 2)
    worst = people.sort_values("share_carried").iloc[-1]
    rest = one.among(one.ids[one.ids != worst["person_id"]])
    left = bridges(rest).whole().iloc[0]
    assert np.isclose(left["n_external"], total * (1 - worst["share_carried"]))
    joined = [pairs[pairs["n_ties"] > 0] for pairs in (found.pairs(), bridges(rest).pairs())]
    assert len(joined[0]) - len(joined[1]) == worst["n_groups_alone"]


@FEW
@given(networks())
def test_what_cannot_be_had_has_a_reason_and_nothing_is_infinite(one):
    for result in every_result(one):
        table = result.tidy()
        numbers = table.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any()
        result.sentence(), result.glance(), repr(result)
        if "estimate" in table:
            assert (table.loc[table["estimate"].isna(), "reason"] != "").all()
        if "p_value" in table and "null_hypothesis" in table:
            tested = table[table["null_hypothesis"] != ""]
            assert (tested.loc[tested["p_value"].isna(), "reason"] != "").all()
            known = tested["p_value"].dropna()
            assert known.between(0, 1, inclusive="right").all()
