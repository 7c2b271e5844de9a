"""Few treated clusters, where a wild bootstrap fails however many clusters there are in all."""

from __future__ import annotations

import warnings

import numpy as np

from cvln_eval.errors import CvlnWarning
from cvln_eval.results import count

__all__ = ["FEW_TREATED", "FewTreatedClustersWarning", "few_treated", "warn_of_few_treated"]

# MacKinnon and Webb (2017, 2018) show that the bootstrap fails with one and two treated clusters.
# In our simulation (docstring of `wild_bootstrap`) three of 20 are still too few and four are not.
FEW_TREATED = 3


class FewTreatedClustersWarning(CvlnWarning):
    """A regressor with two values has one of them in few clusters only."""


def few_treated(values: np.ndarray, codes: np.ndarray) -> int | None:
    """Return in how many clusters the rarer of two values occurs, None where these are enough.

    Counted are the clusters with at least one row of the value. A regressor with more than two
    values, and one whose both values are in more than `FEW_TREATED` clusters, gives None.
    """
    levels = np.unique(values)
    if len(levels) != 2:
        return None
    least = min(len(np.unique(codes[values == level])) for level in levels)
    return least if least <= FEW_TREATED else None


def warn_of_few_treated(least: int, term: str) -> str:
    """Warn, and return the same as a clause for the result."""
    clause = (
        f"{term!r} has one of its two values in {count(least, 'cluster')} only, "
        "where a wild bootstrap can reject far too rarely or far too often"
    )
    warnings.warn(
        f"{clause} (MacKinnon and Webb 2017); put a randomization test beside it",
        FewTreatedClustersWarning,
        stacklevel=4,
    )
    return clause
