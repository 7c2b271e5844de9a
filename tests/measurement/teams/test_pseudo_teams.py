"""Teams beside random groups of the same people: by hand, by law, and by what is planted."""

import math

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.teams import pseudo_team_agreement
from cvln_eval.measurement.teams.shuffles import assignments, count_assignments
from cvln_eval.measurement.teams.verdicts import pseudo_verdict

SIZES = np.array([7, 8, 8, 9, 9])


def table(teams, *columns):
    return pd.DataFrame({"team_id": list(teams), **{f"t{i}": c for i, c in enumerate(columns, 1)}})


def agreement(answers, **options):
    items = [name for name in answers.columns if name.startswith("t") and name != "team_id"]
    return pseudo_team_agreement(answers, **{"items": items, "response_range": (1, 5), **options})


def five_teams(rng, between):
    level = rng.choice([-between, 0, between], 5)[np.repeat(np.arange(5), SIZES)]
    items = [np.clip(np.round(3.5 + level + rng.normal(0, 0.6, 41)), 1, 5) for _ in range(3)]
    return table(np.repeat(list("ABCDE"), SIZES), *items)


@pytest.mark.parametrize("statistic", ["rwg", "ad", "icc1"])
def test_two_teams_of_three_are_gone_through_in_all_20_ways(statistic):
    # 4 4 5 | 1 2 1 is the best split; its mirror image is as good: 2 / 20
    found = agreement(table("AAABBB", [4, 4, 5, 1, 2, 1]), statistic=statistic)
    assert found.method == "all 20 assignments"
    assert len(found.draws) == 20
    assert found.p_value == 0.1
    assert found.p_smallest == 0.1
    assert "too few people and teams" in found.verdict


def test_the_worst_split_has_a_p_of_1():
    for statistic in ("rwg", "ad", "icc1"):
        assert agreement(table("AABB", [1, 5, 1, 5]), statistic=statistic).p_value == 1


def test_the_mean_variance_of_all_random_groups_is_the_variance_of_all_people():
    # for one item and the uniform null rwg = 1 - v / 2 as long as no group has v above 2
    answers = table("AABBB", [2, 3, 3, 4, 3])
    found = agreement(answers, statistic="rwg")
    assert found.draws.mean() == pytest.approx(1 - answers["t1"].var() / 2)


def test_counts_of_assignments():
    assert count_assignments([2, 3]) == 10
    assert count_assignments([2, 2, 2]) == 90
    found = np.concatenate(list(assignments(np.array([2, 1, 1]), n_draws=12, n_columns=1, rng=0)))
    # 4! / 2! = 12 ways, each with every person once, the pair in either order counted once
    ways = {(frozenset(row[:2].tolist()), *row[2:].tolist()) for row in found}
    assert len(found) == len(ways) == 12
    assert (np.sort(found, axis=1) == np.arange(4)).all()


def test_drawn_assignments_have_every_person_once_however_they_are_chunked():
    sizes = np.array([20, 20, 20])
    small = np.concatenate(list(assignments(sizes, n_draws=50, n_columns=1, rng=5)))
    chunked = np.concatenate(list(assignments(sizes, n_draws=50, n_columns=2000, rng=5)))
    assert (np.sort(small, axis=1) == np.arange(60)).all()
    np.testing.assert_array_equal(small, chunked)


def test_real_agreement_is_told_from_everybody_agreeing():
    rng = np.random.default_rng(2)
    apart = agreement(five_teams(rng, between=1.2), n_draws=499)
    assert apart.p_value == pytest.approx(1 / 500)
    assert apart.verdict.startswith("members of a team agree more than random groups")
    alike = table(np.repeat(list("ABCDE"), SIZES), *np.round(rng.normal(4, 0.3, (3, 41))))
    same = agreement(alike, n_draws=499)
    assert same.estimate > 0.9
    assert same.p_value > 0.05
    assert same.verdict.endswith("everybody agrees")
    by_deviation = agreement(alike, statistic="ad", n_draws=499)
    assert by_deviation.estimate < 5 / 6
    assert by_deviation.verdict.endswith("everybody agrees")
    # deviations of 2 points are above the bound of 5 / 6, in teams as in random groups
    camps = table(np.repeat(list("ABCDE"), SIZES), np.tile([1, 5], 21)[:41])
    assert agreement(camps, statistic="ad", n_draws=499).verdict.endswith("people would")


