"""Who takes part: divisions, leaders, rosters by wave, and applications to the cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.names import draw_names
from cvln_eval.simulate.virginia.world import (
    COHORT_OF_WAVE,
    COHORTS,
    DIVISIONS,
    FACILITATORS,
    INDIVIDUAL_ONLY,
    JOINT_APPLICATIONS,
    NEW_DIVISIONS,
    PARTNER_TEAM,
    PERIODS,
    REGION_OF,
    TEAMS,
    WAVES,
)

__all__ = ["Rosters", "simulate_rosters"]

LEADERS = {"4.0": 142, "5.0": 180}
SMALLEST_TEAM = 5
JOIN_IN_SPRING = {"4.0": 4, "5.0": 6}
LEAVE_IN_SPRING = {"4.0": 3, "5.0": 5}
# Divisions, new in 5.0, that a leader of another division moves to.
MOVE_TO = ("V11", "V20")
SITE_ROLES = (("principal", 0.55), ("assistant_principal", 0.30), ("teacher_leader", 0.15))
CENTRAL_ROLES = (("director", 0.45), ("coordinator", 0.35), ("assistant_superintendent", 0.20))
SHARE_SITE = 0.6


@dataclass(frozen=True, slots=True)
class Rosters:
    """The people of the study; `leaders` has one row a person with what later blocks draw on."""

    leaders: pd.DataFrame
    people: pd.DataFrame
    memberships: pd.DataFrame
    teams: pd.DataFrame
    applications: pd.DataFrame

    def on(self, wave: str) -> pd.DataFrame:
        """Return the leaders of the divisions on one wave's roster, with their team."""
        rows = self.memberships[
            (self.memberships["wave"] == wave) & (self.memberships["team_id"] != PARTNER_TEAM)
        ]
        joined = rows.merge(self.leaders.drop(columns="role"), on="person_id")
        return joined.reset_index(drop=True)


def simulate_rosters(effects: VirginiaEffects, rng: np.random.Generator) -> Rosters:
    """Draw leaders, rosters, divisions and applications.

    Parameters
    ----------
    effects : VirginiaEffects
        The true effects; `return_share` is the one used here.
    rng : Generator
        Source of randomness.

    Returns
    -------
    Rosters
    """
    stints = _stints(effects, rng)
    leaders = _leaders(stints, rng)
    memberships = pd.concat([_memberships(stints, leaders), _facilitator_rows()], ignore_index=True)
    return Rosters(
        leaders=leaders,
        people=_people(leaders),
        memberships=memberships,
        teams=_teams(rng),
        applications=_applications(rng),
    )


def team_sizes(cohort: str, rng: np.random.Generator) -> dict[str, int]:
    """Return the size of each division's team in the fall of a cohort; the sum is fixed."""
    alone = INDIVIDUAL_ONLY[cohort]
    left_out = NEW_DIVISIONS if cohort == "4.0" else ()
    teams = [team for team in TEAMS if team not in alone and team not in left_out]
    spare = LEADERS[cohort] - sum(alone.values()) - SMALLEST_TEAM * len(teams)
    extra = rng.multinomial(spare, np.full(len(teams), 1 / len(teams)))
    sizes = {team: SMALLEST_TEAM + int(n) for team, n in zip(teams, extra, strict=True)}
    return {team: size for team in TEAMS if (size := (sizes | alone).get(team, 0))}


def _stints(effects: VirginiaEffects, rng: np.random.Generator) -> pd.DataFrame:
    """One row a person, division and wave; persons are numbered in the order they first appear."""
    first = [team for team, n in team_sizes("4.0", rng).items() for _ in range(n)]
    fall_4 = dict(enumerate(first))
    spring_4 = _next_spring("4.0", fall_4, len(fall_4), rng)
    next_id = max(spring_4) + 1
    fall_5 = _next_cohort(spring_4, next_id, effects.return_share, rng)
    spring_5 = _next_spring("5.0", fall_5, max([*spring_4, *fall_5]) + 1, rng)
    rosters = (fall_4, spring_4, fall_5, spring_5)
    rows = [
        (number, wave, team)
        for wave, roster in zip(WAVES, rosters, strict=True)
        for number, team in roster.items()
    ]
    return pd.DataFrame(rows, columns=["number", "wave", "team_id"])


