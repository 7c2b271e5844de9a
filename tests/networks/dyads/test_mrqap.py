"""MRQAP against every permutation refitted by brute force, laws, and what cannot be had."""

from __future__ import annotations

from itertools import permutations

import joblib
import numpy as np
import pandas as pd
import pytest
from dyad_cases import network_of, people_of, some_ties, t_values

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.dyads import difference, logistic_qap, mrqap, receiver, same, sender, tie
from cvln_eval.networks.panel import panel_of, symmetrised

# Sums of a few dozen products, taken in another order.
ROUNDING = 1e-9


def cells(matrix, mask):
    return np.asarray(matrix, dtype=float)[mask]


def refitted(y, terms, which, mask, orders):
    """Return t of one term, refitted after each permutation of its residuals."""
    others = [cells(term, mask) for place, term in enumerate(terms) if place != which]
    x = np.column_stack([np.ones(mask.sum()), *others])
    own = cells(terms[which], mask)
    residual = np.zeros(mask.shape)
    residual[mask] = own - x @ np.linalg.lstsq(x, own, rcond=None)[0]
    outcome = cells(y, mask)
    return np.array(
        [
            t_values(outcome, [*others, cells(residual[np.ix_(order, order)], mask)])[1][-1]
            for order in map(list, orders)
        ]
    )


@pytest.fixture
def five():
    rng = np.random.default_rng(5)
    y, first, second = (some_ties(5, rng, 0.6) for _ in range(3))
    return y, [first, second]


OFF = ~np.eye(5, dtype=bool)


def test_a_slope_by_hand():
    # a names b (1), c names b (3); term: 1 for b -> a and c -> b. Six pairs, means 4/6 and 2/6.
    # Sxy = 1*3 - 6 * 2/3 * 1/3 = 5/3; Sxx = 2 - 6/9 = 4/3; b = 1.25, a = 4/6 - 1.25/3 = 0.25.
    y = np.array([[0, 1, 0], [0, 0, 0], [0, 3, 0]])
    x = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    found = mrqap(network_of(y), terms={"x": x}).tidy().set_index("term")
    assert found["estimate"].to_dict() == pytest.approx({"intercept": 0.25, "x": 1.25})
    # SSE = Syy - b Sxy = (10 - 16/6) - 25/12 = 5.25; R2 = (25/12) / (22/3)
    assert mrqap(network_of(y), terms={"x": x}).fits()["r_squared"].item() == pytest.approx(25 / 88)
    # All six orders: 6 times the observed or less; t = 1.25 / sqrt(5.25 / 4 / (4 / 3)).
    assert found.loc["x", "statistic"] == pytest.approx(1.25 / np.sqrt(5.25 / 4 * 3 / 4))
    assert found.loc["x", "n_draws"] == 6


