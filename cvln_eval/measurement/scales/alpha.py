"""Cronbach's alpha with an interval that uses the people who are left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.scales.covariance import (
    ZERO,
    Kept,
    correlations,
    covariances,
    keep_people,
    refuse_unless,
)
from cvln_eval.measurement.scales.reliability import (
    RESAMPLED,
    Interval,
    Reliability,
    reliability,
    resampled_intervals,
)

__all__ = ["alpha_from_covariance", "alphas", "cronbach_alpha", "feldt_interval"]

ALPHAS = ("alpha", "standardised alpha")
INTERVALS = ("feldt", *RESAMPLED)
FELDT_IS_FOR_RAW = "Feldt's interval holds for raw alpha; use interval='jackknife'"


def cronbach_alpha(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    missing: str = "listwise",
    interval: str = "feldt",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Reliability:
    """Return Cronbach's alpha of a scale, raw and standardised, with an interval.

    For k items with covariance matrix C, alpha = k / (k - 1) (1 - tr C / sum C); standardised
    alpha takes the correlations in place of C. Values must be keyed; nothing is reversed here.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, as `answer_table` returns for one wave.
    items : sequence of str
        Columns of the items, at least two.
    missing : {"listwise", "pairwise", "available"}
        "listwise" takes people who answered every item. "pairwise" takes each covariance over
        the people who answered both items. "available" is alpha of the score that `score_scales`
        gives, the mean of the answered items: k / (k - 1) (1 - sum s_i^2 / (k s)^2), where each
        s_i is over the people who answered item i and s is of that mean over all people with an
        answer. The mean of few answers is less certain than that of all: where many answers are
        missing, compare with "pairwise".
    interval : {"feldt", "jackknife", "bootstrap"}
        "feldt" takes normal answers and equal covariances of the items, and holds for raw alpha;
        "jackknife" leaves each person out once and takes 1 - (1 - r) exp(-+ t s) with s the
        error of log(1 - r) and n - 1 degrees of freedom; "bootstrap" resamples people and takes
        the bias-corrected and accelerated interval. In
        simulations of 41 people and four items in five skewed categories, 95% intervals held the
        truth in 94% of samples (Feldt) and 93% (bootstrap; its percentile interval: 92%), and in
        93% and 91% where a fifth of the trait's variance lay between five teams.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of a bootstrap.
    rng : int or Generator
        Seed of a bootstrap.

    Returns
    -------
    Reliability
        Rows "alpha" and "standardised alpha". `n_persons` counts the people used and `n` is the
        n of Feldt's interval: the people who answered every item or, under the other rules, the
        fewest who answered both of a pair. A negative alpha is given as it is, with a note. Both
        are nan with a reason where fewer than two people are left, nobody answered an item, all
        answers to an item are alike, or the sum of the items is the same for all. Resamples in
        which an item does not vary drop out. Both intervals take people as independent of each
        other, which members of a team are not.

    Raises
    ------
    ArgumentError
        If an item is no column, is named twice or is the only one, answers are not finite
        numbers, a person has several rows, or a rule, an interval or a level is unknown.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika,
    16, 297-334, eq. 2.
    Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika, 30, 357-370.
    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient
    alpha. Applied Psychological Measurement, 11, 93-103.

    Notes
    -----
    Agrees with `psych::alpha(na.omit(x))`, with `psych::alpha(x)` for "pairwise", with
    `psych::alpha.ci` for Feldt's interval. For "available", with
    `k / (k - 1) * (1 - sum(a$item.stats$sd^2) / (k * a$total$sd)^2)` of `a <- psych::alpha(x)`.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4], "c": [2, 2, 3, 4]})
    >>> alpha = cronbach_alpha(answers, items=["a", "b", "c"])
    >>> round(alpha.estimate, 3)
    0.916
    """
    refuse_level(conf_level)
    refuse_unless(interval, INTERVALS, "interval")
    kept = keep_people(answers, items, missing)
    if kept.reason():
        nothing = [(np.nan, np.nan, interval, "")] * 2
        return reliability(kept, ALPHAS, [np.nan, np.nan], nothing, conf_level=conf_level)
    estimates = alphas(kept.values, kept.once, missing)[0]
    if interval == "feldt":
        bounds = _feldt_rows(estimates[0], kept, conf_level)
    else:
        bounds = resampled_intervals(
            lambda w: alphas(kept.values, w, missing),
            kept.n_persons,
            interval=interval,
            conf_level=conf_level,
            n_boot=n_boot,
            rng=rng,
        )
    return reliability(kept, ALPHAS, list(estimates), bounds, conf_level=conf_level)


def alphas(values: np.ndarray, weights: np.ndarray, missing: str) -> np.ndarray:
    """Return raw and standardised alpha of each row of weights, shape (n_draws, 2)."""
    if missing == "available":
        return _available(values, weights)
    c = covariances(values, weights)
    both = [alpha_from_covariance(c), alpha_from_covariance(correlations(c))]
    return np.stack(both, axis=-1)


def alpha_from_covariance(c: np.ndarray) -> np.ndarray:
    """Return alpha of covariance or correlation matrices, shape (..., k, k) to (...)."""
    k = c.shape[-1]
    total = c.sum(axis=(-2, -1))
    diagonal = np.diagonal(c, axis1=-2, axis2=-1)
    trace = diagonal.sum(axis=-1)
    usable = (diagonal > 0).all(axis=-1) & (total > ZERO * trace)
    ratio = trace / np.where(usable, total, np.nan)
    alpha: np.ndarray = k / (k - 1) * (1 - ratio)
    return alpha


def _available(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return alpha of the mean of answered items, raw and of items brought to one variance."""
    variance = _variances(values, weights)
    raw = _of_totals(variance, _variances(np.nanmean(values, axis=1)[:, None], weights)[:, 0])
    usable = np.where(variance > 0, variance, np.nan)
    return np.stack([raw, _of_totals(np.ones_like(usable), _spread(values, weights, usable))], -1)


