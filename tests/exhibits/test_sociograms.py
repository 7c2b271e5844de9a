"""Sociograms: who stands where, as what, and which lines are drawn."""

import numpy as np
import pandas as pd
import pytest
from exhibit_cases import STUDY
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from network_cases import NAMED, in_degrees, rosters, small_panel, team_panel

from cvln_eval.errors import ArgumentError
from cvln_eval.exhibits import plot_sociograms
from cvln_eval.exhibits.page import _page
from cvln_eval.exhibits.sociogram_drawing import CROSSING
from cvln_eval.exhibits.style import figure_style
from cvln_eval.exhibits.team_places import (
    LEAST_APART,
    disc_radii,
    places_in_teams,
    ring_order,
    stress_places,
    team_centres,
)
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import network_panel


def sociograms(panel=None, **more):
    panel = small_panel() if panel is None else panel
    return plot_sociograms(panel, number="1.1", study=STUDY, **more)


def drawn(exhibit):
    with figure_style():
        page = _page(exhibit, exhibit.drawing, caption=True)
        page.canvas.draw()
    return page


def hexed(colour):
    return "#" + "".join(f"{round(255 * part):02X}" for part in colour[:3])


def lines(axes, *, crossing):
    """Return how many lines are of ties between teams, or of others."""
    found = [each for each in axes.collections if isinstance(each, LineCollection)]
    return sum(
        len(each.get_segments())
        for each in found
        if (hexed(each.get_colors()[0]) == CROSSING) == crossing
    )


def places(axes):
    """Return where the marks stand."""
    marks = [each for each in axes.collections if isinstance(each, PathCollection)]
    return {tuple(np.round(each.get_offsets()[0], 6)) for each in marks}


def test_people_and_ties_by_hand():
    data = sociograms().data
    people, ties = data[data["pairs"].isna()], data[data["pairs"].notna()]
    shown = people.set_index(["wave", "person_id"])
    assert shown.loc["1", "in_degree"].to_dict() == {"a": 1, "b": 1, "c": 1, "d": 0, "e": 1}
    assert shown.loc["2", "presence"].to_dict() == {
        "a": "answered", "b": "answered", "c": "left", "d": "answered", "e": "no answer",
        "f": "answered",
    }  # fmt: skip
    assert pd.isna(shown.loc[("2", "c"), "in_degree"])
    assert shown.loc[("2", "c"), "group"] == "X"
    counted = ties.groupby(["wave", "pairs"]).size().to_dict()
    # In wave 2 a and d named each other and b named f.
    assert counted == {("1", "within"): 4, ("2", "within"): 3, ("2", "between"): 3}


def test_each_pair_is_one_line_and_each_tie_one_arrow():
    page = drawn(sociograms())
    one, two = page.axes
    assert (lines(one, crossing=False), lines(one, crossing=True)) == (3, 0)
    assert (lines(two, crossing=False), lines(two, crossing=True)) == (2, 2)
    heads = [each for each in two.collections if isinstance(each, PolyCollection)]
    assert sum(len(each.get_paths()) for each in heads) == len(NAMED["2"])


def test_people_keep_their_place_and_leave_a_mark():
    one, two = drawn(sociograms()).axes
    assert len(places(one)) == 5
    assert len(places(two)) == 6
    assert places(one) < places(two)


def test_the_title_counts_ties_between_teams():
    exhibit = sociograms()
    assert (
        exhibit.title == "0 of 4 advice ties (0%) joined two teams in 1, and 3 of 6 ties (50%) in 2"
    )
    assert "(1 of 5 in 2)" in exhibit.note
    assert "Grey rings: left." in exhibit.note
    assert exhibit.n == 6


def test_panels_say_how_many_people_and_ties():
    texts = [text.get_text() for axes in drawn(sociograms()).axes for text in axes.texts]
    assert "5 people, 4 ties, 0 between" in texts
    assert "5 people, 6 ties, 3 between" in texts


def test_teams_take_the_names_given_beside_discs_or_in_the_legend():
    names = {"X": "Almond Grove", "1": "Fall"}
    wide = drawn(sociograms(names=names))
    assert "Almond Grove" in [text.get_text() for text in wide.axes[0].texts]
    assert wide.axes[0].get_title(loc="left") == "Fall"
    narrow = drawn(sociograms(names=names, width="single"))
    assert "Almond Grove" in [text.get_text() for text in narrow.legends[0].texts]


def test_arrows_are_left_out_where_ties_are_many():
    page = drawn(sociograms(team_panel()))
    found = [each for axes in page.axes for each in axes.collections]
    assert not any(isinstance(each, PolyCollection) for each in found)
    assert "Lines do not show who named whom" in sociograms(team_panel()).note


def test_undirected_ties_have_neither_arrows_nor_a_word_about_them():
    exhibit = sociograms(small_panel().symmetrised(rule="either"))
    assert "Ties have no direction." in exhibit.note
    heads = [each for axes in drawn(exhibit).axes for each in axes.collections]
    assert not any(isinstance(each, PolyCollection) for each in heads)
    assert "both ways" not in [text.get_text() for text in drawn(exhibit).legends[0].texts]


