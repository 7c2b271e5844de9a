"""What the permutation tests permute, what they find, how often they are wrong."""

from __future__ import annotations

import itertools
from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy import stats
from waves_cases import panels, wave_of

from cvln_eval.networks.panel import panel_of, symmetrised
from cvln_eval.networks.waves import density_growth, early_cohesion, within_before_between
from cvln_eval.networks.waves.early import _exact
from cvln_eval.networks.waves.growth import _blocks, _grouped
from cvln_eval.networks.waves.labels import (
    compared,
    evidence,
    exchangeable,
    strata_of,
    studentised,
    within_sums,
)
from cvln_eval.networks.waves.together import together

# Sums of the same numbers in another order.
ROUNDING = 1e-12


def grown(stream, teams, *, n_waves=3, within=(0.3, 0.5, 0.6), between=(0.05, 0.1, 0.2)):
    """Return a panel of independent waves with these densities."""
    same = np.equal.outer(teams, teams)
    waves = [
        wave_of(
            str(wave + 1),
            stream.random(same.shape) < np.where(same, within[wave], between[wave]),
            teams=list(teams),
        )
        for wave in range(n_waves)
    ]
    return panel_of(waves)


TEAMS = np.array(list("aaaabbbccd"))


def test_a_draw_counts_what_a_panel_with_those_teams_would():
    panel = grown(np.random.default_rng(1), TEAMS)
    both, labels, _ = _grouped(together(panel.networks), "team_id")
    blocks, _ = _blocks(both, labels)
    for seed in range(3):
        permuted = np.random.default_rng(seed).permutation(labels)
        sums = (permuted[blocks.first] == permuted[blocks.second]) @ blocks.weights
        again = panel.mapped(
            lambda one, teams=permuted: replace(one, people=one.people.assign(team_id=teams))
        )
        rows = density_growth(again, n_draws=1).tidy()
        rows = rows[rows["among"] == "stayers"].set_index("measure")
        for kind, densities in zip(("within", "between"), blocks.densities(sums), strict=True):
            assert densities.tolist() == rows.loc[f"density {kind}", "estimate"].tolist()


@settings(max_examples=20, deadline=None)
@given(panels(n_waves=3, most=7))
def test_permuting_among_those_who_answered_alike_keeps_pairs_known_by_rule(panel):
    """Known pairs within, of any permuted labels, are a constant and the odd pairs within."""
    both, labels, _ = _grouped(together(panel.networks), "team_id")
    blocks, _ = _blocks(both, labels)
    strata, stream = strata_of(both), np.random.default_rng(0)
    for _ in range(3):
        permuted = labels.copy()
        for stratum in np.unique(strata):
            alike = strata == stratum
            permuted[alike] = stream.permutation(permuted[alike])
        sums = (permuted[blocks.first] == permuted[blocks.second]) @ blocks.weights
        assert blocks.within(sums)[-1] == both.n_pairs(permuted)[1]


def test_drawn_labels_keep_sizes_of_groups_among_those_who_answered_alike():
    labels = np.array([0, 0, 0, 1, 1, 2])
    strata = np.array([0, 0, 1, 0, 1, 0])
    first, second = np.triu_indices(6, 1)
    weights = np.eye(15)
    drawn = within_sums(first, second, weights, labels, strata, n_draws=200, rng=0)
    # Three of one team, two of another: 3 + 1 pairs within, whoever they are.
    assert (drawn.sum(axis=1) == 4).all()
    # People 2 and 4 answered otherwise: one is of team 0, one of team 1, never both of one.
    assert (drawn[:, [k for k in range(15) if (first[k], second[k]) == (2, 4)]] == 0).all()
    assert len(np.unique(drawn, axis=0)) > 5


