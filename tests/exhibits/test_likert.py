"""Diverging bars: where they begin and end, what the legend and the note say."""

from dataclasses import dataclass

import numpy as np
import pytest
from measurement_cases import CODEBOOK, FIVE, Given, distribution

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_likert
from cvln_eval.exhibits.likert import _bars
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style


@dataclass(frozen=True)
class StudyWithItems:
    name: str = "A small study"
    simulated: bool = False
    codebook: object = CODEBOOK


STUDY = StudyWithItems()


def likert(result, **more):
    return plot_likert(result, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def words(page, axes=0):
    return [text.get_text() for text in page.axes[axes].texts]


def rows(page, axes=0):
    return [label.get_text().replace("\n", " ") for label in page.axes[axes].get_yticklabels()]


def test_bars_by_hand():
    # Shares .1 .2 .3 .4 0: .1 + .2 + half of .3 lie left of the middle.
    starts, lengths = _bars(np.array([[0.1, 0.2, 0.3, 0.4, 0.0]]), "split")
    assert starts[0] == pytest.approx([-0.45, -0.35, -0.15, 0.15, 0.55])
    assert lengths[0] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.0])
    for neutral in ("aside", "dropped"):
        starts, lengths = _bars(np.array([[0.1, 0.2, 0.3, 0.4, 0.0]]), neutral)
        assert starts[0] == pytest.approx([-0.3, -0.2, 0.0, 0.0, 0.4])
        assert lengths[0] == pytest.approx([0.1, 0.2, 0.0, 0.4, 0.0])


def test_an_even_number_of_answers_meets_in_the_middle():
    starts, lengths = _bars(np.array([[0.1, 0.2, 0.3, 0.4]]), "split")
    assert starts[0] == pytest.approx([-0.3, -0.2, 0.0, 0.3])
    assert lengths[0] == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_every_row_has_its_n_and_its_percentages_and_an_empty_one_says_so():
    # trust_1: 1 of 10 below, 7 of 10 above; trust_2: 4 of 6 below, 2 of 6 above; trust_3: nobody.
    seen = words(drawn(likert(distribution(FIVE))))
    assert seen == ["10%", "67%", "70%", "33%", "n", "10", "6", "0", "no answers"]


def test_items_stand_from_most_to_least_agreement_with_the_codebooks_words():
    assert rows(drawn(likert(distribution(FIVE)))) == [
        "I can tell colleagues in this team about a mistake of mine.",
        "I weigh my words in this team. (reversed)",
        "We assume good intentions when we disagree.",
    ]


def test_sorting_by_mean_and_as_given():
    # b: mean 3.5 with half above the middle; a: mean 3.6 with 1 of 5 more above it.
    counts = {"b": (0, 0, 5, 5, 0), "a": (4, 0, 0, 0, 6), "c": (0, 0, 0, 5, 5)}
    assert rows(drawn(likert(distribution(counts)))) == ["c", "a", "b"]
    assert rows(drawn(likert(distribution(counts), sort="mean"))) == ["c", "b", "a"]
    assert rows(drawn(likert(distribution(counts), sort="given"))) == ["b", "a", "c"]


def test_answers_nobody_gave_stay_in_the_legend_under_the_codebooks_words():
    page = drawn(likert(distribution({"trust_1": (0, 0, 0, 3, 0)})))
    assert [text.get_text() for text in page.legends[0].get_texts()] == [
        "Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"
    ]  # fmt: skip


def test_words_given_come_before_the_codebooks():
    named = likert(distribution(FIVE), names={"trust_1": "Mistakes"}, categories={1: "Never"})
    page = drawn(named)
    assert rows(page)[0] == "Mistakes"
    assert page.legends[0].get_texts()[0].get_text() == "Never"


def test_the_note_counts_what_is_dropped_turned_round_and_missing():
    # In the middle: 2 of trust_1's 10 and 0 of trust_2's 6 answers.
    dropped = likert(distribution(FIVE, missing=1), neutral="dropped")
    assert "Not drawn: 2 of 16 answers, those in the middle." in dropped.note
    # 11 people, of whom 10, 6 and none answered the three items.
    assert "17 answers are missing." in dropped.note
    assert "Reversed items were turned round" in dropped.note
    assert dropped.n == 16
    assert "half to each side" in likert(distribution(FIVE)).note
    plain = likert(distribution({"offered": (3, 5)}, lowest=0))
    assert "middle are" not in plain.note
    assert "turned round" not in plain.note
    assert "No answer is missing." in plain.note


def test_panels_share_the_order_of_the_first():
    first, second = {"a": (3, 0, 1), "b": (1, 0, 3)}, {"a": (0, 0, 4), "b": (4, 0, 0)}
    page = drawn(likert({"one": distribution(first), "two": distribution(second)}))
    assert [axes.get_title() for axes in page.axes] == ["", ""]
    assert [axes.get_title(loc="left") for axes in page.axes] == ["one", "two"]
    assert rows(page, 0) == rows(page, 1) == ["b", "a"]


def test_sides_differ_in_hatch_so_that_grey_tells_them_apart():
    page = drawn(likert(distribution(FIVE)))
    hatches = [patch.get_hatch() for patch in page.legends[0].get_patches()]
    assert hatches == ["////", "////", None, None, None]


@pytest.mark.parametrize(
    ("result", "more", "seen"),
    [
        (distribution(FIVE), {"neutral": "hidden"}, "'hidden'"),
        (distribution(FIVE), {"sort": "size"}, "'size'"),
        (Given(distribution(FIVE).tidy().query("category == 1")), {}, r"\(1,\)"),
        ({"x": distribution({"a": (1, 2)}), "y": distribution(FIVE)}, {}, r"\(1, 2\)"),
        (Given(distribution(FIVE).tidy().drop(columns="share")), {}, "'share'"),
        (Given(distribution(FIVE).tidy().iloc[:0]), {}, "no rows"),
        ({}, {}, "no item"),
    ],
)
def test_what_cannot_be_drawn_is_refused(result, more, seen):
    with pytest.raises(ArgumentError, match=seen):
        likert(result, **more)
