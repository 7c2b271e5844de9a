"""How much a network is centred on one person, as a share of the most that it could be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.networks.positions.centrality import FEW, centrality
from cvln_eval.networks.positions.wording import (
    NOBODY_ANSWERED,
    labelled,
    networks_in_words,
    ranged,
    stacked,
)
from cvln_eval.results import Result

__all__ = ["Centralization", "centralization"]

COLUMNS = (
    "wave",
    "relation",
    "measure",
    "value",
    "deviation",
    "deviation_max",
    "n",
    "n_ties",
    "n_not_answered",
    "convention",
    "reason",
)
ONE_ANSWERED = "fewer than two people have this centrality"
NOT_CONNECTED = "not everybody reaches everybody, so that closeness is not defined"
STAR = "a star"
OUT_STAR = "a star whose centre names everybody and is named by nobody"
IN_STAR = "a star whose centre is named by everybody and names nobody"
MUTUAL_STAR = "a star of mutual ties"
FAR = (
    "a star of one-way ties in which whom nobody reaches is n steps away; no network in which "
    "closeness is defined attains it"
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Centralization(Result):
    """Freeman's centralizations of each network; see `centralization`."""

    table: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and measure."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, values, and how many of these cannot be had."""
        row = {
            "n_networks": len(self.table[["wave", "relation"]].drop_duplicates()),
            "n": len(self.table),
            "n_not_known": int(self.table["value"].isna().sum()),
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return the sentence an author would paste."""
        if self.table.empty:
            return "There are no networks whose centralization could be told."
        parts = [
            f"by {str(measure).replace('_', '-')} {ranged(rows['value'])}"
            for measure, rows in self.table.groupby("measure", sort=False)
            if "degree" in str(measure) or measure == "betweenness"
        ]
        where = networks_in_words(self.table)
        return f"Freeman centralization {where}: {', '.join(parts)} (0 = all alike, 1 = a star)."


def centralization(panel: NetworkPanel | Network) -> Centralization:
    """Return Freeman's centralization of each network by each measure of centrality.

    The sum over people of (greatest centrality - centrality), divided by the greatest sum that a
    network of as many people can have. Centralities are the relative ones of `centrality`, so that
    the divisor is (m - 1) (1 - c), m the people who have a value and c the centrality of the others
    in the network that is most centred.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Directed networks have the measures `out_degree`, `in_degree`, `betweenness`,
        `closeness_out`, `closeness_in`, `harmonic_out`, `harmonic_in`; undirected ones `degree`,
        `betweenness`, `closeness`, `harmonic`.

    Returns
    -------
    Centralization
        `deviation` is the sum, `deviation_max` the divisor, and `convention` says which network
        attains it: c is 0 for directed degrees, betweenness and directed harmonic closeness,
        1 / (n - 1) for undirected degree, 1 / n for directed closeness, (n - 1) / (2 n - 3) for
        undirected closeness and n / (2 (n - 1)) for undirected harmonic closeness. People who did
        not answer have no centrality in what they send and are left out of the sum (`n` are in
        it); unanswered rows count as without ties in paths. An empty network, or one where all are
        alike, has 0. Fewer than three people give nan, and so does closeness where not everybody
        reaches everybody, with the reason; harmonic closeness stands in for it.

    References
    ----------
    Freeman, L. C. (1979). Centrality in social networks: Conceptual clarification. Social
    Networks, 1(3), 215-239 (equations 3.9, 4.9 and 5.9 and their maxima).

    Notes
    -----
    Agrees with `sna::centralization(dat, FUN)` for `degree` (``cmode="indegree"``,
    ``"outdegree"``), `betweenness` and `closeness`, and of undirected networks for `closeness` with
    ``cmode="suminvundir"``. For ``"suminvdir"`` sna 2.7 divides by (n - 1) squared although its
    centralities are at most 1; the sum is at most n - 1, by which it is divided here.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> star = Network("1", "advice", people, sender=np.array([0, 0]), receiver=np.array([1, 2]),
    ...                strength=np.ones(2), answered=np.ones(3, bool))
    >>> centralization(star).tidy().set_index("measure").loc["out_degree", "value"].item()
    1.0
    """
    return Centralization(stacked((_of_one(one) for one in networks_of(panel)), COLUMNS))


def _of_one(network: Network) -> pd.DataFrame:
    if network.n == 0:
        return pd.DataFrame()
    table = centrality(network).tidy()
    rows = [
        {"measure": measure} | _centred(people, leaf, star, network)
        for measure, (leaf, star) in _leaves(network).items()
        for people in [table[table["measure"] == measure]]
    ]
    silent = int((~network.answered).sum())
    rest = pd.DataFrame(rows).assign(n_ties=network.n_ties, n_not_answered=silent)
    return labelled(network, rest)


def _leaves(network: Network) -> dict[str, tuple[float, str]]:
    """Return for each measure what the others have in the most centred network, and which it is."""
    n = network.n
    if n < 3:
        n = 3  # what comes of it is refused below; nothing is divided by nought on the way
    if network.directed:
        return {
            "out_degree": (0.0, OUT_STAR),
            "in_degree": (0.0, IN_STAR),
            "betweenness": (0.0, MUTUAL_STAR),
            "closeness_out": (1 / n, FAR),
            "closeness_in": (1 / n, FAR),
            "harmonic_out": (0.0, OUT_STAR),
            "harmonic_in": (0.0, IN_STAR),
        }
    return {
        "degree": (1 / (n - 1), STAR),
        "betweenness": (0.0, STAR),
        "closeness": ((n - 1) / (2 * n - 3), STAR),
        "harmonic": (n / (2 * (n - 1)), STAR),
    }


def _centred(people: pd.DataFrame, leaf: float, star: str, network: Network) -> dict[str, object]:
    known = people.loc[people["reason"] == "", "relative"].to_numpy(dtype=float)
    measure = str(people["measure"].iloc[0])
    reason = _reason(measure, people["reason"], len(known), network)
    deviation = float((known.max() - known).sum()) if not reason else np.nan
    most = (len(known) - 1) * (1 - leaf) if not reason else np.nan
    return {
        "value": deviation / most,
        "deviation": deviation,
        "deviation_max": most,
        "n": len(known),
        "convention": f"sum of (greatest - own) relative {measure} / that of {star}",
        "reason": reason,
    }


def _reason(measure: str, reasons: pd.Series, n_known: int, network: Network) -> str:
    if network.n < 3:
        return FEW
    if not network.answered.any():
        return NOBODY_ANSWERED
    if "closeness" in measure and reasons.str.contains("reach").any():
        return NOT_CONNECTED
    return ONE_ANSWERED if n_known < 2 else ""
