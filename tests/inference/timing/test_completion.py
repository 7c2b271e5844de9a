"""Kaplan-Meier, median and restricted mean, by hand and by law."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.timing import time_to_completion


def rows_of(times, **options):
    rows = time_to_completion(times, **{"n_draws": 100} | options).tidy()
    return {(row["quantity"], row["method"][:6]): row for _, row in rows.iterrows()}


def test_the_curve_by_hand(five):
    """4/5 = .8 after day 10; .8 * 3/4 = .6 after 20; one is out of sight; .6 * 1/2 = .3 after 40.

    Greenwood after 20: 1/(5*4) + 1/(4*3) = 2/15. The log-log interval there is .6^exp(-+1.96 *
    sqrt(2/15) / log .6): .6^exp(1.4010) = .1257 and .6^exp(-1.4010) = .8818.
    """
    curve = time_to_completion(five).curve()
    assert curve["days"].tolist() == [10, 20, 40]
    assert curve["n_at_risk"].tolist() == [5, 4, 2]
    assert curve["n_reached"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(curve["share_open"], [0.8, 0.6, 0.3], rtol=1e-12)
    np.testing.assert_allclose(
        [curve["conf_low"][1], curve["conf_high"][1]], [0.12573, 0.88176], atol=1e-5
    )


def test_median_and_restricted_mean_by_hand(five):
    """S falls below one half on day 40. Area to day 50: 10 + .8*10 + .6*20 + .3*10 = 33.

    Variance: after day 10 the area is 23, after 20 15, after 40 3:
    23^2/20 + 15^2/12 + 3^2/2 = 26.45 + 18.75 + 4.5 = 49.7.
    """
    rows = rows_of(five)
    assert rows["median", "Brookm"]["estimate"] == 40
    mean = rows["restricted mean", "Greenw"]
    assert mean["estimate"] == pytest.approx(33)
    assert mean["std_error"] == pytest.approx(math.sqrt(49.7))
    assert mean["conf_low"] == pytest.approx(33 - 1.959964 * math.sqrt(49.7), abs=1e-5)
    assert (mean["n"], mean["n_reached"], mean["n_open"]) == (5, 3, 2)


def test_a_shorter_horizon_by_hand(five):
    """To day 30: 10 + .8*10 + .6*10 = 24; day 40 adds nothing, to the mean or to its error."""
    mean = rows_of(five, tau=30)["restricted mean", "Greenw"]
    assert mean["estimate"] == pytest.approx(24)
    assert mean["std_error"] == pytest.approx(math.sqrt(14**2 / 20 + 6**2 / 12))


def test_the_day_after_the_horizon_is_not_within_it(five):
    """To day 39: 10 + .8*10 + .6*19 = 29.4, though something is reached on day 40."""
    mean = rows_of(five, tau=39)["restricted mean", "Greenw"]
    assert mean["estimate"] == pytest.approx(29.4)
    assert mean["std_error"] == pytest.approx(math.sqrt(19.4**2 / 20 + 11.4**2 / 12))


def test_at_risk_counts_those_still_open_just_before_the_day(five):
    counted = time_to_completion(five).at_risk([0, 10, 10.5, 30, 50, 51])
    assert counted["n_at_risk"].tolist() == [5, 5, 4, 3, 1, 0]


def test_the_curve_is_that_of_statsmodels(reference):
    own = reference[reference["planned_by"] == "pair"]
    theirs = SurvfuncRight(own["days"], own["reached"].astype(int))
    curve = time_to_completion(own, n_draws=10).curve()
    np.testing.assert_allclose(curve["share_open"], theirs.surv_prob, rtol=1e-12)
    np.testing.assert_array_equal(curve["n_at_risk"], theirs.n_risk)


def test_all_reached_has_a_mean_of_days_and_the_error_of_a_mean(as_times):
    """Without censoring the restricted mean is the mean, and its error s / n with divisor n."""
    days = np.array([4, 9, 9, 15, 30, 41.0])
    mean = rows_of(as_times(days, [1] * 6))["restricted mean", "Greenw"]
    assert mean["estimate"] == pytest.approx(days.mean())
    assert mean["std_error"] == pytest.approx(days.std() / math.sqrt(6))


def test_nothing_reached_is_nan_with_a_reason(as_times):
    result = time_to_completion(as_times([5, 6, 7, 8, 9, 10], [0] * 6), n_draws=20)
    rows = result.tidy()
    median = rows.iloc[0]
    assert math.isnan(median["estimate"])
    assert median["reason"] == "more than half were still open when last seen"
    assert rows["estimate"].tolist()[1:] == [10, 10, 10]
    assert rows["conf_low"].isna().all()
    assert rows["reason"].tolist()[1:] == [
        "nothing was reached before the horizon",
        "without any one cluster the value is the same",
        "all resamples are alike",
    ]
    assert result.curve().empty
    assert "no median (more than half" in result.sentence()


def test_a_median_without_upper_bound_says_so(five):
    row = rows_of(five)["median", "Brookm"]
    assert row["conf_low"] == 10
    assert math.isnan(row["conf_high"])
    assert "no upper end" in row["reason"]


def test_one_division_is_not_resampled(five):
    row = rows_of(five.assign(cluster_id="V1"))["restricted mean", "bootst"]
    assert row["estimate"] == pytest.approx(33)
    assert math.isnan(row["conf_low"])
    assert row["reason"] == "1 of 5 clusters that resampling needs"
    assert row["n_clusters"] == 1


def test_one_milestone(as_times):
    rows = rows_of(as_times([12], [1]))
    assert rows["median", "Brookm"]["estimate"] == 12
    assert rows["restricted mean", "Greenw"]["estimate"] == 12


def test_order_of_rows_and_unit_of_time_change_nothing_but_the_unit(reference):
    rows = time_to_completion(reference, by="planned_by", n_draws=50).tidy()
    shuffled = reference.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        time_to_completion(shuffled, by="planned_by", n_draws=50).tidy(), rows
    )
    weeks = time_to_completion(
        reference.assign(days=reference["days"] / 7), by="planned_by", n_draws=50
    ).tidy()
    for column in ("estimate", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(weeks[column] * 7, rows[column], rtol=1e-9)


def test_every_milestone_twice_halves_the_independent_variance_and_not_that_of_clusters(reference):
    once = rows_of(reference, n_draws=400)
    twice = rows_of(pd.concat([reference, reference]), n_draws=400)
    key = ("restricted mean", "Greenw")
    ratio = once[key]["std_error"] / twice[key]["std_error"]
    assert ratio == pytest.approx(math.sqrt(2), rel=0.01)
    key = ("restricted mean", "bootst")
    assert twice[key]["std_error"] == pytest.approx(once[key]["std_error"], rel=1e-9)


def test_a_resample_counts_a_cluster_as_often_as_it_is_drawn(reference):
    from cvln_eval.inference.timing.weighted import cluster_lives, mean_open

    lives = cluster_lives(reference, cluster="cluster_id", horizon=100.0)
    weights = np.array([[0, 2, 1, 1, 0, 3, 1, 1, 0.0]])
    clusters = sorted(reference["cluster_id"].unique())
    drawn = pd.concat(
        [
            reference[reference["cluster_id"] == one]
            for one, times in zip(clusters, weights[0], strict=True)
            for _ in range(int(times))
        ]
    )
    by_rows = rows_of(drawn, tau=100)["restricted mean", "Greenw"]["estimate"]
    assert mean_open(lives, weights)[0, 0] == pytest.approx(by_rows, rel=1e-12)


def test_groups_are_named_and_the_horizon_is_what_all_were_watched_for(reference):
    table = reference.assign(
        planned_by=reference["planned_by"].where(reference.index != 5).astype(object)
    )
    result = time_to_completion(table, by="planned_by", n_draws=20)
    assert list(result.lasting) == ["alone", "pair", "not known"]
    assert result.tau_days == table.loc[5, "days"]


def test_milestones_without_duration_are_counted(five):
    with_one = five.assign(days=[10, 20, 30, 40, np.nan], reason=[""] * 4 + ["no day"])
    assert time_to_completion(with_one).glance()["n_left_out"].item() == 1


@pytest.mark.parametrize("tau", [0, -3, 50.5])
def test_a_horizon_out_of_sight_is_refused(five, tau):
    with pytest.raises(ArgumentError, match=rf"up to 50 days\nSeen: {tau}"):
        time_to_completion(five, tau=tau)


def test_no_duration_at_all_and_an_absent_column_are_refused(five):
    with pytest.raises(ArgumentError, match="5 rows, none of them usable"):
        time_to_completion(five.assign(reason="no day"))
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*'cohort'"):
        time_to_completion(five, by="cohort")
    with pytest.raises(ArgumentError, match="which cluster"):
        time_to_completion(five.assign(cluster_id=["a", None, "b", "c", "d"]))


def test_the_restricted_mean_and_its_interval_lie_between_0_and_the_horizon():
    # one cluster took 10 days and the other 90: mean 50, error 40, t(1) = 12.7
    days = {"days": [10.0, 10.0, 90.0, 90.0], "reached": True, "reason": ""}
    mean = rows_of(pd.DataFrame(days | {"cluster_id": list("aabb")}))["restricted mean", "jackkn"]
    assert mean[["estimate", "conf_low", "conf_high"]].tolist() == [50, 0, 90]
