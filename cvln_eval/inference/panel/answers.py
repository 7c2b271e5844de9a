"""What a method answers for many outcomes of one design at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import stdtr, stdtrit

__all__ = ["Answers", "Method", "Unavailable", "t_answers", "tested_answers"]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Estimates, tests and intervals of one method, one a simulated outcome.

    Attributes
    ----------
    estimate, std_error, df, p_value, conf_low, conf_high : ndarray
        Shape (runs,); degrees of freedom are infinite for a z test. The bounds are nan for a
        method whose interval is the set of values that its test does not reject.
    """

    estimate: np.ndarray
    std_error: np.ndarray
    df: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


class Method(Protocol):
    """What depends on the design alone, computed once."""

    @property
    def smallest_p(self) -> float:
        """Smallest p value that the method can give with this design, 0 without such a bound."""

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return the answers for outcomes of shape (n, runs); draws come from the stream."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A method that this design does not allow, and why."""

    reason: str
    smallest_p: float = np.nan

    def answers(self, y: np.ndarray, conf_level: float, stream: np.random.Generator) -> Answers:
        """Return nan for every outcome."""
        nothing = np.full(y.shape[1], np.nan)
        return Answers(nothing, nothing, nothing, nothing, nothing, nothing)


def t_answers(
    estimate: np.ndarray, std_error: np.ndarray, df: np.ndarray | float, conf_level: float
) -> Answers:
    """Return t tests against nought and their intervals; nan where there is no error or df."""
    free = np.broadcast_to(np.asarray(df, dtype=float), estimate.shape)
    usable = (std_error > 0) & (free > 0)
    error = np.where(usable, std_error, np.nan)
    free = np.where(usable, free, np.nan)
    reach = stdtrit(free, (1 + conf_level) / 2) * error
    p_value = 2 * stdtr(free, -np.abs(estimate / error))
    return Answers(estimate, error, free, p_value, estimate - reach, estimate + reach)


def tested_answers(estimate: np.ndarray, p_value: np.ndarray) -> Answers:
    """Return the answers of a test whose interval is what it does not reject."""
    nothing = np.full(estimate.shape, np.nan)
    return Answers(estimate, nothing, nothing, p_value, nothing, nothing)
