"""Slopes of people and teams: whose they are is not told, and what is drawn is the result."""

import pytest
from exhibit_cases import STUDY
from inference_cases import inference_results, team_scores, turned

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_paired_slopes
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.change import change_by_team

WAVES = ("y1", "y2")


def slopes(scores=None, **more):
    scores = team_scores() if scores is None else scores
    result = change_by_team(scores, waves=WAVES)
    return plot_paired_slopes(
        result, scores, number="1.1", study=STUDY, **{"scale": "trust", **more}
    )


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def ends(axes, width):
    """Return first and last of the lines of a width, sorted."""
    lines = [line for line in axes.lines if line.get_linewidth() == width]
    return sorted(tuple(line.get_ydata()) for line in lines)


def test_every_person_who_answered_twice_is_a_line_in_the_panel_of_the_team():
    page = drawn(slopes())
    scores = team_scores().query("scale == 'trust'")
    wide = scores.pivot_table(index=["team_id", "person_id"], columns="wave", values="score")
    for axes, (_, part) in zip(page.axes, wide.dropna().groupby("team_id"), strict=False):
        assert ends(axes, 0.6) == sorted(part[[*WAVES]].itertuples(index=False, name=None))
    assert len(page.axes) == 4  # three teams and all of them


def test_neither_picture_nor_data_tell_who_is_who():
    exhibit = slopes()
    named = set(team_scores()["person_id"])
    assert not named & set(exhibit.data.astype("str").to_numpy().ravel())
    # Other names in another order draw the same.
    assert repr(slopes(turned(team_scores()))) == repr(exhibit)


def test_the_bar_is_the_interval_of_the_change_from_the_first_mean():
    page = drawn(slopes())
    row = inference_results()["by_team"].tidy().query("scale == 'trust'").iloc[0]
    (bar,) = ends(page.axes[0], 1.4)
    assert bar == pytest.approx(row["mean_before"] + row[["conf_low", "conf_high"]].to_numpy(float))
    assert "n = 4" in page.axes[0].get_title(loc="left")


def test_a_team_of_one_has_a_line_and_no_bar_and_the_note_says_why():
    exhibit = slopes()
    assert ends(drawn(exhibit).axes[2], 1.4) == []
    assert "No interval: C (fewer than two people)" in exhibit.note


def test_one_team_is_drawn_and_its_total_has_no_interval():
    scores = team_scores().query("team_id == 'A'")
    page = drawn(slopes(scores))
    assert len(page.axes) == 2
    assert ends(page.axes[1], 1.4) == []


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ArgumentError, match="'voice'"):
        slopes(scale=None)
    with pytest.raises(ArgumentError, match="'norms'"):
        slopes(scale="norms")
    scores = team_scores()
    late = scores.assign(person_id=scores["person_id"] + scores["wave"])
    with pytest.raises(ArgumentError, match="Nobody answered in both waves"):
        slopes(late)
    with pytest.raises(ArgumentError, match="A 3"):
        plot_paired_slopes(
            change_by_team(scores, waves=WAVES),
            scores[scores["person_id"] != "p0"],
            number="1.1",
            study=STUDY,
            scale="trust",
        )
