"""Coaching dose, returning leaders, applications."""

import math
from datetime import date

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.participation import applications_by_cohort, coaching_dose, returning_leaders
from cvln_eval.study.definition import Wave

WAVES = (
    Wave("y1", "Year 1", date(2008, 9, 1), date(2009, 6, 30)),
    Wave("y2", "Year 2", date(2009, 7, 1), date(2010, 6, 30)),
)
ROSTER = pd.DataFrame(
    [("a", "y1", "A"), ("b", "y1", "B"), ("a", "y2", "A"), ("c", "y2", "C")],
    columns=["person_id", "wave", "team_id"],
)
VISITS = pd.DataFrame(
    {
        "visit_id": ["v1", "v2", "v3", "v4", "v5", "v6"],
        "team_id": ["A", "A", "A", "C", "B", "A"],
        "held_on": pd.to_datetime(
            ["2008-09-01", "2009-06-30 17:00", "2009-07-01", "2010-01-01", "2010-02-01", None],
            format="ISO8601",
        ),
        "minutes": [60.0, None, 90.0, None, 30.0, 45.0],
    }
)


def dose():
    return coaching_dose(VISITS, ROSTER, waves=WAVES)


def test_minutes_are_added_by_team_and_wave_by_hand():
    found = dose().tidy().set_index(["team_id", "wave"])
    # A in y1: 60 and one not known; A in y2: 90
    assert found.loc[("A", "y1"), "coaching_minutes"] == 60
    assert found.loc[("A", "y1"), "n_visits"] == 2
    assert found.loc[("A", "y1"), "n_minutes_missing"] == 1
    assert found.loc[("A", "y2"), "coaching_hours"] == 1.5


def test_a_team_on_the_roster_without_a_visit_has_dose_0():
    found = dose().tidy().set_index(["team_id", "wave"]).loc[("B", "y1")]
    assert found["coaching_minutes"] == 0
    assert math.isnan(found["minutes_median"])
    assert found["reason"] == "no visit, so no median"


def test_a_team_on_no_roster_has_no_row_unless_visited():
    found = dose().tidy().set_index(["team_id", "wave"])
    assert ("C", "y1") not in found.index
    assert not found.loc[("B", "y2"), "on_roster"]


def test_visits_without_any_minutes_are_nan_and_not_0():
    found = dose().tidy().set_index(["team_id", "wave"]).loc[("C", "y2")]
    assert math.isnan(found["coaching_minutes"])
    assert found["reason"] == "no visit has a length"


def test_a_visit_without_a_day_is_counted_and_said():
    glance = dose().glance()
    assert glance["n_not_dated"].item() == 1
    assert glance["n_visits"].item() == 5
    assert "1 visit could not be dated" in dose().sentence()
    assert "at least 3.0 hours; the length of 2 visits is not known" in dose().sentence()


def test_row_order_does_not_matter():
    other = coaching_dose(VISITS.iloc[::-1], ROSTER.iloc[::-1], waves=WAVES)
    pd.testing.assert_frame_equal(other.tidy(), dose().tidy())


def test_no_visits_are_0_for_every_team_on_a_roster():
    nothing = coaching_dose(VISITS.iloc[:0], ROSTER, waves=WAVES)
    assert nothing.tidy()["coaching_minutes"].tolist() == [0, 0, 0, 0]
    assert math.isnan(nothing.glance()["coaching_hours"].item())


def test_waves_without_a_period_are_refused():
    with pytest.raises(ArgumentError, match="no period"):
        coaching_dose(VISITS, ROSTER, waves=[Wave("y1", "Year 1")])


COHORTS = pd.DataFrame(
    [
        ("a", "4", "A"), ("b", "4", "A"), ("c", "4", "B"), ("d", "4", "C"),
        ("a", "5", "A"), ("c", "5", "B"), ("e", "5", "D"),
        ("b", "6", "A"), ("e", "6", "D"), ("f", "6", "D"),
    ],
    columns=["person_id", "wave", "team_id"],
)  # fmt: skip


def test_returning_leaders_and_teams_by_hand():
    found = returning_leaders(COHORTS, cohorts=["4", "5", "6"]).tidy()
    found = found.set_index(["unit", "cohort"])[["n_before", "n_returning", "n_back", "n_new", "n"]]
    assert found.loc[("leader", "5")].tolist() == [4, 2, 0, 1, 3]
    assert found.loc[("leader", "6")].tolist() == [3, 1, 1, 1, 3]
    assert found.loc[("team", "5")].tolist() == [3, 2, 0, 1, 3]
    assert found.loc[("team", "6")].tolist() == [3, 2, 0, 0, 2]


def test_returning_back_and_new_add_up_to_the_cohort():
    found = returning_leaders(COHORTS, cohorts=["4", "5", "6"]).tidy()
    assert (found["n_returning"] + found["n_back"] + found["n_new"] == found["n"]).all()


def test_a_cohort_can_span_waves():
    both = returning_leaders(COHORTS, cohorts={"early": ["4", "5"], "late": ["6"]}).tidy()
    # early a b c d e; late b e f
    assert both.loc[0, ["n_before", "n_returning", "n_new"]].tolist() == [5, 2, 1]


def test_one_cohort_has_no_return():
    alone = returning_leaders(COHORTS, cohorts=["4"])
    assert alone.tidy().empty
    assert alone.glance()["reason"].item() == "fewer than two cohorts"


def test_nobody_before_gives_nan_with_a_reason():
    found = returning_leaders(COHORTS.iloc[:0], cohorts=["4", "5"])
    assert found.tidy()["share_returning"].isna().all()
    assert "the cohort before was empty" in found.sentence()


def test_an_unknown_cohort_is_refused():
    with pytest.raises(ArgumentError, match="'9'"):
        returning_leaders(COHORTS, cohorts=["4", "9"])


APPLIED = pd.DataFrame(
    {
        "application_id": list("123456"),
        "cohort": ["4", "4", "4", "5", "5", "5"],
        "kind": ["individual", "division", "division", "joint", "division", "division"],
        "accepted": pd.array([True, True, False, True, True, None], dtype="boolean"),
    }
)


def test_applications_by_cohort_and_kind_by_hand():
    found = applications_by_cohort(APPLIED).tidy().set_index(["cohort", "kind"])
    assert found.loc[("4", "division"), ["n", "n_accepted"]].tolist() == [2, 1]
    assert found.loc[("4", "joint"), "n"] == 0
    assert math.isnan(found.loc[("4", "joint"), "share_accepted"])
    assert found.loc[("5", "division"), "n_not_decided"] == 1
    assert found.loc[("5", "division"), "share_accepted"] == 1


def test_no_application_is_said():
    assert "no application" in applications_by_cohort(APPLIED.iloc[:0]).sentence()
