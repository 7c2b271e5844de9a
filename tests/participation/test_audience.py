"""Which teams a session was meant for, by hand."""

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.participation import attendance_share, session_audience

TEAMS = pd.DataFrame(
    {
        "team_id": ["A", "B", "C", "K"],
        "arm": ["network", "network", "network", "partner"],
        "region": ["north", "north", "south", None],
    }
)
SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3", "s4", "s5"],
        "kind": ["regional", "joint", "team_day", "convening", "regional"],
        "host_team_id": ["A", "A", "C", None, None],
        "partner_team_id": [None, "C", None, None, None],
    }
)


def audience(**meant_for):
    listed = session_audience(SESSIONS, TEAMS, meant_for=meant_for)
    return {s: sorted(g.dropna()) for s, g in listed.groupby("session_id")["team_id"]}


def test_a_regional_session_is_for_the_hosts_region_and_a_lost_host_for_nobody():
    assert audience(regional="region") == {"s1": ["A", "B"], "s5": []}


def test_a_joint_session_is_for_the_pair_and_a_team_day_for_its_host():
    assert audience(joint="pair", team_day="host") == {"s2": ["A", "C"], "s3": ["C"]}


def test_a_kind_can_be_for_an_arm():
    assert audience(convening="partner") == {"s4": ["K"]}


def test_kinds_left_out_are_for_all():
    roster = pd.DataFrame({"person_id": ["a", "k"], "wave": "y1", "team_id": ["A", "K"]})
    held = SESSIONS.assign(status="held", wave="y1", held_on=pd.Timestamp("2009-01-01"), hours=1.0)
    listed = session_audience(held, TEAMS, meant_for={"convening": "partner", "regional": "region"})
    came = pd.DataFrame({"session_id": ["s1"], "person_id": ["a"]})
    expected = attendance_share(came, held, roster, audience=listed).expected
    pairs = sorted(zip(expected["session_id"], expected["person_id"], strict=True))
    assert pairs == [
        ("s1", "a"), ("s2", "a"), ("s2", "k"), ("s3", "a"), ("s3", "k"), ("s4", "k"),
    ]  # fmt: skip


def test_no_rule_lists_nothing():
    assert session_audience(SESSIONS, TEAMS, meant_for={}).empty


def test_unknown_kinds_and_rules_are_refused():
    with pytest.raises(ArgumentError, match="'party'"):
        audience(party="host")
    with pytest.raises(ArgumentError, match="'everyone'"):
        audience(joint="everyone")
