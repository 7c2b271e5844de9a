"""Every count is what a loop over all pairs finds, for each rule, with silence and turnover."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waves_cases import panels

from cvln_eval.networks.panel import Network, NetworkPanel, panel_of
from cvln_eval.networks.waves import (
    closure,
    density_growth,
    reciprocation,
    stability,
    tie_change,
    turnover,
)
from cvln_eval.networks.waves.together import together


def words(network: Network) -> dict[tuple[str, str], float]:
    """Return for each ordered pair 1, 0 or nan."""
    dense = network.matrix(valued=False)
    place = list(itertools.permutations(range(network.n), 2))
    return {(network.ids[i], network.ids[j]): dense[i, j] for i, j in place}


def states(panel: NetworkPanel) -> list[tuple[str, str, float, float]]:
    """Return pairs of people in both waves and what each wave says; unordered where undirected."""
    first, second = (words(network) for network in panel)
    return [
        (*pair, first[pair], second[pair])
        for pair in first
        if pair in second and (panel.networks[0].directed or pair[0] < pair[1])
    ]


def teams(network: Network) -> dict[str, str | None]:
    """Return the team of each person."""
    known = network.people["team_id"].notna()
    return dict(zip(network.ids, network.people["team_id"].where(known, None), strict=True))


def kind_of(panel: NetworkPanel, one: str, other: str) -> set[str]:
    of = teams(panel.networks[0])
    if None in (of[one], of[other]) or of[one] is pd.NA or of[other] is pd.NA:
        return {"all"}
    return {"all", "within" if of[one] == of[other] else "between"}


def found(result) -> dict[tuple[str, ...], tuple[int, int]]:
    rows = result.tidy()
    keys = ["pairs", "measure"] if "pairs" in rows else ["measure"]
    return {
        tuple(row[key] for key in keys): (row["numerator"], row["denominator"])
        for row in rows.to_dict("records")
    }


@settings(max_examples=25, deadline=None)
@given(panels())
def test_ties_formed_kept_and_dropped(panel):
    counted = found(tie_change(panel))
    for kind in ("all", "within", "between"):
        at_risk = [
            (a, b)
            for one, other, a, b in states(panel)
            if kind in kind_of(panel, one, other) and not np.isnan(a) and not np.isnan(b)
        ]
        n = {ab: at_risk.count(ab) for ab in itertools.product((0, 1), repeat=2)}
        assert counted[kind, "formed"] == (n[0, 1], n[0, 0] + n[0, 1])
        assert counted[kind, "kept"] == (n[1, 1], n[1, 0] + n[1, 1])
        assert counted[kind, "dropped"] == (n[1, 0], n[1, 0] + n[1, 1])
        assert counted[kind, "never tied"] == (n[0, 0], n[0, 0] + n[0, 1])


@settings(max_examples=25, deadline=None)
@given(panels())
def test_agreement_of_two_waves(panel):
    at_risk = [(a, b) for *_, a, b in states(panel) if not np.isnan(a) and not np.isnan(b)]
    either, both = (sum(test(pair) for pair in at_risk) for test in (any, all))
    counted = found(stability(panel))
    assert counted["jaccard",] == (both, either)
    assert counted["hamming",] == (either - both, len(at_risk))


@settings(max_examples=25, deadline=None)
@given(panels())
def test_two_paths_closed(panel):
    earlier = panel.networks[0]
    said = {pair: word == 1 for pair, word in words(earlier).items()}
    counted = found(closure(panel))
    for kind in ("all", "within", "between"):
        open_, paths, none = [], [], []
        for one, other, a, b in states(panel):
            if kind not in kind_of(panel, one, other) or a != 0 or np.isnan(b):
                continue
            through = sum(
                said[one, by] and said[by, other] for by in earlier.ids if by not in (one, other)
            )
            (open_ if through else none).append(b)
            paths += [b] * through
        for name, rows in (
            ("closed pairs", open_),
            ("closed two-paths", paths),
            ("formed without a two-path", none),
        ):
            assert counted[kind, name] == (sum(rows), len(rows))


@settings(max_examples=25, deadline=None)
@given(panels(rules=(None,)))
def test_one_sided_ties_answered(panel):
    first, second = (words(network) for network in panel)
    answer, mutual, base = [], [], []
    for (one, other), word in first.items():
        back = (other, one)
        if (one, other) not in second or np.isnan(word) or np.isnan(first[back]):
            continue
        if np.isnan(second[one, other]):
            continue
        if word == 0 and first[back] == 1:
            answer.append(second[one, other])
            if not np.isnan(second[back]):
                mutual.append(second[one, other] * second[back])
        if word == 0 and first[back] == 0:
            base.append(second[one, other])
    assert found(reciprocation(panel)) == {
        ("answered later",): (sum(answer), len(answer)),
        ("became mutual",): (sum(mutual), len(mutual)),
        ("formed without a tie",): (sum(base), len(base)),
    }


@settings(max_examples=25, deadline=None)
@given(panels())
def test_each_tie_is_accounted_for_once(panel):
    counted = found(turnover(panel))
    names = [name for (name,) in counted]
    for own, other, measures in zip(
        panel, reversed(panel.networks), (names[:5], names[5:]), strict=True
    ):
        assert sum(counted[name,][0] for name in measures) == own.n_ties
        elsewhere, expected = words(other), [0] * 5
        for i, j in zip(own.sender, own.receiver, strict=True):
            word = elsewhere.get((own.ids[i], own.ids[j]), None)
            # Rosters of a panel made of networks are the people of the networks: none was unasked.
            place = 2 if word is None else 4 if np.isnan(word) else 0 if word else 1
            expected[place] += 1
        # By "either" a tie may be known in its own wave and its pair not be at risk in both.
        assert [counted[name,][0] for name in measures] == expected


@settings(max_examples=25, deadline=None)
@given(panels(n_waves=3))
def test_densities_of_those_who_stayed(panel):
    said = [words(network) for network in panel]
    pairs = [
        pair
        for pair in said[0]
        if (panel.networks[0].directed or pair[0] < pair[1])
        and all(not np.isnan(wave.get(pair, np.nan)) for wave in said)
    ]
    rows = density_growth(panel, n_draws=1).tidy()
    rows = rows[rows["among"] == "stayers"].set_index(["measure", "wave"])
    for kind in ("within", "between"):
        mine = [pair for pair in pairs if kind in kind_of(panel, *pair)]
        for number, wave in enumerate(said):
            row = rows.loc[(f"density {kind}", str(number + 1))]
            ties = sum(wave[pair] for pair in mine)
            assert (row["numerator"], row["denominator"]) == (ties, len(mine))
            assert row["estimate"] == pytest.approx(
                ties / len(mine) if mine else np.nan, nan_ok=True
            )


@settings(max_examples=25, deadline=None)
@given(panels(n_waves=3, most=7))
def test_pairs_of_a_group_are_those_known_in_all_waves(panel):
    both = together(panel.networks)
    codes = both.codes("team_id")
    pairs = [
        (i, j)
        for i, j in itertools.permutations(range(both.n), 2)
        if (both.directed or i < j) and both.known(np.array([i]), np.array([j]))[0]
    ]
    within, across = both.pairs_by_group(codes)
    for group in range(len(within)):
        ends = [int(codes[i] == group) + int(codes[j] == group) for i, j in pairs]
        others = [codes[i] >= 0 and codes[j] >= 0 for i, j in pairs]
        assert within[group] == ends.count(2)
        assert across[group] == sum(
            end == 1 and grouped for end, grouped in zip(ends, others, strict=True)
        )


def relabelled(panel: NetworkPanel, names: dict[str, str]) -> NetworkPanel:
    """Return the panel whose people have other names, and so another order."""
    networks = []
    for network in panel:
        people = network.people.assign(person_id=network.ids.map(names))
        order = np.argsort(people["person_id"].to_numpy())
        place = np.argsort(order)
        ends = place[network.sender], place[network.receiver]
        claimed = np.sort(place[network.claimed], axis=0)
        if not network.directed:
            ends = np.minimum(*ends), np.maximum(*ends)
        at = np.lexsort(ends[::-1])
        networks.append(
            Network(
                network.wave,
                network.relation,
                people.iloc[order].reset_index(drop=True),
                ends[0][at],
                ends[1][at],
                network.strength[at],
                network.answered[order],
                directed=network.directed,
                rule=network.rule,
                claimed=claimed,
            )
        )
    return panel_of(networks)


@settings(max_examples=25, deadline=None)
@given(panels(), st.permutations([f"q{i}" for i in range(6)]))
def test_names_of_people_make_no_difference(panel, names):
    other = relabelled(panel, dict(zip([f"p{i}" for i in range(6)], names, strict=True)))
    for measured in (tie_change, stability, turnover, reciprocation, closure):
        pd.testing.assert_frame_equal(measured(panel).tidy(), measured(other).tidy())


@settings(max_examples=25, deadline=None)
@given(panels())
def test_waves_exchanged_exchange_formed_and_dropped(panel):
    forth = found(tie_change(panel, by=None))
    back = found(tie_change(panel_of(reversed(panel.networks)), by=None))
    assert forth["all", "formed"][0] == back["all", "dropped"][0]
    assert forth["all", "kept"][0] == back["all", "kept"][0]
    assert forth["all", "never tied"][0] == back["all", "never tied"][0]
    assert found(stability(panel)) == found(stability(panel_of(reversed(panel.networks))))


@settings(max_examples=25, deadline=None)
@given(panels(rules=(None,)))
def test_strengths_do_not_count(panel):
    weighted = panel.mapped(
        lambda one: Network(
            one.wave,
            one.relation,
            one.people,
            one.sender,
            one.receiver,
            np.where(np.arange(one.n_ties) % 2, np.nan, 3.0),
            one.answered,
        )
    )
    for measured in (tie_change, turnover, closure):
        pd.testing.assert_frame_equal(measured(panel).tidy(), measured(weighted).tidy())
