"""Who is tied to whom, by groups: ties, known pairs and their density in each block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.mixing.grouping import Grouped, grouped, known_blocks, tie_blocks
from cvln_eval.networks.mixing.words import joined, key_of, named, no_number, overview, stacked
from cvln_eval.networks.panel import Network, NetworkPanel, networks_of
from cvln_eval.results import Result, count, proportion

__all__ = ["MixingMatrix", "mixing_matrix"]

CELLS = ("n_ties", "n_pairs", "density")
NO_PAIR = "of no pair is it known whether it is tied"
DIRECTED = "ties from the group to the other group / ordered pairs of people whose first answered"
UNDIRECTED = "ties between the two groups / pairs of people both of whom answered"
COLUMNS = (
    "wave",
    "relation",
    "group",
    "other_group",
    "n_ties",
    "n_pairs",
    "density",
    "n_without_group",
    "convention",
    "reason",
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MixingMatrix(Result):
    """Ties within and between groups; see `mixing_matrix`.

    Attributes
    ----------
    table : DataFrame
        One row a network and pair of groups.
    by : str
        Attribute whose values are the groups.
    networks : tuple of Network
        What was looked at.
    """

    table: pd.DataFrame
    by: str
    networks: tuple[Network, ...]

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and pair of groups."""
        return self.table.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: networks, people, ties, groups."""
        return overview(self.networks, self.by, n_groups=int(self.table["group"].nunique()))

    def matrix(self, *, wave: str, relation: str, values: str = "density") -> pd.DataFrame:
        """Return one network as a square table, rows send; symmetric if it is undirected.

        Parameters
        ----------
        wave, relation : str
            Which network.
        values : {"density", "n_ties", "n_pairs"}
            What is in the cells.

        Raises
        ------
        ArgumentError
            If there is no such network, or the cells cannot hold that.
        """
        if values not in CELLS:
            raise ArgumentError("No such cells", expected=shown(CELLS), seen=repr(values))
        kept = self.table["wave"].eq(wave) & self.table["relation"].eq(relation)
        if not kept.any():
            known = self.table[["wave", "relation"]].drop_duplicates().itertuples(index=False)
            raise ArgumentError(
                "There is no such network",
                expected=shown(f"{one.relation} in {one.wave}" for one in known),
                seen=f"{relation} in {wave}",
            )
        wide = self.table[kept].pivot_table(
            index="group", columns="other_group", values=values, dropna=False
        )
        return wide.combine_first(wide.T) if not self._directed(wave, relation) else wide

    def _directed(self, wave: str, relation: str) -> bool:
        return any(
            one.directed for one in self.networks if (one.wave, one.relation) == (wave, relation)
        )

    def sentence(self) -> str:
        """Return for each network the density of the densest pair of different groups."""
        between = self.table[self.table["group"] != self.table["other_group"]]
        if self.networks and between.empty:
            return "There are no two groups."
        order = between.sort_values("density", ascending=False, kind="stable")
        return joined(order.drop_duplicates(["wave", "relation"]).sort_index(), _said)


def _said(row: pd.Series) -> str:
    if no_number(row["density"]):
        return f"The density between groups of {named(row)} is not available: {row['reason']}."
    return (
        f"In {named(row)}, the densest ties between two groups were those of {row['group']} with "
        f"{row['other_group']}: {count(int(row['n_ties']), 'tie')} among "
        f"{count(int(row['n_pairs']), 'known pair')} ({proportion(row['density'])})."
    )


def mixing_matrix(panel: NetworkPanel | Network, *, by: str = "team_id") -> MixingMatrix:
    """Count ties and known pairs within and between groups.

    The density of a block is its ties over its known pairs. In a directed network a block has its
    ties from the group to the other group, and its pairs are those whose first person answered. In
    an undirected one each pair of groups stands once, with its ties and pairs of two who answered.

    Parameters
    ----------
    panel : NetworkPanel or Network
        The networks.
    by : str
        Attribute of people whose values are the groups.

    Returns
    -------
    MixingMatrix
        Every pair of groups of a network has a row, with 0 where there is no tie. People of no
        group are left out with their ties and counted. A block without a known pair (nobody of the
        group answered; a group of one with itself) has a density of nan with a reason.

    Raises
    ------
    ArgumentError
        If `by` is no attribute.

    Notes
    -----
    With all answers the ties agree with `network::mixingmatrix` and the densities with
    `sna::blockmodel(..., block.content = "density")`.

    References
    ----------
    Wasserman, S., & Faust, K. (1994). Social network analysis. Cambridge University Press, ch. 10.

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": list("abcd"), "team_id": list("xxyy")})
    >>> network = Network("1", "advice", people, sender=np.array([0, 1, 2]),
    ...                   receiver=np.array([1, 0, 0]), strength=np.ones(3),
    ...                   answered=np.array([True, True, True, False]))
    >>> mixing_matrix(network).tidy().iloc[:, 2:7]
      group other_group  n_ties  n_pairs  density
    0     x           x       2        2      1.0
    1     x           y       0        4      0.0
    2     y           x       1        2      0.5
    3     y           y       0        1      0.0
    """
    networks = networks_of(panel)
    parts = [_rows(grouped(network.answerable(), by)) for network in networks]
    return MixingMatrix(stacked(parts, COLUMNS), by, networks)


def _rows(groups: Grouped) -> pd.DataFrame:
    directed, size = groups.network.directed, len(groups.names)
    first, second = np.indices((size, size)) if directed else _upper(size)
    first, second = first.ravel(), second.ravel()
    ties, pairs = tie_blocks(groups)[first, second], known_blocks(groups)[first, second]
    names = groups.names.to_numpy()
    return pd.DataFrame(
        {
            **key_of(groups.network),
            "group": names[first],
            "other_group": names[second],
            "n_ties": ties,
            "n_pairs": pairs,
            "density": np.divide(ties, pairs, out=np.full(len(ties), np.nan), where=pairs > 0),
            "n_without_group": groups.n_without,
            "convention": DIRECTED if directed else UNDIRECTED,
            "reason": np.where(pairs > 0, "", NO_PAIR),
        }
    )


def _upper(size: int) -> np.ndarray:
    return np.array(np.triu_indices(size))
