"""Brokerage beside drawn networks: all networks of a few people listed, laws, size, failures."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joblib import parallel_config
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import panel_of
from cvln_eval.networks.positions import (
    BrokerageChance,
    block_draws,
    brokerage,
    brokerage_chance,
)
from cvln_eval.networks.positions.block_draws import (
    MEASURES,
    _block,
    _tied_by_chance,
    _tied_in_number,
    by_chance,
    by_number,
    with_across,
)
from cvln_eval.networks.positions.roles import open_two_paths
from cvln_eval.resampling import counted_p
from cvln_eval.results import p_in_words

TEAMS = dict(zip("abcdef", "xxyyzz", strict=True))
# b joins a, c and e to d and f: 3 * 2 pairs, none of which is tied.
HUB = "ab cb eb bd bf"
# Teams, the broker's in the middle: a-d xxy and a-f xxz (representative), c-d yxy and e-f zxz
# (consultant), c-f yxz and e-d zxy (liaison).
HUB_ROLES = {"representative": 2, "consultant": 2, "liaison": 2, "total": 6, "across": 6}
KEEPING = ("density", "number")
# Of 4,000 draws the mean of a count is off by less than this many standard errors.
ERRORS = 4


def rows_of(found, name="roles"):
    return getattr(found, name).set_index("measure")


def matrices(drawn, number, n):
    """Ties of networks side by side as an array (number, n, n)."""
    sender, receiver = drawn
    assert (sender // n == receiver // n).all()
    found = np.zeros((number, n, n))
    np.add.at(found, (sender // n, sender % n, receiver % n), 1)
    return found


def listed(matrix, group):
    """Counts of `MEASURES` by going through all triples: the definition."""
    n = len(matrix)
    found = np.zeros((n, 7))
    for i, j, k in product(range(n), repeat=3):
        if len({i, j, k}) == 3 and matrix[i, j] and matrix[j, k] and not matrix[i, k]:
            same = [group[i] == group[j] == group[k], group[i] == group[k], group[j] == group[k]]
            role = [*same, group[i] == group[j], True].index(True)
            found[j, [role, 5]] += 1
            found[j, 6] += role > 0
    return found


def test_the_values_are_those_of_brokerage_by_hand(make):
    found = brokerage_chance(make(HUB, "abcdef", teams=TEAMS), n_draws=9)
    sums, busiest = rows_of(found), rows_of(found, "busiest")
    for measure in MEASURES:
        expected = HUB_ROLES.get(measure, 0)
        assert sums.loc[measure, "value"] == busiest.loc[measure, "value"] == expected
        assert busiest["person_id"].fillna("nobody")[measure] == ("b" if expected else "nobody")
    assert sums.loc["total", ["n", "n_ties", "n_groups", "n_draws"]].tolist() == [6, 5, 3, 9]


def test_p_of_the_busiest_is_the_share_of_draws_with_a_busiest_like_that(make):
    group, answered = np.array([0, 0, 1, 1, 2, 2]), np.ones(6, dtype=bool)
    # Ties of HUB by team of sender and receiver: a-b; b-d; b-f; c-b; e-b
    ties = np.array([[1, 1, 1], [1, 0, 0], [1, 0, 0]])
    network = make(HUB, "abcdef", teams=TEAMS)
    for keeping, task in zip(KEEPING, (by_chance, by_number), strict=True):
        found = brokerage_chance(network, keeping=keeping, n_draws=120, rng=3)
        [stream] = np.random.default_rng(3).spawn(1)
        tops = task(120, stream, group, answered, ties)[:, 1, MEASURES.index("across")]
        row = rows_of(found, "busiest").loc["across"]
        p = counted_p(int((tops >= 6).sum()), 120)
        assert [row["p_value"], row["p_high"]] == [p.p_value, p.p_high]
        assert row["smallest_p"] == 1 / 121
        assert row["null_median"] == np.median(tops)
        assert row["null_high"] == np.quantile(tops, 0.975)


@pytest.mark.parametrize("fill", [_tied_by_chance, _tied_in_number])
@pytest.mark.parametrize("block", [(0, 0), (0, 1), (1, 0)])
def test_ties_of_a_block_fall_on_its_known_pairs_alone_and_on_each_alike(fill, block):
    group, answered = np.array([0, 1, 0, 0, 1]), np.array([True, True, False, True, True])
    number, tied = 3_000, 2
    drawn = _block(number, np.random.default_rng(1), group, answered, block, tied, fill)
    seen = matrices(drawn, number, 5)
    assert seen.max() == 1
    known = np.equal.outer(group == block[0], group == block[1]) & (group == block[0])[:, None]
    known &= answered[:, None] & ~np.eye(5, dtype=bool)
    share = tied / known.sum()
    assert not seen[:, ~known].any()
    off = ERRORS * np.sqrt(share * (1 - share) / number)
    assert (np.abs(seen[:, known].mean(axis=0) - share) < off).all()
    counts = seen.sum(axis=(1, 2))
    if fill is _tied_in_number:
        assert set(counts) == {tied}
    else:  # binomial, draws apart from each other
        expected = stats.binom.pmf(range(6), known.sum(), share) * number
        seen_counts = np.bincount(counts.astype(int), minlength=6)[:6]
        assert (
            stats.chisquare(
                seen_counts[:4], expected[:4] * seen_counts[:4].sum() / expected[:4].sum()
            ).pvalue
            > 1e-4
        )


def test_a_draw_alone_has_more_ties_or_fewer():
    stream = np.random.default_rng(0)
    counts = [len(_tied_by_chance(1, stream, 10, 5)) for _ in range(300)]
    # Binomial of 10 with a half: variance 2.5, its standard error about 2.5 sqrt(2 / 300)
    assert np.var(counts) == pytest.approx(2.5, abs=0.8)


def exact(number_kept):
    """Mean and spread of sums, and mean greatest, over all networks of four people in two teams.

    a and b are of x, c and d of y; d did not answer. Three ties: a-b of x-x (of 2 known pairs),
    b-c of x-y (of 4), c-a of y-x (of 2); y-y has none of its one known pair.
    """
    group = np.array([0, 0, 1, 1])
    blocks = [([(0, 1), (1, 0)], 1), ([(0, 2), (0, 3), (1, 2), (1, 3)], 1), ([(2, 0), (2, 1)], 1)]
    pairs = [pair for block, _ in blocks for pair in block]
    found, chances = [], []
    for tied in product([0, 1], repeat=8):
        parts = np.split(np.array(tied), [2, 6])
        if number_kept and any(part.sum() != 1 for part in parts):
            continue
        shares = [1 / len(part) for part in parts]
        chances.append(
            np.prod(
                [
                    s ** p.sum() * (1 - s) ** (len(p) - p.sum())
                    for s, p in zip(shares, parts, strict=True)
                ]
            )
        )
        matrix = np.zeros((4, 4))
        matrix[tuple(np.array(pairs)[np.array(tied, bool)].T)] = 1
        counts = listed(matrix, group)
        found.append([counts.sum(axis=0), counts.max(axis=0)])
    found, chances = np.array(found), np.array(chances) / np.sum(chances)
    mean = np.tensordot(chances, found, 1)
    return mean, np.sqrt(np.tensordot(chances, (found - mean) ** 2, 1))


@pytest.mark.parametrize("keeping", KEEPING)
def test_draws_are_as_all_networks_of_four_people_weighted_by_their_chance(keeping):
    task, draws = (by_chance if keeping == "density" else by_number), 4_000
    group, answered = np.array([0, 0, 1, 1]), np.array([True, True, True, False])
    ties = np.array([[1, 1], [1, 0]])
    drawn = task(draws, np.random.default_rng(2), group, answered, ties)
    mean, spread = exact(keeping == "number")
    assert drawn.shape == (draws, 2, 7)
    off = ERRORS * spread / np.sqrt(draws) + 1e-12
    assert (np.abs(drawn.mean(axis=0) - mean) <= off).all()
    assert mean[0, 5] > 0


def test_means_are_those_of_brokerage_where_there_is_one_group(make_of):
    # One block: independent ties with one density, of which `brokerage` knows the exact moments.
    matrix = (np.random.default_rng(4).random((9, 9)) < 0.3).astype(float)
    np.fill_diagonal(matrix, 0)
    answered = np.arange(9) < 7
    matrix[~answered] = 0
    network = make_of(matrix, teams=["x"] * 9, answered=answered)
    row = rows_of(brokerage_chance(network, n_draws=2_000, keeping="density")).loc["coordinator"]
    whole = brokerage(network).whole.set_index("measure").loc["coordinator"]
    error = whole["std_error_null"]
    assert abs(row["null_mean"] - whole["expected"]) < ERRORS * error / np.sqrt(2_000)
    assert row["null_high"] - row["null_low"] == pytest.approx(2 * 1.96 * error, rel=0.15)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_values_are_those_of_brokerage_and_busiest_people_have_them(make_of, seed):
    stream = np.random.default_rng(seed)
    matrix = (stream.random((8, 8)) < 0.35).astype(float)
    np.fill_diagonal(matrix, 0)
    answered = stream.random(8) < 0.8
    matrix[~answered] = 0
    network = make_of(matrix, answered=answered)
    found, counted = brokerage_chance(network, n_draws=4), brokerage(network)
    if not answered.any():
        return
    whole = counted.whole.set_index("measure")["value"]
    assert rows_of(found).loc[whole.index, "value"].tolist() == whole.tolist()
    people = counted.tidy().set_index(["person_id", "measure"])["value"].unstack()  # noqa: PD010
    people["across"] = people["total"] - people["coordinator"]
    for measure, row in rows_of(found, "busiest").iterrows():
        assert row["value"] == people[measure].max()
        assert row["n_persons"] == answered.sum()
        if row["value"]:
            assert row["person_id"] == people[measure].idxmax()
            assert row["n_busiest"] == (people[measure] == row["value"]).sum()


def test_an_isolate_who_did_not_answer_and_people_of_no_group_change_no_value(make):
    alone = rows_of(brokerage_chance(make(HUB, "abcdef", teams=TEAMS), n_draws=9), "busiest")
    teams = {**TEAMS, "g": "x", "h": None}
    more = make(HUB + " ha bh", "abcdefgh", teams=teams, answered="abcdefh")
    other = brokerage_chance(more, n_draws=9)
    rows = rows_of(other, "busiest")
    assert rows["value"].tolist() == alone["value"].tolist()
    assert rows.loc["total", ["n", "n_persons", "n_not_answered", "n_without_group"]].tolist() == [
        *(7, 6, 1, 1)
    ]
    assert rows.loc["total", "n_ties"] == 5


def test_ties_of_who_did_not_answer_do_not_count(make):
    # a - b - d is known; c, who named b, is said not to have answered
    found = rows_of(brokerage_chance(make("ab cb bd", "abcd", teams=TEAMS, answered="abd")))
    assert found.loc["total", ["value", "n_ties"]].tolist() == [1, 2]


def test_batches_and_processes(make, monkeypatch):
    network = make(HUB, "abcdef", teams=TEAMS)
    found = brokerage_chance(network, n_draws=300)
    with parallel_config("threading", n_jobs=2):
        again = brokerage_chance(network, n_draws=300)
    pd.testing.assert_frame_equal(found.busiest, again.busiest)
    pd.testing.assert_frame_equal(found.tidy(), again.tidy())
    # Batches of seven networks draw other numbers, of the same kind: all 25 of them
    monkeypatch.setattr(block_draws, "BATCH", 7 * 36)
    assert brokerage_chance(network, n_draws=25, keeping="density").tidy()["n_draws"].eq(25).all()


def simulated(make_of, seed, n=15):
    stream = np.random.default_rng(seed)
    team = np.arange(n) % 3
    matrix = (stream.random((n, n)) < np.where(np.equal.outer(team, team), 0.4, 0.15)).astype(float)
    np.fill_diagonal(matrix, 0)
    matrix[:2] = 0
    return make_of(matrix, teams=[f"t{one}" for one in team], answered=np.arange(n) > 1)


def p_values(network, task, seed):
    """p of the sum and of the busiest across teams, on the numbers alone."""
    team, across = network.groups("team_id")[0], MEASURES.index("across")
    seen = with_across(open_two_paths(network.adjacency(), team))[:, across]
    cells = 3 * team[network.sender] + team[network.receiver]
    ties = np.bincount(cells, minlength=9).reshape(3, 3)
    drawn = task(59, np.random.default_rng([seed, 1]), team, network.answered, ties)[..., across]
    fewer = min((drawn[:, 0] >= seen.sum()).sum(), (drawn[:, 0] <= seen.sum()).sum())
    return 2 * (fewer + 1) / 60, ((drawn[:, 1] >= seen.max()).sum() + 1) / 60


def test_by_number_p_is_of_the_right_size_and_by_density_too_large(make_of):
    networks = [simulated(make_of, seed) for seed in range(250)]
    share = {
        task: np.mean(
            [np.less_equal(p_values(one, task, seed), 0.1) for seed, one in enumerate(networks)],
            axis=0,
        )
        for task in (by_chance, by_number)
    }
    # Of 250 p values a tenth is .1 or less where nothing is to be found: 4 standard errors are .08
    assert (np.abs(share[by_number] - 0.1) < 0.08).all()
    assert share[by_chance][0] < 0.02
    assert share[by_chance][1] < 0.18


def test_a_planted_broker_is_found(make_of):
    network = simulated(make_of, 5)
    matrix = network.adjacency().toarray()
    matrix[:, 7] = np.arange(15) > 1
    matrix[7] = 1
    matrix[7, 7] = 0
    planted = make_of(matrix, teams=list(network.people["team_id"]), answered=network.answered)
    row = rows_of(brokerage_chance(planted, n_draws=199), "busiest").loc["across"]
    assert row["person_id"] == "P07"
    assert row["p_value"] == 1 / 200


@pytest.mark.parametrize(
    ("arcs", "ids"), [("", "abc"), ("ab ac ba bc ca cb", "abc"), ("", "a"), ("ab bc", "ace")]
)
def test_nothing_to_draw(make, arcs, ids):
    # no tie; all ties; one person; each a team of their own ("ab bc" then has ids a, c, e)
    arcs = arcs.replace("b", "c").replace("cc", "ce") if ids == "ace" else arcs
    found = brokerage_chance(make(arcs, ids, teams=TEAMS), n_draws=9)
    for rows in (found.tidy(), found.busiest):
        assert rows["value"].notna().all()
        assert rows[["p_value", "null_low", "smallest_p"]].isna().all(axis=None)
        assert rows["reason"].str.endswith("leaves nothing to chance").all()
        assert set(rows["n_draws"]) == {0}
    assert found.sentence().endswith("which leaves nothing to chance.")


def test_nobody_joins_anybody(make):
    found = brokerage_chance(make("ab", "abcd", teams=TEAMS), n_draws=9)
    assert set(found.busiest["reason"]) == {"nobody joins two others so"}
    assert found.busiest["p_value"].isna().all()
    assert found.busiest["person_id"].isna().all()
    assert found.busiest["null_high"].notna().all()
    assert (found.tidy()["reason"] == "").all()
    assert found.sentence().endswith("nobody joins people across groups.")


def test_ties_without_direction_nobody_answered_and_nobody(make):
    plain = brokerage_chance(make("ab bd", "abd", teams=TEAMS, directed=False), n_draws=9)
    assert rows_of(plain).loc["total", "value"] == 2
    assert set(plain.tidy()["reason"]) == {"ties have no direction, for which nothing is drawn"}
    for silent in (make("", "abc", teams=TEAMS, answered=""), make("", "", teams={})):
        found = brokerage_chance(silent, n_draws=9)
        for rows in (found.tidy(), found.busiest):
            assert rows[["value", "p_value", "null_low"]].isna().all(axis=None)
            assert set(rows["reason"]) == {"nobody answered"}
    nothing = BrokerageChance(found.tidy()[:0], found.busiest[:0], "team_id")
    assert (len(nothing.tidy()), nothing.glance()["n_draws"].item()) == (0, 0)
    assert nothing.sentence() == "There are no networks."


def test_one_group_has_coordinators_alone(make):
    teams = dict.fromkeys("abcd", "x")
    found = brokerage_chance(make("ab bc cd", "abcd", teams=teams), n_draws=50)
    sums = rows_of(found)
    assert sums.loc["across", ["value", "null_mean", "null_high", "p_value"]].tolist() == [
        0,
        0,
        0,
        1,
    ]
    assert sums.loc["coordinator", "value"] == 2
    assert sums.loc["coordinator", "null_high"] > 0


def test_sentences(make):
    network = make(HUB, "abcdef", teams=TEAMS, relation="advice")
    found = brokerage_chance(network, n_draws=99)
    row = rows_of(found, "busiest").loc["across"]
    out = found.sentence()
    assert out.startswith("In advice in 1, ")
    assert "middle 95% of 99 networks drawn (the ties of each two groups put anew" in out
    assert out.endswith(
        "b joined most pairs across groups, 6, where the busiest of a drawn network joined "
        f"{row['null_median']:.0f} at the median ({p_in_words(row['p_value'])}; 6 people "
        "looked at)."
    )
    # a - b - c and b - c - d: b and c have one each
    two = brokerage_chance(make("ab bc cd", "abcd", teams=TEAMS), n_draws=9)
    assert "b and 1 other joined most pairs across groups, 1 each, where" in two.sentence()
    both = brokerage_chance(panel_of([network, make("ab", "abcd", teams=TEAMS, wave="2")]))
    assert both.sentence().count("In ") == 2
    assert both.glance()[["n_networks", "n", "n_draws"]].iloc[0].tolist() == [2, 14, 499]


def test_a_count_out_of_its_range_is_counted(make_of):
    found = brokerage_chance(simulated(make_of, 5), n_draws=59)
    roles = found.tidy().set_index("measure")
    low, high = roles["null_low"], roles["null_high"]
    out = int(((roles["value"] < low) | (roles["value"] > high)).iloc[:5].sum())
    moved = type(found)(found.roles.assign(value=1e6), found.busiest, found.by)
    assert f"{out} of 5 roles lie outside" in found.sentence()
    assert "5 of 5 roles lie outside" in moved.sentence()


def test_every_column_is_in_the_glossary(make):
    found = brokerage_chance(make(HUB, "abcdef", teams=TEAMS), n_draws=9)
    columns = {*found.tidy(), *found.busiest, *found.glance()}
    assert columns - set(glossary()["column"]) == set()
    assert list(found.tidy())[:3] == list(found.busiest)[:3] == ["wave", "relation", "measure"]


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"by": "shoe_size"}, "'shoe_size'"),
        ({"keeping": "degrees"}, "'degrees'"),
        ({"n_draws": 0}, "whole number of 1 or more"),
        ({"n_draws": 9.5}, "whole number of 1 or more"),
        ({"conf_level": 95}, "between 0 and 1"),
        ({"rng": None}, "seed"),
    ],
)
def test_what_cannot_be(make, more, match):
    with pytest.raises(ArgumentError, match=match):
        brokerage_chance(make(HUB, "abcdef", teams=TEAMS), **more)
