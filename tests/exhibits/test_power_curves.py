"""Power curves: what stands on them and what their title may say."""

from dataclasses import replace

import numpy as np
import pytest
from exhibit_cases import STUDY
from inference_cases import PLAN, inference_results

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_power
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.inference.planning import power


def curves(result=None, **more):
    return plot_power(result or inference_results()["power"], number="1.1", study=STUDY, **more)


def told(**columns):
    result = inference_results()["power"]
    return replace(result, curve=result.curve.assign(**columns))


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def test_each_number_of_clusters_is_a_curve_with_its_number_on_it():
    page = drawn(curves())
    own = inference_results()["power"].tidy()
    thick = [line for line in page.axes[0].lines if line.get_linewidth() == 1.5]
    for line, (_, rows) in zip(thick, own.groupby("n_clusters"), strict=True):
        assert line.get_ydata() == pytest.approx(rows["power"].to_list())
    assert [text.get_text() for text in page.axes[0].texts] == ["5", "12"]
    assert len({str(line.get_linestyle()) for line in thick}) == 2


def test_a_number_stands_where_its_curve_rises_through_its_height():
    # From 0 at an effect of 0 to 1 at an effect of 0.5: one half at 0.25, .62 at .31.
    page = drawn(curves(told(power=[0.0, 1.0, 1.0, 1.0] * 2, power_mc_error=0.0)))
    places = [text.get_position() for text in page.axes[0].texts]
    assert np.ravel(places) == pytest.approx([0.25, 0.5, 0.31, 0.62])


def test_the_least_change_is_marked_and_is_the_title():
    exhibit = curves(least=inference_results()["least"])
    row = inference_results()["least"].tidy().iloc[0]
    (mark,) = [line for line in drawn(exhibit).axes[0].lines if line.get_marker() == "D"]
    assert mark.get_xdata()[0] == row["effect"]
    assert exhibit.title == (
        f"With 5 clusters only a change of {row['effect']:.2f} or more would have been found 80% "
        "of the time."
    )


def test_a_least_change_that_is_not_there_is_the_title_and_no_mark():
    least = inference_results()["least"]
    never = replace(least, row=least.row.assign(effect=np.nan, reason="it cannot reject"))
    exhibit = curves(least=[never])
    assert exhibit.title == "With 5 clusters no change could have been shown: it cannot reject."
    assert not [line for line in drawn(exhibit).axes[0].lines if line.get_marker() == "D"]


def test_titles_without_a_least_change_say_what_is_drawn():
    assert "no effect up to 2.00 is found in 80%" in curves(told(power=0.1)).title
    some = told(power=[0.0, 0.1, 0.8, 0.9] * 2)
    assert "an effect of 1.00 is the smallest drawn" in curves(some).title
    districts = curves(told(power=0.1), names={"cluster": "district", "effect": "change"})
    assert districts.title.startswith("With 5 districts")
    assert drawn(districts).axes[0].get_xlabel() == "Change"
    assert "not observed: 5 districts of" in districts.note
    assert "clusters" not in districts.note
    assert "not observed: 5 clusters of" in curves().note


def test_a_method_that_cannot_reject_is_said_and_one_without_power_refused():
    never = power(PLAN, effect=[0.0, 1.0], method="randomization test", n_simulated=50)
    exhibit = curves(never)
    assert (
        exhibit.title
        == "With 5 clusters the randomization test cannot reject, whatever the effect."
    )
    assert "With 5 clusters: this method cannot give less than p = .100" in exhibit.note
    with pytest.raises(ArgumentError, match="No power was simulated"):
        curves(told(power=np.nan, reason="one cluster"))
