"""The permutation tests beside all permutations, and what permuting keeps."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from joblib import parallel_config
from mixing_networks import network, random_network
from scipy import stats

from cvln_eval.networks.mixing import assortativity, ei_index, nominal, numeric, within_between
from cvln_eval.networks.mixing.assortative import jackknife
from cvln_eval.networks.mixing.indices import drawn_indices
from cvln_eval.networks.mixing.permuting import permutation_tail, permuted
from cvln_eval.networks.panel import symmetrised

# A tail of 10,000 draws has a standard error of at most .005, and p is twice a tail.
DRAWS, FOUR_ERRORS = 10_000, 0.04
SIX = ("ab ba bc ad de ef fe ed fd", "xxxyyz")


def all_labels(groups, answered):
    """Return every way to hand out the groups among those who answered and among the others."""
    labels = np.array(list(groups))
    places = [np.flatnonzero(answered), np.flatnonzero(~answered)]
    found = set()
    for first in permutations(labels[places[0]]):
        for second in permutations(labels[places[1]]):
            made = labels.copy()
            made[places[0]], made[places[1]] = first, second
            found.add("".join(made))
    return sorted(found)


def exact(one, measure):
    """Return p over all permutations, twice the smaller tail, and their mean."""
    values = np.array(
        [
            measure(network_like(one, groups))
            for groups in all_labels(one.people["team_id"], one.answered)
        ]
    )
    return twice_the_tail(measure(one), values), float(values.mean())


def twice_the_tail(seen, values):
    tails = [(values >= seen - 1e-9).mean(), (values <= seen + 1e-9).mean()]
    return min(1.0, 2 * min(tails))


def network_like(one, groups):
    return replace(one, people=one.people.assign(team_id=list(groups)))


def whole_index(one):
    return ei_index(one, n_draws=1).tidy()["estimate"].iloc[0]


def difference(one):
    return within_between(one, n_draws=1).tidy()["estimate"].iloc[2]


def r_of(one):
    return assortativity(one, n_draws=1).tidy()["estimate"].iloc[0]


@pytest.mark.parametrize("answered", [[1] * 6, [1, 1, 0, 1, 1, 0]])
@pytest.mark.parametrize(
    ("test", "measure", "row"), [(ei_index, whole_index, 0), (within_between, difference, 2)]
)
@pytest.mark.parametrize("rule", ["sender", "either", "both"])
def test_p_is_that_of_all_permutations(answered, test, measure, row, rule):
    ties = " ".join(tie for tie in SIX[0].split() if answered[ord(tie[0]) - ord("a")])
    one = network(ties, SIX[1], answered=answered)
    one = one if rule == "sender" else symmetrised(one, rule=rule)
    p_value, mean = exact(one, measure)
    found = test(one, n_draws=DRAWS).tidy().iloc[row]
    assert found["p_value"] == pytest.approx(p_value, abs=FOUR_ERRORS)
    assert found["null_mean"] == pytest.approx(mean, abs=0.02)


def test_p_of_assortativity_is_that_of_all_permutations():
    one = network(*SIX)
    p_value, mean = exact(one, r_of)
    found = assortativity(one, n_draws=DRAWS).tidy().iloc[0]
    assert found["p_value"] == pytest.approx(p_value, abs=FOUR_ERRORS)
    assert found["null_mean"] == pytest.approx(mean, abs=0.02)


def test_p_of_a_number_is_that_of_all_permutations():
    values = [1.0, 2.0, 2.0, 5.0, 7.0]
    one = network("ab ba bc cd de ed", "xxxxx", tenure=values)
    arcs = np.array([one.sender, one.receiver])
    drawn = np.array([np.corrcoef(np.array(x)[arcs])[0, 1] for x in permutations(values)])
    p_value = twice_the_tail(np.corrcoef(np.array(values)[arcs])[0, 1], drawn)
    found = assortativity(one, by="tenure", numeric=True, n_draws=DRAWS).tidy().iloc[0]
    assert found["p_value"] == pytest.approx(p_value, abs=FOUR_ERRORS)


def test_the_mean_over_permutations_is_what_is_expected_where_all_answered():
    one = random_network(3, 14, 3, 0.3, 0.0, "sender")
    row = ei_index(one, n_draws=DRAWS).tidy().iloc[0]
    assert row["null_mean"] == pytest.approx(row["expected"], abs=0.01)


def test_permuting_keeps_sizes_and_answers_of_groups():
    codes = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, 2])
    answered = np.array([1, 1, 0, 1, 0, 1, 1, 1, 0, 0], dtype=bool)
    drawn = permuted(200, np.random.default_rng(1), codes, answered)
    for of in (answered, ~answered):
        counts = np.array([np.bincount(row[of], minlength=3) for row in drawn])
        assert (counts == np.bincount(codes[of], minlength=3)).all()
    assert len({tuple(row) for row in drawn}) > 100


def test_each_group_is_drawn_as_it_would_be_counted():
    one = random_network(5, 12, 3, 0.3, 0.3, "sender")
    one = one.among(one.ids[one.people["team_id"].notna()])
    codes, _ = one.groups("team_id")
    ends = np.bincount(np.concatenate([one.sender, one.receiver]), minlength=one.n)
    tied = np.array([one.sender, one.receiver])
    drawn = drawn_indices(4, np.random.default_rng(2), codes, one.answered, tied, ends, 3)
    again = permuted(4, np.random.default_rng(2), codes, one.answered)
    for values, labels in zip(drawn, again, strict=True):
        counted = ei_index(network_like(one, [f"g{code}" for code in labels]), n_draws=1).tidy()
        np.testing.assert_allclose(values, counted["estimate"])


def test_p_counts_ties_and_is_never_0():
    values = np.array([2.0, -2.0, 0.0, 0.0, 1.0, 0.0, 0.0, 2.0 - 1e-13, 0.0])
    # 2 and the 2 that differs by rounding are as high: 2 (2 + 1) / 10.
    tail = permutation_tail(2.0, values, conf_level=0.95)
    assert tail["p_value"] == pytest.approx(0.6)
    assert tail["null_mean"] == pytest.approx(values.mean())
    # Of the nine in order, -2 0 0 0 0 0 1 2 2, the places 8 * .025 = .2 and 7.8 from the first.
    assert (tail["null_low"], tail["null_high"]) == pytest.approx((-1.6, 2.0))
    # As low as -2: 1. In the middle p is 1, not more.
    assert permutation_tail(-2.0, values, conf_level=0.95)["p_value"] == pytest.approx(0.4)
    assert permutation_tail(0.0, values, conf_level=0.95)["p_value"] == 1
    far = permutation_tail(9.0, np.array([0.0] * 98 + [math.nan]), conf_level=0.95)
    assert (far["p_value"], far["smallest_p"], far["n_draws"]) == (2 / 99, 2 / 99, 98)
    assert far["p_low"] == 0
    # With none of 98 the upper Clopper-Pearson bound is 1 - .025^(1/98), and twice it that of p.
    assert far["p_high"] == pytest.approx(2 * (1 - 0.025 ** (1 / 98)))


def test_the_interval_of_p_is_of_the_count():
    row = ei_index(network(*SIX), n_draws=999).tidy().iloc[0]
    extreme = round(row["p_value"] * 500) - 1
    low = stats.binomtest(extreme, 999).proportion_ci(0.95, method="exact")
    assert (row["p_low"], row["p_high"]) == pytest.approx((2 * low.low, 2 * low.high))
    wide = ei_index(network(*SIX), n_draws=999, conf_level=0.99).tidy().iloc[0]
    assert wide["p_low"] < row["p_low"] < row["p_high"] < wide["p_high"]


def test_workers_and_seeds():
    one = random_network(7, 14, 3, 0.3, 0.3, "sender")
    serial = ei_index(one, n_draws=600, rng=5).tidy()
    with parallel_config("threading", n_jobs=2):
        assert ei_index(one, n_draws=600, rng=5).tidy().equals(serial)
    assert not ei_index(one, n_draws=600, rng=6).tidy().equals(serial)


def test_difference_and_e_i_of_a_directed_network_have_one_p():
    for seed in range(5):
        one = random_network(seed, 14, 3, 0.3, 0.3, "sender")
        ours = [test(one, n_draws=200).tidy()["p_value"] for test in (ei_index, within_between)]
        assert ours[0].iloc[0] == ours[1].iloc[2]


def test_the_draws_of_both_densities_are_told_and_of_their_difference():
    one = network(*SIX)
    table = within_between(one, n_draws=DRAWS).tidy().set_index("measure")
    # 9 ties and 30 pairs, 8 within: both densities are 9 / 30 on average.
    means = table["null_mean"].to_list()
    assert means == pytest.approx([0.3, 0.3, 0.0, math.nan], abs=0.01, nan_ok=True)
    # With W of the 9 ties within, W / 8 and (9 - W) / 22 say the same, upside down.
    within, between = table.iloc[0], table.iloc[1]
    for one_end, other in (("null_low", "null_high"), ("null_high", "null_low")):
        assert between[one_end] == pytest.approx((9 - 8 * within[other]) / 22)
    assert table["p_value"].notna().to_list() == [False, False, True, False]
    assert within["null_low"] < within["null_mean"] < within["null_high"]


def test_ties_within_groups_are_found():
    rng = np.random.default_rng(11)
    groups = "v" * 4 + "w" * 7 + "x" * 8 + "y" * 9 + "z" * 13
    same = np.equal.outer(list(groups), list(groups))
    tied = rng.random((41, 41)) < np.where(same, 0.4, 0.05)
    one = random_network(1, 41, 1, 0.0, 0.0, "sender")
    np.fill_diagonal(tied, val=False)
    sender, receiver = np.nonzero(tied)
    one = replace(one, sender=sender, receiver=receiver, strength=np.ones(len(sender)))
    one = network_like(one, groups)
    table = within_between(one, n_draws=999).tidy().set_index("measure")
    # 1 / sd: 336 pairs within (sd .027), 1,304 between (.006): three errors.
    assert table.loc["density within groups", "estimate"] == pytest.approx(0.4, abs=0.081)
    assert table.loc["density between groups", "estimate"] == pytest.approx(0.05, abs=0.018)
    assert table.loc["difference in density", "p_value"] == 0.002
    assert ei_index(one, n_draws=999).tidy()["p_value"].iloc[0] == 0.002
    assert assortativity(one, n_draws=999).tidy()["p_value"].iloc[0] == 0.002


def test_the_jackknife_error_is_the_spread_of_the_coefficient():
    # 150 networks of 41 people who differ in how often they name and are named: the sd of 150 has
    # an error of 6%, the mean of the jackknife errors less; 20% is three of them.
    team = np.repeat(np.arange(5), (7, 7, 8, 8, 11))
    found = []
    for run in range(150):
        rng = np.random.default_rng([3, run])
        own, tenure = np.exp(rng.normal(0, 0.5, (2, 41))), rng.normal(size=41)
        chance = (0.05 + 0.2 * np.equal.outer(team, team)) * own[0][:, None] * own[1]
        tied = (rng.random((41, 41)) < chance) & ~np.eye(41, dtype=bool)
        arcs = np.array(np.nonzero(tied))
        found.append(
            [
                value
                for kind, values in ((nominal, team), (numeric, tenure))
                for value in (
                    kind.coefficient(values, arcs),
                    jackknife(kind.left_out(values, arcs)),
                )
            ]
        )
    estimates, errors = np.array(found)[:, ::2], np.array(found)[:, 1::2]
    np.testing.assert_allclose(errors.mean(axis=0), estimates.std(axis=0), rtol=0.2)
