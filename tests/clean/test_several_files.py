"""One thing reported in several files: nothing is lost, and no file speaks for another."""

import random

import pandas as pd
import pytest

from cvln_eval.clean import clean_study
from cvln_eval.errors import CleanError, StudyError


def survey(*files):
    return "".join(
        f'[[raw]]\nfile = "{file}"\ntable = "responses"\nform = "survey"\nwave = "w1"\n'
        'instruments = ["culture"]\n'
        for file in files
    )


def rules(cleaned, file):
    rows = cleaned.ledger.rows.query("file == @file")
    return dict(zip(rows["row"], rows["rule"], strict=True))


def test_who_answered_in_one_file_is_no_silence_in_another(make_study):
    raw = {"a.csv": "person_id,Q1\nL1,1\nL2,2\n", "b.csv": "person_id,Q1\nL3,2\n"}
    cleaned = clean_study(make_study(survey("a.csv", "b.csv"), raw=raw))
    respondents = cleaned.tables["respondents"].set_index("person_id")
    assert respondents["responded"].to_dict() == {"L1": True, "L2": True, "L3": True, "L4": False}
    assert respondents["reason"].dropna().to_dict() == {"L4": "no submission"}


def test_an_instrument_over_two_files_keeps_the_answers_of_both(make_study):
    raw = {"a.csv": "person_id,Q1\nL1,3\nL2,1\n", "b.csv": "person_id,Q2\nL1,3\nL2,2\n"}
    cleaned = clean_study(make_study(survey("a.csv", "b.csv"), raw=raw))
    answers = cleaned.tables["responses"].set_index(["person_id", "item"])["raw_value"]
    assert answers.to_dict() == {
        ("L1", "trust_1"): "3",
        ("L1", "trust_2"): "3",
        ("L2", "trust_1"): "1",
        ("L2", "trust_2"): "2",
    }
    assert rules(cleaned, "a.csv") == {2: "duplicate_submission", 3: "duplicate_submission"}
    filled = cleaned.ledger.cells.query("rule == 'filled_from_duplicate'")
    assert filled[["file", "row", "clean_value"]].to_numpy().tolist() == [
        ["b.csv", 2, "3"],
        ["b.csv", 3, "1"],
    ]


def test_three_submissions_give_the_last_with_its_gaps_filled_from_the_next_to_last(make_study):
    toml = survey("a.csv").rstrip() + '\ncolumns = { When = "submitted_at" }\n'
    raw = {
        "a.csv": "person_id,When,Q1,Q2\nL1,2008-10-03,,3\nL1,2008-10-01,1,1\nL1,2008-10-02,2,\n"
        "L1,2008-10-02,2,\n"
    }
    cleaned = clean_study(make_study(toml, raw=raw))
    answers = cleaned.tables["responses"].set_index("item")["raw_value"]
    assert answers.to_dict() == {"trust_1": "2", "trust_2": "3"}
    assert rules(cleaned, "a.csv") == {
        2: "kept",
        3: "duplicate_submission",
        4: "duplicate_submission",
        5: "exact_duplicate",
    }


def test_sign_in_sheets_of_other_sessions_do_not_contradict_each_other(make_study):
    sheet = (
        '[[raw]]\nfile = "{}"\ntable = "attendance"\nform = "wide"\n'
        'names_to = "session_id"\nvalues_to = "hours"\n'
    )
    raw = {"a.csv": "person_id,S1\nL1,2\nL2,2\n", "b.csv": "person_id,S2\nL1,3\nL3,2\n"}
    cleaned = clean_study(make_study(sheet.format("a.csv") + sheet.format("b.csv"), raw=raw))
    assert len(cleaned.tables["attendance"]) == 4
    assert set(cleaned.ledger.rows["disposition"]) == {"kept"}


def test_a_survey_that_nobody_answered_gives_an_empty_table(make_study):
    cleaned = clean_study(make_study(survey("a.csv"), raw={"a.csv": "person_id,Q1\n"}))
    assert len(cleaned.tables["responses"]) == 0
    assert not cleaned.tables["respondents"]["responded"].any()


@pytest.mark.parametrize("table", ["responses", "ties"])
def test_answers_without_any_roster_are_refused(make_study, table):
    toml = {
        "responses": survey("a.csv"),
        "ties": '[[raw]]\nfile = "a.csv"\ntable = "ties"\nwave = "w1"\n',
    }
    raw = {"a.csv": "person_id,Q1\nL1,1\n"}
    with pytest.raises(StudyError, match="roster"):
        clean_study(make_study(toml[table], raw=raw, rosters=False))


YEAR = '[[raw]]\nfile = "y.csv"\ntable = "memberships"\nform = "roster"\nwave = ["w1", "w2"]\n'


def test_a_roster_of_a_year_keeps_its_later_wave_beside_a_roster_of_the_first(make_study):
    raw = {
        "r2.csv": "name,person_id,team_id\nDana Ruiz,L5,B\n",
        "y.csv": "name,person_id,team_id,role,site_id\nAnn Lee,L2,A,principal,Oak\n",
    }
    cleaned = clean_study(make_study(YEAR, raw=raw))
    members = cleaned.tables["memberships"].set_index(["person_id", "wave"])
    assert ("L2", "w2") in members.index
    assert members.loc[("L2", "w1"), ["role", "site_id"]].tolist() == ["principal", "Oak"]
    assert set(cleaned.ledger.rows["disposition"]) == {"kept"}


def test_rosters_that_contradict_each_other_over_a_wave_are_refused_with_both_rows(make_study):
    raw = {"y.csv": "name,person_id,team_id\nAnn Lee,L2,B\n"}
    with pytest.raises(CleanError, match=r"r1.csv row 3 and y.csv row 2[\s\S]*'A', 'B'"):
        clean_study(make_study(YEAR, raw=raw))


@pytest.mark.parametrize("header", ["vision,vision", "vision,Vision", "vision,vision "])
def test_headers_of_a_wide_file_that_mean_one_thing_are_refused(make_study, header):
    toml = (
        '[[raw]]\nfile = "a.csv"\ntable = "ratings"\nform = "wide"\nwave = "w1"\n'
        'names_to = "criterion"\nvalues_to = "score"\n'
    )
    raw = {"a.csv": f"team_id,rater_id,{header}\nA,L1,1,2\n"}
    with pytest.raises(CleanError, match="Two headers of a file mean one column"):
        clean_study(make_study(toml, raw=raw))


@pytest.mark.parametrize("seed", range(8))
def test_any_survey_balances_and_its_order_of_rows_does_not_matter(make_study, seed):
    draw = random.Random(seed)
    people = ["L1", "L2", "l3", "L4", "X9", "Ann Lee", "ibanez, jose", "Bo Chan", ""]
    cells = ["1", "2", " agree ", "99", "", "7", "x", "3.0"]
    days = draw.sample(range(1, 29), 9)
    rows = [
        f'2008-10-{day:02d},"{draw.choice(people)}",{draw.choice(cells)},{draw.choice(cells)}\n'
        for day in days
    ]
    toml = survey("a.csv").rstrip() + '\ncolumns = { When = "submitted_at" }\n'
    made = []
    for order in (rows, sorted(rows)):
        raw = {"a.csv": "When,person_id,Q1,Q2\n" + "".join(order)}
        cleaned = clean_study(make_study(toml, raw=raw))
        assert cleaned.ledger.balance()["n_unaccounted"].eq(0).all()
        answers = cleaned.tables["responses"].set_index(["person_id", "item"]).sort_index()
        made.append((answers, cleaned.tables["respondents"]))
    for first, second in zip(*made, strict=True):
        pd.testing.assert_frame_equal(first, second)
