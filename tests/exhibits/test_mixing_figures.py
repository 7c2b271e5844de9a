"""Figures of groups in networks: blocks, E-I index, densities within and between."""

import math

import numpy as np
import pytest
from exhibit_cases import STUDY, WAVES
from mixing_cases import LONG, mixing_results, network, teams, with_a_wave_of_nothing

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_block_densities, plot_ei_trajectory, plot_within_between
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.mixing import ei_index, mixing_matrix, within_between
from cvln_eval.networks.panel import panel_of, symmetrised

# Within x 2 of 2 pairs, from x to y 0 of 4, from y 1 of 2, whose d did not answer: 0 of 1 within.
FOUR = {"ties": "ab ba ca", "groups": "xxyy", "answered": [1, 1, 1, 0]}


def blocks(result, **more):
    return plot_block_densities(result, number="1.1", study=STUDY, **more)


def ei(result, **more):
    return plot_ei_trajectory(result, number="1.1", study=STUDY, **more)


def within(result, **more):
    return plot_within_between(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def cells(axes):
    return {tuple(int(at) for at in text.get_position()): text.get_text() for text in axes.texts}


def patches_like(axes, found):
    """Return column and row of the cells that are so."""
    middles = [(patch, patch.get_bbox()) for patch in axes.patches if found(patch)]
    return {(round((b.x0 + b.x1) / 2), round((b.y0 + b.y1) / 2)) for _, b in middles}


def filled(axes, shape):
    """Return for the mark of each place whether it is filled."""
    marks = [line for line in axes.lines if line.get_marker() == shape]
    return {
        round(float(mark.get_xdata()[0])): mark.get_markerfacecolor() != "white"
        for mark in marks
        if not math.isnan(mark.get_ydata()[0])
    }


def bars(axes):
    """Return the middle and the ends of each bar of permutations."""
    boxes = [patch.get_bbox() for patch in axes.patches]
    return [(round((box.x0 + box.x1) / 2, 6), box.y0, box.y1) for box in boxes]


def test_cells_by_hand():
    page = drawn(blocks(mixing_matrix(network(**FOUR))))
    # Column, row: the sender's group stands down, the receiver's across.
    assert cells(page.axes[0]) == {(0, 0): "1", (1, 0): "0", (0, 1): ".50", (1, 1): "0"}
    assert [label.get_text() for label in page.axes[0].get_yticklabels()] == ["x", "y"]
    assert not patches_like(page.axes[0], lambda patch: patch.get_hatch())


def test_a_density_that_is_not_known_is_hatched_and_one_of_0_is_white():
    exhibit = blocks(mixing_matrix(network("ab", "xxy", answered=[1, 0, 0])))
    axes = drawn(exhibit).axes[0]
    # Nobody of y answered; y has no pair within.
    assert patches_like(axes, lambda patch: patch.get_hatch()) == {(0, 1), (1, 1)}
    assert cells(axes) == {(0, 0): "1", (1, 0): "0"}
    white = patches_like(axes, lambda patch: patch.get_facecolor() == (1, 1, 1, 1))
    assert (1, 0) in white
    assert "Hatched: of no pair is it known whether it is tied (2 cells)." in exhibit.note


def test_densities_within_are_framed():
    axes = drawn(blocks(mixing_matrix(network(**FOUR)))).axes[0]
    assert patches_like(axes, lambda patch: not patch.get_fill()) == {(0, 0), (1, 1)}


def test_an_undirected_block_stands_on_both_sides():
    one = symmetrised(network("ac bc", "xxy"), rule="either")
    exhibit = blocks(mixing_matrix(one))
    assert cells(drawn(exhibit).axes[0]) == {(0, 0): "0", (1, 0): "1", (0, 1): "1"}
    assert "between x and y (1)" in exhibit.title
    assert "rows send" not in exhibit.note


def test_all_waves_have_one_scale_and_a_panel_each():
    exhibit = blocks(mixing_results()["blocks_gap"])
    page = drawn(exhibit)
    panels = [axes for axes in page.axes if axes.get_title()]
    assert [axes.get_title(loc="left") for axes in page.axes[:3]] == ["y1", "y2", "y3"]
    assert len(panels) == 0  # titles stand left
    assert exhibit.n == 8


def test_long_names_are_numbered():
    wide, narrow = (
        blocks(mixing_results()["blocks_long"], width=width) for width in ("double", "single")
    )
    across = [label.get_text() for label in drawn(wide).axes[-2].get_xticklabels()]
    assert across == ["1", "2", "3", "4", "5"]
    assert "Columns have the numbers of rows." in wide.note
    assert f"2 {LONG[0]}, 3 {LONG[1]}" in narrow.note


def test_cells_too_small_for_numbers_have_none_and_the_note_says_so():
    exhibit = blocks(mixing_results()["blocks_many"], width="single")
    assert cells(drawn(exhibit).axes[0]) == {}
    assert "too small for their numbers" in exhibit.note
    assert cells(drawn(blocks(mixing_results()["blocks_many"])).axes[0])


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (network("ab", "xxyy"), "Between teams no tie of advice is there; within teams their"),
        (network("ac", "xxyy"), "densest from x to y (.25); within teams their density is 0."),
        (network("ab", "xxyy", answered=[0, 0, 0, 0]), "Between teams no tie of advice is known."),
        (network("", "x"), "No tie of advice is known; all are of one team."),
        (network("ab", "xx"), "The density of advice is .50; all are of one team."),
    ],
)
def test_titles_of_blocks(one, words):
    assert words in blocks(mixing_matrix(one)).title


