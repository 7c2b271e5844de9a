"""Predicted random effects with two standard deviations: beta known, and beta estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.inference.mixed.fit import Fit
from cvln_eval.inference.mixed.islands import Islands, islands

__all__ = ["predicted_effects"]


def predicted_effects(fit: Fit) -> pd.DataFrame:
    """Return one row a factor, level and effect."""
    total = sum(len(factor.levels) * factor.width for factor in fit.design.factors)
    found = np.zeros((3, total))
    for part in islands(fit.design, fit.working):
        for row, values in enumerate(_of_islands(fit, part)):
            found[row, part.columns] = values
    estimate, sd, error = found
    names = [
        (factor.name, level, effect)
        for factor in fit.design.factors
        for level in factor.levels
        for effect in factor.effects
    ]
    frame = pd.DataFrame(names, columns=["grouping", "grouping_level", "effect"])
    return frame.assign(estimate=estimate, sd_conditional=sd, std_error=error)


def _of_islands(fit: Fit, part: Islands) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return predictions, their sd given beta, and the root of their mean squared error."""
    roots, simple = fit.roots(), fit.optimum.slopes.unscaled
    left = fit.criterion.left(fit.optimum.theta)
    gamma = simple @ left[:-1, -1]
    covariance = part.spread([root @ root.T for root in roots])
    back = part.spread(list(fit.working.back))
    inner = np.eye(len(covariance)) + part.zz @ covariance
    zvw = np.linalg.solve(inner, part.zw)
    shrunk = covariance - covariance @ np.linalg.solve(inner, part.zz) @ covariance
    shrunk = back @ shrunk @ back.T
    regressed = back @ covariance @ zvw
    estimate = regressed[..., -1] - regressed[..., :-1] @ gamma
    given = fit.variance * np.diagonal(shrunk, axis1=1, axis2=2)
    of_beta = np.einsum("sqi,ij,sqj->sq", regressed[..., :-1], simple, regressed[..., :-1])
    total = given + fit.variance * of_beta
    return estimate, np.sqrt(np.maximum(given, 0)), np.sqrt(np.maximum(total, 0))
