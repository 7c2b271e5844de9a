"""Bars of degrees: heights are people, the line is their mean, the band what is not known."""

import pandas as pd
import pytest
from exhibit_cases import STUDY
from mixing_cases import network, teams
from network_cases import small_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_degrees
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.cohesion import degree_distribution
from cvln_eval.networks.panel import panel_of, symmetrised
from cvln_eval.networks.uncertainty import non_response_bounds


def degrees(panel=None, **more):
    found = degree_distribution(small_panel() if panel is None else panel)
    return plot_degrees(found, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def heights(axes):
    """Return the people at each degree, and the ends of the band."""
    boxes = [patch.get_bbox() for patch in axes.patches]
    bars = [box for box in boxes if round(box.width, 6) == 0.82]
    band = next((box for box in boxes if box not in bars), None)
    found = {round((box.x0 + box.x1) / 2): box.height for box in bars}
    return found, None if band is None else (band.x0, band.x1)


def test_bars_and_band_by_hand():
    # ab, ba, ad, da, fd, bf: b and f are named by 1, a and d by 2, e by none; e did not answer and
    # could have named four: the mean is 6/5 and at most (6 + 4)/5.
    page = drawn(degrees())
    bars, band = heights(page.axes[1])
    assert bars == {0: 1, 1: 2, 2: 2}
    assert band == pytest.approx((1.2, 2.0))
    assert page.axes[1].lines[0].get_xdata()[0] == pytest.approx(1.2)


def test_a_mean_over_those_who_answered_lies_in_its_band():
    # a, b, d and f answered and named 2, 2, 1 and 1: the mean 6/4 is over these.
    page = drawn(degrees(measure="out_degree"))
    bars, band = heights(page.axes[1])
    assert bars == {1: 2, 2: 2}
    assert page.axes[1].lines[0].get_xdata()[0] == pytest.approx(1.5)
    assert band == pytest.approx((1.2, 2.0))


@pytest.mark.parametrize("measure", ["in_degree", "out_degree"])
def test_the_band_is_the_sharp_one(measure):
    panel = teams(20, list("ABC"), silent=0.3, relations=("advice", "confide"))
    data = degrees(panel, measure=measure).data.drop_duplicates(["wave", "relation"])
    table = non_response_bounds(panel, by=None).tidy().query("measure == 'mean_degree'")
    both = data.merge(table, on=["wave", "relation"], suffixes=("", "_sharp"))
    assert len(both) == 8
    assert both["lowest"].to_list() == pytest.approx(both["lowest_sharp"].to_list())
    assert both["highest"].to_list() == pytest.approx(both["highest_sharp"].to_list())


def test_a_row_a_relation_and_a_column_a_wave():
    panel = teams(10, list("AB"), relations=("advice", "confide"))
    page = drawn(degrees(panel))
    assert [axes.get_ylabel() for axes in page.axes[::4]] == [
        "Advice\n(people)",
        "Confide\n(people)",
    ]
    assert {axes.get_xlabel() for axes in page.axes[4:]} == {"Named by"}


def test_a_wave_without_answers_is_empty_and_the_note_says_so():
    panel = panel_of([network("ab cb", "xxy"), network("", "xxy", answered=[0, 0, 0], wave="y2")])
    exhibit = degrees(panel)
    assert heights(drawn(exhibit).axes[1]) == ({}, None)
    assert "Not drawn: " in exhibit.note
    assert "(advice, y2)" in exhibit.note


def test_where_all_answered_there_is_no_band_to_explain():
    exhibit = degrees(network("ab cb", "xxy"))
    assert "Band" not in exhibit.note
    labels = [text.get_text() for text in drawn(exhibit).legends[0].get_texts()]
    assert labels == ["people", "mean"]


def test_titles_and_the_number_of_people():
    one = degrees(network("ab cb", "xxy"))
    assert one.title == "On average a person was named by 0.67 others (advice, y1)"
    several = degrees()
    assert several.title == (
        "On average a person was named by 0.80 others (advice, 1) to 1.20 (advice, 2)"
    )
    assert one.n == 3
    assert degrees(measure="out_degree").n == 5


def test_every_column_is_in_the_glossary():
    assert set(degrees().data.columns) <= set(glossary()["column"])


def test_no_degree_of_that_kind_is_refused():
    with pytest.raises(ArgumentError, match="Unknown degree"):
        degrees(measure="degree")
    with pytest.raises(ArgumentError, match="no in_degree to draw"):
        degrees(symmetrised(network("ab", "xx"), rule="either"))
    with pytest.raises(ArgumentError, match="no out_degree to draw"):
        degrees(network("", "xx", answered=[0, 0]), measure="out_degree")


def test_data_have_a_row_a_degree_that_somebody_has():
    data = degrees().data
    assert isinstance(data, pd.DataFrame)
    assert data.groupby("wave")["n_persons"].sum().to_dict() == {"1": 5, "2": 5}
