"""Changes between groups that met: each pair is a mark, on the side where it belongs."""

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from network_cases import joint, met_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_joint_sessions
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.meetings import JointSessions, joint_sessions


def figure(result, **more):
    return plot_joint_sessions(result, number="1.1", study=STUDY, **more)


def panels(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page.axes


def test_each_pair_of_groups_is_a_mark_where_its_change_is():
    # Six teams are 15 pairs; s0 had T00 with T01 and s2 had T02 with T03: two pairs met.
    found = joint()
    for axes, relation in zip(panels(figure(found)), ["advice", "shared_initiative"], strict=True):
        own = found.pairs[found.pairs["relation"] == relation]
        met = own["n_joint_sessions"] > 0
        drawn = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) in (2, 13)]
        assert np.allclose(drawn[0], np.sort(own.loc[met, "change"]))
        assert np.allclose(drawn[1], np.sort(own.loc[~met, "change"]))
        labels = {
            tick: text.get_text()
            for tick, text in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        }
        assert labels == {0: "did not meet, 13 pairs", 1: "met, 2 pairs"}
        heights = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) in (2, 13)]
        assert [np.round(each.mean()) for each in heights[:2]] == [1, 0]


def test_strokes_are_the_means_of_the_result():
    found = joint()
    rows = found.tidy().query("by == 'all'").set_index("relation")
    for axes, relation in zip(panels(figure(found)), rows.index, strict=True):
        strokes = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "|"]
        assert np.allclose(strokes, rows.loc[relation, ["change_met", "change_not_met"]].to_list())


def test_the_heading_has_difference_and_p():
    found = joint()
    row = found.tidy().query("by == 'all' and relation == 'advice'").iloc[0]
    heading = panels(figure(found))[0].get_title(loc="left")
    assert heading.startswith("advice: difference ")
    assert f"{abs(row['estimate']):.2f}" in heading
    assert ", p = ." in heading
    broken = panels(figure(joint(relations=("shared_initiative",)), width="single"))
    assert broken[0].get_title(loc="left").startswith("shared initiative:\ndifference ")


def test_what_the_title_says():
    rows = joint().tidy().query("by == 'all'")
    sure = int((rows["p_value"] < 0.05).sum())
    assert figure(joint()).title.endswith(f"with p < .05 in {sure} of 2 relations")
    one = joint(relations=("advice",))
    row = one.tidy().iloc[0]
    met, others = (f"{row[name]:.2f}" for name in ("change_met", "change_not_met"))
    assert figure(one).title == (
        f"Density of advice changed by {met} between teams that met and by {others} between others"
    ).replace("-", "−")


def test_where_nobody_met_there_is_no_comparison_but_the_changes_are_drawn():
    # With two teams no day was held.
    exhibit = figure(joint(n_teams=2))
    assert exhibit.title == "Changes between teams that met and that did not cannot be compared"
    assert "No comparison or no test: in every step all pairs of groups met, or none did" in (
        exhibit.note
    )
    assert "at the least" not in exhibit.note
    axes = panels(exhibit)[0]
    assert axes.get_title(loc="left") == "advice: no comparison"
    assert [len(line.get_xdata()) for line in axes.lines[:4]] == [0, 1, 1, 1]


def test_the_least_p_is_in_the_note():
    assert "each relation by itself, at the least 1/100." in figure(joint()).note


def test_columns_are_in_the_glossary():
    assert set(figure(joint()).data.columns) <= set(glossary()["column"])


def test_a_panel_of_one_wave_has_nothing_to_draw():
    panel, met = met_panel()
    with pytest.raises(ArgumentError, match="no change to draw"):
        figure(joint_sessions(panel.only(waves=["2"]), affiliation=met, n_draws=9))


def test_a_result_without_rows_is_refused():
    empty = JointSessions(pd.DataFrame(), pd.DataFrame(), "team_id")
    with pytest.raises(ArgumentError, match="lacks what this figure draws"):
        figure(empty)
