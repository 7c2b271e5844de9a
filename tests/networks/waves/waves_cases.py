"""Panels made of whole matrices, for the tests of this room."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from cvln_eval.networks.panel import Network, NetworkPanel, panel_of, symmetrised


def wave_of(name, matrix, *, ids=None, answered=None, teams=None, relation="advice"):
    """Return the network of a matrix; rows of people who did not answer are taken as empty."""
    matrix = np.array(matrix, dtype=float)
    n = len(matrix)
    answered = np.ones(n, dtype=bool) if answered is None else np.array(answered, dtype=bool)
    told = np.where(answered[:, None], matrix, 0.0)
    np.fill_diagonal(told, 0)
    sender, receiver = np.nonzero(told)
    people = pd.DataFrame({"person_id": [f"p{i}" for i in range(n)] if ids is None else ids})
    people = people.assign(team_id=list("x" * n) if teams is None else teams)
    strength = told[sender, receiver]
    return Network(name, relation, people, sender, receiver, strength, answered)


@st.composite
def panels(draw, n_waves=2, rules=(None, "either", "both"), most=6) -> NetworkPanel:
    """Return small panels: people come, leave, change teams, have none, do not answer."""
    rule = draw(st.sampled_from(rules))
    # One number a panel: drawing each cell of each matrix apart takes a hundred times as long.
    stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    waves = []
    for number in range(n_waves):
        ids = [f"p{i}" for i in np.flatnonzero(stream.random(most) < 0.85)]
        matrix = stream.random((len(ids), len(ids))) < stream.choice([0.2, 0.5, 0.8])
        answered = stream.random(len(ids)) < 0.75
        teams = pd.array(stream.choice(["x", "y", "z", None], len(ids)), dtype="string")
        one = wave_of(str(number + 1), matrix, ids=ids, answered=answered, teams=teams)
        waves.append(one if rule is None else symmetrised(one, rule=rule))
    return panel_of(waves)
