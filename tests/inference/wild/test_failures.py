"""What cannot be tested says why; what cannot be meant is refused."""

import math

import numpy as np
import pandas as pd
import pytest
from wild_designs import clustered

from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.inference.design import cluster_design
from cvln_eval.inference.wild import (
    FewTreatedClustersWarning,
    wild_bootstrap,
    wild_draws,
    wild_p_values,
)

TABLE = clustered()


def run(table=TABLE, *, formula="change ~ visits", term="visits", **given):
    return wild_bootstrap(table, formula=formula, term=term, **given)


def is_nothing(found):
    return all(math.isnan(v) for v in (found.p_value, found.estimate, found.conf_low))


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"draws": "normal"}, "'normal'"),
        ({"term": "visit"}, "'visit'"),
        ({"term": []}, "none"),
        ({"term": ["visits", "visits"]}, "'visits'"),
        ({"n_draws": 0}, "0"),
        ({"n_draws": 1.5}, "1.5"),
        ({"conf_level": 95.0}, "95.0"),
        ({"null_value": [0.0, 1.0]}, r"\[0.0, 1.0\]"),
        ({"null_value": math.nan}, "nan"),
        ({"cluster": "district"}, "district"),
    ],
)
def test_arguments_are_refused_with_what_was_seen(given, seen):
    with pytest.raises(ArgumentError, match=seen):
        run(**given)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ArgumentError, match=r"\(4,\), \(4, 1\), \(4,\)"):
        wild_p_values(np.ones(4), np.ones((4, 1)), np.arange(4), 0)
    with pytest.raises(ArgumentError, match="0"):
        wild_p_values(np.ones((4, 1)), np.ones((4, 1)), np.arange(4), 0, n_draws=0)
    with pytest.raises(ArgumentError, match="'rad'"):
        wild_p_values(np.ones((4, 1)), np.ones((4, 1)), np.arange(4), 0, draws="rad")


@pytest.mark.parametrize(
    ("table", "given", "reason"),
    [
        (TABLE.assign(change=np.nan), {}, "no row is complete"),
        (TABLE.assign(team_id="a"), {}, "one cluster has no variance between"),
        (TABLE.head(1), {}, "one cluster"),
        (TABLE.assign(change=3.0), {}, "no variance to test 'visits'"),
        (TABLE.assign(change=2 * TABLE["visits"] + 1), {}, "no variance to test 'visits'"),
        (TABLE.assign(visits=2.0), {}, "the other terms determine 'visits'"),
        (TABLE, {"formula": "change ~ visits + C(team_id)"}, "the other terms determine 'visits'"),
        (
            TABLE[TABLE["team_id"] < "t3"],
            {"formula": "change ~ visits * tenure", "term": ["visits", "tenure", "visits:tenure"]},
            "no variance to test 'visits', 'tenure', 'visits:tenure'",
        ),
    ],
)
def test_what_cannot_be_tested_is_nan_with_a_reason(table, given, reason):
    found = run(table, **given)
    assert is_nothing(found)
    assert reason in found.reason
    assert reason in found.sentence()
    assert (found.n_draws, found.pieces) == (0, ())
    assert found.glance()["n_pieces"].item() == 0


@pytest.mark.filterwarnings("ignore:'network' has")
def test_a_treated_and_an_untreated_cluster_alone_are_no_test():
    two = TABLE[TABLE["team_id"] < "t2"].assign(network=lambda t: (t["team_id"] == "t0") * 1.0)
    found = run(two, formula="change ~ network", term="network")
    assert "no variance to test 'network'" in found.reason


def test_outcomes_without_a_test_are_nan_alone():
    codes = np.repeat(np.arange(5), 4)
    x = np.column_stack([np.ones(20), codes])
    y = np.column_stack([np.ones(20), np.random.default_rng(0).normal(size=20)])
    found = wild_p_values(y, x, codes, 1)
    assert np.isnan(found[0])
    assert 0 < found[1] <= 1
    assert np.isnan(wild_p_values(y, x, np.zeros(20), 1)).all()
    assert np.isnan(wild_p_values(y, np.ones((20, 2)), codes, 1)).all()
    assert wild_p_values(y[:, :0], x, codes, 1).shape == (0,)


