"""Change between groups that met and did not, and the exchange of groups that tests it."""

from __future__ import annotations

from itertools import permutations

import joblib
import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import affiliation, co_attendance, joint_sessions
from cvln_eval.networks.meetings.exchanged import (
    differences,
    drawn_estimates,
    estimates,
    every_exchange,
    n_exchanges,
)
from cvln_eval.networks.panel import network_panel

TEAMS = {person: person[0] for person in ("w1", "w2", "x1", "x2", "y1", "z1")}


def members(waves=("1", "2", "3"), teams=TEAMS):
    rows = [(wave, person, team) for wave in waves for person, team in teams.items()]
    return pd.DataFrame(rows, columns=["wave", "person_id", "team_id"])


def ties(*rows):
    return pd.DataFrame(
        [(wave, "advice", *ends.split(">")) for wave, ends in rows],
        columns=["wave", "relation", "sender_id", "receiver_id"],
    )


def meetings(came, memberships=None, *, kinds=None):
    """Sessions from (id, wave) to who came."""
    sessions = pd.DataFrame(list(came), columns=["session_id", "wave"])
    sessions["kind"] = kinds or "joint"
    sessions = sessions.assign(status="held", held_on="2024-01-05", mode="virtual")
    rows = [(session, person) for (session, _), people in came.items() for person in people]
    attendance = pd.DataFrame(rows, columns=["session_id", "person_id"])
    return affiliation(attendance, sessions, members() if memberships is None else memberships)


TIES = ties(
    ("1", "w1>x1"),
    ("1", "w1>w2"),
    ("2", "w1>x1"),
    ("2", "w2>x1"),
    ("2", "x2>w1"),
    ("2", "y1>w1"),
    ("3", "z1>y1"),
)


def test_change_by_hand():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1", "w1", "w2"]})
    found = joint_sessions(network_panel(TIES, members()), affiliation=met)
    pairs = found.pairs.set_index(["wave", "group", "other_group"])
    # Two w and two x make eight ordered pairs: one tie before, three after.
    row = pairs.loc[("2", "w", "x")]
    assert row[["n_pairs_known", "density_before", "density_after"]].tolist() == [8, 1 / 8, 3 / 8]
    assert (row["earlier_wave"], row["n_joint_sessions"]) == ("1", 1)
    # One y and two w make four.
    assert pairs.loc[("2", "w", "y"), "change"] == 1 / 4
    assert pairs.loc[("3", "y", "z"), "change"] == 1 / 2
    # Step 1: w-x met (+1/4); of the five others w-y changed by 1/4, so 1/20 on average.
    # Step 2: y-z (+1/2), w-y (-1/4), w-z (0) met: 1/12; of the others w-x lost 3/8: -1/8.
    weights = np.array([1 * 5 / 6, 3 * 3 / 6])
    expected = weights @ [1 / 4 - 1 / 20, 1 / 12 + 1 / 8] / weights.sum()
    row = found.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(expected)
    assert row["estimate"] == pytest.approx(row["change_met"] - row["change_not_met"])
    counts = ["n_pairs_met", "n_pairs_not_met", "n_joint_sessions", "n_clusters", "n_draws"]
    assert row[counts].tolist() == [4, 8, 2, 4, 24]
    assert found.glance()["n_steps"].item() == 2


def test_sessions_outside_the_steps_are_not_counted():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1", "w1", "w2"]})
    later = network_panel(TIES, members()).only(waves=["2", "3"])
    row = joint_sessions(later, affiliation=met).tidy().iloc[0]
    # The session of wave 2 came before the step from 2 to 3.
    assert (row["n_joint_sessions"], row["n_pairs_met"]) == (1, 3)


def test_p_is_that_of_all_exchanges_of_groups():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1"]})
    found = joint_sessions(network_panel(TIES, members()), affiliation=met)
    changes = found.pairs.set_index(["wave", "group", "other_group"])["change"]

    def estimate(order):
        step = []
        for wave, pair in (("2", "wx"), ("3", "yz")):
            chosen = "".join(sorted(order[group] for group in pair))
            own = changes[wave]
            step.append(own[tuple(chosen)] - own.drop(tuple(chosen)).mean())
        return np.mean(step)

    every = [estimate(dict(zip("wxyz", order, strict=True))) for order in permutations("wxyz")]
    observed = estimate(dict(zip("wxyz", "wxyz", strict=True)))
    away = np.abs(np.array(every) - np.mean(every))
    row = found.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(observed)
    assert row["p_value"] == np.mean(away >= abs(observed - np.mean(every)) - 1e-12)
    assert row["enumerated"]
    assert row["p_low"] == row["p_high"] == row["p_value"]
    assert row["smallest_p"] == np.mean(away >= away.max() - 1e-12)


