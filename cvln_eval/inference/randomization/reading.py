"""Which assignment a table shows, and which others its design allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import cluster_codes
from cvln_eval.inference.randomization.possible import PossibleAssignments
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["Assigned", "read_assigned"]


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """The assignment of a table's clusters.

    Attributes
    ----------
    possible : PossibleAssignments
        What was and what could have been assigned.
    exposure : ndarray, shape (L, P)
        Exposure under each label, in each wave with staggered starts (else P = 1).
    cluster, period : ndarray of int, shape (n,)
        Cluster and wave of each row.
    """

    possible: PossibleAssignments
    exposure: np.ndarray
    cluster: np.ndarray
    period: np.ndarray


def read_assigned(
    table: pd.DataFrame,
    *,
    treatment: str | None,
    cluster: str,
    strata: str | None,
    pairs: str | None,
    start: str | None,
    wave: str,
) -> Assigned:
    """Return the assignment of a table; the arguments are those of `randomization_test`."""
    _refuse_two("treatment", treatment, "start", start, needed=True)
    _refuse_two("strata", strata, "pairs", pairs, needed=False)
    block, timed = pairs if strata is None else strata, start is not None
    known = [name for name in (treatment, block) if name is not None] + [wave] * timed
    of_cluster = [name for name in (treatment, start, block) if name is not None]
    need_columns(table, [cluster, *known, *of_cluster], table="observations")
    refuse_missing(table, [cluster], what="cluster")
    for name in known:
        _refuse_unknown(table, name, cluster)
    of_row, clusters = cluster_codes(table[cluster])
    for name in of_cluster:
        _refuse_varying(table, name, of_row, clusters, is_treatment=name == treatment)
    each = table.iloc[np.unique(of_row, return_index=True)[1]]
    period, waves = _ordered(table[wave]) if timed else (0 * of_row, np.zeros(0))
    labels, codes, exposure = (
        _starts(each[start], waves, wave) if timed else _doses(each[treatment])
    )
    possible = PossibleAssignments(tuple(clusters), _blocks(each, block), codes, labels)
    if pairs is not None:
        _refuse_no_pair(possible, pairs)
    return Assigned(possible, exposure, of_row, period)


def _refuse_two(
    name: str, value: str | None, other: str, other_value: str | None, *, needed: bool
) -> None:
    given = [value is not None, other_value is not None]
    if all(given) or (needed and not any(given)):
        raise ArgumentError(
            f"{name}= and {other}= exclude each other" if all(given) else "Nothing was assigned",
            expected=f"a column as {name}= or one as {other}=",
            seen=f"{name}={value!r}, {other}={other_value!r}",
        )


def _refuse_unknown(table: pd.DataFrame, name: str, cluster: str) -> None:
    missing = table[name].isna()
    if missing.any():
        raise ArgumentError(
            "What was assigned to a cluster is not known in every row",
            expected=f"a value of {name!r} in every row",
            seen=f"none in rows of {shown(table.loc[missing, cluster])}",
            column=name,
            todo="fill it in, or leave the cluster out",
        )


def _refuse_varying(
    table: pd.DataFrame, name: str, of_row: np.ndarray, clusters: Any, *, is_treatment: bool
) -> None:
    values = table[name].groupby(of_row).nunique(dropna=False)
    varying = [clusters[place] for place in values.index[values > 1]]
    if varying:
        raise ArgumentError(
            f"{name!r} differs within a cluster, but clusters are what was assigned",
            expected="one value in each cluster",
            seen=f"several in {shown(varying)}",
            column=name,
            todo="give the column of the first treated wave as start=" if is_treatment else None,
        )


def _blocks(each: pd.DataFrame, name: str | None) -> np.ndarray:
    if name is None:
        return np.zeros(len(each), dtype=int)
    return np.asarray(pd.factorize(each[name].astype(str), sort=True)[0])


def _doses(column: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return doses, the one of each cluster, and the exposure that each brings."""
    doses = numbers_of(column, what=f"Values of {column.name}")
    labels, codes = np.unique(doses, return_inverse=True)
    return labels, codes, labels[:, None]


def _ordered(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    codes, values = pd.factorize(column.astype(object), sort=True)
    return codes, np.asarray(values, dtype=object)


def _starts(
    column: pd.Series, waves: np.ndarray, wave: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first treated waves, the one of each cluster, and the exposure that each brings."""
    never = len(waves)
    try:
        first = [never if pd.isna(one) else np.searchsorted(waves, one) for one in column]
    except TypeError as error:
        raise ArgumentError(
            "Starts cannot be put in order with waves",
            expected=f"values like those of {wave!r}: {shown(waves)}",
            seen=shown(column.dropna()),
            column=str(column.name),
        ) from error
    found, codes = np.unique(np.array(first, dtype=int), return_inverse=True)
    labels = np.array([*waves, None], dtype=object)[found]
    return labels, codes, (np.arange(never) >= found[:, None]).astype(float)


def _refuse_no_pair(possible: PossibleAssignments, pairs: str) -> None:
    counts = possible.counts
    good = (counts.sum(axis=1) == 2) & (counts.max(axis=1) == 1)
    bad = [
        name
        for name, block in zip(possible.clusters, possible.blocks, strict=True)
        if not good[block]
    ]
    if bad:
        raise ArgumentError(
            "A pair has not one treated and one untreated cluster",
            expected="two clusters in each pair, of which one is treated (or has more)",
            seen=f"other pairs, of {shown(bad)}",
            column=pairs,
        )
