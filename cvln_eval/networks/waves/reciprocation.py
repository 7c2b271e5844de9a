"""Ties of one side that the other side answered by the next wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.networks.panel import Network, NetworkPanel
from cvln_eval.networks.waves.steps import compared, divided, steps_of
from cvln_eval.networks.waves.together import Together, distinct, together
from cvln_eval.networks.waves.wording import NO_STEP, Measures, by_step, listed, summed_up
from cvln_eval.results import Result, count, proportion

__all__ = ["Reciprocation", "reciprocation"]

MEASURES = {
    "answered later": "i named j, j not i, in the earlier wave: pairs where j named i later / all",
    "became mutual": "i named j, j not i, in the earlier wave: pairs where both did later / all",
    "formed without a tie": "neither named the other in the earlier wave: ties later / all",
}
COLUMNS = (
    "wave", "relation", "from_wave", "measure", "numerator", "denominator", "value", "convention",
    "reason",
)  # fmt: skip
UNDIRECTED = "ties of this network have no direction"
NONE = {
    "answered later": "no tie of one side is known in both waves",
    "became mutual": "no tie of one side is known from both sides in both waves",
    "formed without a tie": "no pair without any tie is known in both waves",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Reciprocation(Result):
    """Ties answered later; see `reciprocation`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, wave and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, wave and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many waves of how many relations were compared."""
        return summed_up(self.rows)

    def sentence(self) -> str:
        """Return how many one-sided ties were answered, beside ties that had none to answer."""
        said = [_said(*step) for step in by_step(self.rows)]
        return listed(said, none=NO_STEP)


def reciprocation(panel: NetworkPanel | Network) -> Reciprocation:
    """Count which ties that were not reciprocated in one wave were answered in the next.

    A tie from i to j without one from j to i was answered if j names i in the later wave; the
    pair became mutual if i still names j too. Beside it stands how often ties formed where
    neither had named the other: only a share above that one speaks of answering.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. A relation is compared between each wave in which
        it was asked and the next such wave.

    Returns
    -------
    Reciprocation
        One row a relation, wave (the later one) and measure: `numerator` of `denominator`,
        `value` their ratio. i and j were asked in both waves. "answered later" and "formed
        without a tie" are of ordered pairs whose sender answered in both waves and whose other
        end did in the earlier one; "became mutual" is of one-sided ties where both answered in
        both. With nothing to divide by, ties without direction, or a relation asked once, the
        value is nan with the reason. No networks give no rows.

    Raises
    ------
    ArgumentError
        If two waves were made by different rules or thresholds.

    References
    ----------
    Hallinan, M. T. (1978). The process of friendship formation. Social Networks, 1, 193-210
    (how mutual, one-sided and absent choices pass into each other).

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": ["1", "1", "2"], "relation": "advice",
    ...                      "sender_id": ["a", "c", "b"], "receiver_id": ["b", "b", "a"]})
    >>> memberships = pd.DataFrame({"wave": ["1"] * 3 + ["2"] * 3, "person_id": list("abc") * 2,
    ...                             "team_id": "x"})
    >>> from cvln_eval.networks.panel import network_panel
    >>> found = reciprocation(network_panel(ties, memberships))
    >>> found.tidy()[["measure", "numerator", "denominator", "value"]]
                    measure  numerator  denominator  value
    0        answered later          1            2    0.5
    1         became mutual          0            2    0.0
    2  formed without a tie          0            2    0.0
    """
    return Reciprocation(compared(panel, steps_of, _rows, MEASURES, COLUMNS))


def _rows(earlier: Network, later: Network) -> Iterator[dict[str, object]]:
    both = together((earlier, later))
    if both.directed:
        counted = _counted(both)
        for name, (number, n) in counted.items():
            yield divided(name, MEASURES[name], number, n, NONE[name])
    else:
        for name, words in MEASURES.items():
            yield divided(name, words, 0, 0, UNDIRECTED)


def _counted(both: Together) -> dict[str, tuple[int, int]]:
    """Return numerator and denominator of each measure.

    Pairs are written as the answer that is possible: (j, i) where i named j.
    """
    before, after = both.named(0), both.named(1)
    sent = both.ends(before)
    answers = _numbered(both, sent[1], sent[0])
    open_ = np.setdiff1d(answers, before, assume_unique=True)
    at_risk = open_[_at_risk(both, open_)]
    twice = at_risk[both.always[both.ends(at_risk)[1]]]
    other, first = both.ends(twice)
    mutual = _in(twice, after) & _in(_numbered(both, first, other), after)
    tied = distinct(before, open_)
    new = np.setdiff1d(after, tied, assume_unique=True)
    return {
        "answered later": (int(_in(at_risk, after).sum()), len(at_risk)),
        "became mutual": (int(mutual.sum()), len(twice)),
        "formed without a tie": (
            int(_at_risk(both, new).sum()),
            _n_at_risk(both) - int(_at_risk(both, tied).sum()),
        ),
    }


def _in(pairs: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.isin(pairs, others, assume_unique=True)


def _numbered(both: Together, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray(first * both.n + second)


def _at_risk(both: Together, pairs: np.ndarray) -> np.ndarray:
    """Return where the sender answered in both waves, and the receiver in the earlier one."""
    sender, receiver = both.ends(pairs)
    return np.asarray(both.always[sender] & both.answered[0][receiver])


def _n_at_risk(both: Together) -> int:
    # Whoever answered in both waves answered in the earlier one, and is no pair with himself.
    return int(both.always.sum()) * max(int(both.answered[0].sum()) - 1, 0)


def _said(relation: str, earlier: str, later: str, rows: Measures) -> str:
    answered, base = rows["answered later"], rows["formed without a tie"]
    if not answered["denominator"]:
        why = answered["reason"]
        return f"Answers to {relation} ties of {earlier} in {later} are not available: {why}."
    beside = (
        f"; where neither had named the other, {proportion(base['value'])} of possible ties formed"
    )
    return (
        f"Of {count(answered['denominator'], f'one-sided {relation} tie')} in {earlier}, "
        f"{answered['numerator']:,} ({proportion(answered['value'])}) "
        f"{'was' if answered['numerator'] == 1 else 'were'} answered by {later}"
        f"{beside if base['denominator'] else ''}."
    )
