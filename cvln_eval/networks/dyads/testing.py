"""How often a permutation gives as much: p values with their simulation error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.dyads.cells import Cells
from cvln_eval.networks.dyads.exchange import Exchange, listed
from cvln_eval.networks.dyads.projecting import Moving, draws, statistics_after
from cvln_eval.resampling import counted_p, resample

__all__ = ["P_COLUMNS", "Permuted", "p_values", "permuted"]

P_COLUMNS = ("statistic", "p_value", "p_low", "p_high", "smallest_p")
# Statistics this near to each other count as equal: rounding must not decide a tie.
SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Permuted:
    """Statistics as observed and after permutations.

    Attributes
    ----------
    observed : ndarray, shape (k,)
    draws : ndarray, shape (n_draws, k)
        nan where a permutation leaves nothing to compute one from.
    enumerated : bool
        Whether the draws are all permutations, that which moves nobody among them.
    """

    observed: np.ndarray
    draws: np.ndarray
    enumerated: bool


def permuted(
    cells: Cells,
    exchange: Exchange,
    parts: tuple[Moving, ...],
    *,
    n_draws: int,
    rng: int | np.random.Generator,
) -> Permuted:
    """Return the statistics of parts; all permutations where there are no more than are drawn."""
    nobody = np.arange(len(cells.ids))[None]
    observed = statistics_after(nobody, cells.members, parts)[0]
    if exchange.n_possible <= n_draws:
        moved = listed(exchange.classes)
        return Permuted(observed, statistics_after(moved, cells.members, parts), True)
    arrays = (exchange.classes, cells.members, parts)
    found = resample(draws, n_draws, arrays=arrays, rng=rng, label="permuting")
    return Permuted(observed, found, False)


def p_values(found: Permuted, conf_level: float) -> np.ndarray:
    """Return for each statistic the `P_COLUMNS`: p is two-sided, see `counted_p`.

    A permutation without a statistic counts as one that gives as much.
    """
    n, size = len(found.draws), np.abs(found.observed)
    # A comparison with nan is false, so that these count as well.
    less = np.abs(found.draws) < size - SAME * np.maximum(size, 1)
    as_much = n - less.sum(axis=0)
    counted = [
        counted_p(int(count), n, enumerated=found.enumerated, conf_level=conf_level)
        for count in as_much
    ]
    p = [[getattr(one, name) for name in P_COLUMNS[1:]] for one in counted]
    return np.column_stack([found.observed, np.array(p).reshape(-1, 4)])
