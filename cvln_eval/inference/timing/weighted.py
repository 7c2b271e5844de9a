"""Restricted means of many resamples of clusters at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["ClusterLives", "cluster_lives", "mean_difference", "mean_open"]


@dataclass(frozen=True, slots=True, eq=False)
class ClusterLives:
    """What each cluster adds to the life table of a group.

    Attributes
    ----------
    at_risk, done : ndarray
        Milestones open just before each day, and reached on it, shape (clusters, days).
    total : ndarray
        Milestones of each cluster, shape (clusters,).
    widths : ndarray
        Days from each day to the next, the first from 0, the last to the horizon.
    """

    at_risk: np.ndarray
    done: np.ndarray
    total: np.ndarray
    widths: np.ndarray

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.total)


def cluster_lives(
    rows: pd.DataFrame, *, cluster: str, horizon: float, names: np.ndarray | None = None
) -> ClusterLives:
    """Return what each cluster adds, of the clusters named or else of those that have a row."""
    found = np.unique(rows[cluster].astype(str)) if names is None else names
    codes = np.searchsorted(found, rows[cluster].astype(str).to_numpy(dtype=str))
    days, reached = rows["days"].to_numpy(), rows["reached"].to_numpy(dtype=bool)
    times = np.unique(days[reached & (days < horizon)])
    at_risk = np.zeros((len(found), len(times)))
    done = np.zeros((len(found), len(times)))
    np.add.at(at_risk, codes, days[:, None] >= times)
    np.add.at(done, codes, reached[:, None] & (days[:, None] == times))
    total = np.bincount(codes, minlength=len(found)).astype(float)
    return ClusterLives(at_risk, done, total, np.diff(np.concatenate([[0.0], times, [horizon]])))


def mean_open(lives: ClusterLives, weights: np.ndarray) -> np.ndarray:
    """Return the restricted mean of each resample, shape (draws, 1); nan where nobody is in it."""
    at_risk = weights @ lives.at_risk
    ratio = np.divide(weights @ lives.done, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    share = np.cumprod(1 - ratio, axis=1)
    mean = lives.widths[0] + share @ lives.widths[1:]
    found: np.ndarray = np.where(weights @ lives.total > 0, mean, np.nan)[:, None]
    return found


def mean_difference(first: ClusterLives, second: ClusterLives, weights: np.ndarray) -> np.ndarray:
    """Return the second group's restricted mean minus the first's, of each resample."""
    difference: np.ndarray = mean_open(second, weights) - mean_open(first, weights)
    return difference
