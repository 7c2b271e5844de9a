"""The result of `randomization_test`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.inference.randomization.wording import (
    counted,
    in_words,
    n_treated,
    no_less_than,
)
from cvln_eval.results import Result, count, level_in_words, number, p_in_words

__all__ = ["RandomizationTest"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RandomizationTest(Result):
    """A randomization test; see `randomization_test`.

    Attributes
    ----------
    term, outcome : str
        Columns of treatment (or start) and outcome.
    possible : PossibleAssignments
        The design of the clusters that count.
    estimate, std_error, statistic, p_value, smallest_p : float
        Effect of the treatment, or of a unit of dose; its cluster-robust standard error (nan with
        the difference as statistic); statistic under the null; p; least p the design allows.
    null_value, conf_low, conf_high, conf_level : float
        Effect under the null, and the interval of effects that are not rejected.
    n : int
        Rows that count.
    n_draws : int
        Assignments looked at: all, or those drawn.
    enumerated : bool
        Whether all were looked at.
    n_left_out : int
        Rows left out: outcome or control missing, or the other cluster of the pair gone.
    clusters_left_out : tuple of str
        Clusters without a row that counts, or whose pair lost the other cluster.
    method, null_hypothesis, reason : str
        In words; `reason` says why there is no p value or no bounded interval.
    """

    term: str
    outcome: str
    possible: PossibleAssignments
    estimate: float
    std_error: float
    statistic: float
    p_value: float
    smallest_p: float
    null_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    n: int
    n_draws: int
    enumerated: bool
    n_left_out: int
    clusters_left_out: tuple[str, ...]
    method: str
    null_hypothesis: str
    reason: str

    @property
    def n_assignments(self) -> int:
        """How many different assignments could have happened, exact."""
        return self.possible.n_assignments

    @property
    def attainable_conf_level(self) -> float:
        """Highest level at which an interval has bounds: 1 - `smallest_p`."""
        return 1 - self.smallest_p

    def tidy(self) -> pd.DataFrame:
        """Return one row: the effect, its test and its interval."""
        names = ["term", "estimate", "std_error", "statistic", "p_value", "smallest_p"]
        names += ["conf_low", "conf_high", "conf_level", "attainable_conf_level"]
        row = {name: getattr(self, name) for name in names}
        row |= {"n": self.n, "n_clusters": self.possible.n_clusters}
        for name in ("method", "null_hypothesis", "reason"):
            row[name] = getattr(self, name)
        return pd.DataFrame([row])

    def glance(self) -> pd.DataFrame:
        """Return one row: the design, how it was gone through, and what was left out."""
        return pd.DataFrame(
            {
                "n": [self.n],
                "n_clusters": [self.possible.n_clusters],
                "n_treated": [n_treated(self.possible)],
                "n_assignments": [counted(self.n_assignments)],
                "n_draws": [self.n_draws],
                "enumerated": [self.enumerated],
                "smallest_p": [self.smallest_p],
                "attainable_conf_level": [self.attainable_conf_level],
                "n_left_out": [self.n_left_out],
                "n_clusters_left_out": [len(self.clusters_left_out)],
                "method": [self.method],
                "reason": [self.reason],
            }
        )

    def sentence(self) -> str:
        """Return effect, p with the least possible p, interval, and what was left out."""
        gone = self._left_out()
        design = f"{in_words(self.possible)}, {count(self.n, 'row')}{gone}"
        if math.isnan(self.p_value):
            return (
                f"A randomization test of {self.term} ({design}) is not available: {self.reason}."
            )
        which = "all" if self.enumerated else f"{self.n_draws:,} draws from"
        t = self._t()
        silent = self.p_value > 1 - self.conf_level
        return (
            f"Over {which} {count(self.n_assignments, 'assignment')} that could have happened "
            f"({design}), the estimate for {self.term} on {self.outcome} was "
            f"{number(self.estimate)}, {t}{p_in_words(self.p_value)}; {self._interval()}."
            f"{' This does not show that there is no effect.' if silent else ''}"
        )

    def _t(self) -> str:
        if math.isnan(self.std_error):
            return ""
        if math.isinf(self.statistic):
            return "an infinite t (clusters of one treatment do not differ), "
        return f"t = {number(self.statistic)}, "

    def _interval(self) -> str:
        if self.reason:
            return self.reason
        level = f"{level_in_words(self.conf_level)} interval"
        bounds = f"[{number(self.conf_low)}, {number(self.conf_high)}]"
        least = f"{no_less_than(self.smallest_p)}; " if self.smallest_p >= 0.001 else ""
        return f"{least}{level} {bounds}"

    def _left_out(self) -> str:
        rows = f"; {count(self.n_left_out, 'row')} left out" if self.n_left_out else ""
        names = ", ".join(self.clusters_left_out)
        return f"{rows}, with them all of {names}" if names else rows
