"""Power by simulation beside the closed form, laws and failures."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.inference.panel import simulated_size
from cvln_eval.inference.planning import Plan, districts_needed, minimum_detectable_change, power
from cvln_eval.inference.planning.search import _least_clusters, _least_effect

RUNS = 1000
# Simulation errors that a simulated power may be off.
ERRORS = 3.5
PLAN = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)


def closed_form(plan, effect, level=0.05):
    """Return the power of the t test of cluster means of one size (Raudenbush, 1997)."""
    variance = plan.spread**2 * (plan.icc + (1 - plan.icc) / plan.cluster_size)
    groups, treated = plan.n_clusters, plan.n_treated
    if treated:
        df, error = groups - 2, np.sqrt(variance * (1 / treated + 1 / (groups - treated)))
    else:
        df, error = groups - 1, np.sqrt(variance / groups)
    bound = stats.t.isf(level / 2, df)
    return stats.nct.sf(bound, df, effect / error) + stats.nct.cdf(-bound, df, effect / error)


def agree(simulated, truth, runs=RUNS):
    return abs(simulated - truth) <= ERRORS * np.sqrt(truth * (1 - truth) / runs)


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        Plan(n_clusters=12, cluster_size=20, icc=0.2, share_treated=0.5),
        Plan(n_clusters=5, cluster_size=8, icc=0.1),
        Plan(n_clusters=6, cluster_size=9, icc=0.05, sd=0.6, correlation=0.7, share_treated=0.5),
        Plan(n_clusters=4, cluster_size=3, icc=1.0),
    ],
)
def test_power_of_cluster_means_is_that_of_a_noncentral_t(plan):
    effects = np.array([0.0, 0.3, 0.6, 1.0]) * plan.spread
    found = power(plan, effect=effects, n_simulated=RUNS).tidy()
    for effect, simulated in zip(effects, found["power"], strict=True):
        assert agree(simulated, closed_form(plan, effect)), (effect, simulated)


def test_power_without_effect_is_the_size_of_the_panel():
    table = pd.DataFrame({"team_id": PLAN.codes.astype(str), "y": np.arange(40.0)})
    table["treated"] = PLAN.x[:, 1]
    sizes = simulated_size(table, formula="y ~ treated", term="treated", icc=0.1, n_simulated=RUNS)
    sizes = sizes.tidy().set_index("method")["size"]
    for method in ("CR2 with Satterthwaite df", "clustered z test"):
        own = power(PLAN, effect=0.0, method=method, n_simulated=RUNS).tidy().loc[0, "power"]
        error = np.sqrt(2 * sizes[method] * (1 - sizes[method]) / RUNS)
        assert abs(own - sizes[method]) <= ERRORS * error


def test_the_minimum_detectable_change_is_that_of_the_closed_form():
    for plan in (PLAN, Plan(n_clusters=10, cluster_size=5, icc=0.2)):
        row = minimum_detectable_change(plan, n_simulated=RUNS).tidy().iloc[0]
        assert agree(closed_form(plan, row["effect"]), 0.8)
        assert row["power"] >= 0.8


def test_the_districts_needed_are_those_of_the_closed_form():
    plan = Plan(n_clusters=5, cluster_size=8, icc=0.1)
    needed = int(districts_needed(plan, effect=0.5, n_simulated=RUNS).tidy().loc[0, "n_clusters"])
    exact = next(g for g in range(2, 99) if closed_form(plan.with_clusters(g), 0.5) >= 0.8)
    assert abs(needed - exact) <= 1


def test_change_has_the_spread_that_the_correlation_leaves():
    assert Plan(5, 8, 0.1, sd=2.0, correlation=0.5).spread == pytest.approx(2.0)
    assert Plan(5, 8, 0.1, sd=2.0, correlation=0.875).spread == pytest.approx(1.0)


def test_a_plan_counts_what_it_plans():
    plan = Plan(n_clusters=7, cluster_size=(7, 8), icc=0.1, share_treated=0.4)
    assert plan.sizes.tolist() == [7, 8, 7, 8, 7, 8, 7]
    assert (plan.n, plan.n_treated) == (52, 3)
    treated = [plan.x[plan.codes == group, 1].mean() for group in range(7)]
    assert sorted(treated) == [0, 0, 0, 0, 1, 1, 1]
    assert Plan(3, 8, 0.1, share_treated=0.01).n_treated == 1
    assert Plan(3, 8, 0.1, share_treated=0.99).n_treated == 2


def test_exact_tests_of_two_in_five_could_never_have_shown_anything():
    for method, smallest in (("randomization test", ".100"), ("Rademacher wild bootstrap", ".063")):
        found = power(PLAN, effect=[1.0, 9.0], method=method, n_simulated=100)
        assert found.tidy()["power"].tolist() == [0, 0]
        assert smallest in found.sentence()
        least = minimum_detectable_change(PLAN, method=method, n_simulated=100)
        assert np.isnan(least.tidy().loc[0, "effect"])
        assert "could not have shown any change" in least.sentence()


def test_more_clusters_more_effect_and_less_likeness_give_more_power():
    curve = power(PLAN, effect=[0.3, 0.6, 1.2], n_clusters=[5, 15], n_simulated=400).tidy()
    few, many = curve["power"].to_numpy().reshape(2, 3)
    assert (np.diff(few) > 0).all()
    assert (np.diff(many) > 0).all()
    assert (many > few).all()
    alike = Plan(n_clusters=5, cluster_size=8, icc=0.4, share_treated=0.4)
    assert power(alike, effect=1.2, n_simulated=400).tidy().loc[0, "power"] < few[2]


def test_scaling_outcome_and_effect_changes_nothing():
    ten = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4, sd=10.0)
    one = power(PLAN, effect=[0.5, 1.5], n_simulated=200).tidy()["power"]
    assert power(ten, effect=[5.0, 15.0], n_simulated=200).tidy()["power"].tolist() == one.tolist()


def test_too_few_clusters_at_most_are_said():
    found = districts_needed(PLAN, effect=0.05, at_most=20, n_simulated=100)
    row = found.tidy().iloc[0]
    assert row["n_clusters"] == 20
    assert row["power"] < 0.8
    assert "20 clusters find it in" in found.sentence()


def test_a_method_that_the_plan_does_not_allow_says_why():
    found = power(PLAN, effect=1.0, method="t test of cluster slopes", n_simulated=50)
    assert np.isnan(found.tidy().loc[0, "power"])
    assert "does not vary within clusters" in found.sentence()
    two = Plan(n_clusters=2, cluster_size=8, icc=0.1, share_treated=0.5)
    assert "no degree of freedom" in power(two, effect=1.0, n_simulated=50).sentence()


def test_all_results_say_that_they_are_simulated():
    results = [
        power(PLAN, effect=1.0, n_simulated=50),
        minimum_detectable_change(PLAN, n_simulated=50),
        districts_needed(PLAN, effect=1.5, n_simulated=50),
    ]
    for found in results:
        assert found.tidy()["simulated"].all()
        assert found.glance()["simulated"].all()
        assert found.sentence().startswith("Simulated, not observed")
        columns = set(found.tidy().columns) | set(found.glance().columns)
        assert columns - set(glossary()["column"]) == set()


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"n_clusters": 1}, "n_clusters.*\n.*\n?.*1"),
        ({"cluster_size": 0}, "cluster_size"),
        ({"cluster_size": ()}, "cluster_size"),
        ({"icc": -0.1}, r"-0\.1"),
        ({"share_treated": 1.0}, r"1\.0"),
        ({"sd": 0.0}, r"0\.0"),
        ({"correlation": 1.0}, r"1\.0"),
    ],
)
def test_a_plan_out_of_range_is_refused(given, seen):
    with pytest.raises(ArgumentError, match=seen):
        Plan(**{"n_clusters": 5, "cluster_size": 8, "icc": 0.1, **given})


def test_questions_out_of_range_are_refused():
    with pytest.raises(ArgumentError, match="'magic'"):
        power(PLAN, effect=1.0, method="magic")
    with pytest.raises(ArgumentError, match="nan"):
        power(PLAN, effect=np.nan)
    with pytest.raises(ArgumentError, match=r"1\.2"):
        minimum_detectable_change(PLAN, power=1.2)
    with pytest.raises(ArgumentError, match=r"0\.0"):
        districts_needed(PLAN, effect=0.0)
    with pytest.raises(ArgumentError, match="1"):
        districts_needed(PLAN, effect=1.0, at_most=1)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"n_clusters": 2.5}, r"2\.5"),
        ({"n_clusters": "5"}, "'5'"),
        ({"n_clusters": None}, "None"),
        ({"cluster_size": 2.5}, r"2\.5"),
        ({"cluster_size": "8"}, "'8'"),
        ({"cluster_size": [[3, 4]]}, r"\[\[3, 4\]\]"),
        ({"icc": "much"}, "'much'"),
        ({"sd": None}, "None"),
        ({"sd": np.inf}, "inf"),
        ({"share_treated": "half"}, "'half'"),
        ({"correlation": "high"}, "'high'"),
    ],
)
def test_what_is_no_number_in_a_plan_is_refused_by_name(given, seen):
    with pytest.raises(ArgumentError, match=rf"plan's {next(iter(given))}(?s:.)*{seen}"):
        Plan(**{"n_clusters": 5, "cluster_size": 8, "icc": 0.1, **given})


def test_sizes_may_come_from_a_table():
    sizes = pd.Series([7, 7, 8, 8, 11])
    assert Plan(5, sizes, 0.1).n == Plan(5, sizes.to_numpy(), 0.1).n == 41


def test_numbers_of_clusters_effects_and_power_that_are_none_are_refused():
    for wrong in ("a", [[1.0, 2.0]], []):
        with pytest.raises(ArgumentError, match="An effect is a number"):
            power(PLAN, effect=wrong, n_simulated=5)
    with pytest.raises(ArgumentError, match=r"whole number(?s:.)*2\.5"):
        power(PLAN, effect=1.0, n_clusters=[2.5], n_simulated=5)
    with pytest.raises(ArgumentError, match=r"numbers of clusters(?s:.)*\[\]"):
        power(PLAN, effect=1.0, n_clusters=[], n_simulated=5)
    with pytest.raises(ArgumentError, match="'a'"):
        minimum_detectable_change(PLAN, power="a")
    with pytest.raises(ArgumentError, match="'a'"):
        districts_needed(PLAN, effect="a")
    with pytest.raises(ArgumentError, match=r"2\.5"):
        districts_needed(PLAN, effect=1.0, at_most=2.5)


def test_districts_for_a_method_that_the_plan_does_not_allow_have_no_power():
    found = districts_needed(
        PLAN, effect=1.0, method="t test of cluster slopes", at_most=8, n_simulated=5
    )
    row = found.tidy().iloc[0]
    assert np.isnan(row["power"])
    assert "does not vary within clusters" in row["reason"]
    assert "does not vary within clusters" in found.sentence()


def test_power_of_a_method_for_many_clusters_is_told_with_a_warning():
    asked = {"method": "OLS t test", "n_simulated": 20}
    told = "may reject too often without an effect: takes people of one cluster for independent"
    for found in (
        power(PLAN, effect=1.0, **asked),
        minimum_detectable_change(PLAN, **asked),
        districts_needed(PLAN, effect=2.0, **asked),
    ):
        assert told in found.sentence()
    assert "may reject" not in power(PLAN, effect=1.0, n_simulated=5).sentence()


def test_small_levels_and_large_powers_keep_their_digits():
    found = power(PLAN, effect=1.0, n_simulated=5, conf_level=0.9999)
    assert "at the level .0001 " in found.sentence()
    least = minimum_detectable_change(PLAN, power=0.999, n_simulated=5)
    assert "at least 99.9% of the time" in least.sentence()


def test_treated_clusters_are_spread_over_those_of_other_sizes():
    # Two of five, at 1/4 and 3/4 of the clusters: the second and the fourth.
    plan = Plan(n_clusters=5, cluster_size=(7, 7, 8, 8, 11), icc=0.1, share_treated=0.4)
    assert np.unique(plan.codes[plan.x[:, 1] == 1]).tolist() == [1, 3]
    # One of three: the one in the middle.
    plan = Plan(n_clusters=3, cluster_size=2, icc=0.1, share_treated=0.3)
    assert plan.x[:, 1].tolist() == [0, 0, 1, 1, 0, 0]


def test_a_search_ends_where_the_power_wanted_is_just_reached():
    assert _least_effect(lambda effect: 0.8 * (effect >= 1), 0.8, 8.0) == pytest.approx(
        1.0, abs=1e-4
    )
    assert np.isnan(_least_effect(lambda effect: 0.7, 0.8, 8.0))
    assert _least_clusters(lambda groups: 0.8 * (groups >= 5), 0.8, 20) == 5
    assert _least_clusters(lambda groups: 0.8 * (groups >= 20), 0.8, 20) == 20
    assert _least_clusters(lambda groups: 0.8 * (groups >= 21), 0.8, 20) == 0
