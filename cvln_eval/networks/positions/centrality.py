"""Who stands where: degrees, betweenness and closeness of each person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.positions.paths import Paths, shortest_paths
from cvln_eval.networks.positions.wording import (
    DID_NOT_ANSWER,
    labelled,
    networks_in_words,
    ranged,
    stacked,
)
from cvln_eval.results import Result, count

__all__ = ["Centrality", "centrality"]

COLUMNS = (
    "wave",
    "relation",
    "person_id",
    "measure",
    "value",
    "relative",
    "n_pairs",
    "n_not_answered",
    "convention",
    "reason",
)
ALONE = "nobody else is in the network"
FEW = "fewer than three people are in the network"
NO_WORD = "nobody who could have named this person answered"
NO_STRENGTH = "the strength of a tie is not given"
NOT_REACHING = "does not reach everybody"
NOT_REACHED = "is not reached by everybody"
BLANK = "the ties of those who did not answer count as none"
CONVENTIONS = {
    "degree": "ties; relative: of the pairs that are known",
    "strength": "sum of the ties' strengths",
    "betweenness": "others' shortest paths that pass the person, each pair shared by its paths; "
    f"relative: of the pairs of others whose first answered; {BLANK}",
    "closeness": f"1 / sum of distances; relative: their number / sum of distances; {BLANK}",
    "harmonic": "sum of 1 / distance, 0 for those who are not reached; relative: their mean; "
    f"{BLANK}",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Centrality(Result):
    """Centrality of each person; see `centrality`."""

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
            return "There are no people whose centrality could be told."
        parts = [
            f"{str(measure).replace('_', '-')} {ranged(rows['value'])}"
            for measure, rows in self.table.groupby("measure", sort=False)
            if "degree" in str(measure) or measure == "betweenness"
        ]
        silent = self.table.loc[self.table["reason"] == DID_NOT_ANSWER]
        n_silent = len(silent[["wave", "relation", "person_id"]].drop_duplicates())
        people = count(int(self.table["person_id"].nunique()), "person", "people")
        left = f" (n = {n_silent:,} did not answer and have in part no values)" if n_silent else ""
        return f"Of {people} {networks_in_words(self.table)}{left}: {', '.join(parts)}."


def centrality(panel: NetworkPanel | Network) -> Centrality:
    """Return degrees, betweenness and closeness of each person.

    Degree is the number of ties, strength the sum of their strengths; betweenness of i is the sum
    over pairs (s, t) of others of the share of shortest paths from s to t that pass i; closeness
    (Freeman) is 1 / sum of the distances to all others, harmonic closeness the sum of 1 / distance.
    A tie of any strength is one step.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Directed networks have `out_degree`, `in_degree`, `out_strength`, `in_strength`,
        `betweenness`, `closeness_out` (from the person), `closeness_in` (to the person),
        `harmonic_out`, `harmonic_in`; undirected ones `degree`, `strength`, `betweenness`,
        `closeness`, `harmonic`.

    Returns
    -------
    Centrality
        `value` as in the formulas, and `relative`, its share of the greatest value that could have
        been seen, for comparisons between networks of different size (nan for strengths, which
        have no greatest value): degree / known pairs, betweenness / pairs of others whose first
        answered, closeness times the number of others, harmonic closeness / number of others.
        What somebody who did not answer sends is not known: nan, with the reason, for out-degree,
        betweenness and what goes out; what comes in counts the word of those who answered, whose
        number is `n_pairs`. Paths take unanswered rows as without ties (`n_not_answered` of them),
        so that distances can only be too long. Isolates have degree, betweenness and harmonic
        closeness 0; closeness is nan for whoever does not reach everybody. One person alone has
        nan throughout; a network of nobody has no rows.

    References
    ----------
    Freeman, L. C. (1979). Centrality in social networks: Conceptual clarification. Social
    Networks, 1(3), 215-239. Rochat, Y. (2009). Closeness centrality extended to unconnected
    graphs: The harmonic centrality index. ASNA.

    Notes
    -----
    Agrees with `sna::degree`, `sna::betweenness` and `sna::closeness` (``cmode="directed"`` and
    ``"suminvdir"``) where everybody answered; where somebody is not reached sna's closeness is 0.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1]),
    ...                   receiver=np.array([1, 2]), strength=np.ones(2), answered=np.ones(3, bool))
    >>> table = centrality(network).tidy()
    >>> table.loc[table["measure"] == "betweenness", "value"].tolist()
    [0.0, 1.0, 0.0]
    """
    return Centrality(stacked((_of_one(one) for one in networks_of(panel)), COLUMNS))


def _of_one(network: Network) -> pd.DataFrame:
    found = shortest_paths(network.adjacency())
    rows = _directed(network, found) if network.directed else _undirected(network, found)
    parts = [
        pd.DataFrame(
            {
                "person_id": network.ids,
                "measure": measure,
                "value": np.where(reason == "", value, np.nan),
                "relative": np.where(reason == "", relative, np.nan),
                "n_pairs": pairs,
                "convention": _convention(measure),
                "reason": reason,
            }
        )
        for measure, value, relative, pairs, reason in rows
    ]
    silent = int((~network.answered).sum())
    return labelled(network, pd.concat(parts).assign(n_not_answered=silent))


Row = tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _directed(network: Network, found: Paths) -> list[Row]:
    n, answered = network.n, network.answered
    out, into = np.full(n, n - 1), answered.sum() - answered
    triples = np.maximum(answered.sum() - 1, 0) * np.full(n, max(n - 2, 0))
    own = np.where(answered, "", DID_NOT_ANSWER)
    heard = np.where(into > 0, "", NO_WORD)
    return [
        _degree("out_degree", _sums(network.sender, None, n), out, own),
        _degree("in_degree", _sums(network.receiver, None, n), into, heard),
        _strength("out_strength", _sums(network.sender, network.strength, n), out, own),
        _strength("in_strength", _sums(network.receiver, network.strength, n), into, heard),
        _between(found.through, triples, own),
        _close("closeness_out", found.far_out, found.reached_out, out, own, NOT_REACHING),
        _close("closeness_in", found.far_in, found.reached_in, into, heard, NOT_REACHED),
        _degree("harmonic_out", found.near_out, out, own),
        _degree("harmonic_in", found.near_in, into, heard),
    ]


def _undirected(network: Network, found: Paths) -> list[Row]:
    n = network.n
    ends, _, strength = network.arcs()
    pairs, others = _known_pairs(network), np.full(n, n - 1)
    triples = np.full(n, max(n - 1, 0) * max(n - 2, 0) // 2)
    own = np.where(network.answered, "", DID_NOT_ANSWER)
    return [
        _degree("degree", _sums(ends, None, n), pairs, own),
        _strength("strength", _sums(ends, strength, n), pairs, own),
        _between(found.through / 2, triples, own),
        _close("closeness", found.far_out, found.reached_out, others, own, NOT_REACHING),
        _degree("harmonic", found.near_out, others, own),
    ]


def _known_pairs(network: Network) -> np.ndarray:
    """Return how many pairs of each person who answered are known; see `Network.known`."""
    n, answered = network.n, network.answered
    if network.rule == "both":
        return n - 1 - np.bincount(network.claimed.ravel(), minlength=n)
    first, second, _ = network.arcs()
    told = np.bincount(first[~answered[second]], minlength=n)
    return np.asarray(answered.sum() - answered + told)


def _sums(ends: np.ndarray, weights: np.ndarray | None, n: int) -> np.ndarray:
    return np.bincount(ends, weights, minlength=n).astype(float)


def _degree(measure: str, value: np.ndarray, pairs: np.ndarray, reason: np.ndarray) -> Row:
    return measure, value, _divided(value, pairs), pairs, _alone(reason)


def _strength(measure: str, value: np.ndarray, pairs: np.ndarray, reason: np.ndarray) -> Row:
    lacking = np.where(np.isnan(value), NO_STRENGTH, reason)
    reason = np.where(reason == "", lacking, reason)
    return measure, value, np.full(len(value), np.nan), pairs, _alone(reason)


def _between(value: np.ndarray, triples: np.ndarray, reason: np.ndarray) -> Row:
    few = FEW if len(value) < 3 else ""
    reason = np.where(reason == "", np.where(triples > 0, "", few or NO_WORD), reason)
    return "betweenness", value, _divided(value, triples), triples, _alone(reason)


def _close(
    measure: str,
    far: np.ndarray,
    reached: np.ndarray,
    pairs: np.ndarray,
    reason: np.ndarray,
    lacking: str,
) -> Row:
    reason = np.where((reason == "") & (reached < pairs), lacking, reason)
    return measure, _divided(np.ones(len(far)), far), _divided(pairs, far), pairs, _alone(reason)


def _divided(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    whole = np.asarray(whole, dtype=float)
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _alone(reason: np.ndarray) -> np.ndarray:
    """Return the reasons, that of one person alone being that there is nobody else."""
    return np.array([ALONE]) if len(reason) == 1 else reason


def _convention(measure: str) -> str:
    return next(words for name, words in CONVENTIONS.items() if name in measure)
