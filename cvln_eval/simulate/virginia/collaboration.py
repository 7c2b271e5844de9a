"""Ties between leaders of different divisions, and the milestones of their plans."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.rosters import Rosters
from cvln_eval.simulate.virginia.world import (
    COHORTS,
    JOINT_APPLICATIONS,
    PAIRS,
    PERIODS,
    REGION_OF,
)

__all__ = ["NETWORK_WAVES", "RELATIONS", "simulate_milestones", "simulate_ties"]

NETWORK_WAVES = ("4.0-spring", "5.0-fall", "5.0-spring")
# Relation and the intercept of its log-odds, which sets how many leaders are named.
RELATIONS = {"shared_initiative": -5.4, "coaching_community": -5.3, "events": -4.9}
SENDER_SD = 0.6
ANSWERED = 0.88
MILESTONES_ALONE, MILESTONES_PAIR = 4, 5
HOURS_SD = 0.45


def simulate_ties(
    sessions: pd.DataFrame, rosters: Rosters, effects: VirginiaEffects, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw who names whom in another division, for each relation and wave it was asked in.

    Parameters
    ----------
    sessions : DataFrame
        Joint sessions that were held raise the odds of a shared initiative in spring.
    rosters : Rosters
        Who could be named.
    effects : VirginiaEffects
        `tie_*` are used.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ties : DataFrame
        The columns of `ties` with `mode`, by wave, sender, relation and receiver.
    respondents : DataFrame
        One row a wave, relation and leader on the roster.
    """
    joint = sessions[(sessions["kind"] == "joint_work_session") & (sessions["status"] == "held")]
    met = set(zip(joint["host_team_id"], joint["partner_team_id"], strict=True))
    leaning = pd.Series(
        rng.normal(0, SENDER_SD, len(rosters.leaders)), index=rosters.leaders["person_id"]
    )
    ties, asked = [], []
    before: dict[str, set[tuple[str, str]]] = {}
    for wave in NETWORK_WAVES:
        roster = rosters.on(wave)
        answered = rng.random(len(roster)) < ANSWERED
        for relation in RELATIONS:
            odds = _log_odds(relation, wave, roster, met, effects)
            odds = odds + leaning.loc[roster["person_id"]].to_numpy()[:, None]
            odds = odds + effects.tie_persistence * _named(roster, before.get(relation, set()))
            drawn = rng.random(odds.shape) < 1 / (1 + np.exp(-odds))
            here = _tie_rows(wave, relation, roster, drawn, effects, rng)
            before[relation] = set(zip(here["sender_id"], here["receiver_id"], strict=True))
            ties.append(here[here["sender_id"].isin(roster.loc[answered, "person_id"])])
        asked.append(_asked(wave, roster, answered))
    table = pd.concat(ties, ignore_index=True)
    order = ["wave", "sender_id", "relation", "receiver_id"]
    return table.sort_values(order, ignore_index=True), pd.concat(asked, ignore_index=True)


def _log_odds(
    relation: str,
    wave: str,
    roster: pd.DataFrame,
    met: set[tuple[str, str]],
    effects: VirginiaEffects,
) -> np.ndarray:
    """Return the log-odds of each ordered pair; leaders of one division are not asked about."""
    team = roster["team_id"].to_numpy()
    region = roster["team_id"].map(REGION_OF).to_numpy()
    odds = RELATIONS[relation] + effects.tie_same_region * (region[:, None] == region[None, :])
    if relation == "shared_initiative" and wave.startswith("5.0"):
        odds = odds + effects.tie_joint_application * _between(team, set(JOINT_APPLICATIONS))
    if relation == "shared_initiative" and wave == "5.0-spring":
        odds = odds + effects.tie_after_joint_session * _between(team, met)
    return np.where(team[:, None] == team[None, :], -np.inf, odds)


