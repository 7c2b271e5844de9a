"""Which comparisons over waves the steps allow, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from cvln_eval.measurement.structure.invariance_steps import Step
from cvln_eval.results import count

__all__ = ["LEVELS", "verdict_of"]

LEVELS = (
    "cannot be estimated",
    "not shown",
    "none",
    "configural",
    "metric",
    "partial scalar",
    "scalar",
)


def verdict_of(
    steps: Sequence[Step], *, scale: str, n: int, n_needed: int, reason: str
) -> tuple[str, str]:
    """Return the level reached, one of `LEVELS`, and the verdict.

    Parameters
    ----------
    steps : sequence of Step
        Those taken; each was taken because the one before holds.
    scale : str
        What the items measure.
    n, n_needed : int
        People there, and people it takes for "holds" to say anything.
    reason : str
        Why a step could not be estimated.
    """
    if reason:
        about = f"; it would take about {n_needed:,} people" if n < n_needed else ""
        return "cannot be estimated", f"invariance of {scale} cannot be estimated: {reason}{about}"
    reached = [step for step in steps if step.holds]
    names = [step.equal.step for step in reached]
    if "scalar" not in names:
        return _refused(names, scale)
    scalar = reached[names.index("scalar")]
    freed = scalar.rows[-1]["freed"]
    only = f" only with {freed} freed" if freed else ""
    if n < n_needed:
        people = count(n, "person", "people")
        against = "nothing else speaks against it" if freed else "nothing speaks against it"
        return "not shown", (
            f"that means of {scale} may be compared over waves{only} is not shown with {people}: "
            f"{against}, but it would take about {n_needed:,} to notice"
        )
    level = "partial scalar" if freed else "scalar"
    return level, f"means of {scale} may be compared over waves{only}"


def _refused(names: Sequence[str], scale: str) -> tuple[str, str]:
    if not names:
        return "none", (
            f"{scale} may not be compared over waves: one factor a wave does not fit the answers"
        )
    if names[-1] == "configural":
        return "configural", (
            f"neither means nor relations of {scale} may be compared over waves: the items form "
            "one factor at each wave, but load on it differently"
        )
    return "metric", (
        f"relations of {scale} with other measures may be compared over waves, its means may "
        "not: too many items have intercepts that differ"
    )
