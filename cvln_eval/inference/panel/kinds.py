"""The methods of the panel: what each is called, and whether it was made for few clusters."""

from __future__ import annotations

import numpy as np

from cvln_eval.inference.panel.answers import Method, Unavailable
from cvln_eval.inference.panel.assignments import assignments
from cvln_eval.inference.panel.intercepts import RandomIntercept
from cvln_eval.inference.panel.linear import least_squares, robust
from cvln_eval.inference.panel.means import cluster_means, cluster_slopes, varies_within
from cvln_eval.inference.panel.signs import wild_signs

__all__ = [
    "BY_INVERSION",
    "CLUSTERED_Z",
    "CR1",
    "CR2",
    "FOR_MANY",
    "JACKKNIFE",
    "MEANS",
    "METHODS",
    "MIXED",
    "MIXED_Z",
    "OLS",
    "RADEMACHER",
    "RANDOMIZATION",
    "SIMULATED_DRAWS",
    "SLOPES",
    "WEBB",
    "WEIGHTS",
    "method_of",
    "methods_of",
]

OLS, CLUSTERED_Z, MIXED_Z = "OLS t test", "clustered z test", "mixed model z test"
CR1, CR2, JACKKNIFE = "CR1 with t(G - 1)", "CR2 with Satterthwaite df", "jackknife with t(G - 1)"
MEANS, SLOPES = "t test of cluster means", "t test of cluster slopes"
RADEMACHER, WEBB = "Rademacher wild bootstrap", "Webb wild bootstrap"
RANDOMIZATION, MIXED = "randomization test", "mixed model with Satterthwaite df"

METHODS = (
    CR2,
    JACKKNIFE,
    MEANS,
    SLOPES,
    RADEMACHER,
    WEBB,
    RANDOMIZATION,
    MIXED,
    OLS,
    CLUSTERED_Z,
    MIXED_Z,
    CR1,
)

# Weights of the clusters in the wild bootstraps.
WEIGHTS = {RADEMACHER: "rademacher", WEBB: "webb"}

# Their intervals hold the values that the test does not reject.
BY_INVERSION = (RADEMACHER, WEBB, RANDOMIZATION)

# Shown beside the others because they are what software gives unless it is told otherwise.
FOR_MANY = {
    OLS: "takes people of one cluster for independent",
    CLUSTERED_Z: "its error and the normal distribution hold for many clusters",
    MIXED_Z: "takes the variance between clusters as known",
    CR1: "its error is too small with few clusters",
}

# Random draws of each simulated outcome; beyond them, and up to them, all are taken.
SIMULATED_DRAWS = 1023


def methods_of(x: np.ndarray, codes: np.ndarray, terms: tuple[str, ...], term: int) -> list[Method]:
    """Return what each method of the panel has to know of a design, in the panel's order."""
    return [method_of(name, x, codes, terms, term) for name in METHODS]


def method_of(
    name: str, x: np.ndarray, codes: np.ndarray, terms: tuple[str, ...], term: int
) -> Method:
    """Return what one method has to know of a design."""
    kinds = {CLUSTERED_Z: "CR1S", CR1: "CR1", CR2: "CR2", JACKKNIFE: "jackknife"}
    if name == OLS:
        return least_squares(x, term)
    if name in kinds:
        return robust(x, codes, term, kind=kinds[name])
    if name in (MIXED_Z, MIXED):
        return RandomIntercept(x, codes, term, satterthwaite=name == MIXED)
    if name in (RADEMACHER, WEBB):
        draws = WEIGHTS[name]
        return wild_signs(x, codes, term, draws=draws, n_draws=SIMULATED_DRAWS)
    if name == MEANS:
        return cluster_means(x, codes, term)
    if name == SLOPES:
        return slopes_or_why(x, codes, term)
    return assignments(x, codes, terms, term, n_draws=SIMULATED_DRAWS)


def slopes_or_why(x: np.ndarray, codes: np.ndarray, term: int) -> Method:
    """Return one slope a cluster, for a term that varies within clusters."""
    if not varies_within(x[:, term], codes):
        return Unavailable("the term does not vary within clusters, so that a cluster has no slope")
    return cluster_slopes(x, codes, term)