def _between(team: np.ndarray, pairs: set[tuple[str, str]]) -> np.ndarray:
    """Return 1 where sender and receiver belong to the two divisions of a pair."""
    linked = np.zeros((len(team), len(team)))
    for one, other in pairs:
        linked += np.outer(team == one, team == other) + np.outer(team == other, team == one)
    return np.minimum(linked, 1.0)


def _named(roster: pd.DataFrame, before: set[tuple[str, str]]) -> np.ndarray:
    """Return 1 where the sender named the receiver in the wave before."""
    place = {person: at for at, person in enumerate(roster["person_id"])}
    named = np.zeros((len(place), len(place)))
    for one, other in before:
        if one in place and other in place:
            named[place[one], place[other]] = 1.0
    return named


def _tie_rows(
    wave: str,
    relation: str,
    roster: pd.DataFrame,
    drawn: np.ndarray,
    effects: VirginiaEffects,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the ties drawn, each with how often and how mainly the two work together."""
    people, region = roster["person_id"].to_numpy(), roster["team_id"].map(REGION_OF).to_numpy()
    one, other = np.nonzero(drawn)
    near = region[one] == region[other]
    online = np.where(near, effects.tie_online_within_region, effects.tie_online_over_regions)
    return pd.DataFrame(
        {
            "wave": wave,
            "relation": relation,
            "sender_id": people[one],
            "receiver_id": people[other],
            "strength": 1.0 + rng.binomial(3, np.where(near, 0.45, 0.3)),
            "mode": np.where(rng.random(len(one)) < online, "online", "face_to_face"),
        }
    )


def _asked(wave: str, roster: pd.DataFrame, answered: np.ndarray) -> pd.DataFrame:
    parts = [
        {
            "wave": wave,
            "instrument": relation,
            "person_id": roster["person_id"],
            "responded": answered,
        }
        for relation in RELATIONS
    ]
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def simulate_milestones(
    rosters: Rosters, effects: VirginiaEffects, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the milestones of each division's plan and of each pair's, and when they are reached.

    Parameters
    ----------
    rosters : Rosters
        Which divisions take part in a cohort.
    effects : VirginiaEffects
        Those of `milestones` are used.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        The columns of `milestones` with `started_on`; those not reached by the end of June have
        no `done_on`, which is then censored on that day.
    """
    rows = []
    for cohort in COHORTS:
        teams = sorted(set(rosters.on(f"{cohort}-fall")["team_id"]))
        plans = [(team, None) for team in teams for _ in range(MILESTONES_ALONE)]
        plans += [pair for pair in PAIRS[cohort] for _ in range(MILESTONES_PAIR)]  # type: ignore[misc]
        rows += [_milestone(cohort, *plan, effects, rng) for plan in plans]
    columns = ["team_id", "partner_team_id", "started_on", "due_on", "done_on", "hours_saved"]
    table = pd.DataFrame(rows, columns=columns)
    for name in ("started_on", "due_on", "done_on"):
        table[name] = pd.to_datetime(table[name])
    table.insert(0, "milestone_id", [f"M{k + 1:03d}" for k in range(len(table))])
    return table


def _milestone(
    cohort: str,
    team: str,
    partner: str | None,
    effects: VirginiaEffects,
    rng: np.random.Generator,
) -> tuple[object, ...]:
    """Draw one milestone: Weibull time to completion, log-normal hours saved."""
    closes = PERIODS[f"{cohort}-spring"][1]
    started = PERIODS[f"{cohort}-fall"][0] + timedelta(days=int(rng.integers(20, 170)))
    due = started + timedelta(days=int(rng.integers(60, 150)))
    ratio = effects.pair_hazard_ratio if partner else 1.0
    shape = effects.weibull_shape
    scale = effects.median_days_alone * (ratio * np.log(2)) ** (-1 / shape)
    done = started + timedelta(days=1 + int(scale * rng.weibull(shape)))
    typical = effects.hours_saved_pair if partner else effects.hours_saved_alone
    hours = round(float(typical * np.exp(rng.normal(0, HOURS_SD))), 1)
    reached = done <= closes
    return (team, partner, started, due, done if reached else None, hours if reached else np.nan)