def test_p_of_growth_is_that_of_all_permutations():
    """8 people in teams of 4, 3, 1: 280 groupings, against 4,999 draws."""
    teams = np.array(list("aaaabbbc"))
    # Teams hold together in both waves, so that levels spread far more than changes do.
    panel = grown(
        np.random.default_rng(4), teams, n_waves=2, within=(0.8, 0.9), between=(0.05, 0.1)
    )
    change = panel.networks[1].matrix() - panel.networks[0].matrix()
    off = ~np.eye(8, dtype=bool)

    def statistic(labels):
        """Return the difference, and Welch's t."""
        same = np.equal.outer(labels, labels)
        sides = change[same & off], change[~same]
        welch = stats.ttest_ind(*sides, equal_var=False).statistic
        return sides[0].mean() - sides[1].mean(), welch

    every = np.array(
        [statistic(np.array(one)) for one in set(itertools.permutations(teams.tolist()))]
    )
    assert len(every) == 280
    found = density_growth(panel, n_draws=4999, rng=2).tidy().iloc[-1]
    estimate, welch = statistic(teams)
    assert found["estimate"] == pytest.approx(estimate, abs=ROUNDING)
    assert found["statistic"] == pytest.approx(welch)
    far = np.abs(every[:, 1]) >= abs(welch) - ROUNDING
    # 3 Monte Carlo errors.
    error = np.sqrt(far.mean() * (1 - far.mean()) / 4999)
    assert found["p_value"] == pytest.approx(far.mean(), abs=3 * error + 0.001)
    assert 0.01 < far.mean() < 0.9
    assert found["null_mean"] == pytest.approx(every[:, 0].mean(), abs=0.02)


def test_a_difference_in_standard_errors_by_hand():
    # Within: 1, 1, 0, 2 (mean 1, variance 2/3); between: 0, 0, 3, 1, 1 (mean 1, variance 3/2).
    within, totals = np.array([4, 4, 6.0]), np.array([9, 9, 17.0])
    assert compared(within, totals) == pytest.approx([0, 0])
    # Within 2, 4: mean 3, variance 2; between 1, 1, 1: 2 / sqrt(2 / 2 + 0).
    assert compared(np.array([2, 6, 20.0]), np.array([5, 9, 23.0])) == pytest.approx([2, 2])
    # Neither side varies: as far as can be; a side without a pair: nothing.
    assert compared(np.array([2, 6, 18.0]), np.array([5, 9, 21.0])).tolist() == [2, np.inf]
    assert np.isnan(compared(np.array([5, 9, 21.0]), np.array([5, 9, 21.0]))).all()


def test_what_lies_infinitely_far_is_as_far_as_what_does_too():
    drawn = np.array([[1.0, np.inf], [1.0, -np.inf], [0.5, 3.0], [np.nan, np.nan]])
    found = studentised(np.array([2.0, np.inf]), drawn)
    assert (found.counted.p_value, found.null_mean) == (4 / 5, 4.5 / 4)
    found = studentised(np.array([0.5, 3.0]), drawn[:3])
    assert found.counted.p_value == 1


def one_p_where_teams_hold_together(seed):
    """Return p of growth and of order where ties are dense in teams, and teams tell no more."""
    stream = np.random.default_rng(seed)
    teams = np.repeat(list("abcd"), [4, 6, 8, 10])
    chance = np.where(np.equal.outer(teams, teams), 0.6, 0.03)
    when = np.where(stream.random((28, 28)) < chance, stream.integers(1, 4, (28, 28)), 9)
    staged_ = panel_of([wave_of(str(wave), when <= wave, teams=list(teams)) for wave in range(4)])
    redrawn = grown(stream, teams, n_waves=2, within=(0.4, 0.4), between=(0.03, 0.03))
    growth = density_growth(redrawn, n_draws=99, rng=seed).tidy()["p_value"].iloc[-1]
    order = within_before_between(staged_, n_draws=99, rng=seed).tidy()["p_value"].iloc[-1]
    return growth, order


def test_the_tests_keep_their_level_where_ties_are_denser_within_teams():
    ps = np.array([one_p_where_teams_hold_together(seed) for seed in range(80)])
    # At a level of .1, 8 of 80 with a standard error of 2.7; undivided 18 and 22.
    assert ((ps <= 0.1).sum(axis=0) <= 15).all()


