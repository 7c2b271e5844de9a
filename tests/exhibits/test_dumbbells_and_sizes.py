"""Dumbbells of change, and sizes of methods."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from inference_cases import calibrated, inference_results, team_scores

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_change_dumbbells, plot_size
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.change import change_by_team, paired_change

WAVES = ("y1", "y2")


def dumbbells(result=None, **more):
    result = result or inference_results()["change"]
    return plot_change_dumbbells(result, number="1.1", study=STUDY, **more)


def sizes(result=None, **more):
    result = calibrated() if result is None else result
    return plot_size(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def marks(axes, shape):
    lines = [line for line in axes.lines if line.get_marker() == shape]
    return [float(x) for line in lines for x in np.ravel(line.get_xdata())]


def labels(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def words(axes):
    return [text.get_text() for text in axes.texts]


def moved(**columns):
    """Return the change with other numbers in its tests."""
    result = inference_results()["change"]
    return replace(result, rows=result.tests().assign(**columns))


def test_both_means_and_the_clustered_interval_stand_where_they_are():
    result = inference_results()["change"]
    page = drawn(dumbbells())
    means, tests = result.summary(), result.tests()
    assert marks(page.axes[0], "o") == pytest.approx(means["mean_before"].to_list())
    assert marks(page.axes[0], "D") == pytest.approx(means["mean_after"].to_list())
    spans = [line.get_segments()[0][:, 0] for line in page.axes[1].collections]
    assert np.ravel(spans) == pytest.approx(np.ravel(tests[["conf_low", "conf_high"]]))
    assert labels(page.axes[0]) == ["trust", "voice"]


def test_the_title_names_what_lies_above_below_and_around_nought():
    title = dumbbells(moved(conf_low=[0.1, -0.4], conf_high=[0.5, -0.1])).title
    assert title == (
        "The 95% interval of the mean change lies above 0 for trust; lies below 0 for voice."
    )
    title = dumbbells(moved(conf_low=[-0.1, np.nan], conf_high=[0.5, np.nan])).title
    assert title == (
        "The 95% interval of the mean change holds 0 for trust; is not available for voice."
    )
    every = {f"set {at}": moved(conf_low=0.1, conf_high=0.3) for at in range(5)}
    assert dumbbells(every).title == (
        "Of 10 mean changes, 10 have an interval above 0, 0 one below 0 and 0 one that holds 0."
    )


def test_one_scale_and_teams_have_the_sentence_of_the_result():
    one = paired_change(team_scores().query("scale == 'trust'"), waves=WAVES)
    assert dumbbells(one).title == one.sentence()
    teams = inference_results()["by_team"]
    exhibit = dumbbells(teams)
    assert exhibit.title == teams.sentence()
    assert labels(drawn(exhibit).axes[0])[:4] == ["trust, A", "trust, B", "trust, C", "trust, all"]


def test_teams_of_one_scale_are_named_alone_and_one_without_interval_says_why():
    teams = change_by_team(team_scores().query("scale == 'trust'"), waves=WAVES)
    exhibit = dumbbells({"Cohort 1": teams})
    assert labels(drawn(exhibit).axes[0])[-1] == "Cohort 1: All teams"
    assert "No interval: Cohort 1: C (fewer than two people)." in exhibit.note


def test_a_change_that_is_not_there_is_said_and_all_of_them_are_refused():
    late = team_scores()
    absent = late.assign(
        person_id=late["person_id"].where(
            late["scale"] == "trust", late["person_id"] + late["wave"]
        )
    )
    page = drawn(dumbbells(paired_change(absent, waves=WAVES)))
    assert "not available" in words(page.axes[1])
    with pytest.raises(ArgumentError, match="nobody answered in both waves"):
        dumbbells(paired_change(absent.query("scale == 'voice'"), waves=WAVES))
    with pytest.raises(ArgumentError, match="lacks"):
        plot_change_dumbbells({}, number="1.1", study=STUDY)


def test_methods_are_sorted_by_their_largest_size():
    page = drawn(sizes())
    named = ["CR2 with Satterthwaite df", "t test of cluster means", "clustered z test"]
    assert labels(page.axes[0]) == named
    assert words(page.axes[0]) == ["largest", "4.0%", "5.2%", "48.0%"]
    assert marks(page.axes[0], "D") == [0.48]
    assert marks(page.axes[0], "o") == [0.04, 0.052]
    assert sorted(marks(page.axes[0], "|")) == [0.05, 0.12]


def test_the_title_counts_methods_beyond_one_and_a_half_times_the_level():
    assert sizes().title == (
        "In 2 designs without any effect, 1 of 3 methods rejects more than 7.5% in one or more at "
        "the level 5%: the clustered z test (48.0%)."
    )
    fine = calibrated().query("method == 't test of cluster means'")
    assert "none of 1 method rejects more than 7.5%" in sizes(fine).title
    # At the level of 1% its band ends at 1.5%, and all three go beyond.
    assert "3 of 3 methods reject more than 1.5%" in sizes(conf_level=0.99).title


def test_a_method_without_a_size_in_any_design_is_named_with_its_reason():
    assert "No size: t test of cluster slopes (no slope)." in sizes().note
    with pytest.raises(ArgumentError, match="no rows"):
        sizes(calibrated().query("size != size"))
    with pytest.raises(ArgumentError, match="size_mc_error"):
        sizes(pd.DataFrame({"method": ["a"], "size": [0.1]}))


def test_one_design_says_which_it_is():
    exhibit = sizes(inference_results()["size"])
    assert "The design: 41 rows in 5 clusters, ICC .05" in exhibit.note
    assert words(drawn(exhibit).axes[0])[0] == "size"
