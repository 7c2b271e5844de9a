"""The sums by cluster beside the definition: every draw fitted anew, row by row."""

import numpy as np
import pytest
from wild_designs import by_definition, clustered, statistic

from cvln_eval.inference.wild import wild_bootstrap, wild_p_values

# Both add the same probabilities, in another order.
SUMMED = 1e-12
SMALL = clustered(sizes=(3, 5, 6, 8), seed=4)


def regressors(table):
    return np.column_stack([np.ones(len(table)), table[["visits", "tenure"]]])


def expected(table, tested, **given):
    codes = table["team_id"].str[1:].astype(int).to_numpy()
    return by_definition(table["change"].to_numpy(), regressors(table), codes, tested, **given)


def found(table, term, **given):
    return wild_bootstrap(table, formula="change ~ visits + tenure", term=term, **given).p_value


@pytest.mark.parametrize("impose_null", [True, False])
@pytest.mark.parametrize("draws", ["rademacher", "webb", "mammen"])
@pytest.mark.parametrize(("term", "position"), [("visits", 1), ("tenure", 2)])
def test_p_is_that_of_fitting_every_draw(term, position, draws, impose_null):
    nulls = [-0.15] if draws == "webb" else [-0.8, -0.4, -0.15, 0.1, 0.3]
    given = {"draws": draws, "impose_null": impose_null}
    ours = [found(SMALL, term, null_value=null, **given) for null in nulls]
    theirs = [expected(SMALL, [position], null=null, **given) for null in nulls]
    np.testing.assert_allclose(ours, theirs, atol=SUMMED)
    assert any(0 < p < 0.95 for p in ours)


@pytest.mark.parametrize("impose_null", [True, False])
@pytest.mark.parametrize("terms", [["visits"], ["visits", "tenure"]])
def test_weights_and_joint_tests_too(terms, impose_null):
    table, tested = clustered(seed=5, effect=0.5), [1, 2][: len(terms)]
    ours, theirs = [], []
    for null in ([0.1, 0.2], [0.8, 0.1], [1.1, 0.2]):
        held = null[: len(terms)]
        given = {"weights": "weight", "null_value": held, "impose_null": impose_null}
        ours.append(found(table, terms, **given))
        weights = table["weight"].to_numpy()
        given = {"draws": "rademacher", "impose_null": impose_null, "weights": weights}
        theirs.append(expected(table, tested, null=held, **given))
    np.testing.assert_allclose(ours, theirs, atol=SUMMED)
    assert len({round(p, 9) for p in ours}) > 1


@pytest.mark.parametrize("impose_null", [True, False])
@pytest.mark.parametrize("draws", ["rademacher", "webb", "mammen"])
def test_many_outcomes_at_once_have_the_p_of_each(draws, impose_null):
    noise = np.random.default_rng(6).normal(size=(len(SMALL), 4))
    outcomes = noise + SMALL["visits"].to_numpy()[:, None]
    given = {"draws": draws, "impose_null": impose_null, "n_draws": 2000, "null_value": 0.5}
    weights = SMALL["weight"].to_numpy()
    codes = SMALL["team_id"].to_numpy()
    together = wild_p_values(outcomes, regressors(SMALL), codes, 1, weights=weights, **given)
    tables = [SMALL.assign(change=y) for y in outcomes.T]
    one_by_one = [found(table, "visits", weights="weight", **given) for table in tables]
    np.testing.assert_allclose(together, one_by_one, atol=SUMMED)
    assert len({round(p, 9) for p in one_by_one}) > 1


def test_the_joint_statistic_has_the_factor_of_cr1():
    table = clustered(seed=5)
    codes = table["team_id"].str[1:].astype(int).to_numpy()
    rest = (codes, [1, 2], np.array([0.1, 0.2]), np.ones(len(table)))
    without = statistic(table["change"].to_numpy(), regressors(table), *rest)
    given = {"formula": "change ~ visits + tenure", "term": ["visits", "tenure"]}
    both = wild_bootstrap(table, null_value=[0.1, 0.2], **given)
    # 37 rows, 3 coefficients, 5 clusters, 2 terms
    assert both.statistic == pytest.approx(without / (5 / 4 * 36 / 34) / 2)
