"""Flows between rosters, by hand and by law."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.participation import roster_flow, team_makeup

WAVES = ("y1", "y2", "y3")


def roster(rows):
    return pd.DataFrame(rows, columns=["person_id", "wave", "team_id"])


# Team A: a, b | a, c | a, b, c    Team B: d | d, b | d
HAND = roster(
    [
        ("a", "y1", "A"), ("b", "y1", "A"), ("d", "y1", "B"),
        ("a", "y2", "A"), ("c", "y2", "A"), ("d", "y2", "B"), ("b", "y2", "B"),
        ("a", "y3", "A"), ("b", "y3", "A"), ("c", "y3", "A"), ("d", "y3", "B"),
    ]
)  # fmt: skip
PEOPLE = pd.DataFrame(
    {"person_id": list("abcd"), "level": ["site", "site", "central_office", None]}
)


def row(frame, **wanted):
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_team_of_two_that_swaps_one_member_by_hand():
    found = row(roster_flow(HAND, waves=WAVES).tidy(), group="A", wave="y2")
    # before a, b; now a, c: a stays, c joins, b leaves; c has no baseline
    assert found["n_before"] == 2
    assert found["n_stayers"] == 1
    assert found["n_joiners"] == 1
    assert found["n_leavers"] == 1
    assert found["n"] == 2
    assert found["n_without_baseline"] == 1
    assert found["share_stayed"] == 0.5


def test_who_moves_between_teams_stays_in_the_network():
    found = row(roster_flow(HAND, waves=WAVES).tidy(), by="all", wave="y2")
    # before a, b, d; now a, b, c, d
    assert (found["n_stayers"], found["n_joiners"], found["n_leavers"]) == (3, 1, 0)


def test_who_comes_back_to_a_team_is_a_returner():
    flows = roster_flow(HAND, waves=WAVES).tidy()
    assert row(flows, group="A", wave="y3")["n_returners"] == 1
    assert row(flows, by="all", wave="y3")["n_returners"] == 0


def test_growth_is_counted_by_level_and_a_missing_level_is_kept():
    growth = roster_flow(HAND, waves=WAVES, people=PEOPLE).growth
    # first a, b, d; last a, b, c, d: the one more is c, of the central office
    assert row(growth, group="central_office")["share_of_growth"] == 1.0
    assert row(growth, group="site")["n_growth"] == 0
    assert row(growth, by="level", group="not known")["n_last"] == 1


def test_leaders_without_a_baseline_are_those_absent_from_the_first_roster():
    leaders = roster_flow(HAND, waves=WAVES).leaders.set_index("person_id")
    assert leaders["has_baseline"].to_dict() == {"a": True, "b": True, "c": False, "d": True}
    assert not leaders["returned"].any()


def test_a_leader_absent_in_between_has_returned():
    gap = roster([("a", "y1", "A"), ("b", "y1", "A"), ("b", "y2", "A"), ("a", "y3", "A")])
    leaders = roster_flow(gap, waves=WAVES).leaders.set_index("person_id")
    assert leaders["returned"].to_dict() == {"a": True, "b": False}
    assert leaders.loc["a", ["first_wave", "last_wave"]].tolist() == ["y1", "y3"]


def test_the_sentence_names_first_and_last_size():
    assert "3 leaders (y1) to 4 (y3)" in roster_flow(HAND, waves=WAVES).sentence()


rosters = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(WAVES), st.sampled_from("AB")),
    unique_by=lambda member: member[:2],
).filter(lambda rows: {member[1] for member in rows} == set(WAVES))


@settings(max_examples=40, deadline=None)
@given(rosters)
def test_size_is_size_before_plus_joiners_minus_leavers(rows):
    flows = roster_flow(roster(rows), waves=WAVES).tidy()
    for found in flows.itertuples():
        at = [r for r in rows if found.by == "all" or r[2] == found.group]
        before = {r[0] for r in at if r[1] == found.from_wave}
        now = {r[0] for r in at if r[1] == found.wave}
        assert found.n_before == len(before)
        assert found.n == len(now)
        assert found.n_joiners == len(now - before)
        assert found.n_leavers == len(before - now)
        assert found.n == found.n_before + found.n_joiners - found.n_leavers


@settings(max_examples=20, deadline=None)
@given(rosters, st.randoms())
def test_relabelling_people_and_reordering_rows_changes_nothing(rows, random):
    other = [(f"id {person}", wave, team) for person, wave, team in rows]
    random.shuffle(other)
    expected = roster_flow(roster(rows), waves=WAVES).tidy()
    pd.testing.assert_frame_equal(roster_flow(roster(other), waves=WAVES).tidy(), expected)


def test_one_wave_has_no_flow_and_says_so():
    alone = roster_flow(HAND, waves=["y1"])
    assert alone.tidy().empty
    assert alone.glance()["reason"].item() == "no two rosters to compare"
    assert "not available" in alone.sentence()


def test_an_empty_roster_gives_an_empty_result():
    nothing = roster_flow(HAND.iloc[:0], waves=WAVES)
    assert nothing.tidy().empty
    assert nothing.glance()["n"].item() == 0


def test_the_share_that_stayed_of_nobody_is_nan_with_a_reason():
    late = roster([("a", "y1", "A"), ("a", "y2", "A"), ("b", "y2", "B")])
    found = row(roster_flow(late, waves=("y1", "y2")).tidy(), group="B")
    assert pd.isna(found["share_stayed"])
    assert pd.isna(found["conf_low"])
    assert found["reason"] == "nobody was on the roster before"


def test_a_wave_without_a_roster_is_refused():
    with pytest.raises(ArgumentError, match="'y9'"):
        roster_flow(HAND, waves=("y1", "y9"))


def test_a_person_twice_on_a_roster_is_refused():
    with pytest.raises(ArgumentError, match="'a'"):
        roster_flow(pd.concat([HAND, HAND.iloc[[0]]]), waves=WAVES)


def test_a_wave_given_twice_is_refused():
    with pytest.raises(ArgumentError, match="each once"):
        roster_flow(HAND, waves=("y1", "y1"))


def test_an_unknown_group_is_refused():
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        roster_flow(HAND, waves=WAVES, by=["shoe_size"])


def test_the_make_up_of_a_team_by_hand():
    makeup = team_makeup(HAND, waves=WAVES, people=PEOPLE)
    found = row(makeup.tidy(), wave="y2", team_id="A", group="central_office")
    # a is of a site, c of the central office
    assert (found["n"], found["n_team"], found["share"]) == (1, 2, 0.5)


def test_groups_add_up_to_the_team_and_teams_to_the_network():
    makeup = team_makeup(HAND, waves=WAVES, people=PEOPLE).tidy()
    assert (makeup.groupby(["wave", "team_id"])["n"].sum() == makeup.groupby(
        ["wave", "team_id"])["n_team"].first()).all()  # fmt: skip
    teams = makeup[makeup["team_id"] != "all"].groupby(["wave", "group"])["n"].sum()
    whole = makeup[makeup["team_id"] == "all"].groupby(["wave", "group"])["n"].sum()
    pd.testing.assert_series_equal(teams, whole)


def test_a_team_absent_in_a_wave_has_size_0_and_no_shares():
    late = roster([("a", "y1", "A"), ("a", "y2", "A"), ("b", "y2", "B")])
    found = row(team_makeup(late, waves=("y1", "y2"), by=["team_id"]).tidy(),
                wave="y1", team_id="B", group="B")  # fmt: skip
    assert found["n_team"] == 0
    assert pd.isna(found["share"])


def test_the_make_up_of_nobody_says_so():
    nothing = team_makeup(HAND.iloc[:0], waves=WAVES, by=["team_id"])
    assert nothing.tidy().empty
    assert "not available: the roster is empty" in nothing.sentence()
