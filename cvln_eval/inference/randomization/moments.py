"""Slope and squared standard error of every assignment, for every constant effect at once.

With u the effect taken away beyond the estimate, outcomes are e - u d: e are the residuals of the
observed fit and d is the observed exposure. The slope under an assignment is then b - u c, and its
squared standard error v0 - 2 u v1 + u^2 v2. Five numbers an assignment give all p values and the
interval; and two assignments that mirror each other give the same to the last digits, however well
the treatment fits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cvln_eval.inference.randomization.experiment import Experiment, exposures, left_over

__all__ = ["Fit", "Moments", "moments", "observed_fit"]

# Less of the exposure than this is left by blocks and controls: nothing to compare.
NO_CONTRAST = 1e-10
# A cluster with less room than this is fitted exactly by the treatment: leverage 1.
NO_ROOM = 1e-9
# Residuals smaller than this share of the outcome are rounding.
ROUNDING = 1e-12
# So are residuals of an exposure of length 1 regressed on itself or its mirror image.
SAME_EXPOSURE = 1e-10


class Moments(NamedTuple):
    """What assignments (A) give with outcomes (R).

    Attributes
    ----------
    b, v0, v1 : ndarray, shape (A, R)
        Of the residuals; v1 of residuals and observed exposure together.
    c, v2 : ndarray, shape (A, 1)
        Of the observed exposure.
    size : ndarray, shape (A, 1)
        Sum of squares of what is left of the exposure.
    """

    b: np.ndarray
    v0: np.ndarray
    v1: np.ndarray
    c: np.ndarray
    v2: np.ndarray
    size: np.ndarray


class Fit(NamedTuple):
    """The observed assignment.

    Attributes
    ----------
    estimate, std_error : ndarray, shape (R,)
        Slopes of outcomes on the observed exposure; without studentising `std_error` is that for
        outcomes of variance 1.
    size : float
        Sum of squares of what is left of the exposure.
    length : ndarray, shape (R,)
        Root of the sum of squared residuals of the cells.
    alone : bool
        Whether one cluster is fitted exactly by the treatment, so that it has no error to show.
    residual : Experiment
        The experiment with the residuals in place of the outcomes.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    size: float
    length: np.ndarray
    alone: bool
    residual: Experiment


def observed_fit(given: Experiment, *, studentised: bool) -> Fit | None:
    """Return the fit of the observed assignment; None where there is nothing to compare."""
    exposure = given.observed[None]
    left = left_over(given, exposure)
    size = float((exposure * left).sum())
    if size <= NO_CONTRAST * float((exposure**2).sum()):
        return None
    estimate = given.outcomes @ exposure[0] / size
    apart = given.outcomes - estimate[:, None] * left
    length = np.sqrt((apart**2).sum(axis=1))
    apart[length <= ROUNDING * np.sqrt((given.outcomes**2).sum(axis=1))] = 0.0
    residual = given.with_outcomes(apart)
    own = moments(given.possible.codes[None], residual, studentised=studentised)
    return Fit(
        estimate=estimate,
        std_error=np.sqrt(own.v0[0]),
        size=size,
        length=length,
        alone=_is_alone(given, left, size),
        residual=residual,
    )


def _is_alone(given: Experiment, left: np.ndarray, size: float) -> bool:
    reached = left[0] ** 2 > NO_ROOM * size
    room = _room(given, left, np.array([size]))[0]
    return bool(given.one_cell_a_cluster and (room[reached] <= NO_ROOM).any())


def moments(codes: np.ndarray, residual: Experiment, *, studentised: bool) -> Moments:
    """Return the moments of assignments.

    Parameters
    ----------
    codes : ndarray of int, shape (A, G)
        Labels of the clusters.
    residual : Experiment
        With the residuals of the observed fit as outcomes.
    studentised : bool
        Whether the standard error is estimated, or that for outcomes of variance 1.

    Returns
    -------
    Moments
    """
    exposure, left, size = _contrast(residual, codes)
    target = left_over(residual, residual.observed[None])
    b = exposure @ residual.outcomes.T / size
    c = exposure @ target.T / size
    if not studentised:
        return Moments(b, 1 / size + 0 * b, 0 * b, c, 0 * c, size)
    lever, weight = left / size, _weights(residual, left, size[:, 0])
    of_outcome = _scores(residual, lever, left, residual.outcomes, b) * weight[:, None]
    of_exposure = _scores(residual, lever, left, target, c) * weight[:, None]
    of_exposure[(of_exposure**2).sum(axis=2) < SAME_EXPOSURE**2] = 0.0
    idle = ~left.any(axis=1, keepdims=True)
    return Moments(
        b=b,
        v0=np.where(idle, 1.0, (of_outcome**2).sum(axis=2)),
        v1=(of_outcome * of_exposure).sum(axis=2),
        c=c,
        v2=(of_exposure**2).sum(axis=2),
        size=size,
    )


def _contrast(given: Experiment, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return exposures, what is left of them, and its size.

    Where nothing is left the slope has to be nought whatever the outcome, and so has t.
    """
    exposure = exposures(given, codes)
    left = left_over(given, exposure)
    size = (exposure * left).sum(axis=1, keepdims=True)
    none = size <= NO_CONTRAST * (exposure**2).sum(axis=1, keepdims=True)
    return np.where(none, 0.0, exposure), np.where(none, 0.0, left), np.where(none, 1.0, size)


def _scores(
    given: Experiment, lever: np.ndarray, left: np.ndarray, values: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    """Return each cluster's part in the error of the slope, shape (A, R, G)."""
    apart = values - slopes[:, :, None] * left[:, None]
    apart *= lever[:, None]
    if given.one_cell_a_cluster:
        return np.asarray(apart)
    starts = np.flatnonzero(np.diff(given.cluster, prepend=-1))
    return np.asarray(np.add.reduceat(apart, starts, axis=2))


def _weights(given: Experiment, left: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the roots of HC2's 1 / (1 - leverage), or of CR1's G / (G - 1), shape (A, G or 1)."""
    if not given.one_cell_a_cluster:
        n_clusters = given.possible.n_clusters
        return np.full((len(left), 1), np.sqrt(n_clusters / (n_clusters - 1)))
    room = _room(given, left, size)
    return np.where(room > NO_ROOM, 1 / np.sqrt(np.maximum(room, NO_ROOM)), 0.0)


def _room(given: Experiment, left: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return 1 - leverage of the cells, of blocks, controls and exposure together."""
    return np.asarray(1 - (given.basis**2).sum(axis=0) - left**2 / size[:, None])
