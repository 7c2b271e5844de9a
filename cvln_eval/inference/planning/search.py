"""The smallest change, and the smallest number of districts, that an evaluation can show."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.panel.kinds import MEANS
from cvln_eval.inference.panel.rates import level
from cvln_eval.inference.planning.found import (
    Asked,
    effects_of,
    power_of,
    prepared,
    refuse_asked,
    seed_of,
)
from cvln_eval.inference.planning.plan import Plan
from cvln_eval.inference.planning.power import power_row
from cvln_eval.inference.planning.searched import DistrictsNeeded, MinimumDetectableChange
from cvln_eval.results import proportion

__all__ = ["districts_needed", "minimum_detectable_change"]

# Effects of more than this many standard deviations are not looked for.
LARGEST = 64.0
HALVINGS = 16


def minimum_detectable_change(
    plan: Plan,
    *,
    power: float = 0.8,
    method: str = MEANS,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> MinimumDetectableChange:
    """Find the smallest change that an evaluation finds often enough, by simulation.

    Parameters
    ----------
    plan : Plan
        The evaluation.
    power : float
        How often it should be found.
    method : str
        Method of the panel; by default the t test of cluster means.
    n_simulated : int
        Simulated evaluations for each effect looked at.
    conf_level : float
        Tests reject at 1 minus it.
    rng : int or Generator
        Seed.

    Returns
    -------
    MinimumDetectableChange
        One row: the `effect`, in units of the outcome, and its simulated power. The effect is nan,
        with the reason, where the method cannot reject with this plan, or not at changes of 64
        standard deviations.

    Raises
    ------
    ArgumentError
        If the power, the method or the level is not one.

    Examples
    --------
    >>> plan = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)
    >>> found = minimum_detectable_change(plan, n_simulated=500)
    >>> round(float(found.tidy().loc[0, "effect"]), 1)
    1.8
    """
    asked = _asked(power, method, n_simulated, conf_level, rng)
    made = prepared(plan, method)
    reason = getattr(made, "reason", "")
    effect = found = math.nan
    if not reason and made.smallest_p <= level(conf_level):
        effect = _least_effect(lambda at: power_of(plan, made, at, asked), power, plan.spread)
        found = power_of(plan, made, effect, asked) if effect == effect else math.nan
        reason = "" if effect == effect else f"not even a change of {LARGEST:g} SD is found"
    row = power_row(plan, effect, found, made.smallest_p, asked, reason)
    return MinimumDetectableChange(plan, asked, power, pd.DataFrame([row]))


def districts_needed(
    plan: Plan,
    *,
    effect: float,
    power: float = 0.8,
    at_most: int = 200,
    method: str = MEANS,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> DistrictsNeeded:
    """Find the smallest number of clusters that finds a change often enough, by simulation.

    Sizes and share treated are the plan's. The number is found by doubling and halving: below it,
    with another rounding of the share treated, a smaller number may do by chance.

    Parameters
    ----------
    plan : Plan
        The evaluation; its own number of clusters does not matter.
    effect : float
        Change to be found, in units of the outcome.
    power : float
        How often it should be found.
    at_most : int
        Largest number of clusters looked at.
    method : str
        Method of the panel; by default the t test of cluster means.
    n_simulated : int
        Simulated evaluations for each number looked at.
    conf_level : float
        Tests reject at 1 minus it.
    rng : int or Generator
        Seed.

    Returns
    -------
    DistrictsNeeded
        One row: `n_clusters` with its simulated power. Where `at_most` clusters do not do, the row
        is theirs and the reason says so; where the method cannot be had with them, power is nan.

    Raises
    ------
    ArgumentError
        If the power, the method, the level, the effect or `at_most` is not one.

    Examples
    --------
    >>> plan = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)
    >>> found = districts_needed(plan, effect=1.0, n_simulated=500)
    >>> int(found.tidy().loc[0, "n_clusters"])
    9
    """
    asked = _asked(power, method, n_simulated, conf_level, rng)
    if effects_of(effect).size != 1 or not effect:
        raise ArgumentError("There is nothing to find", expected="an effect", seen=repr(effect))
    if not isinstance(at_most, int | np.integer) or at_most < 2:
        raise ArgumentError(
            "Too few clusters", expected="at_most, a whole number of 2 or more", seen=repr(at_most)
        )
    groups = _least_clusters(
        lambda number_of: _power_with(plan, number_of, effect, asked), power, at_most
    )
    last = plan.with_clusters(groups or at_most)
    made = prepared(last, method)
    reason = getattr(made, "reason", "")
    found = math.nan if reason else power_of(last, made, effect, asked)
    if not groups and not reason:
        reason = f"{at_most} clusters find it in {proportion(found)} only"
    row = power_row(last, effect, found, made.smallest_p, asked, reason)
    return DistrictsNeeded(plan, asked, power, pd.DataFrame([row]))


def _asked(
    power: float, method: str, n_simulated: int, conf_level: float, rng: int | np.random.Generator
) -> Asked:
    refuse_asked(method, conf_level)
    if not isinstance(power, float | np.floating) or not 0 < power < 1:
        raise ArgumentError("Power is a share", expected="above 0, below 1", seen=repr(power))
    return Asked(method, n_simulated, conf_level, seed_of(rng))


def _power_with(plan: Plan, n_clusters: int, effect: float, asked: Asked) -> float:
    other = plan.with_clusters(n_clusters)
    method = prepared(other, asked.method)
    return 0.0 if getattr(method, "reason", "") else power_of(other, method, effect, asked)


def _least_effect(found: Callable[[float], float], wanted: float, spread: float) -> float:
    """Return the effect at which the power wanted is reached, nan where it is not."""
    high = spread / 4
    while found(high) < wanted:
        high *= 2
        if high > LARGEST * spread:
            return math.nan
    low = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) >= wanted else (middle, high)
    return high


def _least_clusters(found: Callable[[int], float], wanted: float, at_most: int) -> int:
    """Return the least number of clusters with the power wanted, 0 where there is none."""
    low, high = 1, 2
    while found(high) < wanted:
        if high == at_most:
            return 0
        low, high = high, min(2 * high, at_most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if found(middle) >= wanted else (middle, high)
    return high
