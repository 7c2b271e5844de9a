"""Five people in two teams, two waves, sessions small enough to count by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from cvln_eval.networks.meetings import Affiliation, affiliation

sys.path.insert(0, str(Path(__file__).parent))
REFERENCES = Path(__file__).parents[2] / "reference" / "networks_meetings"

SESSIONS = pd.DataFrame(
    [
        ("s1", "1", "day", "face_to_face", "2024-01-05", "held"),
        ("s2", "1", "web", "virtual", "2024-02-05", "held"),
        ("s3", "1", "web", None, None, "cancelled"),
        ("s4", "2", "day", "face_to_face", "2024-03-05", "held"),
        ("s5", "9", "day", "face_to_face", "2024-04-05", "held"),
    ],
    columns=["session_id", "wave", "kind", "mode", "held_on", "status"],
)
# e joins in wave 2; g is on no roster.
MEMBERSHIPS = pd.DataFrame(
    {
        "wave": ["1"] * 4 + ["2"] * 5,
        "person_id": list("abcdabcde"),
        "team_id": list("xxyyxxyyy"),
    }
)
ATTENDANCE = pd.DataFrame(
    [
        ("s1", "a"),
        ("s1", "b"),
        ("s1", "c"),
        ("s2", "a"),
        ("s2", "b"),
        ("s2", "g"),
        ("s4", "d"),
        ("s5", "a"),
    ],
    columns=["session_id", "person_id"],
)


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Attendance, sessions and memberships."""
    return {"attendance": ATTENDANCE, "sessions": SESSIONS, "memberships": MEMBERSHIPS}


@pytest.fixture
def met(tables) -> Affiliation:
    """All of it."""
    return affiliation(**tables)


@pytest.fixture
def reference():
    """Read a table of reference values."""
    return lambda name: pd.read_csv(REFERENCES / f"{name}.csv")