def _variances(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    variances: np.ndarray = np.diagonal(covariances(values, weights), axis1=-2, axis2=-1)
    return variances


def _of_totals(variance: np.ndarray, of_mean: np.ndarray) -> np.ndarray:
    k = variance.shape[-1]
    trace, total = variance.sum(axis=-1), k**2 * of_mean
    usable = (variance > 0).all(axis=-1) & (total > ZERO * trace)
    ratio = trace / np.where(usable, total, np.nan)
    alpha: np.ndarray = k / (k - 1) * (1 - ratio)
    return alpha


def _spread(values: np.ndarray, weights: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return, a draw, the variance over people of the mean of their standardised answers."""
    given = np.isfinite(values)
    filled = np.where(given, values, 0.0)
    mean = (weights @ filled) / (weights @ given)
    scale = 1 / np.sqrt(variance)
    # sum over answered items of (x - mean) / sd, as two products of matrices
    total = scale @ filled.T - (mean * scale) @ given.T
    of_person = total / given.sum(axis=1)
    n = weights.sum(axis=1)
    centre = (weights * of_person).sum(axis=1) / n
    squares = (weights * (of_person - centre[:, None]) ** 2).sum(axis=1)
    variance_of_mean: np.ndarray = squares / (n - 1)
    return variance_of_mean


def feldt_interval(alpha: float, *, n: int, k: int, conf_level: float) -> tuple[float, float]:
    """Return Feldt's interval: 1 - (1 - alpha) F with n - 1 and (n - 1)(k - 1) df."""
    tail = (1 - conf_level) / 2
    quantiles = stats.f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - alpha) * quantiles
    return float(low), float(high)


def _feldt_rows(alpha: float, kept: Kept, conf_level: float) -> list[Interval]:
    low, high = feldt_interval(alpha, n=kept.n, k=len(kept.items), conf_level=conf_level)
    return [(low, high, "feldt", ""), (np.nan, np.nan, "feldt", FELDT_IS_FOR_RAW)]
