"""All true tables of the simulated Virginia study, before anything is written untidily."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.collaboration import simulate_milestones, simulate_ties
from cvln_eval.simulate.virginia.competencies import simulate_competencies
from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.gatherings import (
    simulate_attendance,
    simulate_coaching,
    simulate_sessions,
)
from cvln_eval.simulate.virginia.rosters import Rosters, simulate_rosters

__all__ = ["VirginiaTruth", "simulate_truth"]


@dataclass(frozen=True, slots=True)
class VirginiaTruth:
    """The people and the true tables by name."""

    rosters: Rosters
    tables: dict[str, pd.DataFrame]


def simulate_truth(effects: VirginiaEffects, *, rng: np.random.Generator) -> VirginiaTruth:
    """Draw every true table; each block has its own stream, so that one does not shift another.

    Parameters
    ----------
    effects : VirginiaEffects
    rng : Generator
        Spawns one stream a block.

    Returns
    -------
    VirginiaTruth
    """
    streams = iter(rng.spawn(7))
    rosters = simulate_rosters(effects, next(streams))
    sessions = simulate_sessions(rosters, effects, next(streams))
    attendance = simulate_attendance(sessions, rosters, effects, next(streams))
    coaching = simulate_coaching(rosters, next(streams))
    asked, responses = simulate_competencies(rosters, coaching, effects, next(streams))
    ties, named = simulate_ties(sessions, rosters, effects, next(streams))
    milestones = simulate_milestones(rosters, effects, next(streams))
    tables = {
        "people": rosters.people,
        "memberships": rosters.memberships,
        "teams": rosters.teams,
        "sessions": sessions,
        "attendance": attendance,
        "coaching": coaching,
        "respondents": pd.concat([asked, named], ignore_index=True),
        "responses": responses,
        "ties": ties,
        "milestones": milestones,
        "applications": rosters.applications,
    }
    return VirginiaTruth(rosters, tables)
