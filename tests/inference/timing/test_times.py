"""What became of each milestone, and why some have no duration."""

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.timing import hours_saved, milestone_times, time_to_completion


def plan(**columns):
    table = {
        "milestone_id": ["a", "b", "c", "d"],
        "team_id": ["V1", "V1", "V3", "V4"],
        "partner_team_id": [None, "V2", "V2", None],
        "started_on": ["2024-01-01"] * 4,
        "due_on": ["2024-02-01"] * 4,
        "done_on": ["2024-01-31", "2024-02-02", None, "2024-01-01"],
    }
    return pd.DataFrame(table | columns)


def found(until="2024-02-10", **columns):
    return milestone_times(plan(**columns), until=until).tidy()


def test_days_by_hand():
    """1 to 31 January are 30 days, to 2 February 32, to 10 February 40, and one day 0."""
    rows = found()
    assert rows["days"].tolist() == [30, 32, 40, 0]
    assert rows["reached"].tolist() == [True, True, False, True]
    assert rows["on_time"].tolist() == [True, False, False, True]
    assert rows["reason"].tolist() == [""] * 4


def test_divisions_that_plan_together_are_one_cluster_also_through_a_third():
    rows = found()
    assert rows["planned_by"].tolist() == ["alone", "pair", "pair", "alone"]
    assert rows["plan"].tolist() == ["V1", "V1 + V2", "V2 + V3", "V4"]
    assert rows["cluster_id"].tolist() == ["V1 + V2 + V3"] * 3 + ["V4"]


def test_who_of_a_pair_is_named_first_makes_no_other_plan():
    rows = found(team_id=["V1", "V1", "V2", "V4"], partner_team_id=[None, "V2", "V1", None])
    assert rows["plan"].tolist()[1:3] == ["V1 + V2"] * 2


def test_what_was_reached_after_the_end_is_open_at_the_end():
    """Of b, due 1 February and reached on the 2nd, the end of January has seen neither."""
    row = found(until="2024-01-31").iloc[1]
    assert (row["days"], row["reached"], row["on_time_reason"]) == (
        30,
        False,
        "not yet due when last seen",
    )
    assert pd.isna(row["on_time"])


def test_the_last_day_is_seen():
    """Due on the last day and not reached is late; reached on that day is on time."""
    rows = found(until="2024-02-01", done_on=["2024-02-01", None, None, None])
    assert rows["on_time"].tolist() == [True, False, False, False]
    assert rows["days"].tolist() == [31] * 4


def test_beginning_and_end_are_a_column_or_a_day():
    by_row = found(until="due_on")
    assert by_row["days"].tolist() == [30, 31, 31, 0]
    one = milestone_times(plan(), until="due_on", start="2023-12-31").tidy()
    assert one["days"].tolist() == [31, 32, 32, 1]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("started_on", None, "no day on which it began"),
        ("started_on", "2024-02-01", "reached before it began"),
        ("until", None, "no last day of observation"),
        ("until", "2023-12-31", "began after the end of observation"),
    ],
)
def test_a_milestone_without_a_duration_says_why_and_is_counted(column, value, reason):
    table = plan(until="2024-02-10")
    table.loc[0, column] = value
    result = milestone_times(table, until="until")
    row = result.tidy().iloc[0]
    assert pd.isna(row["days"])
    assert row["reason"] == reason
    assert result.glance()["n_left_out"].item() == 1
    assert result.glance()["n"].item() == 3
    assert f"1 left out: {reason}" in result.sentence()


def test_what_was_reached_on_an_unknown_day_is_left_out_and_not_open():
    """c has no day. Told as done it leaves a, b and d; told as open it is open for 40 days."""
    done = milestone_times(plan(done=[True, True, True, True]), until="2024-02-10", reached="done")
    row = done.tidy().iloc[2]
    assert pd.isna(row["days"])
    assert pd.isna(row["on_time"])
    assert row["reached"]
    assert row["reason"] == row["on_time_reason"] == "reached on an unknown day"
    counts = done.glance().iloc[0]
    assert counts[["n", "n_reached", "n_open", "n_left_out"]].tolist() == [3, 3, 0, 1]
    assert "1 left out: reached on an unknown day" in done.sentence()
    still_open = plan(done=[True, True, False, True])
    told = milestone_times(still_open, until="2024-02-10", reached="done").tidy()
    pd.testing.assert_frame_equal(told.drop(columns="done"), found())


def test_durations_leave_out_what_was_reached_on_an_unknown_day():
    """Of 30, 32 and 0 days, 30 is the median; with c open for 40 it would be 31."""
    rows = milestone_times(plan(done=[True] * 4), until="2024-02-10", reached="done").tidy()
    lasted = time_to_completion(rows, n_draws=10)
    assert lasted.glance()["n_left_out"].item() == 1
    assert lasted.tidy().loc[0, ["estimate", "n", "n_open"]].tolist() == [30, 3, 0]
    hours = hours_saved(rows.assign(hours_saved=[1.0, 2.0, 6.0, 3.0]), n_draws=10)
    assert hours.tidy().loc[0, "estimate"] == 3


