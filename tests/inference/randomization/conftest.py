"""A simulated study: clusters of unequal size with an outcome, a control and two strata."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def simulated():
    """Return the function that simulates the table."""
    return _simulated


def _simulated(seed=0, n_clusters=7, n_treated=3):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, n_clusters)
    team = np.repeat([f"t{i}" for i in range(n_clusters)], sizes)
    treated = rng.permutation(np.arange(n_clusters) < n_treated).astype(int)
    table = pd.DataFrame({"team_id": team, "treated": np.repeat(treated, sizes)})
    table["stratum"] = np.where(table["team_id"] < "t4", "x", "y")
    table["before"] = rng.normal(size=len(table))
    level = np.repeat(rng.normal(size=n_clusters), sizes)
    return table.assign(y=table["before"] + level + rng.normal(size=len(table)))
