"""What must hold for every network: names, order and scales of no matter, seeds of no matter."""

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from cvln_eval.networks.persons.chances import Exchange

# Few draws: these laws are of each draw.
FEW = {"n_draws": 49, "rng": 3}
CLOSE = 1e-6
SOME = settings(max_examples=4, deadline=None)


def tables(seed, n=14, chance=0.3):
    rng = np.random.default_rng(seed)
    ids = [f"p{i:02}" for i in range(n)]
    people = pd.DataFrame(
        {
            "person_id": ids,
            "team_id": [f"t{i % 3}" for i in range(n)],
            "y": rng.normal(size=n).round(2),
            "x": rng.normal(size=n).round(2),
            "level": rng.permutation(["site", "office"] * (n // 2)),
        }
    )
    tied = rng.random((n, n)) < chance
    np.fill_diagonal(tied, False)
    at = np.nonzero(tied)
    ties = pd.DataFrame(
        {
            "wave": "1",
            "relation": "advice",
            "sender_id": np.array(ids)[at[0]],
            "receiver_id": np.array(ids)[at[1]],
            "strength": rng.integers(1, 5, len(at[0])).astype(float),
        }
    )
    return people, ties


def panel_of_tables(people, ties):
    return network_panel(ties, people.assign(wave="1"))


def every(panel):
    yield permutation_t(panel, outcome="y", by="level", blocks="team_id", **FEW)
    yield permutation_anova(panel, outcome="in_degree", **FEW)
    yield permutation_regression(panel, outcome="y", terms=["x", "out_degree"], **FEW)
    yield p1(panel)
    yield influence(panel, outcome="y", terms="x")


@SOME
@given(st.integers(0, 10_000))
def test_order_of_rows_does_not_matter(seed):
    people, ties = tables(seed)
    shuffled = panel_of_tables(people.sample(frac=1, random_state=1), ties[::-1])
    for one, two in zip(every(panel_of_tables(people, ties)), every(shuffled), strict=True):
        pd.testing.assert_frame_equal(one.tidy(), two.tidy())


@SOME
@given(st.integers(0, 10_000))
def test_names_of_people_do_not_matter_to_what_is_not_drawn(seed):
    people, ties = tables(seed)
    new = {old: f"q{number:02}" for number, old in enumerate(reversed(people["person_id"]))}
    renamed = people.assign(person_id=people["person_id"].map(new))
    moved = ties.assign(
        sender_id=ties["sender_id"].map(new), receiver_id=ties["receiver_id"].map(new)
    )
    for one, two in zip(
        every(panel_of_tables(people, ties)), every(panel_of_tables(renamed, moved)), strict=True
    ):
        key = ["term", "person_id"] if "person_id" in one.tidy() else ["term"]
        first = one.tidy().assign(**{k: one.tidy()[k].replace(new) for k in key}).set_index(key)
        second = two.tidy().set_index(key).loc[first.index]
        column = "estimate" if "estimate" in first else "sum_of_squares"
        np.testing.assert_allclose(first[column], second[column], rtol=CLOSE, atol=CLOSE)


@SOME
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_scales_of_the_outcome_move_estimates_and_not_evidence(seed, start, unit):
    people, ties = tables(seed)
    moved = people.assign(y=start + unit * people["y"])
    first, second = panel_of_tables(people, ties), panel_of_tables(moved, ties)
    for one, two in zip(every(first), every(second), strict=True):
        left, right = one.tidy(), two.tidy()
        # The constants are the only terms that a moved scale moves.
        constants = ["Intercept", "names nobody"]
        left, right = (t[~t["term"].isin(constants)] for t in (left, right))
        np.testing.assert_allclose(left["p_value"], right["p_value"], rtol=1e-4, atol=1e-6)
    slopes = [permutation_t(p, outcome="y", by="level", **FEW).tidy() for p in (first, second)]
    assert slopes[1]["estimate"][0] == pytest.approx(unit * slopes[0]["estimate"][0], abs=1e-9)


@SOME
@given(st.integers(0, 10_000), st.floats(-50, 50))
def test_rho_does_not_depend_on_where_a_scale_begins_even_if_some_name_nobody(seed, start):
    people, ties = tables(seed)
    ties = ties[~ties["sender_id"].isin(["p00", "p01"])]
    rows = [
        influence(panel_of_tables(one, ties), outcome="y").tidy().set_index("term")
        for one in (people, people.assign(y=people["y"] + start))
    ]
    assert "names nobody" in rows[0].index
    for column in ("estimate", "statistic", "conf_low", "conf_high"):
        one, two = (row.loc["rho", column] for row in rows)
        assert one == pytest.approx(two, abs=1e-4, nan_ok=True)


@SOME
@given(st.integers(0, 10_000))
def test_p1_of_the_reversed_network_changes_alpha_with_beta(seed):
    people, ties = tables(seed)
    back = ties.rename(columns={"sender_id": "receiver_id", "receiver_id": "sender_id"})
    one, two = (p1(panel_of_tables(people, t)).tidy() for t in (ties, back))
    swap = {"alpha": "beta", "beta": "alpha"}
    two = two.assign(term=two["term"].replace(swap)).set_index(["term", "person_id"])
    one = one.set_index(["term", "person_id"])
    for column in ("estimate", "std_error", "statistic"):
        np.testing.assert_allclose(one[column], two.loc[one.index, column], rtol=1e-5, atol=CLOSE)


@SOME
@given(st.integers(0, 10_000))
def test_p1_expects_what_it_saw(seed):
    # At the maximum, arcs sent and received by each are expected as observed (equation 17).
    people, ties = tables(seed, n=10, chance=0.45)
    rows = p1(panel_of_tables(people, ties)).tidy()
    if rows["estimate"].isna().any():
        return
    theta, rho = rows["estimate"][:2]
    alpha, beta = (rows.loc[rows["term"] == t, "estimate"].to_numpy() for t in ("alpha", "beta"))
    assert alpha.sum() == pytest.approx(0, abs=1e-9)
    assert beta.sum() == pytest.approx(0, abs=1e-9)
    odds = np.exp(theta + alpha[:, None] + beta[None, :])
    np.fill_diagonal(odds, 0)
    pair = odds * odds.T * np.exp(rho)
    there = (odds + pair) / (1 + odds + odds.T + pair)
    seen = panel_of_tables(people, ties).networks[0].adjacency().toarray()
    np.testing.assert_allclose(there.sum(axis=1), seen.sum(axis=1), atol=CLOSE)
    np.testing.assert_allclose(there.sum(axis=0), seen.sum(axis=0), atol=CLOSE)
    assert (pair / (1 + odds + odds.T + pair)).sum() == pytest.approx(
        (seen * seen.T).sum(), abs=CLOSE
    )


def test_two_groups_and_their_analysis_of_variance_are_one_test():
    panel = panel_of_tables(*tables(4))
    two = permutation_t(panel, outcome="y", by="level", blocks="team_id", **FEW).tidy().iloc[0]
    several = permutation_anova(panel, outcome="y", by="level", blocks="team_id", **FEW).tidy()
    assert several["statistic"][0] == pytest.approx(two["statistic"] ** 2)
    assert several["p_value"][0] == two["p_value"]
    again = permutation_regression(panel, outcome="y", terms="level", blocks="team_id", **FEW)
    row = again.tidy().iloc[0]
    # Reference of the regression is the first name, as in the difference.
    assert row["term"] == "level: site"
    assert two["term"] == "site minus office"
    assert row["estimate"] == pytest.approx(two["estimate"])
    assert row["std_error"] == pytest.approx(two["std_error"])


def test_blocks_of_one_value_are_no_blocks():
    people, ties = tables(2)
    panel = panel_of_tables(people.assign(all="1"), ties)
    one, two = (
        permutation_t(panel, outcome="y", by="level", blocks=blocks, **FEW).tidy()
        for blocks in (None, "all")
    )
    words = ["method", "null_hypothesis"]
    pd.testing.assert_frame_equal(one.drop(columns=words), two.drop(columns=words))


def test_what_is_drawn_stays_in_its_block_and_is_in_every_order_alike_often():
    codes, blocks = np.array([0, 1, 2, 0, 1]), np.array([0, 0, 0, 1, 1])
    drawn = Exchange(codes, blocks, 6000).drawn(6000, np.random.default_rng(1))
    assert (np.sort(drawn[:, :3], axis=1) == [0, 1, 2]).all()
    assert (np.sort(drawn[:, 3:], axis=1) == [0, 1]).all()
    orders, times = np.unique(drawn, axis=0, return_counts=True)
    # 3! x 2! arrangements, 500 times each but for four standard errors of 21.4.
    assert len(orders) == 12
    assert np.abs(times - 500).max() < 86


def test_a_drawn_p_is_near_the_one_of_all_arrangements(monkeypatch):
    people, ties = tables(6)
    panel = panel_of_tables(people, ties)
    given = {"outcome": "y", "by": "level"}
    every_one = permutation_t(panel, **given).tidy().iloc[0]
    assert (every_one["n_draws"], every_one["enumerated"]) == (3432, True)
    monkeypatch.setattr("cvln_eval.networks.persons.chances.MOST_ENUMERATED", 100)
    drawn = permutation_t(panel, **given, n_draws=4999, rng=2).tidy().iloc[0]
    assert not drawn["enumerated"]
    assert drawn["p_low"] < every_one["p_value"] < drawn["p_high"]
    # (c + 1) / (n + 1), which lies a little above c / n.
    extreme = drawn["p_value"] * 5000 - 1
    assert extreme == pytest.approx(round(extreme), abs=1e-9)
    assert drawn["smallest_p"] == 1 / 5000


def test_two_processes_give_the_numbers_of_one():
    panel = panel_of_tables(*tables(3))
    given = {"outcome": "y", "terms": ["x", "in_degree"], "n_draws": 600, "rng": 5}
    one = permutation_regression(panel, **given).tidy()
    with joblib.parallel_config("loky", n_jobs=2):
        two = permutation_regression(panel, **given).tidy()
    pd.testing.assert_frame_equal(one, two)
    assert not permutation_regression(panel, **(given | {"rng": 6})).tidy().equals(one)


def test_rho_is_found_again():
    # 60 people who name 4 others each, rho = .4; the mean of 30 estimates has an error of about .03
    # about .29, the mean of many: maximum likelihood is low.
    rng = np.random.default_rng(11)
    n, found, held = 60, [], 0
    for _ in range(30):
        tied = np.zeros((n, n))
        for i in range(n):
            tied[i, rng.choice(np.delete(np.arange(n), i), 4, replace=False)] = 1
        y = np.linalg.solve(np.eye(n) - 0.4 * tied / 4, 2 + rng.normal(size=n))
        at = np.nonzero(tied)
        ids = np.array([f"p{i:02}" for i in range(n)])
        ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ids[at[0]],
                             "receiver_id": ids[at[1]], "strength": 1.0})  # fmt: skip
        people = pd.DataFrame({"person_id": ids, "team_id": "t", "wave": "1", "y": y})
        row = influence(network_panel(ties, people), outcome="y").tidy().iloc[0]
        found.append(row["estimate"])
        held += row["conf_low"] < 0.4 < row["conf_high"]
    assert 0.2 < np.mean(found) < 0.4
    assert held >= 25


