"""Whether ties within groups form before ties between groups."""

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
from cvln_eval.networks.waves.steps import by_relation
from cvln_eval.networks.waves.together import Together, distinct, together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, p_of, tested
from cvln_eval.results import Result, number

__all__ = ["WithinBeforeBetween", "within_before_between"]

MEAN = "mean over new ties {} groups of the waves from the first to the one they appeared in"
DIFFERENCE = "that of ties between groups minus that of ties within groups"
NULL = "When new ties appeared has nothing to do with who is in which group"
METHOD = (
    "Groups of people permuted over all waves at once, among those who answered alike; two-sided, "
    "the statistic is the difference in standard errors, ties within and between varying apart"
)
TEST = "between minus within"
COLUMNS = (
    "wave", "relation", "from_wave", "measure", "n_ties", "estimate", "convention", "n_persons",
    "n_waves", "statistic", "null_mean", "p_value", "p_low", "p_high", "smallest_p", "n_draws",
    "null_hypothesis", "method", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class WithinBeforeBetween(Result):
    """When new ties appeared within and between groups; see `within_before_between`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many relations and tests there are."""
        return tested(self.rows)

    def sentence(self) -> str:
        """Return by how many waves ties within groups came first, and the test."""
        said = [_said(relation, rows) for relation, _, _, rows in by_step(self.rows)]
        return listed(said, none=NO_STEP)


def within_before_between(
    panel: NetworkPanel | Network,
    *,
    by: str = "team_id",
    n_draws: int = 9999,
    rng: int | np.random.Generator = 0,
) -> WithinBeforeBetween:
    r"""Test whether new ties appeared within groups before they did between groups.

    A new tie is a pair without a tie in the first wave that has one in a later wave; its time
    :math:`t = 1, 2, \dots` is the number of waves from the first to the one in which it first
    appeared. The statistic is :math:`\bar t_{between} - \bar t_{within}`: above 0 where ties within
    groups came earlier. It compares when ties formed and not how many, so that it does not rise
    because groups are dense or small. Pairs are those of people in all waves of the relation that
    are known in every wave.

    The test permutes the groups of these people, one label a person over all waves, among those
    who answered alike; each group keeps its size, and ties of one person or one pair stay
    together. `statistic` is the difference divided by its standard error, as in Welch's t, because
    new ties within groups are as a rule more than those that other labels would put there. p is
    :math:`(c + 1) / (n + 1)`, two-sided.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. Waves are counted in the panel's order, those in
        which the relation was asked, whatever the months between them.
    by : str
        Attribute of the people that names their group, that of the first wave.
    n_draws : int
        Number of permutations.
    rng : int or Generator
        Seed.

    Returns
    -------
    WithinBeforeBetween
        One row a relation and measure: the mean times within and between groups, with `n_ties`
        new ties behind each, and their difference with its test. Ties that were there in the
        first wave are older than what the panel saw and no part of it. With fewer than three
        waves, or no new tie on one of the sides, the estimate is nan with the reason; where new
        ties all appeared in one wave, or no other grouping can be drawn, there is no p. A
        permutation without new ties on one side counts as extreme. People of no group are left
        out. No networks give no rows.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, two waves were made by different rules or thresholds, or
        `n_draws` is no whole number of 1 or more.

    Notes
    -----
    The test is exact where what became of pairs has nothing to do with groups at all. With 41
    people in five unequal teams and ties that form within and between teams at the same times, it
    rejected in .04 to .06 of simulated panels at the level .05, up to a density of .60 within and
    .015 between (`calibration/networks_waves.csv`).

    References
    ----------
    Chung, E., & Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals of
    Statistics, 41, 484-507 (statistics divided by their standard errors).
    Hubert, L. J., & Schultz, J. V. (1976). Quadratic assignment as a general data analysis
    strategy. British Journal of Mathematical and Statistical Psychology, 29, 190-241.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> def wave(name, sender, receiver):
    ...     ends, answered = (np.array(sender), np.array(receiver)), np.ones(4, dtype=bool)
    ...     return Network(name, "advice", people, *ends, np.ones(len(sender)), answered)
    >>> from cvln_eval.networks.panel import panel_of
    >>> waves = [wave("1", [3], [2]), wave("2", [0], [1]), wave("3", [0, 0, 2], [1, 2, 1])]
    >>> found = within_before_between(panel_of(waves), n_draws=99).tidy()
    >>> found[["measure", "n_ties", "estimate"]]
                    measure  n_ties  estimate
    0           time within       1       1.0
    1          time between       2       2.0
    2  between minus within       3       1.0
    """
    rows = [row for networks in by_relation(panel) for row in _rows(networks, by, n_draws, rng)]
    return WithinBeforeBetween(pd.DataFrame(rows, columns=list(COLUMNS)))


def _rows(
    networks: tuple[Network, ...], by: str, n_draws: int, rng: int | np.random.Generator
) -> Iterator[dict[str, object]]:
    both = together(networks)
    codes = both.codes(by)
    kept, labels = both.among(codes >= 0), codes[codes >= 0]
    pairs, times = _new_ties(kept)
    first, second = kept.ends(pairs)
    same = labels[first] == labels[second]
    weights = np.column_stack([np.ones(len(pairs)), times, times**2])
    totals = weights.sum(axis=0)
    # Between minus within: later between groups is above 0.
    observed = -compared(same @ weights, totals)
    why = _why_none(kept, same)
    no_test = why or _why_no_test(times, labels, strata_of(kept))
    found = Evidence()
    if not no_test:
        arrays = (first, second, weights, labels, strata_of(kept))
        found = studentised(
            observed, -compared(within_sums(*arrays, n_draws=n_draws, rng=rng), totals)
        )
    shared = _shared(kept)
    for kind, mine in (("within", same), ("between", ~same)):
        mean = float(times[mine].mean()) if mine.any() else math.nan
        lacks = "" if mine.any() else why or f"no new tie {kind} groups is known in every wave"
        yield shared | _side(kind, int(mine.sum()), mean, lacks)
    yield shared | _difference(len(pairs), np.full(2, np.nan) if why else observed, found, no_test)


def _shared(kept: Together) -> dict[str, object]:
    waves = kept.networks
    return {
        "wave": waves[-1].wave,
        "relation": waves[0].relation,
        "from_wave": waves[0].wave if len(waves) > 1 else "",
        "n_persons": kept.n,
        "n_waves": len(waves),
    }


def _side(kind: str, n_ties: int, mean: float, reason: str) -> dict[str, object]:
    return Evidence().columns() | {
        "measure": f"time {kind}",
        "n_ties": n_ties,
        "estimate": mean,
        "convention": MEAN.format(kind),
        "null_hypothesis": "",
        "method": "",
        "reason": reason,
    }


def _difference(
    n_ties: int, observed: np.ndarray, found: Evidence, reason: str
) -> dict[str, object]:
    return found.columns() | {
        "measure": TEST,
        "n_ties": n_ties,
        "estimate": float(observed[0]),
        "statistic": float(observed[1]) if np.isfinite(observed[1]) else math.nan,
        "convention": DIFFERENCE,
        "null_hypothesis": NULL,
        "method": METHOD,
        "reason": reason,
    }


def _new_ties(both: Together) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs that were first tied after the first wave, and how many waves after it."""
    waves = [both.ties(wave) for wave in range(len(both.networks))]
    pairs = distinct(*waves)
    place = np.searchsorted(pairs, np.concatenate(waves))
    times = np.full(len(pairs), len(waves))
    np.minimum.at(times, place, np.repeat(np.arange(len(waves)), [len(ties) for ties in waves]))
    return pairs[times > 0], times[times > 0]


def _why_none(kept: Together, same: np.ndarray) -> str:
    if len(kept.networks) < 3:
        return "the order of new ties needs three waves"
    lacking = [kind for kind, any_ in (("within", same), ("between", ~same)) if not any_.any()]
    return f"no new tie {' or '.join(lacking)} groups is known in every wave" if lacking else ""


def _why_no_test(times: np.ndarray, labels: np.ndarray, strata: np.ndarray) -> str:
    if (times == times[0]).all():
        return "all new ties appeared in the same wave"
    alone = "no other grouping of people who answered alike is possible"
    return "" if exchangeable(labels, strata) else alone


def _said(relation: str, rows: Measures) -> str:
    test = rows[TEST]
    if math.isnan(test["estimate"]):
        return f"The order of new {relation} ties is not available: {test['reason']}."
    early, late = (number(rows[f"time {kind}"]["estimate"]) for kind in ("within", "between"))
    return (
        f"New {relation} ties appeared on average {early} waves after {test['from_wave']} within "
        f"groups and {late} waves after it between groups "
        f"(difference {number(test['estimate'])}, {p_of(test)})."
    )