def test_without_groups_there_are_no_discs():
    exhibit = sociograms(by=None)
    assert exhibit.title == "6 people had 4 advice ties in 1 and 6 ties in 2"
    assert not drawn(exhibit).axes[0].patches


def test_groups_that_are_no_teams_are_not_called_so():
    people = pd.DataFrame({"person_id": list("abcdef"), "level": list("xxyyxy")})
    exhibit = sociograms(small_panel(people=people), by="level")
    assert "joined two groups" in exhibit.title
    words = [text.get_text() for text in drawn(exhibit).legends[0].texts]
    assert {"tie within a group", "between groups"} <= set(words)


def test_who_may_have_named_nobody_is_not_said_to_have_kept_silent():
    asked = rosters().assign(instrument="advice", responded=True)
    asked["responded"] = asked["responded"].astype("boolean").where(asked["person_id"] != "e")
    ties = pd.DataFrame({"wave": ["1", "2"], "relation": "advice", "sender_id": "a",
                         "receiver_id": "b"})  # fmt: skip
    exhibit = sociograms(network_panel(ties, rosters(), asked))
    assert "Hollow: named nobody or did not answer, which" in exhibit.note
    words = [text.get_text() for text in drawn(exhibit).legends[0].texts]
    assert "named nobody or did not answer" in words
    assert "did not answer" in [text.get_text() for text in drawn(sociograms()).legends[0].texts]


def test_people_of_no_team_stand_together():
    members = rosters().assign(
        team_id=lambda frame: frame["team_id"].where(frame["team_id"] == "X")
    )
    ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ["d"],
                         "receiver_id": ["e"]})  # fmt: skip
    exhibit = sociograms(network_panel(ties, members))
    assert "no team stand together" in exhibit.note
    # Nobody knows whether two people of no team are of one.
    assert exhibit.data["pairs"].dropna().tolist() == ["between"]


def test_somebody_on_the_roster_who_is_not_asked_later_has_not_left():
    ties = pd.DataFrame({"wave": ["1", "2"], "relation": "advice", "sender_id": ["a", "a"],
                         "receiver_id": ["b", "b"]})  # fmt: skip
    asked = rosters().assign(instrument="advice", responded=True)
    asked = asked[(asked["wave"] == "1") | (asked["person_id"] != "d")]
    data = sociograms(network_panel(ties, rosters(), asked)).data
    later = data[data["wave"] == "2"].set_index("person_id")["presence"]
    assert later["d"] == "not asked"
    assert later["c"] == "left"


def test_no_ties_and_one_person_are_drawn():
    none = small_panel({"1": ["aa"]}, silent=())
    assert sociograms(none).title == "There were no advice ties"
    alone = pd.DataFrame({"wave": ["1"], "person_id": ["a"], "team_id": ["X"]})
    ties = pd.DataFrame({"wave": ["1"], "relation": "advice", "sender_id": ["a"],
                         "receiver_id": ["a"]})  # fmt: skip
    exhibit = sociograms(network_panel(ties, alone))
    assert exhibit.n == 1
    assert exhibit.image(dpi=40)


def test_sizes_tell_what_is_given_and_the_legend_and_the_note_name_it():
    given = pd.DataFrame({"wave": "1", "person_id": list("abd"), "measure": "ties_lent",
                          "value": [9.0, 0.0, 2.5]})  # fmt: skip
    exhibit = sociograms(sizes=given, names={"ties_lent": "lent"})
    page = drawn(exhibit)
    legend = [text.get_text() for text in page.legends[0].texts]
    assert legend[-2:] == ["lent: 0.00", "lent: 9.00"]
    assert "The larger a mark, the higher its value (lent)." in exhibit.note
    marks = [each for each in page.axes[0].collections if isinstance(each, PathCollection)]
    sizes = [float(each.get_sizes()[0]) for each in marks]
    # Of X a is largest, b has 0 and c no value; of Y e has no value.
    assert sizes[0] > sizes[1] == sizes[2]
    assert sizes[0] > sizes[3] > sizes[4]
    people = exhibit.data[(exhibit.data["wave"] == "1") & exhibit.data["presence"].notna()]
    assert people["value"].tolist()[:2] == [9.0, 0.0]
    assert people["value"].isna().sum() == 2


