"""Maximum likelihood for a factor model: gradient, information, standard errors, score tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from cvln_eval.measurement.structure.cfa_model import FactorModel, Matrices
from cvln_eval.measurement.structure.cfa_sample import Sample, log_likelihood, moment_gradient
from cvln_eval.results import count

__all__ = [
    "Fit",
    "complete_information",
    "covariance_of",
    "delta_errors",
    "expected_information",
    "fit_model",
    "score_of",
    "unfitted",
]

MAX_STEPS = 500
GRADIENT_TOLERANCE = 1e-7  # a person, in units of the parameters' own standard errors
# Rounding can keep the search from the last decimal: at this slope the log-likelihood is within
# n times 1e-10 of its maximum, and estimates within 1e-5 of a standard error times sqrt(n).
NEARLY_LEVEL = 1e-5
STEP = 1e-3  # of a difference, in standard errors of the parameter
SINGULAR = 1e-7  # least eigenvalue of the information, scaled to a unit diagonal


@dataclass(frozen=True, slots=True)
class Fit:
    """A factor model at its maximum.

    Attributes
    ----------
    model : FactorModel
    theta : ndarray
        Parameters.
    matrices : Matrices
        The model's matrices at `theta`.
    log_likelihood : float
    n_free : int
        Free parameters.
    reason : str
        Why there is no maximum; empty where there is one.
    warning : str
        Why the maximum is not a proper solution; empty where it is.
    """

    model: FactorModel
    theta: np.ndarray
    matrices: Matrices
    log_likelihood: float
    n_free: int
    reason: str
    warning: str


def fit_model(model: FactorModel, sample: Sample) -> Fit:
    """Return the maximum of the likelihood, found from the model's start values.

    A trust-region method whose curvature is the expected information of complete answers. With
    missing answers this curvature is too steep, and steps are short as those of EM are; the
    point at which the gradient vanishes is the same.
    """
    start = model.read(model.base)
    unit = 1 / np.sqrt(np.diag(complete_information(model, start, sample.n)))
    unit = unit * np.sqrt(sample.n)

    def value(z: np.ndarray) -> float:
        now = model.matrices(z * unit)
        return -log_likelihood(sample.patterns, now.mean(), now.cov()) / sample.n

    found = minimize(
        value,
        start / unit,
        jac=lambda z: -score_of(model, z * unit, sample) * unit / sample.n,
        hess=lambda z: (
            complete_information(model, z * unit, sample.n) * np.outer(unit, unit) / sample.n
        ),
        method="trust-exact",
        options={"gtol": GRADIENT_TOLERANCE, "maxiter": MAX_STEPS},
    )
    theta = found.x * unit
    now = model.matrices(theta)
    level = found.success or float(np.linalg.norm(found.jac)) < NEARLY_LEVEL
    reason = "" if level else f"no maximum was found in {count(found.nit, 'step')}"
    reason = reason or _not_identified(complete_information(model, theta, sample.n))
    top = math.nan if reason else -float(found.fun) * sample.n
    return Fit(model, theta, now, top, len(theta), reason, "" if reason else _improper(now))


def unfitted(model: FactorModel, reason: str) -> Fit:
    """Return a model that is not fitted, with the reason."""
    theta = np.full(len(model.names), np.nan)
    return Fit(model, theta, model.matrices(theta), np.nan, len(theta), reason, "")


def _not_identified(information: np.ndarray) -> str:
    scale = np.sqrt(np.diag(information))
    least = np.linalg.eigvalsh(information / np.outer(scale, scale))[0]
    return "" if least > SINGULAR else "the data do not tell the parameters apart"


def _improper(now: Matrices) -> str:
    residuals = np.diag(now.residual_cov)
    if (residuals < 0).any():
        return f"a residual variance is negative ({residuals.min():.3f})"
    if np.linalg.eigvalsh(now.residual_cov)[0] < 0:
        return "the residual covariances are not those of any variables"
    if np.linalg.eigvalsh(now.factor_cov)[0] <= 0:
        return "the factor covariances are not those of any factors"
    return ""


def score_of(model: FactorModel, theta: np.ndarray, sample: Sample) -> np.ndarray:
    """Return the gradient of the log-likelihood."""
    now = model.matrices(theta)
    by_mean, by_cov = moment_gradient(sample.patterns, now.mean(), now.cov())
    d_mean, d_cov = model.jacobian(theta)
    return np.asarray(d_mean @ by_mean + d_cov.reshape(len(theta), -1) @ by_cov.ravel())


def complete_information(model: FactorModel, theta: np.ndarray, n: int) -> np.ndarray:
    """Return the expected information of n people who answered everything."""
    return _information(model, theta, [(np.arange(len(model.base.intercepts)), n)])


def expected_information(model: FactorModel, theta: np.ndarray, sample: Sample) -> np.ndarray:
    """Return the expected information of the answers given, added over patterns.

    n [tr(C^-1 dC C^-1 dC) / 2 + dm' C^-1 dm] for the items that a pattern has.
    """
    groups = zip(sample.patterns.there, sample.patterns.n, strict=True)
    return _information(model, theta, [(np.flatnonzero(there), int(n)) for there, n in groups])


def _information(
    model: FactorModel, theta: np.ndarray, answered: list[tuple[np.ndarray, int]]
) -> np.ndarray:
    d_mean, d_cov = model.jacobian(theta)
    cov, size = model.matrices(theta).cov(), len(theta)
    total = np.zeros((size, size))
    for items, n in answered:
        weight = np.linalg.inv(cov[np.ix_(items, items)])
        half = weight @ d_cov[:, items[:, None], items]
        across = half.transpose(0, 2, 1).reshape(size, -1)
        means = d_mean[:, items]
        total += n * (half.reshape(size, -1) @ across.T / 2 + means @ weight @ means.T)
    return np.asarray(total)


def covariance_of(fit: Fit, sample: Sample) -> np.ndarray:
    """Return the covariances of the estimates; nan where there are no estimates.

    They come from the expected information where everybody answered everything, and otherwise
    from the observed one, as only this is right where answers are missing at random (Kenward &
    Molenberghs, 1998): minus the second derivatives, by differences of the exact gradient.
    """
    if fit.reason:
        return np.full((fit.n_free, fit.n_free), np.nan)
    expected = np.linalg.inv(expected_information(fit.model, fit.theta, sample))
    if sample.n_complete == sample.n:
        return np.asarray(expected)
    errors = np.sqrt(np.diag(expected))
    second = -_differences(lambda at: score_of(fit.model, at, sample), fit.theta, errors)
    return np.asarray(np.linalg.inv((second + second.T) / 2))


def delta_errors(
    quantity: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, covariance: np.ndarray
) -> np.ndarray:
    """Return the standard errors of functions of the parameters by the delta method."""
    slope = _differences(quantity, theta, np.sqrt(np.diag(covariance)))
    variance = np.einsum("ij,jk,ik->i", slope, covariance, slope)
    return np.asarray(np.sqrt(np.maximum(variance, 0)))


def _differences(
    function: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, errors: np.ndarray
) -> np.ndarray:
    step = STEP * errors
    columns = [
        (function(theta + aside) - function(theta - aside)) / (2 * h)
        for h, aside in zip(step, np.diag(step), strict=True)
    ]
    return np.array(columns).T
