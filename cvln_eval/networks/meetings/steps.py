"""From one wave of a relation to the next: how ties between groups changed, and who met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.meetings.affiliation import Affiliation
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["Step", "joint_counts", "steps_of"]

MET = ("session_id", "wave", "kind", "mode", "group", "other_group")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Ties between groups in two waves, over pairs of people known in both.

    Attributes
    ----------
    earlier_wave, later_wave : str
        The waves.
    waves : tuple of str
        Waves whose sessions lie in the step: those after the earlier, up to the later.
    names : Index
        Groups, the same in all steps of a relation.
    there : ndarray of bool
        Groups with somebody in both waves.
    n_known, before, after : ndarray, shape (groups, groups)
        Ordered pairs of people known in both waves, and their density in each; symmetric, nan
        without such pairs.
    """

    earlier_wave: str
    later_wave: str
    waves: tuple[str, ...]
    names: pd.Index
    there: np.ndarray
    n_known: np.ndarray
    before: np.ndarray
    after: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """Density after minus density before."""
        return np.asarray(self.after - self.before)

    def placed(self, met: pd.DataFrame) -> np.ndarray:
        """Return the number of joint sessions of each pair of groups in this step."""
        own = met[met["wave"].isin(self.waves)]
        counts = np.zeros((len(self.names), len(self.names)), dtype=int)
        ends = [self.names.get_indexer(pd.Index(own[name])) for name in ("group", "other_group")]
        inside = (ends[0] >= 0) & (ends[1] >= 0)
        first, second = ends[0][inside], ends[1][inside]
        np.add.at(counts, (first, second), 1)
        return counts + counts.T


def steps_of(panel: NetworkPanel, relation: str, by: str) -> list[Step]:
    """Return the steps of a relation, in the order of the waves.

    Raises
    ------
    ArgumentError
        If `by` is no column of the people.
    """
    networks = [network for network in panel if network.relation == relation]
    names = pd.Index(sorted({name for network in networks for name in network.groups(by)[1]}))
    return [_step(*pair, panel.waves, names, by) for pair in pairwise(networks)]


def _step(earlier: Network, later: Network, waves: Sequence[str], names: pd.Index, by: str) -> Step:
    both = earlier.ids.intersection(later.ids)
    first, second = earlier.among(both), later.among(both)
    codes, own = first.groups(by)
    place = names.get_indexer(own)
    member = (np.append(place, -1)[codes][:, None] == np.arange(len(names))).astype(float)
    ties = [network.matrix(valued=False) for network in (first, second)]
    known = np.isfinite(ties[0]) & np.isfinite(ties[1])
    n_known = _blocks(known, member)
    with np.errstate(invalid="ignore"):
        before, after = (_blocks(np.where(known, one, 0.0), member) / n_known for one in ties)
    start, end = waves.index(earlier.wave), waves.index(later.wave)
    return Step(
        earlier_wave=earlier.wave,
        later_wave=later.wave,
        waves=tuple(waves[start + 1 : end + 1]),
        names=names,
        there=member.any(axis=0),
        n_known=n_known,
        before=before,
        after=after,
    )


def _blocks(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return sums over pairs of people of each pair of groups, both directions together."""
    sums = member.T @ values @ member
    return np.asarray(sums + sums.T)


def joint_counts(affiliation: Affiliation, by: str) -> pd.DataFrame:
    """Return one row a session and pair of groups of which somebody came.

    Raises
    ------
    ArgumentError
        If `by` is no column of the affiliation.
    """
    cells = affiliation.cells
    if len(cells) and by not in cells:
        raise ArgumentError(
            "People have no such attribute", expected=shown(cells.columns), seen=repr(by)
        )
    came = cells[cells["attended"].astype(bool)] if len(cells) else cells.assign(**{by: ""})
    own = ["session_id", "wave", "kind", "mode"]
    rows = [
        (*key, *pair)
        for key, groups in came.groupby(own, sort=False)[by]
        for pair in combinations(sorted(groups.dropna().astype("str").unique()), 2)
    ]
    return pd.DataFrame(rows, columns=list(MET)).astype("str")
