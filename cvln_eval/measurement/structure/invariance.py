"""Measurement invariance: whether the items measure the same thing alike at every wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.measurement.structure.invariance_steps import Step, design_of, take_steps
from cvln_eval.measurement.structure.invariance_tables import mean_table, search_table, step_table
from cvln_eval.measurement.structure.invariance_verdict import verdict_of
from cvln_eval.measurement.structure.invariance_waves import waves_beside, waves_of
from cvln_eval.measurement.tables import need_columns
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["MeasurementInvariance", "measurement_invariance"]

ALLOWED = ("scalar", "partial scalar", "not shown")
METHOD = "normal-theory maximum likelihood"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MeasurementInvariance(Result):
    """Invariance over waves; see `measurement_invariance`.

    Attributes
    ----------
    level : str
        "scalar", "partial scalar", "metric", "configural", "none", "not shown" or "cannot be
        estimated".
    verdict : str
        Which comparisons over waves are allowed, in plain words.
    steps : DataFrame
        One row a model.
    searched : DataFrame
        One row an item and round of the search for items that differ.
    latent_means : DataFrame
        One row a wave.
    summary : DataFrame
        One row.
    """

    level: str
    verdict: str
    steps: pd.DataFrame
    searched: pd.DataFrame
    latent_means: pd.DataFrame
    summary: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a model, with its fit and its difference from the step before."""
        return self.steps.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: level, verdict, items freed, people, and people it takes."""
        return self.summary.copy()

    def search(self) -> pd.DataFrame:
        """Return one row an item and round: what freeing this item alone gains.

        The p values are those of single tests; they order items and are not adjusted for the
        number of items looked at. The error rate is held by the test of the step.
        """
        return self.searched.copy()

    def means(self) -> pd.DataFrame:
        """Return one row a wave: the factor's mean in standard deviations of the first wave."""
        return self.latent_means.copy()

    def sentence(self) -> str:
        """Return the verdict with the tests behind it."""
        row = self.summary.iloc[0]
        people = count(int(row["n"]), "person", "people")
        start = self.verdict[0].upper() + self.verdict[1:]
        behind = f" ({people}, {row['n_items']} items, {row['n_waves']} waves, {row['missing']})"
        tested = self.steps[self.steps["reason"] == ""]
        parts = [_words(step) for step in tested.to_dict("records")]
        return f"{start}{behind}. {' '.join(parts)}".rstrip()


def _words(row: dict[Any, Any]) -> str:
    name = str(row["step"])
    named = f"{name[0].upper()}{name[1:]}" + (f" ({row['freed']} freed)" if row["freed"] else "")
    if not row["compared_with"]:
        return (
            f"{named}: χ²({row['df']:.0f}) = {number(row['statistic_corrected'])} corrected for "
            f"sample size, {p_in_words(row['p_value_corrected'])}, CFI = {number(row['cfi'], 3)}, "
            f"RMSEA = {number(row['rmsea'], 3)}, 90% CI [{number(row['rmsea_low'], 3)}, "
            f"{number(row['rmsea_high'], 3)}]."
        )
    return (
        f"{named} against {row['compared_with']}: Δχ²({row['df_change']:.0f}) = "
        f"{number(row['statistic_change_corrected'])}, "
        f"{p_in_words(row['p_value_change_corrected'])}, ΔCFI = {number(row['cfi_change'], 3)}."
    )


