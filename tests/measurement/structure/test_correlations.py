"""Correlations of items: by hand, beside scipy, by law, and their failures."""

import csv
import math
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.structure import (
    confirmatory_factors,
    exploratory_factors,
    item_correlations,
    parallel_analysis,
    polychoric_correlations,
    smoothed,
)

ABC = list("abc")


def with_holes():
    draws = np.random.default_rng(3)
    common = draws.normal(size=(41, 1))
    table = pd.DataFrame(np.round(common + draws.normal(size=(41, 3))), columns=ABC)
    table.iloc[:4, 0] = np.nan
    table.iloc[3:9, 1] = np.nan
    table.iloc[3, 2] = np.nan
    return table


def test_pearson_of_five_people_by_hand():
    # deviations -2 -1 0 1 2 and -1 -2 1 0 2: sum of products 8, both sums of squares 10
    table = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5]})
    row = item_correlations(table, items=["a", "b"]).tidy().iloc[0]
    assert row["estimate"] == pytest.approx(0.8)
    # atanh(.8) = 1.0986, 1 / sqrt(5 - 3) = .7071, 1.0986 -+ 1.3859: tanh gives -.2796 and .9862
    assert row["conf_low"] == pytest.approx(-0.2796, abs=1e-4)
    assert row["conf_high"] == pytest.approx(0.9862, abs=1e-4)
    assert row["std_error"] == pytest.approx(0.36 / math.sqrt(2))


def test_spearman_of_tied_answers_by_hand():
    # ranks 1.5 1.5 3 4 and 1 2 3.5 3.5: deviations -1 -1 .5 1.5 and -1.5 -.5 1 1
    # products 1.5 + .5 + .5 + 1.5 = 4, squares 4.5 and 4.5: 4 / 4.5
    table = pd.DataFrame({"a": [1, 1, 2, 9], "b": [1, 2, 5, 5]})
    row = item_correlations(table, items=["a", "b"], kind="spearman").tidy().iloc[0]
    assert row["estimate"] == pytest.approx(4 / 4.5)
    error = math.sqrt(1 + (4 / 4.5) ** 2 / 2)
    assert row["conf_low"] == pytest.approx(math.tanh(math.atanh(4 / 4.5) - 1.959964 * error))


@pytest.mark.parametrize(("kind", "theirs"), [("pearson", pearsonr), ("spearman", spearmanr)])
def test_each_pair_uses_those_who_answered_both(kind, theirs):
    table = with_holes()
    for row in item_correlations(table, items=ABC, kind=kind).tidy().itertuples():
        both = table[[row.item, row.other_item]].dropna()
        assert row.n == len(both)
        r = theirs(both.iloc[:, 0], both.iloc[:, 1]).statistic
        assert row.estimate == pytest.approx(r, abs=1e-12)


def test_the_interval_is_that_of_scipy():
    table = with_holes().dropna()
    row = item_correlations(table, items=["a", "b"], conf_level=0.9).tidy().iloc[0]
    low, high = pearsonr(table["a"], table["b"]).confidence_interval(0.9)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("kind", ["pearson", "spearman", "polychoric"])
def test_listwise_is_dropping_people_first(kind):
    table = with_holes()
    listwise = item_correlations(table, items=ABC, kind=kind, missing="listwise")
    dropped = item_correlations(table.dropna(), items=ABC, kind=kind)
    assert np.array_equal(listwise.matrix, dropped.matrix)
    assert (listwise.n_persons, listwise.n_left_out) == (32, 9)
    assert (listwise.n == 32).all(axis=None)


def test_pairwise_leaves_out_only_who_answered_nothing():
    found = item_correlations(with_holes(), items=ABC)
    assert (found.n_persons, found.n_left_out) == (40, 1)
    assert np.diag(found.n).tolist() == [37, 35, 40]
    assert found.glance()["n_min"].item() == 32
    assert "n of a pair at least 32, missing answers pairwise" in found.sentence()


def test_polychoric_is_that_of_its_own_function():
    table = with_holes()
    own = item_correlations(table, items=ABC, kind="polychoric").tidy()
    assert own.equals(polychoric_correlations(table, items=ABC).tidy())


def test_too_few_people_and_no_variance_have_reasons():
    table = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [3] * 5, "c": [1, 2, 1, np.nan, np.nan]})
    found = item_correlations(table, items=ABC)
    why = found.tidy().set_index(["item", "other_item"])["reason"]
    assert why["a", "b"].startswith("an item does not vary")
    assert why["a", "c"] == "fewer than 4 people answered both items"
    assert found.tidy()["estimate"].isna().all()
    assert "not available: an item does not vary" in found.sentence()
    assert found.glance()["reason"].item() == "3 pairs without a correlation"
    assert item_correlations(table.iloc[:0], items=ABC).tidy()["estimate"].isna().all()


