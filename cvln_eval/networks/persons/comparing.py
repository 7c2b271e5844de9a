"""Groups of people compared by exchanging who is in which: the arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cvln_eval.networks.persons.chances import Exchange
from cvln_eval.networks.persons.sample import within
from cvln_eval.resampling import resample
from cvln_eval.resampling.counting import ROUNDING, TIE_TOLERANCE

__all__ = ["Comparison", "arranged", "compared", "extreme_among", "n_as_extreme"]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Least squares on groups, block means taken out.

    Attributes
    ----------
    y : ndarray, shape (n,)
        Outcome minus its mean within the block.
    spread : ndarray, shape (K, K)
        Products of the groups' indicators within blocks; no arrangement changes them.
    """

    y: np.ndarray
    spread: np.ndarray

    @property
    def ss_total(self) -> float:
        """Sum of squares within blocks."""
        return float(self.y @ self.y)

    @property
    def df_between(self) -> int:
        """Degrees of freedom of the groups."""
        return int(np.linalg.matrix_rank(self.spread)) if len(self.spread) else 0

    def sums(self, codes: np.ndarray) -> np.ndarray:
        """Return each group's sum of the outcome, shape (arrangements, K)."""
        return np.stack([(codes == group) @ self.y for group in range(len(self.spread))], axis=-1)

    def ss_between(self, codes: np.ndarray) -> np.ndarray:
        """Return the sum of squares that the groups explain, shape (arrangements,)."""
        sums = self.sums(codes)
        return np.asarray(np.einsum("ak,kl,al->a", sums, np.linalg.pinv(self.spread), sums))


def compared(y: np.ndarray, codes: np.ndarray, blocks: np.ndarray) -> Comparison:
    """Return the arrays of a comparison of the groups 0 to K - 1."""
    indicators = np.eye(int(codes.max(initial=-1)) + 1)[codes]
    left = within(indicators, blocks)
    return Comparison(within(y, blocks), left.T @ left)


def n_as_extreme(
    comparison: Comparison, exchange: Exchange, rng: int | np.random.Generator
) -> np.ndarray:
    """Return how many arrangements explain at least as much: in all, above and below."""
    return extreme_among(arranged(comparison, exchange, rng), comparison, exchange)


def arranged(
    comparison: Comparison, exchange: Exchange, rng: int | np.random.Generator
) -> np.ndarray:
    """Return what each arrangement gives: the sum of squares between, and the last group's sum."""
    if exchange.enumerated:
        return np.concatenate([_statistics(codes, comparison) for codes in exchange.listed()])
    arrays = (exchange, comparison)
    return np.asarray(resample(_drawn, exchange.n_draws, arrays=arrays, rng=rng))


def extreme_among(found: np.ndarray, comparison: Comparison, exchange: Exchange) -> np.ndarray:
    """Return how many of what `arranged` gave are at least as extreme: in all, above and below.

    Above (below): where the last group's sum is at least (at most) the observed one.
    """
    observed = _statistics(exchange.codes[None, :], comparison)[0]
    most = np.sqrt(comparison.ss_total * comparison.spread[-1, -1])
    nought = np.array([ROUNDING * comparison.ss_total, ROUNDING * most])
    slack = TIE_TOLERANCE * np.abs(observed) + nought
    above = found >= observed - slack
    return np.append(above.sum(axis=0), (found[:, 1] <= observed[1] + slack[1]).sum())


def _statistics(codes: np.ndarray, comparison: Comparison) -> np.ndarray:
    return np.column_stack([comparison.ss_between(codes), comparison.sums(codes)[:, -1]])


def _drawn(
    size: int, stream: np.random.Generator, exchange: Exchange, comparison: Comparison
) -> np.ndarray:
    return _statistics(exchange.drawn(size, stream), comparison)
