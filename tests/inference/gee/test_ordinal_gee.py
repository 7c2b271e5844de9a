"""Ordered categories with clusters: beside R and statsmodels, by hand, by laws, and refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.linalg import sqrtm

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.inference.gee import ordinal_gee
from cvln_eval.inference.gee.cumulative import Cumulative, indicators, whitened

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "gee"
# R's glm and geeglm were run to a relative change of 1e-13 or less.
SAME = 1e-7
# MASS::polr stops where BFGS no longer sees a change of the likelihood.
POLR = 1e-4
# clubSandwich takes another root of the same matrix.
ANOTHER_ROOT = 0.01
FORMULA = "agrees ~ wave + tenure + dose"


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(REFERENCE / "data.csv")


@pytest.fixture(scope="module")
def expected():
    return pd.read_csv(REFERENCE / "expected.csv", keep_default_na=False, na_values=[""]).fillna(
        {"kind": ""}
    )


def of(expected, model, kind):
    rows = expected[(expected["model"] == model) & (expected["kind"] == kind)]
    return rows[rows["term"] != "correlation"].set_index("term")


@pytest.mark.parametrize("kind", ["CR0", "CR3"])
def test_two_categories_agree_with_clubsandwich(data, expected, kind):
    # coef_test(glm(agrees ~ wave + tenure + dose, binomial), vcovCR(f, team_id, type = kind))
    theirs = of(expected, "glm", kind)
    ours = ordinal_gee(data, formula=FORMULA, kind=kind).tidy()
    for column in ("estimate", "std_error", "df"):
        assert ours[column].to_numpy() == pytest.approx(theirs[column].to_numpy(), rel=SAME)


def test_cr2_is_near_clubsandwichs_other_root(data, expected):
    theirs = of(expected, "glm", "CR2")
    ours = ordinal_gee(data, formula=FORMULA).tidy()
    for column in ("std_error", "df"):
        assert ours[column].to_numpy() == pytest.approx(theirs[column], rel=ANOTHER_ROOT)


def test_cr2_is_kauermann_and_carrolls_root(data):
    known = data.dropna().reset_index(drop=True)
    x = sm.add_constant(known[["wave", "tenure", "dose"]]).to_numpy(dtype=float)
    y = known["agrees"].to_numpy(dtype=float)
    fitted = sm.GLM(y, x, sm.families.Binomial()).fit(tol=1e-14)
    variance = fitted.mu * (1 - fitted.mu)
    bread = np.linalg.inv(x.T @ (variance[:, None] * x))
    meat = np.zeros_like(bread)
    for _, rows in known.groupby("team_id").groups.items():
        part = x[rows]
        hat = variance[rows, None] * (part @ bread @ part.T)
        residual = np.linalg.inv(sqrtm(np.eye(len(part)) - hat).real) @ (y - fitted.mu)[rows]
        meat += np.outer(part.T @ residual, part.T @ residual)
    errors = np.sqrt(np.diag(bread @ meat @ bread))
    ours = ordinal_gee(data, formula=FORMULA).tidy()
    assert ours["std_error"].to_numpy() == pytest.approx(errors, rel=SAME)


def test_a_working_correlation_agrees_with_geeglm(data, expected):
    # geeglm(agrees ~ wave + tenure, binomial, id = team_id, corstr = "exchangeable")
    found = ordinal_gee(data, formula="agrees ~ wave + tenure", working="exchangeable", kind="CR0")
    theirs = of(expected, "geeglm", "CR0")
    assert found.tidy()["estimate"].to_numpy() == pytest.approx(theirs["estimate"], rel=SAME)
    assert found.tidy()["std_error"].to_numpy() == pytest.approx(theirs["std_error"], rel=SAME)
    correlation = expected.loc[expected["term"] == "correlation", "estimate"].item()
    assert found.working_correlation == pytest.approx(correlation, rel=SAME)


def test_cr3_with_a_working_correlation_is_mancl_and_derouens(data):
    known = data.dropna()
    ours = ordinal_gee(known, formula="agrees ~ wave", working="exchangeable", kind="CR3")
    fixed = sm.cov_struct.Exchangeable()
    fixed.dep_params = ours.working_correlation
    theirs = sm.GEE(
        known["agrees"],
        sm.add_constant(known[["wave"]]),
        known["team_id"],
        family=sm.families.Binomial(),
        cov_struct=fixed,
        update_dep=False,
    ).fit(cov_type="bias_reduced", ctol=1e-12, maxiter=200)
    assert ours.tidy()["std_error"].to_numpy() == pytest.approx(theirs.bse, rel=1e-5)


def test_four_categories_agree_with_polr(data, expected):
    # polr(factor(answer) ~ wave + tenure + dose), with the signs of its cuts turned
    theirs = of(expected, "polr", "")["estimate"]
    ours = ordinal_gee(data, formula="answer ~ wave + tenure + dose").tidy().set_index("term")
    assert ours["estimate"].to_numpy() == pytest.approx(theirs[ours.index], rel=POLR)


def test_scores_of_four_categories_agree_with_estfun(data):
    # rowsum(sandwich::estfun(polr(...)), team_id); polr's cuts have the other sign
    theirs = pd.read_csv(REFERENCE / "scores.csv", index_col="team_id")
    known = data.dropna()
    found = ordinal_gee(data, formula="answer ~ wave + tenure + dose").tidy().set_index("term")
    codes, teams = pd.factorize(known["team_id"])
    x = known[["wave", "tenure", "dose"]].to_numpy(dtype=float)
    model = Cumulative(indicators(known["answer"].to_numpy() - 1, 4), x, codes)
    now = whitened(model, found["estimate"].to_numpy(), 0.0)
    by_row = (now.derivative * now.residual[:, None]).reshape(len(known), 3, 6).sum(axis=1)
    sums = pd.DataFrame(by_row, columns=found.index).groupby(teams[codes]).sum()
    signs = [-1 if "|" in term else 1 for term in theirs.columns]
    assert sums[theirs.columns].to_numpy() * signs == pytest.approx(theirs.to_numpy(), abs=0.01)


def test_a_two_by_two_table_by_hand():
    # Before 1 of 4, after 3 of 4: cut log(1/3), slope log(3/1) - log(1/3) = 2 log 3.
    table = pd.DataFrame(
        {"team_id": list("abcdabcd"), "after": [0] * 4 + [1] * 4, "yes": [1, 0, 0, 0, 1, 1, 0, 1]}
    )
    found = ordinal_gee(table, formula="yes ~ after").tidy()
    assert found["estimate"].tolist() == pytest.approx([-np.log(3), 2 * np.log(3)])
    assert found["odds_ratio"].iloc[1] == pytest.approx(9)
    assert found["term"].tolist() == ["0|1", "after"]


def test_turning_the_categories_turns_the_signs(data):
    turned = data.assign(answer=5 - data["answer"])
    up = ordinal_gee(data, formula="answer ~ wave").tidy().set_index("term")
    down = ordinal_gee(turned, formula="answer ~ wave").tidy().set_index("term")
    assert down.loc["wave", "estimate"] == pytest.approx(-up.loc["wave", "estimate"])
    assert down.loc["wave", "std_error"] == pytest.approx(up.loc["wave", "std_error"])
    assert down.loc["1|2", "estimate"] == pytest.approx(-up.loc["3|4", "estimate"])


def test_order_of_rows_and_names_of_teams_do_not_matter(data):
    shuffled = data.sample(frac=1, random_state=3).assign(
        team_id=lambda t: t["team_id"].map(dict(zip("abcde", "qzkxm", strict=True)))
    )
    one = ordinal_gee(data, formula=FORMULA, working="exchangeable").tidy()
    other = ordinal_gee(shuffled, formula=FORMULA, working="exchangeable").tidy()
    for column in ("estimate", "std_error", "df", "p_value"):
        assert one[column].to_numpy() == pytest.approx(other[column].to_numpy(), rel=SAME)


def test_numbers_booleans_and_categoricals_are_the_same_outcome(data):
    known = data.dropna()
    plain = ordinal_gee(known, formula="agrees ~ wave").tidy()["estimate"].tolist()
    logical = known.assign(agrees=known["agrees"] == 1)
    words = known["agrees"].map({0.0: "no", 1.0: "yes"})
    named = known.assign(agrees=pd.Categorical(words, ["no", "yes"], ordered=True))
    assert ordinal_gee(logical, formula="agrees ~ wave").tidy()["estimate"].tolist() == plain
    found = ordinal_gee(named, formula="agrees ~ wave")
    assert found.tidy()["estimate"].tolist() == plain
    assert found.tidy()["term"].iloc[0] == "no|yes"


def test_a_category_that_nobody_chose_does_not_count(data):
    missing = data.assign(answer=data["answer"].replace(2, 3))
    found = ordinal_gee(missing, formula="answer ~ wave")
    assert found.categories == (1, 3, 4)
    assert found.tidy()["estimate"].notna().all()


def test_a_larger_sample_finds_the_odds_it_was_made_with():
    rng = np.random.default_rng(5)
    x = rng.normal(size=6000)
    latent = 0.8 * x + rng.logistic(size=6000)
    table = pd.DataFrame(
        {"x": x, "y": np.searchsorted([-1.0, 0.5], latent), "team_id": np.arange(6000) % 60}
    )
    found = ordinal_gee(table, formula="y ~ x").tidy().set_index("term")["estimate"]
    assert found["x"] == pytest.approx(0.8, abs=0.1)  # its standard error is .026
    assert found["0|1"] == pytest.approx(1.0, abs=0.1)
    assert found["1|2"] == pytest.approx(-0.5, abs=0.1)


def test_what_cannot_be_had_has_a_reason(data):
    known = data.dropna()
    cases = {
        "one category": known.assign(agrees=1),
        "no complete row": data.assign(agrees=np.nan),
        "separation": known.assign(wave=known["agrees"]),
        "add up": known.assign(wave=1.0),
    }
    for reason, table in cases.items():
        found = ordinal_gee(table, formula="agrees ~ wave")
        assert reason in found.reason
        assert found.tidy()["estimate"].isna().all()
        assert reason in found.sentence()


def test_one_cluster_gives_estimates_without_a_test(data):
    found = ordinal_gee(data[data["team_id"] == "a"], formula="answer ~ wave").tidy()
    assert found["estimate"].notna().all()
    assert found["p_value"].isna().all()
    assert set(found["reason"]) == {"fewer than two clusters"}


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        ({}, {"formula": "agrees ~ wave - 1"}, "constant"),
        ({}, {"formula": "answer ~ wave", "working": "exchangeable"}, "4 categories"),
        ({}, {"formula": "agrees ~ wave", "working": "ar1"}, "ar1"),
        ({}, {"formula": "agree ~ wave"}, "agree"),
        ({}, {"formula": "agrees ~ wave", "kind": "HC3"}, "HC3"),
        ({"agrees": "often"}, {"formula": "agrees ~ wave"}, "often"),
        ({"agrees": np.arange(123) / 7}, {"formula": "agrees ~ wave"}, "and 118 more"),
        ({"agrees": pd.Categorical(["b"] * 123)}, {"formula": "agrees ~ wave"}, "no order"),
        ({"team_id": None}, {"formula": "agrees ~ wave"}, "cluster"),
    ],
)
def test_wrong_input_is_refused(data, change, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        ordinal_gee(data.assign(**change), **arguments)


def test_rows_left_out_are_counted_and_columns_are_in_the_glossary(data):
    found = ordinal_gee(data, formula="answer ~ wave")
    assert (found.n, found.n_left_out) == (121, 2)
    columns = set(found.tidy().columns) | set(found.glance().columns)
    assert columns - set(glossary()["column"]) == set()
    assert "121 rows of 5 clusters, the odds of a higher answer: wave OR =" in found.sentence()


def test_the_sentence_gives_no_digits_of_odds_without_end(data):
    known = data.dropna().assign(dose=lambda rows: rows["dose"] / 1e4)
    found = ordinal_gee(known, formula="agrees ~ dose")
    assert np.isinf(found.tidy()["odds_ratio_high"].iloc[1])
    assert "above 1,000]" in found.sentence()
    assert "inf" not in found.sentence()


def test_terms_and_levels_are_told_in_words(data):
    known = data.rename(columns={"agrees": "she agrees"})
    found = ordinal_gee(known, formula="Q('she agrees') ~ C(wave)", conf_level=0.999)
    assert "higher she agrees: wave[" in found.sentence()
    assert "(99.9% CI" in found.sentence()


@pytest.mark.parametrize("wrong", [1 + 1j, np.inf, "yes"])
def test_an_outcome_without_order_is_refused_by_its_values(data, wrong):
    with pytest.raises(ArgumentError, match=r"ordered categories(?s:.)*Seen: [^n]"):
        ordinal_gee(data.assign(agrees=wrong), formula=FORMULA)
    with pytest.raises(ArgumentError, match="no formula"):
        ordinal_gee(data, formula="agrees")


def test_answers_of_objects_and_nullable_integers_are_categories(data):
    plain = ordinal_gee(data, formula=FORMULA).tidy()
    for dtype in ("Int64", object):
        found = ordinal_gee(data.astype({"agrees": dtype}), formula=FORMULA).tidy()
        pd.testing.assert_frame_equal(found, plain)


def test_a_regressor_that_tells_answers_apart_does_not_add_up_to_another():
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"team_id": np.repeat(list("abcde"), 8), "x": rng.normal(size=40)})
    found = ordinal_gee(table.assign(agrees=(table["x"] > 0).astype(int)), formula="agrees ~ x")
    assert "separation" in found.reason


@pytest.mark.parametrize(("answers", "correlation"), [([0, 1], -0.99), ([0, 0, 1, 1], 0.99)])
def test_a_working_correlation_stays_within_what_rows_can_have(answers, correlation):
    # Pairs that always differ would have -1 and pairs that never do 1, which have no inverse.
    rows = answers * (24 // len(answers))
    x = np.repeat(np.random.default_rng(5).permuted(np.repeat([0.0, 1.0], 6)), 2)
    table = pd.DataFrame({"team_id": np.repeat(list("abcdefghijkl"), 2), "x": x, "agrees": rows})
    found = ordinal_gee(table, formula="agrees ~ x", working="exchangeable")
    assert found.glance()["working_correlation"].item() == pytest.approx(correlation)
    assert found.tidy()["estimate"].notna().all()


def test_what_is_no_table_and_an_outcome_never_known_are_told_apart(data):
    with pytest.raises(ArgumentError, match="NoneType"):
        ordinal_gee(None, formula=FORMULA)
    for nothing in (None, np.nan):
        assert ordinal_gee(data.assign(agrees=nothing), formula=FORMULA).reason == "no complete row"
