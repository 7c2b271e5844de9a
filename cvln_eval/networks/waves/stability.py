"""How much two waves' networks agree: Jaccard and Hamming, for each pair of waves."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.waves.steps import compared, divided
from cvln_eval.networks.waves.together import together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, summed_up
from cvln_eval.results import Result, count, number

__all__ = ["Stability", "stability"]

MEASURES = {
    "jaccard": "ties of both waves / ties of either wave",
    "hamming": "pairs tied in one wave and not in the other / pairs",
}
COLUMNS = (
    "wave", "relation", "from_wave", "measure", "numerator", "denominator", "value", "convention",
    "n_stayers", "reason",
)  # fmt: skip
NO_TIE = "no pair that is known in both waves was tied in either"
NO_PAIR = "no pair is known in both waves"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Stability(Result):
    """Agreement of waves; see `stability`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, pair of waves and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, pair of waves and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many pairs of waves of how many relations were compared."""
        return summed_up(self.rows)

    def sentence(self) -> str:
        """Return the Jaccard coefficient of each pair of waves."""
        said = [_said(*step) for step in by_step(self.rows)]
        return listed(said, none=NO_STEP)


def stability(panel: NetworkPanel | Network) -> Stability:
    r"""Compare the ties of each two waves of a relation, over pairs at risk in both.

    With :math:`n_{ab}` the pairs of state a in the earlier and b in the later wave, the Jaccard
    coefficient is :math:`n_{11} / (n_{11} + n_{10} + n_{01})`, the Hamming distance
    :math:`n_{10} + n_{01}`, here divided by the number of pairs. At risk are pairs of people
    asked in both waves that are known in both: of a directed network, ordered pairs whose sender
    answered both times.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. Each wave is compared with each later one.

    Returns
    -------
    Stability
        One row a relation, pair of waves (`from_wave` the earlier) and measure: `value` is
        `numerator` / `denominator`, so that the Hamming distance as a count is its `numerator`.
        Without a pair known in both waves, or for the Jaccard coefficient without a tie, the
        value is nan with the reason; so it is for a relation asked once. No networks give no
        rows.

    Raises
    ------
    ArgumentError
        If two waves were made by different rules or thresholds.

    Notes
    -----
    Models of network change are commonly advised against below a Jaccard coefficient of .2 and
    taken to be well served from .3 on, unless the network grows (Snijders et al., 2010, p. 54).
    The `numerator` of "hamming" agrees with `sna::hdist` where everybody answered.

    References
    ----------
    Snijders, T. A. B., van de Bunt, G. G., & Steglich, C. E. G. (2010). Introduction to stochastic
    actor-based models for network dynamics. Social Networks, 32, 44-60.

    Examples
    --------
    >>> from cvln_eval.networks.panel import panel_of
    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"]})
    >>> def wave(name, sender, receiver):
    ...     ends = np.array(sender), np.array(receiver)
    ...     return Network(name, "advice", people, *ends, np.ones(2), np.ones(3, dtype=bool))
    >>> found = stability(panel_of([wave("1", [0, 1], [1, 2]), wave("2", [0, 2], [1, 0])]))
    >>> found.tidy()[["measure", "numerator", "denominator", "value"]].round(2)
       measure  numerator  denominator  value
    0  jaccard          1            3   0.33
    1  hamming          2            6   0.33
    """
    return Stability(compared(panel, _each_two, _rows, MEASURES, COLUMNS))


def _each_two(networks: Sequence[Network]) -> Iterator[tuple[Network, Network]]:
    return itertools.combinations(networks, 2)


def _rows(earlier: Network, later: Network) -> Iterator[dict[str, object]]:
    both = together((earlier, later))
    before, after = both.ties(0), both.ties(1)
    n_pairs = both.n_pairs(np.zeros(both.n, dtype=np.int64))[0]
    n_both = len(np.intersect1d(before, after, assume_unique=True))
    n_either = len(before) + len(after) - n_both
    counted = {
        "jaccard": (n_both, n_either, NO_TIE if n_pairs else NO_PAIR),
        "hamming": (n_either - n_both, n_pairs, NO_PAIR),
    }
    for name, numbers in counted.items():
        yield divided(name, MEASURES[name], *numbers) | {"n_stayers": both.n}


def _said(relation: str, earlier: str, later: str, rows: Measures) -> str:
    row = rows["jaccard"]
    if not row["denominator"]:
        return (
            f"Agreement of {relation} in {earlier} and {later} is not available: {row['reason']}."
        )
    return (
        f"Of {count(row['denominator'], f'{relation} tie')} in {earlier} or {later}, "
        f"{row['numerator']:,} {'was' if row['numerator'] == 1 else 'were'} there in both "
        f"(Jaccard = {number(row['value'])})."
    )
