"""The true tables have the published structure of the network, and the invented effects."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.simulate.cvln_networks import simulate_ties
from cvln_eval.simulate.cvln_outcomes import simulate_outcomes, simulate_teams
from cvln_eval.simulate.cvln_parameters import EFFECTS, PARTNER, TEAMS, WAVES
from cvln_eval.simulate.cvln_people import simulate_people
from cvln_eval.simulate.cvln_surveys import (
    cvln_items,
    dose_above_mean,
    simulate_answers,
    simulate_who_answers,
)

SEEDS = range(4)
# Answers are rounded to points and end at 1 and 5, which shrinks changes a little; the rest is
# sampling error of four simulated networks of 40 people.
CHANGE_TOLERANCE = 0.07
DENSITY_TOLERANCE = 0.05
# Three standard errors of the mean of four simulated networks of five districts.
OUTCOME_TOLERANCE = 1.7


def leaders(cvln):
    memberships = cvln.tables["memberships"]
    return memberships[memberships["team_id"] != PARTNER]


def test_five_teams_of_seven_to_eleven_grow_to_forty_one_members(cvln):
    sizes = leaders(cvln).groupby(["wave", "team_id"]).size()
    assert sizes.groupby("wave").sum().to_dict() == {
        "2008-fall": 35,
        "2009-spring": 35,
        "2010-spring": 38,
        "2011-spring": 41,
    }
    assert sizes.min() == 7
    assert sizes.max() == 11
    assert (sizes.groupby("wave").size() == 5).all()


def test_growth_is_mainly_of_site_leaders(cvln):
    level = cvln.tables["people"].set_index("person_id")["level"]
    counts = leaders(cvln).assign(level=lambda rows: rows["person_id"].map(level))
    counts = counts.groupby(["wave", "level"]).size()
    growth = counts["2011-spring"] - counts["2008-fall"]
    assert growth.to_dict() == {"central_office": 1, "site": 5}


def test_every_team_has_one_superintendent_in_every_wave(cvln):
    roles = leaders(cvln)
    heads = roles[roles["role"] == "superintendent"].groupby(["wave", "team_id"]).size()
    assert len(heads) == 20
    assert (heads == 1).all()


def test_the_coaches_are_five_and_a_network_coach(cvln):
    memberships = cvln.tables["memberships"]
    roles = memberships[memberships["team_id"] == PARTNER].groupby("wave")["role"].value_counts()
    for wave in WAVES:
        assert roles[wave].to_dict() == {"coach": 5, "network_coach": 1}


def test_the_network_has_about_thirty_thousand_students_and_fifteen_districts_beside_it(cvln):
    teams = cvln.tables["teams"]
    assert teams["arm"].value_counts().to_dict() == {"comparison": 15, "network": 5, "partner": 1}
    assert abs(teams.loc[teams["arm"] == "network", "enrolment"].sum() - 30_000) < 1_000


def test_keys_of_every_table_are_unique(cvln):
    from cvln_eval.study.codebook_files import house_columns

    columns = house_columns()
    for tables in (cvln.tables, cvln.expected):
        for name, frame in tables.items():
            key = [column.column for column in columns if column.table == name and column.key]
            assert not frame.duplicated(key).any(), name
            assert frame[key].notna().all(axis=None), name


def test_two_share_a_name_in_two_teams_and_two_in_one():
    people = simulate_people(np.random.default_rng(2008)).people
    shared = people[people.duplicated("name", keep=False)]
    teams = shared.groupby("name")["team_id"].nunique().to_dict()
    assert teams == {"Kim Nguyen": 1, "María García": 2}


def test_nobody_attends_a_session_that_was_not_held(cvln):
    status = cvln.tables["sessions"].set_index("session_id")["status"]
    assert set(cvln.tables["attendance"]["session_id"].map(status)) == {"held"}


def test_online_sessions_are_held_less_often(cvln):
    sessions = cvln.tables["sessions"]
    held = (sessions["status"] == "held").groupby(sessions["mode"]).mean()
    assert held["face_to_face"] > held["virtual"]


def test_dose_is_as_the_parameters_say(cvln):
    visits = cvln.tables["coaching"]["team_id"].value_counts()
    for team, by_year in EFFECTS["coaching"]["visits_by_team_and_year"].items():
        assert visits[team] == sum(by_year)


def test_dose_above_mean_sums_to_nothing():
    assert sum(dose_above_mean(team, 3) for team in TEAMS) == pytest.approx(0.0)


@pytest.fixture(scope="module")
def networks():
    """Return people, answers and ties of several simulated networks."""
    made = []
    for seed in SEEDS:
        streams = np.random.default_rng(seed).spawn(5)
        people = simulate_people(streams[0])
        said = simulate_who_answers(people, what="share_survey", rng=streams[1])
        answers = simulate_answers(people, answered=said, rng=streams[2])
        named = simulate_who_answers(people, what="share_network", rng=streams[3])
        ties = simulate_ties(people, answered=named, rng=streams[4])
        made.append((people, answers, ties, named))
    return made


def changes(people, answers):
    """Return the change of each culture scale and team from fall 2008 to spring 2011."""
    rows = answers.merge(people.memberships[["wave", "person_id", "team_id"]])
    rows["scale"] = rows["item"].map(cvln_items()["scale"])
    means = rows.groupby(["scale", "team_id", "wave"])["value"].mean()
    wide = means.reset_index().pivot_table(
        index=["scale", "team_id"], columns="wave", values="value"
    )
    return wide["2011-spring"] - wide["2008-fall"]


@pytest.mark.parametrize("scale", EFFECTS["culture"]["change_per_year"])
def test_culture_changes_by_the_true_amount(networks, scale):
    per_year = [changes(people, answers)[scale].mean() / 3 for people, answers, _, _ in networks]
    true = EFFECTS["culture"]["change_per_year"][scale]
    assert np.mean(per_year) == pytest.approx(true, abs=CHANGE_TOLERANCE)


def test_teams_that_are_coached_more_grow_more(networks):
    slopes = []
    for people, answers, _, _ in networks:
        culture = changes(people, answers).loc[list(EFFECTS["culture"]["change_per_year"])]
        growth = culture.groupby("team_id").mean()
        dose = [dose_above_mean(team, 3) for team in growth.index]
        slopes.append(np.polyfit(dose, growth, 1)[0])
    true = EFFECTS["culture"]["change_per_ten_visits_above_mean"]
    assert np.mean(slopes) == pytest.approx(true, abs=CHANGE_TOLERANCE)


def densities(people, ties, named, wave):
    team = people.people.set_index("person_id")["team_id"]
    size = people.roster(wave)["team_id"].value_counts()
    senders = named.loc[(named["wave"] == wave) & named["responded"], "person_id"].map(team)
    within = sum(size[own] - 1 for own in senders)
    between = sum(size.sum() - size[own] for own in senders)
    here = ties[(ties["wave"] == wave) & (ties["relation"] == "advice")]
    same = (here["sender_id"].map(team) == here["receiver_id"].map(team)).to_numpy()
    return same.sum() / within, (~same).sum() / between


def test_density_within_teams_rises_before_density_between_them(networks):
    rows = [
        (wave, *densities(people, ties, named, wave))
        for people, _, ties, named in networks
        for wave in WAVES
    ]
    mean = pd.DataFrame(rows, columns=["wave", "within", "between"]).groupby("wave").mean()
    for place, wave in enumerate(WAVES):
        for kind in ("within", "between"):
            true = EFFECTS["ties"][f"density_{kind}"]["advice"][place]
            assert mean[kind][wave] == pytest.approx(true, abs=DENSITY_TOLERANCE)
    rise = mean.diff()
    assert rise["within"].idxmax() == "2009-spring"
    assert rise["between"].idxmax() != "2009-spring"


def test_members_of_teams_that_were_cohesive_early_have_more_ties_between_teams_later(networks):
    cohesion = pd.Series(EFFECTS["ties"]["team_cohesion"])
    found = []
    for people, _, ties, _ in networks:
        team = people.people.set_index("person_id")["team_id"]
        last = ties[ties["wave"] == "2011-spring"]
        ends = pd.DataFrame({end: last[f"{end}_id"].map(team) for end in ("sender", "receiver")})
        outward = ends[ends["sender"] != ends["receiver"]]
        size = people.roster("2011-spring")["team_id"].value_counts()
        each = outward["sender"].value_counts().add(outward["receiver"].value_counts()) / size
        found.append(np.corrcoef(cohesion, each[cohesion.index])[0, 1])
    assert np.mean(found) > 0.6


def test_nobody_is_tied_to_themselves_or_to_somebody_off_the_roster(cvln):
    ties = cvln.tables["ties"]
    assert (ties["sender_id"] != ties["receiver_id"]).all()
    roster = cvln.tables["memberships"][["wave", "person_id"]]
    for end in ("sender_id", "receiver_id"):
        found = ties.merge(roster, left_on=["wave", end], right_on=["wave", "person_id"])
        assert len(found) == len(ties)


def test_results_of_the_network_rise_by_the_true_effect():
    gaps = []
    for seed in SEEDS:
        streams = np.random.default_rng(seed).spawn(2)
        teams = simulate_teams(streams[0])
        outcomes = simulate_outcomes(teams=teams, rng=streams[1]).merge(teams[["team_id", "arm"]])
        mean = outcomes.groupby(["arm", "year"])["mean_score"].mean()
        gaps.append(mean["network"] - mean["comparison"])
    gap = pd.concat(gaps, axis=1).mean(axis=1)
    for year, effect in EFFECTS["outcomes"]["network_effect"].items():
        assert gap[int(year)] - gap[2008] == pytest.approx(effect, abs=OUTCOME_TOLERANCE)


def test_results_of_fewer_than_ten_students_are_suppressed(cvln):
    outcomes = cvln.tables["outcomes"]
    few = outcomes["n_tested"] < 10
    assert few.any()
    assert (outcomes["mean_score"].isna() == few).all()
