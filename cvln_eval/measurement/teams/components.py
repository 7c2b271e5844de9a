"""Between and within teams: mean squares, intraclass correlations, and Wald's exact interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from cvln_eval.measurement.teams.grouped import team_means, team_variances

__all__ = [
    "OneWay",
    "icc_1",
    "icc_2",
    "mean_squares",
    "one_way",
    "typical_size",
    "wald_interval",
]


@dataclass(frozen=True, slots=True)
class OneWay:
    """A one-way analysis of variance of one column.

    Attributes
    ----------
    means, sizes : ndarray, shape (teams,)
        Mean and number of people of each team.
    between, within : float
        Mean squares.
    """

    means: np.ndarray
    sizes: np.ndarray
    between: float
    within: float

    @property
    def df(self) -> tuple[int, int]:
        """Return degrees of freedom between and within teams."""
        return len(self.sizes) - 1, int(self.sizes.sum()) - len(self.sizes)


def one_way(values: np.ndarray, sizes: np.ndarray) -> OneWay:
    """Analyse the variance of one column, shape (people, 1), sorted by team."""
    between, within = mean_squares(values, sizes)
    return OneWay(team_means(values, sizes)[:, 0], sizes, float(between), float(within))


def mean_squares(values: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean squares between and within teams of values of shape (..., people, 1)."""
    n, k = int(sizes.sum()), len(sizes)
    apart = team_means(values, sizes)[..., 0] - values.mean(axis=-2)
    between = (sizes * apart**2).sum(axis=-1) / (k - 1)
    within = np.nansum(team_variances(values, sizes)[..., 0] * (sizes - 1), axis=-1) / (n - k)
    return np.asarray(between), np.asarray(within)


def typical_size(sizes: np.ndarray) -> float:
    """Return n0 = (N - sum n^2 / N) / (k - 1), the size that a team counts as."""
    n = sizes.sum()
    return float((n - (sizes**2).sum() / n) / (len(sizes) - 1))


def icc_1(between: np.ndarray, within: np.ndarray, size: float) -> np.ndarray:
    """Return (MSB - MSW) / (MSB + (n0 - 1) MSW)."""
    return np.asarray((between - within) / (between + (size - 1) * within))


def icc_2(between: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return (MSB - MSW) / MSB."""
    return np.asarray((between - within) / between)


def wald_interval(table: OneWay, conf_level: float) -> tuple[float, float]:
    """Return Wald's interval for the ratio of the variances between and within teams.

    The bounds are the ratios t at which sum w (m - m_w)^2 / (k - 1) / MSW, with weights w = n /
    (1 + n t) and m_w the weighted mean of the team means m, equals a quantile of F. It falls
    steadily with t, from infinity or a finite value at t = -1 / max(n), which is the least bound.
    """
    tail = (1 - conf_level) / 2
    upper, lower = stats.f.ppf([1 - tail, tail], *table.df)
    return _ratio_at(table, float(upper)), _ratio_at(table, float(lower))


def _ratio_at(table: OneWay, quantile: float) -> float:
    least = -1 / float(table.sizes.max())
    start = least * (1 - 1e-10)
    if _scaled(start, table) <= quantile:
        return least
    end = 1.0
    while _scaled(end, table) > quantile:
        end *= 4
    return float(optimize.brentq(lambda ratio: _scaled(ratio, table) - quantile, start, end))


def _scaled(ratio: float, table: OneWay) -> float:
    weights = table.sizes / (1 + table.sizes * ratio)
    centre = (weights * table.means).sum() / weights.sum()
    squares = (weights * (table.means - centre) ** 2).sum()
    return float(squares / (len(table.sizes) - 1) / table.within)
