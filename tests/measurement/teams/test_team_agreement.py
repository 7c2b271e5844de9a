"""Every scale and wave: a row has what the functions behind it give, and nothing drops."""

import math

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement import answer_table
from cvln_eval.measurement.teams import (
    icc_aggregation,
    pseudo_team_agreement,
    team_agreement,
    within_group_agreement,
)
from cvln_eval.measurement.teams.verdicts import TOO_MANY, among_tests, team_verdict
from cvln_eval.study.codebook import Codebook, Item, Label

SIZES = np.array([7, 8, 8, 9, 9])
PEOPLE = [f"p{i:02}" for i in range(41)]
LABELS = (
    *(Label("agree", str(i), str(i), False) for i in range(1, 6)),
    *(Label("yes", str(i), str(i), False) for i in range(2)),
)


def item(name, scale, responses="agree"):
    return Item(name, "culture", scale, False, responses, name, "", {})


CODEBOOK = Codebook(
    (),
    items=(
        item("t1", "trust"),
        item("t2", "trust"),
        item("v1", "voice"),
        item("v2", "voice"),
        item("m1", "mixed"),
        item("m2", "mixed", "yes"),
        item("o1", "offered", "yes"),
    ),
    labels=LABELS,
)
ROSTER = pd.DataFrame(
    {
        "wave": np.repeat(["y1", "y2"], 41),
        "person_id": PEOPLE * 2,
        "team_id": np.tile(np.repeat(list("ABCDE"), SIZES), 2),
    }
)


def answered(wave, name, values):
    return pd.DataFrame({"wave": wave, "person_id": PEOPLE, "item": name, "value": values})


def study():
    rng = np.random.default_rng(5)
    level = np.repeat([2.0, 3.0, 3.5, 4.0, 4.8], SIZES)
    teams = [np.clip(np.round(level + rng.normal(0, 0.4, 41)), 1, 5) for _ in range(2)]
    everybody = [np.clip(np.round(rng.normal(4, 0.5, 41)), 1, 5) for _ in range(2)]
    teams[0][3] = np.nan
    return pd.concat(
        [
            answered("y1", "t1", teams[0]),
            answered("y1", "t2", teams[1]),
            answered("y1", "v1", everybody[0]),
            answered("y2", "v1", everybody[0]),
            answered("y2", "v2", everybody[1]),
            answered("y2", "o1", rng.integers(0, 2, 41)),
        ]
    )


@pytest.fixture(scope="module")
def found():
    return team_agreement(study(), codebook=CODEBOOK, memberships=ROSTER, n_draws=499)


def test_each_scale_and_wave_has_a_row_with_numbers_or_a_reason(found):
    rows = found.tidy().set_index(["scale", "wave"])
    assert len(rows) == 8
    assert rows["reason"].to_dict() == {
        ("trust", "y1"): "",
        ("trust", "y2"): "not asked in this wave",
        ("voice", "y1"): "not asked whole in this wave: 'v2' absent",
        ("voice", "y2"): "",
        ("mixed", "y1"): "The items do not share one range of answers",
        ("mixed", "y2"): "The items do not share one range of answers",
        ("offered", "y1"): "not asked in this wave",
        ("offered", "y2"): "no slight skew null is published for 2 answers",
    }
    assert (rows["verdict"] == "").tolist() == [False, True, True, False, True, True, True, False]
    assert rows.loc[("trust", "y2"), "rwg_j_uniform":"p_smallest"].isna().all()


def test_verdicts_find_what_is_planted(found):
    rows = found.tidy().set_index(["scale", "wave"])["verdict"]
    assert rows["trust", "y1"].endswith("one may speak of a team's culture")
    assert rows["voice", "y2"].startswith("everybody agrees")


def test_a_row_has_the_numbers_of_the_functions_behind_it(found):
    row = found.tidy().set_index(["scale", "wave"]).loc[("trust", "y1")]
    wide = answer_table(study(), codebook=CODEBOOK, items="trust", wave="y1", memberships=ROSTER)
    given = {"items": ["t1", "t2"]}
    limits = {**given, "response_range": (1, 5)}
    within = within_group_agreement(wide, **limits, null="uniform", truncate=True).glance()
    skewed = within_group_agreement(wide, **limits, null="slight_skew", truncate=True).glance()
    mixed = icc_aggregation(wide, **given).glance()
    pseudo = pseudo_team_agreement(wide, **limits, n_draws=499)
    assert row["rwg_j_uniform"] == within["rwg_j_median"].item()
    assert row["rwg_j_slight_skew"] == skewed["rwg_j_median"].item()
    assert row["ad_mean"] == within["ad_mean"].item()
    assert row["ad_bound"] == pytest.approx(5 / 6)
    for name in ("icc_1", "icc_1_low", "icc_1_high", "icc_2", "statistic", "df1", "df2", "p_value"):
        assert row[name] == mixed[name].item(), name
    assert row["pseudo_p_value"] == pseudo.p_value
    assert (row["n"], row["n_teams"], row["n_incomplete"]) == (40, 5, 1)


