"""The steps of invariance, each tested against the one before, and the search for items."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import chi2

from cvln_eval.measurement.structure.cfa_fit import Fit, fit_model
from cvln_eval.measurement.structure.cfa_indices import (
    bartlett_factor,
    baseline_warning,
    fit_row,
    missing_fit,
    persons_needed,
)
from cvln_eval.measurement.structure.cfa_model import FactorModel
from cvln_eval.measurement.structure.cfa_modifications import score_statistic
from cvln_eval.measurement.structure.cfa_sample import Sample, sample_of
from cvln_eval.measurement.structure.cfa_start import start_moments
from cvln_eval.measurement.structure.invariance_model import STEPS, Equalities, longitudinal_model

__all__ = ["ALPHA", "NULLS", "Design", "Step", "design_of", "fits_well", "take_step", "take_steps"]

ALPHA = 0.05
LEAST_CFI, MOST_RMSEA = 0.95, 0.06  # Hu & Bentler (1999)
LARGEST_FALL = -0.01  # of CFI (Cheung & Rensvold, 2002)
NULLS = {
    "configural": "one factor a wave, with residuals of the same item correlated, gave the data",
    "metric": "the loading of each item is the same at every wave",
    "scalar": "the intercept of each item is the same at every wave",
    "strict": "the residual variance of each item is the same at every wave",
}


@dataclass(frozen=True, slots=True)
class Design:
    """What all steps share.

    Attributes
    ----------
    items, waves : tuple of str
    start_mean, start_cov : ndarray
        Moments to start from, items of one wave together.
    sample : Sample
    n_tests : int
        Steps that are tested against the one before; they share `ALPHA`.
    """

    items: tuple[str, ...]
    waves: tuple[str, ...]
    start_mean: np.ndarray
    start_cov: np.ndarray
    sample: Sample
    n_tests: int

    def model(self, equal: Equalities) -> FactorModel:
        """Return the model with these equalities."""
        return longitudinal_model(
            equal, items=self.items, waves=self.waves, mean=self.start_mean, cov=self.start_cov
        )

    def fit(self, equal: Equalities) -> Fit:
        """Return the model at its maximum."""
        return fit_model(self.model(equal), self.sample)

    def n_free(self) -> int:
        """Return how many parameters the configural model has, the most of all steps."""
        return len(self.model(Equalities("configural")).names)

    def n_needed(self) -> int:
        """Return how many people the configural model takes."""
        p, q = len(self.start_mean), self.n_free()
        return persons_needed(n_free=q, df=p * (p + 3) // 2 - q)

    def correction(self) -> float:
        """Return Bartlett's factor."""
        n_items = len(self.items) * len(self.waves)
        return bartlett_factor(self.sample.n, n_items=n_items, n_factors=len(self.waves))


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands after the search.

    Attributes
    ----------
    equal : Equalities
    fit : Fit
    holds : bool
        Whether it is accepted, with the items freed that `equal` names.
    rows : list of dict
        The models fitted on the way, each with its difference from the step before.
    searched : list of dict
        One row an item and round of the search.
    """

    equal: Equalities
    fit: Fit
    holds: bool
    rows: list[dict[str, Any]]
    searched: list[dict[str, Any]] = field(default_factory=list)


def design_of(
    matrix: np.ndarray, *, items: Sequence[str], waves: Sequence[str], strict: bool
) -> Design:
    """Return what the steps share, for one row a person and items of one wave together."""
    mean, cov = start_moments(matrix)
    names = [f"{item} at {wave}" for wave in waves for item in items]
    first = longitudinal_model(
        Equalities("configural"), items=items, waves=waves, mean=mean, cov=cov
    )
    sample = sample_of(matrix, names, n_free=len(first.names))
    return Design(tuple(items), tuple(waves), mean, cov, sample, 3 if strict else 2)


def take_steps(design: Design, *, strict: bool) -> tuple[list[Step], str]:
    """Return the steps taken, up to the first that does not hold, and why one has no estimate."""
    steps: list[Step] = []
    if design.sample.reason:
        return steps, design.sample.reason
    for name in STEPS if strict else STEPS[:3]:
        step = take_step(design, name, steps[-1] if steps else None)
        steps.append(step)
        # An improper configural model is no ground to stand on; later steps carry a warning.
        wrong = step.fit.reason or (step.fit.warning if name == "configural" else "")
        if wrong:
            return steps, f"in the {name} model {wrong}"
        if not step.holds:
            break
    return steps, ""


def take_step(design: Design, name: str, before: Step | None) -> Step:
    """Fit a step, and where it does not hold, free one item after the other until it does.

    The item freed is the one whose freeing raises the likelihood most. More than half of the
    items stay equal; a step that would need more freed does not hold.
    """
    equal = Equalities(name) if before is None else before.equal.at(name)
    fit = design.fit(equal)
    if before is None:
        row = _row(design, equal, fit, None)
        good = not fit.reason and not fit.warning and fits_well(row)
        return Step(equal, fit, good, [row | {"holds": good}])
    rows: list[dict[str, Any]] = []
    searched: list[dict[str, Any]] = []
    while True:
        row = _row(design, equal, fit, before)
        good = bool(row["p_value_change_corrected"] >= ALPHA / design.n_tests)
        rows.append(row | {"holds": good})
        most = (len(design.items) - 1) // 2
        if good or fit.reason or name == "strict" or len(equal.freed()) >= most:
            return Step(equal, fit, good, rows, searched)
        found = _search(design, equal, fit)
        searched += [item | {"search_round": len(rows)} for item in found]
        worst = max(found, key=lambda item: -math.inf if item["reason"] else item["statistic"])
        equal = equal.without(worst["item"])
        fit = design.fit(equal)


def fits_well(row: dict[str, Any]) -> bool:
    """Tell whether the corrected chi-square does not reject, or CFI and RMSEA are both good."""
    if row["p_value_corrected"] >= ALPHA:
        return True
    return bool(row["cfi"] >= LEAST_CFI and row["rmsea"] <= MOST_RMSEA)


def _row(design: Design, equal: Equalities, fit: Fit, before: Step | None) -> dict[str, Any]:
    freed = [item for item in design.items if item in equal.freed()]
    row: dict[str, Any] = {
        "step": equal.step if not freed else f"partial {equal.step}",
        "freed": ", ".join(freed),
        **_fit_row(design, fit),
        "null_hypothesis": NULLS[equal.step],
        "warning": fit.warning,
        "reason": fit.reason,
    }
    if not fit.reason:
        row["warning"] = fit.warning or baseline_warning(row)
    return row | (_change(design, row, fit, before) if before else {"compared_with": ""})


def _fit_row(design: Design, fit: Fit) -> dict[str, float]:
    if fit.reason:
        return missing_fit(design.sample) | {"n_free": fit.n_free}
    return fit_row(fit, design.sample, n_factors=len(design.waves))


def _change(design: Design, row: dict[str, Any], fit: Fit, before: Step) -> dict[str, Any]:
    last = before.rows[-1]
    statistic = max(2 * (before.fit.log_likelihood - fit.log_likelihood), 0.0)
    df = before.fit.n_free - fit.n_free
    corrected = statistic * design.correction()
    changes = {f"{name}_change": row[name] - last[name] for name in ("cfi", "rmsea", "srmr")}
    return {
        "compared_with": last["step"],
        "statistic_change": statistic,
        "df_change": df,
        "p_value_change": float(chi2.sf(statistic, df)),
        "statistic_change_corrected": corrected,
        "p_value_change_corrected": float(chi2.sf(corrected, df)),
        **changes,
        "holds_by_cfi": bool(changes["cfi_change"] >= LARGEST_FALL),
    }


def _search(design: Design, equal: Equalities, fit: Fit) -> list[dict[str, Any]]:
    left: Sequence[str] = [item for item in design.items if item not in equal.freed()]
    return [_one_freed(design, equal, fit, item) for item in left]


def _one_freed(design: Design, equal: Equalities, fit: Fit, item: str) -> dict[str, Any]:
    freed = equal.without(item)
    wider = design.fit(freed)
    statistic = max(2 * (wider.log_likelihood - fit.log_likelihood), 0.0)
    score, df = score_statistic(design.model(freed), fit, design.sample)
    return {
        "step": equal.step,
        "item": item,
        "statistic": statistic,
        "df": df,
        "p_value": float(chi2.sf(statistic, df)),
        "score_statistic": score,
        "null_hypothesis": f"{item} is as equal over waves as the items beside it",
        "reason": wider.reason,
    }
