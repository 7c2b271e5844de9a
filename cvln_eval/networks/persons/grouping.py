"""Who is in which group, and why groups cannot be compared in a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.panel import Network
from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.columns import person_values
from cvln_eval.networks.persons.comparing import Comparison, compared
from cvln_eval.networks.persons.sample import Sample, block_codes
from cvln_eval.results import count

__all__ = ["Grouped", "grouped"]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The people of one network whose outcome, group and block are known."""

    sample: Sample
    codes: np.ndarray
    names: tuple[str, ...]
    comparison: Comparison

    @property
    def sizes(self) -> np.ndarray:
        """People of each group."""
        return np.asarray(np.bincount(self.codes, minlength=len(self.names)))

    @property
    def means(self) -> np.ndarray:
        """Mean of each group."""
        sums = np.bincount(self.codes, self.sample.y, len(self.names))
        return np.asarray(sums / self.sizes)

    def exchange(self, n_draws: int) -> Exchange:
        """Return how groups are exchanged."""
        return Exchange(self.codes, self.sample.blocks, n_draws)

    def df_residual(self) -> int:
        """Return the degrees of freedom that groups and blocks leave."""
        return self.sample.n - self.sample.n_blocks - self.comparison.df_between

    def reason(self) -> str:
        """Return why there is no test; empty where there is."""
        if self.sample.n == 0:
            return "of nobody are outcome, group and block known"
        if len(self.names) < 2:
            return "there is one group"
        if self.comparison.df_between < len(self.names) - 1:
            return "groups are not compared within blocks"
        if self.comparison.ss_total == 0:
            return "all have the same outcome" + (" in a block" if self.sample.n_blocks > 1 else "")
        return ""

    def words(self) -> str:
        """Return the groups and their sizes."""
        return ", ".join(
            f"{name} {size}" for name, size in zip(self.names, self.sizes, strict=True)
        )


def grouped(network: Network, *, outcome: str, by: str, blocks: str | None) -> Grouped:
    """Return who counts in a network, groups in the order of their names."""
    y = person_values(network, outcome)
    codes, names = network.groups(by)
    block = block_codes(network, blocks)
    rows = np.flatnonzero(~np.isnan(y) & (codes >= 0) & (block >= 0))
    there, codes = np.unique(codes[rows], return_inverse=True)
    block = np.unique(block[rows], return_inverse=True)[1]
    sample = Sample(rows, y[rows], block, network.n - len(rows))
    return Grouped(sample, codes, tuple(names[there]), compared(y[rows], codes, block))


def only_two(found: Grouped) -> str:
    """Return why two groups cannot be compared; empty where they can."""
    if len(found.names) > 2:
        return f"there are {count(len(found.names), 'group')}, not 2"
    return found.reason()
