"""Networks small enough to count by hand, and random ones in which anything can be missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from cvln_eval.networks.panel import Network, NetworkPanel, panel_of, symmetrised


def network(ties, groups, *, answered=None, wave="1", relation="advice", **people) -> Network:
    """Return a directed network of people a, b, ... of these groups; ties such as "ab ba"."""
    ids = [chr(ord("a") + place) for place in range(len(groups))]
    ends = sorted((ids.index(tie[0]), ids.index(tie[1])) for tie in ties.split())
    sender, receiver = np.array(ends, dtype=np.intp).reshape(-1, 2).T
    table = pd.DataFrame({"person_id": ids, "team_id": list(groups), **people})
    return Network(
        wave=wave,
        relation=relation,
        people=table,
        sender=sender,
        receiver=receiver,
        strength=np.ones(len(sender)),
        answered=np.ones(len(ids), bool) if answered is None else np.array(answered, dtype=bool),
    )


def random_network(seed: int, n: int, n_groups: int, density: float, silent: float, rule: str):
    """Return a random network in which some did not answer and some are of no group."""
    rng = np.random.default_rng(seed)
    answered = rng.random(n) >= silent
    tied = (rng.random((n, n)) < density) & answered[:, None]
    np.fill_diagonal(tied, val=False)
    sender, receiver = np.nonzero(tied)
    names = np.array([*"vwxyz"[:n_groups], None], dtype=object)
    groups = names[rng.integers(0, n_groups + (rng.random(n) < 0.1))]
    people = pd.DataFrame(
        {
            "person_id": [f"p{place:03d}" for place in range(n)],
            "team_id": pd.Series(groups, dtype="str"),
            "tenure": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
        }
    )
    made = Network(
        wave="1",
        relation="advice",
        people=people,
        sender=sender,
        receiver=receiver,
        strength=np.ones(len(sender)),
        answered=answered,
    )
    return made if rule == "sender" else symmetrised(made, rule=rule)


def networks(rules=("sender", "either", "both")):
    """Return a strategy of random networks."""
    return st.builds(
        random_network,
        st.integers(0, 10_000),
        st.integers(0, 14),
        st.integers(1, 4),
        st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0]),
        st.sampled_from([0.0, 0.3, 1.0]),
        st.sampled_from(rules),
    )


def two_waves() -> NetworkPanel:
    """Return a panel of two waves: two groups of two, more ties between them later."""
    first = network("ab ba cd", "xxyy", tenure=[1.0, 2.0, 3.0, 5.0])
    later = network("ab ba cd ac bd da", "xxyy", wave="2", tenure=[1.0, 2.0, 3.0, 5.0])
    return panel_of([first, later])
