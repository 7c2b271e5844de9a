"""People are never merged silently, whatever their names and ids look like."""

import pytest

from cvln_eval.clean import clean_study
from cvln_eval.clean.names import may_be_one, normalised_name
from cvln_eval.errors import CleanError, StudyError

SURVEY = (
    '[[raw]]\nfile = "s.csv"\ntable = "responses"\nform = "survey"\nwave = "w1"\n'
    'instruments = ["culture"]\n'
)
LINKS = "name,team_id,given_id,decision,person_id,decided_by,note\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "李娜"),
        ("Иван Петров", "Анна Петрова"),
        ("अमित", "अमिता"),
        ("John Smith Jr.", "John Smith Sr."),
        ("Smith, John, II", "Smith, John, III"),
        ("Ling Ma", "Ling"),
        ("???", "--"),
    ],
)
def test_two_names_stay_two_people_where_no_id_is_given(make_study, one, other):
    assert normalised_name(one) != normalised_name(other)
    roster = f'name,team_id\n"{one}",A\n"{other}",A\n'
    cleaned = clean_study(make_study(raw={"r1.csv": roster, "r2.csv": "name,team_id\n"}))
    assert len(cleaned.tables["people"]) == 2


@pytest.mark.parametrize(
    ("spelling", "plain"),
    [
        ("Smith, John, Jr.", "john smith jr"),
        ("Smith Jr., John", "john smith jr"),
        ("Sr. Juan Ruiz", "juan ruiz"),
        ("Ma, Jack", "jack ma"),
        ("Lee, Ma", "ma lee"),
        ("Kate O'Neil, M.A.", "kate oneil"),
        ("Cole-Ruiz, Ana", "ana cole ruiz"),
    ],
)
def test_degrees_and_titles_go_and_names_stay(spelling, plain):
    assert normalised_name(spelling) == plain


def test_under_one_id_a_marriage_or_an_initial_is_one_person_and_a_relative_is_not():
    assert may_be_one("ann lee", "ann garcia")
    assert may_be_one("m garcia", "maria garcia")
    assert not may_be_one("maria garcia", "jose garcia")


def test_two_of_one_family_under_one_id_in_one_wave_are_refused(make_study):
    roster = "name,person_id,team_id\nMaria Garcia,L1,A\nJose Garcia,L1,A\n"
    with pytest.raises(CleanError, match=r"row 3[\s\S]*'Maria Garcia' \(r1.csv row 2\)"):
        clean_study(make_study(raw={"r1.csv": roster}))


def test_an_id_that_differs_by_case_is_one_person_and_the_change_is_recorded(make_study):
    roster = "name,person_id,team_id\nAnn Lee,L2,A\nAnn Lee,l2,A\n"
    later = "name,person_id,team_id\nAnn Lee,l2,A\n"
    cleaned = clean_study(make_study(raw={"r1.csv": roster, "r2.csv": later}))
    assert cleaned.tables["people"]["person_id"].tolist() == ["L2"]
    cells = cleaned.ledger.cells.drop(columns="file").to_numpy().tolist()
    assert cells == [[2, "person_id", "l2", "L2", "trimmed"]]


def test_an_id_beside_the_name_of_somebody_else_is_for_a_person_to_decide(make_study):
    answers = "person_id,name,team_id,Q1\nL1,Bo Chen,B,1\nX9,Bo Chen,B,2\n"
    cleaned = clean_study(make_study(SURVEY, raw={"s.csv": answers}))
    rows = cleaned.ledger.rows.query("file == 's.csv'")
    assert rows["rule"].tolist() == ["unresolved_person", "kept"]
    assert cleaned.review["candidate_id"].tolist() == ["L1", "L3"]
    assert set(cleaned.review["why"]) == {"id and name mean two people"}
    cells = cleaned.ledger.cells.query("file == 's.csv'").drop(columns="file")
    assert set(cells.itertuples(index=False, name=None)) == {
        (3, "name", "Bo Chen", "L3", "linked_by_name"),
        (3, "person_id", "X9", "L3", "id_changed"),
    }
    links = {"links.csv": LINKS + "Bo Chen,B,,same,L3,evaluator,asked\n"}
    decided = clean_study(make_study(SURVEY, raw={"s.csv": answers}, codebook=links))
    assert set(decided.tables["responses"]["person_id"]) == {"L3"}


def test_a_name_decided_to_be_somebody_else_is_no_longer_for_review(make_study):
    answers = "name,team_id,Q1\nBo Chan,B,1\n"
    links = {"links.csv": LINKS + "Bo Chan,B,,different,,evaluator,asked\n"}
    cleaned = clean_study(make_study(SURVEY, raw={"s.csv": answers}, codebook=links))
    assert cleaned.ledger.rows.query("file == 's.csv'")["rule"].tolist() == ["not_on_roster"]
    assert len(cleaned.review) == 0


def test_a_decision_for_somebody_on_no_roster_is_refused(make_study):
    links = {"links.csv": LINKS + "Dana Ruiz,B,,same,L99,evaluator,asked\n"}
    with pytest.raises(StudyError, match=r"links.csv[\s\S]*'Dana Ruiz: L99'"):
        clean_study(make_study(codebook=links))


def test_a_roster_row_without_a_wave_is_set_aside(make_study):
    toml = '[[raw]]\nfile = "r3.csv"\ntable = "memberships"\nform = "roster"\n'
    roster = "name,person_id,team_id,wave\nZoe Quill,L8,A,w1\nMax Power,L7,A,\n"
    cleaned = clean_study(make_study(toml, raw={"r3.csv": roster}))
    assert cleaned.ledger.rows.query("file == 'r3.csv'")["rule"].tolist() == ["kept", "missing_key"]


def test_a_name_with_a_control_character_is_read(make_study):
    cleaned = clean_study(make_study(SURVEY, raw={"s.csv": "name,Q1\nBo\x1fChen,1\n"}))
    assert cleaned.ledger.rows.query("file == 's.csv'")["record"].tolist() == ["w1|L3"]
