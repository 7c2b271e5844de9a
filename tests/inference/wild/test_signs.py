"""The weights: means, variances, third moments, of all vectors and of draws."""

import numpy as np
import pytest

from cvln_eval.inference.wild.signs import POINTS, all_signs, random_signs

# 300,000 draws: four standard errors of the mean of a third power, whose variance is below 8.
CHANCE = 4 * np.sqrt(8 / 300_000)
# Mean, variance and third moment; Mammen's keep the skewness of the residuals.
MOMENTS = {"rademacher": [0, 1, 0], "webb": [0, 1, 0], "mammen": [0, 1, 1]}


@pytest.mark.parametrize("draws", POINTS)
def test_moments_of_all_vectors(draws):
    signs, chances = all_signs(draws, 3)
    assert len(np.unique(signs, axis=0)) == len(signs) == len(POINTS[draws][0]) ** 3
    assert chances.sum() == pytest.approx(1)
    for power, moment in enumerate(MOMENTS[draws], start=1):
        np.testing.assert_allclose(chances @ signs**power, moment, atol=1e-12)


@pytest.mark.parametrize("draws", POINTS)
def test_moments_of_draws(draws):
    signs = random_signs(draws, (100_000, 3), np.random.default_rng(1))
    for power, moment in enumerate(MOMENTS[draws], start=1):
        assert (signs**power).mean() == pytest.approx(moment, abs=CHANCE)
    assert np.abs(np.corrcoef(signs.T) - np.eye(3)).max() < CHANCE
