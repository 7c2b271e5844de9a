"""A study small enough to count: who is who, what is kept, what every cell became."""

import pandas as pd
import pytest

from cvln_eval.clean import clean_study, write_cleaned
from cvln_eval.errors import CleanError, ReadError, SchemaError, StudyError
from cvln_eval.study.ledger import Ledger

SURVEY = """
[[raw]]
file = "s1.csv"
table = "responses"
form = "survey"
wave = "w1"
instruments = ["culture"]
columns = { Who = "name", Team = "team_id", When = "submitted_at" }
ignore = ["Comment"]
dates = "mdy"
"""

ANSWERS = """Who,Team,When,Q1,Q2,Comment
jose ibanez,A,2008-10-13 10:00:00,Agree,1,"two
lines"
Ann Lee,Alder Unified,2008-10-14 00:00:00,1,3,
Ann Lee,A,2008-10-15 00:00:00, agree ,,
,,,,,
Nobody Known,B,2008-10-15 00:00:00,1,1,
Bo Chen,B,2008-10-15 00:00:00,99,7,
Bo Chan,B,2008-10-15 00:00:00,1,1,
Who,Team,When,Q1,Q2,Comment
"""

EVENTS = """
[[raw]]
file = "sessions.csv"
table = "sessions"

[[raw]]
file = "attendance.csv"
table = "attendance"

[[raw]]
file = "ties.csv"
table = "ties"
wave = "w1"
constants = { relation = "advice" }
"""

EVENT_FILES = {
    "sessions.csv": "session_id,kind,mode,planned_on,held_on,status,hours\n"
    "S1,network_day,face_to_face,2008-10-01,39722,held,6\n"
    "S2,webinar,virtual,2009-02-01,,cancelled,\n",
    "attendance.csv": "session_id,person_id,hours\n"
    "S1,L1,6\nS1,L1,6\nS1,Ann Lee,2\nS2,L3,1\nS1,Guest Person,3\nS9,L3,3\nS1,L3,-2\n"
    "S1,L4,4\nS1,L4,5\n",
    "ties.csv": "sender_id,receiver_id,strength\n"
    "L1,L1,3\nL1,L3,2\nL2,,\nL3,Zed Unknown,2\nL5,L1,1\n",
}


def rules(ledger: Ledger, file: str) -> dict[int, str]:
    rows = ledger.rows[ledger.rows["file"] == file]
    return dict(zip(rows["row"], rows["rule"], strict=True))


def cells(ledger: Ledger, file: str) -> set[tuple[int, str, str, str, str]]:
    found = ledger.cells[ledger.cells["file"] == file]
    return set(found.drop(columns="file").itertuples(index=False, name=None))


def test_people_are_one_person_over_years_by_id_then_by_name_in_the_team(make_study):
    cleaned = clean_study(make_study())
    memberships = cleaned.tables["memberships"].set_index(["person_id", "wave"])["team_id"]
    assert memberships.to_dict() == {
        ("L1", "w1"): "A",
        ("L1", "w2"): "A",
        ("L2", "w1"): "A",
        ("L2", "w2"): "A",
        ("L3", "w1"): "B",
        ("L3", "w2"): "B",
        ("L4", "w1"): "B",
        ("L5", "w2"): "B",
    }
    # L9 is Bo Chen of team B, who was L3; the two Ann Lees stay two people.
    assert cells(cleaned.ledger, "r2.csv") == {(4, "person_id", "L9", "L3", "id_changed")}
    assert cells(cleaned.ledger, "r1.csv") == set()
    assert len(cleaned.review) == 0


def test_a_name_that_only_resembles_another_is_kept_apart_until_somebody_decides(make_study):
    roster = "name,person_id,team_id,role\nAnne Lee,L7,A,principal\n"
    cleaned = clean_study(make_study(raw={"r2.csv": roster}))
    assert "L7" in set(cleaned.tables["people"]["person_id"])
    assert cleaned.review[["name", "candidate_id"]].to_numpy().tolist() == [["Anne Lee", "L2"]]
    for decision, person in (("same", "L2"), ("different", "L7")):
        links = (
            "name,team_id,given_id,decision,person_id,decided_by,note\n"
            f"Anne Lee,A,L7,{decision},L2,evaluator,asked\n"
        )
        decided = clean_study(make_study(raw={"r2.csv": roster}, codebook={"links.csv": links}))
        second = decided.tables["memberships"].query("wave == 'w2'")
        assert second["person_id"].tolist() == [person]
        assert len(decided.review) == 0