def test_without_a_day_and_without_a_word_a_milestone_is_not_taken_for_open():
    """The day of a tells by itself that it was reached; c has neither."""
    rows = milestone_times(
        plan(done=[None, True, None, True]), until="2024-02-10", reached="done"
    ).tidy()
    assert rows["reason"].tolist() == ["", "", "neither a day nor whether it was reached", ""]
    assert rows["reached"].tolist() == [True, True, False, True]


def test_what_is_told_as_reached_after_the_end_is_still_open_at_the_end():
    """Of b, reached on 2 February, the status of today says nothing about 31 January."""
    for status in (True, False):
        table = plan(done=[True, status, False, True])
        row = milestone_times(table, until="2024-01-31", reached="done").tidy().iloc[1]
        assert (row["days"], row["reached"], row["reason"]) == (30, False, "")


@pytest.mark.parametrize(
    ("done", "message"),
    [
        ([True, False, False, True], r"not reached has a day[\s\S]*'b'"),
        (["yes", "yes", "no", "yes"], r"True or False[\s\S]*'yes'"),
        ([1, 1, 0, 1], r"True or False[\s\S]*1"),
    ],
)
def test_a_status_that_says_otherwise_or_nothing_is_refused(done, message):
    with pytest.raises(ArgumentError, match=message):
        milestone_times(plan(done=done), until="2024-02-10", reached="done")


def test_an_absent_status_is_refused():
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*'done'"):
        milestone_times(plan(), until="2024-02-10", reached="done")


def test_without_a_day_due_nothing_is_said_of_being_on_time():
    rows = found(due_on=["2024-02-01", None, "2024-02-01", "2024-02-01"])
    assert pd.isna(rows["on_time"][1])
    assert rows["on_time_reason"][1] == "no day due"
    assert rows["days"][1] == 32


def test_other_columns_stay_and_the_table_is_left_alone():
    table = plan(hours_saved=[1.0, 2.0, None, 4.0])
    before = table.copy()
    assert milestone_times(table, until="2024-02-10").tidy()["hours_saved"].tolist()[0] == 1.0
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"due_on": ["2024-02-01", "soon", "2024-02-01", None]}, r"'soon' in rows with index 1"),
        ({"milestone_id": ["a", "b", "b", "d"]}, r"stands twice[\s\S]*'b'"),
        ({"team_id": ["V1", None, "V3", "V4"]}, "milestone or team"),
        ({"partner_team_id": [None, "V1", "V2", None]}, r"its own partner[\s\S]*'b'"),
    ],
)
def test_what_is_wrong_is_refused(columns, message):
    with pytest.raises(ArgumentError, match=message):
        found(**columns)


def test_an_absent_column_and_an_end_that_is_no_day_are_refused():
    with pytest.raises(ArgumentError, match=r"lacks a column[\s\S]*'done_on'"):
        milestone_times(plan().drop(columns="done_on"), until="2024-02-10")
    with pytest.raises(ArgumentError, match="'the end'"):
        found(until="the end")


def test_the_bundled_milestones(bundled):
    """Every open one was seen to its cohort's end of June: none is left out."""
    result = milestone_times(bundled, until="until")
    counts = result.glance().iloc[0]
    assert (counts["n"], counts["n_reached"], counts["n_open"]) == (265, 213, 52)
    assert counts["n_clusters"] == 10
    assert "213 were reached and 52 were open" in result.sentence()


def test_numbered_divisions_are_one_whatever_type_a_missing_partner_made_of_them():
    # beside missing partners pandas reads 2 as 2.0
    rows = found(team_id=[1, 1, 2, 3], partner_team_id=[None, 2.0, 1.0, None])
    assert rows["cluster_id"].tolist() == ["1 + 2"] * 3 + ["3"]
    assert rows["plan"].tolist() == ["1", "1 + 2", "1 + 2", "3"]
    with pytest.raises(ArgumentError, match="own partner"):
        found(team_id=["1"] * 4, partner_team_id=[1.0, None, None, None])


def test_days_with_a_time_zone_are_days():
    begun = pd.Series(pd.to_datetime(["2024-01-01"] * 4)).dt.tz_localize("US/Pacific")
    mixed = ["2024-01-31T23:00:00-08:00", "2024-02-02T01:00:00Z", None, "2024-01-01"]
    assert found(started_on=begun, done_on=mixed)["days"].tolist() == [30, 32, 40, 0]
    assert found(until=pd.Timestamp("2024-02-10", tz="UTC"))["days"].tolist() == [30, 32, 40, 0]


@pytest.mark.parametrize("until", [None, float("nan"), "soon"])
def test_an_end_that_is_no_day_is_refused(until):
    with pytest.raises(ArgumentError, match="Beginning and end are days"):
        found(until=until)


def test_a_number_is_no_day():
    with pytest.raises(ArgumentError, match=r"cannot be read(?s:.)*Seen: 5"):
        found(done_on=[5] * 4)


def test_one_milestone_was_reached():
    said = milestone_times(plan(), until="2024-01-31").sentence()
    assert "2 were reached and 2 were open" in said
    assert (
        "1 was reached and 0 were open" in milestone_times(plan()[:1], until="2024-02").sentence()
    )


def test_what_was_reached_on_the_last_day_seen_is_on_time_before_its_day_due():
    row = found(until="2024-01-31").iloc[0]
    assert (row["on_time"], row["on_time_reason"]) == (True, "")
