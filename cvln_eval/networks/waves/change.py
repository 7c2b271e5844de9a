"""Ties formed, kept and dropped between waves, among pairs at risk in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.waves.steps import compared, divided, pairs_of, steps_of
from cvln_eval.networks.waves.together import Together, together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, summed_up
from cvln_eval.results import Result, count, proportion

__all__ = ["TieChange", "tie_change"]

MEASURES = {
    "formed": "ties of the later wave / pairs that were not tied in the earlier wave",
    "kept": "ties of the later wave / ties of the earlier wave",
    "dropped": "pairs not tied in the later wave / ties of the earlier wave",
    "never tied": "pairs not tied in the later wave / pairs that were not tied in the earlier",
}
COLUMNS = (
    "wave", "relation", "from_wave", "pairs", "measure", "numerator", "denominator", "value",
    "convention",
    "n_stayers", "n_ties_not_known", "reason",
)  # fmt: skip
NO_TIE = "no such pair was tied in the earlier wave"
NO_GAP = "no such pair was without a tie in the earlier wave"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TieChange(Result):
    """Ties formed, kept and dropped; see `tie_change`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, wave, kind of pair and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, wave, kind of pairs and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many waves of how many relations were compared."""
        return summed_up(self.rows)

    def sentence(self) -> str:
        """Return how many ties formed and how many were kept, for each step of each relation."""
        whole = self.rows[self.rows["pairs"] == "all"]
        said = [_said(*step) for step in by_step(whole)]
        return listed(said, none=NO_STEP)


def tie_change(panel: NetworkPanel | Network, *, by: str | None = "team_id") -> TieChange:
    r"""Count the ties formed, kept, dropped and never there between successive waves.

    With :math:`n_{ab}` the pairs at risk with state a in the earlier and b in the later wave (1
    tied, 0 not), formed is :math:`n_{01} / (n_{00} + n_{01})`, kept :math:`n_{11} / (n_{10} +
    n_{11})`, dropped :math:`n_{10} / (n_{10} + n_{11})`, never tied :math:`n_{00} / (n_{00} +
    n_{01})`. At risk are pairs of people who were asked in both waves and of whom it is known in
    both whether they are tied: of a directed network, ordered pairs whose sender answered both
    times. So nobody's coming, leaving or silence is a tie formed or dropped.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks. A relation is compared between each wave in which it was asked and the next
        such wave; strengths do not count.
    by : str or None
        Attribute of the people that says who is within a group and who between groups, in the
        earlier wave. None: all pairs alone.

    Returns
    -------
    TieChange
        One row a relation, wave (the later one), kind of pair and measure: `numerator` pairs of
        `denominator`, `value` their ratio; `n_stayers` people were asked in both waves;
        `n_ties_not_known` ties between them, of either wave, are not at risk because the other
        wave's answer is missing. People of no group are in no pair within or between. Where there
        is nothing to divide by (nobody stayed or answered, no ties, all tied) the value is nan
        with the reason; so it is for a relation asked once. No networks give no rows.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, or two waves were made by different rules or thresholds.

    References
    ----------
    Snijders, T. A. B., van de Bunt, G. G., & Steglich, C. E. G. (2010). Introduction to stochastic
    actor-based models for network dynamics. Social Networks, 32, 44-60, section 3.1 (the tie
    changes between waves).

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": ["1", "1", "2", "2"], "relation": "advice",
    ...                      "sender_id": ["a", "b", "a", "c"],
    ...                      "receiver_id": ["b", "c", "b", "a"]})
    >>> memberships = pd.DataFrame({"wave": ["1"] * 3 + ["2"] * 3, "person_id": list("abc") * 2,
    ...                             "team_id": "x"})
    >>> from cvln_eval.networks.panel import network_panel
    >>> change = tie_change(network_panel(ties, memberships), by=None)
    >>> change.tidy()[["measure", "numerator", "denominator", "value"]]
          measure  numerator  denominator  value
    0      formed          1            4   0.25
    1        kept          1            2   0.50
    2     dropped          1            2   0.50
    3  never tied          3            4   0.75
    """

    def measured(earlier: Network, later: Network) -> Iterator[dict[str, object]]:
        return _rows(together((earlier, later)), by)

    return TieChange(compared(panel, steps_of, measured, MEASURES, COLUMNS))


def _rows(both: Together, by: str | None) -> Iterator[dict[str, object]]:
    before, after = both.ties(0), both.ties(1)
    not_known = len(both.named(0)) + len(both.named(1)) - len(before) - len(after)
    codes = both.codes(by)
    n_all = both.n_pairs(np.zeros_like(codes))[0]
    grouped, within = both.n_pairs(codes)
    n_pairs = {"all": n_all, "within": within, "between": grouped - within}
    for kind, belong in pairs_of(codes, by):
        mine = [pairs[belong(*both.ends(pairs))] for pairs in (before, after)]
        for row in _shares(mine[0], mine[1], n_pairs[kind]):
            extra = {"n_stayers": both.n, "n_ties_not_known": not_known}
            yield {"pairs": kind} | row | extra


def _shares(before: np.ndarray, after: np.ndarray, n_pairs: int) -> Iterator[dict[str, object]]:
    n_tied, n_kept = len(before), int(np.isin(after, before, assume_unique=True).sum())
    n_gaps, n_formed = n_pairs - n_tied, len(after) - n_kept
    counted = {
        "formed": (n_formed, n_gaps, NO_GAP),
        "kept": (n_kept, n_tied, NO_TIE),
        "dropped": (n_tied - n_kept, n_tied, NO_TIE),
        "never tied": (n_gaps - n_formed, n_gaps, NO_GAP),
    }
    return (divided(name, MEASURES[name], *numbers) for name, numbers in counted.items())


def _said(relation: str, earlier: str, later: str, rows: Measures) -> str:
    formed, kept = rows["formed"], rows["kept"]
    said = []
    if formed["denominator"]:
        ties, pairs = (
            count(formed["numerator"], f"{relation} tie"),
            count(formed["denominator"], "pair"),
        )
        share = proportion(formed["value"], 1)
        said.append(f"{ties} formed among {pairs} without one ({share})")
    if kept["denominator"]:
        kept_ties = f"{kept['numerator']:,} of {count(kept['denominator'], f'{relation} tie')}"
        said.append(f"{kept_ties} {'was' if kept['numerator'] == 1 else 'were'} kept")
        said[-1] += f" ({proportion(kept['value'])})"
    if not said:
        return f"Of {relation}, no pair was known in both {earlier} and {later}."
    return f"From {earlier} to {later}, {', and '.join(said)}."
