"""Each term by hand: whose value stands where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, some_ties

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.dyads import difference, mrqap, receiver, same, sender, tie
from cvln_eval.networks.dyads.kinds import Setting
from cvln_eval.networks.dyads.terms import named_terms
from cvln_eval.networks.panel import panel_of

NAN = np.nan
PEOPLE = pd.DataFrame(
    {"person_id": list("abc"), "team_id": ["x", "y", "x"], "years": [1.0, 4.0, NAN]}
)
ADVICE = np.array([[0, 3.0, 0], [0, 0, 2], [1, 0, 0]])


def panel():
    """Return two waves: in the second c has left and d came, and a did not answer."""
    later = pd.DataFrame(
        {"person_id": list("abd"), "team_id": ["y", "y", "x"], "years": [2.0, 5.0, 9.0]}
    )
    ties = np.array([[0, 0, 0], [4.0, 0, 1], [0, 0, 0]])
    second = network_of(ties, people=later, wave="2", answered=[False, True, True])
    return panel_of([network_of(ADVICE, people=PEOPLE), second])


def values(term, wave="1"):
    whole = panel()
    network = whole.network(wave=wave, relation="advice")
    return term.values(Setting(whole, network, wave))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (same("team_id"), [[1, 0, 1], [0, 1, 0], [1, 0, 1]]),
        (difference("years"), [[0, 3, NAN], [3, 0, NAN], [NAN, NAN, NAN]]),
        (sender("years"), [[1, 1, 1], [4, 4, 4], [NAN, NAN, NAN]]),
        (receiver("years"), [[1, 4, NAN], [1, 4, NAN], [1, 4, NAN]]),
        (tie("advice"), [[NAN, 3, 0], [0, NAN, 2], [1, 0, NAN]]),
        # a did not answer in wave 2; c is not in it, neither as row nor as column.
        (tie("advice", wave="2"), [[NAN, NAN, NAN], [4, NAN, NAN], [NAN, NAN, NAN]]),
        # In wave 2 a is of team y; c is not on the roster.
        (same("team_id", wave="2"), [[1, 1, NAN], [1, 1, NAN], [NAN, NAN, NAN]]),
    ],
)
def test_each_term_by_hand(term, expected):
    np.testing.assert_array_equal(values(term), expected)


def test_a_labelled_matrix_is_put_in_order():
    matrix = pd.DataFrame([[0, 7.0], [8.0, 0]], index=["c", "a"], columns=["c", "a"])
    term = named_terms({"near": matrix[["a", "c"]]})["near"]
    np.testing.assert_array_equal(values(term), [[0, NAN, 8], [NAN, NAN, NAN], [7, NAN, 0]])


def test_names_are_kept_and_waves_added():
    network = network_of(some_ties(4, np.random.default_rng(1), 0.6))
    people = network.people.assign(team_id=list("xxyy"))
    network = network_of(np.nan_to_num(network.matrix()), people=people)
    given = {"near": np.eye(4)[::-1], "team": same("team_id"), "own": same("team_id", wave="1")}
    found = mrqap(network, terms=given, n_draws=9).tidy()["term"].tolist()
    assert found == ["intercept", "near", "team (1)", "own (1)"]


def test_a_network_without_a_wave_adds_none():
    people = PEOPLE.assign(years=[1.0, 2.0, 4.0])
    network = network_of(ADVICE, people=people, wave="")
    found = mrqap(network, terms=[same("team_id")], n_draws=9)
    assert found.tidy()["term"].tolist() == ["intercept", "same team_id"]
    assert found.sentence().startswith("MRQAP of advice on 6 pairs")


def test_booleans_are_numbers_and_words_are_not():
    people = PEOPLE.assign(site=[True, False, True])
    network = network_of(ADVICE, people=people)
    setting = Setting(network, network, "1")
    np.testing.assert_array_equal(sender("site").values(setting)[:, 0], [1, 0, 1])
    with pytest.raises(ArgumentError, match="'x'"):
        sender("team_id").values(setting)
