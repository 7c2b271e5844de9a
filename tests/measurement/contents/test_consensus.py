"""Consensus on values: published numbers, R, laws, recovery, and what cannot be had."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.consensus import values_consensus
from cvln_eval.measurement.contents.consensus_change import MEAN_OF_ALL, ORDER, consensus_change
from cvln_eval.measurement.contents.dispersion import agreement_a, consensus_index

# Sums of at most a hundred doubles in another order than R's.
SAME_SUM = 1e-10
# Coverage of a 95% interval in 60 simulated groups of 40: three standard errors are 0.084.
COVERAGE = 0.86
ITEMS = ["equity", "trust", "data", "voice", "family"]


def people(matrix, items=None):
    matrix = np.asarray(matrix, dtype=float)
    table = pd.DataFrame(matrix, columns=items or [f"v{i}" for i in range(matrix.shape[1])])
    return table.assign(person_id=[f"p{i}" for i in range(len(matrix))])


def consensus_of(table, **options):
    items = [name for name in table if name not in ("person_id", "team_id", "wave")]
    options = {"response_range": (1, 7), "n_boot": 60, **options}
    return values_consensus(table, items=items, **options)


def test_consensus_of_two_camps_of_one_mind_and_of_an_even_spread():
    assert consensus_index([1, 1, 5, 5], response_range=(1, 5)) == pytest.approx(0.0)
    assert consensus_index([4, 4, 4], response_range=(1, 5)) == 1.0
    # Mean 3, distances 2 1 0 1 2 of 4: 1 + (2 log2(1/2) + 2 log2(3/4)) / 5 = 0.4340.
    assert consensus_index([1, 2, 3, 4, 5], response_range=(1, 5)) == pytest.approx(
        1 + (2 * np.log2(0.5) + 2 * np.log2(0.75)) / 5
    )


def test_agreement_a_of_the_worked_example():
    """Van der Eijk (2001): 1,000 answers on seven points give A = .61."""
    assert agreement_a([30, 40, 210, 130, 530, 50, 10]) == pytest.approx(0.6113333333)


def test_agreement_a_of_layers_by_hand():
    # Layer 1 1 0 1: triples 110 (011 does not occur), 111?, places 1 2 3: 1 1 0 conforms; 1 2 4:
    # 1 1 1 neither; 1 3 4: 1 0 1 breaks; 2 3 4: 1 0 1 breaks. TU 1, TDU 2, K 4:
    # U = (2 * 1 - 3 * 2) / (2 * 3) = -2/3, A = -2/3 * (1 - 2/3) = -2/9.
    assert agreement_a([4, 4, 0, 4]) == pytest.approx(-2 / 9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=12))
def test_laws_of_consensus(values):
    found = consensus_index(values, response_range=(1, 7))
    assert -1e-12 <= found <= 1 + 1e-12
    turned = [8 - value for value in values]
    assert consensus_index(turned, response_range=(1, 7)) == pytest.approx(found)
    twice = consensus_index(values * 2, response_range=(1, 7))
    assert twice == pytest.approx(found)
    stretched = [10 * value for value in values]
    assert consensus_index(stretched, response_range=(10, 70)) == pytest.approx(found)
    counts = [values.count(point) for point in range(1, 8)]
    assert agreement_a(counts) == pytest.approx(agreement_a(counts[::-1]))
    assert -1 - 1e-12 <= agreement_a(counts) <= 1 + 1e-12


def test_w_and_profiles_are_those_of_r(reference):
    """R: `friedman.test(m)`, W = chi2 / (n (k - 1)); `cor(m[i, ], colMeans(m[-i, ]))`."""
    table, expected = reference("values")
    found = values_consensus(table, items=ITEMS, response_range=(1, 7), n_boot=200)
    row = found.concordance().iloc[0]
    assert row["kendall_w"] == pytest.approx(expected["kendall_w", "all"], abs=SAME_SUM)
    assert row["statistic"] == pytest.approx(expected["friedman_chi2", "all"], abs=SAME_SUM)
    assert row["p_value"] == pytest.approx(expected["friedman_p", "all"], abs=SAME_SUM)
    assert row["df"] == 4
    assert row["conf_low"] < row["kendall_w"] < row["conf_high"]
    persons = found.people().set_index("person_id")
    for name in table["person_id"]:
        for what in ("profile_r", "distance"):
            assert persons.loc[name, what] == pytest.approx(expected[what, name], abs=SAME_SUM)


def test_people_who_order_alike_have_w_one_and_opposites_none():
    same = consensus_of(people([[1, 2, 3], [2, 4, 6], [1, 5, 7]])).concordance()
    assert same["kendall_w"].item() == pytest.approx(1.0)
    opposite = consensus_of(people([[1, 2, 3], [3, 2, 1]])).concordance()
    assert opposite["kendall_w"].item() == pytest.approx(0.0)


def test_copies_of_a_person_do_not_raise_w_in_a_draw():
    """Two people who disagree and are drawn twice each still disagree as much."""
    from cvln_eval.measurement.contents.dispersion import centred_ranks, weighted_w

    ranks = centred_ranks(np.array([[1.0, 2, 3], [3, 1, 2]]))
    r = weighted_w(np.array([[1.0, 1]]), ranks)[0] * 2 - 1
    doubled = weighted_w(np.array([[2.0, 2]]), ranks)[0]
    assert (4 * doubled - 1) / 3 == pytest.approx(r)


def test_missing_answers_are_left_out_and_counted():
    found = consensus_of(people([[1, 2, 3], [2, np.nan, 4], [1, 3, 5], [1, 2, 7], [2, 3, 4]]))
    table = found.tidy().set_index("item")
    assert table["n"].tolist() == [5, 4, 5]
    assert table["n_missing"].tolist() == [0, 1, 0]
    assert table.loc["v1", "mean"] == 2.5
    # 1 2 1 1 2 around 1.4: (3 * 0.16 + 2 * 0.36) / 4 = 0.3.
    assert table.loc["v0", "sd"] == pytest.approx(np.sqrt(0.3))
    assert found.concordance()[["n", "n_incomplete"]].iloc[0].tolist() == [4, 1]


def test_one_person_nobody_and_all_alike_have_reasons():
    one = consensus_of(people([[1, 2, 3]]))
    assert one.tidy()["reason"].unique().tolist() == ["one person alone cannot agree"]
    assert one.tidy()["consensus"].isna().all()
    assert one.concordance()["reason"].item() == "fewer than two people rated every value"
    assert one.people()["reason"].item() == "nobody else answered"
    alike = consensus_of(people(np.full((6, 3), 4.0)))
    assert alike.tidy()["consensus"].tolist() == [1.0] * 3
    assert alike.tidy()[["conf_low", "conf_high"]].isna().all(axis=None)
    assert alike.concordance()["reason"].item() == "nobody orders the values"
    empty = consensus_of(people(np.full((3, 2), np.nan)))
    assert empty.sentence() == "Consensus on values is not available: nobody answered."


def test_a_group_of_four_has_no_interval():
    found = consensus_of(people([[1, 2, 3], [2, 4, 6], [1, 5, 7], [3, 2, 1]]))
    table, order = found.tidy(), found.concordance()
    assert order[["kendall_w"]].notna().all(axis=None)
    assert order[["conf_low", "conf_high"]].isna().all(axis=None)
    assert table["consensus"].notna().all()
    assert table["conf_low"].isna().all()
    assert table["reason"].tolist() == ["no interval: fewer than five people"] * 3


def test_who_turns_the_order_around_stands_apart():
    rng = np.random.default_rng(4)
    shape = np.array([7.0, 6, 5, 3, 2, 1])
    matrix = np.clip(np.rint(shape + 0.7 * rng.normal(size=(15, 6))), 1, 7)
    matrix[3] = matrix[3, ::-1]
    persons = consensus_of(people(matrix)).people()
    assert persons.loc[3, "stands_apart"] == "distance and order"
    assert (persons.drop(index=3)["stands_apart"] == "").sum() >= 13


def test_the_others_are_those_of_the_team():
    table = people([[1, 7], [1, 7], [7, 1], [7, 1]]).assign(team_id=["A", "A", "B", "B"])
    apart = consensus_of(table, team="team_id").people()
    assert apart["distance"].tolist() == [0.0] * 4
    assert apart["team_id"].tolist() == ["A", "A", "B", "B"]
    together = consensus_of(table).people()
    # The others' mean is (1 + 7 + 7) / 3 = 5 and 3: |1 - 5| and |7 - 3|.
    assert together["distance"].tolist() == [4.0] * 4


def test_the_order_of_people_changes_no_estimate(reference):
    table, _ = reference("values")
    options = {"items": ITEMS, "response_range": (1, 7), "n_boot": 50}
    one = values_consensus(table, **options)
    other = values_consensus(table.iloc[::-1], **options)
    columns = ["mean", "sd", "consensus", "agreement_a"]
    np.testing.assert_allclose(one.tidy()[columns], other.tidy()[columns])
    assert one.concordance()["kendall_w"].item() == pytest.approx(
        other.concordance()["kendall_w"].item()
    )


def test_the_interval_of_consensus_covers_the_truth():
    rng = np.random.default_rng(8)
    chances = np.array([0.05, 0.05, 0.1, 0.1, 0.3, 0.3, 0.1])
    points = np.arange(1, 8)
    true = 1 + chances @ np.log2(1 - np.abs(points - chances @ points) / 6)
    held = []
    for _ in range(60):
        table = people(rng.choice(points, size=(40, 2), p=chances))
        row = consensus_of(table, n_boot=200).tidy().iloc[0]
        held.append(row["conf_low"] <= true <= row["conf_high"])
    assert np.mean(held) > COVERAGE


def two_waves(rng, n=30, sd=(1.6, 0.6)):
    parts = []
    for wave, spread in zip(("one", "two"), sd, strict=True):
        matrix = np.clip(np.rint(4 + spread * rng.normal(size=(n, 3))), 1, 7)
        parts.append(people(matrix).assign(wave=wave))
    return pd.concat(parts, ignore_index=True)


def changed(table, **options):
    options = {"items": ["v0", "v1", "v2"], "response_range": (1, 7), "n_boot": 200, **options}
    return consensus_change(table, waves=("one", "two"), **options)


def test_consensus_that_grew_is_seen_to_grow():
    table = changed(two_waves(np.random.default_rng(2))).tidy()
    row = table[(table["among"] == "stayers") & (table["item"] == MEAN_OF_ALL)].iloc[0]
    assert 0 < row["conf_low"] < row["change"] < row["conf_high"]


def test_two_waves_that_are_the_same_have_no_change():
    first = two_waves(np.random.default_rng(2)).query("wave == 'one'")
    table = changed(pd.concat([first, first.assign(wave="two")])).tidy()
    assert table["change"].tolist() == [0.0] * len(table)


def test_stayers_are_those_of_both_waves():
    rows = two_waves(np.random.default_rng(3))
    rows = rows[~((rows["wave"] == "two") & rows["person_id"].isin(["p0", "p1"]))]
    rows = rows[~((rows["wave"] == "one") & (rows["person_id"] == "p2"))]
    found = changed(rows)
    table = found.tidy().set_index(["among", "item"])
    assert table.loc[("all", ORDER), ["n_before", "n"]].tolist() == [29, 28]
    assert table.loc[("stayers", ORDER), ["n_before", "n"]].tolist() == [27, 27]
    assert found.glance()["n_stayers"].item() == 27
    by_wave = consensus_of(rows[rows["wave"] == "one"].drop(columns="wave")).tidy()
    np.testing.assert_allclose(
        table.loc["all"].loc[["v0", "v1", "v2"], "estimate_before"], by_wave["consensus"]
    )


def test_w_of_a_wave_leaves_out_who_did_not_rate_every_value():
    rows = two_waves(np.random.default_rng(6))
    rows.loc[rows["person_id"].isin(["p3", "p4", "p5"]), "v1"] = np.nan
    found = changed(rows).tidy().set_index(["among", "item"]).loc[("all", ORDER)]
    first = consensus_of(rows[rows["wave"] == "one"].drop(columns="wave")).concordance()
    assert found["n"] == 27
    assert found["estimate_before"] == pytest.approx(first["kendall_w"].item())


def test_nobody_in_both_waves_is_a_reason():
    rows = two_waves(np.random.default_rng(3))
    rows.loc[rows["wave"] == "two", "person_id"] += "x"
    found = changed(rows)
    stayers = found.tidy().query("among == 'stayers'")
    assert stayers["change"].isna().all()
    assert (stayers["reason"] == "fewer than two people in a wave").all()
    assert "among the 0 people" in found.sentence()


TABLE = people([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (TABLE, {"items": ["v0", "v9"]}, "'v9'"),
        (TABLE, {"items": ["v0"]}, "at least 2"),
        (TABLE.assign(v0=9), {}, "9"),
        (TABLE.assign(person_id="p"), {}, "p"),
        (TABLE.drop(columns="person_id"), {}, "'person_id'"),
        (TABLE, {"team": "school"}, "'school'"),
        (TABLE.iloc[:0], {}, "nobody"),
    ],
)
def test_what_is_wrong_is_named(table, options, message):
    options = {"items": ["v0", "v1"], "response_range": (1, 7), **options}
    with pytest.raises(ArgumentError, match=message):
        values_consensus(table, **options)


def test_waves_that_are_not_there_are_named():
    with pytest.raises(ArgumentError, match="'three'"):
        consensus_change(
            two_waves(np.random.default_rng(1)),
            items=["v0", "v1"],
            response_range=(1, 7),
            waves=("one", "three"),
        )


def test_indices_refuse_what_they_cannot_take():
    with pytest.raises(ArgumentError, match="9"):
        consensus_index([1, 9], response_range=(1, 7))
    with pytest.raises(ArgumentError, match="-1"):
        agreement_a([1, -1, 2])
    assert np.isnan(agreement_a([0, 0, 0]))
    assert np.isnan(consensus_index([], response_range=(1, 7)))


def test_the_sentence_carries_n_interval_and_test(reference):
    table, _ = reference("values")
    said = values_consensus(table, items=ITEMS, response_range=(1, 7), n_boot=100).sentence()
    assert "the 12 people who rated every value ordered them with Kendall's W = 0.50" in said
    assert "chi2(4) = 24.07, p < .001" in said
