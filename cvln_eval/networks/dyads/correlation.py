"""Correlation of networks, tested by permutations of people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.panel.asked import refuse_draws
from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.dyads.cells import Cells, cells_of
from cvln_eval.networks.dyads.evidence import gathered
from cvln_eval.networks.dyads.kinds import Setting, Term, Tie
from cvln_eval.networks.dyads.result import WHOLE, key_in_words, key_of
from cvln_eval.networks.dyads.terms import Terms, named_terms, outcomes
from cvln_eval.networks.dyads.testing import P_COLUMNS
from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["QapCorrelation", "qap_correlation"]

METHOD = "Pearson's r over pairs; people exchange places in one of both (QAP)"
NULL = "who has which place in {} has nothing to do with {}"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class QapCorrelation(Result):
    """Correlations of networks; see `qap_correlation`.

    Attributes
    ----------
    correlations : DataFrame
        One row a network and term.
    draws : DataFrame
        `wave`, `relation`, `term`, `draw`, `statistic`: r after each permutation.
    """

    correlations: pd.DataFrame
    draws: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and term."""
        return self.correlations.copy()

    def null_distribution(self) -> pd.DataFrame:
        """Return one row a network, term and permutation: the correlation it gave."""
        return self.draws.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many correlations, the range of their estimates."""
        table = self.correlations
        row = {
            "n_estimates": int(table["estimate"].notna().sum()),
            "estimate_min": table["estimate"].min(),
            "estimate_max": table["estimate"].max(),
            "n_draws": int(table["n_draws"].max()),
            "reason": "; ".join(dict.fromkeys(table["reason"])) if all(table["reason"]) else "",
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return a sentence a correlation."""
        return " ".join(_in_words(row) for _, row in self.correlations.iterrows())


def _in_words(row: pd.Series) -> str:
    what = f"{key_in_words(row['wave'], row['relation'])} with {row['term']}"
    if row["reason"]:
        return f"No test of the correlation of {what}: {row['reason']}."
    pairs, people = count(int(row["n_dyads"]), "pair"), count(int(row["n"]), "person", "people")
    all_of = "all " if row["enumerated"] else ""
    drawn = f"{all_of}{count(int(row['n_draws']), 'permutation')}"
    r = f"r = {number(row['estimate'])}, {p_in_words(row['p_value'])}"
    return f"Correlation of {what} over {pairs} of {people}: {r} (QAP, {drawn})."


def qap_correlation(
    panel: NetworkPanel | Network,
    *,
    terms: Terms | None = None,
    wave: str | None = None,
    relation: str | None = None,
    blocks: str | None = None,
    n_draws: int = 4999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> QapCorrelation:
    """Correlate networks with each other or with terms, tested by permutations of people.

    Pearson's r over the ordered pairs of people (of undirected networks the unordered ones) of
    which both values are known, the strengths of ties as they are (`panel.binary()` for whether
    there is one). p compares |r| with its values after the people of one of both changed places,
    rows and columns alike: Mantel's test, called quadratic assignment procedure.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Its networks, and where terms are looked up.
    terms : list, or mapping of names, optional
        What to correlate each network with, each by itself: see `mrqap`. Without, each network of
        the panel is correlated with each other, each pair once.
    wave, relation : str, optional
        Which networks, while the whole panel is there for terms; all if not given.
    blocks : str, optional
        Attribute of people, such as `team_id`, within which they change places.
    n_draws : int
        Permutations; if there are no more than that, each is taken once and p is exact.
    conf_level : float
        Level of `p_low` and `p_high`.
    rng : int or Generator
        Seed.

    Returns
    -------
    QapCorrelation
        One row a pair; p with its interval, and what becomes of unknown pairs, as in `mrqap`. r is
        nan with a reason where all pairs have the same value in one of both, or fewer than three
        are known; p is where nobody can be exchanged.

    Raises
    ------
    ArgumentError
        If a term cannot be looked up, there is no such network, or only one and no terms.

    References
    ----------
    Mantel, N. (1967). The detection of disease clustering and a generalized regression approach.
    Cancer Research, 27, 209-220.
    Krackhardt, D. (1987). QAP partialling as a test of spuriousness. Social Networks, 9, 171-186.

    Notes
    -----
    r agrees with `sna::gcor`, p with `sna::qaptest` within simulation error.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 0, 1, 2]),
    ...                   receiver=np.array([1, 2, 0, 3]), strength=np.ones(4),
    ...                   answered=np.ones(4, dtype=bool))
    >>> found = qap_correlation(network, terms={"itself turned": network.matrix().T}).tidy()
    >>> found[["estimate", "p_value", "n_dyads", "n_draws"]].round(3).values.tolist()
    [[0.25, 0.625, 12.0, 24.0]]
    """
    refuse_level(conf_level)
    refuse_draws(n_draws)
    settings = outcomes(panel, wave, relation)
    if terms is not None:
        named = named_terms(terms)
        pairs = [(one, {name: term}) for one in settings for name, term in named.items()]
    else:
        pairs = _all_pairs(settings)
    every = [cells_of([one], term, valued=True, blocks=blocks) for one, term in pairs]
    found = [_row(cells, n_draws, conf_level, rng) for cells in every]
    draws = pd.concat([draw for _, draw in found], ignore_index=True)
    return QapCorrelation(pd.DataFrame([row for row, _ in found]), draws)


def _all_pairs(settings: list[Setting]) -> list[tuple[Setting, dict[str, Term]]]:
    if len(settings) < 2:
        raise ArgumentError(
            "One network has nothing to be correlated with",
            expected="`terms`, or a panel of two networks or more",
            seen=f"{settings[0].network.relation} in {settings[0].network.wave} alone",
        )
    return [
        (one, {other.network.relation: Tie(other.network.relation, other.network.wave)})
        for one, other in combinations(settings, 2)
    ]


def _row(
    cells: Cells, n_draws: int, conf_level: float, rng: int | np.random.Generator
) -> tuple[dict[str, object], pd.DataFrame]:
    evidence = gathered(cells, method="qap", n_draws=n_draws, conf_level=conf_level, rng=rng)
    key, own = key_of(cells) | {"term": cells.labels[0]}, evidence.terms.iloc[-1]
    row = key | {"estimate": own["standardised"]}
    row |= {name: own[name] for name in P_COLUMNS if name != "statistic"}
    row |= {"conf_level": conf_level}
    row |= {name: evidence.whole[name] for name in WHOLE if name != "n_ties"}
    null = NULL.format(cells.networks[0].relation, cells.labels[0])
    # A reason may also be one why there is no standard error, which is not told here.
    reason = own["reason"] if np.isnan(own["p_value"]) else ""
    row |= {"method": METHOD, "null_hypothesis": null, "reason": reason}
    drawn = evidence.draws.get(cells.labels[0], np.empty(0))
    numbers = {"draw": np.arange(1, len(drawn) + 1), "statistic": drawn}
    return row, pd.DataFrame(key | numbers)
