"""People's values exchanged among them, and the p values that follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.resampling import Counted, counted_p

__all__ = ["MOST_ENUMERATED", "Exchange"]

# So many arrangements are all looked at; of more, `n_draws` are drawn.
MOST_ENUMERATED = 200_000
LISTED_AT_ONCE = 2_000


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

    def chance(self, extreme: int) -> Counted:
        """Return the p value when so many arrangements are at least as extreme."""
        n = self.n_arrangements if self.enumerated else self.n_draws
        return counted_p(extreme, n, enumerated=self.enumerated)

    def _possible(self) -> PossibleAssignments:
        labels = np.arange(int(self.codes.max(initial=-1)) + 1)
        names = tuple(map(str, range(len(self.codes))))
        return PossibleAssignments(names, self.blocks, self.codes, labels)
