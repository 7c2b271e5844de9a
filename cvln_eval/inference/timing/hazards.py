"""The hazard ratio of two groups, with errors that hold for milestones in clusters."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg

__all__ = ["Hazard", "hazard_rows"]

LIN_WEI = "Cox, Lin-Wei times G / (G - 1), t(G - 1)"
JACKKNIFE = "Cox, jackknife of clusters, t(G - 1)"
FEW = 10  # fewer clusters, and the Lin-Wei error is known to be too small


class Hazard(NamedTuple):
    """The logarithm of a hazard ratio with the two errors."""

    log_ratio: float
    lin_wei: float
    jackknife: float


def hazard_rows(
    days: np.ndarray,
    reached: np.ndarray,
    second: np.ndarray,
    codes: np.ndarray,
    *,
    conf_level: float,
) -> list[dict[str, object]]:
    """Return the hazard ratio by two errors, with why there is none."""
    reason = _why_none(days, reached, second)
    if not reason and len(np.unique(codes)) < 2:
        reason = "one cluster: no others to compare"
    found = Hazard(*[math.nan] * 3) if reason else _hazard(days, reached, second, codes)
    df = len(np.unique(codes)) - 1
    return [
        _row(found.log_ratio, error, df, method, conf_level, reason or why)
        for method, error, why in (
            (LIN_WEI, found.lin_wei, ""),
            (JACKKNIFE, found.jackknife, _why_no_jackknife(found.jackknife)),
        )
    ]


def _why_none(days: np.ndarray, reached: np.ndarray, second: np.ndarray) -> str:
    """Return why the likelihood has no maximum; "" where it has one.

    It has none where, as long as both groups have something open, one alone is reached.
    """
    if not (reached[second].any() and reached[~second].any()):
        return "a group of which nothing was reached"
    of_both = reached & (days <= min(days[second].max(), days[~second].max()))
    share = second[of_both].mean() if of_both.any() else 0.0
    return "" if 0 < share < 1 else "one group was reached before anything of the other"


def _why_no_jackknife(error: float) -> str:
    return "without one cluster there is no hazard ratio" if math.isnan(error) else ""


def _row(
    log_ratio: float, error: float, df: int, method: str, conf_level: float, reason: str
) -> dict[str, object]:
    if not reason and error <= 0:
        error, reason = math.nan, "the clusters' scores are alike"
    statistic = log_ratio / error
    reach = float(stats.t.ppf((1 + conf_level) / 2, max(df, 1))) * error
    return {
        "quantity": "hazard ratio",
        "estimate": math.exp(log_ratio),
        "std_error": error,
        "statistic": statistic,
        "df": float(df) if not reason else math.nan,
        "p_value": float(2 * stats.t.sf(abs(statistic), max(df, 1))),
        "smallest_p": math.nan if reason else 0.0,
        "conf_low": math.exp(log_ratio - reach),
        "conf_high": math.exp(log_ratio + reach),
        "method": method,
        "null_hypothesis": "the hazard ratio is 1",
        "reason": reason,
    }


def _hazard(days: np.ndarray, reached: np.ndarray, second: np.ndarray, codes: np.ndarray) -> Hazard:
    log_ratio, naive, scores = _fitted(days, reached, second)
    names, place = np.unique(codes, return_inverse=True)
    sums = np.bincount(place, weights=scores)
    n_clusters = len(names)
    robust = naive * math.sqrt(float(np.sum(sums**2)) * n_clusters / (n_clusters - 1))
    without = [_without(days, reached, second, place != one) for one in range(n_clusters)]
    spread = np.sum((np.array(without) - log_ratio) ** 2)
    jackknife = math.sqrt((n_clusters - 1) / n_clusters * float(spread))
    return Hazard(log_ratio, robust, jackknife)


def _fitted(
    days: np.ndarray, reached: np.ndarray, second: np.ndarray
) -> tuple[float, float, np.ndarray]:
    """Return the log hazard ratio, its inverse information, and the score of each milestone."""
    model = PHReg(days, second.astype(float)[:, None], status=reached.astype(int), ties="breslow")
    fit = model.fit()
    # A milestone that was out of sight before the first was reached has no score: it says nothing.
    scores = np.nan_to_num(model.score_residuals(fit.params)[:, 0])
    return float(fit.params[0]), float(fit.cov_params()[0, 0]), scores


def _without(days: np.ndarray, reached: np.ndarray, second: np.ndarray, kept: np.ndarray) -> float:
    """Return the log hazard ratio of some rows; nan where there is none."""
    own = days[kept], reached[kept], second[kept]
    return math.nan if _why_none(*own) else _fitted(*own)[0]
