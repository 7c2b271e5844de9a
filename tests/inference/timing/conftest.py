"""Milestones of the tests: five by hand, those of the references, and the bundled ones."""

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[3]


def times_of(days, reached, **columns):
    """Return a table of durations, each milestone a plan and a cluster of its own unless said."""
    names = [f"c{place}" for place in range(len(days))]
    usual = {"reason": "", "plan": names, "cluster_id": names}
    table = {"days": [float(day) for day in days], "reached": [bool(one) for one in reached]}
    return pd.DataFrame(table | usual | columns)


@pytest.fixture
def as_times():
    """Return the function that makes a table of durations."""
    return times_of


@pytest.fixture
def five():
    """Reached after 10, 20 and 40 days; out of sight, still open, after 30 and 50."""
    return times_of([10, 20, 30, 40, 50], [1, 1, 0, 1, 0])


@pytest.fixture(scope="session")
def reference():
    table = pd.read_csv(ROOT / "tests" / "reference" / "timing" / "input.csv")
    table["reached"] = table["reached"].astype(bool)
    table["on_time"] = table["on_time"].astype("boolean")
    return table.assign(reason="", plan=table["cluster_id"] + table["planned_by"])


@pytest.fixture(scope="session")
def bundled():
    """The milestones of the bundled Virginia study, each cohort seen until the end of its June."""
    folder = ROOT / "studies" / "virginia" / "data" / "processed"
    table = pd.read_csv(folder / "milestones.csv")
    first = table["started_on"] < "2024-08-01"
    return table.assign(until=first.map({True: "2024-06-30", False: "2025-06-30"}))
