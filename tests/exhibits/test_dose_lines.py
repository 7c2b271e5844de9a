"""Dose and outcome: every row a mark, both slopes as lines, the interval as bands."""

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from inference_cases import coached

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_dose_response
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import COLOURS, figure_style
from cvln_eval.inference.dose import dose_response

# Team means of hours 1, 2, 6 and of change 1, 3, 8: between 19 / 14, within 0.4.
BY_HAND = pd.DataFrame(
    {"team_id": list("aabbcc"), "hours": [0, 2, 0, 4, 6, 6], "change": [1, 1, 2, 4, 6, 10]}
)


def response(table, **more):
    return dose_response(table, outcome="change", dose="hours", n_draws=49, n_simulated=50, **more)


def figure(table, **more):
    return plot_dose_response(response(table), number="1.1", study=STUDY, **more)


def panel_of(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page.axes[0]


def lines(axes, width):
    """Return both ends of the lines of a width."""
    found = [line for line in axes.lines if line.get_linewidth() == width]
    return [line.get_data() for line in found if line.get_linestyle() != "None"]


def marks(axes, size):
    found = [line for line in axes.lines if line.get_markersize() == size and line.get_marker()]
    return [line for line in found if line.get_linestyle() == "None"]


def test_lines_by_hand():
    axes = panel_of(figure(BY_HAND))
    # Team a from 0 to 2 hours about (1, 1), team b from 0 to 4 about (2, 3); c has no spread.
    within = [([0, 2], [0.6, 1.4]), ([0, 4], [2.2, 3.8])]
    for found, expected in zip(lines(axes, 1.4), within, strict=True):
        np.testing.assert_allclose(found, expected)
    # Through the mean of all points, (3, 4), between the means of teams at 1 and 6 hours.
    (found,) = lines(axes, 1.8)
    np.testing.assert_allclose(found, [[1, 6], [4 - 2 * 19 / 14, 4 + 3 * 19 / 14]])


def test_every_row_is_a_mark_and_every_team_has_its_mean():
    axes = panel_of(figure(BY_HAND))
    small = [xy for line in marks(axes, 4) for xy in zip(*line.get_data(), strict=True)]
    assert sorted(small) == sorted(BY_HAND[["hours", "change"]].itertuples(index=False, name=None))
    large = [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks(axes, 7.5)]
    assert large == [(1, 1), (2, 3), (6, 8)]


def test_the_band_is_the_interval_of_the_slope_turned_about_the_mean_of_the_team():
    row = response(coached()).tidy().set_index("term").loc["dose_within"]
    own = coached().query("team_id == 'district A'")
    band = panel_of(figure(coached())).collections[0].get_paths()[0].vertices
    end = own["hours"].max()
    reach = row[["conf_low", "conf_high"]].to_numpy(float) * (end - own["hours"].mean())
    at_end = band[np.isclose(band[:, 0], end), 1]
    np.testing.assert_allclose([at_end.min(), at_end.max()], own["change"].mean() + reach)


@pytest.mark.parametrize("teams", [5, 12, 14])
def test_teams_differ_in_mark_and_in_colour_or_filling(teams):
    axes = panel_of(figure(coached(sizes=(4,) * teams)))
    looks = [
        (line.get_marker(), line.get_color(), line.get_markerfacecolor()) for line in marks(axes, 4)
    ]
    assert len({look[1:] for look in looks}) == teams
    assert len({(look[0], look[2] == "white") for look in looks}) == teams
    assert "#F0E442" in COLOURS
    assert "#F0E442" not in {look[1] for look in looks}


def test_more_teams_than_marks_are_drawn_alike_and_the_note_says_so():
    exhibit = figure(coached(sizes=(3,) * 15))
    assert len({line.get_color() for line in marks(panel_of(exhibit), 4)}) == 1
    assert "More than 14 teams, which are not told apart." in exhibit.note


def test_the_title_is_the_verdict_on_the_slope_within_and_the_note_the_one_between():
    exhibit = figure(coached(), names={"hours": "coaching"})
    assert "the slope of change on coaching within teams" in exhibit.title
    assert "the slope of change on coaching between teams" in exhibit.note
    assert "CR2 standard errors, Satterthwaite df" in exhibit.note
    assert exhibit.note.endswith("n counts rows, in 5 teams.")
    assert exhibit.n == 41


def test_the_slopes_are_told_beside_their_lines():
    legend = panel_of(figure(BY_HAND)).get_legend()
    first, second = (text.get_text() for text in legend.get_texts())
    assert first.startswith("slope within teams 0.40 [")
    assert second.startswith("slope between teams 1.36 [")


def test_a_dose_of_teams_has_one_line_and_the_title_is_about_it():
    table = coached()
    table["hours"] = table.groupby("team_id")["hours"].transform("mean")
    exhibit = figure(table)
    axes = panel_of(exhibit)
    assert len(lines(axes, 1.8)) == 1
    assert lines(axes, 1.4) == []
    assert "between teams" in exhibit.title
    assert "No slope within teams: within teams everyone has the same dose." in exhibit.note


def test_one_team_has_a_line_and_no_band_and_the_title_says_that_there_is_no_test():
    exhibit = figure(coached(sizes=(9,)))
    axes = panel_of(exhibit)
    assert len(lines(axes, 1.4)) == 1
    assert len(axes.collections) == 0
    assert "cannot be tested: one cluster does not show" in exhibit.title
    assert "No interval of the slope within teams: fewer than two clusters." in exhibit.note
    assert "Bands" not in exhibit.note


def test_a_dose_alike_everywhere_has_points_and_no_line():
    exhibit = figure(coached().assign(hours=6.0))
    axes = panel_of(exhibit)
    assert lines(axes, 1.4) + lines(axes, 1.8) == []
    assert axes.get_legend() is None
    assert "cannot be had: within teams everyone has the same dose" in exhibit.title


def test_controls_and_rows_left_out_are_told():
    table = coached().assign(tenure=np.arange(41.0) % 7)
    table.loc[3, "change"] = np.nan
    found = response(table, controls=["tenure"])
    note = plot_dose_response(found, number="1.1", study=STUDY).note
    assert "Slopes hold tenure constant; points are as they are." in note
    assert "1 row with missing values left out." in note


def test_the_order_of_rows_changes_no_point():
    mixed = coached().sample(frac=1, random_state=3)
    assert figure(mixed).digest == figure(coached()).digest


def test_a_result_without_rows_is_refused():
    with pytest.raises(ArgumentError, match="no rows to draw"):
        figure(coached().assign(change=np.nan))
