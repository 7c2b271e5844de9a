"""Modes of learning: marks, crosses, cuts and quadrants."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from matplotlib.text import Text
from measurement_cases import measurement_results

from cvln_eval.exhibits import plot_importance_performance
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import COLOURS, figure_style


def figure(**more):
    result = measurement_results()["modes"]
    return plot_importance_performance(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def marks(axes, shape):
    return [line for line in axes.lines if line.get_marker() == shape]


def test_marks_stand_at_share_offered_and_impact_and_are_filled_where_draws_agree():
    # The visit was offered to 6 of 12 people, who gave it 4 and 5 in turn.
    placed = measurement_results()["modes"].quadrants().set_index("learning_mode")
    found = {
        (float(line.get_xdata()[0]), float(line.get_ydata()[0])): line.get_markerfacecolor()
        for line in marks(drawn(figure()).axes[0], "o")
    }
    assert found.keys() == {(1.0, placed.loc["workshop", "impact"]), (0.5, 4.5)}
    for mode, row in placed.loc[["workshop", "peer_visit"]].iterrows():
        filled = found[(row["share_offered"], row["impact"])] == COLOURS[0]
        assert filled == (row["share_same"] >= 0.8), mode


def test_a_mode_that_is_not_sure_is_hollow():
    result = measurement_results()["modes"]
    unsure = type(result)(
        **{name: getattr(result, name) for name in result.__slots__}
        | {"placed": result.quadrants().assign(share_same=0.79)}
    )
    exhibit = plot_importance_performance(unsure, number="1.1", study=STUDY)
    assert {line.get_markerfacecolor() for line in marks(drawn(exhibit).axes[0], "o")} == {"white"}


def test_crosses_are_the_intervals():
    rows = measurement_results()["modes"].tidy()
    row = rows[(rows["learning_mode"] == "peer_visit") & (rows["measure"] == "offered")].iloc[0]
    segments = [
        segment
        for collection in drawn(figure()).axes[0].collections
        for segment in collection.get_segments()
    ]
    wanted = [[row["conf_low"], 4.5], [row["conf_high"], 4.5]]
    # A mode without impact leaves a line without ends.
    assert any(len(ends) == 2 and np.allclose(ends, wanted) for ends in segments)


def test_every_quadrant_is_named_and_the_note_states_cuts_and_what_is_not_placed():
    result = measurement_results()["modes"]
    texts = [text.get_text() for text in drawn(figure()).axes[0].texts]
    assert {"LEVER", "KEEP", "LEAVE", "RECONSIDER"} <= set(texts)
    assert {"peer visit (6)", "workshop (12)"} <= set(texts)
    note = figure().note
    assert f"cuts at {result.cut_offered:.0%} offered and an impact of" in note
    assert "Lever: high impact, little offered" in note
    assert "Not placed: action research (nobody who was offered it rated its impact)." in note


def test_names_cover_neither_each_other_nor_a_mark():
    axes = drawn(figure(width="single")).axes[0]
    boxes = [Text.get_window_extent(text) for text in axes.texts]
    assert not any(a.overlaps(b) for at, a in enumerate(boxes) for b in boxes[at + 1 :])
    for line in marks(axes, "o"):
        x, y = axes.transData.transform((line.get_xdata()[0], line.get_ydata()[0]))
        assert not any(box.contains(x, y) for box in boxes)


def test_the_double_column_ranks_modes_by_the_wish_for_more():
    # Wanted: action research 5, visits 4, workshops 1 and 2 in turn.
    page = drawn(figure(names={"peer_visit": "Visits"}))
    labels = [label.get_text() for label in page.axes[1].get_yticklabels()]
    assert labels == ["action research", "Visits", "workshop"]
    places = [float(line.get_xdata()[0]) for line in marks(page.axes[1], "D")]
    assert places == pytest.approx([5, 4, 1.5])
    assert len(drawn(figure(width="single")).axes) == 1
