"""Agreement of two or more raters beyond chance, with ratings missing or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.measurement.raters.agreement import Agreement, ChanceTest
from cvln_eval.measurement.raters.beyond import agreement_beyond_chance, named
from cvln_eval.measurement.raters.chance import (
    brennan_prediger_chance,
    conger_chance,
    fleiss_chance,
    gwet_chance,
)
from cvln_eval.measurement.raters.ratings import rating_matrix

__all__ = ["brennan_prediger", "conger_kappa", "fleiss_kappa", "gwet_ac"]


def fleiss_kappa(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    weights: str = "none",
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure agreement beyond what the pooled use of the categories would give.

    kappa = (a - e) / (1 - e): a is the mean over units of the (weighted) share of rater pairs that
    agree, e = sum_kl w_kl p_k p_l with p_k the mean over units of the share of the unit's ratings
    in category k. Raters may differ from unit to unit. With two raters it is Scott's pi.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating: numbers, words or booleans.
    weights : {"none", "linear", "quadratic", "ordinal"}
        How categories that differ count; all but "none" need numbers or ordered `categories`.
    categories : sequence, optional
        All categories in their order; those seen when left out.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        Rows by Gwet's linearisation over units (t with n - 1 degrees of freedom, cut at 1) and by
        bootstrap over units (five or more), both for these raters; and, with three raters or
        more, one for raters like these, whose error also has the jackknife over raters; it is too
        wide rather than too narrow where raters are equally good. `glance` adds z against chance
        (Fleiss, Nee & Landis, 1979), which has a formula only for "none" and the same number of
        ratings for every unit.

        A missing rating counts as not given. Units with one rating tell about the categories'
        use, not about agreement; units and raters without any are left out and counted. nan with
        a reason: no unit with two ratings, one rater, one category only (chance then agrees
        always). Perfect agreement over several categories is 1, without an interval.

    Raises
    ------
    ArgumentError
        If a column is absent, a rater rated a unit twice, a rating is in none of the categories,
        or weights need an order that words do not have.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin, 76, 378-382.
    Fleiss, J. L., Nee, J. C. M., & Landis, J. R. (1979). Large sample variance of kappa in the
    case of different sets of raters. Psychological Bulletin, 86, 974-977.
    Gwet, K. L. (2008). Variance estimation of nominal-scale inter-rater reliability with random
    selection of raters. Psychometrika, 73, 407-430.
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.

    Examples
    --------
    >>> import pandas as pd
    >>> said = ["yes", "yes", "no", "no", "yes", "no"]
    >>> table = pd.DataFrame(
    ...     {"segment_id": [1, 1, 2, 2, 3, 3], "coder_id": ["a", "b"] * 3, "applied": said}
    ... )
    >>> result = fleiss_kappa(table, unit="segment_id", rater="coder_id", score="applied")
    >>> round(result.estimate, 3)
    0.333
    """
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=weights != "none",
    )
    found = agreement_beyond_chance(
        matrix,
        fleiss_chance,
        coefficient=named("Fleiss' kappa", weights),
        weights=weights,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )
    return found if found.reason else _with_test(found)


def _with_test(found: Agreement) -> Agreement:
    return replace(found, test=_fleiss_test(found))


def _fleiss_test(found: Agreement) -> ChanceTest:
    """Return z = kappa / s0 with s0 of Fleiss, Nee & Landis (1979)."""
    null = "each rating falls into a category with the pooled share of that category"
    per_unit = found.matrix.rated.sum(axis=1)
    if found.weights != "none" or np.ptp(per_unit) > 0:
        why = "the test needs unweighted kappa and as many ratings for every unit"
        return ChanceTest(null, math.nan, math.nan, math.nan, why)
    n, m = len(per_unit), int(per_unit[0])
    used = np.bincount(found.matrix.codes[found.matrix.rated], minlength=len(found.matrix.points))
    p = used / used.sum()
    spread = float(np.sum(p * (1 - p)))
    skew = float(np.sum(p * (1 - p) * (1 - 2 * p)))
    error = math.sqrt(2 * (spread**2 - skew) / (n * m * (m - 1))) / spread
    z = found.estimate / error
    return ChanceTest(null, error, z, float(2 * stats.norm.sf(abs(z))))


