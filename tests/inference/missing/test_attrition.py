"""Attrition: counts and differences by hand, Firth against closed forms, failures."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing import attrition
from cvln_eval.inference.missing.firth import firth_slope
from cvln_eval.inference.robust import cluster_robust


@pytest.fixture
def table():
    """Ten asked at baseline in four teams; j joins; b and f leave, d and h stay silent."""
    before = pd.DataFrame(
        {
            "person_id": [*"abcdefghik"],
            "team_id": [*"SSSTTTUUVV"],
            "arm": [*"xxxxxxyyyy"],
            "wave": "y1",
            "trust": [3.0, 1, 4, 2, 5, 3, 4, 2, 3, 4],
            "voice": [1.0, 2, 3, None, 5, 4, 3, 2, 1, 2],
        }
    )
    after = before[~before["person_id"].isin(["b", "f"])].assign(wave="y2", voice=None)
    after.loc[after["person_id"].isin(["d", "h"]), "trust"] = None
    joiner = after.iloc[:1].assign(person_id="j")
    return pd.concat([before, after, joiner], ignore_index=True)


@pytest.fixture
def found(table):
    return attrition(table, columns=["trust", "voice"], baseline="y1", later="y2", arm="arm")


def test_who_is_gone_by_hand(found):
    state = found.persons.set_index("person_id")["state"]
    assert state[["b", "f"]].tolist() == ["left", "left"]
    assert state[["d", "h"]].tolist() == ["no answer", "no answer"]
    assert (state == "answered").sum() == 6
    assert "j" not in state
    row = found.glance().iloc[0]
    assert (row["n"], row["n_left"], row["n_silent"], row["n_without"]) == (10, 2, 2, 4)
    assert row["attrition_rate"] == 0.4
    # Arm x: b, f, d of 6; arm y: h of 4.
    assert row["differential_attrition"] == pytest.approx(3 / 6 - 1 / 4)
    assert found.arms().set_index("arm")["attrition_rate"].to_dict() == {
        "x": 0.5,
        "y": 0.25,
        "all": 0.4,
    }
    teams = found.teams().set_index("team_id")["n_without"]
    assert teams.to_dict() == {"S": 1, "T": 2, "U": 1, "V": 0, "all": 4}


def test_differences_by_hand(found):
    rows = found.tidy().set_index(["variable", "quantity"])
    row = rows.loc[("trust", "difference")]
    # With: 3, 4, 5, 4, 3, 4, mean 23/6; without: 1, 2, 3, 2, mean 2.
    assert row["estimate"] == pytest.approx(2 - 23 / 6)
    assert (row["n_with"], row["n_without"], row["n"]) == (6, 4, 10)
    assert (row["mean_with"], row["mean_without"]) == (pytest.approx(23 / 6), 2)
    # Squares within: 91 - 529/6 and 18 - 16; 8 df; Hedges' factor 1 - 3/31.
    sd = ((91 - 529 / 6 + 2) / 8) ** 0.5
    g = (2 - 23 / 6) / sd * (1 - 3 / 31)
    standard = rows.loc[("trust", "standardised difference")]
    assert standard["estimate"] == pytest.approx(g)
    ratio = g / row["estimate"]
    assert [standard["conf_low"], standard["conf_high"]] == pytest.approx(
        [row["conf_low"] * ratio, row["conf_high"] * ratio]
    )
    assert standard["p_value"] == row["p_value"]


def test_the_error_of_the_difference_is_that_of_cr2(table, found):
    before = table[table["wave"] == "y1"].assign(
        without=table["person_id"].isin([*"bfdh"]).astype(float)
    )
    robust = (
        cluster_robust(before, formula="trust ~ without").tidy().set_index("term").loc["without"]
    )
    row = found.tidy().set_index(["variable", "quantity"]).loc[("trust", "difference")]
    for name in ("std_error", "df", "p_value", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(robust[name])
    assert row["n_clusters"] == 4


def test_whoever_has_no_baseline_is_left_out_and_counted(found):
    rows = found.tidy().set_index(["variable", "quantity"])
    row = rows.loc[("voice", "difference")]
    assert (row["n"], row["n_left_out"], row["n_without"]) == (9, 1, 3)


def test_odds_are_those_of_firth_per_standard_deviation(found, table):
    trust = table.loc[table["wave"] == "y1", "trust"].to_numpy()
    y = np.isin([*"abcdefghik"], [*"bfdh"]).astype(float)
    slope = firth_slope(y, (trust - trust.mean()) / trust.std(ddof=1), 0.95)
    row = found.tidy().set_index(["variable", "quantity"]).loc[("trust", "odds ratio")]
    assert row["estimate"] == pytest.approx(np.exp(slope.estimate))
    assert row["conf_low"] == pytest.approx(np.exp(slope.low))
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert row["estimate"] < 1
    assert "teams are not in it" in row["method"]


@pytest.mark.parametrize("counts", [(3, 5, 7, 2), (0, 6, 4, 3), (0, 5, 4, 0)])
def test_firth_on_two_groups_adds_a_half_to_each_cell(counts):
    a, b, c, d = counts  # group 0: a gone, b not; group 1: c gone, d not
    y = np.repeat([1.0, 0, 1, 0], counts)
    x = np.repeat([0.0, 0, 1, 1], counts)
    found = firth_slope(y, x, 0.95)
    by_hand = np.log((c + 0.5) / (d + 0.5)) - np.log((a + 0.5) / (b + 0.5))
    assert found.estimate == pytest.approx(by_hand, abs=1e-4)


def test_the_penalised_likelihood_ratio_by_hand():
    # Saturated: each group has log L* = (g + .5) log p + (n - g + .5) log (1 - p) at
    # p = (g + .5) / (n + 1); equal slopes leave one p with |I| = (n w)(w n0 n1 / n) = w^2 n0 n1.
    y, x = np.repeat([1.0, 0, 1, 0], (3, 5, 7, 2)), np.repeat([0.0, 0, 1, 1], (3, 5, 7, 2))

    def top(gone, n):
        p = (gone + 0.5) / (n + 1)
        return (gone + 0.5) * np.log(p) + (n - gone + 0.5) * np.log(1 - p)

    free = top(3, 8) + top(7, 9)
    p = (10 + 1) / (17 + 2)
    equal = 11 * np.log(p) + (17 - 10 + 1) * np.log(1 - p)
    found = firth_slope(y, x, 0.95)
    assert found.statistic == pytest.approx(2 * (free - equal), abs=1e-6)
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (free - equal), 1), abs=1e-6)


def test_firth_stays_finite_where_x_separates_and_turns_with_its_sign():
    y, x = np.repeat([0.0, 1], 6), np.linspace(-1.5, 1.5, 12)
    found, turned = firth_slope(y, x, 0.95), firth_slope(y, -x, 0.95)
    assert 0 < found.low < found.estimate < 50
    assert turned.estimate == pytest.approx(-found.estimate, abs=1e-4)
    assert turned.high == pytest.approx(-found.low, abs=1e-4)
    narrow = firth_slope(y, x, 0.5)
    assert found.low < narrow.low < found.estimate


def test_the_sentence_says_both_figures_and_the_difference(found):
    said = found.sentence()
    assert said.startswith(
        "Of 10 people asked in y1, 4 have no answer in y2 (overall attrition 40.0%: 2 left, 2 did "
        "not answer); differential attrition is 25.0 percentage points. In y1 their trust differed "
        "by -"
    )
    assert "(n = 10, 4 teams)" in said


def test_without_arms_there_is_no_differential_attrition(table):
    found = attrition(table, columns="trust", baseline="y1", later="y2")
    row = found.glance().iloc[0]
    assert np.isnan(row["differential_attrition"])
    assert row["reason"] == "there are no two arms to compare"
    assert "differential" not in found.sentence()
    assert found.arms()["arm"].tolist() == ["all"]


def test_rows_and_units_do_not_matter(table):
    given = {"columns": ["trust"], "baseline": "y1", "later": "y2"}
    one = attrition(table, **given).tidy()
    other = attrition(table.iloc[::-1].assign(trust=lambda t: 5 - 2 * t["trust"]), **given).tidy()
    of, new = (t.set_index("quantity")["estimate"] for t in (one, other))
    assert new["difference"] == pytest.approx(-2 * of["difference"])
    assert new["standardised difference"] == pytest.approx(-of["standardised difference"])
    assert new["odds ratio"] == pytest.approx(1 / of["odds ratio"], rel=1e-3)
    assert other["p_value"].tolist() == pytest.approx(one["p_value"].tolist(), rel=1e-4)


def test_nobody_gone_is_said(table):
    whole = table[table["wave"] == "y1"]
    both = pd.concat([whole, whole.assign(wave="y2")])
    found = attrition(both, columns=["trust"], baseline="y1", later="y2")
    assert set(found.tidy()["reason"]) == {"nobody with a baseline value is without a later answer"}
    assert found.tidy()[["estimate", "conf_low", "p_value"]].isna().all().all()
    assert "cannot be said: nobody with a baseline" in found.sentence()


def test_everybody_gone_and_one_value_are_said(table):
    silent = table.assign(trust=table["trust"].where(table["wave"] == "y1"))
    given = {"columns": ["trust"], "baseline": "y1", "later": "y2"}
    assert "nobody with a baseline value has" in attrition(silent, **given).tidy()["reason"].iloc[0]
    flat = table.assign(trust=table["trust"] * 0 + 3)
    assert attrition(flat, **given).tidy()["reason"].iloc[0] == "all baseline values are the same"


def test_no_spread_within_the_groups_has_a_difference_and_no_standardised_one(table):
    gone = table["person_id"].isin([*"bfdh"])
    apart = table.assign(trust=np.where(gone, 1.0, 2.0)).mask(table["trust"].isna())
    apart = apart.assign(**{n: table[n] for n in ("person_id", "team_id", "wave")})
    rows = (
        attrition(apart, columns=["trust"], baseline="y1", later="y2").tidy().set_index("quantity")
    )
    assert rows.loc["difference", "estimate"] == pytest.approx(-1)
    assert (
        rows.loc["standardised difference", "reason"] == "the values do not vary within the groups"
    )


def test_one_team_has_no_error(table):
    found = attrition(table.assign(team_id="T"), columns=["trust"], baseline="y1", later="y2")
    row = found.tidy().iloc[0]
    assert row["estimate"] == pytest.approx(2 - 23 / 6)
    assert np.isnan(row["p_value"])
    assert row["reason"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"later": "y9"}, "'y9'"),
        ({"later": "y1"}, "'y1' and 'y1'"),
        ({"columns": []}, "no column"),
        ({"columns": ["joy"]}, "'joy'"),
        ({"columns": ["arm"]}, "'x', 'y'"),
        ({"arm": "side"}, "'side'"),
        ({"conf_level": 95}, "95"),
    ],
)
def test_what_cannot_be_compared_is_refused(table, given, words):
    with pytest.raises(ArgumentError, match=words):
        attrition(table, **({"columns": ["trust"], "baseline": "y1", "later": "y2"} | given))


def test_a_person_twice_is_refused(table):
    with pytest.raises(ArgumentError, match="two rows in y1"):
        attrition(pd.concat([table, table.iloc[:1]]), columns=["trust"], baseline="y1", later="y2")


def test_one_person_has_no_answer(table):
    one = table[table["team_id"] == "V"].copy()
    one.loc[(one["person_id"] == "k") & (one["wave"] == "y2"), "trust"] = None
    said = attrition(one, columns=["trust"], baseline="y1", later="y2").sentence()
    assert said.startswith("Of 2 people asked in y1, 1 has no answer in y2 ")
