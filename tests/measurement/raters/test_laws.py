"""What must not change an agreement, and what coefficients owe to one another."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cvln_eval.measurement.raters import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    intraclass_correlation,
    krippendorff_alpha,
    rater_agreement,
    rater_bias,
)
from cvln_eval.measurement.raters.chance import beyond_chance, conger_chance, pieces
from cvln_eval.measurement.raters.krippendorff import _alpha, _pairs
from cvln_eval.measurement.raters.ratings import rating_matrix
from cvln_eval.measurement.raters.weights import agreement_weights

KAPPAS = [cohen_kappa, fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac]
WEIGHTED = ["none", "linear", "quadratic", "ordinal"]
LEVELS = ["nominal", "ordinal", "interval", "ratio"]
FEW = 20
ROUNDING = 1e-9


@st.composite
def matrices(draw, raters=(2, 5), missing=True):
    """Ratings from 1 to 4 of 4 to 9 units, some of them missing."""
    shape = draw(st.integers(4, 9)), draw(st.integers(*raters))
    cells = st.sampled_from([1, 2, 3, 4, np.nan] if missing else [1, 2, 3, 4])
    rows = draw(
        st.lists(
            st.lists(cells, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
    return np.array(rows, dtype=float)


def coincidence_alpha(matrix, level):
    """Krippendorff's alpha by the book: the coincidence matrix, then the metric."""
    units = [row[~np.isnan(row)] for row in matrix]
    values = sorted({v for row in units if len(row) > 1 for v in row})
    o = np.zeros((len(values), len(values)))
    for row in units:
        for i, a in enumerate(row):
            for j, b in enumerate(row):
                if i != j:
                    o[values.index(a), values.index(b)] += 1 / (len(row) - 1)
    n = o.sum(axis=1)
    observed = expected = 0.0
    for c in range(len(values)):
        for k in range(len(values)):
            low, high = min(c, k), max(c, k)
            delta = {
                "nominal": float(c != k),
                "ordinal": n[low : high + 1].sum() - (n[low] + n[high]) / 2,
                "interval": values[c] - values[k],
                "ratio": (values[c] - values[k]) / (values[c] + values[k]),
            }[level] ** 2
            observed += o[c, k] * delta
            expected += n[c] * n[k] * delta / (n.sum() - 1)
    return 1 - observed / expected if expected > 0 else np.nan


@settings(max_examples=30, deadline=None)
@given(matrix=matrices(), level=st.sampled_from(LEVELS))
def test_alpha_is_that_of_the_coincidence_matrix(long, matrix, level):
    assume((~np.isnan(matrix)).sum(axis=1).max() > 1)
    assume((~np.isnan(matrix)).any(axis=0).sum() > 1)
    found = krippendorff_alpha(long(matrix), unit="unit", level=level, n_boot=FEW)
    assert found.estimate == pytest.approx(
        coincidence_alpha(matrix, level), abs=ROUNDING, nan_ok=True
    )


@settings(max_examples=15, deadline=None)
@given(matrix=matrices(), seed=st.integers(0, 99), level=st.sampled_from(LEVELS))
def test_a_draw_is_the_coefficient_of_a_table_with_units_repeated(long, matrix, seed, level):
    pairable = (~np.isnan(matrix)).sum(axis=1) > 1
    assume(pairable.sum() > 1)
    matrix = matrix[pairable]
    times = np.random.default_rng(seed).integers(0, 3, size=len(matrix))
    assume(times.sum() > 1)
    kept = rating_matrix(long(matrix), unit="unit", rater="rater_id", score="score")
    draw = _alpha(_pairs(kept, level), times[None, :].astype(float))[0]
    again = coincidence_alpha(np.repeat(matrix, times, axis=0), level)
    assert draw == pytest.approx(again, abs=ROUNDING, nan_ok=True)


def test_a_draw_of_congers_kappa_is_that_of_a_table_with_units_repeated(long):
    matrix = np.array([[1, 2, 1], [2, 2, np.nan], [3, 3, 3], [1, np.nan, 2], [2, 3, 3]])
    times = np.array([2, 0, 1, 3, 1])
    ratings = rating_matrix(long(matrix), unit="unit", rater="rater_id", score="score")
    units = pieces(ratings, agreement_weights(ratings.points, "linear"))
    draw = beyond_chance(units, times[None, :].astype(float), conger_chance)[0]
    again = conger_kappa(
        long(np.repeat(matrix, times, axis=0)), unit="unit", weights="linear", n_boot=FEW
    )
    assert draw == pytest.approx(again.estimate, abs=ROUNDING)


