"""Small tables with the sum in a comment, and what the results say about them."""

import math

import numpy as np
import pandas as pd
import pytest

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
from cvln_eval.measurement.raters.weights import agreement_weights

FEW = 20
# A says 1 1 2 2, B says 1 2 2 2: they agree on 3 of 4.
FOUR = [[1, 1], [1, 2], [2, 2], [2, 2]]


def test_kappas_of_four_units(long):
    table = long(FOUR)
    # Cohen: e = 1/2 x 1/4 + 1/2 x 3/4 = 1/2; (3/4 - 1/2) / (1/2) = 1/2.
    assert cohen_kappa(table, unit="unit", n_boot=FEW).estimate == pytest.approx(1 / 2)
    assert conger_kappa(table, unit="unit", n_boot=FEW).estimate == pytest.approx(1 / 2)
    # Fleiss: p = 3/8, 5/8; e = 34/64; (48/64 - 34/64) / (30/64) = 14/30.
    assert fleiss_kappa(table, unit="unit", n_boot=FEW).estimate == pytest.approx(14 / 30)
    # Brennan & Prediger: (3/4 - 1/2) / (1/2).
    assert brennan_prediger(table, unit="unit", n_boot=FEW).estimate == pytest.approx(1 / 2)
    # Gwet: e = 2 x 3/8 x 5/8 = 30/64; (48 - 30) / 34.
    assert gwet_ac(table, unit="unit", n_boot=FEW).estimate == pytest.approx(18 / 34)


def test_alpha_of_four_units(long):
    # Coincidences: o11 = 2, o12 = o21 = 1, o22 = 4; n = 3, 5. D_o = 2/8, D_e = 30/56.
    found = krippendorff_alpha(long(FOUR), unit="unit", level="nominal", n_boot=FEW)
    assert found.estimate == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert found.agreement_observed == pytest.approx(6 / 8)
    assert found.agreement_expected == pytest.approx(26 / 56)
    # With two categories every level is the nominal one.
    for level in ("ordinal", "interval", "ratio"):
        other = krippendorff_alpha(long(FOUR), unit="unit", level=level, n_boot=FEW)
        assert other.estimate == pytest.approx(found.estimate)
        assert other.agreement_observed == pytest.approx(6 / 8)


def test_a_category_that_nobody_used_counts_where_it_should(long):
    table = long(FOUR)
    three = {"unit": "unit", "categories": [1, 2, 3], "n_boot": FEW}
    # Brennan & Prediger: (3/4 - 1/3) / (2/3) = 5/8; Gwet: e = 30/64 / 2; (48 - 15) / (64 - 15).
    assert brennan_prediger(table, **three).estimate == pytest.approx(5 / 8)
    assert gwet_ac(table, **three).estimate == pytest.approx(33 / 49)
    assert cohen_kappa(table, **three).estimate == pytest.approx(1 / 2)
    assert krippendorff_alpha(table, level="ordinal", **three).estimate == pytest.approx(8 / 15)
    assert gwet_ac(table, **three).tidy()["n_categories"].tolist() == [3, 3, 3]


def test_weights_of_categories_1_2_4():
    # Distances 1, 2, 3 of at most 3; pairs among 2, 2, 3 categories: 1, 1, 3.
    points = np.array([1.0, 2.0, 4.0])
    off = [(0, 1), (1, 2), (0, 2)]
    weights = {
        name: [agreement_weights(points, name)[cell] for cell in off]
        for name in ("none", "linear", "quadratic", "ordinal")
    }
    assert weights["none"] == [0, 0, 0]
    assert weights["linear"] == pytest.approx([2 / 3, 1 / 3, 0])
    assert weights["quadratic"] == pytest.approx([8 / 9, 5 / 9, 0])
    assert weights["ordinal"] == pytest.approx([2 / 3, 2 / 3, 0])


def test_words_in_a_given_order_are_weighted_by_their_places(long):
    words = long([["low", "mid"], ["mid", "mid"], ["high", "high"], ["low", "low"]])
    numbers = long([[1, 2], [2, 2], [3, 3], [1, 1]])
    order = ["low", "mid", "high"]
    for weights in ("linear", "quadratic", "ordinal"):
        one = cohen_kappa(words, unit="unit", weights=weights, categories=order, n_boot=FEW)
        other = cohen_kappa(numbers, unit="unit", weights=weights, n_boot=FEW)
        assert one.estimate == pytest.approx(other.estimate)


