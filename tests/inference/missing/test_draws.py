"""One draw of missing values: the posterior against dense algebra, its moments, its laws."""

import numpy as np
import pytest

from cvln_eval.inference.missing.draws import ICC_GRID, _posterior, draw_nearest, draw_normal

TEAM = np.repeat(range(5), (7, 7, 8, 8, 11))
DRAWS = 1500
# Four Monte Carlo errors of a mean of 1,500 draws, in standard deviations of one.
NEAR = 4 / DRAWS**0.5


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((41, 2))
    y = 2 + x @ [1.0, -0.5] + rng.standard_normal(5)[TEAM] + rng.standard_normal(41)
    return y, x, rng.random(41) > 0.2


def many(draw, y, x, known, teams, n=DRAWS):
    return np.array([draw(y, x, known, teams, np.random.default_rng([7, i])) for i in range(n)])


def test_fixed_draws_have_the_moments_of_the_predictive_t(data):
    y, x, known = data
    rows = np.column_stack([np.ones(41), x])
    gram = np.linalg.inv(rows[known].T @ rows[known])
    beta = gram @ rows[known].T @ y[known]
    df = known.sum() - 3
    s2 = ((y[known] - rows[known] @ beta) ** 2).sum() / df
    spread = s2 * (1 + np.einsum("ij,jk,ik->i", rows[~known], gram, rows[~known])) * df / (df - 2)
    drawn = many(draw_normal, y, x, known, None)
    assert np.abs(drawn.mean(axis=0) - rows[~known] @ beta).max() < NEAR * spread.max() ** 0.5
    # The error of a variance is sqrt(2 / n) of it; a little more for the tails of t.
    assert drawn.var(axis=0) == pytest.approx(spread, rel=5 * (2 / DRAWS) ** 0.5)


def test_the_posterior_of_the_icc_is_that_of_dense_matrices(data):
    y, x, _ = data
    rows = np.column_stack([np.ones(41), x])
    size = np.bincount(TEAM).astype(float)
    sums = np.array([np.column_stack([rows, y])[j == TEAM].sum(axis=0) for j in range(5)])
    ratio = np.array([0.02, 0.3, 2.0, 20.0])
    log_weight, (_, beta, rss) = _posterior(rows, y, size, sums, ratio)
    for place, value in enumerate(ratio):
        v = np.eye(41) + value * (TEAM[:, None] == TEAM)
        inverse = np.linalg.inv(v)
        gram = rows.T @ inverse @ rows
        b = np.linalg.solve(gram, rows.T @ inverse @ y)
        e = y - rows @ b
        dense = -0.5 * (
            np.linalg.slogdet(v)[1]
            + np.linalg.slogdet(gram)[1]
            + (41 - 3) * np.log(e @ inverse @ e)
        )
        assert log_weight[place] == pytest.approx(dense, rel=1e-10)
        assert beta[place] == pytest.approx(b, rel=1e-9)
        assert rss[place] == pytest.approx(e @ inverse @ e, rel=1e-9)


def test_random_draws_have_the_moments_of_the_mixture_over_the_icc(data):
    y, x, known = data
    rows = np.column_stack([np.ones(41), x])
    size = np.bincount(TEAM[known], minlength=5).astype(float)
    both = np.column_stack([rows, y])[known]
    sums = np.array([both[TEAM[known] == j].sum(axis=0) for j in range(5)])
    ratio = ICC_GRID / (1 - ICC_GRID)
    log_weight, (_, beta, rss) = _posterior(rows[known], y[known], size, sums, ratio)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    share = ratio[:, None] / (1 + ratio[:, None] * size)
    team = share * (sums[:, -1] - beta @ sums[:, :-1].T)
    mean = weight @ (beta @ rows[~known].T + team[:, TEAM[~known]])
    drawn = many(draw_normal, y, x, known, TEAM)
    assert np.abs(drawn.mean(axis=0) - mean).max() < NEAR * drawn.std(axis=0).max()
    # Residuals alone have this variance; teams and coefficients add to it.
    residual = weight @ rss / (known.sum() - 3 - 2)
    assert (drawn.var(axis=0) > residual * (1 - 5 * (2 / DRAWS) ** 0.5)).all()
    assert drawn.var(axis=0).mean() < 1.5 * residual