def test_p_of_evidence_by_hand():
    # Centre of -1, 1, 1, 3 and the estimate 6: 2. As far as 4: none of four.
    found = evidence(6.0, np.array([-1.0, 1.0, 1.0, 3.0]))
    assert (found.null_mean, found.counted.p_value, found.counted.smallest_p) == (2.0, 0.2, 0.2)
    # Centre of -2, 1, 1 and 4: 1. As far as 3: the -2, and the draw that has none.
    found = evidence(4.0, np.array([-2.0, 1.0, 1.0, np.nan]))
    assert (found.null_mean, found.counted.p_value, found.counted.n_draws) == (1.0, 3 / 5, 4)
    low, high = stats.binomtest(2, 4).proportion_ci()
    assert (found.counted.p_low, found.counted.p_high) == pytest.approx((low, high))


def test_statistics_that_differ_by_rounding_are_tied():
    assert evidence(0.1 + 0.2, np.array([0.3, 0.3, 0.3])).counted.p_value == 1
    assert evidence(0.0, np.zeros(9)).counted.p_value == 1
    far = np.array([-0.7, 0.1 + 0.6, -(0.1 + 0.6)])
    assert evidence(0.7, far).counted.p_value == 1


def test_labels_that_cannot_be_exchanged():
    assert exchangeable(np.array([0, 1, 1]), np.array([0, 0, 0]))
    assert not exchangeable(np.array([0, 0, 1]), np.array([0, 0, 1]))
    assert not exchangeable(np.array([0, 1, 2]), np.array([2, 1, 0]))


def test_growth_within_teams_is_found():
    stream = np.random.default_rng(8)
    teams = np.repeat(list("abcde"), [5, 6, 7, 8, 9])
    same = {"within": (0.3, 0.6, 0.7), "between": (0.05, 0.06, 0.07)}
    rows = density_growth(grown(stream, teams, **same), n_draws=999).tidy()
    tests = rows[rows["measure"] == "growth within minus between"]
    # .4 - .02 = .38 is the truth of the last wave; its standard error about .05.
    assert tests["estimate"].iloc[-1] == pytest.approx(0.38, abs=0.15)
    assert (tests["p_value"] == 0.001).all()
    assert (tests["smallest_p"] == 0.001).all()


def one_null_p(seed):
    """Return p of growth and of order in a panel in which changes know nothing of teams."""
    stream = np.random.default_rng(seed)
    teams = np.repeat(list("abc"), [3, 5, 7])
    popular = stream.gamma(1.5, 1, 15)  # senders and receivers differ, so that pairs depend
    chance = np.clip(np.outer(popular, popular) * 0.08, 0, 0.9)
    tied, waves = np.zeros((15, 15), dtype=bool), []
    for wave in range(3):
        tied = tied | (stream.random((15, 15)) < chance)
        waves.append(wave_of(str(wave), tied, teams=list(teams)))
    panel = panel_of(waves)
    growth = density_growth(panel, n_draws=99, rng=seed).tidy()["p_value"].iloc[-1]
    order = within_before_between(panel, n_draws=99, rng=seed).tidy()["p_value"].iloc[-1]
    return growth, order


def test_the_tests_reject_as_often_as_they_say_where_changes_know_no_teams():
    ps = np.array([one_null_p(seed) for seed in range(60)])
    # At a level of .2, 12 of 60 with a standard error of 3.1: within 3 of them.
    assert (np.abs((ps <= 0.2).sum(axis=0) - 12) <= 9).all()
    assert ps.min() >= 0.01


def staged(within_at, between_at, *, teams="aabbcc"):
    """Return 4 waves in which ties form at the waves given for pairs within and between teams."""
    teams = list(teams)
    same = np.equal.outer(teams, teams)
    when = np.where(same, within_at, between_at)
    return panel_of([wave_of(str(wave), when <= wave, teams=teams) for wave in range(4)])


