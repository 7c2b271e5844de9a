"""Coefficients of a regression of ties with their errors, and how well it fits; no test yet."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from cvln_eval.networks.dyads.cells import Cells
from cvln_eval.networks.dyads.parts import Model, inflation, within
from cvln_eval.networks.dyads.robust import dyadic_variance

__all__ = ["counts", "estimates", "fits", "term_names"]

INTERCEPT = (
    "not tested: exchanging people leaves the mean of the outcome as it is, so that no "
    "permutation speaks of the intercept"
)
SAME_AS_OTHERS = "the same for all pairs, or a sum of the terms before it"
SEPARATED = "the terms tell pairs with a tie from those without: no estimate has a bound"
NO_ERROR = "the variance robust to shared people is negative: no standard error"


def term_names(cells: Cells) -> list[str]:
    """Return the names of all columns: an intercept a network, then the terms."""
    if len(cells.networks) == 1:
        return ["intercept", *cells.labels]
    names = [f"intercept of {one.relation} {one.wave}".strip() for one in cells.networks]
    return [*names, *cells.labels]


def estimates(model: Model, *, is_linear: bool, conf_level: float) -> pd.DataFrame:
    """Return one row a column: estimate, error, interval, variance inflation, reason."""
    n_columns, kept, fit = model.design.shape[1], model.fit.basis.kept, model.fit
    found = pd.DataFrame({"term": term_names(model.cells)})
    estimate, error, vif = (np.full(n_columns, np.nan) for _ in range(3))
    vif[model.tested] = inflation(model)
    if fit.converged:
        estimate[kept], error[kept] = fit.coefficients, _errors(model)
    half = error * stats.t.isf((1 - conf_level) / 2, len(model.cells.persons) - 1)
    found = found.assign(estimate=estimate, standardised=np.nan, std_error=error)
    found = found.assign(conf_low=estimate - half, conf_high=estimate + half, vif=vif)
    if is_linear:
        spread = np.std(model.design[model.used], axis=0) / np.std(model.outcome)
        is_term = np.arange(n_columns) >= model.n_layers
        found["standardised"] = np.where(is_term, estimate * spread, np.nan)
    return found.assign(reason=_reasons(model, error))


def _reasons(model: Model, error: np.ndarray) -> list[str]:
    """Return for each column what it lacks and why."""
    found = []
    for column in range(model.design.shape[1]):
        parts = [INTERCEPT] if column < model.n_layers else []
        if column not in model.fit.basis.kept:
            parts.append(SAME_AS_OTHERS)
        elif not model.fit.converged:
            parts.append(SEPARATED)
        elif math.isnan(error[column]):
            parts.append(NO_ERROR)
        found.append("; ".join(parts))
    return found


def _errors(model: Model) -> np.ndarray:
    """Return the standard error of each kept column, nan where its variance is negative."""
    basis, used = model.fit.basis, model.used
    scores = model.design[used][:, basis.kept] * model.fit.residual[:, None]
    ends = np.concatenate([end[used] for end in model.cells.ends])
    persons, place = np.unique(ends, return_inverse=True)
    first, second = np.split(place, 2)
    bread = basis.inverse @ basis.inverse.T
    variance = np.diag(dyadic_variance(scores, bread, first, second, len(persons)))
    return np.asarray(np.sqrt(np.where(variance >= 0, variance, np.nan)))


def counts(cells: Cells, reason: str) -> dict[str, object]:
    """Return what a regression is of: people, ties, pairs used and left out; no fit yet."""
    used = cells.used
    at_risk = cells.pairs & cells.at_risk
    return {
        "n": len(cells.persons),
        "n_ties": int(np.count_nonzero(cells.outcome[used])),
        "n_dyads": int(used.sum()),
        "n_dyads_left_out": int((at_risk & ~used).sum()),
        "n_draws": 0,
        "enumerated": False,
        "r_squared": math.nan,
        "r_squared_adjusted": math.nan,
        "log_likelihood": math.nan,
        "reason": reason,
    }


def fits(model: Model, *, is_linear: bool) -> dict[str, object]:
    """Return how well the regression fits: the share explained within networks, or likelihood."""
    if not is_linear:
        return {"log_likelihood": model.fit.log_likelihood}
    outcome = within(model, model.cells.outcome)[model.used]
    total = float(outcome @ outcome)
    left = float(model.fit.residual @ model.fit.residual) / total
    n_within = len(outcome) - len(np.unique(model.cells.layer[model.used]))
    return {"r_squared": 1 - left, "r_squared_adjusted": 1 - left * n_within / model.fit.df}