@pytest.mark.parametrize("which", [0, 1])
def test_dsp_is_what_refitting_after_each_of_all_permutations_gives(five, which):
    y, terms = five
    found = mrqap(network_of(y), terms={"a": terms[0], "b": terms[1]}, n_draws=120)
    expected = refitted(y, terms, which, OFF, permutations(range(5)))
    draws = found.null_distribution().set_index("term").loc["ab"[which], "statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    row = found.tidy().iloc[1 + which]
    _, t = t_values(cells(y, OFF), [cells(term, OFF) for term in terms])
    assert row["statistic"] == pytest.approx(t[1 + which])
    share = np.mean(np.abs(expected) >= np.abs(t[1 + which]) - ROUNDING)
    assert row["p_value"] == pytest.approx(share)
    assert (row["enumerated"], row["smallest_p"]) == (True, 1 / 120)
    assert row["p_low"] == row["p_high"] == row["p_value"]


def test_y_permutation_is_what_refitting_gives(five):
    y, terms = five
    found = mrqap(network_of(y), terms={"a": terms[0], "b": terms[1]}, method="y", n_draws=120)
    columns = [cells(term, OFF) for term in terms]
    expected = np.array(
        [
            t_values(cells(y[np.ix_(order, order)], OFF), columns)[1][1:]
            for order in map(list, permutations(range(5)))
        ]
    )
    for place, name in enumerate("ab"):
        draws = found.null_distribution().set_index("term").loc[name, "statistic"]
        np.testing.assert_allclose(np.sort(draws), np.sort(expected[:, place]), atol=ROUNDING)


def test_undirected_pairs_count_once(five):
    y, terms = (np.maximum(five[0], five[0].T), [np.maximum(one, one.T) for one in five[1]])
    found = mrqap(network_of(y, directed=False), terms={"a": terms[0], "b": terms[1]}, n_draws=120)
    upper = np.triu(OFF)
    symmetric = refitted_symmetric(y, terms, upper)
    draws = found.null_distribution().query("term == 'a'")["statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(symmetric), atol=ROUNDING)
    assert found.fits()["n_dyads"].item() == 10


def refitted_symmetric(y, terms, upper):
    x = np.column_stack([np.ones(upper.sum()), cells(terms[1], upper)])
    own = cells(terms[0], upper)
    half = np.zeros(upper.shape)
    half[upper] = own - x @ np.linalg.lstsq(x, own, rcond=None)[0]
    residual = half + half.T
    return [
        t_values(cells(y, upper), [x[:, 1], cells(residual[np.ix_(order, order)], upper)])[1][-1]
        for order in map(list, permutations(range(5)))
    ]


def test_who_did_not_answer_changes_places_with_such_people_only():
    rng = np.random.default_rng(6)
    y, term = some_ties(6, rng), some_ties(6, rng)
    answered = np.array([1, 1, 1, 1, 0, 0], dtype=bool)
    y[~answered] = 0
    found = mrqap(network_of(y, answered=answered), terms={"x": term}, n_draws=100)
    # 4! * 2! orders keep the known rows where they are.
    assert found.tidy()["n_draws"].max() == 48
    mask = ~np.eye(6, dtype=bool) & answered[:, None]
    orders = [one + two for one in permutations(range(4)) for two in permutations((4, 5))]
    expected = refitted(y, [term], 0, mask, orders)
    draws = found.null_distribution()["statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    whole = found.fits().iloc[0]
    assert (whole["n_dyads"], whole["n_dyads_left_out"]) == (20, 10)


def test_a_single_unknown_cell_counts_as_residual_0_where_it_comes():
    rng = np.random.default_rng(7)
    y, term = some_ties(5, rng, 0.6), some_ties(5, rng, 0.6)
    term[1, 3] = np.nan
    found = mrqap(network_of(y), terms={"x": term}, n_draws=120)
    mask = OFF & np.isfinite(term)
    expected = refitted(y, [np.nan_to_num(term)], 0, mask, permutations(range(5)))
    draws = found.null_distribution()["statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    assert found.fits()["n_dyads"].item() == 19


def test_a_term_moves_also_from_pairs_whose_outcome_is_not_known():
    rng = np.random.default_rng(27)
    y, term = some_ties(5, rng, 0.6), some_ties(5, rng, 0.6)
    y[1, 3] = np.nan  # a tie without a strength
    found = mrqap(network_of(y), terms={"x": term}, n_draws=120)
    mask = OFF & np.isfinite(y)
    residual = np.where(OFF, term - term[mask].mean(), 0)
    expected = [
        t_values(y[mask], [residual[np.ix_(order, order)][mask]])[1][-1]
        for order in map(list, permutations(range(5)))
    ]
    draws = found.null_distribution()["statistic"]
    np.testing.assert_allclose(np.sort(draws), np.sort(expected), atol=ROUNDING)
    assert found.fits()[["n_dyads", "n_dyads_left_out"]].iloc[0].tolist() == [19, 1]


def test_blocks_keep_people_within(nine):
    one = nine.network(wave="1", relation="advice")
    found = mrqap(one, terms=[difference("tenure_years")], blocks="team_id")
    assert found.tidy()["n_draws"].max() == 2 * 6 * 24


def test_people_who_are_in_no_network_together_change_places_each_in_theirs():
    rng = np.random.default_rng(18)
    parts = []
    for name in "xy":
        people = people_of(4, rng, (2, 2)).assign(
            person_id=[f"{name}{place}" for place in range(4)]
        )
        parts.append(network_of(some_ties(4, rng, 0.6), people=people, wave=name))
    terms = [difference("tenure_years"), same("team_id")]
    free = mrqap(panel_of(parts), terms=terms, pooled=True, n_draws=600)
    assert free.tidy()["n_draws"].max() == 24 * 24
    within = mrqap(panel_of(parts), terms=terms, pooled=True, blocks="team_id", n_draws=600)
    assert within.tidy()["n_draws"].max() == 2**4


def test_networks_each_without_ties_or_full_have_a_reason_together():
    none, full = np.zeros((4, 4)), np.ones((4, 4)) - np.eye(4)
    panel = panel_of([network_of(none, wave="1"), network_of(full, wave="2")])
    given = {"x": some_ties(4, np.random.default_rng(2), 0.5)}
    for fit in (mrqap, logistic_qap):
        found = fit(panel, terms=given, pooled=True)
        assert found.fits()["reason"].item() == "in each network all pairs have the same outcome"
        assert found.tidy()["p_value"].isna().all()


def test_one_term_is_a_list_of_one_and_infinity_may_stand_on_a_diagonal(nine):
    options = {"wave": "1", "relation": "advice", "n_draws": 9}
    alone = mrqap(nine, terms=same("team_id"), **options).tidy()
    pd.testing.assert_frame_equal(alone, mrqap(nine, terms=[same("team_id")], **options).tidy())
    near = some_ties(9, np.random.default_rng(1))
    far = near + np.diag(np.full(9, np.inf))
    found = [mrqap(nine, terms={"x": one}, **options).tidy() for one in (near, far)]
    pd.testing.assert_frame_equal(*found)


def test_who_is_in_no_block_stays(nine):
    one = nine.network(wave="1", relation="advice")
    # p00, p01 are all of team t0; without a team neither takes the other's place.
    people = one.people.assign(team_id=one.people["team_id"].replace("t0", None))
    found = mrqap(
        network_of(np.nan_to_num(one.matrix()), people=people),
        terms=[difference("tenure_years")],
        blocks="team_id",
    )
    assert found.tidy()["n_draws"].max() == 6 * 24


def test_a_term_that_exchanges_leave_as_it_is_has_no_test(nine):
    one = nine.network(wave="1", relation="advice")
    for method in ("dsp", "y"):
        found = mrqap(
            one, terms=[same("team_id"), sender("tenure_years")], blocks="team_id", method=method
        )
        row = found.tidy().set_index("term").loc["same team_id (1)"]
        assert np.isnan(row["p_value"])
        assert np.isfinite(row["estimate"])
        assert "stays as it is" in row["reason"]
        assert found.tidy()["p_value"].notna().sum() == 1


def test_what_stands_on_a_diagonal_moves_nobody(nine):
    one = nine.network(wave="1", relation="advice")
    team = one.groups("team_id")[0].astype(float)
    between = team[:, None] + 10 * team + 1
    found = mrqap(one, terms={"teams": between}, blocks="team_id", n_draws=99)
    assert "stays as it is" in found.tidy()["reason"].iloc[1]


def test_an_empty_network_among_others_takes_its_own_intercept_only(nine):
    ties = np.nan_to_num(nine.network(wave="1", relation="advice").matrix())
    people = nine.network(wave="1", relation="advice").people
    panel = panel_of(
        [network_of(np.zeros((9, 9)), people=people), network_of(ties, people=people, wave="2")]
    )
    found = mrqap(panel, terms=same("team_id"), pooled=True, n_draws=99).tidy()
    assert found["estimate"].notna().all()
    assert found["p_value"].notna().iloc[-1]


def test_pooled_networks_of_different_people_are_permuted_each_within_itself():
    rng = np.random.default_rng(8)
    parts = []
    for name, n in (("x", 3), ("y", 4)):
        people = pd.DataFrame({"person_id": [f"{name}{place}" for place in range(n)]})
        parts.append(network_of(some_ties(n, rng, 0.6), people=people, wave=name))
    given = {one.wave: some_ties(one.n, rng, 0.6) for one in parts}
    ids = [person for one in parts for person in one.ids]
    labelled = pd.DataFrame(np.nan, index=ids, columns=ids)
    for one in parts:
        labelled.loc[one.ids, one.ids] = given[one.wave]
    found = mrqap(panel_of(parts), terms={"z": labelled}, pooled=True, n_draws=200)
    assert found.tidy()["n_draws"].max() == 6 * 24
    # Least squares with a dummy a network.
    masks = [~np.eye(one.n, dtype=bool) for one in parts]
    y = np.concatenate(
        [np.nan_to_num(one.matrix())[m] for one, m in zip(parts, masks, strict=True)]
    )
    z = np.concatenate([given[one.wave][m] for one, m in zip(parts, masks, strict=True)])
    second = np.repeat([0.0, 1.0], [6, 12])
    b, t = t_values(y, [second, z])
    row = found.tidy().iloc[-1]
    assert (row["estimate"], row["statistic"]) == (pytest.approx(b[2]), pytest.approx(t[2]))
    assert row["wave"] == "x + y"
    moved = mrqap(panel_of(parts), terms={"z": labelled}, pooled=True, method="y", n_draws=200)
    assert moved.tidy()["statistic"].iloc[-1] == pytest.approx(t[2])
    # R2 within: what is left of the variation about each network's own mean.
    x = np.column_stack([np.ones(18), second, z])
    left = np.sum((y - x @ b) ** 2)
    own = sum(np.sum((part - part.mean()) ** 2) for part in np.split(y, [6]))
    fit = found.fits().iloc[0]
    assert fit["r_squared"] == pytest.approx(1 - left / own)
    assert fit["r_squared_adjusted"] == pytest.approx(1 - left / own * 16 / 15)
    assert row["vif"] == pytest.approx(1)


def test_pooled_waves_of_the_same_people_move_together(nine):
    found = mrqap(nine, relation="advice", terms=[same("team_id")], pooled=True, n_draws=10)
    small = mrqap(
        nine.mapped(lambda one: one.among(["p00", "p01", "p02", "p03"])),
        relation="advice",
        terms=[difference("tenure_years")],
        pooled=True,
    )
    assert found.tidy()["term"].tolist()[-1] == "same team_id (1, 2)"
    # 4! orders, not 4! * 4!.
    assert small.tidy()["n_draws"].max() == 24


def test_labels_say_the_wave(nine):
    found = mrqap(
        nine,
        wave="2",
        relation="advice",
        terms=[
            tie("advice", wave="1"),
            tie("trust", wave="1"),
            same("team_id"),
            receiver("tenure_years"),
        ],
    )
    assert found.tidy()["term"].tolist() == [
        "intercept",
        "advice (1)",
        "trust (1)",
        "same team_id (2)",
        "tenure_years of receiver (2)",
    ]


def test_relabelling_people_changes_no_estimate(nine):
    one = nine.network(wave="1", relation="advice")
    order = np.random.default_rng(2).permutation(9)
    people = one.people.iloc[order].assign(person_id=one.people["person_id"].to_numpy())
    turned = network_of(
        np.nan_to_num(one.matrix())[np.ix_(order, order)], people=people.reset_index(drop=True)
    )
    terms = [same("team_id"), difference("tenure_years"), sender("tenure_years")]
    columns = ["estimate", "statistic", "std_error", "vif", "standardised"]
    first, second = (mrqap(net, terms=terms, n_draws=9).tidy()[columns] for net in (one, turned))
    pd.testing.assert_frame_equal(first, second, rtol=ROUNDING)


def test_reversing_all_arcs_exchanges_senders_and_receivers(nine):
    one = nine.network(wave="1", relation="advice")
    back = network_of(np.nan_to_num(one.matrix()).T, people=one.people)
    sent = mrqap(one, terms=[sender("tenure_years")], n_draws=99).tidy().iloc[1]
    got = mrqap(back, terms=[receiver("tenure_years")], n_draws=99).tidy().iloc[1]
    for name in ("estimate", "statistic", "p_value", "std_error"):
        assert sent[name] == pytest.approx(got[name])


def test_a_scaled_term_has_the_same_p_and_standardised_estimate(nine):
    one = nine.network(wave="1", relation="advice")
    term = some_ties(9, np.random.default_rng(3))
    first = mrqap(one, terms={"x": term}, n_draws=199).tidy().iloc[1]
    second = mrqap(one, terms={"x": 10 * term + 3}, n_draws=199).tidy().iloc[1]
    assert second["estimate"] == pytest.approx(first["estimate"] / 10)
    for name in ("statistic", "p_value", "standardised", "vif"):
        assert second[name] == pytest.approx(first[name])


def test_two_processes_give_the_numbers_of_one(nine):
    one = nine.network(wave="1", relation="advice")
    alone = mrqap(one, terms=[same("team_id")], n_draws=600, rng=4).null_distribution()
    with joblib.parallel_config("loky", n_jobs=2):
        both = mrqap(one, terms=[same("team_id")], n_draws=600, rng=4).null_distribution()
    pd.testing.assert_frame_equal(alone, both)


def test_p_is_never_0_and_its_interval_holds_the_share():
    n = 12
    term = some_ties(n, np.random.default_rng(1))
    y = 2 * term + 0.01 * some_ties(n, np.random.default_rng(2))
    row = mrqap(network_of(y), terms={"x": term}, n_draws=99).tidy().iloc[1]
    assert row["p_value"] == row["smallest_p"] == 0.01
    # No permutation of 99 was as extreme: 1 - .025 ** (1 / 99).
    assert (row["p_low"], row["p_high"]) == (0, pytest.approx(1 - 0.025 ** (1 / 99)))


def test_terms_that_repeat_others_or_do_not_vary_have_a_reason():
    rng = np.random.default_rng(1)
    first, second = some_ties(6, rng), some_ties(6, rng)
    terms = {"a": first, "b": second, "sum": first + second, "one": np.ones((6, 6))}
    found = mrqap(network_of(some_ties(6, rng)), terms=terms).tidy().set_index("term")
    assert found.loc[["sum", "one"], "estimate"].isna().all()
    assert found.loc["sum", "reason"] == found.loc["one", "reason"]
    assert "sum of the terms before" in found.loc["sum", "reason"]
    assert found.loc[["a", "b"], "p_value"].notna().all()


def test_the_intercept_is_estimated_but_not_tested(nine):
    row = mrqap(nine, wave="1", relation="trust", terms=[same("team_id")]).tidy().iloc[0]
    assert np.isfinite(row["estimate"])
    assert np.isfinite(row["std_error"])
    assert np.isnan(row["p_value"])
    assert "no permutation speaks of the intercept" in row["reason"]
    assert row["null_hypothesis"] == ""


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        (network_of(np.zeros((5, 5))), "all pairs have the same outcome, 0"),
        (network_of(np.ones((5, 5)) - np.eye(5)), "all pairs have the same outcome, 1"),
        (network_of(np.zeros((1, 1))), "known of 0 pairs, where 3"),
        (network_of(np.zeros((0, 0))), "known of 0 pairs, where 3"),
        (network_of([[0, 1], [0, 0]]), "known of 2 pairs, where 3"),
        (network_of(np.zeros((4, 4)), answered=[0, 0, 0, 0]), "known of 0 pairs"),
    ],
)
def test_what_cannot_be_had_has_a_reason(network, reason):
    term = some_ties(network.n, np.random.default_rng(1), 0.6) if network.n else np.empty((0, 0))
    found = mrqap(network, terms={"x": term})
    table = found.tidy()
    assert table[["estimate", "p_value", "smallest_p", "std_error"]].isna().all(axis=None)
    assert table["reason"].str.contains(reason, regex=False).all()
    assert reason in found.sentence()
    assert len(found.glance()) == 1
    assert found.null_distribution().empty


def test_one_respondent_has_estimates_but_nobody_of_his_kind(nine):
    one = nine.network(wave="1", relation="advice")
    y = np.nan_to_num(one.matrix())
    y[1:] = 0
    answered = np.arange(9) == 0
    found = mrqap(network_of(y, people=one.people, answered=answered), terms=[same("team_id")])
    row = found.tidy().iloc[1]
    assert row["n_dyads"] == 8
    assert row["n_draws"] > 0


def test_nobody_to_exchange_is_said():
    y = some_ties(4, np.random.default_rng(3), 0.6)
    people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("wxyz")})
    found = mrqap(network_of(y, people=people), terms={"x": y.T}, blocks="team_id").tidy()
    assert "nobody can be exchanged" in found.loc[1, "reason"]
    assert np.isfinite(found.loc[1, "estimate"])