def test_draws_come_to_what_all_exchanges_say():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1"]})
    panel = network_panel(TIES, members())
    exact = joint_sessions(panel, affiliation=met, n_draws=24).tidy()["p_value"].iloc[0]
    # Fewer draws than there are exchanges: they are drawn. The share of 23 has an error of .1.
    drawn = joint_sessions(panel, affiliation=met, n_draws=23).tidy().iloc[0]
    assert not drawn["enumerated"]
    assert drawn["smallest_p"] == 1 / 24
    assert drawn["p_low"] <= exact <= drawn["p_high"]


def test_groups_are_exchanged_only_among_those_there_in_the_same_steps():
    there = np.array([[True, True, True, False], [True, True, False, False]])
    assert n_exchanges(there) == 2
    assert every_exchange(there).tolist() == [[0, 1, 2, 3], [1, 0, 2, 3]]


def test_drawn_exchanges_are_among_those_that_are_possible():
    rng = np.random.default_rng(5)
    there = np.array([[True, True, True, False], [True, True, False, True]])
    change, met = rng.normal(size=(2, 4, 4)), rng.random((2, 4, 4)) < 0.5
    change, met = change + change.swapaxes(1, 2), met | met.swapaxes(1, 2)
    possible = estimates(change, met, every_exchange(there))
    drawn = drawn_estimates(50, rng, change, met, there)
    assert len(np.unique(possible.round(12))) == 2
    assert set(drawn.round(12)) == set(possible.round(12))


def test_differences_by_hand():
    change = np.array([[[np.nan, 3.0, 1.0], [np.nan] * 3, [np.nan] * 3]])
    change[0, 1, 2] = np.nan  # not known
    met = np.zeros((1, 1, 3, 3), dtype=bool)
    met[0, 0, 0, 1] = met[0, 0, 1, 2] = True
    assert differences(change, met).tolist() == [[2.0, 3.0, 1.0]]
    assert np.isnan(differences(change, ~met | met)).all()


def test_who_left_or_came_is_no_change():
    gone = members().query("not (person_id == 'x2' and wave != '1')")
    rows = ties(("1", "w1>x2"), ("1", "w1>x1"), ("2", "w1>x1"))
    met = meetings({("s1", "2"): ["w1", "x1"]})
    found = joint_sessions(network_panel(rows, gone), affiliation=met)
    row = found.pairs.set_index(["wave", "group", "other_group"]).loc[("2", "w", "x")]
    # Without x2 there are 2 x 1 pairs, each way; w1 names x1 in both waves.
    assert row[["n_pairs_known", "change"]].tolist() == [4, 0]


def test_who_did_not_answer_is_no_change():
    respondents = members().assign(instrument="advice", responded=True)
    respondents.loc[
        respondents["wave"].eq("2") & respondents["person_id"].eq("w1"), "responded"
    ] = False
    rows = ties(("1", "w1>x1"), ("2", "x1>w1"))
    panel = network_panel(
        rows, members(), respondents[["wave", "instrument", "person_id", "responded"]]
    )
    found = joint_sessions(panel, affiliation=meetings({("s1", "2"): ["w1", "x1"]}))
    row = found.pairs.set_index(["wave", "group", "other_group"]).loc[("2", "w", "x")]
    # Of eight pairs the two that w1 sends are not known in wave 2; x1 named w1 anew.
    assert row[["n_pairs_known", "change"]].tolist() == [6, 1 / 6]


def test_sessions_of_a_wave_without_the_relation_lie_in_the_step_over_it():
    rows = ties(("1", "w1>x1"), ("3", "w1>x1"), ("3", "y1>z1"))
    met = meetings({("s1", "2"): ["w1", "x1"], ("s0", "1"): ["y1", "z1"]})
    found = joint_sessions(network_panel(rows, members()), affiliation=met)
    pairs = found.pairs.set_index(["group", "other_group"])
    assert pairs["n_joint_sessions"].to_dict()[("w", "x")] == 1
    # s0 was before the first survey's end.
    assert pairs["n_joint_sessions"].to_dict()[("y", "z")] == 0
    assert found.glance()["n_steps"].item() == 1


