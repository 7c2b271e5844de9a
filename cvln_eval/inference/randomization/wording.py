"""A design in words."""

from __future__ import annotations

import numpy as np

from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.results import count

__all__ = ["counted", "in_words", "is_binary", "n_treated", "no_less_than"]

LARGEST = 2**63


def counted(n_assignments: int) -> int | float:
    """Return a number of assignments as a table can hold it: exact below 2^63."""
    return n_assignments if n_assignments < LARGEST else float(n_assignments)


def is_binary(possible: PossibleAssignments) -> bool:
    """Return whether clusters are treated or not, without dose or start."""
    return possible.labels.dtype != object and set(possible.labels) <= {0.0, 1.0}


def n_treated(possible: PossibleAssignments) -> int | float:
    """Return how many clusters are treated (with starts: ever); nan with doses."""
    if possible.labels.dtype == object:
        treated = np.array([label is not None for label in possible.labels])
        return int(treated[possible.codes].sum())
    return int(possible.labels[possible.codes].sum()) if is_binary(possible) else np.nan


def in_words(possible: PossibleAssignments) -> str:
    """Return what was assigned, such as "2 of 5 clusters treated"."""
    clusters = count(possible.n_clusters, "cluster")
    n_blocks = len(possible.counts)
    within = f" within {n_blocks} blocks" if n_blocks > 1 else ""
    if possible.labels.dtype == object:
        return f"the starts of {clusters} exchanged{within}"
    if not is_binary(possible):
        return f"the doses of {clusters} exchanged{within}"
    return f"{n_treated(possible)} of {clusters} treated{within}"


def no_less_than(smallest_p: float) -> str:
    """Return the least possible p in words, such as "no p below .100 was possible"."""
    shown = f"{smallest_p:.3f}" if smallest_p >= 0.001 else f"{smallest_p:.7f}"
    return f"no p below {shown.removeprefix('0')} was possible"
