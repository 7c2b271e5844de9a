"""Brokerage by role and wave, before what chance gives."""

import pandas as pd
import pytest
from exhibit_cases import STUDY
from matplotlib.colors import to_hex
from mixing_cases import network, teams
from network_cases import ranges, small_panel, team_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_brokerage
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.role_pictures import ROLES, set_root_scale
from cvln_eval.exhibits.style import INK, figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import panel_of, symmetrised
from cvln_eval.networks.positions import brokerage

# a -> b -> d: b represents x to y. c -> d -> e: c is of x, so d is the gatekeeper of y.
PATHS = network("ab bd cd de", "xxxyy")


def plot(panel=PATHS, **more):
    return plot_brokerage(brokerage(panel), number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def test_counts_by_hand():
    # b -> d -> e is the second path of the gatekeeper d; a -> b -> d the one of b.
    counts = plot().data.set_index("measure")["value"].to_dict()
    assert counts == {
        "coordinator": 0, "consultant": 0, "gatekeeper": 2, "representative": 1, "liaison": 0,
    }  # fmt: skip
    marks = [[line for line in axes.lines if line.get_zorder() == 3] for axes in drawn(plot()).axes]
    assert [float(own[0].get_ydata()[0]) for own in marks] == [0, 0, 2, 1, 0]


def test_grey_bars_are_the_expectation_and_two_standard_errors_cut_at_0():
    exhibit = plot(team_panel(5, 8, 2))
    rows = exhibit.data[exhibit.data["measure"] == "coordinator"]
    boxes = [patch.get_bbox() for patch in drawn(exhibit).axes[0].patches]
    for box, row in zip(boxes, rows.to_dict("records"), strict=True):
        off = 1.96 * row["std_error_null"]
        assert box.y0 == pytest.approx(max(row["expected"] - off, 0))
        assert box.y1 == pytest.approx(row["expected"] + off)


def test_a_grey_bar_does_not_go_below_0():
    # One open two-path is expected to be rarer than its standard error is large.
    row = plot().data.set_index("measure").loc["gatekeeper"]
    assert row["expected"] < 1.96 * row["std_error_null"]
    assert [patch.get_bbox().y0 for patch in drawn(plot()).axes[2].patches] == [0]


def test_given_ranges_stand_beside_the_grey_ones_under_their_name():
    panel = team_panel(5, 8, 2)
    given = ranges(brokerage(panel), method="as in Table 2")
    exhibit = plot(panel, ranges=given.iloc[::-1])
    page = drawn(exhibit)
    assert [text.get_text() for text in page.legends[0].texts] == [
        "counted", "ties without regard to teams", "as in Table 2",
    ]  # fmt: skip
    boxes = [patch.get_bbox() for patch in page.axes[4].patches]
    own = given[given["measure"] == "liaison"]
    assert [box.y1 for box in boxes[2:]] == pytest.approx(own["null_high"].tolist())
    assert boxes[0].x1 < 0 + 1e-9 < boxes[2].x0 + 0.05
    assert len(exhibit.data) == 10


def test_above_each_panel_stands_the_role_with_its_broker_ringed():
    for axes, role in zip(drawn(plot()).axes, ROLES, strict=True):
        marks = [line for line in axes.lines if line.get_marker() in ("o", "s", "^")]
        shapes = [line.get_marker() for line in marks]
        assert [shapes.index(shape) for shape in shapes] == {
            "coordinator": [0, 0, 0], "consultant": [0, 1, 0], "gatekeeper": [0, 1, 1],
            "representative": [0, 0, 2], "liaison": [0, 1, 2],
        }[role]  # fmt: skip
        rings = [to_hex(line.get_markeredgecolor()) == INK for line in marks]
        assert rings == [False, True, False]
        assert axes.get_title(loc="left") == role


def test_titles_and_notes():
    assert plot().title == (
        "Brokerage by advice: 0 of 4 counts lie outside of what ties without regard to teams give"
    )
    assert "did not answer" not in plot().note
    silent = plot(small_panel())
    assert "Up to 1 person did not answer in a wave and cannot be seen to broker." in silent.note
    assert "is no test" in silent.note


def test_undirected_ties_have_counts_and_no_expectation():
    # At b the pair of a and d, at d three pairs, each both ways.
    exhibit = plot(symmetrised(PATHS, rule="either"))
    assert exhibit.title == "Brokerage by advice: 8 open two-paths in 1 wave"
    assert "no direction, for which there is no expectation" in exhibit.note
    assert not any(axes.patches for axes in drawn(exhibit).axes)


def test_a_wave_in_which_nobody_answered_is_a_gap():
    nobody = network("", "xxxyy", wave="y2", answered=[0] * 5)
    exhibit = plot(panel_of([PATHS, nobody]))
    values = exhibit.data[exhibit.data["wave"] == "y2"]["value"]
    assert values.isna().all()
    assert "nobody answered" in exhibit.note
    with pytest.raises(ArgumentError, match="no brokerage to draw"):
        plot(nobody)


def test_n_is_that_of_the_wave_with_most_people():
    assert plot(panel_of([PATHS, network("ab bc", "xxy", wave="y2")])).n == 5


def test_the_tick_of_a_bar_is_the_expectation():
    exhibit = plot()
    ticks = [axes.collections[0].get_segments()[0][0][1] for axes in drawn(exhibit).axes]
    assert ticks == pytest.approx(exhibit.data["expected"].tolist())


def test_no_ties_and_one_team_are_drawn():
    assert drawn(plot(network("", "xxyy")))
    assert drawn(plot(network("ab bc", "xxx")))


def test_root_ticks_are_rounded_and_stay_on_the_axis():
    axes = drawn(plot()).axes[0]
    for top in (1.0, 1.6, 7.0, 898.0, 21000.0):
        set_root_scale(axes, top)
        ticks = axes.get_yticks()
        assert ticks[0] == 0
        assert 2 <= len(ticks) <= 5
        assert max(ticks) <= 1.03 * top


def test_every_column_is_in_the_glossary():
    panel = team_panel(5, 8, 2)
    assert set(plot(panel, ranges=ranges(brokerage(panel))).data) <= set(glossary()["column"])


def test_what_cannot_be_drawn_is_refused():
    several = teams(8, list("AB"), waves=["y1"], relations=("advice", "confide"))
    with pytest.raises(ArgumentError, match="room for one relation"):
        plot(several)
    given = ranges(brokerage(PATHS))
    with pytest.raises(ArgumentError, match="several of 'coordinator'"):
        plot(ranges=pd.concat([given, given.iloc[:1]]))
    with pytest.raises(ArgumentError, match="none"):
        plot(ranges=given.assign(wave="another"))
    with pytest.raises(ArgumentError, match="null_low"):
        plot(ranges=given.drop(columns="null_low"))
