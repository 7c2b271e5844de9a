"""What comes before explains what comes after, and never the other way round."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, people_of, some_ties

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.dyads import lagged, logistic_qap, mrqap, same, tie
from cvln_eval.networks.panel import panel_of


def test_labels_carry_the_wave_before(nine):
    found = lagged(nine, relation="advice", terms=["trust", same("team_id")], n_draws=9)
    assert found.tidy()[["wave", "term"]].values.tolist() == [
        ["2", "intercept"],
        ["2", "advice (1)"],
        ["2", "trust (1)"],
        ["2", "same team_id (1)"],
    ]


@pytest.mark.parametrize("method", ["dsp", "y", "logistic"])
def test_it_is_the_regression_with_the_waves_written_out(nine, method):
    terms = [tie("advice", wave="1"), tie("trust", wave="1")]
    options = {"wave": "2", "relation": "advice", "terms": terms, "n_draws": 49}
    if method == "logistic":
        expected = logistic_qap(nine, **options)
    else:
        expected = mrqap(nine, method=method, **options)
    found = lagged(nine, relation="advice", terms=["trust"], method=method, n_draws=49)
    pd.testing.assert_frame_equal(found.tidy(), expected.tidy())


def test_own_ties_named_again_are_one_term(nine):
    found = lagged(nine, relation="advice", terms="advice", n_draws=9)
    assert found.tidy()["term"].tolist() == ["intercept", "advice (1)"]


def test_only_pairs_of_stayers_count_and_teams_are_those_before():
    rng = np.random.default_rng(4)
    before, after = people_of(6, rng), people_of(6, rng)
    after["person_id"] = [f"p{place:02}" for place in range(1, 7)]
    panel = panel_of(
        [
            network_of(some_ties(6, rng, 0.5), people=before, wave="1"),
            network_of(some_ties(6, rng, 0.5), people=after, wave="2"),
        ]
    )
    found = lagged(panel, relation="advice", terms=[same("team_id")], n_draws=9)
    assert found.fits()[["n", "n_dyads", "n_dyads_left_out"]].iloc[0].tolist() == [5, 20, 10]
    stayers = before["person_id"].tolist()[1:]
    team = before.set_index("person_id").loc[stayers, "team_id"].to_numpy()
    ties = [network.among(stayers).matrix() for network in panel]
    off = ~np.eye(5, dtype=bool)
    x = np.column_stack([np.ones(20), ties[0][off], (team[:, None] == team)[off]])
    expected = np.linalg.lstsq(x, ties[1][off], rcond=None)[0]
    np.testing.assert_allclose(found.tidy()["estimate"], expected)


def test_a_known_effect_of_the_wave_before_is_found():
    rng = np.random.default_rng(5)
    first = some_ties(30, rng)
    # Half of each strength stays, plus noise.
    second = np.abs(0.5 * first + rng.normal(0, 0.1, (30, 30)))
    np.fill_diagonal(second, 0)
    panel = panel_of([network_of(first, wave="1"), network_of(second, wave="2")])
    row = lagged(panel, relation="advice", n_draws=99).tidy().iloc[1]
    assert row["estimate"] == pytest.approx(0.5, abs=0.05)
    assert row["p_value"] == 0.01


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"relation": "advice", "terms": [tie("trust", wave="2")]}, r"trust \(2\) of 2"),
        ({"relation": "advice", "terms": [same("team_id", wave="2")]}, "of 2"),
        ({"relation": "trust"}, "'1'"),
        ({"relation": "confide"}, "confide in any wave"),
        ({"relation": "advice", "method": "probit"}, "'probit'"),
        ({"relation": "advice", "terms": {"advice": same("team_id")}}, "'advice'"),
    ],
)
def test_what_is_no_lag_is_refused(nine, options, match):
    with pytest.raises(ArgumentError, match=match):
        lagged(nine, **options)
