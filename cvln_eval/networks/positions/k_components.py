"""How deep each person is embedded: cores by degree, and parts that few people cannot separate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of, symmetrised
from cvln_eval.networks.positions.connectivity import cohesive_parts, core_numbers
from cvln_eval.networks.positions.wording import (
    NOBODY_ANSWERED,
    labelled,
    networks_in_words,
    ranged,
    stacked,
)
from cvln_eval.results import Result, count

__all__ = ["Embeddedness", "k_components"]

COLUMNS = (
    "wave",
    "relation",
    "person_id",
    "measure",
    "value",
    "n_not_answered",
    "convention",
    "reason",
)
PARTS = ("wave", "relation", "part", "k", "n", "person_id")
CONVENTIONS = {
    "k_core": "largest k such that the person is in a set whose people have k ties or more in it",
    "k_component": "largest k such that the person is in a set that only k people or more separate",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Embeddedness(Result):
    """How deep each person is embedded in cores and components; see `k_components`.

    Attributes
    ----------
    people : DataFrame
        One row a network, person and measure.
    parts : DataFrame
        One row a network, k-component and person in it, the most cohesive first; of a set that is
        a k-component for several k the greatest.
    """

    people: pd.DataFrame
    parts: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network, person and measure; the sets stand in `parts`."""
        return self.people.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, values, and how many of these cannot be had."""
        row = {
            "n_networks": len(self.people[["wave", "relation"]].drop_duplicates()),
            "n_persons": int(self.people["person_id"].nunique()),
            "n": len(self.people),
            "n_not_known": int(self.people["value"].isna().sum()),
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        if self.people["value"].isna().all():
            return "There are no people whose embeddedness could be told."
        rows = self.people[self.people["measure"] == "k_component"]
        most = rows.groupby(["wave", "relation"])["value"].max()
        where = networks_in_words(rows)
        if len(most) > 1:
            return f"The most cohesive sets {where} were k-components with k = {ranged(most, 0)}."
        k, deepest = int(most.iloc[0]), int((rows["value"] == most.iloc[0]).sum())
        people = count(deepest, "person", "people")
        if k == 0:
            return f"Nobody {where} is tied to anybody."
        return f"The most cohesive sets {where} hold {people} and have k = {k} as k-components."


def k_components(panel: NetworkPanel | Network) -> Embeddedness:
    """Return for each person the greatest k of a k-core and of a k-component that has them.

    A k-core is a set of people each of whom is tied to k others in it or more; a k-component is a
    set that stays connected unless k of its people go or more, as large as it can be. A clique of
    k + 1 people is a k-component.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Of a directed network the directions are left out: two people are tied if either named
        the other. Strengths do not count.

    Returns
    -------
    Embeddedness
        Isolates have 0 in both, ends of a chain 1. Pairs that are not known count as without tie,
        so that both can be too small where people did not answer (`n_not_answered`); where nobody
        did they are nan. A network of nobody has no rows. `parts` lists the k-components.

    References
    ----------
    Seidman, S. B. (1983). Network structure and minimum degree. Social Networks, 5(3), 269-287.
    Moody, J., & White, D. R. (2003). Structural cohesion and embeddedness: A hierarchical concept
    of social groups. American Sociological Review, 68(1), 103-127.

    Notes
    -----
    Agrees with `sna::kcores`, with `igraph::cohesive_blocks` and with networkx's `core_number`.
    `k_components` of networkx 3.6 misses some (5-components of 9 people within 14, for one).
    1,000 people with 20,000 ties take about two seconds, of more people mostly the cube of their
    number; some hundred of whom half of all pairs are tied take longer.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd")})
    >>> tail = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                receiver=np.array([1, 2, 2, 3]), strength=np.ones(4),
    ...                answered=np.ones(4, bool), directed=False)
    >>> table = k_components(tail).tidy()
    >>> table.loc[table["measure"] == "k_component", "value"].tolist()
    [2.0, 2.0, 2.0, 1.0]
    """
    found = [_of_one(network) for network in networks_of(panel)]
    return Embeddedness(
        people=stacked((people for people, _ in found), COLUMNS),
        parts=stacked((parts for _, parts in found), PARTS),
    )


def _of_one(network: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    both = symmetrised(network, rule="either") if network.directed else network
    ties = both.adjacency()
    listed = sorted(cohesive_parts(ties), key=lambda part: (-part[0], part[1].tolist()))
    deepest = np.zeros(network.n)
    for k, people in listed:
        deepest[people] = np.maximum(deepest[people], k)
    reason = "" if network.answered.any() else NOBODY_ANSWERED
    values = {"k_core": core_numbers(ties).astype(float), "k_component": deepest}
    rows = [
        pd.DataFrame(
            {
                "person_id": network.ids,
                "measure": measure,
                "value": np.nan if reason else value,
                "convention": CONVENTIONS[measure],
            }
        )
        for measure, value in values.items()
    ]
    silent = int((~network.answered).sum())
    people_rows = pd.concat(rows).assign(n_not_answered=silent, reason=reason)
    return labelled(network, people_rows), labelled(network, _parts(network, listed))


def _parts(network: Network, listed: list[tuple[int, np.ndarray]]) -> pd.DataFrame:
    tables = [
        pd.DataFrame({"part": part, "k": k, "n": len(people), "person_id": network.ids[people]})
        for part, (k, people) in enumerate(listed, start=1)
    ]
    return pd.concat(tables) if tables else pd.DataFrame()
