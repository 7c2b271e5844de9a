"""What cannot be had is nan with a reason, and what is no question is an error."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import network_panel, panel_of
from cvln_eval.networks.persons import (
    exposure,
    influence,
    influence_over_waves,
    p1,
    permutation_anova,
    permutation_regression,
    permutation_t,
)

IDS = list("abcdef")
PEOPLE = {
    "person_id": IDS,
    "level": list("xxxyyy"),
    "trust": [1.0, 2, 4, 3, 5, 6],
    "tenure": [3.0, 1, 2, 2, 5, 1],
}
TIES = ["ab", "ba", "bc", "cd", "de", "ef", "fa", "ac"]
NOBODY = {
    name: np.array([], dtype=float if name in ("trust", "tenure") else object) for name in PEOPLE
}


def everything(network):
    yield permutation_t(network, outcome="trust", by="level")
    yield permutation_anova(network, outcome="trust", by="level")
    yield permutation_regression(network, outcome="trust", terms=["tenure", "level"])
    yield p1(network)
    yield influence(network, outcome="trust", terms="tenure")


def reasons(network):
    """Return the reason of each result without an estimate or test."""
    said = []
    for result in everything(network):
        table = result.tidy()
        column = "p_value" if "term" in table and "p_value" in table else "estimate"
        assert result.sentence()
        assert len(result.glance()) == 1
        bare = table[table[column].isna() & ~table["reason"].str.contains("a part|an exchange")]
        said.append(bare["reason"].iloc[0] if len(bare) else "")
    return said


def test_nobody_is_a_reason(made):
    said = reasons(made(NOBODY))
    assert said == [
        "of nobody are outcome, group and block known",
        "of nobody are outcome, group and block known",
        "of nobody are all values known",
        "nobody answered",
        "of nobody are all values known",
    ]


def test_one_person_is_a_reason(made):
    said = reasons(made({name: values[:1] for name, values in PEOPLE.items()}))
    assert said[:2] == ["there is one group"] * 2
    assert said[2] == "the terms determine each other, or one of them is constant"
    assert said[3] == "no arc is open: everybody names all or nobody"
    assert said[4] == "there are no more people than parameters"


def test_a_network_without_ties_is_a_reason_for_what_needs_ties(made):
    said = reasons(made(PEOPLE))
    assert said[3] == "no arc is open: everybody names all or nobody"
    assert said[4] == "nobody names anybody whose values are known"
    row = permutation_t(made(PEOPLE), outcome="out_degree", by="level").tidy().iloc[0]
    assert (row["estimate"], row["reason"]) == (0, "all have the same outcome")
    assert np.isnan(row["p_value"])


def test_one_respondent_has_nothing_to_compare(made):
    network = made(PEOPLE, ["ab", "ac"], answered="a")
    row = permutation_t(network, outcome="out_degree", by="level").tidy().iloc[0]
    assert (row["n"], row["n_left_out"], row["reason"]) == (1, 5, "there is one group")
    fitted = p1(network).networks().iloc[0]
    assert (fitted["n"], fitted["n_left_out"]) == (1, 5)
    assert fitted["reason"] == "no arc is open: everybody names all or nobody"


def test_three_groups_are_not_two(made):
    people = {**PEOPLE, "level": list("xxyyzz")}
    row = permutation_t(made(people), outcome="trust", by="level").tidy().iloc[0]
    assert row["reason"] == "there are 3 groups, not 2"
    assert np.isnan(row["estimate"])


def test_groups_that_blocks_do_not_mix_are_not_compared(made):
    people = {**PEOPLE, "team_id": list("112233"), "level": list("xxyyyy")}
    network = made(people)
    for test in (permutation_t, permutation_anova):
        row = test(network, outcome="trust", by="level", blocks="team_id").tidy().iloc[0]
        assert row["reason"] == "groups are not compared within blocks"
        assert np.isnan(row["p_value"])
    rows = permutation_regression(network, outcome="trust", terms="level", blocks="team_id").tidy()
    assert set(rows["reason"]) == {"the terms determine each other, or one of them is constant"}


def test_terms_that_determine_each_other_are_told(made):
    people = {**PEOPLE, "months": [12 * value for value in PEOPLE["tenure"]]}
    for made_by in (permutation_regression, influence):
        rows = made_by(made(people, TIES), outcome="trust", terms=["tenure", "months"]).tidy()
        bare = rows[rows["term"] != "Intercept"]
        assert set(bare["reason"]) <= {
            "the terms determine each other, or one of them is constant",
            "there are no more people than parameters",
        }
        assert bare["estimate"].isna().all()


def test_a_network_where_everybody_names_everybody_has_no_rho(made):
    every = [one + other for one in IDS for other in IDS if one != other]
    network = made(PEOPLE, every)
    said = influence(network, outcome="trust").tidy().iloc[0]["reason"]
    assert said == "the likelihood rises up to rho = -1"
    assert p1(network).tidy()["reason"].iloc[0] == "no arc is open: everybody names all or nobody"


def test_p1_without_mutual_or_without_single_pairs_has_no_rho(made):
    ring = [IDS[i] + IDS[(i + 1) % 6] for i in range(6)]
    assert p1(made(PEOPLE, ring)).tidy()["reason"][0] == "no pair that could be mutual is"
    both = ring + [tie[::-1] for tie in ring]
    said = p1(made(PEOPLE, both)).tidy()["reason"][0]
    assert said == "every pair that could be mutual is mutual or empty"


def test_strengths_without_a_value_count_as_one(made):
    unknown = [("a", "b", np.nan), ("b", "c", np.nan), ("c", "a", 1.0), ("d", "a", np.nan)]
    equal = [(one, other, 1.0) for one, other, _ in unknown]
    tables = [influence(made(PEOPLE, ties), outcome="trust").tidy() for ties in (unknown, equal)]
    pd.testing.assert_frame_equal(*tables)


def test_who_is_not_known_is_left_out_and_counted(made):
    people = {
        **PEOPLE,
        "trust": [1.0, np.nan, 4, 3, 5, 6],
        "level": ["x", "x", "x", "y", "y", None],
    }
    network = made(people, TIES, answered="abcde")
    counts = [one.tidy()[["n", "n_left_out"]].iloc[0].tolist() for one in everything(network)]
    assert counts == [[4, 2], [4, 2], [4, 2], [5, 1], [4, 2]]


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda n: permutation_t(n, outcome="shoe", by="level"), "'shoe'"),
        (lambda n: permutation_t(n, outcome="level", by="level"), "Values of level"),
        (lambda n: permutation_t(n, outcome="trust", by="shoe"), "'shoe'"),
        (lambda n: permutation_t(n, outcome="trust", by="level", blocks="shoe"), "'shoe'"),
        (lambda n: permutation_t(n, outcome="trust", by="level", n_draws=0), "Draws are counted"),
        (lambda n: permutation_anova(n, outcome="trust"), "'team_id'"),
        (lambda n: permutation_t(n, outcome=["trust"], by="level"), r"\['trust'\]"),
        (lambda n: permutation_t(n, outcome="trust", by=["level"]), r"\['level'\]"),
        (lambda n: permutation_regression(n, outcome="trust", terms=5), "terms= takes names"),
        (lambda n: influence(n, outcome="trust", terms=5), "terms= takes names"),
        (lambda n: permutation_regression(n, outcome="trust", terms=()), "needs terms"),
        (lambda n: permutation_regression(n, outcome="trust", terms=["a", "a"]), "each once"),
        (lambda n: permutation_regression(n, outcome="trust", terms="trust"), "among the terms"),
        (
            lambda n: permutation_regression(n, outcome="trust", terms="tenure", method="dsp"),
            "'dsp'",
        ),
        (lambda n: influence(n, outcome="trust", model="error"), "'error'"),
        (lambda n: influence(n, outcome="trust", terms="trust"), "among the terms"),
        (lambda n: influence(n, outcome="trust", conf_level=95), "confidence level"),
        (lambda n: p1(n, conf_level=1.0), "confidence level"),
        (lambda n: exposure(n, outcome="trust"), "needs a panel"),
        (lambda n: p1("advice"), "no network"),
    ],
)
def test_what_is_no_question_is_an_error(made, call, match):
    with pytest.raises(ArgumentError, match=match):
        call(made(PEOPLE, TIES))


def test_p1_is_of_directed_networks(made):
    with pytest.raises(ArgumentError, match="undirected 'advice'"):
        p1(made(PEOPLE, ["ab"], directed=False, rule="either"))


def small_panel(**given):
    waves = [pd.DataFrame({**PEOPLE, "wave": wave, "team_id": list("112233")}) for wave in "12"]
    waves[1]["trust"] = given.get("after", waves[1]["trust"])
    ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": list("abcdef"),
                         "receiver_id": list("bcdefa"), "strength": 1.0})  # fmt: skip
    return network_panel(ties, pd.concat(waves, ignore_index=True))


def test_change_needs_waves_an_outcome_and_somebody_who_changed():
    panel = small_panel()
    with pytest.raises(ArgumentError, match="two waves"):
        exposure(panel.only(waves=["1"]), outcome="trust")
    with pytest.raises(ArgumentError, match="'shoe'"):
        influence_over_waves(panel, outcome="shoe")
    rows = influence_over_waves(panel, outcome="trust")
    assert set(rows.tidy()["reason"]) == {"nobody changed"}
    assert "no slope (nobody changed)" in rows.sentence()


def test_a_slope_within_teams_needs_teams():
    waves = [pd.DataFrame({**PEOPLE, "wave": wave, "team_id": "1"}) for wave in "12"]
    ties = pd.DataFrame({"wave": ["1"], "relation": "advice", "sender_id": "a"})
    panel = network_panel(ties.assign(receiver_id="b"), pd.concat(waves, ignore_index=True))
    without = panel_of(
        replace(one, people=one.people.drop(columns="team_id"), wave=wave)
        for one in panel
        for wave in "12"
    )
    with pytest.raises(ArgumentError, match="The roster has no teams"):
        influence_over_waves(without, outcome="trust")


def test_a_sentence_says_no_more_than_what_was_regressed_on_what():
    said = influence_over_waves(small_panel(after=[2.0, 2, 5, 3, 4, 7]), outcome="trust").sentence()
    assert said.startswith(
        "From 1 to 2, change in trust of 6 people in 3 teams on the mean of those they turned to "
        "for advice: over all teams b = "
    )


def test_a_regression_without_an_error_has_no_f(made):
    exact = {**PEOPLE, "sum": np.array(PEOPLE["trust"]) + 0.1 * np.array(PEOPLE["tenure"])}
    rows = permutation_regression(made(exact), outcome="sum", terms=["trust", "tenure"]).tidy()
    model = rows.set_index("term").loc["model"]
    assert np.isnan(model["statistic"])
    assert model["r_squared"] == 1
    assert rows.set_index("term").loc["trust", "estimate"] == pytest.approx(1)


def test_teams_take_one_degree_of_freedom_each():
    panel = small_panel(after=[2.0, 2, 5, 3, 4, 7])
    rows = influence_over_waves(panel, outcome="trust").tidy()
    assert rows["estimate"].notna().all()
    # 6 people, 2 slopes, 3 teams; each team's two leave 2 x 2 x 2 arrangements.
    assert (rows["df"][1], rows["n_draws"][1]) == (1, 8)
    assert rows["n_clusters"].tolist() == [3, 3]


def test_every_column_is_in_the_glossary(made):
    network = made(PEOPLE, TIES)
    results = [*everything(network)]
    panel = small_panel(after=[2.0, 2, 5, 3, 4, 7])
    results += [exposure(panel, outcome="trust"), influence_over_waves(panel, outcome="trust")]
    frames = [frame for result in results for frame in (result.tidy(), result.glance())]
    frames += [
        p1(network).networks(),
        permutation_anova(network, outcome="trust", by="level").groups(),
    ]
    frames.append(influence(network, outcome="trust").fits)
    columns = {str(name) for frame in frames for name in frame.columns}
    assert columns - set(glossary()["column"]) == set()
    for result in results:
        assert result.sentence() in repr(result)
        if "relation" in result.tidy():
            assert list(result.tidy().columns[:2]) == ["wave", "relation"]
