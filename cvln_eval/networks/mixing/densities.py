"""Density within groups against density between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.measurement.matrix import refuse_level
from cvln_eval.networks.mixing.grouping import Grouped, grouped, internal_known
from cvln_eval.networks.mixing.permuting import (
    EXCHANGED,
    exchangeable,
    internal_ties,
    null_range,
    permutation_tail,
    permuted,
    refuse_draws,
)
from cvln_eval.networks.mixing.words import joined, key_of, named, no_number, overview, stacked
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.resampling import resample
from cvln_eval.results import Result, number, p_in_words, proportion

__all__ = ["WithinBetween", "within_between"]

WITHIN, BETWEEN = "density within groups", "density between groups"
DIFFERENCE, RATIO = "difference in density", "ratio of densities"
NULL = "ties are no more likely within groups than between them: groups are as if drawn by lot"
CONVENTIONS = {
    WITHIN: "ties / known pairs, both people of one group",
    BETWEEN: "ties / known pairs, people of different groups",
    DIFFERENCE: "within minus between",
    RATIO: "within / between",
}
NO_WITHIN = "no known pair is within a group"
NO_BETWEEN = "no known pair is between groups"
NO_TIE_BETWEEN = "there are no ties between groups, so that the ratio has no value"
FIXED = "no permutation of the groups differs from the one that was seen"
COLUMNS = (
    "wave",
    "relation",
    "measure",
    "estimate",
    "n_ties",
    "n_pairs",
    "null_mean",
    "null_low",
    "null_high",
    "p_value",
    "p_low",
    "p_high",
    "conf_level",
    "smallest_p",
    "n_draws",
    "n",
    "n_groups",
    "n_responded",
    "n_without_group",
    "convention",
    "method",
    "null_hypothesis",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WithinBetween(Result):
    """Densities within and between groups; see `within_between`.

    Attributes
    ----------
    table : DataFrame
        Four rows a network.
    by : str
        Attribute whose values are the groups.
    networks : tuple of Network
        What was looked at.
    """

    table: pd.DataFrame
    by: str
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return four rows a network: density within, density between, difference, ratio."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, ties, draws."""
        draws = self.table["n_draws"]
        return overview(self.networks, self.by, n_draws=int(draws.max()) if len(draws) else 0)

    def sentence(self) -> str:
        """Return for each network both densities, their ratio, and the test."""
        return joined(self.table[self.table["measure"] == DIFFERENCE], self._said)

    def _said(self, row: pd.Series) -> str:
        alike = (self.table[["wave", "relation"]] == row[["wave", "relation"]]).all(axis=1)
        rows = self.table[alike]
        own: dict[str, float] = dict(zip(rows["measure"], rows["estimate"], strict=True))
        if no_number(row["estimate"]):
            return f"Densities of {named(row)} cannot be compared: {row['reason']}."
        within, between = (proportion(own[name], 1) for name in (WITHIN, BETWEEN))
        ratio = "" if no_number(own[RATIO]) else f" (ratio {number(own[RATIO])})"
        start = (
            f"In {named(row)}, {within} of known pairs within groups ({self.by}) were tied and "
            f"{between} of those between them{ratio}"
        )
        if no_number(row["p_value"]):
            return f"{start}; no test: {row['reason']}."
        return (
            f"{start}; with groups permuted over people {p_in_words(row['p_value'])} "
            f"({row['n_draws']:,} draws)."
        )


def within_between(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    n_draws: int = 9999,
    conf_level: float = 0.95,
    rng: int | np.random.Generator = 0,
) -> WithinBetween:
    """Compare how dense ties are within groups and between them, in each wave and relation.

    With T_W ties among K_W known pairs within groups and T_B among K_B between them, the densities
    are T_W / K_W and T_B / K_B. In a directed network pairs are ordered and known where the first
    person answered; in an undirected one where both did: see `Network.answerable`.

    The difference of the densities is tested by permuting groups over people, among those who
    answered and among those who did not, as in `ei_index`. In a directed network each permutation
    keeps K_W and K_B, so that difference, ratio and E-I index all order the permutations as T_W
    does: their p is one and the same.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; `panel.symmetrised(rule=...)` makes them undirected.
    by : str
        Attribute of people whose values are the groups.
    n_draws : int
        Permutations.
    conf_level : float
        Level of the Monte Carlo interval of p, and share of the permutations between `null_low`
        and `null_high`.
    rng : int or Generator
        Seed of the draws, the same for each network.

    Returns
    -------
    WithinBetween
        The row of the difference has the test; both densities have the mean of the permutations
        and the range of their middle share `conf_level`. A density without a known pair (one
        group; groups of one person; nobody answered) is nan with a reason, and with it difference
        and ratio; the ratio is nan too where no tie is between groups. Without ties both densities
        are 0 and the difference, 0 in each permutation, has p = 1. People of no group are left out
        and counted.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, or `n_draws` or `conf_level` is out of its range.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.ones(4, dtype=bool))
    >>> within_between(network, n_draws=99).tidy()[["measure", "estimate", "n_ties", "n_pairs"]]
                      measure  estimate  n_ties  n_pairs
    0   density within groups     0.500       2        4
    1  density between groups     0.125       1        8
    2   difference in density     0.375       3       12
    3      ratio of densities     4.000       3       12
    """
    refuse_level(conf_level)
    refuse_draws(n_draws)
    networks = networks_of(panel)
    parts = [_rows(grouped(one.answerable(), by), by, n_draws, conf_level, rng) for one in networks]
    return WithinBetween(stacked(parts, COLUMNS), by, networks)


