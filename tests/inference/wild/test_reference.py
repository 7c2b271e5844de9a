"""Beside pyfixest 0.60 with wildboottest 0.3.2 (both MIT); see tests/reference/wild/make.py."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.wild import wild_bootstrap
from cvln_eval.inference.wild.scores import cluster_scores
from cvln_eval.inference.wild.signs import all_signs
from cvln_eval.inference.wild.statistics import drawn_squares

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "wild"
# The same fits by other decompositions; values are printed with 16 digits.
ROUNDING = 1e-10
# 99,999 draws there, and all or 99,999 here: four standard errors of a difference of shares.
MONTE_CARLO = 4 * np.sqrt(2 * 0.25 / 99_999)

FORMULAS = {
    "five_visits": ("change ~ visits + tenure", "visits"),
    "five_tenure": ("change ~ visits + tenure", "tenure"),
    "five_network": ("change ~ network + tenure", "network"),
    "five_teams": ("change ~ tenure + C(team_id)", "tenure"),
    "twelve_visits": ("change ~ visits + tenure", "visits"),
    "twelve_tenure": ("change ~ visits + tenure", "tenure"),
}
EXPECTED = pd.read_csv(REFERENCE / "expected.csv").set_index(["case", "impose_null"])
CASES = list(EXPECTED.index)
pytestmark = pytest.mark.filterwarnings("ignore:'network' has one of its two values")


def table(case):
    return pd.read_csv(REFERENCE / f"{case.split('_')[0]}.csv")


def found(case, impose_null, **given):
    formula, term = FORMULAS[case]
    return wild_bootstrap(table(case), formula=formula, term=term, impose_null=impose_null, **given)


def drawn(case, impose_null):
    """Return |t*| of all sign vectors, sorted, with the factor of CR1, and |t|."""
    formula, term = FORMULAS[case]
    design = cluster_design(table(case), formula=formula, cluster="team_id")
    sums = cluster_scores(design.y[:, None], design.x, design.codes, [design.terms.index(term)])
    held = sums.under(-sums.estimate if impose_null else 0 * sums.estimate)
    signs, _ = all_signs("rademacher", design.n_clusters)
    ours = found(case, impose_null)
    plain = np.linalg.norm(sums.scores) / sums.bread.item()
    squares = drawn_squares(signs, *held, sums.carried)[0]
    return np.sort(np.sqrt(squares)) * plain / ours.std_error


@pytest.mark.parametrize(("case", "impose_null"), CASES)
def test_every_t_of_all_rademacher_draws_is_theirs(case, impose_null):
    # fit.wildboottest(reps=9999, param=term, impose_null=..., return_bootstrapped_t_stats=True)
    stored = pd.read_csv(REFERENCE / "drawn.csv")
    stored = stored[(stored["case"] == case) & (stored["impose_null"] == impose_null)]
    ours, row = drawn(case, impose_null), EXPECTED.loc[(case, impose_null)]
    assert len(ours) == row["draws"]
    np.testing.assert_allclose(ours[stored["rank"]], stored["t_star"], rtol=ROUNDING, atol=ROUNDING)


@pytest.mark.parametrize(("case", "impose_null"), CASES)
def test_p_of_all_rademacher_draws_is_theirs_up_to_ties(case, impose_null):
    row, ours = EXPECTED.loc[(case, impose_null)], found(case, impose_null)
    assert ours.statistic == pytest.approx(row["t"], rel=ROUNDING)
    assert ours.std_error == pytest.approx(row["se"], rel=ROUNDING)
    # They count |t*| > |t| without a tolerance, so that rounding counts some ties and not others
    ties = np.mean(np.isclose(drawn(case, impose_null), abs(row["t"]), rtol=1e-9, atol=0))
    assert -ROUNDING <= ours.p_value - row["p_strict"] <= ties + ROUNDING
    assert ties == (ours.smallest_p if impose_null else 0)


@pytest.mark.parametrize("draws", ["webb", "mammen"])
@pytest.mark.parametrize(("case", "impose_null"), CASES)
def test_p_of_other_draws_is_theirs_up_to_ties_and_chance(case, impose_null, draws):
    # fit.wildboottest(reps=99999, weights_type=..., param=term, impose_null=...)
    theirs = EXPECTED.loc[(case, impose_null), draws]
    ours = found(case, impose_null, draws=draws, n_draws=99_999)
    assert -MONTE_CARLO <= ours.p_value - theirs <= ours.smallest_p + MONTE_CARLO


def test_rounding_decides_there_and_not_here():
    # With five clusters |t*| >= |t| holds for two of the 32 vectors at least; they report 0
    assert EXPECTED.loc[("five_network", True), "p_strict"] == 0
    assert found("five_network", True).p_value == 2 / 32
