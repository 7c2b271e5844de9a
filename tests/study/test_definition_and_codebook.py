"""study.toml and the codebook are refused with the file, the entry and what was expected."""

import pytest

from cvln_eval import open_study
from cvln_eval.errors import ArgumentError, StudyError, shown
from cvln_eval.study.codebook_files import house_columns
from cvln_eval.study.ledger import ledger_rules

HEAD = '[study]\nid = "s"\nname = "S"\nsimulated = false\nsource = "none"\n'
WAVE = '[[wave]]\nid = "w1"\nlabel = "First"\n'
RAW = '[[raw]]\nfile = "a.csv"\ntable = "ties"\n'
SETS = "response_set,label,value,missing\nagree,No,1,no\nagree,Yes,2,no\n"
ITEMS = "item,instrument,scale,reverse,response_set,text,source,name_w1\n"
ITEM = "q1,i,s,no,agree,Text,own,Q1\n"
COLUMNS = "table,column,type,unit,required,description\n"


@pytest.fixture
def study_of(tmp_path):
    def write(toml=HEAD + WAVE, **codebook):
        (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
        (tmp_path / "codebook").mkdir(exist_ok=True)
        for name, text in codebook.items():
            (tmp_path / "codebook" / f"{name}.csv").write_text(text, encoding="utf-8")
        return open_study(tmp_path)

    return write


def test_the_house_has_fifteen_tables_each_with_a_key(study_of):
    tables = study_of().codebook.tables()
    assert len(tables) == 15
    assert all(study_of().codebook.key(table) for table in tables)
    assert len({(c.table, c.column) for c in house_columns()}) == len(house_columns())


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[study\n", "not valid TOML"),
        (HEAD, r"at least one \[\[wave\]\]"),
        (WAVE, "needs 'id'"),
        (HEAD.replace("false", '"no"') + WAVE, r"simulated = a bool[\s\S]*'no'"),
        (HEAD + WAVE + WAVE, r"wave is listed more than once[\s\S]*'w1'"),
        (HEAD + WAVE + "[extra]\n", r"Unknown key in study.toml[\s\S]*'extra'"),
        (HEAD + WAVE + '[[raw]]\nfile = "a.csv"\n', r"\[\[raw\]\] lacks a key[\s\S]*'table'"),
        (
            HEAD + WAVE + '[[raw]]\nfile = "a.csv"\ntable = "ties"\nform = "odd"\n',
            r"file a.csv[\s\S]*records, roster, survey, matrix, wide[\s\S]*'odd'",
        ),
        (
            HEAD + WAVE + '[[raw]]\nfile = "a.csv"\ntable = "ties"\nwave = ["w1", "w2"]\n',
            r"file a.csv[\s\S]*one of w1[\s\S]*'w2'",
        ),
        (
            HEAD + WAVE + '[teams]\nnetwork = ["A"]\ncomparison = ["A"]\n',
            "team is listed more than once",
        ),
        (HEAD + WAVE + '[teams]\nnetwork = "AB"\n', r"network = a list[\s\S]*Seen: 'AB'"),
        ('missing_codes = "N/A"\n' + HEAD + WAVE, r"missing_codes = a list[\s\S]*'N/A'"),
        ("not_read = [3]\n" + HEAD + WAVE, r"not_read = a list[\s\S]*\[3\]"),
        (HEAD.replace("[study]", "[[study]]") + WAVE, r"\[study\] is no table"),
        (HEAD + '[wave]\nid = "w1"\n', r"\[\[wave\]\] is not written as a list"),
        (HEAD + WAVE + 'starts_on = "fall"\n', r"'w1'[\s\S]*starts_on = a day"),
        (HEAD + WAVE + RAW + "wave = 3\n", r"'a.csv'[\s\S]*column wave[\s\S]*Seen: 3"),
        (HEAD + WAVE + RAW + 'ignore = "Note"\n', r"ignore = a list[\s\S]*'Note'"),
        (HEAD + WAVE + RAW + 'header = "no"\n', r"header = true or false"),
        (HEAD + WAVE + RAW + 'columns = ["a"]\n', r"columns = pairs"),
        (HEAD + WAVE + RAW + "constants = { strength = 1 }\n", r"constants = pairs"),
        (HEAD + WAVE + RAW + 'dates = "ymd"\n', r"one of mdy, dmy[\s\S]*'ymd'"),
        (HEAD + WAVE + RAW + 'zero_row = "no"\n', r"one of not_known, answered"),
        (HEAD + WAVE + RAW + RAW, r"raw file is listed more than once[\s\S]*'a.csv'"),
        (
            HEAD + WAVE + WAVE.replace("w1", "w2") + RAW + 'wave = ["w1", "w2"]\n',
            r"Only a roster can serve several waves[\s\S]*'w1', 'w2'",
        ),
        (HEAD + WAVE + RAW.replace("a.csv", "../a.csv"), r"not in data/raw[\s\S]*'../a.csv'"),
        (HEAD + WAVE + RAW.replace("a.csv", "/etc/a.csv"), r"not in data/raw"),
        (HEAD + WAVE + RAW.replace("a.csv", "C:/a.csv"), r"not in data/raw"),
    ],
)
def test_a_definition_that_cannot_be_used_is_refused(study_of, toml, told):
    with pytest.raises(StudyError, match=told):
        study_of(toml)


