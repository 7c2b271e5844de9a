"""Each reply is in a network, to oneself, or apart with a reason."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import reply_network
from cvln_eval.study.definition import Wave

# p1 opens; b answers it twice, a himself once; c answers b; d, on no roster, answers a;
# somebody answers a post that is not there; the last is without a time.
ACTIVITY = pd.DataFrame(
    [
        ("p1", "a", "2024-01-01 08:00", "post", None),
        ("p2", "b", "2024-01-01 09:00", "reply", "p1"),
        ("p3", "b", "2024-01-03 09:00", "reply", "p1"),
        ("p4", "a", "2024-01-03 10:00", "reply", "p1"),
        ("p5", "c", "2024-01-05 10:00", "reply", "p2"),
        ("p6", "d", "2024-01-05 11:00", "reply", "p1"),
        ("p7", "c", "2024-01-06 11:00", "reply", "p0"),
        ("p8", "c", None, "reply", "p1"),
    ],
    columns=["activity_id", "person_id", "occurred_at", "action", "reply_to_id"],
)
MEMBERS = pd.DataFrame({"wave": "1", "person_id": list("abce"), "team_id": "x"})
TWO = pd.concat([MEMBERS, MEMBERS.assign(wave="2")], ignore_index=True)


def strengths(panel):
    """Ties of all networks, from wave, sender and receiver to strength."""
    return {
        (one.wave, one.ids[i], one.ids[j]): strength
        for one in panel
        for i, j, strength in zip(one.sender, one.receiver, one.strength, strict=True)
    }


def test_every_reply_is_somewhere_once():
    panel = reply_network(ACTIVITY, MEMBERS)
    assert strengths(panel) == {("1", "b", "a"): 2, ("1", "c", "b"): 1, ("1", "c", "a"): 1}
    assert panel.self_ties["strength"].tolist() == [1]
    apart = panel.outside_ties.set_index("sender_id")["reason"].to_dict()
    assert apart == {
        "d": "on no roster of the wave",
        "c": "whom the post answers is not known",
    }
    counted = sum(strengths(panel).values()) + panel.self_ties["strength"].sum()
    assert counted + panel.outside_ties["strength"].sum() == 7


def test_silence_is_no_tie_and_everybody_is_known():
    network = reply_network(ACTIVITY, MEMBERS).network(wave="1", relation="reply")
    assert network.ids.tolist() == list("abce")
    assert network.answered.all()
    assert network.n_dyads() == 12


def test_windows_side_by_side_hold_each_reply_once():
    panel = reply_network(ACTIVITY, MEMBERS, days=2)
    assert panel.waves == (
        "1: 2024-01-01 to 2024-01-02",
        "1: 2024-01-03 to 2024-01-04",
        "1: 2024-01-05 to 2024-01-06",
    )
    assert [one.n_ties for one in panel] == [1, 1, 1]
    unplaced = panel.outside_ties[panel.outside_ties["wave"] == "1"]
    assert unplaced["reason"].tolist() == ["without a time, or in no wave"]
    assert unplaced["sender_id"].tolist() == ["c"]
    # Seven replies: three in networks, one to oneself, d's, one to nobody known, one without time.
    assert sum(strengths(panel).values()) == 3


def test_moving_windows_share_replies():
    panel = reply_network(ACTIVITY, MEMBERS, days=3, step_days=1)
    # Six days: four windows, the third from the 3rd to the 5th.
    assert len(panel.waves) == 4
    assert panel.waves[2] == "1: 2024-01-03 to 2024-01-05"
    assert [one.n_ties for one in panel] == [1, 1, 2, 1]
    assert reply_network(ACTIVITY, MEMBERS, days=60).waves == ("1: 2024-01-01 to 2024-02-29",)


def test_a_window_ends_at_midnight():
    late = ACTIVITY.assign(occurred_at="2024-01-02 23:59:59.9")
    late.loc[0, "occurred_at"] = "2024-01-01 00:00"
    late.loc[2, "occurred_at"] = "2024-01-03 00:00"
    panel = reply_network(late, MEMBERS, days=2)
    assert strengths(panel)[panel.waves[0], "b", "a"] == 1
    assert strengths(panel)[panel.waves[1], "b", "a"] == 1


def test_waves_by_their_dates_both_ends_included():
    day = datetime.date
    waves = [
        Wave("1", "One", day(2024, 1, 1), day(2024, 1, 3)),
        Wave("2", "Two", day(2024, 1, 4), day(2024, 1, 5)),
    ]
    panel = reply_network(ACTIVITY, TWO, waves=waves)
    assert strengths(panel) == {("1", "b", "a"): 2, ("2", "c", "b"): 1}
    none = panel.outside_ties[panel.outside_ties["wave"] == ""]
    assert none["receiver_id"].tolist() == ["not known", "a"]
    windows = reply_network(ACTIVITY, TWO, waves=waves, days=2).waves
    assert windows[-1] == "2: 2024-01-04 to 2024-01-05"
    assert len(windows) == 3


def test_a_post_that_answers_two_people_is_a_reply_to_each():
    activity = pd.DataFrame(
        {
            "activity_id": ["p1", "p1", "p2"],
            "person_id": ["a", "a", "c"],
            "reply_to_person_id": ["b", "c", "a"],
            "wave": ["2", "2", "1"],
        }
    )
    panel = reply_network(activity, TWO)
    assert strengths(panel) == {("2", "a", "b"): 1, ("2", "a", "c"): 1, ("1", "c", "a"): 1}
    # Without `waves` they come as the posts do; with it as given.
    assert panel.waves == ("2", "1")
    assert reply_network(activity, TWO, waves=["1", "2"]).waves == ("1", "2")


def test_a_wave_that_was_not_asked_for_is_apart():
    activity = ACTIVITY.assign(wave="1")
    activity.loc[4:, "wave"] = "2"
    panel = reply_network(activity, TWO, waves=["1"])
    assert panel.waves == ("1",)
    assert len(panel.outside_ties) == 4


def test_without_replies_networks_are_empty():
    posts = ACTIVITY.iloc[:1]
    panel = reply_network(posts, MEMBERS)
    assert [one.n_ties for one in panel] == [0]
    assert panel.networks[0].n == 4
    assert reply_network(ACTIVITY.iloc[:0], TWO).waves == ("1", "2")
    assert len(reply_network(posts, MEMBERS, days=7).waves) == 1


def test_a_window_without_a_reply_has_a_network():
    panel = reply_network(ACTIVITY.iloc[[0, 1, 4]], MEMBERS, days=1)
    assert [one.n_ties for one in panel] == [1, 0, 0, 0, 1]


def test_the_order_of_rows_is_of_no_account():
    shuffled = ACTIVITY.sample(frac=1, random_state=1)
    assert strengths(reply_network(shuffled, MEMBERS)) == strengths(
        reply_network(ACTIVITY, MEMBERS)
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"activity_id": None}, "'activity_id'"),
        ({"activity_id": "p1"}, "two authors"),
        ({"occurred_at": "yesterday"}, "cannot be read"),
        ({"occurred_at": pd.Timestamp("2024-01-01", tz="UTC")}, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused(change, told):
    with pytest.raises(ArgumentError, match=told):
        reply_network(ACTIVITY.assign(**change), MEMBERS)


def test_a_post_that_stands_twice_is_refused():
    with pytest.raises(ArgumentError, match=r"stands twice(.|\n)*'p2'"):
        reply_network(pd.concat([ACTIVITY, ACTIVITY.iloc[[1]]]), MEMBERS)


def test_posts_of_no_known_wave_are_refused():
    with pytest.raises(ArgumentError, match="Nothing says which wave"):
        reply_network(ACTIVITY, TWO)
    with pytest.raises(ArgumentError, match="Nothing says which wave"):
        reply_network(ACTIVITY, TWO, waves=["1", "2"])


@pytest.mark.parametrize("widths", [(0, None), (2.5, None), (2, 3), (None, 1), (2, 0)])
def test_widths_are_whole_days_that_leave_none_out(widths):
    with pytest.raises(ArgumentError, match="days"):
        reply_network(ACTIVITY, MEMBERS, days=widths[0], step_days=widths[1])


def test_strengths_are_numbers():
    network = reply_network(ACTIVITY, MEMBERS).networks[0]
    assert network.strength.dtype == np.float64
