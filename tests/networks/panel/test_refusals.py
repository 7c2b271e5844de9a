"""What is refused instead of being dropped, taken for something else, or a bare error of Python."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.mixing import ei_index
from cvln_eval.networks.panel import Network, network_panel, panel_of
from cvln_eval.networks.positions import centrality

TIES = pd.DataFrame(
    {
        "wave": "1",
        "relation": "advice",
        "sender_id": ["a", "b", "c"],
        "receiver_id": ["b", "c", "a"],
        "strength": [0.0, 2.0, 3.0],
    }
)
ROSTER = pd.DataFrame({"wave": "1", "person_id": list("abcd"), "team_id": "x"})
ASKED = pd.DataFrame(
    {"wave": "1", "instrument": "advice", "person_id": list("abc"), "responded": True}
)


@pytest.mark.parametrize("threshold", [0, -1.0, np.nan, np.inf, "2", True])
def test_a_threshold_that_would_make_ties_of_none(threshold):
    # A strength of 0 says that there is no tie; "at least 0" would make it one.
    with pytest.raises(ArgumentError, match="number above 0"):
        network_panel(TIES, ROSTER, threshold=threshold)
    with pytest.raises(ArgumentError, match="number above 0"):
        network_panel(TIES, ROSTER).binary(threshold)
    assert network_panel(TIES, ROSTER, threshold=3).networks[0].n_ties == 1


def test_strengths_that_are_not_kept_have_no_other_threshold():
    strong = network_panel(TIES, ROSTER).networks[0].binary(3)
    assert strong.binary(3) is strong
    assert strong.binary().threshold == 3
    for threshold in (1, 4):
        with pytest.raises(ArgumentError, match=r"another threshold(.|\n)*Expected: 3"):
            strong.binary(threshold)


@pytest.mark.parametrize("column", ["wave", "person_id"])
def test_a_row_of_the_roster_without_a_person_or_a_wave_is_not_dropped(column):
    roster = ROSTER.assign(**{column: ["1", "1", "1", None]})
    with pytest.raises(ArgumentError, match=f"a value of '{column}'"):
        network_panel(TIES, roster)


def test_ties_of_a_wave_without_a_roster_are_not_dropped():
    more = pd.concat([TIES, TIES.assign(wave="2")])
    with pytest.raises(ArgumentError, match=r"no roster(.|\n)*Seen: '2'"):
        network_panel(more, ROSTER)
    assert len(network_panel(more, ROSTER, waves=["1"]).networks) == 1


def test_respondents_on_no_roster_are_kept_apart_and_counted():
    strange = pd.concat([ASKED, ASKED.iloc[:1].assign(person_id="z")])
    panel = network_panel(TIES, ROSTER, strange)
    assert panel.outside_respondents["person_id"].tolist() == ["z"]
    assert panel.tidy()["n_respondents_outside"].tolist() == [1]
    assert panel.glance()["n_respondents_outside"].item() == 1
    assert panel.sentence().endswith("people outside and 1 answer of people on no roster.")
    assert (
        panel.networks[0].ids.tolist()
        == network_panel(TIES, ROSTER, ASKED).networks[0].ids.tolist()
    )
    with pytest.raises(ArgumentError, match=r"No respondent is on the roster(.|\n)*'z in 1'"):
        network_panel(TIES, ROSTER, strange.iloc[-1:])
    # Those of waves and instruments that are not looked at do not matter.
    others = [strange.iloc[3:].assign(**one) for one in ({"wave": "2"}, {"instrument": "trust"})]
    found = network_panel(TIES, ROSTER, pd.concat([ASKED, *others]))
    assert found.networks[0].ids.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("memberships", "people", "what"),
    [
        (None, None, "table of memberships"),
        (ROSTER.drop(columns="wave"), None, "'wave'"),
        (ROSTER, ["a"], "table of people"),
        (ROSTER, pd.DataFrame({"person_id": ["a", None]}), "'person_id'"),
        (ROSTER, pd.DataFrame({"person_id": [1, "1"]}), "twice in people"),
    ],
)
def test_what_is_no_table_or_says_not_who(memberships, people, what):
    with pytest.raises(ArgumentError, match=what):
        network_panel(TIES, memberships, people=people)


def test_waves_that_are_numbers_are_in_their_order():
    ties, roster = (pd.concat([one.assign(wave=k) for k in (10, 2, 1)]) for one in (TIES, ROSTER))
    assert network_panel(ties, roster).waves == ("1", "2", "10")
    found = network_panel(ties, roster, waves=["2", "1"])
    assert found.waves == ("2", "1")
    assert found.network(wave=1, relation="advice").wave == "1"
    assert found.only(waves=1).waves == ("1",)


def test_panels_are_of_networks():
    network = network_panel(TIES, ROSTER).networks[0]
    assert panel_of(network).networks == (network,)
    with pytest.raises(ArgumentError, match=r"no network(.|\n)*type int"):
        panel_of([1])


def test_a_panel_without_networks_has_the_columns():
    panel = network_panel(TIES, ROSTER)
    assert panel.only(waves=[]).tidy().columns.tolist() == panel.tidy().columns.tolist()
    assert "4 people holds 2 ties;" in panel.sentence()


def test_an_undirected_network_by_no_rule_is_known_the_same_from_both_ends():
    people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    # c and d did not answer; a - d is a tie, a - b none; of the other four pairs nobody knows.
    ends = (np.array([0]), np.array([3]))
    network = Network(
        "1", "advice", people, *ends, np.ones(1), np.array([1, 1, 0, 0], bool), directed=False
    )
    matrix = network.matrix()
    np.testing.assert_array_equal(matrix, matrix.T)
    assert (matrix[0, 3], matrix[0, 1]) == (1, 0)
    assert np.isnan(matrix).sum() == 4 + 2 * 4
    assert network.n_dyads() == 2
    rows = centrality(network).tidy().query("measure == 'degree'")
    assert rows["n_pairs"].tolist()[:2] == [2, 1]
    # Of pairs that could be answered there is one, a - b, and it is within x.
    index = ei_index(network, n_draws=9).tidy().iloc[0]
    assert (index["n_external"], index["expected"]) == (0, -1)
