"""Theta as lower triangles, column by column as in lme4, and the arithmetic of complex steps."""

from __future__ import annotations

from functools import cache

import numpy as np

__all__ = ["diagonal", "lower_triangles", "triangle", "turn"]


@cache
def triangle(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of an upper triangle; numpy's own would be half of a small fit."""
    rows, columns = np.triu_indices(size)
    return rows, columns


def lower_triangles(theta: np.ndarray, widths: tuple[int, ...]) -> list[np.ndarray]:
    """Return the lower triangle of each factor, shape (B, r, r), of thetas, shape (B, m)."""
    blocks, start = [], 0
    for width in widths:
        columns, rows = triangle(width)
        block = np.zeros((len(theta), width, width), dtype=theta.dtype)
        block[:, rows, columns] = theta[:, start : start + len(rows)]
        blocks.append(block)
        start += len(rows)
    return blocks


def diagonal(widths: tuple[int, ...]) -> np.ndarray:
    """Return True for the entries of theta that stand on a diagonal."""
    return np.concatenate([np.equal(*triangle(width)) for width in widths])


def turn(sign: np.ndarray) -> np.ndarray:
    """Return what a complex step leaves of the logarithm of a sign, which is 1 without it."""
    return np.asarray(1j * sign.imag) if np.iscomplexobj(sign) else np.zeros(len(sign))
