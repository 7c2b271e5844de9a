"""Stayers, joiners and leavers, and the parts of a mean's change, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from exhibit_cases import STUDY
from inference_cases import inference_results, roster_scores, rosters

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_change_by_status
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.change import change_by_status, decompose_change


def turnover(status=None, parts=None, **more):
    found = inference_results()
    return plot_change_by_status(
        status or found["status"], parts or found["parts"], number="1.1", study=STUDY, **more
    )


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def labels(axes):
    return [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]


def marks(axes, shape):
    lines = [line for line in axes.lines if line.get_marker() == shape]
    return {
        int(line.get_ydata()[0]): float(line.get_xdata()[0])
        for line in lines
        if not np.isnan(line.get_xdata()[0])
    }


def test_groups_stand_at_their_means_with_their_n():
    """Twice: a to d, 3 to 3.5; e 2; f 3; joiners i and j 4.5; leaver h 2; g no answer."""
    page = drawn(turnover())
    assert labels(page.axes[0]) == [
        "stayers, answered twice",
        "stayers, first wave only",
        "stayers, last wave only",
        "joiners",
        "leavers",
        "leavers, no answer",
    ]
    assert marks(page.axes[0], "o") == {0: 3.0, 1: 2.0, 4: 2.0}
    assert marks(page.axes[0], "D") == {0: 3.5, 2: 3.0, 3: 4.5}
    texts = [text.get_text() for text in page.axes[0].texts]
    assert texts == ["not available", "n", "4", "1", "1", "2", "1", "1"]


def test_parts_follow_each_other_and_end_where_the_whole_does():
    parts = inference_results()["parts"].parts().set_index("quantity")["estimate"]
    page = drawn(turnover())
    bars = page.axes[1].patches
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    # 26/7 - 16/6 in all, of which 1/2 within.
    assert ends[-2] == pytest.approx(ends[-1])
    assert ends[-1] == pytest.approx(26 / 7 - 16 / 6)
    assert ends[0] == pytest.approx(0.5)
    assert bars[1].get_x() == pytest.approx(ends[0])
    assert bars[-1].get_x() == 0
    assert bars[1].get_width() == pytest.approx(parts["entry"])
    assert labels(page.axes[1])[-1] == "change of the mean"


def test_an_interval_stands_around_the_end_of_its_bar():
    row = inference_results()["parts"].parts().set_index("quantity").loc["entry"]
    page = drawn(turnover())
    wanted = [0.5 + row["conf_low"], 0.5 + row["conf_high"]]
    spans = [line.get_segments()[0][:, 0] for line in page.axes[1].collections]
    assert any(np.allclose(span, wanted) for span in spans)


def test_the_title_is_the_sentence_of_the_parts_and_the_note_names_nobody():
    exhibit = turnover()
    assert exhibit.title == inference_results()["parts"].sentence()
    assert "Nobody: stayers, no answer; joiners, no answer." in exhibit.note
    assert exhibit.n == 10


def test_without_anybody_who_answered_twice_there_is_the_whole_alone():
    scores = roster_scores().query("~(wave == 'y2' and person_id in ['a', 'b', 'c', 'd'])")
    asked = {"memberships": rosters(), "waves": ["y1", "y2"]}
    exhibit = turnover(change_by_status(scores, **asked), decompose_change(scores, **asked))
    page = drawn(exhibit)
    assert len(page.axes[1].patches) == 1
    assert [text.get_text() for text in page.axes[1].texts].count("not available") == 4
    assert "its parts are not available" in exhibit.title


def test_a_scale_or_wave_that_is_not_there_is_refused():
    with pytest.raises(ArgumentError, match="'y3'"):
        turnover(wave="y3")
    with pytest.raises(ArgumentError, match="'voice'"):
        turnover(scale="voice")
    rows = inference_results()["status"].rows
    several = replace(inference_results()["status"], rows=rows.assign(wave=["y2"] * 4 + ["y3"] * 4))
    with pytest.raises(ArgumentError, match="'y2', 'y3'"):
        turnover(several)
