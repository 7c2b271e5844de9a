"""What would be lost or misread without a word is refused with one clear message."""

import shutil

import openpyxl
import pytest

from cvln_eval.clean import clean_study, write_cleaned
from cvln_eval.errors import CleanError, ReadError, StudyError

SURVEY = (
    '[[raw]]\nfile = "s.csv"\ntable = "responses"\nform = "survey"\nwave = "w1"\n'
    'instruments = ["culture"]\n'
)
ITEMS = "item,instrument,scale,reverse,response_set,text,source,name_w1,name_w2\n"


def test_a_sheet_that_no_entry_names_is_refused_unless_left_out_on_purpose(make_study, head):
    toml = (
        '[[raw]]\nfile = "t.xlsx"\nsheet = "Fall"\ntable = "ties"\nwave = "w1"\n'
        'constants = { relation = "advice" }\n'
    )

    def workbook(study):
        book = openpyxl.Workbook()
        book.active.title = "Fall"
        for name in ("Fall", "Spring"):
            sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
            sheet.append(["sender_id", "receiver_id"])
            sheet.append(["L1", "L2"])
        book.save(study.raw_folder / "t.xlsx")
        return study

    with pytest.raises(StudyError, match=r"'t.xlsx#Spring'[\s\S]*not_read"):
        clean_study(workbook(make_study(toml)))
    left_out = head.replace("[study]", 'not_read = ["t.xlsx#Spring"]\n[study]', 1)
    assert len(clean_study(workbook(make_study(toml, head=left_out))).tables["ties"]) == 1


def test_what_excel_and_macos_leave_beside_a_file_is_no_data(make_study):
    raw = {"~$r1.xlsx": "x", "._r1.csv": "x", ".~lock.r1.csv": "x"}
    assert "people" in clean_study(make_study(raw=raw)).tables
    with pytest.raises(StudyError, match=r"'late.ods'"):
        clean_study(make_study(raw={"late.ods": "x"}))


@pytest.mark.parametrize(
    ("toml", "text", "told"),
    [
        (SURVEY.replace('wave = "w1"\n', ""), "person_id,Q1\nL1,1\n", "Expected: 'wave'"),
        (SURVEY, "Q1\n1\n", "Expected: 'person_id'"),
        (SURVEY, "person_id\nL1\n", "columns with answers"),
        (
            '[[raw]]\nfile = "s.csv"\ntable = "ties"\nwave = "w1"\n',
            "sender_id\nL1\n",
            "Expected: 'relation', 'receiver_id'",
        ),
        (
            '[[raw]]\nfile = "s.csv"\ntable = "memberships"\nform = "roster"\n',
            "name\nAnn Lee\n",
            "Expected: 'wave', 'team_id'",
        ),
        (
            '[[raw]]\nfile = "s.csv"\ntable = "ties"\nform = "matrix"\nheader = false\n',
            "0,1\n1,0\n",
            "Expected: 'wave', 'relation'",
        ),
        (
            '[[raw]]\nfile = "s.csv"\ntable = "attendance"\nform = "wide"\n'
            'names_to = "session_id"\nvalues_to = "hours"\n',
            "person_id\nL1\n",
            "columns with answers or records",
        ),
    ],
)
def test_a_file_without_a_column_that_its_records_need_is_refused(make_study, toml, text, told):
    with pytest.raises(CleanError, match=rf"lacks a column[\s\S]*file s.csv[\s\S]*{told}"):
        clean_study(make_study(toml, raw={"s.csv": text}))


def test_a_header_that_means_two_items_is_refused(make_study):
    items = ITEMS + (
        "trust_1,culture,trust,no,agree,We keep our word,own,Q1,Q2\n"
        "trust_2,culture,trust,no,agree,We hide things,own,Q2,Q1\n"
    )
    several = SURVEY.replace('wave = "w1"\n', "")
    raw = {"s.csv": "person_id,wave,Q1,Q2\nL1,w1,1,3\n"}
    with pytest.raises(StudyError, match=r"'Q2': 'trust_1' and 'trust_2'"):
        clean_study(make_study(several, raw=raw, codebook={"items.csv": items}))
    # Within one wave each header has one meaning, though it had another in the wave before.
    cleaned = clean_study(make_study(SURVEY, raw=raw, codebook={"items.csv": items}))
    answers = cleaned.tables["responses"].set_index("item")["raw_value"]
    assert answers.to_dict() == {"trust_1": "1", "trust_2": "3"}


@pytest.mark.parametrize(
    ("items", "sets", "told"),
    [
        (ITEMS, "agree,1,3,no\nagree,2,2,no\nagree,3,1,no\n", "'1': '1' and '3'"),
        (ITEMS + "q,i,s,no,agree,T,own,Q1,\n", "agree,No,no,no\n", "not numbers[\\s\\S]*'no'"),
        (ITEMS + "q,i,s,yes,,T,own,Q1,\n", "agree,No,1,no\n", "reversed item[\\s\\S]*'q': ''"),
    ],
)
def test_a_codebook_that_would_misread_answers_is_refused(make_study, items, sets, told):
    sets = "response_set,label,value,missing\n" + sets
    with pytest.raises(StudyError, match=told):
        make_study(codebook={"items.csv": items, "response_sets.csv": sets})


