"""A joint test of several coefficients by wild draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.wild.drawing import Drawing
from cvln_eval.inference.wild.pvalues import at_least, share_of
from cvln_eval.inference.wild.sample import sample_of
from cvln_eval.inference.wild.smallest import moving_clusters
from cvln_eval.inference.wild.statistics import drawn_squares, observed_squares

__all__ = ["WildTest", "wild_test"]


@dataclass(frozen=True, slots=True, eq=False)
class WildTest:
    """Draws for a joint test.

    Attributes
    ----------
    statistic : float
        Wald statistic with CR1, divided by the number of terms.
    p_value, smallest_p : float
        The p, and the lowest that the draws can give for this design, whatever the outcome.
    n_draws : int
        Draws made.
    enumerated : bool
        Whether these are all vectors of weights.
    """

    statistic: float
    p_value: float
    smallest_p: float
    n_draws: int
    enumerated: bool


def wild_test(
    design: ClusterDesign,
    positions: tuple[int, ...],
    null_values: np.ndarray,
    drawing: Drawing,
) -> WildTest | str:
    """Return the test that the coefficients at the positions have the null values, or a reason."""
    sample = sample_of(design, positions)
    if isinstance(sample, str):
        return sample
    found, distance = sample.found, null_values - sample.found.estimate
    observed = observed_squares(found.scores, found.bread, distance, found.floor)[0]
    held = found.under(distance if drawing.impose_null else 0 * distance)
    rows, repeated, chances = drawing.make(
        _squares, (*held, found.carried), moving_clusters(sample.generic)
    )
    return WildTest(
        statistic=float(observed / sample.factor / len(positions)),
        p_value=float(share_of(at_least(rows[:, 0], observed) | repeated, chances)),
        smallest_p=float(share_of(repeated, chances)),
        n_draws=len(rows),
        enumerated=chances is not None,
    )


def _squares(
    signs: np.ndarray, scores: np.ndarray, projections: np.ndarray, carried: np.ndarray
) -> np.ndarray:
    return np.asarray(drawn_squares(signs, scores, projections, carried)[0])
