"""Forests of reliability and agreement: what stands in a row, and what the note says."""

from dataclasses import replace

import numpy as np
import pytest
from exhibit_cases import STUDY
from measurement_cases import agreement, answers, measurement_results, members, steps

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_agreement_forest, plot_invariance, plot_reliability
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.rounding import in_apa
from cvln_eval.exhibits.style import figure_style


def agreeing(**more):
    return plot_agreement_forest(
        measurement_results()["agreement"], number="1.1", study=STUDY, **more
    )


def reliable(result=None, **more):
    result = result or measurement_results()["reliability"]
    return plot_reliability(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def words(page, axes=0):
    return [text.get_text() for text in page.axes[axes].texts]


def marks(page, shape):
    """Return x of all marks of a shape in the first panel, in the order drawn."""
    lines = [line for line in page.axes[0].lines if line.get_marker() == shape]
    return [float(x) for line in lines for x in np.ravel(line.get_xdata())]


def test_every_team_is_a_mark_under_each_null():
    result = measurement_results()["agreement"]
    page = drawn(agreeing())
    teams = result.teams()
    for null, shape in (("uniform", "o"), ("slight_skew", "s")):
        values = teams.loc[teams["null"] == null, "rwg_j_truncated"].dropna()
        assert sorted(marks(page, shape)) == pytest.approx(sorted(values))
    assert [text.get_text() for text in page.legends[0].get_texts()][:2] == [
        "uniform null", "slight skew null"
    ]  # fmt: skip


def test_the_mean_over_teams_stands_before_the_band_of_random_groups():
    result = measurement_results()["agreement"]
    moved = result.tidy().assign(rwg_j_mean=0.8, pseudo_low=0.3, pseudo_high=0.6)
    exhibit = plot_agreement_forest(replace(result, agreement=moved), number="1.1", study=STUDY)
    page = drawn(exhibit)
    assert marks(page, "|") == [0.8, 0.8]
    band = page.axes[0].patches[0]
    assert band.get_x() == pytest.approx(0.3)
    assert band.get_x() + band.get_width() == pytest.approx(0.6)


def test_a_row_where_everybody_answered_alike_says_so_and_the_note_says_why():
    # All answers of the second wave are alike, so that its ICC(1) cannot be had.
    exhibit = agreeing()
    assert "not available" in words(drawn(exhibit), 1)
    assert "Not available: trust, y2 (everybody answered alike)." in exhibit.note


def test_teams_of_one_have_no_mark_and_are_counted():
    # Team C has one member: no value under two nulls in two waves.
    assert "Not drawn: 4 values that teams do not have." in agreeing().note


def test_a_scale_that_was_not_asked_is_counted_and_not_drawn():
    given = answers()
    absent = given[(given["wave"] == "y1") | (given["item"] != "trust_1")]
    exhibit = plot_agreement_forest(
        agreement(absent, members()), number="1.1", study=STUDY, title="A finding"
    )
    assert "1 pair of a scale and a wave without numbers left out." in exhibit.note
    assert set(exhibit.data["wave"]) == {"y1"}
    nothing = replace(measurement_results()["agreement"], by_team=exhibit.data.iloc[:0])
    with pytest.raises(ArgumentError, match="no rows"):
        plot_agreement_forest(nothing, number="1.1", study=STUDY)


def test_rows_name_the_scale_once_and_every_wave():
    labels = [label.get_text() for label in drawn(reliable()).axes[0].get_yticklabels()]
    assert labels == ["trust   y1", "y2"]
    low, high = drawn(reliable()).axes[0].get_ylim()
    assert low > high  # the first row is the highest
    named = reliable(names={"y1": "Fall 2008", "trust": "Trust"})
    labels = [label.get_text() for label in drawn(named).axes[0].get_yticklabels()]
    assert labels[0] == "Trust   Fall 2008"
    result = measurement_results()["reliability"]
    one = replace(result, rows=result.tidy().iloc[:1])
    labels = [label.get_text() for label in drawn(reliable(one)).axes[0].get_yticklabels()]
    assert labels == ["trust"]


def test_people_and_items_stand_beside_each_row():
    # Seven people answered the three items in both waves.
    assert words(drawn(reliable()))[1:] == ["items", "3", "3", "n", "7", "7"]


def test_alpha_and_omega_stand_where_they_are():
    row = measurement_results()["reliability"].tidy().iloc[0]
    page = drawn(reliable())
    assert marks(page, "o") == pytest.approx([row["alpha"]])
    assert marks(page, "s") == pytest.approx([row["omega_total"]])


def test_a_scale_without_alpha_says_why_and_a_wrong_key_is_named():
    result = measurement_results()["reliability"]
    assert "Not available: trust, y2 (" in reliable().note
    suspect = replace(result, rows=result.tidy().assign(wrong_items=["trust_2, trust_3", ""]))
    exhibit = reliable(suspect)
    assert "* Probably keyed the wrong way: trust 2, trust 3 (y1)." in exhibit.note
    assert "3*" in words(drawn(exhibit))
    assert "Probably" not in reliable().note


def test_a_very_long_interval_ends_in_an_arrow():
    result = measurement_results()["reliability"]
    long = replace(result, rows=result.tidy().assign(conf_low=-2.0))
    exhibit = reliable(long)
    page = drawn(exhibit)
    assert marks(page, "<") == [-0.5]
    assert page.axes[0].get_xlim()[0] == pytest.approx(-0.53)
    line = page.axes[0].collections[0]
    assert line.get_segments()[0][0][0] == -0.5
    assert "goes on below" in exhibit.note
    assert marks(drawn(reliable()), "<") == []


def invariance(result=None, **more):
    return plot_invariance(result or steps(), number="1.1", study=STUDY, **more)


def test_steps_that_hold_are_filled_and_one_that_was_not_fitted_is_named():
    page = drawn(invariance())
    filled = {
        line.get_xdata()[0]: line.get_markerfacecolor() != "white"
        for line in page.axes[0].lines
        if line.get_marker() == "o"
    }
    assert filled == {1.0: True, 0.99: True, 0.85: False}
    labels = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert labels == ["configural", "metric", "scalar", "partial scalar\n(item 3, item 4\nfreed)"]
    assert "Not fitted: strict (it did not converge)." in invariance().note
    assert invariance().title == "Means may be compared only with item_3 freed."


def test_p_is_that_of_the_step_and_of_the_fit_for_the_first():
    assert words(drawn(invariance()), 1) == ["p", ".630", ".726", "<.001", ".127"]


def test_models_that_could_not_be_fitted_are_refused_with_the_verdict():
    with pytest.raises(ArgumentError, match="only with item_3 freed"):
        invariance(replace(steps(), frame=steps().tidy().iloc[-1:]))


@pytest.mark.parametrize(
    ("p", "text"), [(0.0421, ".042"), (0.0009, "<.001"), (0.001, ".001"), (1.0, "1.000")]
)
def test_p_by_hand(p, text):
    assert in_apa(p) == text


def test_omega_is_drawn_with_its_interval():
    result = measurement_results()["reliability"]
    row = result.tidy().dropna(subset=["omega_low"]).iloc[0]
    spans = [
        line.get_segments()[0][:, 0].tolist()
        for line in drawn(reliable(result)).axes[0].collections
    ]
    assert pytest.approx([row["omega_low"], row["omega_high"]]) in spans
