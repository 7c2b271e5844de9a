"""Who met whom: sessions turned into ties between the people who came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.meetings.affiliation import Affiliation, Crossing, refuse_no_affiliation
from cvln_eval.networks.panel import Network, NetworkPanel, panel_of
from cvln_eval.results import Result, count

__all__ = ["CoAttendance", "co_attendance"]

RELATION = "co-attendance"
WEIGHTS = {"count": "n_sessions_together", "newman": "newman_weight"}
PAIRS = ("wave", "relation", "person_id", "other_person_id", *WEIGHTS.values())


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CoAttendance(Result):
    """Pairs of people who came to the same sessions; see `co_attendance`.

    Attributes
    ----------
    pairs : DataFrame
        One row a pair that met in a wave, the smaller id first.
    people : dict of str to DataFrame
        The people of each wave, those who came to nothing too.
    """

    pairs: pd.DataFrame
    people: dict[str, pd.DataFrame]

    def panel(self, *, weights: str = "count") -> NetworkPanel:
        """Return the undirected networks of co-attendance, one a wave.

        Parameters
        ----------
        weights : {"count", "newman"}
            Strength of a tie: sessions together, or Newman's weight.

        Raises
        ------
        ArgumentError
            If there are no such weights, or no wave.
        """
        if weights not in WEIGHTS:
            raise ArgumentError("Unknown weights", expected=shown(WEIGHTS), seen=repr(weights))
        return panel_of(self._network(wave, WEIGHTS[weights]) for wave in self.people)

    def _network(self, wave: str, column: str) -> Network:
        own, people = self.pairs[self.pairs["wave"] == wave], self.people[wave]
        ids = pd.Index(people["person_id"])
        return Network(
            wave=wave,
            relation=RELATION,
            people=people,
            sender=ids.get_indexer(own["person_id"]),
            receiver=ids.get_indexer(own["other_person_id"]),
            strength=own[column].to_numpy(dtype=float),
            answered=np.ones(len(people), dtype=bool),
            directed=False,
            rule="either",
        )

    def tidy(self) -> pd.DataFrame:
        """Return one row a pair of people who met in a wave."""
        return self.pairs.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: waves, people, pairs who met and pairs who could have."""
        sizes = [len(people) for people in self.people.values()]
        row = {
            "n_waves": len(self.people),
            "n_persons": len({one for people in self.people.values() for one in people.person_id}),
            "n_pairs_met": len(self.pairs),
            "n_pairs_possible": sum(n * (n - 1) // 2 for n in sizes),
            "reason": "" if sizes else "no held session has a roster",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Co-attendance is not available: {row['reason']}."
        return (
            f"Over {count(row['n_waves'], 'wave')}, "
            f"{count(row['n_pairs_met'], 'pair')} of people came to a session together, of "
            f"{row['n_pairs_possible']:,} that were on a roster together."
        )


def co_attendance(affiliation: Affiliation) -> CoAttendance:
    """Return for each pair of people how often they came to a session together.

    With b_is = 1 where i came to session s, and n_s the number who came,

        sessions together of i and j = sum_s b_is b_js,
        Newman's weight = sum_s b_is b_js / (n_s - 1), over sessions with n_s of 2 or more,

    so that a day with everybody ties any two of them less than a meeting of three, and somebody's
    weights add up to the number of sessions at which they had company.

    Parameters
    ----------
    affiliation : Affiliation
        As `affiliation` returns it; use `affiliation.only` for one kind or mode of session.

    Returns
    -------
    CoAttendance
        `tidy` has `wave, relation, person_id, other_person_id, n_sessions_together,
        newman_weight`, only pairs that met; `panel()` makes a `NetworkPanel` of them. Attendance
        is recorded, not reported: everybody counts as having answered, and a pair without a
        session together is no tie. Attendances off the roster make no ties. A session to which
        one person came ties nobody.

    References
    ----------
    Newman, M. E. J. (2001). Scientific collaboration networks. II. Shortest paths, weighted
    networks, and centrality. Physical Review E, 64, 016132, eq. 2.

    Examples
    --------
    >>> from cvln_eval.networks.meetings import affiliation
    >>> sessions = pd.DataFrame({"session_id": ["s1", "s2"], "kind": "day", "wave": "1",
    ...                          "status": "held", "held_on": ["2024-01-05", "2024-02-05"]})
    >>> memberships = pd.DataFrame({"person_id": list("abc"), "wave": "1", "team_id": list("xxy")})
    >>> attendance = pd.DataFrame({"session_id": ["s1", "s1", "s1", "s2", "s2"],
    ...                            "person_id": list("abcab")})
    >>> co_attendance(affiliation(attendance, sessions, memberships)).tidy().iloc[:, 2:]
      person_id other_person_id  n_sessions_together  newman_weight
    0         a               b                    2            1.5
    1         a               c                    1            0.5
    2         b               c                    1            0.5
    """
    refuse_no_affiliation(affiliation)
    people, parts = {}, [pd.DataFrame(columns=list(PAIRS)).astype({PAIRS[-1]: float})]
    for wave in affiliation.waves:
        crossing = affiliation.crossing(wave)
        people[wave] = crossing.people
        parts.append(_pairs(crossing, wave))
    kept = [part for part in parts if len(part)] or parts[:1]
    return CoAttendance(pairs=pd.concat(kept, ignore_index=True), people=people)


def _pairs(crossing: Crossing, wave: str) -> pd.DataFrame:
    first, second, together, weight = projected(crossing.came)
    ids = crossing.people["person_id"].to_numpy()
    columns = (wave, RELATION, ids[first], ids[second], together, weight)
    return pd.DataFrame(dict(zip(PAIRS, columns, strict=True)))


def projected(came: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the pairs of rows that share a column: both rows, columns shared, Newman's weight.

    Pairs are sorted by the smaller row, then the larger.
    """
    ones = sparse.csr_array(came.astype(float))
    company = np.maximum(came.sum(axis=0) - 1, 1)  # a session of one ties nobody anyway
    counts = sparse.csr_array(sparse.triu(ones @ ones.T, k=1))
    weights = sparse.csr_array(sparse.triu(sparse.csr_array(came / company) @ ones.T, k=1))
    counts.sort_indices()
    weights.sort_indices()
    pairs = counts.tocoo()
    return pairs.row, pairs.col, pairs.data.astype(int), weights.data
