"""How well common factors reproduce the correlations."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from cvln_eval.measurement.structure.extraction import ml_discrepancy

__all__ = ["factor_fit"]

NAMES = ("rmsr", "statistic", "df", "p_value", "tli", "rmsea")


def factor_fit(
    correlations: np.ndarray,
    loadings: np.ndarray,
    uniquenesses: np.ndarray,
    *,
    n: int,
    tested: str,
) -> dict[str, float | str]:
    """Return root mean square residual, chi-square with Bartlett's factor, TLI and RMSEA.

    chi2 = (n - 1 - (2 p + 5) / 6 - 2 m / 3) F with df = ((p - m)^2 - p - m) / 2; RMSEA =
    sqrt(max(F / df - 1 / (n - 1), 0)); TLI = (c0 - c) / (c0 - 1), c the chi2 / df of the factors
    and c0 that of no factor, with the same Bartlett's factor. Where `tested` says why there is no
    test, these are nan and carry the reason.

    References
    ----------
    Bartlett, M. S. (1951). The effect of standardization on a chi-square approximation in factor
    analysis. Biometrika, 38, 337-344.
    Tucker, L. R., & Lewis, C. (1973). A reliability coefficient for maximum likelihood factor
    analysis. Psychometrika, 38, 1-10.
    Steiger, J. H. (1990). Structural model evaluation and modification. Multivariate Behavioral
    Research, 25, 173-180 (RMSEA).
    """
    n_items, n_factors = loadings.shape
    df = ((n_items - n_factors) ** 2 - n_items - n_factors) / 2
    none = dict.fromkeys(NAMES, np.nan) | {"df": max(df, 0.0)}
    residuals = correlations - loadings @ loadings.T
    off = residuals[np.triu_indices(n_items, 1)]
    fit = none | {"rmsr": float(np.sqrt(np.mean(off**2)))}
    reason = tested or ("" if df > 0 else "no degree of freedom is left to test with")
    if not np.isfinite(loadings).all():
        return {**none, "statistic_reason": "there are no factors"}
    if reason:
        return {**fit, "statistic_reason": reason}
    implied = loadings @ loadings.T + np.diag(uniquenesses)
    discrepancy = ml_discrepancy(correlations, implied)
    tested_fit = _test(correlations, discrepancy, n_factors, df, n)
    return {**fit, **tested_fit, "statistic_reason": ""}


def _test(
    correlations: np.ndarray, discrepancy: float, n_factors: int, df: float, n: int
) -> dict[str, float]:
    n_items = len(correlations)
    size = n - 1 - (2 * n_items + 5) / 6 - 2 * n_factors / 3
    statistic = size * discrepancy
    alone = ml_discrepancy(correlations, np.eye(n_items))
    none = size * alone / (n_items * (n_items - 1) / 2)
    return {
        "statistic": statistic,
        "p_value": float(chi2.sf(statistic, df)),
        "tli": (none - statistic / df) / (none - 1),
        "rmsea": float(np.sqrt(max(discrepancy / df - 1 / (n - 1), 0.0))),
    }
