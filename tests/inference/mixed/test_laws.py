"""What must not change a mixed model, and what must change it in a known way."""

import numpy as np
import pandas as pd
import pytest
from mixed_tables import three_levels
from scipy.optimize import minimize
from scipy.stats import chi2, multivariate_normal

from cvln_eval.inference.mixed import (
    likelihood_ratio_test,
    mixed_model,
    one_way_reml,
    optimum,
    satterthwaite,
)
from cvln_eval.inference.mixed.crossed import crossed_reduction
from cvln_eval.inference.mixed.fit import criterion_of
from cvln_eval.inference.mixed.nested import nested_reduction
from cvln_eval.inference.mixed.setup import mixed_design
from cvln_eval.inference.mixed.simulated import simulated_outcomes
from cvln_eval.inference.mixed.triangles import lower_triangles
from cvln_eval.inference.mixed.working import working_model

FORMULA = "trust ~ time + hours"
RANDOM = {"team_id": "1", "person_id": "1 + time"}
NUMBERS = ["estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"]
# Two searches end at the same point but for the digits of the deviance.
SEARCHED = {"rtol": 1e-6, "atol": 1e-9}


def fitted(table, formula=FORMULA, random=RANDOM, **options):
    return mixed_model(table, formula=formula, random=random, **options)


def numbers(found):
    return found.tidy().set_index("term")[NUMBERS].astype(float)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
def test_the_order_of_rows_and_the_names_of_groups_do_not_matter(df):
    table = three_levels(seed=1)
    turned = table.sample(frac=1, random_state=2)
    turned["team_id"] = turned["team_id"].map({f"t{i}": f"z{9 - i}" for i in range(5)})
    turned["person_id"] = "q" + turned["person_id"].str[::-1]
    pd.testing.assert_frame_equal(
        numbers(fitted(table, df=df)), numbers(fitted(turned, df=df)), rtol=1e-6
    )


def test_the_order_of_the_factors_does_not_matter():
    table = three_levels(seed=1)
    turned = dict(reversed(RANDOM.items()))
    pd.testing.assert_frame_equal(
        numbers(fitted(table)), numbers(fitted(table, random=turned)), rtol=1e-9
    )


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
def test_adding_terms_to_the_outcome_moves_their_coefficients_alone(df):
    table = three_levels(seed=2)
    moved = table.assign(trust=table["trust"] + 100 - 7 * table["time"])
    before, after = numbers(fitted(table, df=df)), numbers(fitted(moved, df=df))
    np.testing.assert_allclose(after["estimate"] - before["estimate"], [100, -7, 0], atol=1e-9)
    np.testing.assert_allclose(after[["std_error", "df"]], before[["std_error", "df"]], **SEARCHED)


@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
@pytest.mark.parametrize("unit", [1e8, 1e-8])
def test_another_unit_of_the_outcome_scales_and_leaves_the_tests(df, unit):
    table = three_levels(seed=3)
    before, after = (
        numbers(fitted(table, df=df)),
        numbers(fitted(table.assign(trust=table["trust"] * unit), df=df)),
    )
    same, scaled = (
        ["statistic", "df", "p_value"],
        ["estimate", "std_error", "conf_low", "conf_high"],
    )
    np.testing.assert_allclose(after[same], before[same], **SEARCHED)
    np.testing.assert_allclose(after[scaled] / unit, before[scaled], **SEARCHED)


def test_another_unit_of_the_terms_leaves_the_joint_statistic():
    # its second degrees of freedom are lmerTest's, which the units of the terms do move
    table = three_levels(seed=3)
    in_units = table.assign(time=table["time"] * 1e8, hours=table["hours"] * 1e-4)
    before, after = (
        fitted(t, random={"team_id": "1"}).test(["Intercept", "time", "hours"]).tidy()
        for t in (table, in_units)
    )
    assert after["statistic"].item() == pytest.approx(before["statistic"].item(), rel=1e-6)


