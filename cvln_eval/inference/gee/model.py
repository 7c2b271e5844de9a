"""Generalized estimating equations for ordered categories, two or more."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import named_columns, unquoted
from cvln_eval.inference.design import ClusterDesign, cluster_design
from cvln_eval.inference.gee.cumulative import Cumulative, indicators
from cvln_eval.inference.gee.result import OrdinalGee
from cvln_eval.inference.gee.scoring import Scored, score
from cvln_eval.inference.robust.kinds import refuse_kind
from cvln_eval.inference.robust.rows import COLUMNS, term_rows
from cvln_eval.inference.robust.sandwich import sandwich
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import need_columns

__all__ = ["ordinal_gee"]

WORKING = ("independence", "exchangeable")
MOST_CATEGORIES = 20


def ordinal_gee(
    table: pd.DataFrame,
    *,
    formula: str,
    cluster: str = "team_id",
    working: str = "independence",
    kind: str = "CR2",
    conf_level: float = 0.95,
) -> OrdinalGee:
    """Fit cumulative logits of an outcome in ordered categories, with errors robust to clusters.

    logit P(Y >= c) = a_c + x'b for each cut c between categories (with two categories, logistic
    regression). b solves sum over clusters of D_g'V_g^-1 (r_g - P_g) = 0, where r are indicators
    of reaching each cut, P their probabilities, D the derivatives of P, and V the covariance of
    the indicators of one row, min(P_j, P_k) (1 - max(P_j, P_k)); rows of a cluster are
    uncorrelated in the working model or share one correlation. The variance is the sandwich of
    the regression V^-1/2 D, V^-1/2 (r - P), with the correction of `cluster_robust`: CR2
    (Kauermann and Carroll's, in Bell and McCaffrey's form) or CR3 (Mancl and DeRouen's), and
    Satterthwaite's degrees of freedom under the working model.

    Parameters
    ----------
    table : DataFrame
        One row an observation, such as a person in a wave.
    formula : str
        Such as ``"voice ~ wave"``; what stands left of the tilde is a column of 0 and 1, of
        booleans, of numbers that are ordered categories, or an ordered categorical.
    cluster : str
        Column that names the cluster of each row.
    working : str
        ``"independence"``, or ``"exchangeable"`` with two categories. It weighs rows; the standard
        errors do not rely on it, the degrees of freedom do.
    kind : str
        See `cluster_robust`.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    OrdinalGee
        `tidy` has one row a term: cuts first (named by their two categories), then regressors.
        Rows with a missing value are left out and counted. A category that no row has does not
        count. With one category, no complete row, regressors that add up, or categories told
        apart without error there are no estimates, and the reason says which; with one cluster
        or a term that one cluster alone informs there is no test of it.

    Raises
    ------
    ArgumentError
        If the outcome is no column or has more than 20 values, the formula has no constant, a
        cluster is missing, or there is no such working model or kind.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
    Biometrika, 73, 13-22.
    Kauermann, G., & Carroll, R. J. (2001). A note on the efficiency of sandwich covariance matrix
    estimation. JASA, 96, 1387-1396.
    Mancl, L. A., & DeRouen, T. A. (2001). A covariance estimator for GEE with improved small-sample
    properties. Biometrics, 57, 126-134.
    McCullagh, P. (1980). Regression models for ordinal data. JRSS B, 42, 109-142.

    Notes
    -----
    Agrees with `clubSandwich::coef_test` (CR0, CR3) for `glm(family = binomial)`; with
    `geepack::geeglm(corstr = "exchangeable")`; with `MASS::polr` for the estimates and
    `sandwich::estfun` for the scores of ordered categories. CR2 is Kauermann and Carroll's
    (I - H)^-1/2; clubSandwich takes another root, which is as unbiased and within one per cent.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "team_id": list("aaabbbcccdddeee"),
    ...         "later": [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1],
    ...         "spoke_up": [0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0],
    ...     }
    ... )
    >>> found = ordinal_gee(table, formula="spoke_up ~ later")
    >>> found.tidy()[["term", "estimate", "std_error", "df"]].round(2)
        term  estimate  std_error    df
    0    0|1     -0.29       0.54  3.49
    1  later      1.39       1.35  3.99
    """
    refuse_kind(kind)
    refuse_level(conf_level)
    coded, categories = _coded(table, formula)
    design = cluster_design(coded, formula=formula, cluster=cluster)
    if len(design.y) and "Intercept" not in design.terms:
        raise ArgumentError(
            "Cuts between categories take the place of the constant",
            expected="a formula with a constant",
            seen=repr(formula),
            todo="leave out '- 1' or '+ 0'",
        )
    present = np.unique(design.y.astype(int))
    names = tuple(categories[place] for place in present)
    _refuse_working(working, len(names))
    return _result(design, names, working, kind, conf_level, cluster)


def _result(
    design: ClusterDesign,
    categories: tuple[object, ...],
    working: str,
    kind: str,
    conf_level: float,
    cluster: str,
) -> OrdinalGee:
    model, slopes = _cumulative(design, len(categories))
    solved = _solved(model, exchangeable=working == "exchangeable")
    cuts = [f"{low}|{high}" for low, high in pairwise(categories)]
    terms = (*cuts, *slopes)
    return OrdinalGee(
        rows=_rows(design, model, solved, terms, kind, conf_level),
        outcome=design.outcome,
        cluster=cluster,
        categories=categories,
        working_correlation=solved.correlation,
        method=f"cumulative logit, {working} working model, {kind}, Satterthwaite df",
        n=len(design.y),
        n_clusters=design.n_clusters,
        n_left_out=design.n_left_out,
        reason=solved.reason,
    )


def _cumulative(design: ClusterDesign, n_categories: int) -> tuple[Cumulative, tuple[str, ...]]:
    places = [i for i, term in enumerate(design.terms) if term != "Intercept"]
    _, ranks = np.unique(design.y, return_inverse=True)
    reached = indicators(ranks, max(n_categories, 1))
    named = tuple(design.terms[i] for i in places)
    return Cumulative(reached, design.x[:, places], design.codes), named


def _solved(model: Cumulative, *, exchangeable: bool) -> Scored:
    n_terms = model.n_cuts + model.x.shape[1]
    if model.n_cuts == 0:
        reason = "no complete row" if not len(model.x) else "all rows are of one category"
        return Scored(np.full(n_terms, np.nan), None, np.nan, reason)
    return score(model, exchangeable=exchangeable)


def _rows(
    design: ClusterDesign,
    model: Cumulative,
    solved: Scored,
    terms: tuple[str, ...],
    kind: str,
    conf_level: float,
) -> pd.DataFrame:
    if solved.whitened is None:
        rows = pd.DataFrame({"term": list(terms)}).reindex(columns=list(COLUMNS))
        text = {"null_hypothesis": "", "warning": "", "reason": solved.reason}
        return rows.assign(conf_level=conf_level, **text)
    derivative = solved.whitened.derivative
    stacked = ClusterDesign(
        outcome=design.outcome,
        y=derivative @ solved.beta + solved.whitened.residual,
        x=derivative,
        terms=terms,
        codes=np.repeat(model.codes, model.n_cuts),
        clusters=design.clusters,
        weights=None,
        rows=np.repeat(design.rows, model.n_cuts),
        n_left_out=design.n_left_out,
    )
    return term_rows(sandwich(stacked, kind), terms, conf_level)


def _coded(table: pd.DataFrame, formula: str) -> tuple[pd.DataFrame, tuple[object, ...]]:
    """Return the table with the outcome as 0, 1, ... in its order, and the categories."""
    named_columns(formula, table)  # what is no formula is refused
    outcome = unquoted(formula.split("~")[0].strip())
    need_columns(table, [outcome], table="observations")
    values = table[outcome]
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        if not kind.ordered:
            raise ArgumentError(
                "The categories of the outcome have no order",
                expected="an ordered categorical, numbers or booleans",
                seen=shown(kind.categories),
                column=outcome,
                todo="pd.Categorical(values, categories=[...], ordered=True)",
            )
        order = tuple(kind.categories)
    else:
        order = tuple(_numbers(values, outcome))
    coded = pd.Categorical(values, categories=list(order), ordered=True).codes.astype(float)
    coded[coded < 0] = np.nan
    return table.assign(**{outcome: coded}), order


def _numbers(values: pd.Series, outcome: str) -> list[object]:
    known = values.dropna().infer_objects()
    if pd.api.types.is_bool_dtype(known):
        return [False, True]
    if known.empty:
        return []
    usable = known.dtype.kind in "iuf" and np.isfinite(known.to_numpy(dtype=float)).all()
    order = sorted(known.unique().tolist()) if usable else []
    if not usable or len(order) > MOST_CATEGORIES:
        raise ArgumentError(
            "The outcome is not made of ordered categories",
            expected=f"up to {MOST_CATEGORIES} numbers, booleans or an ordered categorical",
            seen=shown(known.unique().tolist()),
            column=outcome,
        )
    return [int(value) if float(value).is_integer() else value for value in order]


def _refuse_working(working: str, n_categories: int) -> None:
    allowed = WORKING if n_categories <= 2 else WORKING[:1]
    if working not in allowed:
        raise ArgumentError(
            f"No such working model for {n_categories} categories",
            expected=" or ".join(allowed),
            seen=repr(working),
        )