@settings(max_examples=20, deadline=None)
@given(matrix=matrices(raters=(2, 2), missing=False), weights=st.sampled_from(WEIGHTED))
def test_congers_kappa_of_two_raters_is_cohens(long, matrix, weights):
    table = long(matrix)
    cohen = cohen_kappa(table, unit="unit", weights=weights, n_boot=FEW)
    conger = conger_kappa(table, unit="unit", weights=weights, n_boot=FEW)
    assert cohen.estimate == pytest.approx(conger.estimate, abs=ROUNDING, nan_ok=True)
    # Linearisation divides by n - 1, the large-sample error by n.
    errors = cohen.tidy()["std_error"][0], conger.tidy()["std_error"][0]
    n = len(matrix)
    # Below 1e-6 an error is 0 but for rounding on one side.
    if min(errors) > 1e-6:
        assert errors[0] == pytest.approx(errors[1] * np.sqrt((n - 1) / n), rel=1e-6)


@settings(max_examples=8, deadline=None)
@given(column=st.lists(st.integers(1, 4), min_size=2, max_size=12))
def test_perfect_agreement_has_no_interval_whatever_the_rounding(long, column):
    assume(len(set(column)) > 1)
    table = long([[value, value] for value in column])
    for function in KAPPAS:
        found = function(table, unit="unit", n_boot=FEW)
        assert found.estimate == pytest.approx(1)
        assert found.tidy()[["std_error", "conf_low"]].isna().all(axis=None)


@settings(max_examples=20, deadline=None)
@given(matrix=matrices(missing=False))
def test_nominal_alpha_is_fleiss_kappa_with_a_small_sample_correction(long, matrix):
    assume(len(np.unique(matrix)) > 1)
    table = long(matrix)
    kappa = fleiss_kappa(table, unit="unit", n_boot=FEW).estimate
    alpha = krippendorff_alpha(table, unit="unit", level="nominal", n_boot=FEW).estimate
    assert 1 - alpha == pytest.approx((1 - kappa) * (matrix.size - 1) / matrix.size)


@pytest.fixture
def table(long):
    rng = np.random.default_rng(3)
    true = rng.integers(1, 5, size=(14, 1))
    scores = np.clip(true + rng.integers(-1, 2, size=(14, 3)), 1, 5).astype(float)
    scores[2, 1] = scores[9, 0] = np.nan
    return long(scores)


def every_estimate(table):
    two = table[table["rater_id"] != table["rater_id"].max()]
    found = {f.__name__: f(two, unit="unit", n_boot=FEW).estimate for f in KAPPAS}
    for level in LEVELS:
        alpha = krippendorff_alpha(table, unit="unit", level=level, n_boot=FEW)
        found[level] = alpha.estimate
        found[f"{level} low"] = alpha.tidy()["conf_low"][0]
    icc = intraclass_correlation(table, unit="unit").tidy()
    return found | dict(zip(icc["coefficient"], icc["estimate"], strict=True))


def test_the_order_of_rows_changes_nothing(table):
    shuffled = table.sample(frac=1, random_state=5)
    assert every_estimate(shuffled) == pytest.approx(every_estimate(table))


def test_missing_rows_and_missing_scores_are_the_same(table):
    assert every_estimate(table.dropna()) == every_estimate(table)


def test_new_names_of_raters_change_nothing(table):
    renamed = table.assign(rater_id=table["rater_id"].map({"A": "x", "B": "y", "C": "z"}))
    assert every_estimate(renamed) == pytest.approx(every_estimate(table))


def test_names_of_categories_change_no_nominal_coefficient(table):
    words = table.assign(score=table["score"].map(dict(enumerate("_qwert"))))
    for function in (fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac):
        numbers = function(table, unit="unit", n_boot=FEW).tidy().drop(columns="missing")
        named = function(words, unit="unit", n_boot=FEW).tidy().drop(columns="missing")
        # The order of words differs, and with it the order in which sums are taken.
        pd.testing.assert_frame_equal(numbers, named, rtol=1e-9)


