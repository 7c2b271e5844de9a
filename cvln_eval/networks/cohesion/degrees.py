"""How degrees are distributed: ties and strengths, sent and received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.networks.cohesion.answering import n_answered
from cvln_eval.networks.cohesion.conventions import MEASURES
from cvln_eval.networks.cohesion.result import Quantity, in_words, missing_reason
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, count, number

__all__ = ["DegreeDistribution", "degree_distribution", "degrees_of"]

NETWORK = ("wave", "relation", "measure")
TIDY = (*NETWORK, "value", "n_persons", "share_of_persons", "n", "n_not_answered", "reason")
SUMMARY = (
    *NETWORK, "mean", "sd", "median", "degree_min", "degree_max", "n", "n_not_answered",
    "convention", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DegreeDistribution(Result):
    """How many people have each degree.

    Attributes
    ----------
    table, summaries : DataFrame
        What `tidy` and `summary` return.
    """

    table: pd.DataFrame
    summaries: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network, kind of degree and value that somebody has."""
        return self.table.copy()

    def summary(self) -> pd.DataFrame:
        """Return one row a network and kind of degree: mean, sd, median, range."""
        return self.summaries.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, the range of their mean degrees, the greatest degree."""
        ties = self.summaries[self.summaries["measure"].isin(("out_degree", "degree"))]
        means = ties["mean"].dropna()
        row = {
            "n_networks": len(ties),
            "mean_degree_min": means.min() if len(means) else np.nan,
            "mean_degree_max": means.max() if len(means) else np.nan,
            "reason": "" if len(means) else "there is no network with a degree",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste: one network's degrees, or the means' range."""
        ties = self.summaries[self.summaries["measure"].str.endswith("degree")]
        networks = ties.drop_duplicates(["wave", "relation"])
        if not len(networks):
            return "There are no networks."
        if len(networks) == 1:
            network = in_words(*networks[["wave", "relation"]].iloc[0])
            return f"In {network}, {'; '.join(_part(row) for row in ties.itertuples())}."
        row = self.glance().iloc[0]
        low, high = (number(row[f"mean_degree_{end}"]) for end in ("min", "max"))
        return f"Over {count(len(networks), 'network')}, mean degree ran from {low} to {high}."


def _part(row: Any) -> str:
    were = "was" if row.n == 1 else "were"
    did = {"out_degree": "named", "in_degree": f"{were} named by", "degree": f"{were} tied to"}
    if np.isnan(row.mean):
        return f"{row.measure.replace('_', '-')} is not available ({row.reason})"
    spread = "" if np.isnan(row.sd) else f" (SD = {number(row.sd)})"
    people = count(row.n, "person", "people")
    return f"{people} {did[row.measure]} {number(row.mean)} others on average{spread}"


def degree_distribution(panel: NetworkPanel | Network) -> DegreeDistribution:
    """Count the people who have each degree, and each sum of strengths.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.

    Returns
    -------
    DegreeDistribution
        Of directed networks `out_degree` and `out_strength` (ties sent and their strengths added
        up) over people who answered, `in_degree` and `in_strength` over everybody, named by those
        who answered; of undirected ones `degree` and `strength` among people who answered. `n` is
        the people whose value is known: a person with a tie without a strength has none. People
        without ties have 0. If nobody answered, or there are no people, one row with nan and the
        reason; the standard deviation (n - 1) of one person is nan.

    Raises
    ------
    ArgumentError
        If it is neither a panel nor a network.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis, pp. 125-128. Cambridge University
    Press. Degrees agree with `sna::degree(cmode="outdegree")`, `"indegree"` and, valued,
    `ignore.eval=FALSE`.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0]),
    ...                   receiver=np.array([1, 2]), strength=np.array([3.0, 1.0]),
    ...                   answered=np.ones(3, dtype=bool))
    >>> found = degree_distribution(network)
    >>> found.tidy().loc[lambda rows: rows["measure"] == "out_degree", ["value", "n_persons"]]
       value  n_persons
    0    0.0          2
    1    2.0          1
    >>> print(found.sentence())
    In the network of advice in wave 1, 3 people named 0.67 others on average (SD = 1.15); \
3 people were named by 0.67 others on average (SD = 0.58).
    """
    tables, summaries = [], []
    for network in networks_of(panel):
        for measure, values in _values(network).items():
            tables.append(_counted(network, measure, values))
            summaries.append(_summary(network, measure, values))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TIDY))
    return DegreeDistribution(table, pd.DataFrame(summaries, columns=list(SUMMARY)))


def degrees_of(network: Network) -> dict[str, Quantity]:
    """Return mean and standard deviation of each kind of degree."""
    found: dict[str, Quantity] = {}
    for measure, values in _values(network).items():
        found[f"{measure}_mean"] = (float(values.sum()), len(values))
        found[f"{measure}_sd"] = _sd(values)
    return found


def _values(network: Network) -> dict[str, np.ndarray]:
    """Return each kind of degree of the people of whom it is known."""
    told = network.answerable()
    sender, receiver, strength = told.sender, told.receiver, told.strength
    if not network.directed:
        ends, twice = np.concatenate([sender, receiver]), np.tile(strength, 2)
        return _of("", ends, twice, network.answered)
    everybody = np.full(network.n, bool(network.answered.any()))
    return _of("out_", sender, strength, network.answered) | _of(
        "in_", receiver, strength, everybody
    )


def _of(
    prefix: str, ends: np.ndarray, strength: np.ndarray, known: np.ndarray
) -> dict[str, np.ndarray]:
    degree = np.bincount(ends, minlength=len(known)).astype(float)
    total = np.bincount(ends, weights=strength, minlength=len(known))
    return {
        f"{prefix}degree": degree[known],
        f"{prefix}strength": total[known & ~np.isnan(total)],
    }


def _counted(network: Network, measure: str, values: np.ndarray) -> pd.DataFrame:
    degree, persons = np.unique(values, return_counts=True)
    reason = _reason(network, measure, values)
    rows = pd.DataFrame(
        {
            "value": degree if len(values) else [np.nan],
            "n_persons": persons if len(values) else [0],
            "share_of_persons": persons / len(values) if len(values) else [np.nan],
        }
    )
    return rows.assign(
        wave=network.wave,
        relation=network.relation,
        measure=measure,
        n=len(values),
        n_not_answered=network.n - n_answered(network),
        reason=reason,
    )[list(TIDY)]


def _summary(network: Network, measure: str, values: np.ndarray) -> dict[str, object]:
    some = len(values) > 0
    return {
        "wave": network.wave,
        "relation": network.relation,
        "measure": measure,
        "mean": float(values.mean()) if some else np.nan,
        "sd": _sd(values),
        "median": float(np.median(values)) if some else np.nan,
        "degree_min": float(values.min()) if some else np.nan,
        "degree_max": float(values.max()) if some else np.nan,
        "n": len(values),
        "n_not_answered": network.n - n_answered(network),
        "convention": MEASURES[f"{measure}_mean"].convention,
        "reason": _reason(network, measure, values),
    }


def _reason(network: Network, measure: str, values: np.ndarray) -> str:
    missing = missing_reason(network)
    return missing or ("" if len(values) else MEASURES[f"{measure}_mean"].none)


def _sd(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan
