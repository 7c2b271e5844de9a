"""Two groups compared: log-rank, permutation of plans, hazard ratio, restricted means."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff

from cvln_eval.errors import ArgumentError
from cvln_eval.inference import timing
from cvln_eval.inference.timing import compare_completion, milestone_times, time_to_completion
from cvln_eval.inference.timing.comparing import log_rank_scores


def answers(times, **options):
    rows = compare_completion(times, **{"n_draws": 200} | options).tidy()
    return dict(zip([*"LPWJRM"], [row for _, row in rows.iterrows()], strict=True))


def test_log_rank_scores_by_hand():
    """Reached on days 1, 2 and 4 of 4, 3 and 1 at risk: H = 1/4, 1/4 + 1/3, the same, + 1."""
    scores = log_rank_scores(np.array([1.0, 2, 3, 4]), np.array([True, True, False, True]))
    np.testing.assert_allclose(scores, [3 / 4, 5 / 12, -7 / 12, -7 / 12], rtol=1e-12)
    assert scores.sum() == pytest.approx(0)


def test_log_rank_by_hand(as_times):
    """Pair on days 1 and 2, alone on 3 and open to 4. Expected of pair: 2/4 + 1/3 = 5/6.

    Variance: 1/4 + (1/3)(2/3) = 17/36, and after day 2 no pair is at risk. (2 - 5/6)^2 / (17/36)
    = 49/17.
    """
    times = as_times([1, 2, 3, 4], [1, 1, 1, 0], planned_by=["pair", "pair", "alone", "alone"])
    assert answers(times)["L"]["statistic"] == pytest.approx(49 / 17)


def test_log_rank_is_that_of_statsmodels(reference):
    theirs = survdiff(reference["days"], reference["reached"].astype(int), reference["planned_by"])
    ours = answers(reference)["L"]
    assert ours["statistic"] == pytest.approx(theirs[0], rel=1e-10)
    assert ours["p_value"] == pytest.approx(theirs[1], rel=1e-10)


def test_plans_change_groups_within_their_cluster(as_times):
    """Three clusters of one plan alone and one of a pair: 2^3 assignments, 2 as far as observed."""
    times = as_times(
        [10, 30, 12, 33, 9, 41],
        [1] * 6,
        planned_by=["pair", "alone"] * 3,
        cluster_id=list("aabbcc"),
    )
    row = answers(times)["P"]
    assert row["p_value"] == pytest.approx(2 / 8)
    assert row["smallest_p"] == pytest.approx(2 / 8)
    assert "plans within clusters permuted" in row["method"]


def test_clusters_change_groups_where_each_is_of_one_group(as_times):
    """Two of five clusters: Welch's t of the clusters' mean scores, for each of 10 assignments."""
    times = as_times(
        [10, 11, 30, 33, 9, 12, 41, 38, 28, 44],
        [1] * 10,
        arm=["x", "x", "y", "y", "x", "x", "y", "y", "y", "y"],
        plan=list("abcdefghij"),
        cluster_id=list("aabbccddee"),
    )
    row = answers(times, by="arm")["P"]
    scores = log_rank_scores(times["days"].to_numpy(), times["reached"].to_numpy())
    means = scores.reshape(5, 2).mean(axis=1)
    by_hand = []
    for some in map(list, itertools.combinations(range(5), 2)):
        test = stats.ttest_ind(means[some], np.delete(means, some), equal_var=False)
        by_hand.append(abs(test.statistic))
    observed = by_hand[1]  # clusters 0 and 2 are x
    assert row["p_value"] == pytest.approx(np.mean(np.array(by_hand) >= observed - 1e-9))
    assert abs(row["statistic"]) == pytest.approx(observed)
    assert row["smallest_p"] == pytest.approx(1 / 10)
    assert row["method"].endswith(", clusters permuted")


def test_the_hazard_ratio_is_that_of_statsmodels(reference):
    second = (reference["planned_by"] == "pair").to_numpy(dtype=float)[:, None]
    model = PHReg(reference["days"], second, status=reference["reached"].astype(int))
    fit = model.fit(groups=reference["cluster_id"].to_numpy())
    row = answers(reference)["W"]
    assert np.log(row["estimate"]) == pytest.approx(fit.params[0], rel=1e-7)
    assert row["std_error"] == pytest.approx(fit.bse[0] * np.sqrt(9 / 8), rel=1e-6)


def test_a_hazard_ratio_far_from_1_is_found(as_times):
    """Of 200 pairs all but one are reached before all but one of 200 others."""
    days = np.concatenate([np.arange(1, 200), [1000], [0.5], np.arange(500, 699)])
    groups = ["pair"] * 200 + ["alone"] * 200
    row = answers(as_times(days, [1] * 400, planned_by=groups))["W"]
    b, score = np.log(row["estimate"]), 0.0
    for place in np.argsort(days):
        open_ = days >= days[place]
        pairs, others = open_[:200].sum(), open_[200:].sum()
        score += (place < 200) - pairs * np.exp(b) / (pairs * np.exp(b) + others)
    assert row["estimate"] > 10
    assert score == pytest.approx(0, abs=1e-8)


def test_the_jackknife_of_the_difference_by_hand(reference):
    rows = compare_completion(reference, tau=100, n_draws=10).tidy()
    means = []
    for one in [None, *sorted(reference["cluster_id"].unique())]:
        kept = reference[reference["cluster_id"] != one]
        found = time_to_completion(kept, by="planned_by", tau=100, n_draws=10).tidy()
        alone, pair = found.loc[found["method"].str.startswith("Greenw"), "estimate"]
        means.append(pair - alone)
    error = np.sqrt(8 / 9 * np.sum((np.array(means[1:]) - means[0]) ** 2))
    assert rows["std_error"][4] == pytest.approx(error, rel=1e-10)
    assert rows["conf_high"][4] == pytest.approx(means[0] + stats.t.ppf(0.975, 8) * error)


def test_names_of_groups_turn_the_sign_only(reference):
    one = answers(reference)
    turned = reference["planned_by"].map({"alone": "z", "pair": "pair"})
    other = answers(reference.assign(planned_by=turned))
    for which in "WJ":
        assert other[which]["estimate"] == pytest.approx(1 / one[which]["estimate"], rel=1e-6)
        assert other[which]["conf_low"] == pytest.approx(1 / one[which]["conf_high"], rel=1e-6)
    assert other["M"]["estimate"] == pytest.approx(-one["M"]["estimate"])
    assert other["L"]["p_value"] == pytest.approx(one["L"]["p_value"])
    assert one["M"]["term"] == "pair - alone"


def test_order_of_rows_changes_nothing(reference):
    rows = compare_completion(reference, n_draws=50).tidy()
    shuffled = compare_completion(reference.sample(frac=1, random_state=1), n_draws=50).tidy()
    pd.testing.assert_frame_equal(shuffled, rows, rtol=1e-8)


def test_every_milestone_twice_fools_the_log_rank_test_and_no_answer_by_cluster(reference):
    """Ten times the same milestones bear no more evidence, and only (1) believes they do."""
    once, tenfold = (answers(table) for table in (reference, pd.concat([reference] * 10)))
    assert tenfold["L"]["p_value"] < 0.01 < 0.3 < once["L"]["p_value"]
    for which in "PWJR":
        assert tenfold[which]["p_value"] == pytest.approx(once[which]["p_value"], rel=0.1)
    assert tenfold["M"]["std_error"] == pytest.approx(once["M"]["std_error"], rel=1e-9)


def test_a_milestone_out_of_sight_before_the_first_was_reached_says_nothing(reference):
    early = reference.iloc[[0]].assign(days=1.0, reached=False)
    one, other = answers(reference), answers(pd.concat([reference, early]))
    for which in "WJ":
        assert other[which]["estimate"] == pytest.approx(one[which]["estimate"], rel=1e-8)
        assert other[which]["std_error"] == pytest.approx(one[which]["std_error"], rel=1e-8)


def test_a_group_of_which_nothing_was_reached_has_no_hazard_ratio(as_times):
    times = as_times([10, 20, 30, 40, 50, 60], [1, 0] * 3, planned_by=["pair", "alone"] * 3)
    result = compare_completion(times, n_draws=100)
    rows = result.tidy()
    for row in (rows.iloc[2], rows.iloc[3]):
        assert math.isnan(row["estimate"])
        assert math.isnan(row["p_value"])
        assert row["reason"] == "a group of which nothing was reached"
    assert "cannot be compared by a hazard ratio: a group of which" in result.sentence()


def test_groups_that_do_not_overlap_have_no_hazard_ratio(as_times):
    """Of pairs the last is reached on day 3, of the others the first on day 4: no upper bound."""
    times = as_times([1, 2, 3, 4, 5, 6], [1] * 6, planned_by=["pair"] * 3 + ["alone"] * 3)
    row = answers(times)["W"]
    assert math.isnan(row["estimate"])
    assert row["reason"] == "one group was reached before anything of the other"


def test_one_division_says_so_everywhere_but_in_the_log_rank_test(reference):
    found = answers(reference.assign(cluster_id="V1", plan=reference["planned_by"]))
    assert found["W"]["reason"] == "one cluster: no others to compare"
    assert found["M"]["reason"] == "1 of 5 clusters that resampling needs"
    assert math.isnan(found["P"]["p_value"])
    assert found["P"]["reason"]
    assert found["L"]["p_value"] > 0


def test_all_on_one_day_has_no_log_rank_test(as_times):
    times = as_times([7] * 6, [1] * 6, planned_by=["pair", "alone"] * 3)
    row = answers(times)["L"]
    assert math.isnan(row["p_value"])
    assert "no day on which both groups were open" in row["reason"]


def test_a_cluster_without_which_nothing_is_left_has_no_jackknife(as_times):
    times = as_times(
        [5, 9, 12, 20, 22, 30], [1, 1, 1, 1, 0, 0], planned_by=["pair", "alone", "alone"] * 2
    )
    times.loc[3, "cluster_id"] = "c0"
    row = answers(times)["J"]
    assert math.isnan(row["std_error"])
    assert row["reason"] == "without one cluster there is no hazard ratio"
    assert row["estimate"] > 0


def test_groups_that_are_not_two_are_refused(reference):
    with pytest.raises(ArgumentError, match=r"two values of 'planned_by'[\s\S]*'pair'"):
        compare_completion(reference[reference["planned_by"] == "pair"])
    with pytest.raises(ArgumentError, match=r"'C1', 'C2', 'C3', 'C4', 'C5' and 4 more"):
        compare_completion(reference, by="cluster_id")


def test_a_plan_of_both_groups_is_refused(reference):
    with pytest.raises(ArgumentError, match="differs within"):
        compare_completion(reference.assign(plan=reference["cluster_id"]))


def test_the_truth_of_the_bundled_study_is_found(bundled):
    """Simulated with a hazard ratio of 1.8 of pairs; the interval holds it, and not 1."""
    times = milestone_times(bundled, until="until").tidy()
    result = compare_completion(times, n_draws=500)
    for row in (result.tidy().iloc[2], result.tidy().iloc[3]):
        assert 1 < row["conf_low"] < 1.8 < row["conf_high"]
    assert "jackknife of clusters" in result.sentence()
    assert "265 milestones in 10 clusters" in result.sentence()
    assert "Milestones planned in pairs were reached" in result.sentence()
    assert "those planned alone" in result.sentence()


def test_other_sentences_name_pairs_alike(bundled):
    times = milestone_times(bundled, until="until").tidy()
    said = [
        timing.time_to_completion(times, by="planned_by", n_draws=10).sentence(),
        timing.hours_saved(times, by="planned_by", n_draws=10).sentence(),
        timing.on_time_share(times, by="planned_by").sentence(),
    ]
    for sentence in said:
        assert ", in pairs" in sentence
        assert ", alone" in sentence
        assert ", pair" not in sentence


@pytest.mark.parametrize(
    ("by", "names", "said"),
    [
        ("planned_by", ("alone", "pair"), "Milestones planned in pairs were reached"),
        ("planned", ("alone", "in pairs"), "Milestones planned in pairs were reached"),
        ("cohort", (2023, 2024), "Milestones with cohort 2024 were reached"),
    ],
)
def test_the_sentence_names_the_groups_as_what_they_are(by, names, said):
    rng = np.random.default_rng(1)
    times = pd.DataFrame({"days": rng.integers(1, 90, 24).astype(float), "reached": True})
    times = times.assign(reason="", plan=[f"p{i // 2}" for i in range(24)])
    times["cluster_id"] = [f"c{i // 4}" for i in range(24)]
    times[by] = [names[i // 2 % 2] for i in range(24)]
    assert compare_completion(times, by=by, n_draws=50).sentence().startswith(said)
