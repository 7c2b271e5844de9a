"""Omega beside psych's, on models whose omega is known, and where it cannot be had."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import cronbach_alpha, mcdonald_omega
from cvln_eval.measurement.scales.factors import (
    minres_communalities,
    one_factor,
    schmid_leiman,
)

ONE_FACTOR_FROM_R = 1e-7  # psych's search for minres stops at a gradient near 1e-8
ROTATED_FROM_R = 3e-5  # GPArotation stops at a gradient of 1e-5, this rotation at 1e-6
SOLVED = 1e-7
LOADINGS = np.array([0.8, 0.7, 0.6, 0.5])
GENERAL = np.array([0.6, 0.5, 0.7, 0.6, 0.5, 0.6, 0.5, 0.6, 0.4])


def one_factor_matrix(loadings=LOADINGS):
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1)
    return r


def second_order_matrix():
    """Correlations of three groups of three items, group factors loading .8, .7, .6 on one."""
    pattern = np.kron(np.eye(3), np.ones((3, 1))) * np.repeat([0.8, 0.7, 0.75], 3)[:, None]
    r = pattern @ one_factor_matrix(np.array([0.8, 0.7, 0.6])) @ pattern.T
    np.fill_diagonal(r, 1)
    return r, pattern @ np.array([0.8, 0.7, 0.6]), (pattern**2).sum(axis=1)


def exact_sample(r, n=200, seed=1):
    """Answers whose correlations are exactly r."""
    raw = np.random.default_rng(seed).normal(size=(n, len(r)))
    raw -= raw.mean(axis=0)
    q, _ = np.linalg.qr(raw)
    values = q @ np.linalg.cholesky(r).T
    return pd.DataFrame(values, columns=[f"i{j}" for j in range(len(r))])


def omega(answers, **options):
    return mcdonald_omega(answers, items=list(answers), **options)


@pytest.fixture(scope="module")
def three_groups(nine):
    return omega(nine, kind="hierarchical")


def test_omega_total_is_psychs(nine, expected):
    # psych::omega(nine[, 1:4], nfactors = 1)$omega.tot; psych::fa(nine[, 1:4], 1)$loadings
    found = omega(nine.iloc[:, :4])
    assert found.estimate == pytest.approx(expected["omega one", "total"], abs=ONE_FACTOR_FROM_R)
    for row in found.loadings().itertuples():
        wanted = expected["loadings one", row.item]
        assert row.loading == pytest.approx(wanted, abs=ONE_FACTOR_FROM_R)


def test_omega_hierarchical_of_three_groups_is_psychs(three_groups, expected):
    # psych::omega(nine, nfactors = 3)
    found = three_groups.tidy().set_index("coefficient")["estimate"]
    for name in ("hierarchical", "total"):
        wanted = expected["omega three", name]
        assert found[f"omega {name}"] == pytest.approx(wanted, abs=ROTATED_FROM_R)


def test_the_general_factor_is_psychs(three_groups, expected):
    # psych::omega(nine, nfactors = 3)$schmid$sl[, c("g", "h2")]
    model = three_groups.loadings()
    for row in model[model["factor"] == "general"].itertuples():
        assert row.loading == pytest.approx(expected["general", row.item], abs=ROTATED_FROM_R)
        assert row.communality == pytest.approx(
            expected["communality", row.item], abs=ROTATED_FROM_R
        )


def test_two_groups_take_equal_loadings_as_psych_does(nine, expected):
    # psych::omega(nine[, 1:6], nfactors = 2), option = "equal"
    found = omega(nine.iloc[:, :6], kind="hierarchical", n_factors=2)
    rows = found.tidy().set_index("coefficient")["estimate"]
    for name in ("hierarchical", "total"):
        wanted = expected["omega two", name]
        assert rows[f"omega {name}"] == pytest.approx(wanted, abs=ROTATED_FROM_R)


def test_one_factor_is_found_where_it_is_exact():
    assert one_factor(one_factor_matrix()) == pytest.approx(LOADINGS, abs=SOLVED)
    several = np.stack([one_factor_matrix(), one_factor_matrix(LOADINGS[::-1])])
    assert one_factor(several) == pytest.approx(np.stack([LOADINGS, LOADINGS[::-1]]), abs=SOLVED)


def test_an_item_without_correlation_spoils_its_own_matrix_only():
    broken = one_factor_matrix()
    broken[0] = np.nan
    found = one_factor(np.stack([broken, one_factor_matrix()]))
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(LOADINGS, abs=SOLVED)


def test_both_ways_to_one_factor_agree(nine):
    r = nine.corr().to_numpy()
    _, communality = minres_communalities(r, 1)
    assert one_factor(r) ** 2 == pytest.approx(communality, abs=1e-6)


def test_a_general_factor_is_found_where_it_is_exact():
    r, general, communality = second_order_matrix()
    found = schmid_leiman(r, 3)
    assert found.general == pytest.approx(general, abs=1e-5)
    assert found.communality == pytest.approx(communality, abs=1e-5)
    from_groups = found.general**2 + (found.groups**2).sum(axis=1)
    assert from_groups == pytest.approx(found.communality, abs=1e-5)


def test_omega_by_hand():
    # sum of loadings 2.6, unique 4 - 1.74 = 2.26: 6.76 / (6.76 + 2.26)
    found = omega(exact_sample(one_factor_matrix()))
    assert found.estimate == pytest.approx(6.76 / 9.02, abs=SOLVED)


def test_omega_is_alpha_where_loadings_are_equal_and_above_it_where_not():
    equal = exact_sample(one_factor_matrix(np.full(5, 0.6)))
    alpha = cronbach_alpha(equal, items=list(equal)).tidy()["estimate"][1]
    assert omega(equal).estimate == pytest.approx(alpha, abs=SOLVED)
    unequal = exact_sample(one_factor_matrix(np.array([0.9, 0.8, 0.3, 0.2])))
    alpha = cronbach_alpha(unequal, items=list(unequal)).tidy()["estimate"][1]
    assert omega(unequal).estimate > alpha + 0.01


def test_omega_does_not_mind_scale_or_order(nine):
    answers = nine.iloc[:, :4]
    other = answers[answers.columns[::-1]] * [1, 2, 3, 4] + 7
    assert omega(other).estimate == pytest.approx(omega(answers).estimate, abs=SOLVED)


def test_several_factors_give_a_total_without_rotation(nine, three_groups):
    three = omega(nine, n_factors=3)
    rows = three_groups.tidy()
    assert three.estimate == pytest.approx(rows["estimate"][1], abs=SOLVED)
    assert set(three.loadings()["factor"]) == {"unrotated 1", "unrotated 2", "unrotated 3"}


def test_the_interval_covers_the_truth_at_41_people():
    loadings, held = np.full(4, 0.7), 0
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    for seed in range(100):
        rng = np.random.default_rng(seed)
        values = 0.7 * rng.normal(size=(41, 1)) + np.sqrt(0.51) * rng.normal(size=(41, 4))
        row = omega(pd.DataFrame(values, columns=list("abcd"))).tidy()
        held += row["conf_low"][0] < truth < row["conf_high"][0]
    # 95 of 100 are expected; 3 standard errors of 2.2 below, and not always.
    assert 88 <= held <= 99


def test_the_jackknife_needs_no_seed_and_leaves_each_person_out_once(nine):
    few = nine.iloc[:30, :4]
    row = omega(few).tidy().iloc[0]
    logs = np.log([1 - omega(few.drop(index=person)).estimate for person in few.index])
    # s^2 = (n - 1)^2 / n times the variance of the 30 values
    reach = stats.t.ppf(0.975, 29) * np.std(logs, ddof=1) * 29 / np.sqrt(30)
    assert row["method"] == "jackknife"
    assert row["conf_low"] == pytest.approx(1 - (1 - row["estimate"]) * np.exp(reach))
    assert row["conf_high"] == pytest.approx(1 - (1 - row["estimate"]) * np.exp(-reach))


def test_a_reliability_that_rests_on_one_person_has_no_interval():
    answers = pd.DataFrame(
        {"a": [1, 1, 1, 2, 1, 1], "b": [1, 2, 1, 2, 3, 1], "c": [1, 2, 2, 3, 3, 1]}
    )
    row = omega(answers).tidy().iloc[0]
    assert np.isnan([row["conf_low"], row["conf_high"]]).all()
    assert row["reason"] == "no value below 1 without one of the people"


def test_the_bootstrap_is_seeded(nine):
    options = {"interval": "bootstrap", "n_boot": 20}
    answers = nine.iloc[:41, :4]
    bounds = [omega(answers, rng=s, **options).tidy()["conf_low"][0] for s in (0, 0, 1)]
    assert bounds[0] == bounds[1] != bounds[2]


def test_what_stands_out_is_noted(nine):
    flipped = nine.iloc[:, :4].assign(b2=6 - nine["b2"])
    assert "b2 loads negatively" in omega(flipped).tidy()["note"][0]
    full = exact_sample(one_factor_matrix(np.array([0.9975, 0.6, 0.6, 0.5])))
    assert "next to no variance of its own is left to i0" in omega(full).sentence()


@pytest.mark.parametrize("kind", ["total", "hierarchical"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"b2": 3.0}, "all answers alike to 'b2'"),
        ({"b2": np.nan}, "no answers to 'b2'"),
        ({"b2": [1.0, 2, 3, 4, 5, 1, 2, 3, 4] + [np.nan] * 291}, "9 people for 9 items"),
    ],
)
def test_what_cannot_be_had_is_nan_with_its_reason(nine, change, reason, kind):
    found = omega(nine.assign(**change), kind=kind)
    assert found.tidy()["estimate"].isna().all()
    assert reason in found.sentence()
    assert found.loadings()["loading"].isna().all()


def test_items_that_cancel_out_have_no_omega():
    cancel = np.full((3, 3), -0.5) + 1.5 * np.eye(3) + 1e-13
    found = omega(exact_sample(cancel))
    assert np.isnan(found.estimate)
    assert "cancel out" in found.sentence()


def test_listwise_and_pairwise_differ_in_whom_they_take(five):
    listwise, pairwise = omega(five), omega(five, missing="pairwise")
    assert listwise.estimate == pytest.approx(omega(five.dropna()).estimate, abs=SOLVED)
    assert listwise.tidy()["n_persons"][0] == len(five.dropna())
    assert pairwise.tidy()["n_persons"][0] == len(five)
    assert abs(pairwise.estimate - listwise.estimate) > 1e-5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "beta"}, r"kind of omega[\s\S]*'beta'"),
        ({"missing": "available"}, r"rule for missing[\s\S]*'available'"),
        ({"kind": "hierarchical", "n_factors": 1}, r"more factors[\s\S]*1"),
        ({"n_factors": 0}, r"more factors[\s\S]*0"),
        ({"n_factors": 6}, r"Too few items for the number[\s\S]*9 items, 6 factors"),
        ({"conf_level": 2}, r"between 0 and 1[\s\S]*2"),
    ],
)
def test_what_is_wrong_is_named(nine, options, message):
    with pytest.raises(ArgumentError, match=message):
        omega(nine, **options)


def test_two_items_are_refused(five):
    with pytest.raises(ArgumentError, match=r"at least 3[\s\S]*'a1', 'a2'"):
        omega(five[["a1", "a2"]])