def test_a_team_without_values_is_drawn_about_the_mean_of_teams_and_more_widely(data):
    y, x, known = data
    known = known & (TEAM != 4)
    drawn = many(draw_normal, y, x * 0, known, TEAM, 1000)
    of_new = TEAM[~known] == 4
    means = np.array([y[known & (j == TEAM)].mean() for j in range(4)])
    assert means.min() < drawn[:, of_new].mean() < means.max()
    assert drawn[:, of_new].std() > 1.2 * drawn[:, ~of_new].std(axis=0).mean()


@pytest.mark.parametrize("draw", [draw_normal, draw_nearest])
@pytest.mark.parametrize("teams", [None, TEAM])
def test_units_carry_over(data, draw, teams):
    y, x, known = data
    one = many(draw, y, x, known, teams, 5)
    other = many(draw, 100 + 10 * y, 3 - 1000 * x, known, teams, 5)
    # The sign of a predictor turns a direction around, which changes single normal draws.
    same = many(draw, 100 + 10 * y, 3 + 1000 * x, known, teams, 5)
    assert same == pytest.approx(100 + 10 * one, rel=1e-6)
    assert other.shape == one.shape


@pytest.mark.parametrize("draw", [draw_normal, draw_nearest])
@pytest.mark.parametrize("teams", [None, TEAM])
def test_a_predictor_twice_or_constant_changes_nothing_but_noise(data, draw, teams):
    y, x, known = data
    double = np.column_stack([x, x[:, 0] * 2 + 1, np.full(41, 7.0)])
    one, other = (many(draw, y, z, known, teams, 500).mean(axis=0) for z in (x, double))
    assert np.abs(one - other).max() < 6 * 1.3 * (2 / 500) ** 0.5


@pytest.mark.parametrize("draw", [draw_normal, draw_nearest])
@pytest.mark.parametrize("teams", [None, TEAM])
def test_a_constant_is_drawn_as_it_is(data, draw, teams):
    _, x, known = data
    drawn = draw(np.full(41, 4.0), x, known, teams, np.random.default_rng(1))
    assert set(drawn) == {4.0}


def test_teams_without_any_other_predictor(data):
    y, _, known = data
    nothing = np.empty((41, 0))
    assert np.isfinite(draw_normal(y, nothing, known, TEAM, np.random.default_rng(1))).all()
    assert np.isfinite(draw_normal(y, nothing, known, None, np.random.default_rng(1))).all()


def test_a_perfect_fit_leaves_no_noise(data):
    _, x, known = data
    y = x @ [1.0, 2.0]
    drawn = draw_normal(y, x, known, TEAM, np.random.default_rng(1))
    assert drawn == pytest.approx(y[~known], abs=1e-5)


def test_near_donors_are_the_three_nearest():
    # The prediction is the value itself, so that the donors of 10.2 are 9, 10 and 11.
    x = np.append(np.arange(1.0, 21), 10.2)[:, None]
    y = np.append(np.arange(1.0, 21), np.nan)
    known = ~np.isnan(y)
    drawn = many(draw_nearest, y, x, known, None, 400)
    assert set(drawn.ravel()) == {9, 10, 11}
    counts = np.unique(drawn, return_counts=True)[1]
    assert counts.min() > 400 / 3 - 4 * (400 * (1 / 3) * (2 / 3)) ** 0.5


def test_with_few_donors_all_of_them_are_near():
    x, y = np.arange(3.0)[:, None], np.array([1.0, 2.0, np.nan])
    drawn = many(draw_nearest, y, x * 0, ~np.isnan(y), None, 50)
    assert set(drawn.ravel()) == {1, 2}


def test_donors_equally_near_all_have_their_turn():
    x, y = np.zeros((9, 1)), np.append(np.arange(8.0), np.nan)
    drawn = many(draw_nearest, y, x, ~np.isnan(y), None, 200)
    assert set(drawn.ravel()) == set(range(8))
