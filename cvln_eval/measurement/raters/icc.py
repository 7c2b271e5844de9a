"""Intraclass correlations of ratings: six definitions, their tests and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.raters.agreement import counts
from cvln_eval.measurement.raters.chance import NEARLY, ratio
from cvln_eval.measurement.raters.ratings import RatingMatrix, rating_matrix, why_no_agreement
from cvln_eval.measurement.raters.variances import (
    MeanSquares,
    additive,
    balanced_squares,
    components,
    unbalanced_squares,
)
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["IntraclassCorrelation", "icc_of", "intraclass_correlation"]

Array = npt.NDArray[np.float64]

MODELS = (
    "one-way random, absolute agreement",
    "two-way random, absolute agreement",
    "two-way mixed, consistency",
)
NAMES = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
OTHER_NAMES = ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")
NULL = "units do not differ: the intraclass correlation is 0"
COMPLETE = "analysis of variance, F interval"
UNBALANCED = "REML, jackknife over units"
NO_RESIDUAL = "no residual variance, so there is no test or interval"
NO_LOW = "the lower bound of single ratings is too low to have one of their mean"
NO_TEST = "the F test needs every unit rated by every rater"
NO_INTERVAL = "the jackknife cannot leave out every unit, or raters agree perfectly"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class IntraclassCorrelation(Result):
    """Intraclass correlations; see `intraclass_correlation`.

    Attributes
    ----------
    coefficients : DataFrame
        One row a definition.
    squares : MeanSquares or None
        Mean squares of the standardised scores.
    variances : tuple of float
        Of units, raters and residual, in squared points of the scale.
    matrix : RatingMatrix
    conf_level : float
    reason : str
        Why there is none.
    """

    coefficients: pd.DataFrame
    squares: MeanSquares | None
    variances: tuple[float, float, float]
    matrix: RatingMatrix
    conf_level: float
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a definition: single ratings first, then means of k raters."""
        return self.coefficients.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the variances of units, raters and residual, and the counts."""
        units, raters, residual = self.variances
        first = self.coefficients.iloc[0]
        return pd.DataFrame(
            [
                {
                    "variance_units": units,
                    "variance_raters": raters,
                    "variance_residual": residual,
                    "method": first["method"],
                    **counts(self.matrix),
                    "missing": first["missing"],
                    "reason": self.reason,
                }
            ]
        )

    def sentence(self) -> str:
        """Return agreement of single ratings and of their mean, with intervals and n."""
        if self.reason:
            return f"Intraclass correlations are not available: {self.reason}."
        table = self.coefficients
        parts = [self._told(row) for _, row in table.iloc[[1, 4]].iterrows()]
        n, k = len(self.matrix.codes), len(self.matrix.raters)
        return (
            f"Absolute agreement of {count(k, 'rater')} on {count(n, 'unit')} "
            f"({count(int(self.matrix.rated.sum()), 'rating')}) was {parts[0]}, for a single "
            f"rating, and {parts[1]}, for the mean of {count(k, 'rater')}{self._fewer()} "
            f"({table['method'].iloc[0]})."
        )

    def _fewer(self) -> str:
        # Without this, a mean of as many raters as no unit had would pass for the one at hand.
        each = self.matrix.rated.sum(axis=1)
        if (each == len(self.matrix.raters)).all():
            return ""
        return f", while a unit had {number(float(each.mean()), 1)} on average"

    def _told(self, row: pd.Series) -> str:
        interval = f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
        level = f"{level_in_words(self.conf_level)} CI {interval}"
        if math.isnan(row["estimate"]):
            return f"not available ({row['coefficient']}: {row['reason']})"
        known = not math.isnan(row["conf_low"])
        value = f"{row['coefficient']} = {number(row['estimate'])}"
        return f"{value}, {level if known else 'without an interval'}"


def intraclass_correlation(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    conf_level: float = 0.95,
) -> IntraclassCorrelation:
    """Measure which share of the variance of scores is that of the units rated.

    With mean squares of units B, within units W, of raters J and residual E, n units, k raters:
    ICC(1,1) = (B - W) / (B + (k - 1) W), ICC(2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n),
    ICC(3,1) = (B - E) / (B + (k - 1) E), and for means of k raters ICC(1,k) = (B - W) / B,
    ICC(2,k) = (B - E) / (B + (J - E) / n), ICC(3,k) = (B - E) / B. McGraw and Wong's names stand
    beside those of Shrout and Fleiss.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated.
    rater, score : str
        Columns of who rated and of the score, a number.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    IntraclassCorrelation
        Every unit rated by every rater: analysis of variance, the F test of units and the
        intervals of Shrout and Fleiss; a negative correlation is reported as such. Ratings
        missing: variances by restricted maximum likelihood for units, raters and residual, of
        which none is negative (ICC(1) can still be, where raters differ much), k the number of
        raters in the table, no F test, and intervals by the jackknife over units of
        -log(1 - ICC(.,k)), with t of n - 1 degrees of freedom. `std_error` is the jackknife's in
        both cases; it speaks of these raters.

        Units without any rating are left out and counted. nan with a reason: one rater or one
        unit, no unit with two ratings, scores all the same, too few ratings to tell units, raters
        and residual apart. Where raters agree perfectly the correlation is 1, without an interval.
        Agrees with `psych::ICC`; with ratings missing (`lmer = TRUE` there) in the correlations,
        not in the tests and intervals, which there count the missing ratings as if given.

    Raises
    ------
    ArgumentError
        If a column is absent, scores are not finite numbers, or a rater rated a unit twice.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater
    reliability. Psychological Bulletin, 86, 420-428.
    McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods, 1, 30-46, tables 4 and 7.
    Patterson, H. D., & Thompson, R. (1971). Recovery of inter-block information when block sizes
    are unequal. Biometrika, 58, 545-554.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = [9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7]
    >>> table = pd.DataFrame(
    ...     {
    ...         "person": [p for p in range(6) for _ in range(4)],
    ...         "rater_id": list("abcd") * 6,
    ...         "score": scores,
    ...     }
    ... )
    >>> found = intraclass_correlation(table, unit="person").tidy()
    >>> found["estimate"].round(2).tolist()
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    matrix = rating_matrix(ratings, unit=unit, rater=rater, score=score, numeric=True)
    return icc_of(matrix, conf_level=conf_level)


