"""Redrawn attendance keeps what it says it keeps, and p values are those of the redraws."""

from __future__ import annotations

from itertools import product

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from meetings_tables import one_wave
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import affiliation, expected, expected_co_attendance
from cvln_eval.networks.meetings.chance import p_unless_fixed
from cvln_eval.networks.meetings.expected import _meetings
from cvln_eval.networks.meetings.trading import redrawn

CAME = np.array([[1, 1, 0, 1], [1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1]], dtype=bool)
COULD = np.ones_like(CAME)
COULD[0, 2] = COULD[3, 0] = False
MIXED = one_wave({"s1": "ab", "s2": "cd", "s3": "acef"}, dict(zip("abcdef", "xxyyzz", strict=True)))


def all_tables(came, could):
    """Every table with these margins and nobody where they could not be."""
    free = np.argwhere(could)
    found = []
    for cells in product((False, True), repeat=len(free)):
        table = np.zeros_like(came)
        table[tuple(free.T)] = cells
        if (table.sum(0) == came.sum(0)).all() and (table.sum(1) == came.sum(1)).all():
            found.append(table.tobytes())
    return found


@given(
    arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.booleans()),
    st.integers(0, 99),
)
@settings(deadline=None, max_examples=40)
def test_margins_and_forbidden_cells_stay(came, seed):
    stream = np.random.default_rng(seed)
    could = came | (stream.random(came.shape) < 0.6)
    tables = redrawn(came, could, stream, 7)
    assert (tables.sum(axis=2) == came.sum(axis=1)).all()
    assert (tables.sum(axis=1) == came.sum(axis=0)).all()
    assert not tables[:, ~could].any()


@pytest.mark.parametrize("could", [np.ones_like(CAME[:4, :3]), COULD[:4, :3]])
def test_every_table_is_drawn_alike(could):
    came = CAME[:4, :3] & could
    possible = all_tables(came, could)
    drawn = redrawn(came, could, np.random.default_rng(4), 4000)
    seen = pd.Series([table.tobytes() for table in drawn]).value_counts()
    assert set(seen.index) == set(possible)
    assert stats.chisquare(seen).pvalue > 0.001


def test_meetings_by_hand():
    # x is the first two, y the others. s1: 2 x and 1 y; s2: 1 and 1; s3: 0 and 2; s4: 1 and 2.
    member = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], dtype=float)
    # Within x: 1 pair at s1. Between: 2 + 1 + 0 + 2. Within y: 1 at s3, 1 at s4.
    assert _meetings(CAME[None], member).tolist() == [[1, 5, 2]]


def test_expected_is_the_mean_over_all_tables():
    # Two sessions of two: of the 6 tables 4 have two mixed sessions, 2 have none.
    found = expected_co_attendance(
        one_wave({"s1": "ab", "s2": "cd"}, dict(zip("abcd", "xxyy", strict=True))), n_draws=4000
    )
    rows = found.tidy().set_index(["group", "other_group"])
    assert rows["observed"].tolist() == [0, 1, 0, 1]
    # A draw is 0 or 2, so the mean of 4,000 has a standard error of 0.015.
    assert rows.loc[("x", "y"), "expected"] == pytest.approx(4 / 3, abs=0.06)
    assert rows.loc[("x", "x"), "expected"] == pytest.approx(1 / 3, abs=0.03)
    # Nothing mixed: one third of the tables, and farther from the mean than the others.
    assert rows.loc[("x", "y"), "p_value"] == pytest.approx(1 / 3, abs=0.03)
    assert rows.loc[("x", "y"), "ratio"] == 0
    assert rows.loc[("all", "all others"), "p_value"] == rows.loc[("x", "y"), "p_value"]


def test_p_values_are_counted_and_never_nought():
    draws = np.array([0.0, 1.0, 2.0, 2.0, 5.0])
    # With the observed 5 the mean is 2.5; as far as 5 lie both fives and 0.
    found = p_unless_fixed(5.0, draws)
    assert found.p_value == 3 / 6
    assert found.smallest_p == 1 / 6
    low, high = stats.binomtest(2, 5).proportion_ci(0.95, "exact")
    assert (found.p_low, found.p_high) == pytest.approx((low, high))
    far = p_unless_fixed(100.0, draws)
    assert far.p_value == 1 / 6
    assert far.p_low == 0
    # All there are: the observed is one of them. The mean is 2; only 5 lies 3 away.
    assert p_unless_fixed(5.0, draws, enumerated=True).p_value == 1 / 5
    # Equal up to rounding is as extreme.
    assert p_unless_fixed(0.3, np.array([0.1 + 0.2, 0.0, 0.0, 0.0, 0.0])).p_value == 2 / 6
    assert np.isnan(p_unless_fixed(2.0, np.array([2.0, 2.0])).p_value)


