"""Exploratory factors: by law, beside R and statsmodels, of known loadings, and their failures."""

import csv
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.multivariate.factor import Factor

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.structure import exploratory_factors, extraction
from cvln_eval.measurement.structure.extraction import extract
from cvln_eval.measurement.structure.rotation import rotate
from cvln_eval.measurement.structure.sample_size import people_needed

REFERENCE = Path(__file__).parents[2] / "reference" / "factors"
ITEMS = [f"q{place}" for place in range(1, 9)]
# psych's searches stop at a relative gain of 1e-8 in the objective, and GPArotation at 1e-5.
STOPPED_EARLY = 5e-5
# Far inside the searches' own tolerance.
EXACT = 1e-5


def answers():
    return pd.read_csv(REFERENCE / "answers.csv")


def fitted(**asked):
    return exploratory_factors(answers(), items=ITEMS, **({"n_factors": 2} | asked))


def expected(solution):
    table = pd.read_csv(REFERENCE / "expected_loadings.csv").set_index("item")
    return table[table["solution"] == solution]


def one_factor(loadings):
    """Return the correlations that one factor makes, exactly."""
    column = np.array(loadings)
    matrix = np.outer(column, column)
    np.fill_diagonal(matrix, 1)
    return matrix


def sample_with(correlations, n):
    """Return n people whose correlations are exactly those asked for."""
    draws = np.random.default_rng(2).normal(size=(n, len(correlations)))
    draws -= draws.mean(axis=0)
    white = np.linalg.solve(np.linalg.cholesky(np.cov(draws.T)), draws.T)
    people = (np.linalg.cholesky(correlations) @ white).T
    return pd.DataFrame(people, columns=list("abcdefgh")[: len(correlations)])


@pytest.mark.parametrize(
    "solution",
    ["minres_oblimin", "ml_oblimin", "minres_none", "ml_none", "pa_none", "minres_varimax"],
)
def test_loadings_agree_with_psych(solution):
    method, rotation = solution.split("_")
    own, r = fitted(method=method, rotation=rotation), expected(solution)
    # The sign of a factor is a convention; here its loadings sum to more than zero.
    theirs = r[["F1", "F2"]] * np.where(r[["F1", "F2"]].sum() < 0, -1, 1)
    assert own.loadings.to_numpy() == pytest.approx(theirs.to_numpy(), abs=STOPPED_EARLY)
    unique = own.communalities["uniqueness"].to_numpy()
    assert unique == pytest.approx(r["uniqueness"].to_numpy(), abs=STOPPED_EARLY)
    between = own.factor_correlations.loc["F1", "F2"]
    assert between == pytest.approx(r["between"].iloc[0], abs=STOPPED_EARLY)


@pytest.mark.parametrize("n_factors", [1, 2])
def test_the_fit_agrees_with_psych(n_factors):
    row = fitted(n_factors=n_factors, method="ml").glance().iloc[0]
    table = pd.read_csv(REFERENCE / "expected_fit.csv").set_index("n_factors")
    for name in ("statistic", "df", "p_value", "tli", "rmsr", "rmsea"):
        assert row[name] == pytest.approx(table.loc[n_factors, name], abs=EXACT)


def test_maximum_likelihood_agrees_with_statsmodels():
    own = fitted(method="ml", rotation="none")
    theirs = Factor(corr=answers().corr().to_numpy(), nobs=200, n_factor=2, method="ml").fit()
    assert own.communalities["communality"].to_numpy() == pytest.approx(
        np.asarray(theirs.communality), abs=STOPPED_EARLY
    )


@pytest.mark.parametrize("method", ["minres", "ml", "pa"])
def test_loadings_that_made_the_correlations_come_back(method):
    # Three items correlate .56, .48, .42: loadings .8, .7, .6, as .8 x .7 = .56 and so on.
    loadings, unique, settled = extract(one_factor([0.8, 0.7, 0.6, 0.5]), 1, method)
    assert settled
    assert np.abs(loadings[:, 0]) == pytest.approx([0.8, 0.7, 0.6, 0.5], abs=EXACT)
    assert unique == pytest.approx([0.36, 0.51, 0.64, 0.75], abs=EXACT)


