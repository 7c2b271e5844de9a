"""What must not matter does not, and what a variance promises it keeps."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.robust import cluster_robust, sandwich
from cvln_eval.inference.robust import freedom as freedom_module
from cvln_eval.inference.robust.freedom import spread

KINDS = ["CR0", "CR1", "CR1S", "CR2", "CR3", "jackknife"]
NUMBERS = ["estimate", "std_error", "df", "p_value", "conf_low", "conf_high"]
# Numbers of the size of 1 through a few dozen sums; df are ratios of fourth powers.
ROUNDING = {"rtol": 1e-7, "atol": 1e-9}


@st.composite
def tables(draw):
    """Draw unequal clusters, two of them treated, with a regressor and weights."""
    sizes = draw(st.lists(st.integers(1, 8), min_size=5, max_size=9))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    codes = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(
        {
            "y": rng.normal(size=len(codes)) + rng.normal(size=len(sizes))[codes],
            "x": rng.normal(size=len(codes)),
            "treated": (codes < 2).astype(float),
            "weight": rng.uniform(0.2, 4, len(codes)),
            "team_id": [f"t{code}" for code in codes],
        }
    )


def numbers(table, **given):
    given = {"formula": "y ~ treated + x", **given}
    return cluster_robust(table, **given).tidy()[NUMBERS].to_numpy()


@settings(deadline=None, max_examples=25)
@given(table=tables(), kind=st.sampled_from(KINDS), weights=st.sampled_from([None, "weight"]))
def test_order_names_and_the_scale_of_weights_do_not_matter(table, kind, weights):
    expected = numbers(table, kind=kind, weights=weights)
    shuffled = table.sample(frac=1, random_state=1)
    shuffled["team_id"] = shuffled["team_id"].map(lambda name: f"{9 - int(name[1:])} {name}")
    shuffled["weight"] *= 1e-12
    np.testing.assert_allclose(numbers(shuffled, kind=kind, weights=weights), expected, **ROUNDING)


@settings(deadline=None, max_examples=25)
@given(
    table=tables(),
    kind=st.sampled_from(KINDS),
    weights=st.sampled_from([None, "weight"]),
    scale=st.sampled_from([1e-9, -3.0, 1e9]),
)
def test_units_of_outcome_and_regressor_go_where_they_belong(table, kind, weights, scale):
    first = sandwich_of(table, kind, weights)
    second = sandwich_of(table.assign(y=scale * table["y"]), kind, weights)
    np.testing.assert_allclose(second.vcov, scale**2 * first.vcov, rtol=1e-7)
    np.testing.assert_allclose(second.df, first.df, rtol=1e-7)
    other = sandwich_of(table.assign(x=table["x"] / scale), kind, weights)
    np.testing.assert_allclose(other.df, first.df, rtol=1e-7)
    np.testing.assert_allclose(other.vcov[2, 2], scale**2 * first.vcov[2, 2], rtol=1e-7)


def sandwich_of(table, kind, weights=None, formula="y ~ treated + x"):
    design = cluster_design(table, formula=formula, cluster="team_id", weights=weights)
    return sandwich(design, kind)


@settings(deadline=None, max_examples=25)
@given(table=tables(), weights=st.sampled_from([None, "weight"]))
def test_a_shift_of_the_outcome_moves_the_constant_alone(table, weights):
    before, after = (
        sandwich_of(rows, "CR2", weights) for rows in (table, table.assign(y=table["y"] + 7))
    )
    np.testing.assert_allclose(after.beta - before.beta, [7, 0, 0], atol=1e-9)
    np.testing.assert_allclose(after.vcov, before.vcov, **ROUNDING)


@settings(deadline=None, max_examples=25)
@given(table=tables())
def test_cr2_is_unbiased_where_rows_are_independent(table):
    # E(V) = (X'X)^-1 for rows of variance 1, whatever the clusters; CR0 is too small
    x = np.column_stack([np.ones(len(table)), table["treated"], table["x"]])
    truth = np.linalg.inv(x.T @ x)
    found = sandwich_of(table, "CR2")
    np.testing.assert_allclose(spread(found.frame, np.eye(3)).mean(), truth, rtol=1e-6, atol=1e-9)
    small = spread(sandwich_of(table, "CR0").frame, np.eye(3)).mean()
    assert (np.diag(small) < np.diag(truth)).all()


@settings(deadline=None, max_examples=25)
@given(table=tables(), weights=st.sampled_from([None, "weight"]))
def test_kinds_are_ordered_and_cr1_is_cr0_with_its_factor(table, weights):
    variances = {kind: np.diag(sandwich_of(table, kind, weights).vcov) for kind in KINDS}
    n_clusters = table["team_id"].nunique()
    np.testing.assert_allclose(variances["CR1"], variances["CR0"] * n_clusters / (n_clusters - 1))
    assert (variances["jackknife"] <= variances["CR3"] * (1 + 1e-9)).all()


@settings(deadline=None, max_examples=25)
@given(table=tables(), kind=st.sampled_from(KINDS))
def test_weights_that_are_all_alike_are_no_weights(table, kind):
    alike = table.assign(weight=2.5)
    np.testing.assert_allclose(
        numbers(alike, kind=kind, weights="weight"), numbers(table, kind=kind), **ROUNDING
    )


@settings(deadline=None, max_examples=25)
@given(table=tables(), kind=st.sampled_from(KINDS))
def test_a_joint_test_does_not_depend_on_how_its_terms_are_coded(table, kind):
    mixed = table.assign(sum=table["x"] + table["treated"], less=table["x"] - 2 * table["treated"])
    first = cluster_robust(table, formula="y ~ treated + x", kind=kind).test(["treated", "x"])
    second = cluster_robust(mixed, formula="y ~ sum + less", kind=kind).test(["less", "sum"])
    columns = ["statistic", "df1", "df2", "p_value"]
    np.testing.assert_allclose(
        first.tidy()[columns].astype(float), second.tidy()[columns].astype(float), rtol=1e-6
    )


@pytest.mark.parametrize("kind", ["CR2", "jackknife"])
def test_blocks_of_rows_give_what_one_block_gives(designs, monkeypatch, kind):
    whole = numbers(designs["twelve"], kind=kind)
    monkeypatch.setattr(freedom_module, "ELEMENTS", 5 * 12)
    np.testing.assert_allclose(numbers(designs["twelve"], kind=kind), whole, rtol=1e-12)


def test_the_t_test_holds_its_level_and_its_interval_the_truth():
    # Equal clusters and normal scores: the test of the mean is exactly t(5). 2,000 draws: the
    # share of 5% has a standard error of .005.
    rng = np.random.default_rng(8)
    names = np.repeat(list("abcdef"), 4)
    table = pd.DataFrame({"y": 0.0, "team_id": names})
    design = cluster_design(table, formula="y ~ 1", cluster="team_id")
    y = rng.normal(size=(2000, 24)) + np.repeat(rng.normal(size=(2000, 6)), 4, axis=1)
    frame = sandwich(design, "CR2").frame
    errors = np.array([frame.variance(frame.residuals(one)).item() for one in y]) ** 0.5
    statistic = y.mean(axis=1) / errors
    rejected = (np.abs(statistic) > stats.t.ppf(0.975, 5)).mean()
    assert abs(rejected - 0.05) < 3 * 0.005
    assert stats.kstest(statistic, stats.t(5).cdf).pvalue > 0.01
