"""From one row a person and wave to one row a person, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import as_names
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["Layout", "lay_out"]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A table of persons and waves as arrays; a variable is a column in a wave.

    Attributes
    ----------
    columns, waves, teams : tuple of str
        Names; a variable has the place ``column * len(waves) + wave``.
    values : ndarray, shape (n_persons, n_columns * n_waves)
        nan where there is no value.
    asked : ndarray of bool, shape (n_persons, n_waves)
        Whether the table has a row of the person in the wave.
    team : ndarray, shape (n_persons, n_waves)
        Team of the person; where not asked, that of the nearest wave in which they were.
    known : ndarray, shape (n_persons, n_known)
        What is known of each person, as numbers.
    person_of, wave_of : ndarray
        Person and wave of each row of the table.
    """

    columns: tuple[str, ...]
    waves: tuple[str, ...]
    teams: tuple[str, ...]
    values: np.ndarray
    asked: np.ndarray
    team: np.ndarray
    known: np.ndarray
    person_of: np.ndarray
    wave_of: np.ndarray

    @property
    def variables(self) -> list[tuple[str, str]]:
        """Column and wave of each variable, in order."""
        return [(column, wave) for column in self.columns for wave in self.waves]

    def on_roster(self) -> np.ndarray:
        """Return for each cell of `values` whether the person was asked in its wave."""
        return np.tile(self.asked, len(self.columns))

    def team_of(self, variable: int) -> np.ndarray:
        """Return the team of each person in the wave of a variable."""
        return self.team[:, variable % len(self.waves)]

    def long(self, values: np.ndarray) -> np.ndarray:
        """Return values of persons and variables as rows of the table, one column each."""
        cube = values.reshape(len(values), len(self.columns), len(self.waves))
        return cube[self.person_of, :, self.wave_of]


def lay_out(
    table: pd.DataFrame,
    *,
    columns: Sequence[str],
    predictors: Sequence[str],
    person: str,
    team: str,
    wave: str | None,
) -> Layout:
    """Return the arrays of a table with one row a person and wave.

    Raises
    ------
    ArgumentError
        If a column is absent or no number, there is no row, a person has two rows in a wave or no
        team, or a predictor is missing or differs between the rows of a person.
    """
    waves = [] if wave is None else [wave]
    need_columns(table, [person, team, *waves, *columns, *predictors], table="persons and waves")
    refuse_missing(table, [person, team, *waves], what="person, team or wave")
    if table.empty:
        raise ArgumentError(
            "Nobody was asked",
            expected="a row a person and wave",
            seen="a table without rows",
            todo="see `everyone_asked`",
        )
    _refuse_twice(table, [person, *waves])
    person_of, persons = pd.factorize(as_names(table[person], "person"))
    wave_of, names = pd.factorize(
        as_names(table[wave], "wave") if wave else np.zeros(len(table), str)
    )
    team_codes, teams = pd.factorize(as_names(table[team], "team"), sort=True)
    shape = (len(persons), len(columns), len(names))
    cube = np.full(shape, np.nan)
    for place, column in enumerate(columns):
        cube[person_of, place, wave_of] = numbers_of(table[column], what=f"Values of {column}")
    asked = np.zeros((shape[0], shape[2]), dtype=bool)
    asked[person_of, wave_of] = True
    team_at = np.full(asked.shape, -1)
    team_at[person_of, wave_of] = team_codes
    return Layout(
        columns=tuple(columns),
        waves=tuple(map(str, names)),
        teams=tuple(teams),
        values=cube.reshape(shape[0], -1),
        asked=asked,
        team=_nearest(team_at),
        known=_known(table, predictors, person_of),
        person_of=person_of,
        wave_of=wave_of,
    )


def _refuse_twice(table: pd.DataFrame, key: list[str]) -> None:
    twice = table[table.duplicated(key)]
    if len(twice):
        raise ArgumentError(
            "A person has two rows" + (" in a wave" if len(key) > 1 else ""),
            expected="one row a person" + (" and wave" if len(key) > 1 else ""),
            seen=shown(twice[key].astype("str").agg(" ".join, axis=1)),
            todo="name the column of waves" if len(key) == 1 else None,
        )


def _nearest(team: np.ndarray) -> np.ndarray:
    """Fill -1 with the team of the nearest wave, the earlier of two as near."""
    filled = team.copy()
    waves = np.arange(team.shape[1])
    for person, wave in np.argwhere(team < 0):
        had = waves[team[person] >= 0]
        filled[person, wave] = team[person, had[np.argmin(np.abs(had - wave))]]
    return filled


def _known(table: pd.DataFrame, predictors: Sequence[str], person_of: np.ndarray) -> np.ndarray:
    n_persons = int(person_of.max(initial=-1)) + 1
    parts = [np.empty((n_persons, 0))]
    for name in predictors:
        refuse_missing(table, [name], what="predictor")
        _refuse_changing(table[name], person_of)
        first = table[name].groupby(person_of).first()
        parts.append(_numbers(first, name))
    return np.column_stack(parts)


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(values):
        return numbers_of(values, what=f"Values of {name}")[:, None]
    levels = pd.get_dummies(values.astype("str"), drop_first=True)
    return levels.to_numpy(dtype=float)


def _refuse_changing(values: pd.Series, person_of: np.ndarray) -> None:
    first = values.groupby(person_of).first().to_numpy()
    differ = values.to_numpy() != first[person_of]
    if differ.any():
        persons = person_of == person_of[differ][0]
        raise ArgumentError(
            "A predictor differs between the rows of a person",
            expected=f"one value of {values.name!r} a person",
            seen=shown(values[persons]),
            todo="name it among the columns, if it is measured in each wave",
        )