def test_an_interval_is_found_after_a_search_at_the_edge_of_what_is_possible():
    # Searches with the residual sd at a millionth of its estimate ended so far out that the next
    # never came back, and the interval of the residual sd began at its estimate.
    rng = np.random.default_rng(1)
    rows = []
    for team in range(5):
        of_team = rng.normal() * 0.5
        for person in range(8):
            own = rng.normal()
            for time in range(3):
                trust = rng.normal() + of_team + own + 0.3 * time
                rows.append((f"t{team}", f"p{team}{person}", time, int(team < 2), trust))
    table = pd.DataFrame(rows, columns=["team_id", "person_id", "time", "network", "trust"])
    table["dose"] = rng.normal(size=len(table))
    found = fitted(
        table.assign(trust=table["trust"] * 1e4),
        formula="trust ~ time * network + dose",
        random={"team_id": "1", "person_id": "1 + time"},
    ).variances()
    rows = found.tidy().query("grouping == 'residual' and quantity == 'sd'")
    # .6724 is what the search finds where the outcome is in ones, and where it starts at the fit
    assert rows["conf_low"].item() == pytest.approx(6724, abs=1)


def test_the_origin_and_the_unit_of_time_leave_its_test():
    # calendar years a thousand times as long: theta of the slope is a thousandth
    table = three_levels(seed=3)
    later = table.assign(time=2020 + table["time"] / 1000)
    for df in ("satterthwaite", "kenward-roger"):
        before, after = (numbers(fitted(t, df=df)).loc["time"] for t in (table, later))
        columns = ["statistic", "df", "p_value"]
        np.testing.assert_allclose(after[columns], before[columns], rtol=1e-4)


@pytest.mark.parametrize("reml", [True, False])
def test_the_likelihood_is_that_of_the_normal_distribution(reml):
    table = three_levels(seed=4)
    found = fitted(table, reml=reml)
    fit, design = found.fit, found.design
    covariance = fit.variance * np.eye(len(table))
    for factor, own in zip(design.factors, fit.covariances(), strict=True):
        together = factor.codes[:, None] == factor.codes
        covariance += together * (factor.z @ own @ factor.z.T)
    expected = multivariate_normal(design.x @ fit.beta, covariance).logpdf(design.y)
    if reml:  # integrated over the coefficients with a flat density
        information = design.x.T @ np.linalg.solve(covariance, design.x)
        expected += 1.5 * np.log(2 * np.pi) - np.linalg.slogdet(information)[1] / 2
    assert found.glance()["log_likelihood"].item() == pytest.approx(expected, abs=1e-8)


def test_no_other_search_finds_a_lesser_deviance():
    table = three_levels(seed=5)
    fit = fitted(table).fit
    for start in (0.2, 1.0):
        theta = np.array([start, 0.1, start, start])
        other = minimize(
            fit.criterion.deviance, theta, method="Nelder-Mead", options={"fatol": 1e-9}
        )
        assert fit.deviance < other.fun + 1e-6


def test_blocks_and_sparse_and_dense_factorisations_agree(monkeypatch):
    design = mixed_design(three_levels(seed=6), FORMULA, RANDOM)
    working, _ = working_model(design)
    theta = np.array([[0.7, -0.2, 0.5, 0.3], [0.1, 0.4, 0.0, 0.0]]) + 1e-30j
    blocks = lower_triangles(theta, (2, 1))
    nested = nested_reduction(design, working)(blocks)
    dense = crossed_reduction(design, working)(blocks)
    monkeypatch.setattr("cvln_eval.inference.mixed.crossed.DENSE", 0)
    scattered = crossed_reduction(design, working)(blocks)
    for one, two, three in zip(nested, dense, scattered, strict=True):
        for part in ("real", "imag"):
            scale = np.abs(getattr(one, part)).max()
            for other in (two, three):
                gap = np.abs(getattr(one, part) - getattr(other, part)).max()
                assert gap < 1e-11 * scale


def test_the_gradient_is_that_of_differences():
    design = mixed_design(three_levels(seed=6), FORMULA, RANDOM)
    criterion = criterion_of(design, working_model(design)[0], reml=True)
    theta = np.array([0.7, -0.2, 0.5, 0.3])
    exact = criterion.gradient(criterion.slopes(theta))
    steps = 1e-5 * np.eye(4)
    about = [(criterion.deviance(theta + s) - criterion.deviance(theta - s)) / 2e-5 for s in steps]
    np.testing.assert_allclose(exact, about, rtol=1e-6)


def test_a_model_with_less_has_a_greater_deviance_by_maximum_likelihood():
    table = three_levels(seed=7)
    whole = fitted(table, reml=False).fit.deviance
    for formula, random in (
        ("trust ~ time", RANDOM),
        (FORMULA, {"person_id": "1 + time"}),
        (FORMULA, {"team_id": "1", "person_id": "1"}),
    ):
        assert fitted(table, formula, random, reml=False).fit.deviance > whole - 1e-8