def test_order_by_hand():
    rows = within_before_between(staged(1, 3), n_draws=499).tidy().set_index("measure")
    # All 6 pairs within teams appear one wave after the first, all 24 between at 3: 3 - 1 = 2.
    assert rows["n_ties"].tolist() == [6, 24, 30]
    assert rows["estimate"].tolist() == [1, 3, 2]
    # 15 ways to make three teams of two; only that one is as far.
    assert rows["p_value"].iloc[-1] == pytest.approx(1 / 15, abs=0.04)


def test_order_the_other_way_round_has_the_other_sign():
    rows = within_before_between(staged(3, 1), n_draws=99).tidy()
    assert rows["estimate"].iloc[-1] == -2


def test_ties_of_the_first_wave_are_not_new():
    row = within_before_between(staged(0, 2), n_draws=99).tidy().iloc[-1]
    assert np.isnan(row["estimate"])
    assert row["reason"] == "no new tie within groups is known in every wave"


def test_a_tie_that_comes_again_is_new_once():
    first = np.zeros((4, 4))
    once, again = first.copy(), first.copy()
    once[0, 1] = again[0, 1] = again[2, 0] = 1
    waves = [first, once, first, again]
    panel = panel_of([wave_of(str(k), one, teams=list("aabb")) for k, one in enumerate(waves)])
    rows = within_before_between(panel, n_draws=9).tidy()
    assert rows["estimate"].tolist() == [1, 3, 2]
    assert rows["n_ties"].tolist() == [1, 1, 2]


def test_new_ties_all_in_one_wave_have_no_order_to_test():
    row = within_before_between(staged(2, 2), n_draws=99).tidy().iloc[-1]
    assert (row["estimate"], row["n_draws"]) == (0, 0)
    assert row["reason"] == "all new ties appeared in the same wave"


def test_no_new_tie_at_all():
    row = within_before_between(staged(9, 9), n_draws=99).tidy().iloc[-1]
    assert row["reason"] == "no new tie within or between groups is known in every wave"


