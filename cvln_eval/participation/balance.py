"""How evenly roles take part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.participation.rosters import need
from cvln_eval.results import Result, count, number

__all__ = ["RoleBalance", "blau_index", "pielou_evenness", "role_balance", "shannon_entropy"]

BALANCE_COLUMNS = ("n", "n_roles", "n_role_not_known", "shannon", "evenness", "blau", "reason")


def shannon_entropy(counts: npt.ArrayLike) -> float:
    """Return Shannon's entropy in nats, H = -sum p ln p; nan when all counts are 0.

    Parameters
    ----------
    counts : array_like
        How many members each group has; a group of 0 changes nothing.

    Returns
    -------
    float

    Raises
    ------
    ArgumentError
        If a count is negative.

    References
    ----------
    Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal,
    27, 379-423.

    Examples
    --------
    >>> round(shannon_entropy([1, 1]), 4)
    0.6931
    """
    shares = _shares(counts)
    return float(-(shares * np.log(shares)).sum() + 0.0) if shares.size else math.nan


def pielou_evenness(counts: npt.ArrayLike) -> float:
    """Return Pielou's evenness J = H / ln S over the S groups present; nan when S is below 2.

    It is 1 when all groups present are equally large and nears 0 when one has nearly everybody.

    Parameters
    ----------
    counts : array_like
        How many members each group has; a group of 0 changes nothing.

    Returns
    -------
    float

    Raises
    ------
    ArgumentError
        If a count is negative.

    References
    ----------
    Pielou, E. C. (1966). The measurement of diversity in different types of biological
    collections. Journal of Theoretical Biology, 13, 131-144.

    Examples
    --------
    >>> round(pielou_evenness([3, 3, 3]), 4)
    1.0
    """
    present = _shares(counts).size
    return shannon_entropy(counts) / math.log(present) if present > 1 else math.nan


def blau_index(counts: npt.ArrayLike) -> float:
    """Return Blau's index 1 - sum p^2, which is Simpson's diversity; nan when all counts are 0.

    It is the chance that two members drawn with replacement differ in role.

    Parameters
    ----------
    counts : array_like
        How many members each group has; a group of 0 changes nothing.

    Returns
    -------
    float

    Raises
    ------
    ArgumentError
        If a count is negative.

    References
    ----------
    Simpson, E. H. (1949). Measurement of diversity. Nature, 163, 688.
    Blau, P. M. (1977). Inequality and heterogeneity. Free Press.

    Examples
    --------
    >>> blau_index([2, 2])
    0.5
    """
    shares = _shares(counts)
    return float(1 - (shares**2).sum()) if shares.size else math.nan


def _shares(counts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the shares of the groups that are present."""
    array = np.asarray(counts, dtype=float)
    if (array < 0).any():
        raise ArgumentError("A count cannot be negative", seen=repr(float(array.min())))
    present = array[array > 0]
    return present / present.sum() if present.size else present


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RoleBalance(Result):
    """Balance of roles; see `role_balance`.

    Attributes
    ----------
    within : tuple of str
        The columns that name a unit, such as wave and team.
    balance : DataFrame
        One row a unit.
    roles : DataFrame
        One row a unit and role.
    """

    within: tuple[str, ...]
    balance: pd.DataFrame
    roles: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a unit: n, roles present, entropy, evenness and Blau's index."""
        return self.balance.copy()

    def shares(self) -> pd.DataFrame:
        """Return one row a unit and role: how many, and which share of the unit."""
        return self.roles.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: units, roles, the least and the most even unit."""
        evenness = self.balance["evenness"].astype(float)
        reason = "" if evenness.notna().any() else "no unit has two roles"
        return pd.DataFrame(
            {
                "n": [int(self.balance["n"].sum())],
                "n_units": [len(self.balance)],
                "n_roles": [self.roles["role"].nunique()],
                "evenness_min": [float(evenness.min())],
                "evenness_max": [float(evenness.max())],
                "reason": [reason],
            }
        )

    def sentence(self) -> str:
        """Return the range of the evenness over the units."""
        row = self.glance().iloc[0]
        if row["reason"]:
            return f"Evenness of roles is not available: {row['reason']}."
        named = " by ".join(name.removesuffix("_id") for name in self.within)
        units = f"{count(int(row['n_units']), 'unit')} ({named})"
        return (
            f"Over {units} and {count(int(row['n_roles']), 'role')}, evenness ran from "
            f"{number(row['evenness_min'])} to {number(row['evenness_max'])} (1 = all roles "
            f"present are equally many)."
        )


def role_balance(
    table: pd.DataFrame, *, within: Sequence[str] = ("wave", "team_id"), role: str = "role"
) -> RoleBalance:
    """Measure how evenly roles take part within each unit.

    Parameters
    ----------
    table : DataFrame
        One row a participant in a unit: the study's memberships, or attendance with the role
        beside it (`attendance_share(...).expected`).
    within : sequence of str
        Columns that name a unit: wave and team, or the session.
    role : str
        Column of the role. Rows without a role are counted and left out of the balance.

    Returns
    -------
    RoleBalance
        Evenness is nan with a reason where a unit has one role only, every index where no role
        is known. Rows whose unit is missing are left out.

    Raises
    ------
    ArgumentError
        If a column is absent or no column names a unit.
    """
    if not within:
        raise ArgumentError("No column names a unit", expected="within = columns of the table")
    need(table, [*within, role], table="given")
    plain = table[[*within, role]].dropna(subset=list(within)).astype("str")
    plain = plain.rename(columns={role: "role"})
    keys = [plain[name] for name in within]
    counts = pd.crosstab(keys, plain["role"])
    units = plain.groupby(list(within)).size()
    counts = counts.reindex(units.index, fill_value=0)
    balance = pd.DataFrame(
        [_balance(row, int(n)) for row, n in zip(counts.to_numpy(), units, strict=True)],
        columns=list(BALANCE_COLUMNS),
        index=units.index,
    )
    return RoleBalance(tuple(within), balance.reset_index(), _role_shares(counts, list(within)))


def _balance(counts: npt.NDArray[np.int64], n_rows: int) -> dict[str, object]:
    n, present = int(counts.sum()), int((counts > 0).sum())
    reasons = {0: "no role is known", 1: "one role only"}
    return {
        "n": n,
        "n_roles": present,
        "n_role_not_known": n_rows - n,
        "shannon": shannon_entropy(counts),
        "evenness": pielou_evenness(counts),
        "blau": blau_index(counts),
        "reason": reasons.get(present, ""),
    }


def _role_shares(counts: pd.DataFrame, within: list[str]) -> pd.DataFrame:
    long = counts.reset_index().melt(id_vars=within, value_name="n")
    long = long.sort_values([*within, "role"], ignore_index=True)
    total = long.groupby(within)["n"].transform("sum")
    return long.assign(share=long["n"] / total.where(total > 0))
