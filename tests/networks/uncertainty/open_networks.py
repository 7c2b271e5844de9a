"""Networks in which some did not answer, and every completion of the small ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, symmetrised


def network(ties, groups, *, answered=None, wave="1", relation="advice") -> Network:
    """Return a directed network of people a, b, ... of these groups; ties such as "ab ba"."""
    ids = [chr(ord("a") + place) for place in range(len(groups))]
    ends = sorted((ids.index(tie[0]), ids.index(tie[1])) for tie in ties.split())
    sender, receiver = np.array(ends, dtype=np.intp).reshape(-1, 2).T
    return Network(
        wave=wave,
        relation=relation,
        people=pd.DataFrame({"person_id": ids, "team_id": pd.Series(list(groups), dtype="str")}),
        sender=sender,
        receiver=receiver,
        strength=np.ones(len(sender)),
        answered=np.ones(len(ids), bool) if answered is None else np.array(answered, dtype=bool),
    )


def random_network(seed: int, n: int, rule: str, *, density=0.4, silent=0.4) -> Network:
    """Return a random network in which some did not answer, of up to two groups."""
    rng = np.random.default_rng(seed)
    answered = rng.random(n) >= silent
    tied = (rng.random((n, n)) < density) & answered[:, None]
    np.fill_diagonal(tied, val=False)
    sender, receiver = np.nonzero(tied)
    people = pd.DataFrame(
        {"person_id": [f"p{i}" for i in range(n)], "team_id": rng.choice(["x", "y"], n)}
    )
    made = Network("1", "advice", people, sender, receiver, np.ones(len(sender)), answered)
    return made if rule == "sender" else symmetrised(made, rule=rule)


def completions(one: Network):
    """Yield the network with every way to fill in its open pairs, everybody having answered."""
    matrix = one.matrix(valued=False)
    first, second = np.nonzero(np.isnan(matrix) & ~np.eye(one.n, dtype=bool))
    if not one.directed:
        first, second = first[first < second], second[first < second]
    for cells in product([0.0, 1.0], repeat=len(first)):
        matrix[first, second] = cells
        if not one.directed:
            matrix[second, first] = cells
        ends = np.nonzero(np.triu(matrix == 1) if not one.directed else matrix == 1)
        yield replace(
            one,
            sender=ends[0],
            receiver=ends[1],
            strength=np.ones(len(ends[0])),
            answered=np.ones(one.n, dtype=bool),
            claimed=np.empty((2, 0), dtype=np.intp),
        )