@pytest.mark.parametrize(
    ("codebook", "told"),
    [
        (
            {"items": "item,scale\n"},
            r"lacks a column[\s\S]*file items.csv[\s\S]*item, instrument, scale",
        ),
        (
            {"items": ITEMS.replace("name_w1", "name_w8") + ITEM},
            r"items.csv[\s\S]*name_ and one of w1[\s\S]*'name_w8'",
        ),
        (
            {
                "items": ITEMS + ITEM + ITEM,
                "response_sets": SETS,
            },
            r"listed twice[\s\S]*items.csv, column item[\s\S]*'q1'",
        ),
        (
            {"items": ITEMS + "q1,i,s,no,other,Text,own,Q1\n", "response_sets": SETS},
            r"response_sets.csv[\s\S]*'agree'[\s\S]*'q1: other'",
        ),
        (
            {"items": ITEMS + "q1,i,s,perhaps,agree,Text,own,Q1\n", "response_sets": SETS},
            r"items.csv, row 2[\s\S]*yes or no[\s\S]*'perhaps'",
        ),
        (
            {"items": ITEMS + "q1,i,s,no,agree,Text, with a comma,own,Q1\n", "response_sets": SETS},
            r"items.csv, row 2[\s\S]*double quotes",
        ),
        (
            {"response_sets": SETS + "agree, NO ,2,no\n"},
            r"One label stands for two values[\s\S]*'NO': '1' and '2'",
        ),
        ({"columns": COLUMNS + "moon,x,text,,no,X\n"}, r"columns.csv, row 2[\s\S]*'moon'"),
        ({"columns": COLUMNS + "people,x,colour,,no,X\n"}, r"column type[\s\S]*'colour'"),
        (
            {"columns": COLUMNS + "people,tenure_years,text,,no,X\n"},
            r"Expected: number\nSeen: text",
        ),
        (
            {
                "links": "name,team_id,given_id,decision,person_id,decided_by,note\n"
                "A B,T,,maybe,,,\n"
            },
            r"links.csv, row 2, column decision[\s\S]*same or different[\s\S]*'maybe'",
        ),
    ],
)
def test_a_broken_codebook_is_refused(study_of, codebook, told):
    with pytest.raises(StudyError, match=told):
        study_of(**codebook)


def test_a_codebook_with_line_breaks_in_its_texts_is_read(study_of):
    study = study_of(items=ITEMS + 'q1,i,s,no,agree,"Two\nlines",own,Q1\n', response_sets=SETS)
    assert study.codebook.items[0].text == "Two\nlines"


def test_a_study_narrows_the_house_and_adds_to_it(study_of):
    columns = (
        "table,column,type,unit,required,description,minimum,maximum,response_set\n"
        "coaching,minutes,number,minutes,yes,Minutes with the team,5,480,\n"
        "people,likes_tea,boolean,,no,Whether tea is liked,,,\n"
    )
    codebook = study_of(columns=columns).codebook
    minutes = next(c for c in codebook.table("coaching") if c.column == "minutes")
    assert (minutes.minimum, minutes.maximum, minutes.required) == (5, 480, True)
    assert [c.column for c in codebook.table("people")][-1] == "likes_tea"


def test_a_folder_that_is_no_study_says_so(tmp_path):
    with pytest.raises(StudyError, match="no such study folder"):
        open_study(tmp_path / "nowhere")
    (tmp_path / "letter.txt").touch()
    with pytest.raises(StudyError, match=r"a file study.toml in it\nSeen: 'letter.txt'"):
        open_study(tmp_path)


def test_tables_before_cleaning_say_what_to_run(study_of):
    study = study_of()
    with pytest.raises(StudyError, match="cvln-eval clean"):
        study.table("people")
    with pytest.raises(StudyError, match="cvln-eval clean"):
        _ = study.ledger
    with pytest.raises(ArgumentError, match="'moons'"):
        study.table("moons")
    with pytest.raises(ArgumentError, match="one of w1"):
        study.wave("w2")
    with pytest.raises(ArgumentError, match="'treated'"):
        study.arm("treated")


def test_every_rule_of_the_ledger_says_what_it_is_about_and_means():
    rules = ledger_rules()
    assert {about for about, _ in rules.values()} == {"row", "cell", "column", "row or cell"}
    assert all(meaning for _, meaning in rules.values())


def test_up_to_five_values_are_shown():
    assert shown([1, 2, 2, 3]) == "1, 2, 3"
    assert shown("abcdefg") == "'a', 'b', 'c', 'd', 'e' and 2 more"
    assert shown([]) == ""


def test_a_byte_order_mark_and_own_codes_for_missing_do_no_harm(study_of):
    study = study_of("\ufeff" + 'missing_codes = ["99"]\n' + HEAD + WAVE)
    assert study.definition.missing_codes[0] == "99"
    assert "#N/A" in study.definition.missing_codes


def test_a_column_that_is_listed_twice_is_refused(study_of):
    with pytest.raises(StudyError, match=r"columns.csv[\s\S]*'people.x'"):
        study_of(columns=COLUMNS + "people,x,text,,no,X\npeople,x,text,,no,Y\n")
