"""The guards of the promise: a row that is lost, doubled or made up stops cleaning loudly."""

from dataclasses import replace

import pandas as pd
import pytest

from cvln_eval import clean_study, write_cleaned
from cvln_eval.clean import pipeline
from cvln_eval.errors import LedgerError, SchemaError
from cvln_eval.study.schemas import check_table


def broken(monkeypatch, change):
    """Let assembling the tables go wrong in the way that `change` says."""
    real = pipeline.assemble

    def assemble(sheets, kit):
        tables, outsiders = real(sheets, kit)
        return change(tables), outsiders

    monkeypatch.setattr(pipeline, "assemble", assemble)


def without_bo(tables):
    members = tables["memberships"].query("person_id != 'L3'")
    return tables | {"memberships": members.reset_index(drop=True)}


def with_a_stranger(tables):
    people, members = tables["people"], tables["memberships"]
    stranger = people.tail(1).assign(person_id="L99")
    made_up = members.tail(1).assign(person_id="L99")
    return tables | {
        "people": pd.concat([people, stranger], ignore_index=True),
        "memberships": pd.concat([members, made_up], ignore_index=True),
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_bo, r"Kept rows are not in the table memberships[\s\S]*'L3'"),
        (with_a_stranger, r"memberships has records that no row explains[\s\S]*'L99'"),
    ],
)
def test_a_lost_or_a_made_up_record_stops_cleaning_and_leaves_what_was_there(
    make_study, monkeypatch, change, told
):
    study = make_study()
    write_cleaned(study, clean_study(study))
    before = {path.name: path.read_bytes() for path in study.processed_folder.iterdir()}
    broken(monkeypatch, change)
    with pytest.raises(LedgerError, match=told):
        write_cleaned(study, clean_study(study))
    assert before == {path.name: path.read_bytes() for path in study.processed_folder.iterdir()}


def test_a_ledger_whose_counts_do_not_add_up_is_refused(make_study):
    ledger = clean_study(make_study()).ledger
    files = ledger.files.assign(n_kept=ledger.files["n_kept"] - 1)
    with pytest.raises(LedgerError, match=r"Rows in are not rows kept[\s\S]*r1.csv: 1 rows"):
        replace(ledger, files=files).check()


def test_a_row_that_is_not_in_the_ledger_or_twice_is_refused(make_study):
    ledger = clean_study(make_study()).ledger
    with pytest.raises(LedgerError, match=r"twice or not at all[\s\S]*'r1.csv'"):
        replace(ledger, rows=ledger.rows[1:]).check()
    doubled = pd.concat([ledger.rows[1:], ledger.rows[1:2]])
    with pytest.raises(LedgerError, match=r"twice or not at all[\s\S]*'r1.csv row 3'"):
        replace(ledger, rows=doubled).check()


def test_a_rule_without_a_meaning_is_refused(make_study):
    ledger = clean_study(make_study()).ledger
    with pytest.raises(LedgerError, match="'a_whim'"):
        replace(ledger, rows=ledger.rows.assign(rule="a_whim")).check()


@pytest.mark.parametrize(("value", "bound"), [(-1.0, "greater_than"), (61.0, "less_than")])
def test_a_value_outside_its_bounds_breaks_the_schema(make_study, value, bound):
    study = make_study()
    people = clean_study(study).tables["people"].assign(tenure_years=value)
    with pytest.raises(SchemaError, match=f"tenure_years: {bound}.*{value}"):
        check_table(people, study.codebook, "people")