def test_p_holds_its_level_when_attendance_is_by_chance():
    came, could = np.tile(CAME[:4], (2, 1)), np.ones((8, 4), dtype=bool)
    member = np.repeat(np.eye(2), 4, axis=0)
    stream = np.random.default_rng(8)
    found = []
    for table in redrawn(came, could, stream, 300):
        hub = redrawn(table, could, stream, 1)[0]
        draws = _meetings(redrawn(hub, could, stream, 19), member)[:, 1]
        found.append(p_unless_fixed(_meetings(table[None], member)[0, 1], draws).p_value)
    # A fifth of 300 tests at most: 60, standard error 6.9.
    assert np.sum(np.array(found) <= 0.2) < 60 + 3 * 6.9


def test_draws_start_from_a_table_as_far_from_the_observed_one(monkeypatch):
    starts, original = [], expected.redrawn

    def noted(came, could, stream, size):
        tables = original(came, could, stream, size)
        starts.append((came, tables))
        return tables

    monkeypatch.setattr(expected, "redrawn", noted)
    expected_co_attendance(MIXED, n_draws=20)
    (observed, hub), (start, _) = starts
    np.testing.assert_array_equal(observed, MIXED.crossing("1").came)
    np.testing.assert_array_equal(start, hub[0])


def test_a_taste_for_ones_own_is_found():
    teams = {f"{team}{k}": team for team in "xy" for k in range(8)}
    rng = np.random.default_rng(2)
    came = {
        f"s{k}": [
            p for p, team in teams.items() if rng.random() < (0.8 if team == "xy"[k % 2] else 0.2)
        ]
        for k in range(12)
    }
    row = expected_co_attendance(one_wave(came, teams), n_draws=199).tidy().iloc[0]
    assert row["ratio"] < 0.9
    assert row["p_value"] == row["smallest_p"] == 1 / 200


def test_where_nothing_can_be_exchanged_there_is_no_p(met):
    # In wave 2 only d came: there was no meeting, whoever had come.
    rows = (
        expected_co_attendance(met, n_draws=19).tidy().set_index(["wave", "group", "other_group"])
    )
    row = rows.loc[("2", "x", "y")]
    assert np.isnan(row["p_value"])
    assert np.isnan(row["ratio"])
    assert row["reason"] == "with these numbers attendance can be shared out in one way only"


def test_groups_that_were_never_invited_together_could_not_meet(tables):
    audience = pd.DataFrame({"session_id": ["s1", "s2"], "team_id": ["x", "y"]})
    found = expected_co_attendance(affiliation(**tables, audience=audience), n_draws=19).tidy()
    row = found.set_index(["wave", "group", "other_group"]).loc[("1", "x", "y")]
    assert row["reason"] == "no two people of these groups could have come to one session"
    assert np.isnan(row["ratio"])
    assert row["n_sessions"] == 2


def test_people_without_a_group_are_counted(tables):
    members = tables["memberships"].assign(team_id=["x", None, *"yyxxyyy"])
    found = expected_co_attendance(affiliation(**{**tables, "memberships": members}), n_draws=19)
    assert found.glance()["n_left_out"].item() == 1
    # b's meeting with a is of no group's people.
    assert found.tidy().set_index(["wave", "group"]).loc[("1", "x"), "observed"].iloc[0] == 0


def test_adjustment_is_within_the_wave_and_leaves_the_whole_out():
    found = expected_co_attendance(MIXED)
    rows = found.tidy()
    assert np.isnan(rows["p_adjusted"].iloc[0])
    tested = rows[rows["p_value"].notna()].iloc[1:]
    least = tested["p_value"].min()
    assert tested["p_adjusted"].min() == pytest.approx(min(1, least * len(tested)))
    assert found.glance()["n_tests"].item() == len(tested)


def test_the_same_seed_gives_the_same_numbers_however_many_workers():
    serial = expected_co_attendance(MIXED, n_draws=600, rng=5).tidy()
    with joblib.parallel_config("loky", n_jobs=2):
        again = expected_co_attendance(MIXED, n_draws=600, rng=5).tidy()
    pd.testing.assert_frame_equal(again, serial)
    other = expected_co_attendance(MIXED, n_draws=600, rng=6).tidy()
    assert not other["expected"].equals(serial["expected"])


def test_a_group_that_is_no_column_is_refused(met):
    with pytest.raises(ArgumentError, match="'district'"):
        expected_co_attendance(met, by="district")
    with pytest.raises(ArgumentError, match="0"):
        expected_co_attendance(met, n_draws=0)


def test_words():
    found = expected_co_attendance(MIXED, n_draws=199)
    row = found.tidy().iloc[0]
    assert f": 1 {row['ratio']:.2f}, p = " in found.sentence()
    assert "Of 6 pairs of groups tested, 0 differed at .05" in found.sentence()
    assert "not have shown" not in found.sentence()
    # Six pairs of groups: even the least p of 99 draws, 1/100, is .06 after Holm's adjustment.
    few = expected_co_attendance(MIXED, n_draws=99)
    assert few.sentence().endswith(", which so few draws could not have shown.")
