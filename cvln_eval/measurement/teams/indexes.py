"""The index rwg(j) from the ratio of the variance observed to the variance of the null."""

from __future__ import annotations

import numpy as np

__all__ = ["rwg_j", "rwg_j_truncated"]


def rwg_j(ratio: np.ndarray, n_items: int) -> np.ndarray:
    """Return J (1 - q) / (J (1 - q) + q), below 0 where q is above 1.

    It falls without bound as q nears J / (J - 1) and has no meaning from there on: nan. With one
    item it is 1 - q whatever q is.
    """
    below = n_items - (n_items - 1) * np.asarray(ratio, dtype=float)
    usable = np.where(below > 0, below, np.nan)
    return np.asarray(n_items * (1 - ratio) / usable)


def rwg_j_truncated(ratio: np.ndarray, n_items: int) -> np.ndarray:
    """Return rwg(j) with 0 where the variance exceeds that of the null."""
    return rwg_j(np.minimum(ratio, 1.0), n_items)
