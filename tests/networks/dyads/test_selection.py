"""Ties that form and ties that are kept, each over the pairs that are at risk of it."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, newton, people_of, score, some_ties, t_values
from scipy.special import expit

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.dyads import (
    difference,
    lagged,
    logistic_qap,
    mrqap,
    receiver,
    same,
    selection,
    tie,
)
from cvln_eval.networks.panel import panel_of

ROUNDING = 1e-8


@pytest.fixture
def five():
    """Two waves of five people, with a tenure."""
    rng = np.random.default_rng(17)
    people = people_of(5, rng, (2, 3))
    return panel_of(
        [network_of(some_ties(5, rng, 0.5), people=people, wave=wave) for wave in ("1", "2")]
    )


def matrices(panel):
    """Return who was tied in each wave, and who is of one team."""
    team = panel.networks[0].people["team_id"].to_numpy()
    ties = [np.nan_to_num(network.matrix(valued=False)) for network in panel]
    return *ties, (team[:, None] == team).astype(float)


def test_odds_by_hand():
    # Teams x: a, b; y: c, d. Before a-b, b-c, d-a; after a-b, b-a, c-d, d-b.
    # Without a tie before, of one team: b-a, c-d, d-c, two form; of two: six, d-b forms.
    # Odds 2 and 1/5: their ratio is 10. Kept: a-b of one team, neither b-c nor d-a of two.
    before, after = np.zeros((2, 4, 4))
    before[[0, 1, 3], [1, 2, 0]] = [3, 1, 2]
    after[[0, 1, 2, 3], [1, 0, 3, 1]] = 1
    people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    waves = [network_of(before, people=people), network_of(after, people=people, wave="2")]
    found = selection(panel_of(waves), relation="advice", terms=[same("team_id")])
    formed, kept = (rows for _, rows in found.tidy().groupby("process"))
    assert formed["odds_ratio"].iloc[1] == pytest.approx(10)
    assert formed[["n_ties", "n_dyads"]].iloc[1].tolist() == [3, 9]
    assert kept[["n_ties", "n_dyads"]].iloc[1].tolist() == [1, 3]
    assert "no estimate has a bound" in kept["reason"].iloc[1]
    assert found.fits()["n_dyads_left_out"].tolist() == [0, 0]
    linear = selection(panel_of(waves), relation="advice", terms=[same("team_id")], method="dsp")
    # 2/3 against 1/6 form, 1 against 0 of 2 are kept.
    assert linear.tidy()["estimate"].tolist() == pytest.approx([1 / 6, 1 / 2, 0, 1])


def test_labels_and_columns_say_wave_process_and_pairs(nine):
    found = selection(
        nine, relation="advice", terms=[same("team_id"), tie("advice", reverse=True)], n_draws=9
    )
    table = found.tidy()
    assert table.columns[:4].tolist() == ["wave", "relation", "process", "term"]
    labels = ["intercept", "same team_id (1)", "reciprocal advice (1)"]
    assert table["term"].tolist() == 2 * labels
    assert table["process"].tolist() == ["formation"] * 3 + ["persistence"] * 3
    assert (table["wave"] == "2").all()
    said = table.loc[table["term"] == labels[1]].set_index("process")
    assert said.loc["formation", "null_hypothesis"].endswith(
        "nothing to do with whether a tie forms"
    )
    assert said.loc["persistence", "method"].endswith("pairs with a tie in the wave before")
    assert found.fits()["n_dyads"].sum() == 72
    assert found.null_distribution().groupby(["process", "term"]).size().tolist() == [9] * 4
    assert found.sentence().startswith("Logistic QAP of formation of advice, 2 on ")
    assert " Logistic QAP of persistence of advice, 2 on " in found.sentence()
    assert found.glance()["n_networks"].item() == 2


@pytest.mark.parametrize("process", ["formation", "persistence"])
def test_the_score_test_moves_the_term_from_everywhere(five, process):
    """All 120 orders, the residual of the term being what it is also where no pair is at risk."""
    before, after, team = matrices(five)
    found = selection(
        five, relation="advice", terms={"team": team, "back": tie("advice", reverse=True)}
    )
    risk = ~np.eye(5, dtype=bool) & (before == (process == "persistence"))
    back = np.nan_to_num(five.networks[0].matrix()).T
    x, y = np.column_stack([np.ones(risk.sum()), back[risk]]), after[risk]
    slope = np.linalg.lstsq(x, team[risk], rcond=None)[0]
    residual = team - slope[0] - slope[1] * back
    np.fill_diagonal(residual, 0)
    expected = [
        score(residual[np.ix_(order, order)][risk], x, y)
        for order in map(list, permutations(range(5)))
    ]
    draws = found.null_distribution().query("process == @process and term == 'team'")["statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)


def test_least_squares_moves_the_term_from_everywhere(five):
    before, after, team = matrices(five)
    years = five.networks[0].people["tenure_years"].to_numpy()
    far = np.abs(years[:, None] - years)
    found = selection(
        five, relation="advice", terms=[same("team_id"), difference("tenure_years")], method="dsp"
    )
    risk = ~np.eye(5, dtype=bool) & (before == 0)
    x = np.column_stack([np.ones(risk.sum()), far[risk]])
    slope = np.linalg.lstsq(x, team[risk], rcond=None)[0]
    residual = team - slope[0] - slope[1] * far
    np.fill_diagonal(residual, 0)
    expected = [
        t_values(after[risk], [far[risk], residual[np.ix_(order, order)][risk]])[1][-1]
        for order in map(list, permutations(range(5)))
    ]
    drawn = found.null_distribution().query("process == 'formation'")
    draws = drawn.loc[drawn["term"] == "same team_id (1)", "statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    row = found.tidy().iloc[1]
    assert row["statistic"] == pytest.approx(t_values(after[risk], [far[risk], team[risk]])[1][-1])


def test_estimates_are_newtons_over_pairs_known_in_both_waves():
    """Joiners, leavers and people silent in either wave are in no pair at risk."""
    rng = np.random.default_rng(31)
    before, after = people_of(14, rng), people_of(14, rng)
    after["person_id"] = [f"p{place:02}" for place in range(2, 16)]
    silent = np.ones((2, 14), dtype=bool)
    silent[0, 5], silent[1, 7] = False, False
    ties = [some_ties(14, rng, 0.4) * told[:, None] for told in silent]
    panel = panel_of(
        [
            network_of(ties[0], people=before, answered=silent[0]),
            network_of(ties[1], people=after, wave="2", answered=silent[1]),
        ]
    )
    found = selection(panel, relation="advice", terms=[difference("tenure_years")], n_draws=9)
    y0, y1 = ties[0][2:, 2:] > 0, ties[1][:12, :12] > 0
    known = ~np.eye(12, dtype=bool) & silent[0][2:, None] & silent[1][:12, None]
    years = before["tenure_years"].to_numpy()[2:]
    far = np.abs(years[:, None] - years)
    tables = [dict(list(table.groupby("process"))) for table in (found.tidy(), found.fits())]
    for process, state in (("formation", False), ("persistence", True)):
        risk = known & (y0 == state)
        x = np.column_stack([np.ones(risk.sum()), far[risk]])
        rows = tables[0][process]
        np.testing.assert_allclose(rows["estimate"], newton(x, y1[risk].astype(float)), atol=1e-6)
        whole = tables[1][process].iloc[0]
        # Of the 14 x 13 pairs of the later wave, those that are known to be of the other state
        # before are not at risk, whatever they became; all others that do not count are left out.
        other = ~np.eye(12, dtype=bool) & silent[0][2:, None] & (y0 != state)
        assert whole["n_dyads"] == risk.sum()
        assert whole["n_dyads_left_out"] == 14 * 13 - other.sum() - risk.sum()


def test_where_all_pairs_are_at_risk_it_is_the_regression_without_risk():
    rng = np.random.default_rng(33)
    people = people_of(8, rng, (3, 5))
    none = network_of(np.zeros((8, 8)), people=people)
    later = network_of(some_ties(8, rng), people=people, wave="2")
    found = selection(panel_of([none, later]), relation="advice", terms=same("team_id"), n_draws=99)
    plain = logistic_qap(later, terms=same("team_id"), n_draws=99)
    columns = ["estimate", "statistic", "p_value", "std_error", "conf_low"]
    formed = found.tidy().iloc[:2]
    np.testing.assert_allclose(formed[columns], plain.tidy()[columns], rtol=1e-9)
    kept = found.fits().iloc[1]
    assert (kept["process"], kept["n_dyads"], kept["n_dyads_left_out"]) == ("persistence", 0, 0)
    assert kept["reason"] == "outcome and terms are known of 0 pairs, where 3 are needed"


def test_undirected_pairs_count_once():
    rng = np.random.default_rng(34)
    people = people_of(8, rng, (3, 5))
    ties = [np.maximum(one, one.T) for one in (some_ties(8, rng), some_ties(8, rng))]
    waves = [
        network_of(one, people=people, wave=wave, directed=False)
        for wave, one in zip("12", ties, strict=True)
    ]
    found = selection(panel_of(waves), relation="advice", terms=same("team_id"), n_draws=9)
    assert found.fits()["n_dyads"].tolist() == [
        28 - np.count_nonzero(np.triu(ties[0])),
        np.count_nonzero(np.triu(ties[0])),
    ]
    assert found.fits()["n_dyads_left_out"].tolist() == [0, 0]
    with pytest.raises(ArgumentError, match="no tie back"):
        selection(panel_of(waves), relation="advice", terms=tie("advice", reverse=True))


def test_pooled_waves_are_one_regression_a_process():
    rng = np.random.default_rng(35)
    people = people_of(12, rng, (5, 7))
    panel = panel_of([network_of(some_ties(12, rng), people=people, wave=wave) for wave in "123"])
    apart = selection(panel, relation="advice", terms=same("team_id"), n_draws=9)
    found = selection(panel, relation="advice", terms=same("team_id"), n_draws=9, pooled=True)
    assert apart.fits()[["wave", "process"]].to_numpy().tolist() == [
        ["2", "formation"],
        ["2", "persistence"],
        ["3", "formation"],
        ["3", "persistence"],
    ]
    assert found.fits()["wave"].tolist() == ["2 + 3"] * 2
    assert found.tidy()["term"].tolist()[-1] == "same team_id (1, 2)"
    sums = apart.fits().groupby("process")["n_dyads"].sum()
    assert found.fits().set_index("process")["n_dyads"].to_dict() == sums.to_dict()


def chosen(seed, effect):
    """Return two waves: kind mattered before, and makes ties form and last by these logits."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, 36)
    people = people_of(36, rng, (4, 6, 7, 9, 10)).assign(kind=np.where(kind, "k", "l"))
    alike = kind[:, None] == kind
    active = rng.normal(0, 0.5, 36)[:, None] + rng.normal(0, 0.5, 36)
    first = rng.random((36, 36)) < expit(-2 + 1.2 * alike + active)
    logit = np.where(first, 0.3 + 0.5 * active, -2.2 + active) + 0.8 * first.T
    second = rng.random((36, 36)) < expit(logit + np.where(first, effect[1], effect[0]) * alike)
    waves = []
    for wave, ties in (("1", first), ("2", second)):
        np.fill_diagonal(ties, False)
        waves.append(network_of(ties, people=people, wave=wave))
    terms = [same("kind"), tie("advice", reverse=True)]
    found = selection(panel_of(waves), relation="advice", terms=terms, n_draws=99, rng=seed).tidy()
    return found[~found["is_intercept"]]


