"""Density within and between groups from wave to wave, the people held fixed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.waves.labels import (
    Evidence,
    compared,
    exchangeable,
    strata_of,
    studentised,
    within_sums,
)
from cvln_eval.networks.waves.steps import ONE_WAVE, by_relation
from cvln_eval.networks.waves.together import Together, distinct, together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, p_of, tested
from cvln_eval.results import Result, count, number

__all__ = ["DensityGrowth", "density_growth"]

DENSITY = "ties / known pairs {} groups"
GROWTH = "density {} groups minus that of the first wave, over pairs known in every wave"
DIFFERENCE = "growth within groups minus growth between groups"
NULL = "Growth of ties has nothing to do with who is in which group"
METHOD = (
    "Groups of people permuted over all waves at once, among those who answered alike; the "
    "statistic is the difference in standard errors, pairs within and between groups varying apart"
)
COLUMNS = (
    "wave", "relation", "from_wave", "among", "measure", "numerator", "denominator", "estimate",
    "convention", "n_persons", "n_groups", "n_changed_group", "n_without_group", "statistic",
    "null_mean", "p_value", "p_low", "p_high", "smallest_p", "n_draws", "null_hypothesis",
    "method", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DensityGrowth(Result):
    """Densities within and between groups by wave; see `density_growth`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, wave and measure, of all people and of those who stayed.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, wave and measure, of all people and of stayers."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many relations and tests there are."""
        return tested(self.rows)

    def sentence(self) -> str:
        """Return by how much both densities changed up to the last wave, and the test."""
        found = self.rows[self.rows["measure"].str.startswith("growth")]
        last = {relation: rows for relation, _, _, rows in by_step(found)}
        said = [_said(relation, rows) for relation, rows in last.items()]
        return listed(said, none=NO_STEP)


