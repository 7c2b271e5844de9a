"""Four or five people, each sum in a comment; sentences; columns in the glossary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from waves_cases import wave_of

from cvln_eval.glossary import glossary
from cvln_eval.networks.panel import network_panel, panel_of
from cvln_eval.networks.waves import (
    closure,
    density_growth,
    early_cohesion,
    reciprocation,
    stability,
    tie_change,
    turnover,
    within_before_between,
)

TIES = pd.DataFrame(
    [
        # wave 1: a names b, c, e; b names c; c names d; d names a. e is silent.
        *[("1", sender, receiver) for sender, receiver in ("ab", "ac", "ae", "bc", "cd", "da")],
        # wave 2: e has left, f has come, d was not asked. a names b; b names a, d?; c names a, f.
        *[("2", sender, receiver) for sender, receiver in ("ab", "ba", "bc", "ca", "cf", "fa")],
    ],
    columns=["wave", "sender_id", "receiver_id"],
).assign(relation="advice")
MEMBERSHIPS = pd.DataFrame(
    {
        "wave": ["1"] * 5 + ["2"] * 5,
        "person_id": list("abcde") + list("abcdf"),
        "team_id": list("xxyyy") + list("xxyyy"),
    }
)
RESPONDENTS = pd.DataFrame(
    {
        "wave": ["1"] * 5 + ["2"] * 4,
        "person_id": list("abcde") + list("abcf"),
        "instrument": "advice",
        "responded": [True] * 4 + [False] + [True] * 4,
    }
)
TESTED = (density_growth, early_cohesion, within_before_between)
COUNTED = (tie_change, stability, turnover, reciprocation, closure)


@pytest.fixture
def panel():
    return network_panel(TIES, MEMBERSHIPS, RESPONDENTS)


def counts(result, **only):
    rows = result.tidy()
    for name, value in only.items():
        rows = rows[rows[name] == value]
    return dict(
        zip(
            rows["measure"],
            zip(rows["numerator"], rows["denominator"], strict=True),
            strict=True,
        )
    )


def test_ties_formed_and_kept_by_hand(panel):
    # At risk: the 6 ordered pairs of a, b, c. Before ab, ac, bc; after ab, ba, bc, ca.
    found = tie_change(panel)
    assert counts(found, pairs="all") == {
        "formed": (2, 3),  # ba, ca of ba, ca, cb
        "kept": (2, 3),  # ab, bc of ab, ac, bc
        "dropped": (1, 3),
        "never tied": (1, 3),
    }
    # Within x: ab, ba. Between: the other four.
    assert counts(found, pairs="within")["formed"] == (1, 1)
    assert counts(found, pairs="between") == {
        "formed": (1, 2),
        "kept": (1, 2),
        "dropped": (1, 2),
        "never tied": (1, 2),
    }
    assert found.tidy()["n_stayers"].unique().tolist() == [3]
    assert found.tidy()["value"].iloc[0] == pytest.approx(2 / 3)


def test_agreement_by_hand(panel):
    # ab and bc in both; ac, ba, ca in one.
    assert counts(stability(panel)) == {"jaccard": (2, 5), "hamming": (3, 6)}


def test_every_tie_is_accounted_for_by_hand(panel):
    found = turnover(panel)
    assert counts(found) == {
        "kept": (2, 6),  # ab, bc
        "dropped by stayers": (1, 6),  # ac
        "lost with a leaver": (1, 6),  # ae
        "lost, an end not asked later": (2, 6),  # cd, da
        "not known later": (0, 6),
        "there before": (2, 6),
        "formed by stayers": (2, 6),  # ba, ca
        "gained with a joiner": (2, 6),  # cf, fa
        "gained, an end not asked before": (0, 6),
        "not known before": (0, 6),
    }
    row = found.tidy().iloc[0]
    assert row[["n_stayers", "n_joiners", "n_leavers"]].tolist() == [3, 1, 1]


def test_backwards_joiners_are_leavers():
    back = network_panel(TIES, MEMBERSHIPS, RESPONDENTS, waves=["2", "1"])
    found = counts(turnover(back))
    assert found["lost with a leaver"] == (2, 6)
    assert found["gained with a joiner"] == (1, 6)
    assert found["gained, an end not asked before"] == (2, 6)


def test_what_silent_people_named_is_not_known():
    # b is silent in wave 2: of wave 1's ab, bc, ba, those that b sent are not known later.
    first = wave_of("1", [[0, 1, 0], [1, 0, 1], [0, 0, 0]])
    second = wave_of("2", [[0, 1, 1], [0, 0, 0], [0, 1, 0]], answered=[True, False, True])
    panel = panel_of([first, second])
    found = counts(turnover(panel))
    assert found["not known later"] == (2, 3)
    assert found["kept"] == (1, 3)
    assert found["formed by stayers"] == (2, 3)  # ac, cb
    back = panel_of([second, first])
    assert counts(turnover(back))["not known before"] == (2, 3)
    assert tie_change(panel).tidy()["n_ties_not_known"].iloc[0] == 2
    # At risk: ab, ac, ca, cb.
    assert counts(tie_change(panel, by=None))["formed"] == (2, 3)


def test_answers_by_hand(panel):
    # One-sided among a, b, c before: ab, ac, bc; ba and ca came, cb did not.
    assert counts(reciprocation(panel)) == {
        "answered later": (2, 3),
        "became mutual": (1, 3),  # ab; a named c no more
        "formed without a tie": (0, 0),
    }


def test_closure_by_hand(panel):
    # Open among a, b, c before: c to a over d. It closed. b to a: b names c alone, no path.
    # c to b: c names d, who names a. So two pairs had nobody between them: ba came, cb did not.
    found = closure(panel)
    assert counts(found, pairs="all") == {
        "closed pairs": (1, 1),
        "closed two-paths": (1, 1),
        "formed without a two-path": (1, 2),
    }
    assert counts(found, pairs="between")["closed pairs"] == (1, 1)
    assert counts(found, pairs="within")["formed without a two-path"] == (1, 1)


def test_several_paths_between_the_same_two():
    # 0 to 3 over 1 and over 2; 4 to 3 over 1.
    before = np.zeros((5, 5))
    before[[0, 0, 1, 2, 4], [1, 2, 3, 3, 1]] = 1
    after = before.copy()
    after[0, 3] = 1
    found = counts(closure(panel_of([wave_of("1", before), wave_of("2", after)]), by=None))
    assert found["closed pairs"] == (1, 2)
    assert found["closed two-paths"] == (2, 3)


def test_growth_by_hand(panel):
    rows = density_growth(panel, n_draws=99).tidy().set_index(["among", "measure", "wave"])
    first = rows.loc[("all", "density within", "1")]
    # Known within: a, b to each other; c to d, e; d to c, e: 6. Tied: ab, cd.
    assert (first["numerator"], first["denominator"]) == (2, 6)
    # Stayers a, b, c: within x ab then ab, ba of 2; between ac, bc then bc, ca of 4.
    stayers = rows.loc["stayers"]
    assert stayers.loc[("growth within", "2"), "estimate"] == 0.5
    assert stayers.loc[("growth between", "2"), "estimate"] == 0
    test = stayers.loc[("growth within minus between", "2")]
    assert (test["estimate"], test["n_persons"], test["n_groups"]) == (0.5, 3, 2)
    assert test["smallest_p"] == 0.01


def test_people_who_change_their_team_are_counted_and_keep_their_first():
    first = wave_of("1", np.zeros((4, 4)), teams=list("xxyy"))
    second = wave_of("2", [[0, 1, 0, 0]] + [[0] * 4] * 3, teams=list("xyyy"))
    rows = density_growth(panel_of([first, second]), n_draws=9).tidy()
    assert rows["n_changed_group"].iloc[-1] == 1
    assert rows[rows["measure"] == "growth within"]["estimate"].item() == 0.25  # 1 of 4 in x, y


def test_people_of_no_team_are_left_out_and_counted():
    teams = pd.array(["x", "x", "y", None], dtype="string")
    before, after = np.zeros((4, 4)), np.ones((4, 4))
    panel = panel_of([wave_of("1", before, teams=teams), wave_of("2", after, teams=teams)])
    row = density_growth(panel, n_draws=9).tidy().iloc[-1]
    assert (row["n_persons"], row["n_without_group"]) == (3, 1)
    found = tie_change(panel)
    assert counts(found, pairs="all")["formed"] == (12, 12)
    assert counts(found, pairs="within")["formed"] == (2, 2)
    assert counts(found, pairs="between")["formed"] == (4, 4)


def test_sentences(panel):
    assert tie_change(panel).sentence() == (
        "From 1 to 2, 2 advice ties formed among 3 pairs without one (66.7%), and 2 of 3 advice "
        "ties were kept (67%)."
    )
    assert stability(panel).sentence() == (
        "Of 5 advice ties in 1 or 2, 2 were there in both (Jaccard = 0.40)."
    )
    assert turnover(panel).sentence() == (
        "Of 6 advice ties in 1, 2 were kept until 2, 1 dropped by people who stayed, 3 lost with "
        "people who left or were no longer asked, and 0 not known; of 6 ties in 2, 2 had formed "
        "between people who stayed, 2 came with people who joined or were newly asked, and 0 may "
        "have been there before."
    )
    assert reciprocation(panel).sentence() == (
        "Of 3 one-sided advice ties in 1, 2 (67%) were answered by 2."
    )
    assert closure(panel).sentence() == (
        "Of 1 pair that advice ties joined over somebody else in 1, 1 (100%) had a tie of their "
        "own by 2; of pairs with nobody between them, 50% had."
    )
    assert (
        density_growth(panel, n_draws=99)
        .sentence()
        .startswith(
            "From 1 to 2, the density of advice among 3 people there in every wave rose by 0.500 "
            "within groups and did not change between groups (difference 0.500, p = "
        )
    )
    assert within_before_between(panel).sentence() == (
        "The order of new advice ties is not available: the order of new ties needs three waves."
    )
    assert "needs three groups; 2 groups can be compared" in early_cohesion(panel).sentence()


def test_a_sentence_of_one_tie_kept():
    once = np.zeros((3, 3))
    once[0, 1] = 1
    kept = turnover(panel_of([wave_of("1", once), wave_of("2", once)])).sentence()
    assert kept.startswith("Of 1 advice tie in 1, 1 was kept until 2, 0 dropped")


def test_a_sentence_of_many_steps_says_how_many_are_left_out():
    panel = panel_of([wave_of(str(k), np.eye(3)[[1, 2, 0]]) for k in range(7)])
    assert tie_change(panel, by=None).sentence().endswith("The table has 2 more like these.")


@pytest.mark.parametrize("measured", [*COUNTED, *TESTED])
def test_results_keep_their_form(panel, measured):
    result = measured(panel)
    tidy = result.tidy()
    assert tidy.columns[:2].tolist() == ["wave", "relation"]
    assert len(result.glance()) == 1
    assert result.sentence() in repr(result)
    known = set(glossary()["column"])
    tables = [tidy, result.glance(), getattr(result, "groups", tidy)]
    assert [column for table in tables for column in table if column not in known] == []
    number = "value" if measured in COUNTED else "estimate"
    assert ((tidy["reason"] != "") >= tidy[number].isna()).all()
    assert not tidy.isin([np.inf, -np.inf]).any().any()


@pytest.mark.parametrize("measured", COUNTED)
def test_values_are_their_ratio(panel, measured):
    rows = measured(panel).tidy()
    ratio = rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)
    pd.testing.assert_series_equal(rows["value"], ratio, check_names=False)