def measurement_invariance(
    answers: pd.DataFrame,
    *,
    items: Sequence[str],
    waves: Sequence[str] | None = None,
    person: str = "person_id",
    wave: str = "wave",
    scale: str = "the scale",
    strict: bool = False,
    conf_level: float = 0.95,
) -> MeasurementInvariance:
    """Test whether the items measure one factor alike at every wave, and name those that do not.

    y_it = n_it + l_it f_t + e_it for item i at wave t; residuals of the same item correlate over
    waves, since the same people answer, and factors are free to. The factor of the first wave has
    mean 0 and variance 1. Configural: nothing is equal. Metric: l_it = l_i, variances of later
    factors free. Scalar: n_it = n_i as well, means of later factors free. Strict: residual
    variances equal as well.

    A step holds where the likelihood-ratio test against the step before, with Bartlett's factor for
    the size of the sample, does not reject at .05 divided by the number of such steps; changes of
    CFI and RMSEA stand beside it and decide nothing (`holds_by_cfi`: CFI falls by no more than
    .01). The configural model is taken where its corrected chi-square does not reject at .05, or
    CFI is at least .95 and RMSEA at most .06. Where a step does not hold, the item whose freeing
    gains most is freed, then the next, as long as more than half of the items stay equal (partial
    invariance). Items found by search should be looked for again in other answers.

    Parameters
    ----------
    answers : DataFrame
        One row a person and wave, one column an item, as `answer_table` returns it.
    items : sequence of str
        At least three items of one factor.
    waves : sequence of str, optional
        Waves in order; all of the table, in its order, when left out.
    person, wave : str
        Columns that name person and wave.
    scale : str
        What the items measure, for the words of the verdict.
    strict : bool
        Whether to test equal residual variances as well; comparing means does not need it.
    conf_level : float
        Level of the intervals of the means.

    Returns
    -------
    MeasurementInvariance
        `verdict` in words and `level`; `tidy`: models; `search`: items; `means`: the factor's
        mean at each wave, nan with a reason where it may not be compared. All answers given are
        used, also of people who miss waves (full-information maximum likelihood), which is right
        where answers are missing at random. The level is "cannot be estimated" where people are
        no more than items times waves or fewer than the free parameters of the configural model,
        where an item was answered alike by all or not at all in a wave, or where no proper
        maximum exists. It is "not shown" where nothing speaks against equal intercepts but
        people are fewer than `n_needed`: 5 a free parameter (Bentler & Chou, 1987), or those
        with whom a test of close fit has a power of .80 (MacCallum et al., 1996), if more.

    Raises
    ------
    ArgumentError
        If a column is absent, there are fewer than three items or two waves, or a person is
        there twice in a wave.

    References
    ----------
    Meredith, W. (1993). Measurement invariance, factor analysis and factorial invariance.
    Psychometrika, 58, 525-543.
    Byrne, B. M., Shavelson, R. J., & Muthen, B. (1989). Testing for the equivalence of factor
    covariance and mean structures. Psychological Bulletin, 105, 456-466.
    Cheung, G. W., & Rensvold, R. B. (2002). Evaluating goodness-of-fit indexes for testing
    measurement invariance. Structural Equation Modeling, 9, 233-255 (a fall of CFI by .01).
    Chen, F. F. (2007). Sensitivity of goodness of fit indexes to lack of measurement invariance.
    Structural Equation Modeling, 14, 464-504 (beside it a rise of RMSEA by .015).
    Hu, L., & Bentler, P. M. (1999). Cutoff criteria for fit indexes in covariance structure
    analysis. Structural Equation Modeling, 6, 1-55.
    Bartlett, M. S. (1950). Tests of significance in factor analysis. British Journal of
    Psychology, Statistical Section, 3, 77-85.

    Notes
    -----
    Agrees with `lavaan` under the same constraints, with and without missing answers.

    Examples
    --------
    >>> from cvln_eval.simulate import simulate_factor_answers
    >>> answers = simulate_factor_answers(
    ...     n_persons=600, loadings=[0.8, 0.7, 0.7, 0.6], waves=("fall", "spring"), rng=3
    ... )
    >>> items = [f"item_{i}" for i in range(1, 5)]
    >>> measurement_invariance(answers, items=items, scale="trust").verdict
    'means of trust may be compared over waves'
    """
    refuse_level(conf_level)
    need_columns(answers, (person, wave), table="answers")
    chosen = waves_of(answers, waves=waves, wave=wave)
    matrix, n_left_out = waves_beside(answers, items=items, waves=chosen, person=person, wave=wave)
    design = design_of(matrix, items=items, waves=chosen, strict=strict)
    steps, reason = take_steps(design, strict=strict)
    n, n_needed = design.sample.n, design.n_needed()
    level, verdict = verdict_of(steps, scale=scale, n=n, n_needed=n_needed, reason=reason)
    row = {"invariance_level": level, "verdict": verdict, "freed": _freed(steps), "n": n}
    row |= {"n_complete": design.sample.n_complete, "n_left_out": n_left_out}
    row |= {"n_items": len(items), "n_waves": len(chosen), "n_free": design.n_free()}
    row |= {"n_needed": n_needed, "missing": "fiml", "method": METHOD, "reason": reason}
    means = mean_table(
        design,
        _scalar(steps) if not reason else None,
        n=_n_by_wave(matrix, len(chosen)),
        reason="" if level in ALLOWED else verdict,
        warning=verdict if level == "not shown" else "",
        level=conf_level,
    )
    table = step_table(design, steps, reason)
    return MeasurementInvariance(
        level, verdict, table, search_table(steps), means, pd.DataFrame([row])
    )


def _scalar(steps: Sequence[Step]) -> Step | None:
    return next((step for step in steps if step.holds and step.equal.step == "scalar"), None)


def _freed(steps: Sequence[Step]) -> str:
    """Return the items freed in what was accepted, loadings and intercepts together."""
    accepted = [step for step in steps if step.holds]
    return str(accepted[-1].rows[-1]["freed"]) if accepted else ""


def _n_by_wave(matrix: np.ndarray, n_waves: int) -> np.ndarray:
    """Return how many people answered at least one item of each wave."""
    return np.array([np.isfinite(of).any(axis=1).sum() for of in np.hsplit(matrix, n_waves)])
