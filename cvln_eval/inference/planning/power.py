"""Power of an evaluation with few clusters, by simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.panel.kinds import MEANS
from cvln_eval.inference.panel.rates import level
from cvln_eval.inference.panel.words import listed, share_in_words
from cvln_eval.inference.planning.found import (
    Asked,
    effects_of,
    mc_error,
    power_of,
    prepared,
    refuse_asked,
    seed_of,
    warned,
)
from cvln_eval.inference.planning.plan import Plan
from cvln_eval.results import Result, count, number, p_in_words, proportion

__all__ = ["POWER", "Power", "power", "power_row"]

POWER = (
    "effect",
    "n_clusters",
    "n_treated",
    "n",
    "power",
    "power_mc_error",
    "method",
    "smallest_p",
    "n_draws",
    "conf_level",
    "simulated",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Power(Result):
    """Shares of simulated evaluations that find an effect; see `power`.

    Attributes
    ----------
    plan : Plan
        The evaluation.
    asked : Asked
        Method, level and number of simulations.
    curve : DataFrame
        One row an effect and number of clusters.
    """

    plan: Plan
    asked: Asked
    curve: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row an effect and number of clusters."""
        return self.curve.copy()

    def glance(self) -> pd.DataFrame:
        """Return the plan and the range of power in one row."""
        row = {
            "n_clusters": self.plan.n_clusters,
            "n_treated": self.plan.n_treated,
            "n": self.plan.n,
            "icc": self.plan.icc,
            "sd_planned": self.plan.spread,
            "power_min": self.curve["power"].min(),
            "power_max": self.curve["power"].max(),
            "method": self.asked.method,
            "n_draws": self.asked.n_simulated,
            "conf_level": self.asked.conf_level,
            "simulated": True,
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return how often the evaluation would find the effects."""
        own = self.curve[self.curve["n_clusters"] == self.plan.n_clusters]
        rows = own if len(own) else self.curve
        first = rows.iloc[0]
        if math.isnan(first["power"]):
            return f"No power was simulated: {first['reason']}."
        plan = self.plan.with_clusters(int(first["n_clusters"]))
        rows = rows[rows["n_clusters"] == first["n_clusters"]]
        each = [
            f"an effect of {number(effect)} in {proportion(found)}"
            for effect, found in zip(rows["effect"], rows["power"], strict=True)
        ]
        bound = first["smallest_p"] > level(self.asked.conf_level)
        why = f"; {first['reason']}" if bound else warned(self.asked.method)
        return (
            f"Simulated, not observed: of {count(self.asked.n_simulated, 'evaluation')} with "
            f"{plan}, the {self.asked.method} at the level "
            f"{share_in_words(1 - self.asked.conf_level)} finds {listed(each)}{why}."
        )


def power(
    plan: Plan,
    *,
    effect: float | Sequence[float],
    n_clusters: int | Sequence[int] | None = None,
    method: str = MEANS,
    n_simulated: int = 2000,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> Power:
    """Simulate how often an evaluation finds an effect of a given size.

    Outcomes are sd (sqrt(icc) u_g + sqrt(1 - icc) e_i), with u and e standard normal, plus the
    effect in treated clusters (in all, with one group). Power is the share of simulated evaluations
    with p at or below 1 - conf_level; its simulation error is sqrt(power (1 - power) / runs).
    With clusters of one size the t test of cluster means has the power of a noncentral t with
    n_clusters - 2 (one group: - 1) degrees of freedom and noncentrality
    effect / (sd sqrt((icc + (1 - icc) / size) (1 / treated + 1 / others))).

    Parameters
    ----------
    plan : Plan
        The evaluation.
    effect : float or sequence of float
        Effects, in units of the outcome.
    n_clusters : int or sequence of int, optional
        Numbers of clusters in place of the plan's.
    method : str
        Method of the panel; by default the t test of cluster means.
    n_simulated : int
        Simulated evaluations for each effect and number of clusters.
    conf_level : float
        Tests reject at 1 minus it.
    rng : int or Generator
        Seed; all effects are put to the same simulated outcomes.

    Returns
    -------
    Power
        `tidy` has one row an effect and number of clusters, marked as simulated. A method that
        the plan does not allow has power nan and the reason; one whose smallest p value is above
        the level has power 0, and the reason says so.

    Raises
    ------
    ArgumentError
        If the method, the level, an effect or a number of clusters is not one.

    References
    ----------
    Raudenbush, S. W. (1997). Statistical analysis and optimal design for cluster randomized
    trials. Psychological Methods, 2, 173-185.

    Examples
    --------
    >>> plan = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)
    >>> found = power(plan, effect=[0.5, 1.5], n_simulated=500).tidy()
    >>> found[["effect", "n_clusters", "n_treated", "power"]]
       effect  n_clusters  n_treated  power
    0     0.5           5          2  0.142
    1     1.5           5          2  0.648
    """
    refuse_asked(method, conf_level)
    effects = effects_of(effect)
    asked = Asked(method, n_simulated, conf_level, seed_of(rng))
    numbers = np.atleast_1d(plan.n_clusters if n_clusters is None else n_clusters).tolist()
    if not numbers:
        raise ArgumentError(
            "There are no numbers of clusters", expected="one or more", seen=repr(n_clusters)
        )
    rows = [row for groups in numbers for row in _rows(plan.with_clusters(groups), effects, asked)]
    return Power(plan, asked, pd.DataFrame(rows, columns=list(POWER)))


def _rows(plan: Plan, effects: np.ndarray, asked: Asked) -> list[dict[str, object]]:
    method = prepared(plan, asked.method)
    reason = getattr(method, "reason", "")
    rows = []
    for effect in effects:
        found = math.nan if reason else power_of(plan, method, float(effect), asked)
        rows.append(power_row(plan, float(effect), found, method.smallest_p, asked, reason))
    return rows


def power_row(
    plan: Plan, effect: float, found: float, smallest_p: float, asked: Asked, reason: str
) -> dict[str, object]:
    """Return one row of a table of power."""
    if smallest_p > level(asked.conf_level):
        reason = f"this method cannot give less than {p_in_words(smallest_p)} with this plan"
    return {
        "effect": effect,
        "n_clusters": plan.n_clusters,
        "n_treated": plan.n_treated,
        "n": plan.n,
        "power": found,
        "power_mc_error": mc_error(found, asked.n_simulated),
        "method": asked.method,
        "smallest_p": smallest_p,
        "n_draws": asked.n_simulated,
        "conf_level": asked.conf_level,
        "simulated": True,
        "reason": reason,
    }