def test_principal_axes_end_where_minres_does():
    axes, squares = fitted(method="pa"), fitted(method="minres")
    assert axes.loadings.to_numpy() == pytest.approx(squares.loadings.to_numpy(), abs=EXACT)


@pytest.mark.parametrize("rotation", ["oblimin", "varimax"])
def test_rotation_changes_no_implied_correlation(rotation):
    plain, turned = fitted(rotation="none"), fitted(rotation=rotation)
    pattern, between = turned.loadings.to_numpy(), turned.factor_correlations.to_numpy()
    before = plain.loadings.to_numpy() @ plain.loadings.to_numpy().T
    assert pattern @ between @ pattern.T == pytest.approx(before, abs=1e-8)
    assert np.diag(between) == pytest.approx([1, 1])


def test_varimax_keeps_factors_apart_and_oblimin_lets_them_correlate():
    assert fitted(rotation="varimax").factor_correlations.loc["F1", "F2"] == 0
    assert fitted(rotation="oblimin").factor_correlations.loc["F1", "F2"] == pytest.approx(
        0.524, abs=0.01
    )


def test_simple_structure_is_found_again_after_it_was_turned():
    simple = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.7], [0, 0.6], [0, 0.5]])
    turn = np.array([[math.cos(0.6), math.sin(0.6)], [-math.sin(0.6), math.cos(0.6)]])
    for rotation in ("varimax", "oblimin"):
        found, between = rotate(simple @ turn, rotation)
        assert found == pytest.approx(simple, abs=EXACT)
        assert between == pytest.approx(np.eye(2), abs=EXACT)


def test_residuals_are_what_the_factors_leave_over():
    found = fitted(method="minres", rotation="none")
    implied = found.loadings.to_numpy() @ found.loadings.to_numpy().T
    left = answers().corr().to_numpy() - implied
    off = ~np.eye(8, dtype=bool)
    assert found.residuals.to_numpy()[off] == pytest.approx(left[off])
    assert found.glance()["rmsr"].item() == pytest.approx(math.sqrt((left[off] ** 2).mean()))


def test_scaling_or_reversing_an_item_changes_at_most_a_sign():
    other = answers().assign(q1=lambda d: 10 * d["q1"] + 3, q2=lambda d: -d["q2"])
    turned = exploratory_factors(other, items=ITEMS, n_factors=2)
    own = fitted().loadings
    assert turned.loadings.loc["q1"].to_numpy() == pytest.approx(own.loc["q1"], abs=EXACT)
    assert turned.loadings.loc["q2"].to_numpy() == pytest.approx(-own.loc["q2"], abs=EXACT)


def test_listwise_is_dropping_people_first():
    holes = answers().astype(float)
    holes.iloc[[0, 3], 2] = np.nan
    holes.iloc[5, 4] = np.nan
    listwise = exploratory_factors(holes, items=ITEMS, n_factors=2, missing="listwise")
    dropped = exploratory_factors(holes.dropna(), items=ITEMS, n_factors=2)
    assert np.array_equal(listwise.loadings, dropped.loadings)
    assert (listwise.n, listwise.n_left_out) == (197, 3)
    pairwise = exploratory_factors(holes, items=ITEMS, n_factors=2)
    assert (pairwise.n, pairwise.n_persons, pairwise.n_left_out) == (197, 200, 0)


def test_a_heywood_case_is_named():
    # r12 r13 / r23 = .8 x .8 / .5 = 1.28: the communality of the first item would exceed 1
    matrix = np.array(
        [[1, 0.8, 0.8, 0.4], [0.8, 1, 0.5, 0.3], [0.8, 0.5, 1, 0.3], [0.4, 0.3, 0.3, 1]]
    )
    people = sample_with(matrix, 300)
    for method in ("minres", "ml", "pa"):
        found = exploratory_factors(people, items=list("abcd"), n_factors=1, method=method)
        assert found.communalities["heywood"].tolist() == [True, False, False, False]
        assert found.communalities["uniqueness"].min() == pytest.approx(0.005)
        assert "the uniqueness of 'a' is at its bound (Heywood case)" in found.sentence()
        assert found.glance()["n_heywood"].item() == 1


