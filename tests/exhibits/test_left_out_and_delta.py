"""One cluster left out at a time, and imputed values shifted."""

from dataclasses import replace

import numpy as np
import pytest
from exhibit_cases import STUDY
from inference_cases import districts, inference_results, panel, shifted

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_delta_shift, plot_leave_one_out
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style


def left_out(result=None, **more):
    return plot_leave_one_out(
        result or inference_results()["panel"], number="1.1", study=STUDY, **more
    )


def told(**columns):
    result = inference_results()["panel"]
    return replace(result, omitted=result.omitted.assign(**columns))


def shift(result=None):
    return plot_delta_shift(result or inference_results()["delta"], number="1.1", study=STUDY)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def marks(axes, shape):
    lines = [line for line in axes.lines if line.get_marker() == shape]
    return {float(line.get_ydata()[0]): float(line.get_xdata()[0]) for line in lines}


def test_all_clusters_stand_first_and_each_left_out_below():
    page = drawn(left_out(names={"district A": "Almond"}))
    labels = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert labels[:3] == ["all clusters", "without Almond", "without district B"]
    rows = inference_results()["panel"].leave_one_out()
    assert marks(page.axes[0], "D") == {0: pytest.approx(rows["estimate"][0])}
    numbers = [text.get_text() for text in page.axes[0].texts][:7]
    # 41 people in districts of 7, 7, 8, 8 and 11.
    assert numbers == ["n", "41", "34", "34", "33", "33", "30"]


def test_clusters_that_turn_the_answer_are_squares_and_the_title():
    changed = told(estimate=[1.0, -1.0, 1, 1, 1, 1], p_value=[0.2, 0.2, 0.01, 0.2, 0.2, 0.2])
    exhibit = left_out(changed)
    assert exhibit.title == (
        "The estimate of treated changes its sign without district A; p falls to .05 or less "
        "without district B."
    )
    squares = marks(drawn(exhibit).axes[0], "s")
    assert squares == {1: -1.0, 2: 1.0}
    above = told(estimate=1.0, p_value=[0.01, 0.01, 0.01, 0.2, 0.01, 0.01])
    assert left_out(above).title == "P rises above .05 without district C."


def test_where_no_cluster_matters_the_title_says_no_more_than_that():
    exhibit = left_out(told(estimate=1.0, p_value=0.2))
    assert exhibit.title == (
        "Without any one of the 5 clusters the sign of treated and the side of .05 on which p lies "
        "stay the same."
    )
    assert marks(drawn(exhibit).axes[0], "s") == {}


def test_a_cluster_without_which_there_is_no_test_is_named():
    one = panel(districts(treated=1))
    exhibit = left_out(one)
    assert exhibit.title == "There is no test without district A."
    assert "No answer without district A (" in exhibit.note
    texts = [text.get_text() for text in drawn(exhibit).axes[0].texts]
    assert "not available" in texts


def test_nothing_to_leave_out_is_refused():
    with pytest.raises(ArgumentError, match="one cluster does not show"):
        left_out(panel(districts(sizes=(7,)), formula="change ~ 1", term="Intercept"))
    with pytest.raises(ArgumentError, match="no answer"):
        left_out(told(p_value=np.nan))


def test_the_curve_runs_through_the_grid_and_other_conclusions_are_open():
    result = inference_results()["delta"]
    page = drawn(shift())
    tidy = result.tidy()
    points = [line for line in page.axes[0].lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in points] == tidy["delta"].tolist()
    assert [line.get_ydata()[0] for line in points] == pytest.approx(tidy["estimate"].tolist())
    usual = tidy.loc[tidy["delta"] == 0, "conclusion"].iloc[0]
    opened = [line.get_markerfacecolor() == "white" for line in points]
    assert opened == (tidy["conclusion"] != usual).tolist()
    assert any(opened)


def test_the_tipping_point_is_marked_and_the_title_is_the_sentence():
    result = inference_results()["delta"]
    # Only the shift upwards turns it: the mean rises from not told apart from 0 to above 0.
    assert result.glance()[["tipping_low", "tipping_high"]].iloc[0].isna().to_list() == [
        True,
        False,
    ]
    assert [text.get_text() for text in drawn(shift()).axes[0].texts] == ["0.50"]
    assert shift().title == result.sentence()
    assert list(drawn(shift(shifted([0.1]))).axes[0].texts) == []


def test_without_anything_imputed_there_is_nothing_to_draw():
    with pytest.raises(ArgumentError, match="Nothing was imputed"):
        shift(replace(inference_results()["delta"], n_shifted=0))
