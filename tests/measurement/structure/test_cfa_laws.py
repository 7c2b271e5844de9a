"""Confirmatory factor models by hand, by law, by recovery, and where they cannot be had."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.measurement.structure import confirmatory_factors
from cvln_eval.measurement.structure.cfa_indices import persons_needed, rmsea_interval
from cvln_eval.measurement.structure.cfa_sample import too_few
from cvln_eval.simulate import simulate_factor_answers

ITEMS = [f"item_{i}" for i in range(1, 6)]
LOADINGS = [0.8, 0.7, 0.7, 0.6, 0.5]
SAME = 1e-5
# MacCallum, Browne & Sugawara (1996), table 4, test of close fit, power .80; they round otherwise.
TABLE_4 = {5: 1463, 10: 782, 20: 435, 50: 214, 100: 132}


def answers(n=300, **given):
    return simulate_factor_answers(n_persons=n, loadings=LOADINGS, rng=4, **given)


def trust(table, items=ITEMS, **given):
    return confirmatory_factors(table, factors={"trust": items}, **given)


def test_three_items_give_the_triad_by_hand():
    # Exactly fitted: the loading of item 1 is sqrt(r12 r13 / r23), standardised.
    table = answers()
    r = table[ITEMS[:3]].corr().to_numpy()
    model = trust(table, ITEMS[:3])
    by_hand = np.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
    assert model.tidy()["estimate"].iloc[0] == pytest.approx(by_hand, abs=SAME)
    assert model.glance()["df"].item() == 0
    assert np.isnan(model.glance()["p_value"].item())
    assert "no degrees of freedom" in model.sentence()


def test_units_of_the_items_change_nothing_but_the_loadings():
    table = answers()
    scaled = table.assign(item_1=table["item_1"] * 1000 + 5e4, item_2=table["item_2"] / 1000)
    one, other = trust(table), trust(scaled)
    for name in ("statistic", "cfi", "srmr", "rmsea"):
        assert one.glance()[name].item() == pytest.approx(other.glance()[name].item(), abs=SAME)
    assert np.allclose(one.tidy()["estimate"], other.tidy()["estimate"], atol=SAME)
    raw = other.tidy()["loading"].iloc[0] / one.tidy()["loading"].iloc[0]
    assert raw == pytest.approx(1000, rel=SAME)


def test_a_reversed_item_reverses_its_loading_only():
    table = answers()
    turned = trust(table.assign(item_3=-table["item_3"])).tidy()["estimate"]
    assert np.allclose(turned * [1, 1, -1, 1, 1], trust(table).tidy()["estimate"], atol=SAME)


def test_order_of_people_changes_nothing_and_nothing_missing_makes_the_rules_one():
    table = answers()
    one = trust(table)
    turned = trust(table.iloc[::-1], missing="listwise")
    assert np.allclose(one.tidy()["estimate"], turned.tidy()["estimate"], atol=SAME)
    assert one.glance()["statistic"].item() == pytest.approx(turned.glance()["statistic"].item())


def test_people_without_any_answer_are_counted_and_change_nothing():
    table = answers()
    more = pd.concat([table, pd.DataFrame({"person_id": ["x", "y"]})], ignore_index=True)
    one, other = trust(table).glance().iloc[0], trust(more).glance().iloc[0]
    assert (one["n_left_out"], other["n_left_out"]) == (0, 2)
    assert one["n"] == other["n"] == 300
    assert one["statistic"] == pytest.approx(other["statistic"])


def test_the_planted_loadings_and_their_omega_are_recovered():
    model = trust(answers(n=4000))
    rows = model.tidy()
    assert (abs(rows["estimate"] - LOADINGS) < 3 * rows["std_error"]).all()
    total = sum(LOADINGS) ** 2
    truth = total / (total + sum(1 - np.square(LOADINGS)))
    omega = model.omega().iloc[0]
    assert abs(omega["estimate"] - truth) < 3 * omega["std_error"]


def test_two_factors_are_told_from_one_and_the_worst_cell_is_named():
    rng = np.random.default_rng(3)
    table = answers(n=500)
    table["item_5"] = table["item_4"] * 0.5 + rng.normal(size=500)
    worst = trust(table).modifications().iloc[0]
    assert worst["parameter"] == "item_4 ~~ item_5"
    assert worst["p_value"] < 0.001


def test_bartletts_factor_by_hand():
    # (300 - 1 - (2 * 5 + 4 + 5) / 6) / 300 = .98611
    row = trust(answers()).glance().iloc[0]
    by_hand = (300 - 1 - 19 / 6) / 300
    assert row["statistic_corrected"] == pytest.approx(row["statistic"] * by_hand)


@pytest.mark.parametrize("df", TABLE_4)
def test_people_needed_are_those_of_the_published_table(df):
    assert abs(persons_needed(n_free=1, df=df) - TABLE_4[df]) <= 1
    assert persons_needed(n_free=10_000, df=df) == 50_000


def test_rmsea_of_a_statistic_of_its_degrees_of_freedom_starts_at_0():
    low, high = rmsea_interval(10.0, 10, 200)
    assert low == 0 < high
    assert np.isnan(rmsea_interval(0.0, 0, 200)).all()


def test_41_people_get_their_numbers_with_a_caution_and_10_get_none():
    few = trust(answers(n=41))
    assert "41 people for 15 parameters are fewer than 5 each" in few.sentence()
    assert few.glance()["reason"].item() == ""
    assert trust(answers(n=15)).glance()["reason"].item() == ""
    none = trust(answers(n=10))
    assert none.glance()["reason"].item() == "10 people are too few for 15 free parameters"
    assert none.tidy()["estimate"].isna().all()
    assert none.glance()["n_needed"].item() == persons_needed(n_free=15, df=5)
    assert "not available" in none.sentence()
    assert "5 people are too few for 5 items" in trust(answers(n=5)).sentence()


def test_two_items_are_not_identified():
    row = trust(answers(), ITEMS[:2]).glance().iloc[0]
    assert row["reason"] == "2 items give 3 variances and covariances, too few for 4 parameters"
    assert np.isnan(row["statistic"])
    assert np.isnan(row["n_needed"])


def test_two_factors_of_two_unrelated_pairs_are_not_told_apart():
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 200))
    pairs = {"a": one, "b": one, "c": other, "d": other}
    table = pd.DataFrame({k: v + rng.normal(size=200) for k, v in pairs.items()})
    # Covariances across the pairs of exactly 0 leave the loadings within each pair undetermined.
    values = table.to_numpy() - table.to_numpy().mean(axis=0)
    values[:, 2:] -= values[:, :2] @ np.linalg.lstsq(values[:, :2], values[:, 2:], rcond=None)[0]
    flat = pd.DataFrame(values, columns=list("abcd"))
    model = confirmatory_factors(flat, factors={"f": ["a", "b"], "g": ["c", "d"]})
    assert model.glance()["reason"].item() == "the data do not tell the parameters apart"
    assert model.tidy()["std_error"].isna().all()


def test_a_negative_residual_variance_is_said():
    # r12 r13 / r23 = .8 * .7 / .4 = 1.4 > 1: the loading of a must exceed 1.
    wanted = np.array([[1, 0.8, 0.7], [0.8, 1, 0.4], [0.7, 0.4, 1]])
    values = np.random.default_rng(1).normal(size=(100, 3))
    values -= values.mean(axis=0)
    values = values @ np.linalg.inv(np.linalg.cholesky(np.cov(values.T))).T
    table = pd.DataFrame(values @ np.linalg.cholesky(wanted).T, columns=list("abc"))
    model = trust(table, ["a", "b", "c"])
    assert model.tidy()["estimate"].iloc[0] == pytest.approx(np.sqrt(1.4), abs=1e-4)
    assert "a residual variance is negative" in model.glance()["warning"].item()
    assert "Caution" in model.sentence()


def test_items_that_hardly_correlate_have_no_cfi_and_a_warning():
    # The seed is one whose chi-square of independence is below its 10 degrees of freedom.
    noise = simulate_factor_answers(n_persons=41, loadings=[0.3, 0.2, 0.1, 0.2, 0.4], rng=0)
    row = trust(noise).glance().iloc[0]
    assert row["reason"] == ""
    assert np.isnan(row["cfi"])
    assert np.isnan(row["tli"])
    assert "independent items fit as well" in row["warning"]


def test_nobody_has_no_model():
    assert "nobody answered" in trust(answers().iloc[:0]).sentence()


def test_an_item_all_answered_alike_is_named():
    reason = trust(answers().assign(item_2=3.0)).glance()["reason"].item()
    assert reason == "everybody who answered item_2 answered alike"
    assert "item_4" in trust(answers().assign(item_4=np.nan)).sentence()


def test_an_item_that_is_the_sum_of_others_is_said():
    table = answers()
    assert "no inverse" in trust(table.assign(item_1=table["item_2"] + table["item_3"])).sentence()


def test_items_that_nobody_answered_together_are_named():
    table = answers()
    table.loc[:150, "item_1"] = np.nan
    table.loc[151:, "item_3"] = np.nan
    assert "nobody answered both item_1 and item_3" in trust(table).sentence()


def test_what_cannot_be_asked_is_refused():
    table = answers()
    with pytest.raises(ArgumentError, match="item_1"):
        trust(table, ["item_1"])
    with pytest.raises(ArgumentError, match="item_9"):
        trust(table, ["item_1", "item_2", "item_9"])
    with pytest.raises(ArgumentError, match="item_1"):
        trust(table, "item_1")
    with pytest.raises(ArgumentError, match="needs factors"):
        confirmatory_factors(table, factors={})
    with pytest.raises(ArgumentError, match="pairwise"):
        trust(table, missing="pairwise")
    with pytest.raises(ArgumentError, match="95"):
        trust(table, conf_level=95)


def test_every_column_is_in_the_glossary():
    two = {"trust": ITEMS[:3], "voice": ITEMS[3:]}
    model = confirmatory_factors(answers(), factors=two)
    frames = [model.tidy(), model.glance(), model.correlations(), model.omega()]
    columns = {name for frame in [*frames, model.modifications()] for name in frame}
    assert columns - set(glossary()["column"]) == set()


@pytest.mark.parametrize("factors", [{}, ["q1", "q2"], "trust"])
def test_factors_without_names_are_refused(factors):
    with pytest.raises(ArgumentError, match=r"factors with names[\s\S]*items"):
        confirmatory_factors(pd.DataFrame({"q1": [1, 2], "q2": [2, 1]}), factors=factors)


def test_people_are_counted_against_items_and_parameters():
    # 4 items: more than 4 people; 12 parameters: at least 12.
    said = [too_few(n, n_items=4, n_free=12) for n in (4, 5, 11, 12)]
    assert said[0].startswith("4 people are too few for 4 items")
    assert said[1:3] == [f"{n} people are too few for 12 free parameters" for n in (5, 11)]
    assert said[3] == ""
