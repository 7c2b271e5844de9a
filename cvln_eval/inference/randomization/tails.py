"""How many assignments give a statistic at least as extreme as the observed one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cvln_eval.inference.randomization.experiment import Experiment
from cvln_eval.inference.randomization.moments import Fit, Moments, moments
from cvln_eval.inference.randomization.possible import MOST_LISTED
from cvln_eval.resampling import resample

__all__ = [
    "MOST_ENUMERATED",
    "TIE_TOLERANCE",
    "all_moments",
    "as_extreme",
    "is_enumerated",
    "mirrored",
    "p_values",
]

# So many assignments are all looked at; of more, `n_draws` are drawn.
MOST_ENUMERATED = 200_000
# Two statistics that differ by less than this share are tied: they are sums of the same numbers in
# another order.
TIE_TOLERANCE = 1e-9
# A statistic that is a smaller share of the length of the outcome than this is nought.
ROUNDING = 1e-12
# Exposures whose correlation is closer to 1 or -1 than this are the same, or mirror images.
MIRRORED = 1e-12
# Numbers in one chunk of assignments, so that a chunk stays in the processor's cache.
CHUNK_NUMBERS = 100_000


def is_enumerated(n_assignments: int, n_draws: int) -> bool:
    """Return whether all assignments are looked at."""
    return n_assignments <= max(MOST_ENUMERATED, min(n_draws, MOST_LISTED))


def as_extreme(found: Moments, fit: Fit, shift: np.ndarray) -> np.ndarray:
    """Return which assignments are at least as extreme under an effect of estimate + shift.

    Parameters
    ----------
    found : Moments
        Of assignments A.
    fit : Fit
        The observed assignment.
    shift : ndarray, shape (R,)
        Effect under the null minus estimate, of each outcome.

    Returns
    -------
    ndarray of bool, shape (A, R)
    """
    statistic = np.abs(found.b - shift * found.c)
    variance = found.v0 - 2 * shift * found.v1 + shift**2 * found.v2
    nought = ROUNDING * (fit.length + np.abs(shift) * np.sqrt(fit.size)) / np.sqrt(found.size)
    observed = np.abs(shift) * np.sqrt(np.maximum(variance, 0.0))
    # Multiplied out, so that a standard error of nought makes an infinite statistic.
    extreme = (statistic + nought) * fit.std_error >= observed * (1 - TIE_TOLERANCE)
    return np.asarray(extreme)


def all_moments(
    fit: Fit, *, studentised: bool, n_draws: int, rng: int | np.random.Generator
) -> Moments:
    """Return the moments of all assignments, or of those drawn, for a single outcome."""
    possible = fit.residual.possible
    if is_enumerated(possible.n_assignments, n_draws):
        parts = [_stacked(codes, fit.residual, studentised) for codes in _listed(fit.residual)]
        stacked = np.concatenate(parts)
    else:
        stacked = resample(_drawn_moments, n_draws, arrays=(fit.residual, studentised), rng=rng)
    return Moments(*(column[:, None] for column in stacked.T))


def p_values(
    fit: Fit, shift: np.ndarray, *, studentised: bool, n_draws: int, rng: int | np.random.Generator
) -> np.ndarray:
    """Return the p value of each outcome under its shift, shape (R,)."""
    n_assignments = fit.residual.possible.n_assignments
    if not is_enumerated(n_assignments, n_draws):
        arrays = (fit, shift, studentised)
        extreme = resample(_drawn_extreme, n_draws, arrays=arrays, rng=rng)
        return np.asarray((extreme.sum(axis=0) + 1) / (n_draws + 1))
    counted = np.zeros(len(shift), dtype=int)
    for codes in _listed(fit.residual):
        found = moments(codes, fit.residual, studentised=studentised)
        counted += as_extreme(found, fit, shift).sum(axis=0)
    return np.asarray(counted / n_assignments)


def mirrored(found: Moments, fit: Fit) -> np.ndarray:
    """Return which assignments have a statistic of the observed size for every outcome."""
    likeness = np.abs(found.c) * np.sqrt(found.size / fit.size)
    return np.asarray(likeness[:, 0] > 1 - MIRRORED)


def _listed(residual: Experiment) -> Iterator[np.ndarray]:
    n_assignments = residual.possible.n_assignments
    step = max(1, CHUNK_NUMBERS // (residual.outcomes.size + len(residual.cluster)))
    for start in range(0, n_assignments, step):
        yield residual.possible.listed(start, min(start + step, n_assignments))


def _stacked(codes: np.ndarray, residual: Experiment, studentised: bool) -> np.ndarray:
    return np.column_stack(moments(codes, residual, studentised=studentised))


def _drawn_moments(
    size: int, stream: np.random.Generator, residual: Experiment, studentised: bool
) -> np.ndarray:
    return _stacked(residual.possible.drawn(size, stream), residual, studentised)


def _drawn_extreme(
    size: int, stream: np.random.Generator, fit: Fit, shift: np.ndarray, studentised: bool
) -> np.ndarray:
    codes = fit.residual.possible.drawn(size, stream)
    return as_extreme(moments(codes, fit.residual, studentised=studentised), fit, shift)
