"""Fixed effects taken out of outcome and regressors, with the numbers that dummies would give.

Effects whose rows lie in one cluster are taken out by projection: without weights that leaves
coefficients, residuals and every adjusted variance as they are with dummies (Pustejovsky and
Tipton, 2018, theorem 2). It does not where an effect spans clusters, such as a wave, nor with
weights; those stay as columns, ahead of the terms, and are not shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.inference.design import ClusterDesign

__all__ = ["Absorbed", "absorb", "nothing_absorbed"]

CONSTANT = "Intercept"
# A direction of the effects shorter than this share of a dummy of all rows is in those before.
SAME = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Absorbed:
    """A regression whose fixed effects are out of the way.

    Attributes
    ----------
    design : ClusterDesign
        Effects that span clusters as its first columns; its terms name the columns after these.
    hidden : int
        Number of these first columns.
    rank : int
        Number of coefficients that were taken out by projection.
    lengths : ndarray
        Length of each column before, weighted.
    outcome_length : float
        Length of the outcome before.
    """

    design: ClusterDesign
    hidden: int
    rank: int
    lengths: np.ndarray
    outcome_length: float


def nothing_absorbed(design: ClusterDesign) -> Absorbed:
    """Return a regression as it is."""
    return Absorbed(design, 0, 0, _lengths(design.x, design), float(np.linalg.norm(design.y)))


def absorb(design: ClusterDesign, effects: list[np.ndarray]) -> Absorbed:
    """Take out fixed effects, each given as the level of every row."""
    if not effects:
        return nothing_absorbed(design)
    shown = [place for place, term in enumerate(design.terms) if term != CONSTANT]
    split = [_split(pd.factorize(effect)[0], design) for effect in effects]
    spanning = np.hstack([dummies for _, dummies in split])
    x = np.hstack([spanning, design.x[:, shown]])
    within = [levels for levels, _ in split if levels.max(initial=-1) >= 0]
    projected, rank = _without(np.column_stack([x, design.y]), within, design.codes)
    taken = replace(
        design,
        x=projected[:, :-1],
        y=projected[:, -1],
        terms=tuple(design.terms[place] for place in shown),
    )
    length = float(np.linalg.norm(design.y))
    return Absorbed(taken, spanning.shape[1], rank, _lengths(x, design), length)


def _lengths(x: np.ndarray, design: ClusterDesign) -> np.ndarray:
    root = 1.0 if design.weights is None else np.sqrt(design.weights)[:, None]
    return np.asarray(np.linalg.norm(x * root, axis=0))


def _split(levels: np.ndarray, design: ClusterDesign) -> tuple[np.ndarray, np.ndarray]:
    """Return levels within one cluster, -1 elsewhere, and dummies of the levels that span some."""
    groups = pd.Series(design.codes).groupby(levels)
    spans = (groups.min() != groups.max()).to_numpy() | (design.weights is not None)
    dummies = _dummies(np.where(spans[levels], levels, -1))
    return np.where(spans[levels], -1, levels), dummies


def _without(
    columns: np.ndarray, effects: list[np.ndarray], codes: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return what effects within clusters leave of columns, and how many coefficients they are."""
    if not effects:
        return columns, 0
    # The effect with most levels goes by its means, so that the others are few in each cluster.
    first, *others = sorted(effects, key=lambda levels: -len(np.unique(levels)))
    left, rank = _less_means(columns, first), len(np.unique(first[first >= 0]))
    for rows in _clusters(codes) if others else []:
        dummies = np.hstack([_dummies(levels[rows]) for levels in others])
        u, lengths, _ = np.linalg.svd(_less_means(dummies, first[rows]), full_matrices=False)
        own = u[:, lengths > SAME * len(rows) ** 0.5]
        left[rows] -= own @ (own.T @ left[rows])
        rank += own.shape[1]
    return left, rank


def _clusters(codes: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(codes, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(codes[order])) + 1))


def _dummies(levels: np.ndarray) -> np.ndarray:
    there = np.unique(levels[levels >= 0])
    return np.asarray((levels[:, None] == there).astype(float))


def _less_means(columns: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return columns less the mean of each level; rows of no level as they are."""
    rows = np.flatnonzero(levels >= 0)
    ones = np.ones(len(rows))
    dummies = sparse.csr_array((ones, (levels[rows], rows)), (levels.max() + 1, len(levels)))
    counts = np.maximum(dummies.sum(axis=1), 1)
    means = (dummies @ columns) / counts[:, None]
    return np.asarray(columns - dummies.T @ means)
