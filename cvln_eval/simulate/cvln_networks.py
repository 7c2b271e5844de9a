"""Simulated ties of the CVLN study: within teams first, then between them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import EFFECTS, RELATIONS, TEAMS, WAVES
from cvln_eval.simulate.cvln_people import CvlnPeople

__all__ = ["COACH_RELATION", "simulate_coach_ties", "simulate_ties"]

COACH_RELATION = "coach_advice"
STRENGTH_CUTS = (0.35, 0.75, 1.2)


def simulate_ties(
    people: CvlnPeople, *, answered: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the ties that the leaders report, from a probit model with known densities.

    A tie stands where a latent score, standard normal over all pairs, exceeds the threshold of its
    relation, wave and place (within or between teams). The score is the sum of a part for the
    sender, the receiver, the pair (hence reciprocity), the direction (hence stability) and the
    wave. A team's cohesion moves its within-team ties of the first two waves, and the between-team
    ties of its members in the last two.

    Parameters
    ----------
    people : CvlnPeople
    answered : pd.DataFrame
        Who answers in which wave; the others send nothing.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, relation, sender_id, receiver_id, strength` (1 to 4).
    """
    leaders = people.people[people.people["team_id"].isin(TEAMS)].reset_index(drop=True)
    sends = {
        wave: set(answered.loc[(answered["wave"] == wave) & answered["responded"], "person_id"])
        for wave in WAVES
    }
    parts = []
    for relation in RELATIONS:
        stable = _stable_scores(leaders, rng)
        for wave in WAVES:
            parts.append(_ties(people, leaders, stable, relation, wave, sends[wave], rng))
    return pd.concat(parts, ignore_index=True)


def _stable_scores(leaders: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    share = EFFECTS["ties"]["share_of_variance"]
    n = len(leaders)
    pair = np.triu(rng.normal(size=(n, n)), 1)
    score = np.sqrt(share["sender"]) * rng.normal(size=(n, 1))
    score = score + np.sqrt(share["receiver"]) * rng.normal(size=(1, n))
    score = score + np.sqrt(share["dyad"]) * (pair + pair.T)
    return np.asarray(score + np.sqrt(share["direction"]) * rng.normal(size=(n, n)))


def _ties(
    people: CvlnPeople,
    leaders: pd.DataFrame,
    stable: np.ndarray,
    relation: str,
    wave: str,
    sends: set[str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    n, share = len(leaders), EFFECTS["ties"]["share_of_variance"]["wave"]
    score = stable + np.sqrt(share) * rng.normal(size=(n, n))
    excess = score + _thresholds(leaders, relation, wave)
    ids = leaders["person_id"].to_numpy(dtype=object)
    present = leaders["person_id"].isin(people.roster(wave)["person_id"]).to_numpy()
    sending = present & leaders["person_id"].isin(sends).to_numpy()
    is_tie = (excess > 0) & sending[:, None] & present[None, :]
    np.fill_diagonal(is_tie, val=False)
    sender, receiver = np.nonzero(is_tie)
    strength = 1.0 + np.searchsorted(STRENGTH_CUTS, excess[sender, receiver])
    return pd.DataFrame(
        {
            "wave": wave,
            "relation": relation,
            "sender_id": ids[sender],
            "receiver_id": ids[receiver],
            "strength": strength,
        }
    )


def _thresholds(leaders: pd.DataFrame, relation: str, wave: str) -> np.ndarray:
    """Return what is added to the latent score of each pair before it is compared with zero."""
    given, place = EFFECTS["ties"], WAVES.index(wave)
    probit = NormalDist().inv_cdf
    team = leaders["team_id"].to_numpy(dtype=object)
    cohesion = leaders["team_id"].map(given["team_cohesion"]).to_numpy(dtype=float)
    both = (cohesion[:, None] + cohesion[None, :]) / 2
    early = place < 2
    within = probit(given["density_within"][relation][place]) + (both if early else 0 * both)
    later = given["cohesion_on_later_between_ties"] * (cohesion[:, None] + cohesion[None, :])
    between = probit(given["density_between"][relation][place]) + (0 * later if early else later)
    late = (leaders["first_year"] > 1).to_numpy() * given["late_joiner_probit"]
    added = np.where(team[:, None] == team[None, :], within, between)
    return np.asarray(added + late[:, None])


def simulate_coach_ties(people: CvlnPeople, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the coaches' own ties: dense, and everyone turns to the network coach.

    Parameters
    ----------
    people : CvlnPeople
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, relation, sender_id, receiver_id, strength` of the last three waves.
    """
    ids = list(people.roster(WAVES[0], partner=True)["person_id"])
    rows = []
    for place, wave in enumerate(WAVES[1:]):
        for sender in ids:
            for receiver in ids:
                share = 0.9 if receiver == ids[-1] else 0.45 + 0.15 * place
                if sender != receiver and rng.random() < share:
                    strength = float(rng.integers(1, 5))
                    rows.append((wave, COACH_RELATION, sender, receiver, strength))
    return pd.DataFrame(rows, columns=["wave", "relation", "sender_id", "receiver_id", "strength"])
