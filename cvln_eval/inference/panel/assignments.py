"""The randomization test of many outcomes of one design at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cvln_eval.inference.panel.answers import Answers, Unavailable, tested_answers
from cvln_eval.inference.panel.means import varies_within
from cvln_eval.inference.panel.outcomes import generic_outcome
from cvln_eval.inference.randomization.experiment import Experiment, experiment
from cvln_eval.inference.randomization.moments import Fit, moments, observed_fit
from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.inference.randomization.tails import as_extreme, mirrored

__all__ = ["Assignments", "assignments", "why_not_assigned"]

# Outcomes that share the assignments drawn; each such block has draws of its own.
BLOCK = 25
# Numbers at a time: assignments times outcomes times clusters.
AT_ONCE = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class Assignments:
    """The randomization test of a design, all clusters exchangeable.

    Attributes
    ----------
    labels : ndarray
        Distinct values of the term, ascending, shape (L,).
    observed : ndarray of int
        Value of each cluster, as a place in `labels`, shape (G,).
    controls : ndarray
        The other regressors, shape (n, k).
    codes : ndarray
        Cluster of each row, shape (n,).
    n_draws : int
        Assignments drawn where there are more; otherwise all are taken.
    smallest_p : float
        Smallest p value that the assignments can give.
    studentised : bool
        Whether the statistic is a t; not where one cluster alone sets the slope, as its error is
        then that of the others.
    """

    labels: np.ndarray
    observed: np.ndarray
    controls: np.ndarray
    codes: np.ndarray
    n_draws: int
    smallest_p: float
    studentised: bool = True

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return estimates and p values for outcomes of shape (n, runs)."""
        starts = range(0, y.shape[1], BLOCK)
        parts = [self._block(y[:, start : start + BLOCK], stream) for start in starts]
        estimate, p_value = np.concatenate(parts, axis=1)
        return tested_answers(estimate, p_value)

    def _block(self, y: np.ndarray, stream: np.random.Generator) -> np.ndarray:
        fit = observed_fit(_given(self, y), studentised=self.studentised)
        if fit is None:
            return np.full((2, y.shape[1]), np.nan)
        possible = fit.residual.possible
        every = possible.n_assignments <= self.n_draws
        size = possible.n_assignments if every else self.n_draws
        codes = possible.listed(0, size) if every else possible.drawn(size, stream)
        counted = sum(_extreme(part, fit, self.studentised) for part in _parts(codes, y.shape[1]))
        p_value = counted / size if every else (counted + 1) / (size + 1)
        return np.stack([fit.estimate, np.where(fit.length > 0, p_value, np.nan)])


def assignments(
    x: np.ndarray, codes: np.ndarray, terms: tuple[str, ...], term: int, *, n_draws: int
) -> Assignments | Unavailable:
    """Return the randomization test of the design, or why it has none."""
    why = why_not_assigned(x, codes, terms, term)
    if why:
        return Unavailable(why)
    value = np.array([x[codes == group, term][0] for group in range(int(codes.max()) + 1)])
    labels, observed = np.unique(value, return_inverse=True)
    others = np.delete(x, term, axis=1)
    drafted = Assignments(labels, observed, others, codes, n_draws, np.nan)
    generic = generic_outcome(len(x))
    fit = observed_fit(_given(drafted, generic), studentised=True)
    if fit is None:
        return Unavailable("the other regressors leave nothing of the term to be assigned")
    studentised = not fit.alone
    return replace(
        drafted, smallest_p=_smallest(fit, n_draws, studentised), studentised=studentised
    )


def why_not_assigned(x: np.ndarray, codes: np.ndarray, terms: tuple[str, ...], term: int) -> str:
    """Return why a term cannot have been assigned to clusters, empty where it can."""
    if np.ptp(x[:, term]) == 0:
        return "the term is the same everywhere, so that nothing was assigned"
    if varies_within(x[:, term], codes):
        return "the term varies within clusters, so that it was not assigned to them"
    name, others = terms[term], [*terms[:term], *terms[term + 1 :]]
    if "[" in name and any(other.split("[")[0] == name.split("[")[0] for other in others):
        return "the term is one of several levels, which would be assigned together"
    if any(name in other.split(":") for other in others):
        return "another term is made of this one, and would be assigned with it"
    return ""


def _given(test: Assignments, y: np.ndarray) -> Experiment:
    groups = len(test.observed)
    possible = PossibleAssignments(
        clusters=tuple(map(str, range(groups))),
        blocks=np.zeros(groups, dtype=int),
        codes=test.observed,
        labels=test.labels,
    )
    return experiment(
        y,
        possible=possible,
        exposure=test.labels[:, None],
        cluster=test.codes,
        period=np.zeros(len(y), dtype=int),
        controls=test.controls,
    )


def _extreme(codes: np.ndarray, fit: Fit, studentised: bool) -> np.ndarray:
    """Return how many assignments are at least as extreme as the observed one, an outcome each."""
    found = moments(codes, fit.residual, studentised=studentised)
    return np.asarray(as_extreme(found, fit, -fit.estimate).sum(axis=0))


def _parts(codes: np.ndarray, runs: int) -> Iterator[np.ndarray]:
    step = max(1, AT_ONCE // (codes.shape[1] * runs))
    return (codes[start : start + step] for start in range(0, len(codes), step))


def _smallest(fit: Fit, n_draws: int, studentised: bool) -> float:
    possible = fit.residual.possible
    size = possible.n_assignments
    if size > n_draws:
        return 1 / (n_draws + 1)
    every = moments(possible.listed(0, size), fit.residual, studentised=studentised)
    return int(mirrored(every, fit).sum()) / size
