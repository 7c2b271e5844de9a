"""What is missing: by hand, against mice, from the tables of a study."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing import everyone_asked, missing_patterns

REFERENCE = Path(__file__).parents[2] / "reference" / "missing"


@pytest.fixture
def asked():
    return pd.DataFrame(
        {
            "wave": ["y1"] * 4 + ["y2"] * 4,
            "person_id": [*"abcd", *"abce"],
            "team_id": [*"TTUU", *"TTUU"],
            "q1": [1, 2, None, 3, 1, None, None, 2],
            "q2": [1, None, None, 3, 1, None, 4, None],
        }
    )


def test_shares_by_hand(asked):
    rows = missing_patterns(asked, columns=["q1", "q2"]).tidy().set_index(["variable", "wave"])
    counted = ["n", "n_missing", "n_wave_nonresponse", "n_item_nonresponse"]
    assert rows.loc[("q1", "y1"), counted].tolist() == [4, 1, 1, 0]
    assert rows.loc[("q2", "y1"), counted].tolist() == [4, 2, 1, 1]
    assert rows.loc[("q1", "y2"), counted].tolist() == [4, 2, 1, 1]
    assert rows.loc[("q2", "all"), counted].tolist() == [8, 4, 2, 2]
    assert rows.loc[("q2", "all"), "missing_share"] == 0.5


def test_patterns_by_hand(asked):
    found = missing_patterns(asked, columns=["q1", "q2"])
    # q1 lacks 3 and q2 4, so that q2 missing alone is monotone and q1 missing alone is not.
    assert found.patterns.to_dict("list") == {
        "n": [3, 2, 2, 1],
        "missing_columns": ["", "q2", "q1 and q2", "q1"],
        "n_missing": [0, 1, 2, 1],
        "monotone": [True, True, True, False],
    }
    row = found.glance().iloc[0]
    assert (row["n"], row["n_responded"], row["n_complete"], row["n_item_nonresponse"]) == (
        8,
        6,
        3,
        3,
    )
    assert not row["monotone"]
    assert found.sentence() == (
        "Of 8 questionnaires asked for, 6 came (75%): 3 complete and 3 with 3 values missing in "
        "them."
    )


def test_rates_and_courses_by_hand(asked):
    found = missing_patterns(asked, columns=["q1", "q2"])
    rates = found.rates.set_index(["wave", "team_id"])["response_rate"]
    assert rates.to_dict() == {
        ("y1", "T"): 1, ("y1", "U"): 0.5, ("y1", "all"): 0.75,
        ("y2", "T"): 0.5, ("y2", "U"): 1, ("y2", "all"): 0.75,
    }  # fmt: skip
    assert found.courses.set_index("course")[["n", "monotone"]].T.to_dict("list") == {
        "answered, answered": [1, True],
        "answered, no answer": [1, True],
        "answered, not asked": [1, True],
        "not asked, answered": [1, True],
        "no answer, answered": [1, False],
    }


def test_a_questionnaire_that_came_empty_is_item_nonresponse_where_it_is_known_to_have_come(asked):
    came = asked.assign(responded=pd.array([True] * 5 + [None, False, True], dtype="boolean"))
    rows = missing_patterns(came, columns=["q1", "q2"]).tidy().set_index(["variable", "wave"])
    # c in y1 came empty; b in y2 is not known to have come.
    assert rows.loc[("q1", "y1"), ["n_wave_nonresponse", "n_item_nonresponse"]].tolist() == [0, 1]
    assert rows.loc[("q1", "y2"), "n_wave_nonresponse"] == 1


def test_mice_md_pattern():
    """`md.pattern(answers)`: rows and how many values each lacks."""
    answers = pd.read_csv(REFERENCE / "answers.csv")
    expected = pd.read_csv(REFERENCE / "patterns.csv")
    table = answers.assign(person_id=range(len(answers)), team_id="T", wave="y")
    found = missing_patterns(table, columns=list(answers)).patterns
    mine = found.set_index("missing_columns")[["n", "n_missing"]]
    columns = list(answers)
    assert len(mine) == len(expected)
    for row in expected.itertuples():
        gone = [name for name in columns if not getattr(row, name)]
        words = " and ".join([", ".join(gone[:-1]), gone[-1]] if len(gone) > 1 else gone)
        assert mine.loc[words].tolist() == [row.n, row.n_missing]


def test_monotone_patterns_come_first():
    answers = pd.read_csv(REFERENCE / "answers.csv")
    table = answers.assign(person_id=range(len(answers)), team_id="T", wave="y")
    # Whatever the order in which the columns are named.
    columns = ["voice", "norms", "tenure", "trust"]
    found = missing_patterns(table, columns=columns).patterns
    assert found["monotone"].tolist() == sorted(found["monotone"], reverse=True)
    assert not found["monotone"].all()
    # Trust lacks 4, voice 6, norms 8: norms goes first and trust last.
    assert found.loc[found["monotone"], "missing_columns"].tolist() == [
        "", "norms", "voice, norms and trust", "voice and norms",
    ]  # fmt: skip


def test_rows_and_teams_may_come_in_any_order(asked):
    one = missing_patterns(asked, columns=["q1", "q2"])
    turned = missing_patterns(asked.iloc[[3, 1, 0, 2, 7, 6, 5, 4]], columns=["q1", "q2"])
    pd.testing.assert_frame_equal(one.tidy(), turned.tidy())
    pd.testing.assert_frame_equal(one.patterns, turned.patterns)
    pd.testing.assert_frame_equal(one.courses, turned.courses)
    pd.testing.assert_frame_equal(one.rates, turned.rates)


def test_nobody_asked():
    empty = pd.DataFrame({"person_id": [], "team_id": [], "wave": [], "q1": []})
    found = missing_patterns(empty, columns="q1")
    assert np.isnan(found.tidy()["missing_share"]).all()
    assert found.sentence() == "Nobody was asked, so nothing can be missing."
    assert len(found.glance()) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"columns": ["q9"]}, "'q9'"),
        ({"columns": []}, "none"),
        ({"columns": ["q1"], "team": "t"}, "'t'"),
    ],
)
def test_what_cannot_be_counted_is_refused(asked, given, words):
    with pytest.raises(ArgumentError, match=words):
        missing_patterns(asked, **given)


def test_a_person_twice_in_a_wave_is_refused(asked):
    with pytest.raises(ArgumentError, match="'a'"):
        missing_patterns(pd.concat([asked, asked.iloc[:1]]), columns=["q1"])


@pytest.fixture
def study():
    key = {"wave": ["y1", "y1", "y2", "y2"], "person_id": ["a", "b", "a", "c"]}
    respondents = pd.DataFrame(key | {"instrument": "culture"})
    respondents["responded"] = pd.array([True, False, True, None], dtype="boolean")
    respondents["reason"] = [None, "no submission", None, "not known whether answered"]
    memberships = pd.DataFrame(key | {"team_id": [*"TTTU"], "role": "x"})
    answers = pd.DataFrame({"wave": ["y1", "y2"], "person_id": ["a", "a"], "q1": [4.0, 5.0]})
    return answers, {
        "respondents": respondents,
        "memberships": memberships,
        "instrument": "culture",
    }


def test_everyone_asked_has_a_row_and_nobody_else(study):
    answers, given = study
    table = everyone_asked(answers, **given)
    assert table[["wave", "person_id"]].agg(" ".join, axis=1).tolist() == [
        "y1 a",
        "y1 b",
        "y2 a",
        "y2 c",
    ]
    assert table["team_id"].tolist() == [*"TTTU"]
    assert table["q1"].fillna(0).tolist() == [4, 0, 5, 0]
    assert table["reason"].iloc[1] == "no submission"
    found = missing_patterns(table, columns=["q1"])
    assert found.tidy()["n_wave_nonresponse"].tolist() == [1, 1, 2]


def test_answers_that_the_roster_does_not_explain_are_refused(study):
    answers, given = study
    with pytest.raises(ArgumentError, match=r"answered who is not among those asked.*\n.*'y1 z'"):
        everyone_asked(answers.assign(person_id=["z", "a"]), **given)
    with pytest.raises(ArgumentError, match=r"said not to have answered.*\n.*'y1 b'"):
        everyone_asked(answers.assign(person_id=["b", "a"]), **given)
    with pytest.raises(ArgumentError, match=r"answers of a wave.*\n.*'y1 a'"):
        everyone_asked(pd.concat([answers, answers.iloc[:1]]), **given)


def test_rosters_that_do_not_fit_are_refused(study):
    answers, given = study
    with pytest.raises(ArgumentError, match="'advice'"):
        everyone_asked(answers, **(given | {"instrument": "advice"}))
    with pytest.raises(ArgumentError, match=r"no roster of the wave.*\n.*'y2 c'"):
        everyone_asked(answers, **(given | {"memberships": given["memberships"].iloc[:3]}))
    with pytest.raises(ArgumentError, match="'team_id'"):
        everyone_asked(
            answers, **(given | {"memberships": given["memberships"][["wave", "person_id"]]})
        )
