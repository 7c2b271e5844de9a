"""What each item of a scale adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.measurement.matrix import refuse_level, refuse_out_of_range
from cvln_eval.measurement.scales.alpha import alpha_from_covariance
from cvln_eval.measurement.scales.covariance import Kept, constant, covariances, keep_people
from cvln_eval.results import Result, count, number

__all__ = ["ItemAnalysis", "item_analysis", "item_rest"]

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ItemAnalysis(Result):
    """Items of one scale; see `item_analysis`.

    Attributes
    ----------
    rows : DataFrame
        One row an item.
    n_persons : int
        People who answered any item.
    n_left_out : int
        People who answered none.
    alpha : float
        Alpha of all items, each covariance over the people who answered both.
    """

    rows: pd.DataFrame
    n_persons: int
    n_left_out: int
    alpha: float

    def tidy(self) -> pd.DataFrame:
        """Return one row an item: answers, spread, relation to the others, floor, ceiling."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: people, items, alpha, the item that goes least with the others."""
        weakest = self.rows["item_rest_r"].min()
        reason = "no item-rest correlation can be had" if np.isnan(weakest) else ""
        return pd.DataFrame(
            {
                "n_persons": [self.n_persons],
                "n_left_out": [self.n_left_out],
                "n_items": [len(self.rows)],
                "alpha": [self.alpha],
                "item_rest_r_min": [weakest],
                "missing": ["pairwise"],
                "reason": [reason],
            }
        )

    def sentence(self) -> str:
        """Return the range of item-rest correlations and alpha without the weakest item."""
        known = self.rows.dropna(subset=["item_rest_r"])
        if known.empty:
            return "Item-rest correlations are not available: see the reason of each item."
        weakest = known.sort_values("item_rest_r").iloc[0]
        without = weakest["alpha_if_dropped"]
        dropped = (
            ""
            if np.isnan(without) or np.isnan(self.alpha)
            else f"; without it, alpha would be {number(without)} instead of {number(self.alpha)}"
        )
        return (
            f"Over {count(len(known), 'item')} and {count(self.n_persons, 'person', 'people')}, "
            f"item-rest correlations ran from {number(weakest['item_rest_r'])} "
            f"({weakest['item']}) to {number(known['item_rest_r'].max())}{dropped}."
        )


def item_analysis(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    response_range: tuple[float, float],
    conf_level: float = 0.95,
) -> ItemAnalysis:
    """Describe each item of a scale and what it adds.

    With covariances c over the people who answered both items of a pair, the item-rest
    correlation of item i is sum_{j != i} c_ij / sqrt(c_ii sum_{j, l != i} c_jl): the item against
    the others without itself. The item-total correlation takes the mean of the answered items,
    the item among them, and so lies higher. The interval of the item-rest correlation r is
    Fisher's, tanh(artanh r -+ z / sqrt(n - 3)), where n is the fewest who answered the item and
    another.

    Parameters
    ----------
    answers : DataFrame
        One row a person, one column an item, values keyed.
    items : sequence of str
        Columns of the items, at least two.
    response_range : tuple of float
        Lowest and highest answer, as `response_range` of the codebook returns them.
    conf_level : float
        Level of the intervals.

    Returns
    -------
    ItemAnalysis
        A row an item: `n` who answered, `missing_share` of all rows, `mean`, `sd`,
        `item_rest_r` with its interval `conf_low` and `conf_high`, `item_total_r`,
        `alpha_if_dropped`, `floor_share` and `ceiling_share` of the answers, `reason`.
        Correlations of an item that nobody or one person answered, or
        that all answered alike, are nan with a reason, and so are those with others of which one
        has no answers; the interval is nan with fewer than four people and at a correlation of 1;
        `alpha_if_dropped` is nan with two items, and where one of those that stay does not vary.

    Raises
    ------
    ArgumentError
        If an item is no column, is the only one or not a number, a person has several rows, or
        an answer lies outside of the range, or the level is not between 0 and 1.

    References
    ----------
    Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from a
    small sample. Metron, 1, 3-32.
    Henrysson, S. (1963). Correction of item-total correlations in item analysis. Psychometrika,
    28, 211-218.

    Notes
    -----
    Agrees with `psych::alpha(x)`: `item.stats` `n`, `raw.r`, `r.drop`, `mean`, `sd`, and
    `alpha.drop` `raw_alpha` for three items or more.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4], "c": [2, 2, 3, 4]})
    >>> found = item_analysis(answers, items=["a", "b", "c"], response_range=(1, 5))
    >>> found.tidy()["item_rest_r"].round(3).tolist()
    [0.939, 0.757, 0.853]
    """
    refuse_level(conf_level)
    kept = keep_people(answers, items, "pairwise")
    refuse_out_of_range(answers, items, response_range)
    with np.errstate(invalid="ignore", divide="ignore"):
        c = _covariances(kept)
        rest = item_rest(c)
        low, high = _fisher(rest, _fewest(kept.values), conf_level)
        frame = pd.DataFrame(
            _described(kept.values, len(answers), response_range)
            | {
                "item_rest_r": rest,
                "conf_low": low,
                "conf_high": high,
                "item_total_r": _item_total(kept.values),
                "alpha_if_dropped": _alpha_without_each(c),
            }
        )
        alpha = float(alpha_from_covariance(c[None])[0])
    frame.insert(0, "item", list(kept.items))
    return ItemAnalysis(
        frame.assign(reason=_reasons(kept.values, frame)), kept.n_persons, kept.n_left_out, alpha
    )


