"""The map of items: names beside their marks, none over another."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from measurement_cases import ITEMS, analysis

from cvln_eval.exhibits import plot_item_map
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.placing import _run_over, place_labels
from cvln_eval.exhibits.style import figure_style


def item_map(rows=ITEMS, **more):
    return plot_item_map(analysis(rows), number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def boxes(axes):
    return [Text.get_window_extent(text) for text in axes.texts]


def touching(found):
    return [(a, b) for at, a in enumerate(found) for b in found[at + 1 :] if a.overlaps(b)]


def crowd(count, *, apart, seed=0):
    figure = Figure(figsize=(3.35, 3.0), dpi=200, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    points = np.random.default_rng(seed).normal(size=(count, 2)) * apart
    axes.plot(*points.T, "o")
    axes.set(xlim=(-4, 4), ylim=(-4, 4))
    labels = [(x, y, f"item {at}") for at, (x, y) in enumerate(points)]
    place_labels(axes, labels, marks=points)
    figure.canvas.draw()
    return axes, points


@pytest.mark.parametrize(("count", "apart"), [(1, 1), (12, 0.2), (25, 1)])
def test_labels_touch_neither_each_other_nor_a_mark_nor_leave_the_panel(count, apart):
    axes, points = crowd(count, apart=apart)
    found = boxes(axes)
    assert touching(found) == []
    for x, y in axes.transData.transform(points):
        assert not any(box.contains(x, y) for box in found)
    assert all(axes.bbox.x0 <= b.x0 and b.x1 <= axes.bbox.x1 for b in found)


def test_a_label_alone_stands_right_beside_its_mark_and_one_far_away_has_a_line():
    axes, points = crowd(1, apart=1)
    x, y = axes.transData.transform(points[0])
    box = boxes(axes)[0]
    assert 0 < (box.x0 - x) * 72 / 200 < 6
    assert box.y0 < y < box.y1
    assert not axes.texts[0].arrow_patch.get_visible()
    axes, _ = crowd(12, apart=0.05)
    assert any(text.arrow_patch.get_visible() for text in axes.texts)


def alone(x, y, *, lines=()):
    """Return a panel from 0 to 1 with one label."""
    figure = Figure(figsize=(3, 3), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    place_labels(axes, [(x, y, "a long name")], marks=[(x, y)], lines=lines)
    figure.canvas.draw()
    return axes


def test_a_label_goes_round_an_interval():
    assert alone(0.5, 0.5).texts[0].xyann[0] > 0
    assert alone(0.5, 0.5, lines=[(0.55, 0.0, 0.55, 1.0)]).texts[0].xyann[0] < 0


@pytest.mark.parametrize(("x", "y"), [(0.98, 0.5), (0.02, 0.98), (0.98, 0.02)])
def test_a_label_at_the_edge_stays_in_the_panel(x, y):
    axes = alone(x, y)
    box = boxes(axes)[0]
    assert axes.bbox.x0 < box.x0
    assert box.x1 < axes.bbox.x1
    assert axes.bbox.y0 < box.y0
    assert box.y1 < axes.bbox.y1


def test_a_label_does_not_stand_as_near_to_another_mark_as_to_its_own():
    figure = Figure(figsize=(3, 3), dpi=200)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    # The place right of the first mark, where a label goes first, lies just before the second.
    place_labels(axes, [(0.3, 0.5, "name")], marks=[(0.3, 0.5), (0.48, 0.5)])
    assert axes.texts[0].xyann[0] < 0


@pytest.mark.parametrize(
    ("other", "over"),
    [((40, -5, 60, 5), True), ((40, 6, 60, 9), False), ((-5, -5, 5, 5), False)],
)
def test_a_line_to_a_label_runs_over_what_lies_between_but_not_over_its_own_mark(other, over):
    # The line goes from the mark at 0, 0 to a label in the middle of 90 to 110.
    label = np.array([[90.0, -5.0, 110.0, 5.0]])
    found = _run_over(np.array([[100.0, 0.0]]), label, np.zeros(2), np.array([other], float))
    assert found.tolist() == [over]


def test_items_below_a_correlation_of_30_are_named_in_bold():
    weights = {text.get_text(): text.get_weight() for text in drawn(item_map()).axes[0].texts}
    assert weights == {
        "trust 1": "normal", "trust 2": "normal", "trust 3": "bold", "voice 1": "bold"
    }  # fmt: skip


def test_shapes_tell_where_answers_pile_up():
    page = drawn(item_map())
    assert [text.get_text() for text in page.legends[0].get_texts()] == [
        "few at an end", "many at the top", "many at the bottom", "many at both ends"
    ]  # fmt: skip
    # 15% exactly is not more than 15%.
    at_limit = [("a", 3.0, 0.5, 0.4, 0.6, 0.15, 0.15, "")]
    page = drawn(item_map(at_limit))
    assert [text.get_text() for text in page.legends[0].get_texts()] == ["few at an end"]


def test_the_note_names_what_is_not_drawn_with_its_reason():
    assert "Not drawn: voice 2 (all answers alike)." in item_map().note
    assert "keyed the wrong way" in item_map().note
    assert "Not drawn" not in item_map(ITEMS[:3]).note
    assert "keyed the wrong way" not in item_map(ITEMS[:3]).note


@pytest.mark.parametrize(("panels", "shape"), [(3, (1, 3)), (4, (2, 2)), (5, (2, 3))])
def test_panels_fill_the_rows_evenly(panels, shape):
    several = {f"scale {i}": analysis(ITEMS[:3]) for i in range(panels)}
    page = drawn(plot_item_map(several, number="1.1", study=STUDY, width="double"))
    assert page.axes[0].get_subplotspec().get_gridspec().get_geometry() == shape


def test_no_name_covers_another_in_the_figure():
    assert touching(boxes(drawn(item_map()).axes[0])) == []
