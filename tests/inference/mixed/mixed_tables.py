"""Simulated panels that several tests of mixed models use."""

import numpy as np
import pandas as pd

SIZES = (7, 8, 9, 8, 9)


def three_levels(seed, team_sd=0.5, missing=0.1):
    """Four waves of 41 people in 5 teams, with random intercepts and slopes of people."""
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(len(SIZES)), SIZES)
    people = len(team)
    person = np.repeat(np.arange(people), 4)
    time = np.tile(np.arange(4.0), people)
    own, slope = rng.normal(0, 0.6, people), rng.normal(0.2, 0.2, people)
    trust = 3 + own[person] + slope[person] * time + rng.normal(0, 0.5, len(person))
    trust += rng.normal(0, team_sd, len(SIZES))[team[person]]
    table = pd.DataFrame(
        {
            "team_id": [f"t{i}" for i in team[person]],
            "person_id": [f"p{i:02}" for i in person],
            "time": time,
            "hours": rng.gamma(2, 2, len(person)),
            "trust": trust,
        }
    )
    return table[rng.random(len(table)) >= missing].reset_index(drop=True)


def balanced(seed, groups=6, size=5):
    """One row an observation of equal groups."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(groups), size)
    values = 3 + rng.normal(0, 1, groups)[codes] + rng.normal(0, 1, len(codes))
    return pd.DataFrame({"team_id": [f"t{i}" for i in codes], "trust": values})
