"""Theme frequencies and co-occurrence: by hand, by law, against R, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.contents.coding import has_theme
from cvln_eval.measurement.contents.cooccurrence import theme_cooccurrence
from cvln_eval.measurement.contents.themes import theme_frequencies

# Exact p values are sums of the same probabilities in another order.
EXACT = 1e-10
# Share of 80 simulated brainstorms whose interval holds the true share: three standard errors are
# 0.073, and percentile intervals of few segments fall somewhat short.
COVERAGE = 0.86


def said(*given):
    return pd.DataFrame(given, columns=["segment_id", "coder_id", "theme", "applied"])


# Segment a: both; b: x only; c: neither; d: coded by x alone, who applies it.
FOUR = said(
    ("a", "x", "time", True),
    ("a", "y", "time", True),
    ("b", "x", "time", True),
    ("b", "y", "time", False),
    ("c", "x", "time", False),
    ("c", "y", "time", False),
    ("d", "x", "time", True),
)


@pytest.mark.parametrize(
    ("rule", "n_segments", "n"),
    [("either", 3, 4), ("both", 1, 3), ("majority", 1, 3)],
)
def test_a_rule_says_when_a_segment_has_a_theme(rule, n_segments, n):
    row = theme_frequencies(FOUR, rule=rule, n_boot=50).tidy().iloc[0]
    assert (row["n_segments"], row["n"], row["n_not_judged"]) == (n_segments, n, 4 - n)
    assert row["segments_share"] == n_segments / n
    assert (row["n_any_coder"], row["n_every_coder"]) == (3, 1)


def test_two_of_three_coders_are_a_majority_and_one_of_two_is_none():
    codes = np.array([[[1.0], [1.0], [0.0]], [[1.0], [0.0], [np.nan]]])
    assert has_theme(codes, "majority").ravel().tolist() == [1.0, 0.0]
    assert has_theme(codes, "both").ravel().tolist() == [0.0, 0.0]


def test_each_coder_is_counted_alone():
    coders = theme_frequencies(FOUR, n_boot=50).coders().set_index("coder_id")
    assert coders.loc["x", ["n", "n_segments", "segments_share"]].tolist() == [4, 3, 0.75]
    assert coders.loc["y", ["n", "n_segments"]].tolist() == [3, 1]


def test_a_theme_in_none_or_all_segments_has_no_interval_and_says_why():
    rows = said(*[(s, "x", t, t == "all") for s in "abc" for t in ("all", "none")])
    table = theme_frequencies(rows, n_boot=50).tidy().set_index("theme")
    assert table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert table["reason"].tolist() == [
        "the theme is in every segment",
        "the theme is in no segment",
    ]


@pytest.mark.parametrize("n", [4, 5])
def test_a_theme_judged_in_fewer_than_five_segments_has_no_interval(n):
    # Seven segments; the second coder saw n of them, and "both" can judge only those.
    rows = [(f"s{i}", "x", "time", i % 2 == 0) for i in range(7)]
    rows += [(f"s{i}", "y", "time", True) for i in range(n)]
    found = theme_frequencies(said(*rows), rule="both", n_boot=200)
    row = found.tidy().iloc[0]
    assert row[["conf_low", "conf_high"]].notna().tolist() == [n == 5] * 2
    assert row["reason"] == ("" if n == 5 else "fewer than five segments")
    assert ("(50% of 4, no interval: fewer than five segments)" in found.sentence()) == (n == 4)


def test_a_rule_that_applies_nowhere_is_nan_with_a_reason():
    found = theme_frequencies(FOUR[FOUR["coder_id"] == "x"], rule="both", n_boot=50)
    assert np.isnan(found.tidy()["segments_share"].item())
    assert found.tidy()["reason"].item() == "the rule can be applied to no segment"
    assert "not available" in found.sentence()


def simulated(rng, share, n=60):
    applied = rng.random(n) < share
    return said(*[(f"s{i}", "x", "time", bool(a)) for i, a in enumerate(applied)])


def test_the_interval_covers_the_true_share():
    rng, held = np.random.default_rng(1), []
    for _ in range(80):
        row = theme_frequencies(simulated(rng, 0.4), n_boot=200).tidy().iloc[0]
        held.append(row["conf_low"] <= 0.4 <= row["conf_high"])
    assert np.mean(held) > COVERAGE


def test_the_same_seed_gives_the_same_numbers_and_names_do_not_matter():
    one = theme_frequencies(FOUR, rng=3, n_boot=60).tidy()
    renamed = FOUR.rename(columns={"segment_id": "s", "coder_id": "c", "theme": "t"})
    other = theme_frequencies(renamed, segment="s", coder="c", theme="t", rng=3, n_boot=60)
    pd.testing.assert_frame_equal(one, other.tidy())


def pair(x, y):
    rows = [(f"s{i}", "x", t, v) for i, both in enumerate(zip(x, y, strict=True))
            for t, v in zip(("one", "two"), both, strict=True)]  # fmt: skip
    return said(*rows)


def test_a_pair_by_hand():
    # one in 3 of 6, two in 2, together in 2: expected 3 * 2 / 6 = 1, Jaccard 2 / (3 + 2 - 2),
    # phi = (6 * 2 - 3 * 2) / sqrt(3 * 3 * 2 * 4) = 6 / sqrt(72).
    # Exact p: P(2 together) = C(3,2) / C(6,2) = 3 / 15; the other end, 0 together, is as likely.
    row = theme_cooccurrence(pair([1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0])).tidy().iloc[0]
    assert (row["n_together"], row["n_expected"]) == (2, 1.0)
    assert row["jaccard"] == pytest.approx(2 / 3)
    assert row["lift"] == 2.0
    assert row["phi"] == pytest.approx(6 / np.sqrt(72))
    assert row["p_value"] == pytest.approx(6 / 15)


def test_a_theme_that_does_not_vary_has_no_test_and_is_not_in_the_family():
    rows = pd.concat([
        pair([1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0]),
        said(*[(f"s{i}", "x", "none", 0) for i in range(6)]),
    ])  # fmt: skip
    found = theme_cooccurrence(rows)
    table = found.tidy().set_index(["theme", "other_theme"])
    assert table.loc[("one", "none"), ["phi", "lift", "p_value", "p_adjusted"]].isna().all()
    assert "in none or in all" in table.loc[("one", "none"), "reason"]
    # One test only: nothing to adjust.
    assert table.loc[("one", "two"), "p_adjusted"] == table.loc[("one", "two"), "p_value"]
    assert found.glance()["n_tests"].item() == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_laws_of_a_pair(cells):
    x, y = zip(*cells, strict=True)
    row = theme_cooccurrence(pair(x, y)).tidy().iloc[0]
    swapped = theme_cooccurrence(pair(y, x)).tidy().iloc[0]
    for name in ("n_together", "n_expected", "jaccard", "lift", "phi", "p_value"):
        assert row[name] == pytest.approx(swapped[name], nan_ok=True)
    flipped = theme_cooccurrence(pair([not v for v in x], [not v for v in y])).tidy().iloc[0]
    assert flipped["phi"] == pytest.approx(row["phi"], nan_ok=True)
    assert np.isnan(row["phi"]) == (row["reason"] != "")


def test_p_values_and_phi_are_those_of_r(reference):
    """R: `fisher.test(table(x, y))$p.value`, `p.adjust(p, "holm")`, `cor(x, y)`."""
    wide, expected = reference("themes")
    rows = wide.melt("segment_id", var_name="theme", value_name="applied").assign(coder_id="x")
    table = theme_cooccurrence(rows).tidy()
    assert len(table) == 6
    for row in table.to_dict("records"):
        at = f"{row['theme']} {row['other_theme']}"
        assert row["p_value"] == pytest.approx(expected["fisher_p", at], abs=EXACT)
        assert row["p_adjusted"] == pytest.approx(expected["holm_p", at], abs=EXACT)
        assert row["phi"] == pytest.approx(expected["phi", at], abs=EXACT)


def test_the_matrix_is_symmetric_with_an_empty_diagonal(reference):
    wide, _ = reference("themes")
    rows = wide.melt("segment_id", var_name="theme", value_name="applied").assign(coder_id="x")
    found = theme_cooccurrence(rows)
    square = found.matrix("jaccard")
    assert np.isnan(np.diag(square)).all()
    pd.testing.assert_frame_equal(square, square.T)
    with pytest.raises(ArgumentError, match="'size'"):
        found.matrix("size")


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (FOUR, {"rule": "all"}, "'all'"),
        (FOUR.drop(columns="coder_id"), {}, "'coder_id'"),
        (pd.concat([FOUR, FOUR.iloc[:1]]), {}, "a x time"),
        (FOUR.assign(applied=2), {}, "2"),
        (FOUR.assign(applied="perhaps"), {}, "perhaps"),
        (FOUR.iloc[:0], {}, "no codings"),
        (FOUR.assign(coder_id=None), {}, "coder_id"),
        (FOUR, {"conf_level": 95}, "95"),
    ],
)
def test_what_is_wrong_is_named(rows, options, message):
    with pytest.raises(ArgumentError, match=message):
        theme_frequencies(rows, **options)


def test_one_theme_makes_no_pair():
    with pytest.raises(ArgumentError, match="time"):
        theme_cooccurrence(FOUR)


def test_the_sentences_carry_n_and_interval():
    rows = pair([1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0])
    assert (
        theme_frequencies(rows, n_boot=100)
        .sentence()
        .startswith(
            "In 6 segments coded by 1 coder (a segment has a theme when at least one coder applied "
            "it), the most frequent theme was one (50% of 6, 95% CI ["
        )
    )
    assert "2 segments, 1.0 expected, phi = 0.71" in theme_cooccurrence(rows).sentence()