def icc_of(matrix: RatingMatrix, *, conf_level: float) -> IntraclassCorrelation:
    """Return the intraclass correlations of a matrix of ratings."""
    refuse_level(conf_level)
    values = matrix.values
    reason = _why_not(values, matrix)
    if reason:
        table = _table(np.full((6, 7), np.nan), matrix, conf_level, [reason] * 6)
        return IntraclassCorrelation(table, None, (math.nan,) * 3, matrix, conf_level, reason)
    spread = float(np.nanstd(values))
    values = (values - np.nanmean(values)) / spread
    complete = bool(matrix.rated.all())
    squares, start = (balanced_squares(values), None) if complete else _unbalanced(values)
    estimates = _coefficients(squares)
    errors, jackknifed = _jackknife(values, estimates, start, conf_level)
    bounds = _f_intervals(squares, conf_level) if complete else jackknifed
    tests = _tests(squares) if complete else np.full((6, 3), np.nan)
    numbers = np.column_stack([estimates, errors, bounds, tests])
    table = _table(numbers, matrix, conf_level, _reasons(numbers, complete=complete))
    units, raters, residual = (part * spread**2 for part in components(squares))
    return IntraclassCorrelation(table, squares, (units, raters, residual), matrix, conf_level, "")


def _why_not(values: Array, matrix: RatingMatrix) -> str:
    if reason := why_no_agreement(matrix):
        return reason
    if len(values) < 2:
        return "one unit only"
    if np.nanmax(values) == np.nanmin(values):
        return "all scores are the same"
    n, k = values.shape
    if matrix.rated.sum() < n + k:
        return "too few ratings to tell units, raters and residual apart"
    if not matrix.rated.all() and additive(values):
        return "units and raters explain every score, and no residual is left"
    return ""


def _unbalanced(values: Array) -> tuple[MeanSquares, tuple[float, float]]:
    """Return what `unbalanced_squares` does, and its limit where raters agree perfectly."""
    if (np.nanmax(values, axis=1) > np.nanmin(values, axis=1)).any():
        return unbalanced_squares(values)
    return MeanSquares(1.0, 0.0, 0.0, 0.0, *values.shape), (math.inf, 0.0)


def _coefficients(squares: MeanSquares) -> Array:
    """Return the six correlations: (1,1), (2,1), (3,1), (1,k), (2,k), (3,k)."""
    b, w, j, e = squares.units, squares.within, squares.raters, squares.residual
    n, k = squares.n, squares.k
    above = np.array([b - w, b - e, b - e] * 2)
    single = [b + (k - 1) * w, b + (k - 1) * e + k * (j - e) / n, b + (k - 1) * e]
    below = np.array([*single, b, b + (j - e) / n, b])
    found = ratio(above, np.maximum(below, 0))
    return np.where(np.abs(found) < NEARLY, 0.0, found)


def _averaged(single: Array, k: int) -> Array:
    """Return the correlation of means of k raters (Spearman and Brown); nan below -1 / (k - 1)."""
    return ratio(k * single, np.maximum(1 + (k - 1) * single, 0))


def _tests(squares: MeanSquares) -> Array:
    """Return F, df1, df2 of the six definitions; nan where the denominator is 0."""
    n, k = squares.n, squares.k
    beside = np.array([squares.within, squares.residual, squares.residual])
    f = ratio(np.full(3, squares.units), beside)
    rest = np.array([n * (k - 1), (n - 1) * (k - 1), (n - 1) * (k - 1)], dtype=float)
    three = np.column_stack([f, np.full(3, n - 1.0), rest])
    three[np.isnan(f)] = np.nan
    return np.vstack([three, three])


