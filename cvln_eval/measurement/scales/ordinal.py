"""Ordinal alpha: alpha of the traits that ordered answers are cut from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from cvln_eval.errors import shown
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.scales.alpha import alpha_from_covariance
from cvln_eval.measurement.scales.covariance import keep_people, refuse_unless
from cvln_eval.measurement.scales.reliability import (
    RESAMPLED,
    Reliability,
    reliability,
    resampled_intervals,
)
from cvln_eval.measurement.structure.polychoric import polychoric_matrix

__all__ = ["ordinal_alpha"]

RULES = ("listwise", "pairwise")
NAME = ("ordinal alpha",)


def ordinal_alpha(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    missing: str = "pairwise",
    interval: str = "jackknife",
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Reliability:
    """Return alpha of the polychoric correlations, with an interval over people.

    For k items with polychoric correlations R, k / (k - 1) (1 - k / sum R). It is the alpha that
    the continuous traits behind the answers would have, and so mostly above the alpha of the
    scores at hand: it does not describe the reliability of a mean of answers.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, values keyed; each value is a category.
    items : sequence of str
        Columns of the items, at least two.
    missing : {"listwise", "pairwise"}
        People who answered every item, or for each correlation those who answered both.
    interval : {"jackknife", "bootstrap"}
        "jackknife" leaves each person out once and takes 1 - (1 - r) exp(-+ t s) with s the
        error of log(1 - r) and n - 1 degrees of freedom; "bootstrap" resamples people and takes
        the bias-corrected and accelerated interval.
    conf_level : float
        Level of the interval.
    n_boot : int
        Resamples of a bootstrap; 2,000 take about 20 seconds with four items.
    rng : int or Generator
        Seed of a bootstrap.

    Returns
    -------
    Reliability
        nan with a reason where fewer than two people are left, nobody answered an item, all
        answers to it are alike, or a pair of items has no polychoric correlation. Its interval is
        nan with a reason where it has no value without one of the people; resamples of a
        bootstrap without a value drop out.

    Raises
    ------
    ArgumentError
        If an item is no column, is the only one, is not a number or has more than 20 different
        answers, a person has several rows, or a rule or a level is unknown.

    References
    ----------
    Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha.
    Journal of Educational and Behavioral Statistics, 27, 335-340 (the logarithm).
    Zumbo, B. D., Gadermann, A. M., & Zeisser, C. (2007). Ordinal versions of coefficients alpha
    and theta for Likert rating scales. Journal of Modern Applied Statistical Methods, 6, 21-29.
    Chalmers, R. P. (2018). On misconceptions and the limited usefulness of ordinal alpha.
    Educational and Psychological Measurement, 78, 1056-1071.

    Notes
    -----
    Agrees with `psych::alpha(psych::polychoric(x, correct = 0)$rho)`.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 1, 2, 2, 3, 3], "b": [1, 2, 1, 3, 2, 3]})
    >>> round(ordinal_alpha(answers, items=["a", "b"], n_boot=20).estimate, 2)
    0.72
    """
    refuse_level(conf_level)
    refuse_unless(missing, RULES, "rule for missing answers")
    refuse_unless(interval, RESAMPLED, "interval")
    kept = keep_people(answers, items, missing)
    matrix = np.full((len(kept.items),) * 2, np.nan)
    if not kept.reason():
        matrix = polychoric_matrix(kept.values)
    reason = kept.reason() or _without_correlation(matrix, kept.items)
    if reason:
        nothing = [(np.nan, np.nan, interval, "")]
        return reliability(kept, NAME, [np.nan], nothing, conf_level=conf_level, reason=reason)
    bounds = resampled_intervals(
        partial(_of_resamples, kept.values),
        kept.n_persons,
        interval=interval,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )
    estimate = float(alpha_from_covariance(matrix))
    return reliability(kept, NAME, [estimate], bounds, conf_level=conf_level)


def _of_resamples(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    resamples = (np.repeat(values, times, axis=0) for times in weights.astype(int))
    found = [alpha_from_covariance(polychoric_matrix(one)) for one in resamples]
    return np.stack(found)[:, None]


def _without_correlation(matrix: np.ndarray, items: tuple[str, ...]) -> str:
    pairs = [f"{items[i]} and {items[j]}" for i, j in np.argwhere(np.isnan(matrix)) if i < j]
    return f"no polychoric correlation of {shown(pairs)}" if pairs else ""
