"""Figures of an online community: Lorenz curves, response times, measures over windows."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from network_cases import online, small_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_lorenz, plot_measures, plot_response_times
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.networks.cohesion import structure
from cvln_eval.networks.meetings import participation_inequality, reply_network, response_times

SAID = {"title": "A finding", "note": "A note."}
COMMON = {"number": "1.1", "study": STUDY}


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def lines(axes, width):
    return [line for line in axes.lines if line.get_linewidth() == width]


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_a_lorenz_curve_by_hand():
    """Of six posts a has three, c two, b one and three people none."""
    found = participation_inequality(*online(["1"]), n_draws=99)
    axes = drawn(plot_lorenz(found, **COMMON)).axes[0]
    posts, _ = lines(axes, 1.5)
    across, up = posts.get_data()
    assert up[across <= 0.5] == pytest.approx(0)
    # The fourth of six people ends at 2/3; .75 of people is half of the fifth, who has two.
    assert up[across == 0.75] == pytest.approx(1 / 6 + 0.5 * 2 / 6)
    assert up[-1] == pytest.approx(1)
    (diagonal,) = lines(axes, 0.8)
    assert diagonal.get_xdata() == pytest.approx(diagonal.get_ydata())
    row = found.tidy().iloc[0]
    bounds = f"[{row['conf_low']:.2f}, {row['conf_high']:.2f}]"
    # Gini of 0, 0, 0, 1, 2, 3: (1 + 3 * 2 + 5 * 3) / (6 * 6).
    assert words(axes)[:2] == ["Gini", f"{22 / 36:.2f} {bounds}"]


def test_the_title_of_a_lorenz_curve_names_the_top_tenth_of_each_wave():
    found = participation_inequality(*online(), n_draws=99)
    title = plot_lorenz(found, names={"1": "fall"}, **COMMON).title
    # Six tenths of one person with three posts are 1.8 of 6.
    assert title == "The tenth of people with most had 30% of posts written in fall, 30% in 2"


def test_nobody_wrote_is_no_figure():
    posts, members = online(["1"])
    found = participation_inequality(posts.iloc[:0], members, n_draws=9)
    with pytest.raises(ArgumentError, match="no curve"):
        plot_lorenz(found, **COMMON)


def test_response_times_by_hand():
    """Of three posts one is answered after 12 hours and one after 36; the wave ends with r3."""
    found = response_times(*online(["1"]))
    exhibit = plot_response_times(found, action="post", **COMMON)
    axes = drawn(exhibit).axes[0]
    (steps,) = lines(axes, 1.5)
    days, share = steps.get_data()
    assert days[:3] == pytest.approx([0, 0.5, 1.5])
    assert share[0] == 1
    # p3 was watched for six hours only: of the two at risk after 12 hours one is answered.
    assert share[1:3] == pytest.approx([0.5, 0])
    # Half are open all the time from 12 to 36 hours, whose middle is the median.
    assert words(axes) == ["2 of 3 answered", "median 24 h [12, –]"]
    (median,) = lines(axes, 0.9)
    assert median.get_xdata() == pytest.approx([0, 1, 1])
    assert exhibit.title == "Of 3 posts in 1, 67% were answered by somebody else"
    assert exhibit.n == 3


def test_without_an_action_replies_count_as_posts():
    exhibit = plot_response_times(response_times(*online(["1"])), **COMMON)
    assert exhibit.n == 6
    assert "33%" in exhibit.title
    assert words(drawn(exhibit).axes[0])[0] == "2 of 6 answered"


def test_an_action_that_nobody_took_is_refused():
    found = response_times(*online(["1"]))
    with pytest.raises(ArgumentError, match="'like'"):
        plot_response_times(found, action="like", **COMMON)
    with pytest.raises(ArgumentError, match="No post was answered"):
        plot_response_times(found, action="reply", **COMMON)


def test_measures_are_drawn_window_by_window():
    panel = reply_network(*online(["1"]), days=1)
    result = structure(panel)
    exhibit = plot_measures(result, measures=["density"], **SAID, **COMMON)
    (line,) = drawn(exhibit).axes[0].lines
    # One reply on the first day, none on the second, one on the third and one on the fourth.
    assert line.get_ydata() == pytest.approx([1 / 30, 0, 1 / 30, 1 / 30])
    assert exhibit.n == 6


def test_what_is_not_known_breaks_the_line():
    panel = reply_network(*online(["1"]), days=1)
    measures = ["reciprocity_arcs", "density"]
    page = drawn(plot_measures(structure(panel), measures=measures, **SAID, **COMMON))
    first, second = page.axes[0].lines
    assert np.isnan(first.get_ydata()).tolist() == [False, True, False, False]
    assert second.get_ydata() == pytest.approx([1 / 30, 0, 1 / 30, 1 / 30])


def test_each_result_has_its_panel_under_its_name():
    found = {"One": structure(small_panel()), "Two": structure(reply_network(*online()))}
    page = drawn(plot_measures(found, measures=["density"], **SAID, **COMMON))
    assert [axes.get_title(loc="left") for axes in page.axes] == ["One", "Two"]
    assert len({axes.get_ylim() for axes in page.axes}) == 1


def test_a_measure_that_is_not_there_is_refused():
    result = structure(small_panel())
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        plot_measures(result, measures=["shoe_size"], **SAID, **COMMON)
    with pytest.raises(ArgumentError, match="nothing to draw"):
        plot_measures(result, measures=[], **SAID, **COMMON)
