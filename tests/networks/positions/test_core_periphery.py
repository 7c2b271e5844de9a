"""Core and periphery: by hand, by trying all divisions, and what the null's networks keep."""

from itertools import pairwise, product

import numpy as np
import pytest
from joblib import parallel_config
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.positions import core_periphery, rewiring
from cvln_eval.networks.positions.fitting import (
    _fit,
    _Search,
    _starts,
    continuous_fit,
    discrete_fit,
    known_pairs,
)
from cvln_eval.networks.positions.rewiring import _rewired, rewired_fits, shuffled_fits
from cvln_eval.resampling import resample

STAR = "ab ac ad ae"
# Two correlations of one network, computed in two ways.
ROUNDING = 1e-9


def random_matrix(stream, n, share):
    matrix = (stream.random((n, n)) < share) * stream.integers(1, 4, (n, n)).astype(float)
    np.fill_diagonal(matrix, np.nan)
    return matrix


def pattern_fit(matrix, core):
    """The definition: correlation with a pattern that is 1 where either is in the core."""
    known = ~np.isnan(matrix)
    pattern = (core[:, None] | core)[known].astype(float)
    return np.corrcoef(matrix[known], pattern)[0, 1] if np.ptp(pattern) else -np.inf


def best_of_all(matrix):
    cores = (np.array(core, dtype=bool) for core in product([0, 1], repeat=len(matrix)))
    return max(pattern_fit(matrix, core) for core in cores)


def test_a_star_is_a_perfect_core(make):
    found = core_periphery(make(STAR, "abcde", directed=False), n_draws=49)
    assert found.tidy()["estimate"].tolist() == pytest.approx([1, 1], abs=0.3)
    assert found.tidy()["estimate"][0] == pytest.approx(1)
    assert found.people.loc[found.people["in_core"].astype(bool), "person_id"].tolist() == ["a"]
    assert found.tidy()["n_core"][0] == 1


def test_two_in_the_core_by_hand(make):
    # a and b are tied to each other and to all of c, d, e: the 7 of 10 pairs that a core touches.
    network = make("ab ac ad ae bc bd be", "abcde", directed=False)
    found = core_periphery(network, n_draws=19)
    assert found.tidy()["estimate"][0] == pytest.approx(1)
    assert found.people["in_core"].tolist() == [True, True, False, False, False]
    # Without the tie b - e: pairs 6/10, pattern 7/10: (10 * 6 - 6 * 7) / sqrt(24 * 21)
    one_less = core_periphery(make("ab ac ad ae bc bd", "abcde", directed=False), n_draws=19)
    assert one_less.tidy()["estimate"][0] == pytest.approx(18 / np.sqrt(24 * 21))


def test_a_clique_of_products_is_a_perfect_continuous_core():
    coreness = np.array([0.9, 0.8, 0.5, 0.3, 0.1])
    matrix = np.outer(coreness, coreness)
    np.fill_diagonal(matrix, np.nan)
    [fit], [found] = continuous_fit(known_pairs(matrix))
    assert fit == pytest.approx(1, abs=1e-6)
    assert found.tolist() == pytest.approx((coreness / np.linalg.norm(coreness)).tolist(), abs=1e-2)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_best_of_all_divisions(seed):
    stream = np.random.default_rng(seed)
    matrix = random_matrix(stream, 7, 0.2 + 0.05 * seed)
    if seed % 2:
        matrix[0, 1:] = np.nan
    [fit], [core] = discrete_fit(known_pairs(matrix))
    assert fit == pytest.approx(pattern_fit(matrix, core), abs=ROUNDING)
    assert fit == pytest.approx(best_of_all(matrix), abs=ROUNDING)


def test_who_changed_sides_stays_for_a_while():
    pairs = known_pairs(random_matrix(np.random.default_rng(4), 9, 0.4))
    search = _Search(pairs, _starts(pairs))
    sides = [search.core.copy()]
    for step in range(12):
        search.move(step, stay=3)
        sides.append(search.core.copy())
    moved = np.array([before != after for before, after in pairwise(sides)])
    assert (moved.sum(axis=3) == 1).all()
    persons = moved.argmax(axis=3)
    # Back within three steps only to a best so far, which is rare: never in the last steps here.
    for last in range(8, 12):
        assert not (persons[last - 3 : last] == persons[last]).any()


