"""Practices of two learning groups: known truth, and nothing else of the study moved by them."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.simulate.cvln_naming import Naming
from cvln_eval.simulate.cvln_parameters import EFFECTS, PRACTICES
from cvln_eval.simulate.cvln_people import simulate_people
from cvln_eval.simulate.cvln_practices import (
    ASKED_IN,
    NOT_ASKED,
    add_practices,
    simulate_practices,
)
from cvln_eval.simulate.cvln_survey_layouts import headers_of
from cvln_eval.simulate.cvln_surveys import simulate_answers, simulate_who_answers
from cvln_eval.simulate.cvln_untidy_surveys import untidy_surveys

SEEDS = range(12)
# Three standard errors of a mean difference over twelve networks: about 13 people who know both
# groups, answers with a spread near 0.7, teams that differ by 0.2 on each item.
DIFFERENCE_TOLERANCE = 0.25
# Growth is a difference of two means over six items each.
GROWTH_TOLERANCE = 0.12


def simulated(seed):
    streams = np.random.default_rng(seed).spawn(3)
    people = simulate_people(streams[0])
    said = simulate_who_answers(people, what="share_survey", rng=streams[1])
    return people, said, simulate_practices(people, answered=said, rng=streams[2])


@pytest.fixture(scope="module")
def answers():
    return pd.concat([simulated(seed)[2].assign(seed=seed) for seed in SEEDS], ignore_index=True)


@pytest.fixture(scope="module")
def surveys():
    """Return the surveys of one network without and with the practices."""
    people, said, practices = simulated(5)
    streams = np.random.default_rng(6).spawn(4)
    naming = Naming.of(people, rng=streams[0])
    others = simulate_answers(people, answered=said, rng=streams[1])
    before, _ = untidy_surveys(naming, answers=others, rng=streams[2])
    full = pd.concat([others, practices], ignore_index=True)
    return before, add_practices(before, answers=full, rng=streams[3])


def test_the_groups_differ_by_the_true_amount(answers):
    given = EFFECTS["cpl"]["level_spring_2010"]
    means = answers[answers["wave"] == ASKED_IN[0]].groupby("item")["value"].mean()
    for practice in PRACTICES:
        true = given["grade_3"][practice] - given["grade_9"][practice]
        seen = means[f"cpl_g3_{practice}"] - means[f"cpl_g9_{practice}"]
        assert seen == pytest.approx(true, abs=DIFFERENCE_TOLERANCE), practice


@pytest.mark.parametrize("group", ["grade_3", "grade_9"])
def test_each_group_grows_by_the_true_amount(answers, group):
    rows = answers[answers["item"].str.startswith(f"cpl_{group.replace('rade_', '')}_")]
    means = rows.groupby("wave")["value"].mean()
    seen = means[ASKED_IN[1]] - means[ASKED_IN[0]]
    assert seen == pytest.approx(EFFECTS["cpl"]["change_per_year"][group], abs=GROWTH_TOLERANCE)


def test_a_person_knows_a_group_in_both_waves_or_in_none(answers):
    known = answers.assign(group=answers["item"].str[:6], known=answers["value"].notna())
    waves = known.groupby(["seed", "person_id", "group", "wave"])["known"].any()
    each = waves.groupby(["seed", "person_id", "group"]).agg(["sum", "size"])
    assert each["sum"].isin([0]).any()
    assert ((each["sum"] == 0) | (each["sum"] == each["size"])).all()


def test_principals_know_the_grade_3_and_vice_principals_the_grade_9_group():
    people, _, practices = simulated(3)
    role = practices["person_id"].map(people.people.set_index("person_id")["role"])
    known = practices["value"].notna().groupby([role, practices["item"].str[:6]]).mean()
    # Two in a hundred answers are left out by chance.
    assert known["principal", "cpl_g3"] > 0.9 > known["principal", "cpl_g9"]
    assert known["vice_principal", "cpl_g9"] > 0.9 > known["vice_principal", "cpl_g3"]


def test_cells_and_defects_of_the_other_items_stay_as_they_were(surveys):
    before, after = surveys
    assert list(before) == list(after)
    for wave, draft in before.items():
        new = after[wave]
        pd.testing.assert_frame_equal(new.cells[list(draft.cells.columns)], draft.cells)
        kept = new.planted[~new.planted["column"].isin(headers_of(wave, practices=True).values())]
        pd.testing.assert_frame_equal(kept, draft.planted)


def test_the_practices_stand_after_the_last_item(surveys):
    for wave in ASKED_IN:
        columns = list(surveys[1][wave].cells.columns)
        last = list(headers_of(wave, practices=False).values())[-1]
        start = columns.index(last) + 1
        assert columns[start : start + 12] == list(headers_of(wave, practices=True).values())


def test_a_row_that_was_sent_twice_says_the_same_about_practices(surveys):
    for wave in ASKED_IN:
        headers = list(headers_of(wave, practices=True).values())
        cells = surveys[1][wave].cells[headers]
        copies = [label for label in cells.index if str(label).endswith(("/again", "/before"))]
        assert copies
        for label in copies:
            assert cells.loc[label].tolist() == cells.loc[label.partition("/")[0]].tolist()


def test_an_unknown_group_is_written_as_not_asked_in_all_six_cells(surveys):
    for wave in ASKED_IN:
        headers = list(headers_of(wave, practices=True).values())
        cells = surveys[1][wave].cells[headers] == NOT_ASKED
        assert cells.to_numpy().any()
        for group in (headers[:6], headers[6:]):
            assert set(cells[group].sum(axis=1)) <= {0, 6}


def test_answers_are_points_of_the_scale_and_reach_both_ends(answers):
    assert set(answers["value"].dropna()) == {1.0, 2.0, 3.0, 4.0, 5.0}
