"""Numbers that can be counted on paper."""

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from cvln_eval.networks.panel import network_panel
from cvln_eval.networks.persons import (
    exposure,
    influence,
    influence_over_waves,
    p1,
    permutation_anova,
    permutation_regression,
    permutation_t,
)
from cvln_eval.networks.persons.autocorrelation import weighted
from cvln_eval.networks.persons.columns import person_values
from cvln_eval.networks.persons.p1_arcs import open_arcs
from cvln_eval.networks.persons.p1_fit import p1_fit

FOUR = {"person_id": list("abcd"), "level": ["x", "x", "y", "y"], "trust": [1.0, 2.0, 3.0, 6.0]}


def row_of(result, term=None):
    table = result.tidy()
    return table.iloc[0] if term is None else table.set_index("term").loc[term]


def test_two_groups_by_all_six_arrangements(made):
    # Sums of group y over the pairs: 3+6 = 9, 8, 7, 5, 4, 3 of 12; the observed 9 is the greatest,
    # and 3 lies as far below the mean of 6: two of six.
    row = row_of(permutation_t(made(FOUR), outcome="trust", by="level"))
    assert row["term"] == "y minus x"
    assert row["estimate"] == pytest.approx(4.5 - 1.5)
    assert (row["p_value"], row["p_greater"], row["p_less"]) == pytest.approx((2 / 6, 1 / 6, 1))
    assert (row["smallest_p"], row["n_draws"], row["enumerated"]) == (pytest.approx(1 / 6), 6, True)
    assert (row["p_low"], row["p_high"]) == (row["p_value"], row["p_value"])
    t = stats.ttest_ind([3, 6], [1, 2])
    assert (row["statistic"], row["df"]) == (pytest.approx(t.statistic), 2)


def test_the_differences_of_all_six_arrangements(made):
    # A sum s of group y is a difference of s / 2 - (12 - s) / 2 = s - 6.
    draws = permutation_t(made(FOUR), outcome="trust", by="level").null_distribution()
    assert sorted(draws["statistic"]) == pytest.approx([-3, -2, -1, 1, 2, 3])
    assert draws["draw"].to_list() == [1, 2, 3, 4, 5, 6]
    assert set(draws["term"]) == {"y minus x"}


def test_differences_that_are_drawn_are_those_that_p_counts(made):
    people = {"person_id": [f"p{at:02d}" for at in range(30)], "level": ["x", "y", "y"] * 10}
    network = made(people | {"trust": np.random.default_rng(4).integers(0, 4, 30).astype(float)})
    result = permutation_t(network, outcome="trust", by="level", n_draws=499)
    row, drawn = row_of(result), result.null_distribution()["statistic"]
    assert (len(drawn), row["enumerated"]) == (499, False)
    as_far = (drawn.abs() >= abs(row["estimate"]) - 1e-9).sum()
    assert row["p_value"] == pytest.approx((as_far + 1) / 500)
    as_high = (drawn >= row["estimate"] - 1e-9).sum()
    assert row["p_greater"] == pytest.approx((as_high + 1) / 500)


def test_ties_count_on_both_sides(made):
    # Degrees 1, 1, 0, 0 fall into x and y as two and none, one and one (four ways), none and two.
    network = made(FOUR, ["ac", "bd"])
    row = row_of(permutation_t(network, outcome="out_degree", by="level"))
    assert (row["estimate"], row["p_value"], row["p_less"]) == pytest.approx((-1, 2 / 6, 1 / 6))
    assert row["p_greater"] == pytest.approx(1)


def test_blocks_exchange_within_and_hold_their_means(made):
    # Within team 1: y - x = 1; within team 2: 3. Of 2 x 2 arrangements the sums are 4, 2, -2, -4.
    teams = {**FOUR, "level": ["x", "y", "x", "y"], "team_id": ["1", "1", "2", "2"]}
    row = row_of(permutation_t(made(teams), outcome="trust", by="level", blocks="team_id"))
    assert row["estimate"] == pytest.approx((1 + 3) / 2)
    assert (row["p_value"], row["p_greater"], row["n_draws"]) == (0.5, 0.25, 4)
    assert row["df"] == 4 - 2 - 1


