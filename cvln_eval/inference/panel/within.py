"""Rows of clusters: where they are, and sums over them."""

from __future__ import annotations

import numpy as np

__all__ = ["rows_of_clusters", "sums_in_clusters"]


def rows_of_clusters(codes: np.ndarray) -> list[np.ndarray]:
    """Return the positions of each cluster's rows; codes are 0 to G - 1, each with a row."""
    order, starts = _sorted(codes)
    return np.split(order, starts[1:])


def sums_in_clusters(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the sum over the rows of each cluster, shape (G, ...)."""
    order, starts = _sorted(codes)
    return np.asarray(np.add.reduceat(values[order], starts, axis=0))


def _sorted(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes)
    return order, np.cumsum(counts) - counts
