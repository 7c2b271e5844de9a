"""Simulated programme of the CVLN study: sessions, attendance, coaching, and posts online."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import EFFECTS, PARTNER, TEAMS, WAVES
from cvln_eval.simulate.cvln_people import CvlnPeople

__all__ = ["simulate_activity", "simulate_attendance", "simulate_coaching", "simulate_sessions"]

# kind, mode, how many a year, hours, title
PLAN = (
    ("summer_institute", "face_to_face", 1, 6.5, "Summer institute"),
    ("network_day", "face_to_face", 4, 6.0, "Network day"),
    ("webinar", "virtual", 5, 1.5, "Webinar"),
    ("coaches_meeting", "hybrid", 6, 3.0, "Coaches' meeting"),
)
DISTRICT_SESSIONS = 4
FOCUS = ("team_culture", "data_use", "instruction", "planning", "communication")
WAVE_STARTS = ("2008-07-01", "2009-01-01", "2009-07-01", "2010-07-01")


def wave_of(days: pd.Series) -> pd.Series:
    """Return the wave whose period holds each day."""
    starts = pd.to_datetime(list(WAVE_STARTS))
    places = starts.searchsorted(pd.DatetimeIndex(days), side="right") - 1
    return pd.Series([WAVES[place] for place in places], index=days.index)


def simulate_sessions(rng: np.random.Generator) -> pd.DataFrame:
    """Return the sessions of three years; some, mostly those online, are not held.

    Parameters
    ----------
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The tidy table with the column `title`.
    """
    rows: list[tuple[str, str, pd.Timestamp, float, str | None, str]] = []
    for year in (2008, 2009, 2010):
        for kind, mode, count, hours, title in PLAN:
            for place, day in enumerate(_days(year, kind, count, rng), start=1):
                numbered = f"{title} {place}" if count > 1 else title
                rows.append(
                    (kind, mode, day, hours, None, f"{numbered}, {year}-{year + 1 - 2000:02d}")
                )
        for team in TEAMS:
            for place, day in enumerate(_days(year, "district", DISTRICT_SESSIONS, rng), start=1):
                title = f"{team} work session {place}, {year}-{year + 1 - 2000:02d}"
                rows.append(("district_work_session", "face_to_face", day, 3.0, team, title))
    names = ["kind", "mode", "planned_on", "hours", "host_team_id", "title"]
    frame = pd.DataFrame(rows, columns=names).sort_values(["planned_on", "title"])
    frame.insert(0, "session_id", [f"S{place:03d}" for place in range(1, len(frame) + 1)])
    return _held_or_not(frame.reset_index(drop=True), rng)


def _days(year: int, kind: str, count: int, rng: np.random.Generator) -> list[pd.Timestamp]:
    """Return weekdays spread over the school year; the institute is in July or August."""
    if kind == "summer_institute":
        return [_weekday(pd.Timestamp(year, 7, 21) + pd.Timedelta(days=int(rng.integers(0, 14))))]
    start = pd.Timestamp(year, 9, 8)
    step = 250 // count
    offsets = [step * place + int(rng.integers(0, min(step, 25))) for place in range(count)]
    return [_weekday(start + pd.Timedelta(days=offset)) for offset in offsets]


def _weekday(day: pd.Timestamp) -> pd.Timestamp:
    return day + pd.Timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _held_or_not(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    given = EFFECTS["sessions"]
    virtual = frame["mode"] == "virtual"
    risk = np.where(virtual, given["not_held_virtual"], given["not_held_face_to_face"])
    risk = np.where(frame["kind"] == "summer_institute", 0.0, risk)
    fails = rng.random(len(frame)) < risk
    postponed = rng.random(len(frame)) < 0.6
    frame["status"] = np.where(~fails, "held", np.where(postponed, "postponed", "cancelled"))
    moved = pd.to_timedelta(np.where(rng.random(len(frame)) < 0.1, 7, 0), unit="D")
    frame["held_on"] = (frame["planned_on"] + moved).where(frame["status"] == "held")
    frame["wave"] = wave_of(frame["held_on"].fillna(frame["planned_on"]))
    order = ["session_id", "kind", "mode", "planned_on", "held_on", "status", "hours"]
    return frame[[*order, "host_team_id", "wave", "title"]]


def simulate_attendance(
    people: CvlnPeople, *, sessions: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return who attended the sessions that were held, and for how long.

    Parameters
    ----------
    people : CvlnPeople
    sessions : pd.DataFrame
        From `simulate_sessions`.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `session_id, person_id, hours`.
    """
    engagement = people.people.set_index("person_id")["engagement"]
    parts = []
    for session in sessions[sessions["status"] == "held"].itertuples():
        coaches = session.kind == "coaches_meeting"
        invited = people.roster(str(session.wave), partner=bool(coaches))
        if isinstance(session.host_team_id, str):
            invited = invited[invited["team_id"] == session.host_team_id]
        ids = invited["person_id"]
        base = EFFECTS["sessions"]["attendance_probit"][session.kind]
        score = base + EFFECTS["sessions"]["engagement_probit"] * engagement.loc[ids].to_numpy()
        comes = score + rng.normal(size=len(ids)) > 0
        early = np.where(rng.random(len(ids)) < 0.12, 0.5, 1.0)
        hours = np.round(np.asarray(session.hours, dtype=float) * early[comes] * 2) / 2
        part = {"session_id": session.session_id, "person_id": ids[comes], "hours": hours}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def simulate_coaching(people: CvlnPeople, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the coaching log: the visits each team had in each year, by its own coach.

    Parameters
    ----------
    people : CvlnPeople
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The tidy table, in order of days.
    """
    coaches = list(people.roster(WAVES[0], partner=True)["person_id"])
    given, rows = EFFECTS["coaching"], []
    for coach, team in zip(coaches, TEAMS, strict=False):
        for year, count in zip(
            (2008, 2009, 2010), given["visits_by_team_and_year"][team], strict=True
        ):
            for day in _days(year, "coaching", count, rng):
                rows.append((coach, team, day))
    frame = pd.DataFrame(rows, columns=["coach_id", "team_id", "held_on"])
    frame = frame.sort_values(["held_on", "team_id"], ignore_index=True)
    frame.insert(0, "visit_id", [f"V{place:03d}" for place in range(1, len(frame) + 1)])
    minutes = given["mean_minutes"] + 40 * rng.normal(size=len(frame))
    frame["minutes"] = np.clip(15 * np.rint(minutes / 15), 30, 300)
    virtual = rng.random(len(frame)) < given["share_virtual"]
    frame["mode"] = np.where(virtual, "virtual", "face_to_face")
    frame["focus"] = rng.choice(FOCUS, len(frame), p=[0.3, 0.2, 0.2, 0.2, 0.1])
    return frame


def simulate_activity(people: CvlnPeople, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return posts and replies in the online community over three years.

    Parameters
    ----------
    people : CvlnPeople
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `activity_id, person_id, occurred_at, action, reply_to_id`.
    """
    given, writers, rows = EFFECTS["activity"], _writers(people), []
    team_of = people.people.set_index("person_id")["team_id"].to_dict()
    for number, when in enumerate(_posts(rng)):
        author = _author(writers, when, rng, team="")
        rows.append((number, author, when, "post", -1))
        for _ in range(rng.poisson(given["replies_a_post"])):
            later = when + pd.Timedelta(minutes=int(min(5 + rng.exponential(1500), 12000)))
            own = rng.random() < given["share_replies_in_own_team"]
            replier = _author(writers, later, rng, team=team_of[author] if own else "")
            rows.append((number, replier, later, "reply", number))
    columns = ["post", "person_id", "occurred_at", "action", "to"]
    return _numbered(pd.DataFrame(rows, columns=columns))


def _posts(rng: np.random.Generator) -> list[pd.Timestamp]:
    posts = []
    for month in pd.date_range("2008-09-01", "2011-06-01", freq="MS"):
        days = 20 if month.month == 6 else 28
        for _ in range(rng.poisson(EFFECTS["activity"]["posts_a_month"])):
            posts.append(month + pd.Timedelta(minutes=int(rng.integers(0, days * 24 * 60))))
    return sorted(posts)


def _writers(people: CvlnPeople) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """Return who may write in each wave and team ("" for all), and how much each does.

    The engaged write more, and coaches twice as much as others.
    """
    engagement = people.people.set_index("person_id")["engagement"]
    writers = {}
    for wave, roster in people.memberships.groupby("wave"):
        weight = np.exp(engagement.loc[roster["person_id"]].to_numpy())
        weight = weight * np.where(roster["team_id"] == PARTNER, 2.0, 1.0)
        ids = roster["person_id"].to_numpy(dtype=object)
        for team in ("", *roster["team_id"].unique()):
            here = (roster["team_id"] == team).to_numpy() | (team == "")
            writers[str(wave), team] = (ids[here], weight[here] / weight[here].sum())
    return writers


def _author(
    writers: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]],
    when: pd.Timestamp,
    rng: np.random.Generator,
    *,
    team: str,
) -> str:
    place = sum(when >= pd.Timestamp(start) for start in WAVE_STARTS) - 1
    ids, share = writers[WAVES[place], team]
    return str(rng.choice(ids, p=share))


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    frame = rows.sort_values(["occurred_at", "post", "action"], ignore_index=True)
    ids = [f"A{place:04d}" for place in range(1, len(frame) + 1)]
    frame.insert(0, "activity_id", ids)
    of_post = frame[frame["action"] == "post"].set_index("post")["activity_id"]
    frame["reply_to_id"] = frame["to"].map(of_post)
    return frame[["activity_id", "person_id", "occurred_at", "action", "reply_to_id"]]