def test_an_analysis_of_variance_by_hand(made):
    # Means 1.5, 3, 6 about 3: SS between = 2 (1.5)^2 + 0 + 9 = 13.5, within .5, total 14. Of the
    # 12 arrangements (which pair shares a group, by which of the others is y) 1+2 together: 2.
    people = {**FOUR, "level": ["x", "x", "y", "z"]}
    result = permutation_anova(made(people), outcome="trust", by="level")
    rows = result.tidy().set_index("term")
    assert rows["sum_of_squares"].tolist() == pytest.approx([13.5, 0.5, 14])
    assert rows["df"].tolist() == [2, 1, 3]
    assert rows.loc["level", "statistic"] == pytest.approx(13.5)
    assert rows.loc["level", "eta_squared"] == pytest.approx(13.5 / 14)
    # 2+3 together explain as much: 2 (2.5 - 3)^2 + 4 + 9 = 13.5. Four of twelve.
    assert (rows.loc["level", "p_value"], rows.loc["level", "n_draws"]) == (
        pytest.approx(4 / 12),
        12,
    )
    assert result.groups()["mean"].tolist() == [1.5, 3, 6]
    assert result.groups()["n"].tolist() == [2, 1, 1]


def test_a_slope_by_all_orders(made):
    tenure = np.array([1.0, 2.0, 4.0, 3.0])
    people = {**FOUR, "tenure": tenure}
    row = row_of(permutation_regression(made(people), outcome="trust", terms="tenure"), "tenure")
    observed = abs(np.corrcoef(FOUR["trust"], tenure)[0, 1])
    found = [abs(np.corrcoef(order, tenure)[0, 1]) for order in permutations(FOUR["trust"])]
    assert row["p_value"] == pytest.approx(np.mean(np.array(found) >= observed - 1e-9))
    assert (row["n_draws"], row["smallest_p"]) == (24, pytest.approx(1 / 24))


@pytest.mark.parametrize("method", ["freedman-lane", "y"])
def test_a_coefficient_beside_another_by_all_orders(made, method):
    rng = np.random.default_rng(5)
    y, one, two = rng.normal(size=(3, 6))
    two += one
    people = {"person_id": list("abcdef"), "y": y, "one": one, "two": two}
    result = permutation_regression(made(people), outcome="y", terms=["one", "two"], method=method)
    x = np.column_stack([np.ones(6), one, two])
    reduced = x[:, [0, 2]]
    left = y - reduced @ np.linalg.lstsq(reduced, y, rcond=None)[0]
    moved = left if method == "freedman-lane" else y
    observed = t_of(x, y)
    found = [t_of(x, moved[list(order)]) for order in permutations(range(6))]
    expected = np.mean(np.abs(found) >= abs(observed) * (1 - 1e-9))
    assert row_of(result, "one")["p_value"] == pytest.approx(expected)
    assert row_of(result, "one")["statistic"] == pytest.approx(observed)
    explained = [r_squared(x, y[list(order)]) for order in permutations(range(6))]
    share = np.mean(np.array(explained) >= r_squared(x, y) - 1e-9)
    assert row_of(result, "model")["p_value"] == pytest.approx(share)


def t_of(x, y):
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    left = y - x @ beta
    return beta[1] / math.sqrt(left @ left / (len(y) - x.shape[1]) * np.linalg.inv(x.T @ x)[1, 1])


def r_squared(x, y):
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return 1 - left @ left / ((y - y.mean()) ** 2).sum()


def test_text_becomes_columns_but_the_first_value(made):
    people = {"person_id": list("abcdef"), "level": list("zzyyxx"), "y": [1.0, 2, 4, 3, 7, 6]}
    rows = permutation_regression(made(people), outcome="y", terms="level").tidy()
    # Means 6.5 (x), 3.5 (y), 1.5 (z).
    assert rows["term"].tolist() == ["Intercept", "level: y", "level: z", "model"]
    assert rows["estimate"].tolist()[:3] == pytest.approx([6.5, -3.0, -5.0])


def test_degrees_are_known_of_who_answered(made):
    network = made(FOUR, ["ab", "ac", "bc"], answered="ab")
    out, received = (person_values(network, name) for name in ("out_degree", "in_degree"))
    np.testing.assert_array_equal(out, [2, 1, np.nan, np.nan])
    np.testing.assert_array_equal(received, [0, 1, 2, 0])
    alone = made(FOUR, ["ab"], answered="a")
    np.testing.assert_array_equal(person_values(alone, "in_degree"), [np.nan, 1, 0, 0])