def test_a_single_contrast_is_a_test_of_one_term():
    found = fitted(three_levels(seed=8))
    row = found.tidy().set_index("term").loc["time"]
    alone, joint = found.contrast({"time": 1.0}).tidy().iloc[0], found.test("time").tidy().iloc[0]
    assert alone["p_value"] == row["p_value"]
    assert joint["statistic"] == pytest.approx(row["statistic"] ** 2)
    assert joint["p_value"] == pytest.approx(row["p_value"])
    moved = found.contrast({"time": 2.0}, null_value=0.1).tidy().iloc[0]
    assert moved["statistic"] == pytest.approx((2 * row["estimate"] - 0.1) / (2 * row["std_error"]))
    assert moved["null_hypothesis"] == "2 time = 0.1"


def test_many_outcomes_at_once_are_the_models_one_by_one():
    table = three_levels(seed=9)
    rng = np.random.default_rng(10)
    x = np.column_stack([np.ones(len(table)), table["time"], table["hours"]])
    codes = pd.factorize(table["team_id"])[0]
    y = table["trust"].to_numpy()[:, None] + rng.normal(0, 1, (len(table), 6))
    found = one_way_reml(y, x, codes)
    for run, outcome in enumerate(y.T):
        one = fitted(table.assign(trust=outcome), random={"team_id": "1"}).tidy()
        for name in ("estimate", "std_error", "df"):
            np.testing.assert_allclose(getattr(found, name)[run], one[name], rtol=1e-5)


def test_the_mixture_halves_the_p_of_one_variance():
    table = three_levels(seed=11, team_sd=0.6)
    larger, smaller = fitted(table), fitted(table, random={"person_id": "1 + time"})
    row = likelihood_ratio_test(larger, smaller=smaller).tidy().iloc[0]
    both = ({"person_id": "1 + time"}, RANDOM)
    deviances = [fitted(table, random=random, reml=False).fit.deviance for random in both]
    assert row["statistic"] == pytest.approx(deviances[0] - deviances[1], abs=1e-6)
    assert row["p_value"] == pytest.approx(chi2.sf(row["statistic"], 1) / 2)
    assert row["method"] == "even mixture of chi-square, 0 and 1 df"


