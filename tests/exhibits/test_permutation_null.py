"""Histograms of permutations: what lies in bars, what counts for p."""

import numpy as np
import pytest
from exhibit_cases import STUDY
from hypothesis import given
from hypothesis import strategies as st
from mixing_cases import mixing_results, network, teams

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_permutation_null
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.permutation_null import histogram
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.dyads import qap_correlation, same, selection


def figure(result, **more):
    return plot_permutation_null(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def test_a_histogram_by_hand():
    # The farthest is 3: bars of 3 / 12 = .25, and of 1 / 4 with 1 observed.
    found = histogram(np.array([-3.0, -1.0, -0.9, 0.0, 0.1, 1.0, 1.1]), 1.0)
    assert (found["bin_high"] - found["bin_low"]).to_numpy() == pytest.approx(0.25)
    held = found[found["n_in_bin"] > 0]
    # What lies on a border counts in the outer bar: -1 from -1.25, 1 from 1, -3 from -3.25.
    assert held["bin_low"].to_list() == [-3.25, -1.25, -1.0, 0.0, 1.0]
    assert held["n_in_bin"].to_list() == [1, 1, 1, 2, 2]
    assert held["n_extreme"].to_list() == [1, 1, 0, 0, 2]


@given(
    st.lists(st.floats(-5, 5).map(lambda x: round(x, 3)), min_size=1, max_size=40),
    st.floats(-6, 6).map(lambda x: round(x, 3)),
)
def test_every_draw_lies_in_one_bar(values, seen):
    drawn = np.array(values)
    found = histogram(drawn, seen)
    assert found["n_in_bin"].sum() == len(drawn)
    assert found["n_extreme"].sum() == (np.abs(drawn) >= abs(seen) - 1e-9 * max(abs(seen), 1)).sum()
    assert (found["n_extreme"] <= found["n_in_bin"]).all()
    assert len(found) <= 80
    assert found["bin_low"].min() == pytest.approx(-found["bin_high"].max())


@pytest.mark.parametrize("name", ["qap", "qap_one", "mrqap"])
def test_the_bars_hold_what_p_counts(name):
    data = figure(mixing_results()[name]).data
    tested = data[data["p_value"].notna()].groupby("term")
    assert len(tested) == (1 if name == "qap_one" else 2)
    for _, rows in tested:
        # 199 draws: p = (c + 1) / 200.
        assert rows["n_in_bin"].sum() == 199
        assert (rows["n_extreme"].sum() + 1) / 200 == pytest.approx(rows["p_value"].iloc[0])


def test_two_groups_of_people_are_drawn_by_the_difference_of_their_means():
    result = mixing_results()["two_groups"]
    exhibit = figure(result)
    for row in result.tidy().itertuples():
        bars = exhibit.data[exhibit.data["wave"] == row.wave]
        assert (bars["statistic"] == row.estimate).all()
        assert bars["n_in_bin"].sum() == 199
        assert (bars["n_extreme"].sum() + 1) / 200 == pytest.approx(row.p_value)
    assert drawn(exhibit).axes[0].get_xlabel() == "difference of means after permuting"


def test_all_permutations_have_a_p_without_an_interval():
    one = network("ab ac ba cd", "xxxx")
    exhibit = figure(qap_correlation(one, terms={"turned": one.matrix().T}))
    words = drawn(exhibit).axes[0].texts[0].get_text()
    assert words == "observed 0.25\np = .625\nall 24 permutations"
    # .625 of 24, see the example of `qap_correlation`.
    assert exhibit.data["n_extreme"].sum() == 15


def test_words_above_the_bars():
    words = drawn(figure(mixing_results()["qap_one"])).axes[0].texts[0].get_text().split("\n")
    row = mixing_results()["qap_one"].tidy().iloc[0]
    assert words[0] == f"observed {row['estimate']:.2f}"
    assert words[1].startswith("p = .005 [")
    assert words[2] == "smallest p: 1/200"


def test_a_term_that_cannot_be_tested_says_so():
    exhibit = figure(mixing_results()["qap"])
    last = exhibit.data.iloc[-1]
    assert (last["term"], last["n_in_bin"]) == ("constant", 0)
    assert "No test: " in exhibit.note
    assert "constant)" in exhibit.note
    assert [text.get_text() for text in drawn(exhibit).axes[2].texts] == ["no test"]


def test_the_observed_value_is_on_the_axis():
    for name in ("qap", "mrqap"):
        for axes in drawn(figure(mixing_results()[name])).axes[:2]:
            seen = float(
                next(line for line in axes.lines if line.get_marker() == "v").get_xdata()[0]
            )
            low, high = axes.get_xlim()
            assert low < seen < high


def test_titles():
    one = mixing_results()["qap_one"]
    assert figure(one).title == one.sentence()
    assert figure(mixing_results()["qap"]).title.startswith(
        "By permutations of people p is below .05 in 1 of 2 tests (.005 to "
    )


def test_a_permutation_without_a_statistic_is_told():
    from dataclasses import replace

    one = mixing_results()["qap_one"]
    draws = one.draws.assign(statistic=one.draws["statistic"].where(one.draws["draw"] > 3))
    assert "3 permutations gave no statistic" in figure(replace(one, draws=draws)).note


def test_nothing_tested_is_refused():
    one = network("ab ac ba cd", "xxxx")
    none = qap_correlation(one, terms={"constant": np.ones((4, 4))})
    with pytest.raises(ArgumentError, match="no permutation test to draw"):
        figure(none)


def test_every_column_is_defined():
    assert set(figure(mixing_results()["mrqap"]).data) - set(glossary()["column"]) == set()


def test_ties_that_form_and_ties_that_are_kept_have_a_panel_each():
    panel = teams(12, "xyz", waves=("1", "2"), silent=0)
    found = selection(panel, relation="advice", terms=same("team_id"), n_draws=50)
    data = figure(found).data
    tests = data.groupby("relation")
    assert list(tests.groups) == ["formation of advice", "persistence of advice"]
    assert tests["n_in_bin"].sum().to_list() == [50, 50]
