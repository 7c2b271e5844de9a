"""A panel small enough to count by hand: two waves, two relations, five people."""

from __future__ import annotations

import pandas as pd
import pytest

from cvln_eval.networks.panel import NetworkPanel, network_panel

TIES = pd.DataFrame(
    [
        ("1", "advice", "a", "b", 4.0),
        ("1", "advice", "a", "a", 2.0),
        ("1", "advice", "b", "a", 1.0),
        ("1", "advice", "b", "c", 3.0),
        ("1", "advice", "b", "guest", 3.0),
        ("1", "advice", "a", "d", 3.0),
        ("2", "advice", "a", "c", 0.0),
        ("2", "advice", "c", "a", 2.0),
        ("2", "trust", "c", "e", 1.0),
    ],
    columns=["wave", "relation", "sender_id", "receiver_id", "strength"],
)
# d is on the first roster but was not asked; c gave no answer there; b left, e came.
MEMBERSHIPS = pd.DataFrame(
    {
        "wave": ["1"] * 4 + ["2"] * 3,
        "person_id": ["a", "b", "c", "d", "a", "c", "e"],
        "team_id": ["x", "x", "y", "y", "x", "y", "y"],
    }
)
RESPONDENTS = pd.DataFrame(
    {
        "wave": ["1"] * 3 + ["2"] * 6,
        "instrument": ["advice"] * 6 + ["trust"] * 3,
        "person_id": ["a", "b", "c", "a", "c", "e", "a", "c", "e"],
        "responded": [True, True, False, None, True, None, None, True, False],
    }
)


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Ties, memberships and respondents."""
    return {"ties": TIES, "memberships": MEMBERSHIPS, "respondents": RESPONDENTS}


@pytest.fixture
def panel(tables: dict[str, pd.DataFrame]) -> NetworkPanel:
    """All of it."""
    return network_panel(**tables)
