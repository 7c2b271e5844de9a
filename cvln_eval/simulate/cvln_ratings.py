"""Simulated ratings and coded themes of the CVLN study, with known severity and agreement."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import EFFECTS, TEAMS, WAVES, YEAR_OF
from cvln_eval.simulate.cvln_people import CvlnPeople
from cvln_eval.simulate.cvln_surveys import dose_above_mean

__all__ = ["COMMUNICATION", "RUBRIC", "THEMES", "VISION", "simulate_ratings", "simulate_themes"]

RUBRIC = (
    "shared_vision",
    "protected_time",
    "protocols",
    "roles",
    "trained_facilitators",
    "investment",
    "affirming_interactions",
)
VISION = (
    "vision_short",
    "vision_clear",
    "vision_students_first",
    "vision_ambitious",
    "vision_shared",
    "vision_usable",
)
COMMUNICATION = ("communication_times", "communication_ways")
THEMES = (
    "time",
    "trust",
    "data",
    "equity",
    "family",
    "workload",
    "recognition",
)
VISION_WAVES = (WAVES[0], WAVES[-1])
SEGMENTS = 160


def simulate_ratings(people: CvlnPeople, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return rubric scores of each team by two coaches, its own and another.

    Parameters
    ----------
    people : CvlnPeople
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, team_id, criterion, rater_id, score`: rubric and vision from 1 to 4, and counts of
        times and ways for the communication plan.
    """
    coaches = list(people.roster(WAVES[0], partner=True)["person_id"])[: len(TEAMS)]
    severity = dict(
        zip(coaches, EFFECTS["ratings"]["sd_rater"] * rng.normal(size=len(coaches)), strict=True)
    )
    parts = []
    for place, team in enumerate(TEAMS):
        raters = (coaches[place], coaches[(place + 1) % len(coaches)])
        for wave in WAVES:
            vision = VISION if wave in VISION_WAVES else ()
            parts.append(_graded(team, wave, (*RUBRIC, *vision), raters, severity, rng))
            parts.append(_counted(team, wave, raters, rng))
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["wave", "team_id", "rater_id"], kind="stable", ignore_index=True)


def _graded(
    team: str,
    wave: str,
    criteria: tuple[str, ...],
    raters: tuple[str, str],
    severity: dict[str, float],
    rng: np.random.Generator,
) -> pd.DataFrame:
    given = EFFECTS["ratings"]
    years = WAVES.index(wave) - (0.5 if wave != WAVES[0] else 0)
    dose = dose_above_mean(team, YEAR_OF[wave]) if wave != WAVES[0] else 0.0
    level = given["level_fall_2008"] + given["change_per_year"] * years
    level += given["change_per_ten_visits_above_mean"] * dose
    true = level + given["sd_team_criterion"] * rng.normal(size=len(criteria))
    parts = []
    for rater in raters:
        seen = true + severity[rater] + given["sd_rating"] * rng.normal(size=len(criteria))
        score = np.clip(np.rint(seen), 1, 4)
        part = {"wave": wave, "team_id": team, "criterion": criteria}
        parts.append(pd.DataFrame({**part, "rater_id": rater, "score": score}))
    return pd.concat(parts, ignore_index=True)


def _counted(
    team: str, wave: str, raters: tuple[str, str], rng: np.random.Generator
) -> pd.DataFrame:
    """Return how often and in how many ways a team told its plan, as two raters count it."""
    true = 1 + rng.poisson(np.array([1.0, 0.9]) + 0.7 * WAVES.index(wave))
    rows = [
        (
            wave,
            team,
            criterion,
            rater,
            float(np.clip(count + rng.choice([-1, 0, 1], p=[0.1, 0.8, 0.1]), 0, 12)),
        )
        for rater in raters
        for criterion, count in zip(COMMUNICATION, true, strict=True)
    ]
    return pd.DataFrame(rows, columns=["wave", "team_id", "criterion", "rater_id", "score"])


def simulate_themes(*, rng: np.random.Generator) -> pd.DataFrame:
    """Return the themes that two coders applied to the segments of a brainstorm.

    Parameters
    ----------
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `segment_id, coder_id, theme, applied`.
    """
    share = rng.dirichlet(np.ones(len(THEMES)) * 4) * 1.6
    truth = rng.random((SEGMENTS, len(THEMES))) < share
    agrees = EFFECTS["themes"]["share_coder_agrees"]
    parts = []
    for coder in ("coder_1", "coder_2"):
        slips = rng.random(truth.shape) > np.where(truth, agrees, 1 - (1 - agrees) / 4)
        applied = np.where(slips, ~truth, truth)
        part = pd.DataFrame(applied, columns=list(THEMES))
        part.insert(0, "segment_id", [f"B{place:03d}" for place in range(1, SEGMENTS + 1)])
        part.insert(1, "coder_id", coder)
        parts.append(part)
    wide = pd.concat(parts, ignore_index=True)
    return wide.melt(["segment_id", "coder_id"], var_name="theme", value_name="applied")
