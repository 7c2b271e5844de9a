"""Affiliations of one wave, written as who came to what."""

from __future__ import annotations

import pandas as pd

from cvln_eval.networks.meetings import Affiliation, affiliation


def one_wave(came: dict[str, str | list[str]], teams: dict[str, str]) -> Affiliation:
    """Return the affiliation of one wave from session to who came, and person to team."""
    sessions = pd.DataFrame({"session_id": list(came), "kind": "day", "wave": "1"})
    sessions = sessions.assign(status="held", held_on="2024-01-05")
    rows = [(session, person) for session, people in came.items() for person in people]
    attendance = pd.DataFrame(rows, columns=["session_id", "person_id"])
    memberships = pd.DataFrame({"person_id": list(teams), "team_id": list(teams.values())})
    return affiliation(attendance, sessions, memberships.assign(wave="1"))
