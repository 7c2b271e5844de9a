"""Long tables of scores by hand, and the folder of what R makes of them."""

from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "change"


def long_scores(first, last, teams=None):
    """One row a person and wave: who has None in a wave has no row there."""
    rows = []
    for at, values in enumerate(zip(first, last, strict=True)):
        for wave, value in zip(("y1", "y2"), values, strict=True):
            if value is not None:
                team = teams[at] if teams else "A"
                row = {"person_id": f"p{at:03}", "wave": wave, "team_id": team, "score": value}
                rows.append(row)
    return pd.DataFrame(rows, columns=["person_id", "wave", "team_id", "score"])


@pytest.fixture(scope="session")
def scores():
    """A function that makes a long table of two waves."""
    return long_scores


@pytest.fixture(scope="session")
def reference():
    """A function that reads a table of the reference folder."""
    return lambda name: pd.read_csv(REFERENCE / name)