def two_waves(rng, slope):
    n = 60
    ids = np.array([f"p{i:02}" for i in range(n)])
    team = np.array([f"t{i % 5}" for i in range(n)])
    before = rng.normal(size=n)
    tied = rng.random((n, n)) < np.where(team[:, None] == team, 0.4, 0.03)
    np.fill_diagonal(tied, False)
    mean = tied @ before / np.maximum(tied.sum(axis=1), 1)
    after = before + slope * mean - 0.3 * before + rng.normal(0, 0.4, n)
    at = np.nonzero(tied)
    ties = pd.DataFrame({"wave": "1", "relation": "advice", "sender_id": ids[at[0]],
                         "receiver_id": ids[at[1]], "strength": 1.0})  # fmt: skip
    waves = [
        pd.DataFrame({"wave": wave, "person_id": ids, "team_id": team, "trust": values})
        for wave, values in (("1", before), ("2", after))
    ]
    return network_panel(ties, pd.concat(waves, ignore_index=True))


def test_a_pull_of_contacts_is_found_again_and_none_where_there_is_none():
    rng = np.random.default_rng(7)
    rows = influence_over_waves(two_waves(rng, 0.8), outcome="trust", n_draws=999).tidy()
    assert rows["convention"].tolist() == ["between and within teams", "within teams"]
    assert rows["estimate"].tolist() == pytest.approx([0.8, 0.8], abs=0.35)
    assert (rows["p_value"] < 0.05).all()
    p_values = [
        influence_over_waves(two_waves(rng, 0.0), outcome="trust", n_draws=99).tidy()["p_value"]
        for _ in range(10)
    ]
    # 20 tests at .05 reject once; more than 5 would come three times in ten thousand.
    assert (np.array(p_values) <= 0.05).sum() <= 5


