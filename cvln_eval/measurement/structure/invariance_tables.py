"""The tables of a result on invariance: models, items searched, means of the factor."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.measurement.structure.cfa_fit import covariance_of
from cvln_eval.measurement.structure.cfa_indices import missing_fit
from cvln_eval.measurement.structure.invariance_steps import NULLS, Design, Step

__all__ = ["mean_table", "search_table", "step_table"]

STEP_COLUMNS = (
    "step",
    "freed",
    "n",
    "n_complete",
    "n_free",
    "statistic",
    "df",
    "p_value",
    "statistic_corrected",
    "p_value_corrected",
    "cfi",
    "tli",
    "rmsea",
    "rmsea_low",
    "rmsea_high",
    "srmr",
    "aic",
    "bic",
    "log_likelihood",
    "compared_with",
    "statistic_change",
    "df_change",
    "p_value_change",
    "statistic_change_corrected",
    "p_value_change_corrected",
    "cfi_change",
    "rmsea_change",
    "srmr_change",
    "holds",
    "holds_by_cfi",
    "null_hypothesis",
    "warning",
    "reason",
)
SEARCH_COLUMNS = (
    "step",
    "search_round",
    "item",
    "statistic",
    "df",
    "p_value",
    "score_statistic",
    "null_hypothesis",
    "reason",
)
FIRST = "fixed at 0: the wave that others are compared with"


def step_table(design: Design, steps: Sequence[Step], reason: str) -> pd.DataFrame:
    """Return one row a model; the configural one with its reason where none could be fitted."""
    rows = [row for step in steps for row in step.rows]
    if not rows:
        step = {"step": "configural", "freed": "", "compared_with": "", "holds": False}
        words = {"null_hypothesis": NULLS["configural"], "warning": "", "reason": reason}
        rows = [missing_fit(design.sample) | step | words]
    return pd.DataFrame(rows).reindex(columns=list(STEP_COLUMNS))


def search_table(steps: Sequence[Step]) -> pd.DataFrame:
    """Return one row an item and round, in the order searched."""
    rows = [row for step in steps for row in step.searched]
    return pd.DataFrame(rows, columns=list(SEARCH_COLUMNS))


def mean_table(
    design: Design, step: Step | None, *, n: np.ndarray, reason: str, warning: str, level: float
) -> pd.DataFrame:
    """Return one row a wave: mean of the factor in standard deviations of the first wave.

    `step` is the scalar step, or None where means may not be compared, for the `reason` given.
    """
    waves = list(design.waves)
    estimate, error = np.full((2, len(waves)), np.nan)
    if step is not None:
        covariance = covariance_of(step.fit, design.sample)
        at = step.fit.model.at.factor_means
        estimate = step.fit.matrices.factor_means
        error = np.where(at >= 0, np.sqrt(np.diag(covariance))[at], np.nan)
    z = NormalDist().inv_cdf((1 + level) / 2)
    reasons = [reason or (FIRST if not t else "") for t in range(len(waves))]
    return pd.DataFrame(
        {
            "wave": waves,
            "estimate": estimate,
            "std_error": error,
            "conf_low": estimate - z * error,
            "conf_high": estimate + z * error,
            "conf_level": level,
            "n": n,
            "warning": warning,
            "reason": reasons,
        }
    )