def _rows(
    groups: Grouped, by: str, n_draws: int, conf_level: float, rng: int | np.random.Generator
) -> pd.DataFrame:
    network = groups.network
    all_ties, all_pairs = network.n_ties, network.n_dyads()
    ties, pairs = int(groups.same.sum()), internal_known(groups)
    within, between = densities(np.array([ties]), np.array([pairs]), all_ties, all_pairs)[:, 0]
    estimates = {WITHIN: within, BETWEEN: between, DIFFERENCE: within - between}
    estimates[RATIO] = within / between if between > 0 else np.nan
    drawn = _drawn(groups, pairs, n_draws, rng)
    table = pd.DataFrame(
        {
            **key_of(network),
            "measure": list(estimates),
            "estimate": list(estimates.values()),
            "n_ties": [ties, all_ties - ties, all_ties, all_ties],
            "n_pairs": [pairs, all_pairs - pairs, all_pairs, all_pairs],
            "conf_level": conf_level,
            "n": network.n,
            "n_groups": len(groups.names),
            "n_responded": int(network.answered.sum()),
            "n_without_group": groups.n_without,
            "convention": [CONVENTIONS[name] for name in estimates],
            "method": ["", "", f"{by} {EXCHANGED}", ""],
            "null_hypothesis": ["", "", NULL, ""],
            "reason": _reasons(estimates, tested=bool(len(drawn))),
        }
    )
    return pd.concat([table, _tests(within - between, drawn, conf_level)], axis=1)


def _tests(difference: float, drawn: np.ndarray, conf_level: float) -> pd.DataFrame:
    """Return what the draws say of both densities, their difference, and nothing of the ratio."""
    untested = permutation_tail(np.nan, np.empty(0), conf_level=conf_level)
    own = [untested | null_range(values, conf_level) for values in drawn.T]
    test = permutation_tail(difference, drawn[:, 0] - drawn[:, 1], conf_level=conf_level)
    return pd.DataFrame([*own, test, untested])


def densities(ties: np.ndarray, pairs: np.ndarray, all_ties: int, all_pairs: int) -> np.ndarray:
    """Return the densities within and between groups, shape (2, ...), nan without a pair."""
    counted = np.array([ties, all_ties - ties], dtype=float)
    of = np.array([pairs, all_pairs - pairs])
    return np.asarray(np.divide(counted, of, out=np.full(of.shape, np.nan), where=of > 0))


def _drawn(groups: Grouped, pairs: int, n_draws: int, rng: int | np.random.Generator) -> np.ndarray:
    """Return both densities in each draw, without rows if none can be."""
    network, n_groups = groups.network, len(groups.names)
    if not exchangeable(groups.codes, network.answered):
        return np.empty((0, 2))
    codes = groups.codes.astype(np.min_scalar_type(n_groups))
    counts = (n_groups, pairs, network.n_ties, network.n_dyads())
    arrays = (codes, network.answered, np.array([network.sender, network.receiver]), counts)
    return resample(drawn_densities, n_draws, arrays=arrays, rng=rng, label="permuting groups")


def drawn_densities(
    size: int,
    stream: np.random.Generator,
    codes: np.ndarray,
    answered: np.ndarray,
    tied: np.ndarray,
    counts: tuple[int, int, int, int],
) -> np.ndarray:
    """Return the densities within and between groups with groups permuted, shape (size, 2)."""
    # Known pairs stay: a permutation keeps sizes and answers of each group.
    n_groups, pairs, all_ties, all_pairs = counts
    drawn = permuted(size, stream, codes, answered)
    ties = internal_ties(drawn, tied, n_groups).sum(axis=1)
    return densities(ties, np.full(len(ties), pairs), all_ties, all_pairs).T


def _reasons(estimates: dict[str, float], *, tested: bool) -> list[str]:
    within = NO_WITHIN if np.isnan(estimates[WITHIN]) else ""
    between = NO_BETWEEN if np.isnan(estimates[BETWEEN]) else ""
    either = within or between
    of_ratio = NO_TIE_BETWEEN if np.isnan(estimates[RATIO]) else ""
    return [within, between, either or ("" if tested else FIXED), either or of_ratio]
