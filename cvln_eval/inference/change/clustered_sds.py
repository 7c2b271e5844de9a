"""Standardised mean change with teams as clusters."""

from __future__ import annotations

import math

import numpy as np

from cvln_eval.inference.change.jackknife import jackknife
from cvln_eval.inference.change.means import alike, t_numbers
from cvln_eval.inference.change.standardised import STANDARDISERS, Standardised, standardiser

__all__ = ["clustered"]


def clustered(
    found: dict[str, Standardised],
    first: np.ndarray,
    last: np.ndarray,
    codes: np.ndarray,
    *,
    conf_level: float,
) -> dict[str, Standardised]:
    """Return the same with error and interval by the jackknife over clusters, t with G - 1 df."""
    names, n = list(found), len(first)
    means = jackknife(
        _all_uncorrected,
        codes,
        np.array([found[name].uncorrected for name in names]),
        [n] * len(names),
        np.ones((n, len(names)), dtype=bool),
        arrays=(first, last),
        what="jackknife over teams",
    )
    rows = {}
    for name, mean in zip(names, means, strict=True):
        ends = t_numbers(mean, conf_level)
        rows[name] = found[name]._replace(
            std_error=mean.std_error,
            conf_low=ends["conf_low"],
            conf_high=ends["conf_high"],
            reason=found[name].reason or mean.reason,
        )
    return rows


def _all_uncorrected(weights: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the uncorrected d by each of `STANDARDISERS`, one row a row of weights of 0 and 1."""
    return np.array([_uncorrected(first[kept], last[kept]) for kept in weights > 0])


def _uncorrected(first: np.ndarray, last: np.ndarray) -> list[float]:
    if len(first) < 2 or alike(last - first):
        return [math.nan] * len(STANDARDISERS)
    moments, change = np.cov(first, last), float((last - first).mean())
    sizes = [standardiser(name, moments)[0] for name in STANDARDISERS]
    return [change / size if size > 0 else math.nan for size in sizes]