def test_an_id_that_returns_with_another_name_is_nobody_until_somebody_decides(make_study):
    roster = "name,person_id,team_id,role\nWilma Stone,L1,A,principal\n"
    cleaned = clean_study(make_study(raw={"r2.csv": roster}))
    second = cleaned.tables["memberships"].query("wave == 'w2'")["person_id"].tolist()
    assert second == ["P0001"]
    assert cleaned.review["why"].tolist() == ["id returns with another name"]


def test_a_roster_without_ids_links_by_name_and_merges_equal_rows(make_study):
    first = "name,team_id,role\nAnn Lee,A,principal\nAnn Lee,A,principal\nBo Chen,B,principal\n"
    second = 'name,team_id,role\n"Lee, Ann",A,principal\n'
    cleaned = clean_study(make_study(raw={"r1.csv": first, "r2.csv": second}))
    assert cleaned.tables["memberships"][["person_id", "wave"]].to_numpy().tolist() == [
        ["P0001", "w1"],
        ["P0001", "w2"],
        ["P0002", "w1"],
    ]
    assert rules(cleaned.ledger, "r1.csv") == {2: "kept", 3: "exact_duplicate", 4: "kept"}
    assert cells(cleaned.ledger, "r2.csv") == {(2, "name", "Lee, Ann", "P0001", "linked_by_name")}


def test_every_row_of_a_survey_is_accounted_for(make_study):
    cleaned = clean_study(make_study(SURVEY, raw={"s1.csv": ANSWERS}))
    assert rules(cleaned.ledger, "s1.csv") == {
        2: "kept",
        3: "duplicate_submission",
        4: "kept",
        5: "blank_row",
        6: "not_on_roster",
        7: "kept",
        8: "unresolved_person",
        9: "repeated_header",
    }
    assert cleaned.review[["name", "candidate_id"]].to_numpy().tolist() == [["Bo Chan", "L3"]]
    assert cleaned.outsiders["as_written"].tolist() == ["Nobody Known"]


def test_answers_become_keyed_numbers_and_nothing_received_is_lost(make_study):
    cleaned = clean_study(make_study(SURVEY, raw={"s1.csv": ANSWERS}))
    answers = cleaned.tables["responses"].set_index(["person_id", "item"])
    # trust_2 is reversed on a scale of 1 to 3, so that 1 counts 3.
    assert answers["raw_value"].to_dict() == {
        ("L1", "trust_1"): "Agree",
        ("L1", "trust_2"): "1",
        ("L2", "trust_1"): " agree ",
        ("L2", "trust_2"): "3",
        ("L3", "trust_1"): "99",
        ("L3", "trust_2"): "7",
    }
    assert answers["value"].dropna().to_dict() == {
        ("L1", "trust_1"): 3,
        ("L1", "trust_2"): 3,
        ("L2", "trust_1"): 3,
        ("L2", "trust_2"): 1,
    }
    assert cells(cleaned.ledger, "s1.csv") == {
        (2, "Who", "jose ibanez", "L1", "linked_by_name"),
        (2, "Q1", "Agree", "3", "label_to_value"),
        (3, "Q1", "1", "3", "superseded"),
        (4, "Who", "Ann Lee", "L2", "linked_by_name"),
        (4, "Q1", " agree ", "3", "trimmed"),
        (4, "Q2", "", "3", "filled_from_duplicate"),
        (7, "Who", "Bo Chen", "L3", "linked_by_name"),
        (7, "Q1", "99", "", "missing_code"),
        (7, "Q2", "7", "", "out_of_range"),
    }


def test_the_roster_is_the_universe_of_respondents(make_study):
    cleaned = clean_study(make_study(SURVEY, raw={"s1.csv": ANSWERS}))
    respondents = cleaned.tables["respondents"].set_index("person_id")
    assert respondents["responded"].to_dict() == {"L1": True, "L2": True, "L3": True, "L4": False}
    assert respondents.loc["L4", "reason"] == "no submission"