def test_draws_depend_on_the_seed_alone_and_agree_with_the_mixture():
    table = three_levels(seed=12).query("time < 2")
    found = fitted(table, "trust ~ time", {"team_id": "1"})
    one, two = (likelihood_ratio_test(found, smaller=None, n_draws=99, rng=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.tidy(), two.tidy())
    drawn, mixture = one.tidy()["p_value"].iloc[1], one.tidy()["p_value"].iloc[0]
    assert one.tidy()["smallest_p"].iloc[1] == pytest.approx(0.01)
    assert abs(drawn - mixture) < 0.1


def test_intervals_of_variances_hold_the_simulated_truth():
    # 12 panels of 41 people: 95% intervals miss each truth 0 to 3 times (P of more: .002)
    missed = dict.fromkeys(["residual", "icc"], 0)
    for seed in range(12):
        table = three_levels(seed=100 + seed).query("time < 3")
        rng = np.random.default_rng(seed)
        people = pd.factorize(table["person_id"])[0]
        table = table.assign(trust=rng.normal(0, 1, 41)[people] + rng.normal(0, 1, len(people)))
        rows = fitted(table, "trust ~ 1", {"person_id": "1"}).variances().tidy()
        rows = rows.set_index(["grouping", "quantity"])
        for name, key, truth in (
            ("residual", ("residual", "sd"), 1.0),
            ("icc", ("person_id", "icc"), 0.5),
        ):
            low, high = rows.loc[key, ["conf_low", "conf_high"]]
            missed[name] += not low <= truth <= high
    assert max(missed.values()) <= 3


def test_several_variances_at_once_are_judged_by_chi_square_alone():
    table = three_levels(seed=11, team_sd=0.6)
    smaller = fitted(table, random={"person_id": "1"})
    row = likelihood_ratio_test(fitted(table), smaller=smaller).tidy().iloc[0]
    # the variance between teams, that of the slope, and its covariance with the intercept
    assert (row["df"], row["method"]) == (3, "chi-square, 3 df")
    assert row["p_value"] == pytest.approx(chi2.sf(row["statistic"], 3))


def test_a_slope_with_its_correlation_is_judged_by_one_and_two_degrees_of_freedom():
    table = three_levels(seed=11)
    random = {"team_id": "1", "person_id": "1"}
    row = likelihood_ratio_test(fitted(table), smaller=fitted(table, random=random)).tidy().iloc[0]
    beyond = chi2.sf(row["statistic"], 1) + chi2.sf(row["statistic"], 2)
    assert row["p_value"] == pytest.approx(beyond / 2)
    assert row["method"] == "even mixture of chi-square, 1 and 2 df"


def test_a_top_between_two_hollows_is_no_optimum_and_is_left(monkeypatch):
    # At a variance of 0 the gradient vanishes, here where the deviance is greatest.
    table = three_levels(seed=11)
    random = {"person_id": "1"}
    expected = fitted(table, random=random).fit
    stuck = optimum._polished(expected.criterion, np.zeros(1), np.array([True]))
    assert not stuck.converged
    monkeypatch.setattr(optimum, "START", 0.0)
    left = optimum.best_theta(expected.criterion, 41)
    assert left.converged
    np.testing.assert_allclose(left.theta, expected.optimum.theta, rtol=1e-6)


def test_the_order_of_effects_leaves_their_intervals():
    table = three_levels(seed=13).assign(one=1.0)
    both = []
    for random in ("0 + one + time", "0 + time + one"):
        rows = fitted(table, "trust ~ time", {"person_id": random}).variances().tidy()
        effects = rows["effect"].str.split(", ").map(lambda names: ", ".join(sorted(names)))
        rows = rows.assign(effect=effects).set_index(["grouping", "effect", "quantity"])
        both.append(rows[["estimate", "conf_low", "conf_high"]].sort_index())
    pd.testing.assert_frame_equal(*both, rtol=1e-4)


def test_simulated_outcomes_have_the_covariance_of_the_model():
    table = three_levels(seed=14)
    fit = fitted(table.assign(trust=10 * table["trust"])).fit
    drawn = simulated_outcomes(fit, 4000, np.random.default_rng(1))
    expected = np.full(len(table), fit.variance)
    for factor, covariance in zip(fit.design.factors, fit.covariances(), strict=True):
        expected += np.einsum("ni,ij,nj->n", factor.z, covariance, factor.z)
    # the variance of 4,000 draws has a standard error of 2.2%; the mean of all is nearer
    assert (drawn.var(axis=0) / expected).mean() == pytest.approx(1, abs=0.03)


def test_a_ratio_of_nought_is_as_far_out_as_every_draw():
    table = three_levels(seed=1).query("time < 2")
    table = table.assign(trust=table["trust"] - table.groupby("team_id")["trust"].transform("mean"))
    found = fitted(table, "trust ~ 1", {"team_id": "1"})
    rows = likelihood_ratio_test(found, smaller=None, n_draws=19).tidy()
    assert rows["p_value"].tolist() == [1.0, 1.0]


def test_a_contrast_with_too_few_degrees_of_freedom_leaves_two():
    # of an F with 4 and 10: E = 4/2 + 10/8 = 3.25; 2 * 3.25 / (3.25 - 2) = 5.2
    assert satterthwaite._denominator(np.array([4.0, 10.0])) == pytest.approx(5.2)
    assert satterthwaite._denominator(np.array([1.5, 10.0])) == 2
    assert satterthwaite._denominator(np.array([1.5, 1.5])) == 1.5


@pytest.mark.parametrize("units", [1e8, 1e-8])
def test_the_units_of_a_regressor_cost_no_digits_of_the_others(units):
    table = three_levels(seed=9)
    codes = pd.factorize(table["team_id"])[0]
    y = table["trust"].to_numpy()
    x = np.column_stack([np.ones(len(table)), table["time"], table["hours"]])
    one, other = one_way_reml(y, x, codes), one_way_reml(y, x * [1, 1, units], codes)
    for name, scale in (("estimate", 1 / units), ("std_error", 1 / units), ("df", 1)):
        there = getattr(one, name) * [1, 1, scale]
        np.testing.assert_allclose(getattr(other, name), there, rtol=1e-7)
