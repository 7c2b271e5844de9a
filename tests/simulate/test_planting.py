"""By hand: a file of three rows, and where each planted defect stands in it."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.simulate.planting import (
    draft_of,
    expected_after,
    flag_cells,
    flag_rows,
    insert_rows,
    located_defects,
    pick,
    rewrite,
)
from cvln_eval.simulate.routine import copy_rows, relabel
from cvln_eval.simulate.writing import csv_bytes


def three_rows(**layout):
    cells = pd.DataFrame({"ID": ["a", "b", "c"], "q": ["1", "2", ""]})
    return draft_of(cells, file="f.csv", **layout)


def places(draft):
    found = located_defects(draft)
    return list(found[["row", "column", "rule"]].itertuples(index=False, name=None))


def test_rows_count_titles_and_header_as_a_spreadsheet_does():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    assert places(draft) == [(2, "q", "missing_code")]
    titled = rewrite(
        three_rows(title=("A", "B")), column="q", raw={0: "99"}, kind="k", rule="missing_code"
    )
    assert places(titled) == [(4, "q", "missing_code")]


def test_a_row_put_in_moves_the_defects_below_it():
    draft = rewrite(three_rows(), column="q", raw={1: "9"}, kind="k", rule="out_of_range")
    blank = pd.DataFrame(index=["blank"])
    draft = insert_rows(draft, blank, before=[0], kind="blank_row", rule="blank_row")
    assert places(draft) == [(2, "", "blank_row"), (4, "q", "out_of_range")]
    assert csv_bytes(draft) == b"ID,q\n,\na,1\nb,9\nc,\n"


def test_a_cell_that_does_not_change_is_no_defect():
    draft = rewrite(three_rows(), column="q", raw={0: "1"}, kind="k", rule="trimmed")
    assert places(draft) == []


def test_a_cell_carries_at_most_one_defect():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    with pytest.raises(ArgumentError, match="at most one defect"):
        rewrite(draft, column="q", raw={0: "98"}, kind="k", rule="missing_code")
    with pytest.raises(ArgumentError, match="at most one defect"):
        flag_cells(draft, column="q", labels=[0], kind="k", rule="outsider")


def test_a_label_or_a_header_used_twice_is_refused():
    with pytest.raises(ArgumentError, match="row labels"):
        draft_of(pd.DataFrame({"a": [1, 2]}, index=[0, 0]), file="f.csv")
    with pytest.raises(ArgumentError, match="cannot be put in"):
        insert_rows(three_rows(), pd.DataFrame({"ID": ["d"]}, index=[0]), before=[None])


def test_cells_of_rows_that_are_set_aside_have_no_rule_but_what_is_superseded_has():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    draft = rewrite(draft, column="ID", raw={0: "x"}, kind="k", rule="superseded")
    draft = flag_rows(draft, labels=[0], kind="k", rule="duplicate_submission")
    rules = located_defects(draft).set_index("column")["rule"].to_dict()
    assert rules == {"": "duplicate_submission", "ID": "superseded", "q": ""}


def test_cells_of_a_form_without_answers_keep_their_rules():
    draft = rewrite(three_rows(), column="ID", raw={2: "C "}, kind="k", rule="trimmed")
    draft = flag_rows(draft, labels=[2], kind="k", rule="no_answers")
    assert places(draft) == [(4, "", "no_answers"), (4, "ID", "trimmed")]


def test_a_copied_row_carries_the_defects_of_its_cells():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    draft = copy_rows(draft, [0], before=[None])
    assert draft.cells.loc["0/again"].tolist() == ["a", "99"]
    assert places(draft) == [
        (2, "q", "missing_code"),
        (5, "", "exact_duplicate"),
        (5, "q", ""),
    ]


def test_picked_rows_are_free_filled_and_in_the_order_of_the_file():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    rng = np.random.default_rng(1)
    assert pick(draft, rng=rng, n=9, column="q") == [1]
    assert pick(draft, rng=rng, n=9) == [1, 2]


def test_labels_are_written_where_nothing_is_planted_yet():
    draft = rewrite(three_rows(), column="q", raw={0: "99"}, kind="k", rule="missing_code")
    draft = relabel(draft, "q", {"1": "No", "2": "Yes"})
    assert draft.cells["q"].tolist() == ["99", "Yes", ""]


def test_what_a_defect_destroys_is_missing_from_what_cleaning_must_give():
    table = pd.DataFrame({"person_id": ["a", "b", "c"], "value": [1.0, 2.0, 3.0]})
    draft = rewrite(three_rows(), column="q", raw={0: "x"}, kind="k", rule="not_a_number")
    draft = rewrite(draft, column="q", raw={1: " 2"}, kind="k", rule="trimmed")
    expected = expected_after(table, draft, columns={"q": "value"})
    assert expected["value"].isna().tolist() == [True, False, False]
    assert table["value"].tolist() == [1.0, 2.0, 3.0]
