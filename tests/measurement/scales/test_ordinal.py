"""Ordinal alpha beside psych's, and where it cannot be had."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import cronbach_alpha, ordinal_alpha
from cvln_eval.measurement.scales.alpha import alpha_from_covariance

FROM_R = 1e-12
POLYCHORIC_FROM_R = 5e-5  # psych's search for each correlation stops at 1e-4
FOUR = ["b1", "b2", "b3", "b4"]


def test_ordinal_alpha_is_psychs(nine, expected):
    # psych::alpha(psych::polychoric(nine[, 1:4], correct = 0)$rho)
    found = ordinal_alpha(nine, items=FOUR)
    assert found.estimate == pytest.approx(expected["ordinal", "alpha"], abs=POLYCHORIC_FROM_R)


def test_alpha_of_a_given_matrix_is_psychs(polychoric, expected):
    found = alpha_from_covariance(polychoric)
    assert found == pytest.approx(expected["ordinal", "alpha"], abs=FROM_R)


def test_categories_count_by_order_only_and_make_alpha_smaller(nine):
    answers = nine[FOUR].head(60)
    spread = answers.replace({4: 40, 5: 500})
    ordinal = ordinal_alpha(answers, items=FOUR).estimate
    assert ordinal_alpha(spread, items=FOUR).estimate == pytest.approx(ordinal)
    assert ordinal > cronbach_alpha(answers, items=FOUR).estimate


def test_the_interval_lies_around_the_estimate_and_is_seeded(nine):
    found, again, other = (
        ordinal_alpha(nine.head(41), items=FOUR, interval="bootstrap", n_boot=30, rng=seed)
        .tidy()
        .iloc[0]
        for seed in (1, 1, 2)
    )
    assert found["conf_low"] < found["estimate"] < found["conf_high"]
    assert found["conf_low"] == again["conf_low"] != other["conf_low"]


def test_the_jackknife_leaves_each_person_out_once(nine):
    few = nine.head(25)[FOUR[:3]]
    row = ordinal_alpha(few, items=list(few)).tidy().iloc[0]
    logs = [
        np.log(1 - ordinal_alpha(few.drop(index=person), items=list(few)).estimate)
        for person in few.index
    ]
    # s^2 = (n - 1) / n sum of squared deviations = (n - 1)^2 / n times their variance
    reach = stats.t.ppf(0.975, 24) * np.std(logs, ddof=1) * 24 / np.sqrt(25)
    assert row["conf_low"] == pytest.approx(1 - (1 - row["estimate"]) * np.exp(reach))
    assert row["conf_high"] == pytest.approx(1 - (1 - row["estimate"]) * np.exp(-reach))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"b2": 3.0}, "all answers alike to 'b2'"),
        ({"b2": np.nan}, "no answers to 'b2'"),
    ],
)
def test_what_cannot_be_had_is_nan_with_its_reason(nine, change, reason):
    found = ordinal_alpha(nine.assign(**change), items=FOUR)
    assert np.isnan(found.estimate)
    assert reason in found.sentence()


def test_a_pair_without_a_correlation_is_named(nine):
    found = ordinal_alpha(nine.assign(b2=nine["b1"]), items=FOUR)
    assert np.isnan(found.estimate)
    assert "no polychoric correlation of 'b1 and b2'" in found.sentence()


def test_listwise_takes_complete_people(five):
    found = ordinal_alpha(five, items=list(five), missing="listwise")
    complete = ordinal_alpha(five.dropna(), items=list(five))
    assert found.estimate == complete.estimate
    assert found.tidy()["n_left_out"][0] == len(five) - len(five.dropna())


def test_what_is_wrong_is_named(nine):
    with pytest.raises(ArgumentError, match=r"rule for missing[\s\S]*'available'"):
        ordinal_alpha(nine, items=FOUR, missing="available")
    rng = np.random.default_rng(1)
    with pytest.raises(ArgumentError, match="at most 20 different"):
        ordinal_alpha(pd.DataFrame(rng.normal(size=(30, 2)), columns=["a", "b"]), items=["a", "b"])