def test_the_densest_block_is_named_with_its_wave():
    several = panel_of([network("ac", "xxyy", wave="y1"), network("ca cb", "xxyy", wave="y2")])
    assert "from y to x in y2 (.50)" in blocks(mixing_matrix(several)).title


def test_two_relations_are_too_many_for_one_figure():
    several = teams(8, list("AB"), waves=["y1"], relations=("advice", "confide"))
    for plot, result in (
        (blocks, mixing_matrix(several)),
        (ei, ei_index(several, n_draws=9)),
    ):
        with pytest.raises(ArgumentError, match="room for one relation"):
            plot(result)


def test_waves_take_the_labels_of_the_study():
    from dataclasses import make_dataclass

    study = make_dataclass("S", ["name", "simulated", "waves"])("A study", True, WAVES)
    result = mixing_matrix(with_a_wave_of_nothing())
    page = drawn(plot_block_densities(result, number="1.1", study=study, names={"y3": "Last"}))
    titles = [axes.get_title(loc="left") for axes in page.axes[:3]]
    assert titles == ["Fall 2008", "Spring 2010", "Last"]


def test_e_i_marks_and_bars_are_the_numbers_of_the_result():
    result = mixing_results()["ei_gap"]
    page = drawn(ei(result))
    table = result.tidy()
    for axes, group in zip(page.axes, ["all", "x", "y", "z"], strict=False):
        own = table[table["group"] == group].reset_index(drop=True)
        kept = own[own["null_low"].notna()]
        expected = [(float(at), row["null_low"], row["null_high"]) for at, row in kept.iterrows()]
        found = bars(axes)
        np.testing.assert_allclose(found, expected)
        line = next(line for line in axes.lines if len(line.get_xdata()) == 3)
        np.testing.assert_allclose(line.get_ydata(), own["estimate"])
        shape = "D" if group == "all" else "o"
        seen = {at: row["p_value"] < 0.05 for at, row in own.iterrows() if row["n_draws"]}
        assert filled(axes, shape) == seen


def test_the_note_says_why_an_index_is_missing():
    note = ei(mixing_results()["ei_gap"]).note
    assert "No index or no test: there are no ties (all, y2)." in note
    assert "Up to 2 people did not answer" in note
    assert "middle 95% of 199 permutations" in note


