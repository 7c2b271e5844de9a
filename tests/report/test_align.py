"""Numbers stand to the right, and nothing else of a table is changed."""

import re

import pandas as pd
import pytest

from cvln_eval.report.align import numbers_to_the_right


def shown(frame):
    return re.sub(r' (border|class|style)="[^"]*"', "", frame.to_html(index=False))


def test_a_column_of_numbers_is_marked_with_its_heading():
    html = numbers_to_the_right(shown(pd.DataFrame({"team": ["A", "B"], "n": [1, 2]})))
    assert '<th class="number">n</th>' in html
    assert html.count('<td class="number">') == 2
    assert "<th>team</th>" in html


@pytest.mark.parametrize("cell", ["1,234", "-0.50", "12%", ".5", "1e-05", "\u22123"])
def test_numbers_as_they_are_printed_are_numbers(cell):
    assert 'class="number"' in numbers_to_the_right(shown(pd.DataFrame({"x": [cell, "\u2014"]})))


@pytest.mark.parametrize("cell", ["2008-09-01", "year 1", "V01", "1 of 2", ""])
def test_other_cells_are_not(cell):
    html = shown(pd.DataFrame({"x": [cell, ""]}))
    assert numbers_to_the_right(html) == html


def test_nothing_but_the_marks_is_added():
    frame = pd.DataFrame({"a": [1, 2], "b": ["<i>", "y"], "c": [0.5, None]})
    html = shown(frame)
    assert numbers_to_the_right(html).replace(' class="number"', "") == html


def test_a_table_of_uneven_rows_is_left_alone():
    html = "<table><tr><td>1</td></tr><tr><td>1</td><td>2</td></tr></table>"
    assert numbers_to_the_right(html) == html