def test_true_selection_is_found_in_the_process_that_has_it():
    rows = pd.concat([chosen(seed, (1.2, 0.0)) for seed in range(25)])
    mean = rows.groupby(["process", "term"])["estimate"].mean()
    # Each estimate errs by about .2 (formation) and .35; four standard errors of a mean of 25.
    assert mean["formation", "same kind (1)"] == pytest.approx(1.2, abs=0.2)
    assert mean["persistence", "same kind (1)"] == pytest.approx(0, abs=0.28)
    assert mean["formation", "reciprocal advice (1)"] == pytest.approx(0.8, abs=0.25)
    own = rows[rows["term"] == "same kind (1)"].set_index("process")
    assert (own.loc["formation", "p_value"] == 0.01).mean() > 0.9
    assert (own.loc["persistence", "p_value"] <= 0.1).sum() <= 7


def test_likeness_that_mattered_before_and_no_more_is_found_no_more_often_than_the_level():
    rows = pd.concat([chosen(100 + seed, (0.0, 0.0)) for seed in range(40)])
    p = rows[rows["term"] == "same kind (1)"].groupby("process")["p_value"]
    # At a level of .1, 4 of 40 with a standard error of 1.9: within 3 of them.
    assert p.apply(lambda of: (of <= 0.1).sum()).max() <= 9


