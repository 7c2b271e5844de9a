"""The heat map of themes: counts in cells, frames and hatches."""

import pandas as pd
import pytest
from exhibit_cases import STUDY
from measurement_cases import codings, measurement_results

from cvln_eval.exhibits import plot_cooccurrence
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.measurement.contents.cooccurrence import theme_cooccurrence


def drawn(**more):
    exhibit = plot_cooccurrence(measurement_results()["themes"], number="1.1", study=STUDY, **more)
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def cells(page):
    """Return the text of each cell by column and row."""
    return {
        tuple(int(at) for at in text.get_position()): text.get_text() for text in page.axes[0].texts
    }


def test_cells_by_hand():
    # Of 8 segments, time and trust share the same 4, expected 4 * 4 / 8 = 2; data has the other 4;
    # family is in all 8, so that no pair with it has a phi.
    assert cells(drawn()) == {
        (0, 0): "4", (1, 1): "4", (2, 2): "4", (3, 3): "8",
        (0, 1): "4 (2.0)", (0, 2): "0 (2.0)", (1, 2): "0 (2.0)",
        (0, 3): "4 ?", (1, 3): "4 ?", (2, 3): "4 ?",
    }  # fmt: skip


def test_a_narrow_cell_holds_two_lines_of_whole_numbers():
    assert "4\n(2)" in cells(drawn(width="single")).values()


def test_pairs_rarer_than_chance_are_hatched():
    hatched = [patch for patch in drawn().axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 2  # data with time, and with trust


def test_pairs_that_stand_after_holm_are_framed():
    # Fisher's p of 4 of 4 against 0 of 4 is 2 / C(8, 4) = .029, and .086 after Holm over 3 pairs.
    exhibit = plot_cooccurrence(measurement_results()["themes"], number="1.1", study=STUDY)
    assert "0 of 3 pairs tested" in exhibit.note
    assert "?: phi cannot be had" in exhibit.note
    # With every segment twice, p is 2 / C(16, 8) = .0002.
    twice = codings().assign(segment_id=lambda frame: frame["segment_id"] + "b")
    both = theme_cooccurrence(pd.concat([codings(), twice]))
    exhibit = plot_cooccurrence(both, number="1.1", study=STUDY)
    assert "3 of 3 pairs tested" in exhibit.note
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
    framed = [patch for patch in page.axes[0].patches if not patch.get_fill()]
    assert len(framed) == 3


def test_n_counts_segments():
    exhibit = plot_cooccurrence(measurement_results()["themes"], number="1.1", study=STUDY)
    assert exhibit.n == 8
    assert exhibit.note.endswith("n counts segments.")


@pytest.mark.parametrize("width", ["single", "double"])
def test_themes_take_the_names_given(width):
    page = drawn(width=width, names={"time": "Protected time"})
    labels = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert "Protected time" in labels
