"""One cell at a time: what is read, what is changed, and under which rule."""

import string
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvln_eval.clean.cells import label_parser
from cvln_eval.clean.dates import day_order, parse_date
from cvln_eval.clean.names import likeness, normalised_name
from cvln_eval.errors import CleanError
from cvln_eval.study import Label

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
