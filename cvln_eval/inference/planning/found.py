"""The share of simulated evaluations in which a method finds an effect."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.panel.answers import Method
from cvln_eval.inference.panel.kinds import FOR_MANY, METHODS, method_of
from cvln_eval.inference.panel.rates import level
from cvln_eval.inference.panel.simulated import simulated_answers
from cvln_eval.inference.planning.plan import Plan
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.resampling import generator

__all__ = [
    "Asked",
    "effects_of",
    "mc_error",
    "power_of",
    "prepared",
    "refuse_asked",
    "seed_of",
    "warned",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How evaluations are simulated and tested.

    Attributes
    ----------
    method : str
        Name of the method, as the panel has it.
    n_simulated : int
        Simulated evaluations.
    conf_level : float
        Tests reject at 1 minus it.
    seed : int
        The same for all effects and numbers of clusters, so that a curve does not jump by chance.
    """

    method: str
    n_simulated: int
    conf_level: float
    seed: int


def refuse_asked(method: str, conf_level: float) -> None:
    """Raise `ArgumentError` for a method or a level that there is not."""
    refuse_level(conf_level)
    if method not in METHODS:
        raise ArgumentError("No such method", expected=", ".join(METHODS), seen=shown([method]))


def seed_of(rng: int | np.random.Generator) -> int:
    """Return one seed for all simulations of a call."""
    return int(generator(rng).integers(2**63))


def prepared(plan: Plan, method: str) -> Method:
    """Return what the method has to know of the plan."""
    x = plan.x
    terms = ("Intercept", "treated")[: x.shape[1]]
    return method_of(method, x, plan.codes, terms, x.shape[1] - 1)


def power_of(plan: Plan, method: Method, effect: float, asked: Asked) -> float:
    """Return the share of simulated evaluations with p at or below the level."""
    found = simulated_answers(
        [method],
        plan.codes,
        icc=plan.icc,
        scale=np.full(plan.n_clusters, plan.spread),
        shift=effect * plan.x[:, -1],
        n_simulated=asked.n_simulated,
        conf_level=asked.conf_level,
        rng=asked.seed,
    )
    return float(np.mean(found.p_value[:, 0] <= level(asked.conf_level)))


def effects_of(effect: object) -> np.ndarray:
    """Return effects as an array; raise `ArgumentError` unless they are finite numbers."""
    try:
        effects = np.atleast_1d(np.asarray(effect, dtype=float))
    except (TypeError, ValueError):
        effects = np.full(1, np.nan)
    if effects.ndim > 1 or not effects.size or not np.isfinite(effects).all():
        raise ArgumentError("An effect is a number", expected="finite numbers", seen=repr(effect))
    return effects


def warned(method: str) -> str:
    """Return what to add where a method rejects too often with few clusters, and so has power."""
    why = FOR_MANY.get(method, "")
    return (
        f"; but with few clusters it may reject too often without an effect: {why}" if why else ""
    )


def mc_error(power: float, n_simulated: int) -> float:
    """Return the simulation error of a share."""
    return math.sqrt(power * (1 - power) / n_simulated)
