"""What users bring instead of numbers, said in their terms."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.bootstrap import bca_interval, bootstrap, percentile_interval
from cvln_eval.measurement.matrix import item_matrix, refuse_out_of_range

NUMBERS = pd.DataFrame({"a": [1.0, 4.0, np.nan], "b": [2.0, 5.0, 3.0]})


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, 4, None], dtype="Int64"),
        pd.Series([1, 4, None], dtype="Float64"),
        pd.Series([1.0, 4.0, None], dtype="category"),
        pd.Series([1, 4, None], dtype="object"),
        pd.Series(["1", "4", None], dtype="str"),
    ],
    ids=["Int64", "Float64", "category", "object", "str"],
)
def test_numbers_are_read_whatever_holds_them(column):
    answers = NUMBERS.assign(a=column)
    np.testing.assert_array_equal(item_matrix(answers, ["a", "b"]), NUMBERS.to_numpy())
    refuse_out_of_range(answers, ["a"], (1, 4))
    with pytest.raises(ArgumentError, match=r"Answers to a lie outside[\s\S]*1 to 3[\s\S]*'4'"):
        refuse_out_of_range(answers, ["a"], (1, 3))


@pytest.mark.parametrize(
    ("column", "seen"),
    [
        (["often", 1, 2], "'often'"),
        (pd.Categorical(["low", "high", "low"]), "'low', 'high'"),
        ([1, 2, np.inf], "inf"),
        ([1j, 1, 2], "1j"),
        (pd.to_datetime(["2010-01-01"] * 3), "2010-01-01"),
        (pd.to_timedelta([1, 2, 3], unit="D"), "1 days"),
    ],
)
def test_what_is_no_number_is_named_with_its_item(column, seen):
    with pytest.raises(ArgumentError, match=rf"Answers to a must be finite numbers[\s\S]*{seen}"):
        item_matrix(NUMBERS.assign(a=column), ["a", "b"])


def test_two_columns_of_one_name_are_not_one_item():
    with pytest.raises(ArgumentError, match=r"Two columns[\s\S]*'a'"):
        item_matrix(pd.concat([NUMBERS, NUMBERS[["a"]]], axis=1), ["a", "b"])


def test_items_are_counted_and_named_once():
    with pytest.raises(ArgumentError, match=r"Too few items[\s\S]*at least 2[\s\S]*'a'"):
        item_matrix(NUMBERS, "a", at_least=2)
    with pytest.raises(ArgumentError, match=r"named twice\n.*\nSeen: 'b'$"):
        item_matrix(NUMBERS, ["a", "b", "b"])


@pytest.mark.parametrize("ends", [(5, 1), (1, 1), (1, np.nan), (1, np.inf), (1, 3, 5)])
def test_a_range_has_two_ends_in_order(ends):
    with pytest.raises(ArgumentError, match="from low to high"):
        refuse_out_of_range(NUMBERS, ["a"], ends)


def test_the_wave_of_an_answer_outside_is_told():
    with pytest.raises(ArgumentError, match="'4 y2'"):
        refuse_out_of_range(NUMBERS.assign(wave=["y1", "y2", "y2"]), "a", (1, 3))


@pytest.mark.parametrize("n_boot", [0, -1, 2.5])
def test_draws_are_a_whole_number(n_boot):
    with pytest.raises(ArgumentError, match=rf"needs draws[\s\S]*{n_boot}"):
        bootstrap(lambda w: w, 3, n_boot=n_boot, rng=0)


def test_the_first_draws_do_not_depend_on_how_many_follow():
    few, many = (bootstrap(lambda w: w, 4, n_boot=n, rng=1) for n in (250, 600))
    assert len(many) == 600
    np.testing.assert_array_equal(few, many[:250])
    assert (many.sum(axis=1) == 4).all()


def test_an_interval_needs_half_of_the_draws():
    draws = np.array([[1.0, 1.0], [np.nan, 2.0], [np.nan, 3.0], [4.0, np.nan]])
    low, high = percentile_interval(draws, conf_level=0.5)
    # 1 and 4: quartiles 1.75 and 3.25; 1, 2, 3: 1.5 and 2.5
    assert low.tolist() == [1.75, 1.5]
    assert high.tolist() == [3.25, 2.5]
    draws[3, 0] = np.nan
    assert np.isnan(percentile_interval(draws, conf_level=0.5)[0][0])


def test_without_bias_or_skew_the_corrected_interval_is_the_percentile_one():
    draws = np.arange(-50.0, 51.0)
    low, high = percentile_interval(draws, conf_level=0.9)
    found = bca_interval(0.0, draws, np.array([-1.0, 0.0, 1.0]), conf_level=0.9)
    assert found == pytest.approx((low, high))


def test_draws_below_the_estimate_move_the_interval_up():
    # 75 of 100 draws lie below: z0 = .674, and bounds are the quantiles of 2 z0 -+ 1.645,
    # Phi(-.296) = .384 and Phi(2.994) = .9986, of 0 to 99
    found = bca_interval(74.5, np.arange(100.0), np.array([-1.0, 0.0, 1.0]), conf_level=0.9)
    assert found == pytest.approx((0.3837 * 99, 0.99862 * 99), rel=1e-3)


def test_a_skew_of_the_jackknife_stretches_the_upper_side():
    # values 0, 0, 3: deviations mean minus value 1, 1, -2; sum d^3 = -6, sum d^2 = 6,
    # a = -6 / (6 * 6^1.5) = -.068; z0 = 0, so Phi(z / (1 - a z)): z = -+1.645 gives
    # Phi(-1.8523) = .0320 and Phi(1.4793) = .9305
    draws = np.arange(-500.0, 501.0)
    found = bca_interval(0.0, draws, np.array([0.0, 0.0, 3.0]), conf_level=0.9)
    assert found == pytest.approx((-500 + 0.03200 * 1000, -500 + 0.93047 * 1000), abs=0.2)


@pytest.mark.parametrize(("without", "has_bounds"), [(50, True), (51, False)])
def test_an_interval_needs_half_of_the_draws_to_have_a_value(without, has_bounds):
    draws = np.where(np.arange(100) < without, np.nan, np.arange(100.0))
    found = bca_interval(74.0, draws, np.array([-1.0, 0.0, 1.0]), conf_level=0.9)
    assert np.isfinite(found).all() == has_bounds