def conger_kappa(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    weights: str = "none",
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure agreement beyond what each rater's own use of the categories would give.

    kappa = (a - e) / (1 - e) with a as in `fleiss_kappa` and e the mean over pairs of different
    raters g, h of sum_kl w_kl p_gk p_hl, where p_gk is rater g's share of category k. It is
    Cohen's kappa for more than two raters, and Cohen's kappa for two without missing ratings.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating.
    weights : {"none", "linear", "quadratic", "ordinal"}
        How categories that differ count.
    categories : sequence, optional
        All categories in their order; those seen when left out.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        As `fleiss_kappa` returns it, without a test; a resample in which a rater has no rating
        gives no value. Missing ratings, few units and perfect agreement: see `fleiss_kappa`.

    Raises
    ------
    ArgumentError
        As `fleiss_kappa`.

    References
    ----------
    Conger, A. J. (1980). Integration and generalization of kappas for multiple raters.
    Psychological Bulletin, 88, 322-328.
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"unit": [1, 1, 2, 2, 3, 3, 4, 4], "rater_id": ["a", "b"] * 4,
    ...      "score": [1, 1, 1, 2, 2, 2, 2, 2]}
    ... )
    >>> round(conger_kappa(table, unit="unit").estimate, 3)
    0.5
    """
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=weights != "none",
    )
    return agreement_beyond_chance(
        matrix,
        conger_chance,
        coefficient=named("Conger's kappa", weights),
        weights=weights,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )


def brennan_prediger(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    weights: str = "none",
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure agreement beyond what even use of all categories would give.

    kappa = (a - e) / (1 - e) with a as in `fleiss_kappa` and e = sum_kl w_kl / q^2, which is 1 / q
    without weights. It depends on how many categories there are: name those that nobody used.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating.
    weights : {"none", "linear", "quadratic", "ordinal"}
        How categories that differ count.
    categories : sequence, optional
        All categories in their order; those seen when left out.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        As `fleiss_kappa` returns it, without a test. Missing ratings, few units and perfect
        agreement: see `fleiss_kappa`.

    Raises
    ------
    ArgumentError
        As `fleiss_kappa`.

    References
    ----------
    Brennan, R. L., & Prediger, D. J. (1981). Coefficient kappa: Some uses, misuses, and
    alternatives. Educational and Psychological Measurement, 41, 687-699.
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"unit": [1, 1, 2, 2, 3, 3, 4, 4], "rater_id": ["a", "b"] * 4,
    ...      "score": [1, 1, 1, 2, 2, 2, 2, 2]}
    ... )
    >>> round(brennan_prediger(table, unit="unit").estimate, 3)
    0.5
    """
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=weights != "none",
    )
    return agreement_beyond_chance(
        matrix,
        brennan_prediger_chance,
        coefficient=named("Brennan and Prediger's coefficient", weights),
        weights=weights,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )


def gwet_ac(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    weights: str = "none",
    categories: Sequence[object] | None = None,
    conf_level: float = 0.95,
    n_boot: int = 2000,
    rng: int | np.random.Generator = 0,
) -> Agreement:
    """Measure agreement by Gwet's AC1, or AC2 with weights, which rare categories do not upset.

    AC = (a - e) / (1 - e) with a and p_k as in `fleiss_kappa` and
    e = sum_kl w_kl sum_k p_k (1 - p_k) / (q (q - 1)).

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings` or `themes`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the rating.
    weights : {"none", "linear", "quadratic", "ordinal"}
        "none" is AC1, the others AC2.
    categories : sequence, optional
        All categories in their order; those seen when left out.
    conf_level : float
        Level of the intervals.
    n_boot : int
        Resamples of units.
    rng : int or Generator
        Seed of the resamples.

    Returns
    -------
    Agreement
        As `fleiss_kappa` returns it, without a test. Missing ratings, few units and perfect
        agreement: see `fleiss_kappa`; where `categories` names more than the one category that
        was used, AC is 1.

    Raises
    ------
    ArgumentError
        As `fleiss_kappa`.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. British Journal of Mathematical and Statistical Psychology, 61, 29-48.
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"unit": [1, 1, 2, 2, 3, 3, 4, 4], "rater_id": ["a", "b"] * 4,
    ...      "score": [1, 1, 1, 2, 2, 2, 2, 2]}
    ... )
    >>> round(gwet_ac(table, unit="unit").estimate, 3)
    0.529
    """
    matrix = rating_matrix(
        ratings,
        unit=unit,
        rater=rater,
        score=score,
        categories=categories,
        ordered=weights != "none",
    )
    return agreement_beyond_chance(
        matrix,
        gwet_chance,
        coefficient="Gwet's AC1" if weights == "none" else named("Gwet's AC2", weights),
        weights=weights,
        conf_level=conf_level,
        n_boot=n_boot,
        rng=rng,
    )
