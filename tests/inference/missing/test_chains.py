"""Chains: which variable is drawn from which, and whether chains agree."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.missing.chains import potential_scale, run_chains
from cvln_eval.inference.missing.layout import lay_out
from cvln_eval.inference.missing.plan import make_plan

NAMES = {"person": "person_id", "team": "team_id", "wave": "wave"}


def plan_of(table, families, random_teams=True):
    columns = [name for members in families.values() for name in members]
    layout = lay_out(table, columns=columns, predictors=[], **NAMES)
    given = {"families": families, "nearest": [], "random_teams": random_teams, "n_rounds": 2}
    return layout, make_plan(layout, **given)


def named(layout, target):
    """Return the predictors of a target as sets of (column, wave)."""
    variables = layout.variables
    return [{variables[i] for i in np.flatnonzero(weights)} for weights in target.sources.T]


@pytest.fixture(scope="module")
def two_families(waves):
    families = {"voice": ["voice"], "trust": ["trust_1", "trust_2"]}
    return plan_of(waves, families)


def test_an_item_is_drawn_from_its_scale_the_other_waves_and_the_other_scores(two_families):
    layout, plan = two_families
    place = layout.variables.index(("trust_2", "y2"))
    target = [t for t in plan.targets if t.variable == place][-1]
    assert named(layout, target) == [
        {("voice", "y2")},
        {("trust_1", "y2")},
        {("trust_1", "y1"), ("trust_2", "y1")},
        {("trust_1", "y3"), ("trust_2", "y3")},
    ]
    assert set(target.sources[target.sources > 0]) == {1.0, 0.5}


def test_a_silent_wave_is_drawn_first_column_first(two_families):
    layout, plan = two_families
    of_y2 = [t for t in plan.targets if t.variable % 3 == 1]
    silent = np.isnan(layout.values[:, [1, 4, 7]]).all(axis=1)
    first = of_y2[0]
    # voice and trust_1 are missing equally often, and trust_2 more often.
    assert layout.variables[first.variable] == ("voice", "y2")
    assert (first.rows == silent).all()
    assert all(at != "y2" for group in named(layout, first) for _, at in group)
    second = of_y2[1]
    same = [group for group in named(layout, second) if ("voice", "y2") in group]
    assert layout.variables[second.variable] == ("trust_1", "y2")
    assert same == [{("voice", "y2")}]


def test_whoever_has_a_later_column_of_the_wave_is_drawn_from_all_of_it():
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.standard_normal((20, 3)), columns=["a", "b", "c"])
    table = table.assign(person_id=range(20), team_id="T", wave="y1")
    table.loc[:1, "a"] = np.nan  # 0 lacks all three, 1 lacks a and b and has c
    table.loc[:2, "b"] = np.nan
    table.loc[[0, 2, 3, 4], "c"] = np.nan
    layout, plan = plan_of(table, {"a": ["a"], "b": ["b"], "c": ["c"]})
    found = [
        (layout.variables[t.variable][0], np.flatnonzero(t.rows).tolist(), t.sources.shape[1])
        for t in plan.targets
    ]
    assert found == [
        ("a", [0], 0),
        ("a", [1], 2),
        ("b", [0, 2], 1),
        ("b", [1], 2),
        ("c", [0, 2, 3, 4], 2),
    ]


def test_a_wave_off_the_roster_has_the_team_of_the_nearest_one():
    table = pd.DataFrame(
        {
            "person_id": [*"aabccdddd"],
            "wave": ["y1", "y3", "y2", "y1", "y2", "y1", "y2", "y3", "y4"],
            "team_id": [*"TUVTUTTTU"],
            "x": 1.0,
        }
    )
    layout = lay_out(table, columns=["x"], predictors=[], **NAMES)
    # Waves in order of appearance: y1, y3, y2, y4; teams T, U, V as 0, 1, 2.
    assert layout.waves == ("y1", "y3", "y2", "y4")
    assert layout.team.tolist() == [[0, 1, 1, 1], [2, 2, 2, 2], [0, 0, 1, 1], [0, 0, 0, 1]]
    assert np.isnan(layout.values[1]).tolist() == [True, True, False, True]


def test_every_missing_value_is_drawn_once_a_round(two_families):
    layout, plan = two_families
    drawn = np.zeros(layout.values.shape, dtype=int)
    for target in plan.targets:
        drawn[target.rows, target.variable] += 1
    assert (drawn == np.isnan(layout.values)).all()


def test_only_what_was_asked_is_wanted(two_families):
    layout, plan = two_families
    assert (plan.wanted == (np.isnan(layout.values) & layout.on_roster())).all()
    assert (plan.wanted[:, 0] == 0).all()  # voice in y1: only joiners have none


def test_fixed_teams_are_coded_to_add_up_to_nought(waves):
    _, plan = plan_of(waves, {"voice": ["voice"]}, random_teams=False)
    target = plan.targets[0]
    codes = pd.DataFrame(target.fixed).drop_duplicates()
    assert codes.shape == (5, 4)
    assert codes.sum().tolist() == [0, 0, 0, 0]
    assert target.teams is None


def test_traces_hold_the_moments_after_each_round(waves):
    _, plan = plan_of(waves, {"voice": ["voice"]})
    cells, traces = run_chains(plan, 3, 1)
    assert traces.shape == (3, 2, 2, 2)
    place = np.nonzero(plan.wanted)[1]
    for i, variable in enumerate(plan.drawn):
        mine = cells[:, place == variable]
        assert traces[:, -1, i, 0] == pytest.approx(mine.mean(axis=1))
        assert traces[:, -1, i, 1] == pytest.approx(mine.std(axis=1, ddof=1))


def test_r_hat_by_hand():
    # Second halves 1, 3 and 3, 5: means 2 and 4, between 2; within 2 and 2; (1/2 + 2/2)^.5.
    traces = np.array([[9.0, 9, 1, 3], [0, 0, 3, 5]])[:, :, None]
    assert potential_scale(traces) == pytest.approx([1.5**0.5])


def test_r_hat_of_what_never_changes_or_is_too_short():
    assert potential_scale(np.ones((3, 6, 2))).tolist() == [1, 1]
    assert np.isnan(potential_scale(np.ones((3, 2, 1)))).all()
    apart = np.repeat([[1.0], [2.0]], 6, axis=1)[:, :, None]
    assert np.isinf(potential_scale(apart)).all()
