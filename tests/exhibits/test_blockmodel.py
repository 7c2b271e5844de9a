"""Matrices sorted by team: cells by hand, hatched rows, borders."""

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from network_cases import rosters, small_panel, team_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_blockmodel
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.style import figure_style
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import network_panel

# X: a and b were named 3 and 2 times, c once; Y: d 2 + 1, f once, e once.
ORDER = ["a", "b", "c", "d", "e", "f"]
NONE, AWAY, UNKNOWN, WITHIN, BETWEEN = range(5)


def blockmodel(panel=None, **more):
    panel = small_panel() if panel is None else panel
    return plot_blockmodel(panel, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def cells(axes):
    """Return the kind of each cell as it is coloured."""
    codes = axes.collections[0].get_array()
    return np.asarray(codes).reshape(codes.shape[-1] if codes.ndim == 2 else -1, codes.shape[-1])


def test_cells_by_hand():
    one, two = drawn(blockmodel()).axes
    # Wave 1: a names b and c, b names a, d names e; f is not there.
    expected = np.full((6, 6), NONE)
    expected[5, :] = expected[:, 5] = AWAY
    expected[0, 1] = expected[0, 2] = expected[1, 0] = expected[3, 4] = WITHIN
    np.fill_diagonal(expected, AWAY)
    assert cells(one).tolist() == expected.tolist()
    # Wave 2: a and b name each other, a and d too, f names d, b names f; c left, e is silent.
    expected = np.full((6, 6), NONE)
    expected[4, :] = UNKNOWN
    expected[2, :] = expected[:, 2] = AWAY
    expected[0, 1] = expected[1, 0] = expected[5, 3] = WITHIN
    expected[0, 3] = expected[3, 0] = expected[1, 5] = BETWEEN
    np.fill_diagonal(expected, AWAY)
    assert cells(two).tolist() == expected.tolist()


def test_rows_that_did_not_answer_are_hatched_but_for_the_diagonal_and_who_is_away():
    one, two = drawn(blockmodel()).axes
    assert not one.patches
    # e's row: a and b, then d, then f; c is away and e is on the diagonal.
    found = [(patch.get_x(), patch.get_y(), patch.get_width()) for patch in two.patches]
    assert found == [(-0.5, 3.5, 2), (2.5, 3.5, 1), (4.5, 3.5, 1)]
    assert all(patch.get_hatch() for patch in two.patches)


def test_one_border_stands_between_two_teams():
    for axes in drawn(blockmodel()).axes:
        assert [line.get_ydata()[0] for line in axes.lines[::2]] == [2.5]


def test_rows_are_sorted_by_team_then_by_how_often_people_were_named():
    data = blockmodel().data
    assert list(dict.fromkeys(data["person_id"])) == ORDER
    more = small_panel({"1": ["ac", "bc", "de"], "2": ["ed"]}, silent=())
    assert list(dict.fromkeys(blockmodel(more).data["person_id"])) == list("cabdef")


def test_the_title_leaves_out_what_is_not_known():
    # Wave 2, known: a and b (2 within), d and f each with two of Y (4 within); a, b, d, f each
    # with those of the other team: 3 + 3 + 2 + 2 = 10.
    assert blockmodel().title == (
        "In 2, advice ties join 3 of 6 known pairs within teams (50%) and 3 of 10 known pairs "
        "between teams (30%)"
    )
    assert "Hatched: 4 pairs not known" in blockmodel().note
    assert "Grey: not asked" in blockmodel().note


def test_columns_are_in_the_glossary_and_pairs_are_all_there():
    data = blockmodel().data
    assert set(data.columns) <= set(glossary()["column"])
    assert len(data) == 2 * 6 * 5


def test_teams_are_named_once_a_row_of_panels():
    page = drawn(blockmodel(names={"X": "Almond Grove"}))
    labels = [[label.get_text() for label in axes.get_yticklabels()] for axes in page.axes]
    assert labels == [["Almond Grove", "Y"], []]


def test_long_names_without_room_keep_both_ends():
    page = drawn(blockmodel(team_panel(), width="single"))
    labels = [label.get_text() for label in page.axes[0].get_yticklabels()]
    assert len(set(labels)) == 12
    assert max(map(len, labels)) <= 17


def test_one_person_and_no_ties_are_drawn():
    alone = pd.DataFrame({"wave": ["1"], "person_id": ["a"], "team_id": ["X"]})
    ties = pd.DataFrame({"wave": ["1"], "relation": "advice", "sender_id": ["a"],
                         "receiver_id": ["a"]})  # fmt: skip
    exhibit = blockmodel(network_panel(ties, alone))
    assert exhibit.title == "In 1, no pair is known"
    assert exhibit.image(dpi=40)
    none = network_panel(ties, rosters())
    assert "join 0 of 8 known pairs within" in blockmodel(none.only(waves=["1"])).title


def test_too_many_people_are_refused():
    with pytest.raises(ArgumentError, match="401"):
        blockmodel(team_panel(401, 1, 1))
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        blockmodel(by="shoe_size")


def test_words_follow_what_groups_people():
    people = pd.DataFrame({"person_id": list("abcdef"), "region": list("NNNSSS")})
    exhibit = blockmodel(small_panel(people=people), by="region")
    words = [text.get_text() for text in drawn(exhibit).legends[0].get_texts()]
    assert {"tie within a region", "between regions"} <= set(words)
    assert "sorted by region" in exhibit.note
    assert not any("team" in text for text in [exhibit.title, exhibit.note, *words])
