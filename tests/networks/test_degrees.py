"""Laws of degree."""

import math

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.networks import degree_summary, degrees

# a -> b (4), a -> c (3), b -> a (1), c -> c (4), c -> x (4); d says and hears nothing.
EDGES = [("a", "b", 4.0), ("a", "c", 3.0), ("b", "a", 1.0), ("c", "c", 4.0), ("c", "x", 4.0)]
PEOPLE = pd.DataFrame({"person_id": list("abcd"), "level": ["site", "site", "office", None]})


def network(edges=EDGES, *, wave="1", relation="advice"):
    frame = pd.DataFrame(edges, columns=["sender_id", "receiver_id", "strength"])
    return frame.assign(wave=wave, relation=relation)


def counted(edges=EDGES, people=PEOPLE, **options):
    return degrees(network(edges), people, wave="1", relation="advice", **options)


def test_degrees_by_hand_with_isolates_at_zero():
    result = counted()
    assert result.people["out_degree"].tolist() == [2, 1, 0, 0]
    assert result.people["in_degree"].tolist() == [1, 1, 1, 0]
    assert (result.n_ties, result.n_self, result.n_outside) == (3, 0, 1)


def test_a_threshold_counts_strengths_from_it_upwards():
    assert counted(threshold=3).people["out_degree"].tolist() == [2, 0, 0, 0]
    assert counted(threshold=3.5).people["out_degree"].tolist() == [1, 0, 0, 0]


def test_a_tie_without_strength_counts_only_without_a_threshold():
    edges = [("a", "b", math.nan)]
    assert counted(edges).n_ties == 1
    assert counted(edges, threshold=0).n_ties == 0


def test_naming_oneself_counts_once_each_way_and_only_when_asked():
    result = counted(self_ties=True)
    assert result.people["out_degree"].tolist() == [2, 1, 1, 0]
    assert result.people["in_degree"].tolist() == [1, 1, 2, 0]
    assert result.n_self == 1


def test_ties_sent_are_ties_received_whatever_the_network():
    rng = np.random.default_rng(20091)
    ids = [f"p{i}" for i in range(12)]
    pairs = [(a, b, float(rng.integers(1, 5))) for a in ids for b in ids if rng.random() < 0.3]
    people = pd.DataFrame({"person_id": ids})
    for self_ties in (False, True):
        result = counted(pairs, people, threshold=2, self_ties=self_ties)
        assert result.people["out_degree"].sum() == result.people["in_degree"].sum()
        assert result.people["out_degree"].sum() == result.n_ties


def test_relabelling_people_and_reordering_rows_changes_nothing():
    new = dict(zip("abcdx", "zywvu", strict=True))
    edges = [(new[s], new[r], w) for s, r, w in reversed(EDGES)]
    people = PEOPLE.assign(person_id=PEOPLE["person_id"].map(new)).iloc[::-1]
    other = counted(edges, people, self_ties=True).people.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        other.drop(columns="person_id"),
        counted(self_ties=True).people.drop(columns="person_id"),
    )


def test_reversing_every_tie_swaps_in_and_out():
    swapped = counted([(r, s, w) for s, r, w in EDGES]).people
    plain = counted().people
    assert swapped["out_degree"].tolist() == plain["in_degree"].tolist()
    assert swapped["in_degree"].tolist() == plain["out_degree"].tolist()


def test_other_waves_and_relations_do_not_count():
    ties = pd.concat([network(), network(wave="2"), network(relation="friendship")])
    assert degrees(ties, PEOPLE, wave="1", relation="advice").n_ties == 3


def test_the_summary_by_hand():
    # Out-degrees 2 and 1 (site), 0 (office), 0 (no level): their mean is 3/4, and the squares
    # around it sum to 25/16 + 1/16 + 9/16 + 9/16 = 11/4.
    table = degree_summary(counted(), by="level").tidy().set_index(["direction", "group"])
    assert table.loc[("out_degree", "all"), "mean"] == 0.75
    assert table.loc[("out_degree", "all"), "sd"] == pytest.approx(math.sqrt(11 / 4 / 3))
    assert table.loc[("out_degree", "site"), ["n", "mean"]].tolist() == [2, 1.5]
    assert table.loc[("in_degree", "site"), "sd"] == 0.0
    assert table["n"].xs("out_degree").to_dict() == {
        "office": 1,
        "site": 2,
        "not known": 1,
        "all": 4,
    }
    assert table["by"].xs("out_degree").tolist() == ["level", "level", "level", "all"]
    population = degree_summary(counted(), ddof=0).tidy()
    assert population["sd"].iloc[0] == pytest.approx(math.sqrt(11 / 4 / 4))
    assert population["ddof"].unique().tolist() == [0]


def test_of_one_person_the_spread_and_of_nobody_even_the_mean_is_not_available():
    one = degree_summary(counted(), by="level").tidy().query("group == 'office'").iloc[0]
    assert (one["n"], one["mean"], one["reason"]) == (1, 0.0, "one person")
    assert math.isnan(one["sd"])
    nobody = degree_summary(counted(people=PEOPLE.iloc[:0]))
    assert nobody.tidy()["mean"].isna().all()
    assert nobody.tidy()["reason"].unique().tolist() == ["no people"]
    assert "not available" in nobody.sentence()


def test_no_ties_at_all_is_a_network_of_isolates():
    result = counted([])
    assert result.people[["out_degree", "in_degree"]].to_numpy().sum() == 0
    assert result.sentence() == (
        "In wave 1, 4 people sent 0 ties of advice; 4 neither sent nor received one."
    )


def test_sentences_and_glances_say_what_was_counted():
    result = counted(threshold=3, self_ties=True)
    assert result.sentence() == (
        "In wave 1, 4 people sent 3 ties of strength 3 or more of advice, 1 of them to oneself; "
        "1 neither sent nor received one."
    )
    glance = result.glance().iloc[0]
    assert (glance["n"], glance["n_ties"], glance["n_self"], glance["n_outside"]) == (4, 3, 1, 1)
    assert "not in the table" in glance["reason"]
    summary = degree_summary(result)
    assert summary.sentence().startswith("In wave 1, 4 people sent (M = 0.75, SD = 0.96)")
    assert summary.glance().iloc[0]["mean_degree"] == 0.75


def test_unknown_networks_groups_and_repeated_people_are_refused():
    with pytest.raises(ArgumentError, match=r"No tie has this relation(.|\n)*'trust'"):
        degrees(network(), PEOPLE, wave="1", relation="trust")
    with pytest.raises(ArgumentError, match=r"No tie has this wave(.|\n)*'9'"):
        degrees(network(), PEOPLE, wave="9", relation="advice")
    with pytest.raises(ArgumentError, match=r"lists a person twice(.|\n)*'a'"):
        degrees(network(), pd.concat([PEOPLE, PEOPLE]), wave="1", relation="advice")
    with pytest.raises(ArgumentError, match=r"group by(.|\n)*'sex'"):
        degree_summary(counted(), by="sex")
    with pytest.raises(ArgumentError, match=r"ddof 1 or 0(.|\n)*2"):
        degree_summary(counted(), ddof=2)
