"""A panel small enough for every permutation."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from cvln_eval.networks.panel import panel_of

sys.path.insert(0, str(Path(__file__).parent))

from dyad_cases import network_of, people_of, some_ties


@pytest.fixture
def nine():
    """Nine people in teams of 2, 3 and 4; two waves of advice, one of trust."""
    rng = np.random.default_rng(9)
    people = people_of(9, rng, (2, 3, 4))
    return panel_of(
        [
            network_of(some_ties(9, rng), people=people, wave="1"),
            network_of(some_ties(9, rng), people=people, wave="1", relation="trust"),
            network_of(some_ties(9, rng), people=people, wave="2"),
        ]
    )
