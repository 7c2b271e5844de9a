"""Sessions held, and who came to them."""

import math

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.participation import attendance_share, sessions_held, wilson_interval

SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3", "s4"],
        "kind": ["institute", "institute", "coaching", "coaching"],
        "mode": ["face_to_face", "virtual", "virtual", None],
        "status": ["held", "held", "cancelled", "planned"],
        "wave": ["y1", "y1", None, None],
        "held_on": pd.to_datetime(["2009-03-02", "2009-01-05", None, None]),
        "hours": [6.0, 2.0, 3.0, None],
    }
)
ROSTER = pd.DataFrame(
    {
        "person_id": ["a", "b", "c"],
        "wave": "y1",
        "team_id": ["A", "A", "B"],
        "role": ["chief", "vice", "vice"],
    }
)
CAME = pd.DataFrame(
    {
        "session_id": ["s1", "s1", "s2", "s1"],
        "person_id": ["a", "b", "a", "coach"],
        "hours": [6.0, 3.0, None, 6.0],
    }
)


def test_wilson_interval_of_8_in_10_as_published():
    # z = 1.959964; middle (.8 + .19207) / 1.38415, half-width as in the formula of the docstring
    low, high = wilson_interval(8, 10)
    assert low == pytest.approx(0.4901625, abs=1e-6)
    assert high == pytest.approx(0.9433178, abs=1e-6)


def test_wilson_interval_is_symmetric_and_holds_the_share():
    for n in (1, 4, 25):
        for k in range(n + 1):
            low, high = wilson_interval(k, n)
            assert 0 <= low <= k / n <= high <= 1
            mirrored = wilson_interval(n - k, n)
            assert (1 - high, 1 - low) == pytest.approx(mirrored)


def test_wilson_interval_of_nothing_is_nan_and_bad_counts_are_refused():
    assert all(math.isnan(bound) for bound in wilson_interval(0, 0))
    with pytest.raises(ArgumentError, match="count 3, n 2"):
        wilson_interval(3, 2)
    with pytest.raises(ArgumentError, match=r"1\.5"):
        wilson_interval(1, 2, conf_level=1.5)


def test_sessions_held_by_hand():
    held = sessions_held(SESSIONS, by="mode").tidy().set_index("group")
    assert held.loc["all", ["n", "n_held", "n_cancelled", "n_planned"]].tolist() == [3, 2, 1, 1]
    assert held.loc["virtual", "share_held"] == 0.5
    assert held.loc["all", "share_held"] == pytest.approx(2 / 3)


def test_a_group_only_planned_has_no_share_yet():
    held = sessions_held(SESSIONS, by="mode").tidy().set_index("group")
    assert math.isnan(held.loc["not known", "share_held"])
    assert held.loc["not known", "reason"] == "no session whose fate is known"


def test_groups_add_up_to_all_sessions():
    held = sessions_held(SESSIONS, by=["kind", "mode"]).tidy()
    sums = held.groupby("by")[["n", "n_held", "n_planned"]].sum()
    assert (sums == sums.loc["all"]).all().all()


def test_no_session_is_said():
    nothing = sessions_held(SESSIONS.iloc[:0])
    assert nothing.glance()["n"].item() == 0
    assert "not available" in nothing.sentence()


def test_a_strange_status_is_refused():
    with pytest.raises(ArgumentError, match="'maybe'"):
        sessions_held(SESSIONS.assign(status="maybe"))


def test_attendance_by_hand():
    team = attendance_share(CAME, SESSIONS, ROSTER).tidy().set_index("team_id")
    # Team A: a at s1, s2; b at s1 alone: 3 of 4. Hours: 6 + 2 (of the session) + 3 of 16
    assert team.loc["A", ["n_persons", "n_sessions", "n", "n_attended"]].tolist() == [2, 2, 4, 3]
    assert team.loc["A", "attendance_share"] == 0.75
    assert team.loc["A", "hours_share"] == 11 / 16
    assert team.loc["B", "attendance_share"] == 0


def test_somebody_off_the_roster_is_counted_apart():
    glance = attendance_share(CAME, SESSIONS, ROSTER).glance()
    assert glance["n_off_roster"].item() == 1
    assert glance["n_attended"].item() == 3


def test_the_matrix_is_ordered_by_the_day_held():
    matrix = attendance_share(CAME, SESSIONS, ROSTER).matrix()
    assert matrix.columns.tolist() == ["s2", "s1"]
    assert matrix.loc["A"].tolist() == [0.5, 1.0]
    person = attendance_share(CAME, SESSIONS, ROSTER).matrix("person_id")
    assert person.loc["b"].tolist() == [0, 1]


def test_a_session_for_one_team_is_not_expected_of_another():
    audience = pd.DataFrame({"session_id": ["s2"], "team_id": ["A"]})
    result = attendance_share(CAME, SESSIONS, ROSTER, audience=audience)
    assert result.tidy().set_index("team_id")["n"].to_dict() == {"A": 4, "B": 1}
    assert pd.isna(result.matrix().loc["B", "s2"])


def test_a_held_session_in_no_wave_is_counted_apart():
    lost = SESSIONS.assign(wave=["y1", None, None, None])
    glance = attendance_share(CAME, lost, ROSTER).glance()
    assert glance["n_sessions_not_counted"].item() == 1
    assert glance["n_sessions"].item() == 1


def test_without_any_length_the_share_of_hours_is_nan_with_a_reason():
    short = SESSIONS.assign(hours=math.nan)
    found = attendance_share(CAME, short, ROSTER, by="team_id").tidy()
    assert found["hours_share"].isna().all()
    assert set(found["reason"]) == {"no session has a length"}
    assert found["n_hours_missing"].tolist() == [4, 2]


def test_relabelling_people_and_row_order_change_nothing():
    rename = {"a": "x", "b": "z", "c": "y", "coach": "w"}
    other = CAME.assign(person_id=CAME["person_id"].map(rename)).iloc[::-1]
    roster = ROSTER.assign(person_id=ROSTER["person_id"].map(rename)).iloc[::-1]
    pd.testing.assert_frame_equal(
        attendance_share(other, SESSIONS.iloc[::-1], roster).tidy(),
        attendance_share(CAME, SESSIONS, ROSTER).tidy(),
    )


def test_no_session_held_is_said_and_not_0():
    nothing = attendance_share(CAME.iloc[:0], SESSIONS.iloc[2:], ROSTER)
    assert nothing.tidy().empty
    assert math.isnan(nothing.glance()["attendance_share"].item())
    assert "not available: no held session has a roster" in nothing.sentence()


def test_attendance_at_an_unknown_session_is_refused():
    with pytest.raises(ArgumentError, match="'s1'"):
        attendance_share(CAME, SESSIONS.iloc[1:], ROSTER)


def test_the_same_attendance_twice_is_refused():
    with pytest.raises(ArgumentError, match="'s1 a'"):
        attendance_share(pd.concat([CAME, CAME.iloc[[0]]]), SESSIONS, ROSTER)


def test_cells_are_counted_by_any_column_that_is_there():
    shares = attendance_share(CAME, SESSIONS, ROSTER)
    for rows in ("wave", "kind", "role", "team_id", "person_id"):
        cells = shares.cells(rows)
        # Two sessions held, three leaders expected at each; a and b came to s1, a to s2.
        assert cells["n"].sum() == 6
        assert cells["n_attended"].sum() == 3