def test_each_team_stands_in_the_table_for_the_forest(found):
    teams = found.teams()
    assert len(teams) == 3 * 5 * 2
    trust = teams[(teams["scale"] == "trust") & (teams["null"] == "uniform")]
    assert trust["n"].tolist() == [6, 8, 8, 9, 9]
    assert trust["rwg_j"].notna().all()


def test_glance_and_sentence_count_the_rows(found):
    row = found.glance().iloc[0]
    assert (row["n_rows"], row["n_rows_left_out"], row["n_cultures"]) == (3, 5, 1)
    assert found.sentence().startswith("Of 3 pairs of a scale and a wave, 2 had a median rwg(j)")
    # 3 pairs at .05 each make 0.15, a little above in binary.
    assert "chance alone would give about 0.2)" in found.sentence()


def test_scales_and_waves_can_be_chosen():
    some = team_agreement(
        study(),
        codebook=CODEBOOK,
        memberships=ROSTER,
        scales=["voice"],
        waves=["y2"],
        n_draws=99,
    )
    assert some.tidy()[["scale", "wave"]].to_numpy().tolist() == [["voice", "y2"]]


def test_nothing_asked_gives_a_reason_and_empty_teams():
    nothing = team_agreement(
        study(), codebook=CODEBOOK, memberships=ROSTER, scales=["trust"], waves=["y2"]
    )
    assert nothing.teams().empty
    assert nothing.glance()["reason"].item() == "no scale was asked in any wave"
    assert "not available" in nothing.sentence()


def test_teams_in_two_camps_have_a_median_of_0():
    camps = np.tile([1.0, 5.0], 21)[:41]
    given = pd.concat([answered("y1", "t1", camps), answered("y1", "t2", camps)])
    row = team_agreement(
        given, codebook=CODEBOOK, memberships=ROSTER, scales=["trust"], n_draws=99
    ).tidy()
    assert row["rwg_j_uniform"].item() == 0
    assert row["n_exceeding_null"].item() == 5


def test_people_off_the_roster_are_counted():
    few = ROSTER[ROSTER["person_id"] != "p00"]
    row = team_agreement(
        study(), codebook=CODEBOOK, memberships=few, scales=["voice"], waves=["y2"], n_draws=99
    ).tidy()
    assert row["n_without_team"].item() == 1
    assert row["n"].item() == 40


def test_a_whole_wave_without_answers_has_a_reason():
    empty = study().assign(value=math.nan)
    row = team_agreement(
        empty, codebook=CODEBOOK, memberships=ROSTER, scales=["trust"], waves=["y1"]
    ).tidy()
    assert row["reason"].item() == "nobody in a team answered every item"
    assert row["verdict"].item() == ""
    assert row["n_incomplete"].item() == 41


@pytest.mark.parametrize(
    ("uniform", "skewed", "p_value", "said"),
    [
        (0.9, 0.8, 0.01, "one may speak of a team's culture"),
        (0.7, 0.7, 0.05, "one may speak of a team's culture"),
        (0.9, math.nan, 0.01, "one may speak of a team's culture"),
        (0.9, 0.8, 0.2, "everybody agrees"),
        (0.9, 0.5, 0.01, "speak of teams with caution"),
        (0.9, 0.5, 0.2, "against the uniform null only, and no more"),
        (0.5, 0.2, 0.01, "but too little to speak of a team's culture"),
        (0.5, 0.2, 0.2, "members do not agree"),
    ],
)
def test_verdicts(uniform, skewed, p_value, said):
    assert said in team_verdict(uniform, skewed, p_value, 0.001)


def test_too_few_groupings_come_before_any_other_verdict():
    assert team_verdict(0.9, 0.9, 0.1, 0.1).startswith("too few people and teams")


def test_p_is_adjusted_for_all_rows_that_have_one(found):
    rows = found.tidy()
    p = rows["pseudo_p_value"].dropna().sort_values().to_numpy()
    # Holm: 3 p1, then the greater of that and 2 p2, then the greater of that and p3.
    by_hand = np.minimum(np.maximum.accumulate(p * [3, 2, 1]), 1)
    known = rows.dropna(subset="pseudo_p_value").sort_values("pseudo_p_value")
    np.testing.assert_allclose(known["pseudo_p_adjusted"], by_hand)
    assert rows.loc[rows["verdict"] == "", "pseudo_p_adjusted"].isna().all()


