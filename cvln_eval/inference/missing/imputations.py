"""Completed tables, with every imputed cell known as such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from cvln_eval.results import Result, count, number

__all__ = ["CONVERGED", "Imputations"]

Found = TypeVar("Found")
# Vehtari and others (2021) ask for 1.01 of long chains; 1.1 is what short ones can show.
CONVERGED = 1.1


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Imputations(Result):
    """Tables in which missing values are drawn; see `impute`.

    Attributes
    ----------
    tables : tuple of DataFrame
        The completed tables, with the rows of the table that was given.
    imputed : DataFrame
        Share of each cell that is imputed, beside the same index: 0 or 1, and for the score of a
        scale the share of its items.
    variables : DataFrame
        One row a column and wave.
    person, team : str
        Columns that name persons and teams.
    wave : str or None
        Column that names waves.
    n_rounds : int
        Rounds of each chain.
    team_effects : str
        "fixed" or "random".
    """

    tables: tuple[pd.DataFrame, ...]
    imputed: pd.DataFrame
    variables: pd.DataFrame
    person: str
    team: str
    wave: str | None
    n_rounds: int
    team_effects: str

    def tidy(self) -> pd.DataFrame:
        """Return one row a column and wave: how much is imputed, and whether chains agree."""
        return self.variables.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: persons, imputed cells, cells left empty, worst R-hat."""
        rows = self.variables
        return pd.DataFrame(
            [
                {
                    "n_imputations": len(self.tables),
                    "n_rounds": self.n_rounds,
                    "team_effects": self.team_effects,
                    "n_persons": self.tables[0][self.person].nunique(),
                    "n_clusters": self.tables[0][self.team].nunique(),
                    "n": int(rows["n"].sum()),
                    "n_missing": int(rows["n_missing"].sum()),
                    "n_imputed": int(rows["n_imputed"].sum()),
                    "n_left_empty": int((rows["n_missing"] - rows["n_imputed"]).sum()),
                    "r_hat_max": rows[["r_hat_mean", "r_hat_sd"]].max().max(),
                }
            ]
        )

    def sentence(self) -> str:
        """Return how many values were imputed how, what was left empty, and whether it settled."""
        row = self.glance().iloc[0]
        if row["n_missing"] == 0:
            return f"Nothing was missing in {row['n']:,} values, so nothing was imputed."
        said = (
            f"Of {row['n']:,} values that {count(int(row['n_persons']), 'person', 'people')} in "
            f"{count(int(row['n_clusters']), 'team')} were asked for, "
            f"{row['n_missing']:,} {'was' if row['n_missing'] == 1 else 'were'} missing and "
            f"{row['n_imputed']:,} {'was' if row['n_imputed'] == 1 else 'were'} imputed "
            f"{row['n_imputations']} times by chained equations with {row['team_effects']} team "
            f"effects"
        )
        return f"{said}{self._settled(row['r_hat_max'])}{self._left(int(row['n_left_empty']))}."

    def _settled(self, r_hat: float) -> str:
        if r_hat < CONVERGED:
            return f" (chains agree, R-hat at most {number(r_hat)})"
        if r_hat >= CONVERGED:
            return f" (chains do not agree, R-hat up to {number(r_hat)}: use more rounds)"
        return ""

    def _left(self, n_left: int) -> str:
        if not n_left:
            return ""
        rows = self.variables[self.variables["reason"] != ""]
        why = [
            f"{row.variable} {row.wave}".strip() + f", {row.reason}" for row in rows.itertuples()
        ]
        return f"; {n_left:,} {'was' if n_left == 1 else 'were'} left empty ({'; '.join(why)})"

    def each(self, analyse: Callable[[pd.DataFrame], Found]) -> list[Found]:
        """Return the analysis of every completed table, in order.

        Parameters
        ----------
        analyse : callable
            Takes a table and returns a result, such as `pool_results` pools.
        """
        return [analyse(table) for table in self.tables]

    def stacked(self) -> pd.DataFrame:
        """Return all tables below each other, with `imputation` and `n_imputed` of each row."""
        n_imputed = (self.imputed[list(dict.fromkeys(self.variables["variable"]))] > 0).sum(axis=1)
        return pd.concat(
            [
                table.assign(imputation=place, n_imputed=n_imputed)
                for place, table in enumerate(self.tables, start=1)
            ],
            ignore_index=True,
        )
