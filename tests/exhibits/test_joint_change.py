"""Before and after joint sessions: a row each pair that met, and the means of both kinds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from network_cases import met_and_not

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_joint_sessions
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary


def figure(result=None, **more):
    result = met_and_not() if result is None else result
    return plot_joint_sessions(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def marks(axes, shape):
    """Return where the marks of a shape stand, from the top row down."""
    found = [line for line in axes.lines if line.get_marker() == shape]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in found]


def test_densities_by_hand():
    # W-X has 8 ordered pairs: 1 tie before, 3 after. Of the five others W-Y got 1 of 8.
    page = drawn(figure())
    left, right = page.axes
    assert marks(left, "o") == [(1 / 8, 0), (1 / 8, 1), (0, 2)]
    assert marks(left, "D") == [(3 / 8, 0), (3 / 8, 1), (pytest.approx(1 / 40), 2)]
    assert marks(right, "s") == [(2 / 8, 0), (2 / 8, 1), (pytest.approx(1 / 40), 2)]
    names = [label.get_text() for label in left.get_yticklabels()]
    assert names == ["W – X", "1 that met, mean", "5 others, mean"]
    beside = [text.get_text() for text in right.texts]
    assert beside == ["change", "+0.250", "+0.250", "+0.025", "pairs", "8", "8", "40"]


def test_the_band_holds_the_middle_of_the_changes_of_pairs_that_did_not_meet():
    changes = np.array([0, 1 / 8, 0, 0, 0])
    right = drawn(figure()).axes[1]
    band = right.patches[0].get_extents().transformed(right.transData.inverted())
    assert [band.x0, band.x1] == pytest.approx(np.quantile(changes, [0.025, 0.975]))
    assert "no interval" in figure().note


def test_the_words_say_what_was_tested():
    exhibit = figure()
    assert exhibit.title == (
        "Density of advice changed by 0.250 in 1 pair of teams that met and by 0.025 in 5 that did "
        "not"
    )
    assert "p = .167 (smallest attainable p = .167)" in exhibit.note
    assert exhibit.n == 6
    assert set(exhibit.data) <= set(glossary()["column"])


def test_a_narrow_page_has_densities_alone_and_its_note_says_no_more():
    exhibit = figure(width="single")
    assert len(drawn(exhibit).axes) == 1
    assert "Band" not in exhibit.note
    assert "at the right" not in exhibit.note


def test_the_pair_that_changed_most_stands_first():
    left, right = drawn(figure(met_and_not(came="abcdef"))).axes
    names = [label.get_text() for label in left.get_yticklabels()]
    assert names == ["W – X", "W – Y", "X – Y", "3 that met, mean", "3 others, mean"]
    assert [change for change, _ in marks(right, "s")] == pytest.approx([0.25, 0.125, 0, 0.125, 0])


def test_names_are_shown_for_ids():
    labels = drawn(figure(names={"W": "West"})).axes[0].get_yticklabels()
    assert labels[0].get_text() == "West – X"


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (met_and_not(came="abcdefgh"), "6 and 0"),
        (met_and_not(came="ab"), "0 and 6"),
        (met_and_not(waves=("1", "2", "3")), "steps to"),
    ],
    ids=["all met", "none met", "two steps"],
)
def test_what_cannot_be_compared_is_refused(result, words):
    with pytest.raises(ArgumentError, match=words):
        figure(result)


def test_several_relations_are_refused():
    result = met_and_not()
    both = pd.concat([result.pairs, result.pairs.assign(relation="confide")])
    with pytest.raises(ArgumentError, match="one relation"):
        figure(replace(result, pairs=both))
