"""Outcomes simulated from a fit, and the least deviance of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cvln_eval.inference.mixed.fit import Fit, criterion_of
from cvln_eval.inference.mixed.optimum import least_deviance
from cvln_eval.inference.mixed.setup import MixedDesign
from cvln_eval.inference.mixed.working import working_model

__all__ = ["ml_deviance", "simulated_outcomes"]


def simulated_outcomes(fit: Fit, size: int, stream: np.random.Generator) -> np.ndarray:
    """Return outcomes of the rows of a fit, shape (size, n)."""
    design, sigma = fit.design, np.sqrt(fit.variance)
    mean = design.x[:, fit.working.kept] @ fit.beta
    outcomes = mean + sigma * stream.standard_normal((size, len(mean)))
    for factor, root, back in zip(design.factors, fit.roots(), fit.working.back, strict=True):
        drawn = stream.standard_normal((size, len(factor.levels), factor.width))
        effects = sigma * drawn @ (back @ root).T
        outcomes += np.einsum("snr,nr->sn", effects[:, factor.codes], factor.z)
    return np.asarray(outcomes)


def ml_deviance(design: MixedDesign, y: np.ndarray) -> float:
    """Return minus twice the greatest log-likelihood of another outcome of the same design."""
    redrawn = replace(design, y=y)
    if not design.factors:
        rss = float(((y - design.x @ np.linalg.lstsq(design.x, y)[0]) ** 2).sum())
        return len(y) * (1 + float(np.log(2 * np.pi * rss / len(y))))
    working, _ = working_model(redrawn)
    if working is None:
        return float("nan")
    return least_deviance(criterion_of(redrawn, working, reml=False))