def test_a_linear_change_of_the_scale_changes_neither_interval_alpha_nor_correlations(table):
    changed = table.assign(score=10 - 2.5 * table["score"])
    alpha = [
        krippendorff_alpha(t, unit="unit", level="interval", n_boot=FEW) for t in (table, changed)
    ]
    assert alpha[0].estimate == pytest.approx(alpha[1].estimate)
    icc = [intraclass_correlation(t, unit="unit") for t in (table, changed)]
    for column in ("estimate", "std_error", "conf_low", "conf_high"):
        one, other = (found.tidy()[column].to_numpy() for found in icc)
        # The search of the likelihood ends a hair's breadth apart.
        assert one == pytest.approx(other, abs=1e-5)
    assert icc[1].variances == pytest.approx([6.25 * v for v in icc[0].variances], rel=1e-4)


def test_a_monotone_change_of_the_scale_changes_no_ordinal_alpha(table):
    changed = table.assign(score=np.exp(table["score"]))
    alpha = [krippendorff_alpha(t, unit="unit", level="ordinal") for t in (table, changed)]
    pd.testing.assert_frame_equal(alpha[0].tidy(), alpha[1].tidy())


def test_the_means_of_raters_follow_spearman_and_brown(long):
    scores = np.random.default_rng(2).normal(size=(9, 4)) + np.arange(9)[:, None] / 4
    found = intraclass_correlation(long(scores), unit="unit").tidy()
    for column in ("estimate", "conf_low", "conf_high"):
        single, averaged = found[column].to_numpy()[:3], found[column].to_numpy()[3:]
        assert averaged == pytest.approx(4 * single / (1 + 3 * single))


def test_nearly_complete_ratings_by_likelihood_are_near_those_by_analysis_of_variance(long):
    rng = np.random.default_rng(8)
    scores = rng.normal(size=(40, 1)) + rng.normal(scale=0.5, size=(1, 4))
    scores = scores + rng.normal(scale=0.7, size=(40, 4))
    complete = intraclass_correlation(long(scores), unit="unit").tidy()["estimate"]
    scores[0, 0] = np.nan
    holes = intraclass_correlation(long(scores), unit="unit").tidy()["estimate"]
    assert holes.to_numpy() == pytest.approx(complete.to_numpy(), abs=0.03)


def test_leniency_added_to_a_rater_is_found_and_changes_no_consistency(long):
    scores = np.random.default_rng(4).normal(size=(12, 3))
    stern, lenient = scores.copy(), scores.copy()
    lenient[:, 1] += 2
    before, after = (rater_bias(long(s), unit="unit").tidy() for s in (stern, lenient))
    moved = (after["estimate"] - before["estimate"]).to_list()
    assert moved == pytest.approx([-1, 2, -1])
    assert after["std_error"].to_list() == pytest.approx(before["std_error"].to_list())
    icc = [
        intraclass_correlation(long(s), unit="unit").tidy()["estimate"] for s in (stern, lenient)
    ]
    assert icc[0][2] == pytest.approx(icc[1][2])
    assert icc[0][1] != pytest.approx(icc[1][1])


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(table):
    ends = [
        krippendorff_alpha(table, unit="unit", level="ordinal", rng=rng).tidy()["std_error"][0]
        for rng in (1, 1, np.random.default_rng(1), 2)
    ]
    assert ends[0] == ends[1] == ends[2] != ends[3]


def test_side_by_side_stands_what_each_function_says(table):
    beside = rater_agreement(table, unit="unit", level="ordinal", n_boot=FEW).tidy()
    beside = beside.set_index("coefficient")
    one = {
        "Fleiss' kappa (ordinal weights)": fleiss_kappa,
        "Conger's kappa (ordinal weights)": conger_kappa,
        "Brennan and Prediger's coefficient (ordinal weights)": brennan_prediger,
        "Gwet's AC2 (ordinal weights)": gwet_ac,
    }
    for name, function in one.items():
        alone = function(table, unit="unit", weights="ordinal", n_boot=FEW).tidy().iloc[0]
        shared = beside.columns
        pd.testing.assert_series_equal(beside.loc[name], alone[shared], check_names=False)


def test_by_criterion_is_each_criterion_alone(table):
    both = pd.concat(
        [table.assign(criterion="time"), table[table["unit"] < "u010"].assign(criterion="roles")]
    )
    found = rater_agreement(both, unit="unit", level="interval", by="criterion", n_boot=FEW).tidy()
    alone = rater_agreement(table, unit="unit", level="interval", n_boot=FEW).tidy()
    part = found[found["criterion"] == "time"].drop(columns="criterion").reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone)
    assert list(dict.fromkeys(found["criterion"])) == ["roles", "time"]