def test_arrays_say_why_there_are_no_draws():
    design = cluster_design(TABLE.assign(team_id="a"), formula="change ~ 1", cluster="team_id")
    assert wild_draws(design, 0) == "one cluster has no variance between"


def test_rows_that_are_left_out_are_counted():
    table = TABLE.assign(tenure=TABLE["tenure"].where(TABLE.index > 2))
    found = run(table, formula="change ~ visits + tenure")
    assert (found.n, found.n_left_out, found.n_clusters) == (len(TABLE) - 3, 3, 5)
    dropped = run(table.dropna(), formula="change ~ visits + tenure")
    assert found.p_value == dropped.p_value


def network(treated, clusters=10):
    table = clustered(sizes=(4,) * clusters)
    return table.assign(network=(table["team_id"].str[1:].astype(int) < treated) * 1)


@pytest.mark.parametrize(("treated", "few"), [(1, 1), (2, 2), (3, 3), (7, 3), (9, 1)])
def test_few_treated_or_untreated_clusters_are_warned_of(treated, few):
    with pytest.warns(FewTreatedClustersWarning, match=f"'network' .* in {few} cluster"):
        found = run(network(treated), formula="change ~ network", term="network")
    assert f"in {few} cluster" in found.caution
    assert "Caution: 'network' has one of its two values" in found.sentence()


def test_a_treated_wave_of_few_clusters_is_warned_of():
    table = network(2)
    table["treated_wave"] = table["network"] * (np.arange(len(table)) % 2)
    with pytest.warns(FewTreatedClustersWarning, match="in 2 clusters"):
        run(table, formula="change ~ treated_wave", term="treated_wave")


def test_enough_treated_clusters_and_other_regressors_are_not():
    found = run(network(4), formula="change ~ network", term="network")
    assert found.caution == ""
    # few treated clusters are of no account for another term
    assert run(network(2), formula="change ~ network + tenure", term="tenure").caution == ""


def test_every_column_is_defined():
    found = run()
    columns = set(found.tidy().columns) | set(found.glance().columns)
    assert columns - set(glossary()["column"]) == set()


def test_sentences():
    found = run(draws="webb", null_value=0.5)
    assert found.sentence().startswith(
        f"The coefficient of visits on change was {found.estimate:.2f} (SE = {found.std_error:.2f})"
    )
    assert "against 0.5" in found.sentence()
    assert "all 7,776 Webb draws, p is the share with |t*| >= |t|" in found.sentence()
    assert "95% confidence set [" in found.sentence()
    assert found.null_hypothesis == "the coefficient of visits is 0.5"
    drawn = run(draws="webb", n_draws=99)
    assert "99 Webb draws, p is (c + 1) / (n + 1) with c draws of |t*| >= |t|" in drawn.method
    joint = run(formula="change ~ visits + tenure", term=["visits", "tenure"])
    assert joint.sentence().startswith("Joint test of visits and tenure on change: F = ")
    assert joint.null_hypothesis == "the coefficients are visits = 0 and tenure = 0"
    assert joint.reason == "several terms have no interval"
    assert joint.tidy()["df1"].item() == 2
    free = run(clustered(effect=1e6), impose_null=False)
    assert "p = 0 (no draw as extreme)" in free.sentence()
    assert "cannot be below" not in free.sentence()


def test_one_row_is_one_row_in_words():
    assert run(TABLE.head(1)).sentence() == (
        "No test of visits on change (1 row in 1 cluster): one cluster has no variance between."
    )


def test_printed_form_is_one_row():
    assert isinstance(run().tidy(), pd.DataFrame)
    assert len(run().tidy()) == len(run().glance()) == 1


def test_sentences_name_terms_in_words():
    table = TABLE.rename(columns={"visits": "visits made"})
    formula, term = "change ~ Q('visits made') + tenure", "Q('visits made')"
    assert "coefficient of visits made on" in run(table, formula=formula, term=term).sentence()
    joint = run(table, formula=formula, term=[term, "tenure"])
    assert joint.sentence().startswith("Joint test of visits made and tenure on change")
