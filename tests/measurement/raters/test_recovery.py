"""Simulated truth is found: no bias, and intervals that hold it as often as they say."""

import numpy as np
import pytest

from cvln_eval.measurement.raters.beyond import agreement_beyond_chance
from cvln_eval.measurement.raters.chance import conger_chance, fleiss_chance
from cvln_eval.measurement.raters.icc import icc_of
from cvln_eval.measurement.raters.krippendorff import alpha_of
from cvln_eval.measurement.raters.ratings import RatingMatrix

UNITS = 41
ROUNDS = 300
# 300 rounds put a coverage of .95 between .925 and .975 nineteen times in twenty; kappas with 41
# units fall a little short of their level.
COVERAGE = (0.91, 0.985)


def coded(rng, truth=0.6, raters=3):
    """Each rater sees the unit's category with chance sqrt(truth), else draws: kappa is truth."""
    shares = [0.5, 0.3, 0.2]
    shape = (UNITS, raters)
    seen = rng.random(shape) < np.sqrt(truth)
    category = rng.choice(3, p=shares, size=(UNITS, 1))
    codes = np.where(seen, category, rng.choice(3, p=shares, size=shape))
    names = tuple(f"r{place}" for place in range(raters))
    return RatingMatrix(codes, np.array([1.0, 2.0, 3.0]), names)


@pytest.mark.parametrize("chance", [fleiss_chance, conger_chance])
def test_kappa_of_raters_who_see_or_guess(chance):
    rng = np.random.default_rng(11)
    rows = [
        agreement_beyond_chance(
            coded(rng), chance, coefficient="", weights="none", conf_level=0.95, n_boot=1, rng=0
        )
        for _ in range(ROUNDS)
    ]
    estimates = np.array([row.estimate for row in rows])
    assert estimates.mean() == pytest.approx(0.6, abs=0.02)
    first = [row.intervals[0] for row in rows]
    assert COVERAGE[0] < np.mean([i.conf_low <= 0.6 <= i.conf_high for i in first]) < COVERAGE[1]
    # The standard error is that of the estimates.
    assert np.mean([i.std_error for i in first]) == pytest.approx(estimates.std(), rel=0.1)


def test_only_the_interval_over_raters_holds_the_agreement_of_other_raters():
    rng = np.random.default_rng(14)
    shares, held = [0.5, 0.3, 0.2], []
    names, points = tuple("abcde"), np.array([1.0, 2.0, 3.0])
    # Raters see the category with chances of their own: two of them both see it with chance .5.
    truth = 0.5
    for _ in range(ROUNDS // 2):
        sees = rng.choice([0.5**0.5 - 0.25, 0.5**0.5 + 0.25], size=5)
        category = rng.choice(3, p=shares, size=(UNITS, 1))
        guess = rng.choice(3, p=shares, size=(UNITS, 5))
        codes = np.where(rng.random((UNITS, 5)) < sees, category, guess)
        found = agreement_beyond_chance(
            RatingMatrix(codes, points, names),
            fleiss_chance,
            coefficient="",
            weights="none",
            conf_level=0.95,
            n_boot=1,
            rng=0,
        )
        held.append([i.conf_low <= truth <= i.conf_high for i in found.intervals])
    units, _, raters = np.mean(held, axis=0)
    assert units < 0.75
    assert raters > 0.9


def test_alpha_and_its_bootstrap():
    rng = np.random.default_rng(12)
    rows = [
        alpha_of(coded(rng), level="nominal", conf_level=0.95, n_boot=300, rng=place)
        for place in range(ROUNDS)
    ]
    assert np.mean([row.estimate for row in rows]) == pytest.approx(0.6, abs=0.02)
    held = [row.intervals[0].conf_low <= 0.6 <= row.intervals[0].conf_high for row in rows]
    assert COVERAGE[0] < np.mean(held) < COVERAGE[1]


def test_correlations_of_crossed_variances():
    rng = np.random.default_rng(13)
    rows = []
    for _ in range(ROUNDS // 2):
        scores = rng.normal(scale=1.0, size=(UNITS, 1)) + rng.normal(scale=0.7, size=(UNITS, 3))
        points, codes = np.unique(scores, return_inverse=True)
        rows.append(icc_of(RatingMatrix(codes, points, ("a", "b", "c")), conf_level=0.9).tidy())
    truth = 1 / 1.49
    estimates = np.array([row["estimate"] for row in rows])
    # No rater is lenient here, so that all three single-rating correlations have one truth.
    assert estimates[:, :3].mean(axis=0) == pytest.approx([truth] * 3, abs=0.015)
    held = [(row["conf_low"][0] <= truth) & (truth <= row["conf_high"][0]) for row in rows]
    assert 0.85 < np.mean(held) < 0.95
    assert np.mean([row["std_error"][0] for row in rows]) == pytest.approx(
        estimates[:, 0].std(), rel=0.15
    )
