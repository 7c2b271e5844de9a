"""Rotation of factors to simple structure."""

from __future__ import annotations

import numpy as np
from statsmodels.multivariate.factor_rotation import rotate_factors

__all__ = ["ROTATIONS", "rotate"]

ROTATIONS = ("oblimin", "varimax", "none")
# Tighter than its default of 1e-5, and not so tight that rounding keeps it from ever stopping.
STEPS = {"max_tries": 2000, "tol": 1e-6}


def rotate(loadings: np.ndarray, rotation: str) -> tuple[np.ndarray, np.ndarray]:
    """Return rotated loadings and the correlations of the factors.

    Factors come in falling order of the variance they explain, each signed so that its loadings
    sum to more than zero.
    """
    turned, between = loadings, np.eye(loadings.shape[1])
    if loadings.shape[1] > 1 and rotation == "varimax":
        turned = _varimax(loadings)
    elif loadings.shape[1] > 1 and rotation == "oblimin":
        turned, axes = rotate_factors(loadings, "oblimin", 0, "oblique", **STEPS)
        between = axes.T @ axes
    return _ordered(turned, between)


def _varimax(loadings: np.ndarray) -> np.ndarray:
    """Rotate by varimax with each item scaled to a communality of one (Kaiser)."""
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    length = np.where(length > 0, length, 1.0)
    turned, _ = rotate_factors(loadings / length, "varimax", **STEPS)
    return np.asarray(turned * length)


def _ordered(loadings: np.ndarray, between: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    explained = np.diag(between @ loadings.T @ loadings)
    order = np.argsort(-explained, kind="stable")
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)[order]
    return loadings[:, order] * sign, between[np.ix_(order, order)] * np.outer(sign, sign)
