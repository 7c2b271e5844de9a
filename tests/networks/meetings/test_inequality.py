"""Gini, top share and share with none."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_replies import ACTIVITY, MEMBERS

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.bootstrap import bootstrap
from cvln_eval.networks.meetings import participation_inequality
from cvln_eval.networks.meetings.inequality import inequality
from cvln_eval.networks.meetings.lorenz import lorenz, lorenz_curve


def of(values):
    values = np.sort(np.asarray(values, dtype=float))
    return inequality(np.ones((1, len(values))), values=values)[0]


def test_by_hand():
    # 0, 0, 1, 3: sum of |x_i - x_j| over all 16 pairs is 2 (1 + 3 + 1 + 3 + 2) = 20;
    # over 2 x 16 x mean 1 it is .625. Four tenths of the person with 3 hold 1.2 of 4.
    assert of([0, 0, 1, 3]).tolist() == pytest.approx([20 / 32, 0.4 * 3 / 4, 1 / 2])
    assert of([5]).tolist() == pytest.approx([0, 0.1, 0])
    assert of([0] * 9 + [7]).tolist() == pytest.approx([0.9, 1, 0.9])
    assert np.isnan(of([0, 0])[:2]).all()
    assert of([0, 0])[2] == 1


numbers = st.lists(st.integers(0, 30), min_size=1, max_size=25).filter(any)


@given(numbers)
@settings(deadline=None, max_examples=80)
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    x = np.array(values, dtype=float)
    assert of(x)[0] == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()), abs=1e-12)


@given(numbers, st.integers(2, 5))
@settings(deadline=None, max_examples=40)
def test_neither_size_of_numbers_nor_everybody_twice_matters(values, k):
    np.testing.assert_allclose(of(np.array(values) * k), of(values), atol=1e-12)
    np.testing.assert_allclose(of(values * k), of(values), atol=1e-12)


@given(numbers, st.data())
@settings(deadline=None, max_examples=40)
def test_weights_are_people_repeated(values, data):
    values = np.sort(values).astype(float)
    weights = np.array([data.draw(st.integers(0, 3)) for _ in values])
    repeated = np.repeat(values, weights)
    if repeated.any():
        found = inequality(weights[None].astype(float), values=values)[0]
        np.testing.assert_allclose(found, of(repeated), atol=1e-12)


def test_posts_and_replies_by_hand():
    found = participation_inequality(ACTIVITY, MEMBERS, n_draws=50)
    persons = found.persons.set_index("person_id")
    assert persons["n_posts"].to_dict() == {"a": 2, "b": 2, "c": 3, "e": 0}
    # a's answer to himself is no answer; d's counts, though d is on no roster.
    assert persons["n_replies_received"].to_dict() == {"a": 4, "b": 1, "c": 0, "e": 0}
    rows = found.tidy().set_index(["relation", "measure"])
    assert found.tidy().columns[:2].tolist() == ["wave", "relation"]
    assert rows.loc[("posts written", "share_with_none"), "estimate"] == 1 / 4
    assert rows.loc[("replies received", "gini"), "estimate"] == pytest.approx(of([0, 0, 1, 4])[0])
    glance = found.glance().iloc[0]
    assert glance[["n_posts", "n_posts_off_roster", "n_replies_received"]].tolist() == [7, 1, 5]


def test_four_people_have_no_interval():
    row = participation_inequality(ACTIVITY, MEMBERS, n_draws=50).tidy().iloc[0]
    assert np.isnan(row["conf_low"])
    assert row["n_draws"] == 0
    assert row["reason"] == "fewer than five people, or all resamples are alike"


def test_an_interval_holds_the_estimate_and_repeats():
    rng = np.random.default_rng(1)
    people = [f"p{k}" for k in range(40)]
    authors = rng.choice(people[:30], 200)
    activity = pd.DataFrame({"activity_id": range(200), "person_id": authors})
    members = pd.DataFrame({"wave": "1", "person_id": people, "team_id": "x"})
    found = participation_inequality(activity, members, n_draws=400).tidy().iloc[:3]
    assert (
        (found["conf_low"] < found["estimate"]) & (found["estimate"] < found["conf_high"])
    ).all()
    again = participation_inequality(activity, members, n_draws=400).tidy().iloc[:3]
    pd.testing.assert_frame_equal(again, found)
    wide = participation_inequality(activity, members, n_draws=400, conf_level=0.99).tidy()
    assert (wide["conf_low"].iloc[:3] < found["conf_low"]).all()


def test_nobody_wrote():
    found = participation_inequality(ACTIVITY.iloc[:0], MEMBERS, n_draws=20)
    rows = found.tidy().set_index(["relation", "measure"])
    assert rows.loc[("posts written", "gini"), "reason"] == "there were none"
    assert rows.loc[("posts written", "share_with_none"), "estimate"] == 1
    assert found.sentence() == "1: 4 people, no posts."


def test_words_and_errors():
    text = participation_inequality(ACTIVITY, MEMBERS, n_draws=20).sentence()
    assert text.startswith(
        "1: of 4 people, 25% wrote nothing and the tenth that wrote most wrote 17%"
    )
    with pytest.raises(ArgumentError, match=r"1\.5"):
        participation_inequality(ACTIVITY, MEMBERS, conf_level=1.5)


def curve_of(values):
    values = np.sort(np.asarray(values, dtype=float))
    return lorenz(np.ones((1, len(values))), values=values)[0]


def test_a_lorenz_curve_by_hand():
    # Of four with 0, 0, 1, 3 the lower three quarters have 1 of 4; .9 adds .6 of the last.
    curve = curve_of([0, 0, 1, 3])
    assert curve[[0, 10, 15, 18, 20]].tolist() == pytest.approx([0, 0, 1 / 4, (1 + 1.8) / 4, 1])
    assert curve_of([2, 2, 2]).tolist() == pytest.approx([step / 20 for step in range(21)])
    assert np.isnan(curve_of([0, 0])).all()


@given(numbers)
@settings(deadline=None, max_examples=60)
def test_a_lorenz_curve_rises_bends_upwards_and_ends_where_the_top_share_begins(values):
    curve = curve_of(values)
    assert (np.diff(curve) >= -1e-12).all()
    assert (np.diff(curve, 2) >= -1e-12).all()
    assert curve[18] == pytest.approx(1 - of(values)[1], abs=1e-12)


def test_twenty_people_have_a_gini_of_twice_the_area_over_the_curve():
    values = np.arange(20) ** 2
    curve = curve_of(values)
    area = (curve[1:] + curve[:-1]).mean() / 2
    assert of(values)[0] == pytest.approx(1 - 2 * area)


def test_bands_hold_the_curve_and_shrink_to_nothing_at_its_ends():
    posts = pd.DataFrame({"activity_id": range(60), "person_id": np.repeat(list("abcde"), 12)})
    posts = posts.iloc[5:]
    members = pd.DataFrame({"wave": "1", "person_id": list("abcdefgh"), "team_id": "x"})
    curve = participation_inequality(posts, members, n_draws=199).curve()
    own = curve[curve["relation"] == "posts written"]
    assert len(own) == 21
    assert own[["conf_low", "share_of_acts", "conf_high"]].iloc[
        [0, -1]
    ].to_numpy() == pytest.approx(np.array([[0, 0, 0], [1, 1, 1]]))
    assert (own["conf_low"] <= own["share_of_acts"] + 1e-12).all()
    assert (own["conf_high"] - own["conf_low"]).max() > 0.05
    received = curve[curve["relation"] == "replies received"]
    assert received[["share_of_acts", "conf_low"]].isna().all().all()


def test_a_band_is_the_middle_of_the_resamples():
    values = np.array([0, 0, 1, 2, 3, 5, 8, 13], dtype=float)
    drawn = {"n_draws": 199, "rng": np.random.default_rng(3)}
    curve = lorenz_curve(values, conf_level=0.8, **drawn)
    held = partial(lorenz, values=values)
    draws = bootstrap(held, 8, n_boot=199, rng=np.random.default_rng(3))
    np.testing.assert_allclose(curve["conf_low"], np.nanquantile(draws, 0.1, axis=0))
    np.testing.assert_allclose(curve["conf_high"], np.nanquantile(draws, 0.9, axis=0))
