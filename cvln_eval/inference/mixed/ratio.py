"""Likelihood-ratio test of two mixed models, with the boundary where a variance is tested."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import chi2

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.columns import term_in_words
from cvln_eval.inference.mixed.fit import Fit, fit_design
from cvln_eval.inference.mixed.nesting import Difference, difference
from cvln_eval.inference.mixed.result import MixedModel
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.simulated import ml_deviance, simulated_outcomes
from cvln_eval.resampling import resample
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["LikelihoodRatio", "likelihood_ratio_test"]

# A draw as far out as the data but for rounding is as far out.
TIE = 1e-6


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class LikelihoodRatio(Result):
    """A likelihood-ratio test; see `likelihood_ratio_test`.

    Attributes
    ----------
    rows : DataFrame
        The test by its asymptotic distribution and, if drawn, by parametric bootstrap.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a way of judging the statistic."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return the row of the best way there is: the bootstrap if drawn."""
        return self.rows.tail(1).reset_index(drop=True)

    def sentence(self) -> str:
        """Return the statistic, its p and how it was judged."""
        row = self.rows.iloc[-1]
        if row["reason"]:
            return f"The likelihood-ratio test is not available: {row['reason']}."
        return (
            f"In {count(row['n'], 'row')} of {count(row['n_clusters'], 'cluster')}, the test that "
            f"{term_in_words(row['null_hypothesis'])} gave a likelihood ratio of "
            f"{number(row['statistic'])} ({row['df']} df), {p_in_words(row['p_value'])} "
            f"({row['method']})."
        )


def likelihood_ratio_test(
    larger: MixedModel,
    *,
    smaller: MixedModel | None,
    n_draws: int = 0,
    rng: int | np.random.Generator = 0,
) -> LikelihoodRatio:
    """Test a mixed model against one that leaves out terms or random effects.

    Both are fitted by maximum likelihood, whatever they were fitted by; the statistic is the
    difference of their deviances. A variance cannot be negative, so that one that is 0 lies on the
    boundary: for one more random effect with q correlations the distribution is an even mixture
    of chi-square with q and q + 1 degrees of freedom. Where several variances are left out,
    chi-square with all degrees of freedom is conservative; where terms are left out, it rejects
    too often with few groups, so draw.

    Parameters
    ----------
    larger : MixedModel
        The model with all terms and random effects.
    smaller : MixedModel or None
        The model without some of them, of the same rows; None for the terms of `larger` without
        any random effect.
    n_draws : int
        Parametric bootstrap: outcomes drawn from the smaller model; 0 for none.
        p = (draws at least as far out + 1) / (n_draws + 1).
    rng : int or Generator
        Seed of the draws.

    Returns
    -------
    LikelihoodRatio
        nan with a reason where one of the models cannot be fitted.

    Raises
    ------
    ArgumentError
        If the models are not of the same rows, or the smaller is not part of the larger.

    References
    ----------
    Stram, D. O., & Lee, J. W. (1994). Variance components testing in the longitudinal mixed
    effects model. Biometrics, 50, 1171-1177. Self, S. G., & Liang, K.-Y. (1987). Asymptotic
    properties of maximum likelihood estimators and likelihood ratio tests under nonstandard
    conditions. Journal of the American Statistical Association, 82, 605-610. Halekoh, U., &
    Hoejsgaard, S. (2014). Journal of Statistical Software, 59(9), section 3 (bootstrap).

    Examples
    --------
    >>> from cvln_eval.inference.mixed import mixed_model
    >>> waves = pd.DataFrame({"person_id": list("aabbccddee"), "time": [0, 1] * 5})
    >>> waves["trust"] = [2.0, 2.5, 3, 3.25, 4, 4.75, 3, 3.5, 2, 3]
    >>> found = mixed_model(waves, formula="trust ~ time", random={"person_id": "1"})
    >>> test = likelihood_ratio_test(found, smaller=None)
    >>> test.tidy()[["statistic", "df", "p_value"]].round(4).to_dict("list")
    {'statistic': [10.9366], 'df': [1], 'p_value': [0.0005]}
    """
    small = _without_effects(larger.design) if smaller is None else smaller.design
    _same_rows(small, larger.design)
    gap = difference(small, larger.design)
    if larger.reason or (smaller is not None and smaller.reason):
        reason = larger.reason or smaller.reason if smaller is not None else larger.reason
        return LikelihoodRatio(_rows(larger.design, gap, np.nan, np.zeros(0), reason))
    designs = (small, larger.design)
    least, most = (ml_deviance(design, design.y) for design in designs)
    statistic = max(0.0, least - most)
    drawn = np.zeros(0)
    if n_draws:
        null = _null_fit(small, larger.design)
        drawn = resample(_draws, n_draws, arrays=(null, *designs), rng=rng, chunk=50)
    return LikelihoodRatio(_rows(larger.design, gap, statistic, drawn, ""))


