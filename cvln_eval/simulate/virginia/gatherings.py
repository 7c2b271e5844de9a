"""Sessions planned and held, who came to them, and coaching visits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.rosters import Rosters
from cvln_eval.simulate.virginia.world import (
    COHORTS,
    FACILITATORS,
    PAIRS,
    PERIODS,
    REGION_OF,
    WAVES,
)

__all__ = ["VISITS", "simulate_attendance", "simulate_coaching", "simulate_sessions"]

REGIONS = tuple(dict.fromkeys(REGION_OF.values()))
WORK_SESSIONS, COMMUNITIES, WEBINARS = 6, 3, 12
# Cohort 4.0 met more online than cohort 5.0.
MODES = ("face_to_face", "hybrid", "virtual")
WORK_MODES = {"4.0": (0.50, 0.10, 0.40), "5.0": (0.75, 0.10, 0.15)}
COMMUNITY_MODES = {"4.0": (0.30, 0.10, 0.60), "5.0": (0.50, 0.10, 0.40)}
SHARE_CANCELLED = 0.3
SHARE_MOVED = 0.15
# Coaching communities and virtual sessions are for some of the leaders only.
FOR_SOME = ("virtual", "coaching")
FOCUS = ("implementation_plan", "data_use", "team_dynamics", "communication")
# Mean number of visits to a division in a cohort; growth is stated for a division with this many.
VISITS = 4.0


def simulate_sessions(
    rosters: Rosters, effects: VirginiaEffects, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the sessions of both cohorts and what became of each.

    Parameters
    ----------
    rosters : Rosters
        Who takes part; a division without leaders in a cohort hosts nothing.
    effects : VirginiaEffects
        `held_*` are used.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        The columns of `sessions` with `season` and `partner_team_id`, in the order planned.
    """
    plans = [row for cohort in COHORTS for row in _plans(cohort, _hosts(rosters, cohort), rng)]
    columns = ["cohort", "kind", "mode", "planned_on", "hours", "host_team_id"]
    table = pd.DataFrame(plans, columns=[*columns, "partner_team_id", "season"])
    table = table.sort_values(["planned_on", "kind"], kind="stable", ignore_index=True)
    number = table.groupby("cohort").cumcount() + 1
    table.insert(
        0, "session_id", [f"S{c[0]}{n:02d}" for c, n in zip(table["cohort"], number, strict=True)]
    )
    return _with_fate(table, effects, rng).drop(columns="cohort")


def _hosts(rosters: Rosters, cohort: str) -> dict[str, list[str]]:
    """Return, by region, the divisions with a team large enough to host."""
    sizes = rosters.on(f"{cohort}-fall").groupby("team_id").size()
    large = [str(team) for team, n in sizes.items() if n >= 5]
    return {region: [t for t in large if REGION_OF[t] == region] for region in REGIONS}


def _plans(
    cohort: str, hosts: dict[str, list[str]], rng: np.random.Generator
) -> list[tuple[object, ...]]:
    """List what one cohort plans: work sessions, convenings, communities, webinars, joint days."""
    start = PERIODS[f"{cohort}-fall"][0]
    host = str(rng.choice(hosts["Piedmont"]))
    winter = "face_to_face" if cohort == "5.0" else "virtual"
    convenings = (
        ("fall", 38, "face_to_face"),
        ("winter", 150, winter),
        ("spring", 238, "face_to_face"),
    )
    rows: list[tuple[object, ...]] = [
        (cohort, "convening", mode, _weekday(start, day), 6.0, host, None, season)
        for season, day, mode in convenings
    ]
    for place, teams in enumerate(hosts.values()):
        rows += _regional_plans(cohort, teams, place, rng)
    rows += [
        (cohort, "virtual", "virtual", _weekday(start, 16 + 21 * k), 1.5, None, None, None)
        for k in range(WEBINARS)
    ]
    return rows + [
        (cohort, "joint_work_session", "face_to_face", _weekday(start, day), 5.0, *pair, None)
        for k, pair in enumerate(_pairs_that_meet(cohort))
        for day in (95 + 3 * k, 160 + 2 * k)
    ]


def _regional_plans(
    cohort: str, teams: list[str], place: int, rng: np.random.Generator
) -> list[tuple[object, ...]]:
    """List one region's work sessions, hosted in turn, and its coaching community's meetings."""
    start = PERIODS[f"{cohort}-fall"][0]
    rows: list[tuple[object, ...]] = []
    for k in range(WORK_SESSIONS):
        mode = str(rng.choice(MODES, p=WORK_MODES[cohort]))
        day = _weekday(start, 20 + 40 * k + 2 * place)
        host = teams[k % len(teams)]
        rows.append((cohort, "regional_work_session", mode, day, 6.0, host, None, None))
    for k in range(COMMUNITIES):
        mode = str(rng.choice(MODES, p=COMMUNITY_MODES[cohort]))
        day = _weekday(start, 50 + 75 * k + 3 * place)
        host = teams[-1 - k % len(teams)]
        rows.append((cohort, "coaching", mode, day, 2.0, host, None, None))
    return rows


