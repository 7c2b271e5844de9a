"""Who is lenient: each rater against the others on the units they share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.raters.agreement import counts
from cvln_eval.measurement.raters.chance import NEARLY
from cvln_eval.measurement.raters.ratings import RatingMatrix, rating_matrix
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["RaterBias", "rater_bias"]

Array = npt.NDArray[np.float64]

PAIRED = "paired differences, t"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RaterBias(Result):
    """Raters' leniency; see `rater_bias`.

    Attributes
    ----------
    raters : DataFrame
        One row a rater.
    differences : DataFrame
        One row a pair of raters.
    matrix : RatingMatrix
    conf_level : float
    """

    raters: pd.DataFrame
    differences: pd.DataFrame
    matrix: RatingMatrix
    conf_level: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a rater: mean, and difference from the other raters of their units."""
        return self.raters.copy()

    def pairs(self) -> pd.DataFrame:
        """Return one row a pair of raters: mean difference, first minus second."""
        return self.differences.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the most lenient and the strictest rater, and the counts."""
        known = self.raters.dropna(subset="estimate").sort_values("estimate", kind="stable")
        low, top = (known.iloc[0], known.iloc[-1]) if len(known) else (None, None)
        alike = len(known) > 0 and bool(np.ptp(known["estimate"]) < NEARLY)
        return pd.DataFrame(
            [
                {
                    "most_lenient": "" if top is None or alike else top["rater_id"],
                    "strictest": "" if low is None or alike else low["rater_id"],
                    "estimate_max": math.nan if top is None else top["estimate"],
                    "estimate_min": math.nan if low is None else low["estimate"],
                    **counts(self.matrix),
                    "reason": "" if len(known) else "no unit has two ratings",
                }
            ]
        )

    def sentence(self) -> str:
        """Return who rates highest and lowest, by how much, with intervals and n."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Differences between raters are not available: {row['reason']}."
        if not row["most_lenient"]:
            return f"Among {count(int(row['n_raters']), 'rater')}, none rated above the others."
        return (
            f"Among {count(int(row['n_raters']), 'rater')}, {self._told(row['most_lenient'])}; "
            f"{self._told(row['strictest'])}."
        )

    def _told(self, rater: str) -> str:
        row = self.raters[self.raters["rater_id"] == rater].iloc[0]
        side = "above" if row["estimate"] >= 0 else "below"
        interval = f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
        interval = f"{level_in_words(self.conf_level)} CI {interval}"
        if row["reason"]:
            interval = f"no interval: {row['reason']}"
        return (
            f"{rater} rated {number(abs(row['estimate']))} points {side} the others of the same "
            f"{count(int(row['n_units']), 'unit')} ({interval})"
        )


def rater_bias(
    ratings: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    rater: str = "rater_id",
    score: str = "score",
    conf_level: float = 0.95,
) -> RaterBias:
    """Compare each rater with the others who rated the same units.

    A rater's estimate is the mean over shared units of the own score minus the mean of the others'
    scores; a pair's is the mean of the first's minus the second's score. Both come with the
    interval of paired differences, mean -/+ t s / sqrt(n) with n - 1 degrees of freedom. Plain
    means differ also because raters rate different units, so they stand beside, not instead.

    Parameters
    ----------
    ratings : DataFrame
        One row a rating; the study's `ratings`, or any table of that shape.
    unit : str or sequence of str
        Column or columns that name what was rated. Units count as independent: several criteria
        of one team are less than that, and the intervals then too narrow.
    rater, score : str
        Columns of who rated and of the score, a number.
    conf_level : float
        Level of the intervals, each for itself and not for all together.

    Returns
    -------
    RaterBias
        `tidy` has one row a rater, `pairs` one a pair. Only units that both sides rated count, as
        `n_units`. nan with a reason: no unit in common; one unit, or differences that are all the
        same, have no interval. Raters without any rating are left out and counted.

    Raises
    ------
    ArgumentError
        If a column is absent, scores are not finite numbers, or a rater rated a unit twice.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {
    ...         "team_id": [1, 2, 3] * 2,
    ...         "rater_id": ["a"] * 3 + ["b"] * 3,
    ...         "score": [2, 3, 4, 1, 3, 2],
    ...     }
    ... )
    >>> rater_bias(table, unit="team_id").pairs()[["rater_id", "other_rater_id", "estimate"]]
      rater_id other_rater_id  estimate
    0        a              b       1.0
    """
    refuse_level(conf_level)
    matrix = rating_matrix(ratings, unit=unit, rater=rater, score=score, numeric=True)
    values = matrix.values
    raters = [
        {"rater_id": name, **_own(values[:, place]), **_beside(values, place, conf_level)}
        for place, name in enumerate(matrix.raters)
    ]
    pairs = [
        {
            "rater_id": matrix.raters[first],
            "other_rater_id": matrix.raters[second],
            **_paired(values[:, first] - values[:, second], conf_level),
        }
        for first, second in combinations(range(len(matrix.raters)), 2)
    ]
    return RaterBias(_frame(raters, "mean"), _frame(pairs, "other_rater_id"), matrix, conf_level)


def _own(scores: Array) -> dict[str, object]:
    given = scores[~np.isnan(scores)]
    sd = float(given.std(ddof=1)) if len(given) > 1 else math.nan
    return {"mean": float(given.mean()), "sd": sd, "n_ratings": len(given)}


def _beside(values: Array, place: int, conf_level: float) -> dict[str, object]:
    """Return how a rater differs from the mean of the others, over the units shared."""
    others = np.delete(values, place, axis=1)
    rated = (~np.isnan(others)).sum(axis=1)
    mean = np.full(len(values), np.nan)
    np.divide(np.nansum(others, axis=1), rated, out=mean, where=rated > 0)
    return _paired(values[:, place] - mean, conf_level)


def _paired(differences: Array, conf_level: float) -> dict[str, object]:
    """Return the mean difference with its interval, over units that have one."""
    shared = differences[~np.isnan(differences)]
    n = len(shared)
    error = float(shared.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    reason = {0: "no unit in common", 1: "one unit in common"}.get(n, "")
    if n > 1 and error < 1e-12:
        error, reason = math.nan, "the differences are all the same"
    mean = float(shared.mean()) if n else math.nan
    reach = error * float(stats.t.ppf((1 + conf_level) / 2, n - 1)) if n > 1 else math.nan
    return {
        "estimate": mean,
        "std_error": error,
        "conf_low": mean - reach,
        "conf_high": mean + reach,
        "conf_level": conf_level,
        "df": max(n - 1, 0),
        "n_units": n,
        "method": PAIRED,
        "reason": reason,
    }


def _frame(rows: list[dict[str, object]], second: str) -> pd.DataFrame:
    """Return the rows as a table that has its columns even when it has no row."""
    own = ["mean", "sd", "n_ratings"] if second == "mean" else [second]
    return pd.DataFrame(rows, columns=["rater_id", *own, *_paired(np.array([]), 0.95)])
