"""One row a scale and wave: the same numbers as the single functions, nothing left unsaid."""

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement import answer_table
from cvln_eval.measurement.scales import (
    check_keys,
    cronbach_alpha,
    mcdonald_omega,
    scale_reliability,
)
from cvln_eval.study.codebook import Codebook, Item, Label

ITEMS = {"trust": ["t1", "t2", "t3", "t4"], "voice": ["v1", "v2"], "pulse": ["p1"]}
CODEBOOK = Codebook(
    (),
    items=tuple(
        Item(name, "culture", scale, False, "agree", name, "", {})
        for scale, names in ITEMS.items()
        for name in names
    ),
    labels=tuple(Label("agree", str(i), str(i), False) for i in range(1, 6)),
)


def likert(names, n=41, seed=1):
    rng = np.random.default_rng(seed)
    values = 0.7 * rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, len(names)))
    return pd.DataFrame(np.digitize(values, [-1.8, -1, -0.3, 0.7]) + 1.0, columns=names)


def long(wave, wide):
    wide = wide.assign(wave=wave, person_id=[f"P{i:02}" for i in range(len(wide))])
    return wide.melt(id_vars=["wave", "person_id"], var_name="item")


@pytest.fixture(scope="module")
def responses():
    first, second = likert(ITEMS["trust"]), likert(ITEMS["trust"], seed=2)
    second["t3"] = np.nan
    first["t4"] = 6 - first["t4"]
    first.loc[0, "t1"] = np.nan
    parts = [long("y1", first), long("y2", second), long("y2", likert(ITEMS["pulse"]))]
    return pd.concat([*parts, long("y2", likert(ITEMS["voice"]))], ignore_index=True)


@pytest.fixture(scope="module")
def found(responses):
    return scale_reliability(responses, codebook=CODEBOOK, n_boot=200)


def row(found, scale, wave):
    return found.tidy().set_index(["scale", "wave"]).loc[(scale, wave)]


def test_a_row_for_each_scale_and_wave_it_was_asked_in(found):
    places = found.tidy()[["scale", "wave"]].itertuples(index=False, name=None)
    assert list(places) == [("trust", "y1"), ("trust", "y2"), ("voice", "y2"), ("pulse", "y2")]


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_the_numbers_are_those_of_the_single_functions(responses, missing):
    found = scale_reliability(responses, codebook=CODEBOOK, missing=missing, n_boot=200)
    answers = answer_table(responses, codebook=CODEBOOK, items="trust", wave="y1")
    options = {"items": ITEMS["trust"], "missing": missing}
    alpha = cronbach_alpha(answers, **options).tidy()
    omega = mcdonald_omega(answers, **options)
    here = row(found, "trust", "y1")
    assert here["alpha"] == alpha["estimate"][0]
    assert here["standardised_alpha"] == alpha["estimate"][1]
    assert (here["conf_low"], here["conf_high"]) == (alpha["conf_low"][0], alpha["conf_high"][0])
    bounds = omega.tidy().iloc[0][["estimate", "conf_low", "conf_high"]].tolist()
    assert list(here[["omega_total", "omega_low", "omega_high"]]) == pytest.approx(bounds)
    assert here["n_persons"] == (40 if missing == "listwise" else 41)
    assert here["wrong_items"] == ", ".join(
        check_keys(answers, items=ITEMS["trust"], n_boot=200).wrong
    )


def test_a_wrongly_keyed_item_is_named_in_its_wave(found):
    assert row(found, "trust", "y1")["wrong_items"] == "t4"
    assert row(found, "voice", "y2")["wrong_items"] == ""
    assert "Probably keyed the wrong way: t4 (y1)." in found.sentence()


def test_a_wave_in_which_nobody_answered_an_item_says_which(found):
    here = row(found, "trust", "y2")
    assert here["reason"] == "no answers to 't3'"
    assert np.isnan(list(here[["alpha", "standardised_alpha", "omega_total", "conf_low"]])).all()


def test_an_item_that_was_not_asked_in_a_wave_is_named_too(responses):
    fewer = responses[~((responses["wave"] == "y2") & (responses["item"] == "t3"))]
    here = row(scale_reliability(fewer, codebook=CODEBOOK, n_boot=50), "trust", "y2")
    assert here["reason"] == "no answers to 't3'"
    assert here["n_items"] == 4


def test_one_item_has_no_reliability_and_two_no_omega(found):
    assert row(found, "pulse", "y2")["reason"].startswith("one item")
    assert row(found, "pulse", "y2")["n_persons"] == 41
    assert np.isnan(row(found, "voice", "y2")["omega_total"])
    assert np.isfinite(row(found, "voice", "y2")["alpha"])


def test_the_seed_decides(responses):
    tables = [
        scale_reliability(responses, codebook=CODEBOOK, n_boot=50, rng=3).tidy() for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_the_glance_counts_what_cannot_be_had(found):
    glance = found.glance().iloc[0]
    assert glance[["n_scales", "n_waves", "n", "n_not_known", "n_wrong"]].tolist() == [
        3,
        2,
        2,
        2,
        1,
    ]


def test_a_table_without_any_alpha_says_so(responses):
    only = scale_reliability(responses, codebook=CODEBOOK, scales=["pulse"])
    assert only.sentence() == (
        "Alpha of 1 scale in 1 wave is not available: see the reason of each."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scales": ["faith"]}, "'faith'"),
        ({"scales": []}, "No scale to take"),
        ({"scales": ["trust", "trust"]}, "named twice[\\s\\S]*'trust'"),
        ({"missing": "available"}, "rule for missing answers[\\s\\S]*'available'"),
        ({"missing": "none"}, "rule for missing answers[\\s\\S]*'none'"),
        ({"conf_level": 1}, "between 0 and 1"),
    ],
)
def test_what_is_wrong_is_named(responses, change, message):
    with pytest.raises(ArgumentError, match=message):
        scale_reliability(responses, codebook=CODEBOOK, n_boot=5, **change)


def test_a_single_alpha_has_no_range(responses):
    one = responses[responses["wave"] == responses["wave"].iloc[0]]
    said = scale_reliability(one, codebook=CODEBOOK, scales="trust", n_boot=5).sentence()
    assert "alpha was" in said
    assert "ran from" not in said
