"""Linear mixed models from a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.mixed.fit import fit_design
from cvln_eval.inference.mixed.result import METHODS, MixedModel
from cvln_eval.inference.mixed.rows import ROW
from cvln_eval.inference.mixed.setup import MixedDesign, mixed_design
from cvln_eval.measurement.matrix import refuse_level

__all__ = ["fitted_model", "mixed_model"]


def mixed_model(
    table: pd.DataFrame,
    *,
    formula: str,
    random: Mapping[str, str],
    reml: bool = True,
    df: Literal["satterthwaite", "kenward-roger"] = "satterthwaite",
    conf_level: float = 0.95,
) -> MixedModel:
    r"""Fit a linear mixed model with random effects by teams, by people, or by both.

    :math:`y = X\beta + Zb + e`, :math:`b \sim N(0, \sigma^2 \Lambda\Lambda')`,
    :math:`e \sim N(0, \sigma^2 I)`: beta and sigma are solved for at each theta, the entries of
    Lambda, and theta is searched where the deviance
    :math:`\log|V| + \log|X'V^{-1}X| + (n - k)(1 + \log(2 \pi r^2 / (n - k)))` is least
    (without the second term and with n for n - k by maximum likelihood). Effects within a factor
    are correlated. The search has exact derivatives, starts in several places where there are
    fewer than ten groups, and ends when gradient and curvature show a minimum.

    Parameters
    ----------
    table : DataFrame
        One row an occasion.
    formula : str
        Such as ``"trust ~ time * network"``.
    random : mapping
        Random effects by grouping factor, such as ``{"team_id": "1", "person_id": "1 + time"}``.
        Factors may be nested or crossed. A level is known by its name: person "1" of two teams is
        one person in two teams. Such are counted in `glance` and named in the sentence.
    reml : bool
        Restricted maximum likelihood; False for maximum likelihood.
    df : {"satterthwaite", "kenward-roger"}
        Degrees of freedom. Kenward and Roger's method also widens the standard errors and needs
        `reml=True`. With 41 people in five teams, two of them treated without effect, and a share
        of teams of .10, tests at 5% rejected in 5.2% of 10,000 simulated samples by Satterthwaite's
        and in 0.5% of 600 by Kenward and Roger's.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    MixedModel
        Rows with a missing outcome, regressor or random-effect column are left out and counted. A
        term that those before it determine is nan with a reason. All is nan with a reason where
        there is no complete row, n <= k, a factor has one level, as many random effects as there
        are rows, random effects that determine one another or that the terms determine (such as a
        term for each team), or the terms explain the outcome wholly. A variance estimated at 0 is
        common with five teams and no failure: `glance` then has `singular` True and the sentence
        says so; no warning is given. Satterthwaite's degrees of freedom then treat that variance as
        known, which is too good to be true: see `few_cluster_panel`.

    Raises
    ------
    ArgumentError
        If a column is absent, a grouping factor has missing values, a formula cannot be read,
        `df` is unknown, `conf_level` is not between 0 and 1, or Kenward and Roger's method is asked
        for without REML.

    Warns
    -----
    NotConvergedWarning
        If the search did not end at a minimum.

    References
    ----------
    Bates, D., Maechler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models
    using lme4. Journal of Statistical Software, 67(1). Kuznetsova, A., Brockhoff, P. B., &
    Christensen, R. H. B. (2017). lmerTest package: Tests in linear mixed effects models. Journal of
    Statistical Software, 82(13). Kenward, M. G., & Roger, J. H. (1997). Small sample inference for
    fixed effects from restricted maximum likelihood. Biometrics, 53, 983-997. Halekoh, U., &
    Hoejsgaard, S. (2014). A Kenward-Roger approximation and parametric bootstrap methods for tests
    in linear mixed models: The R package pbkrtest. Journal of Statistical Software, 59(9). Agrees
    with `lme4::lmer`, `lmerTest` and `pbkrtest`.

    Examples
    --------
    >>> waves = pd.DataFrame({"person_id": list("aabbccddee"), "time": [0, 1] * 5})
    >>> waves["trust"] = [2.0, 2.5, 3, 3.25, 4, 4.75, 3, 3.5, 2, 3]
    >>> found = mixed_model(waves, formula="trust ~ time", random={"person_id": "1"})
    >>> found.tidy()[["term", "estimate", "df"]].round(2).to_dict("list")
    {'term': ['Intercept', 'time'], 'estimate': [2.8, 0.6], 'df': [4.24, 4.0]}
    """
    if df not in METHODS:
        raise ArgumentError(
            "The method of the degrees of freedom is unknown",
            expected=shown(METHODS),
            seen=repr(df),
        )
    if df == "kenward-roger" and not reml:
        raise ArgumentError(
            "Kenward and Roger's method rests on restricted maximum likelihood",
            expected="reml=True",
            seen="reml=False",
        )
    refuse_level(conf_level)
    design = mixed_design(table, formula, random)
    return fitted_model(design, reml=reml, df=df, conf_level=conf_level)


def fitted_model(design: MixedDesign, *, reml: bool, df: str, conf_level: float) -> MixedModel:
    """Return the model of arrays."""
    fit, reason = fit_design(design, reml=reml, df=df)
    empty = MixedModel(pd.DataFrame(), design, fit, reml, df, conf_level, reason)
    units = np.eye(len(design.terms))
    rows = [empty._row(unit, term, 0.0) for unit, term in zip(units, design.terms, strict=True)]
    return replace(empty, rows=pd.DataFrame(rows, columns=[*ROW]))
