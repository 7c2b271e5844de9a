"""Stayers, joiners and leavers: by hand, sums that are exact, and what cannot be had."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.change import change_by_status, decompose_change, paired_change

WAVES = ("y1", "y2")
EXACT = 1e-9  # sums of at most 14 scores from 1 to 9

# Each person: on which rosters, answer at first, answer at last.
PEOPLE = {
    "stays": ("both", 2, 4, "A"),
    "stays too": ("both", 3, 4, "B"),
    "silent later": ("both", 1, None, "A"),
    "silent before": ("both", None, 3, "B"),
    "silent": ("both", None, None, "A"),
    "joins": ("last", None, 5, "B"),
    "joins silent": ("last", None, None, "A"),
    "leaves": ("first", 4, None, "A"),
    "leaves silent": ("first", None, None, "B"),
}


def study(people):
    """Scores and rosters of people given as in PEOPLE."""
    scores, rosters = [], []
    for person, (on, *answers, team) in people.items():
        for wave, end, answer in zip(WAVES, ("first", "last"), answers, strict=True):
            key = {"person_id": person, "wave": wave}
            if on in ("both", end):
                rosters.append(key | {"team_id": team})
            if answer is not None:
                scores.append(key | {"score": float(answer)})
    return (
        pd.DataFrame(scores, columns=["person_id", "wave", "score"]),
        pd.DataFrame(rosters, columns=["person_id", "wave", "team_id"]),
    )


def both(people, waves=WAVES, **options):
    table, rosters = study(people)
    given = {"memberships": rosters, "waves": waves, **options}
    return change_by_status(table, **given), decompose_change(table, **given)


def test_statuses_by_hand():
    found, _ = both(PEOPLE)
    rows = found.tidy().set_index(["roster_status", "answered"])
    assert rows["n"].to_dict() == {
        ("stayer", "both waves"): 2,
        ("stayer", "first only"): 1,
        ("stayer", "last only"): 1,
        ("stayer", "neither"): 1,
        ("joiner", "last only"): 1,
        ("joiner", "neither"): 1,
        ("leaver", "first only"): 1,
        ("leaver", "neither"): 1,
    }
    stayed = rows.loc[("stayer", "both waves")]
    assert stayed[["mean_before", "mean_after", "change"]].tolist() == [2.5, 4.0, 1.5]
    assert rows.loc[("joiner", "last only"), "mean_after"] == 5
    assert rows.loc[("leaver", "first only"), "mean_before"] == 4
    assert rows["change"].notna().sum() == 1
    assert rows.loc[("joiner", "last only"), "method"] == ""
    assert (
        rows.loc[("joiner", "last only"), "reason"] == "no change of a person: answered last only"
    )
    assert "5 people were on both rosters, 2 joined and 2 left" in found.sentence()
    assert "The 1 joiner who answered stood at 5.00." in found.sentence()
    assert "of all, 3 answered at no wave" in found.sentence()


def test_the_parts_by_hand():
    # y1: 2 3 1 4, mean 2.5, stayers 2.5; y2: 4 4 3 5, mean 4, stayers 4
    # within 1.5; entry (5 - 4) / 4; exit -(4 - 2.5) / 4; turnover (3 - 4) / 4 - (1 - 2.5) / 4
    _, found = both(PEOPLE)
    parts = found.parts().set_index("quantity")
    assert parts["estimate"].tolist() == [1.5, 1.5, 0.25, -0.375, 0.125]
    assert parts["n"].tolist() == [6, 2, 1, 1, 2]
    assert set(parts["n_clusters"]) == {2}
    assert "The mean of score rose from y1 to y2 (+1.50" in found.sentence()
    assert "+0.25 by entry, −0.38 by exit, +0.12 by response turnover" in found.sentence()
    assert "over 2 teams, which are few" in found.sentence()


def test_not_answering_is_not_leaving():
    table, rosters = study({"p": ("both", 2, None, "A"), "q": ("both", 3, 4, "B")})
    found = change_by_status(table, memberships=rosters, waves=WAVES).tidy()
    assert found.loc[found["roster_status"] == "leaver", "n"].sum() == 0
    assert found.loc[found["answered"] == "first only", "n"].tolist() == [1, 0]


def test_the_jackknife_of_stayers_is_the_paired_t():
    # without x the mean is (n mean - x) / (n - 1): the jackknife error of a mean is s / sqrt n
    people = {
        f"p{i}": ("both", a, b, t)
        for i, (a, b, t) in enumerate(zip([2, 3, 1, 4], [4, 4, 4, 5], "AABB", strict=True))
    }
    _, found = both({**people, "new": ("last", None, 5, "A")})
    rows = found.tidy().query("method == 'jackknife over people'").set_index("quantity")
    table, rosters = study(people)
    plain = paired_change(table.merge(rosters), waves=WAVES).tidy().iloc[0]
    within = rows.loc["within people who answered twice"]
    for column in ("estimate", "std_error", "df", "conf_low", "conf_high"):
        assert within[column] == pytest.approx(plain[column])


def test_the_jackknife_over_teams_by_hand():
    # entry without team A: y2 of B only: 4 3 5, stayers 4, (5 - 4) / 3; without B: nobody joined, 0
    # values 1/3, 0: mean 1/6, error sqrt(1/2 (1/36 + 1/36)) = 1/6
    _, found = both(PEOPLE)
    entry = found.parts().set_index("quantity").loc["entry"]
    assert entry["std_error"] == pytest.approx(1 / 6)
    assert entry["df"] == 1


PERSON = st.one_of(
    st.tuples(
        st.just("both"),
        st.one_of(st.none(), st.integers(1, 9)),
        st.one_of(st.none(), st.integers(1, 9)),
        st.sampled_from("ABC"),
    ),
    st.tuples(
        st.just("first"), st.one_of(st.none(), st.integers(1, 9)), st.none(), st.sampled_from("ABC")
    ),
    st.tuples(
        st.just("last"), st.none(), st.one_of(st.none(), st.integers(1, 9)), st.sampled_from("ABC")
    ),
)
ROSTERS = st.lists(PERSON, min_size=0, max_size=12).map(
    lambda listed: {
        "stays": ("both", 3, 5, "A"),
        **{f"p{at:02}": person for at, person in enumerate(listed)},
    }
)


@settings(max_examples=50, deadline=None)
@given(people=ROSTERS)
def test_the_parts_add_up_exactly(people):
    statuses, found = both(people)
    table, rosters = study(people)
    for _, part in found.tidy().groupby("method"):
        estimates = part["estimate"].to_numpy()
        assert estimates[0] == pytest.approx(estimates[1:].sum(), abs=EXACT)
        means = table.groupby("wave")["score"].mean()
        assert estimates[0] == pytest.approx(means["y2"] - means["y1"], abs=EXACT)
    assert statuses.tidy()["n"].sum() == rosters["person_id"].nunique()


@settings(max_examples=25, deadline=None)
@given(people=ROSTERS)
def test_swapping_the_waves_negates_and_joiners_become_leavers(people):
    _, there = both(people)
    _, back = both(people, waves=("y2", "y1"))
    on, off = there.parts()["estimate"].to_numpy(), back.parts()["estimate"].to_numpy()
    np.testing.assert_allclose(on, -off[[0, 1, 3, 2, 4]], atol=EXACT)


def test_a_series_adds_up_over_its_waves():
    rng = np.random.default_rng(8)
    rows = pd.DataFrame(
        [
            (f"p{i:02}", f"y{w}", "ABC"[i % 3])
            for i in range(20)
            for w in range(1, 5)
            if rng.random() < 0.8
        ],
        columns=["person_id", "wave", "team_id"],
    )
    table = rows.drop(columns="team_id").assign(score=rng.normal(3, 1, len(rows)))
    found = decompose_change(table, memberships=rows, waves=["y1", "y2", "y3", "y4"])
    total = found.parts().query("quantity == 'change of the mean'")
    means = table.groupby("wave")["score"].mean()
    assert total["from_wave"].tolist() == ["y1", "y2", "y3"]
    assert total["estimate"].sum() == pytest.approx(means["y4"] - means["y1"])
    assert found.glance()["n_waves"].item() == 4


def test_a_part_of_nobody_is_nought_without_an_interval():
    _, found = both({"p": ("both", 2, 4, "A"), "q": ("both", 3, 4, "B"), "r": ("both", 3, 3, "C")})
    rows = found.parts().set_index("quantity").loc[["entry", "exit", "response turnover"]]
    assert rows["estimate"].tolist() == [0, 0, 0]
    assert not np.signbit(rows["estimate"]).any()
    assert rows["conf_low"].isna().all()
    assert set(rows["reason"]) == {"nobody: exactly 0"}


def test_nobody_answered_twice():
    statuses, found = both({"p": ("first", 2, None, "A"), "q": ("last", None, 4, "B")})
    parts = found.parts().set_index("quantity")
    assert parts.loc["change of the mean", "estimate"] == 2
    assert parts["estimate"].isna().sum() == 4
    assert "its parts are not available: nobody answered twice" in found.sentence()
    assert "Nobody on both rosters answered twice." in statuses.sentence()


def test_a_stayer_alone_in_one_team_has_no_interval_over_teams():
    _, found = both(
        {"p": ("both", 2, 4, "A"), "q": ("last", None, 4, "B"), "r": ("both", 1, 1, "A")}
    )
    within = found.parts().set_index("quantity").loc["within people who answered twice"]
    assert within["estimate"] == 1
    assert math.isnan(within["std_error"])
    assert within["reason"].startswith("no interval")


def test_answers_from_outside_the_roster_are_left_out_and_counted():
    table, rosters = study(PEOPLE)
    stranger = pd.DataFrame({"person_id": ["visitor"], "wave": ["y2"], "score": [9.0]})
    early = pd.DataFrame({"person_id": ["joins"], "wave": ["y1"], "score": [9.0]})
    more = pd.concat([table, stranger, early])
    for function in (change_by_status, decompose_change):
        expected = function(table, memberships=rosters, waves=WAVES)
        found = function(more, memberships=rosters, waves=WAVES)
        pd.testing.assert_frame_equal(found.tidy(), expected.tidy())
        assert found.glance()["n_not_on_roster"].item() == 2
        assert expected.glance()["n_not_on_roster"].item() == 0
        assert "Left out: 2 scores" in found.sentence()


def test_a_wave_without_a_roster_or_scores_is_refused():
    table, rosters = study(PEOPLE)
    with pytest.raises(ArgumentError, match="'y2'"):
        change_by_status(table, memberships=rosters[rosters["wave"] == "y1"], waves=WAVES)
    with pytest.raises(ArgumentError, match="'y2'"):
        decompose_change(table[table["wave"] == "y1"], memberships=rosters, waves=WAVES)


def test_a_membership_without_a_team_is_refused():
    table, rosters = study(PEOPLE)
    rosters.loc[3, "team_id"] = None
    with pytest.raises(ArgumentError, match="team_id"):
        decompose_change(table, memberships=rosters, waves=WAVES)


def test_a_person_twice_on_a_roster_is_refused():
    table, rosters = study(PEOPLE)
    with pytest.raises(ArgumentError, match="y1 stays"):
        change_by_status(table, memberships=pd.concat([rosters, rosters.iloc[[0]]]), waves=WAVES)


def test_the_interval_of_within_covers_when_only_newcomers_differ():
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(60):
        people = {}
        for i in range(40):
            on = rng.choice(["both", "first", "last"], p=[0.6, 0.2, 0.2])
            base = rng.normal(3, 0.5)
            first = base + rng.normal(0, 0.3) if on != "last" else None
            last = (
                base + rng.normal(0, 0.3) + (1.0 if on == "last" else 0.2)
                if on != "first"
                else None
            )
            people[f"p{i:02}"] = (on, first, last, "ABCDE"[i % 5])
        _, found = both(people)
        parts = found.parts().set_index("quantity")
        within, entry = parts.loc["within people who answered twice"], parts.loc["entry"]
        held += within["conf_low"] < 0.2 < within["conf_high"]
        assert entry["estimate"] > 0
    # three standard errors of .95 in 60 are .084
    assert held / 60 > 0.86


def test_scores_of_nobody_on_the_rosters_are_left_out_and_said(scores):
    # identifiers are written in another way than in the rosters
    table = scores([3, 4], [4, 4], "AB").assign(person_id=lambda t: "x" + t["person_id"])
    people = [(f"p00{i}", team, wave) for i, team in enumerate("AB") for wave in WAVES]
    rosters = pd.DataFrame(people, columns=["person_id", "team_id", "wave"])
    found = decompose_change(table, memberships=rosters, waves=WAVES)
    assert found.tidy()["estimate"].isna().all()
    assert found.sentence() == (
        "The change of score from y1 to y2 is not available: nobody answered twice, or nobody in a "
        "wave. Left out: 4 scores of people on no roster of the wave."
    )


def test_one_team_has_no_jackknife_to_speak_of(scores):
    table = scores([3, 4], [4, 4], "AA")
    rosters = table[["person_id", "team_id", "wave"]]
    said = decompose_change(table, memberships=rosters, waves=WAVES).sentence()
    assert "jackknife over 1 team" not in said
    assert said.endswith("0.00 by response turnover.")


@pytest.mark.parametrize("units", [1e-13, 1e-6, 1e13])
def test_parts_have_intervals_whatever_the_units(scores, units):
    table = scores([3, 4, 2, 3, 5, 1], [4, 4, 3, 5, 5, 2], "AABBCC")
    rosters = table[["person_id", "wave", "team_id"]]
    table["score"] *= units
    found = decompose_change(table, memberships=rosters, waves=["y1", "y2"]).parts()
    # Changes of teams .5, 1.5 and .5: their mean 5 / 6 with t(2) over three equal teams.
    within = found.set_index("quantity").loc["within people who answered twice"]
    assert within["estimate"] == pytest.approx(5 / 6 * units)
    assert within["std_error"] == pytest.approx(units / 3)
    assert within["reason"] == ""
