"""Life tables as arrays: who was at risk, who was reached, and what is read from the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

__all__ = ["LifeTable", "life_table", "log_log_band", "median_days", "restricted_mean"]

ROUNDING = 1e-12  # a share of exactly one half is one up to this


@dataclass(frozen=True, slots=True, eq=False)
class LifeTable:
    """One row a day on which something was reached.

    Attributes
    ----------
    days : ndarray
        The days, rising.
    at_risk, done : ndarray
        Milestones open just before the day, and reached on it.
    share_open : ndarray
        Kaplan-Meier: the product of 1 - done / at_risk up to and with the day.
    hazard_sum : ndarray
        Greenwood's sum of done / (at_risk (at_risk - done)) up to and with the day.
    last : float
        The last day on which a milestone was seen.
    """

    days: np.ndarray
    at_risk: np.ndarray
    done: np.ndarray
    share_open: np.ndarray
    hazard_sum: np.ndarray
    last: float


def life_table(days: np.ndarray, reached: np.ndarray) -> LifeTable:
    """Return the life table of durations; without any, one without rows.

    One reached on the day on which another is last seen counts as before it.
    """
    times = np.unique(days[reached])
    ordered, ends = np.sort(days), np.sort(days[reached])
    at_risk = len(days) - np.searchsorted(ordered, times, side="left")
    done = np.searchsorted(ends, times, side="right") - np.searchsorted(ends, times, side="left")
    left = at_risk - done
    with np.errstate(divide="ignore"):
        hazard_sum = np.cumsum(done / (at_risk * left))
    share = np.cumprod(left / at_risk)
    last = float(days.max()) if len(days) else math.nan
    return LifeTable(times, at_risk, done, share, hazard_sum, last)


def log_log_band(table: LifeTable, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the pointwise interval of the share open, S^exp(-+ z sqrt(V) / log S).

    nan where nothing is open any more.
    """
    z = NormalDist().inv_cdf((1 + conf_level) / 2)
    share = np.where(table.share_open > 0, table.share_open, np.nan)
    reach = z * np.sqrt(np.where(table.share_open > 0, table.hazard_sum, np.nan)) / np.log(share)
    return share ** np.exp(-reach), share ** np.exp(reach)


def median_days(table: LifeTable, share_open: np.ndarray) -> float:
    """Return the day on which a curve of these days comes to one half; nan if it never does.

    Where it is one half from one day to another, the median is midway between them.
    """
    under = np.flatnonzero(share_open <= 0.5 + ROUNDING)
    if not len(under):
        return math.nan
    first = int(under[0])
    below = np.flatnonzero(share_open < 0.5 - ROUNDING)
    if abs(share_open[first] - 0.5) > ROUNDING:
        return float(table.days[first])
    other = table.days[below[0]] if len(below) else table.last
    return float(table.days[first] + other) / 2


def restricted_mean(table: LifeTable, horizon: float) -> tuple[float, float]:
    """Return the mean number of days open within a horizon, and its error by Greenwood's sum.

    The mean is the area under the curve up to the horizon; its variance is the sum over days of
    (area from the day on)^2 done / (at_risk (at_risk - done)).
    """
    within = table.days < horizon
    days, share = table.days[within], table.share_open[within]
    widths = np.diff(np.concatenate([[0.0], days, [horizon]]))
    areas = widths * np.concatenate([[1.0], share])
    after = np.cumsum(areas[::-1])[::-1][1:]
    done, left = table.done[within], (table.at_risk - table.done)[within]
    steps = np.where(left > 0, done / (table.at_risk[within] * np.maximum(left, 1)), 0.0)
    return float(areas.sum()), float(np.sqrt(np.sum(after**2 * steps)))