def test_sizes_by_in_degree_are_those_without_sizes():
    panel = small_panel()
    plain, given = (drawn(sociograms(panel, sizes=each)) for each in (None, in_degrees(panel)))
    for one, other in zip(plain.axes, given.axes, strict=True):
        areas = [
            [float(each.get_sizes()[0]) for each in axes.collections
             if isinstance(each, PathCollection)] for axes in (one, other)
        ]  # fmt: skip
        assert areas[0] == areas[1]


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"person_id": "a"}, "several of 'a'"),
        ({"value": [-1.0, 2.0]}, "-1"),
        ({"person_id": ["y", "z"]}, "none of them"),
        ({"value": np.nan}, "none of them"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(change, seen):
    given = pd.DataFrame({"wave": "1", "person_id": ["a", "b"], "measure": "m", "value": 1.0})
    with pytest.raises(ArgumentError, match=seen):
        sociograms(sizes=given.assign(**change))
    with pytest.raises(ArgumentError, match="measure"):
        sociograms(sizes=given.drop(columns="measure"))


def test_every_column_is_in_the_glossary():
    assert set(sociograms(sizes=in_degrees(small_panel())).data.columns) <= set(
        glossary()["column"]
    )
    assert set(sociograms().data.columns) <= set(glossary()["column"])


def test_networks_that_cannot_be_drawn_are_refused():
    both = small_panel({"1": ["ab"]})
    other = pd.DataFrame({"wave": "1", "relation": ["advice", "trust"], "sender_id": "a",
                          "receiver_id": "b"})  # fmt: skip
    with pytest.raises(ArgumentError, match="'advice', 'trust'"):
        sociograms(network_panel(other, rosters()))
    nobody = both.mapped(lambda network: network.among([]))
    with pytest.raises(ArgumentError, match="nobody"):
        sociograms(nobody)
    with pytest.raises(ArgumentError, match="'shoe_size'"):
        sociograms(by="shoe_size")
    with pytest.raises(ArgumentError, match="601"):
        sociograms(team_panel(601, 1, 1))


def test_teams_with_many_ties_are_neighbours():
    # 0-2, 2-1 and 1-3 have ties: the ring 0 2 1 3 has each of them side by side.
    ties = np.zeros((4, 4))
    for first, second in ((0, 2), (2, 1), (1, 3)):
        ties[first, second] = ties[second, first] = 5
    order = ring_order(ties).tolist()
    apart = {frozenset((order[at], order[(at + 1) % 4])) for at in range(4)}
    assert {frozenset((0, 2)), frozenset((2, 1)), frozenset((1, 3))} <= apart


def test_the_last_team_of_a_ring_is_next_to_the_first():
    # In a line 0 2 3 1 would be best; in the ring 0 2 1 3 the strong tie of 3 and 0 is short too.
    ties = np.zeros((4, 4))
    for first, second, weight in ((0, 2, 5), (2, 1, 1), (1, 3, 5), (3, 0, 5)):
        ties[first, second] = ties[second, first] = weight
    order = ring_order(ties).tolist()
    assert {order[1], order[3]} == {2, 3}


def test_a_ring_of_many_teams_is_better_than_the_alphabet():
    ties = np.zeros((9, 9))
    ring = [0, 4, 8, 3, 7, 2, 6, 1, 5]
    for first, second in zip(ring, [*ring[1:], ring[0]], strict=True):
        ties[first, second] = ties[second, first] = 1

    def cost(order):
        at = np.argsort(order)
        steps = np.abs(at[:, None] - at)
        return (ties * np.minimum(steps, 9 - steps)).sum()

    assert cost(ring_order(ties)) < cost(np.arange(9))


@pytest.mark.parametrize("sizes", [[1], [3, 8], [7, 7, 8, 8, 11], [1] * 12, [20, 1, 1]])
def test_discs_never_overlap(sizes):
    radii = disc_radii(np.array(sizes))
    centres = team_centres(radii)
    apart = np.linalg.norm(centres[:, None] - centres, axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (apart > radii[:, None] + radii).all()


@pytest.mark.parametrize("n", [1, 2, 7, 30])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_people_stay_in_their_disc_and_apart(n, share):
    ties = (np.random.default_rng(5).random((n, n)) < share).astype(float)
    ties = np.triu(ties, 1) + np.triu(ties, 1).T
    radius = float(disc_radii(np.array([n]))[0])
    found = stress_places(ties, radius=radius)
    assert (np.linalg.norm(found, axis=1) <= radius + 1e-9).all()
    apart = np.linalg.norm(found[:, None] - found, axis=2)[np.triu_indices(n, 1)]
    assert (apart > 0.5 * LEAST_APART).all()


def test_stress_puts_the_middle_of_a_path_between_its_ends():
    ties = np.diag([1.0, 1.0], 1) + np.diag([1.0, 1.0], -1)
    found = stress_places(ties, radius=2.0)
    apart = np.linalg.norm(found[:, None] - found, axis=2)
    assert apart[0, 2] == pytest.approx(apart[0, 1] + apart[1, 2], rel=0.02)


def test_teams_are_turned_towards_each_other():
    # Two teams of two; the tied people are nearer to each other than to the other's mate.
    teams = np.array([0, 0, 1, 1])
    tie = np.array([0]), np.array([2]), np.array([1.0])
    found = places_in_teams(*tie, teams)[0]
    apart = np.linalg.norm(found[:, None] - found, axis=2)
    assert apart[0, 2] == apart[:2, 2:].min()


def test_words_follow_what_groups_people():
    people = pd.DataFrame({"person_id": list("abcdef"), "region": list("NNNSSS")})
    exhibit = sociograms(small_panel(people=people), by="region")
    assert "joined two regions" in exhibit.title
    words = [text.get_text() for text in drawn(exhibit).legends[0].get_texts()]
    assert {"tie within a region", "between regions"} <= set(words)
    assert not any("team" in text for text in [exhibit.title, exhibit.note, *words])