def test_an_item_without_a_response_set_is_a_number(make_study):
    items = ITEMS + "years,culture,s,no,,Years here,own,Q1,\n"
    cleaned = clean_study(
        make_study(SURVEY, raw={"s.csv": "person_id,Q1\nL1,12.5\n"}, codebook={"items.csv": items})
    )
    assert cleaned.tables["responses"]["value"].tolist() == [12.5]


def test_labels_of_a_yes_or_no_column_stand_for_true_and_false(make_study):
    columns = "table,column,type,unit,required,description,response_set\n"
    columns += "applications,accepted,boolean,,no,Accepted,answer\n"
    sets = "response_set,label,value,missing\nanswer,Ja,{},no\nanswer,Nein,false,no\nteam,A,A,no\n"
    toml = '[[raw]]\nfile = "a.csv"\ntable = "applications"\n'
    raw = {"a.csv": "application_id,cohort,kind,team_id,accepted\n1,c,joint,A,Ja\n"}

    def made(value):
        books = {"columns.csv": columns, "items.csv": ITEMS, "response_sets.csv": sets}
        books["response_sets.csv"] = sets.format(value)
        return make_study(toml, raw=raw, codebook=books)

    assert clean_study(made("true")).tables["applications"]["accepted"].tolist() == [True]
    with pytest.raises(StudyError, match=r"true and false[\s\S]*'yes'"):
        made("yes")


def test_records_above_what_looks_like_the_header_are_refused(make_study):
    toml = '[[raw]]\nfile = "t.csv"\ntable = "ties"\nwave = "w1"\n'
    toml += 'constants = { relation = "advice" }\n'
    above = "sendr,receiver_id,strength\nL1,L2,1\nsender_id,receiver_id,strength\nL2,L3,1\n"
    with pytest.raises(ReadError, match=r"row 1\n[\s\S]*row 3\n[\s\S]*'sendr', 'receiver_id'"):
        clean_study(make_study(toml, raw={"t.csv": above}))
    title = "Strength of ties\n\nsender_id,receiver_id,strength\nL2,L3,1\n"
    assert len(clean_study(make_study(toml, raw={"t.csv": title})).tables["ties"]) == 1


def test_a_matrix_whose_header_names_people_in_another_order_is_refused(make_study):
    toml = '[[raw]]\nfile = "m.csv"\ntable = "ties"\nform = "matrix"\nwave = "w2"\n'
    toml += 'constants = { relation = "advice" }\n'
    body = "\n0,1,0,0\n0,0,0,0\n0,0,0,0\n0,0,0,0\n"
    right = "Jose Ibanez,Ann Lee,L3,Somebody" + body
    assert len(clean_study(make_study(toml, raw={"m.csv": right})).tables["ties"]) == 1
    wrong = "Jose Ibanez,L3,Ann Lee,L5" + body
    with pytest.raises(CleanError, match=r"column L3[\s\S]*L2 \(Ann Lee\)[\s\S]*who is L3"):
        clean_study(make_study(toml, raw={"m.csv": wrong}))


def test_a_table_that_does_not_exist_is_refused_with_its_file(make_study):
    with pytest.raises(StudyError, match=r"file x.csv[\s\S]*'answers'"):
        make_study('[[raw]]\nfile = "x.csv"\ntable = "answers"\n')


def test_what_a_person_has_put_beside_the_tables_stays(make_study):
    study = make_study()
    write_cleaned(study, clean_study(study))
    (study.processed_folder / "notes.txt").write_text("mine", encoding="utf-8")
    (study.processed_folder / "sessions.csv").write_text("of an earlier run", encoding="utf-8")
    write_cleaned(study, clean_study(study))
    assert (study.processed_folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (study.processed_folder / "sessions.csv").exists()


def test_a_link_or_a_file_in_the_place_of_the_tables_gives_way(make_study, tmp_path):
    study = make_study()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "teams.csv").write_text("old", encoding="utf-8")
    study.processed_folder.symlink_to(elsewhere, target_is_directory=True)
    for _ in range(2):
        write_cleaned(study, clean_study(study))
        assert len(study.table("teams")) == 2
    assert (elsewhere / "teams.csv").read_text(encoding="utf-8") == "old"
    shutil.rmtree(study.processed_folder)
    study.processed_folder.write_text("", encoding="utf-8")
    write_cleaned(study, clean_study(study))
    assert sorted(p.name for p in study.processed_folder.parent.iterdir()) == ["processed", "raw"]