def test_an_outcome_given_exactly_is_not_tested():
    term = some_ties(6, np.random.default_rng(3))
    found = mrqap(network_of(2 * term), terms={"x": term}).tidy()
    assert found.loc[1, "estimate"] == pytest.approx(2)
    assert "without an error" in found.loc[1, "reason"]


def test_people_without_an_attribute_are_left_out(nine):
    one = nine.network(wave="1", relation="advice")
    people = one.people.assign(tenure_years=one.people["tenure_years"].where(one.people.index > 0))
    found = mrqap(
        network_of(np.nan_to_num(one.matrix()), people=people), terms=[difference("tenure_years")]
    )
    assert found.fits()[["n", "n_dyads", "n_dyads_left_out"]].iloc[0].tolist() == [8, 56, 16]


def test_ties_without_a_strength_are_left_out():
    y = some_ties(6, np.random.default_rng(4))
    network = network_of(y)
    network.strength[0] = np.nan
    found = mrqap(network, terms={"x": some_ties(6, np.random.default_rng(5))})
    assert found.fits()["n_dyads"].item() == 29


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"terms": []}, "Seen: none"),
        ({"terms": [same("team_id"), same("team_id")]}, "same team_id"),
        ({"terms": [same("shoe_size")]}, "'shoe_size'"),
        ({"terms": [difference("team_id")]}, "'t0'"),
        ({"terms": ["confide"]}, "confide in 1"),
        ({"terms": [tie("advice", wave="7")]}, "advice in 7"),
        ({"terms": [same("team_id", wave="7")]}, "'7'"),
        ({"terms": {"x": np.ones((3, 3))}}, r"shape \(3, 3\)"),
        ({"terms": {"x": pd.DataFrame(np.ones((2, 3)))}}, "'2'"),
        ({"terms": [7]}, "type int"),
        ({"terms": 7}, "type int"),
        ({"terms": {"x": np.full((9, 9), "far")}}, "Cells of the matrix 'x'"),
        ({"terms": {"x": np.full((9, 9), np.inf)}}, "inf"),
        ({"terms": [same("team_id")], "method": "qap"}, "'qap'"),
        ({"terms": [same("team_id")], "wave": "9"}, "any relation in 9"),
        ({"terms": [same("team_id")], "blocks": "shoe_size"}, "'shoe_size'"),
        ({"terms": [same("team_id")], "conf_level": 95}, "95"),
        ({"terms": [sender("tenure_years")], "n_draws": 0}, "0"),
        ({"terms": [sender("tenure_years")], "n_draws": "many"}, "'many'"),
    ],
)
def test_what_cannot_be_meant_is_refused(nine, options, match):
    with pytest.raises(ArgumentError, match=match):
        mrqap(nine, **options)