@pytest.mark.parametrize("statistic", ["rwg", "ad", "icc1"])
def test_p_keeps_its_level_where_teams_are_random(statistic):
    rng = np.random.default_rng(6)
    p_values = [
        agreement(five_teams(rng, 0.0), statistic=statistic, n_draws=99, rng=rng).p_value
        for _ in range(200)
    ]
    # 200 studies: .05 with a standard error of .015
    assert np.mean(np.array(p_values) <= 0.05) < 0.10
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.08)


def test_everybody_alike_has_p_1_and_no_icc():
    answers = table("AABB", [4, 4, 4, 4])
    assert agreement(answers).p_value == 1
    assert agreement(answers).estimate == 1
    mixed = agreement(answers, statistic="icc1")
    assert math.isnan(mixed.p_value)
    assert mixed.reason == "everybody answered alike"
    assert "everybody answered alike" in mixed.sentence()


def test_a_person_alone_is_shuffled_with_the_others():
    # A has 2 of 3 people: {x, y} alike in 1 of 3 ways
    found = agreement(table("AAB", [4, 4, 1]))
    assert len(found.draws) == 3
    assert found.p_value == pytest.approx(1 / 3)
    assert found.estimate == 1


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (table("AAA", [1, 2, 3]), "fewer than two teams"),
        (table("AB", [1, 2]), "no team has two people"),
        (table("", []), "fewer than two teams"),
        (table("AB", [np.nan, np.nan]), "nobody in a team answered every item"),
    ],
)
def test_what_cannot_be_had_has_a_reason(answers, reason):
    found = agreement(answers.astype({"t1": float}))
    row = found.tidy().iloc[0]
    assert row["reason"] == reason
    assert row[["estimate", "pseudo_mean", "p_value", "p_smallest"]].isna().all()
    assert reason in found.sentence()


def test_the_same_seed_gives_the_same_draws():
    answers = five_teams(np.random.default_rng(1), 0.5)
    first, second, other = (agreement(answers, n_draws=50, rng=seed).draws for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_less_deviation_is_more_agreement():
    found = agreement(five_teams(np.random.default_rng(2), 1.2), statistic="ad", n_draws=199)
    assert found.estimate < found.draws.min()
    assert found.p_value == 1 / 200


def test_people_left_out_are_counted_and_the_sentence_reads():
    answers = table(["A", "A", "B", "B", None, "B"], [4, 4, 1, 1, 5, np.nan])
    found = agreement(answers)
    whole = found.glance().iloc[0]
    assert (whole["n"], whole["n_without_team"], whole["n_incomplete"]) == (4, 1, 1)
    # 6 ways: two as the teams are (rwg 1), four with 1 and 4 in each (variance 4.5: cut at 0)
    assert found.sentence() == (
        "In 2 teams with 4 people, mean rwg(j) was 1.00; in random groups of the same people and "
        "sizes it was 0.33 on average (95% between 0.00 and 1.00; all 6 assignments; p = .333, "
        "smallest attainable .3333). Too few people and teams: no grouping of them could stand "
        "out."
    )


@pytest.mark.parametrize(
    ("above", "p_value", "said"),
    [
        (0.1, 0.01, "more than random groups of the same people would"),
        (-0.1, 0.01, "less than is conventional"),
        (0.1, 0.2, "everybody agrees"),
        (-0.1, 0.2, "no more than random groups"),
        (math.nan, 0.2, "no more than random groups"),
        (math.nan, 0.05, "more than random groups of the same people would"),
    ],
)
def test_verdicts(above, p_value, said):
    assert pseudo_verdict(above, p_value, 0.001).endswith(said) or said in pseudo_verdict(
        above, p_value, 0.001
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statistic": "rwgj"}, "'rwgj'"),
        ({"n_draws": 0}, "n_draws of 1 or more[\\s\\S]*0"),
        ({"response_range": (1, 3)}, "Answers to t1 lie outside[\\s\\S]*4"),
    ],
)
def test_what_is_wrong_is_named(options, message):
    with pytest.raises(ArgumentError, match=message):
        agreement(table("AABB", [4, 3, 2, 1]), **options)