def cohesive(within, across):
    """Return two waves of teams of 3 with these numbers of ties within, then to the next team."""
    n_teams = len(within)
    teams = np.repeat([f"t{k}" for k in range(n_teams)], 3)
    first, second = np.zeros((2, 3 * n_teams, 3 * n_teams))
    for team, (inside, outside) in enumerate(zip(within, across, strict=True)):
        own = [(3 * team + i, 3 * team + j) for i, j in itertools.permutations(range(3), 2)]
        for pair in own[:inside]:
            first[pair] = 1
        # The first team gets them all, so that what a team sends stays its own.
        for sent in range(outside):
            second[3 * team + sent % 3, 3 * n_teams - 3 + sent // 3] = 1
    return panel_of(
        [wave_of("1", first, teams=list(teams)), wave_of("2", second, teams=list(teams))]
    )


def test_early_cohesion_is_scipys_permutation_test():
    panel = cohesive([1, 4, 2, 6, 3], [1, 5, 3, 7, 0])
    found = early_cohesion(panel)
    x = found.groups["density_within_first"].to_numpy()
    y = found.groups["density_outside"].to_numpy()
    assert x * 6 == pytest.approx([1, 4, 2, 6, 3])
    # 36 ordered pairs of a team and 12 others, each way: 72; the last team gets all 16 ties.
    assert y * 72 == pytest.approx([1, 5, 3, 7, 16])
    row = found.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(stats.pearsonr(x, y).statistic)
    exact = stats.permutation_test(
        (x,),
        lambda one: abs(stats.pearsonr(one, y).statistic),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=np.inf,
    )
    assert row["p_value"] == pytest.approx(exact.pvalue)
    orders = [np.corrcoef(order, y)[0, 1] for order in itertools.permutations(x)]
    farthest = np.abs(orders) >= np.abs(orders).max() - ROUNDING
    assert row["smallest_p"] == pytest.approx(farthest.mean())
    assert row["smallest_p"] < row["p_value"]
    assert (row["enumerated"], row["n_draws"], row["n_groups"]) == (True, 120, 5)
    assert row["p_low"] == row["p_value"] == row["p_high"]


def test_the_least_p_of_five_groups_is_one_order_in_120():
    row = early_cohesion(cohesive([0, 1, 2, 4, 6], [1, 2, 3, 4, 0])).tidy().iloc[0]
    # The sums to the last team grow with what the others send; it has the most itself.
    assert row["smallest_p"] == pytest.approx(1 / 120)
    assert row["p_value"] == pytest.approx(1 / 120)


def test_change_takes_off_the_ties_there_were_in_the_first_wave():
    found = early_cohesion(grown(np.random.default_rng(11), np.repeat(list("abcde"), 4)))
    points = found.groups[found.groups["wave"] == "3"]
    gained = points["density_outside"] - points["density_outside_first"]
    row = found.tidy().set_index(["wave", "measure"]).loc["3", "change of density to other groups"]
    wanted = stats.pearsonr(points["density_within_first"], gained).statistic
    assert row["estimate"] == pytest.approx(wanted)
    level = stats.pearsonr(points["density_within_first"], points["density_outside"]).statistic
    assert row["estimate"] != pytest.approx(level)


def test_two_orders_as_extreme_double_the_least_p():
    # Three points with even steps: the order and its mirror correlate 1 and -1.
    x, y = np.array([-1.0, 0, 1]) / np.sqrt(2), np.array([-1.0, 0, 1]) / np.sqrt(2)
    found = _exact(x, y).counted
    assert (found.p_value, found.smallest_p) == (2 / 6, 2 / 6)


def test_two_groups_have_no_correlation():
    found = early_cohesion(staged(1, 2, teams="aabb")).tidy()
    assert found["reason"].str.contains("needs three groups; 2 groups can be").all()
    assert found["estimate"].isna().all()


def test_groups_alike_have_no_correlation():
    found = early_cohesion(staged(0, 2)).tidy()
    assert set(found["reason"]) == {"all groups have the same density in the first wave"}
    found = early_cohesion(cohesive([1, 2, 3], [0, 0, 0])).tidy()
    assert set(found["reason"]) == {"all groups have the same density to other groups"}


def test_many_groups_are_drawn_from():
    stream = np.random.default_rng(5)
    teams = np.repeat([f"t{k}" for k in range(9)], 3)
    panel = grown(stream, teams, n_waves=2)
    row = early_cohesion(panel, n_draws=499).tidy().iloc[0]
    assert (row["enumerated"], row["n_draws"]) == (False, 499)
    assert row["smallest_p"] == 1 / 500
    assert row["p_low"] < row["p_value"] < row["p_high"] + 1 / 500


def test_two_processes_give_the_numbers_of_one():
    panel = grown(np.random.default_rng(3), TEAMS)
    alone = density_growth(panel, n_draws=300, rng=7).tidy()
    with joblib.parallel_config("loky", n_jobs=2):
        of_two = density_growth(panel, n_draws=300, rng=7).tidy()
    pd.testing.assert_frame_equal(alone, of_two)


def test_another_seed_gives_other_draws():
    panel = grown(np.random.default_rng(3), TEAMS)
    means = {density_growth(panel, n_draws=50, rng=k).tidy()["null_mean"].iloc[-1] for k in (0, 1)}
    assert len(means) == 2


@pytest.mark.parametrize("rule", ["either", "both"])
def test_undirected_panels_are_tested_too(rule):
    panel = grown(np.random.default_rng(6), TEAMS).mapped(lambda one: symmetrised(one, rule=rule))
    assert density_growth(panel, n_draws=99).tidy()["p_value"].notna().sum() == 2
    assert within_before_between(panel, n_draws=99).tidy()["p_value"].notna().sum() == 1
    assert early_cohesion(panel).tidy()["n_groups"].tolist() == [3] * 4
