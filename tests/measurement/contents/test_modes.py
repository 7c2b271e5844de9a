"""Importance and performance of modes of learning: by hand, laws, recovery, failures."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.modes import QUADRANTS, importance_performance

# Coverage of a 95% percentile interval of a mean in 60 simulated groups of 40, of whom half answer:
# three standard errors are 0.084, and the percentile interval of 20 answers falls short by 0.02.
COVERAGE = 0.84
COLUMNS = {
    "offered": ["o1", "o2", "o3"],
    "wanted": ["w1", "w2", "w3"],
    "impact": ["i1", "i2", "i3"],
    "labels": ["talks", "visits", "courses"],
}


def group(rng, n=40, share=(0.9, 0.2, 0.5), impact=(2.0, 4.2, 3.0)):
    table = pd.DataFrame({"person_id": [f"p{i}" for i in range(n)]})
    for place, (chance, level) in enumerate(zip(share, impact, strict=True), start=1):
        given = (rng.random(n) < chance).astype(float)
        rated = np.clip(np.rint(level + 0.7 * rng.normal(size=n)), 1, 5)
        table[f"o{place}"] = given
        table[f"w{place}"] = np.clip(np.rint(3 + rng.normal(size=n)), 1, 5)
        table[f"i{place}"] = np.where(given == 1, rated, np.nan)
    return table


@pytest.fixture(scope="module")
def table():
    return group(np.random.default_rng(1))


def placed(table, **options):
    return importance_performance(table, **{**COLUMNS, "n_boot": 200, **options})


SIX = pd.DataFrame(
    {
        "person_id": list("abcdef"),
        "o1": [1, 1, 1, 1, 0, np.nan],
        "o2": [1, 0, 0, 0, 0, 0],
        "w1": [1, 2, 3, np.nan, np.nan, np.nan],
        "w2": [5, 5, 5, 5, 5, 5],
        "i1": [1, 2, 3, np.nan, 5, 5],
        "i2": [4, np.nan, np.nan, np.nan, np.nan, np.nan],
    }
)
TWO = {name: columns[:2] for name, columns in COLUMNS.items()}


def test_measures_by_hand():
    found = importance_performance(SIX, **TWO, n_boot=50)
    table = found.tidy().set_index(["learning_mode", "measure"])
    # Offered to 4 of the 5 who said; impact among those four: (1 + 2 + 3) / 3.
    assert table.loc[("talks", "offered"), ["estimate", "n"]].tolist() == [0.8, 5]
    assert table.loc[("talks", "wanted"), ["estimate", "n"]].tolist() == [2.0, 3]
    assert table.loc[("talks", "impact"), ["estimate", "n"]].tolist() == [2.0, 3]
    assert table.loc[("visits", "impact"), ["estimate", "n"]].tolist() == [4.0, 1]
    # The impact of a mode that was not offered, and of one of which that is not known.
    assert found.glance()["n_not_offered"].item() == 2
    # Means: share (0.8 + 1/6) / 2, impact (2 + 4) / 2.
    assert found.cut_offered == pytest.approx((0.8 + 1 / 6) / 2)
    assert found.cut_impact == 3.0
    assert found.quadrants()["quadrant"].tolist() == ["reconsider", "lever"]
    assert found.quadrants()[["n_offered", "n_impact"]].to_numpy().tolist() == [[4, 3], [1, 1]]


def test_few_or_equal_answers_have_no_interval_and_say_why():
    table = importance_performance(SIX, **TWO, n_boot=50).tidy()
    table = table.set_index(["learning_mode", "measure"])
    assert table.loc[("talks", "impact"), "reason"] == "no interval: fewer than five answers"
    assert table.loc[("visits", "wanted"), "reason"] == "no interval: all answers are alike"
    assert table.loc[("talks", "offered"), ["conf_low", "conf_high"]].notna().all()
    assert table.loc[table["reason"] != "", ["conf_low", "conf_high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("cut", "quadrants"),
    [
        ((0.9, 4.5), ["leave", "leave"]),
        ((0.8, 2.0), ["keep", "lever"]),
        ((0.1, 3.0), ["reconsider", "keep"]),
        ("scale_midpoint", ["reconsider", "lever"]),
    ],
)
def test_a_mode_at_or_above_the_cut_is_above_it(cut, quadrants):
    found = importance_performance(SIX, **TWO, cut=cut, response_range=(1, 5), n_boot=50)
    assert found.quadrants()["quadrant"].tolist() == quadrants


def test_a_mode_nobody_was_offered_has_no_quadrant_and_moves_no_cut(table):
    without = placed(table)
    rows = table.assign(o3=0.0)
    found = placed(rows)
    row = found.quadrants().iloc[2]
    assert row["quadrant"] == ""
    assert row["reason"] == "nobody who was offered it rated its impact"
    assert np.isnan(row["share_same"])
    assert found.cut_impact == pytest.approx(without.quadrants()["impact"][:2].mean())
    assert found.glance()["n_not_offered"].item() > 0


def test_shares_of_draws_add_up_and_are_sure_of_what_is_far_from_the_cut(table):
    found = placed(table).quadrants()
    shares = found[[f"share_{name}" for name in QUADRANTS]]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert found.set_index("learning_mode").loc["visits", "share_lever"] > 0.95
    assert found["share_same"].tolist() == [
        row[f"share_{row['quadrant']}"] for row in found.to_dict("records")
    ]


def test_a_cut_at_the_means_moves_with_the_draws():
    rng = np.random.default_rng(2)
    rows = group(rng, share=(0.5, 0.5, 0.5), impact=(3.0, 3.0, 3.0))
    found = placed(rows)
    fixed = placed(rows, cut=(found.cut_offered, found.cut_impact))
    assert found.quadrants()["quadrant"].tolist() == fixed.quadrants()["quadrant"].tolist()
    moving, still = (one.quadrants()["share_same"].to_numpy() for one in (found, fixed))
    assert not np.allclose(moving, still)


def test_of_two_modes_one_is_above_the_mean_in_each_draw():
    rng = np.random.default_rng(9)
    rows = pd.DataFrame({"person_id": range(20), "o1": 1, "o2": 1, "w1": 3, "w2": 3})
    rows = rows.assign(i1=3 + rng.random(20), i2=3 + rng.random(20))
    found = importance_performance(rows, **TWO, n_boot=200).quadrants()
    assert found["share_keep"].between(0.001, 0.999).all()
    assert found["share_keep"].sum() == pytest.approx(1.0)


def test_modes_that_are_all_alike_lie_on_the_cut():
    rows = pd.DataFrame({"person_id": list("abcdefg"), **dict.fromkeys(["w1", "w2", "w3"], 3)})
    for place in (1, 2, 3):
        rows[f"o{place}"] = [1, 0, 0, 1, 0, 0, 1]
        rows[f"i{place}"] = [3, None, None, 4, None, None, 4]
    found = placed(rows).quadrants()
    assert found["quadrant"].tolist() == ["keep"] * 3


def test_the_order_of_modes_and_people_changes_no_estimate(table):
    one = placed(table).quadrants().set_index("learning_mode")
    turned = {name: columns[::-1] for name, columns in COLUMNS.items()}
    other = importance_performance(table.iloc[::-1], **turned, n_boot=50).quadrants()
    other = other.set_index("learning_mode").loc[one.index]
    columns = ["share_offered", "wanted", "impact"]
    np.testing.assert_allclose(one[columns].astype(float), other[columns].astype(float))


def test_the_interval_of_impact_covers_the_truth():
    rng, held = np.random.default_rng(5), []
    points = np.clip(np.rint(3.0 + 0.7 * rng.normal(size=200_000)), 1, 5)
    for _ in range(60):
        rows = placed(group(rng), n_boot=200).tidy()
        row = rows[(rows["learning_mode"] == "courses") & (rows["measure"] == "impact")].iloc[0]
        held.append(row["conf_low"] <= points.mean() <= row["conf_high"])
    assert np.mean(held) > COVERAGE


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"wanted": ["w1"]}, "lengths 3, 1, 3, 3"),
        ({}, {"labels": ["a", "a", "b"]}, "'a'"),
        ({"o1": 0.5}, {}, "0.5"),
        ({"o1": 2}, {}, "2"),
        ({}, {"cut": "median"}, "'median'"),
        ({}, {"cut": "scale_midpoint"}, "scale_midpoint"),
        ({"i2": 9}, {"response_range": (1, 5)}, "9"),
        ({"person_id": "p"}, {}, "p"),
        ({}, {"impact": ["i1", "i2", "i9"]}, "'i9'"),
    ],
)
def test_what_is_wrong_is_named(table, change, options, message):
    with pytest.raises(ArgumentError, match=message):
        placed(table.assign(**change), **options)


def test_nobody_is_refused(table):
    with pytest.raises(ArgumentError, match="nobody"):
        placed(table.iloc[:0])


def test_the_sentence_names_the_levers_and_the_cuts(table):
    said = placed(table).sentence()
    assert said.startswith("Of 40 people, with cuts at ")
    assert "visits (offered to" in said
    assert "means over the modes" in said
    none = placed(table, cut=(0.0, 1.0)).sentence()
    assert none.endswith("no mode of learning was a lever.")
