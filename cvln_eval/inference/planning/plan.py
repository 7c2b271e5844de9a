"""What is known of an evaluation before its data: clusters, sizes, likeness, spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cvln_eval.errors import ArgumentError
from cvln_eval.results import count, number

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """An evaluation that is planned, or one that has been made, as simulations see it.

    Parameters
    ----------
    n_clusters : int
        Districts or teams.
    cluster_size : int or sequence of int
        People in each; a sequence, such as a Series, is repeated until every cluster has its size.
    icc : float
        Share of the variance of the analysed outcome that lies between clusters.
    share_treated : float, optional
        Share of the clusters that are treated, the others compared with; without it there is one
        group, whose mean change is tested against 0.
    sd : float
        Standard deviation of the outcome at one time.
    correlation : float, optional
        Correlation of a person's outcome before and after: what is analysed is then the change,
        of standard deviation sd sqrt(2 (1 - correlation)). Without it, the outcome as it is.

    Raises
    ------
    ArgumentError
        If a number is out of range.

    Examples
    --------
    >>> plan = Plan(n_clusters=5, cluster_size=(7, 7, 8, 8, 11), icc=0.1, share_treated=0.4)
    >>> plan.n, plan.n_treated, plan.spread
    (41, 2, 1.0)
    >>> print(plan)
    5 clusters of 7 to 11 people, 2 of them treated, ICC 0.10, SD 1.00
    """

    n_clusters: int
    cluster_size: int | Sequence[int]
    icc: float
    share_treated: float | None = None
    sd: float = 1.0
    correlation: float | None = None

    def __post_init__(self) -> None:
        sizes = np.atleast_1d(np.asarray(self.cluster_size))
        counted = sizes.ndim == 1 and sizes.size and sizes.dtype.kind in "iu" and sizes.min() >= 1
        share, r = self.share_treated, self.correlation
        whole = isinstance(self.n_clusters, int | np.integer) and self.n_clusters >= 2
        _refuse(not whole, "n_clusters", "a whole number of 2 or more", self.n_clusters)
        _refuse(not counted, "cluster_size", "whole numbers of 1 or more", self.cluster_size)
        _refuse(not (_is_number(self.icc) and 0 <= self.icc <= 1), "icc", "0 to 1", self.icc)
        _refuse(
            share is not None and not (_is_number(share) and 0 < share < 1),
            "share_treated",
            "above 0, below 1",
            share,
        )
        _refuse(not (_is_number(self.sd) and 0 < self.sd < math.inf), "sd", "above 0", self.sd)
        _refuse(
            r is not None and not (_is_number(r) and -1 <= r < 1), "correlation", "-1 to below 1", r
        )

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self, cluster: str = "cluster") -> str:
        """Return the plan as text, with what its clusters are called.

        Examples
        --------
        >>> Plan(n_clusters=5, cluster_size=8, icc=0.1).in_words("district")
        '5 districts of 8 people, one group, ICC 0.10, SD 1.00'
        """
        sizes = self.sizes
        least, most = int(sizes.min()), int(sizes.max())
        people = count(least, "person", "people") if least == most else f"{least} to {most} people"
        group = "one group" if self.share_treated is None else f"{self.n_treated} of them treated"
        change = (
            "" if self.correlation is None else f" of the change, r = {number(self.correlation)}"
        )
        return (
            f"{count(self.n_clusters, cluster)} of {people}, {group}, "
            f"ICC {number(self.icc)}, SD {number(self.spread)}{change}"
        )

    @property
    def sizes(self) -> np.ndarray:
        """People in each cluster."""
        return np.resize(np.atleast_1d(self.cluster_size), self.n_clusters)

    @property
    def n(self) -> int:
        """People in all."""
        return int(self.sizes.sum())

    @property
    def n_treated(self) -> int:
        """Treated clusters: the share rounded, but one at least and not all; 0 in one group."""
        if self.share_treated is None:
            return 0
        return min(max(round(self.share_treated * self.n_clusters), 1), self.n_clusters - 1)

    @property
    def spread(self) -> float:
        """Standard deviation of what is analysed."""
        r = self.correlation
        return self.sd if r is None else self.sd * math.sqrt(2 * (1 - r))

    @property
    def codes(self) -> np.ndarray:
        """Cluster of each person, 0 to n_clusters - 1."""
        return np.repeat(np.arange(self.n_clusters), self.sizes)

    @property
    def x(self) -> np.ndarray:
        """Regressors: a constant and, with a comparison, the treatment of the cluster."""
        constant = np.ones((self.n, 1))
        if self.share_treated is None:
            return constant
        # Spread over the clusters, so that treated and others have sizes alike.
        places = (np.arange(self.n_treated) + 0.5) * self.n_clusters / self.n_treated
        treated = np.isin(self.codes, places.astype(int)).astype(float)
        return np.column_stack([constant, treated])

    def with_clusters(self, n_clusters: int) -> Plan:
        """Return the same plan with another number of clusters."""
        return replace(self, n_clusters=n_clusters)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating)


def _refuse(wrong: bool, name: str, expected: str, seen: object) -> None:
    if wrong:
        raise ArgumentError(
            f"The plan's {name} is out of range", expected=expected, seen=repr(seen)
        )
