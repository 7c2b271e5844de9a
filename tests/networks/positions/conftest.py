"""Networks small enough to count by hand, and what relabels, permutes and reverses them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cvln_eval.networks.panel import Network


def made(
    arcs, ids, *, teams=None, directed=True, answered=None, strength=None, wave="1", relation="r"
):
    """A network of arcs such as "ab ac" among people of one letter each."""
    ids = sorted(ids)
    pairs = [(ids.index(a), ids.index(b)) for a, b in arcs.split()]
    if not directed:
        pairs = [tuple(sorted(pair)) for pair in pairs]
    order = sorted(range(len(pairs)), key=lambda place: pairs[place])
    ends = np.array([pairs[place] for place in order], dtype=int).reshape(-1, 2)
    values = np.ones(len(pairs)) if strength is None else np.array(strength, float)
    people = pd.DataFrame({"person_id": ids})
    if teams is not None:
        people["team_id"] = [teams[one] for one in ids]
    silent = set(ids) - set(ids if answered is None else answered)
    return Network(
        wave=wave,
        relation=relation,
        people=people,
        sender=ends[:, 0],
        receiver=ends[:, 1],
        strength=values[order],
        answered=np.array([one not in silent for one in ids], dtype=bool),
        directed=directed,
        rule="sender" if directed else "either",
    )


def from_matrix(matrix, *, teams=None, directed=True, answered=None):
    """A network of a square array of strengths, people P00, P01, ..."""
    n = len(matrix)
    tied = matrix > 0 if directed else np.triu(matrix > 0)
    sender, receiver = np.nonzero(tied)
    people = pd.DataFrame({"person_id": [f"P{one:02}" for one in range(n)]})
    people["team_id"] = list("xyz" * n)[:n] if teams is None else teams
    return Network(
        wave="1",
        relation="r",
        people=people,
        sender=sender,
        receiver=receiver,
        strength=np.asarray(matrix, float)[tied],
        answered=np.ones(n, bool) if answered is None else np.asarray(answered),
        directed=directed,
        rule="sender" if directed else "either",
    )


def of_ids(network, ids):
    """The same network with other ids, so that its people stand in another order."""
    order = np.argsort(np.array(ids, dtype=object))
    place = np.empty(network.n, dtype=int)
    place[order] = np.arange(network.n)
    people = network.people.assign(person_id=ids).iloc[order].reset_index(drop=True)
    ends = np.array([place[network.sender], place[network.receiver]])
    if not network.directed:
        ends = np.sort(ends, axis=0)
    rows = np.lexsort(ends[::-1])
    return replace(
        network,
        people=people,
        sender=ends[0, rows],
        receiver=ends[1, rows],
        strength=network.strength[rows],
        answered=network.answered[order],
    )


@pytest.fixture(scope="session")
def make():
    return made


@pytest.fixture(scope="session")
def make_of():
    return from_matrix


@pytest.fixture(scope="session")
def renamed():
    return of_ids


@pytest.fixture(scope="session")
def table():
    """The values of one measure by person, or of all measures of one network."""

    def of(result, measure=None, column="value"):
        rows = result.tidy()
        if measure is None:
            return rows.set_index("measure")[column]
        return rows[rows["measure"] == measure].set_index("person_id")[column]

    return of
