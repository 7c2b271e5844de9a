"""Which clusters a draw has to agree in to repeat the sample: what bounds p from below."""

from __future__ import annotations

import numpy as np

from cvln_eval.inference.wild.pvalues import TIE
from cvln_eval.inference.wild.scores import ClusterScores
from cvln_eval.inference.wild.statistics import drawn_squares, observed_squares

__all__ = ["moving_clusters", "repeats"]


def moving_clusters(generic: ClusterScores) -> np.ndarray:
    """Return which clusters move the statistic when their weight alone changes its sign.

    Where the terms leave a cluster nothing to say, as its own fixed effect does when the tested
    term does not vary in it, the sign of the cluster is of no account, and more draws repeat the
    sample than those of one sign.

    Parameters
    ----------
    generic : ClusterScores
        Of an outcome without any pattern, in which a tie can only come from the design.
    """
    distance = -generic.estimate
    scores, projections = generic.under(distance)
    flips = 1 - 2 * np.eye(scores.shape[1])
    sample = observed_squares(generic.scores, generic.bread, distance, generic.floor)
    flipped = drawn_squares(flips, scores, projections, generic.carried)[0]
    return np.asarray(~(np.abs(flipped - sample) <= TIE * sample))


def repeats(signs: np.ndarray, moving: np.ndarray) -> np.ndarray:
    """Return which draws repeat the statistic of the sample whatever the outcome is.

    Multiplied by the same number everywhere, residuals have the same |t|; so have those in which
    only clusters of no account differ.
    """
    first, *others = np.flatnonzero(moving) if moving.any() else [0]
    same = np.ones(signs.shape[0], dtype=bool)
    for one in others:
        same &= signs[:, one] == signs[:, first]
    return same
