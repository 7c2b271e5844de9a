"""What cannot be had is nan with its reason; columns are defined; sentences count right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from whole_networks import network_of, of_arcs, undirected, values

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks import cohesion
from cvln_eval.networks.cohesion import (
    components,
    degree_distribution,
    density,
    distances,
    dyad_census,
    isolates,
    krackhardt,
    reciprocity,
    structure,
    transitivity,
    triad_census,
)
from cvln_eval.networks.cohesion.conventions import MEASURES
from cvln_eval.networks.panel import Network, network_panel, panel_of

FUNCTIONS = (
    components, degree_distribution, density, distances, dyad_census, isolates, krackhardt,
    reciprocity, structure, transitivity, triad_census,
)  # fmt: skip
FULL = of_arcs("ab ba bc ac cd", "abcde")
NOBODY = network_of(np.zeros((3, 3)), [False] * 3)
EMPTY = network_of(np.zeros((4, 4)))
NO_PEOPLE = network_of(np.zeros((0, 0)))
ONE = network_of(np.zeros((1, 1)))
ONE_ANSWER = of_arcs("ab ac", "abc", silent="bc")


def reasons(network):
    table = structure(network).tidy().set_index("measure")
    assert ((table["reason"] == "") == table["value"].notna()).all()
    assert not np.isinf(table["value"]).any()
    return table["reason"]


def test_all_public_functions_are_tried_here():
    named = {function.__name__ for function in FUNCTIONS}
    assert named == {name for name in cohesion.__all__ if name[0].islower()}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "network",
    [FULL, NOBODY, EMPTY, NO_PEOPLE, ONE, ONE_ANSWER, undirected(EMPTY), undirected(NO_PEOPLE)],
)
def test_every_result_prints_and_its_columns_are_defined(function, network):
    result = function(network)
    frames = [result.tidy(), result.glance()]
    frames += [getattr(result, name)() for name in ("persons", "summary") if hasattr(result, name)]
    assert {str(name) for frame in frames for name in frame} - set(glossary()["column"]) == set()
    assert len(result.glance()) == 1
    assert result.tidy().columns[:2].tolist() == ["wave", "relation"]
    assert result.sentence() in repr(result)
    assert "nan" not in result.sentence()
    assert result.sentence().endswith(".")
    assert repr(result) == repr(function(network))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_table_is_no_network(function):
    with pytest.raises(ArgumentError, match=r"no network(.|\n)*type DataFrame"):
        function(pd.DataFrame({"sender_id": []}))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_panel_without_networks_has_no_rows(function):
    none = pd.DataFrame(columns=["wave", "relation", "sender_id", "receiver_id", "strength"])
    memberships = pd.DataFrame({"wave": ["1"], "person_id": ["a"], "team_id": ["x"]})
    result = function(network_panel(none, memberships))
    assert len(result.tidy()) == 0
    assert result.sentence() == "There are no networks."
    assert result.glance()["reason"].item() != ""
    assert "value" in result.tidy()


def test_nobody_and_no_answers_leave_nothing_to_say():
    assert set(reasons(NOBODY)) == {"nobody answered"}
    assert set(reasons(NO_PEOPLE)) == {"there are no people"}
    found = degree_distribution(NOBODY).tidy()
    assert found["n_persons"].tolist() == [0] * 4
    assert set(found["reason"]) == {"nobody answered"}
    assert density(NOBODY).sentence() == (
        "The network of advice in wave 1 had density not available (nobody answered); "
        "3 of 3 people did not answer."
    )


def test_a_network_without_ties_has_noughts_and_reasons():
    found, why = values(structure(EMPTY)), reasons(EMPTY)
    noughts = ["density", "share_reachable", "global_efficiency", "krackhardt_connectedness"]
    assert [found[name] for name in noughts] == [0] * 4
    assert (found["symmetry"], found["isolates"], found["weak_components"]) == (1, 4, 4)
    assert (found["triads_003"], found["triads_012"]) == (4, 0)
    assert why[why != ""].to_dict() == {
        "reciprocity_arcs": "no arc among people who answered",
        "reciprocity_dyads": "no arc among people who answered",
        "transitivity": "no path of two arcs among people who answered",
        "clustering": "no path of two ties among people who answered",
        "mean_distance": "nobody reaches anybody",
        "diameter": "nobody reaches anybody",
        "krackhardt_hierarchy": "nobody reaches anybody",
        "krackhardt_efficiency": "no weak component could have superfluous ties",
        "krackhardt_lubness": "no weak component of three people",
    }


def test_one_person_has_no_pairs():
    found, why = values(structure(ONE)), reasons(ONE)
    assert (found["isolates"], found["weak_components"], found["out_degree_mean"]) == (1, 1, 0)
    assert why["density"] == "no pair could be answered"
    assert why["symmetry"] == "fewer than two people answered"
    assert why["share_reachable"] == why["krackhardt_connectedness"] == "fewer than two people"
    assert why["out_degree_sd"] == "fewer than two such people"


def test_one_answer_tells_arcs_but_no_dyads():
    found, why = values(structure(ONE_ANSWER)), reasons(ONE_ANSWER)
    assert (found["density"], found["out_degree_mean"], found["dyads_not_known"]) == (1, 2, 3)
    assert why["symmetry"] == "fewer than two people answered"
    assert (found["mean_distance"], found["named_by_nobody"]) == (1, 1)


def test_all_people_tied_to_all():
    found = values(structure(network_of(np.ones((5, 5)))))
    ones = ["density", "reciprocity_arcs", "transitivity", "clustering", "mean_distance"]
    assert [found[name] for name in ones] == [1] * 5
    assert (found["triads_300"], found["diameter"], found["out_degree_sd"]) == (10, 1, 0)
    assert (found["krackhardt_hierarchy"], found["krackhardt_efficiency"]) == (0, 0)


def test_strengths_that_are_all_missing_have_no_mean():
    network = replace(FULL, strength=np.full(FULL.n_ties, np.nan))
    found = values(structure(network))
    assert found["density"] == 5 / 20
    # 15 pairs are known not to be tied
    assert found["valued_density"] == 0
    complete = network_of(np.ones((3, 3)))
    why = reasons(replace(complete, strength=np.full(6, np.nan)))
    assert why["valued_density"] == "no pair with a known strength"
    assert why["out_strength_mean"] == "no person whose ties all have a strength"


def test_measures_of_direction_need_one():
    why = reasons(undirected(of_arcs("ab bc", "abc")))
    named = ["reciprocity_arcs", "reciprocity_dyads", "symmetry", "krackhardt_hierarchy"]
    named += ["krackhardt_lubness"]
    assert set(why[named]) == {"ties have no direction"}
    assert set(why.drop(named)) == {""}


def test_undirected_networks_have_mutual_dyads():
    assert list(values(dyad_census(undirected(of_arcs("ab bc", "abc")))).values()) == [2, 0, 1, 0]


def test_every_measure_is_defined_and_every_definition_used():
    used = {*structure(FULL).tidy()["measure"], *structure(undirected(EMPTY)).tidy()["measure"]}
    assert used == set(MEASURES)
    assert all(measure.words and measure.convention for measure in MEASURES.values())
    assert all(measure.none for measure in MEASURES.values() if measure.cases)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_the_rows_of_the_structure(function):
    rows, whole = function(FULL).tidy(), structure(FULL).tidy()
    if function is degree_distribution:
        return
    part = whole[whole["measure"].isin(rows["measure"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, part)


def test_people_who_did_not_answer_are_counted_everywhere():
    silent = of_arcs("ab ba bc", "abcd", silent="cd")
    table = structure(silent).tidy()
    assert set(table["n_not_answered"]) == {2}
    assert set(table["n"]) == {4}
    said = table.set_index("measure")["convention"]
    assert said["mean_distance"].endswith("whoever did not answer is taken to have named nobody")
    assert said["transitivity"].endswith("among people who answered")


def test_sentences_of_one_network():
    assert density(FULL).sentence() == (
        "The network of advice in wave 1 had density 0.25 (5 / 20 pairs)."
    )
    assert isolates(FULL).sentence() == "The network of advice in wave 1 had 1 isolate."
    assert components(replace(FULL, wave="")).sentence() == (
        "The network of advice had 2 weak components, share of people in the largest weak "
        "component 0.80 (4 / 5 people) and 4 strong components."
    )
    assert dyad_census(FULL).sentence() == (
        "The network of advice in wave 1 had 1 mutual dyad, 3 asymmetric dyads and 6 null dyads."
    )
    one = degree_distribution(ONE).sentence()
    assert one == (
        "In the network of advice in wave 1, 1 person named 0.00 others on average; "
        "1 person was named by 0.00 others on average."
    )


def test_sentences_of_several_networks():
    later = replace(of_arcs("ab", "abc"), wave="2")
    panel = panel_of([FULL, later, replace(NOBODY, wave="3")])
    assert density(panel).sentence() == (
        "Over 3 networks, density ran from 0.17 (advice in 2) to 0.25 (advice in 1) "
        "(not available in 1 network)."
    )
    assert isolates(panel.only(waves=["1", "2"])).sentence() == (
        "Over 2 networks, the number of isolates was 1 throughout."
    )
    assert transitivity(panel.only(waves=["2", "3"])).sentence() == (
        "Over 2 networks, transitivity was not available and global clustering was not available."
    )
    # 1/3 in wave 2, 5/5 in wave 1
    assert degree_distribution(panel).sentence() == (
        "Over 3 networks, mean degree ran from 0.33 to 1.00."
    )
    assert structure(panel).glance()["n_networks"].item() == 3


def test_small_numbers_keep_their_digits():
    matrix = np.zeros((30, 30))
    matrix[0, 1] = 1
    assert "density 0.001 (1 / 870 pairs)" in density(network_of(matrix)).sentence()
    matrix[1:, 0] = 1
    assert "density 0.034 (30 / 870 pairs)" in density(network_of(matrix)).sentence()


def test_counts_that_cannot_be_had_are_named_as_counts():
    nobody = Network(
        "1",
        "advice",
        pd.DataFrame({"person_id": pd.Series([], dtype="str")}),
        *(np.empty(0, dtype=int) for _ in range(2)),
        np.empty(0),
        np.empty(0, dtype=bool),
    )
    assert isolates(nobody).sentence() == (
        "The network of advice in wave 1 had the number of isolates not available (there are no "
        "people)."
    )
