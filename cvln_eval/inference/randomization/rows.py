"""The rows of a table that count, and the experiment they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.inference.randomization.experiment import Experiment, experiment
from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.inference.randomization.reading import Assigned
from cvln_eval.measurement.matrix import numbers_of

__all__ = ["Rows", "complete_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows with outcome, controls and, in a pair, the other cluster.

    Attributes
    ----------
    assigned : Assigned
        Of these rows and their clusters.
    outcome : ndarray, shape (n,)
        Outcome.
    controls : ndarray, shape (n, k)
        Columns to be held.
    n_left_out : int
        Rows of the table that are not among these.
    clusters_left_out : tuple of str
        Clusters of the table that have none of these.
    """

    assigned: Assigned
    outcome: np.ndarray
    controls: np.ndarray
    n_left_out: int
    clusters_left_out: tuple[str, ...]

    def experiment(self) -> Experiment:
        """Return these rows as an experiment with one outcome."""
        return experiment(
            self.outcome[:, None],
            possible=self.assigned.possible,
            exposure=self.assigned.exposure,
            cluster=self.assigned.cluster,
            period=self.assigned.period,
            controls=self.controls,
        )


def complete_rows(
    table: pd.DataFrame,
    assigned: Assigned,
    *,
    outcome: str,
    controls: Sequence[str],
    paired: bool,
) -> Rows:
    """Return the rows that count.

    Parameters
    ----------
    table : DataFrame
        With the columns.
    assigned : Assigned
        Of all its rows.
    outcome : str
        Column of the outcome.
    controls : sequence of str
        Columns to be held.
    paired : bool
        Whether a cluster counts only together with the other one of its block.

    Returns
    -------
    Rows
    """
    values = numbers_of(table[outcome], what=f"Values of {outcome}")
    held = [numbers_of(table[name], what=f"Values of {name}") for name in controls]
    columns = np.column_stack([values, *held])
    row = ~np.isnan(columns).any(axis=1)
    possible = assigned.possible
    stays = np.bincount(assigned.cluster[row], minlength=possible.n_clusters) > 0
    if paired:
        stays &= (
            np.bincount(possible.blocks[stays], minlength=len(possible.counts))[possible.blocks] > 1
        )
    row &= stays[assigned.cluster]
    gone = [name for name, kept in zip(possible.clusters, stays, strict=True) if not kept]
    return Rows(
        assigned=_kept(assigned, row, stays),
        outcome=columns[row, 0],
        controls=columns[row, 1:],
        n_left_out=int((~row).sum()),
        clusters_left_out=tuple(gone),
    )


def _kept(assigned: Assigned, row: np.ndarray, stays: np.ndarray) -> Assigned:
    possible = assigned.possible
    places = np.flatnonzero(stays)
    kept = PossibleAssignments(
        clusters=tuple(possible.clusters[place] for place in places),
        blocks=np.unique(possible.blocks[places], return_inverse=True)[1],
        codes=possible.codes[places],
        labels=possible.labels,
    )
    of_row = np.searchsorted(places, assigned.cluster[row])
    return Assigned(kept, assigned.exposure, of_row, assigned.period[row])
