"""The result that every coefficient of agreement returns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cvln_eval.measurement.bootstrap import percentile_interval
from cvln_eval.measurement.raters.ratings import RatingMatrix
from cvln_eval.measurement.resampled import LEAST_PEOPLE
from cvln_eval.results import Result, count, level_in_words, number, p_in_words, proportion

__all__ = ["Agreement", "ChanceTest", "Interval", "bootstrap_interval", "error_interval"]

ALIKE = "the units do not differ in agreement, so its uncertainty cannot be estimated"
FEW_DRAWS = "fewer than half of the resamples give a value"
FEW_UNITS = "fewer than five units make too few different resamples"


@dataclass(frozen=True, slots=True)
class Interval:
    """One standard error with its interval, the method named; nan with a reason."""

    method: str
    std_error: float = math.nan
    conf_low: float = math.nan
    conf_high: float = math.nan
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChanceTest:
    """A test of the coefficient against 0, with its null hypothesis in words."""

    null_hypothesis: str
    std_error_null: float
    statistic: float
    p_value: float
    reason: str = ""


def error_interval(
    estimate: float, std_error: float, *, method: str, conf_level: float, df: float = math.inf
) -> Interval:
    """Return estimate -/+ quantile x standard error, cut at -1 and 1; of t if `df` is finite."""
    if not std_error > 1e-12:
        return Interval(method, reason=ALIKE)
    reach = float(stats.t.ppf((1 + conf_level) / 2, df)) * std_error
    return Interval(method, std_error, max(estimate - reach, -1.0), min(estimate + reach, 1.0))


def bootstrap_interval(
    draws: npt.NDArray[np.float64], n_units: int, *, conf_level: float
) -> Interval:
    """Return standard deviation and percentile interval of the draws that have a value."""
    method = "bootstrap over units, percentile"
    usable = draws[np.isfinite(draws)]
    if 2 * len(usable) < len(draws):
        return Interval(method, reason=FEW_DRAWS)
    if np.ptp(usable) < 1e-12:
        return Interval(method, reason=ALIKE)
    if n_units < LEAST_PEOPLE:
        return Interval(method, reason=FEW_UNITS)
    low, high = percentile_interval(usable[:, None], conf_level=conf_level)
    return Interval(method, float(np.std(usable, ddof=1)), float(low[0]), float(high[0]))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Agreement(Result):
    """A coefficient of agreement between raters; see the function that returned it.

    Attributes
    ----------
    coefficient, weights : str
        What was computed, and how different categories count.
    estimate : float
        nan where it cannot be had; `reason` says why.
    agreement_share, agreement_observed, agreement_expected : float
        Share of rater pairs that say the same; the same with weights; what chance would give.
    intervals : tuple of Interval
        One a method.
    matrix : RatingMatrix
        The ratings behind the numbers.
    conf_level : float
    missing : str
        What became of missing ratings.
    reason : str
        Why there is no estimate.
    test : ChanceTest, optional
    """

    coefficient: str
    weights: str
    estimate: float
    agreement_share: float
    agreement_observed: float
    agreement_expected: float
    intervals: tuple[Interval, ...]
    matrix: RatingMatrix
    conf_level: float
    missing: str
    reason: str = ""
    test: ChanceTest | None = None

    def _row(self, interval: Interval) -> dict[str, object]:
        return {
            "coefficient": self.coefficient,
            "weights": self.weights,
            "estimate": self.estimate,
            "std_error": interval.std_error,
            "conf_low": interval.conf_low,
            "conf_high": interval.conf_high,
            "conf_level": self.conf_level,
            "method": interval.method,
            "agreement_share": self.agreement_share,
            "agreement_observed": self.agreement_observed,
            "agreement_expected": self.agreement_expected,
            **counts(self.matrix),
            "n_categories": len(self.matrix.points),
            "missing": self.missing,
            "reason": self.reason or interval.reason,
        }

    def tidy(self) -> pd.DataFrame:
        """Return one row a method of standard error and interval."""
        return pd.DataFrame([self._row(interval) for interval in self.intervals])

    def glance(self) -> pd.DataFrame:
        """Return one row: the first interval, and the test against chance where there is one."""
        row = self._row(self.intervals[0])
        if self.test is not None:
            row |= {
                "null_hypothesis": self.test.null_hypothesis,
                "std_error_null": self.test.std_error_null,
                "statistic": self.test.statistic,
                "p_value": self.test.p_value,
            }
            row["reason"] = row["reason"] or self.test.reason
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the coefficient with its interval, and what it rests on."""
        if self.reason:
            return f"{self.coefficient} is not available: {self.reason}."
        interval = self.intervals[0]
        level = level_in_words(self.conf_level)
        bounds = f"{level} CI [{number(interval.conf_low)}, {number(interval.conf_high)}]"
        bounds = f"no interval: {interval.reason}" if interval.reason else bounds
        return (
            f"{self.coefficient} was {number(self.estimate)} ({bounds}; {interval.method}"
            f"{self._tested()}) over {count(len(self.matrix.codes), 'unit')}, "
            f"{count(len(self.matrix.raters), 'rater')} and "
            f"{count(int(self.matrix.rated.sum()), 'rating')}; pairs of raters said the same in "
            f"{proportion(self.agreement_share)} of cases."
        )

    def _tested(self) -> str:
        if self.test is None or math.isnan(self.test.statistic):
            return ""
        return f"; z = {self.test.statistic:.2f}, {p_in_words(self.test.p_value)}"


def counts(matrix: RatingMatrix) -> dict[str, int]:
    """Return how many units, raters and ratings stand behind a number."""
    return {
        "n_units": len(matrix.codes),
        "n_units_left_out": matrix.n_units_left_out,
        "n_raters": len(matrix.raters),
        "n_raters_left_out": matrix.n_raters_left_out,
        "n_ratings": int(matrix.rated.sum()),
    }
