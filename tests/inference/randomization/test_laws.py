"""What no relabelling, reordering or shift may change, and that the test is exact."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.inference.randomization import assignments, randomization_test

# Sums of a few dozen numbers in another order.
ROUNDING = 1e-9
NUMBERS = ("estimate", "std_error", "statistic", "p_value", "smallest_p", "conf_low", "conf_high")


def numbers(found):
    return np.array([getattr(found, name) for name in NUMBERS])


CASES = {
    "t": {"treatment": "treated"},
    "difference": {"treatment": "treated", "statistic": "difference"},
    "strata": {"treatment": "treated", "strata": "stratum"},
    "controls": {"treatment": "treated", "controls": ["before"], "conf_level": 0.9},
    "null": {"treatment": "treated", "null_value": 0.7, "conf_level": 0.8},
}


def run(table, case, **more):
    return randomization_test(table, outcome="y", **{**CASES[case], **more})


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_names_of_clusters_do_not_matter(case, seed, simulated):
    table = simulated(seed)
    names = dict(zip(sorted(set(table["team_id"])), "GBFACED", strict=True))
    other = table.sample(frac=1, random_state=seed).reset_index(drop=True)
    other["team_id"] = other["team_id"].map(names)
    expected = numbers(run(table, case))
    np.testing.assert_allclose(numbers(run(other, case)), expected, rtol=ROUNDING, atol=ROUNDING)


@pytest.mark.parametrize("case", CASES)
def test_an_effect_added_and_assumed_changes_no_p(case, simulated):
    table = simulated(5)
    null = CASES[case].get("null_value", 0.0)
    added = table.assign(y=table["y"] + 2.5 * table["treated"])
    found = run(added, case, null_value=null + 2.5)
    before = run(table, case)
    assert found.p_value == before.p_value
    assert found.statistic == pytest.approx(before.statistic)
    assert found.estimate == pytest.approx(before.estimate + 2.5)
    assert found.conf_low == pytest.approx(before.conf_low + 2.5)
    assert found.conf_high == pytest.approx(before.conf_high + 2.5)


@pytest.mark.parametrize("case", CASES)
def test_scale_and_origin_of_the_outcome_do_not_matter(case, simulated):
    table, factor = simulated(2), -250.0
    null = CASES[case].get("null_value", 0.0)
    other = run(table.assign(y=factor * table["y"] + 1e4), case, null_value=factor * null)
    before = run(table, case)
    assert other.p_value == before.p_value
    assert other.estimate == pytest.approx(factor * before.estimate)
    assert other.conf_low == pytest.approx(factor * before.conf_high)


@pytest.mark.parametrize("case", CASES)
def test_treated_and_untreated_swapped_turn_the_sign_only(case, simulated):
    table = simulated(3)
    null = CASES[case].get("null_value", 0.0)
    swapped = table.assign(treated=1 - table["treated"])
    found, before = run(swapped, case, null_value=-null), run(table, case)
    assert found.p_value == before.p_value
    assert found.statistic == pytest.approx(-before.statistic)
    assert found.conf_low == pytest.approx(-before.conf_high)


def test_rows_doubled_within_clusters_change_nothing(simulated):
    table = simulated(1)
    doubled = pd.concat([table, table])
    for case in CASES:
        np.testing.assert_allclose(numbers(run(doubled, case)), numbers(run(table, case)))


def test_a_treatment_coded_one_and_two_is_the_same_treatment(simulated):
    table = simulated(4)
    found = run(table.assign(treated=table["treated"] + 1), "t")
    np.testing.assert_allclose(numbers(found), numbers(run(table, "t")))


def test_one_stratum_of_all_is_no_stratum(simulated):
    table = simulated(6).assign(stratum="all")
    np.testing.assert_allclose(numbers(run(table, "strata")), numbers(run(table, "t")))


def test_strata_refine_the_assignments(simulated):
    table = simulated(0)
    coarse = assignments(table, treatment="treated")
    fine = assignments(table, treatment="treated", strata="stratum")
    assert {tuple(row) for row in fine.values} < {tuple(row) for row in coarse.values}


DESIGNS = {
    "t": {},
    "difference": {"statistic": "difference"},
    "controls": {"controls": ["before"]},
    "strata": {"strata": "stratum"},
    "null": {"null_value": 0.6},
}


@pytest.mark.parametrize("design", DESIGNS)
def test_it_is_exact(design, simulated):
    # Under the null every assignment was equally likely: p is at most alpha for at most that share.
    table, options = simulated(8), DESIGNS[design]
    strata = options.get("strata")
    every = assignments(table, treatment="treated", strata=strata)
    found = []
    for row in every.values:
        treated = table["team_id"].map(dict(zip(every.possible.clusters, row, strict=True)))
        outcome = table["y"] + options.get("null_value", 0.0) * treated
        made = table.assign(treated=treated, y=outcome)
        found.append(randomization_test(made, outcome="y", treatment="treated", **options).p_value)
    ordered = np.sort(found)
    at_most = np.searchsorted(ordered, ordered + ROUNDING, side="right") / len(ordered)
    # Without ties the share is p itself; it is never more.
    np.testing.assert_allclose(at_most, ordered, atol=ROUNDING)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-4, 4), min_size=5, max_size=7),
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
    st.sampled_from(["t", "difference"]),
)
def test_p_is_a_share_no_less_than_the_least_and_the_interval_agrees(outcomes, doses, statistic):
    table = pd.DataFrame({"team_id": range(len(outcomes)), "y": outcomes})
    table["dose"] = doses[: len(outcomes)]
    given_ = {"outcome": "y", "treatment": "dose", "statistic": statistic}
    found = randomization_test(table, **given_, conf_level=0.75)
    if np.isnan(found.p_value):
        assert found.reason
        return
    assert found.smallest_p <= found.p_value + 1e-12 <= 1 + 1e-11
    assert found.conf_low <= found.estimate <= found.conf_high
    # Break-points are numbers of a grid here, so that 0 can be one of them.
    if min(abs(found.conf_low), abs(found.conf_high)) > 1e-6:
        inside = found.conf_low < 0 < found.conf_high
        assert inside == (found.p_value > 0.25 + 1e-12) or statistic == "t"
        assert inside or found.p_value <= 0.25 + 1e-12


def test_the_origin_of_a_control_does_not_matter(simulated):
    # A control such as a year of birth or a sum in dollars lies far from 0; 1e10 costs 10 digits.
    table = simulated(4)
    far = table.assign(before=table["before"] + 1e10)
    expected = numbers(run(table, "controls"))
    np.testing.assert_allclose(numbers(run(far, "controls")), expected, rtol=1e-4)
