"""Wild draws of one regression, and the p of any null value that they give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.wild.drawing import Drawing
from cvln_eval.inference.wild.pvalues import polynomials, share_of
from cvln_eval.inference.wild.sample import Sample, sample_of
from cvln_eval.inference.wild.smallest import moving_clusters
from cvln_eval.inference.wild.statistics import drawn_moments

__all__ = ["WildDraws", "wild_draws"]


@dataclass(frozen=True, slots=True, eq=False)
class WildDraws:
    """Draws for one coefficient, and the p of any null value.

    Attributes
    ----------
    estimate, std_error : float
        The coefficient and its CR1 standard error.
    scale : float
        Standard error without the small-sample factor, the unit of distances from the estimate.
    polynomials : ndarray
        Of each draw, what is 0 or more at the distances where it counts, shape (5, D).
    chances : ndarray or None
        Probability of each draw where all are there; None where they are drawn at random.
    smallest_p : float
        Lowest p that the draws can give for this design, whatever the outcome.
    """

    estimate: float
    std_error: float
    scale: float
    polynomials: np.ndarray
    chances: np.ndarray | None
    smallest_p: float

    def p_value(self, null_value: float = 0.0) -> float:
        """Return the p of a null value."""
        return float(self.p_curve(np.array([(null_value - self.estimate) / self.scale]))[0])

    def p_curve(self, distances: np.ndarray) -> np.ndarray:
        """Return the p of null values that many `scale` from the estimate."""
        return np.array([share_of(self._at(one) >= 0, self.chances) for one in distances])

    def _at(self, distance: float) -> np.ndarray:
        # Horner's rule and no product of matrices, whose rounding depends on the threads there are
        value: np.ndarray = self.polynomials[-1] * distance
        for coefficient in self.polynomials[-2:0:-1]:
            value += coefficient
            value *= distance
        value += self.polynomials[0]
        return value


def wild_draws(
    design: ClusterDesign,
    position: int,
    *,
    draws: str = "rademacher",
    impose_null: bool = True,
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> WildDraws | str:
    """Return the wild draws for the coefficient of one column of a design.

    Parameters
    ----------
    design : ClusterDesign
        Outcome, regressors, clusters and, where there are any, weights.
    position : int
        Column of the regressors.
    draws, impose_null, n_draws, rng : as in `wild_bootstrap`
        Which weights, how many.

    Returns
    -------
    WildDraws or str
        The reason where the coefficient or its variance between clusters cannot be had.

    Raises
    ------
    ArgumentError
        If the draws are not known or their number is below 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.inference.design import cluster_design
    >>> table = pd.DataFrame({"team_id": list("abcde"), "change": [1.0, 2.0, 2.0, 4.0, 3.0]})
    >>> found = wild_draws(cluster_design(table, formula="change ~ 1", cluster="team_id"), 0)
    >>> found.p_value(0.0), found.p_value(1.5), found.smallest_p
    (0.0625, 0.25, 0.0625)
    """
    drawing = Drawing(draws, impose_null, n_draws, rng)
    sample = sample_of(design, (position,))
    if isinstance(sample, str):
        return sample
    rows, repeated, chances = drawing.make(
        drawn_moments, _in_units(sample), moving_clusters(sample.generic)
    )
    curves = polynomials(rows, impose_null=impose_null)
    curves[:, repeated] = 0  # they count at every distance, which rounding would not say far out
    return WildDraws(
        estimate=float(sample.found.estimate[0, 0]),
        std_error=sample.scale * float(np.sqrt(sample.factor)),
        scale=sample.scale,
        polynomials=curves,
        chances=chances,
        smallest_p=float(share_of(repeated, chances)),
    )


def _in_units(sample: Sample) -> tuple[np.ndarray, ...]:
    """Return what `drawn_moments` takes, scaled so that a standard error is 1."""
    found, bread = sample.found, float(sample.found.bread[0, 0])
    spread, carried = sample.scale * bread, found.carried[:, 0]
    return (
        found.scores[0, :, 0] / spread,
        found.projections[0] / spread,
        found.spreads[:, 0, 0] / bread,
        carried,
        carried / bread,
    )
