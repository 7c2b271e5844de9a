"""The statistic of the sample itself, or the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.wild.scores import ClusterScores, cluster_scores
from cvln_eval.inference.wild.statistics import observed_squares

__all__ = ["Sample", "sample_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What draws start from.

    Attributes
    ----------
    found, generic : ClusterScores
        Sums by cluster of the outcome, and of an outcome without any pattern.
    scale : float
        Standard error of a single coefficient without the small-sample factor.
    factor : float
        Small-sample factor of CR1, G / (G - 1) (N - 1) / (N - k); it cancels in every p.
    """

    found: ClusterScores
    generic: ClusterScores
    scale: float
    factor: float


def sample_of(design: ClusterDesign, positions: tuple[int, ...]) -> Sample | str:
    """Return the sums for terms of a design, or in words what is missing."""
    n_clusters = design.n_clusters
    if n_clusters < 2:
        return "one cluster has no variance between" if n_clusters else "no row is complete"
    generic = np.random.default_rng(0).normal(size=len(design.y))
    both = np.column_stack([design.y, generic])
    sums = cluster_scores(both, design.x, design.codes, list(positions), design.weights)
    found, names = sums.only(0), ", ".join(repr(design.terms[i]) for i in positions)
    if not sums.estimable:
        return f"the other terms determine {names}"
    if np.isnan(observed_squares(found.scores, sums.bread, found.estimate, found.floor)).any():
        return f"the clusters leave no variance to test {names} by"
    free = sums.n - sums.rank
    return Sample(
        found=found,
        generic=sums.only(1),
        scale=float(np.linalg.norm(found.scores) / np.linalg.norm(sums.bread)),
        factor=n_clusters / (n_clusters - 1) * (sums.n - 1) / free if free else np.nan,
    )
