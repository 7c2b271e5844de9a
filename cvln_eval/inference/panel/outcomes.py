"""Outcomes of a clustered design whose truth is known: simulated, always."""

from __future__ import annotations

import numpy as np

__all__ = ["clustered_outcomes", "generic_outcome"]

# No seed that somebody would simulate a regressor with: the outcome must not be one of them.
GENERIC = 0x9E3779B97F4A7C15


def clustered_outcomes(
    size: int, stream: np.random.Generator, codes: np.ndarray, icc: float, scale: np.ndarray
) -> np.ndarray:
    """Return simulated outcomes without any effect.

    y = scale_g (sqrt(icc) u_g + sqrt(1 - icc) e_i), with u of the cluster and e of the person
    standard normal. An effect and controls may be added afterwards: the methods do not see what
    the regressors explain.

    Parameters
    ----------
    size : int
        Number of outcomes.
    stream : Generator
        Where chance comes from.
    codes : ndarray
        Cluster of each row, 0 to G - 1, shape (n,).
    icc : float
        Share of the variance that lies between clusters.
    scale : ndarray
        Standard deviation of the outcome in each cluster, shape (G,).

    Returns
    -------
    ndarray
        Shape (n, size).
    """
    of_cluster = stream.standard_normal((size, len(scale))).T
    of_person = stream.standard_normal((size, len(codes))).T
    mixed = np.sqrt(icc) * of_cluster[codes] + np.sqrt(1 - icc) * of_person
    return np.asarray(scale[codes][:, None] * mixed)


def generic_outcome(n: int) -> np.ndarray:
    """Return an outcome without any pattern, in which a tie can only come from the design."""
    return np.random.default_rng(GENERIC).normal(size=(n, 1))
