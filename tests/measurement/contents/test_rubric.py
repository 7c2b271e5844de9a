"""Rubric, vision checklist and communication plan: what raters say, and where they differ."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.communication import communication_plan
from cvln_eval.measurement.contents.rubric import rubric_levels
from cvln_eval.measurement.contents.vision import vision_checklist

COLUMNS = ["wave", "team_id", "criterion", "rater_id", "score"]


def rated(*given):
    return pd.DataFrame(given, columns=COLUMNS)


# Rater y is one point more severe in both waves; roles are not rated by y at the end.
TWO_WAVES = rated(
    ("one", "T", "vision", "x", 2),
    ("one", "T", "vision", "y", 1),
    ("one", "T", "roles", "x", 1),
    ("one", "T", "roles", "y", 1),
    ("two", "T", "vision", "x", 4),
    ("two", "T", "vision", "y", 3),
    ("two", "T", "roles", "x", 3),
    ("two", "T", "roles", "y", None),
    ("two", "T", "else", "x", 9),
)
CRITERIA = ["vision", "roles"]


def test_levels_are_means_over_raters_with_their_spread():
    table = rubric_levels(TWO_WAVES, criteria=CRITERIA).tidy().set_index(["wave", "criterion"])
    assert table.loc[("one", "vision"), ["mean", "spread", "n_raters"]].tolist() == [1.5, 1.0, 2]
    row = table.loc[("two", "roles")]
    assert (row["mean"], row["n_raters"], row["n_missing"]) == (3.0, 1, 1)
    assert np.isnan(row["spread"])
    assert row["reason"] == "one rater has no spread"
    assert list(table.index) == [(w, c) for w in ("one", "two") for c in CRITERIA]


def test_change_is_last_minus_first_and_each_rater_has_their_own():
    table = rubric_levels(TWO_WAVES, criteria=CRITERIA).changes().set_index("criterion")
    # vision 1.5 to 3.5; roles 1 to 3, of which only x saw both; all: the mean of the two changes.
    assert table["change"].tolist() == [2.0, 2.0, 2.0]
    assert table["n_raters"].tolist() == [2, 1, 2]
    assert table.loc["vision", ["change_lowest", "change_highest"]].tolist() == [2.0, 2.0]


def test_waves_go_in_the_order_given():
    found = rubric_levels(TWO_WAVES, criteria=CRITERIA, waves=["two", "one"])
    assert found.changes()["change"].tolist() == [-2.0] * 3
    assert found.glance()["n_grew"].item() == 0


def test_a_team_rated_once_has_no_change_but_a_level():
    rows = pd.concat([TWO_WAVES, rated(("two", "U", "vision", "x", 4))])
    found = rubric_levels(rows, criteria=CRITERIA)
    table = found.changes().set_index(["team_id", "criterion"])
    assert np.isnan(table.loc[("U", "vision"), "change"])
    assert table.loc[("U", "vision"), "reason"] == "not rated in both waves"
    assert "1 of 1 team grew" in found.sentence()
    one = rubric_levels(rows[rows["wave"] == "two"], criteria=CRITERIA)
    assert (one.changes()["reason"] == "one wave only").all()
    assert "not available" in one.sentence()


def test_all_criteria_are_those_rated_in_both_waves():
    rows = TWO_WAVES[~((TWO_WAVES["wave"] == "one") & (TWO_WAVES["criterion"] == "roles"))]
    table = rubric_levels(rows, criteria=CRITERIA).changes().set_index("criterion")
    columns = ["estimate_before", "estimate", "change"]
    assert table.loc["all criteria", columns].tolist() == [1.5, 3.5, 2.0]


def test_severity_shifts_levels_and_no_change():
    rng = np.random.default_rng(1)
    grid = pd.MultiIndex.from_product([("a", "b"), list("TUV"), CRITERIA, ("x", "y")])
    rows = grid.to_frame(index=False).set_axis(COLUMNS[:4], axis=1)
    rows["score"] = rng.integers(1, 4, len(rows)).astype(float)
    severe = rows.assign(score=rows["score"] + (rows["rater_id"] == "y"))
    one, other = (rubric_levels(r, criteria=CRITERIA) for r in (rows, severe))
    np.testing.assert_allclose(one.changes()["change"], other.changes()["change"])
    np.testing.assert_allclose(one.tidy()["mean"] + 0.5, other.tidy()["mean"])


def test_the_matrix_has_teams_in_rows():
    square = rubric_levels(TWO_WAVES, criteria=CRITERIA).matrix("one")
    assert list(square.columns) == CRITERIA
    assert square.loc["T"].tolist() == [1.5, 1.0]


VISION = rated(
    ("one", "T", "clear", "x", 3),
    ("one", "T", "clear", "y", 2),
    ("one", "T", "short", "x", 4),
    ("one", "T", "short", "y", 3),
    ("one", "U", "clear", "x", 1),
    ("one", "U", "short", "x", None),
    ("one", "U", "short", "y", None),
)


def test_a_criterion_is_met_when_every_rater_says_so():
    found = vision_checklist(VISION, criteria=["clear", "short"])
    table = found.tidy().set_index("team_id")
    columns = ["n_criteria", "n_met", "n_met_any", "n_in_dispute", "n_raters", "n_missing"]
    assert table.loc["T", columns].tolist() == [2, 1, 2, 1, 2, 0]
    assert table.loc["U", columns].tolist() == [1, 0, 0, 0, 1, 2]
    assert table["reason"].tolist() == ["", "not every criterion was rated"]
    raters = found.raters().set_index(["team_id", "rater_id"])
    assert raters.loc[("T", "x"), "n_met"] == 2
    assert raters.loc[("U", "y"), ["n_criteria", "n_missing"]].tolist() == [0, 1]
    assert "raters differed on 1 of 3 judgements" in found.sentence()


@pytest.mark.parametrize(("met_at", "n_met"), [(2, 2), (3, 1), (3.5, 0)])
def test_the_cut_is_the_one_stated(met_at, n_met):
    found = vision_checklist(VISION, criteria=["clear", "short"], met_at=met_at)
    assert found.tidy().set_index("team_id").loc["T", "n_met"] == n_met
    assert found.glance()["met_at"].item() == met_at


def plan(*counts, wave="one", team="T"):
    rows = []
    for place, (times, ways) in enumerate(counts):
        rows.append((wave, team, "communication_times", f"r{place}", times))
        rows.append((wave, team, "communication_ways", f"r{place}", ways))
    return rated(*rows)


@pytest.mark.parametrize(
    ("counts", "meets", "reason"),
    [
        ([(3, 3), (4, 5)], "yes", ""),
        ([(3, 3), (2, 5)], "raters disagree", ""),
        ([(3, 2), (2, 5)], "no", ""),
        ([(3, 3)], "yes", "one rater only"),
        ([(None, 2), (3, 3)], "raters disagree", ""),
        ([(None, 4), (3, 3)], "yes", "one rater only"),
        ([(None, 4)], "not known", "no rater gave both counts"),
    ],
)
def test_a_plan_meets_the_mark_by_every_raters_count(counts, meets, reason):
    row = communication_plan(plan(*counts)).tidy().iloc[0]
    assert (row["meets"], row["reason"]) == (meets, reason)


def test_a_mean_over_raters_would_hide_that_they_differ():
    row = communication_plan(plan((2, 3), (4, 3))).tidy().iloc[0]
    assert (row["times_mean"], row["times_min"], row["times_max"]) == (3.0, 2.0, 4.0)
    assert row["meets"] == "raters disagree"


def test_the_mark_is_the_one_asked_for_and_waves_keep_their_order():
    rows = pd.concat([plan((5, 2)), plan((1, 1), wave="two")])
    found = communication_plan(rows, at_least=(5, 2), waves=["two", "one"])
    assert found.tidy()["wave"].tolist() == ["two", "one"]
    assert found.tidy()["meets"].tolist() == ["no", "yes"]
    assert found.glance()["n_met"].item() == 1
    assert found.sentence().startswith("A plan told at least 5 times in at least 2 ways")


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (TWO_WAVES, {"criteria": ["vision", "mood"]}, "'mood'"),
        (TWO_WAVES, {"criteria": []}, "none"),
        (TWO_WAVES, {"criteria": CRITERIA, "waves": ["three"]}, "'three'"),
        (TWO_WAVES.drop(columns="rater_id"), {"criteria": CRITERIA}, "'rater_id'"),
        (pd.concat([TWO_WAVES, TWO_WAVES.iloc[:1]]), {"criteria": CRITERIA}, "one T vision x"),
        (TWO_WAVES.assign(score="good"), {"criteria": CRITERIA}, "good"),
        (TWO_WAVES.assign(rater_id=None), {"criteria": CRITERIA}, "rater_id"),
    ],
)
def test_what_is_wrong_is_named(rows, options, message):
    for function in (rubric_levels, vision_checklist):
        with pytest.raises(ArgumentError, match=message):
            function(rows, **options)


def test_a_plan_without_counts_is_named():
    with pytest.raises(ArgumentError, match="'communication_times'"):
        communication_plan(TWO_WAVES)