def test_directed_terms_of_undirected_ties_are_refused(nine):
    one = symmetrised(nine.network(wave="1", relation="advice"), rule="either")
    with pytest.raises(ArgumentError, match="neither sender nor receiver"):
        mrqap(one, terms=[sender("tenure_years")])
    with pytest.raises(ArgumentError, match="'x'"):
        mrqap(one, terms={"x": some_ties(9, np.random.default_rng(1))})


def test_a_network_alone_has_no_other_networks(nine):
    with pytest.raises(ArgumentError, match="'trust'"):
        mrqap(nine.network(wave="1", relation="advice"), terms=["trust"])


def test_the_sentence_says_each_term(nine):
    found = mrqap(nine, wave="1", relation="advice", terms=[difference("tenure_years")], n_draws=99)
    row = found.tidy().iloc[1]
    p = f"{row['p_value']:.3f}".lstrip("0")
    assert found.sentence() == (
        "MRQAP of advice, 1 on 72 pairs of 9 people, 99 permutations: difference in "
        f"tenure_years (1), b = {row['estimate']:z.2f}, p = {p}."
    )


def test_a_permutation_that_leaves_no_t_counts_as_one_that_gives_as_much():
    people = pd.DataFrame(
        {"person_id": list("abcd"), "x": [1, 0, 1, 0], "other": [1, 1, 0, 0]}, dtype=object
    )
    network = network_of(some_ties(4, np.random.default_rng(2), 0.7), people=people)
    found = mrqap(network, terms=[sender("x"), sender("other")])
    draws = found.null_distribution().set_index("term").loc["x of sender (1)", "statistic"]
    # x is orthogonal to the other; 2 * 2 * 2 of 24 orders make it the other, or its reverse.
    assert draws.isna().sum() == 8
    row = found.tidy().set_index("term").loc["x of sender (1)"]
    as_much = (draws.abs() >= abs(row["statistic"]) - ROUNDING).sum()
    assert row["p_value"] == pytest.approx((as_much + 8) / 24)