def test_degrees_of_an_undirected_network_are_its_ties(made):
    network = made(FOUR, ["ab", "ac"], directed=False, rule="either")
    for name in ("out_degree", "in_degree"):
        assert person_values(network, name).tolist() == [2, 1, 1, 0]


def test_who_names_nobody_or_all_is_certain_and_so_may_others_be():
    # d names nobody, so that of c, who names a and b, every open arc is there: c goes too.
    arcs = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    found = open_arcs(arcs)
    # Nobody names d; then a has only b (there) and c (not) left open.
    assert found.is_open[:, 3].sum() == 0
    assert found.is_open[3].sum() == 0
    assert found.is_open[2].sum() == 0
    assert found.certain_back[0, 2]
    assert found.certain_back[1, 2]


def test_p1_of_people_who_all_name_as_many_is_that_of_three_kinds_of_dyads(made):
    # In a ring of seven i names i + 1 and i - 1 (7 mutual pairs) and i + 2 (7 one way); 7 of the 21
    # pairs are empty, and all are alike in what they send and receive.
    n = 7
    ids = list("abcdefg")
    ties = [ids[i] + ids[(i + step) % n] for i in range(n) for step in (1, -1, 2)]
    result = p1(made({"person_id": ids}, ties))
    rows = result.tidy()
    # P(empty) = 1/k = 1/3, single one way e^theta/k = 1/6, mutual e^(rho + 2 theta)/k = 1/3.
    assert row_of(result, "theta")["estimate"] == pytest.approx(math.log(1 / 2))
    assert row_of(result, "rho")["estimate"] == pytest.approx(math.log(4))
    people = rows[rows["term"].isin(["alpha", "beta"])]
    assert np.abs(people["estimate"]).max() == pytest.approx(0, abs=1e-9)
    expected = 14 * math.log(1 / 3) + 7 * math.log(1 / 6)
    assert result.networks()["log_likelihood"].item() == pytest.approx(expected)
    # Without reciprocity an arc has probability 1/2: 42 log 1/2.
    ratio = 2 * (expected - 42 * math.log(0.5))
    assert row_of(result, "rho")["statistic"] == pytest.approx(ratio)
    assert row_of(result, "rho")["p_value"] == pytest.approx(stats.chi2.sf(ratio, 1))


def test_certain_people_are_those_of_the_whole_likelihood_far_out():
    # Person 0 names nobody; 3 names all, and so 2, whom nobody else names. With values far out, in
    # that order, the rest is as fitted.
    rng = np.random.default_rng(1)
    arcs = (rng.random((8, 8)) < 0.45).astype(float)
    np.fill_diagonal(arcs, 0)
    arcs[0], arcs[3] = 0, 1
    arcs[3, 3] = 0
    fit = p1_fit(open_arcs(arcs))
    alpha, beta = np.nan_to_num(fit.alpha), np.nan_to_num(fit.beta)
    alpha[[0, 3]] = -90, 90
    assert np.isnan(fit.beta).tolist() == [person == 2 for person in range(8)]
    beta[2] = -30
    far = np.column_stack([alpha, beta])

    def minus(values):
        return -dyad_likelihood(arcs, *values, *far.T)

    least = optimize.minimize(minus, [fit.theta, fit.rho], method="Nelder-Mead", tol=1e-10)
    assert least.x == pytest.approx([fit.theta, fit.rho], abs=1e-5)
    assert -least.fun == pytest.approx(fit.log_likelihood, abs=1e-6)
    for column, end in ((0, fit.alpha), (1, fit.beta)):
        for person in np.flatnonzero(~np.isnan(end)):
            for step in (-1e-2, 1e-2):
                moved = far.copy()
                moved[person, column] += step
                seen = dyad_likelihood(arcs, fit.theta, fit.rho, *moved.T)
                assert seen < fit.log_likelihood


