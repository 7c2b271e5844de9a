"""Structural holes: whose contacts are tied to each other, and whose are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.positions.wedges import at_ties
from cvln_eval.networks.positions.wording import (
    DID_NOT_ANSWER,
    labelled,
    networks_in_words,
    ranged,
    stacked,
)
from cvln_eval.results import Result, count

__all__ = ["StructuralHoles", "constraint"]

COLUMNS = (
    "wave",
    "relation",
    "person_id",
    "measure",
    "value",
    "n_contacts",
    "n_not_answered",
    "convention",
    "reason",
)
ISOLATE = "no contacts"
ONE_CONTACT = "one contact"
CONVENTIONS = {
    "constraint": "Burt (1992): p of a contact is both directions' strength / all strength of the "
    "person, in the whole network; sum over contacts alone",
    "effective_size": "Burt (1992): contacts less their redundancy, strength of contacts' ties "
    "relative to each contact's strongest",
    "efficiency": "effective size / contacts",
    "hierarchy": "Coleman-Theil disorder of the contacts' parts of the constraint",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class StructuralHoles(Result):
    """Constraint, effective size, efficiency and hierarchy of each person; see `constraint`."""

    table: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network, person and measure."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, values, and how many of these cannot be had."""
        row = {
            "n_networks": len(self.table[["wave", "relation"]].drop_duplicates()),
            "n_persons": int(self.table["person_id"].nunique()),
            "n": len(self.table),
            "n_not_known": int(self.table["value"].isna().sum()),
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        if self.table.empty:
            return "There are no people whose constraint could be told."
        rows = self.table[self.table["measure"] == "constraint"]
        lacking = int(rows["value"].isna().sum())
        sizes = self.table.loc[self.table["measure"] == "effective_size", "value"]
        left = f"; {lacking:,} of {len(rows):,} values cannot be had" if lacking else ""
        return (
            f"Of {count(int(rows['person_id'].nunique()), 'person', 'people')} "
            f"{networks_in_words(rows)}, Burt's constraint was {ranged(rows['value'])} and "
            f"effective size {ranged(sizes)}{left}."
        )


def constraint(panel: NetworkPanel | Network) -> StructuralHoles:
    """Return Burt's constraint, effective size, efficiency and hierarchy of each person.

    With z_ij = a_ij + a_ji, p_ij = z_ij / sum_k z_ik and m_jq = z_jq / max_k z_jk, contact j's part
    is c_ij = (p_ij + sum_q p_iq p_qj)^2, constraint C_i = sum_j c_ij, effective size
    sum_j (1 - sum_q p_iq m_jq), efficiency the effective size / N, and hierarchy
    sum_j (c_ij / (C_i / N)) ln(c_ij / (C_i / N)) / (N ln N); sums over j go over the N contacts of
    i, those tied to i in either direction.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Strengths count where ties are valued; one that was not given counts 1. Use
        `panel.binary()` for ties alone.

    Returns
    -------
    StructuralHoles
        Somebody without contacts has nan in all four, somebody with one contact nan in hierarchy,
        each with the reason. People who did not answer have nan, for half of their ties is not
        known; for others the unanswered rows count as without ties (`n_not_answered` of them).
        Constraint can exceed 1 with two or three contacts. A network of nobody has no rows.

    References
    ----------
    Burt, R. S. (1992). Structural holes (equations 2.1 to 2.4 and 2.9, pp. 51-71). Harvard
    University Press. Borgatti, S. P. (1997). Structural holes: Unpacking Burt's redundancy
    measures. Connections, 20(1), 35-38.

    Notes
    -----
    Agrees with `igraph::constraint(graph)` with the strengths as weights, and with `constraint` and
    `effective_size(graph, nodes=...)` of networkx, which give nan for isolates. Without `nodes`
    networkx 3.6 divides by the strongest tie of q instead of j, another number if strengths differ.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> path = Network("1", "advice", people, sender=np.array([0, 1]), receiver=np.array([1, 2]),
    ...                strength=np.ones(2), answered=np.ones(3, bool), directed=False)
    >>> table = constraint(path).tidy()
    >>> table.loc[table["measure"] == "constraint", "value"].tolist()
    [1.0, 0.5, 1.0]
    """
    return StructuralHoles(stacked((_of_one(one) for one in networks_of(panel)), COLUMNS))


def _of_one(network: Network) -> pd.DataFrame:
    both = network.adjacency(valued=True)
    if network.directed:
        both = sparse.csr_array(both + both.T)
    contacts, measures = holes(both)
    base = np.where(contacts == 0, ISOLATE, "")
    base = np.where(network.answered, base, DID_NOT_ANSWER)
    parts = []
    for measure, value in measures.items():
        one = (measure == "hierarchy") & (contacts == 1) & (base == "")
        reason = np.where(one, ONE_CONTACT, base)
        parts.append(
            pd.DataFrame(
                {
                    "person_id": network.ids,
                    "measure": measure,
                    "value": np.where(reason == "", value, np.nan),
                    "n_contacts": contacts,
                    "convention": CONVENTIONS[measure],
                    "reason": reason,
                }
            )
        )
    silent = int((~network.answered).sum())
    return labelled(network, pd.concat(parts).assign(n_not_answered=silent))


def holes(both: sparse.csr_array) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the number of contacts and the four measures of a symmetric array of strengths."""
    contacts = np.diff(both.indptr)
    tied = both.astype(bool).astype(float)
    invested = _scaled(both, _inverse(both.sum(axis=1)))
    marginal = _scaled(both, _inverse(_strongest(both)))
    parts = (invested + at_ties(tied, invested, invested)).power(2)
    total = np.asarray(parts.sum(axis=1))
    redundant = at_ties(tied, invested, sparse.csr_array(marginal.T)).sum(axis=1)
    size = contacts - redundant
    return contacts, {
        "constraint": total,
        "effective_size": size,
        "efficiency": size * _inverse(contacts),
        "hierarchy": _hierarchy(sparse.csr_array(parts), total, contacts),
    }


def _hierarchy(parts: sparse.csr_array, total: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    relative = _scaled(parts, contacts * _inverse(total))
    uneven = relative.copy()
    uneven.data = relative.data * np.log(relative.data)
    most = np.maximum(contacts, 1)
    return np.asarray(uneven.sum(axis=1) * _inverse(most * np.log(most)))


def _strongest(both: sparse.csr_array) -> np.ndarray:
    strongest = np.zeros(both.shape[0])
    np.maximum.at(strongest, both.tocoo().coords[0], both.data)
    return strongest


def _scaled(array: sparse.csr_array, rows: np.ndarray) -> sparse.csr_array:
    return sparse.csr_array(sparse.diags_array(rows) @ array)


def _inverse(values: np.ndarray) -> np.ndarray:
    """Return 1 / value, 0 where there is none: rows without contacts are told as nan later."""
    values = np.asarray(values, dtype=float)
    inverse: np.ndarray = np.divide(1.0, values, out=np.zeros(len(values)), where=values > 0)
    return inverse
