"""What a term is: a value for each ordered pair of people, looked up for one network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["Attribute", "Given", "Setting", "Term", "Tie"]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Whose ties are explained, and in which panel and wave terms are looked up."""

    panel: NetworkPanel | Network
    network: Network
    wave: str


class Term(Protocol):
    """A value for each ordered pair of people."""

    @property
    def name(self) -> str:
        """What it is, without its wave."""

    def wave_in(self, setting: Setting) -> str:
        """Return the wave it is of, "" for a matrix that was given."""

    def values(self, setting: Setting) -> np.ndarray:
        """Return it for the people of the network, shape (n, n), nan where it is not known."""


NAMES = {
    "same": "same {}",
    "difference": "difference in {}",
    "sender": "{} of sender",
    "receiver": "{} of receiver",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A term made of an attribute of both people, or of one of them."""

    kind: str
    column: str
    wave: str | None

    @property
    def name(self) -> str:
        """What it is, without its wave."""
        return NAMES[self.kind].format(self.column)

    def wave_in(self, setting: Setting) -> str:
        """Return the wave it is of."""
        return setting.wave if self.wave is None else self.wave

    def values(self, setting: Setting) -> np.ndarray:
        """Return it for the people of the network, nan where an attribute is not known."""
        if self.kind in ("sender", "receiver") and not setting.network.directed:
            raise ArgumentError(
                "An undirected tie has neither sender nor receiver",
                expected="`same`, `difference` or a symmetric matrix",
                seen=repr(self.name),
            )
        column = _column(setting, self.wave_in(setting), self.column)
        if self.kind == "same":
            return _alike(column)
        value = numbers_of(column, what=f"Values of {self.column!r}")
        if self.kind == "difference":
            return np.asarray(np.abs(value[:, None] - value))
        square = np.broadcast_to(value, (len(value), len(value)))
        return np.array(square.T if self.kind == "sender" else square)


@dataclass(frozen=True, slots=True)
class Tie:
    """The ties of another network, or those back: from the receiver to the sender."""

    relation: str
    wave: str | None
    reverse: bool = False
    valued: bool = True

    @property
    def name(self) -> str:
        """The relation."""
        return f"reciprocal {self.relation}" if self.reverse else self.relation

    def wave_in(self, setting: Setting) -> str:
        """Return the wave it is of."""
        return setting.wave if self.wave is None else self.wave

    def values(self, setting: Setting) -> np.ndarray:
        """Return its strengths, or 1 a tie; nan for people who are not in it or did not answer."""
        if not isinstance(setting.panel, NetworkPanel):
            raise ArgumentError(
                "Another network has to be looked up in a panel",
                expected="a NetworkPanel as first argument",
                seen=f"one network, with the term {self.relation!r}",
            )
        other = setting.panel.network(wave=self.wave_in(setting), relation=self.relation)
        if self.reverse and not other.directed:
            raise ArgumentError(
                "Ties without direction have no tie back",
                expected=f"who named whom, or the term {self.relation!r} itself",
                seen=f"undirected {other.relation!r} in wave {other.wave!r}",
            )
        matrix = other.matrix(valued=self.valued)
        return _placed(matrix.T if self.reverse else matrix, other.ids, setting.network.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A matrix from elsewhere."""

    name: str
    matrix: np.ndarray | pd.DataFrame

    def wave_in(self, setting: Setting) -> str:
        """Return "": its name says what it is."""
        return ""

    def values(self, setting: Setting) -> np.ndarray:
        """Return the matrix, a labelled one in the order of the people."""
        ids = setting.network.ids
        if isinstance(self.matrix, pd.DataFrame):
            rows, columns = (pd.Index(axis.astype("str")) for axis in self.matrix.axes)
            if not rows.is_unique or not columns.is_unique or set(rows) != set(columns):
                raise ArgumentError(
                    f"The matrix {self.name!r} has other rows than columns, or one twice",
                    expected="the same people in rows and columns, each once",
                    seen=shown(rows.symmetric_difference(columns)) or shown(rows),
                )
            square = self.matrix.set_axis(rows).set_axis(columns, axis=1)
            return _placed(self._numbers(square.loc[:, rows].to_numpy()), rows, ids)
        matrix = np.asarray(self.matrix)
        if matrix.shape != (len(ids), len(ids)):
            raise ArgumentError(
                f"The matrix {self.name!r} is not of the people of the network",
                expected=f"shape ({len(ids)}, {len(ids)}), in the order of `network.ids`",
                seen=f"shape {matrix.shape}",
                todo="give a DataFrame whose rows and columns carry the ids",
            )
        return self._numbers(matrix)

    def _numbers(self, matrix: np.ndarray) -> np.ndarray:
        """Return a square of finite numbers or nan; what stands on its diagonal is no pair."""
        square = matrix.copy()
        np.fill_diagonal(square, 0)
        cells = numbers_of(pd.Series(square.ravel()), what=f"Cells of the matrix {self.name!r}")
        return np.asarray(cells.reshape(square.shape))


def _column(setting: Setting, wave: str, column: str) -> pd.Series:
    """Return an attribute of the network's people as it was in a wave."""
    people = setting.network.people
    if wave != setting.network.wave:
        roster = getattr(setting.panel, "roster", pd.DataFrame({"wave": []}))
        people = roster[roster["wave"] == wave]
        if people.empty and wave not in getattr(setting.panel, "waves", ()):
            raise ArgumentError(
                "There is no roster of the wave that a term is of",
                expected="a wave of the panel",
                seen=repr(wave),
            )
    if column not in people:
        raise ArgumentError(
            "People have no such attribute", expected=shown(people), seen=repr(column)
        )
    values: pd.Series = people.set_index("person_id")[column].reindex(setting.network.ids)
    return values


def _alike(column: pd.Series) -> np.ndarray:
    codes = pd.factorize(column)[0]
    alike = (codes[:, None] == codes).astype(float)
    alike[codes < 0], alike[:, codes < 0] = np.nan, np.nan
    return np.asarray(alike)


def _placed(matrix: np.ndarray, rows: pd.Index, ids: pd.Index) -> np.ndarray:
    """Return a matrix for other people; nan for those who are not in it."""
    place = rows.get_indexer(ids)
    placed = matrix[np.ix_(place, place)]
    placed[place < 0], placed[:, place < 0] = np.nan, np.nan
    return np.asarray(placed)
