"""What every coefficient of reliability returns: estimate, interval, people, and what is amiss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.measurement.bootstrap import leave_one_out
from cvln_eval.measurement.resampled import bca_intervals
from cvln_eval.measurement.scales.covariance import Kept
from cvln_eval.results import Result, count, level_in_words, number

__all__ = ["RESAMPLED", "Interval", "Reliability", "reliability", "resampled_intervals"]

RESAMPLED = ("jackknife", "bootstrap")
METHODS = {
    "feldt": "Feldt",
    "jackknife": "jackknife over people",
    "bootstrap": "bootstrap over people",
}
TOO_ALIKE = "fewer than five people, or too few resamples have a value that varies"
SAME_SUM = "the items cancel out: their sum does not vary"
# Low, high, method, and why there is none.
Interval = tuple[float, float, str, str]
RELIABILITY_COLUMNS = (
    "coefficient",
    "estimate",
    "conf_low",
    "conf_high",
    "conf_level",
    "method",
    "n",
    "n_persons",
    "n_left_out",
    "n_items",
    "missing",
    "note",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Reliability(Result):
    """Reliability of one scale; see `cronbach_alpha`, `mcdonald_omega` and `ordinal_alpha`.

    Attributes
    ----------
    items : tuple of str
        The items of the scale.
    coefficients : DataFrame
        One row a coefficient, the leading one first.
    """

    items: tuple[str, ...]
    coefficients: pd.DataFrame

    @property
    def estimate(self) -> float:
        """The leading coefficient."""
        return float(self.coefficients["estimate"].iloc[0])

    def tidy(self) -> pd.DataFrame:
        """Return one row a coefficient: estimate, interval and its method, people, reason."""
        return self.coefficients.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: the leading coefficient."""
        return self.coefficients.iloc[[0]].copy()

    def sentence(self) -> str:
        """Return the leading coefficient with its interval, people and rule."""
        row = self.coefficients.iloc[0]
        if row["reason"] and np.isnan(row["estimate"]):
            return f"{_named(row['coefficient'])} is not available: {row['reason']}."
        return (
            f"{_named(row['coefficient'])} of {count(int(row['n_items']), 'item')} was "
            f"{number(row['estimate'])}{_interval(row)}{_people(row)}; {row['missing']})"
            f"{'; ' + row['note'] if row['note'] else ''}."
        )


def _named(coefficient: str) -> str:
    return coefficient[0].upper() + coefficient[1:]


def _interval(row: pd.Series) -> str:
    """Return the interval, and open the bracket that people and rule go into."""
    if np.isnan(row["conf_low"]):
        return " ("
    bounds = f"[{number(row['conf_low'])}, {number(row['conf_high'])}]"
    return f", {level_in_words(row['conf_level'])} CI {bounds} ({METHODS[row['method']]}; "


def _people(row: pd.Series) -> str:
    n, persons, left_out = int(row["n"]), int(row["n_persons"]), int(row["n_left_out"])
    fewest = f", at least {n} a pair of items" if n != persons else ""
    return f"n = {persons}{fewest}" + (f", {left_out} left out" if left_out else "")


def reliability(
    kept: Kept,
    named: Sequence[str],
    estimates: Sequence[float],
    intervals: Sequence[Interval],
    *,
    conf_level: float,
    note: str = "",
    reason: str = "",
) -> Reliability:
    """Return coefficients as a result; each interval comes as low, high, method and reason."""
    why = kept.reason() or reason
    rows = [
        {
            "coefficient": name,
            "estimate": float(estimate),
            "conf_low": low,
            "conf_high": high,
            "conf_level": conf_level,
            "method": method,
            "n": kept.n,
            "n_persons": kept.n_persons,
            "n_left_out": kept.n_left_out,
            "n_items": len(kept.items),
            "missing": kept.missing,
            "note": note or _negative(name, float(estimate)),
            "reason": why or (SAME_SUM if np.isnan(estimate) else no_interval),
        }
        for name, estimate, (low, high, method, no_interval) in zip(
            named, estimates, intervals, strict=True
        )
    ]
    return Reliability(kept.items, pd.DataFrame(rows, columns=list(RELIABILITY_COLUMNS)))


def _negative(name: str, estimate: float) -> str:
    below = "negative: the items do not go together; look for items keyed the wrong way"
    return below if estimate < 0 else ""


def resampled_intervals(
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
    *,
    interval: str,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> list[Interval]:
    """Return the interval of each quantity by leaving people out or by resampling them."""
    if interval == "jackknife":
        return jackknife_intervals(statistic, n, conf_level=conf_level)
    return bootstrap_intervals(statistic, n, conf_level=conf_level, n_boot=n_boot, rng=rng)


def jackknife_intervals(
    statistic: Callable[[np.ndarray], np.ndarray], n: int, *, conf_level: float
) -> list[Interval]:
    """Return 1 - (1 - r) exp(-+ t s), s the jackknife error of log(1 - r), t with n - 1 df.

    On the scale of the logarithm a reliability is about normal (Bonett, 2002), and t allows for
    an error that is itself estimated from few people.
    """
    estimates = statistic(np.ones((1, n)))[0]
    without_one = leave_one_out(statistic, n)
    rows: list[Interval] = []
    for estimate, left in zip(estimates, without_one.T, strict=True):
        if np.isnan(left).any() or max(estimate, left.max()) >= 1:
            rows.append((np.nan, np.nan, "jackknife", "no value below 1 without one of the people"))
            continue
        logs = np.log1p(-left)
        error = np.sqrt((n - 1) / n * np.sum((logs - logs.mean()) ** 2))
        reach = np.exp(stats.t.ppf((1 + conf_level) / 2, n - 1) * error)
        low, high = 1 - (1 - estimate) * reach, 1 - (1 - estimate) / reach
        rows.append((float(low), float(high), "jackknife", ""))
    return rows


def bootstrap_intervals(
    statistic: Callable[[np.ndarray], np.ndarray],
    n: int,
    *,
    conf_level: float,
    n_boot: int,
    rng: int | np.random.Generator,
) -> list[Interval]:
    """Return the bias-corrected and accelerated interval of each quantity, over n people.

    The statistic takes weights, shape (draws, n), and returns shape (draws, quantities).
    """
    found = bca_intervals(statistic, n, conf_level=conf_level, n_boot=n_boot, rng=rng)
    return [
        (float(low), float(high), "bootstrap", "" if np.isfinite(low) else TOO_ALIKE)
        for low, high in found[1:].T
    ]