def _next_spring(
    cohort: str, fall: dict[int, str], next_id: int, rng: np.random.Generator
) -> dict[int, str]:
    large = [n for n, team in fall.items() if team not in INDIVIDUAL_ONLY[cohort]]
    leaving = set(rng.choice(large, LEAVE_IN_SPRING[cohort], replace=False).tolist())
    teams = sorted({fall[n] for n in large})
    joining = rng.choice(teams, JOIN_IN_SPRING[cohort], replace=False).tolist()
    stay = {n: team for n, team in fall.items() if n not in leaving}
    return stay | {next_id + k: team for k, team in enumerate(joining)}


def _next_cohort(
    spring: dict[int, str], next_id: int, share: float, rng: np.random.Generator
) -> dict[int, str]:
    """Let a share return, all but the movers in their division, and fill up with new leaders."""
    sizes = team_sizes("5.0", rng)
    returning: dict[int, str] = {}
    for team in TEAMS:
        here = [n for n, was in spring.items() if was == team]
        n_back = min(int(rng.binomial(len(here), share)), sizes[team])
        chosen = rng.choice(here, n_back, replace=False).tolist() if n_back else []
        returning |= dict.fromkeys(sorted(chosen), team)
    movers = pd.Series(returning).drop_duplicates(keep="last").index[: len(MOVE_TO)]
    returning |= dict(zip((int(n) for n in movers), MOVE_TO, strict=True))
    counts = pd.Series(list(returning.values())).value_counts()
    new = [team for team in TEAMS for _ in range(sizes[team] - int(counts.get(team, 0)))]
    return returning | {next_id + k: team for k, team in enumerate(new)}