def test_matrices_hold_what_the_rows_hold():
    found = item_correlations(with_holes(), items=ABC)
    rows = found.tidy().set_index(["item", "other_item"])
    for name, column in (("matrix", "estimate"), ("n", "n"), ("std_error", "std_error")):
        matrix = getattr(found, name)
        assert matrix.loc["b", "c"] == matrix.loc["c", "b"] == rows.loc[("b", "c"), column]
    assert np.diag(found.matrix).tolist() == [1, 1, 1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=0, max_size=12))
def test_any_answers_give_numbers_or_reasons(rows):
    table = pd.DataFrame(rows, columns=ABC, dtype=float)
    for kind in ("pearson", "spearman"):
        found = item_correlations(table, items=ABC, kind=kind).tidy()
        assert (found["estimate"].isna() == (found["reason"] != "")).all()


def indefinite():
    return pd.DataFrame([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], ABC, ABC)


def test_smoothing_gives_a_correlation_matrix():
    found = smoothed(indefinite())
    assert np.diag(found) == pytest.approx([1, 1, 1])
    assert np.linalg.eigvalsh(found)[0] > -1e-12
    # The roots are -.8, 1.9, 1.9; without the first, off-diagonal over diagonal is 1/2.
    assert found.loc["a", "c"] == pytest.approx(-0.5)


def test_smoothing_leaves_a_proper_or_incomplete_matrix_alone():
    proper = item_correlations(with_holes(), items=ABC).matrix
    assert smoothed(proper).equals(proper)
    broken = indefinite().mask(lambda m: m == 0.9)
    assert smoothed(broken).equals(broken)


def test_a_matrix_that_is_not_positive_definite_is_said_and_left():
    parts = [{"a": [1, 2, 3, 4], "b": [1, 2, 3, 5]}, {"b": [1, 2, 3, 4], "c": [1, 2, 3, 5]}]
    parts.append({"a": [1, 2, 3, 4], "c": [-1, -2, -3, -5]})
    table = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    found = item_correlations(table, items=ABC)
    row = found.glance().iloc[0]
    assert not row["positive_definite"]
    assert row["smallest_eigenvalue"] < -0.5
    assert "The matrix is not positive definite (smallest eigenvalue -0.9" in found.sentence()


def test_what_cannot_be_asked_is_refused():
    table = with_holes()
    with pytest.raises(ArgumentError, match="'kendall'"):
        item_correlations(table, items=ABC, kind="kendall")
    with pytest.raises(ArgumentError, match="'never'"):
        item_correlations(table, items=ABC, missing="never")
    with pytest.raises(ArgumentError, match="'z'"):
        item_correlations(table, items=["a", "z"])
    with pytest.raises(ArgumentError, match=r"1\.2"):
        item_correlations(table, items=ABC, conf_level=1.2)


def test_every_column_is_in_the_glossary():
    text = files("cvln_eval").joinpath("glossary.csv").read_text(encoding="utf-8")
    known = {row["column"] for row in csv.DictReader(text.splitlines())}
    found = item_correlations(with_holes(), items=ABC)
    frames = (found.tidy(), found.glance(), found.thresholds)
    assert {column for frame in frames for column in frame.columns} - known == set()


FUNCTIONS = [
    lambda table: item_correlations(table, items=list("abc")),
    lambda table: item_correlations(table, items=list("abc"), kind="polychoric"),
    lambda table: parallel_analysis(table, items=list("abc"), n_draws=2),
    lambda table: exploratory_factors(table, items=list("abc"), n_factors=1),
    lambda table: confirmatory_factors(table, factors={"f": list("abc")}),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_person_in_several_rows_is_refused(function):
    rng = np.random.default_rng(1)
    answers = pd.DataFrame(rng.integers(1, 6, (20, 3)), columns=list("abc"))
    people = [f"p{i:02}" for i in range(20)]
    function(answers.assign(person_id=people))
    with pytest.raises(ArgumentError, match="does not say which person"):
        function(answers.assign(person_id=[*people[:19], None]))
    twice = answers.assign(person_id=[*people[:19], "p03"], wave=["y1"] * 19 + ["y2"])
    with pytest.raises(ArgumentError, match=r"has several rows[\s\S]*'p03'"):
        function(twice)


def test_two_or_three_people_have_no_polychoric_correlation():
    answers = pd.DataFrame({"a": [1, 2, 1, 2], "b": [1, 2, 2, 1]})
    three = item_correlations(answers[:3], items=["a", "b"], kind="polychoric").tidy().iloc[0]
    assert np.isnan(three["estimate"])
    assert np.isnan(three["conf_low"])
    assert three["reason"] == "fewer than 4 people answered both items"
    four = item_correlations(answers, items=["a", "b"], kind="polychoric").tidy().iloc[0]
    assert four["estimate"] == pytest.approx(0, abs=1e-6)


def test_a_zero_has_no_sign_in_a_sentence():
    rng = np.random.default_rng(4)
    parts = pd.DataFrame(rng.integers(1, 6, (30, 2)), columns=["a", "b"])
    said = [
        item_correlations(
            parts.assign(c=sign * (parts["a"] + parts["b"])), items=list("abc")
        ).sentence()
        for sign in (1, -1)
    ]
    assert all("(smallest eigenvalue 0.000)" in one for one in said)