def test_the_error_for_other_raters_adds_the_jackknife_over_raters(long):
    matrix = np.array([[1, 1, 2], [2, 2, 2], [1, 2, 1], [3, 3, 3], [1, 1, 1], [2, 3, 2]])
    for function in (fleiss_kappa, gwet_ac):
        table = function(long(matrix), unit="unit", n_boot=FEW).tidy()
        left = [
            function(long(np.delete(matrix, rater, axis=1)), unit="unit", n_boot=FEW).estimate
            for rater in range(3)
        ]
        # (R - 1) / R x sum of squared deviations = 2/3 x 3 x variance with divisor 3.
        variance = table["std_error"][0] ** 2 + 2 * np.var(left)
        assert table["std_error"][2] == pytest.approx(math.sqrt(variance))
        # t(.975, 2) = 4.3027, of three raters.
        low = table["estimate"][2] - 4.302653 * math.sqrt(variance)
        assert table["conf_low"][2] == pytest.approx(max(low, -1), abs=1e-6)
        assert table["conf_high"][2] == 1


def test_units_that_one_rater_left_out(long):
    table = long([*FOUR, [1, np.nan], [np.nan, np.nan]])
    cohen = cohen_kappa(table, unit="unit", n_boot=FEW).tidy().iloc[0]
    # Only units that both rated: the four from before.
    assert cohen["estimate"] == pytest.approx(1 / 2)
    assert (cohen["n_units"], cohen["n_units_left_out"], cohen["n_ratings"]) == (4, 2, 8)
    fleiss = fleiss_kappa(table, unit="unit", n_boot=FEW).tidy().iloc[0]
    # The fifth unit tells of category 1: p = (3/2 + 1) / 5 = 1/2, e = 1/2.
    assert fleiss["estimate"] == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))
    assert (fleiss["n_units"], fleiss["n_units_left_out"], fleiss["n_ratings"]) == (5, 1, 9)
    alpha = krippendorff_alpha(table, unit="unit", level="nominal", n_boot=FEW).tidy().iloc[0]
    assert alpha["estimate"] == pytest.approx(8 / 15)
    assert (alpha["n_units"], alpha["n_units_left_out"], alpha["n_ratings"]) == (4, 2, 8)


def test_correlations_of_three_units_and_two_raters(long):
    # Means of units 1.5, 2, 4.5, of raters 7/3, 3; grand mean 8/3; total SS = 34/3.
    # SS units = 2 x (49 + 16 + 121)/36 = 31/3, within 1, raters 3 x 2/9 = 2/3, residual 1/3.
    found = intraclass_correlation(long([[1, 2], [2, 2], [4, 5]]), unit="unit")
    b, w, j, e = 31 / 6, 1 / 3, 2 / 3, 1 / 6
    assert found.tidy()["estimate"].to_list() == pytest.approx(
        [
            (b - w) / (b + w),
            (b - e) / (b + e + 2 * (j - e) / 3),
            (b - e) / (b + e),
            (b - w) / b,
            (b - e) / (b + (j - e) / 3),
            (b - e) / b,
        ]
    )
    assert found.variances == pytest.approx(((b - e) / 2, (j - e) / 3, e))
    assert found.tidy()["statistic"].to_list() == pytest.approx([b / w, b / e, b / e] * 2)
    assert found.tidy()["df2"].to_list() == [3, 2, 2] * 2
    assert found.tidy()["mcgraw_wong"].to_list() == [
        "ICC(1)",
        "ICC(A,1)",
        "ICC(C,1)",
        "ICC(k)",
        "ICC(A,k)",
        "ICC(C,k)",
    ]


def test_a_negative_correlation_is_reported_as_such(long):
    # Units have the same mean, so B = 0: ICC(1,1) = -W / ((k - 1) W) = -1.
    found = intraclass_correlation(long([[1, 3], [3, 1], [1, 3], [3, 1.5]]), unit="unit")
    assert found.tidy()["estimate"][0] < -0.5
    assert found.variances[0] < 0