def _leaders(stints: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row a leader: id, name, level, role, tenure, cohorts taken part in."""
    home = stints.drop_duplicates("number").set_index("number")["team_id"]
    n = len(home)
    site = rng.random(n) < SHARE_SITE
    cohorts = stints.assign(cohort=stints["wave"].map(COHORT_OF_WAVE))
    n_cohorts = cohorts.groupby("number")["cohort"].nunique()
    leaders = pd.DataFrame(
        {
            "number": home.index,
            "person_id": [f"VL{1001 + number}" for number in home.index],
            "home": home.to_numpy(),
            "name": draw_names(stints, rng),
            "level": np.where(site, "site", "central_office"),
            "role": _roles(home, site, rng),
            "tenure_years": np.minimum(rng.geometric(0.11, n), 34).astype(float),
            "returning": n_cohorts.reindex(home.index).to_numpy() > 1,
        }
    )
    superintendent = leaders["role"] == "superintendent"
    leaders.loc[superintendent, "level"] = "central_office"
    return leaders


def _roles(home: pd.Series, site: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Draw a role that suits the level; the first leader of a larger team is its superintendent."""
    small = {team for alone in INDIVIDUAL_ONLY.values() for team in alone}
    first = ~home.duplicated() & ~home.isin(small)
    drawn = {
        True: rng.choice([r for r, _ in SITE_ROLES], len(home), p=[p for _, p in SITE_ROLES]),
        False: rng.choice(
            [r for r, _ in CENTRAL_ROLES], len(home), p=[p for _, p in CENTRAL_ROLES]
        ),
    }
    return [
        "superintendent" if head else str(drawn[bool(at_site)][k])
        for k, (head, at_site) in enumerate(zip(first, site, strict=True))
    ]


def _memberships(stints: pd.DataFrame, leaders: pd.DataFrame) -> pd.DataFrame:
    rows = stints.merge(leaders[["number", "person_id", "role", "level"]], on="number")
    site = rows["level"] == "site"
    school = rows["team_id"] + "-S" + (rows["number"] % 6 + 1).astype(str)
    rows["site_id"] = school.where(site)
    rows["joined_on"] = [
        _joined(stints, number, wave)
        for number, wave in zip(rows["number"], rows["wave"], strict=True)
    ]
    rows["left_on"] = pd.NaT
    columns = ["person_id", "wave", "team_id", "role", "site_id", "joined_on", "left_on"]
    return rows[columns]


def _joined(stints: pd.DataFrame, number: int, wave: str) -> pd.Timestamp:
    """Return the first day on the team in this cohort: of the cohort, or early in the spring."""
    cohort = COHORT_OF_WAVE[wave]
    here = stints[(stints["number"] == number) & stints["wave"].str.startswith(cohort)]
    start = PERIODS[here["wave"].iloc[0]][0]
    late = here["wave"].iloc[0].endswith("spring")
    return pd.Timestamp(start + timedelta(days=7 + number % 21 if late else 0))


def _facilitator_rows() -> pd.DataFrame:
    rows = [
        (person, wave, PARTNER_TEAM, "coach") for person, _, _ in FACILITATORS for wave in WAVES
    ]
    frame = pd.DataFrame(rows, columns=["person_id", "wave", "team_id", "role"])
    frame["site_id"] = None
    frame["joined_on"] = pd.Timestamp(date(2023, 8, 15))
    frame["left_on"] = pd.NaT
    return frame


def _people(leaders: pd.DataFrame) -> pd.DataFrame:
    facilitators = pd.DataFrame(
        {
            "person_id": [person for person, _, _ in FACILITATORS],
            "level": "external",
            "tenure_years": [6.0, 3.0, 9.0, 4.0, 2.0],
        }
    )
    return pd.concat(
        [leaders[["person_id", "level", "tenure_years"]], facilitators], ignore_index=True
    )


def _teams(rng: np.random.Generator) -> pd.DataFrame:
    enrolment = np.exp(rng.normal(8.3, 0.7, len(DIVISIONS))).round(-1).astype(int)
    divisions = pd.DataFrame(
        {
            "team_id": TEAMS,
            "district": [name for _, name, _ in DIVISIONS],
            "arm": "network",
            "cohort": ["5.0" if team in NEW_DIVISIONS else "4.0" for team in TEAMS],
            "region": [REGION_OF[team] for team in TEAMS],
            "enrolment": enrolment,
        }
    )
    # The facilitators are in no list of divisions; study.toml alone names their team.
    partner = {"team_id": [PARTNER_TEAM], "arm": ["partner"]}
    return pd.concat([divisions, pd.DataFrame(partner)], ignore_index=True)


def _applications(rng: np.random.Generator) -> pd.DataFrame:
    """List who applied: divisions, pairs of divisions (from 5.0 on) and leaders on their own."""
    rows: list[tuple[str, str, str, str | None, bool]] = []
    for cohort in COHORTS:
        alone = INDIVIDUAL_ONLY[cohort]
        joint = JOINT_APPLICATIONS if cohort == "5.0" else ()
        paired = {team for pair in joint for team in pair}
        absent = set(NEW_DIVISIONS) if cohort == "4.0" else set()
        whole = [team for team in TEAMS if team not in alone and team not in paired | absent]
        rows += [(cohort, "division", team, None, True) for team in whole]
        rows += [(cohort, "joint", one, other, True) for one, other in joint]
        rows += [
            (cohort, "individual", team, None, True) for team, n in alone.items() for _ in range(n)
        ]
        refused = sorted(absent)[:2] if absent else sorted(alone)[:3]
        kind = "division" if absent else "individual"
        rows += [(cohort, kind, team, None, False) for team in refused]
    order = rng.permutation(len(rows))
    table = pd.DataFrame([rows[k] for k in order])
    table.columns = pd.Index(["cohort", "kind", "team_id", "partner_team_id", "accepted"])
    table = table.sort_values("cohort", kind="stable", ignore_index=True)
    table.insert(0, "application_id", [f"A{k + 1:03d}" for k in range(len(table))])
    return table