def test_where_all_met_sessions_cannot_be_told_from_time():
    met = meetings({("s1", "2"): list(TEAMS), ("s2", "3"): list(TEAMS)}, kinds=["day", "web"])
    found = joint_sessions(network_panel(TIES, members()), affiliation=met)
    rows = found.tidy().set_index(["by", "group"])
    assert rows["reason"].unique().tolist() == [
        "in every step all pairs of groups met, or none did"
    ]
    assert rows["estimate"].isna().all()
    assert rows["p_value"].isna().all()
    assert rows.index.tolist() == [
        ("all", "all"),
        ("kind", "day"),
        ("kind", "web"),
        ("mode", "virtual"),
    ]
    assert "cannot be compared" in found.sentence()


def test_one_wave_has_no_step():
    rows = TIES[TIES["wave"] == "2"]
    found = joint_sessions(
        network_panel(rows, members()), affiliation=meetings({("s1", "2"): ["w1", "x1"]})
    )
    assert found.tidy()["reason"].unique().tolist() == [
        "no two waves of the relation follow each other"
    ]
    assert found.pairs.empty
    assert found.glance()["n_steps"].item() == 0


def test_a_known_effect_is_found_and_none_where_there_is_none():
    rng = np.random.default_rng(3)
    teams = {f"{team}{k}": team for team in "abcdefgh" for k in range(4)}
    met_pairs = {"ab", "cd", "ef", "gh"}
    people = list(teams)
    before, after, other = (rng.random((32, 32)) for _ in range(3))
    gain = np.array([["".join(sorted(p[0] + q[0])) in met_pairs for q in people] for p in people])
    # One exchange in 105 pairs the same districts, so that p can hardly be below .01.
    for extra, least, most in ((0.35, 0, 0.03), (0.0, 0.03, 1)):
        rows = [("1", f"{people[i]}>{people[j]}") for i, j in np.argwhere(before < 0.1) if i != j]
        rows += [
            ("2", f"{people[i]}>{people[j]}")
            for i, j in np.argwhere((after < 0.1) | (gain & (other < extra)))
            if i != j
        ]
        memberships = members(("1", "2"), teams)
        came = {(f"s{pair}", "2"): [p for p in people if p[0] in pair] for pair in met_pairs}
        found = joint_sessions(
            network_panel(ties(*rows), memberships),
            affiliation=meetings(came, memberships),
            n_draws=999,
        ).tidy()
        assert least <= found["p_value"].iloc[0] <= most
        if extra:
            # A tie that is not there (90%) comes with this chance.
            assert found["estimate"].iloc[0] == pytest.approx(0.9 * extra, abs=0.06)


def test_networks_of_co_attendance_can_be_compared_too():
    met = meetings(
        {("s0", "1"): ["w1"], ("s1", "2"): ["w1", "x1"], ("s2", "3"): ["w1", "x1", "y1"]}
    )
    panel = co_attendance(met).panel()
    found = joint_sessions(panel, affiliation=met)
    row = found.pairs.set_index(["wave", "group", "other_group"]).loc[("2", "w", "x")]
    # Undirected: four pairs, counted both ways, one of which met.
    assert row[["n_pairs_known", "change"]].tolist() == [8, 1 / 4]


def test_the_same_seed_gives_the_same_numbers_however_many_workers():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1"]})
    panel = network_panel(TIES, members())
    serial = joint_sessions(panel, affiliation=met, n_draws=20).tidy()
    with joblib.parallel_config("loky", n_jobs=2):
        again = joint_sessions(panel, affiliation=met, n_draws=20).tidy()
    pd.testing.assert_frame_equal(again, serial)


def test_what_cannot_be_compared_is_refused():
    panel = network_panel(TIES, members())
    met = meetings({("s1", "2"): ["w1", "x1"]})
    with pytest.raises(ArgumentError, match="of type Network"):
        joint_sessions(panel.networks[0], affiliation=met)
    with pytest.raises(ArgumentError, match="'district'"):
        joint_sessions(panel, affiliation=met, by="district")
    strange = meetings({("s1", "7"): ["w1", "x1"]}, members(("7",)))
    with pytest.raises(ArgumentError, match="No session is in a wave of the networks"):
        joint_sessions(panel, affiliation=strange)


def test_words():
    met = meetings({("s1", "2"): ["w1", "x1"], ("s2", "3"): ["y1", "z1", "w1", "w2"]})
    found = joint_sessions(network_panel(TIES, members()), affiliation=met)
    row = found.tidy().iloc[0]
    text = found.sentence()
    assert f"changed by {row['change_met']:.3f} (4 pairs)" in text
    assert f"did not by {row['change_not_met']:.3f} (8 pairs)" in text
    assert "by exchanging groups (24 orders)" in text
