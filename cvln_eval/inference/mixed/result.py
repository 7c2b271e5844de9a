"""The result of `mixed_model`: coefficients with honest degrees of freedom, and the random part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cvln_eval.inference.contrasts import contrast_name, contrast_weights, refuse_no_numbers
from cvln_eval.inference.mixed.effects import predicted_effects
from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.joint import FixedEffectsTest
from cvln_eval.inference.mixed.rows import contrast_row, joint_row, row_without
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.variances import VarianceComponents, variance_components
from cvln_eval.inference.mixed.words import model_sentence
from cvln_eval.measurement.tables import names_in
from cvln_eval.results import Result

__all__ = ["MixedModel"]

METHODS = {"satterthwaite": "Satterthwaite df", "kenward-roger": "Kenward-Roger"}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MixedModel(Result):
    """Coefficients of a linear mixed model; see `mixed_model`.

    Attributes
    ----------
    rows : DataFrame
        One row a term, or the one row of a contrast.
    design : MixedDesign
        Arrays of the model.
    fit : Fit or None
        What was found; None where nothing can be fitted.
    reml : bool
        Restricted maximum likelihood, or maximum likelihood.
    df : str
        Method of the degrees of freedom.
    conf_level : float
        Level of the intervals.
    reason : str
        Why nothing can be fitted; empty where something is.
    """

    rows: pd.DataFrame
    design: MixedDesign
    fit: Fit | None
    reml: bool
    df: str
    conf_level: float
    reason: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a term: estimate, standard error, t test and interval."""
        return self._with_size(self.rows)

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, likelihood, and whether the fit is singular or has converged."""
        reasons = [self.reason] if self.reason else [r for r in self.rows["reason"] if r]
        parts = {
            "n": len(self.design.y),
            "n_clusters": self._n_clusters(),
            "n_left_out": self.design.n_left_out,
            "n_crossing": sum(count for _, _, count in self.design.crossings()),
            **self._likelihood(),
            "singular": self.fit is not None and self.fit.optimum.singular,
            "converged": self.fit is not None and self.fit.optimum.converged,
            "conf_level": self.conf_level,
            "method": self._method(),
            "reason": "; ".join(dict.fromkeys(reasons)),
        }
        return pd.DataFrame([parts])

    def vcov(self) -> pd.DataFrame:
        """Return the variance matrix of the terms, adjusted if Kenward and Roger's; nan if none."""
        terms = self.design.terms
        matrix = np.full((len(terms),) * 2, math.nan)
        if self.fit is not None:
            matrix[np.ix_(self.fit.working.kept, self.fit.working.kept)] = self.fit.vcov()
        return pd.DataFrame(matrix, index=terms, columns=terms)

    def test(self, terms: str | Sequence[str]) -> FixedEffectsTest:
        """Test that several coefficients are all 0, by an F test.

        With Satterthwaite's degrees of freedom F is Wald's statistic over the number of terms and
        its second degrees of freedom follow Fai and Cornelius; like lmerTest's, these depend on the
        units of terms that have different ones, as of months and years. With Kenward and Roger's
        both are scaled to its moments, whatever the units.

        Parameters
        ----------
        terms : str or sequence of str
            Names in `tidy`.

        Returns
        -------
        FixedEffectsTest
            nan with a reason where a term is not estimated.

        References
        ----------
        Fai, A. H.-T., & Cornelius, P. L. (1996). Approximate F-tests of multiple degree of freedom
        hypotheses in generalized least squares analyses of unbalanced split-plot experiments.
        Journal of Statistical Computation and Simulation, 54, 363-378. Kenward, M. G., & Roger,
        J. H. (1997). Small sample inference for fixed effects from restricted maximum likelihood.
        Biometrics, 53, 983-997. Agrees with `lmerTest::contest(joint = TRUE)` for both.
        """
        names = tuple(dict.fromkeys(names_in(terms, argument="terms")))
        contrasts = np.vstack([self._contrast({name: 1.0}) for name in names or ("",)])
        reasons = (self._why_not(contrast) for contrast in contrasts)
        reason = next((reason for reason in reasons if reason), "")
        kept = contrasts if reason or self.fit is None else contrasts[:, self.fit.working.kept]
        return FixedEffectsTest(
            self._with_size(pd.DataFrame([joint_row(self.fit, kept, names, reason)]))
        )

    def contrast(self, weights: Mapping[str, float], *, null_value: float = 0.0) -> MixedModel:
        """Return the t test of a weighted sum of coefficients, such as ``{"b": 1, "c": -1}``.

        Parameters
        ----------
        weights : mapping
            Weight of each term that takes part.
        null_value : float
            Value that the sum has if the null hypothesis holds.

        Returns
        -------
        MixedModel
            With one row; its degrees of freedom are those of the contrast.
        """
        refuse_no_numbers(weights, null_value)
        row = self._row(self._contrast(weights), contrast_name(weights), null_value)
        return replace(self, rows=pd.DataFrame([row]))

    def variances(self) -> VarianceComponents:
        """Return standard deviations, variances, correlations and intraclass correlations.

        The intraclass correlation of a factor is the share of its intercept's variance in the sum
        of all intercepts' variances and the residual one: the share where all other random effects
        are multiplied by 0. Intervals hold the values that a likelihood-ratio test with one degree
        of freedom does not reject (of the restricted likelihood after `reml=True`). An interval of
        a variance that reaches 0 starts there. In 2,000 simulated samples of 41 people in five
        teams, 95% intervals of the share of teams held a share of .10 in 98% and one of .40 in 94%;
        half of them were wider than .53 and .70: five teams cannot tell a large share from a small
        one.

        Returns
        -------
        VarianceComponents
            A correlation with a variance of 0 is nan with a reason.

        References
        ----------
        Bates, D., Maechler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects
        models using lme4. Journal of Statistical Software, 67(1), section 5.1. Agrees with
        `lme4::confint(method = "profile")` after maximum likelihood.
        """
        return variance_components(
            self.fit, reason=self.reason, conf_level=self.conf_level, n=len(self.design.y)
        )

    def random_effects(self) -> pd.DataFrame:
        """Return the best linear unbiased prediction of each random effect.

        `sd_conditional` is its standard deviation given the outcomes if the coefficients were
        known, as `lme4::ranef(condVar = TRUE)` has it; `std_error` counts their uncertainty too and
        is the root of the mean squared error of the prediction (Henderson 1975, Biometrics, 31).

        Returns
        -------
        DataFrame
            One row a factor, level and effect; none where nothing is fitted.
        """
        columns = ["grouping", "grouping_level", "effect"]
        numbers = ["estimate", "sd_conditional", "std_error"]
        if self.fit is None:
            return pd.DataFrame(columns=[*columns, *numbers])
        return predicted_effects(self.fit)

    def sentence(self) -> str:
        """Return the estimates with their intervals and tests, and what the random part shows."""
        return model_sentence(self.tidy(), self.glance().iloc[0], self.design, self.fit)

    def _row(self, contrast: np.ndarray, term: str, null_value: float) -> dict[str, object]:
        level = {"conf_level": self.conf_level, "null_value": null_value}
        reason = self._why_not(contrast)
        if reason or self.fit is None:
            return row_without(term, reason, **level)
        return contrast_row(self.fit, contrast[self.fit.working.kept], term, **level)

    def _why_not(self, contrast: np.ndarray) -> str:
        if self.fit is None:
            return self.reason
        aliased = contrast.astype(bool) & ~self.fit.working.kept
        names = [name for name, out in zip(self.design.terms, aliased, strict=True) if out]
        return f"{', '.join(names)}: determined by the terms before" if names else ""

    def _contrast(self, weights: Mapping[str, float]) -> np.ndarray:
        return contrast_weights(weights, self.design.terms)

    def _with_size(self, rows: pd.DataFrame) -> pd.DataFrame:
        sizes = {"n": len(self.design.y), "n_clusters": self._n_clusters()}
        return rows.assign(method=self._method(), **sizes)

    def _n_clusters(self) -> int:
        return min(len(factor.levels) for factor in self.design.factors)

    def _method(self) -> str:
        return f"linear mixed model, {'REML' if self.reml else 'ML'}, {METHODS[self.df]}"

    def _likelihood(self) -> dict[str, float]:
        if self.fit is None:
            return dict.fromkeys(("log_likelihood", "aic", "bic"), math.nan)
        deviance, count = self.fit.deviance, self.fit.n_parameters
        return {
            "log_likelihood": -deviance / 2,
            "aic": deviance + 2 * count,
            "bic": deviance + math.log(self.fit.criterion.n) * count,
        }