def dyad_likelihood(arcs, theta, rho, alpha, beta):
    logit = theta + alpha[:, None] + beta[None, :]
    total = 0.0
    for i in range(len(arcs)):
        for j in range(i):
            terms = np.array([0, logit[i, j], logit[j, i], rho + logit[i, j] + logit[j, i]])
            cell = int(arcs[i, j] + 2 * arcs[j, i])
            total += terms[cell] - np.logaddexp.reduce(terms)
    return total


def test_weights_are_shares_of_what_a_person_sends():
    strength = np.array([[0, 1.0, 3.0], [0, 0, 2.0], [0, 0, 0]])
    given = weighted(np.zeros(3), np.ones((3, 1)), strength, model="lag")
    assert given.weights.tolist() == [[0, 0.25, 0.75], [0, 0, 1], [0, 0, 0]]


def test_rho_of_pairs_who_name_each_other_by_hand(made):
    # W swaps a and b, c and d, ...; in sums s and differences d of pairs about the mean, the
    # likelihood (disturbances) is best at (1 + rho) / (1 - rho) = sqrt(var d / var s).
    y = np.array([1.0, 2.0, 4.0, 4.5, 2.0, 3.5, 0.5, 1.0])
    ids = list("abcdefgh")
    ties = [one + ids[i ^ 1] for i, one in enumerate(ids)]
    network = made({"person_id": ids, "y": y}, ties)
    sums, apart = y[::2] + y[1::2] - 2 * y.mean(), y[::2] - y[1::2]
    ratio = math.sqrt((sums @ sums) / (apart @ apart))
    for model in ("lag", "disturbance"):
        row = row_of(influence(network, outcome="y", model=model), "rho")
        assert row["estimate"] == pytest.approx((ratio - 1) / (ratio + 1), abs=1e-6)


@pytest.fixture
def two_waves():
    """Five people, two waves; e leaves, d names nobody, and who is not known is in the values."""
    ties = pd.DataFrame(
        [("a", "b", 3.0), ("a", "c", 1.0), ("b", "c", 2.0), ("c", "d", 1.0), ("e", "a", 1.0)],
        columns=["sender_id", "receiver_id", "strength"],
    ).assign(wave="1", relation="advice")
    memberships = pd.DataFrame(
        {
            "wave": ["1"] * 5 + ["2"] * 4,
            "person_id": list("abcde") + list("abcd"),
            "team_id": list("xxyyy") + list("xxyy"),
            "trust": [2.0, 4, np.nan, 3, 1, 5, 4, 2, 3],
        }
    )
    return network_panel(ties, memberships)


def test_exposure_is_the_mean_of_contacts_whose_value_is_known(two_waves):
    result = exposure(two_waves, outcome="trust")
    rows = result.tidy().set_index("person_id")
    # a names b (4.0) and c (not known): 4; b names c alone; d nobody; e left.
    assert rows.loc["a", ["change", "contacts_mean"]].tolist() == [3.0, 4.0]
    assert rows["n_contacts"].tolist() == [2, 1, 1, 0, 1]
    assert rows["n_contacts_known"].tolist() == [1, 0, 1, 0, 1]
    assert rows["reason"].tolist() == [
        "",
        "of nobody they turned to is the outcome known",
        "the outcome is not known in both waves",
        "of nobody they turned to is the outcome known",
        "not on the roster of the later wave",
    ]
    assert set(rows["wave"]) == {"2"}
    assert set(rows["from_wave"]) == {"1"}
    assert result.glance()[["n", "n_left_out"]].iloc[0].tolist() == [1, 4]


def test_strengths_weigh_contacts(two_waves):
    table = two_waves.roster.assign(trust=[2.0, 4, 8, 3, 1, 5, 4, 2, 3])
    ties = pd.DataFrame(
        {"wave": "1", "relation": "advice", "sender_id": ["a", "a"], "receiver_id": ["b", "c"]}
    )
    panel = network_panel(ties.assign(strength=[3.0, 1.0]), table)
    means = [
        exposure(one, outcome="trust").tidy()["contacts_mean"][0] for one in (panel, panel.binary())
    ]
    assert means == [(3 * 4 + 8) / 4, (4 + 8) / 2]


def test_too_few_changes_have_a_reason(two_waves):
    rows = influence_over_waves(two_waves, outcome="trust").tidy()
    assert rows["estimate"].isna().all()
    assert set(rows["reason"]) == {
        "contacts do not differ beside what a person's own earlier value tells"
    }
