"""Parts that a network falls into, and people without a tie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.networks.cohesion.result import Quantity, Structure, measured
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of

__all__ = ["Components", "components", "components_of", "isolates", "isolates_of", "parts"]

NETWORK = ("wave", "relation", "person_id")
KINDS = ("weak", "strong")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Components(Structure):
    """Measures of whole networks, and where each person stands.

    Attributes
    ----------
    table : DataFrame
        What `tidy` returns.
    headline : tuple of str
        The measures that the sentence names.
    people : DataFrame
        What `persons` returns.
    """

    people: pd.DataFrame

    def persons(self) -> pd.DataFrame:
        """Return one row a network and person."""
        return self.people.copy()


def components(panel: NetworkPanel | Network) -> Components:
    """Count the parts of a network whose people reach each other, and the share of the largest.

    In a weak component people are connected by ties in any direction, in a strong one each
    reaches each along the ties. Somebody without ties is a component of one.

    Parameters
    ----------
    panel : NetworkPanel or Network
        If ties have no direction, weak and strong components are the same.

    Returns
    -------
    Components
        `weak_components`, `largest_weak_share`, `strong_components`, `largest_strong_share`;
        `persons` has the number of each person's component, 1 being the largest (of equal ones
        that with the first id). A path cannot leave unknown pairs out: whoever did not answer is
        taken to have named nobody, so that there may be fewer components than are counted. No
        people, or nobody who answered, have nan with the reason.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 109, 132-133. Cambridge
    University Press. Agrees with `igraph::components(mode="weak")` and `mode="strong"`.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([1]), receiver=np.array([2]),
    ...                   strength=np.ones(1), answered=np.ones(3, dtype=bool))
    >>> print(components(network).sentence())
    The network of advice in wave 1 had 2 weak components, share of people in the largest weak \
component 0.67 (2 / 3 people) and 3 strong components.
    >>> components(network).persons()[["person_id", "weak_component", "strong_component"]]
      person_id  weak_component  strong_component
    0         a               2                 1
    1         b               1                 2
    2         c               1                 3
    """
    found = measured(
        panel,
        components_of,
        headline=("weak_components", "largest_weak_share", "strong_components"),
    )
    rows = [_persons(one).assign(**_numbered(one)) for one in networks_of(panel)]
    return Components(found.table, found.headline, _joined(rows, [f"{k}_component" for k in KINDS]))


def components_of(network: Network) -> dict[str, Quantity]:
    """Return numbers of components and shares of the largest."""
    found: dict[str, Quantity] = {}
    for kind in KINDS:
        sizes = np.bincount(parts(network.adjacency(), kind))
        found[f"{kind}_components"] = len(sizes)
        found[f"largest_{kind}_share"] = (int(sizes.max(initial=0)), network.n)
    return found


def parts(adjacency: sparse.csr_array, kind: str) -> np.ndarray:
    """Return for each person the number of their component, from 0, the largest first."""
    if not adjacency.shape[0]:
        return np.empty(0, dtype=np.intp)
    _, labels = sparse.csgraph.connected_components(adjacency, directed=True, connection=kind)
    _, first, codes = np.unique(labels, return_index=True, return_inverse=True)
    order = np.lexsort([first, -np.bincount(codes)])
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place[codes]


def _numbered(network: Network) -> dict[str, np.ndarray]:
    adjacency = network.adjacency()
    return {f"{kind}_component": parts(adjacency, kind) + 1 for kind in KINDS}


def isolates(panel: NetworkPanel | Network) -> Components:
    """Count the people who answered, named nobody and were named by nobody.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.

    Returns
    -------
    Components
        `isolates` and, as a share of those who answered, `share_isolated`; `naming_nobody` and
        `named_by_nobody`, which directed ties tell apart. `persons` lists the isolates. Somebody
        who did not answer may have named others and is no isolate; who named an isolate but did
        not answer is not known either. No people, or nobody who answered, have nan with the
        reason.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, p. 128. Cambridge University
    Press. Agrees with `sna::isolates` where everybody answered.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([1]), receiver=np.array([2]),
    ...                   strength=np.ones(1), answered=np.ones(3, dtype=bool))
    >>> isolates(network).persons()["person_id"].tolist()
    ['a']
    """
    found = measured(panel, isolates_of, headline=("isolates",))
    rows = [_persons(one)[_isolated(one)] for one in networks_of(panel)]
    return Components(found.table, found.headline, _joined(rows, []))


def isolates_of(network: Network) -> dict[str, Quantity]:
    """Return how many people have no tie, and how many lack one of a direction."""
    isolated = int(_isolated(network).sum())
    sent, received = _sent_and_received(network)
    return {
        "isolates": isolated,
        "share_isolated": (isolated, int(network.answered.sum())),
        "naming_nobody": int((network.answered & (sent == 0)).sum()),
        "named_by_nobody": int((received == 0).sum()),
    }


def _isolated(network: Network) -> np.ndarray:
    sent, received = _sent_and_received(network)
    return np.asarray(network.answered & (sent == 0) & (received == 0))


def _sent_and_received(network: Network) -> tuple[np.ndarray, np.ndarray]:
    sender, receiver, _ = network.arcs()
    sent, received = (np.bincount(ends, minlength=network.n) for ends in (sender, receiver))
    return sent, received


def _persons(network: Network) -> pd.DataFrame:
    named = network.people[["person_id"]].reset_index(drop=True)
    return named.assign(wave=network.wave, relation=network.relation)[list(NETWORK)]


def _joined(rows: list[pd.DataFrame], more: list[str]) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame(columns=[*NETWORK, *more])
    return pd.concat(rows, ignore_index=True)
