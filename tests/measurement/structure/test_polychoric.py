"""Polychoric correlations: by hand, by law, beside R, and of simulated truth."""

import csv
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.structure import polychoric_correlations
from cvln_eval.measurement.structure.bivariate_normal import below
from cvln_eval.measurement.structure.polychoric import polychoric_matrix

REFERENCE = Path(__file__).parents[2] / "reference" / "polychoric"
# make.R's own search and lavaan's end within 1e-7 of the maximum, in sixth digits of the slope.
TO_THE_MAXIMUM = 2e-7
# psych and polycor stop optimize() at its default of 1.2e-4; 1e-4 is what they differ by.
STOPPED_EARLY = 5e-5
# make.R takes numeric derivatives of a search that is exact to about 1e-8, steps of 1e-3.
ERROR_TOLERANCE = 2e-4
PAIR = ["q1", "q2"]


def people(table):
    """Return one row a person from a table of counts."""
    rows = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    return pd.DataFrame(rows, columns=PAIR)


def answers_of(n):
    return pd.read_csv(REFERENCE / f"answers_{n}.csv")


def beside_r(n):
    own = polychoric_correlations(answers_of(n), items=[f"q{i}" for i in range(1, 6)]).tidy()
    expected = pd.read_csv(REFERENCE / f"expected_{n}.csv")
    return own.merge(expected, on=["item", "other_item"], validate="one_to_one")


def test_a_table_cut_at_both_medians_by_hand():
    # P(both below) = 1/4 + arcsin(rho) / 2 pi = .35, so rho = sin(2 pi .10) = sin(.6283) = .5878
    found = polychoric_correlations(people([[35, 15], [15, 35]]), items=PAIR)
    assert found.matrix.loc["q1", "q2"] == pytest.approx(math.sin(0.2 * math.pi), abs=1e-9)
    assert found.thresholds["tau"].tolist() == [0, 0]


def test_thresholds_are_deviates_of_the_shares_below():
    answers = pd.DataFrame({"q1": [1] * 16 + [2] * 34 + [4] * 50, "q2": [1, 2] * 50})
    found = polychoric_correlations(answers, items=PAIR).thresholds
    # Phi^-1(.16) = -.99446, Phi^-1(.50) = 0
    assert found["tau"].to_numpy() == pytest.approx([-0.994458, 0, 0], abs=1e-6)
    assert found["answer"].tolist() == [1, 2, 1]


@pytest.mark.parametrize("n", [41, 400])
def test_correlations_agree_with_r(n):
    both = beside_r(n)
    assert len(both) == 10
    for name, tolerance in [
        ("searched", TO_THE_MAXIMUM),
        ("lavaan", TO_THE_MAXIMUM),
        ("psych", STOPPED_EARLY),
        ("polycor", STOPPED_EARLY),
    ]:
        assert both["estimate"].to_numpy() == pytest.approx(both[name].to_numpy(), abs=tolerance)


@pytest.mark.parametrize("n", [41, 400])
def test_standard_errors_agree_with_the_delta_method(n):
    both = beside_r(n)
    assert both["std_error"].to_numpy() == pytest.approx(
        both["delta_se"].to_numpy(), abs=ERROR_TOLERANCE
    )


def test_binary_items_agree_with_lavaan_and_keep_their_margins():
    rows = list(csv.DictReader((REFERENCE / "expected_binary.csv").read_text().splitlines()))
    for row in rows[:2]:
        table = [[int(row["n00"]), int(row["n01"])], [int(row["n10"]), int(row["n11"])]]
        own = polychoric_correlations(people(table), items=PAIR).matrix.loc["q1", "q2"]
        assert own == pytest.approx(float(row["lavaan"]), abs=TO_THE_MAXIMUM)
    usual = float(rows[0]["psych"])
    assert usual == pytest.approx(float(rows[0]["lavaan"]), abs=STOPPED_EARLY)


def test_without_a_correction_an_empty_cell_of_two_by_two_has_no_maximum():
    found = polychoric_correlations(people([[15, 0], [10, 16]]), items=PAIR, correct=0)
    row = found.tidy().iloc[0]
    assert math.isnan(row["estimate"])
    assert "rises all the way" in row["reason"]
    assert row["n_cells_empty"] == 1
    assert "not available" in found.sentence()