def test_attendance_and_ties_point_to_what_is_there(make_study):
    cleaned = clean_study(make_study(EVENTS, raw=EVENT_FILES))
    assert rules(cleaned.ledger, "attendance.csv") == {
        2: "kept",
        3: "exact_duplicate",
        4: "unresolved_person",
        5: "session_not_held",
        6: "kept",
        7: "unknown_reference",
        8: "kept",
        9: "kept",
        10: "conflicting_duplicate",
    }
    assert (8, "hours", "-2", "", "out_of_range") in cells(cleaned.ledger, "attendance.csv")
    assert rules(cleaned.ledger, "ties.csv") == {
        2: "kept",
        3: "kept",
        4: "not_a_tie",
        5: "kept",
        6: "not_on_roster",
    }
    assert cells(cleaned.ledger, "ties.csv") == {
        (2, "receiver_id", "L1", "L1", "self_nomination"),
        (5, "receiver_id", "Zed Unknown", "outsider-002", "outsider"),
    }
    answered = cleaned.tables["respondents"].set_index("person_id")["responded"]
    assert answered.dropna().to_dict() == {"L1": True, "L2": True, "L3": True}
    assert pd.isna(answered["L4"])
    sessions = cleaned.tables["sessions"].set_index("session_id")
    assert sessions["wave"].to_dict() == {"S1": "w1", "S2": "w2"}


def test_rows_in_are_rows_kept_merged_and_set_aside(make_study):
    cleaned = clean_study(make_study(SURVEY + EVENTS, raw={"s1.csv": ANSWERS} | EVENT_FILES))
    balance = cleaned.ledger.balance().set_index("file")
    assert balance["n_unaccounted"].eq(0).all()
    assert balance.loc["s1.csv"].tolist() == [8, 3, 1, 4, 0]


def test_cleaning_twice_writes_the_same_bytes_and_tables_read_back_as_they_were(make_study):
    study = make_study(SURVEY + EVENTS, raw={"s1.csv": ANSWERS} | EVENT_FILES)
    cleaned = clean_study(study)
    write_cleaned(study, cleaned)
    first = {path.name: path.read_bytes() for path in study.processed_folder.iterdir()}
    write_cleaned(study, clean_study(study))
    assert first == {path.name: path.read_bytes() for path in study.processed_folder.iterdir()}
    for name, table in cleaned.tables.items():
        pd.testing.assert_frame_equal(study.table(name), table)
    assert repr(study.ledger) == repr(cleaned.ledger)