def _pairs_that_meet(cohort: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs that plan joint sessions: from cohort 5.0 on, all but the last four."""
    return PAIRS[cohort][:-4] if cohort == "5.0" else ()


def _weekday(start: date, day: int) -> date:
    """Return a day of the cohort, moved to Monday when it falls on a weekend."""
    then = start + timedelta(days=day)
    return then + timedelta(days=max(0, 7 - then.weekday()) if then.weekday() >= 5 else 0)


def _with_fate(
    table: pd.DataFrame, effects: VirginiaEffects, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw whether each session is held, postponed or cancelled, and on which day it is held."""
    chance = table["mode"].map(
        {
            "face_to_face": effects.held_face_to_face,
            "hybrid": effects.held_hybrid,
            "virtual": effects.held_virtual,
        }
    )
    held = rng.random(len(table)) < chance.to_numpy()
    # Convenings are the fixed points of a cohort; they have always been held.
    held |= (table["kind"] == "convening").to_numpy()
    cancelled = rng.random(len(table)) < SHARE_CANCELLED
    status = np.where(held, "held", np.where(cancelled, "cancelled", "postponed"))
    moved = pd.to_timedelta(np.where(rng.random(len(table)) < SHARE_MOVED, 7, 0), unit="D")
    planned = pd.to_datetime(table["planned_on"])
    table = table.assign(planned_on=planned, status=status)
    table["held_on"] = (planned + moved).where(held)
    table["wave"] = [_wave_of(day) for day in table["held_on"].fillna(planned)]
    order = ["session_id", "kind", "mode", "planned_on", "held_on", "status", "hours"]
    return table[[*order, "host_team_id", "wave", "partner_team_id", "season", "cohort"]]


def _wave_of(day: pd.Timestamp) -> str | None:
    return next((w for w, (start, end) in PERIODS.items() if start <= day.date() <= end), None)


def simulate_attendance(
    sessions: pd.DataFrame, rosters: Rosters, effects: VirginiaEffects, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw who came to each session that was held.

    Parameters
    ----------
    sessions : DataFrame
        From `simulate_sessions`; those not held have no attendance.
    rosters : Rosters
        Who is invited: the region, the whole cohort, or the two divisions of a joint session.
    effects : VirginiaEffects
        `attend_*` and `invited_to_some` are used.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row a session and leader who came, with the hours.
    """
    parts, roster = [], {wave: rosters.on(wave) for wave in WAVES}
    for _, session in sessions[sessions["status"] == "held"].iterrows():
        invited = _invited(session, roster[session["wave"]])
        virtual = session["mode"] == "virtual"
        base = effects.attend_virtual if virtual else effects.attend_face_to_face
        chance = base + effects.attend_returning * invited["returning"].to_numpy(dtype=float)
        share = effects.invited_to_some if session["kind"] in FOR_SOME else 1.0
        came = invited[rng.random(len(invited)) < share * chance]
        hours = np.where(rng.random(len(came)) < 0.08, session["hours"] / 2, session["hours"])
        row = {"session_id": session["session_id"], "person_id": came["person_id"], "hours": hours}
        parts.append(pd.DataFrame(row))
    return pd.concat(parts, ignore_index=True)


def _invited(session: pd.Series, roster: pd.DataFrame) -> pd.DataFrame:
    kind, host = session["kind"], session["host_team_id"]
    if kind in ("convening", "virtual"):
        return roster
    if kind == "joint_work_session":
        return roster[roster["team_id"].isin([host, session["partner_team_id"]])]
    return roster[roster["team_id"].map(REGION_OF) == REGION_OF[host]]


def simulate_coaching(rosters: Rosters, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the visits of the regional facilitators to the divisions of their region.

    Parameters
    ----------
    rosters : Rosters
        Which divisions take part in each wave.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        The columns of `coaching`, one row a visit, in the order of the days.
    """
    coach_of = {region: person for person, _, region in FACILITATORS}
    rows = []
    for wave in WAVES:
        start, end = PERIODS[wave]
        for team in sorted(set(rosters.on(wave)["team_id"])):
            for _ in range(int(rng.poisson(VISITS / 2 * rng.gamma(4, 0.25)))):
                day = _weekday(start, int(rng.integers(8, (end - start).days - 10)))
                minutes = float(5 * np.clip(round(rng.normal(15, 4)), 6, 30))
                mode = str(rng.choice(MODES, p=(0.6, 0.05, 0.35)))
                focus = str(rng.choice(FOCUS, p=(0.4, 0.25, 0.2, 0.15)))
                rows.append((coach_of[REGION_OF[team]], team, day, minutes, mode, focus))
    columns = ["coach_id", "team_id", "held_on", "minutes", "mode", "focus"]
    table = pd.DataFrame(rows, columns=columns)
    table["held_on"] = pd.to_datetime(table["held_on"])
    table = table.sort_values("held_on", kind="stable", ignore_index=True)
    table.insert(0, "visit_id", [f"C{k + 1:03d}" for k in range(len(table))])
    return table