def test_titles_of_the_e_i_index():
    denser = ei(mixing_results()["ei"]).title
    assert denser.endswith("it is below what permuted teams give in 4 of 4 waves.")
    # All external: E-I is 1, as high as it gets, among 2 and 2 people by chance in 1 of 3.
    one = ei(ei_index(network("ac bd", "xxyy"), n_draws=99)).title
    assert one == "The E-I index of advice was 1.00 in y1; it does not differ from what permuted " \
        "teams give."  # fmt: skip
    alone = ei(ei_index(network("ab", "xx"), n_draws=9)).title
    assert "−1.00 in y1; whether it differs from what permuted teams give cannot" in alone
    outside = "ae af bg bh cf ce dh dg ed fa ga hb"
    assert "above what permuted teams give." in ei(
        ei_index(network(outside, "xxxxyyyy"), n_draws=999)
    ).title  # fmt: skip


def test_no_index_at_all_is_refused():
    with pytest.raises(ArgumentError, match="no E-I index to draw"):
        ei(ei_index(network("", "xxyy"), n_draws=9))


def test_densities_marks_and_p():
    result = mixing_results()["within_gap"]
    axes = drawn(within(result)).axes[0]
    table = result.tidy().set_index("measure")
    for measure, shape in (("density within groups", "o"), ("density between groups", "D")):
        own = table.loc[measure].reset_index(drop=True)
        beyond = (own["estimate"] < own["null_low"]) | (own["estimate"] > own["null_high"])
        assert filled(axes, shape) == dict(beyond)
    lines = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == 3]
    for line, measure in zip(lines, ["within", "between"], strict=True):
        np.testing.assert_allclose(line, table.loc[f"density {measure} groups", "estimate"])
    assert len(bars(axes)) == 6
    # Without ties p of the difference is 1.
    assert [text.get_text() for text in axes.texts][1] == "1.000"


@pytest.mark.parametrize(
    ("one", "words"),
    [
        # 2 of 4 pairs within, 1 of 8 between.
        (network("ab ba ca", "xxyy"), "50% are tied by advice in y1, of those between teams 12%."),
        (network("ab", "xx"), "Densities within and between teams cannot be compared."),
        (network("", "xxyy"), "0% are tied by advice in y1, of those between teams 0%."),
    ],
)
def test_titles_of_densities(one, words):
    assert within(within_between(one, n_draws=9)).title.endswith(words)


def test_a_density_that_permutations_give_is_hollow():
    # 1 of 4 pairs within, 2 of 8 between: as dense as on average.
    found = within_between(network("ab ca db", "xxyy"), n_draws=199)
    axes = drawn(within(found)).axes[0]
    assert filled(axes, "o") == filled(axes, "D") == {0: False}
    row = found.tidy().iloc[0]
    assert row["null_low"] < row["estimate"] < row["null_high"]


def test_several_relations_have_a_panel_each():
    exhibit = within(mixing_results()["within_several"])
    page = drawn(exhibit)
    assert [axes.get_title(loc="left") for axes in page.axes] == ["advice", "confide"]
    assert exhibit.title == (
        "Ties are denser within teams than between them in 4 of 4 networks, in 4 with p < .05."
    )


def test_densities_of_nobody_are_refused():
    with pytest.raises(ArgumentError, match="no density to draw"):
        within(within_between(network("", "x"), n_draws=9))


def test_every_column_is_defined():
    r = mixing_results()
    shown = [blocks(r["blocks"]), ei(r["ei"]), within(r["within"])]
    columns = {name for exhibit in shown for name in exhibit.data}
    assert columns - set(glossary()["column"]) == set()


def test_panels_without_room_for_numbers_stand_side_by_side():
    many = mixing_matrix(teams(50, [f"t{at:02}" for at in range(25)], waves=("1", "2")))
    page = drawn(blocks(many))
    first, second = (axes.get_position() for axes in page.axes[:2])
    assert first.y0 == pytest.approx(second.y0)
    assert first.x1 < second.x0
