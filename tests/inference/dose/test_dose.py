"""Doses between and within teams, and doses of the wave before."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.inference.dose import dose_response, lagged
from cvln_eval.inference.robust import cluster_robust

QUICK = {"n_draws": 49, "n_simulated": 50}
# The same regression written another way: rounding alone.
SAME = 1e-8


@pytest.fixture
def people():
    rng = np.random.default_rng(8)
    table = pd.DataFrame({"team_id": np.repeat(list("abcde"), [7, 7, 8, 8, 11])})
    table["hours"] = rng.gamma(3, 4, 41) + table["team_id"].map(
        dict(zip("abcde", range(5), strict=True))
    )
    table["tenure"] = rng.gamma(2, 3, 41)
    table["change"] = 0.1 * table["hours"] + rng.normal(size=41)
    return table


def slopes(found):
    return found.tidy().set_index("term")["estimate"]


def test_three_teams_by_hand():
    # Team means of hours 1, 2, 6 and of change 1, 3, 8. Between, weighted by two rows each:
    # sum of products about (3, 4): (-2)(-3) + (-1)(-1) + 3*4 = 19 over 4 + 1 + 9 = 14.
    # Within: deviations of hours -1 1, -2 2, 0 0; of change 0 0, -1 1, -2 2: 4 / 10.
    table = pd.DataFrame(
        {
            "team_id": list("aabbcc"),
            "hours": [0, 2, 0, 4, 6, 6],
            "change": [1, 1, 2, 4, 6, 10],
        }
    )
    found = slopes(dose_response(table, outcome="change", dose="hours", **QUICK))
    assert found["dose_between"] == pytest.approx(19 / 14)
    assert found["dose_within"] == pytest.approx(0.4)
    assert found["context"] == pytest.approx(19 / 14 - 0.4)


def test_within_is_the_slope_with_an_effect_of_each_team(people):
    found = dose_response(people, outcome="change", dose="hours", controls=["tenure"], **QUICK)
    theirs = cluster_robust(people.assign(
        tenure=people["tenure"]), formula="change ~ hours + tenure", absorb="team_id"
    ).tidy().set_index("term")  # fmt: skip
    plain = dose_response(people, outcome="change", dose="hours", **QUICK)
    alone = cluster_robust(people, formula="change ~ hours", absorb="team_id").tidy()
    row = plain.tidy().set_index("term").loc["dose_within"]
    assert row["estimate"] == pytest.approx(alone["estimate"].item(), rel=SAME)
    # With a control that is not split, the two regressions differ.
    assert slopes(found)["dose_within"] != pytest.approx(theirs.loc["hours", "estimate"], rel=SAME)


def test_context_is_the_coefficient_of_the_team_mean_beside_the_dose_itself(people):
    # Mundlak's form: y ~ d + mean(d) has b_W and b_B - b_W.
    mean = people.groupby("team_id")["hours"].transform("mean")
    theirs = cluster_robust(people.assign(mean=mean), formula="change ~ hours + mean").tidy()
    ours = dose_response(people, outcome="change", dose="hours", **QUICK).tidy().set_index("term")
    for column in ("estimate", "std_error", "df", "p_value"):
        assert ours.loc["context", column] == pytest.approx(theirs[column].iloc[2], rel=SAME)


def test_a_shift_of_one_teams_dose_leaves_the_slope_within(people):
    shifted = people.assign(hours=people["hours"] + 10 * (people["team_id"] == "b"))
    one = dose_response(people, outcome="change", dose="hours", **QUICK)
    other = dose_response(shifted, outcome="change", dose="hours", **QUICK)
    assert slopes(one)["dose_within"] == pytest.approx(slopes(other)["dose_within"])
    assert slopes(one)["dose_between"] != pytest.approx(slopes(other)["dose_between"])


def test_a_dose_of_teams_has_no_slope_within(people):
    people["visits"] = people["team_id"].map(dict(zip("abcde", [8, 12, 9, 15, 11], strict=True)))
    found = dose_response(people, outcome="change", dose="visits", **QUICK)
    rows = found.tidy().set_index("term")
    assert rows.loc[["dose_within", "context"], "estimate"].isna().all()
    assert (
        rows.loc[["dose_within", "context"], "reason"] == "within teams everyone has the same dose"
    ).all()
    assert list(found.panels) == ["dose_between"]
    assert "within teams not available (within teams everyone" in found.sentence()
    assert found.glance()["verdict_within"].item() == "not available"
    with pytest.raises(ArgumentError, match="dose_within"):
        found.panel("dose_within")


def test_a_dose_alike_everywhere_has_no_slope(people):
    found = dose_response(people.assign(hours=3.0), outcome="change", dose="hours", **QUICK)
    assert found.tidy()["estimate"].isna().all()
    assert found.panels == {}
    assert "not available" in found.sentence()


def test_the_panel_speaks_of_the_same_slope(people):
    found = dose_response(people, outcome="change", dose="hours", **QUICK)
    rows = found.panel("dose_between").tidy()
    cr2 = rows[rows["method"].str.startswith("CR2")].iloc[0]
    row = found.tidy().set_index("term").loc["dose_between"]
    assert cr2["estimate"] == pytest.approx(row["estimate"])
    assert cr2["p_value"] == pytest.approx(row["p_value"])


def test_the_panel_names_the_outcome_as_the_table_does(people):
    panel = dose_response(people, outcome="change", dose="hours", **QUICK).panel("dose_within")
    assert panel.outcome == "change"


def test_missing_values_are_left_out_before_means_are_taken(people):
    gone = people.copy()
    gone.loc[3, "change"] = np.nan
    found = dose_response(gone, outcome="change", dose="hours", **QUICK)
    assert (found.n, found.n_left_out) == (40, 1)
    without = dose_response(people.drop(index=3), outcome="change", dose="hours", **QUICK)
    pd.testing.assert_frame_equal(found.tidy(), without.tidy())


def test_points_are_the_complete_rows_in_an_order_that_tells_nobody(people):
    people.loc[3, "change"] = np.nan
    shuffled = people.sample(frac=1, random_state=1)
    one, other = (
        dose_response(table, outcome="change", dose="hours", controls="tenure", **QUICK)
        for table in (people, shuffled)
    )
    pd.testing.assert_frame_equal(one.points, other.points)
    expected = people.dropna()[["team_id", "hours", "change"]].sort_values(["team_id", "hours"])
    np.testing.assert_array_equal(one.points.to_numpy(), expected.to_numpy())
    assert one.controls == ("tenure",)


def test_the_same_seed_gives_the_same_answers(people):
    one = dose_response(people, outcome="change", dose="hours", rng=3, **QUICK)
    other = dose_response(people, outcome="change", dose="hours", rng=3, **QUICK)
    for part in one.panels:
        pd.testing.assert_frame_equal(one.panel(part).tidy(), other.panel(part).tidy())


def test_columns_are_in_the_glossary(people):
    found = dose_response(people, outcome="change", dose="hours", **QUICK)
    columns = {*found.tidy().columns, *found.glance().columns, *found.points.columns}
    assert columns - set(glossary()["column"]) == set()


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        ({}, {"dose": "minutes"}, "minutes"),
        ({"hours": "many"}, {"dose": "hours"}, "many"),
        ({"team_id": None}, {"dose": "hours"}, "which team"),
    ],
)
def test_wrong_input_is_refused(people, change, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        dose_response(people.assign(**change), outcome="change", **arguments)


def test_a_gap_between_waves_is_not_bridged():
    table = pd.DataFrame(
        {"team_id": ["a", "a", "b", "b"], "wave": ["f", "s2", "s1", "s2"], "visits": [1, 3, 5, 6]},
        index=[9, 9, 4, 1],
    )
    found = lagged(table, column="visits", waves=["f", "s1", "s2"])
    assert found.isna().tolist() == [True, True, True, False]
    assert found.iloc[3] == 5
    assert found.name == "visits_lag_1"
    two = lagged(table, column="visits", waves=["f", "s1", "s2"], lag=2)
    assert two.iloc[1] == 1
    pd.testing.assert_index_equal(found.index, table.index)


@pytest.mark.parametrize(
    ("table", "arguments", "words"),
    [
        ({"team_id": ["a", "a"], "wave": [1, 1]}, {}, "one row for each"),
        ({"team_id": ["a", "a"], "wave": [1, 3]}, {}, "3"),
        ({"team_id": ["a", None], "wave": [1, 2]}, {}, "row of a wave"),
        ({"team_id": ["a", "a"], "wave": [1, 2]}, {"lag": 0}, "1 or more"),
    ],
)
def test_doses_that_have_no_wave_before_them_are_refused(table, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        lagged(pd.DataFrame(table).assign(visits=2), column="visits", waves=[1, 2], **arguments)


def test_the_sentence_speaks_of_slopes_in_words_and_can_be_pasted(people):
    found = dose_response(people, outcome="change", dose="hours", conf_level=0.975, **QUICK)
    said = found.sentence()
    for mark in ("dose_between", "dose_within", "Q(", "98%"):
        assert mark not in said
    assert "between teams 0.1" in said
    assert "97.5% CI [" in said
    assert "t(" in said
    assert " Between teams: " in said
    assert " Within teams: " in said
    assert len(said) < 1600
    whole = found.panel("dose_within").sentence()
    assert "estimate of the slope of change on hours within teams is" in whole


@pytest.mark.parametrize("outcome", [0.0, 3.0])
def test_an_outcome_alike_everywhere_has_no_test(people, outcome):
    found = dose_response(people.assign(change=outcome), outcome="change", dose="hours", **QUICK)
    assert found.tidy()["p_value"].isna().all()
    assert "Within teams: nothing can be concluded: the regression fits" in found.sentence()


def test_doses_and_outcomes_may_be_nullable_and_have_any_name(people):
    people["hours"] = people["hours"].round()
    plain = dose_response(people, outcome="change", dose="hours", **QUICK)
    named = people.astype({"hours": "Int64"}).rename(
        columns={"change": "my change", "hours": "h'rs"}
    )
    found = dose_response(named, outcome="my change", dose="h'rs", controls=["tenure"], **QUICK)
    assert "slopes of my change on h'rs: between teams" in found.sentence()
    nullable = dose_response(
        people.astype({"hours": "Int64"}), outcome="change", dose="hours", **QUICK
    )
    assert slopes(nullable).to_numpy() == pytest.approx(slopes(plain).to_numpy())


def test_columns_with_the_names_of_the_parts_are_refused(people):
    with pytest.raises(ArgumentError, match="dose_within"):
        dose_response(
            people.assign(dose_within=1.0), outcome="change", dose="hours", controls=["dose_within"]
        )


def test_a_control_that_is_the_outcome_or_has_quotes_is_named(people):
    found = dose_response(
        people.rename(columns={"tenure": "tenure's"}), outcome="change", dose="hours",
        controls=["tenure's"], **QUICK,
    )  # fmt: skip
    plain = dose_response(people, outcome="change", dose="hours", controls=["tenure"], **QUICK)
    assert slopes(found).to_numpy() == pytest.approx(slopes(plain).to_numpy())


def test_a_control_by_itself_needs_no_list_and_counts_once(people):
    one = dose_response(people, outcome="change", dose="hours", controls="tenure", **QUICK)
    two = dose_response(people, outcome="change", dose="hours", controls=["tenure"] * 2, **QUICK)
    pd.testing.assert_frame_equal(one.tidy(), two.tidy())


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "hours", "dose": "hours"},
        {"outcome": "change", "dose": "hours", "controls": ["hours"]},
        {"outcome": "hours", "dose": "change", "controls": "hours"},
    ],
)
def test_a_column_with_two_roles_is_refused(people, given):
    with pytest.raises(ArgumentError, match=r"different columns(?s:.)*'hours'"):
        dose_response(people, **given, **QUICK)


def test_waves_that_are_there_twice_and_lags_that_do_not_count_are_refused():
    table = pd.DataFrame({"team_id": ["a", "a"], "wave": [1, 2], "visits": [4, 6]})
    with pytest.raises(ArgumentError, match=r"twice(?s:.)*Seen: 1"):
        lagged(table, column="visits", waves=[1, 2, 1])
    with pytest.raises(ArgumentError, match="True"):
        lagged(table, column="visits", waves=[1, 2], lag=True)
    assert lagged(table, column="visits", waves=[1, 2], lag=np.int64(1)).iloc[1] == 4


def test_numbers_among_objects_are_doses_and_texts_are_refused(people):
    plain = dose_response(people, outcome="change", dose="hours", **QUICK)
    objects = people.astype({"hours": object, "change": object})
    found = dose_response(objects, outcome="change", dose="hours", **QUICK)
    pd.testing.assert_frame_equal(found.tidy(), plain.tidy())
    with pytest.raises(ArgumentError, match=r"Values of hours(?s:.)*'many'"):
        dose_response(people.assign(hours="many"), outcome="change", dose="hours")
