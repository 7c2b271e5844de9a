"""Parallel analysis: beside psych, by law, of known structure, and its failures."""

import csv
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.structure import parallel_analysis
from cvln_eval.measurement.structure.parallel import _compared, _shuffled

REFERENCE = Path(__file__).parents[2] / "reference" / "factors"
ITEMS = [f"q{place}" for place in range(1, 9)]
# Printed with eight digits.
EIGENVALUES = 1e-7
# Means of 400 draws, whose eigenvalues spread by .06, there with replacement and here without.
OF_DRAWS = 0.02


def answers():
    return pd.read_csv(REFERENCE / "answers.csv")


def rows(found, basis):
    table = found.tidy()
    return table[table["basis"] == basis].set_index("dimension")


def structured(n_groups, n, seed=1):
    """Return four items a group that share a trait; 0 groups give eight that share none."""
    draws = np.random.default_rng(seed)
    common = np.kron(draws.normal(size=(n, max(n_groups, 2))), np.ones(4))
    own = draws.normal(size=common.shape)
    values = own + (common if n_groups else 0)
    return pd.DataFrame(values, columns=[f"v{i}" for i in range(common.shape[1])])


def test_eigenvalues_and_their_chance_agree_with_psych():
    r = pd.read_csv(REFERENCE / "expected_parallel.csv").set_index("dimension")
    found = parallel_analysis(answers(), items=ITEMS, n_draws=400)
    components, factors = rows(found, "components"), rows(found, "factors")
    assert components["eigenvalue"].to_numpy() == pytest.approx(r["components"], abs=EIGENVALUES)
    assert factors["eigenvalue"].to_numpy() == pytest.approx(r["factors"], abs=EIGENVALUES)
    assert components["random_mean"].to_numpy() == pytest.approx(r["mean_components"], abs=OF_DRAWS)
    assert found.n_retained("components") == r["n_components"].iloc[0]
    assert found.n_retained("factors") == r["n_factors"].iloc[0]


def test_eigenvalues_of_two_items_that_agree_and_one_apart_by_hand():
    # correlations .5, 0, 0: eigenvalues 1.5, 1, .5
    # 1 - 1 / (R^-1)_jj is .25, .25, 0: reduced matrix [.25 .5; .5 .25] has .75 and -.25, and 0
    table = pd.DataFrame(
        {
            "a": [1, 1, 1, 1, -1, -1, -1, -1] * 2,
            "b": [1, 1, 1, -1, 1, -1, -1, -1] * 2,
            "c": [1] * 8 + [-1] * 8,
        }
    )
    found = parallel_analysis(table, items=list("abc"), n_draws=5)
    assert rows(found, "components")["eigenvalue"].to_numpy() == pytest.approx([1.5, 1, 0.5])
    assert rows(found, "factors")["eigenvalue"].to_numpy() == pytest.approx([0.75, 0, -0.25])


@pytest.mark.parametrize("n_groups", [1, 2, 3])
def test_planted_dimensions_are_counted(n_groups):
    table = structured(n_groups, 300)
    items = list(table)[: 4 * n_groups]
    found = parallel_analysis(table, items=items, n_draws=100)
    assert found.n_retained("components") == n_groups


def test_noise_has_no_dimension_nine_times_in_ten():
    found = [
        parallel_analysis(table, items=list(table), n_draws=60).n_retained()
        for table in (structured(0, 60, seed) for seed in range(30))
    ]
    assert np.mean(np.array(found) == 0) >= 0.85


def test_polychoric_eigenvalues_are_compared_with_polychoric_ones():
    cut = structured(1, 60).apply(lambda v: np.digitize(v, [-1.5, 0, 1.5]))
    items = list(cut)[:4]
    own, ordered = (
        rows(parallel_analysis(cut, items=items, kind=kind, n_draws=40), "components")
        for kind in ("pearson", "polychoric")
    )
    # The traits correlate more than their cuts, in the answers and in the shuffled answers.
    assert ordered.loc[1, "eigenvalue"] > own.loc[1, "eigenvalue"]
    assert ordered.loc[1, "random_mean"] > own.loc[1, "random_mean"]
    assert ordered["retained"].sum() == 1


