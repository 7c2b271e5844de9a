"""Scores of people over waves, and who has one in both of two waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.inference.columns import as_names
from cvln_eval.measurement.contents.long_tables import refuse_repeated
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import names_in, need_columns, refuse_missing

__all__ = [
    "NOBODY",
    "NOUNS",
    "Pairs",
    "each_pair",
    "need_waves",
    "paired",
    "read_scores",
    "two_waves",
    "with_teams",
]

# What the house's columns name, one by one.
NOUNS = {"person_id": "person", "wave": "wave", "team_id": "team"}

NOBODY = "nobody answered in both waves"


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The people with a score in both of two waves, sorted.

    Attributes
    ----------
    scale, from_wave, wave : str
        What was scored, and the earlier and the later wave.
    persons : ndarray of str
        Who.
    teams : ndarray of str or None
        The team of each at the earlier wave; None where teams are not looked at.
    first, last : ndarray
        Scores, shape (n,).
    n_left_out : int
        People with a score in one of the two waves only.
    """

    scale: str
    from_wave: str
    wave: str
    persons: np.ndarray
    teams: np.ndarray | None
    first: np.ndarray
    last: np.ndarray
    n_left_out: int

    @property
    def changes(self) -> np.ndarray:
        """Later score minus earlier."""
        return np.asarray(self.last - self.first)

    def named(self) -> dict[str, object]:
        """Return what all rows about these people begin with."""
        return {"scale": self.scale, "from_wave": self.from_wave, "wave": self.wave}


def with_teams(
    table: pd.DataFrame,
    *,
    memberships: pd.DataFrame,
    person: str = "person_id",
    wave: str = "wave",
    team: str = "team_id",
) -> pd.DataFrame:
    """Return scores with the team that each person was in at each wave.

    Parameters
    ----------
    table : DataFrame
        One row a person and wave (and scale), such as `score_scales(...).tidy()`.
    memberships : DataFrame
        The rosters: one row a person and wave.
    person, wave, team : str
        Columns of both tables; the team is of the memberships.

    Returns
    -------
    DataFrame
        The rows in their order, with the team; missing for people on no roster of the wave.

    Raises
    ------
    ArgumentError
        If a column is absent, the table has a team already, or a person stands twice on the roster
        of a wave.

    Examples
    --------
    >>> scores = pd.DataFrame({"person_id": ["p", "q"], "wave": "y1", "score": [3.0, 4.0]})
    >>> roster = pd.DataFrame({"person_id": ["p"], "wave": ["y1"], "team_id": ["A"]})
    >>> with_teams(scores, memberships=roster)["team_id"].fillna("none").tolist()
    ['A', 'none']
    """
    need_columns(table, [person, wave], table="scores")
    need_columns(memberships, [person, wave, team], table="memberships")
    if team in table:
        raise ArgumentError("The table says already who is in which team", column=team)
    refuse_repeated(memberships, [person, wave], what="person and wave")
    teams = memberships.set_index([person, wave])[team]
    keys = pd.MultiIndex.from_frame(table[[person, wave]])
    return table.assign(**{team: teams.reindex(keys).to_numpy()})


def read_scores(
    table: pd.DataFrame, *, outcome: str, person: str, wave: str, team: str | None = None
) -> pd.DataFrame:
    """Return the rows under the house's names of columns, checked and sorted; scores may be nan."""
    asked = [person, wave, outcome, *([] if team is None else [team])]
    need_columns(table, asked, table="scores")
    named = {person: "person_id", wave: "wave"} | ({team: "team_id"} if team else {})
    refuse_missing(table, [person, wave], what="person and wave")
    own = {name: as_names(table[given], NOUNS[name]) for given, name in named.items()}
    rows = pd.DataFrame(own, index=table.index)
    rows["scale"] = table["scale"].astype("str") if "scale" in table else outcome
    rows["score"] = numbers_of(table[outcome], what=f"Scores, values of {outcome!r},")
    refuse_repeated(rows, ["scale", "wave", "person_id"], what="scale, wave and person")
    return rows.sort_values("person_id", kind="stable")


def need_waves(rows: pd.DataFrame, waves: Sequence[str], *, table: str = "scores") -> list[str]:
    """Return the waves as text, or raise where one is not in the table or named twice."""
    names = [str(one) for one in names_in(waves, argument="waves")]
    present = sorted(set(rows["wave"].astype("str")))
    absent = [name for name in names if name not in present]
    if absent or len(names) < 2 or len(set(names)) < len(names):
        raise ArgumentError(
            f"Change is between different waves of the table of {table}",
            expected=f"two or more of {shown(present) or 'none'}, in their order",
            seen=shown(absent or names) or "none",
        )
    return names


def two_waves(rows: pd.DataFrame, waves: Sequence[str]) -> tuple[str, str]:
    """Return the earlier and the later wave, or raise where there are not two."""
    names = need_waves(rows, waves)
    if len(names) != 2:
        raise ArgumentError(
            "Two waves are compared", expected="the earlier and the later", seen=shown(names)
        )
    return names[0], names[1]


def each_pair(
    rows: pd.DataFrame, waves: Sequence[str]
) -> Iterator[tuple[str, pd.DataFrame, str, str]]:
    """Yield scale, the scores there are of it, and each two waves that follow each other."""
    for scale in dict.fromkeys(rows["scale"]):
        for before, after in pairwise(waves):
            there = (rows["scale"] == scale) & rows["score"].notna()
            yield str(scale), rows[there], before, after


def paired(rows: pd.DataFrame, waves: tuple[str, str], *, teams: bool) -> list[Pairs]:
    """Return the people with both scores, one entry a scale in the order of the table."""
    return [_pairs(part, scale, a, b, teams) for scale, part, a, b in each_pair(rows, waves)]


def _pairs(part: pd.DataFrame, scale: str, before: str, after: str, teams: bool) -> Pairs:
    first, last = (part[part["wave"] == name].set_index("person_id") for name in (before, after))
    both = first.index.intersection(last.index).sort_values()
    either = first.index.union(last.index)
    return Pairs(
        scale=scale,
        from_wave=before,
        wave=after,
        persons=both.to_numpy(),
        teams=_teams(first.loc[both], last.loc[both]) if teams else None,
        first=first.loc[both, "score"].to_numpy(dtype=float),
        last=last.loc[both, "score"].to_numpy(dtype=float),
        n_left_out=len(either) - len(both),
    )


def _teams(first: pd.DataFrame, last: pd.DataFrame) -> np.ndarray:
    """Return where people were at first: who moves is counted where they began."""
    found = first["team_id"].fillna(last["team_id"])
    if found.isna().any():
        raise ArgumentError(
            "A person has no team in either wave",
            expected="a team of each person who answered in both",
            seen=shown(found.index[found.isna()]),
            todo="name it, leave the person out, or pass team=None for people as independent",
        )
    return found.astype("str").to_numpy()
