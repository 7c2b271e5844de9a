"""Rubric levels: a mark a wave, ticks for raters who differ, a diamond for one alone."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from measurement_cases import measurement_results, ratings

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_rubric
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.measurement.contents.rubric import rubric_levels


def figure(result=None, **more):
    result = result or measurement_results()["rubric"]
    return plot_rubric(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def places(axes, shape):
    return [
        float(np.ravel(line.get_xdata())[0]) for line in axes.lines if line.get_marker() == shape
    ]


def test_marks_by_hand():
    first, second = drawn(figure()).axes[:2]
    # Team A, roles: 1 and 2 in y1, twice 4 in y3; its level of time in y1 is one rater's 2.
    assert places(first, "o") == [1.5, 4.0, pytest.approx(np.nan, nan_ok=True)]
    assert places(first, "D") == [2.0]
    # Team B, roles: a single 3 in y1, then 2 and 3; no rating of time.
    assert places(second, "o") == [2.5]
    assert places(second, "D") == [3.0]


def test_ticks_stand_at_the_lowest_and_the_highest_rater():
    axes = drawn(figure()).axes[0]
    ticks = [line for line in axes.lines if line.get_marker() == "|"]
    assert [list(line.get_xdata()) for line in ticks[:2]] == [[1.0, 2.0], [4.0, 4.0]]


def test_the_earlier_wave_stands_above_the_later():
    axes = drawn(figure()).axes[0]
    ticks = [line for line in axes.lines if line.get_marker() == "|"]
    assert ticks[0].get_ydata()[0] < ticks[1].get_ydata()[0]
    low, high = axes.get_ylim()
    assert low > high


def test_the_note_counts_single_raters_missing_levels_and_waves_between():
    note = figure().note
    # Five levels of y1 and y3: A roles twice, A time twice, B roles twice are six.
    assert "Diamonds: 2 of 6 levels that one rater gave alone." in note
    assert "Not drawn: 1 of 6 levels, which have no score." in note
    assert "The 1 waves between" not in note
    assert "One wave between is not drawn." in note


def test_one_wave_is_drawn_alone():
    one = rubric_levels(ratings().query("wave == 'y1'"), criteria=["roles", "time"])
    page = drawn(figure(one))
    assert [text.get_text() for text in page.legends[0].get_texts()] == ["y1"]
    assert "between" not in figure(one).note


def test_teams_and_criteria_take_the_names_given():
    page = drawn(figure(names={"roles": "Roles", "A": "Team A"}))
    assert page.axes[0].get_title(loc="left") == "Team A"
    assert page.axes[0].get_yticklabels()[0].get_text() == "Roles"


def test_an_unknown_width_is_refused():
    with pytest.raises(ArgumentError, match="'triple'"):
        figure(width="triple")
