"""Data that a mixed model cannot be fitted to, and arguments it refuses."""

import warnings

import numpy as np
import pandas as pd
import pytest
from mixed_tables import balanced, three_levels

from cvln_eval.errors import ArgumentError, CvlnWarning
from cvln_eval.inference.mixed import (
    NotConvergedWarning,
    likelihood_ratio_test,
    mixed_model,
    one_way_reml,
)
from cvln_eval.inference.mixed.fit import fit_design
from cvln_eval.inference.mixed.setup import mixed_design

TEAMS = {"team_id": "1"}


def nothing(table, reason, formula="trust ~ time", random=None):
    found = mixed_model(table, formula=formula, random=random or TEAMS)
    rows = found.tidy()
    assert rows[["estimate", "std_error", "df", "p_value", "conf_low"]].isna().all(axis=None)
    assert all(reason in text for text in rows["reason"])
    row = found.glance().iloc[0]
    assert reason in row["reason"]
    assert np.isnan(row["log_likelihood"])
    assert reason in found.sentence()
    assert reason in found.variances().tidy()["reason"].item()
    assert reason in found.variances().sentence()
    assert found.random_effects().empty
    assert found.vcov().isna().all(axis=None)
    assert reason in found.test(found.design.terms[0]).tidy()["reason"].item()
    assert np.isnan(likelihood_ratio_test(found, smaller=None).tidy()["p_value"].item())


def test_one_team():
    nothing(three_levels(1).query("team_id == 't1'"), "team_id has one level")


@pytest.mark.parametrize("table", [three_levels(1).assign(trust=np.nan), three_levels(1).head(0)])
def test_no_complete_row(table):
    found = mixed_model(table, formula="trust ~ time", random=TEAMS)
    assert found.tidy().empty
    assert "p_value" in found.tidy()
    row = found.glance().iloc[0]
    assert row[["n", "n_left_out", "reason"]].tolist() == [0, len(table), "no row is complete"]
    assert "no row is complete" in found.sentence()
    assert found.variances().tidy()["reason"].item() == "no row is complete"


def test_a_random_effect_without_any_value():
    table = three_levels(1).assign(hours=np.nan)
    found = mixed_model(table, formula="trust ~ 1", random={"team_id": "1 + hours"})
    assert found.glance()["reason"].item() == "no row is complete"


def test_one_row_a_person_with_slopes():
    table = three_levels(1).drop_duplicates("person_id")
    nothing(table, "person_id has 82 random effects for 41 rows", random={"person_id": "1 + time"})
    nothing(table, "person_id has 41 random effects for 41 rows", random={"person_id": "1"})


def test_an_outcome_without_variation():
    nothing(three_levels(1).assign(trust=3.3), "trust does not vary")
    table = three_levels(1)
    nothing(table.assign(trust=1 + table["time"] / 3), "trust does not vary beyond")


def test_an_outcome_that_is_constant_within_people():
    table = three_levels(1)
    table["trust"] = table.groupby("person_id")["trust"].transform("mean")
    random = {"person_id": "1"}
    nothing(table, "terms and random effects explain trust wholly", "trust ~ 1", random)


def test_no_more_rows_than_coefficients():
    table = pd.DataFrame({"team_id": list("aabb"), "trust": [1.0, 2, 4, 3], "time": [0, 1, 2, 4]})
    table["hours"] = [1.0, 5, 2, 2]
    formula = "trust ~ time + hours + I(time ** 2)"
    nothing(table, "4 rows for 4 coefficients", formula=formula)


def test_a_term_for_each_team():
    nothing(three_levels(1), "the terms determine the random effects of team_id", "trust ~ team_id")


def test_random_effects_that_determine_one_another():
    table = three_levels(1).assign(late=lambda t: 2 * t["time"])
    random = {"team_id": "1 + time + late"}
    nothing(table, "the random effects of team_id determine one another", random=random)