def test_an_interrupted_write_leaves_the_previous_tables_whole(make_study, monkeypatch):
    study = make_study()
    write_cleaned(study, clean_study(study))
    before = {path.name: path.read_bytes() for path in study.processed_folder.iterdir()}

    import cvln_eval.study.store as store

    real = store.os.replace
    for stop_at in (0, 1):
        calls = []

        def stop(source, target, stop_at=stop_at, calls=calls):
            if len(calls) == stop_at:
                raise KeyboardInterrupt
            calls.append(source)
            real(source, target)

        monkeypatch.setattr(store.os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            write_cleaned(study, clean_study(study))
        monkeypatch.setattr(store.os, "replace", real)
        study.forget()
        assert len(study.table("people")) == 5
        assert before == {p.name: p.read_bytes() for p in study.processed_folder.iterdir()}
        assert not list(study.processed_folder.parent.glob(".processed-*"))


@pytest.mark.parametrize(
    ("toml", "raw", "error", "told"),
    [
        (SURVEY, {}, ReadError, "s1.csv"),
        (SURVEY, {"s1.csv": ""}, ReadError, "empty"),
        (SURVEY, {"s1.csv": "PK\x03\x04\x00"}, ReadError, "s1.csv"),
        (SURVEY, {"s1.csv": "Who,Team,When,Q1,Q2,Comment,Extra\n"}, CleanError, "'Extra'"),
        (SURVEY, {"s1.csv": "Who,When,Q1,Q2,Comment\n"}, CleanError, "'Team'"),
        (
            "",
            {"r1.csv": "name,person_id,team_id\nAnn Lee,L1,A\nBo Chen,L1,B\n"},
            CleanError,
            r"row 3[\s\S]*'Ann Lee' \(r1.csv row 2\) and 'Bo Chen'",
        ),
        (
            '[[raw]]\nfile = "t.csv"\ntable = "ties"\n',
            {"t.csv": "wave,relation,sender_id,receiver_id\nw7,advice,L1,L2\n"},
            CleanError,
            r"row 2, column wave[\s\S]*w1, w2[\s\S]*'w7'",
        ),
        (
            '[[raw]]\nfile = "m.csv"\ntable = "ties"\nform = "matrix"\nheader = false\n'
            'wave = "w1"\nconstants = { relation = "advice" }\n',
            {"m.csv": "0,1\n1,0\n"},
            CleanError,
            "4 rows and 4 columns[\\s\\S]*2 rows and 2 columns",
        ),
        (
            '[[raw]]\nfile = "o.csv"\ntable = "outcomes"\n',
            {"o.csv": "unit_id,year,subject,grade,team_id\nU1,2009,math,3,A\n\nU2,2009,math,3,Z\n"},
            None,
            "",
        ),
    ],
)
def test_bad_input_is_told_with_file_row_and_column(make_study, toml, raw, error, told):
    study = make_study(toml, raw=raw)
    if error is None:
        ledger = clean_study(study).ledger
        assert rules(ledger, "o.csv") == {2: "kept", 3: "blank_row", 4: "unknown_reference"}
        return
    with pytest.raises(error, match=told):
        clean_study(study)


def test_a_wave_that_the_study_does_not_have_is_refused_on_opening(make_study):
    with pytest.raises(StudyError, match="'w9'"):
        make_study(SURVEY.replace('wave = "w1"', 'wave = "w9"'), raw={"s1.csv": ANSWERS})


def test_a_data_file_that_no_entry_names_is_refused_unless_it_is_left_out_on_purpose(
    make_study, head
):
    with pytest.raises(StudyError, match=r"'late.csv'[\s\S]*not_read"):
        clean_study(make_study(raw={"late.csv": "a,b\n1,2\n"}))
    left_out = head.replace("[study]", 'not_read = ["late.csv"]\n[study]', 1)
    assert len(clean_study(make_study(raw={"late.csv": "a,b\n"}, head=left_out)).tables) == 3


def test_a_code_for_missing_is_nobody(make_study):
    rosters = {
        "r2.csv": "name,person_id,team_id,role\nAnn Lee,#N/A,A,principal\n#N/A,,A,principal\n"
    }
    cleaned = clean_study(make_study(raw=rosters))
    assert rules(cleaned.ledger, "r2.csv") == {2: "kept", 3: "missing_key"}
    assert cells(cleaned.ledger, "r2.csv") == {
        (2, "person_id", "#N/A", "", "missing_code"),
        (2, "name", "Ann Lee", "L2", "linked_by_name"),
    }


def test_a_row_with_fewer_cells_than_the_header_is_said(make_study):
    roster = "name,person_id,team_id,role\nAnn Lee,L2,A\n"
    cleaned = clean_study(make_study(raw={"r2.csv": roster}))
    assert cells(cleaned.ledger, "r2.csv") == {(2, "", "", "", "short_row")}


def test_a_matrix_keeps_self_nominations_and_says_which_rows_are_silent(make_study):
    toml = (
        '[[raw]]\nfile = "m.csv"\ntable = "ties"\nform = "matrix"\nheader = false\n'
        'wave = "w1"\nconstants = { relation = "advice" }\n'
    )
    cleaned = clean_study(make_study(toml, raw={"m.csv": "2,1,0,0\n0,0,0,0\n0,4,0,0\n,,,\n"}))
    ties = cleaned.tables["ties"][["sender_id", "receiver_id", "strength"]].to_numpy().tolist()
    assert ties == [["L1", "L1", 2.0], ["L1", "L2", 1.0], ["L3", "L2", 4.0]]
    assert cells(cleaned.ledger, "m.csv") == {(1, "1", "2", "L1", "self_nomination")}
    assert rules(cleaned.ledger, "m.csv") == {
        1: "kept",
        2: "not_known_whether_answered",
        3: "kept",
        4: "not_known_whether_answered",
    }


def test_a_wide_file_gives_one_record_a_filled_cell(make_study):
    toml = (
        '[[raw]]\nfile = "rubric.csv"\ntable = "ratings"\nform = "wide"\nwave = "w1"\n'
        'names_to = "criterion"\nvalues_to = "score"\n'
        'columns = { "Shared vision" = "vision", Rater = "rater_name", District = "team_id" }\n'
    )
    rubric = "District,Rater,Shared vision,time\nAlder Unified,Ann Lee,3,x\nB,Bo Chen,,2\n"
    cleaned = clean_study(make_study(toml, raw={"rubric.csv": rubric}))
    ratings = cleaned.tables["ratings"].drop(columns="wave")
    assert ratings.fillna(-1).to_numpy().tolist() == [
        ["A", "time", "L2", -1.0],
        ["A", "vision", "L2", 3.0],
        ["B", "time", "L3", 2.0],
    ]
    assert (2, "time", "x", "", "not_a_number") in cells(cleaned.ledger, "rubric.csv")


def test_a_record_outside_its_schema_stops_cleaning(make_study):
    toml = '[[raw]]\nfile = "a.csv"\ntable = "activity"\n'
    codebook = {
        "columns.csv": "table,column,type,unit,required,description\n"
        "activity,words,integer,words,yes,Length\n"
    }
    raw = {"a.csv": "activity_id,person_id,occurred_at,action,words\n1,L1,2008-10-01,post,\n"}
    cleaned = clean_study(make_study(toml, raw=raw, codebook=codebook))
    assert rules(cleaned.ledger, "a.csv") == {2: "missing_key"}


def test_schemas_name_the_column_and_the_value(make_study):
    from cvln_eval.study.schemas import check_keys, check_table

    study = make_study()
    cleaned = clean_study(study)
    people = cleaned.tables["people"].assign(level="moon")
    with pytest.raises(SchemaError, match=r"level: isin.*'moon'"):
        check_table(people, study.codebook, "people")
    doubled = pd.concat([cleaned.tables["teams"]] * 2)
    with pytest.raises(SchemaError, match="'A', 'B'"):
        check_table(doubled, study.codebook, "teams")
    tables = cleaned.tables | {"people": cleaned.tables["people"].query("person_id != 'L5'")}
    with pytest.raises(SchemaError, match=r"memberships.person_id[\s\S]*'L5'"):
        check_keys(tables, cleaned.outsiders)


def test_a_tie_whose_strength_cannot_be_read_does_not_pass_for_none(make_study):
    toml = (
        '[[raw]]\nfile = "t.csv"\ntable = "ties"\nwave = "w1"\n'
        'constants = { relation = "advice" }\n'
    )
    ties = "sender_id,receiver_id,strength\nL1,L2,-1\nL2,L1,often\nL3,L1,0\nL3,L2,\n"
    cleaned = clean_study(make_study(toml, raw={"t.csv": ties}))
    assert rules(cleaned.ledger, "t.csv") == {
        2: "strength_not_read",
        3: "strength_not_read",
        4: "not_a_tie",
        5: "not_a_tie",
    }
    assert cells(cleaned.ledger, "t.csv") == {
        (2, "strength", "-1", "", "out_of_range"),
        (3, "strength", "often", "", "not_a_number"),
    }
    assert cleaned.tables["respondents"].dropna()["responded"].all()


def test_a_row_set_aside_for_a_cell_says_which_cell(make_study):
    roster = "name,person_id,team_id,role\nAnn Lee,L2,Aldr,principal\n"
    cleaned = clean_study(make_study(raw={"r2.csv": roster}))
    assert rules(cleaned.ledger, "r2.csv") == {2: "unknown_reference"}
    assert cells(cleaned.ledger, "r2.csv") == {(2, "team_id", "Aldr", "", "unknown_label")}


def test_a_row_that_repeats_one_of_another_file_says_which(make_study):
    toml = EVENTS + '[[raw]]\nfile = "late.csv"\ntable = "attendance"\n'
    late = {"late.csv": "session_id,person_id,hours\nS1,L1,6\nS1,L3,2\n"}
    rows = clean_study(make_study(toml, raw=EVENT_FILES | late)).ledger.rows
    found = rows[rows["file"] == "late.csv"][["rule", "into_file", "into_row"]]
    assert found.to_numpy().tolist() == [
        ["exact_duplicate", "attendance.csv", 2],
        ["conflicting_duplicate", "attendance.csv", 8],
    ]


def test_what_a_killed_run_left_is_removed_by_the_next(make_study):
    study = make_study()
    left = study.processed_folder.parent / ".processed-new-killed"
    left.mkdir()
    write_cleaned(study, clean_study(study))
    assert not left.exists()


STATED = '[[raw]]\nfile = "who.csv"\ntable = "respondents"\n'


def test_a_file_that_says_who_answered_counts_unless_the_answers_contradict_it(make_study):
    said = "wave,instrument,person_id,responded,reason\nw1,culture,L4,no,on leave\n"
    raw = {"s1.csv": ANSWERS, "who.csv": said}
    respondents = clean_study(make_study(SURVEY + STATED, raw=raw)).tables["respondents"]
    assert respondents.set_index("person_id").loc["L4", "reason"] == "on leave"
    raw["who.csv"] = said.replace("L4", "L1")
    with pytest.raises(CleanError, match=r"did not answer[\s\S]*'w1\|culture\|L1'"):
        clean_study(make_study(SURVEY + STATED, raw=raw))


def test_a_decision_for_all_teams_holds_in_rosters_too(make_study):
    roster = "name,person_id,team_id,role\nAnne Lee,L7,A,principal\n"
    links = "name,team_id,given_id,decision,person_id,decided_by,note\nAnne Lee,,,same,L2,me,\n"
    study = make_study(raw={"r2.csv": roster}, codebook={"links.csv": links})
    second = clean_study(study).tables["memberships"].query("wave == 'w2'")
    assert second["person_id"].tolist() == ["L2"]
