"""What cannot be had is nan with the reason; what cannot be meant is an error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from waves_cases import wave_of

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.panel import network_panel, panel_of, symmetrised
from cvln_eval.networks.waves import (
    closure,
    density_growth,
    early_cohesion,
    reciprocation,
    stability,
    tie_change,
    turnover,
    within_before_between,
)

COUNTED = (tie_change, stability, turnover, reciprocation, closure)
TESTED = (density_growth, early_cohesion, within_before_between)
GROUPED = (tie_change, closure, *TESTED)


def two(first, second, **more):
    return panel_of([wave_of("1", first, **more), wave_of("2", second, **more)])


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_a_relation_asked_once_says_so(measured):
    rows = measured(wave_of("1", np.ones((3, 3)))).tidy()
    late = rows[rows["reason"] != ""]
    number = "value" if measured in COUNTED else "estimate"
    assert len(late)
    assert late[number].isna().all()
    assert (late["wave"] == "1").all()
    assert (rows["from_wave"] == "").all()
    assert (
        late["reason"]
        .isin(
            [
                "the relation was asked in one wave only",
                "the order of new ties needs three waves",
                "no pair between groups is known",
            ]
        )
        .all()
    )


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_a_relation_asked_once_says_nothing_of_waves(measured):
    sentence = measured(wave_of("1", np.ones((3, 3)))).sentence()
    assert sentence == "No relation was asked in two waves."


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_no_networks_give_no_rows(measured):
    ties = pd.DataFrame(columns=["wave", "relation", "sender_id", "receiver_id"])
    members = pd.DataFrame({"wave": ["1"], "person_id": ["a"], "team_id": ["x"]})
    result = measured(network_panel(ties, members))
    assert len(result.tidy()) == 0
    assert result.glance()["reason"].item() == "there are no networks"
    assert result.sentence() == "No relation was asked in two waves."


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_nobody_and_one_person(measured, n):
    number = "value" if measured in COUNTED else "estimate"
    rows = measured(two(np.zeros((n, n)), np.zeros((n, n)))).tidy()
    assert rows[number].isna().all()
    assert (rows["reason"] != "").all()


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_nobody_stayed(measured):
    number = "value" if measured in COUNTED else "estimate"
    first = wave_of("1", np.ones((2, 2)), ids=["a", "b"])
    second = wave_of("2", np.ones((2, 2)), ids=["c", "d"])
    rows = measured(panel_of([first, second])).tidy()
    if measured is turnover:
        lost = rows[rows["measure"].isin(["lost with a leaver", "gained with a joiner"])]
        assert lost["numerator"].tolist() == [2, 2]
    else:
        rows = rows[rows["from_wave"] != ""]
        assert rows[number].isna().all()
        assert (rows["reason"] != "").all()


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_one_person_answered(measured):
    answered = [True, False, False, False]
    panel = two(np.ones((4, 4)), np.ones((4, 4)), answered=answered, teams=list("xxyy"))
    rows = measured(panel).tidy()
    number = "value" if measured in COUNTED else "estimate"
    assert ((rows["reason"] != "") >= rows[number].isna()).all()
    if measured is tie_change:
        kept = rows[(rows["measure"] == "kept") & (rows["pairs"] == "all")]
        assert kept[["numerator", "denominator"]].to_numpy().tolist() == [[3, 3]]


def test_empty_and_full_networks_have_nothing_to_divide_by():
    empty = two(np.zeros((3, 3)), np.zeros((3, 3)))
    rows = tie_change(empty, by=None).tidy().set_index("measure")
    assert rows.loc["formed", "value"] == 0
    assert rows.loc["kept", "reason"] == "no such pair was tied in the earlier wave"
    full = two(np.ones((3, 3)), np.ones((3, 3)))
    rows = tie_change(full, by=None).tidy().set_index("measure")
    assert rows.loc["formed", "reason"] == "no such pair was without a tie in the earlier wave"
    assert rows.loc["kept", "value"] == 1
    assert stability(empty).tidy()["reason"].tolist()[0].endswith("was tied in either")
    assert turnover(empty).tidy()["reason"].tolist()[0] == "there is no tie in 1"
    assert "there is no tie" not in turnover(full).glance()["reason"].item()


def test_ties_without_direction_are_not_answered():
    panel = two(np.ones((3, 3)), np.ones((3, 3))).symmetrised(rule="either")
    rows = reciprocation(panel).tidy()
    assert set(rows["reason"]) == {"ties of this network have no direction"}
    assert rows["value"].isna().all()
    assert "have no direction" in reciprocation(panel).sentence()


def test_one_team_and_teams_of_one_have_no_test():
    stay, grow = np.zeros((4, 4)), np.eye(4)[[1, 2, 3, 0]]
    for teams, kind in (("xxxx", "between"), ("wxyz", "within")):
        rows = density_growth(two(stay, grow, teams=list(teams)), n_draws=9).tidy()
        assert rows["reason"].iloc[-1] == f"no pair {kind} groups is known in every wave"
        assert rows["p_value"].isna().all()
        assert rows["n_draws"].max() == 0


def test_where_no_other_grouping_is_possible_there_is_no_p():
    # Only a and b answered, both of x; c and d, both of y, did not: nobody can be exchanged.
    answered = [True, True, False, False]
    stay, grow = np.zeros((4, 4)), np.ones((4, 4))
    panel = two(stay, grow, teams=list("xxyy"), answered=answered)
    row = density_growth(panel, n_draws=9).tidy().iloc[-1]
    assert row["estimate"] == 0
    assert np.isnan(row["p_value"])
    assert row["reason"] == "no other grouping of people who answered alike is possible"
    assert "(difference 0.000, no test: no other grouping" in density_growth(panel).sentence()
    waves = [stay, np.eye(4)[[1, 0, 3, 2]], grow]
    later = panel_of(
        [wave_of(str(k), one, teams=list("xxyy"), answered=answered) for k, one in enumerate(waves)]
    )
    row = within_before_between(later, n_draws=9).tidy().iloc[-1]
    assert (row["estimate"], row["n_draws"]) == (1, 0)
    assert row["reason"].startswith("no other grouping")


@pytest.mark.parametrize("measured", GROUPED)
def test_a_group_that_is_no_attribute_is_refused(measured):
    with pytest.raises(ArgumentError, match=r"no such attribute(.|\n)*'colour'"):
        measured(two(np.ones((3, 3)), np.ones((3, 3))), by="colour")


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_waves_of_other_kinds_are_refused(measured):
    one, other = wave_of("1", np.ones((3, 3))), wave_of("2", np.ones((3, 3)))
    with pytest.raises(ArgumentError, match=r"not of one kind(.|\n)*advice in 2: undirected"):
        measured(panel_of([one, symmetrised(other, rule="both")]))
    with pytest.raises(ArgumentError, match=r"not of one kind(.|\n)*threshold 1"):
        measured(panel_of([one, other.binary(1)]))


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_what_is_no_panel_is_refused(measured):
    with pytest.raises(ArgumentError, match="type DataFrame"):
        measured(pd.DataFrame())


@pytest.mark.parametrize("measured", [density_growth, within_before_between])
def test_no_draws_are_refused(measured):
    waves = [np.zeros((4, 4)), np.eye(4)[[1, 0, 3, 2]], np.ones((4, 4))]
    panel = panel_of([wave_of(str(k), one, teams=list("xxyy")) for k, one in enumerate(waves)])
    with pytest.raises(ArgumentError, match=r"1 or more(.|\n)*0"):
        measured(panel, n_draws=0)
