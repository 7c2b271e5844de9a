"""Milestones on time, and hours saved, with divisions as clusters."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.timing import hours_saved, on_time_share


def punctual(values, clusters="aabbcc", **columns):
    on_time = pd.array(values, dtype="boolean")
    return pd.DataFrame({"on_time": on_time, "cluster_id": list(clusters)} | columns)


def saved(values, clusters="aabbccddee", **columns):
    return pd.DataFrame(
        {"reached": True, "hours_saved": values, "cluster_id": list(clusters)} | columns
    )


HOURS = [4.0, 6.0, 0.0, 2.0, 3.0, 9.0, 1.0, 1.0, 5.0, 7.0]


def test_the_share_by_hand():
    """Clusters of two with 2, 1 and 0 on time: share 1/2, residual sums 1, 0, -1.

    CR2 of equal clusters is the error of the three means 1, 1/2, 0: .5 / sqrt(3), with 2 df. On
    logits: 0 +- 4.3027 * .28868 / .25 = 4.9683, so .00691 to .99309.
    """
    row = on_time_share(punctual([1, 1, 1, 0, 0, 0])).tidy().iloc[0]
    assert row["estimate"] == 0.5
    assert row["std_error"] == pytest.approx(0.5 / math.sqrt(3))
    assert row["df"] == pytest.approx(2)
    assert row["conf_low"] == pytest.approx(0.00691, abs=1e-5)
    assert row["conf_high"] == pytest.approx(0.99309, abs=1e-5)


def test_what_is_not_known_is_counted_and_is_in_no_share():
    result = on_time_share(punctual([1, None, 1, 0, 0, None]))
    assert result.tidy()["estimate"].item() == 0.5
    assert result.summary()[["n", "n_on_time", "n_late", "n_not_known"]].values.tolist() == [
        [4, 2, 2, 2]
    ]
    assert "50% on time (2 of 4;" in result.sentence()
    assert "of 2 it is not known" in result.sentence()


@pytest.mark.parametrize(("value", "told"), [(1, "every one was on time"), (0, "was late")])
def test_all_alike_has_no_interval(value, told):
    row = on_time_share(punctual([value] * 6)).tidy().iloc[0]
    assert row["estimate"] == value
    assert math.isnan(row["conf_low"])
    assert told in row["reason"]


def test_one_division_or_nothing_known_has_no_interval():
    one = on_time_share(punctual([1, 0, 1, 1, 0, 1], clusters="aaaaaa")).tidy().iloc[0]
    assert one["estimate"] == pytest.approx(4 / 6)
    assert math.isnan(one["conf_low"])
    assert one["reason"]
    none = on_time_share(punctual([None] * 6)).tidy().iloc[0]
    assert math.isnan(none["estimate"])
    assert none["reason"] == "no value"


def test_two_groups_have_a_difference_and_three_have_not():
    two = on_time_share(punctual([1, 1, 0, 1, 0, 0], kind=list("xyxyxy")), by="kind").tidy()
    assert two["group"].tolist() == ["x", "y", "y - x"]
    # y has 1, 1, 0 and x 1, 0, 0
    assert two["estimate"].tolist() == pytest.approx([1 / 3, 2 / 3, 1 / 3])
    three = on_time_share(punctual([1, 1, 0, 1, 0, 0], kind=list("xyzxyz")), by="kind").tidy()
    assert three["group"].tolist() == ["x", "y", "z"]


def test_hours_by_hand():
    """Cluster means 5, 1, 6, 1, 6: mean 3.8, error sqrt(26.8 / 4) / sqrt(5) with 4 df, total 38."""
    result = hours_saved(saved(HOURS), n_draws=300)
    mean, resampled, without, total = (row for _, row in result.tidy().iterrows())
    error = math.sqrt(26.8 / 4 / 5)
    assert mean["estimate"] == resampled["estimate"] == pytest.approx(3.8)
    assert mean["std_error"] == pytest.approx(error)
    assert mean["df"] == pytest.approx(4)
    assert mean["conf_high"] == pytest.approx(3.8 + stats.t.ppf(0.975, 4) * error)
    assert total["estimate"] == without["estimate"] == 38
    # The jackknife of a mean of equal clusters is its plain error, and the total is ten times it.
    assert without["std_error"] == pytest.approx(10 * error)
    assert without["conf_high"] == pytest.approx(38 + 10 * stats.t.ppf(0.975, 4) * error)
    # With equal clusters the total is ten times the mean in every resample.
    for column in ("std_error", "conf_low", "conf_high"):
        assert total[column] == pytest.approx(10 * resampled[column])
    assert resampled["conf_low"] < 3.8 < resampled["conf_high"]


def test_zeros_count_and_missing_hours_and_open_milestones_do_not():
    values = [4.0, 6.0, 0.0, 2.0, None, 9.0, 1.0, 1.0, 5.0, 7.0]
    table = saved(values)
    table.loc[9, "reached"] = False
    result = hours_saved(table, n_draws=50)
    spread = result.summary().iloc[0]
    # 4 + 6 + 0 + 2 + 9 + 1 + 1 + 5 = 28 of eight, one reached without hours, one open
    assert (spread["n_reached"], spread["n"], spread["n_missing"], spread["n_zero_hours"]) == (
        9,
        8,
        1,
        1,
    )
    assert result.tidy()["estimate"].tolist() == pytest.approx([3.5, 3.5, 28.0, 28.0])
    assert "1 reached milestone without hours is not in it" in result.sentence()


def test_the_spread_of_hours_by_hand():
    """1, 1, 1, 5: mean 2, m2 = 3, m3 = (27 - 3) / 4 = 6, skewness 6 / 3^1.5."""
    spread = hours_saved(saved([1.0, 1, 1, 5], clusters="abcd")).summary().iloc[0]
    assert spread["skewness"] == pytest.approx(6 / 3**1.5)
    assert (spread["first_quartile"], spread["median"], spread["third_quartile"]) == (1, 1, 2)
    assert spread["sd"] == 2


def test_other_units_of_hours_change_the_unit_only():
    hours = hours_saved(saved(HOURS), n_draws=100).tidy()
    minutes = hours_saved(saved([60 * one for one in HOURS]), n_draws=100).tidy()
    for column in ("estimate", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(minutes[column], 60 * hours[column], rtol=1e-9)


def test_the_jackknife_of_a_total_is_that_of_as_many_clusters():
    """Totals of clusters all alike: leaving one out changes no total of five clusters."""
    from cvln_eval.inference.timing.hours import _mean_and_total

    sums = np.array([[10.0, 2]] * 5)
    weights = np.vstack([np.ones(5), 1 - np.eye(5)])
    np.testing.assert_allclose(_mean_and_total(sums, weights), [[5.0, 50.0]] * 6)


@pytest.mark.parametrize(
    ("values", "clusters", "told"),
    [
        ([3.0] * 6, "aabbcc", "all values are alike"),
        ([1.0, 2.0, 4.0], "aaa", "cluster"),
        ([2.0], "a", ""),
        ([None, None], "ab", "no value"),
    ],
)
def test_too_little_has_no_interval_but_a_reason(values, clusters, told):
    rows = hours_saved(saved(values, clusters=clusters)).tidy()
    assert rows["conf_low"].isna().all()
    assert rows["reason"].str.len().min() > 0
    assert told in rows["reason"][0]


def test_fewer_than_five_clusters_are_not_resampled():
    rows = hours_saved(saved(HOURS[:8], clusters="aabbccdd")).tidy()
    few = "4 of 5 clusters that resampling needs"
    assert rows["reason"].tolist() == ["", few, "", few]


@pytest.mark.parametrize(("value", "seen"), [(-1.0, "-1.0"), ("many", "'many'")])
def test_hours_that_are_none_are_refused(value, seen):
    with pytest.raises(ArgumentError, match=seen):
        hours_saved(saved(pd.Series([1.0, value, 2.0], dtype=object), clusters="abc"))


def test_absent_columns_are_refused():
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*milestone_times"):
        on_time_share(saved(HOURS))
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*'hours_saved'"):
        hours_saved(punctual([1] * 6, reached=True))


def test_a_total_of_no_hours_is_not_known_rather_than_0():
    for found in (hours_saved(saved([None] * 10)), hours_saved(saved([None] * 10)[:0])):
        assert found.tidy()["estimate"].isna().all()
        assert set(found.tidy()["reason"]) == {"no value"}
    found = hours_saved(saved([None] * 10))
    assert found.sentence() == (
        "Hours saved, all, are not known: 10 milestones reached, none with hours."
    )


def test_hours_are_not_below_0_nor_are_their_intervals():
    # 0 and 8 by cluster: mean 4, error 4, t(1) = 12.7
    rows = hours_saved(saved([0.0, 0.0, 8.0, 8.0], "aabb")).tidy()
    assert rows["conf_low"].dropna().tolist() == [0.0, 0.0]
    assert rows["conf_high"].dropna().iloc[0] == pytest.approx(4 + 4 * stats.t.ppf(0.975, 1))
    with pytest.raises(ArgumentError, match="inf"):
        hours_saved(saved([math.inf] * 10))


def test_a_table_without_rows_has_groups_neither():
    for function, table in ((hours_saved, saved(HOURS)), (on_time_share, punctual([1] * 6))):
        found = function(table.assign(planned_by="alone").head(0), by="planned_by")
        assert found.glance()["n"].item() == 0
        assert "all" in found.sentence()
