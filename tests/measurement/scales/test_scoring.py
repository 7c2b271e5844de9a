"""Scores are means of answered items, and how each was had is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.scales import scale_score, score_scales
from cvln_eval.study.codebook import Codebook, Item, Label

EXACT = 1e-12
LABELS = (
    *(Label("agree", str(i), str(i), False) for i in range(1, 6)),
    *(Label("yes", str(i), str(i), False) for i in range(2)),
)


def item(name, scale="trust", responses="agree"):
    return Item(name, "culture", scale, False, responses, name, "", {})


CODEBOOK = Codebook(
    (),
    items=(
        *(item(name) for name in ("t1", "t2", "t3", "t4")),
        *(item(name, "voice") for name in ("v1", "v2")),
        item("m1", "mixed"),
        item("m2", "mixed", "yes"),
        item("n1", "never"),
    ),
    labels=LABELS,
)


def rows(*given):
    return pd.DataFrame(given, columns=["wave", "person_id", "item", "value"])


GIVEN = rows(
    *[("y1", "p1", f"t{i}", value) for i, value in ((1, 4), (2, 5), (3, 3), (4, 4))],
    *[("y1", "p2", f"t{i}", value) for i, value in ((1, 2), (2, None), (3, 5), (4, None))],
    *[("y1", "p3", f"t{i}", value) for i, value in ((1, 1), (2, None), (3, None), (4, None))],
    *[("y2", "p1", f"t{i}", 3) for i in (1, 2)],
    *[("y1", "p1", f"v{i}", None) for i in (1, 2)],
)


def scored(**change):
    found = score_scales(GIVEN, codebook=CODEBOOK, scales=["trust", "voice"], **change)
    return found.tidy().set_index(["scale", "wave", "person_id"])


def test_scores_by_hand():
    table = scored()
    assert table.loc[("trust", "y1", "p1"), "score"] == 4.0  # (4 + 5 + 3 + 4) / 4
    assert table.loc[("trust", "y1", "p2"), "score"] == 3.5  # (2 + 5) / 2
    assert np.isnan(table.loc[("trust", "y1", "p3"), "score"])
    assert np.isnan(table.loc[("voice", "y1", "p1"), "score"])
    assert table["n_answered"].tolist() == [4, 2, 1, 2, 0]
    assert table["n_items"].tolist() == [4, 4, 4, 4, 2]


def test_how_each_score_was_had_is_named():
    table = scored()
    assert table["method"].tolist() == [
        "complete",
        "person mean",
        "not scored",
        "person mean",  # two items were not asked in y2
        "not scored",
    ]
    assert table["reason"].tolist()[2] == "1 of 4 items answered, below a share of 0.5"
    assert (table["reason"] == "").tolist() == [True, True, False, True, False]


@pytest.mark.parametrize(("share", "n"), [(0.01, 4), (0.5, 3), (0.51, 1), (1, 1)])
def test_the_share_decides_who_is_scored(share, n):
    assert scored(min_share=share)["score"].notna().sum() == n


def test_a_share_is_not_missed_by_rounding():
    items = [f"q{i}" for i in range(25)]
    answers = pd.DataFrame([[1.0] * 14 + [np.nan] * 11], columns=items)
    assert 0.56 * 25 > 14
    assert scale_score(answers, items=items, min_share=0.56).tidy()["score"][0] == 1


def test_scores_are_those_of_psych(five, expected):
    # psych::scoreItems(list(five = names(five)), five, impute = "none")
    found = scale_score(five, items=list(five), min_share=0.01).tidy()["score"]
    wanted = [expected["scores", str(i + 1)] for i in range(len(five))]
    assert found.to_numpy() == pytest.approx(wanted, abs=EXACT)


def test_putting_the_persons_mean_in_the_gaps_gives_the_same_score(five):
    filled = five.apply(lambda row: row.fillna(row.mean()), axis=1)
    before, after = (scale_score(t, items=list(five)).tidy()["score"] for t in (five, filled))
    assert before.to_numpy() == pytest.approx(after.to_numpy(), abs=EXACT)


@given(st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_reversing_all_items_reverses_the_score(seed):
    rng = np.random.default_rng(seed)
    answers = pd.DataFrame(rng.integers(1, 6, (6, 4)).astype(float), columns=list("abcd"))
    answers = answers.mask(rng.random(answers.shape) < 0.3)
    one, other = (scale_score(t, items=list("abcd")).tidy() for t in (answers, 6 - answers))
    assert (6 - one["score"]).to_numpy() == pytest.approx(other["score"].to_numpy(), nan_ok=True)
    assert one["method"].tolist() == other["method"].tolist()


def test_all_scales_asked_are_scored_when_none_is_named():
    found = score_scales(GIVEN, codebook=CODEBOOK).tidy()
    assert list(dict.fromkeys(found["scale"])) == ["trust", "voice"]


def test_the_order_of_rows_and_waves_is_kept():
    found = scale_score(
        pd.DataFrame({"team_id": ["t2", "t1"], "person_id": ["q", "p"], "a": [1, 2]}), items=["a"]
    ).tidy()
    assert found["person_id"].tolist() == ["q", "p"]
    assert found["team_id"].tolist() == ["t2", "t1"]


def test_the_summary_counts_each_scale_and_wave():
    summary = score_scales(GIVEN, codebook=CODEBOOK).summary().set_index(["scale", "wave"])
    trust = summary.loc[("trust", "y1")]
    assert trust[["n_persons", "n", "n_complete", "n_person_mean", "n_not_scored"]].tolist() == [
        3,
        2,
        1,
        1,
        1,
    ]
    assert (trust["mean"], trust["sd"]) == pytest.approx((3.75, np.sqrt(0.125)))
    assert np.isnan(summary.loc[("voice", "y1"), "mean"])


def test_the_sentence_counts_what_was_had():
    assert score_scales(GIVEN, codebook=CODEBOOK).sentence() == (
        "Of 5 scores asked for on 2 scales, 3 could be had: 1 from all items, 2 from the mean of "
        "the items answered; 2 with answers to fewer than 50% of the items were not scored."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scales": ["faith"]}, "'faith'"),
        ({"scales": ["never"]}, "An item was not asked[\\s\\S]*'n1'"),
        ({"scales": []}, "No scale to take"),
        ({"scales": ["mixed"]}, "'m1 1 to 5', 'm2 0 to 1'"),
        ({"min_share": 0}, "above 0[\\s\\S]*0"),
        ({"min_share": 50}, "up to 1[\\s\\S]*50"),
        ({"responses": rows(("y1", "p1", "t1", 9))}, "t1 lie outside[\\s\\S]*9 \\(y1\\)"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    given = {"responses": GIVEN, "codebook": CODEBOOK, **change}
    with pytest.raises(ArgumentError, match=message):
        score_scales(given.pop("responses"), **given)
