"""Agreement of teams beside R: multilevel 2.7 and psych 2.2.9; see tests/reference/teams/make.R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.measurement.teams import (
    icc_aggregation,
    pseudo_team_agreement,
    within_group_agreement,
)
from cvln_eval.measurement.teams.chance import item_correlations, random_variances
from cvln_eval.measurement.teams.indexes import rwg_j_truncated

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "teams"
ITEMS = ["t1", "t2", "t3", "t4"]
# The CSV files carry 15 digits; both sides add the same few dozen numbers in another order.
ROUNDING = {"rtol": 1e-12, "atol": 1e-12}
# 20,000 simulated teams on each side: a quantile of rwg(j) of teams of 8 moves by less than this.
SIMULATED = 0.02
# 4,000 random groups in R, 20,000 here: the mean variance moves by less than this.
RESAMPLED = 0.02


def reference(name):
    return pd.read_csv(REFERENCE / f"{name}.csv")


def five_teams():
    answers = reference("answers").dropna()
    return answers[~answers["team_id"].isin(["Lone", "Split"])]


@pytest.fixture(scope="module")
def teams():
    found = within_group_agreement(
        reference("answers"),
        items=ITEMS,
        response_range=(1, 5),
        null=["uniform", "slight_skew"],
        n_draws=0,
    )
    return found.tidy().set_index(["null", "team_id"])


@pytest.mark.parametrize(
    ("null", "column", "in_r"),
    [
        # rwg.j(answers[items], team_id, ranvar = 2) and ranvar = 1.34: both cut at 0
        ("uniform", "rwg_j_truncated", "rwg_j"),
        ("slight_skew", "rwg_j_truncated", "rwg_j_slight_skew"),
        # ad.m(answers[items], team_id), and with type = "median"
        ("uniform", "ad_mean", "ad_mean"),
        ("uniform", "ad_median", "ad_median"),
        ("uniform", "n", "n"),
    ],
)
def test_agreement_of_each_team_is_that_of_multilevel(teams, null, column, in_r):
    expected = reference("teams").set_index("team_id")[in_r]
    found = teams.loc[null, column].reindex(expected.index)
    np.testing.assert_allclose(found, expected, **ROUNDING)


def test_agreement_on_one_item_is_that_of_multilevel():
    # rwg(full$t1, full$team_id, ranvar = 2)
    full = reference("answers").dropna()
    found = within_group_agreement(
        full, items=["t1"], response_range=(1, 5), null="uniform", n_draws=0
    )
    found = found.tidy().set_index("team_id")
    expected = reference("teams").set_index("team_id")["rwg_t1"]
    np.testing.assert_allclose(found["rwg_j_truncated"], expected.loc[found.index], **ROUNDING)
    # multilevel gives the team in two camps 0; its variance of 4.8 is 2.4 times the null's
    assert found.loc["Split", "rwg_j"] == pytest.approx(1 - 4.8 / 2)


TABLES = {
    "unequal": lambda: reference("answers").dropna(),
    "five": five_teams,
    "even": lambda: reference("even"),
}


@pytest.mark.parametrize("label", TABLES)
def test_iccs_are_those_of_the_analysis_of_variance_in_r(label):
    # aov(score ~ factor(team_id)), ICC2(fit); n0 from the sizes of the teams
    row = reference("icc").set_index("label").loc[label]
    found = icc_aggregation(TABLES[label](), items=ITEMS).glance().iloc[0]
    pairs = {
        "statistic": "statistic",
        "df1": "df1",
        "df2": "df2",
        "p_value": "p_value",
        "n_typical": "n_typical",
        "icc_1": "icc_1_n0",
        "icc_2": "icc_2_multilevel",
        "n": "n",
        "n_teams": "n_teams",
    }
    for ours, in_r in pairs.items():
        np.testing.assert_allclose(float(found[ours]), row[in_r], **ROUNDING, err_msg=ours)
    np.testing.assert_allclose(float(found["icc_2"]), row["icc_2_psych"], rtol=1e-10)


def test_icc_1_of_equal_teams_is_that_of_multilevel_and_psych():
    # ICC1(aov(...)) and statsBy(...)$ICC1 put the mean size for n0: the same where sizes are equal
    row = reference("icc").set_index("label").loc["even"]
    found = icc_aggregation(reference("even"), items=ITEMS).glance()["icc_1"].item()
    np.testing.assert_allclose(
        [found, found], row[["icc_1_multilevel", "icc_1_psych"]].astype(float)
    )


def test_intervals_of_equal_teams_are_those_of_psych():
    # ICC(teams by members, lmer = FALSE): Single_raters_absolute and Average_raters_absolute
    expected = reference("intervals").set_index("quantity")
    found = icc_aggregation(reference("even"), items=ITEMS).tidy()
    found = found[found["item"] == "scale score"].set_index("quantity")
    columns = ["estimate", "conf_low", "conf_high"]
    # brentq stops at 2e-12 of the ratio of variances
    np.testing.assert_allclose(found[columns].astype(float), expected[columns], rtol=1e-9)


def test_critical_values_of_one_item_are_those_of_rwg_sim():
    # rwg.sim(n, 5, 20000)$rwg.95. For 9 and 11 people an exact p lies within .0012 of .05, so that
    # simulations differ in the value they stop at; the exact ones are in `test_within_group`.
    expected = reference("critical").set_index("n")["rwg"].loc[[7, 8]]
    for n, in_r in expected.items():
        answers = pd.DataFrame({"team_id": "A", "t1": np.tile([1.0, 5.0], n)[:n]})
        found = within_group_agreement(
            answers, items=["t1"], response_range=(1, 5), null="uniform", n_draws=20_000
        )
        assert found.tidy()["rwg_j_critical"].item() == pytest.approx(in_r, abs=1e-9), n


def test_random_teams_with_correlated_items_are_those_of_rwg_j_sim():
    # rwg.j.sim(8, 4, 5, itemcors = cor(full[items]), nrep = 20000)
    values = reference("answers").dropna()[ITEMS].to_numpy(dtype=float)
    drawn = random_variances(
        8,
        proportions=np.full(5, 0.2),
        correlations=item_correlations(values),
        n_draws=20_000,
        stream=np.random.default_rng(1),
    )
    expected = reference("random_rwg_j")
    found = np.quantile(rwg_j_truncated(drawn / 2, 4), expected["share"])
    np.testing.assert_allclose(found, expected["rwg_j"], atol=SIMULATED)


def test_pseudo_teams_have_the_variance_of_random_groups_in_multilevel():
    # rgr.agree(five$t1, five$team_id, 20000): AvGrpVar and AvRGRVar; for one item rwg = 1 - v / 2
    expected = reference("rgr").iloc[0]
    found = pseudo_team_agreement(five_teams(), items=["t1"], response_range=(1, 5), n_draws=4000)
    assert 2 * (1 - found.estimate) == pytest.approx(expected["observed"])
    assert 2 * (1 - found.draws.mean()) == pytest.approx(expected["random"], abs=RESAMPLED)
