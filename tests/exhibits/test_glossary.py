"""Every column that is returned is in the glossary, once."""

import csv
from importlib.resources import files

import pandas as pd
import pytest
from exhibit_cases import results

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import define, glossary
from cvln_eval.networks import degree_summary, degrees
from cvln_eval.study.codebook_files import house_columns
from cvln_eval.study.ledger import LEDGER_COLUMNS


def own_rows():
    text = files("cvln_eval").joinpath("glossary.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def returned_columns():
    frames = []
    for result in results().values():
        frames += [result.tidy(), result.glance()]
    every = results()
    frames += [every["flow"].growth, every["flow"].leaders, every["balance"].shares()]
    frames += [every["attendance"].cells(), every["attendance"].expected, every["makeup"].sizes()]
    return {str(column) for frame in frames for column in frame.columns}


def test_every_column_of_a_result_is_defined():
    assert returned_columns() - set(glossary()["column"]) == set()


def test_every_column_of_a_degree_is_defined():
    people = pd.DataFrame({"person_id": ["a", "b"], "level": ["site", "site"]})
    ends = {"sender_id": ["a"], "receiver_id": ["b"], "strength": [1.0]}
    ties = pd.DataFrame({"wave": ["y1"], "relation": ["advice"], **ends})
    counted = degrees(ties, people, wave="y1", relation="advice")
    summary = degree_summary(counted, by="level")
    frames = [counted.tidy(), counted.glance(), summary.tidy(), summary.glance()]
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()


def test_every_column_of_the_ledger_is_defined():
    columns = {column for columns in LEDGER_COLUMNS.values() for column in columns}
    columns |= {"n_unaccounted", "n", "meaning"}
    columns |= {"name", "given_id", "candidate_id", "candidate_name", "likeness", "why"}
    columns |= {"as_written", "on_other_roster", "n_rows", "n_missing", "description"}
    assert columns - {row["column"] for row in own_rows()} == set()


def test_every_column_of_the_house_is_defined():
    house = {(column.table, column.column) for column in house_columns()}
    found = glossary()
    assert house == set(
        found.loc[found["table"] != "", ["table", "column"]].itertuples(index=False, name=None)
    )


def test_no_column_is_defined_twice_or_without_words():
    names = [row["column"] for row in own_rows()]
    assert names == sorted(set(names))
    assert all(row["definition"].strip() for row in own_rows())
    assert not glossary().duplicated(["column", "table"]).any()


def test_a_definition_carries_its_unit():
    assert define("coaching_minutes").endswith("[minutes]")
    assert define("conf_low") == "Lower bound of the confidence interval"
    assert define("hours", table="attendance") == "Hours attended [hours]"


def test_a_column_of_several_tables_is_defined_for_each():
    assert define("mode").splitlines() == ["coaching: How they met", "sessions: How people met"]


def test_an_unknown_column_is_refused():
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        define("shoe_size")
    with pytest.raises(ArgumentError, match=r"'people\.hours'"):
        define("hours", table="people")


def test_the_glossary_is_a_table():
    assert isinstance(glossary(), pd.DataFrame)
    assert list(glossary().columns) == ["column", "unit", "definition", "table"]
