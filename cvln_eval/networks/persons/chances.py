"""People's values exchanged among them, and the p values that follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.change.ranks import clopper_pearson
from cvln_eval.inference.randomization.possible import PossibleAssignments

__all__ = [
    "DRAWN_LEVEL",
    "MOST_ENUMERATED",
    "ROUNDING",
    "TIE_TOLERANCE",
    "Chance",
    "Exchange",
    "no_chance",
]

# So many arrangements are all looked at; of more, `n_draws` are drawn.
MOST_ENUMERATED = 200_000
# Statistics closer than this share are tied: sums of the same numbers in another order.
TIE_TOLERANCE = 1e-9
# A statistic that is a smaller share of its greatest value than this is nought.
ROUNDING = 1e-12
# Level of the interval that tells what drawing leaves open of a p value.
DRAWN_LEVEL = 0.95
LISTED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """A permutation p value and what drawing leaves open of it."""

    p_value: float
    p_low: float
    p_high: float
    smallest_p: float
    n_draws: int
    enumerated: bool

    def row(self) -> dict[str, object]:
        """Return the columns of a table of results."""
        return {name: getattr(self, name) for name in self.__slots__}


def no_chance() -> dict[str, object]:
    """Return the columns of a p value that cannot be had."""
    nan = float("nan")
    return Chance(nan, nan, nan, nan, 0, False).row()


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Labels of people, exchanged within blocks.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Label of each person: of a group, or, where values are exchanged, the person's own number.
    blocks : ndarray of int, shape (n,)
        Within which block a label stays.
    n_draws : int
        How many arrangements are drawn where there are more than 200,000.
    """

    codes: np.ndarray
    blocks: np.ndarray
    n_draws: int

    @property
    def n_arrangements(self) -> int:
        """Number of different arrangements, exact."""
        return self._possible().n_assignments

    @property
    def enumerated(self) -> bool:
        """Whether all arrangements are looked at."""
        return self.n_arrangements <= MOST_ENUMERATED

    def listed(self) -> Iterator[np.ndarray]:
        """Yield all arrangements, some thousand at a time, each of shape (some, n)."""
        possible = self._possible()
        for start in range(0, possible.n_assignments, LISTED_AT_ONCE):
            yield possible.listed(start, min(start + LISTED_AT_ONCE, possible.n_assignments))

    def drawn(self, size: int, stream: np.random.Generator) -> np.ndarray:
        """Return arrangements drawn at random, each equally likely, shape (size, n)."""
        drawn = np.empty((size, len(self.codes)), dtype=self.codes.dtype)
        for block in np.unique(self.blocks):
            members = np.flatnonzero(self.blocks == block)
            drawn[:, members] = stream.permuted(np.tile(self.codes[members], (size, 1)), axis=1)
        return drawn

    def chance(self, extreme: int) -> Chance:
        """Return the p value when so many arrangements are at least as extreme."""
        if self.enumerated:
            p, n = extreme / self.n_arrangements, self.n_arrangements
            return Chance(p, p, p, 1 / n, n, True)
        n = self.n_draws
        low, high = clopper_pearson(extreme, n, DRAWN_LEVEL)
        return Chance((extreme + 1) / (n + 1), low, high, 1 / (n + 1), n, False)

    def _possible(self) -> PossibleAssignments:
        labels = np.arange(int(self.codes.max(initial=-1)) + 1)
        names = tuple(map(str, range(len(self.codes))))
        return PossibleAssignments(names, self.blocks, self.codes, labels)
