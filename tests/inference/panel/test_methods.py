"""Methods for many outcomes at once: by hand, and equal to the functions for one."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.mixed import mixed_model
from cvln_eval.inference.panel.kinds import (
    CLUSTERED_Z,
    CR1,
    CR2,
    JACKKNIFE,
    MEANS,
    METHODS,
    MIXED,
    MIXED_Z,
    OLS,
    RADEMACHER,
    RANDOMIZATION,
    SLOPES,
    WEBB,
    method_of,
)
from cvln_eval.inference.panel.outcomes import clustered_outcomes
from cvln_eval.inference.randomization import randomization_test
from cvln_eval.inference.robust import cluster_robust, sandwich
from cvln_eval.inference.wild import wild_bootstrap

# The same sums in another order.
SAME = 1e-9
# Both stop a search for the variance ratio, in another parametrisation; df lie on a flat top.
SEARCHED = 1e-4
RUNS = 6

SIZES = np.array([7, 7, 8, 8, 11])
CODES = np.repeat(np.arange(5), SIZES)
TREATED = (CODES < 2).astype(float)
TENURE = np.random.default_rng(11).normal(size=41)
DOSE = np.array([4.0, 9, 6, 12, 7])[CODES]
DESIGNS = {
    "treated": (np.column_stack([np.ones(41), TREATED]), 1),
    "dose": (np.column_stack([np.ones(41), DOSE]), 1),
    "mean": (np.ones((41, 1)), 0),
    "within": (np.column_stack([np.ones(41), TENURE, TREATED]), 1),
    "control": (np.column_stack([np.ones(41), TENURE, TREATED]), 2),
}


def outcomes():
    return clustered_outcomes(RUNS, np.random.default_rng(5), CODES, 0.2, np.ones(5))


def answers(name, design, y=None, conf_level=0.95):
    x, term = DESIGNS[design]
    terms = tuple(f"x{place}" for place in range(x.shape[1]))
    method = method_of(name, x, CODES, terms, term)
    y = outcomes() if y is None else y
    return method.answers(y, conf_level, np.random.default_rng(0))


def by_cluster(y):
    return np.bincount(CODES, y) / SIZES


def table_of(design, y):
    x, term = DESIGNS[design]
    names = [f"x{place}" for place in range(x.shape[1])]
    table = pd.DataFrame(x, columns=names).assign(y=y, team_id=CODES.astype(str))
    return table, f"y ~ 0 + {' + '.join(names)}", names[term], names


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("name", "kind", "df"),
    [
        (CLUSTERED_Z, "CR1S", np.inf),
        (CR1, "CR1", 4),
        (CR2, "CR2", None),
        (JACKKNIFE, "jackknife", 4),
    ],
)
def test_cluster_robust_errors_are_those_of_one_regression(name, kind, df, design):
    found = answers(name, design)
    x, term = DESIGNS[design]
    for run, y in enumerate(outcomes().T):
        one = ClusterDesign(
            "y", y, x, tuple("abc"[: x.shape[1]]), CODES, tuple("12345"), None, CODES, 0
        )
        by_room = sandwich(one, kind)
        assert found.estimate[run] == pytest.approx(by_room.beta[term], rel=SAME)
        assert found.std_error[run] == pytest.approx(np.sqrt(by_room.vcov[term, term]), rel=SAME)
        wanted = by_room.df[term] if df is None else df
        assert found.df[run] == pytest.approx(wanted, rel=SAME)


@pytest.mark.parametrize("design", DESIGNS)
def test_cr2_is_the_row_of_cluster_robust(design):
    found = answers(CR2, design, conf_level=0.9)
    for run, y in enumerate(outcomes().T):
        table, formula, term, _ = table_of(design, y)
        tidy = cluster_robust(table, formula=formula, conf_level=0.9).tidy().set_index("term")
        for column in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
            assert getattr(found, column)[run] == pytest.approx(tidy.loc[term, column], rel=SAME)


@pytest.mark.filterwarnings("ignore::cvln_eval.inference.wild.FewTreatedClustersWarning")
@pytest.mark.parametrize("design", DESIGNS)
def test_rademacher_p_is_that_of_the_bootstrap(design):
    found = answers(RADEMACHER, design)
    for run, y in enumerate(outcomes().T):
        table, formula, term, _ = table_of(design, y)
        one = wild_bootstrap(table, formula=formula, term=term)
        assert one.enumerated
        assert found.p_value[run] == pytest.approx(one.p_value, rel=SAME)
        assert found.estimate[run] == pytest.approx(one.estimate, rel=SAME)


def test_webb_p_is_that_of_all_weights_up_to_chance():
    y = outcomes()[:, :3]
    found = answers(WEBB, "dose", y)
    for run in range(3):
        table, formula, term, _ = table_of("dose", y[:, run])
        p = wild_bootstrap(table, formula=formula, term=term, draws="webb").p_value
        assert found.p_value[run] == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / 1023))


@pytest.mark.parametrize("design", ["treated", "dose", "control"])
def test_randomization_p_is_that_of_the_test(design):
    found = answers(RANDOMIZATION, design)
    for run, y in enumerate(outcomes().T):
        table, _, term, names = table_of(design, y)
        controls = [name for name in names if name != term and np.ptp(table[name]) > 0]
        one = randomization_test(table, outcome="y", treatment=term, controls=controls)
        assert found.p_value[run] == pytest.approx(one.p_value, rel=SAME)
        assert found.estimate[run] == pytest.approx(one.estimate, rel=SAME)


def test_one_treated_cluster_is_tested_by_the_difference():
    x = np.column_stack([np.ones(41), CODES == 0]).astype(float)
    method = method_of(RANDOMIZATION, x, CODES, ("Intercept", "treated"), 1)
    found = method.answers(outcomes(), 0.95, np.random.default_rng(0))
    for run, y in enumerate(outcomes().T):
        table = pd.DataFrame({"y": y, "team_id": CODES.astype(str), "treated": x[:, 1]})
        how = {"outcome": "y", "treatment": "treated", "statistic": "difference"}
        assert found.p_value[run] == pytest.approx(randomization_test(table, **how).p_value)
    assert method.smallest_p == pytest.approx(1 / 5)


@pytest.mark.parametrize("design", DESIGNS)
def test_mixed_model_is_the_row_of_the_model(design):
    found, by_z = answers(MIXED, design), answers(MIXED_Z, design)
    for run, y in enumerate(outcomes().T):
        table, formula, term, _ = table_of(design, y)
        tidy = mixed_model(table, formula=formula, random={"team_id": "1"}).tidy()
        row = tidy[tidy["term"] == term].iloc[0]
        for column in ("estimate", "std_error", "df", "p_value"):
            assert getattr(found, column)[run] == pytest.approx(row[column], rel=SEARCHED, abs=1e-7)
        z = row["estimate"] / row["std_error"]
        assert by_z.p_value[run] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=SEARCHED)


def test_least_squares_is_the_t_test_of_two_groups():
    found = answers(OLS, "treated")
    for run, y in enumerate(outcomes().T):
        by_scipy = stats.ttest_ind(y[TREATED == 1], y[TREATED == 0])
        assert found.p_value[run] == pytest.approx(by_scipy.pvalue, rel=SAME)
        assert found.conf_low[run] == pytest.approx(by_scipy.confidence_interval().low, rel=SAME)


def test_cluster_means_are_the_t_test_of_means():
    found = answers(MEANS, "treated")
    for run, y in enumerate(outcomes().T):
        means = by_cluster(y)
        by_scipy = stats.ttest_ind(means[:2], means[2:])
        assert found.p_value[run] == pytest.approx(by_scipy.pvalue, rel=SAME)
        assert found.df[run] == 3
    one_group = answers(MEANS, "mean")
    means = by_cluster(outcomes()[:, 0])
    assert one_group.p_value[0] == pytest.approx(stats.ttest_1samp(means, 0).pvalue, rel=SAME)


def test_cluster_means_by_hand():
    # Means 2, 4 of treated, 1, 1, 1 of others: difference 2; pooled variance (1 + 1) / 3,
    # standard error sqrt(2/3 (1/2 + 1/3)) = sqrt(5/9).
    y = np.repeat([2.0, 4, 1, 1, 1], SIZES)[:, None]
    found = answers(MEANS, "treated", y)
    assert found.estimate[0] == pytest.approx(2)
    assert found.std_error[0] == pytest.approx(np.sqrt(5 / 9))


def test_adjusted_cluster_means_are_those_of_donald_and_lang():
    found = answers(MEANS, "control")
    dummies = (CODES[:, None] == np.arange(5)).astype(float)
    for run, y in enumerate(outcomes().T):
        first = np.linalg.lstsq(np.column_stack([dummies, TENURE]), y)[0][:5]
        by_scipy = stats.ttest_ind(first[:2], first[2:])
        assert found.p_value[run] == pytest.approx(by_scipy.pvalue, rel=SAME)


def test_cluster_slopes_are_the_t_test_of_slopes():
    found = answers(SLOPES, "within")
    for run, y in enumerate(outcomes().T):
        parts = [np.flatnonzero(own) for own in np.arange(5)[:, None] == CODES]
        slopes = [np.polyfit(TENURE[own], y[own], 1)[0] for own in parts]
        assert found.p_value[run] == pytest.approx(stats.ttest_1samp(slopes, 0).pvalue, rel=SAME)


def test_nothing_is_tested_where_the_design_does_not_allow_it():
    assert np.isnan(answers(MEANS, "within").p_value).all()
    assert np.isnan(answers(SLOPES, "treated").p_value).all()
    assert np.isnan(answers(RANDOMIZATION, "mean").p_value).all()
    assert np.isnan(answers(RANDOMIZATION, "within").p_value).all()


@pytest.mark.parametrize("group", [0, 4])
def test_one_treated_cluster_has_no_cr2_and_no_jackknife(group):
    x = np.column_stack([np.ones(41), np.equal(CODES, group)]).astype(float)
    for name in (CR2, JACKKNIFE):
        method = method_of(name, x, CODES, ("Intercept", "treated"), 1)
        assert method.reason == "without one of the clusters the term cannot be estimated"
        intercept = method_of(name, x, CODES, ("Intercept", "treated"), 0)
        assert getattr(intercept, "reason", "") == ""


@pytest.mark.parametrize("name", METHODS)
def test_scale_and_controls_do_not_move_a_p_value(name):
    y = outcomes()
    there = answers(name, "control", y)
    x, _ = DESIGNS["control"]
    moved = answers(name, "control", 1000 * y + (x[:, :2] @ [3.0, 700.0])[:, None])
    np.testing.assert_allclose(moved.p_value, there.p_value, rtol=1e-5)
    np.testing.assert_allclose(moved.estimate, 1000 * there.estimate, rtol=1e-5)


@pytest.mark.parametrize("name", [name for name in METHODS if name != WEBB])
def test_order_of_rows_and_names_of_clusters_do_not_matter(name):
    x, term = DESIGNS["control"]
    order = np.random.default_rng(1).permutation(41)
    other = np.array([3, 0, 4, 1, 2])[CODES[order]]
    terms = ("Intercept", "tenure", "treated")
    there = answers(name, "control")
    method = method_of(name, x[order], other, terms, term)
    moved = method.answers(outcomes()[order], 0.95, np.random.default_rng(0))
    np.testing.assert_allclose(moved.p_value, there.p_value, rtol=1e-6)


def test_smallest_p_of_two_in_five():
    x, _ = DESIGNS["treated"]
    terms = ("Intercept", "treated")
    assert method_of(RADEMACHER, x, CODES, terms, 1).smallest_p == 2 / 32
    assert method_of(RANDOMIZATION, x, CODES, terms, 1).smallest_p == 1 / 10
    assert method_of(WEBB, x, CODES, terms, 1).smallest_p == 1 / 1024
    assert method_of(CR2, x, CODES, terms, 1).smallest_p == 0


def test_simulated_outcomes_have_the_icc_and_the_scale():
    codes = np.repeat([0, 1], 2)
    y = clustered_outcomes(40_000, np.random.default_rng(1), codes, 0.3, np.array([1.0, 2.0]))
    r = np.corrcoef(y)
    # 4 standard errors of a correlation of 40,000 pairs
    assert r[0, 1] == pytest.approx(0.3, abs=0.02)
    assert r[0, 2] == pytest.approx(0.0, abs=0.02)
    np.testing.assert_allclose(y.std(axis=1), [1, 1, 2, 2], rtol=0.02)


def test_drawn_assignments_count_the_observed_one():
    # 10 of 20 treated: 184,756 assignments, 1,023 drawn; an effect without equal gives 1 / 1,024.
    codes = np.arange(20)
    x = np.column_stack([np.ones(20), codes < 10]).astype(float)
    method = method_of(RANDOMIZATION, x, codes, ("Intercept", "treated"), 1)
    noise = clustered_outcomes(2, np.random.default_rng(2), codes, 0.0, np.ones(20))
    y = np.column_stack([noise, noise[:, 0] + 99 * x[:, 1]])
    p = method.answers(y, 0.95, np.random.default_rng(3)).p_value
    assert p[2] == pytest.approx(1 / 1024)
    exact = randomization_test(
        pd.DataFrame({"y": y[:, 0], "team_id": codes.astype(str), "treated": x[:, 1]}),
        outcome="y",
        treatment="treated",
    ).p_value
    assert p[0] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 1023))
    assert method.smallest_p == pytest.approx(1 / 1024)


@pytest.mark.parametrize("name", [CR2, JACKKNIFE, CR1, CLUSTERED_Z, MEANS, SLOPES])
def test_what_a_method_keeps_grows_with_the_rows_and_not_with_rows_times_clusters(name):
    codes = np.repeat(np.arange(60), 5)
    varying = np.random.default_rng(3).normal(size=300)
    tested = varying if name == SLOPES else (codes % 2).astype(float)
    x = np.column_stack([np.ones(300), varying, tested])[:, [0, 2] if name == SLOPES else [0, 1, 2]]
    method = method_of(name, x, codes, ("a", "b", "c")[: x.shape[1]], x.shape[1] - 1)
    # Each leave-one-out of a panel makes one: rows times clusters would make it quadratic.
    assert kept(method) < 10 * len(codes)


def kept(method):
    """Return how many numbers a method holds, those of its parts among them."""
    parts = (getattr(method, name) for name in getattr(method, "__slots__", ()))
    return sum(part.size if isinstance(part, np.ndarray) else kept(part) for part in parts)
