"""Leadership competencies, rated by the leaders themselves in fall and spring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.gatherings import VISITS
from cvln_eval.simulate.virginia.rosters import Rosters
from cvln_eval.simulate.virginia.world import COHORT_OF_WAVE, TEAMS, WAVES

__all__ = ["INSTRUMENT", "ITEMS", "REVERSED", "SCALES", "simulate_competencies"]

INSTRUMENT = "competencies"
SCALES = {
    "vision": ("vision_1", "vision_2", "vision_3"),
    "collaboration": ("collaboration_1", "collaboration_2", "collaboration_3"),
    "inquiry": ("inquiry_1", "inquiry_2", "inquiry_3"),
    "capacity": ("capacity_1", "capacity_2", "capacity_3"),
}
ITEMS = tuple(item for items in SCALES.values() for item in items)
REVERSED = ("collaboration_3", "inquiry_3")
LOADING = 0.8
THRESHOLDS = (-2.0, -1.1, -0.1, 1.0)
SCALE_CORRELATION = 0.5
RESPONSE_RATE = {"fall": 0.90, "spring": 0.82}
SKIPPED = 0.015
STABLE = 0.75


def simulate_competencies(
    rosters: Rosters,
    coaching: pd.DataFrame,
    effects: VirginiaEffects,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw who answers and what they answer.

    Parameters
    ----------
    rosters : Rosters
        Everybody on a wave's roster is asked.
    coaching : DataFrame
        Visits; those before spring add to a team's growth.
    effects : VirginiaEffects
        `growth_*`, `returning_head_start` and `competency_icc` are used.
    rng : Generator
        Source of randomness.

    Returns
    -------
    respondents, responses : DataFrame
        One row a wave and leader asked; one row a wave, respondent and item, where `value` is
        keyed, `raw_value` is as ticked, and both are missing where the item was skipped.
    """
    trait = _traits(rosters, effects, rng)
    respondents, responses = [], []
    for wave in WAVES:
        roster = rosters.on(wave)
        latent = trait.loc[roster["person_id"]].to_numpy() * np.sqrt(STABLE)
        latent = latent + rng.normal(0, np.sqrt(1 - STABLE), latent.shape)
        latent = latent + _shift(roster, wave, coaching, effects)
        answered = rng.random(len(roster)) < RESPONSE_RATE[wave.split("-")[1]]
        respondents.append(_asked(roster, wave, answered))
        responses.append(_answers(roster["person_id"], wave, latent, rng)[np.repeat(answered, 12)])
    return pd.concat(respondents, ignore_index=True), pd.concat(responses, ignore_index=True)


def _traits(rosters: Rosters, effects: VirginiaEffects, rng: np.random.Generator) -> pd.DataFrame:
    """Draw each leader's standing on the four scales; leaders of one division resemble others."""
    leaders, k = rosters.leaders, len(SCALES)
    correlation = np.full((k, k), SCALE_CORRELATION) + (1 - SCALE_CORRELATION) * np.eye(k)
    # A Cholesky factor, unlike a spectral one, has no sign that could differ between machines.
    factor = np.linalg.cholesky(correlation)
    division = rng.normal(size=(len(TEAMS), k)) @ factor.T
    own = rng.normal(size=(len(leaders), k)) @ factor.T
    home = division[[TEAMS.index(team) for team in leaders["home"]]]
    icc = effects.competency_icc
    traits = np.sqrt(icc) * home + np.sqrt(1 - icc) * own
    return pd.DataFrame(traits, index=leaders["person_id"], columns=list(SCALES))


def _shift(
    roster: pd.DataFrame, wave: str, coaching: pd.DataFrame, effects: VirginiaEffects
) -> np.ndarray:
    """Return what is added to each leader's standing in a wave, one column a scale."""
    experienced = roster["returning"].to_numpy() & (COHORT_OF_WAVE[wave] == "5.0")
    shift = np.repeat(experienced[:, None] * effects.returning_head_start, len(SCALES), axis=1)
    if wave.endswith("spring"):
        visits = _visits_in_cohort(coaching, wave).reindex(roster["team_id"], fill_value=0)
        growth = [getattr(effects, f"growth_{scale}") for scale in SCALES]
        extra = visits.to_numpy()[:, None] - VISITS
        shift = shift + growth + effects.growth_per_visit * extra
    return shift


def _visits_in_cohort(coaching: pd.DataFrame, wave: str) -> pd.Series:
    """Count a team's visits from September to April, before the spring survey."""
    year = 2024 if wave.startswith("4.0") else 2025
    days = coaching["held_on"]
    within = (days >= f"{year - 1}-09-01") & (days < f"{year}-05-01")
    return coaching[within].groupby("team_id").size()


def _asked(roster: pd.DataFrame, wave: str, answered: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wave": wave,
            "instrument": INSTRUMENT,
            "person_id": roster["person_id"],
            "responded": answered,
        }
    )


def _answers(
    people: pd.Series, wave: str, latent: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Turn standings into ticks from 1 to 5, three items a scale."""
    signal = LOADING * np.repeat(latent, 3, axis=1)
    noisy = signal + rng.normal(0, np.sqrt(1 - LOADING**2), signal.shape)
    keyed = 1 + np.searchsorted(THRESHOLDS, noisy).astype(float)
    skipped = rng.random(keyed.shape) < SKIPPED
    value = np.where(skipped, np.nan, keyed)
    reverse = np.tile(np.isin(ITEMS, REVERSED), (len(people), 1))
    return pd.DataFrame(
        {
            "wave": wave,
            "person_id": np.repeat(people.to_numpy(), len(ITEMS)),
            "item": np.tile(ITEMS, len(people)),
            "value": value.ravel(),
            "raw_value": np.where(reverse, 6 - value, value).ravel(),
        }
    )
