"""The same model in columns of unit length, so that neither offsets nor units cost digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from cvln_eval.inference.mixed.alias import independent_columns
from cvln_eval.inference.mixed.setup import Factor, MixedDesign

__all__ = ["Working", "working_model"]

# Below this share of its length a residual is rounding.
EXACT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """Orthonormal regressors, standardised random effects, outcome less its least squares fit.

    Attributes
    ----------
    kept : ndarray
        Which columns of x are no combination of those before them.
    q, r : ndarray
        x[:, kept] = q r, columns of q of length sqrt(n).
    least_squares : ndarray
        Coefficients that were taken off the outcome.
    y : ndarray
        Residuals of least squares.
    z : tuple of ndarray
        Random-effect columns of each factor times the lower triangle of `back`.
    back : tuple of ndarray
        Effects in the units of the table are `back` times the working ones.
    """

    kept: np.ndarray
    q: np.ndarray
    r: np.ndarray
    least_squares: np.ndarray
    y: np.ndarray
    z: tuple[np.ndarray, ...]
    back: tuple[np.ndarray, ...]


def working_model(design: MixedDesign) -> tuple[Working | None, str]:
    """Return the working model, or None and why there is none."""
    if reason := _too_little(design):
        return None, reason
    kept = independent_columns(design.x)
    if len(design.y) <= kept.sum():
        return None, f"{len(design.y)} rows for {kept.sum()} coefficients"
    root = np.sqrt(len(design.y))
    q, r = np.linalg.qr(design.x[:, kept])
    fitted = q.T @ design.y
    y = design.y - q @ fitted
    y -= q @ (q.T @ y)
    if np.linalg.norm(y) <= EXACT * np.linalg.norm(design.y):
        return None, f"{design.outcome} does not vary beyond what the terms determine"
    back = tuple(_standardising(factor.z) for factor in design.factors)
    z = tuple(factor.z @ own for factor, own in zip(design.factors, back, strict=True))
    for factor, columns in zip(design.factors, z, strict=True):
        if _explained(columns, factor.codes, q):
            return None, f"the terms determine the random effects of {factor.name}"
    least_squares = solve_triangular(r, fitted)
    return Working(kept, q * root, r / root, least_squares, y, z, back), ""


def _too_little(design: MixedDesign) -> str:
    n = len(design.y)
    if n == 0:
        return "no row is complete"
    if not np.any(design.x):
        return "the formula has no term"
    reasons = (_unidentified(factor, n) for factor in design.factors)
    return next((reason for reason in reasons if reason), "")


def _unidentified(factor: Factor, n: int) -> str:
    """Return why the variances of a factor cannot be told from the residual one."""
    if len(factor.levels) < 2:
        return f"{factor.name} has one level"
    effects = len(factor.levels) * factor.width
    if effects >= n:
        return f"{factor.name} has {effects} random effects for {n} rows"
    if not independent_columns(factor.z).all():
        return f"the random effects of {factor.name} determine one another"
    return ""


def _standardising(z: np.ndarray) -> np.ndarray:
    """Return the lower triangle A with (zA)'(zA) = n I, so that a Cholesky factor stays one."""
    upper = np.linalg.qr(z[:, ::-1])[1][::-1, ::-1]
    lower: np.ndarray = np.linalg.inv(upper) * np.sqrt(len(z))
    return lower * np.sign(np.diag(lower))


def _explained(z: np.ndarray, codes: np.ndarray, q: np.ndarray) -> bool:
    """Return whether nothing of the random effects is left once the regressors are taken out."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    held = 0.0
    for column in z.T:
        sums = np.add.reduceat((q * column[:, None])[order], starts, axis=0)
        held += float((sums**2).sum())
    return float((z**2).sum()) - held <= EXACT * float((z**2).sum())
