"""The wild bootstrap of many outcomes of one design at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.panel.answers import Answers, Method, Unavailable, tested_answers
from cvln_eval.inference.panel.outcomes import generic_outcome
from cvln_eval.inference.wild.outcomes import wild_p_values
from cvln_eval.inference.wild.pvalues import share_of
from cvln_eval.inference.wild.scores import cluster_scores
from cvln_eval.inference.wild.signs import all_signs, enumerable
from cvln_eval.inference.wild.smallest import moving_clusters, repeats

__all__ = ["WildSigns", "wild_signs"]


@dataclass(frozen=True, slots=True, eq=False)
class WildSigns:
    """The wild bootstrap of a design, the null imposed.

    Attributes
    ----------
    x : ndarray
        Regressors, shape (n, k).
    codes : ndarray
        Cluster of each row, shape (n,).
    term : int
        Column of the term.
    weights : ndarray
        The estimate is `weights @ y`, shape (n,).
    draws : str
        Which weights of clusters: `rademacher` or `webb`.
    n_draws : int
        Weights drawn for each outcome, where not all of them are taken.
    smallest_p : float
        Smallest p value that the draws can give.
    """

    x: np.ndarray
    codes: np.ndarray
    term: int
    weights: np.ndarray
    draws: str
    n_draws: int
    smallest_p: float

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and p values for outcomes of shape (n, runs)."""
        p_value = wild_p_values(
            y,
            self.x,
            self.codes,
            self.term,
            draws=self.draws,
            n_draws=self.n_draws,
            rng=stream,
        )
        return tested_answers(self.weights @ y, p_value)


def wild_signs(x: np.ndarray, codes: np.ndarray, term: int, *, draws: str, n_draws: int) -> Method:
    """Return the wild bootstrap of the design."""
    groups = int(codes.max()) + 1
    generic = generic_outcome(len(x))
    found = cluster_scores(generic, x, codes, [term])
    if np.isnan(wild_p_values(generic, x, codes, term, draws=draws, n_draws=1)[0]):
        return Unavailable("the scores of clusters do not vary")
    smallest = 1 / (n_draws + 1)
    if enumerable(draws, groups, n_draws):
        signs, chances = all_signs(draws, groups)
        smallest = float(share_of(repeats(signs, moving_clusters(found)), chances))
    weights = np.linalg.pinv(x)[term]
    return WildSigns(x, codes, term, weights, draws, n_draws, smallest)
