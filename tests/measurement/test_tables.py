"""What is no table, lacks a column or a key is refused alike by every function that takes one."""

import inspect

import numpy as np
import pandas as pd
import pytest

from cvln_eval import measurement
from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import item_matrix, refuse_level, refuse_repeated
from cvln_eval.measurement.tables import need_columns, refuse_missing
from cvln_eval.study.codebook import Codebook, Item, Label

CODEBOOK = Codebook(
    (),
    items=tuple(Item(name, "culture", "trust", False, "agree", name, "", {}) for name in "abc"),
    labels=(Label("agree", "1", "1", False), Label("agree", "2", "2", False)),
)
GIVEN = {
    "codebook": CODEBOOK,
    "criteria": ["x"],
    "factors": {"one": ["a", "b"]},
    "groups": {"first": ["a"], "second": ["b"]},
    "impact": ["c"],
    "items": ["a", "b", "c"],
    "level": "nominal",
    "memberships": pd.DataFrame(columns=["wave", "person_id", "team_id"]),
    "n_factors": 1,
    "offered": ["a"],
    "response_range": (1, 5),
    "unit": "unit",
    "wanted": ["b"],
    "waves": ["y1", "y2"],
}
OF_CODEBOOKS = ("scale_items", "response_range")
FUNCTIONS = [
    function
    for name in measurement.__all__
    if inspect.isfunction(function := getattr(measurement, name)) and name not in OF_CODEBOOKS
]


def needed(function):
    others = list(inspect.signature(function).parameters.values())[1:]
    return {one.name: GIVEN[one.name] for one in others if one.default is one.empty}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize(
    ("wrong", "name"),
    [(None, "NoneType"), ([1, 2], "list"), (pd.Series([1.0, 2.0]), "Series"), ("a.csv", "str")],
    ids=["None", "list", "Series", "str"],
)
def test_what_is_no_table_is_named_by_its_type(function, wrong, name):
    with pytest.raises(ArgumentError, match=rf"is no table[\s\S]*DataFrame[\s\S]*type {name}$"):
        function(wrong, **needed(function))


def test_a_matrix_of_items_needs_a_table_too():
    for wrong, name in ((np.ones((3, 2)), "ndarray"), ({"a": [1]}, "dict")):
        with pytest.raises(ArgumentError, match=f"answers is no table[\\s\\S]*type {name}$"):
            item_matrix(wrong, ["a"])
        with pytest.raises(ArgumentError, match=f"answers is no table[\\s\\S]*type {name}$"):
            refuse_repeated(wrong)


def test_all_absent_columns_are_named_beside_those_that_are_there():
    table = pd.DataFrame({"a": [1], "b": [2]})
    with pytest.raises(
        ArgumentError,
        match=r"of ratings lacks a column\nExpected: 'c', 'd'\nSeen: 'a', 'b'\nWhat to do: name",
    ):
        need_columns(table, ["c", "a", "d"], table="ratings", todo="name")
    need_columns(table, ["b", "a"], table="ratings")


def test_a_key_that_is_missing_is_named_with_its_rows():
    table = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, None]}, index=[4, 7, 9])
    with pytest.raises(
        ArgumentError, match=r"which team it is\nExpected: a value of 'b'.*\nSeen: .*index 7, 9$"
    ):
        refuse_missing(table, ["a", "b"], what="team")
    refuse_missing(table, ["a"], what="team")


@pytest.mark.parametrize("wrong", ["0.95", None, (0.9,), 95, 0, 1, np.nan, True])
def test_a_level_is_a_number_between_0_and_1(wrong):
    with pytest.raises(ArgumentError, match=r"confidence level is a number between 0 and 1"):
        refuse_level(wrong)
    refuse_level(np.float32(0.9))


def test_a_column_that_is_there_twice_is_refused_with_its_name():
    table = pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"])
    with pytest.raises(ArgumentError, match=r"of ratings has a column twice(?s:.)*Seen: 'a'\n"):
        need_columns(table, ["a", "b"], table="ratings")
    need_columns(table, ["b"], table="ratings")
