"""One fit from its arrays: theta, variances, coefficients and their degrees of freedom."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve_triangular

from cvln_eval.errors import CvlnWarning
from cvln_eval.inference.mixed.criterion import Criterion
from cvln_eval.inference.mixed.crossed import crossed_reduction
from cvln_eval.inference.mixed.islands import islands
from cvln_eval.inference.mixed.kenward_roger import KenwardRoger, kenward_roger
from cvln_eval.inference.mixed.nested import nested_reduction
from cvln_eval.inference.mixed.optimum import Optimum, best_theta
from cvln_eval.inference.mixed.satterthwaite import Satterthwaite, satterthwaite
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.triangles import diagonal, lower_triangles
from cvln_eval.inference.mixed.working import Working, working_model

__all__ = ["Fit", "NotConvergedWarning", "fit_design"]

# Standard deviations, in residual ones, that draw nothing in; and what is then left of an outcome
# that random effects explain.
FREE, EXPLAINED = 1e4, 1e-8


class NotConvergedWarning(CvlnWarning):
    """The search for the variances of a mixed model ended where the deviance is not least."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model in working units.

    Attributes
    ----------
    design, working, criterion, optimum
        What was fitted and where the search ended.
    beta : ndarray
        Coefficients of the columns kept, in the units of the table.
    freedom : Satterthwaite or KenwardRoger
        Covariance and degrees of freedom of contrasts of the working coefficients.
    """

    design: MixedDesign
    working: Working
    criterion: Criterion
    optimum: Optimum
    beta: np.ndarray
    freedom: Satterthwaite | KenwardRoger

    @property
    def variance(self) -> float:
        """Residual variance."""
        return self.optimum.slopes.rss / self.criterion.df

    @property
    def deviance(self) -> float:
        """Minus twice the log-likelihood."""
        return self.criterion.of_pieces(self.optimum.slopes.logs, self.optimum.slopes.rss)

    @property
    def n_parameters(self) -> int:
        """Coefficients, entries of theta and the residual variance."""
        return self.criterion.k + len(self.optimum.theta) + 1

    def roots(self) -> list[np.ndarray]:
        """Return the lower triangles of the factors' relative covariances, in working units."""
        found = lower_triangles(self.optimum.theta[None], self.criterion.widths)
        return [block[0] for block in found]

    def covariances(self) -> list[np.ndarray]:
        """Return the covariance of the random effects of each factor, in units of the table."""
        pairs = zip(self.working.back, self.roots(), strict=True)
        return [self.variance * (back @ root) @ (back @ root).T for back, root in pairs]

    def working_contrasts(self, contrasts: np.ndarray) -> np.ndarray:
        """Return contrasts of the coefficients as contrasts of the working ones."""
        return np.asarray(solve_triangular(self.working.r, contrasts.T, trans="T").T)

    def working_beta(self) -> np.ndarray:
        """Return the working coefficients that belong to `beta`."""
        return np.asarray(self.working.r @ self.beta)

    def vcov(self) -> np.ndarray:
        """Return the covariance of the coefficients."""
        turned = self.working_contrasts(np.eye(self.criterion.k))
        return np.asarray(turned @ self.freedom.vcov @ turned.T)


def fit_design(design: MixedDesign, *, reml: bool, df: str) -> tuple[Fit | None, str]:
    """Return the fit, or None and why there is none; warn where the search did not end well."""
    working, reason = working_model(design)
    if working is None:
        return None, reason
    criterion = criterion_of(design, working, reml=reml)
    if _wholly_explained(criterion, working):
        return None, f"terms and random effects explain {design.outcome} wholly"
    groups = min(len(factor.levels) for factor in design.factors)
    optimum = best_theta(criterion, groups)
    if not optimum.converged:
        warnings.warn(
            NotConvergedWarning(
                f"The search for the variances of {design.outcome!r} did not end at a minimum of "
                "the deviance; rescale the outcome or take a random effect out"
            ),
            stacklevel=3,
        )
    left = criterion.left(optimum.theta)
    beta = working.least_squares + solve_triangular(
        working.r, optimum.slopes.unscaled @ left[:-1, -1]
    )
    simple = satterthwaite(optimum, criterion.df)
    fit = Fit(design, working, criterion, optimum, beta, simple)
    return (fit if df == "satterthwaite" else replace(fit, freedom=_kenward_roger(fit))), ""


def _wholly_explained(criterion: Criterion, working: Working) -> bool:
    """Return whether nothing of the outcome is left where random effects are as good as free."""
    free = np.where(diagonal(criterion.widths), FREE, 0.0)
    return criterion.slopes(free).rss <= EXPLAINED * float(working.y @ working.y)


def criterion_of(design: MixedDesign, working: Working, *, reml: bool) -> Criterion:
    """Return the deviance of a model as a function of theta."""
    make = nested_reduction if design.nested() else crossed_reduction
    return Criterion(
        reduction=make(design, working),
        widths=tuple(factor.width for factor in design.factors),
        n=len(design.y),
        k=working.q.shape[1],
        reml=reml,
        log_r=float(np.log(np.abs(np.diag(working.r))).sum()),
    )


def _kenward_roger(fit: Fit) -> KenwardRoger:
    return kenward_roger(
        islands(fit.design, fit.working),
        [root @ root.T for root in fit.roots()],
        fit.variance,
        np.linalg.inv(fit.freedom.vcov),
        fit.criterion.n,
    )
