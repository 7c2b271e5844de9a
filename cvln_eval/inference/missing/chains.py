"""Chained equations: one chain an imputation, each with a seed of its own."""

from __future__ import annotations

import math

import numpy as np

from cvln_eval.inference.missing.draws import draw_nearest, draw_normal
from cvln_eval.inference.missing.plan import Plan, Target
from cvln_eval.resampling import resample

__all__ = ["potential_scale", "run_chains"]


def run_chains(
    plan: Plan, n_imputations: int, rng: int | np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return imputed values and traces of the chains.

    Parameters
    ----------
    plan : Plan
        What is drawn from what.
    n_imputations : int
        Number of chains.
    rng : int or Generator
        Seed; every chain gets one of its own.

    Returns
    -------
    ndarray, shape (n_imputations, number of wanted cells)
        Imputed values, in the order of ``plan.wanted``.
    ndarray, shape (n_imputations, n_rounds, len(plan.drawn), 2)
        Mean and standard deviation of a variable's imputed values after each round.
    """
    # One chain a chunk: the seed of an imputation is its own, whoever computes it.
    flat = resample(_chains, n_imputations, arrays=(plan,), rng=rng, chunk=1)
    n_cells = int(plan.wanted.sum())
    shape = (n_imputations, plan.n_rounds, len(plan.drawn), 2)
    return flat[:, :n_cells], flat[:, n_cells:].reshape(shape)


def _chains(size: int, stream: np.random.Generator, plan: Plan) -> np.ndarray:
    return np.array([_chain(stream, plan) for _ in range(size)])


def _chain(stream: np.random.Generator, plan: Plan) -> np.ndarray:
    values = plan.values.copy()
    for target in plan.targets:
        known = values[target.known, target.variable]
        values[target.rows, target.variable] = stream.choice(known, target.rows.sum())
    trace = np.empty((plan.n_rounds, len(plan.drawn), 2))
    for round_ in range(plan.n_rounds):
        for target in plan.targets:
            _renew(values, target, stream)
        for place, variable in enumerate(plan.drawn):
            trace[round_, place] = _moments(values[plan.wanted[:, variable], variable])
    return np.concatenate([values[plan.wanted], trace.ravel()])


def _renew(values: np.ndarray, target: Target, stream: np.random.Generator) -> None:
    draw = draw_nearest if target.nearest else draw_normal
    here = target.known | target.rows
    used = target.sources.any(axis=1)
    x = np.column_stack([values[:, used] @ target.sources[used], target.fixed])[here]
    y, known = values[here, target.variable], target.known[here]
    teams = None if target.teams is None else target.teams[here]
    values[target.rows, target.variable] = draw(y, x, known, teams, stream)


def _moments(cells: np.ndarray) -> tuple[float, float]:
    return float(cells.mean()), float(cells.std(ddof=1)) if len(cells) > 1 else math.nan


def potential_scale(traces: np.ndarray) -> np.ndarray:
    """Return R-hat of Gelman and Rubin (1992) over the second half of the chains.

    Parameters
    ----------
    traces : ndarray, shape (n_chains, n_rounds, ...)
        A quantity after each round.

    Returns
    -------
    ndarray
        Square root of the pooled over the within variance; 1 where the quantity never changes, nan
        with fewer than four rounds.
    """
    half = traces[:, traces.shape[1] // 2 :]
    length = half.shape[1]
    if length < 2:
        return np.full(traces.shape[2:], math.nan)
    within = half.var(axis=1, ddof=1).mean(axis=0)
    between = half.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        r_hat = np.sqrt((length - 1) / length + between / within)
    return np.where((within == 0) & (between == 0), 1.0, r_hat)
