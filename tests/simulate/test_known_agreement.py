"""What is simulated with a known reliability or agreement has it."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.simulate import simulate_codings, simulate_ratings, simulate_team_answers

# Standard errors at the sizes below are .003 to .006; four of them.
NEAR = 0.025


def test_items_correlate_by_the_product_of_their_loadings():
    table = simulate_team_answers(team_sizes=[1] * 40_000, loadings=[0.5, 0.8], icc=0.3, rng=1)
    assert table[["item_1", "item_2"]].corr().iloc[0, 1] == pytest.approx(0.4, abs=NEAR)
    assert table["item_2"].var() == pytest.approx(1, abs=NEAR)


def test_the_stated_share_of_the_factor_lies_between_teams():
    table = simulate_team_answers(team_sizes=[2] * 20_000, loadings=[1.0], icc=0.3, rng=2)
    pairs = table["item_1"].to_numpy().reshape(-1, 2)
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(0.3, abs=NEAR)


def test_categories_cut_the_same_answers():
    known = {"team_sizes": [50], "loadings": [0.7, 0.7], "rng": 3}
    smooth, cut = (simulate_team_answers(**known, categories=c) for c in (None, 4))
    expected = 1 + np.digitize(smooth["item_1"], [-0.9, 0.0, 0.9])
    assert cut["item_1"].tolist() == expected.tolist()


def test_ratings_have_the_variances_they_were_given():
    given = simulate_ratings(n_units=20_000, n_raters=2, sd_unit=2, sd_rater=0, sd_error=1, rng=4)
    wide = given.pivot_table(index="unit", columns="rater_id", values="score")
    assert wide.corr().iloc[0, 1] == pytest.approx(0.8, abs=NEAR)
    assert wide.var().tolist() == pytest.approx([5, 5], rel=NEAR)


def test_a_raters_leniency_is_in_all_of_their_scores():
    given = simulate_ratings(n_units=3, n_raters=2, sd_unit=1, sd_rater=5, sd_error=0, rng=5)
    wide = given.pivot_table(index="unit", columns="rater_id", values="score")
    assert np.ptp(wide["R1"] - wide["R2"]) == pytest.approx(0, abs=1e-12)
    assert abs(wide["R1"] - wide["R2"]).min() > 0.1


@pytest.mark.parametrize("agreement", [0.0, 0.4, 1.0])
def test_coders_agree_as_often_as_the_kappa_implies(agreement):
    shares = [0.2, 0.3, 0.5]
    given = simulate_codings(n_units=20_000, n_raters=2, shares=shares, agreement=agreement, rng=6)
    wide = given.pivot_table(index="unit", columns="rater_id", values="score")
    chance = sum(p**2 for p in shares)
    expected = agreement + (1 - agreement) * chance
    assert (wide["R1"] == wide["R2"]).mean() == pytest.approx(expected, abs=NEAR)
    assert wide["R1"].value_counts(normalize=True).sort_index().tolist() == pytest.approx(
        shares, abs=NEAR
    )


def test_gaps_take_the_stated_share_and_change_no_score():
    known = {"n_units": 5_000, "n_raters": 2, "shares": [0.5, 0.5], "agreement": 0.5, "rng": 7}
    full, gaps = simulate_codings(**known), simulate_codings(**known, share_missing=0.2)
    assert len(gaps) / len(full) == pytest.approx(0.8, abs=NEAR)
    both = gaps.merge(full, on=["unit", "rater_id"])
    assert (both["score_x"] == both["score_y"]).all()


def test_simulated_tables_say_so_in_every_row():
    tables = [
        simulate_team_answers(team_sizes=[2], loadings=[0.5]),
        simulate_codings(n_units=2, n_raters=2, shares=[1.0], agreement=1),
        simulate_ratings(n_units=2, n_raters=2, sd_unit=1, sd_rater=1, sd_error=1),
    ]
    assert pd.concat(tables)["simulated"].eq(True).all()


@pytest.mark.parametrize(
    ("make", "change", "message"),
    [
        (simulate_team_answers, {"team_sizes": [3, 0]}, "needs a person[\\s\\S]*0"),
        (simulate_team_answers, {"loadings": [1.2]}, "between -1 and 1[\\s\\S]*1.2"),
        (simulate_team_answers, {"icc": -0.1}, "icc[\\s\\S]*-0.1"),
        (simulate_team_answers, {"categories": 1}, "two categories[\\s\\S]*1"),
        (simulate_codings, {"shares": [0.5, 0.6]}, "add up to 1[\\s\\S]*0.6"),
        (simulate_codings, {"agreement": 1.5}, "agreement[\\s\\S]*1.5"),
        (simulate_codings, {"share_missing": -1}, "share missing[\\s\\S]*-1"),
        (simulate_codings, {"n_units": 0}, "Units and raters[\\s\\S]*0 and 2"),
        (simulate_ratings, {"sd_error": -1}, "not negative[\\s\\S]*-1"),
        (simulate_ratings, {"sd_unit": np.nan}, "not negative[\\s\\S]*nan"),
        (simulate_ratings, {"sd_unit": np.inf}, "not negative[\\s\\S]*inf"),
        (simulate_codings, {"shares": [np.nan, 1]}, "add up to 1[\\s\\S]*nan"),
        (simulate_codings, {"shares": []}, "add up to 1[\\s\\S]*none"),
        (simulate_team_answers, {"loadings": [np.nan]}, "between -1 and 1[\\s\\S]*nan"),
    ],
)
def test_what_cannot_be_simulated_is_refused(make, change, message):
    known = {
        simulate_team_answers: {"team_sizes": [2], "loadings": [0.5]},
        simulate_codings: {"n_units": 2, "n_raters": 2, "shares": [1.0], "agreement": 1},
        simulate_ratings: dict.fromkeys(("sd_unit", "sd_rater", "sd_error"), 1)
        | {"n_units": 2, "n_raters": 2},
    }[make]
    with pytest.raises(ArgumentError, match=message):
        make(**known | change)
