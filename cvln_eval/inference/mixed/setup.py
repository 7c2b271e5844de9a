"""Outcome, regressors, random effects and grouping factors of a mixed model, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.design import ClusterDesign, cluster_design

__all__ = ["Factor", "MixedDesign", "mixed_design"]


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One grouping factor with its random effects.

    Attributes
    ----------
    name : str
        Column of the table.
    effects : tuple of str
        Names of the random effects, "Intercept" among them where there is one.
    z : ndarray
        Values that the random effects are multiplied by, shape (n, r).
    codes : ndarray
        Level of each row.
    levels : tuple of str
        Names of the levels.
    """

    name: str
    effects: tuple[str, ...]
    z: np.ndarray
    codes: np.ndarray
    levels: tuple[str, ...]

    @property
    def width(self) -> int:
        """Random effects of a level."""
        return len(self.effects)


@dataclass(frozen=True, slots=True, eq=False)
class MixedDesign:
    """Arrays of one mixed model, factors from most levels to fewest.

    Attributes
    ----------
    outcome : str
        What stands left of the tilde.
    y, x : ndarray
        Outcome, shape (n,), and regressors, shape (n, k).
    terms : tuple of str
        Names of the columns of `x`.
    factors : tuple of Factor
        Grouping factors.
    rows : ndarray
        Position of each row in the table.
    n_left_out : int
        Rows left out because outcome, regressor or random effect has no value.
    """

    outcome: str
    y: np.ndarray
    x: np.ndarray
    terms: tuple[str, ...]
    factors: tuple[Factor, ...]
    rows: np.ndarray
    n_left_out: int

    def crossings(self) -> list[tuple[str, str, int]]:
        """Return (lower, higher, levels of the lower that are in several of the higher)."""
        return [
            (low.name, high.name, _straddling(low.codes, high.codes))
            for place, low in enumerate(self.factors)
            for high in self.factors[place + 1 :]
        ]

    def nested(self) -> bool:
        """Return whether each factor lies wholly within the next."""
        pairs = pairwise(self.factors)
        return all(_straddling(low.codes, high.codes) == 0 for low, high in pairs)


def mixed_design(table: pd.DataFrame, formula: str, random: Mapping[str, str]) -> MixedDesign:
    """Return the arrays of the rows that are complete in every part of the model."""
    if not isinstance(random, Mapping) or not random:
        raise ArgumentError(
            "A mixed model needs a grouping factor",
            expected="random effects by factor, such as {'team_id': '1'}",
            seen=repr(random),
        )
    fixed, parts = _parts(table, formula, random)
    rows = fixed.rows
    for part in parts.values():
        rows = np.intersect1d(rows, part.rows, assume_unique=True)
    if any(len(part.rows) > len(rows) for part in (fixed, *parts.values())):
        fixed, parts = _parts(table.iloc[rows], formula, random)
    factors = [_factor(name, part) for name, part in parts.items()]
    return MixedDesign(
        outcome=fixed.outcome,
        y=fixed.y,
        x=fixed.x,
        terms=fixed.terms,
        factors=tuple(sorted(factors, key=lambda factor: -len(factor.levels))),
        rows=rows,
        n_left_out=len(table) - len(rows),
    )


def _parts(
    table: pd.DataFrame, formula: str, random: Mapping[str, str]
) -> tuple[ClusterDesign, dict[str, ClusterDesign]]:
    fixed = cluster_design(table, formula=formula, cluster=next(iter(random)))
    outcome = formula.split("~")[0]
    parts = {
        factor: cluster_design(table, formula=f"{outcome} ~ {effects}", cluster=factor)
        for factor, effects in random.items()
    }
    return fixed, parts


def _factor(name: str, part: ClusterDesign) -> Factor:
    if len(part.y) and part.x.shape[1] == 0:
        raise ArgumentError(
            "A grouping factor has no random effect",
            expected="at least an intercept, such as '1' or '1 + time'",
            seen=f"none of {name!r}",
        )
    return Factor(name, part.terms, part.x, part.codes, part.clusters)


def _straddling(low: np.ndarray, high: np.ndarray) -> int:
    if len(low) == 0:
        return 0
    span = int(high.max()) + 1
    pairs = np.unique(low.astype(np.int64) * span + high)
    return int((np.bincount(pairs // span) > 1).sum())
