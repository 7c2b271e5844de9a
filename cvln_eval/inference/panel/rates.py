"""Sizes and coverages of the methods, from their answers to simulated data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.panel.answers import Method
from cvln_eval.inference.panel.kinds import BY_INVERSION, METHODS, methods_of
from cvln_eval.inference.panel.simulated import SimulatedAnswers, simulated_answers

__all__ = ["level", "no_sizes", "sizes_of"]

COLUMNS = (
    "method",
    "size",
    "size_mc_error",
    "coverage",
    "width_mean",
    "share_with_interval",
    "smallest_p",
    "n_draws",
    "simulated",
    "reason",
)


def level(conf_level: float) -> float:
    """Return the p up to which a null hypothesis is rejected, safe against rounding of 1 - .95."""
    return (1 - conf_level) * (1 + 1e-12)


def sizes_of(
    design: ClusterDesign,
    term: int,
    icc: float,
    scale: np.ndarray,
    n_simulated: int,
    conf_level: float,
    rng: int | np.random.Generator,
) -> pd.DataFrame:
    """Return one row a method of the panel: how it does where the term has no effect."""
    methods = methods_of(design.x, design.codes, design.terms, term)
    found = simulated_answers(
        methods,
        design.codes,
        icc=icc,
        scale=scale,
        shift=np.zeros(len(design.y)),
        n_simulated=n_simulated,
        conf_level=conf_level,
        rng=rng,
    )
    rows = [
        _row(name, method, found, place, conf_level)
        for place, (name, method) in enumerate(zip(METHODS, methods, strict=True))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def no_sizes(reason: str) -> pd.DataFrame:
    """Return one row a method without a size, and why."""
    nothing = {"n_draws": 0, "simulated": True, "reason": reason}
    rows = [{**dict.fromkeys(COLUMNS, math.nan), "method": name, **nothing} for name in METHODS]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    name: str, method: Method, found: SimulatedAnswers, place: int, conf_level: float
) -> dict[str, object]:
    p_value = found.p_value[:, place]
    reason = getattr(method, "reason", "")
    if not reason and np.isnan(p_value).all():
        reason = "no simulated data set gave an answer"
    size = math.nan if reason else float(np.mean(p_value <= level(conf_level)))
    return {
        "method": name,
        "size": size,
        "size_mc_error": math.sqrt(size * (1 - size) / len(p_value)),
        **_interval(name, found, place, method.smallest_p, size, conf_level),
        "smallest_p": method.smallest_p,
        "n_draws": len(p_value),
        "simulated": True,
        "reason": reason,
    }


def _interval(
    name: str,
    found: SimulatedAnswers,
    place: int,
    smallest_p: float,
    size: float,
    conf_level: float,
) -> dict[str, float]:
    """Return how the interval does; one that holds what is not rejected misses as the test errs."""
    if name in BY_INVERSION or math.isnan(size):
        never = smallest_p > level(conf_level)
        share = 0.0 if never else math.nan
        return {"coverage": 1 - size, "width_mean": math.nan, "share_with_interval": share}
    low, high = found.conf_low[:, place], found.conf_high[:, place]
    bounded = np.isfinite(low) & np.isfinite(high)
    held = (low <= 0) & (high >= 0)
    return {
        "coverage": float(held[bounded].mean()) if bounded.any() else math.nan,
        "width_mean": float((high - low)[bounded].mean()) if bounded.any() else math.nan,
        "share_with_interval": float(bounded.mean()),
    }
