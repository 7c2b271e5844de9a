"""Who collaborates more: the book's tests of people, run again."""

import csv

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import network_panel
from cvln_eval.networks.persons import (
    p1,
    permutation_anova,
    permutation_regression,
    permutation_t,
)

DRAWS = {"n_draws": 9999, "rng": 1}


@pytest.fixture(scope="module")
def panel(school_leaders):
    """Four networks of ties of 3 or more; a row of noughts is an answer, as the book takes it."""
    study = school_leaders
    people = study.table("people")
    trust = people["trust"].astype(float)
    # The book's groups: beyond one standard deviation of trust below and above its mean.
    cuts = [-np.inf, trust.mean() - trust.std(), trust.mean() + trust.std(), np.inf]
    people["trust_group"] = pd.cut(trust, cuts, labels=["low", "middle", "high"]).astype("str")
    tables = [study.table(name) for name in ("ties", "memberships", "respondents")]
    return network_panel(*tables, people=people, threshold=3, not_known="answered")


@pytest.fixture(scope="module")
def printed(real_data):
    """Return published value and tolerance by quantity."""
    path = real_data.parent / "reference" / "school_leaders_book.csv"
    if not path.is_file():
        pytest.skip("the published values are not on this machine")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["quantity"]: pytest.approx(float(row["published"]), abs=float(row["tolerance"] or 0))
        for row in rows
    }


@pytest.fixture(scope="module")
def first(panel):
    """Collaboration in the first year."""
    return panel.network(wave="1", relation="collaboration")


def test_figure_9_2_district_leaders_do_not_name_more_than_chance_gives(first, printed):
    row = permutation_t(first, outcome="out_degree", by="level", **DRAWS).tidy().iloc[0]
    assert row["term"] == "site minus central_office"
    assert -row["estimate"] == printed["t-test mean diff out-degree"]
    assert row["p_less"] == printed["perm one-tailed p (district>school)"]
    assert row["p_greater"] == printed["perm other tail"]
    assert row["p_value"] == printed["perm two-tailed p"]


def test_figure_9_3_trust_does_not_tell_how_many_a_leader_names(first, printed):
    result = permutation_anova(first, outcome="out_degree", by="trust_group", **DRAWS)
    rows = result.tidy().set_index("term")
    assert result.groups().set_index("group")["n"].to_dict() == {"high": 11, "low": 9, "middle": 23}
    named = {"treatment": "trust_group", "error": "residual", "total": "total"}
    for name, term in named.items():
        assert rows.loc[term, "sum_of_squares"] == printed[f"ANOVA SS {name}"]
    assert rows["df"].tolist() == [2, 40, 42]
    assert rows.loc["trust_group", "statistic"] == printed["ANOVA F(2,40)"]
    assert rows.loc["trust_group", "eta_squared"] == printed["ANOVA eta2"]
    assert rows.loc["trust_group", "p_value"] == printed["ANOVA perm p"]


def test_figure_9_4_attributes_explain_little_of_how_many_a_leader_names(first, printed):
    terms = ["trust", "male", "level"]
    found = permutation_regression(first, outcome="out_degree", terms=terms, method="y", **DRAWS)
    rows = found.tidy().set_index("term")
    assert rows.loc["model", "r_squared"] == printed["OLS R2"]
    assert rows.loc["model", "statistic"] == printed["OLS F"]
    named = {"trust": "b trust", "male": "b male", "level: site": "b school"}
    for term, name in (named | {"Intercept": "intercept"}).items():
        assert rows.loc[term, "estimate"] == printed[f"OLS {name}"]
    # Print has .002, which the formula 1 - (1 - R2) 42 / 39 does not give.
    assert rows.loc["model", "r_squared_adjusted"] == pytest.approx(0.0223, abs=5e-5)
    assert rows.loc["model", "r_squared_adjusted"] != printed["OLS adjusted R2"]


def test_table_9_4_reciprocity_and_choice(panel, printed):
    network = panel.network(wave="3", relation="confidential")
    rows = p1(network).tidy().set_index("term")
    assert rows.loc["rho", "estimate"] == printed["p1 reciprocity rho (conf3)"]
    assert rows.loc["theta", "estimate"] == printed["p1 density theta (conf3)"]
    # By direct maximum likelihood, as far as is known of the published fit.
    assert rows.loc["rho", "estimate"] == pytest.approx(4.117, abs=5e-4)
    assert rows.loc["theta", "estimate"] == pytest.approx(-3.70, abs=5e-3)
