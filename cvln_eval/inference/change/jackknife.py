"""The error of several quantities, from leaving out one unit at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cvln_eval.inference.change.means import ROUNDING, Mean

__all__ = ["jackknife"]

CHUNK = 250


def jackknife(
    statistic: Callable[..., np.ndarray],
    codes: np.ndarray,
    estimates: np.ndarray,
    sizes: Sequence[int],
    involved: np.ndarray,
    *,
    arrays: tuple[Any, ...],
    what: str,
    scale: float = 1.0,
) -> list[Mean]:
    """Return each quantity with the error sqrt((G - 1) / G sum (t_g - mean t)^2), G - 1 df.

    `statistic` takes weights over people, shape (draws, n), and `arrays`; t_g is its value without
    unit g. Of each quantity G counts the units with somebody on whom it rests (`involved`, shape
    (n, quantities)); the others say nothing of its error. A quantity of nobody (size 0) has none.
    `scale` is how large the numbers are that a quantity is made of, as far as rounding goes.
    """
    left = _without_each(statistic, codes, len(np.unique(codes)), arrays)
    means = []
    for at, (estimate, size) in enumerate(zip(estimates, sizes, strict=True)):
        values = left[np.unique(codes[involved[:, at]]), at]
        n_units = len(values)
        reason = _reason(float(estimate), size, values, what, scale)
        error = math.sqrt((n_units - 1) * values.var()) if not reason else math.nan
        means.append(
            Mean(float(estimate), error, n_units - 1.0 if not reason else math.nan, reason)
        )
    return means


def _without_each(
    statistic: Callable[..., np.ndarray], codes: np.ndarray, n_units: int, arrays: tuple[Any, ...]
) -> np.ndarray:
    parts = [
        statistic(1.0 - (np.arange(start, min(start + CHUNK, n_units))[:, None] == codes), *arrays)
        for start in range(0, n_units, CHUNK)
    ]
    return np.concatenate(parts) if parts else statistic(np.empty((0, len(codes))), *arrays)


def _reason(estimate: float, size: int, values: np.ndarray, what: str, scale: float) -> str:
    if math.isnan(estimate):
        return "nobody answered twice, or nobody in a wave"
    if not size:
        return "nobody: exactly 0"
    if len(values) < 2:
        return f"no interval: one unit of the {what}"
    if not np.isfinite(values).all():
        return "no interval: without one unit the quantity cannot be had"
    if np.ptp(values) <= ROUNDING * max(scale, abs(estimate)):
        return "no interval: the quantity is the same without each unit"
    return ""
