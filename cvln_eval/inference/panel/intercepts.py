"""A random intercept a cluster, fitted by REML to many outcomes of one design at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.mixed.one_way import one_way_reml
from cvln_eval.inference.panel.answers import Answers, t_answers

__all__ = ["RandomIntercept"]


@dataclass(frozen=True, slots=True, eq=False)
class RandomIntercept:
    """The mixed model of a design.

    Attributes
    ----------
    x : ndarray
        Regressors, shape (n, k).
    codes : ndarray
        Cluster of each row, shape (n,).
    term : int
        Column of the term.
    satterthwaite : bool
        Whether tests have Satterthwaite's degrees of freedom; otherwise they are z tests.
    """

    x: np.ndarray
    codes: np.ndarray
    term: int
    satterthwaite: bool
    smallest_p: float = 0.0

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and tests for outcomes of shape (n, runs)."""
        fit = one_way_reml(y, self.x, self.codes)
        df = fit.df[:, self.term] if self.satterthwaite else np.inf
        return t_answers(fit.estimate[:, self.term], fit.std_error[:, self.term], df, conf_level)