def test_within_teams_the_slope_is_that_of_a_regression_with_a_constant_for_each():
    panel = two_waves(np.random.default_rng(9), 0.5)
    table = exposure(panel, outcome="trust").tidy()
    table = table[table["reason"] == ""]
    x = np.column_stack([table[["contacts_mean", "value_before"]].to_numpy(dtype=float),
                         pd.get_dummies(table["team_id"]).to_numpy(dtype=float)])  # fmt: skip
    expected = np.linalg.lstsq(x, table["change"].to_numpy(dtype=float), rcond=None)[0][0]
    row = influence_over_waves(panel, outcome="trust", n_draws=9).tidy().iloc[1]
    assert row["estimate"] == pytest.approx(expected)
    assert row["df"] == len(table) - 2 - 5


@pytest.mark.parametrize("model", ["lag", "disturbance"])
def test_the_interval_of_rho_ends_at_nought_at_the_level_that_its_test_tells(reference, model):
    given = {"outcome": "trust", "terms": "tenure", "model": model}
    p_value = influence(reference, **given).tidy()["p_value"][0]
    row = influence(reference, **given, conf_level=1 - p_value).tidy().iloc[0]
    assert row["estimate"] > 0
    assert row["conf_low"] == pytest.approx(0, abs=1e-6)
    assert row["estimate"] < row["conf_high"] < 1