def test_identical_items_have_no_maximum_inside_the_bounds():
    answers = pd.DataFrame({"q1": [1, 2, 3, 4] * 10}).assign(q2=lambda d: d["q1"])
    row = polychoric_correlations(answers, items=PAIR).tidy().iloc[0]
    assert math.isnan(row["estimate"])
    assert math.isnan(row["std_error"])
    assert "rises all the way" in row["reason"]


def test_empty_cells_are_counted_and_said():
    found = polychoric_correlations(people([[9, 3, 0], [2, 8, 2], [0, 3, 7]]), items=PAIR)
    assert found.tidy()[["n_cells", "n_cells_empty"]].iloc[0].tolist() == [9, 2]
    assert "Of 9 cells in the tables of pairs, 22% are empty." in found.sentence()
    assert found.glance()["n_cells_empty"].item() == 2


def test_only_the_order_of_the_categories_counts():
    answers = answers_of(41)
    names = list(answers)
    stretched = answers**3 + 7
    own, other = (polychoric_correlations(d, items=names).matrix for d in (answers, stretched))
    assert np.array_equal(own, other)


def test_reversing_an_item_turns_the_sign_of_its_correlations():
    answers = answers_of(400)
    names = list(answers)
    turned = answers.assign(q2=-answers["q2"])
    own, other = (polychoric_correlations(d, items=names).matrix for d in (answers, turned))
    sign = np.where(np.array(names) == "q2", -1, 1)
    assert other.to_numpy() == pytest.approx(own.to_numpy() * np.outer(sign, sign), abs=1e-8)


def test_the_order_of_items_and_of_people_changes_nothing():
    answers = answers_of(41)
    own = polychoric_correlations(answers, items=list(answers)).matrix
    mixed = answers.sample(frac=1, random_state=1)
    other = polychoric_correlations(mixed, items=list(answers)[::-1]).matrix
    assert other.loc[own.index, own.columns].to_numpy() == pytest.approx(own.to_numpy(), abs=1e-8)


def test_people_counted_twice_change_only_the_errors():
    answers = answers_of(41)
    names = list(answers)
    twice = pd.concat([answers, answers])
    own, other = (polychoric_correlations(d, items=names) for d in (answers, twice))
    assert other.matrix.to_numpy() == pytest.approx(own.matrix.to_numpy(), abs=1e-8)
    ratio = own.tidy()["std_error"] / other.tidy()["std_error"]
    assert ratio.to_numpy() == pytest.approx(np.full(10, math.sqrt(2)), abs=1e-6)


def test_listwise_is_dropping_people_first():
    answers = answers_of(41).astype(float)
    answers.iloc[[1, 5], 0] = np.nan
    answers.iloc[7, 3] = np.nan
    names = list(answers)
    listwise = polychoric_correlations(answers, items=names, missing="listwise")
    dropped = polychoric_correlations(answers.dropna(), items=names)
    assert np.array_equal(listwise.matrix, dropped.matrix)
    assert (listwise.n_persons, listwise.n_left_out) == (38, 3)
    pairwise = polychoric_correlations(answers, items=names)
    assert pairwise.n.loc["q1", "q4"] == 38
    assert pairwise.n.loc["q1", "q2"] == 39
    assert pairwise.n.loc["q2", "q2"] == 41
    assert (pairwise.n_persons, pairwise.n_left_out) == (41, 0)


def test_pairwise_thresholds_use_everybody_who_answered_the_item():
    answers = pd.DataFrame({"q1": [0.0] * 30 + [1.0] * 10, "q2": [0.0, 1.0] * 20})
    answers.loc[:9, "q2"] = np.nan
    found = polychoric_correlations(answers, items=PAIR).thresholds.set_index("item")
    assert found.loc["q1", "tau"] == pytest.approx(0.6744898)  # Phi^-1(30/40)
    assert found["n"].to_dict() == {"q1": 40, "q2": 30}


def test_pairs_without_a_table_say_why():
    answers = pd.DataFrame(
        {
            "a": [1, 2, 3, 1, 2, 1, np.nan, np.nan],
            "b": [1, 2, 3, 2, 2, 3, np.nan, np.nan],
            "c": [np.nan] * 6 + [1, 2],
            "d": [4] * 8,
        }
    )
    found = polychoric_correlations(answers, items=list("abcd"))
    why = found.tidy().set_index(["item", "other_item"])["reason"]
    assert why["a", "b"] == ""
    assert why["a", "c"] == "nobody answered both items"
    assert why["a", "d"].startswith("an item has one category")
    assert found.glance()["n_pairs_without"].item() == 5
    assert "5 pairs without a correlation" in found.sentence()
    assert math.isnan(found.smallest_eigenvalue())


