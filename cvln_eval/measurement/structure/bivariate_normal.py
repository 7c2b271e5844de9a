"""Probabilities of the bivariate normal in the cells of a table, for many tables at once.

Arrays are pairs of items by rows by columns; a threshold beyond any answer is `EDGE`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, owens_t

__all__ = ["EDGE", "below", "cells", "density", "line"]

# A standard normal deviate beyond which nothing is left in double precision.
EDGE = 38.0


def below(h: np.ndarray, k: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Return P(X < h, Y < k) of standard normals with correlation rho, by Owen's T.

    Phi2(h, k; rho) = [Phi(h) + Phi(k)] / 2 - T(h, (k - rho h) / (h s)) - T(k, (h - rho k) / (k s))
    less 1/2 where h and k differ in sign, with s = sqrt(1 - rho^2); 1/4 + arcsin(rho) / 2 pi at
    the origin.

    References
    ----------
    Owen, D. B. (1956). Tables for computing bivariate normal probabilities. Annals of
    Mathematical Statistics, 27, 1075-1090, eq. 2.1.

    Examples
    --------
    >>> float(below(np.array(0.0), np.array(0.0), np.array(0.5)).round(6))
    0.333333
    """
    h, k, rho = np.broadcast_arrays(h, k, rho)
    s = np.sqrt(1 - rho**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (k - rho * h) / (h * s), (h - rho * k) / (k * s)
    apart = np.where((h * k < 0) | ((h * k == 0) & (h + k < 0)), 0.5, 0.0)
    value = (ndtr(h) + ndtr(k)) / 2 - owens_t(h, slopes[0]) - owens_t(k, slopes[1]) - apart
    origin = 0.25 + np.arcsin(rho) / (2 * np.pi)
    return np.asarray(np.where((h == 0) & (k == 0), origin, value))


def density(h: np.ndarray, k: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Return the density at (h, k), which is the derivative of `below` by rho."""
    rest = 1 - rho**2
    return np.asarray(
        np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    )


def line(h: np.ndarray, k: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Return P(Y < k | X = h)."""
    return np.asarray(ndtr((k - rho * h) / np.sqrt(1 - rho**2)))


def cells(inner: np.ndarray, right: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Return what lies in each cell, from a cumulative function at the inner corners.

    `right` holds its values at the end of each row, shape (pairs, rows), `top` those at the end
    of each column but the last, shape (pairs, columns - 1).
    """
    tall = np.concatenate([inner, top[:, None, :]], axis=1)
    whole = np.concatenate([tall, right[:, :, None]], axis=2)
    return np.diff(np.diff(whole, axis=1, prepend=0.0), axis=2, prepend=0.0)
