"""Who counts, by the rule for missing answers."""

from __future__ import annotations

import numpy as np

from cvln_eval.errors import ArgumentError

__all__ = ["kept_rows"]


def kept_rows(matrix: np.ndarray, missing: str) -> np.ndarray:
    """Return who counts: with every answer under "listwise", with any under "pairwise"."""
    answered = ~np.isnan(matrix)
    if missing == "listwise":
        return np.asarray(answered.all(axis=1))
    if missing == "pairwise":
        return np.asarray(answered.any(axis=1))
    raise ArgumentError(
        "No such rule for missing answers", expected="pairwise or listwise", seen=repr(missing)
    )
