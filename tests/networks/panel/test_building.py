"""Each row of ties is a tie, apart, or an error; each pair has one state."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import NetworkPanel, network_panel, networks_of, panel_of


def test_every_row_of_ties_is_a_tie_or_kept_apart(tables, panel):
    # 9 rows: 5 ties; a names itself; guest and d are outside; a strength of 0 is no tie.
    assert [network.n_ties for network in panel] == [3, 1, 1]
    assert panel.self_ties["sender_id"].tolist() == ["a"]
    assert panel.outside_ties["receiver_id"].tolist() == ["guest", "d"]
    assert panel.outside_ties["reason"].tolist() == [
        "on no roster of the wave",
        "on the roster, but not asked about this relation",
    ]
    assert panel.weak_ties["receiver_id"].tolist() == ["c"]
    apart = (panel.self_ties, panel.outside_ties, panel.weak_ties)
    assert sum(map(len, apart)) + panel.glance()["n_ties"].item() == len(tables["ties"])


def test_counts_by_hand(panel):
    row = panel.tidy().set_index(["wave", "relation"]).loc[("1", "advice")]
    # 4 people make 12 ordered pairs; a, b, c were asked: 6; c did not answer: 2 of them.
    assert row["n_roster"] == 4
    assert row["n_asked"] == 3
    assert row["n_responded"] == 2
    assert row["response_rate"] == pytest.approx(2 / 3)
    pairs = ["n_pairs_tie", "n_pairs_no_tie", "n_pairs_not_answered", "n_pairs_not_asked"]
    assert row[pairs].tolist() == [3, 1, 2, 6]


def test_pairs_add_up_to_all_pairs_of_the_roster(panel):
    tidy = panel.tidy()
    pairs = tidy.filter(like="n_pairs_").sum(axis=1)
    assert pairs.tolist() == (tidy["n_roster"] * (tidy["n_roster"] - 1)).tolist()


def test_a_wave_in_which_nobody_was_asked_says_so(panel):
    row = panel.tidy().set_index(["wave", "relation"]).loc[("1", "trust")]
    assert (row["n_asked"], row["reason"]) == (0, "not asked in this wave")
    assert np.isnan(row["response_rate"])
    with pytest.raises(ArgumentError, match="trust in 1"):
        panel.network(wave="1", relation="trust")


def test_states_of_pairs_agree_with_the_counts(panel):
    for network in panel:
        found = panel.dyads(wave=network.wave, relation=network.relation)["dyad"].value_counts()
        row = panel.tidy().set_index(["wave", "relation"]).loc[(network.wave, network.relation)]
        for state in ("tie", "no tie", "not answered", "not asked"):
            assert found.get(state, 0) == row[f"n_pairs_{state.replace(' ', '_')}"]


def test_states_by_hand(panel):
    pairs = panel.dyads(wave="1", relation="advice").set_index(["sender_id", "receiver_id"])
    assert pairs.loc[("a", "b"), ["dyad", "strength"]].tolist() == ["tie", 4.0]
    assert pairs.loc[("a", "c"), ["dyad", "strength"]].tolist() == ["no tie", 0.0]
    assert pairs.loc[("c", "a"), "dyad"] == "not answered"
    assert pairs.loc[("a", "d"), "dyad"] == "not asked"
    assert pairs.loc[["c"], "strength"].isna().all()


def test_who_named_somebody_answered_and_others_are_as_told(panel):
    second = panel.network(wave="2", relation="advice")
    assert second.people["person_id"].tolist() == ["a", "c", "e"]
    # a's only row says "no tie": whoever writes that has answered. e is open.
    assert second.answered.tolist() == [True, True, False]
    open_ = panel.not_known[panel.not_known["relation"] == "advice"]
    assert open_["person_id"].tolist() == ["e"]


def test_people_of_whom_it_is_not_known_can_be_taken_to_have_answered(tables):
    panel = network_panel(**tables, not_known="answered")
    assert panel.network(wave="2", relation="advice").answered.tolist() == [True, True, True]
    assert panel.not_known["person_id"].tolist() == ["e", "a"]


def test_without_respondents_the_roster_was_asked_and_answered(tables):
    panel = network_panel(tables["ties"], tables["memberships"])
    first = panel.network(wave="1", relation="advice")
    assert first.people["person_id"].tolist() == ["a", "b", "c", "d"]
    assert first.answered.all()
    assert first.n_ties == 4


def test_threshold_makes_ties_binary_and_keeps_the_weak_apart(tables):
    panel = network_panel(**tables, threshold=3)
    first = panel.network(wave="1", relation="advice")
    assert (first.n_ties, first.valued, first.threshold) == (2, False, 3)
    assert panel.weak_ties["strength"].tolist() == [1.0, 0.0, 2.0, 1.0]


def test_a_tie_without_a_strength_reaches_no_threshold(tables):
    ties = tables["ties"].assign(strength=[np.nan, *tables["ties"]["strength"][1:]])
    kept = network_panel(ties, tables["memberships"], tables["respondents"])
    assert np.isnan(kept.network(wave="1", relation="advice").strength[0])
    strong = network_panel(ties, tables["memberships"], tables["respondents"], threshold=1)
    assert strong.network(wave="1", relation="advice").n_ties == 2


def test_the_order_of_rows_makes_no_difference(tables, panel):
    again = network_panel(**{name: table.iloc[::-1] for name, table in tables.items()})
    pd.testing.assert_frame_equal(panel.tidy(), again.tidy())
    for one, other in zip(panel, again, strict=True):
        assert one.sender.tolist() == other.sender.tolist()
        assert one.strength.tolist() == other.strength.tolist()


def test_waves_stand_in_the_order_given(tables):
    panel = network_panel(**tables, waves=["2", "1"])
    assert panel.waves == ("2", "1")
    assert [network.wave for network in panel] == ["2", "2", "1"]
    assert panel.roster["wave"].tolist() == ["2"] * 3 + ["1"] * 4


def test_only_keeps_what_belongs_together(panel):
    first = panel.only(waves=["1"])
    assert [network.relation for network in first] == ["advice"]
    assert set(first.roster["wave"]) == {"1"}
    assert len(first.weak_ties) == 0
    assert len(panel.only(relations="trust").outside_ties) == 0
    with pytest.raises(ArgumentError, match=r"no such wave(.|\n)*'3'"):
        panel.only(waves=["3"])


def test_instruments_name_who_asked(tables):
    respondents = tables["respondents"].replace({"instrument": {"advice": "survey"}})
    panel = network_panel(
        tables["ties"], tables["memberships"], respondents, instruments={"advice": "survey"}
    )
    assert panel.network(wave="1", relation="advice").n == 3
    with pytest.raises(ArgumentError, match=r"'survey'(.|\n)*none for 'advice'"):
        network_panel(tables["ties"], tables["memberships"], respondents)


def test_what_people_are_comes_with_them(tables):
    people = pd.DataFrame({"person_id": ["a", "b", "c", "d", "e"], "level": list("sscsc")})
    first = network_panel(**tables, people=people).network(wave="1", relation="advice")
    assert first.people["level"].tolist() == ["s", "s", "c"]
    codes, names = first.groups("team_id")
    assert (codes.tolist(), names.tolist()) == ([0, 0, 1], ["x", "y"])
    with pytest.raises(ArgumentError, match=r"no such attribute(.|\n)*'colour'"):
        first.groups("colour")
    with pytest.raises(ArgumentError, match=r"\['team_id'\]"):
        first.groups(["team_id"])


def test_people_of_no_group_have_none(tables):
    memberships = tables["memberships"].assign(team_id=["x", None, "y", "y", "x", "y", "y"])
    first = network_panel(tables["ties"], memberships, tables["respondents"]).networks[0]
    assert first.groups("team_id")[0].tolist() == [0, -1, 1]


def test_sentences_count_in_the_right_number(panel):
    assert panel.sentence() == (
        "3 networks (2 waves, 2 relations) of 5 people hold 5 ties; of those asked 33% to 67% "
        "answered. Kept apart: 1 self-nomination and 2 ties with people outside."
    )


def test_columns_are_in_the_glossary(panel):
    known = set(glossary()["column"])
    pairs = panel.dyads(wave="1", relation="advice")
    tables = (panel.tidy(), panel.glance(), panel.outside_ties, panel.not_known, pairs)
    assert [column for table in tables for column in table if column not in known] == []


def test_a_panel_of_networks_made_elsewhere(panel):
    again = panel_of(reversed(panel.networks))
    assert again.waves == ("2", "1")
    assert again.tidy()["n_ties"].tolist() == [1, 1, 3, 0]
    with pytest.raises(ArgumentError, match="each of its own wave"):
        panel_of([panel.networks[0]] * 2)
    with pytest.raises(ArgumentError, match="none"):
        panel_of([])


def test_a_panel_or_one_network_is_asked_for(panel):
    assert networks_of(panel) == panel.networks
    assert networks_of(panel.networks[0]) == panel.networks[:1]
    with pytest.raises(ArgumentError, match="type DataFrame"):
        networks_of(panel.tidy())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda ties: ties.drop(columns="sender_id"), "lacks a column(.|\n)*sender_id"),
        (lambda ties: ties.assign(strength=-1.0), "negative(.|\n)*a to b \\(-1\\)"),
        (lambda ties: ties.assign(strength=np.inf), "finite"),
        (lambda ties: ties.assign(strength="often"), "often"),
        (lambda ties: pd.concat([ties, ties.iloc[:1]]), "stands twice(.|\n)*a to b"),
        (lambda ties: ties.assign(receiver_id=[None, *ties["receiver_id"][1:]]), "index 0"),
        (lambda ties: ties.replace("c", "A"), "case alone(.|\n)*'A', 'a'"),
        (lambda ties: ties.replace(list("abcde"), list("vwxyz")), "between people on the roster"),
    ],
)
def test_ties_that_cannot_be_read_are_refused(tables, change, says):
    with pytest.raises(ArgumentError, match=says):
        network_panel(change(tables["ties"]), tables["memberships"], tables["respondents"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda asked: asked.assign(responded=False), "did not answer have ties(.|\n)*'a', 'b'"),
        (lambda asked: pd.concat([asked, asked.iloc[:1]]), "stands twice(.|\n)*'a'"),
        (lambda asked: asked.assign(responded="maybe"), "true, false or nothing(.|\n)*maybe"),
        (lambda asked: asked.drop(columns="instrument"), "instrument"),
    ],
)
def test_respondents_that_cannot_be_read_are_refused(tables, change, says):
    with pytest.raises(ArgumentError, match=says):
        network_panel(tables["ties"], tables["memberships"], change(tables["respondents"]))


def test_arguments_that_are_not_there_are_refused(tables):
    with pytest.raises(ArgumentError, match="'maybe'"):
        network_panel(**tables, not_known="maybe")
    with pytest.raises(ArgumentError, match=r"of this relation(.|\n)*'gossip'"):
        network_panel(**tables, relations=["gossip"])
    with pytest.raises(ArgumentError, match=r"no roster(.|\n)*'9'"):
        network_panel(**tables, waves=["9"])


def test_ids_that_differ_by_case_between_tables_are_refused(tables):
    memberships = tables["memberships"].replace({"person_id": {"a": "A"}})
    with pytest.raises(ArgumentError, match="'A', 'a'"):
        network_panel(tables["ties"], memberships)


def test_no_ties_and_no_rosters(tables):
    empty = network_panel(tables["ties"].iloc[:0], tables["memberships"])
    assert isinstance(empty, NetworkPanel)
    assert (len(empty.networks), empty.glance()["reason"].item()) == (0, "there are no networks")
    nobody = network_panel(tables["ties"].iloc[:0], tables["memberships"].iloc[:0])
    assert len(nobody.tidy()) == 0


def test_a_relation_that_was_asked_and_nobody_named_anybody(tables):
    ties = tables["ties"][tables["ties"]["relation"] == "advice"]
    panel = network_panel(
        ties, tables["memberships"], tables["respondents"], relations=["advice", "trust"]
    )
    second = panel.network(wave="2", relation="trust")
    assert (second.n, second.n_ties, second.answered.tolist()) == (3, 0, [False, True, False])
    with pytest.raises(ArgumentError, match="of this relation"):
        network_panel(ties, tables["memberships"], relations=["trust"])


def test_respondents_whose_ids_differ_by_case_are_refused(tables):
    asked = tables["respondents"].replace({"person_id": {"e": "E"}})
    with pytest.raises(ArgumentError, match=r"case alone(.|\n)*'E', 'e'"):
        network_panel(tables["ties"], tables["memberships"], asked)


def test_a_panel_of_nobody_says_so(panel):
    nobody = panel_of([panel.networks[0].among([])])
    assert "holds 0 ties; nobody was asked. Kept" in nobody.sentence()


def test_nobody_answered_says_so(tables):
    asked = tables["respondents"][tables["respondents"]["instrument"] == "trust"]
    asked = asked.assign(responded=[None, None, False])
    ties = tables["ties"].tail(1).assign(sender_id="a", receiver_id="a")
    ties = pd.concat([ties, ties.assign(wave="1", receiver_id="b")])
    asked = pd.concat([asked, asked.assign(wave="1", person_id=["a", "b", "c"])])
    panel = network_panel(ties, tables["memberships"], asked.iloc[1:])
    row = panel.tidy().set_index("wave").loc["2"]
    assert (row["n_responded"], row["reason"]) == (0, "nobody answered")
    assert row["n_pairs_not_answered"] == 2