def test_a_term_that_those_before_determine_has_no_number_and_the_others_keep_theirs():
    table = three_levels(1).assign(late=lambda t: 2 * t["time"] - 1)
    found = mixed_model(table, formula="trust ~ time + late + hours", random=TEAMS)
    without = mixed_model(table, formula="trust ~ time + hours", random=TEAMS)
    rows = found.tidy().set_index("term")
    assert rows.loc["late", "reason"] == "late: determined by the terms before"
    assert "late not available (determined by the terms before)" in found.sentence()
    assert np.isnan(rows.loc["late", "estimate"])
    kept = rows.drop("late")[["estimate", "std_error", "df", "p_value"]].astype(float)
    expected = without.tidy().set_index("term")[kept.columns]
    pd.testing.assert_frame_equal(kept, expected, rtol=1e-9)
    assert "late" in found.test(["time", "late"]).sentence()
    assert found.vcov().loc["late"].isna().all()
    assert np.isnan(found.contrast({"late": 1.0}).tidy()["estimate"].item())
    assert not found.test(["time", "hours"]).tidy()["reason"].item()


def test_rows_with_missing_values_are_left_out_and_counted():
    table = three_levels(1)
    holes = table.copy()
    holes.loc[3, "trust"] = np.nan
    holes.loc[[5, 6], "hours"] = np.nan
    model = {"formula": "trust ~ time", "random": {"person_id": "1 + hours"}}
    found = mixed_model(holes, **model)
    assert found.glance()["n_left_out"].item() == 3
    expected = mixed_model(table.drop([3, 5, 6]), **model)
    pd.testing.assert_frame_equal(found.tidy(), expected.tidy())


def test_a_variance_at_nought_is_said_and_not_warned_of():
    table = three_levels(1)
    table["trust"] -= table.groupby("team_id")["trust"].transform("mean")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mixed_model(table, formula="trust ~ time", random={**TEAMS, "person_id": "1"})
    assert found.glance()["singular"].item()
    assert "the variance of Intercept by team_id is estimated at 0" in found.sentence()
    rows = found.variances().tidy().set_index(["grouping", "quantity"])
    assert rows.loc[("team_id", "sd"), ["estimate", "conf_low"]].tolist() == [0, 0]
    assert rows.loc[("team_id", "sd"), "conf_high"] > 0.05
    assert found.variances().glance()["singular"].item()


def test_perfectly_correlated_effects_are_said():
    table = three_levels(1)
    rng = np.random.default_rng(2)
    own = rng.normal(0, 2, 41)[pd.factorize(table["person_id"])[0]]
    trust = own * (1 + table["time"]) + rng.normal(0, 0.3, len(table))
    table = table.assign(trust=trust)
    random = {"person_id": "1 + time"}
    sentences = []
    for seed in range(6):
        noise = np.random.default_rng(seed).normal(0, 1, len(table))
        found = mixed_model(
            table.assign(trust=trust + noise), formula="trust ~ time", random=random
        )
        if found.glance()["singular"].item():
            sentences.append(found.sentence())
    assert sentences
    assert all("random effects of person_id are perfectly correlated" in s for s in sentences)


def test_a_person_of_two_teams_is_counted_and_named():
    table = three_levels(1)
    table.loc[(table["person_id"] == "p00") & (table["time"] > 1), "team_id"] = "t4"
    found = mixed_model(table, formula="trust ~ time", random={**TEAMS, "person_id": "1"})
    assert found.glance()["n_crossing"].item() == 1
    assert "1 of 41 person_id are in more than one team_id" in found.sentence()
    assert found.glance()["converged"].item()


def test_a_search_that_stops_too_early_warns(monkeypatch):
    stopped = "cvln_eval.inference.mixed.optimum"
    monkeypatch.setattr(f"{stopped}.POLISHING", 1)
    monkeypatch.setattr(f"{stopped}._searched", lambda criterion, start, edge: start)
    design = mixed_design(three_levels(1), "trust ~ time", {**TEAMS, "person_id": "1 + time"})
    with pytest.warns(NotConvergedWarning, match="'trust' did not end at a minimum"):
        fit, _ = fit_design(design, reml=True, df="satterthwaite")
    assert not fit.optimum.converged
    assert issubclass(NotConvergedWarning, CvlnWarning)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"df": "residual"}, "'residual'"),
        ({"df": "kenward-roger", "reml": False}, "reml=False"),
        ({"conf_level": 95}, "95"),
        ({"random": {}}, "grouping factor"),
        ({"random": {"team_id": "0"}}, "none of 'team_id'"),
        ({"random": {"school_id": "1"}}, "school_id"),
        ({"formula": "trust ~ dose"}, "dose"),
        ({"formula": "trust"}, "trust"),
    ],
)
def test_an_argument_that_cannot_be_taken_is_refused(change, seen):
    model = {"formula": "trust ~ time", "random": TEAMS, **change}
    with pytest.raises(ArgumentError, match=seen):
        mixed_model(three_levels(1), **model)


