"""What the assignments say of one outcome: statistic, p value, least p value, interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.randomization.inversion import (
    interval_of_differences,
    interval_of_t,
    least_not_rejected,
)
from cvln_eval.inference.randomization.moments import Fit, Moments, observed_fit
from cvln_eval.inference.randomization.rows import Rows
from cvln_eval.inference.randomization.tails import (
    all_moments,
    as_extreme,
    is_enumerated,
    mirrored,
)
from cvln_eval.inference.randomization.wording import no_less_than
from cvln_eval.results import count, level_in_words, number

__all__ = ["Evidence", "gathered"]

ALONE = (
    "one cluster alone sets the slope, so that its t has no standard error of its own; "
    "the difference can be tested"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found; see `RandomizationTest` for the attributes."""

    reason: str
    estimate: float = math.nan
    std_error: float = math.nan
    statistic: float = math.nan
    p_value: float = math.nan
    smallest_p: float = math.nan
    conf_low: float = math.nan
    conf_high: float = math.nan
    n_draws: int = 0
    enumerated: bool = False


def gathered(
    rows: Rows,
    *,
    studentised: bool,
    null_value: float,
    n_draws: int,
    conf_level: float,
    rng: int | np.random.Generator,
) -> Evidence:
    """Return the evidence of rows; the other arguments are those of `randomization_test`."""
    if reason := _why_nothing_to_exchange(rows):
        return Evidence(reason)
    fit = observed_fit(rows.experiment(), studentised=studentised)
    if fit is None:
        return Evidence(
            "blocks (or clusters and waves) and controls leave nothing of the treatment"
        )
    estimate = float(fit.estimate[0])
    if studentised and fit.alone:
        return Evidence(ALONE, estimate)
    found = all_moments(fit, studentised=studentised, n_draws=n_draws, rng=rng)
    enumerated = is_enumerated(rows.assigned.possible.n_assignments, n_draws)
    # The observed assignment is one of all, and is counted with those drawn.
    before = 0 if enumerated else 1
    n_counted = len(found.b) + before
    shift = null_value - fit.estimate
    smallest_p = (int(mirrored(found, fit).sum()) if enumerated else 1) / n_counted
    interval = _interval(found, fit, studentised, conf_level, before)
    widest = _interval(found, fit, studentised, 1 - smallest_p, before)
    return Evidence(
        reason=_why_no_bounds(smallest_p, conf_level, interval, widest),
        estimate=estimate,
        std_error=float(fit.std_error[0]) if studentised else math.nan,
        statistic=_statistic(fit, float(shift[0]), studentised),
        p_value=(int(as_extreme(found, fit, shift).sum()) + before) / n_counted,
        smallest_p=smallest_p,
        conf_low=interval[0],
        conf_high=interval[1],
        n_draws=len(found.b),
        enumerated=enumerated,
    )


def _why_nothing_to_exchange(rows: Rows) -> str:
    possible = rows.assigned.possible
    if possible.n_clusters < 2:
        left = count(possible.n_clusters, "cluster")
        return f"{left} with outcome and controls, where two are needed"
    if possible.n_assignments == 1:
        within = " of a block" if len(possible.counts) > 1 else ""
        return f"all clusters{within} were treated alike, so that no other assignment was possible"
    return ""


def _interval(
    found: Moments, fit: Fit, studentised: bool, conf_level: float, before: int
) -> tuple[float, float]:
    invert = interval_of_t if studentised else interval_of_differences
    n_counted = len(found.b) + before
    least = least_not_rejected(n_counted, conf_level)
    if least > n_counted:  # at a level of 0, which is the highest where p is always 1
        return -math.inf, math.inf
    low, high = invert(found, fit, least=least, counted_before=before)
    return float(fit.estimate[0]) + low, float(fit.estimate[0]) + high


def _statistic(fit: Fit, shift: float, studentised: bool) -> float:
    if not studentised or shift == 0:
        return -shift + 0.0
    error = float(fit.std_error[0])
    return -shift / error if error > 0 else math.copysign(math.inf, -shift)


def _why_no_bounds(
    smallest_p: float,
    conf_level: float,
    interval: tuple[float, float],
    widest: tuple[float, float],
) -> str:
    if all(map(math.isfinite, interval)):
        return ""
    level = level_in_words(conf_level)
    reason = f"{no_less_than(smallest_p)}, so that every effect is in a {level} interval"
    if not all(map(math.isfinite, widest)):
        return reason
    shown = f"[{number(widest[0])}, {number(widest[1])}]"
    return f"{reason}; the {level_in_words(1 - smallest_p)} interval is {shown}"
