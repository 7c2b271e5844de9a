"""What numbers of agreement allow one to say, in words."""

from __future__ import annotations

import math

from cvln_eval.measurement.teams.chance import ALPHA

__all__ = ["ENOUGH", "TOO_MANY", "among_tests", "pseudo_verdict", "team_verdict"]

ENOUGH = 0.70
TOO_FEW = "too few people and teams: no grouping of them could stand out"
TOO_MANY = "too few shuffles, or people, for so many tests: no p could stand out among them"
BY_ITSELF = " (p at most .05 by itself, which does not stand among the {} tests)"


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


def among_tests(p_value: float, p_adjusted: float, p_smallest: float, n_tests: int) -> str:
    """Return what the number of tests takes from a verdict; empty where it takes nothing."""
    if not p_value <= ALPHA < p_adjusted:
        return ""
    return TOO_MANY if p_smallest * n_tests > ALPHA else BY_ITSELF.format(n_tests)


def team_verdict(uniform: float, skewed: float, p_value: float, p_smallest: float) -> str:
    """Return whether one may speak of a team's culture.

    From the median rwg(j) against the uniform and the slightly skewed null (nan where that null
    is not published) and the p of pseudo-teams, adjusted where there are several tests.
    """
    if p_smallest > ALPHA:
        return TOO_FEW
    more, agree = p_value <= ALPHA, uniform >= ENOUGH
    if agree and not math.isnan(skewed) and skewed < ENOUGH:
        said = "members agree against the uniform null only"
        return (
            f"{said}, though more than random groups do: speak of teams with caution"
            if more
            else (f"{said}, and no more than random groups do: speak of people, not of teams")
        )
    if agree:
        return (
            "members agree, and more than random groups do: one may speak of a team's culture"
            if more
            else "everybody agrees: nothing shows that teams differ, speak of the network"
        )
    return (
        "members agree more than random groups do, but too little to speak of a team's culture"
        if more
        else "members do not agree: speak of people, not of teams"
    )
