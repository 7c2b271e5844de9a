"""The forest of methods: its blocks, its columns, its verdict."""

from dataclasses import replace

import numpy as np
import pytest
from exhibit_cases import STUDY
from inference_cases import districts, inference_results, panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_few_cluster_panel
from cvln_eval.exhibits.intervals import limits_of
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.rounding import as_printed
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.panel.kinds import FOR_MANY


def forest(result=None, **more):
    result = result or inference_results()["panel"]
    return plot_few_cluster_panel(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def labels(page):
    return [label.get_text() for label in page.axes[0].get_yticklabels()]


def told(result, **columns):
    """Return the panel with other values in its rows."""
    return replace(result, rows=result.rows.assign(**columns))


def test_methods_stand_in_three_blocks_in_the_order_of_the_panel():
    found = labels(drawn(forest()))
    headings = [found.index(name) for name in ("Defensible", "Not defensible here")]
    assert headings == [0, found.index("OLS t test") - 1]
    assert found[-2:] == ["No answer here", "t test of cluster slopes"]


def test_an_unbounded_interval_ends_in_two_arrows_and_a_bounded_one_in_none():
    page = drawn(forest())
    arrows = [line.get_marker() for line in page.axes[0].lines if line.get_marker() in ("<", ">")]
    unbounded = np.isinf(inference_results()["panel"].tidy()["conf_low"]).sum()
    assert unbounded == 2
    assert sorted(arrows) == ["<"] * 2 + [">"] * 2


def test_methods_that_cannot_reject_are_open_and_their_smallest_p_is_bold():
    page = drawn(forest())
    open_marks = [
        line
        for line in page.axes[0].lines
        if line.get_marker() == "o" and line.get_markerfacecolor() == "white"
    ]
    bold = [text.get_text() for text in page.axes[0].texts if text.get_weight() == "bold"]
    # 2 of 5 districts treated: 1 / 2^4 of the Rademacher draws, 1 / 10 of the assignments.
    assert len(open_marks) == 2
    assert bold == [".063", ".100"]


def test_the_reason_of_a_method_without_an_answer_stands_in_its_row_and_in_the_note():
    exhibit = forest()
    words = [text.get_text() for text in drawn(exhibit).axes[0].texts]
    assert "the term does not vary within clusters" in words
    assert "No answer: t test of cluster slopes (the term does not vary within clu" in exhibit.note


def test_the_title_is_the_verdict_and_never_more():
    result = inference_results()["panel"]
    rows = result.rows
    assert "the data do not show that treated differs from 0." in forest().title
    below = told(result, p_value=rows["p_value"] * 0 + 0.01)
    assert forest(below).title == (
        "All 5 defensible methods that can reject with 5 clusters do (p = .010): the data speak "
        "against treated = 0."
    )
    first = rows["p_value"].where(rows.index > 0, 0.01)
    assert "would decide about treated = 0" in forest(told(result, p_value=first)).title
    assert ", 1 does (p = .010 to" in forest(told(result, p_value=first)).title
    assert "can give p ≤ .05, whatever the data" in forest(told(result, smallest_p=0.06)).title
    assert "should be read" in forest(told(result, defensible=False)).title


def test_one_method_that_can_tell_is_one():
    result = inference_results()["panel"]
    smallest = result.rows["smallest_p"].where(result.rows.index == 0, 0.1)
    assert forest(told(result, smallest_p=smallest)).title.startswith(
        "The one defensible method that can reject with 5 clusters does not (p = ."
    )


def test_a_mean_is_called_by_its_outcome_and_a_term_by_its_name():
    mean = panel(districts(), formula="change ~ 1", term="Intercept")
    assert "that mean change differs" in forest(mean).title
    assert drawn(forest(mean)).axes[0].get_xlabel() == "Mean change"
    named = forest(names={"treated": "the effect of coaching"})
    assert "that the effect of coaching differs" in named.title
    assert drawn(named).axes[0].get_xlabel() == "The effect of coaching (change)"


def test_a_single_column_has_no_second_panel_but_the_sizes():
    narrow = drawn(forest(width="single"))
    assert len(narrow.axes) == 1
    assert "size" in [text.get_text() for text in narrow.axes[0].texts]
    assert len(drawn(forest()).axes) == 2


def test_one_cluster_has_nothing_to_draw_and_says_why():
    with pytest.raises(ArgumentError, match="one cluster does not show how clusters differ"):
        forest(panel(districts(sizes=(7,)), formula="change ~ 1", term="Intercept"))


def test_rows_left_out_are_counted():
    assert (
        "2 rows with missing values left out."
        in forest(replace(inference_results()["panel"], n_left_out=2)).note
    )


@pytest.mark.parametrize(
    ("rows", "limits"),
    [
        ([(1.0, 0.5, 1.5)], (0.0, 1.5)),
        # Half widths 1, 1, 1, 1, 1 and 99: the long one ends 3 beyond the estimates.
        ([(1.0, 0.0, 2.0), (1.0, 0.0, 2.0), (1.0, 0.0, 100.0)], (0.0, 4.0)),
        ([(1.0, -np.inf, np.inf)], (-1.0, 2.0)),
        ([(np.nan, np.nan, np.nan)], (-1.0, 1.0)),
        ([(-2.0, np.nan, np.nan)], (-4.0, 2.0)),
    ],
)
def test_limits_by_hand(rows, limits):
    names = ("estimate", "conf_low", "conf_high")
    assert limits_of([dict(zip(names, row, strict=True)) for row in rows]) == limits


def test_a_title_says_whether_no_method_holds_its_level_or_none_has_an_answer():
    whole = inference_results()["panel"]
    too_often = told(whole, defensible=False)
    answered = whole.rows["method"].isin(list(FOR_MANY))
    p_values = whole.rows["p_value"].where(answered)
    nothing = told(whole, defensible=False, p_value=p_values, reason="no spread")
    assert forest(too_often).title.startswith("No method for few clusters holds its level in this")
    assert forest(nothing).title.startswith("No method for few clusters has an answer (5 clusters)")


def test_a_level_keeps_its_digits():
    found = forest(replace(inference_results()["panel"], conf_level=0.999))
    assert "99.9% intervals" in found.note


def test_the_smallest_p_prints_in_a_table_as_in_the_figure():
    result = inference_results()["panel"]
    smallest = result.tidy().set_index("method")["smallest_p"].dropna()
    table = as_printed(smallest.rename("smallest p").reset_index())["smallest p"].tolist()
    found = {text.get_text() for text in drawn(forest(result)).axes[0].texts}
    assert set(table) <= found
    assert {"0", ".063"} <= set(table)
