"""Networks small enough to count by hand, and the network of the reference values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import Network, NetworkPanel, network_panel

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "networks_persons"


def make(people, ties=(), *, answered=None, **given):
    """Return a network of people (a dict of columns) and ties such as "ab" or ("a", "b", 2)."""
    frame = pd.DataFrame(people)
    ids = pd.Index(frame["person_id"])
    rows = sorted((*tie, 1.0)[:3] for tie in ties)
    ends = [ids.get_indexer([row[end] for row in rows]).astype(int) for end in (0, 1)]
    silent = ~ids.isin(list(answered)) if answered is not None else np.zeros(len(ids), dtype=bool)
    strength = np.array([row[2] for row in rows], dtype=float)
    return Network("1", "advice", frame, *ends, strength, ~silent, **given)


@pytest.fixture
def made():
    """Return the maker of networks."""
    return make


@pytest.fixture(scope="session")
def reference() -> NetworkPanel:
    """36 people in four teams, one of whom names nobody."""
    people = pd.read_csv(REFERENCE / "people.csv")
    ties = pd.read_csv(REFERENCE / "ties.csv").assign(wave="1", relation="advice")
    memberships = people[["person_id", "team_id"]].assign(wave="1")
    return network_panel(ties, memberships, people=people)


@pytest.fixture(scope="session")
def expected() -> pd.DataFrame:
    """Values that R gives, by source and term."""
    return pd.read_csv(REFERENCE / "expected.csv", keep_default_na=True).set_index(["source"])
