"""What must not move the test, and what bounds it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wild_designs import clustered

from cvln_eval.inference.wild import wild_bootstrap, wild_p_values

# The same additions in another order; bounds are roots of a step that rounding moves.
ROUNDING = 1e-9
FORMULA = "change ~ visits + tenure"
SIX = clustered(sizes=(3, 4, 6, 8, 9, 12), seed=11, effect=0.8)


def visits(table, **given_too):
    return wild_bootstrap(table, formula=FORMULA, term="visits", **given_too)


def numbers(found):
    names = ("estimate", "std_error", "statistic", "p_value", "smallest_p", "conf_low", "conf_high")
    return [getattr(found, name) for name in names]


@pytest.mark.parametrize("draws", ["rademacher", "webb"])
def test_the_order_of_rows_is_of_no_account(draws):
    shuffled = SIX.sample(frac=1, random_state=1)
    ours = numbers(visits(SIX, draws=draws, n_draws=500))
    np.testing.assert_allclose(
        ours, numbers(visits(shuffled, draws=draws, n_draws=500)), rtol=ROUNDING
    )


def test_the_names_of_clusters_are_of_no_account():
    renamed = SIX.assign(team_id=SIX["team_id"].str[1:].astype(int).map(dict(enumerate("qaxmbz"))))
    np.testing.assert_allclose(numbers(visits(SIX)), numbers(visits(renamed)), rtol=ROUNDING)


@given(
    scale=st.sampled_from([-1000.0, -1.0, 1e-3, 7.0, 1e5]),
    level=st.floats(-1e5, 1e5),
    slope=st.floats(-100, 100),
)
@settings(max_examples=20, deadline=None)
def test_scaling_and_shifting_outcome_and_null_together(scale, level, slope):
    moved = scale * SIX["change"] + level + slope * SIX["visits"]
    ours = visits(SIX, null_value=0.3)
    found = visits(SIX.assign(change=moved), null_value=0.3 * scale + slope)
    assert found.p_value == ours.p_value
    assert found.statistic == pytest.approx(math.copysign(1, scale) * ours.statistic, rel=1e-6)
    ends = sorted(scale * end + slope for end in (ours.conf_low, ours.conf_high))
    slack = 1e-5 * (ends[1] - ends[0])
    assert [found.conf_low, found.conf_high] == pytest.approx(ends, abs=slack)


def test_another_unit_of_the_regressor_divides_coefficient_and_set():
    found = visits(SIX.assign(visits=SIX["visits"] * 1000))
    ours = visits(SIX)
    assert found.p_value == ours.p_value
    assert found.conf_low == pytest.approx(ours.conf_low / 1000, rel=1e-6)


def test_a_term_that_nearly_depends_on_another_keeps_its_digits():
    near = SIX.assign(near=SIX["tenure"] + 1e-6 * SIX["visits"], change=SIX["change"] + 1e6)
    found = wild_bootstrap(near, formula="change ~ near + tenure", term="near")
    # rounding at 1e-16 against 1e-6 leaves 1e-10, and an outcome near 1e6 does not change that
    assert found.statistic == pytest.approx(visits(SIX).statistic, rel=1e-8)
    assert found.p_value == visits(SIX).p_value


@pytest.mark.parametrize("draws", ["rademacher", "webb", "mammen"])
def test_the_estimate_itself_has_p_of_one_and_no_more(draws):
    # the probabilities of Mammen's 2^11 vectors add up to a little more than 1
    table = clustered(sizes=(3,) * 11)
    given_too = {"draws": draws, "n_draws": 2**11}
    estimate = visits(table, **given_too).estimate
    p_value = visits(table, null_value=estimate, **given_too).p_value
    assert p_value == pytest.approx(1)
    assert p_value <= 1


def test_a_row_of_weight_two_is_two_rows():
    weighted = visits(SIX, weights="weight", null_value=0.2)
    repeated = visits(SIX.loc[SIX.index.repeat(SIX["weight"])], null_value=0.2)
    assert weighted.p_value == repeated.p_value
    assert weighted.estimate == pytest.approx(repeated.estimate)
    assert [weighted.conf_low, weighted.conf_high] == pytest.approx(
        [repeated.conf_low, repeated.conf_high], rel=ROUNDING
    )
    assert weighted.estimate != pytest.approx(visits(SIX).estimate)


@pytest.mark.parametrize("draws", ["rademacher", "webb", "mammen"])
@pytest.mark.parametrize("impose_null", [True, False])
@pytest.mark.parametrize("n_draws", [199, 9999])
def test_the_set_ends_where_p_crosses(draws, impose_null, n_draws):
    table = clustered(sizes=(3, 4, 6, 8, 9, 12, 5), seed=12)
    shared = {"draws": draws, "impose_null": impose_null, "n_draws": n_draws, "conf_level": 0.8}
    found = visits(table, **shared)
    step = 1e-6 * found.std_error
    assert len(found.pieces) == 1
    for end, inward in ((found.conf_low, step), (found.conf_high, -step)):
        assert visits(table, null_value=end + inward, **shared).p_value > 0.2
        assert visits(table, null_value=end - inward, **shared).p_value <= 0.2


def test_a_set_with_gaps_says_so_and_gives_its_pieces():
    few = pd.DataFrame({"team_id": list("abcdef"), "visits": [0, 0, 0, 1, 2, 40]})
    few["change"] = [-1.4, -1.2, -1.3, -0.6, 1.4, -1.6]
    found = wild_bootstrap(few, formula="change ~ visits", term="visits", conf_level=0.9)
    assert len(found.pieces) == 2
    assert f"in {len(found.pieces)} pieces" in found.reason
    assert (found.conf_low, found.conf_high) == (found.pieces[0][0], found.pieces[-1][1])
    assert " and [" in found.sentence()
    gap = (found.pieces[0][1] + found.pieces[1][0]) / 2
    held = {"formula": "change ~ visits", "term": "visits", "null_value": gap}
    assert wild_bootstrap(few, **held).p_value <= 0.1


@pytest.mark.parametrize("draws", ["rademacher", "webb", "mammen"])
@pytest.mark.parametrize("n_draws", [25, 9999])
@pytest.mark.parametrize("term", ["visits", ["visits", "tenure"]])
def test_p_is_never_below_the_smallest(draws, n_draws, term):
    for seed in range(8):
        table = clustered(seed=seed, effect=5.0 * (seed % 3))
        given_too = {"draws": draws, "n_draws": n_draws, "formula": FORMULA, "term": term}
        found = wild_bootstrap(table, **given_too)
        assert found.p_value >= found.smallest_p * (1 - 1e-12)
        assert found.enumerated == (n_draws == 9999)


@pytest.mark.parametrize("clusters", [3, 4, 5, 6, 7])
def test_a_large_effect_reaches_the_smallest_p(clusters):
    table = clustered(sizes=(5,) * clusters, seed=3, effect=1e6)
    found = visits(table)
    assert found.smallest_p == 2 / 2**clusters
    assert found.p_value == found.smallest_p
    # at t of 1e9 rounding would hide the tie, were it not known
    table = clustered(sizes=(5,) * clusters, seed=3, effect=1e9)
    assert visits(table).p_value == found.smallest_p


def test_a_large_effect_reaches_the_smallest_p_of_a_joint_test():
    for effect in (1e6, 1e9):
        table = clustered(effect=effect)
        both = wild_bootstrap(table, formula=FORMULA, term=["visits", "tenure"])
        assert both.p_value == both.smallest_p == 2 / 2**5


@pytest.mark.parametrize(("draws", "vectors"), [("rademacher", 32), ("webb", 7776)])
def test_all_vectors_are_gone_through_where_they_are_no_more_than_the_draws(draws, vectors):
    found = [visits(clustered(), draws=draws, n_draws=n) for n in (vectors, vectors - 1)]
    assert [one.enumerated for one in found] == [True, False]
    assert [one.n_draws for one in found] == [vectors, vectors - 1]


def test_the_smallest_p_of_random_draws_counts_those_that_repeat_the_sample():
    found = visits(clustered(effect=1e6), n_draws=31, rng=2)
    repeats = found.smallest_p * 32 - 1
    assert not found.enumerated
    assert repeats == pytest.approx(round(repeats))
    assert found.p_value == pytest.approx(found.smallest_p)
    # with many clusters no draw repeats the sample
    assert visits(clustered(sizes=(3,) * 30), n_draws=199).smallest_p == 1 / 200


def test_a_cluster_whose_sign_is_of_no_account_doubles_the_smallest_p():
    table = clustered(seed=7)
    table.loc[table["team_id"] == "t4", "tenure"] = 1.5
    table["change"] += 1e6 * table["tenure"]
    found = wild_bootstrap(table, formula="change ~ tenure + C(team_id)", term="tenure")
    assert found.smallest_p == 2 * 2 / 2**5
    assert found.p_value == found.smallest_p
    joint = wild_bootstrap(
        table, formula="change ~ tenure + visits:tenure + C(team_id)", term=["tenure"]
    )
    assert joint.smallest_p == 2 * 2 / 2**5


def test_one_of_several_terms_alone_is_the_test_of_one():
    one, joint = visits(SIX, null_value=0.1), visits(SIX, null_value=[0.1])
    assert one.p_value == joint.p_value
    both = wild_bootstrap(SIX, formula=FORMULA, term=["visits", "tenure"])
    turned = wild_bootstrap(SIX, formula=FORMULA, term=["tenure", "visits"])
    assert both.p_value == turned.p_value
    assert both.statistic == pytest.approx(turned.statistic)


def test_the_same_seed_gives_the_same_numbers():
    again = {"draws": "webb", "n_draws": 300}
    assert visits(SIX, rng=5, **again).p_value == visits(SIX, rng=5, **again).p_value
    others = {visits(SIX, rng=seed, null_value=0.3, **again).p_value for seed in range(5)}
    assert len(others) > 1


def test_outcomes_at_once_with_draws_of_their_own():
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(14), 4)
    x = np.column_stack([np.ones(56), rng.normal(size=14)[codes]])
    y = np.repeat(rng.normal(size=(56, 1)), 300, axis=1)
    found = wild_p_values(y, x, codes, 1, n_draws=99, rng=3)
    exact = wild_p_values(y[:, :1], x, codes, 1, n_draws=2**14)[0]
    assert 0.1 < exact < 0.9
    # 300 p of 99 draws: their mean has this standard error, and each its own
    error = math.sqrt(exact * (1 - exact) / 99)
    assert found.std() == pytest.approx(error, rel=0.2)
    assert found.mean() == pytest.approx(exact, abs=4 * error / math.sqrt(300) + 0.01)
    again = wild_p_values(y, x, codes, 1, n_draws=99, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(found, again)
