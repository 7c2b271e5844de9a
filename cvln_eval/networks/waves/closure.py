"""Two-paths that were open in one wave and closed in the next."""

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

__all__ = ["Closure", "closure"]

MEASURES = {
    "closed pairs": "pairs i, k without a tie from i to k but with some j such that i named j and "
    "j named k, in the earlier wave: tied later / all",
    "closed two-paths": "such paths from i over j to k: i tied to k later / all",
    "formed without a two-path": "pairs with neither tie nor such a j: tied later / all",
}
COLUMNS = (
    "wave", "relation", "from_wave", "pairs", "measure", "numerator", "denominator", "value",
    "convention",
    "reason",
)  # fmt: skip
NO_PATH = "no open two-path leads between such people that are known in both waves"
NO_PAIR = "no such pair without a tie or two-path is known in both waves"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Closure(Result):
    """Closure of open two-paths; see `closure`.

    Attributes
    ----------
    rows : DataFrame
        One row a relation, wave, kind of pair and measure.
    """

    rows: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a relation, wave, kind of pair and measure."""
        return self.rows.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: how many waves of how many relations were compared."""
        return summed_up(self.rows)

    def sentence(self) -> str:
        """Return how many open pairs closed, beside pairs that had nobody between them."""
        whole = self.rows[self.rows["pairs"] == "all"]
        said = [_said(*step) for step in by_step(whole)]
        return listed(said, none=NO_STEP)


def closure(panel: NetworkPanel | Network, *, by: str | None = "team_id") -> Closure:
    """Count which open two-paths of one wave were closed in the next, within and between groups.

    A two-path from i over j to k is open where i did not name k, and closed if i names k in the
    later wave. A pair i, k may have several; "closed pairs" counts it once, "closed two-paths"
    each of its paths. Beside them stands how often ties formed between people with nobody between
    them: only a share above that one speaks of closure.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks; strengths do not count. A relation is compared between each wave in which
        it was asked and the next such wave.
    by : str or None
        Attribute of the people that says whether i and k are within a group or between groups, in
        the earlier wave; j may be of any. None: all pairs alone.

    Returns
    -------
    Closure
        One row a relation, wave (the later one), kind of pair and measure: `numerator` of
        `denominator`, `value` their ratio. i and k were asked in both waves, and it is known in
        both whether i named k; j need not have stayed. What j did not answer makes no path, so
        that paths over silent people are missed. Of an undirected network pairs and paths count
        once. With nothing to divide by, or a relation asked once, the value is nan with the
        reason. No networks give no rows.

    Raises
    ------
    ArgumentError
        If `by` is no attribute, or two waves were made by different rules or thresholds.

    Notes
    -----
    Time and memory are linear in the two-paths of the earlier wave.

    References
    ----------
    Kossinets, G., & Watts, D. J. (2006). Empirical analysis of an evolving social network.
    Science, 311, 88-90 (ties formed by the number of shared neighbours, beside those without).

    Examples
    --------
    >>> ties = pd.DataFrame({"wave": ["1", "1", "2"], "relation": "advice",
    ...                      "sender_id": ["a", "b", "a"], "receiver_id": ["b", "c", "c"]})
    >>> memberships = pd.DataFrame({"wave": ["1"] * 3 + ["2"] * 3, "person_id": list("abc") * 2,
    ...                             "team_id": "x"})
    >>> from cvln_eval.networks.panel import network_panel
    >>> found = closure(network_panel(ties, memberships), by=None)
    >>> found.tidy()[["measure", "numerator", "denominator", "value"]]
                         measure  numerator  denominator  value
    0               closed pairs          1            1    1.0
    1           closed two-paths          1            1    1.0
    2  formed without a two-path          0            3    0.0
    """

    def measured(earlier: Network, later: Network) -> Iterator[dict[str, object]]:
        return _rows(together((earlier, later)), by)

    return Closure(compared(panel, steps_of, measured, MEASURES, COLUMNS))


def _rows(both: Together, by: str | None) -> Iterator[dict[str, object]]:
    before, after = both.ties(0), both.ties(1)
    open_, paths = _open(both, before)
    codes = both.codes(by)
    n_all = both.n_pairs(np.zeros_like(codes))[0]
    grouped, within = both.n_pairs(codes)
    n_pairs = {"all": n_all, "within": within, "between": grouped - within}
    new = np.setdiff1d(after, before, assume_unique=True)
    for kind, belong in pairs_of(codes, by):
        mine = [pairs[belong(*both.ends(pairs))] for pairs in (before, new, open_)]
        closed = np.isin(open_, new, assume_unique=True) & belong(*both.ends(open_))
        n_closed, n_open = int(closed.sum()), len(mine[2])
        n_paths = int(paths[belong(*both.ends(open_))].sum())
        n_rest = n_pairs[kind] - len(mine[0]) - n_open
        counted = {
            "closed pairs": (n_closed, n_open, NO_PATH),
            "closed two-paths": (int(paths[closed].sum()), n_paths, NO_PATH),
            "formed without a two-path": (len(mine[1]) - n_closed, n_rest, NO_PAIR),
        }
        for name, numbers in counted.items():
            yield {"pairs": kind} | divided(name, MEASURES[name], *numbers)


def _open(both: Together, tied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs at risk with an open two-path in the earlier wave, and how many each has."""
    step = both.networks[0].adjacency()
    rows = both.rows[0]
    paths = (step[rows] @ step[:, rows]).tocoo()
    first, second = (end.astype(np.int64) for end in paths.coords)
    kept = first < second if not both.directed else first != second
    kept[kept] = both.known(first[kept], second[kept])
    pairs, number = first[kept] * both.n + second[kept], paths.data[kept]
    order = np.argsort(pairs)
    untied = ~np.isin(pairs[order], tied, assume_unique=True)
    return pairs[order][untied], number[order][untied].astype(np.int64)


def _said(relation: str, earlier: str, later: str, rows: Measures) -> str:
    closed, base = rows["closed pairs"], rows["formed without a two-path"]
    if not closed["denominator"]:
        return (
            f"Closure of {relation} from {earlier} to {later} is not available: {closed['reason']}."
        )
    beside = f"; of pairs with nobody between them, {proportion(base['value'])} had"
    return (
        f"Of {count(closed['denominator'], 'pair')} that {relation} ties joined over somebody else "
        f"in {earlier}, {closed['numerator']:,} ({proportion(closed['value'])}) had a tie of their "
        f"own by {later}{beside if base['denominator'] else ''}."
    )