def test_too_few_people_are_said_with_the_number_it_takes():
    found = exploratory_factors(answers().head(41), items=ITEMS, n_factors=2)
    row = found.glance().iloc[0]
    assert row["reason"] == ""
    assert row["n_needed"] > 41
    assert row["warning"].startswith(f"n = 41 is below the {row['n_needed']} people")
    assert "Beware: n = 41 is below" in found.sentence()
    # 8 items, 2 factors, mean communality .49: the rule asks for 300, and 200 are here.
    whole = fitted().glance().iloc[0]
    assert (whole["n"], whole["n_needed"]) == (200, 300)
    assert whole["warning"].startswith("n = 200 is below the 300 people")
    enough = exploratory_factors(pd.concat([answers()] * 2), items=ITEMS, n_factors=2).glance()
    assert enough["warning"].item() == ""


def test_no_more_people_than_items_give_no_factors():
    for n, have in ((8, False), (9, True)):
        found = exploratory_factors(answers().head(n), items=ITEMS, n_factors=1)
        assert found.loadings.notna().all(axis=None) == have
    found = exploratory_factors(answers().head(8), items=ITEMS, n_factors=1)
    assert found.glance()["reason"].item() == "8 people are not more than 8 items"
    assert "About 200 people are needed" in found.sentence()
    assert found.tidy()["loading"].isna().all()


def test_a_missing_correlation_gives_no_factors():
    alike = answers().assign(q3=4)
    found = exploratory_factors(alike, items=ITEMS, n_factors=2)
    assert found.glance()["reason"].item() == "a correlation is missing, see item_correlations"
    for frame in (alike.iloc[:0], alike.iloc[:1]):
        assert exploratory_factors(frame, items=ITEMS, n_factors=2).tidy()["loading"].isna().all()


def test_more_parameters_than_correlations_give_no_factors():
    # 4 items, 2 factors: (4 - 2)^2 < 4 + 2; 5 items, 2 factors: 9 >= 7
    for n_items, have in ((4, False), (5, True)):
        found = exploratory_factors(answers(), items=ITEMS[:n_items], n_factors=2)
        assert (found.reason == "") == have


def test_a_search_that_does_not_settle_says_so():
    found = exploratory_factors(answers(), items=ITEMS[:5], n_factors=2, method="pa")
    assert found.reason.startswith("the search did not settle")
    assert found.tidy()["loading"].isna().all()


@pytest.mark.parametrize("method", ["minres", "ml", "pa"])
def test_a_search_cut_short_has_not_settled(method, monkeypatch):
    monkeypatch.setattr(extraction, "MOST_STEPS", 2)
    correlations = answers().corr().to_numpy()
    assert not extraction.extract(correlations, 2, method)[2]


def test_an_indefinite_matrix_stops_maximum_likelihood_and_not_minres():
    # Each pair comes from other people, so that .9, .9 and -.9 meet in one matrix.
    draws = np.random.default_rng(1)
    frames = []
    for first, second, sign in (("a", "b", 1), ("b", "c", 1), ("a", "c", -1)):
        x = draws.normal(size=100)
        frames.append(pd.DataFrame({first: x, second: sign * x + 0.4 * draws.normal(size=100)}))
    people = pd.concat(frames, ignore_index=True)
    found = exploratory_factors(people, items=list("abc"), n_factors=1, method="ml")
    assert "positive definite" in found.reason
    assert exploratory_factors(people, items=list("abc"), n_factors=1).reason == ""


