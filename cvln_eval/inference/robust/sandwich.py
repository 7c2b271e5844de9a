"""Coefficients of a regression with their cluster-robust variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import shown
from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.robust.absorb import Absorbed, nothing_absorbed
from cvln_eval.inference.robust.basis import orthonormal
from cvln_eval.inference.robust.frame import Frame, frame
from cvln_eval.inference.robust.freedom import satterthwaite, spread
from cvln_eval.inference.robust.kinds import factor, refuse_kind

__all__ = ["Sandwich", "of_absorbed", "sandwich", "why_not"]

# A contrast leans on the directions that one cluster alone informs if this share of it lies there.
LEANS = 1e-6
# Residuals and variances below these shares of outcome and expectation are rounding.
EXACT_FIT, NO_SPREAD = 1e-12, 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """Estimates, variance and degrees of freedom, in the order of the design's terms.

    Attributes
    ----------
    beta : ndarray
        Coefficients; nan where a term cannot be told apart from those before it, shape (k,).
    vcov : ndarray
        Cluster-robust variance, nan for these terms, shape (k, k). Where a cluster alone informs
        a term its part is left out (pseudo-inverse), and the variance is too small by it.
    df : ndarray
        Satterthwaite's degrees of freedom of each term, shape (k,).
    frame : Frame
        The regression in its clusters.
    clusters : tuple of str
        Names of the clusters.
    hidden : int
        Number of columns of the regression before those of the terms.
    noise : float
        Variance of the residuals; 0 where the model fits every row exactly.
    """

    beta: np.ndarray
    vcov: np.ndarray
    df: np.ndarray
    frame: Frame
    clusters: tuple[str, ...]
    hidden: int
    noise: float

    def inner(self, contrasts: np.ndarray) -> np.ndarray:
        """Return contrasts of the design's terms as contrasts of the frame's coefficients."""
        padded = np.pad(contrasts, ((0, 0), (self.hidden, 0)))
        return np.asarray(padded[:, self.frame.basis.kept])


def sandwich(design: ClusterDesign, kind: str = "CR2") -> Sandwich:
    """Return coefficients with their cluster-robust variance, from arrays.

    Parameters
    ----------
    design : ClusterDesign
        Outcome, regressors, clusters and weights.
    kind : str
        See `cluster_robust`.

    Returns
    -------
    Sandwich
        `beta`, `vcov` and `df` in the order of the design's terms; `why_not` says which of them
        should not be used.

    Raises
    ------
    ArgumentError
        If there is no such kind.

    Examples
    --------
    >>> import pandas as pd
    >>> from cvln_eval.inference.design import cluster_design
    >>> table = pd.DataFrame({"y": [1.0, 2, 4, 5, 9], "team_id": list("aabbc")})
    >>> found = sandwich(cluster_design(table, formula="y ~ 1", cluster="team_id"))
    >>> found.beta.round(3), found.df.round(3)
    (array([4.2]), array([1.8]))
    """
    return of_absorbed(nothing_absorbed(design), kind)


def of_absorbed(absorbed: Absorbed, kind: str) -> Sandwich:
    """Return the same where effects were absorbed before."""
    refuse_kind(kind)
    design = absorbed.design
    basis = orthonormal(design.x, design.weights, absorbed.lengths)
    found = frame(basis, design.codes, design.weights, kind)
    residuals = found.residuals(design.y)
    n, rank = len(design.y), basis.rank + absorbed.rank
    variance = factor(kind, n, design.n_clusters, rank) * found.variance(residuals)
    left = float(residuals @ residuals)
    exact = n <= rank or left <= (EXACT_FIT * absorbed.outcome_length) ** 2
    return Sandwich(
        *_placed(found, design, absorbed.hidden, variance),
        frame=found,
        clusters=design.clusters,
        hidden=absorbed.hidden,
        noise=0.0 if exact else left / (n - rank),
    )


def _placed(
    found: Frame, design: ClusterDesign, hidden: int, variance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, variance and degrees of freedom in the places of the terms."""
    kept, n_columns = found.basis.kept, design.x.shape[1]
    beta, df = np.full(n_columns, np.nan), np.full(n_columns, np.nan)
    vcov = np.full((n_columns, n_columns), np.nan)
    beta[kept] = found.coefficients(design.y)
    vcov[np.ix_(kept, kept)] = variance
    for place, column in enumerate(kept):
        if column >= hidden and design.n_clusters > 1:
            df[column] = satterthwaite(found, np.eye(len(kept))[place])
    return beta[hidden:], vcov[hidden:, hidden:], df[hidden:]


def why_not(found: Sandwich, contrast: np.ndarray) -> str:
    """Return why a contrast of the terms cannot be tested; empty where it can."""
    named = contrast != 0
    if not found.clusters:
        return "no complete row"
    if np.isnan(found.beta[named]).any():
        return "cannot be told apart from earlier terms or absorbed effects"
    if len(found.clusters) < 2:
        return "fewer than two clusters"
    if found.noise == 0:
        return "the model fits every row exactly"
    alone = _informed_by_one(found, contrast)
    if alone:
        whose = "cluster" if len(alone) == 1 else "any one of the clusters"
        return f"cannot be had without {whose} {shown(alone)}: its spread over clusters is not seen"
    return _why_no_spread(found, contrast)


def _informed_by_one(found: Sandwich, contrast: np.ndarray) -> list[str]:
    """Return the clusters without any one of which the contrast cannot be estimated."""
    inner = found.inner(contrast[None, :])[0]
    whole = np.linalg.norm(inner @ found.frame.basis.inverse)
    directions = found.frame.only.items()
    leaning = [place for place, only in directions if np.linalg.norm(inner @ only) > LEANS * whole]
    return [found.clusters[place] for place in leaning]


def _why_no_spread(found: Sandwich, contrast: np.ndarray) -> str:
    named = np.flatnonzero(contrast)
    variance = contrast[named] @ found.vcov[np.ix_(named, named)] @ contrast[named]
    expected = found.noise * spread(found.frame, found.inner(contrast[None, :])).mean().item()
    return (
        "" if variance > NO_SPREAD * expected else "clusters do not differ: a standard error of 0"
    )
