"""Attributes of people as numbers over waves, with what the numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.networks.panel import NetworkPanel

__all__ = ["Covariate", "covariate_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Covariate:
    """One attribute of all actors.

    Attributes
    ----------
    name : str
        The attribute.
    values : ndarray, shape (n_actors, n_waves)
        Numbers, nan where missing or not there; the same in all waves if it is constant.
    labels : tuple of str
        What 1, 2, ... stand for; empty where the attribute is a number itself.
    constant : bool
        Whether nobody changes.
    """

    name: str
    values: np.ndarray
    labels: tuple[str, ...]
    constant: bool


def covariate_of(panel: NetworkPanel, actors: pd.Index, name: str) -> Covariate:
    """Return an attribute of the rosters as numbers, filled over waves if nobody changes.

    Raises
    ------
    ArgumentError
        If people have no such attribute.
    """
    roster = panel.roster
    if name not in roster:
        raise ArgumentError(
            "People have no such attribute", expected=shown(roster.columns), seen=repr(name)
        )
    column, labels = _numbers(roster[name])
    keyed = roster.assign(value=column)[["person_id", "wave", "value"]]
    wide = keyed.pivot_table(index="person_id", columns="wave", values="value", dropna=False)
    values = wide.reindex(index=actors, columns=list(panel.waves)).to_numpy(dtype=float)
    known = ~np.isnan(values)
    high = np.where(known, values, -np.inf).max(axis=1, initial=-np.inf)
    low = np.where(known, values, np.inf).min(axis=1, initial=np.inf)
    constant = bool((high <= low).all())
    if constant:
        value = np.where(known.any(axis=1), high, np.nan)
        values = np.repeat(value[:, None], len(panel.waves), axis=1)
    return Covariate(name, values, labels, constant)


def _numbers(column: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float"), ()
    codes, labels = pd.factorize(column.astype("str").where(column.notna()), sort=True)
    numbers = pd.Series(codes + 1.0, index=column.index).where(codes >= 0)
    return numbers, tuple(map(str, labels))