def test_nobody_has_reasons_and_no_crash():
    empty = pd.DataFrame({"q1": [np.nan, np.nan], "q2": [np.nan, np.nan]})
    for answers in (empty, empty.iloc[:0]):
        found = polychoric_correlations(answers, items=PAIR)
        assert found.tidy()["reason"].tolist() == ["nobody answered both items"]
        assert "not available" in found.sentence()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=3, max_size=3))
def test_any_table_gives_a_correlation_inside_the_bounds_or_a_reason(table):
    row = polychoric_correlations(people(table), items=PAIR).tidy().iloc[0]
    if row["reason"]:
        assert math.isnan(row["estimate"])
    else:
        assert -1 < row["conf_low"] <= row["estimate"] <= row["conf_high"] < 1
        assert row["std_error"] > 0


def test_the_interval_is_taken_on_the_scale_of_fisher_z():
    row = polychoric_correlations(answers_of(41), items=PAIR, conf_level=0.9).tidy().iloc[0]
    reach = 1.644854 * row["std_error"] / (1 - row["estimate"] ** 2)
    ends = [math.tanh(math.atanh(row["estimate"]) + side * reach) for side in (-1, 1)]
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(ends, abs=1e-6)
    assert row["conf_level"] == 0.9


def test_the_bivariate_normal_agrees_with_its_closed_forms():
    # at the origin 1/4 + arcsin(rho) / 2 pi; without correlation Phi(h) Phi(k); beyond, Phi(k)
    half = below(np.zeros(3), np.zeros(3), np.array([-0.5, 0.0, 0.5]))
    assert half == pytest.approx([1 / 6, 1 / 4, 1 / 3], abs=1e-15)
    assert below(np.array(0.0), np.array(-1.0), np.array(0.0)) == pytest.approx(0.0793276270)
    assert below(np.array(38.0), np.array(0.0), np.array(0.9)) == pytest.approx(0.5, abs=1e-15)


def test_intervals_cover_a_known_correlation():
    # 300 pairs of 41 people with rho .5 on five points; 3 errors of a coverage of .95 are .04
    draws = np.random.default_rng(5)
    n_pairs, truth = 300, 0.5
    first = draws.normal(size=(41, n_pairs))
    second = truth * first + math.sqrt(1 - truth**2) * draws.normal(size=(41, n_pairs))
    cuts = [-1.2, -0.4, 0.4, 1.2]
    covered, found = 0, []
    for a, b in zip(np.digitize(first, cuts).T, np.digitize(second, cuts).T, strict=True):
        row = polychoric_correlations(pd.DataFrame({"q1": a, "q2": b}), items=PAIR).tidy().iloc[0]
        covered += row["conf_low"] <= truth <= row["conf_high"]
        found.append(row["estimate"])
    assert 0.91 <= covered / n_pairs <= 0.99
    assert np.mean(found) == pytest.approx(truth, abs=0.03)


def test_a_matrix_of_columns_is_that_of_the_result():
    answers = answers_of(41)
    own = polychoric_correlations(answers, items=list(answers)).matrix.to_numpy()
    assert np.array_equal(polychoric_matrix(answers.to_numpy(dtype=float)), own)


def test_what_cannot_be_asked_is_refused():
    answers = answers_of(41)
    with pytest.raises(ArgumentError, match="'q9'"):
        polychoric_correlations(answers, items=["q1", "q9"])
    with pytest.raises(ArgumentError, match="at least 2"):
        polychoric_correlations(answers, items=["q1"])
    with pytest.raises(ArgumentError, match="'available'"):
        polychoric_correlations(answers, items=PAIR, missing="available")
    with pytest.raises(ArgumentError, match=r"1\.5"):
        polychoric_correlations(answers, items=PAIR, correct=1.5)
    with pytest.raises(ArgumentError, match="95"):
        polychoric_correlations(answers, items=PAIR, conf_level=95)
    many = answers.assign(q1=np.arange(41))
    with pytest.raises(ArgumentError, match="'q1'"):
        polychoric_correlations(many, items=PAIR)


def test_every_column_is_in_the_glossary():
    text = files("cvln_eval").joinpath("glossary.csv").read_text(encoding="utf-8")
    known = {row["column"] for row in csv.DictReader(text.splitlines())}
    found = polychoric_correlations(answers_of(41), items=PAIR)
    columns = {c for d in (found.tidy(), found.glance(), found.thresholds) for c in d.columns}
    assert columns - known == set()
