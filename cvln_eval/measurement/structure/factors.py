"""Exploratory factor analysis: which items go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.measurement.matrix import item_matrix, refuse_repeated
from cvln_eval.measurement.structure.correlations import correlation_matrix, refuse_kind
from cvln_eval.measurement.structure.extraction import EDGE_OF_HEYWOOD, extract
from cvln_eval.measurement.structure.factor_fit import factor_fit
from cvln_eval.measurement.structure.factor_result import ExploratoryFactors
from cvln_eval.measurement.structure.missing import kept_rows
from cvln_eval.measurement.structure.rotation import ROTATIONS, rotate
from cvln_eval.measurement.structure.sample_size import people_needed

__all__ = ["exploratory_factors"]

METHODS = ("minres", "ml", "pa")


def exploratory_factors(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    n_factors: int,
    rotation: str = "oblimin",
    method: str = "minres",
    kind: str = "pearson",
    missing: str = "pairwise",
) -> ExploratoryFactors:
    """Fit common factors to the correlations of items, R = L Phi L' + U, and rotate them.

    `minres` minimises the squared residual correlations, `ml` the discrepancy
    ln|S| - ln|R| + tr(R S^-1) - p, and `pa` repeats principal axes until the communalities stand
    still, which ends where `minres` does. `oblimin` is direct quartimin and lets factors
    correlate, `varimax` keeps them apart, with Kaiser's weights.

    Parameters
    ----------
    answers : DataFrame
        One row a person, as `answer_table` returns it.
    items : sequence of str
        At least three columns.
    n_factors : int
        How many factors; `parallel_analysis` tells how many stand out from chance.
    rotation : {"oblimin", "varimax", "none"}
        Where the axes go; one factor is never rotated.
    method : {"minres", "ml", "pa"}
        How the factors are found.
    kind : {"pearson", "polychoric", "spearman"}
        Which correlations, as in `item_correlations`.
    missing : {"pairwise", "listwise"}
        As in `item_correlations`; `n` is that of the pair the fewest people answered.

    Returns
    -------
    ExploratoryFactors
        `tidy` has one row an item and factor: `item`, `factor`, `loading`, `communality`,
        `uniqueness`, `heywood`, `n`, `reason`. `glance` has the fit, and the number of people the
        rule of MacCallum et al. asks for; a sample below it and uniquenesses at their bound
        (Heywood cases) are in `warning`. Chi-square is given for maximum likelihood of Pearson
        correlations alone. All numbers are nan with a reason where a correlation is missing,
        people are no more than items, the factors have more parameters than there are
        correlations, maximum likelihood meets a matrix that is not positive definite, or the
        search does not settle.

    Raises
    ------
    ArgumentError
        If a person has several rows, an item is absent, an option is unknown, or there are
        not fewer factors than items.

    Notes
    -----
    Agrees with `psych::fa` (minres and ml, oblimin and none), with statsmodels'
    `Factor(method="ml")`, and with `stats::varimax(eps = 1e-15)`; at their own settings
    `psych::fa(fm = "pa")` and `stats::varimax` stop some thousandths earlier.

    References
    ----------
    Joreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis.
    Psychometrika, 32, 443-482.
    Harman, H. H., & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres).
    Psychometrika, 31, 351-368.
    Jennrich, R. I. (2002). A simple general method for oblique rotation. Psychometrika, 67, 7-19.
    MacCallum, R. C., Widaman, K. F., Zhang, S., & Hong, S. (1999). Sample size in factor analysis.
    Psychological Methods, 4, 84-99.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> draws = np.random.default_rng(1)
    >>> common = draws.normal(size=(200, 1))
    >>> answers = pd.DataFrame(common + draws.normal(size=(200, 4)), columns=list("abcd"))
    >>> found = exploratory_factors(answers, items=list("abcd"), n_factors=1)
    >>> found.loadings["F1"].round(2).tolist()
    [0.71, 0.71, 0.62, 0.7]
    """
    refuse_kind(kind)
    _refuse("rotation", rotation, ROTATIONS)
    _refuse("method", method, METHODS)
    matrix = item_matrix(answers, items, at_least=3)
    refuse_repeated(answers)
    if n_factors not in range(1, matrix.shape[1]):
        expected = f"1 to {matrix.shape[1] - 1} for these items"
        raise ArgumentError("No such number of factors", expected=expected, seen=str(n_factors))
    kept = kept_rows(matrix, missing)
    answered = (~np.isnan(matrix[kept])).astype(int)
    n = int((answered.T @ answered).min())
    correlations = correlation_matrix(matrix[kept], kind)
    loadings, uniquenesses, reason = _extracted(correlations, n, n_factors, method)
    turned, between = (loadings, np.full((n_factors, n_factors), np.nan))
    if not reason:
        turned, between = rotate(loadings, rotation)
    return ExploratoryFactors(
        loadings=_frame(turned, list(items), n_factors),
        communalities=_communalities(uniquenesses, list(items)),
        factor_correlations=_frame(between, _names(n_factors), n_factors),
        residuals=pd.DataFrame(
            correlations - loadings @ loadings.T - np.diag(uniquenesses), list(items), list(items)
        ),
        fit=factor_fit(correlations, loadings, uniquenesses, n=n, tested=_tested(method, kind)),
        needed=people_needed(1 - uniquenesses, n_factors),
        method=method,
        rotation=rotation if n_factors > 1 else "none",
        kind=kind,
        missing=missing,
        n=n,
        n_persons=int(kept.sum()),
        n_left_out=int((~kept).sum()),
        reason=reason,
    )


def _refuse(what: str, seen: str, known: tuple[str, ...]) -> None:
    if seen not in known:
        raise ArgumentError(f"No such {what}", expected=", ".join(known), seen=repr(seen))


def _names(n_factors: int) -> list[str]:
    return [f"F{place}" for place in range(1, n_factors + 1)]


def _frame(values: np.ndarray, rows: list[str], n_factors: int) -> pd.DataFrame:
    return pd.DataFrame(values, index=rows, columns=_names(n_factors))


def _communalities(uniquenesses: np.ndarray, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": names,
            "communality": 1 - uniquenesses,
            "uniqueness": uniquenesses,
            "heywood": uniquenesses <= EDGE_OF_HEYWOOD + 1e-9,
        }
    )


def _tested(method: str, kind: str) -> str:
    """Return why the fit has no chi-square, empty where it has one."""
    if kind != "pearson":
        return f"chi-square does not hold for {kind} correlations"
    return "" if method == "ml" else "chi-square takes maximum likelihood"


def _extracted(
    correlations: np.ndarray, n: int, n_factors: int, method: str
) -> tuple[np.ndarray, np.ndarray, str]:
    n_items = len(correlations)
    none = np.full((n_items, n_factors), np.nan), np.full(n_items, np.nan)
    reason = _reason(correlations, n, n_factors, method)
    if reason:
        return *none, reason
    loadings, uniquenesses, settled = extract(correlations, n_factors, method)
    if not settled:
        return *none, "the search did not settle; fewer factors or more people may help"
    return loadings, uniquenesses, ""


def _reason(correlations: np.ndarray, n: int, n_factors: int, method: str) -> str:
    n_items = len(correlations)
    if not np.isfinite(correlations).all():
        return "a correlation is missing, see item_correlations"
    if n <= n_items:
        return f"{n} people are not more than {n_items} items"
    if (n_items - n_factors) ** 2 < n_items + n_factors:
        return f"{n_factors} factors have more parameters than {n_items} items have correlations"
    if method == "ml" and np.linalg.eigvalsh(correlations)[0] <= 1e-10:
        return "maximum likelihood takes a matrix that is positive definite, minres does not"
    return ""
