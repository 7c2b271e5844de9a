"""Regressions whose standard errors hold with few clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.inference.design import ClusterDesign, cluster_design
from cvln_eval.inference.robust.absorb import absorb as absorb_effects
from cvln_eval.inference.robust.fitted import design_of
from cvln_eval.inference.robust.kinds import CONVENTIONS, refuse_kind
from cvln_eval.inference.robust.result import ClusterRobust
from cvln_eval.inference.robust.rows import term_rows
from cvln_eval.inference.robust.sandwich import of_absorbed
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.tables import names_in, need_columns, refuse_missing

__all__ = ["cluster_robust", "cluster_robust_of"]


def cluster_robust(
    table: pd.DataFrame,
    *,
    formula: str,
    cluster: str = "team_id",
    kind: str = "CR2",
    weights: str | None = None,
    absorb: str | Sequence[str] = (),
    conf_level: float = 0.95,
) -> ClusterRobust:
    """Fit a regression by (weighted) least squares, with standard errors robust to clusters.

    With b = M X'Wy and M = (X'WX)^-1, V = c M [sum over clusters of X_g'W_g A_g e_g e_g'A_g'W_g
    X_g] M. CR0, CR1 and CR1S have A = I and c = 1, G / (G - 1) and G / (G - 1) (N - 1) / (N - k);
    CR2 has A_g = [(I - H)_g (I - H)_g']^-1/2, CR3 (I - H_gg)^-1, and the jackknife is (G - 1) / G
    times the sum of squares of the estimates without one cluster about their mean. The t test of
    each coefficient has Satterthwaite's df = 2 E(V)^2 / Var(V), both under the working model of
    independent rows of one variance (Bell and McCaffrey): they depend on the coefficient, and are
    few where few clusters inform it, whatever the number of rows.

    Parameters
    ----------
    table : DataFrame
        One row an observation.
    formula : str
        Such as ``"change ~ coaching_visits"``.
    cluster : str
        Column that names the cluster of each row.
    kind : str
        ``"CR2"``, ``"CR3"``, ``"jackknife"``, ``"CR1"``, ``"CR1S"`` or ``"CR0"``. The result's
        `convention` says exactly which, because "CRV3" is three different numbers elsewhere.
    weights : str, optional
        Column with positive weights; their scale does not matter.
    absorb : str or sequence of str
        Columns whose levels are fixed effects, such as ``("team_id", "wave")``; coefficients,
        standard errors and df are those of dummies. The constant is among them and has no row.
        Without weights, levels whose rows lie in one cluster cost no memory; others, and all with
        weights, cost what a column of dummies each costs.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ClusterRobust
        `tidy` has one row a term; `test` tests several terms jointly, `contrast` a weighted sum.
        Rows with a missing outcome, regressor or weight are left out and counted. A term that
        cannot be told apart from earlier terms or from absorbed effects has no estimate. A term
        that one cluster alone informs, such as one treated team or a team's own dummy, has an
        estimate and no test, with the reason: residuals of that cluster are 0 in its direction
        whatever the truth, so that other packages give a standard error far too small. With one
        cluster, no residual left, or clusters that do not differ in their scores, there is no
        test either; with no complete row there are no terms. df below 4 carry a warning.

    Raises
    ------
    ArgumentError
        If a column is absent, the formula cannot be read, a cluster or an absorbed level is
        missing, a weight is not positive, or there is no such kind.

    References
    ----------
    Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
    with multi-stage samples. Survey Methodology, 28, 169-181.
    MacKinnon, J. G., Nielsen, M. O., & Webb, M. D. (2023). Fast and reliable jackknife and
    bootstrap methods for cluster-robust inference. Journal of Applied Econometrics, 38, 671-694.
    Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance
    estimation and hypothesis testing in fixed effects models. Journal of Business & Economic
    Statistics, 36, 672-683.
    Tipton, E. (2015). Small sample adjustments for robust variance estimation with meta-regression.
    Psychological Methods, 20, 375-393.

    Notes
    -----
    Agrees with `clubSandwich::coef_test` and `conf_int` for `lm`, with and without weights (whose
    working model is rows of one variance in both cases).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "team_id": list("aaabbbccdddee"),
    ...         "coached": [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    ...         "change": [0.4, 0.9, 0.1, 0.8, 0.5, 1.1, 0.2, -0.3, 0.5, 0.1, 0.3, -0.2, 0.0],
    ...     }
    ... )
    >>> found = cluster_robust(table, formula="change ~ coached")
    >>> found.tidy()[["term", "estimate", "std_error", "df", "p_value"]].round(3)
            term  estimate  std_error     df  p_value
    0  Intercept     0.086      0.144  1.923    0.615
    1    coached     0.548      0.220  2.496    0.106
    """
    effects = tuple(names_in(absorb, argument="absorb"))
    need_columns(table, effects, table="observations")
    refuse_missing(table, effects, what="absorbed level")
    design = cluster_design(table, formula=formula, cluster=cluster, weights=weights)
    levels = [table[name].to_numpy()[design.rows] for name in effects]
    return _result(design, levels, kind, conf_level, cluster, effects)


def cluster_robust_of(
    result: Any, *, clusters: Any, kind: str = "CR2", conf_level: float = 0.95
) -> ClusterRobust:
    """Give the coefficients of a statsmodels OLS or WLS result cluster-robust standard errors.

    Parameters
    ----------
    result : RegressionResults
        From ``OLS`` or ``WLS``, by arrays or by formula. Its columns and weights are used, its own
        covariance is not.
    clusters : Series or array
        The cluster of each row: a Series with the index of the data (rows that the model dropped
        may be among them), or an array with one entry a row of the data or of the model.
    kind, conf_level
        As in `cluster_robust`, which says what the result means.

    Returns
    -------
    ClusterRobust
        As `cluster_robust` gives with the same formula. Where columns cannot be told apart,
        statsmodels shares an effect out among them and here the later one has no estimate.

    Raises
    ------
    ArgumentError
        If the model is neither OLS nor WLS, or clusters are missing or do not fit its rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from statsmodels.formula.api import ols
    >>> table = pd.DataFrame({"x": [1, 2, 3, 4, 6, 5], "y": [1, 2, 2, 4, 5, 7], "g": [*"aabbcc"]})
    >>> found = cluster_robust_of(ols("y ~ x", table).fit(), clusters=table["g"])
    >>> found.tidy()["df"].round(2).tolist()
    [1.11, 1.24]
    """
    design, name = design_of(result, clusters)
    return _result(design, [], kind, conf_level, name, ())


def _result(
    design: ClusterDesign,
    levels: list[np.ndarray],
    kind: str,
    conf_level: float,
    cluster: str,
    effects: tuple[str, ...],
) -> ClusterRobust:
    refuse_kind(kind)
    refuse_level(conf_level)
    absorbed = absorb_effects(design, levels)
    found = of_absorbed(absorbed, kind)
    terms = absorbed.design.terms
    return ClusterRobust(
        rows=term_rows(found, terms, conf_level),
        terms=terms,
        found=found,
        outcome=design.outcome,
        cluster=cluster,
        absorbed=effects,
        method=f"{kind} standard errors, Satterthwaite df",
        convention=CONVENTIONS[kind],
        conf_level=conf_level,
        n=len(design.y),
        n_left_out=design.n_left_out,
    )