def density_growth(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> DensityGrowth:
    r"""Follow density within and between groups over the waves, and test whether growth differs.

    With :math:`w_t` the density within and :math:`b_t` that between groups in wave t (ties /
    known pairs), growth since the first wave is :math:`w_t - w_1` and :math:`b_t - b_1`. They are
    taken over the stayers, people in all waves of the relation, and the pairs of them that are
    known in every wave: the same pairs in each wave, so that nobody's joining, leaving or silence
    is growth. The densities of each wave among all people asked in it stand beside.

    The test is of :math:`(w_t - w_1) - (b_t - b_1)`. It permutes the groups of stayers, one label
    a person over all waves, among those who answered alike, so that each group keeps its size,
    its answers and its known pairs. `statistic` is the difference divided by its standard error,
    as in Welch's t: pairs within groups, where ties are more, also change more often than pairs
    between them. p is :math:`(c + 1) / (n + 1)`, two-sided.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count.
    by : str
        Attribute of the people that names their group. A stayer's group is that of the first
        wave; `n_changed_group` counts those who were in another one later.
    n_draws : int
        Number of permutations; those of one relation serve all its waves.
    rng : int or Generator
        Seed.

    Returns
    -------
    DensityGrowth
        One row a relation, wave and measure, `among` "all" or "stayers". Of densities, `estimate`
        is `numerator` ties divided by `denominator` known pairs; of growth it is a difference,
        whose test stands in the row "growth within minus between". People of no group are left
        out and counted. Without pairs (nobody stayed or answered, one group, groups of one) the
        estimate is nan with the reason; where no other grouping can be drawn there is no p, with
        the reason. A relation asked once has no growth. No networks give no rows.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, two waves were made by different rules or thresholds, or
        `n_draws` is no whole number of 1 or more.

    Notes
    -----
    The test is exact where what became of pairs has nothing to do with groups at all. It is nearly
    so where ties are denser within groups and change as much there as between them: with 41 people
    in five unequal teams it rejected in .05 to .07 of simulated panels at the level .05, up to a
    density of .60 within and .015 between (`calibration/networks_waves.csv`). Where densities
    differ in the first wave, groups also differ in how many ties could be dropped and how many
    pairs were without one; `tie_change` tells these apart. The test does not tell whether growth
    differs from 0.

    References
    ----------
    Chung, E., & Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals of
    Statistics, 41, 484-507 (statistics divided by their standard errors).
    Hubert, L. J., & Schultz, J. V. (1976). Quadratic assignment as a general data analysis
    strategy. British Journal of Mathematical and Statistical Psychology, 29, 190-241.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9, 39.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> def wave(name, sender, receiver):
    ...     ends, answered = (np.array(sender), np.array(receiver)), np.ones(4, dtype=bool)
    ...     return Network(name, "advice", people, *ends, np.ones(len(sender)), answered)
    >>> from cvln_eval.networks.panel import panel_of
    >>> panel = panel_of([wave("1", [0], [2]), wave("2", [0, 1, 2], [1, 0, 3])])
    >>> grown = density_growth(panel, n_draws=99).tidy().tail(3)
    >>> grown[["measure", "estimate"]].round(3)
                            measure  estimate
    8                 growth within     0.750
    9                growth between    -0.125
    10  growth within minus between     0.875
    """
    rows: list[dict[str, object]] = []
    for networks in by_relation(panel):
        for network in networks:
            rows += _densities(together((network,)), by, among="all")
        if len(networks) > 1:
            rows += _densities(together(networks), by, among="stayers")
            rows += _growth(together(networks), by, n_draws, rng)
        else:
            name = {"wave": networks[0].wave, "relation": networks[0].relation, "from_wave": ""}
            rows.append(name | _row("growth within minus between", DIFFERENCE, reason=ONE_WAVE))
    return DensityGrowth(pd.DataFrame(rows, columns=list(COLUMNS)))


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Ties and known pairs within groups and in all, and what permuted labels make of them.

    Attributes
    ----------
    first, second : ndarray, shape (P,)
        Ends of pairs that are tied in some wave, or known against the rule.
    weights : ndarray, shape (P, 2 waves + 1)
        Whether tied in each wave, whether otherwise than in the first wave in each; last, what the
        pair adds to the pairs known by the rule.
    totals : ndarray, shape (2 waves + 1,)
        Ties of each wave, pairs changed since the first, and known pairs.
    n_by_rule : int
        Pairs within groups that are known by the rule: the same under each permutation.
    """

    first: np.ndarray
    second: np.ndarray
    weights: np.ndarray
    totals: np.ndarray
    n_by_rule: int

    def within(self, sums: np.ndarray) -> np.ndarray:
        """Return ties within groups and, last, known pairs within groups, from sums of weights."""
        return np.asarray(sums + np.append(np.zeros(len(self.totals) - 1), self.n_by_rule))

    def densities(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the densities of each wave within and between groups, nan without pairs."""
        within, n_waves = self.within(sums), len(self.totals) // 2
        found = []
        for counted in (within, self.totals - within):
            pairs = counted[..., -1:]
            found.append(counted[..., :n_waves] / np.where(pairs > 0, pairs, np.nan))
        return found[0], found[1]

    def growth(self, sums: np.ndarray, wave: int) -> np.ndarray:
        """Return the difference in growth up to a wave, and it in standard errors."""
        return compared(self._changes(self.within(sums), wave), self._changes(self.totals, wave))

    def _changes(self, counted: np.ndarray, wave: int) -> np.ndarray:
        """Return known pairs, the sum of their changes since the first wave, and of the squares."""
        n_waves = len(self.totals) // 2
        grown = counted[..., wave] - counted[..., 0]
        return np.stack([counted[..., -1], grown, counted[..., n_waves + wave]], axis=-1)


def _blocks(both: Together, labels: np.ndarray) -> tuple[_Blocks, np.ndarray]:
    """Return the blocks, and the sums of weights within groups as they are."""
    waves = [both.ties(wave) for wave in range(len(both.networks))]
    odd, step = both.exceptions()
    pairs = distinct(*waves, odd)
    weights = np.zeros((len(pairs), 2 * len(waves) + 1))
    for wave, ties in enumerate(waves):
        weights[np.searchsorted(pairs, ties), wave] = 1
    weights[:, len(waves) : -1] = weights[:, : len(waves)] != weights[:, :1]
    weights[np.searchsorted(pairs, odd), -1] = step
    first, second = both.ends(pairs)
    n_pairs, n_within = both.n_pairs(labels)
    sums = (labels[first] == labels[second]) @ weights
    totals = np.append(weights[:, :-1].sum(axis=0), n_pairs)
    return _Blocks(first, second, weights, totals, n_within - int(sums[-1])), sums


def _grouped(both: Together, by: str) -> tuple[Together, np.ndarray, dict[str, object]]:
    """Return those who have a group, their groups, and how many there are of what."""
    codes = both.codes(by)
    kept = both.among(codes >= 0)
    later = np.array(
        [
            network.people[by].astype("str").to_numpy()[rows]
            for network, rows in zip(kept.networks, kept.rows, strict=True)
        ]
    )
    counts: dict[str, object] = {
        "n_persons": kept.n,
        "n_groups": len(np.unique(codes[codes >= 0])),
        "n_changed_group": int((later != later[:1]).any(axis=0).sum()),
        "n_without_group": both.n - kept.n,
    }
    return kept, codes[codes >= 0], counts


def _densities(both: Together, by: str, *, among: str) -> Iterator[dict[str, object]]:
    kept, labels, counts = _grouped(both, by)
    blocks, sums = _blocks(kept, labels)
    within, densities = blocks.within(sums), blocks.densities(sums)
    for wave, network in enumerate(both.networks):
        ties = (within, blocks.totals - within)
        for kind, counted, density in zip(("within", "between"), ties, densities, strict=True):
            named = {"wave": network.wave, "relation": network.relation, "from_wave": ""}
            yield named | _row(
                f"density {kind}",
                DENSITY.format(kind),
                among=among,
                numerator=int(counted[wave]),
                denominator=int(counted[-1]),
                estimate=float(density[wave]),
                reason="" if counted[-1] else f"no pair {kind} groups is known",
                **counts,
            )


def _growth(
    both: Together, by: str, n_draws: int, rng: int | np.random.Generator
) -> Iterator[dict[str, object]]:
    kept, labels, counts = _grouped(both, by)
    blocks, sums = _blocks(kept, labels)
    here, drawn, no_test = blocks.densities(sums), None, _why_no_test(kept, labels, blocks, sums)
    if not no_test:
        arrays = (blocks.first, blocks.second, blocks.weights, labels, strata_of(kept))
        drawn = within_sums(*arrays, n_draws=n_draws, rng=rng)
    first = both.networks[0]
    for wave, network in enumerate(both.networks[1:], start=1):
        named = {"wave": network.wave, "relation": first.relation, "from_wave": first.wave}
        gains = [float(density[wave] - density[0]) for density in here]
        observed, found = blocks.growth(sums, wave), Evidence()
        if drawn is not None:
            found = studentised(observed, blocks.growth(drawn, wave))
        for row in (*_gained(gains), _compared(observed, found, no_test)):
            yield named | row | counts


def _gained(gains: list[float]) -> Iterator[dict[str, object]]:
    for kind, gain in zip(("within", "between"), gains, strict=True):
        why = f"no pair {kind} groups is known in every wave" if math.isnan(gain) else ""
        yield _row(f"growth {kind}", GROWTH.format(kind), estimate=gain, reason=why)


def _compared(observed: np.ndarray, found: Evidence, no_test: str) -> dict[str, object]:
    return _row(
        "growth within minus between",
        DIFFERENCE,
        estimate=float(observed[0]),
        statistic=float(observed[1]) if np.isfinite(observed[1]) else np.nan,
        null_hypothesis=NULL,
        method=METHOD,
        reason=no_test,
        **found.columns(),
    )


def _why_no_test(kept: Together, labels: np.ndarray, blocks: _Blocks, sums: np.ndarray) -> str:
    within = blocks.within(sums)[-1]
    if not within or within == blocks.totals[-1]:
        kind = "between" if within else "within"
        return f"no pair {kind} groups is known in every wave"
    if not exchangeable(labels, strata_of(kept)):
        return "no other grouping of people who answered alike is possible"
    return ""


def _row(measure: str, convention: str, **values: object) -> dict[str, object]:
    """Return a row of the table: what is not given is not there."""
    blank: dict[str, object] = {"among": "stayers", "estimate": np.nan, "n_draws": 0}
    words = {"null_hypothesis": "", "method": "", "reason": ""}
    return blank | words | {"measure": measure, "convention": convention} | values


def _said(relation: str, rows: Measures) -> str:
    test = rows["growth within minus between"]
    if math.isnan(test["estimate"]):
        return f"Growth of {relation} within and between groups is not available: {test['reason']}."
    gains = {kind: rows[f"growth {kind}"]["estimate"] for kind in ("within", "between")}
    grown = [f"{_moved(gain)} {kind} groups" for kind, gain in gains.items()]
    persons = count(test["n_persons"], "person", "people")
    return (
        f"From {test['from_wave']} to {test['wave']}, the density of {relation} among {persons} "
        f"there in every wave {grown[0]} and {grown[1]} "
        f"(difference {number(test['estimate'], 3)}, {p_of(test)})."
    )


def _moved(gain: float) -> str:
    if not gain:
        return "did not change"
    return f"{'rose' if gain > 0 else 'fell'} by {number(abs(gain), 3)}"
