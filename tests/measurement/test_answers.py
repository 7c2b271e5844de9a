"""From the long table to one row a person: nothing is made up, what is wrong is named."""

import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement import answer_table, response_range, scale_items
from cvln_eval.study.codebook import Codebook, Item, Label

LABELS = tuple(Label("agree", str(i), str(i), False) for i in range(1, 6))
MISSING = Label("agree", "99", "", True)


def item(name, scale="trust", responses="agree"):
    return Item(name, "culture", scale, False, responses, name, "", {})


CODEBOOK = Codebook(
    (),
    items=(item("b"), item("a"), item("v", "voice"), item("w", "words", "none")),
    labels=(*LABELS, MISSING),
)


def rows(*given):
    return pd.DataFrame(given, columns=["wave", "person_id", "item", "value"])


GIVEN = rows(
    ("y2", "p1", "a", 4),
    ("y2", "p1", "b", None),
    ("y1", "p2", "a", None),
    ("y1", "p2", "b", None),
    ("y1", "p1", "b", 5),
)


def test_items_stand_in_the_codebooks_order_and_waves_in_the_tables():
    wide = answer_table(GIVEN, codebook=CODEBOOK, items="trust")
    assert list(wide.columns) == ["wave", "person_id", "b", "a"]
    assert list(zip(wide["wave"], wide["person_id"], strict=True)) == [
        ("y2", "p1"),
        ("y1", "p1"),
        ("y1", "p2"),
    ]


def test_a_person_whose_answers_are_all_missing_keeps_a_row():
    wide = answer_table(GIVEN, codebook=CODEBOOK, items="trust", wave="y1")
    assert wide.set_index("person_id").loc["p2", ["a", "b"]].isna().all()


def test_a_team_is_the_team_of_the_wave_and_missing_off_the_roster():
    roster = pd.DataFrame({"wave": ["y1", "y2"], "person_id": "p1", "team_id": ["T1", "T2"]})
    wide = answer_table(GIVEN, codebook=CODEBOOK, items="trust", memberships=roster)
    assert wide["team_id"].tolist()[:2] == ["T2", "T1"]
    assert wide["team_id"].isna().tolist() == [False, False, True]


def test_an_instrument_stands_for_all_of_its_items():
    assert scale_items(CODEBOOK, "culture") == ["b", "a", "v", "w"]


def test_the_range_leaves_missing_codes_out():
    assert response_range(CODEBOOK, ["a", "v"]) == (1.0, 5.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": ["a", "nobody"]}, "not in the codebook[\\s\\S]*'nobody'"),
        ({"items": "faith"}, "No scale of this name[\\s\\S]*'faith'"),
        ({"items": "voice"}, "An item was not asked[\\s\\S]*'v'"),
        ({"items": ["a"], "wave": "y3"}, "not asked in wave y3[\\s\\S]*'y2', 'y1'[\\s\\S]*'a'"),
        (
            {"responses": rows(("y1", "p1", "a", 7)), "items": ["a"]},
            "Answers to a lie outside[\\s\\S]*1, 2, 3, 4, 5[\\s\\S]*7 \\(y1\\)",
        ),
        (
            {"responses": rows(*[("y1", "p1", "a", 3)] * 2), "items": ["a"]},
            "twice in one wave[\\s\\S]*y1 p1 a",
        ),
    ],
)
def test_what_is_wrong_is_named(change, message):
    given = {"responses": GIVEN, "codebook": CODEBOOK, **change}
    with pytest.raises(ArgumentError, match=message):
        answer_table(given.pop("responses"), **given)


def test_a_person_twice_on_a_roster_is_named():
    roster = pd.DataFrame({"wave": "y1", "person_id": ["p1", "p1"], "team_id": ["T1", "T2"]})
    with pytest.raises(ArgumentError, match=r"twice on the roster[\s\S]*y1 p1"):
        answer_table(GIVEN, codebook=CODEBOOK, items="trust", memberships=roster)


def test_answers_that_are_words_have_no_range():
    with pytest.raises(ArgumentError, match="to w are not numbers"):
        response_range(CODEBOOK, ["w"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": []}, "A table needs items"),
        ({"items": ["a", "b", "a"]}, "A table needs items[\\s\\S]*Seen: 'a'$"),
        ({"responses": GIVEN.drop(columns="wave")}, "responses lacks a column[\\s\\S]*'wave'"),
        ({"responses": GIVEN.assign(person_id=None)}, "which answer it is[\\s\\S]*'person_id'"),
        ({"responses": GIVEN.assign(value="often")}, "Answers to a must be[\\s\\S]*'often'"),
        ({"responses": GIVEN.assign(value=2.5)}, "outside[\\s\\S]*1, 2, 3[\\s\\S]*'2.5 \\(y1\\)"),
        ({"responses": rows(*[(1, 7, "a", 3)] * 2), "items": ["a"]}, "twice[\\s\\S]*'1 7 a'"),
        (
            {"memberships": GIVEN[["wave", "person_id"]]},
            "memberships lacks[\\s\\S]*'team_id'",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_named(change, message):
    given = {"responses": GIVEN, "codebook": CODEBOOK, "items": ["b", "a"], **change}
    with pytest.raises(ArgumentError, match=message):
        answer_table(given.pop("responses"), **given)


@pytest.mark.parametrize("dtype", ["Int64", "category", "object", "str"])
def test_answers_are_numbers_whatever_holds_them(dtype):
    values = GIVEN["value"].astype("Int64").astype(dtype)
    wide = answer_table(GIVEN.assign(value=values), codebook=CODEBOOK, items="trust")
    pd.testing.assert_frame_equal(wide, answer_table(GIVEN, codebook=CODEBOOK, items="trust"))
