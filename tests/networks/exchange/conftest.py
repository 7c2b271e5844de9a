"""Networks small enough to see, and the cases of this folder within reach of its tests."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import Network

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def three() -> Network:
    """Return a -> b (3), a -> c (1), b -> a (2); c did not answer."""
    people = pd.DataFrame({"person_id": ["a", "b", "c"], "team_id": ["x", "x", "y"]})
    ends = np.array([0, 0, 1]), np.array([1, 2, 0])
    return Network(
        "1", "advice", people, *ends, np.array([3.0, 1, 2]), np.array([True, True, False])
    )


@pytest.fixture
def nobody() -> Network:
    """Return a network of no people."""
    none = np.empty(0, dtype=np.intp)
    people = pd.DataFrame({"person_id": pd.Series([], dtype="str")})
    return Network("1", "advice", people, none, none, np.empty(0), np.empty(0, dtype=bool))
