"""Permutations of people's groups: what ties do is held, who is of which group is exchanged.

A person has one label over all waves, so that a permutation exchanges people and keeps all that
belongs together: ties of a person, ties of a pair over waves, the size of each group. Labels are
exchanged among people who answered alike, so that each group also keeps its number of answers and
with it the pairs that are known within it.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field

import numpy as np

from cvln_eval.networks.waves.together import Together
from cvln_eval.resampling import Counted, resample, two_sided_p
from cvln_eval.resampling.counting import ROUNDING

__all__ = [
    "Evidence",
    "compared",
    "evidence",
    "exchangeable",
    "strata_of",
    "studentised",
    "within_sums",
]

# Where neither side varies, a difference lies infinitely far in standard errors: so far here.
FARTHEST = 1e6
# Numbers in one chunk of draws, so that memory stays small with many ties.
CHUNK_NUMBERS = 4_000_000
MOST_IN_A_CHUNK = 250


@dataclass(frozen=True, slots=True)
class Evidence:
    """What permutations say of a statistic; `columns` are those of results."""

    null_mean: float = math.nan
    counted: Counted = field(default_factory=Counted)

    def columns(self) -> dict[str, object]:
        """Return the mean under the null and the p value with what drawing leaves open of it."""
        counted = asdict(self.counted)
        counted.pop("enumerated")
        return {"null_mean": self.null_mean} | counted


def strata_of(both: Together) -> np.ndarray:
    """Return for each person who answered alike, as numbers: labels are exchanged among them.

    What is known of a pair depends on whether people answered in all waves; by the rule "both" on
    which waves they answered in.
    """
    told = both.answered if both.networks[0].rule == "both" else both.always[None]
    return np.asarray(np.unique(told, axis=1, return_inverse=True)[1].ravel())


def exchangeable(labels: np.ndarray, strata: np.ndarray) -> bool:
    """Return whether any two people who answered alike are of different groups."""
    pairs = np.unique(np.stack([strata, labels]), axis=1)
    return bool(pairs.shape[1] > len(np.unique(strata)))


def within_sums(
    first: np.ndarray,
    second: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    strata: np.ndarray,
    *,
    n_draws: int,
    rng: int | np.random.Generator,
) -> np.ndarray:
    """Return sums of weights over the pairs within groups, under permuted labels.

    Parameters
    ----------
    first, second : ndarray of int, shape (P,)
        Ends of the pairs that weigh something.
    weights : ndarray, shape (P, K)
        What each pair adds to each of the sums.
    labels, strata : ndarray of int, shape (n,)
        Group of each person, and among whom labels are exchanged.
    n_draws : int
        Number of permutations.
    rng : int or Generator
        Seed.

    Returns
    -------
    ndarray, shape (n_draws, K)
    """
    size = min(max(CHUNK_NUMBERS // max(len(first), len(labels), 1), 1), MOST_IN_A_CHUNK)
    arrays = (first, second, weights.astype(float), labels, strata)
    return resample(_permuted_sums, n_draws, arrays=arrays, rng=rng, chunk=size)


def _permuted_sums(
    size: int,
    stream: np.random.Generator,
    first: np.ndarray,
    second: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    strata: np.ndarray,
) -> np.ndarray:
    permuted = np.tile(labels, (size, 1))
    for stratum in np.unique(strata):
        alike = strata == stratum
        permuted[:, alike] = stream.permuted(permuted[:, alike], axis=1)
    return np.asarray((permuted[:, first] == permuted[:, second]) @ weights)


def compared(within: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return the difference of the means within and between groups, and it in standard errors.

    Each side has a variance of its own, as in Welch's t. Where groups differ in density, pairs
    within them also differ in how much they can vary; a difference that was not divided by its
    error would then be judged by permutations that spread otherwise than it does.

    Parameters
    ----------
    within : ndarray, shape (..., 3)
        Number of pairs within groups, sum of their values, and sum of the squares.
    totals : ndarray, shape (3,)
        The same of all pairs.

    Returns
    -------
    ndarray, shape (..., 2)
        Within minus between, and that in standard errors; nan where a side has no pair, infinite
        where the sides differ and neither varies.
    """
    sides = np.stack([within, totals - within], axis=-2).astype(float)
    n, sums, squares = np.moveaxis(sides, -1, 0)
    n = np.where(n > 0, n, np.nan)
    means = sums / n
    variances = squares / n - means**2
    variances = np.where(variances > ROUNDING * squares / n, variances, 0.0)
    error = np.sqrt((variances / np.maximum(n - 1, 1)).sum(axis=-1))
    difference = means[..., 0] - means[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(difference == 0, 0.0, difference / error)
    return np.stack([difference, np.where(np.isnan(difference), np.nan, ratio)], axis=-1)


def studentised(observed: np.ndarray, drawn: np.ndarray) -> Evidence:
    """Return what permutations say of what `compared` returns: as extreme is as far from 0.

    Parameters
    ----------
    observed : ndarray, shape (2,)
        Difference, and it in standard errors.
    drawn : ndarray, shape (n_draws, 2)
        The same after each permutation.
    """
    differences = np.append(drawn[:, 0], observed[0])
    # As far as can be, yet finite: what rounding is, is told by the largest.
    ratio, ratios = (
        np.clip(observed[1], -FARTHEST, FARTHEST),
        np.clip(drawn[:, 1], -FARTHEST, FARTHEST),
    )
    return Evidence(float(np.nanmean(differences)), two_sided_p(float(ratio), ratios, centre=0.0))


def evidence(estimate: float, drawn: np.ndarray) -> Evidence:
    """Return the two-sided p value of a statistic among those of permutations."""
    centre = float(np.append(drawn[~np.isnan(drawn)], estimate).mean())
    return Evidence(centre, two_sided_p(estimate, drawn))