def test_chance_among_many_rows_is_no_culture():
    rng = np.random.default_rng(3)
    scales = [f"s{i:02}" for i in range(12)]
    book = Codebook((), items=tuple(item(f"{s}_1", s) for s in scales), labels=LABELS)
    given = pd.concat(
        [answered("y1", f"{s}_1", np.clip(np.round(rng.normal(4, 0.6, 41)), 1, 5)) for s in scales]
    )
    result = team_agreement(given, codebook=book, memberships=ROSTER, n_draws=499)
    row, rows = result.glance().iloc[0], result.tidy()
    assert row["n_differing"] > 0, "the seed should give a small p by chance"
    assert (row["n_differing_adjusted"], row["n_cultures"]) == (0, 0)
    small = rows[rows["pseudo_p_value"] <= 0.05]
    assert small["verdict"].str.contains("does not stand among the 12 tests").all()
    assert "in 0 of them after Holm's adjustment" in result.sentence()


def test_too_few_shuffles_for_so_many_rows_are_named():
    few = team_agreement(study(), codebook=CODEBOOK, memberships=ROSTER, n_draws=39)
    # 3 tests and 1 / 40: no adjusted p can be below .075.
    rows = few.tidy().set_index(["scale", "wave"])["verdict"]
    assert rows["trust", "y1"] == TOO_MANY
    assert rows["voice", "y2"].startswith("everybody agrees")


@pytest.mark.parametrize(
    ("p_value", "p_adjusted", "p_smallest", "n_tests", "said"),
    [
        (0.01, 0.05, 0.01, 5, ""),
        (
            0.01,
            0.06,
            0.001,
            6,
            " (p at most .05 by itself, which does not stand among the 6 tests)",
        ),
        (0.06, 0.5, 0.001, 6, ""),
        (0.01, 0.06, 0.01, 6, TOO_MANY),
        (0.06, 0.4, 0.01, 6, ""),  # a p that says nothing alone needs no more shuffles
        (0.1, 0.6, 0.1, 6, ""),  # no grouping could stand out even alone: said by the verdict
    ],
)
def test_what_the_number_of_tests_takes_from_a_verdict(
    p_value, p_adjusted, p_smallest, n_tests, said
):
    assert among_tests(p_value, p_adjusted, p_smallest, n_tests) == said


def test_one_scale_and_wave_may_be_named_alone():
    given = {"codebook": CODEBOOK, "memberships": ROSTER, "n_draws": 99}
    alone = team_agreement(study(), scales="voice", waves="y2", **given).tidy()
    listed = team_agreement(study(), scales=["voice"], waves=["y2"], **given).tidy()
    pd.testing.assert_frame_equal(alone, listed)
    assert alone["pseudo_p_adjusted"].equals(alone["pseudo_p_value"].rename("pseudo_p_adjusted"))


def test_one_team_is_the_reason_that_is_told():
    one = ROSTER[ROSTER["team_id"] == "A"]
    found = team_agreement(
        study(), codebook=CODEBOOK, memberships=one, scales="voice", waves="y2", n_draws=99
    )
    assert found.sentence() == "Agreement of teams is not available: fewer than two teams."
    both = team_agreement(study(), codebook=CODEBOOK, memberships=one, n_draws=99)
    assert "no row has a value; `tidy` says why" in both.sentence()


@pytest.mark.parametrize("column", ["wave", "person_id", "item", "value", "team_id"])
def test_columns_that_are_absent_are_named(column):
    with pytest.raises(ArgumentError, match=rf"lacks a column[\s\S]*Expected: '{column}'"):
        team_agreement(
            study().drop(columns=column, errors="ignore"),
            codebook=CODEBOOK,
            memberships=ROSTER.drop(columns=column, errors="ignore"),
        )


def test_no_scale_and_no_answers_are_refused():
    with pytest.raises(ArgumentError, match="0 scales, 2 waves"):
        team_agreement(study(), codebook=CODEBOOK, memberships=ROSTER, scales=[])
    with pytest.raises(ArgumentError, match="4 scales, 0 waves"):
        team_agreement(study()[:0], codebook=CODEBOOK, memberships=ROSTER)


def test_what_is_wrong_is_named():
    given = {"codebook": CODEBOOK, "memberships": ROSTER}
    with pytest.raises(ArgumentError, match=r"No answers in this wave[\s\S]*'y3'"):
        team_agreement(study(), **given, waves=["y3"])
    with pytest.raises(ArgumentError, match=r"No scale of this name[\s\S]*'faith'"):
        team_agreement(study(), **given, scales=["faith"])
