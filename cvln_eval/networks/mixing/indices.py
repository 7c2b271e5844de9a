"""The numbers of the E-I index: as they are, as chance and sizes allow, and permuted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cvln_eval.networks.mixing.grouping import Grouped, known_of_persons, ties_of_persons
from cvln_eval.networks.mixing.permuting import (
    exchangeable,
    internal_ties,
    permuted,
    sums_by_group,
)
from cvln_eval.resampling import resample

__all__ = ["ALL", "all_drawn", "counted", "drawn_indices", "index"]

ALL = "all"


def index(external: np.ndarray, internal: np.ndarray) -> np.ndarray:
    """Return (E - I) / (E + I), nan without ties."""
    ties = np.asarray(external + internal, dtype=float)
    return np.asarray(
        np.divide(external - internal, ties, out=np.full(ties.shape, np.nan), where=ties > 0)
    )


def counted(groups: Grouped, by: str) -> pd.DataFrame:
    """Return the whole and each group: index, counts, chance and range."""
    network, codes = groups.network, groups.codes
    columns = np.array([*ties_of_persons(groups), *known_of_persons(groups)])
    size = len(groups.names)
    sums = np.array([np.bincount(codes, column, minlength=size) for column in columns])
    sums = np.column_stack([sums.sum(axis=1) / 2, sums]).astype(np.int64)
    ties, internal, pairs, internal_pairs = sums
    external, external_pairs = ties - internal, pairs - internal_pairs
    low = np.maximum(0, ties[0] - internal_pairs[0])
    high = np.minimum(ties[0], external_pairs[0])
    estimate = index(external, internal)
    ends = index(np.array([low, high]), ties[0] - np.array([low, high]))
    answered = np.bincount(codes[network.answered], minlength=size)
    members = np.bincount(codes, minlength=size)
    return pd.DataFrame(
        {
            "by": [ALL, *[by] * size],
            "group": [ALL, *groups.names],
            "estimate": estimate,
            "n_external": external,
            "n_internal": internal,
            "expected": index(external_pairs, internal_pairs),
            "lowest": [ends[0], *[np.nan] * size],
            "highest": [ends[1], *[np.nan] * size],
            "rescaled": [_rescaled(estimate[0], *ends), *[np.nan] * size],
            "n": [network.n, *members],
            "n_responded": [int(answered.sum()), *answered],
        }
    )


def _rescaled(value: float, low: float, high: float) -> float:
    return float(2 * (value - low) / (high - low) - 1) if high > low else np.nan


def all_drawn(groups: Grouped, n_draws: int, rng: int | np.random.Generator) -> np.ndarray:
    """Return the index of the whole and of each group in each draw, without rows if none can be."""
    network, n_groups = groups.network, len(groups.names)
    if not network.n_ties or not exchangeable(groups.codes, network.answered):
        return np.empty((0, n_groups + 1))
    ends = ties_of_persons(groups)[0]
    codes = groups.codes.astype(np.min_scalar_type(n_groups))
    tied = np.array([network.sender, network.receiver])
    arrays = (codes, network.answered, tied, ends, n_groups)
    return resample(drawn_indices, n_draws, arrays=arrays, rng=rng, label="permuting groups")


def drawn_indices(
    size: int,
    stream: np.random.Generator,
    codes: np.ndarray,
    answered: np.ndarray,
    tied: np.ndarray,
    ends: np.ndarray,
    n_groups: int,
) -> np.ndarray:
    """Return the E-I index of the whole and of each group with groups permuted."""
    drawn = permuted(size, stream, codes, answered)
    internal = 2 * internal_ties(drawn, tied, n_groups)
    ties = sums_by_group(drawn, ends, n_groups)
    whole = index((ties - internal).sum(axis=1), internal.sum(axis=1))
    return np.column_stack([whole, index(ties - internal, internal)])
