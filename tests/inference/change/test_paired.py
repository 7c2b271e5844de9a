"""Paired and standardised change: by hand, by law, and what cannot be had."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.change import change_by_team, paired_change, with_teams
from cvln_eval.inference.change.means import clustered_mean, mean_of_means
from cvln_eval.inference.change.paired import CLUSTERED, INDEPENDENT, TEAM_MEANS
from cvln_eval.inference.change.standardised import (
    STANDARDISERS,
    hedges_correction,
    noncentral_interval,
    standardise,
)
from cvln_eval.inference.robust import cluster_robust

WAVES = ("y1", "y2")
ROUNDING = 1e-9  # sums of the same numbers in another order


def one(found, **having):
    kept = found.tidy()
    for column, value in having.items():
        kept = kept[kept[column] == value]
    assert len(kept) == 1
    return kept.iloc[0]


def alone(found, quantity):
    """The row of a standardised change that takes people as independent."""
    rows = found.tidy()[found.tidy()["quantity"] == quantity]
    return rows[rows["method"].str.startswith("people independent")].iloc[0]


def test_four_people_by_hand(scores):
    # changes 1 0 2 1: mean 1, squares 0 1 1 0, variance 2/3, SE sqrt(2/3/4) = sqrt(1/6), t sqrt 6
    found = paired_change(scores([3, 4, 2, 3], [4, 4, 4, 4], list("AABB")), waves=WAVES)
    plain = one(found, method=INDEPENDENT)
    assert plain["estimate"] == 1
    assert plain["std_error"] == pytest.approx(math.sqrt(1 / 6))
    assert plain["statistic"] == pytest.approx(math.sqrt(6))
    assert plain["df"] == 3
    assert (plain["n"], plain["n_left_out"]) == (4, 0)
    # A: residuals 0 -1, sum -1; B: 1 0, sum 1; each divided by sqrt(1 - 2/4):
    # V = (2 + 2) / 16 = 1/4; two teams of one size have one degree of freedom
    clustered = one(found, method=CLUSTERED)
    assert clustered["estimate"] == 1
    assert clustered["std_error"] == pytest.approx(0.5)
    assert clustered["df"] == pytest.approx(1)
    assert clustered["n_clusters"] == 2
    # means of teams 0.5 and 1.5: SE (1 / sqrt 2) / sqrt 2 = 0.5
    means = one(found, method=TEAM_MEANS)
    assert (means["estimate"], means["std_error"], means["df"]) == (1, pytest.approx(0.5), 1)


def test_standardised_by_hand(scores):
    # first 3 4 2 3: variance 2/3; last 4 6 3 3: mean 4, squares 0 4 1 1, variance 2; changes
    # 1 2 1 0 with mean 1 and variance 2/3; covariance (2/3 + 2 - 2/3) / 2 = 1, r = 1 / sqrt(4/3)
    found = paired_change(scores([3, 4, 2, 3], [4, 6, 3, 3], list("AABB")), waves=WAVES)
    raw = {name: alone(found, name)["uncorrected"] for name in STANDARDISERS}
    assert raw["d_z"] == pytest.approx(math.sqrt(3 / 2))
    assert raw["d_first"] == pytest.approx(math.sqrt(3 / 2))
    assert raw["d_av"] == pytest.approx(1 / math.sqrt((2 / 3 + 2) / 2))
    assert raw["d_rm"] == pytest.approx(math.sqrt(3 / 2) * math.sqrt(2 * (1 - math.sqrt(3 / 4))))
    # J(3) = Gamma(1.5) / (sqrt 1.5 Gamma(1)) = sqrt(pi) / 2 / sqrt 1.5
    j = math.sqrt(math.pi) / 2 / math.sqrt(1.5)
    assert hedges_correction(3) == pytest.approx(j)
    assert alone(found, "d_z")["estimate"] == pytest.approx(j * math.sqrt(3 / 2))
    # m = 2 * 3 / (1 + 3/4) = 24/7
    wanted = hedges_correction(24 / 7) * raw["d_av"]
    assert alone(found, "d_av")["estimate"] == pytest.approx(wanted)


def test_the_error_of_d_av_is_bonetts():
    # d^2 (s1^4 + s2^4 + 2 r^2 s1^2 s2^2) / (8 s^4 (n - 1)) + s_D^2 / (s^2 (n - 1)), Bonett (2008)
    first, last = np.array([3.0, 4, 2, 3, 5]), np.array([4.0, 6, 3, 3, 5])
    (a, c), (_, b) = np.cov(first, last)
    s2 = (a + b) / 2
    d = (last - first).mean() / math.sqrt(s2)
    by_hand = d**2 * (a**2 + b**2 + 2 * c**2) / (8 * s2**2 * 4) + (a + b - 2 * c) / (s2 * 4)
    found = standardise(first, last, conf_level=0.95)["d_av"]
    assert found.std_error == pytest.approx(math.sqrt(by_hand))
    assert found.conf_high - found.uncorrected == pytest.approx(1.959963985 * math.sqrt(by_hand))


def test_the_errors_are_those_of_a_simulation():
    rng = np.random.default_rng(5)
    x = rng.normal(0, 1, (1000, 60))
    y = 0.6 * x + rng.normal(0.8, 1, (1000, 60))
    found = [standardise(a, b, conf_level=0.95) for a, b in zip(x, y, strict=True)]
    for name in STANDARDISERS:
        spread = np.std([one[name].uncorrected for one in found])
        # a standard deviation of 1,000 draws is known to 2.2%, the large-sample error to some 3%
        assert np.mean([one[name].std_error for one in found]) == pytest.approx(spread, rel=0.08)


def test_the_corrections_take_out_the_bias():
    rng = np.random.default_rng(6)
    x = rng.normal(0, 1, (1500, 6))
    y = 0.6 * x + 0.8 * rng.normal(0, 1, (1500, 6)) + 1
    found = [standardise(a, b, conf_level=0.95) for a, b in zip(x, y, strict=True)]
    # the change has a variance of .4^2 + .64 = .8; a mean of 1,500 draws is known to .016
    for name, truth in (("d_z", 1 / math.sqrt(0.8)), ("d_av", 1), ("d_first", 1)):
        assert np.mean([one[name].uncorrected for one in found]) > 1.06 * truth
        assert np.mean([one[name].estimate for one in found]) == pytest.approx(truth, abs=0.05)


def test_the_noncentral_interval_is_symmetric_and_holds_nought_at_the_critical_t():
    low, high = noncentral_interval(0.0, 9, 0.95)
    assert low == pytest.approx(-high)
    # t(8) = 2.306004: the two-sided p is .05, so the interval ends at 0
    low, _ = noncentral_interval(2.306004135 / 3, 9, 0.95)
    assert low == pytest.approx(0, abs=1e-6)


def test_the_jackknife_of_d_over_teams_by_hand(scores):
    # changes A 1 0, B 2 0, C 3 1; d_first = mean / s of the first wave of those left
    first, last, teams = [3, 4, 2, 3, 1, 5], [4, 4, 4, 3, 4, 6], list("AABBCC")
    found = paired_change(scores(first, last, teams), waves=WAVES)
    # without A: mean 1.5, first 2 3 1 5; without B: 1.25, first 3 4 1 5; without C: 0.75, 3 4 2 3
    left = [1.5 / np.std([2, 3, 1, 5], ddof=1), 1.25 / np.std([3, 4, 1, 5], ddof=1)]
    left.append(0.75 / np.std([3, 4, 2, 3], ddof=1))
    error = math.sqrt(2 / 3 * np.sum((np.array(left) - np.mean(left)) ** 2))
    row = found.tidy().query("quantity == 'd_first'").iloc[1]
    assert row["method"].startswith("teams as clusters, jackknife")
    assert row["std_error"] == pytest.approx(error)
    # t(2) at .975 is 4.302653
    assert row["conf_high"] == pytest.approx(row["uncorrected"] + 4.302653 * error, abs=1e-5)
    assert row["estimate"] == alone(found, "d_first")["estimate"]


@settings(max_examples=60, deadline=None)
@given(
    # nine decimals: below 1e-150 scipy's distribution function underflows, which no scores reach
    d=st.floats(0, 30).map(lambda value: round(value, 9)),
    n=st.one_of(st.integers(2, 60), st.sampled_from([300, 4000])),
)
def test_the_ends_are_where_d_lies_at_a_tail(d, n):
    ends = np.array(noncentral_interval(d, n, 0.95))
    assert ends[0] < d < ends[1]
    shares = special.nctdtr(n - 1, ends * math.sqrt(n), d * math.sqrt(n))
    assert shares == pytest.approx([0.975, 0.025], abs=1e-6)
    assert noncentral_interval(-d, n, 0.95) == pytest.approx((-ends[1], -ends[0]), abs=1e-8)


def test_five_teams_reject_a_true_null_about_as_often_as_they_say():
    rng = np.random.default_rng(7)
    codes = np.repeat(np.arange(5), [4, 5, 6, 7, 9])
    team = rng.normal(0, 0.5, (800, 5))[:, codes]
    changes = team + rng.normal(0, 1, (800, 31))
    rejected = []
    for values in changes:
        mean = clustered_mean(values, codes)
        rejected.append(abs(mean.estimate) > stats.t.ppf(0.975, mean.df) * mean.std_error)
    # three standard errors of a share of .05 in 800 are .023
    assert 0.02 < np.mean(rejected) < 0.075


PAIRS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from("ABC")), min_size=3, max_size=12
)


@settings(max_examples=25, deadline=None)
@given(people=PAIRS)
def test_swapping_the_waves_negates(scores, people):
    first, last, teams = zip(*people, strict=True)
    table = scores(first, last, list(teams))
    on = paired_change(table, waves=WAVES).tidy()
    # the team of a person is the same in both waves here
    back = paired_change(table, waves=("y2", "y1")).tidy()
    kept = on["quantity"] != "d_first"
    for ours, theirs in (("estimate", "estimate"), ("conf_low", "conf_high")):
        np.testing.assert_allclose(
            on.loc[kept, ours], -back.loc[kept, theirs], atol=1e-6, equal_nan=True
        )
    np.testing.assert_allclose(on["p_value"], back["p_value"], atol=ROUNDING, equal_nan=True)


@settings(max_examples=25, deadline=None)
@given(people=PAIRS, shift=st.integers(-5, 5), scale=st.sampled_from([0.25, 2.0, 10.0]))
def test_d_knows_no_units(scores, people, shift, scale):
    first, last, teams = (np.array(part) for part in zip(*people, strict=True))
    on = paired_change(scores(first, last, list(teams)), waves=WAVES).tidy()
    other = scores(scale * first + shift, scale * last + shift, list(teams))
    moved = paired_change(other, waves=WAVES).tidy()
    d = on["quantity"].isin(list(STANDARDISERS))
    columns = ["estimate", "conf_low", "conf_high", "std_error"]
    np.testing.assert_allclose(on.loc[d, columns], moved.loc[d, columns], atol=1e-6, equal_nan=True)
    np.testing.assert_allclose(
        scale * on.loc[~d, columns], moved.loc[~d, columns], atol=1e-8, equal_nan=True
    )
    assert on["reason"].tolist() == moved["reason"].tolist()


def test_rows_in_any_order_and_teams_of_any_name(scores):
    table = scores([3, 4, 2, 3, 5], [4, 4, 4, 5, 2], list("AABBC"))
    shuffled = table.sample(frac=1, random_state=1)
    renamed = shuffled.assign(team_id=shuffled["team_id"].map({"A": "Z", "B": "Y", "C": "X"}))
    expected = paired_change(table, waves=WAVES).tidy()
    for other in (shuffled, renamed):
        found = paired_change(other, waves=WAVES).tidy()
        pd.testing.assert_frame_equal(found, expected, rtol=1e-12)


def test_teams_of_one_person_are_people_alone():
    values = np.array([1.0, 3, 2, 6])
    mean = clustered_mean(values, np.arange(4))
    assert mean.std_error == pytest.approx(values.std(ddof=1) / 2)
    assert mean.df == pytest.approx(3)
    assert mean_of_means(values, np.arange(4))[:3] == pytest.approx(mean[:3])


def test_the_closed_form_is_the_cluster_robust_regression_on_a_constant():
    rng = np.random.default_rng(10)
    codes = np.repeat(np.arange(5), [1, 4, 6, 7, 13])
    table = pd.DataFrame({"change": rng.normal(0.2, 1, 31), "team_id": codes.astype(str)})
    fitted = cluster_robust(table, formula="change ~ 1").tidy().iloc[0]
    mean = clustered_mean(table["change"].to_numpy(), codes)
    assert mean[:3] == pytest.approx(fitted[["estimate", "std_error", "df"]].tolist())


def test_scales_of_a_table_keep_apart(scores):
    table = pd.concat(
        [
            scores([3, 4, 2], [4, 4, 4], list("AAB")).assign(scale="trust"),
            scores([1, 1, 1], [1, 2, 4], list("AAB")).assign(scale="voice"),
        ]
    )
    found = paired_change(table, waves=WAVES)
    assert found.tests()["scale"].tolist() == ["trust", "voice"]
    assert found.tests()["estimate"].tolist() == pytest.approx([1, 4 / 3])
    assert found.summary()["mean_after"].tolist() == pytest.approx([4, 7 / 3])
    assert "Mean trust of the 3 people in 2 teams" in found.sentence()
    assert "Mean voice" in found.sentence()


def test_who_answered_once_is_left_out_and_counted(scores):
    found = paired_change(scores([3, None, 2, 4], [4, 5, 4, np.nan], list("AABB")), waves=WAVES)
    row = one(found, method=CLUSTERED)
    assert (row["n"], row["n_left_out"], row["estimate"]) == (2, 2, 1.5)


def test_who_moved_counts_where_they_began(scores):
    table = scores([3, 4, 2, 3], [4, 4, 4, 4], list("AABB"))
    table.loc[(table["person_id"] == "p001") & (table["wave"] == "y2"), "team_id"] = "B"
    teams = change_by_team(table, waves=WAVES).tidy().set_index("team_id")
    assert teams.loc["A", "n"] == 2
    # who had no team at first counts where they are now
    table.loc[(table["person_id"] == "p000") & (table["wave"] == "y1"), "team_id"] = None
    assert change_by_team(table, waves=WAVES).tidy().set_index("team_id").loc["A", "n"] == 2


def test_the_sentence_gives_both_intervals_and_names_what_each_takes(scores):
    said = paired_change(scores([3, 4, 2, 3], [4, 4, 4, 4], list("AABB")), waves=WAVES).sentence()
    assert said.startswith("Mean score of the 4 people in 2 teams who answered in both waves rose")
    assert (
        "from 3.00 to 4.00 (from y1 to y2): change 1.00 (95% CI [-5.35, 7.35], t(1.0) = 2.00"
        in said
    )
    assert "teams as clusters, CR2; people as independent, [-0.30, 2.30]); d_av" in said


def test_without_teams_people_are_independent_and_it_says_so(scores):
    found = paired_change(scores([3, 4, 2], [4, 4, 5]), waves=WAVES, team=None)
    assert set(found.tests()["method"]) == {INDEPENDENT}
    assert found.tests()["n_clusters"].isna().all()
    assert "people independent" in found.sentence()


def test_change_by_team_by_hand(scores):
    found = change_by_team(scores([3, 4, 2, 3, 1], [4, 4, 4, 4, 3], list("AABBC")), waves=WAVES)
    rows = found.tidy().set_index("team_id")
    assert rows.loc["A", ["mean_before", "mean_after", "change"]].tolist() == [3.5, 4.0, 0.5]
    # changes 1 0: SE (1 / sqrt 2) / sqrt 2, t(1) at .975 is 12.7062
    assert rows.loc["A", "conf_high"] == pytest.approx(0.5 + 12.7062 * 0.5, abs=1e-4)
    assert rows.loc["C", "reason"] == "fewer than two people"
    assert math.isnan(rows.loc["C", "conf_low"])
    assert rows.index.tolist() == ["A", "B", "C", "all"]
    assert rows.loc["all", ["n", "n_clusters"]].tolist() == [5, 3]
    table = scores([3, 4, 2, 3, 1], [4, 4, 4, 4, 3], list("AABBC"))
    clustered = one(paired_change(table, waves=WAVES), method=CLUSTERED)
    for column in ("std_error", "df", "conf_low", "conf_high"):
        assert rows.loc["all", column] == clustered[column]
    assert "rose from y1 to y2 in 3 of 3 teams" in found.sentence()
    assert "+0.50 (A, n = 2) to +2.00 (C, n = 1)" in found.sentence()


def test_nobody_in_both_waves(scores):
    found = paired_change(scores([3, 4, None], [None, None, 4], list("AAB")), waves=WAVES)
    assert set(found.tidy()["reason"]) == {"nobody answered in both waves"}
    assert found.tidy()["estimate"].isna().all()
    assert found.tests()["n_left_out"].tolist() == [3]
    assert "is not available: nobody answered in both waves" in found.sentence()
    by_team = change_by_team(scores([3, None], [None, 4], list("AB")), waves=WAVES)
    assert by_team.tidy()["reason"].tolist() == ["nobody answered in both waves"]
    assert "not available" in by_team.sentence()


def test_one_person(scores):
    found = paired_change(scores([3], [4]), waves=WAVES)
    tests = found.tidy().query("quantity == 'mean change'")
    assert tests["estimate"].tolist() == [1, 1]
    assert tests["p_value"].isna().all()
    assert set(tests["reason"]) == {"fewer than two people"}
    assert "no interval: fewer than two people" in found.sentence()


def test_one_team_has_no_others_to_compare(scores):
    row = one(paired_change(scores([3, 4, 2], [4, 4, 5]), waves=WAVES), method=CLUSTERED)
    assert row["reason"] == "one team: no others to compare"
    assert math.isnan(row["std_error"])
    assert row["estimate"] == pytest.approx(4 / 3)


def test_changes_all_alike(scores):
    # 3.2 - 3.0 and 4.2 - 4.0 differ by rounding only
    found = paired_change(scores([3.0, 4.0, 2.0], [3.2, 4.2, 2.2], list("AAB")), waves=WAVES)
    assert found.tests()["estimate"].item() == pytest.approx(0.2)
    assert "all changes are alike" in found.tests()["reason"].item()
    d = found.tidy()[found.tidy()["quantity"].isin(list(STANDARDISERS))]
    assert d["estimate"].isna().all()
    assert d["conf_low"].isna().all()
    assert set(d["reason"]) == {"all changes are alike: their SD is 0"}


def test_means_of_teams_alike(scores):
    # A: 1 -1, B: 2 -2; both teams' means are 0, as is the mean of all
    found = paired_change(scores([3, 3, 3, 3], [4, 2, 5, 1], list("AABB")), waves=WAVES)
    assert one(found, method=CLUSTERED)["reason"] == "the means of all teams are alike"
    assert one(found, method=TEAM_MEANS)["reason"].startswith("all means of the teams are alike")


def test_a_wave_without_spread_has_no_d_first(scores):
    found = paired_change(scores([3, 3, 3], [4, 5, 4], list("AAB")), waves=WAVES)
    for name in ("d_first", "d_rm"):
        assert alone(found, name)["reason"] == "the scores of a wave are all alike"
    assert np.isfinite(alone(found, "d_av")["estimate"])


@pytest.mark.parametrize(
    ("waves", "seen"), [(("y1", "y9"), "'y9'"), (("y1", "y1"), "'y1'"), (("y1",), "'y1'")]
)
def test_waves_that_are_not_two_of_the_table_are_refused(scores, waves, seen):
    with pytest.raises(ArgumentError, match=seen):
        paired_change(scores([3, 4], [4, 4], list("AB")), waves=waves)


def test_three_waves_are_not_a_pair(scores):
    table = scores([3, 4], [4, 4], list("AB"))
    three = pd.concat([table, table[table["wave"] == "y2"].assign(wave="y3")])
    with pytest.raises(ArgumentError, match="'y1', 'y2', 'y3'"):
        paired_change(three, waves=("y1", "y2", "y3"))


def test_a_person_twice_in_a_wave_is_refused(scores):
    table = scores([3, 4], [4, 4], list("AB"))
    with pytest.raises(ArgumentError, match="y1 p000"):
        paired_change(pd.concat([table, table.iloc[[0]]]), waves=WAVES)


def test_a_missing_team_is_refused(scores):
    table = scores([3, 4], [4, 4], [None, "B"])
    with pytest.raises(ArgumentError, match="'p000'"):
        paired_change(table, waves=WAVES)
    with pytest.raises(ArgumentError, match="'team_id'"):
        paired_change(table.drop(columns="team_id"), waves=WAVES)


def test_teams_come_from_the_roster(scores):
    table = scores([3, 4], [4, 4], list("AB")).sample(frac=1, random_state=2)
    rosters = table[["person_id", "wave", "team_id"]].iloc[1:]
    found = with_teams(table.drop(columns="team_id"), memberships=rosters)
    assert found["team_id"].isna().tolist() == [True, False, False, False]
    assert found["team_id"].iloc[1:].tolist() == table["team_id"].iloc[1:].tolist()
    with pytest.raises(ArgumentError, match="team_id"):
        with_teams(table, memberships=rosters)
    with pytest.raises(ArgumentError, match="same person and wave twice"):
        with_teams(table.drop(columns="team_id"), memberships=pd.concat([rosters, rosters]))