def test_the_jackknife_of_a_correlation_leaves_out_one_unit_at_a_time(long):
    scores = np.array([[1, 2, 2], [2, 2, 3], [4, 5, 4], [3, 5, 5], [2, 1, 2]])
    error = intraclass_correlation(long(scores), unit="unit").tidy()["std_error"]
    left = np.array(
        [
            intraclass_correlation(long(np.delete(scores, i, 0)), unit="unit").tidy()["estimate"]
            for i in range(5)
        ]
    )
    # sqrt((n - 1) / n x sum of squared deviations) = sqrt((n - 1)^2 / n) x sd.
    assert error.to_numpy() == pytest.approx(left.std(axis=0, ddof=1) * math.sqrt(16 / 5))


def test_who_is_lenient(long):
    # Own score minus the others' mean, C without the last unit:
    # A 2 - 1.5, 3 - 2.5, 4 - 2; B 1 - 2, 3 - 2.5, 2 - 4; C 2 - 1.5, 2 - 3.
    found = rater_bias(long([[2, 1, 2], [3, 3, 2], [4, 2, np.nan]]), unit="unit")
    table = found.tidy().set_index("rater_id")
    assert table["mean"].to_dict() == pytest.approx({"A": 3, "B": 2, "C": 2})
    assert table["estimate"].to_dict() == pytest.approx({"A": 1, "B": -2.5 / 3, "C": -0.25})
    assert table["n_units"].to_dict() == {"A": 3, "B": 3, "C": 2}
    pairs = found.pairs().set_index(["rater_id", "other_rater_id"])
    # A - B: 1, 0, 2; mean 1, sd 1, t(.975, 2) = 4.3027.
    row = pairs.loc[("A", "B")]
    assert row["estimate"] == 1
    assert row["std_error"] == pytest.approx(1 / math.sqrt(3))
    assert row["conf_low"] == pytest.approx(1 - 4.302653 / math.sqrt(3), abs=1e-6)
    assert (row["df"], row["n_units"]) == (2, 3)
    assert pairs.index.to_list() == [("A", "B"), ("A", "C"), ("B", "C")]
    assert found.glance().loc[0, ["most_lenient", "strictest"]].to_list() == ["A", "B"]
    assert found.sentence().startswith("Among 3 raters, A rated 1.00 points above the others of")


def test_sentences_say_what_stands_behind_the_number(long):
    assert cohen_kappa(long(FOUR), unit="unit", n_boot=FEW).sentence() == (
        "Cohen's kappa was 0.50 (95% CI [-0.23, 1.00]; large-sample error (Fleiss, Cohen & "
        "Everitt), normal; z = 1.15, p = .248) over 4 units, 2 raters and 8 ratings; pairs of "
        "raters said the same in 75% of cases."
    )
    correlated = intraclass_correlation(long([[1, 2], [2, 2], [4, 5]]), unit="unit").sentence()
    assert correlated.startswith(
        "Absolute agreement of 2 raters on 3 units (6 ratings) was ICC(2,1) = 0.88, 95% CI ["
    )
    assert correlated.endswith("for the mean of 2 raters (analysis of variance, F interval).")
    table = pd.concat([long(FOUR).assign(theme="time"), long(FOUR[::-1]).assign(theme="trust")])
    beside = rater_agreement(table, unit="unit", level="nominal", by="theme", n_boot=FEW)
    assert beside.sentence() == (
        "Over 2 groups (theme), Krippendorff's alpha (nominal) ran from 0.53 (time, 4 units) to "
        "0.53 (trust, 4 units)."
    )
    alone = rater_agreement(long(FOUR), unit="unit", level="nominal", n_boot=FEW)
    assert alone.sentence().startswith(
        "2 raters of 4 units said the same in 75% of pairs; Krippendorff's alpha (nominal) was 0.53"
    )


def test_a_unit_may_take_several_columns(long):
    table = long(FOUR).assign(wave=["y1"] * 4 + ["y2"] * 4, team_id=["a", "a", "b", "b"] * 2)
    found = cohen_kappa(table, unit=["wave", "team_id"], n_boot=FEW)
    assert found.estimate == pytest.approx(1 / 2)
    assert found.tidy()["n_units"].tolist() == [4, 4]


def test_booleans_and_nullable_numbers_are_ratings(long):
    expected = cohen_kappa(long(FOUR), unit="unit", n_boot=FEW).estimate
    for kind in ("bool", "Int64", "Float32", "str", "category"):
        scores = (long(FOUR)["score"] - 1).astype(kind)
        found = cohen_kappa(long(FOUR).assign(score=scores), unit="unit", n_boot=FEW)
        assert found.estimate == pytest.approx(expected)
