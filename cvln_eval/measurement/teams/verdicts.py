"""What numbers of agreement allow one to say, in words."""

from __future__ import annotations

import math

from cvln_eval.measurement.teams.chance import ALPHA

__all__ = ["ENOUGH", "pseudo_verdict", "team_verdict"]

ENOUGH = 0.70
TOO_FEW = "too few people and teams: no grouping of them could stand out"


def pseudo_verdict(above_level: float, p_value: float, p_smallest: float) -> str:
    """Return the verdict on teams beside random groups.

    `above_level` is how far agreement lies above the conventional level, nan where there is none.
    """
    if p_smallest > ALPHA:
        return TOO_FEW
    if p_value <= ALPHA:
        more = "members of a team agree more than random groups of the same people would"
        return f"{more}, but less than is conventional" if above_level < 0 else more
    if above_level >= 0:
        return (
            "teams agree, but no more than random groups of the same people would: everybody agrees"
        )
    return "members of a team agree no more than random groups of the same people would"


def team_verdict(uniform: float, skewed: float, p_value: float, p_smallest: float) -> str:
    """Return whether one may speak of a team's culture.

    From the median rwg(j) against the uniform and the slightly skewed null (nan where that null
    is not published) and the p of pseudo-teams.
    """
    if p_smallest > ALPHA:
        return TOO_FEW
    differ, agree = p_value <= ALPHA, uniform >= ENOUGH
    if agree and not math.isnan(skewed) and skewed < ENOUGH:
        said = "members agree against the uniform null only"
        return (
            f"{said}, though teams differ: speak of teams with caution"
            if differ
            else (f"{said}, and no more than random groups do: speak of people, not of teams")
        )
    if agree:
        return (
            "members agree and teams differ: one may speak of a team's culture"
            if differ
            else "everybody agrees: nothing shows that teams differ, speak of the network"
        )
    return (
        "teams differ, but their members agree too little to speak of a team's culture"
        if differ
        else "members do not agree: speak of people, not of teams"
    )
