"""One factor measured at each wave by the same items, as matrices with equal labels.

The factor of the first wave has mean 0 and variance 1. No item serves as a marker, since the marker
may be the item that changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cvln_eval.measurement.structure.cfa_model import FactorModel, Matrices, model_of
from cvln_eval.measurement.structure.cfa_start import first_loadings

__all__ = ["STEPS", "Equalities", "longitudinal_model"]

STEPS = ("configural", "metric", "scalar", "strict")
START_CORRELATION = 0.5


@dataclass(frozen=True, slots=True)
class Equalities:
    """What is equal over waves.

    Attributes
    ----------
    step : str
        One of `STEPS`; each holds what those before it hold equal.
    loading_free, intercept_free : frozenset of str
        Items whose loading, or intercept, differs by wave all the same.
    """

    step: str
    loading_free: frozenset[str] = frozenset()
    intercept_free: frozenset[str] = frozenset()

    def at(self, step: str) -> Equalities:
        """Return the same at another step; an item of free loading has a free intercept."""
        return replace(self, step=step, intercept_free=self.intercept_free | self.loading_free)

    def without(self, item: str) -> Equalities:
        """Return the same with what the step holds equal freed for one item."""
        if self.step == "metric":
            return replace(self, loading_free=self.loading_free | {item})
        return replace(self, intercept_free=self.intercept_free | {item})

    def freed(self) -> frozenset[str]:
        """Return the items that differ by wave in what the step holds equal."""
        return self.loading_free if self.step == "metric" else self.intercept_free

    def holds(self, step: str) -> bool:
        """Tell whether this step holds equal what the named step does."""
        return STEPS.index(self.step) >= STEPS.index(step)


def longitudinal_model(
    equal: Equalities,
    *,
    items: Sequence[str],
    waves: Sequence[str],
    mean: np.ndarray,
    cov: np.ndarray,
) -> FactorModel:
    """Return the model; items of one wave stand together, in the order of the waves.

    Residuals of the same item correlate between any two waves, and factors are free to.
    """
    n_waves, k = len(waves), len(items)
    free_loading = equal.loading_free if equal.holds("metric") else set(items)
    free_intercept = equal.intercept_free if equal.holds("scalar") else set(items)
    free_residual = equal.intercept_free if equal.holds("strict") else set(items)
    loadings = np.full((n_waves * k, n_waves), "", dtype=object)
    for t, of_wave in enumerate(_by_wave("loading", free_loading, items, waves)):
        loadings[t * k : (t + 1) * k, t] = of_wave
    residuals = _residuals(items, waves)
    np.fill_diagonal(residuals, np.concatenate(_by_wave("residual", free_residual, items, waves)))
    intercepts = np.concatenate(_by_wave("intercept", free_intercept, items, waves))
    means = [f"mean {wave}" if t and equal.holds("scalar") else "" for t, wave in enumerate(waves)]
    labels = Matrices(
        loadings, _factors(equal, waves), residuals, intercepts, np.array(means, dtype=object)
    )
    return model_of(_start(n_waves, k, mean, cov), labels)


def _by_wave(
    what: str, free: Collection[str], items: Sequence[str], waves: Sequence[str]
) -> list[np.ndarray]:
    return [
        np.array(
            [f"{what} {item} {wave}" if item in free else f"{what} {item}" for item in items],
            dtype=object,
        )
        for wave in waves
    ]


def _residuals(items: Sequence[str], waves: Sequence[str]) -> np.ndarray:
    k, size = len(items), len(items) * len(waves)
    labels = np.full((size, size), "", dtype=object)
    for t, one in enumerate(waves):
        for s, other in enumerate(waves[:t]):
            for i, item in enumerate(items):
                label = f"residuals {item} {other} {one}"
                labels[t * k + i, s * k + i] = labels[s * k + i, t * k + i] = label
    return labels


def _factors(equal: Equalities, waves: Sequence[str]) -> np.ndarray:
    labels = np.full((len(waves), len(waves)), "", dtype=object)
    for t, one in enumerate(waves):
        if t and equal.holds("metric"):
            labels[t, t] = f"variance {one}"
        for s, other in enumerate(waves[:t]):
            labels[t, s] = labels[s, t] = f"covariance {other} {one}"
    return labels


def _start(n_waves: int, k: int, mean: np.ndarray, cov: np.ndarray) -> Matrices:
    """Return start values: one set of loadings for all waves, so that their signs agree."""
    blocks = [cov[t * k : (t + 1) * k, t * k : (t + 1) * k] for t in range(n_waves)]
    of_items = first_loadings(np.mean(blocks, axis=0))
    loadings = np.kron(np.eye(n_waves), of_items[:, None])
    between = np.where(np.eye(n_waves) == 1, 1.0, START_CORRELATION)
    variances = np.diag(cov)
    left = np.maximum(variances - np.tile(of_items**2, n_waves), 0.1 * variances)
    return Matrices(loadings, between, np.diag(left), mean, np.zeros(n_waves))
