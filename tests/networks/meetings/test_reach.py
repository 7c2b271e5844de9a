"""Whom facilitators reach, by one tie and by paths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.meetings import reach
from cvln_eval.networks.panel import Network, panel_of


def network(*ties, people="abcdef", answered=None, wave="1", directed=True):
    ids = list(people)
    ends = np.array([[ids.index(end) for end in tie] for tie in ties]).reshape(-1, 2)
    return Network(
        wave,
        "reply",
        pd.DataFrame({"person_id": ids}),
        ends[:, 0],
        ends[:, 1],
        np.ones(len(ends)),
        np.ones(len(ids), dtype=bool) if answered is None else answered,
        directed=directed,
        rule="sender" if directed else "either",
    )


def values(found):
    return found.tidy().set_index("measure")["n_reached_persons"].to_dict()


CHAIN = network("ab", "bc", "da", "ed")  # e -> d -> a -> b -> c; f is alone


def test_by_hand():
    found = reach(CHAIN, facilitators=["a"])
    assert values(found) == {
        "direct out": 1,
        "direct in": 1,
        "direct either way": 2,
        "paths out": 2,
        "paths in": 2,
        "paths either way": 4,
    }
    row = found.tidy().iloc[3]
    assert (row["value"], row["n"], row["n_facilitators"]) == (2 / 5, 5, 1)
    people = found.people.set_index("person_id")
    assert people.loc["c", "n_steps_out"] == 2
    assert people.loc["c", "n_steps_either"] == 2
    assert people.loc["e", "n_steps_in"] == 2
    assert people.loc["f"].filter(like="n_steps").isna().all()


def test_reversing_all_ties_turns_out_into_in():
    backwards = network("ba", "cb", "ad", "de")
    first, second = (values(reach(one, facilitators="a")) for one in (CHAIN, backwards))
    assert first["paths out"] == second["paths in"]
    assert first["direct in"] == second["direct out"]
    assert first["paths either way"] == second["paths either way"]


def test_several_facilitators_reach_as_one_and_do_not_count_themselves():
    found = reach(CHAIN, facilitators=["a", "c", "nobody"])
    assert values(found)["direct either way"] == 2  # b and d
    assert found.tidy()["n"].unique().tolist() == [4]
    assert "c" not in set(found.people["person_id"])


def test_an_undirected_network_has_one_way():
    found = values(reach(network("ab", "bc", directed=False), facilitators=["b"]))
    assert found["direct out"] == found["direct in"] == found["direct either way"] == 2


def test_an_isolate_more_changes_shares_only():
    more = network("ab", "bc", "da", "ed", people="abcdefg")
    assert values(reach(more, facilitators=["a"])) == values(reach(CHAIN, facilitators=["a"]))


def test_waves_without_a_facilitator_and_without_others():
    panel = panel_of([CHAIN, network("bc", people="bc", wave="2"), network(people="a", wave="3")])
    rows = reach(panel, facilitators=["a"]).tidy().set_index(["wave", "measure"])
    assert rows.loc[("2", "direct out"), "reason"] == "none of the facilitators is in the network"
    assert np.isnan(rows.loc[("2", "direct out"), "value"])
    assert rows.loc[("3", "paths out"), "reason"] == "nobody but facilitators is in the network"
    assert "20% to" not in reach(panel, facilitators=["a"]).sentence()


def test_who_did_not_answer_is_counted():
    silent = network("ab", answered=np.array([True, False, False, True, True, True]))
    assert reach(silent, facilitators=["a"]).tidy()["n_not_answered"].unique().tolist() == [2]


def test_strangers_are_refused():
    with pytest.raises(ArgumentError, match="'C9'"):
        reach(CHAIN, facilitators=["C9"])
    with pytest.raises(ArgumentError, match="none"):
        reach(CHAIN, facilitators=[])
    with pytest.raises(ArgumentError, match="This is no network"):
        reach(pd.DataFrame(), facilitators=["a"])


def test_words():
    assert reach(CHAIN, facilitators=["a"]).sentence() == (
        "Of those who do not facilitate, 40% were in direct contact with a facilitator and 80% "
        "were linked to one by some path."
    )


def test_steps_are_those_of_igraph(reference):
    # apply(distances(graph, v = c("a", "b"), mode = ...), 2, min)
    replies = reference("input_replies")
    ties = [sender + receiver for sender, receiver in replies.to_numpy()]
    found = reach(network(*ties, people="abcdefghijklmnopqrstuvwxyz"), facilitators=["a", "b"])
    theirs = reference("expected_steps").set_index("person_id")
    ours = found.people.set_index("person_id")[list(theirs)]
    pd.testing.assert_frame_equal(ours.loc[theirs.index].astype(float), theirs.astype(float))
