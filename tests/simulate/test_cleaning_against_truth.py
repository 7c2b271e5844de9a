"""Cleaning the simulated CVLN study finds every planted defect and touches nothing else."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval import open_study
from cvln_eval.clean import clean_study
from cvln_eval.simulate import simulate_cvln, write_study
from cvln_eval.simulate.cvln_networks import COACH_RELATION

AT = ["file", "row", "column", "rule"]
# What these rules report has no clean value that the truth names, or none at all.
WITHOUT_TRUE_VALUE = (
    "missing_code",
    "not_a_date",
    "not_a_number",
    "out_of_range",
    "session_not_held",
    "superseded",
    "unknown_label",
)
OTHER_SEED = 7


@pytest.fixture(scope="module")
def cleaned(cvln_folder):
    return clean_study(open_study(cvln_folder))


def entries(ledger):
    """Return what the ledger reports beside rows that were simply kept."""
    rows = ledger.rows[ledger.rows["rule"] != "kept"].assign(column="")
    return set(pd.concat([rows[AT], ledger.cells[AT]]).itertuples(index=False, name=None))


def planted(simulated):
    defects = simulated.defects
    found = defects.loc[defects["rule"] != "", AT]
    return set(found.itertuples(index=False, name=None))


def test_every_defect_is_found(cvln, cleaned):
    assert planted(cvln) - entries(cleaned.ledger) == set()


def test_nothing_else_is_touched(cvln, cleaned):
    assert entries(cleaned.ledger) - planted(cvln) == set()


def test_both_hold_for_a_study_made_with_another_seed(tmp_path):
    other = simulate_cvln(rng=OTHER_SEED)
    ledger = clean_study(open_study(write_study(other, tmp_path))).ledger
    assert planted(other) == entries(ledger)


def test_the_ledger_says_what_stood_in_the_cell_and_what_it_should_have_said(cvln, cleaned):
    both = cvln.defects.merge(cleaned.ledger.cells, on=AT, suffixes=("", "_seen"))
    assert len(both) > 8_000
    assert (both["raw_value"] == both["raw_value_seen"]).all()
    named = both[~both["rule"].isin(WITHOUT_TRUE_VALUE)]
    assert (named["true_value"] == named["clean_value"]).all()


def test_nothing_is_left_for_a_person_to_decide(cleaned):
    assert cleaned.review.empty


def as_compared(series):
    return series.astype("object").where(series.notna(), None).tolist()


def both_tables(cvln, cleaned, folder, table):
    """Return the expected and the found table in one order, the coaches' respondents left out."""
    key = open_study(folder).codebook.key(table)
    for frame in (cvln.expected[table], cleaned.tables[table]):
        yield frame.sort_values(key, ignore_index=True)


@pytest.mark.parametrize(
    "table",
    [
        "people",
        "memberships",
        "teams",
        "sessions",
        "attendance",
        "coaching",
        "respondents",
        "responses",
        "ties",
        "ratings",
        "themes",
        "activity",
        "outcomes",
    ],
)
def test_the_table_is_the_true_one_but_for_what_was_lost(cvln, cleaned, cvln_folder, table):
    expected, found = both_tables(cvln, cleaned, cvln_folder, table)
    assert set(found) == set(expected)
    assert len(found) == len(expected)
    for column in expected:
        one, other = expected[column], found[column]
        if pd.api.types.is_float_dtype(other):
            equal = np.isclose(pd.to_numeric(one), other, rtol=0, atol=1e-9, equal_nan=True)
            assert equal.all(), column
        else:
            assert as_compared(one) == as_compared(other), column


def test_only_coaches_are_asked_about_the_ties_among_coaches(cvln, cleaned):
    def asked(table):
        here = table[table["instrument"] == COACH_RELATION]
        return set(here[["wave", "person_id"]].itertuples(index=False, name=None))

    assert asked(cleaned.tables["respondents"]) == asked(cvln.expected["respondents"])
