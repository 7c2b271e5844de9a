"""The true effects of the simulated Virginia study, each with the sentence that says what it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from cvln_eval.errors import ArgumentError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VirginiaEffects"]


# The study needs leaders who return, and some who do not; the others are shares or ratios.
BOUNDS = {
    "return_share": (0.3, 0.9),
    "held_face_to_face": (0.0, 1.0),
    "held_hybrid": (0.0, 1.0),
    "held_virtual": (0.0, 1.0),
    "attend_face_to_face": (0.1, 1.0),
    "attend_virtual": (0.1, 1.0),
    "invited_to_some": (0.1, 1.0),
    "competency_icc": (0.0, 1.0),
    "tie_online_over_regions": (0.0, 1.0),
    "tie_online_within_region": (0.0, 1.0),
    "pair_hazard_ratio": (0.05, 20.0),
    "median_days_alone": (10.0, 1000.0),
    "weibull_shape": (0.2, 5.0),
    "hours_saved_alone": (0.1, 100.0),
    "hours_saved_pair": (0.1, 100.0),
}


def _effect(value: float, table: str, meaning: str) -> Any:
    return field(default=value, metadata={"table": table, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class VirginiaEffects:
    """What is true in the simulated study; change one to see what an analysis makes of it.

    Raises
    ------
    ArgumentError
        If a share, a ratio or an amount is outside what can be simulated.

    Examples
    --------
    >>> VirginiaEffects(pair_hazard_ratio=1.0).pair_hazard_ratio
    1.0
    """

    return_share: float = _effect(
        0.62, "memberships", "Share of cohort 4.0 leaders who return in cohort 5.0"
    )
    held_face_to_face: float = _effect(
        0.93, "sessions", "Probability that a face-to-face session is held"
    )
    held_hybrid: float = _effect(0.78, "sessions", "Probability that a hybrid session is held")
    held_virtual: float = _effect(0.52, "sessions", "Probability that a virtual session is held")
    attend_face_to_face: float = _effect(
        0.82, "attendance", "Probability that an invited leader attends a face-to-face session"
    )
    attend_virtual: float = _effect(
        0.46, "attendance", "Probability that an invited leader attends a virtual session"
    )
    attend_returning: float = _effect(
        0.06, "attendance", "Added probability of attending for a leader who returns"
    )
    invited_to_some: float = _effect(
        0.60,
        "attendance",
        "Share of the leaders whom a virtual session or a coaching community is meant for; "
        "only they attend with the probabilities above",
    )
    growth_vision: float = _effect(
        0.20, "responses", "Change of the vision scale, fall to spring, in latent SD"
    )
    growth_collaboration: float = _effect(
        0.50, "responses", "Change of the collaboration scale, fall to spring, in latent SD"
    )
    growth_inquiry: float = _effect(
        0.30, "responses", "Change of the inquiry scale, fall to spring, in latent SD"
    )
    growth_capacity: float = _effect(
        0.00, "responses", "Change of the capacity scale, fall to spring: none"
    )
    growth_per_visit: float = _effect(
        0.05,
        "responses",
        "Added change in latent SD for each coaching visit to the team above four",
    )
    returning_head_start: float = _effect(
        0.35, "responses", "Fall advantage of returning leaders in latent SD"
    )
    competency_icc: float = _effect(
        0.10, "responses", "Share of the latent variance that lies between divisions"
    )
    tie_same_region: float = _effect(
        1.30, "ties", "Log-odds of a tie for two divisions of one region"
    )
    tie_joint_application: float = _effect(
        1.60, "ties", "Log-odds of a shared initiative for two divisions that applied jointly"
    )
    tie_after_joint_session: float = _effect(
        1.80, "ties", "Log-odds of a shared initiative in spring after a joint session was held"
    )
    tie_persistence: float = _effect(
        2.50, "ties", "Log-odds of a tie that was named in the wave before"
    )
    tie_online_over_regions: float = _effect(
        0.65, "ties", "Share of ties between regions kept up mainly online"
    )
    tie_online_within_region: float = _effect(
        0.25, "ties", "Share of ties within a region kept up mainly online"
    )
    pair_hazard_ratio: float = _effect(
        1.80, "milestones", "Hazard of completion of a pair's milestone relative to one alone"
    )
    median_days_alone: float = _effect(
        130.0, "milestones", "Median days from start to completion of a milestone alone"
    )
    weibull_shape: float = _effect(
        1.6, "milestones", "Shape of the Weibull distribution of the days to completion"
    )
    hours_saved_alone: float = _effect(
        8.0, "milestones", "Median hours of design work saved by a milestone reached alone"
    )
    hours_saved_pair: float = _effect(
        14.0, "milestones", "Median hours of design work saved by a milestone reached by a pair"
    )

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            low, high = BOUNDS.get(item.name, (-math.inf, math.inf))
            if not low <= value <= high:
                raise ArgumentError(
                    f"The effect {item.name} cannot be simulated",
                    expected=f"a number from {low:g} to {high:g}",
                    seen=repr(value),
                )

    def table(self) -> pd.DataFrame:
        """Return one row an effect: its name, value, table and meaning."""
        import pandas as pd

        return pd.DataFrame(
            {
                "effect": [item.name for item in fields(self)],
                "value": [getattr(self, item.name) for item in fields(self)],
                "table": [item.metadata["table"] for item in fields(self)],
                "meaning": [item.metadata["meaning"] for item in fields(self)],
            }
        )
