"""Quantities of the random part, and how to hold one of them while the others are searched.

A model's random part is written as one vector: the lower triangle of each factor's relative
covariance root, column by column, and the logarithm of the residual variance. A target says what
its quantity is at a vector, and which entries of the vector follow once the quantity is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.setup import Factor

__all__ = ["Target", "targets"]

Blocks = list[np.ndarray]
Held = Callable[[float, Blocks, np.ndarray], tuple[Blocks, np.ndarray]]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """One quantity: `hold(value, blocks, log variance)` returns both with the quantity at value.

    Attributes
    ----------
    grouping, effect, quantity : str
        What it is.
    estimate : float
        Its estimate.
    low, high : float
        Least and greatest value it can have.
    order : tuple of int
        Order of the effects of its factor in which the triangle is written.
    place : int
        Number of its factor, -1 for the residual.
    hold : callable
        Puts the quantity to a value, for stacks of blocks.
    """

    grouping: str
    effect: str
    quantity: str
    estimate: float
    low: float
    high: float
    order: tuple[int, ...]
    place: int
    hold: Held


def targets(fit: Fit) -> list[Target]:
    """Return sd of each effect, correlations within factors, the residual sd and ICCs."""
    found: list[Target] = []
    covariances = fit.covariances()
    for place, (factor, covariance) in enumerate(zip(fit.design.factors, covariances, strict=True)):
        found += [_sd(factor, covariance, place, i) for i in range(factor.width)]
        found += [
            _correlation(factor, covariance, place, i, j)
            for j in range(factor.width)
            for i in range(j)
        ]
    residual = float(np.sqrt(fit.variance))
    found.append(Target("residual", "", "sd", residual, 0.0, np.inf, (), -1, _hold_residual))
    return found + _iccs(fit, covariances)


def _first(width: int, *effects: int) -> tuple[int, ...]:
    return (*effects, *(i for i in range(width) if i not in effects))


def _sd(factor: Factor, covariance: np.ndarray, place: int, i: int) -> Target:
    def hold(value: float, blocks: Blocks, log_variance: np.ndarray) -> tuple[Blocks, np.ndarray]:
        block = blocks[place].copy()
        block[:, 0, 0] = value / np.exp(log_variance / 2)
        return [*blocks[:place], block, *blocks[place + 1 :]], log_variance

    sd = float(np.sqrt(covariance[i, i]))
    order = _first(factor.width, i)
    return Target(factor.name, factor.effects[i], "sd", sd, 0.0, np.inf, order, place, hold)


def _correlation(factor: Factor, covariance: np.ndarray, place: int, i: int, j: int) -> Target:
    def hold(value: float, blocks: Blocks, log_variance: np.ndarray) -> tuple[Blocks, np.ndarray]:
        block = blocks[place].copy()
        length = block[:, 1, 1].copy()
        block[:, 1, 0], block[:, 1, 1] = value * length, np.sqrt(1 - value**2) * length
        return [*blocks[:place], block, *blocks[place + 1 :]], log_variance

    scale = np.sqrt(covariance[i, i] * covariance[j, j])
    estimate = float(covariance[i, j] / scale) if scale > 0 else np.nan
    both = f"{factor.effects[i]}, {factor.effects[j]}"
    order = _first(factor.width, i, j)
    return Target(factor.name, both, "correlation", estimate, -1.0, 1.0, order, place, hold)


def _hold_residual(
    value: float, blocks: Blocks, log_variance: np.ndarray
) -> tuple[Blocks, np.ndarray]:
    return blocks, np.zeros_like(log_variance) + 2 * np.log(value)


def _iccs(fit: Fit, covariances: list[np.ndarray]) -> list[Target]:
    """Return the share of each factor's intercept in the variance where other effects are at 0."""
    at = [
        factor.effects.index("Intercept") if "Intercept" in factor.effects else -1
        for factor in fit.design.factors
    ]
    own = [c[i, i] if i >= 0 else 0.0 for c, i in zip(covariances, at, strict=True)]
    total = fit.variance + sum(own)
    pairs = zip(fit.design.factors, at, strict=True)
    return [
        _icc(factor, float(own[place] / total), place, i, at)
        for place, (factor, i) in enumerate(pairs)
        if i >= 0
    ]


def _icc(factor: Factor, share: float, place: int, i: int, at: list[int]) -> Target:
    def hold(value: float, blocks: Blocks, log_variance: np.ndarray) -> tuple[Blocks, np.ndarray]:
        others = [
            (block[:, row] ** 2).sum(axis=-1)
            for other, (block, row) in enumerate(zip(blocks, at, strict=True))
            if other != place and row >= 0
        ]
        block = blocks[place].copy()
        block[:, 0, 0] = np.sqrt(value * (1 + sum(others)) / (1 - value))
        return [*blocks[:place], block, *blocks[place + 1 :]], log_variance

    order = _first(factor.width, i)
    return Target(factor.name, "Intercept", "icc", share, 0.0, 1.0, order, place, hold)
