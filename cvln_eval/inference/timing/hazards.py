"""The hazard ratio of two groups, with errors that hold for milestones in clusters."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from cvln_eval.inference.timing.life import LifeTable, life_table

__all__ = ["Hazard", "hazard_rows"]

LIN_WEI = "Cox, Lin-Wei times G / (G - 1), t(G - 1)"
JACKKNIFE = "Cox, jackknife of clusters, t(G - 1)"
MOST_STEPS, PRECISION = 100, 1e-12
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
    """Return the log hazard ratio, its inverse information, and the score of each milestone.

    With n_1j and n_2j at risk and d_j reached on day j, and p_j = n_2j e^b / (n_1j + n_2j e^b), the
    score is sum (d_2j - d_j p_j) and the information sum d_j p_j (1 - p_j); Newton's steps, of at
    most 1, find the zero of this falling function.
    """
    lives = life_table(days, reached)
    in_second = _open_before(days[second], lives.days)
    in_first = lives.at_risk - in_second
    n_second = float(reached[second].sum())
    log_ratio = 0.0
    for _ in range(MOST_STEPS):
        share = in_second / (in_second + in_first * math.exp(-log_ratio))
        information = float(np.sum(lives.done * share * (1 - share)))
        step = float((n_second - np.sum(lives.done * share)) / information)
        log_ratio += max(-1.0, min(1.0, step))
        if abs(step) < PRECISION:
            break
    share = in_second / (in_second + in_first * math.exp(-log_ratio))
    return log_ratio, 1 / information, _scores(lives, days, reached, second, share, log_ratio)


def _open_before(days: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return how many were open just before each of some days."""
    found: np.ndarray = len(days) - np.searchsorted(np.sort(days), at, side="left")
    return found


def _scores(
    lives: LifeTable,
    days: np.ndarray,
    reached: np.ndarray,
    second: np.ndarray,
    share: np.ndarray,
    log_ratio: float,
) -> np.ndarray:
    """Return (x - p) over the day reached, less its expectation over the days at risk."""
    last = np.searchsorted(lives.days, days, side="right") - 1
    x = second.astype(float)
    n_second = _open_before(days[second], lives.days)
    risk = lives.at_risk - n_second + n_second * math.exp(log_ratio)
    hazard = np.concatenate([[0.0], np.cumsum(lives.done / risk)])[last + 1]
    weighted = np.concatenate([[0.0], np.cumsum(lives.done * share / risk)])[last + 1]
    own = np.where(reached, x - share[last], 0.0)
    scores: np.ndarray = own - np.exp(log_ratio * x) * (x * hazard - weighted)
    return scores


def _without(days: np.ndarray, reached: np.ndarray, second: np.ndarray, kept: np.ndarray) -> float:
    """Return the log hazard ratio of some rows; nan where there is none."""
    own = days[kept], reached[kept], second[kept]
    return math.nan if _why_none(*own) else _fitted(*own)[0]
