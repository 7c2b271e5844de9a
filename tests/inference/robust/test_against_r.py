"""Variances, df and tests beside clubSandwich 0.5.8; see tests/reference/robust/make.R."""

import numpy as np
import pytest

from cvln_eval.inference.robust import cluster_robust

KEY = ["design", "formula", "weighted", "kind"]
NUMBERS = ["estimate", "std_error", "statistic", "df", "p_value", "conf_low", "conf_high"]
# The CSV files carry 15 digits; both sides solve the same small systems in another order.
ROUNDING = {"rtol": 1e-9, "atol": 1e-12}
EFFECTS = {
    "factor(team_id)": "team_id",
    "factor(wave)": "wave",
    "factor(person_id)": "person_id",
    "factor(team_id):factor(wave)": "team_wave",
}


def as_here(formula, *, absorbed):
    """Return the formula without its fixed effects and these, or with them as dummies."""
    outcome, right = formula.split(" ~ ")
    parts = right.split(" + ")
    effects = [EFFECTS[part] for part in parts if part in EFFECTS]
    kept = [part for part in parts if part not in EFFECTS]
    if not absorbed:
        kept, effects = kept + [f"C({effect})" for effect in effects], []
    return f"{outcome} ~ {' + '.join(kept)}", effects


def fitted(table, formula, weighted, kind, *, absorbed):
    formula, effects = as_here(formula, absorbed=absorbed)
    weights = "weight" if weighted else None
    return cluster_robust(table, formula=formula, kind=kind, weights=weights, absorb=effects)


def cases(reference, *, one_treated=False):
    table = reference["coefficients"]
    table = table.assign(term=table["term"].replace({"(Intercept)": "Intercept"}))
    for key, rows in table.groupby(KEY):
        if (key[0] == "one_treated") == one_treated:
            yield key, rows.set_index("term")


@pytest.mark.parametrize("absorbed", [True, False], ids=["absorbed", "dummies"])
def test_coefficients_are_those_of_coef_test_and_conf_int(reference, designs, absorbed):
    # coef_test(lm(formula, table, weights), vcovCR(fit, team_id, kind), test = "Satterthwaite")
    # and conf_int(fit, vcovCR(fit, team_id, kind), level = 0.95)
    seen = 0
    for (design, *key), expected in cases(reference):
        found = fitted(designs[design], *key, absorbed=absorbed).tidy().set_index("term")
        label = f"{design} {key}"
        np.testing.assert_allclose(
            found.loc[expected.index, NUMBERS], expected[NUMBERS], **ROUNDING, err_msg=label
        )
        seen += len(expected)
    assert seen == len(reference["coefficients"]) - 12


def test_where_one_team_is_treated_only_what_it_does_not_carry_is_tested(reference, designs):
    for (design, *key), expected in cases(reference, one_treated=True):
        result = fitted(designs[design], *key, absorbed=False)
        found = result.tidy().set_index("term")
        own = ["Intercept", "x"]
        np.testing.assert_allclose(found.loc[own, NUMBERS], expected.loc[own, NUMBERS], **ROUNDING)
        assert found.loc["treated", NUMBERS[1:]].isna().all()
        assert "without cluster 'C'" in found.loc["treated", "reason"]
        # The pseudo-inverse, as clubSandwich has it, is kept where nobody takes it for a test.
        variance = np.diag(result.vcov().loc[expected.index, expected.index])
        np.testing.assert_allclose(np.sqrt(variance), expected["std_error"], **ROUNDING)
        np.testing.assert_allclose(result.found.df, expected["df"], **ROUNDING)


def test_joint_tests_are_those_of_wald_test(reference, designs):
    # Wald_test(fit, constrain_zero(terms, coefs = coef(fit)), vcovCR(...), test = "HTZ")
    table = reference["joint_tests"]
    table = table[table["design"] != "one_treated"]
    assert len(table) > 80
    for (design, *key), rows in table.groupby(KEY):
        result = fitted(designs[design], *key, absorbed=True)
        for _, expected in rows.iterrows():
            found = result.test(expected["terms"].split()).tidy().iloc[0]
            columns = ["statistic", "df1", "df2", "p_value"]
            np.testing.assert_allclose(
                found[columns].astype(float), expected[columns].astype(float), **ROUNDING
            )
