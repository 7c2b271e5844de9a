"""Columns of a design that the columns before them determine."""

from __future__ import annotations

import numpy as np

__all__ = ["independent_columns"]

# R's lm and lmer call a column aliased at 1e-7 of its length.
ALIASED = 1e-7


def independent_columns(x: np.ndarray) -> np.ndarray:
    """Return True for each column that is no combination of those before it."""
    basis = np.zeros((len(x), 0))
    kept = np.zeros(x.shape[1], dtype=bool)
    for place, column in enumerate(x.T):
        # Twice, because one projection of a nearly aliased column leaves rounding along the basis.
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if length > ALIASED * np.linalg.norm(column):
            basis = np.column_stack([basis, rest / length])
            kept[place] = True
    return kept