def _without_effects(design: MixedDesign) -> MixedDesign:
    return replace(design, factors=())


def _same_rows(small: MixedDesign, large: MixedDesign) -> None:
    if not np.array_equal(small.y, large.y):
        raise ArgumentError(
            "A likelihood ratio is of two models of the same rows",
            expected=f"{large.outcome} of {len(large.y)} rows",
            seen=f"{small.outcome} of {len(small.y)} rows",
            todo="leave out the rows with missing values before both fits",
        )


def _null_fit(small: MixedDesign, large: MixedDesign) -> Fit:
    """Return what the draws come from; without random effects, a fit whose theta is 0."""
    fit, _ = fit_design(small if small.factors else large, reml=False, df="satterthwaite")
    if fit is None or small.factors:
        return fit  # type: ignore[return-value]
    slopes = fit.criterion.slopes(np.zeros_like(fit.optimum.theta))
    optimum = replace(fit.optimum, theta=np.zeros_like(fit.optimum.theta), slopes=slopes)
    return replace(fit, optimum=optimum, beta=fit.working.least_squares)


def _draws(
    size: int, stream: np.random.Generator, null: Fit, small: MixedDesign, large: MixedDesign
) -> np.ndarray:
    outcomes = simulated_outcomes(null, size, stream)
    return np.array([ml_deviance(small, y) - ml_deviance(large, y) for y in outcomes])


def _rows(
    design: MixedDesign, gap: Difference, statistic: float, drawn: np.ndarray, reason: str
) -> pd.DataFrame:
    shared = {
        "statistic": statistic,
        "df": gap.df,
        "null_hypothesis": gap.null_hypothesis,
        "n": len(design.y),
        "n_clusters": min(len(factor.levels) for factor in design.factors),
        "reason": reason,
    }
    rows = [{**shared, **_asymptotic(gap, statistic), "n_draws": 0}]
    if len(drawn):
        p = (1 + int((drawn >= statistic - TIE).sum())) / (1 + len(drawn))
        way = {"method": "parametric bootstrap", "p_value": p, "smallest_p": 1 / (1 + len(drawn))}
        rows.append({**shared, **way, "n_draws": len(drawn)})
    return pd.DataFrame(rows)


def _asymptotic(gap: Difference, statistic: float) -> dict[str, object]:
    lowest = 0.0 if statistic == statistic else np.nan
    p = float(chi2.sf(statistic, gap.df))
    if not gap.on_boundary:
        return {"method": f"chi-square, {gap.df} df", "p_value": p, "smallest_p": lowest}
    # Chi-square with 0 degrees of freedom is 0: it is never beyond a positive statistic.
    inner = float(chi2.sf(statistic, gap.df - 1)) if gap.df > 1 else float(statistic <= 0)
    method = f"even mixture of chi-square, {gap.df - 1} and {gap.df} df"
    both = (p + inner) / 2 if statistic == statistic else np.nan
    return {"method": method, "p_value": both, "smallest_p": lowest}
