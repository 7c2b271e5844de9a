"""One cell at a time: what is read, what is changed, and under which rule."""

import string
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvln_eval.clean.cells import label_parser, parser_of
from cvln_eval.clean.dates import day_order, parse_date
from cvln_eval.clean.names import likeness, normalised_name
from cvln_eval.clean.numbers import decimal_mark, parse_number
from cvln_eval.errors import CleanError
from cvln_eval.study import Codebook, Column, Label

AGREE = tuple(
    Label("agree", label, value, False)
    for label, value in (("Disagree", "1"), ("Neither", "2"), ("Agree", "3"), ("I don't", "4"))
)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        ("3", "3", ""),
        ("Agree", "3", "label_to_value"),
        (" agree ", "3", "trimmed"),
        ("3 ", "3", "trimmed"),
        ("3.0", "3", "number_format"),
        ("3 - Agree", "3", "label_to_value"),
        ("1 - Agree", None, "unknown_label"),
        ("I don’t", "4", "trimmed"),
        ("7", None, "out_of_range"),
        ("-1", None, "out_of_range"),
        ("Agre", None, "unknown_label"),
    ],
)
def test_a_label_a_value_or_nothing(cell, value, rule):
    assert label_parser(AGREE, ())(cell) == (value, value or "", rule)


@pytest.mark.parametrize(
    ("text", "order", "expected", "rule"),
    [
        ("2009-03-14", "mdy", datetime(2009, 3, 14), ""),
        ("2009-03-14 16:32", "mdy", datetime(2009, 3, 14, 16, 32), ""),
        ("3/14/2009", "mdy", datetime(2009, 3, 14), "date_format"),
        ("3/4/09", "mdy", datetime(2009, 3, 4), "date_format"),
        ("3/4/09", "dmy", datetime(2009, 4, 3), "date_format"),
        ("14.03.2009", "dmy", datetime(2009, 3, 14), "date_format"),
        ("4/4/13 16:32", "mdy", datetime(2013, 4, 4, 16, 32), "date_format"),
        ("3/14/2009 4:05 PM", "mdy", datetime(2009, 3, 14, 16, 5), "date_format"),
        ("14-Mar-09", "mdy", datetime(2009, 3, 14), "date_format"),
        ("March 14, 2009", "mdy", datetime(2009, 3, 14), "date_format"),
        ("14 March 2009", "mdy", datetime(2009, 3, 14), "date_format"),
        ("2009/03/14", "mdy", datetime(2009, 3, 14), "date_format"),
        ("39886", "mdy", datetime(2009, 3, 14), "excel_serial_date"),
        ("39886.5", "mdy", datetime(2009, 3, 14, 12), "excel_serial_date"),
        ("2009-02-30", "mdy", None, "not_a_date"),
        ("13/13/2009", "mdy", None, "not_a_date"),
        ("7", "mdy", None, "not_a_date"),
        ("soon", "mdy", None, "not_a_date"),
        ("0209-03-14", "mdy", None, "not_a_date"),
        ("2008-02-29", "mdy", datetime(2008, 2, 29), ""),
        ("2009-02-29", "mdy", None, "not_a_date"),
        ("2009-03-14T16:32:05Z", "mdy", datetime(2009, 3, 14, 16, 32, 5), "date_format"),
        ("2009-03-14T16:32:05.123+02:00", "mdy", datetime(2009, 3, 14, 16, 32, 5), "date_format"),
        ("2009/03/14 4:32:05 PM GMT-7", "mdy", datetime(2009, 3, 14, 16, 32, 5), "date_format"),
        ("3/14/2009 16:32 PST", "mdy", datetime(2009, 3, 14, 16, 32), "date_format"),
    ],
)
def test_dates_as_people_write_them(text, order, expected, rule):
    assert parse_date(text, order=order) == (expected, rule)


@given(st.datetimes(datetime(1955, 1, 1), datetime(2060, 1, 1)))
def test_every_spelling_of_a_day_is_that_day(when):
    day = datetime(when.year, when.month, when.day)
    serial = str((day - datetime(1899, 12, 30)).days)
    spellings = [
        day.strftime("%Y-%m-%d"),
        day.strftime("%m/%d/%Y"),
        day.strftime("%d %B %Y"),
        serial,
    ]
    assert {parse_date(text, order="mdy")[0] for text in spellings} == {day}