def test_p_is_never_nought(make):
    star = make("ab ac ad ae af ag ah", "abcdefgh", directed=False)
    row = core_periphery(star, n_draws=9).tidy().iloc[0]
    # None of nine draws is a star: (0 + 1) / (9 + 1)
    assert (row["p_value"], row["smallest_p"], row["p_low"]) == (0.1, 0.1, 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_continuous_fit_is_the_correlation_with_products(seed):
    matrix = random_matrix(np.random.default_rng(seed), 9, 0.4)
    matrix[2, 3:] = np.nan
    pairs = known_pairs(matrix)
    [fit], [coreness] = continuous_fit(pairs)
    known = ~np.isnan(matrix)
    assert fit == pytest.approx(
        np.corrcoef(matrix[known], np.outer(coreness, coreness)[known])[0, 1], abs=ROUNDING
    )
    assert (coreness >= 0).all()
    assert np.linalg.norm(coreness) == pytest.approx(1)
    others = np.random.default_rng(9).random((50, 9))
    assert fit >= _fit(pairs, np.repeat(pairs.values, 50, axis=0), others)[0].max()


@pytest.mark.parametrize(("seed", "best"), [(5, 0.442), (7, 0.279), (11, 0.303), (27, 0.340)])
def test_each_start_finds_what_the_others_do_not(seed, best):
    # In these networks the others of the four starts end at least .002 below.
    matrix = (np.random.default_rng(seed).random((9, 9)) < 0.35).astype(float)
    np.fill_diagonal(matrix, np.nan)
    [fit], _ = continuous_fit(known_pairs(matrix))
    assert fit > best + 0.0001


def test_slopes_are_those_of_the_fit():
    pairs = known_pairs(random_matrix(np.random.default_rng(2), 6, 0.5))
    point = np.array([0.3, 0.9, 0.2, 0.5, 0.7, 0.4])
    steps = np.concatenate([np.eye(6), -np.eye(6)]) * 1e-6
    near = _fit(pairs, np.repeat(pairs.values, 12, axis=0), point + steps)[0]
    slopes = (near[:6] - near[6:]) / 2e-6
    found = _fit(pairs, pairs.values, point[None])[1][0]
    assert found.tolist() == pytest.approx(slopes.tolist(), abs=1e-7)


@pytest.mark.parametrize("n", [5, 12, 33])
def test_networks_side_by_side_have_the_fits_of_each_alone(n):
    # To the last digit: else a draw that is the network itself would not count as no better fit.
    stream = np.random.default_rng(6)
    matrix = random_matrix(stream, n, 0.3)
    matrix[4] = np.nan
    known = ~np.isnan(matrix)
    drawn = np.repeat(matrix[None], 23, axis=0)
    for one in drawn[1:]:
        one[known] = stream.permutation(matrix[known])
    for search in (discrete_fit, continuous_fit):
        fits, found = search(known_pairs(drawn))
        for place, one in enumerate(drawn):
            [fit], [people] = search(known_pairs(one))
            assert fit == fits[place]
            assert people.tolist() == found[place].tolist()


@pytest.mark.parametrize("directed", [True, False])
def test_exchanges_keep_degrees_and_what_is_not_known(directed):
    stream = np.random.default_rng(1)
    tied = stream.random((8, 8)) < 0.4
    matrix = (tied if directed else np.triu(tied, 1) | np.triu(tied, 1).T).astype(float)
    np.fill_diagonal(matrix, np.nan)
    if directed:
        matrix[3] = np.nan
    else:
        matrix[3, 4] = matrix[4, 3] = np.nan
    ends = np.argwhere(matrix == 1 if directed else np.triu(matrix == 1))
    drawn = _rewired(20, stream, matrix, ends, directed)
    changed = 0
    for sender, receiver in drawn:
        other = np.where(np.isnan(matrix), np.nan, 0.0)
        other[sender, receiver] += 1
        if not directed:
            other[receiver, sender] += 1
        assert np.nanmax(other) == 1
        np.testing.assert_array_equal(np.isnan(other), np.isnan(matrix))
        for axis in (0, 1):
            np.testing.assert_array_equal(np.nansum(other, axis), np.nansum(matrix, axis))
        changed += not np.array_equal(other, matrix, equal_nan=True)
    assert changed > 10


@pytest.mark.parametrize("directed", [True, False])
def test_exchanges_make_all_networks_of_the_degrees_equally_likely(directed):
    # Undirected: a path of five, degrees 1 2 2 2 1; directed: each of four names the next one.
    n = 4 if directed else 5
    matrix = np.full((n, n), np.nan)
    matrix[~np.eye(n, dtype=bool)] = 0
    for one in range(n if directed else n - 1):
        matrix[one, (one + 1) % n] = 1
        if not directed:
            matrix[one + 1, one] = 1
    ends = np.argwhere(matrix == 1 if directed else np.triu(matrix == 1))
    drawn = _rewired(4000, np.random.default_rng(3), matrix, ends, directed)
    ordered = np.sort(drawn, axis=1) if not directed else drawn
    codes = np.sort(ordered[:, 0] * n + ordered[:, 1], axis=1)
    _, counts = np.unique(codes, axis=0, return_counts=True)
    # Derangements of 4: 9. Graphs of degrees 1 2 2 2 1: six paths and one triangle with a pair
    assert len(counts) == (9 if directed else 7)
    assert stats.chisquare(counts).pvalue > 0.001


def test_shuffles_keep_density_strengths_and_what_is_not_known(monkeypatch):
    matrix = random_matrix(np.random.default_rng(5), 7, 0.4)
    matrix[2] = np.nan
    seen = []
    monkeypatch.setattr(rewiring, "BLOCK", 98)  # two networks of seven people at once

    def kept(drawn):
        seen.extend(drawn.copy())
        return known_pairs(drawn)

    monkeypatch.setattr(rewiring, "known_pairs", kept)
    assert shuffled_fits(3, np.random.default_rng(0), matrix, True).shape == (3, 2)
    assert len(seen) == 3
    for drawn in seen:
        np.testing.assert_array_equal(np.isnan(drawn), np.isnan(matrix))
        np.testing.assert_array_equal(np.sort(drawn, axis=None), np.sort(matrix, axis=None))
        assert not np.array_equal(drawn, matrix, equal_nan=True)
    both = np.fmax(matrix, matrix.T)
    both[2] = both[:, 2] = np.nan
    seen.clear()
    shuffled_fits(2, np.random.default_rng(0), both, False)
    rewired_fits(2, np.random.default_rng(0), both, False)
    for drawn in seen:
        np.testing.assert_array_equal(drawn, drawn.T)
        np.testing.assert_array_equal(np.sort(drawn, axis=None), np.sort(both, axis=None))


def test_p_counts_draws_and_itself(make):
    # Degrees of a star leave nothing to exchange: each draw is the star, so p = (n + 1) / (n + 1).
    network = make(STAR, "abcde", directed=False)
    kept = core_periphery(network, keeping="degrees", n_draws=19).tidy().iloc[0]
    assert kept[["p_value", "smallest_p", "n_draws"]].tolist() == [1, 1 / 20, 19]
    assert (kept["p_low"], kept["p_high"]) == (pytest.approx(0.025 ** (1 / 19)), 1)
    assert kept["null_mean"] == pytest.approx(1)
    assert "as many sent and received by each person" in kept["null_hypothesis"]
    # 5 of the 210 ways to place four ties are stars.
    by_chance = core_periphery(network, n_draws=99, rng=2).tidy().iloc[0]
    assert stats.binom.cdf(round(by_chance["p_value"] * 100 - 1), 99, 5 / 210) > 0.001
    assert 1 / 100 < by_chance["p_value"] < 0.1
    assert by_chance["p_low"] < 5 / 210 < by_chance["p_high"]
    wide = core_periphery(network, n_draws=99, rng=2, conf_level=0.999).tidy().iloc[0]
    assert wide["p_high"] > by_chance["p_high"]


def test_the_test_holds_its_size():
    stream = np.random.default_rng(8)
    small = []
    for _ in range(40):
        matrix = (stream.random((6, 6)) < 0.35).astype(float)
        np.fill_diagonal(matrix, np.nan)
        [fit] = discrete_fit(known_pairs(matrix))[0]
        drawn = shuffled_fits(9, stream, matrix, True)[:, 0]
        small.append((drawn >= fit - 1e-12).sum() == 0)
    # A fit above nine draws has chance 1/10 or less: 4 of 40.
    assert stats.binom.sf(sum(small) - 1, 40, 0.1) > 0.001
    assert sum(small) > 0


def test_two_processes_give_the_numbers_of_one():
    arrays = (random_matrix(np.random.default_rng(1), 6, 0.4), True)
    alone = resample(rewired_fits, 12, arrays=arrays, rng=3, chunk=4)
    with parallel_config("loky", n_jobs=2):
        together = resample(rewired_fits, 12, arrays=arrays, rng=3, chunk=4)
    np.testing.assert_array_equal(alone, together)


def test_the_same_seed_gives_the_same_in_any_panel(make):
    one = make("ab ac ad bc ea", "abcde")
    other = make("ab bc", "abcde", wave="2")
    first = core_periphery(one, n_draws=30, rng=3).tidy()["p_value"].tolist()
    rows = core_periphery(panel_of([other, one]), n_draws=30, rng=3).tidy()
    assert rows.loc[rows["wave"] == "1", "p_value"].tolist() == first
    stream = core_periphery(one, n_draws=30, rng=np.random.default_rng(3))
    assert stream.tidy()["p_value"].tolist() == first


@pytest.mark.parametrize(
    ("arcs", "ids", "answered", "reason"),
    [
        ("", "abcd", "abcd", "all known pairs are alike"),
        ("ab ba ac ca bc cb", "abc", "abc", "all known pairs are alike"),
        ("ab", "ab", "ab", "fewer than three people"),
        ("", "a", "a", "fewer than three people"),
        ("", "", "", "fewer than three people"),
        ("", "abc", "", "nobody answered"),
    ],
)
def test_what_cannot_be_had(make, arcs, ids, answered, reason):
    found = core_periphery(make(arcs, ids, answered=answered), n_draws=9)
    assert found.tidy()["reason"].tolist() == [reason] * 2
    numbers = ["estimate", "n_core", "p_value", "p_low", "p_high", "smallest_p", "null_mean"]
    assert found.tidy()[numbers].isna().all(axis=None)
    assert found.tidy()["n_draws"].tolist() == [0, 0]
    assert found.people["in_core"].isna().all()
    assert found.sentence() == "The fit of a core and a periphery is not available."


def test_strengths_that_are_not_given_are_left_out(make):
    network = make("ab ac ad ae bc", "abcde", strength=[1, 1, 1, 1, np.nan], directed=False)
    found = core_periphery(network, n_draws=9)
    assert found.tidy()["estimate"][0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"keeping": "triads"}, "'triads'"),
        ({"conf_level": 1.0}, "1.0"),
        ({"conf_level": "high"}, "'high'"),
        ({"n_draws": -1}, "-1"),
    ],
)
def test_arguments_that_are_refused(make, given, seen):
    with pytest.raises(ArgumentError, match=seen):
        core_periphery(make(STAR, "abcde"), **given)


