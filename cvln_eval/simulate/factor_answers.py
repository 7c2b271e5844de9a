"""Answers to the items of one factor over waves, with known truth; everything is simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown

__all__ = ["simulate_factor_answers"]


def simulate_factor_answers(
    *,
    n_persons: int,
    loadings: Sequence[float],
    waves: Sequence[str] = ("1",),
    factor_correlation: float = 0.6,
    mean_change: float = 0.0,
    residual_correlation: float = 0.2,
    intercept_shift: Mapping[tuple[str, str], float] | None = None,
    loading_shift: Mapping[tuple[str, str], float] | None = None,
    categories: int | None = None,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Simulate answers of the same people at each wave to the items of one factor.

    Item i of wave t is y = s + (l + d) f + e: f normal with variance 1 and mean
    `mean_change` (t - 1), e normal with variance 1 - l^2, s and d the planted shifts. Factors of
    two waves correlate by `factor_correlation`, residuals of one item by `residual_correlation`,
    all else not. Without shifts the items are invariant.

    Parameters
    ----------
    n_persons : int
        People, who all answer everything at every wave.
    loadings : sequence of float
        One an item, between -1 and 1; the items are named item_1, item_2, ...
    waves : sequence of str
        Names of the waves, in order.
    factor_correlation, residual_correlation : float
        Between two waves, from 0 to 1.
    mean_change : float
        Change of the factor's mean from each wave to the next, in standard deviations.
    intercept_shift, loading_shift : mapping of (item, wave) to float, optional
        What is planted: added to the item's intercept (in its standard deviations) or loading.
    categories : int, optional
        Answers 1 to `categories`, cut at equal steps of one standard deviation about 0;
        continuous when left out.
    rng : int or Generator
        Seed; the same seed gives the same answers.

    Returns
    -------
    DataFrame
        `wave`, `person_id` and the items, as `answer_table` returns them, and last `simulated`,
        True in every row; `attrs["simulated"]` is True as well.

    Raises
    ------
    ArgumentError
        If there is nobody or no wave, a wave is named twice, a loading or a correlation cannot be
        one, or a shift names no item and wave.

    Examples
    --------
    >>> simulate_factor_answers(n_persons=2, loadings=[0.8, 0.6], categories=5, rng=1)
      wave person_id  item_1  item_2  simulated
    0    1        p1     4.0     4.0       True
    1    1        p2     3.0     3.0       True
    """
    of_items = np.asarray(loadings, dtype=float)
    if n_persons < 1 or not len(waves) or len(set(waves)) < len(waves):
        raise ArgumentError(
            "People and waves are needed, each wave once",
            seen=f"{n_persons} people; waves {shown(waves) or 'none'}",
        )
    _refuse_impossible(of_items, factor_correlation, residual_correlation)
    draws = np.random.default_rng(rng)
    n_waves, n_items = len(waves), len(of_items)
    factor = _correlated(draws, (n_persons, n_waves, 1), factor_correlation)
    factor = factor + mean_change * np.arange(n_waves)[:, None]
    left = np.sqrt(1 - of_items**2)
    residual = left * _correlated(draws, (n_persons, n_waves, n_items), residual_correlation)
    items = [f"item_{i}" for i in range(1, n_items + 1)]
    slope = of_items + _placed(loading_shift, items, waves)
    answers = _placed(intercept_shift, items, waves) + slope * factor + residual
    return _table(_cut(answers, categories), items, waves)


def _refuse_impossible(loadings: np.ndarray, *correlations: float) -> None:
    if not len(loadings) or not (np.abs(loadings) <= 1).all():
        raise ArgumentError(
            "Loadings lie between -1 and 1, one an item", seen=shown(loadings.tolist()) or "none"
        )
    wrong = [value for value in correlations if not 0 <= value <= 1]
    if wrong:
        raise ArgumentError("Correlations over waves lie between 0 and 1", seen=shown(wrong))


def _correlated(
    draws: np.random.Generator, shape: tuple[int, int, int], correlation: float
) -> np.ndarray:
    """Return standard normal values that correlate alike between any two waves."""
    n, _, k = shape
    lasting = draws.standard_normal((n, 1, k))
    passing = draws.standard_normal(shape)
    return np.asarray(np.sqrt(correlation) * lasting + np.sqrt(1 - correlation) * passing)


def _placed(
    shifts: Mapping[tuple[str, str], float] | None, items: list[str], waves: Sequence[str]
) -> np.ndarray:
    placed = np.zeros((len(waves), len(items)))
    for (item, wave), shift in (shifts or {}).items():
        if item not in items or wave not in waves:
            raise ArgumentError(
                "A shift names no item and wave",
                expected=f"(item, wave) of {shown(items)} and {shown(waves)}",
                seen=repr((item, wave)),
            )
        placed[list(waves).index(wave), items.index(item)] = shift
    return placed


def _cut(answers: np.ndarray, categories: int | None) -> np.ndarray:
    if categories is None:
        return answers
    if categories < 2:
        raise ArgumentError("Answers have at least 2 categories", seen=repr(categories))
    cuts = np.arange(1, categories) - categories / 2
    return np.asarray(1.0 + np.digitize(answers, cuts))


def _table(answers: np.ndarray, items: list[str], waves: Sequence[str]) -> pd.DataFrame:
    n_persons = len(answers)
    width = len(str(n_persons))
    people = [f"p{i:0{width}d}" for i in range(1, n_persons + 1)]
    parts = [
        pd.DataFrame(answers[:, t], columns=items).assign(wave=wave, person_id=people)
        for t, wave in enumerate(waves)
    ]
    table = pd.concat(parts, ignore_index=True)[["wave", "person_id", *items]]
    # A column survives a CSV; `attrs` does not.
    table = table.assign(simulated=True)
    table.attrs["simulated"] = True
    return table
