"""Two tables by hand: a small one, and persons over three waves with joiners and leavers."""

import numpy as np
import pandas as pd
import pytest

TEAM = np.repeat([*"ABCDE"], (7, 7, 8, 8, 11))


@pytest.fixture(scope="session")
def waves():
    """41 people; every eighth joins in y2; a fifth of later waves and single values missing."""
    rng = np.random.default_rng(5)
    base = rng.standard_normal(41)
    parts = []
    for at in ("y1", "y2", "y3"):
        trait = base + 0.7 * rng.standard_normal(41)
        items = np.clip(
            np.round(3 + 0.8 * trait[:, None] + 0.6 * rng.standard_normal((41, 3))), 1, 5
        )
        part = pd.DataFrame(items, columns=["trust_1", "trust_2", "trust_3"])
        part.insert(0, "voice", trait)
        part[rng.random(41) < (0.0 if at == "y1" else 0.2)] = np.nan
        part.loc[rng.random(41) < 0.1, "trust_2"] = np.nan
        part.insert(0, "wave", at)
        part.insert(0, "team_id", TEAM)
        part.insert(0, "person_id", [f"P{i:02}" for i in range(41)])
        parts.append(part[8 * (np.arange(41) // 8) != np.arange(41)] if at == "y1" else part)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def scales():
    return {"trust": ["trust_1", "trust_2", "trust_3"]}