def test_the_tie_back_is_a_term_of_other_regressions_too(nine):
    one = nine.network(wave="1", relation="trust")
    options = {"wave": "1", "relation": "advice", "n_draws": 49}
    found = mrqap(nine, terms=[tie("trust", reverse=True)], **options).tidy()
    given = mrqap(nine, terms={"back": one.matrix().T}, **options).tidy()
    assert found["term"].tolist()[1] == "reciprocal trust (1)"
    pd.testing.assert_frame_equal(
        found.drop(columns=["term", "null_hypothesis"]),
        given.drop(columns=["term", "null_hypothesis"]),
    )
    both = lagged(nine, relation="advice", terms=[tie("advice", reverse=True)], n_draws=9)
    assert both.tidy()["term"].tolist() == ["intercept", "advice (1)", "reciprocal advice (1)"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"relation": "trust", "terms": same("team_id")}, "two waves"),
        ({"relation": "advice", "terms": []}, "needs terms"),
        ({"relation": "advice", "terms": same("team_id", wave="2")}, "of 2"),
        ({"relation": "advice", "terms": tie("trust", wave="2", reverse=True)}, "of 2"),
        ({"relation": "advice", "terms": same("team_id"), "method": "y"}, "'y'"),
        ({"relation": "advice", "terms": same("team_id"), "n_draws": 0}, "0"),
        ({"relation": "advice", "terms": receiver("team_id")}, "'t0'"),
    ],
)
def test_what_cannot_be_meant_is_refused(nine, options, match):
    with pytest.raises(ArgumentError, match=match):
        selection(nine, **options)