def test_the_order_of_day_and_month_is_seen_or_stated_and_never_guessed():
    where = {"file": "s.csv", "column": "date"}
    assert day_order(["3/4/09", "3/14/09"], stated=None, **where) == "mdy"
    assert day_order(["3/4/09", "14/3/09"], stated=None, **where) == "dmy"
    assert day_order(["3/4/09"], stated="dmy", **where) == "dmy"
    assert day_order(["3/3/09", "2009-04-05"], stated=None, **where) == "mdy"
    assert day_order(["45/3/09", "13/13/09", "3/14/09"], stated=None, **where) == "mdy"
    with pytest.raises(CleanError, match="'3/4/09'"):
        day_order(["3/4/09"], stated=None, **where)
    with pytest.raises(CleanError, match="'14/3/09', '3/14/09'"):
        day_order(["3/14/09", "14/3/09"], stated=None, **where)


@pytest.mark.parametrize(
    "spelling",
    [
        "José Ibáñez",
        "IBÁÑEZ, José",
        "Ibanez, Jose",
        "Dr. José  Ibáñez",
        "José Ibáñez, Ed.D.",
        "josé ibañez",
    ],
)
def test_spellings_of_one_name_are_equal(spelling):
    assert normalised_name(spelling) == "jose ibanez"


@given(st.text(string.ascii_letters + " ,.'-éñü", max_size=30))
def test_normalising_a_normalised_name_changes_nothing(name):
    once = normalised_name(name)
    assert normalised_name(once) == once


def test_likeness_is_symmetric_and_100_for_the_same():
    assert likeness("ann lee", "ann lee") == 100
    assert likeness("ann lee", "anne lee") == likeness("anne lee", "ann lee")
    assert likeness("ann lee", "bo chen") < 50


@pytest.mark.parametrize(
    ("cell", "unit", "value", "rule"),
    [
        ("90 min", "minutes", 90, "number_format"),
        ("1.5 hrs.", "hours", 1.5, "number_format"),
        ("2 hours", "minutes", None, "not_a_number"),
        ("3 days", "hours", None, "not_a_number"),
        ("2x", "scale points", 2, "number_format"),
        ("85%", "share", 0.85, "number_format"),
        ("85%", "percent", 85, "number_format"),
        ("85%", "hours", None, "not_a_number"),
        ("12k", "students", None, "not_a_number"),
        ("12k", "", None, "not_a_number"),
        ("3\u00a0", "", 3, "trimmed"),
        ("1e999", "", None, "out_of_range"),
        ("nan", "", None, "not_a_number"),
    ],
)
def test_a_number_is_read_in_the_unit_of_its_column_or_not_at_all(cell, unit, value, rule):
    column = Column("t", "c", "number", False, False, unit, None, None, (), "", "")
    assert parsed(column, cell)[::2] == (value, rule)


def test_a_whole_number_too_long_to_be_held_is_out_of_range():
    column = Column("t", "c", "integer", False, False, "", None, None, (), "", "")
    assert parsed(column, "9007199254740993") == (None, "", "out_of_range")
    assert parsed(column, "1e999") == (None, "", "out_of_range")


def test_a_time_left_out_of_a_day_is_said():
    column = Column("t", "c", "date", False, False, "", None, None, (), "", "")
    day = datetime(2009, 3, 14)
    assert parsed(column, "2009-03-14 16:32") == (day, "2009-03-14", "date_format")
    assert parsed(column, "2009-03-14") == (day, "2009-03-14", "")


def parsed(column, cell):
    where = {"dates": None, "decimal": None, "file": "f.csv", "header": "c"}
    return parser_of(column, Codebook((column,)), missing=(), where=where)([cell])(cell)


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1,500", ".", 1500),
        ("1,234,567.5", ".", 1234567.5),
        ("1,5", ".", None),
        ("12,75", ",", 12.75),
        ("1,500", ",", 1.5),
        ("1.500", ",", 1500),
        ("1.234,5", ",", 1234.5),
        ("1.5", ",", 1.5),
        ("12,75 h", ",", 12.75),
    ],
)
def test_a_comma_means_what_the_column_says(cell, mark, value):
    assert parse_number(cell, unit="hours", mark=mark)[0] == value


def test_the_decimal_mark_is_seen_or_stated_and_never_guessed():
    where = {"file": "log.csv", "column": "hours"}
    assert decimal_mark(["1,500", "7"], stated=None, **where) == "."
    assert decimal_mark(["12,75", "7", "3,5 h"], stated=None, **where) == ","
    assert decimal_mark(["12,75", "1,500"], stated=",", **where) == ","
    with pytest.raises(CleanError, match=r"log.csv, column hours[\s\S]*'1,500', '12,75'"):
        decimal_mark(["12,75", "1,500"], stated=None, **where)
