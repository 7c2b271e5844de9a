"""Imputation: what is filled and what is left, laws, a reference, a known truth, failures."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.missing import impute, pool_results

REFERENCE = Path(__file__).parents[2] / "reference" / "missing"
FEW = {"n_imputations": 3, "n_rounds": 4}


@pytest.fixture(scope="module")
def done(waves, scales):
    return impute(waves, columns=["voice"], scales=scales, n_imputations=12, n_rounds=20, rng=4)


def test_what_was_asked_is_complete_and_what_was_known_is_kept(done, waves, scales):
    columns = ["voice", *scales["trust"]]
    for table in done.tables:
        assert table.index.equals(waves.index)
        assert table[columns].notna().all().all()
        known = waves[columns].notna()
        assert (table[columns].where(known).fillna(0) == waves[columns].fillna(0)).all().all()
        pd.testing.assert_frame_equal(table[["person_id", "team_id", "wave"]], waves.iloc[:, :3])


def test_imputed_cells_are_those_that_were_missing(done, waves, scales):
    columns = ["voice", *scales["trust"]]
    assert (done.imputed[columns].eq(1) == waves[columns].isna()).all().all()
    share = waves[scales["trust"]].isna().mean(axis=1)
    assert done.imputed["trust"].tolist() == pytest.approx(share.tolist())


def test_scores_are_means_of_completed_items(done, scales):
    for table in done.tables:
        mean = table[scales["trust"]].mean(axis=1)
        assert table["trust"].tolist() == pytest.approx(mean.tolist())


def test_imputed_answers_are_answers_that_were_given(done, waves, scales):
    for item in scales["trust"]:
        for at, part in waves.groupby("wave"):
            given = set(part[item].dropna())
            drawn = {v for t in done.tables for v in t.loc[part.index, item][part[item].isna()]}
            assert drawn <= given, at


def test_imputations_differ(done, waves):
    missing = waves["voice"].isna()
    drawn = np.array([table.loc[missing, "voice"] for table in done.tables])
    assert (drawn.std(axis=0) > 0.1).all()


def test_late_joiners_have_no_baseline_unless_asked_for(waves, scales, done):
    joiners = set(waves["person_id"]) - set(waves.loc[waves["wave"] == "y1", "person_id"])
    assert len(joiners) == 6
    assert len(done.tables[0]) == len(waves) == 3 * 41 - 6
    more = impute(waves, columns=["voice"], scales=scales, also_off_roster=True, **FEW)
    added = more.tables[0].iloc[len(waves) :]
    assert set(added["person_id"]) == joiners
    assert set(added["wave"]) == {"y1"}
    assert added[["team_id", "voice", "trust"]].notna().all().all()
    later = waves[waves["wave"] == "y2"].set_index("person_id")["team_id"]
    assert added["team_id"].tolist() == later[added["person_id"]].tolist()
    row = more.tidy().iloc[0]
    assert (row["n"], row["n_imputed"]) == (41, 6)


def test_a_leaver_keeps_the_last_team(waves):
    stays = waves[~((waves["person_id"] == "P01") & (waves["wave"] == "y3"))]
    moved = (stays["person_id"] == "P01") & (stays["wave"] == "y2")
    table = stays.assign(team_id=stays["team_id"].mask(moved, "E"))
    found = impute(table, columns=["voice"], also_off_roster=True, **FEW).tables[0]
    added = found[(found["person_id"] == "P01") & (found["wave"] == "y3")]
    assert added["team_id"].tolist() == ["E"]


def test_the_same_seed_gives_the_same_numbers_whoever_computes(waves):
    given = {"columns": ["voice"], **FEW, "rng": 9}
    one = impute(waves, **given).stacked()
    with joblib.parallel_config("threading", n_jobs=3):
        other = impute(waves, **given).stacked()
    pd.testing.assert_frame_equal(one, other)
    longer = impute(waves, **(given | {"n_imputations": 5})).stacked()
    pd.testing.assert_frame_equal(one, longer[longer["imputation"] <= 3])
    changed = impute(waves, **(given | {"rng": 10})).stacked()
    assert not one["voice"].equals(changed["voice"])


def test_rows_may_come_in_any_order_and_teams_have_any_name(waves):
    first = impute(waves, columns=["voice"], **FEW).tables[0]
    # Persons keep their places, so that the same numbers are drawn for them.
    turned = waves.iloc[::-1].iloc[::-1].rename(index=lambda i: i + 1000)
    named = turned.assign(team_id=turned["team_id"].map(dict(zip("ABCDE", "VWXYZ", strict=True))))
    other = impute(named, columns=["voice"], **FEW).tables[0]
    assert other["voice"].tolist() == first["voice"].tolist()
    assert other.index.equals(named.index)


@pytest.mark.parametrize("effects", ["fixed", "random"])
def test_a_team_apart_is_imputed_apart(effects):
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"person_id": range(40), "team_id": np.repeat([*"ABCD"], 10)})
    table["score"] = rng.standard_normal(40) + np.where(table["team_id"] == "D", 20, 0)
    table.loc[[0, 1, 2, 30, 31, 32], "score"] = np.nan
    found = impute(table, columns=["score"], wave=None, team_effects=effects, n_imputations=10)
    mean = found.stacked().query("n_imputed > 0").groupby("team_id")["score"].mean()
    assert mean["D"] - mean["A"] == pytest.approx(20, abs=2)


def test_other_waves_and_columns_inform(waves):
    table = waves[["person_id", "team_id", "wave", "voice"]].dropna()
    table = table[table.groupby("person_id")["wave"].transform("size") == 3]
    base = table.groupby("person_id")["voice"].transform("first")
    table = table.assign(voice=base + 0.01 * np.sin(np.arange(len(table))))
    gone = table[table["wave"] == "y3"].iloc[::4].index
    thin = table.assign(voice=table["voice"].mask(table.index.isin(gone)))
    for completed in impute(thin, columns=["voice"], n_imputations=5).tables:
        assert np.abs(completed.loc[gone, "voice"] - table.loc[gone, "voice"]).max() < 0.1


def test_what_is_known_of_persons_informs(waves):
    one = waves[waves["wave"] == "y1"].reset_index(drop=True)
    level = np.where(np.arange(len(one)) % 2, "site", "central")
    score = np.where(level == "site", 10.0, 0.0) + 0.1 * np.sin(np.arange(len(one)))
    table = one.assign(level=level, score=np.where(np.arange(len(one)) < 6, np.nan, score))
    for completed in impute(table, columns=["score"], predictors=["level"], **FEW).tables:
        assert completed["score"].tolist() == pytest.approx(score.tolist(), abs=1)


def test_chains_that_agree_say_so(done, waves):
    row = done.glance().iloc[0]
    assert row["r_hat_max"] < 1.1
    assert row["n_imputed"] == waves[["voice", "trust_1", "trust_2", "trust_3"]].isna().sum().sum()
    assert row["n_left_empty"] == 0
    assert "chains agree, R-hat at most" in done.sentence()
    assert "41 people in 5 teams" in done.sentence()


def test_moments_of_what_is_known_and_drawn(done, waves):
    row = done.tidy().set_index(["variable", "wave"]).loc[("voice", "y2")]
    part = waves.loc[waves["wave"] == "y2", "voice"]
    assert row["n"] == 41
    assert row["n_missing"] == row["n_imputed"] == part.isna().sum()
    assert row["imputed_share"] == pytest.approx(part.isna().sum() / 41)
    assert (row["mean_known"], row["sd_known"]) == pytest.approx((part.mean(), part.std()))
    drawn = done.stacked()
    cells = drawn.loc[(drawn["wave"] == "y2") & np.tile(waves["voice"].isna(), 12), "voice"]
    assert (row["mean_imputed"], row["sd_imputed"]) == pytest.approx((cells.mean(), cells.std()))
    assert row["method"] == "Bayesian normal regression"
    items = done.tidy().query("variable == 'trust_2'")
    assert set(items["method"]) == {"answers of near donors"}


def test_stacked_counts_imputations_and_imputed_values(done, waves):
    table = done.stacked()
    assert len(table) == 12 * len(waves)
    assert table["imputation"].tolist() == np.repeat(range(1, 13), len(waves)).tolist()
    n = waves[["voice", "trust_1", "trust_2", "trust_3"]].isna().sum(axis=1)
    assert table["n_imputed"].tolist() == n.tolist() * 12


def test_mice_norm():
    """`mice(answers, m = 500, method = "norm", maxit = 5)`: moments of the imputed values.

    One team and one row a person, so that the model is that of mice; its means over 500 chains
    and ours over 200 differ by Monte Carlo error, four of which are allowed.
    """
    answers = pd.read_csv(REFERENCE / "answers.csv")
    expected = pd.read_csv(REFERENCE / "norm.csv").set_index("column")
    table = answers.assign(person_id=range(len(answers)), team_id="T")
    columns = list(answers)
    found = impute(
        table, columns=columns, wave=None, team_effects="fixed", n_imputations=200, n_rounds=6
    )
    for name in expected.index:
        missing = answers[name].isna()
        means = [completed.loc[missing, name].mean() for completed in found.tables]
        error = expected.loc[name, "sd_of_means"] * (1 / 200 + 1 / 500) ** 0.5
        assert abs(np.mean(means) - expected.loc[name, "mean"]) < 4 * error
        # A standard deviation of 200 has an error of 1 / sqrt(400).
        assert np.std(means) == pytest.approx(expected.loc[name, "sd_of_means"], rel=0.2)
        sds = found.tidy().set_index("variable").loc[name, "sd_imputed"]
        assert sds == pytest.approx(expected.loc[name, "sd"], rel=0.12)


@pytest.mark.parametrize("effects", ["fixed", "random"])
def test_a_change_that_depends_on_baseline_is_recovered(effects):
    rng = np.random.default_rng(11)
    team = np.repeat(range(20), 20)
    of_team = rng.standard_normal((20, 1))[team] * 0.3
    before = of_team[:, 0] + rng.standard_normal(400)
    after = 0.3 + 0.3 * before + 0.8 * rng.standard_normal(400)
    change = (after - before).mean()
    gone = rng.random(400) < 1 / (1 + np.exp(1 + 1.5 * before))
    one = {"person_id": range(400), "team_id": team}
    table = pd.concat(
        [
            pd.DataFrame(one | {"wave": "before", "score": before}),
            pd.DataFrame(one | {"wave": "after", "score": np.where(gone, np.nan, after)}),
        ]
    ).reset_index(drop=True)

    def analyse(completed):
        wide = completed["score"].to_numpy().reshape(2, 400)
        each = wide[1] - wide[0]
        row = {"term": ["change"], "estimate": each.mean(), "std_error": each.std(ddof=1) / 20}
        return pd.DataFrame(row)

    many = impute(table, columns=["score"], team_effects=effects, n_rounds=1)
    row = pool_results(many.each(analyse)).tidy().iloc[0]
    # What the missing values cost: the error of the pooled mean beside that of all 400.
    lost = (row["between_variance"] * 1.05) ** 0.5
    assert abs(row["estimate"] - change) < 3 * lost
    assert (after - before)[~gone].mean() - change < -4 * lost
    assert 0.05 < row["missing_information"] < 0.5


def test_nothing_missing_gives_the_table_and_says_so(waves):
    whole = waves.dropna().astype({"trust_1": int})
    found = impute(whole, columns=["voice", "trust_1"], n_imputations=2)
    for table in found.tables:
        pd.testing.assert_frame_equal(table, whole)
    assert (
        found.sentence()
        == f"Nothing was missing in {2 * len(whole):,} values, so nothing was imputed."
    )
    assert not found.imputed.to_numpy().any()
    assert found.glance()["n_imputed"].iloc[0] == 0


def test_a_column_without_any_value_is_left_with_a_reason(waves):
    found = impute(waves.assign(empty=np.nan), columns=["voice", "empty"], **FEW)
    rows = found.tidy().set_index("variable")
    assert set(rows.loc["empty", "reason"]) == {"no value is known"}
    assert rows.loc["empty", "n_imputed"].sum() == 0
    assert all(table["empty"].isna().all() for table in found.tables)
    assert all(table["voice"].notna().all() for table in found.tables)
    assert f"{len(waves)} were left empty (empty y1, no value is known" in found.sentence()


def test_too_few_values_for_the_predictors_are_left_with_a_reason(waves):
    few = waves["voice"].where(waves.index < 3).where(waves["wave"] == "y1")
    found = impute(waves.assign(few=few), columns=["voice", "few"], **FEW)
    row = found.tidy().set_index(["variable", "wave"]).loc[("few", "y1")]
    # 1 for the constant, 1 for voice in y1, and 3 to spare; few is empty in the other waves.
    assert row["reason"] == "3 known values, 5 needed for its predictors"


def test_exactly_enough_values_are_imputed(waves):
    enough = waves["voice"].where(waves.index < 5).where(waves["wave"] == "y1")
    found = impute(waves.assign(enough=enough), columns=["voice", "enough"], **FEW)
    row = found.tidy().set_index(["variable", "wave"]).loc[("enough", "y1")]
    assert (row["reason"], row["n_imputed"]) == ("", 30)


def test_a_team_without_a_value_needs_random_effects(waves):
    table = waves.assign(
        voice=waves["voice"].mask((waves["team_id"] == "C") & (waves["wave"] == "y3"))
    )
    fixed = impute(table, columns=["voice"], team_effects="fixed", **FEW)
    row = fixed.tidy().set_index(["variable", "wave"]).loc[("voice", "y3")]
    assert row["n_missing"] - row["n_imputed"] == 8
    assert "no value is known in 'C', whose fixed effect cannot be had" in row["reason"]
    of_c = table[(table["team_id"] == "C") & (table["wave"] == "y3")].index
    assert all(completed.loc[of_c, "voice"].isna().all() for completed in fixed.tables)
    assert all(completed.drop(of_c)["voice"].notna().all() for completed in fixed.tables)
    random = impute(table, columns=["voice"], team_effects="random", **FEW)
    assert all(completed["voice"].notna().all() for completed in random.tables)


def test_a_constant_is_completed_by_itself_with_a_note(waves):
    flat = waves["voice"] * 0 + 4
    found = impute(waves.assign(flat=flat), columns=["voice", "flat"], **FEW)
    row = found.tidy().set_index(["variable", "wave"]).loc[("flat", "y2")]
    assert row["note"] == "every known value is 4: drawn without uncertainty"
    assert all((table["flat"] == 4).all() for table in found.tables)


def test_one_team_is_enough(waves):
    for effects in ("fixed", "random"):
        alone = impute(waves.assign(team_id="T"), columns=["voice"], team_effects=effects, **FEW)
        assert all(table["voice"].notna().all() for table in alone.tables)


def test_a_person_who_changes_teams_counts_with_the_team_of_the_wave(waves):
    moved = waves.assign(
        team_id=waves["team_id"].mask((waves["person_id"] == "P01") & (waves["wave"] == "y3"), "E")
    )
    found = impute(moved, columns=["voice"], **FEW)
    assert all(table["voice"].notna().all() for table in found.tables)
    assert found.tables[0]["team_id"].equals(moved["team_id"])


@pytest.mark.parametrize(
    ("change", "given", "words"),
    [
        ({}, {"columns": ["voice"], "n_imputations": 1}, "Seen: 1"),
        ({}, {"columns": ["voice"], "n_imputations": 2.5}, "Seen: 2.5"),
        ({}, {"columns": ["voice"], "n_rounds": 0}, "Seen: 0"),
        ({}, {"columns": ["voice"], "team_effects": "none"}, "'none'"),
        ({}, {}, "no column"),
        ({}, {"columns": ["voice", "voice"]}, "'voice'"),
        ({}, {"columns": ["joy"]}, "'joy'"),
        ({"voice": "high"}, {"columns": ["voice"]}, "'high'"),
        ({"voice": np.inf}, {"columns": ["voice"]}, "inf"),
        ({}, {"scales": {"voice": ["trust_1", "trust_2"]}}, "'voice'"),
        ({}, {"scales": {"trust": ["trust_1"]}, "response_range": (1, 4)}, "5 y"),
        ({"wave": "y1"}, {"columns": ["voice"]}, "P01 y1"),
        ({}, {"columns": ["voice"], "wave": None}, "P01"),
        ({"team_id": None}, {"columns": ["voice"]}, "'team_id'"),
        ({"tenure": np.nan}, {"columns": ["voice"], "predictors": ["tenure"]}, "'tenure'"),
        ({}, {"columns": ["voice"], "predictors": ["wave"]}, "'y1', 'y2'"),
    ],
)
def test_what_cannot_be_imputed_is_refused(waves, change, given, words):
    with pytest.raises(ArgumentError, match=words):
        impute(waves.assign(**change), **given)


def test_nobody_asked_is_refused(waves):
    with pytest.raises(ArgumentError, match=r"Nobody was asked(?s:.)*without rows"):
        impute(waves.head(0), columns=["voice"])


def test_one_value_is_one_value_in_words(waves):
    two = waves[waves["person_id"].isin(["P01", "P09"]) & (waves["wave"] != "y3")]
    two = two.assign(voice=[1.0, 2.0, 3.0, np.nan], other=[1.0, 2.0, 4.0, 3.0])
    said = impute(two, columns=["voice", "other"], **FEW).sentence()
    assert "1 was missing and 0 were imputed" in said
    assert "1 was left empty (voice y2, 1 known value, " in said