def test_a_row_without_group_is_refused():
    table = three_levels(1)
    table.loc[7, "person_id"] = None
    with pytest.raises(ArgumentError, match=r"'person_id' in every row(?s:.)*index 7"):
        mixed_model(table, formula="trust ~ time", random={"person_id": "1"})


def test_tests_of_unknown_terms_are_refused():
    found = mixed_model(three_levels(1), formula="trust ~ time", random=TEAMS)
    with pytest.raises(ArgumentError, match="'dose'"):
        found.test(["time", "dose"])
    with pytest.raises(ArgumentError, match="weights of 0"):
        found.contrast({"time": 0.0})
    with pytest.raises(ArgumentError, match="Seen: nan"):
        found.contrast({"time": np.nan})
    with pytest.raises(ArgumentError, match="Seen: 'much'"):
        found.contrast({"time": 1.0}, null_value="much")
    with pytest.raises(ArgumentError, match="Seen: ''"):
        found.test([])


def test_models_that_are_not_nested_are_refused():
    table = three_levels(1)
    larger = mixed_model(table, formula="trust ~ time", random=TEAMS)
    for formula, random, seen in (
        ("trust ~ hours", TEAMS, "'hours'"),
        ("trust ~ 1", {"person_id": "1"}, "Intercept by person_id"),
        ("trust ~ time", TEAMS, "in both"),
    ):
        smaller = mixed_model(table, formula=formula, random=random)
        with pytest.raises(ArgumentError, match=seen):
            likelihood_ratio_test(larger, smaller=smaller)
    fewer = mixed_model(table.head(50), formula="trust ~ 1", random=TEAMS)
    with pytest.raises(ArgumentError, match="trust of 50 rows"):
        likelihood_ratio_test(larger, smaller=fewer)


def test_many_outcomes_at_once_without_what_they_need():
    codes = pd.factorize(balanced(1)["team_id"])[0]
    y, ones = balanced(1)["trust"].to_numpy(), np.ones((30, 1))
    for x, groups in (
        (ones, np.zeros(30, dtype=int)),
        (ones, np.arange(30)),
        (np.eye(6)[codes], codes),
        (np.eye(30), codes),
    ):
        found = one_way_reml(y, x, groups)
        assert np.isnan(found.estimate).all()
        assert np.isnan(found.df).all()
    assert np.isnan(one_way_reml(np.full(30, 2.0), ones, codes).std_error).all()
    assert np.isnan(one_way_reml(codes * 1.0, ones, codes).std_error).all()
    several = np.column_stack([ones, np.sin(np.arange(30)), np.cos(np.arange(30))])
    nothing = one_way_reml(np.column_stack([np.full(30, 2.0), y]), several, codes)
    for name in ("estimate", "std_error", "df"):
        assert np.isnan(getattr(nothing, name)).all(axis=1).tolist() == [True, False]
    empty = one_way_reml(np.zeros((0, 2)), np.zeros((0, 1)), np.zeros(0, dtype=int))
    assert np.isnan(empty.estimate).all()
    aliased = one_way_reml(y, np.column_stack([ones, ones * 2]), codes)
    assert np.isnan(aliased.estimate).tolist() == [[False, True]]


@pytest.mark.parametrize("seed", [7, 11, 17, 30])
def test_an_outcome_of_teams_alone_is_wholly_explained_whatever_rounding_leaves(seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"team_id": np.repeat(list("abcde"), 8), "x": rng.normal(size=40)})
    table["one"], table["treated"] = 1.0, table["team_id"].isin(["a", "b"]).astype(int)
    table["y"] = table["team_id"].map(dict(zip("abcde", [1.0, 2, 5, 3, 4], strict=True)))
    found = mixed_model(table, formula="y ~ 0 + x + one + treated", random={"team_id": "1"})
    assert found.tidy()["p_value"].isna().all()
    assert (found.tidy()["reason"] == "terms and random effects explain y wholly").all()
