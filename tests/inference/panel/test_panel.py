"""The panel: its rows, its verdicts, what it says, and what it refuses."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.inference.panel import few_cluster_panel, simulated_size
from cvln_eval.inference.panel.judged import LIBERAL, changing_clusters, judged, verdict_of
from cvln_eval.inference.panel.kinds import FOR_MANY, METHODS
from cvln_eval.inference.randomization import randomization_test
from cvln_eval.inference.robust import cluster_robust
from cvln_eval.inference.wild import FewTreatedClustersWarning, wild_bootstrap

SIZES = (7, 7, 8, 8, 11)
QUICK = {"n_simulated": 200, "n_draws": 399, "icc": 0.1}
COLUMNS = [
    "method",
    "estimate",
    "std_error",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "size",
    "size_mc_error",
    "defensible",
    "note",
    "reason",
    "n",
    "n_clusters",
]


def table(effect=0.0, sizes=SIZES, n_treated=2, seed=8):
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    treated = (codes < n_treated).astype(int)
    noise = 0.3 * rng.normal(size=len(sizes))[codes] + rng.normal(size=len(codes))
    return pd.DataFrame(
        {
            "team_id": [f"team {'abcdefghijklmnopqrst'[code]}" for code in codes],
            "treated": treated,
            "visits": np.array([4, 9, 6, 12, 7])[codes % 5],
            "tenure": rng.normal(size=len(codes)),
            "change": effect * treated + noise,
        }
    )


@cache
def default():
    return panel(table())


def panel(data=None, formula="change ~ treated", term="treated", **given):
    data = table() if data is None else data
    return few_cluster_panel(data, formula=formula, term=term, **{**QUICK, **given})


def by_method(found):
    return found.tidy().set_index("method")


def test_columns_and_methods_are_few_and_stable():
    found = default().tidy()
    assert list(found.columns) == COLUMNS
    assert tuple(found["method"]) == METHODS
    assert set(found["n"]) == {41}
    assert set(found["n_clusters"]) == {5}


@pytest.mark.filterwarnings("ignore::cvln_eval.inference.wild.FewTreatedClustersWarning")
def test_rows_are_those_of_the_rooms():
    data, rows = table(0.5), by_method(panel(table(0.5)))
    cr2 = cluster_robust(data, formula="change ~ treated").tidy().set_index("term").loc["treated"]
    wild = wild_bootstrap(data, formula="change ~ treated", term="treated")
    random = randomization_test(data, outcome="change", treatment="treated")
    for column in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert rows.loc["CR2 with Satterthwaite df", column] == pytest.approx(cr2[column])
    for name, one in {"Rademacher wild bootstrap": wild, "randomization test": random}.items():
        for column in ("estimate", "p_value", "smallest_p", "conf_low", "conf_high"):
            assert rows.loc[name, column] == pytest.approx(getattr(one, column))


def test_sizes_are_those_that_the_user_can_simulate_again():
    how = {"formula": "change ~ treated", "term": "treated", "icc": 0.1, "n_simulated": 200}
    again = simulated_size(table(), rng=4, **how).tidy()
    pd.testing.assert_series_equal(panel(rng=4).tidy()["size"], again["size"])


def test_what_a_room_warns_of_is_a_note_and_no_warning():
    # Warnings are errors here: the panel would not come back.
    found = by_method(default())
    assert (
        "'treated' has one of its two values in 2 clusters"
        in found.loc["Webb wild bootstrap", "note"]
    )
    with pytest.warns(FewTreatedClustersWarning):
        wild_bootstrap(table(), formula="change ~ treated", term="treated", n_draws=399)


def test_what_was_made_for_many_clusters_is_shown_and_not_defensible():
    found = by_method(panel(n_simulated=600))
    naive = found.loc[list(FOR_MANY)]
    assert naive["p_value"].notna().all()
    assert not naive["defensible"].any()
    assert "rejects" in naive.loc["clustered z test", "note"]
    assert found.loc["t test of cluster means", "defensible"]


def test_two_of_five_leave_the_exact_tests_no_small_p():
    whole = panel(table(50.0))
    found = by_method(whole)
    assert found.loc["randomization test", "p_value"] == pytest.approx(0.1)
    assert found.loc["Rademacher wild bootstrap", "p_value"] == pytest.approx(0.0625)
    assert "cannot give less than p = .100" in found.loc["randomization test", "note"]
    said = whole.sentence()
    assert "p cannot be below .063 by the Rademacher wild bootstrap and .100 by the rand" in said


def test_an_overwhelming_effect_is_found_by_all_that_can():
    found = panel(table(50.0))
    row = found.glance().iloc[0]
    assert row["verdict"] == "against the null"
    assert row["n_rejecting"] == row["n_able"] > 2
    assert "the data speak against treated = 0" in found.sentence()


def test_no_effect_is_neither_shown_nor_excluded():
    found = default()
    assert found.glance().loc[0, "verdict"] == "not against the null"
    assert "neither that treated differs from 0 nor that it is 0" in found.sentence()


@pytest.mark.parametrize(
    ("p_values", "words"),
    [
        ([0.01, 0.02], "against the null"),
        ([0.01, 0.20], "methods disagree"),
        ([0.30, 0.20], "not against the null"),
        ([0.05, 0.05], "against the null"),
    ],
)
def test_verdicts(p_values, words):
    rows = pd.DataFrame({"p_value": p_values, "smallest_p": 0.0, "defensible": True})
    assert verdict_of(rows, 0.95).words == words
    unable = rows.assign(smallest_p=0.1)
    assert verdict_of(unable, 0.95).words == "no method can tell"
    assert verdict_of(rows.assign(defensible=False), 0.95).words == "no method is defensible"


def test_a_size_beyond_one_and_a_half_times_the_level_is_not_defended():
    answers = (
        panel().tidy().drop(columns=["size", "size_mc_error", "defensible", "n", "n_clusters"])
    )
    for size, defended in ((LIBERAL * 0.05 - 0.001, True), (LIBERAL * 0.05 + 0.001, False)):
        sizes = pd.DataFrame({"method": METHODS, "size": size, "size_mc_error": 0.001})
        rows = judged(answers, sizes, n=41, n_clusters=5, conf_level=0.95).set_index("method")
        assert rows.loc["jackknife with t(G - 1)", "defensible"] == defended


def test_disagreeing_methods_are_said_to_disagree():
    for seed in range(20):
        found = panel(table(1.2, seed=seed), n_simulated=20)
        if found.glance().loc[0, "verdict"] == "methods disagree":
            assert "The defensible methods disagree" in found.sentence()
            return
    pytest.fail("no data set on which the methods disagree")


def test_leaving_out_a_cluster_is_the_panel_without_it():
    data = table(1.0)
    omitted = panel(data).leave_one_out().set_index("left_out")
    assert list(omitted.index) == ["none", "team a", "team b", "team c", "team d", "team e"]
    for left_out in ("team a", "team d"):
        rest = by_method(panel(data[data["team_id"] != left_out], n_simulated=2))
        own = omitted.loc[left_out]
        for column in ("estimate", "std_error", "df", "p_value", "conf_low"):
            assert own[column] == pytest.approx(rest.loc["t test of cluster means", column])
        assert (own["n"], own["n_clusters"]) == (len(data[data["team_id"] != left_out]), 4)


def test_one_cluster_that_makes_the_result_is_named():
    # Means 1, 1.2 of treated, 1.3, 1.5, -3 of others: 1.167 with all, -0.3 without the last.
    data = table()
    within = data["change"] - data.groupby("team_id")["change"].transform("mean")
    means = dict(zip(sorted(set(data["team_id"])), [1, 1.2, 1.3, 1.5, -3], strict=True))
    found = panel(data.assign(change=within + data["team_id"].map(means)))
    omitted = found.leave_one_out().set_index("left_out")
    assert omitted.loc["none", "estimate"] == pytest.approx(1.1 - -0.2 / 3)
    assert omitted.loc["team e", "estimate"] == pytest.approx(-0.3)
    assert "the estimate changes its sign without team e" in found.sentence()
    assert found.glance().loc[0, "n_changing"] == 1


def test_without_the_only_treated_cluster_there_is_no_estimate():
    found = panel(table(1.0, n_treated=1))
    lost = found.leave_one_out().set_index("left_out").loc["team a"]
    assert np.isnan(lost["estimate"])
    assert lost["reason"] == "without this cluster the term cannot be estimated"
    assert "there is no test without team a" in found.sentence()
    rows = by_method(found)
    assert np.isnan(rows.loc["CR2 with Satterthwaite df", "p_value"])
    assert rows.loc["randomization test", "smallest_p"] == pytest.approx(1 / 5)
    assert "one cluster alone sets the slope" in rows.loc["randomization test", "note"]


@pytest.mark.parametrize(
    ("formula", "term", "said", "without"),
    [
        (
            "change ~ 1",
            "Intercept",
            "the mean of change differs from 0",
            {"t test of cluster slopes", "randomization test"},
        ),
        ("change ~ visits", "visits", "estimate of visits", {"t test of cluster slopes"}),
        (
            "change ~ treated + tenure",
            "treated",
            "estimate of treated",
            {"t test of cluster slopes"},
        ),
        (
            "change ~ treated + tenure",
            "tenure",
            "estimate of tenure",
            {"t test of cluster means", "randomization test"},
        ),
    ],
)
def test_kinds_of_terms(formula, term, said, without):
    found = panel(formula=formula, term=term)
    rows = found.tidy()
    nothing = rows[rows["p_value"].isna()]
    assert set(nothing["method"]) == without
    assert (nothing["reason"] != "").all()
    assert (rows.loc[rows["p_value"].notna(), "estimate"].notna()).all()
    assert said in found.sentence()


def test_an_interaction_is_not_randomized_with_its_parts_left_behind():
    rows = by_method(panel(formula="change ~ treated * tenure", term="treated"))
    assert "made of this one" in rows.loc["randomization test", "reason"]


def test_a_level_of_a_factor_is_not_randomized_alone():
    data = table().assign(
        mode=lambda rows: rows["visits"].map(dict.fromkeys([4, 9], "a")).fillna("b")
    )
    data.loc[data["team_id"] == "team e", "mode"] = "c"
    rows = by_method(panel(data, "change ~ mode", "mode[T.b]", n_simulated=5))
    assert "several levels" in rows.loc["randomization test", "reason"]
    data = data[data["mode"] != "c"]
    rows = by_method(panel(data, "change ~ mode", "mode[T.b]", n_simulated=5))
    assert rows.loc["randomization test", "smallest_p"] == pytest.approx(2 / 6)


def test_dummies_of_clusters_leave_the_mixed_model_without_an_answer():
    rows = by_method(panel(formula="change ~ tenure + C(team_id)", term="tenure", n_simulated=20))
    mixed = rows.loc[["mixed model with Satterthwaite df", "mixed model z test"]]
    assert mixed[["p_value", "size"]].isna().all(axis=None)
    assert (mixed["reason"] != "").all()
    assert rows.loc["CR2 with Satterthwaite df", "p_value"] > 0


def test_rows_with_missing_values_are_counted():
    data = table()
    data.loc[[0, 5], "change"] = np.nan
    found = panel(data)
    assert found.glance().loc[0, ["n", "n_left_out"]].tolist() == [39, 2]
    assert "(39 rows in 5 clusters, 2 rows left out)" in found.sentence()


@pytest.mark.parametrize(
    ("data", "formula", "term", "reason"),
    [
        (table(sizes=(9,), n_treated=0), "change ~ 1", "Intercept", "one cluster does not show"),
        (table().assign(change=3.0), "change ~ treated", "treated", "fits every row exactly"),
        (table().assign(change=0.0), "change ~ treated", "treated", "fits every row exactly"),
        (table(n_treated=0), "change ~ treated", "treated", "determine each other"),
        (table().head(2), "change ~ tenure", "tenure", "one cluster"),
    ],
)
def test_what_cannot_be_answered_says_why_and_does_not_crash(data, formula, term, reason):
    found = panel(data, formula, term)
    rows = found.tidy()
    assert rows[["estimate", "p_value", "size"]].isna().all(axis=None)
    assert rows["reason"].str.contains(reason).all()
    assert not rows["defensible"].any()
    assert found.leave_one_out().empty
    assert reason in found.sentence()
    assert found.glance().loc[0, "verdict"] == "no method is defensible"


def test_two_clusters_leave_no_defensible_t():
    found = panel(table(sizes=(9, 9), n_treated=1))
    assert by_method(found).loc["t test of cluster means", "reason"].startswith("2 cluster means")
    assert (
        "There is no defensible method that can reach p ≤ .05 in this design." in found.sentence()
    )


def test_a_term_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ArgumentError, match=r"(?s)'Intercept', 'treated'.*'coached'"):
        panel(term="coached")
    with pytest.raises(ArgumentError, match="lacks a column"):
        panel(table().drop(columns="team_id"))
    with pytest.raises(ArgumentError, match="2"):
        panel(conf_level=2)


def test_the_same_seed_gives_the_same_panel():
    pd.testing.assert_frame_equal(panel(n_simulated=40).tidy(), panel(n_simulated=40).tidy())


def test_order_of_rows_does_not_matter():
    data = table(0.5)
    mixed = data.sample(frac=1, random_state=1)
    one, other = panel(data, n_simulated=40).tidy(), panel(mixed, n_simulated=40).tidy()
    for column in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        np.testing.assert_allclose(one[column], other[column], rtol=1e-6)


def test_no_star_is_ever_given():
    found = panel(table(50.0))
    assert "*" not in found.sentence() + found.tidy().to_string()


def test_every_column_is_in_the_glossary():
    found, sizes = (
        panel(n_simulated=5),
        simulated_size(table(), formula="change ~ treated", term="treated", n_simulated=5),
    )
    frames = [found.tidy(), found.glance(), found.leave_one_out(), sizes.tidy(), sizes.glance()]
    columns = {column for frame in frames for column in frame.columns}
    assert columns - set(glossary()["column"]) == set()


@pytest.mark.parametrize("outcome", [np.full(41, 3.0), np.zeros(41)])
def test_an_outcome_alike_everywhere_leaves_no_likeness_to_estimate(outcome):
    data = table().assign(change=outcome)
    for formula, term in (
        ("change ~ treated + tenure + visits", "tenure"),
        ("change ~ 1", "Intercept"),
    ):
        found = few_cluster_panel(data, formula=formula, term=term, n_draws=49, n_simulated=5)
        assert found.reason == "the regression fits every row exactly"
        assert np.isnan(found.icc.estimate)
        made = simulated_size(data, formula=formula, term=term, n_simulated=5)
        assert (made.n_draws, made.icc.used) == (5, 0.05)


def test_slopes_that_are_rounding_have_no_test():
    # Within clusters the outcome does not vary: its slopes there are nought, to rounding.
    data = table()
    data["own"] = data["tenure"] - data.groupby("team_id")["tenure"].transform("mean")
    data["change"] = 1.0 + 2.0 * data["treated"]
    found = panel(data, formula="change ~ visits + own", term="own")
    few = found.tidy()[~found.tidy()["method"].isin(list(FOR_MANY))]
    assert few["p_value"].isna().all()
    assert (few["reason"] != "").all()
    assert not few["reason"].str.contains("tested|explain y").any()
    assert found.leave_one_out()["p_value"].isna().all()
    assert "No method for few clusters has an answer: no test of own = 0" in found.sentence()


@pytest.mark.parametrize("units", [1e8, 1e-8])
def test_the_units_of_controls_do_not_matter(units):
    numbers = ["estimate", "std_error", "df", "p_value", "smallest_p", "size"]
    one = by_method(panel(table(), formula="change ~ treated + tenure + visits", n_simulated=20))
    scaled = table().assign(
        tenure=lambda data: units * data["tenure"], visits=lambda data: units * data["visits"]
    )
    other = by_method(panel(scaled, formula="change ~ treated + tenure + visits", n_simulated=20))
    pd.testing.assert_frame_equal(one[numbers], other[numbers], rtol=1e-6)


def test_the_sentence_names_terms_and_levels_in_words():
    data = table().rename(columns={"treated": "was treated"})
    found = few_cluster_panel(
        data,
        formula="change ~ Q('was treated')",
        term="Q('was treated')",
        conf_level=0.999,
        **QUICK,
    )
    assert "estimate of was treated is" in found.sentence()
    assert "99.9% intervals" in found.sentence()
    assert found.glance()["term"].item() == "Q('was treated')"
    constant = panel(table(), formula="change ~ treated", term="Intercept")
    assert "estimate of the constant is" in constant.sentence()
    nothing = panel(table().iloc[:7], formula="change ~ 1", term="Intercept")
    assert nothing.sentence().startswith("Nothing can be concluded about the mean of change: ")


@pytest.mark.parametrize("icc", ["0.1", np.nan, 1.5])
def test_an_icc_that_is_no_share_is_refused(icc):
    with pytest.raises(ArgumentError, match=f"share(?s:.)*{icc!r}"):
        few_cluster_panel(table(), formula="change ~ treated", term="treated", icc=icc)


def test_one_method_is_not_counted():
    rows = default().tidy()
    one = rows["method"] == "t test of cluster means"
    for p_value, said in ((0.5, "The one defensible method that"), (0.01, "The one defensible")):
        changed = rows.assign(defensible=one, p_value=rows["p_value"].where(~one, p_value))
        sentence = replace(default(), rows=changed).sentence()
        assert said in sentence
        assert "one 1" not in sentence


@pytest.mark.parametrize("wrong", ["a", 2.5, 0])
def test_draws_that_are_no_number_are_refused(wrong):
    with pytest.raises(ArgumentError, match=f"Draws(?s:.)*{wrong!r}"):
        few_cluster_panel(table(), formula="change ~ treated", term="treated", n_draws=wrong)


def test_a_cluster_that_turns_the_sign_is_not_named_for_p_too():
    omitted = pd.DataFrame(
        {
            "left_out": ["none", "a", "b", "c"],
            "estimate": [1.0, -1.0, 1.0, 1.0],
            "p_value": [0.01, 0.4, 0.4, 0.02],
            "reason": "",
        }
    )
    assert changing_clusters(omitted, 0.95) == (["a"], ["b"])


@pytest.mark.parametrize(("smallest", "able"), [(0.05, 1), (0.0500001, 0)])
def test_a_method_whose_least_p_is_the_level_can_reject(smallest, able):
    # One of 20 clusters treated: the least p of the randomization test is 1/20, and 1 - .95 is
    # .050000000000000044.
    rows = default().tidy()
    one = rows["method"] == "randomization test"
    changed = rows.assign(defensible=one, p_value=smallest, smallest_p=smallest)
    verdict = verdict_of(changed, 0.95)
    assert (len(verdict.able), len(verdict.rejecting)) == (able, able)


def test_a_reason_names_the_cluster_and_no_column_of_our_own():
    table = pd.DataFrame({"team_id": list("abcde"), "dose": [27, 32, 40, 40, 53]})
    table["change"] = [0.8, 1.2, 0.9, 1.6, 1.8]
    found = few_cluster_panel(
        table, formula="change ~ dose", term="dose", n_draws=99, n_simulated=20
    )
    reasons = found.tidy().set_index("method")["reason"]
    mixed = reasons["mixed model with Satterthwaite df"]
    assert mixed == "cluster has 5 random effects for 5 rows"


def test_a_p_of_exactly_the_level_rejects_in_words_as_in_the_count():
    rows = default().tidy()
    found = replace(
        default(), rows=rows.assign(p_value=rows["p_value"].where(rows["p_value"].isna(), 0.05))
    )
    assert found.glance().loc[0, "n_rejecting"] == found.glance().loc[0, "n_able"]
    assert "that can reach p ≤ .05 do (p = .050;" in found.sentence()
    assert "p <" not in found.sentence().split("Not to be")[0]