def test_shuffling_keeps_margins_and_who_did_not_answer():
    table = answers().to_numpy(dtype=float)
    table[:7, 2] = np.nan
    shuffled = _shuffled(table, np.random.default_rng(0))
    assert np.array_equal(np.isnan(shuffled), np.isnan(table))
    assert np.array_equal(np.sort(shuffled, axis=0), np.sort(table, axis=0), equal_nan=True)
    assert not np.array_equal(shuffled[7:], table[7:])
    assert np.isnan(table[:7, 2]).all()


def test_the_same_seed_gives_the_same_numbers():
    first, again, other = (
        parallel_analysis(answers(), items=ITEMS, n_draws=20, rng=seed).tidy() for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first["random_mean"].equals(other["random_mean"])


def test_reversing_an_item_changes_no_eigenvalue():
    turned = answers().assign(q2=lambda d: 6 - d["q2"])
    own, other = (parallel_analysis(d, items=ITEMS, n_draws=5).tidy() for d in (answers(), turned))
    assert other["eigenvalue"].to_numpy() == pytest.approx(own["eigenvalue"].to_numpy())


def test_a_dimension_after_the_first_that_chance_reaches_is_not_retained():
    # Chance is 1 everywhere: the first passes, the second does not, the third would.
    compared = _compared("components", np.array([3.0, 0.9, 1.1]), np.ones((4, 3)), 0.95)
    assert compared["retained"].tolist() == [True, False, False]
    # An eigenvalue that chance just reaches does not exceed it.
    assert not _compared("components", np.ones(3), np.ones((4, 3)), 0.95)["retained"].any()


def test_a_higher_quantile_is_a_higher_bar():
    low, high = (
        parallel_analysis(answers(), items=ITEMS, n_draws=50, quantile=q).tidy()["random_quantile"]
        for q in (0.5, 0.95)
    )
    assert (low < high).all()


def test_an_item_without_variance_leaves_nothing():
    found = parallel_analysis(answers().assign(q3=2), items=ITEMS, n_draws=5)
    assert found.tidy()["eigenvalue"].isna().all()
    assert not found.tidy()["retained"].any()
    assert math.isnan(found.n_retained())
    assert "not available: a correlation is missing" in found.sentence()


def test_without_an_inverse_the_components_remain():
    table = answers().assign(q3=lambda d: d["q1"] + d["q2"])
    found = parallel_analysis(table, items=ITEMS, n_draws=20)
    assert np.isfinite(found.n_retained("components"))
    assert math.isnan(found.n_retained("factors"))
    assert "positive definite" in found.glance()["reason"].item()
    assert "common factors are not available" in found.sentence()


def test_nobody_and_one_person_leave_nothing():
    for n in (0, 1):
        found = parallel_analysis(answers().head(n), items=ITEMS, n_draws=5)
        assert math.isnan(found.n_retained())


def test_missing_answers_are_counted():
    table = answers().astype(float)
    table.iloc[0] = np.nan
    table.iloc[1, 1] = np.nan
    pairwise = parallel_analysis(table, items=ITEMS, n_draws=5)
    listwise = parallel_analysis(table, items=ITEMS, n_draws=5, missing="listwise")
    assert (pairwise.n_persons, pairwise.n_left_out) == (199, 1)
    assert (listwise.n_persons, listwise.n_left_out) == (198, 2)


def test_what_cannot_be_asked_is_refused():
    for asked, seen in (
        ({"n_draws": 0}, "n_draws 0"),
        ({"quantile": 95}, "quantile 95"),
        ({"kind": "kendall"}, "'kendall'"),
        ({"missing": "available"}, "'available'"),
    ):
        with pytest.raises(ArgumentError, match=seen):
            parallel_analysis(answers(), items=ITEMS, **asked)
    with pytest.raises(ArgumentError, match="at least 3"):
        parallel_analysis(answers(), items=ITEMS[:2])


def test_every_column_is_in_the_glossary():
    text = files("cvln_eval").joinpath("glossary.csv").read_text(encoding="utf-8")
    known = {row["column"] for row in csv.DictReader(text.splitlines())}
    found = parallel_analysis(answers(), items=ITEMS, n_draws=5)
    frames = (found.tidy(), found.glance())
    assert {column for frame in frames for column in frame.columns} - known == set()
