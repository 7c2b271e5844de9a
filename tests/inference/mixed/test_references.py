"""Mixed models beside lme4 1.1-31, lmerTest 3.1-3 and pbkrtest 0.5.2: tests/reference/mixed."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.inference.mixed import likelihood_ratio_test, mixed_model, one_way_reml

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "mixed"
# BOBYQA stops where theta moves by 1e-10, but the deviance is flat to rounding some 1e-7 of theta
# around its least value. Coefficients, likelihood and F feel that less than the variances do.
COEFFICIENT = {"rtol": 1e-6, "atol": 1e-9}
VARIANCE = {"rtol": 1e-4, "atol": 1e-6}
LIKELIHOOD = {"rtol": 0, "atol": 1e-7}
# lmerTest differentiates numerically (numDeriv) at lme4's theta.
FREEDOM = {"rtol": 1e-4}
# Both sides search the other parameters anew at each step of the root finding.
BOUND = {"rtol": 2e-4}

SLOPE = {"team_id": "1", "person_id": "1 + time"}
MODELS = {
    # lmer(trust ~ time * treat + hours + (1 | team_id) + (1 + time | person_id), panel)
    "slope": ("trust ~ time * treat + hours", SLOPE, True),
    "slope_ml": ("trust ~ time * treat + hours", SLOPE, False),
    "two_level": ("trust ~ time + hours", {"person_id": "1"}, True),
    "singular": ("flat ~ time * treat", {"team_id": "1", "person_id": "1"}, True),
    "crossed": ("trust ~ time * treat", {"team_now": "1", "person_id": "1 + time"}, True),
    "team_slope": ("trust ~ time * treat", {"team_id": "1 + time", "person_id": "1 + time"}, True),
}
WITH_KENWARD_ROGER = [name for name, (_, _, reml) in MODELS.items() if reml]


@cache
def panel():
    return pd.read_csv(REFERENCE / "panel.csv")


@cache
def expected(model, what):
    rows = pd.read_csv(REFERENCE / "expected.csv")
    rows = rows[(rows["model"] == model) & (rows["what"] == what)]
    return rows.set_index("name")["value"].astype(float)


@cache
def fitted(model, df="satterthwaite"):
    formula, random, reml = MODELS[model]
    return mixed_model(panel(), formula=formula, random=random, reml=reml, df=df)


def column(found, name):
    return found.tidy().set_index("term")[name]


def joint_terms(model):
    return [term for term in ("time", "treat") if term in expected(model, "estimate").index]


@pytest.mark.parametrize("model", MODELS)
def test_coefficients_and_their_errors_are_those_of_lmer(model):
    for name in ("estimate", "std_error"):
        in_r = expected(model, name)
        np.testing.assert_allclose(column(fitted(model), name)[in_r.index], in_r, **COEFFICIENT)


@pytest.mark.parametrize("model", MODELS)
def test_degrees_of_freedom_are_those_of_lmer_test(model):
    # coef(summary(m)): Satterthwaite
    for name, tolerance in (("df", FREEDOM), ("p_value", FREEDOM)):
        in_r = expected(model, name)
        np.testing.assert_allclose(column(fitted(model), name)[in_r.index], in_r, **tolerance)


@pytest.mark.parametrize("model", WITH_KENWARD_ROGER)
def test_kenward_roger_is_that_of_pbkrtest(model):
    # coef(summary(m, ddf = "Kenward-Roger"))
    found = fitted(model, "kenward-roger")
    for name, in_r in (("std_error", "kr_std_error"), ("df", "kr_df")):
        values = expected(model, in_r)
        np.testing.assert_allclose(column(found, name)[values.index], values, rtol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_joint_tests_are_those_of_lmer_test_and_pbkrtest(model):
    # contest(m, L, joint = TRUE) and pbkrtest::KRmodcomp(m, L)
    methods = {"satterthwaite": "joint", "kenward-roger": "kr_joint"}
    for df, what in methods.items():
        if df == "kenward-roger" and model not in WITH_KENWARD_ROGER:
            continue
        row = fitted(model, df).test(joint_terms(model)).tidy().iloc[0]
        for name, value in expected(model, what).items():
            np.testing.assert_allclose(row[name], value, **FREEDOM, err_msg=f"{df} {name}")


@pytest.mark.parametrize("model", MODELS)
def test_likelihood_and_its_criteria_are_those_of_lmer(model):
    # logLik(m), AIC(m), BIC(m), isSingular(m)
    row = fitted(model).glance().iloc[0]
    in_r = expected(model, "glance")
    for name in ("log_likelihood", "aic", "bic"):
        np.testing.assert_allclose(row[name], in_r[name], **LIKELIHOOD, err_msg=name)
    assert row["singular"] == bool(in_r["singular"])
    assert row["converged"]


@pytest.mark.parametrize("model", MODELS)
def test_variances_and_correlations_are_those_of_lmer(model):
    # as.data.frame(VarCorr(m)): vcov
    fit = fitted(model).fit
    found = {"residual|": fit.variance}
    for factor, covariance in zip(fit.design.factors, fit.covariances(), strict=True):
        for i, effect in enumerate(factor.effects):
            found[f"{factor.name}|{effect}"] = covariance[i, i]
            for j in range(i):
                found[f"{factor.name}|{factor.effects[j]}, {effect}"] = covariance[i, j]
    in_r = expected(model, "vcov")
    assert set(found) == set(in_r.index)
    np.testing.assert_allclose([found[name] for name in in_r.index], in_r, **VARIANCE)


@pytest.mark.parametrize("model", ["slope", "crossed"])
def test_predicted_effects_and_their_conditional_sd_are_those_of_ranef(model):
    # as.data.frame(ranef(m, condVar = TRUE))
    found = fitted(model).random_effects()
    found.index = found[["grouping", "grouping_level", "effect"]].agg("|".join, axis=1)
    for name, what in (("estimate", "ranef"), ("sd_conditional", "ranef_sd")):
        in_r = expected(model, what)
        assert len(in_r) == len(found)
        np.testing.assert_allclose(found[name][in_r.index], in_r, rtol=1e-4, atol=1e-6)
    assert (found["std_error"] > found["sd_conditional"]).all()


SMALLER = {
    "team": ("trust ~ time * treat + hours", {"person_id": "1 + time"}),
    "person_slope": ("trust ~ time * treat + hours", {"team_id": "1", "person_id": "1"}),
    "treat": ("trust ~ time + hours", SLOPE),
}


@pytest.mark.parametrize("which", SMALLER)
def test_likelihood_ratios_are_those_of_anova(which):
    # anova(smaller, larger) of fits by maximum likelihood; ours refits what was fitted by REML
    formula, random = SMALLER[which]
    smaller = mixed_model(panel(), formula=formula, random=random)
    found = likelihood_ratio_test(fitted("slope"), smaller=smaller).tidy().iloc[0]
    for name in ("statistic", "df"):
        in_r = expected("slope_ml", "ratio")[f"{which}|{name}"]
        np.testing.assert_allclose(found[name], in_r, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("reml", [True, False])
def test_profile_bounds_are_where_the_deviance_of_lme4_has_risen_enough(reml):
    # uniroot on lmer(..., devFunOnly = TRUE), other parameters by optim; chi-square .95 of 1 df
    label = "profile_reml" if reml else "profile_ml"
    found = mixed_model(
        panel(),
        formula="trust ~ time + hours",
        random={"team_id": "1", "person_id": "1"},
        reml=reml,
    )
    rows = found.variances().tidy().set_index(["grouping", "quantity"])
    for side, name in (("lower", "conf_low"), ("upper", "conf_high")):
        for key, value in expected(label, side).items():
            np.testing.assert_allclose(rows.loc[tuple(key.split("|")), name], value, **BOUND)


def test_many_outcomes_at_once_are_as_lmer_one_by_one():
    # lmer(trust ~ time + hours + (1 | person_id), panel): coef(summary(m))
    rows = panel().dropna()
    x = np.column_stack([np.ones(len(rows)), rows["time"], rows["hours"]])
    y = np.column_stack([rows["trust"], 10 * rows["trust"]])
    found = one_way_reml(y, x, pd.factorize(rows["person_id"])[0])
    names = ["Intercept", "time", "hours"]
    for name, tolerance in (("estimate", COEFFICIENT), ("std_error", COEFFICIENT), ("df", FREEDOM)):
        in_r = expected("two_level", name)[names].to_numpy()
        scale = 1.0 if name == "df" else 10.0
        np.testing.assert_allclose(getattr(found, name), [in_r, scale * in_r], **tolerance)