def test_the_test_is_given_where_it_holds():
    assert "chi-square takes" in fitted().glance()["statistic_reason"].item()
    ranked = fitted(method="ml", kind="spearman").glance().iloc[0]
    assert ranked["statistic_reason"] == "chi-square does not hold for spearman correlations"
    assert math.isnan(ranked["statistic"])
    just = exploratory_factors(answers(), items=ITEMS[:3], n_factors=1, method="ml").glance()
    assert just["df"].item() == 0
    assert just["statistic_reason"].item() == "no degree of freedom is left to test with"
    assert "χ²(13) = 10.65, p = .640" in fitted(method="ml").sentence()


def test_the_rule_of_people_needed():
    high, middle, low = np.full(12, 0.7), np.full(12, 0.5), np.full(12, 0.3)
    assert [people_needed(high, m)[0] for m in (1, 4)] == [60, 60]
    assert [people_needed(middle, m)[0] for m in (2, 3)] == [100, 200]
    assert [people_needed(low, m)[0] for m in (2, 3, 4)] == [200, 300, 500]
    assert people_needed(np.full(12, np.nan), 3)[0] == 300
    assert [people_needed(np.full(p, 0.3), 3)[0] for p in (8, 9, 18)] == [500, 300, 200]


def test_a_planted_structure_is_found_in_many_people():
    draws = np.random.default_rng(4)
    pattern = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6], [0.5]]))
    common = draws.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=5000)
    noise = draws.normal(size=(5000, 8)) * np.sqrt(1 - (pattern**2).sum(axis=1))
    cut = np.digitize(common @ pattern.T + noise, [-1, -0.3, 0.4, 1.2])
    people = pd.DataFrame(cut, columns=ITEMS)
    found = exploratory_factors(people, items=ITEMS, n_factors=2, kind="polychoric")
    assert found.loadings.to_numpy() == pytest.approx(pattern, abs=0.05)
    assert found.factor_correlations.loc["F1", "F2"] == pytest.approx(0.3, abs=0.05)


def test_tidy_has_one_row_an_item_and_factor():
    rows = fitted().tidy()
    assert len(rows) == 16
    assert rows.loc[3, ["item", "factor"]].tolist() == ["q2", "F2"]
    assert rows.loc[3, "loading"] == fitted().loadings.loc["q2", "F2"]


def test_what_cannot_be_asked_is_refused():
    for asked, seen in (
        ({"rotation": "promax"}, "'promax'"),
        ({"method": "uls"}, "'uls'"),
        ({"kind": "kendall"}, "'kendall'"),
        ({"missing": "available"}, "'available'"),
        ({"n_factors": 0}, "Seen: 0"),
        ({"n_factors": 8}, "Seen: 8"),
    ):
        with pytest.raises(ArgumentError, match=seen):
            fitted(**asked)
    with pytest.raises(ArgumentError, match="at least 3"):
        exploratory_factors(answers(), items=ITEMS[:2], n_factors=1)


def test_every_column_is_in_the_glossary():
    text = files("cvln_eval").joinpath("glossary.csv").read_text(encoding="utf-8")
    known = {row["column"] for row in csv.DictReader(text.splitlines())}
    found = fitted()
    frames = (found.tidy(), found.glance(), found.communalities)
    assert {column for frame in frames for column in frame.columns} - known == set()


def test_one_factor_that_cannot_be_had_is_said_in_the_singular():
    alike = pd.DataFrame({"a": [3, 3, 3, 3, 3], "b": [1, 2, 3, 4, 5], "c": [2, 1, 4, 3, 5]})
    found = [exploratory_factors(alike, items=list("abc"), n_factors=n).sentence() for n in (1, 2)]
    assert "n = 5 is not available: a correlation is missing" in found[0]
    assert "n = 5 are not available: a correlation is missing" in found[1]


def test_a_share_of_a_factor_is_refused():
    answers = pd.DataFrame(np.random.default_rng(2).normal(size=(30, 4)), columns=list("abcd"))
    with pytest.raises(ArgumentError, match=r"1\.5"):
        exploratory_factors(answers, items=list("abcd"), n_factors=1.5)
