"""Which assignments could have happened."""

import math
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.randomization import assignments
from cvln_eval.inference.randomization.possible import PossibleAssignments

FIVE = pd.DataFrame({"team_id": list("abcde"), "treated": [0, 1, 0, 0, 1]})


def possible(codes, blocks=None):
    codes = np.array(codes)
    blocks = np.zeros(len(codes), dtype=int) if blocks is None else np.array(blocks)
    names = tuple(f"c{place:02}" for place in range(len(codes)))
    return PossibleAssignments(names, blocks, codes, np.arange(codes.max() + 1.0))


def test_two_of_five_are_ten_in_lexicographic_order():
    found = assignments(FIVE, treatment="treated")
    assert found.n_assignments == 10
    assert found.enumerated
    assert [tuple(np.flatnonzero(row)) for row in found.values] == [
        (3, 4), (2, 4), (2, 3), (1, 4), (1, 3), (1, 2), (0, 4), (0, 3), (0, 2), (0, 1),
    ]  # fmt: skip


def test_strata_multiply():
    # 1 of 2 in x, 1 of 3 in y: 2 * 3
    found = assignments(FIVE.assign(stratum=list("xxyyy")), treatment="treated", strata="stratum")
    assert found.n_assignments == 6
    assert {tuple(row[:2]) for row in found.values} == {(0, 1), (1, 0)}
    assert (found.values.sum(axis=1) == 2).all()


def test_pairs_are_two_to_the_number_of_pairs():
    table = pd.DataFrame({"team_id": list("abcdef"), "treated": [0, 1, 1, 0, 0, 1]})
    found = assignments(table.assign(pair=list("ppqqrr")), treatment="treated", pairs="pair")
    assert found.n_assignments == 8
    assert (found.values.reshape(8, 3, 2).sum(axis=2) == 1).all()


def test_starts_are_a_multinomial_of_their_multiset():
    starts = {"a": 2010, "b": 2009, "c": None, "d": None, "e": 2010}
    table = pd.DataFrame(
        [(team, wave, start) for team, start in starts.items() for wave in (2008, 2009, 2010)],
        columns=["team_id", "wave", "start"],
    )
    found = assignments(table, start="start")
    assert found.n_assignments == math.factorial(5) // 4  # 5! / (1! 2! 2!)
    multiset = {tuple(sorted(map(str, row))) for row in found.values}
    assert multiset == {("2009", "2010", "2010", "None", "None")}
    assert len({tuple(map(str, row)) for row in found.values}) == 30
    assert found.values[0].tolist() == [2009, 2010, 2010, None, None]


def test_a_start_after_the_last_wave_is_never_and_one_before_the_first_is_always():
    waves = pd.DataFrame({"wave": [1, 2]})
    starts = pd.DataFrame({"team_id": list("abcd"), "start": [3.0, np.nan, 0.0, 1.0]})
    found = assignments(starts.merge(waves, how="cross"), start="start")
    assert found.n_assignments == 6
    assert found.values[0].tolist() == [1, 1, None, None]


def test_doses_are_exchanged_as_they_are():
    found = assignments(FIVE.assign(visits=[8, 8, 12, 3.5, 3.5]), treatment="visits")
    assert found.n_assignments == 30
    assert {tuple(sorted(row)) for row in found.values} == {(3.5, 3.5, 8.0, 8.0, 12.0)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6))
def test_the_list_is_every_different_order_within_blocks_once_and_sorted(pairs):
    blocks, codes = (list(part) for part in zip(*pairs, strict=True))
    blocks = np.unique(blocks, return_inverse=True)[1].tolist()
    design = possible(codes, blocks)
    orders = {
        order for order in permutations(codes) if _counts(blocks, order) == _counts(blocks, codes)
    }
    found = [tuple(row) for row in design.listed(0, design.n_assignments).tolist()]
    assert found == sorted(orders)
    assert design.n_assignments == len(orders)


def _counts(blocks, codes):
    return sorted(zip(blocks, codes, strict=True))


def test_a_part_of_the_list_is_the_list_in_part():
    design = possible([0, 1, 2, 1, 0, 2, 2], [0, 1, 0, 1, 1, 0, 1])
    whole = design.listed(0, design.n_assignments)
    parts = [design.listed(k, min(k + 7, len(whole))) for k in range(0, len(whole), 7)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_ten_of_twenty_are_those_of_combinations():
    design = possible([0] * 10 + [1] * 10)
    found = design.listed(0, 184_756)
    expected = np.array(list(combinations(range(20), 10)))
    np.testing.assert_array_equal(np.nonzero(found[::-1])[1].reshape(-1, 10), expected)


def test_the_number_is_exact_however_large():
    assert possible([0] * 50 + [1] * 50).n_assignments == math.comb(100, 50)
    found = assignments(
        pd.DataFrame({"team_id": range(100), "treated": [0, 1] * 50}),
        treatment="treated",
        n_draws=3,
    )
    assert found.n_assignments == math.comb(100, 50)
    assert not found.enumerated
    assert found.glance()["n_assignments"].item() == float(math.comb(100, 50))
    assert "of which 3 were drawn" in found.sentence()


def test_draws_keep_the_design_and_are_equally_likely():
    table = FIVE.assign(stratum=list("xxxyy"), treated=[0, 1, 0, 1, 0])
    found = assignments(table, treatment="treated", strata="stratum", limit=5, n_draws=6000, rng=1)
    rows, times = np.unique(found.values, axis=0, return_counts=True)
    assert len(rows) == 6
    assert (rows[:, :3].sum(axis=1) == 1).all()
    # Binomial(6000, 1/6) has a standard deviation of 29.
    assert np.abs(times - 1000).max() < 4 * 29


def test_the_same_seed_gives_the_same_draws():
    given_ = {"treatment": "treated", "limit": 0, "n_draws": 50}
    one, two = (assignments(FIVE, **given_, rng=4).values for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, assignments(FIVE, **given_, rng=5).values)


def test_the_table_has_one_row_an_assignment_and_cluster():
    found = assignments(FIVE, treatment="treated").tidy()
    assert len(found) == 50
    assert found.groupby("assignment")["assigned"].sum().eq(2).all()
    assert found["team_id"].tolist()[:5] == list("abcde")


def test_too_long_a_list_is_refused():
    with pytest.raises(ArgumentError, match="3000000"):
        assignments(FIVE, treatment="treated", limit=3_000_000)
    with pytest.raises(ArgumentError, match="137,846,528,820"):
        possible([0] * 20 + [1] * 20).listed(0, 5)
