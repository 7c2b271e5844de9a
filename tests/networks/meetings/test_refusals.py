"""What is no table, no id, no time; and replies that all leave the roster."""

from __future__ import annotations

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import (
    affiliation,
    co_attendance,
    expected_co_attendance,
    joint_sessions,
    participation_inequality,
    reach,
    reply_network,
    response_times,
)
from cvln_eval.networks.panel import network_panel

SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2"],
        "kind": "day",
        "wave": "1",
        "status": "held",
        "held_on": ["2024-01-05", "2024-02-05"],
    }
)
MEMBERS = pd.DataFrame({"person_id": list("abcd"), "wave": "1", "team_id": list("xxyy")})
CAME = pd.DataFrame({"session_id": ["s1", "s1", "s2"], "person_id": list("aba")})
POSTS = pd.DataFrame(
    {
        "activity_id": ["p1", "p2", "p3"],
        "person_id": list("aba"),
        "occurred_at": ["2024-01-01 08:00", "2024-01-01 11:00", "2024-01-02 08:00"],
        "action": ["post", "reply", "post"],
        "reply_to_id": [None, "p1", None],
    }
)
ONLINE = [reply_network, participation_inequality, response_times]


@pytest.mark.parametrize(
    ("tables", "match"),
    [
        ((7, SESSIONS, MEMBERS), "table of attendance is no table"),
        ((CAME, None, MEMBERS), "table of sessions is no table"),
        ((CAME, SESSIONS, [1]), "table of memberships is no table"),
        ((CAME.assign(person_id=["a", None, "a"]), SESSIONS, MEMBERS), "which attendance it is"),
        ((CAME, SESSIONS, MEMBERS.assign(person_id=[*"abc", None])), "which membership it is"),
        ((CAME.assign(person_id=list("aBa")), SESSIONS, MEMBERS), "'B', 'b'"),
    ],
)
def test_tables_of_sessions_that_cannot_be_read(tables, match):
    with pytest.raises(ArgumentError, match=match):
        affiliation(*tables)


@pytest.mark.parametrize("measure", [co_attendance, expected_co_attendance])
def test_what_is_no_affiliation(measure):
    with pytest.raises(ArgumentError, match="value of type DataFrame"):
        measure(CAME)


def test_joint_sessions_of_no_affiliation_or_no_draws():
    ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ["a"]})
    panel = network_panel(ties.assign(receiver_id="b"), MEMBERS)
    with pytest.raises(ArgumentError, match="value of type int"):
        joint_sessions(panel, affiliation=5)
    met = affiliation(CAME, SESSIONS, MEMBERS)
    with pytest.raises(ArgumentError, match="'many'"):
        joint_sessions(panel, affiliation=met, n_draws="many")
    with pytest.raises(ArgumentError, match="'many'"):
        expected_co_attendance(met, n_draws="many")
    with pytest.raises(ArgumentError, match="no such attribute"):
        expected_co_attendance(met, by=["team_id"])
    with pytest.raises(ArgumentError, match="waves= takes names"):
        met.only(waves=5)


def test_why_nothing_is_expected():
    without = affiliation(CAME.iloc[:0], SESSIONS.iloc[:0], MEMBERS)
    said = expected_co_attendance(without, n_draws=9).sentence()
    assert said == "Expected co-attendance is not available: no held session has a roster."
    nobody = affiliation(CAME, SESSIONS, MEMBERS.assign(team_id=None))
    said = expected_co_attendance(nobody, n_draws=9).sentence()
    assert said == "Expected co-attendance is not available: nobody has a team_id."


@pytest.mark.parametrize("measure", ONLINE)
@pytest.mark.parametrize(
    ("times", "seen"),
    [
        ("2024-01-01T08:00:00+02:00", r"zone UTC\+02:00"),
        (["2024-01-01T08:00+02:00", "2024-01-01T08:00+01:00", "2024-01-01"], "Mixed timezones"),
        (pd.Timestamp("2024-01-01", tz="UTC"), "zone UTC"),
        ([1.0, 2.0, None], "numbers such as 1.0, 2.0"),
    ],
)
def test_times_that_are_none_of_the_study(measure, times, seen):
    with pytest.raises(ArgumentError, match=seen):
        measure(POSTS.assign(occurred_at=times), MEMBERS)


@pytest.mark.parametrize("measure", ONLINE)
def test_ids_of_posts_that_are_missing_or_differ_by_case(measure):
    with pytest.raises(ArgumentError, match="'A', 'a'"):
        measure(POSTS.assign(person_id=list("Aba")), MEMBERS)
    with pytest.raises(ArgumentError, match="which membership it is"):
        measure(POSTS, MEMBERS.assign(person_id=[*"abc", None]))
    with pytest.raises(ArgumentError, match="waves= takes names"):
        measure(POSTS, MEMBERS, waves=5)


def test_replies_none_of_which_is_between_people_on_the_roster_are_kept_apart():
    outside = POSTS.assign(person_id=list("fbf"))
    panel = reply_network(outside, MEMBERS)
    assert panel.network(wave="1", relation="reply").n_ties == 0
    assert panel.outside_ties[["sender_id", "receiver_id", "strength"]].to_numpy().tolist() == [
        ["b", "f", 1.0]
    ]
    assert panel.tidy()["n_outside"].item() == 1
    unknown = reply_network(POSTS.assign(reply_to_id="elsewhere"), MEMBERS)
    assert set(unknown.outside_ties["reason"]) == {"whom the post answers is not known"}
    with pytest.raises(ArgumentError, match=r"Nobody who replied(?s:.*)'g'"):
        reply_network(POSTS.assign(person_id=list("fgf")), MEMBERS)


def test_windows_need_days_and_times():
    with pytest.raises(ArgumentError, match="True"):
        reply_network(POSTS, MEMBERS, days=True)
    with pytest.raises(ArgumentError, match="nothing to lay windows over"):
        reply_network(POSTS.assign(occurred_at=None), MEMBERS, days=1)


@pytest.mark.parametrize("strange", [5, None])
def test_facilitators_are_names(strange):
    panel = reply_network(POSTS, MEMBERS)
    with pytest.raises(ArgumentError, match="facilitators= takes names"):
        reach(panel, facilitators=strange)


def test_draws_of_inequality_are_counted_also_of_few_people():
    with pytest.raises(ArgumentError, match="'many'"):
        participation_inequality(POSTS, MEMBERS, n_draws="many")


def test_sentences_about_one_post_and_open_ends():
    one = response_times(POSTS.iloc[:1], MEMBERS).sentence()
    assert one.startswith("1: 0% of 1 post was answered by somebody else;")
    two = response_times(POSTS.iloc[:2], MEMBERS).sentence()
    assert two.endswith("after a median of 3.0 hours.")


def test_a_reach_of_which_some_is_not_told_is_a_least_one():
    ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ["a"]})
    asked = MEMBERS.assign(instrument="advice", responded=[True, True, True, False])
    panel = network_panel(ties.assign(receiver_id="b"), MEMBERS, asked)
    said = reach(panel, facilitators="a").sentence()
    assert said.endswith("linked to one by some path (at least, as some did not answer).")
