"""Flows of ties: every piece has the height of its number, and pieces add up to their bar."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from matplotlib.collections import PolyCollection
from network_cases import small_panel, team_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_tie_flow
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.exhibits.tie_flow import _apart
from cvln_eval.glossary import glossary
from cvln_eval.networks.waves import turnover


def flow(panel=None, **more):
    panel = small_panel() if panel is None else panel
    return plot_tie_flow(turnover(panel), number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def bands(axes):
    """Return left end, right end and height of each piece."""
    found = []
    for each in axes.collections:
        if isinstance(each, PolyCollection):
            points = each.get_paths()[0].vertices
            left, right = points[:, 0].min(), points[:, 0].max()
            there = points[np.isclose(points[:, 0], left), 1]
            found.append((round(left, 3), round(right, 3), there.max() - there.min()))
    return found


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_pieces_by_hand():
    # Of ab, ba, ac, de: ab and ba were kept, ac went with c, de was dropped: d
    # answered and does not name e any more. Of ab, ba, ad, da, fd, bf: two were there, ad and da
    # are new between stayers, fd and bf came with f.
    data = flow().data.set_index("measure")["numerator"]
    assert data[data > 0].to_dict() == {
        "kept": 2, "dropped by stayers": 1, "lost with a leaver": 1, "there before": 2,
        "formed by stayers": 2, "gained with a joiner": 2,
    }  # fmt: skip
    axes = drawn(flow()).axes[0]
    assert sorted(height for *_, height in bands(axes)) == [1, 1, 2, 2, 2]
    assert sorted(texts(axes)) == ["1", "1", "2", "2", "2", "4", "6"]


@pytest.mark.parametrize("panel", [small_panel(), team_panel(4, 5, 3)])
def test_pieces_add_up_to_the_bars_on_either_side(panel):
    axes = drawn(flow(panel)).axes[0]
    bars = {round(bar.get_x() + bar.get_width() / 2): bar for bar in axes.patches}
    for at, bar in bars.items():
        right = [h for left, _, h in bands(axes) if np.isclose(left, bar.get_x() + bar.get_width())]
        left = [h for _, end, h in bands(axes) if np.isclose(end, bar.get_x())]
        if at < max(bars):
            assert sum(right) == pytest.approx(bar.get_height())
        if at > 0:
            assert sum(left) == pytest.approx(bar.get_height())


def test_the_title_says_what_was_kept_and_n_counts_ties():
    assert flow().title == "Of advice ties, 2 of 4 were kept from 1 to 2"
    assert flow().n == 10
    named = flow(names={"1": "Fall", "advice": "counsel"})
    assert named.title == "Of counsel ties, 2 of 4 were kept from Fall to 2"


def test_what_is_not_known_is_in_the_note_and_the_legend():
    assert "Not known" not in flow().note
    silent = small_panel({"1": ["ab", "ed"], "2": ["ab"]}, silent=(("2", "e"),))
    exhibit = flow(silent)
    assert "Not known: both people" in exhibit.note
    assert "not known" in [text.get_text() for text in drawn(exhibit).legends[0].texts]


def test_only_pieces_that_are_there_are_in_the_legend():
    legend = [text.get_text() for text in drawn(flow()).legends[0].texts]
    assert legend == [
        "kept",
        "formed by people who stayed",
        "dropped by people who stayed",
        "with somebody who left or joined",
    ]


def test_a_wave_without_ties_has_no_bar_and_no_piece():
    panel = small_panel({"1": ["aa"], "2": ["ab"]}, silent=())
    axes = drawn(flow(panel)).axes[0]
    assert [height for *_, height in bands(axes)] == [1]
    assert flow(panel).title == "Of advice ties, 0 of 0 were kept from 1 to 2"


def test_numbers_are_moved_apart_and_stay_in_order():
    assert _apart([1, 1.1, 5], 1) == [1, 2, 5]
    assert _apart([], 1) == []


def test_columns_are_in_the_glossary():
    assert set(flow().data.columns) <= set(glossary()["column"])


def test_nothing_to_follow_is_refused():
    with pytest.raises(ArgumentError, match="no relation of two waves"):
        flow(small_panel().only(waves=["1"]))
    with pytest.raises(ArgumentError, match="no ties"):
        flow(small_panel({"1": ["aa"], "2": ["bb"]}, silent=()))
