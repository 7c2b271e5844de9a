"""Curves of milestones still open: steps, ticks, medians and the table below, by hand."""

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from inference_cases import inference_results

from cvln_eval.exhibits import plot_time_to_completion
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.timing import time_to_completion


def completion(name="completion", **more):
    return plot_time_to_completion(inference_results()[name], number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def test_the_steps_begin_with_all_open_and_end_when_the_last_was_seen():
    """Alone: 4/5 after 10, .6 after 20, one out of sight, .3 after 40. Pairs: 3/4 after 15."""
    steps = [line for line in drawn(completion()).axes[0].lines if line.get_linewidth() == 1.5]
    assert steps[0].get_xdata() == pytest.approx([0, 10, 20, 40, 50])
    assert steps[0].get_ydata() == pytest.approx([1, 0.8, 0.6, 0.3, 0.3])
    assert steps[1].get_xdata() == pytest.approx([0, 15, 60])
    assert steps[1].get_ydata() == pytest.approx([1, 0.75, 0.75])
    assert steps[0].get_linestyle() != steps[1].get_linestyle()


def test_ticks_are_what_was_open_when_last_seen():
    ticks = [line for line in drawn(completion()).axes[0].lines if line.get_marker() == "|"]
    assert ticks[0].get_xdata() == pytest.approx([25, 50])
    assert ticks[0].get_ydata() == pytest.approx([0.6, 0.3])
    assert ticks[1].get_xdata() == pytest.approx([30, 60])
    censored = completion().data.dropna(subset=["n_open"]).query("quantity != quantity")
    assert censored["n_open"].tolist() == [1, 1, 2, 1]


def test_a_milestone_last_seen_on_a_day_on_which_another_was_reached_stands_below_the_step():
    times = pd.DataFrame({"days": [10.0, 10.0, 20.0], "reached": [True, False, False]})
    times = times.assign(reason="", cluster_id=list("abc"))
    result = time_to_completion(times, n_draws=100)
    page = drawn(plot_time_to_completion(result, number="1.1", study=STUDY))
    (ticks,) = [line for line in page.axes[0].lines if line.get_marker() == "|"]
    assert ticks.get_xdata() == pytest.approx([10, 20])
    assert ticks.get_ydata() == pytest.approx([2 / 3, 2 / 3])


def test_the_median_is_marked_where_there_is_one():
    page = drawn(completion())
    dotted = [line for line in page.axes[0].lines if line.get_linestyle() == ":"]
    assert [line.get_xdata()[-1] for line in dotted] == [40]
    assert [text.get_text() for text in page.axes[0].texts] == ["40"]


def test_the_numbers_below_are_those_at_risk():
    page = drawn(completion())
    rows = {}
    for text in page.axes[1].texts:
        rows.setdefault(text.get_position()[1], []).append(text.get_text())
    # Ticks at 0, 10, ..., 60; just before day 20 four of those alone, before 30 two.
    assert rows[0] == ["5", "5", "4", "2", "2", "1", "0"]
    assert rows[1] == ["4", "4", "3", "3", "1", "1", "1"]


def test_titles_say_medians_and_compare_nothing():
    assert completion().title == (
        "Days within which half of the milestones were reached: alone 40; pair none (more than "
        "half were still open when last seen)."
    )
    named = completion(names={"alone": "planned alone"})
    assert "reached: planned alone 40;" in named.title
    assert completion("open").title == (
        "The milestones have no median: more than half were still open when last seen."
    )


def test_where_nothing_was_reached_the_line_is_level():
    page = drawn(completion("open"))
    (line,) = [line for line in page.axes[0].lines if line.get_linewidth() == 1.5]
    assert line.get_xdata() == pytest.approx([0, 60])
    assert np.unique(line.get_ydata()) == pytest.approx([1])
    assert not page.legends