def _f_intervals(squares: MeanSquares, conf_level: float) -> Array:
    """Return the intervals of Shrout and Fleiss (1979)."""
    k, upper = squares.k, (1 + conf_level) / 2
    single = np.full((3, 2), np.nan)
    for place in (0, 2):
        f, df1, df2 = _tests(squares)[place]
        ends = np.array([f / stats.f.ppf(upper, df1, df2), f * stats.f.ppf(upper, df2, df1)])
        single[place] = (ends - 1) / (ends + k - 1)
    if squares.residual > NEARLY:
        single[1] = _two_way_interval(squares, upper)
    return np.vstack([single, _averaged(single, k)])


def _two_way_interval(squares: MeanSquares, upper: float) -> Array:
    """Return the interval of ICC(2,1), with Satterthwaite's degrees of freedom."""
    b, j, e, n, k = squares.units, squares.raters, squares.residual, squares.n, squares.k
    rho, f = float(_coefficients(squares)[1]), j / e
    part = n * (1 + (k - 1) * rho) - k * rho
    above = (k - 1) * (n - 1) * (k * rho * f + part) ** 2
    df = above / ((n - 1) * k**2 * rho**2 * f**2 + part**2)
    first, second = stats.f.ppf(upper, n - 1, df), stats.f.ppf(upper, df, n - 1)
    rest = k * j + (k * n - k - n) * e
    low = n * (b - first * e) / (first * rest + n * b)
    return np.array([low, n * (second * b - e) / (rest + n * second * b)])


def _jackknife(
    values: Array, estimates: Array, start: tuple[float, float] | None, conf_level: float
) -> tuple[Array, Array]:
    """Return standard errors and intervals from leaving out one unit at a time."""
    n, k = values.shape
    nothing = np.full(6, np.nan), np.full((6, 2), np.nan)
    if n < 3 or (start is not None and math.isinf(start[0])):
        return nothing
    left = np.array([_without(values, place, start) for place in range(n)])
    errors = np.sqrt((n - 1) / n * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    if not (left[:, 3:] < 1).all() or not (estimates[3:] < 1).all():
        return np.where(errors > NEARLY, errors, np.nan), nothing[1]
    z, spread = -np.log(1 - estimates[3:]), -np.log(1 - left[:, 3:])
    reach = np.sqrt((n - 1) / n * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0))
    reach = reach * stats.t.ppf((1 + conf_level) / 2, n - 1)
    averaged = 1 - np.exp(-np.column_stack([z - reach, z + reach]))
    single = ratio(averaged, k - (k - 1) * averaged)
    return errors, np.vstack([single, averaged])


def _without(values: Array, place: int, start: tuple[float, float] | None) -> Array:
    """Return the correlations without one unit; nan where they cannot be had."""
    kept = np.delete(values, place, axis=0)
    rated = ~np.isnan(kept)
    if start is None:
        return _coefficients(balanced_squares(kept))
    if not rated.any(axis=0).all() or rated.sum() < sum(kept.shape):
        return np.full(6, np.nan)
    return _coefficients(unbalanced_squares(kept, start)[0])


def _reasons(numbers: Array, *, complete: bool) -> list[str]:
    """Return what is not there and why, one text a definition; "" where all of it is."""
    return [_reason(row, complete=complete) for row in np.isnan(numbers)]


def _reason(absent: npt.NDArray[np.bool_], *, complete: bool) -> str:
    estimate, error, low, high = absent[:4]
    if estimate:
        return "the estimated variance of the scores is not above 0"
    if not complete:
        return f"{NO_INTERVAL}; {NO_TEST}" if low else NO_TEST
    if low:
        return NO_LOW if not high else NO_RESIDUAL
    return "the jackknife needs three units and their differences" if error else ""


def _table(
    numbers: Array, matrix: RatingMatrix, conf_level: float, reasons: list[str]
) -> pd.DataFrame:
    complete = bool(matrix.rated.all())
    f, df1, df2 = numbers[:, 4], numbers[:, 5], numbers[:, 6]
    return pd.DataFrame(
        {
            "coefficient": NAMES,
            "mcgraw_wong": OTHER_NAMES,
            "model": MODELS * 2,
            "n_averaged": [1] * 3 + [len(matrix.raters)] * 3,
            "estimate": numbers[:, 0],
            "std_error": numbers[:, 1],
            "conf_low": numbers[:, 2],
            "conf_high": numbers[:, 3],
            "conf_level": conf_level,
            "method": COMPLETE if complete else UNBALANCED,
            "statistic": f,
            "df1": df1,
            "df2": df2,
            "p_value": stats.f.sf(f, df1, df2),
            "null_hypothesis": NULL,
            **counts(matrix),
            "missing": "none" if complete else "all ratings given",
            "reason": reasons,
        }
    )