def _covariances(kept: Kept) -> np.ndarray:
    if kept.n_persons == 0:
        return np.full((len(kept.items), len(kept.items)), np.nan)
    one: np.ndarray = covariances(kept.values, kept.once)[0]
    return one


def _fewest(values: np.ndarray) -> np.ndarray:
    given = np.isfinite(values).astype(int)
    fewest: np.ndarray = (given.T @ given).min(axis=0)
    return fewest


def _fisher(r: np.ndarray, n: np.ndarray, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    # At 1 the interval would have no width and say "certain".
    error = 1 / np.sqrt(np.where((n > 3) & (np.abs(r) < 1 - ROUNDING), n - 3, np.nan))
    r = np.where(np.isnan(error), np.nan, r)
    reach = NormalDist().inv_cdf((1 + conf_level) / 2) * error
    return np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach)


def _described(
    values: np.ndarray, n_rows: int, response_range: tuple[float, float]
) -> dict[str, np.ndarray]:
    given = np.isfinite(values)
    n = given.sum(axis=0)
    some = np.where(n > 0, n, np.nan)
    mean = np.where(given, values, 0.0).sum(axis=0) / some
    squares = np.where(given, (values - mean) ** 2, 0.0).sum(axis=0)
    low, high = response_range
    return {
        "n": n,
        "missing_share": (n_rows - n) / n_rows if n_rows else np.full(len(n), np.nan),
        "mean": mean,
        "sd": np.sqrt(squares / np.where(n > 1, n - 1, np.nan)),
        "floor_share": (values == low).sum(axis=0) / some,
        "ceiling_share": (values == high).sum(axis=0) / some,
    }


def item_rest(c: np.ndarray) -> np.ndarray:
    """Return the correlation of each item with the sum of the others, from covariances."""
    variance = np.diagonal(c, axis1=-2, axis2=-1)
    row = c.sum(axis=-1)
    rest = c.sum(axis=(-2, -1))[..., None] - 2 * row + variance
    usable = (variance > 0) & (rest > 0)
    r: np.ndarray = (row - variance) / np.sqrt(np.where(usable, variance * rest, np.nan))
    return r


def _item_total(values: np.ndarray) -> list[float]:
    given = np.isfinite(values)
    total = np.where(given, values, 0.0).sum(axis=1) / given.sum(axis=1)
    both = [np.stack([x[~np.isnan(x)], total[~np.isnan(x)]], axis=1) for x in values.T]
    return [_correlation(pair) for pair in both]


def _correlation(pair: np.ndarray) -> float:
    if len(pair) < 2:
        return float("nan")
    (a, b), (_, d) = covariances(pair, np.ones((1, len(pair))))[0]
    return float(b / np.sqrt(a * d)) if a > 0 and d > 0 else float("nan")


def _alpha_without_each(c: np.ndarray) -> np.ndarray:
    k = len(c)
    if k == 2:
        return np.full(2, np.nan)
    without = [np.delete(np.delete(c, i, axis=0), i, axis=1) for i in range(k)]
    return alpha_from_covariance(np.stack(without))


def _reasons(values: np.ndarray, frame: pd.DataFrame) -> list[str]:
    """Return why an item lacks a number, the first of the reasons."""
    numbers = frame[["item_rest_r", "conf_low", "alpha_if_dropped"]].to_numpy()
    pairs = zip(values.T, numbers, strict=True)
    return [_item_reason(x, values.shape[1]) or _of_the_others(*row) for x, row in pairs]


def _of_the_others(rest_r: float, conf_low: float, without: float) -> str:
    if np.isnan(rest_r):
        return "the others lack answers, or their sum does not vary"
    if np.isnan(conf_low):
        return "no interval: fewer than four people, or a correlation of 1"
    if np.isnan(without):
        return "one of the others does not vary, so there is no alpha of them"
    return ""


def _item_reason(column: np.ndarray, k: int) -> str:
    n = int(np.isfinite(column).sum())
    if n == 0:
        return "no answers"
    if n == 1:
        return "one answer"
    if constant(column):
        return "all answers alike"
    return "two items: nothing is left to drop one from" if k == 2 else ""
