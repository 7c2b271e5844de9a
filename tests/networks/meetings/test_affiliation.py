"""Each attendance at a held session is in the network, or apart and counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import affiliation, co_attendance, expected_co_attendance


def test_arrays_by_hand(met):
    crossing = met.crossing("1")
    assert crossing.people["person_id"].tolist() == list("abcd")
    assert crossing.sessions["session_id"].tolist() == ["s1", "s2"]
    assert crossing.came.astype(int).tolist() == [[1, 1], [1, 1], [1, 0], [0, 0]]
    assert crossing.could.all()
    assert "team_id" in crossing.people
    assert "attended" not in crossing.people


def test_every_attendance_is_counted_once(met, tables):
    # 8 attendances: 6 of people expected, g's, and a's at a session in no wave with a roster.
    assert int(met.cells["attended"].sum()) == 6
    assert met.off_roster["person_id"].tolist() == ["g", "a"]
    assert met.not_counted == ("s5",)
    row = met.glance().iloc[0]
    assert row["n_attended"] + row["n_off_roster"] == len(tables["attendance"])
    assert (row["n_sessions"], row["n_sessions_not_counted"], row["n_waves"]) == (3, 1, 2)


def test_a_row_a_wave_kind_and_mode(met):
    rows = met.tidy().set_index(["wave", "kind"])
    assert met.tidy().columns[:2].tolist() == ["wave", "relation"]
    # Four people could have come to s2; a and b did, and g, who is not on the roster.
    assert rows.loc[("1", "web"), ["n", "n_attended", "n_off_roster"]].tolist() == [4, 2, 1]
    assert rows.loc[("2", "day"), ["n_persons", "n_attended"]].tolist() == [5, 1]
    assert rows.loc[("1", "web"), "mode"] == "virtual"


def test_a_choice_of_sessions(met):
    web = met.only(kinds=["web"])
    assert web.cells["session_id"].unique().tolist() == ["s2"]
    assert web.off_roster["person_id"].tolist() == ["g"]
    assert met.only(waves=["2"]).waves == ("2",)
    assert met.only(modes="face_to_face").cells["session_id"].nunique() == 2
    with pytest.raises(ArgumentError, match="'hybrid'"):
        met.only(modes=["hybrid"])
    with pytest.raises(ArgumentError, match="'3'"):
        met.crossing("3")


def test_who_was_not_invited_could_not_have_come(tables):
    audience = pd.DataFrame({"session_id": ["s2"], "team_id": ["x"]})
    crossing = affiliation(**tables, audience=audience).crossing("1")
    assert crossing.could.astype(int).tolist() == [[1, 1], [1, 1], [1, 0], [1, 0]]


def test_a_mode_that_is_missing_is_not_known(tables):
    known = affiliation(**{**tables, "sessions": tables["sessions"].drop(columns="mode")})
    assert known.tidy()["mode"].unique().tolist() == ["not known"]


def test_without_held_sessions_all_is_empty_with_a_reason(tables):
    none = tables["sessions"].assign(status="cancelled")
    empty = affiliation(tables["attendance"], none, tables["memberships"])
    assert empty.tidy().empty
    assert empty.glance()["reason"].item() == "no held session has a roster"
    assert "no held session has a roster" in empty.sentence()
    pairs = co_attendance(empty)
    assert pairs.tidy().empty
    assert "not available" in pairs.sentence()
    expected = expected_co_attendance(empty, n_draws=5)
    assert expected.tidy().empty
    assert "not available" in expected.sentence()
    with pytest.raises(ArgumentError, match="A panel needs networks"):
        pairs.panel()


def test_an_attendance_at_no_session_is_refused(tables):
    strange = pd.DataFrame({"session_id": ["s0"], "person_id": ["a"]})
    with pytest.raises(ArgumentError, match="'s0'"):
        affiliation(strange, tables["sessions"], tables["memberships"])


def test_the_order_of_rows_is_of_no_account(met, tables):
    shuffled = {name: table.sample(frac=1, random_state=3) for name, table in tables.items()}
    again = affiliation(**shuffled)
    for wave in met.waves:
        np.testing.assert_array_equal(again.crossing(wave).came, met.crossing(wave).came)
    pd.testing.assert_frame_equal(again.tidy(), met.tidy())


def test_words(met):
    assert met.sentence() == (
        "5 people came 6 times to 3 sessions held in 2 waves; kept apart: 2 attendances of people "
        "who were not expected and 1 session in no wave with a roster."
    )