def test_sentences(make):
    star = make(STAR, "abcde", directed=False, relation="advice")
    found = core_periphery(star, keeping="degrees", n_draws=19)
    assert found.sentence() == (
        "The best core of 1 of 5 people fitted with r = 1.00 in the network of advice in wave 1, "
        "against 1.00 on average where ties fall by chance, with as many sent and received by each "
        "person as here (p = 1.000, 19 draws)."
    )
    both = panel_of([star, make(STAR, "abcde", directed=False, wave="2", relation="advice")])
    assert core_periphery(both, keeping="degrees", n_draws=19).sentence() == (
        "The fit of a core and a periphery was r = 1.00 over 2 networks, with p from 1.000 to "
        "1.000 by permutation, not adjusted for their number."
    )
    assert found.glance()[["n_networks", "n", "n_not_known", "n_draws"]].iloc[0].tolist() == [
        *(1, 2, 0, 19)
    ]


def test_a_fit_without_draws_has_no_test(make):
    network = make("ab ac ad bc", "abcde")
    plain, tested = (core_periphery(network, n_draws=draws) for draws in (0, 9))
    assert plain.tidy()["estimate"].tolist() == tested.tidy()["estimate"].tolist()
    assert plain.people.equals(tested.people)
    assert plain.tidy()["p_value"].isna().all()
    assert set(plain.tidy()["reason"]) == {"not tested: no draws were asked for"}
    assert plain.glance()["n_draws"].item() == 0
    assert "fitted" not in plain.sentence()
    assert "was r = " in plain.sentence()
