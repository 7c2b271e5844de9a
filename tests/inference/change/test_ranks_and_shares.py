"""Signed ranks, signs and shares: by hand, by enumeration, as published, and what cannot be had."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.change import (
    change_by_team,
    paired_change,
    rank_change,
    reliable_change,
    share_change,
)
from cvln_eval.inference.change.mcnemar import mcnemar_p, newcombe_interval, wilson_bounds
from cvln_eval.inference.change.signed_rank import (
    LARGEST_EXACT,
    hodges_lehmann,
    null_counts,
    signed_rank,
)

WAVES = ("y1", "y2")


def typical(found):
    return found.tidy().iloc[0]


def test_signed_ranks_by_hand(scores):
    # changes 1 -2 3 4: ranks of the rises 1 + 3 + 4 = 8 of 10; P(V >= 8) = 3/16
    # (sums 8 = 1+3+4, 9 = 2+3+4, 10 = all), p = 6/16; means of pairs sorted:
    # -2 -.5 .5 1 1 2 2.5 3 3.5 4, median 1.5
    row = typical(rank_change(scores([3, 5, 2, 1], [4, 3, 5, 5]), waves=WAVES, team=None))
    assert (row["statistic"], row["p_value"], row["estimate"]) == (8, 0.375, 1.5)
    assert row["smallest_p"] == 0.125
    assert math.isnan(row["conf_low"])
    assert row["reason"].startswith(
        "too few for an interval at this level: p cannot fall below 0.125"
    )


def test_ties_and_zeros_by_hand():
    # 0 1 1 -2: without the zero ranks 1.5 1.5 3, V = 3 of 6; both tails are 1/2 and more
    assert signed_rank(np.array([0.0, 1, 1, -2]), zeros="wilcoxon")[:4] == (3.0, 1.0, 0.25, 3)
    # with it 1 is the rank of the zero, which then leaves: 2.5 2.5 4, V = 5 of 9
    found = signed_rank(np.array([0.0, 1, 1, -2]), zeros="pratt")
    assert found[:2] == (5.0, 1.0)
    assert found.n_ranked == 3


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.integers(-4, 4), min_size=1, max_size=9),
    rule=st.sampled_from(["wilcoxon", "pratt"]),
)
def test_the_exact_p_is_that_of_all_signs(changes, rule):
    values = np.array(changes, dtype=float)
    found = signed_rank(values, zeros=rule)
    kept = values[values != 0] if rule == "wilcoxon" else values
    ranks = stats.rankdata(np.abs(kept))[kept != 0]
    if not len(ranks):
        assert math.isnan(found.p_value)
        return
    sums = np.array(
        [ranks[np.array(signs, dtype=bool)].sum() for signs in product([0, 1], repeat=len(ranks))]
    )
    away = np.abs(sums - ranks.sum() / 2)
    assert found.p_value == pytest.approx(
        np.mean(away >= abs(found.statistic - ranks.sum() / 2) - 1e-9)
    )
    assert found.p_value >= found.smallest_p


@settings(max_examples=30, deadline=None)
@given(changes=st.lists(st.integers(-9, 9), min_size=6, max_size=14))
def test_swapping_the_waves_negates(changes):
    values = np.array(changes, dtype=float)
    there, back = hodges_lehmann(values, 0.95), hodges_lehmann(-values, 0.95)
    assert there[0] == -back[0]
    assert (there[1], there[2]) == (-back[2], -back[1])
    for rule in ("wilcoxon", "pratt"):
        assert signed_rank(values, zeros=rule)[1:] == signed_rank(-values, zeros=rule)[1:]


def test_the_null_of_ranks_is_that_of_tables():
    # Wilcoxon's table: 5 people, P(V <= 0) = 1/32; 8 people, P(V <= 3) = 5/256
    assert null_counts(np.arange(1.0, 6))[::2][0] == 1 / 32
    assert null_counts(np.arange(1.0, 9))[::2][:4].sum() == 5 / 256


def test_the_interval_leaves_out_what_the_test_rejects():
    rng = np.random.default_rng(3)
    values = rng.normal(0.3, 1, 15)
    _, low, high, _ = hodges_lehmann(values, 0.95)
    for bound, inside in ((low, 1e-6), (high, -1e-6)):
        assert signed_rank(values - bound - inside, zeros="wilcoxon").p_value > 0.05
        assert signed_rank(values - bound + inside, zeros="wilcoxon").p_value <= 0.05


def test_many_people_meet_the_exact_distribution():
    rng = np.random.default_rng(4)
    values = rng.normal(0.1, 1, 201)
    found = signed_rank(values, zeros="wilcoxon")
    assert not found.exact
    exact = stats.wilcoxon(values, method="exact").pvalue
    assert found.p_value == pytest.approx(exact, abs=5e-4)


def test_teams_cannot_show_what_they_are_too_few_for(scores):
    found = rank_change(scores([1] * 10, [2, 3] * 5, list("AABBCCDDEE")), waves=WAVES)
    rows = found.tidy()
    teams = rows[rows["method"].str.startswith("means of teams")]
    assert teams["n"].tolist() == [5, 5]
    assert teams["p_value"].tolist() == [0.0625, 0.0625]
    assert teams["smallest_p"].tolist() == [0.0625, 0.0625]
    assert "over the means of the 5 teams" in found.sentence()
    assert "where nothing below .0625 could have come out" in found.sentence()


def test_what_differs_by_rounding_is_tied(scores):
    # 3.2 - 3.0 = .2 + 2e-16; 4.2 - 4.0 = .2 + 2e-16 or less; 1.2 - 1 = .2 - 4e-17
    row = typical(
        rank_change(scores([3.0, 4.0, 1.0, 3.3], [3.2, 4.2, 1.2, 3.1]), waves=WAVES, team=None)
    )
    assert row["statistic"] == 7.5
    assert row["estimate"] == pytest.approx(0.2)


def test_nobody_changed(scores):
    rows = rank_change(scores([3, 4], [3, 4], list("AB")), waves=WAVES).tidy()
    assert rows["p_value"].isna().all()
    assert set(rows["reason"]) == {"no change differs from 0"}
    assert rows["n_zero"].tolist() == [2, 2, 2, 2]


def test_ranks_of_nobody(scores):
    found = rank_change(scores([3, None], [None, 4], list("AB")), waves=WAVES)
    assert set(found.tidy()["reason"]) == {"nobody answered in both waves"}
    assert "not available: nobody answered in both waves" in found.sentence()


def test_an_unknown_rule_for_zeros_is_refused(scores):
    with pytest.raises(ArgumentError, match="'split'"):
        rank_change(scores([3], [4]), waves=WAVES, zeros="split")


def test_shares_by_hand(scores):
    # at 4 or more: before no yes no no, after yes yes yes no: 1/4 and 3/4, two up and none down
    found = share_change(scores([3, 4, 2, 3], [4, 4, 4, 3], list("AABB")), waves=WAVES, cut=4)
    rows = found.tidy().set_index(["quantity", "method"])
    assert rows["estimate"].tolist() == [0.25, 0.75, 0.5, 0.5, 0.5]
    change = rows.loc["change of the share"]
    # exact: 2 (1/2)^2 = 1/2; mid-p: 1/2 - 1/4
    assert change["p_value"].tolist()[:2] == [0.25, 0.5]
    assert change["smallest_p"].tolist() == [0.25, 0.5, 0.0]
    assert set(rows["n_up"]) == {2}
    assert set(rows["n_down"]) == {0}
    # both teams' means are 1/2, as is the mean of all
    assert change["reason"].tolist() == ["", "", "the means of all teams are alike"]
    assert "was 25% in y1 and 75% in y2 of the 4 people in 2 teams" in found.sentence()


def test_mcnemar_and_newcombe_as_published():
    """Airway responsiveness before and after transplantation, 1 1 7 12.

    Fagerland, Lydersen and Laake (2014, Statistics in Medicine, 33, 2850-2875): exact conditional
    p .070, mid-p .039, Newcombe's interval -.507 to -.026.
    """
    exact, mid = mcnemar_p(1, 7)
    assert (round(exact, 3), round(mid, 3)) == (0.070, 0.039)
    low, high = newcombe_interval(1, 1, 7, 12, 0.95)
    assert (round(low, 3), round(high, 3)) == (-0.507, -0.026)


@given(table=st.tuples(*[st.integers(0, 15)] * 4).filter(any))
def test_swapping_the_waves_negates_the_interval_of_shares(table):
    both, up, down, neither = table
    low, high = newcombe_interval(both, up, down, neither, 0.95)
    back = newcombe_interval(both, down, up, neither, 0.95)
    assert (low, high) == pytest.approx((-back[1], -back[0]))
    assert -1 - 1e-9 <= low <= (up - down) / sum(table) <= high <= 1 + 1e-9
    assert mcnemar_p(up, down) == pytest.approx(mcnemar_p(down, up), nan_ok=True)


@given(n=st.integers(1, 30), data=st.data())
def test_wilson_bounds_hold_the_share(n, data):
    count = data.draw(st.integers(0, n))
    low, high = wilson_bounds(count, n, 0.95)
    assert 0 <= low <= count / n <= high <= 1


def test_nobody_crossed_the_cut(scores):
    rows = share_change(scores([1, 5], [2, 5], list("AB")), waves=WAVES, cut=4).tidy()
    assert rows.loc[2:3, "p_value"].isna().all()
    assert rows["reason"].tolist()[2] == "no test: nobody crossed the cut"
    assert rows["estimate"].tolist() == [0.5, 0.5, 0, 0, 0]
    assert rows.loc[2, "conf_low"] < 0 < rows.loc[2, "conf_high"]


def test_each_scale_has_its_cut(scores):
    table = scores([1, 5], [4, 5], list("AB")).assign(scale="trust")
    found = share_change(table, waves=WAVES, cut={"trust": 4}).tidy()
    assert set(found["cut"]) == {4.0}
    with pytest.raises(ArgumentError, match="'trust'"):
        share_change(table, waves=WAVES, cut={"voice": 4})


def test_shares_of_nobody(scores):
    found = share_change(scores([3, None], [None, 4], list("AB")), waves=WAVES, cut=3)
    assert set(found.tidy()["reason"]) == {"nobody answered in both waves"}
    assert found.tidy()["conf_low"].isna().all()
    assert "not available: nobody answered in both waves" in found.sentence()


def test_one_team_is_one_team_in_words(scores):
    one = scores([3, 4, 2], [4, 4, 3], "AAA")
    assert "over the means of 1 team, p = 1.000" in rank_change(one, waves=WAVES).sentence()
    assert change_by_team(one, waves=WAVES).sentence() == (
        "Mean score of those who answered twice changed from y1 to y2 by +0.67 (A, n = 3), the one "
        "team."
    )
    said = paired_change(one, waves=WAVES).sentence()
    assert "(no interval: one unit" in said
    assert "no interval: no interval" not in said


def test_a_wave_or_a_scale_without_any_score_is_not_dropped(scores):
    table = scores([3, 4, 2], [4, 4, 3], "ABC")
    table["score"] = table["score"].where(table["wave"] == "y1")
    found = paired_change(table, waves=WAVES)
    assert set(found.tidy()["reason"]) == {"nobody answered in both waves"}
    assert set(found.tidy()["n_left_out"]) == {3}
    both = pd.concat([table.assign(scale="trust", score=3.0), table.assign(scale="voice")])
    assert paired_change(both, waves=WAVES).summary()["scale"].tolist() == ["trust", "voice"]
    assert reliable_change(table, waves=WAVES, reliability=0.8).glance()["n_scales"].item() == 1


def test_a_change_that_rounds_to_nought_is_not_called_none(scores):
    table = scores([3, 4, 2], [3.003, 4.001, 2.002], "ABC")
    assert (
        " moved by less than 0.01 from 3.00 to 3.00 "
        in paired_change(table, waves=WAVES).sentence()
    )


def test_a_bound_that_many_teams_never_reach_is_not_told(scores):
    rng = np.random.default_rng(1)
    first, last = rng.normal(size=(2, 1200))
    teams = [f"t{i % 20:02}" for i in range(1200)]
    said = rank_change(scores(first, last, teams), waves=WAVES).sentence()
    assert "nothing below" not in said
    assert "1,200 people in 20 teams" in said


def test_the_interval_of_many_stands_where_exact_ranks_would_put_it():
    """Beyond exact ranks a normal gives the bound: off by one of some 60,000 means at most."""
    n = LARGEST_EXACT + 40
    changes = np.random.default_rng(5).normal(0.2, 1, n)
    means = np.sort([(changes[i] + changes[j]) / 2 for i in range(n) for j in range(i, n)])
    below = np.cumsum(null_counts(np.arange(1.0, n + 1))[::2])
    k = int(np.searchsorted(below, 0.025, side="right"))
    _, low, high, _ = hodges_lehmann(changes, 0.95)
    assert abs(int(np.searchsorted(means, low)) - (k - 1)) <= 1
    assert abs(int(np.searchsorted(means, high)) - (len(means) - k)) <= 1
