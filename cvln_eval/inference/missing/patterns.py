"""What is missing: by column, by wave, by team, and which are missing together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError
from cvln_eval.inference.columns import as_names
from cvln_eval.measurement.matrix import item_names
from cvln_eval.measurement.tables import need_columns, refuse_missing
from cvln_eval.results import Result, count, proportion

__all__ = ["MissingPatterns", "missing_patterns"]

ALL = "all"
ANSWERED, SILENT, NOT_ASKED = "answered", "no answer", "not asked"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class MissingPatterns(Result):
    """What is missing of those who were asked; see `missing_patterns`.

    Attributes
    ----------
    shares : DataFrame
        One row a column and wave, and one a column over all waves.
    patterns : DataFrame
        One row a set of columns missing together.
    rates : DataFrame
        One row a wave and team: who answered.
    courses : DataFrame
        One row a course of answering over the waves.
    """

    shares: pd.DataFrame
    patterns: pd.DataFrame
    rates: pd.DataFrame
    courses: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a column and wave: missing, by wave and by item nonresponse."""
        return self.shares.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: who was asked, who answered, in full or in part."""
        found = self.patterns
        whole = self.shares[self.shares["wave"] == ALL]
        silent = int(whole["n_wave_nonresponse"].iloc[0])
        n = int(whole["n"].iloc[0])
        return pd.DataFrame(
            [
                {
                    "n": n,
                    "n_responded": n - silent,
                    "response_rate": (n - silent) / n if n else np.nan,
                    "n_complete": int(found.loc[found["n_missing"] == 0, "n"].sum()),
                    "n_item_nonresponse": int(whole["n_item_nonresponse"].sum()),
                    "n_patterns": len(found),
                    "monotone": bool(found["monotone"].all()),
                }
            ]
        )

    def sentence(self) -> str:
        """Return how many of those asked answered, in full or in part."""
        row = self.glance().iloc[0]
        if not row["n"]:
            return "Nobody was asked, so nothing can be missing."
        part = int(row["n_responded"] - row["n_complete"])
        return (
            f"Of {count(int(row['n']), 'questionnaire')} asked for, {row['n_responded']:,} came "
            f"({proportion(row['response_rate'])}): {row['n_complete']:,} complete and {part:,} "
            f"with {count(int(row['n_item_nonresponse']), 'value')} missing in "
            f"{'it' if part == 1 else 'them'}."
        )


def missing_patterns(
    table: pd.DataFrame,
    *,
    columns: Sequence[str],
    person: str = "person_id",
    team: str = "team_id",
    wave: str = "wave",
) -> MissingPatterns:
    """Count what is missing, wave nonresponse and item nonresponse kept apart.

    A row in which every column is missing is a wave nonresponse: the person left no answer at all.
    All other missing values are item nonresponse. Where the table has a column `responded`, a row
    that is said to have come counts as item nonresponse even if all of the columns are empty.

    Parameters
    ----------
    table : DataFrame
        One row for everybody asked in a wave, as `everyone_asked` makes it.
    columns : sequence of str
        Items or scores.
    person, team, wave : str
        Columns that name persons, their teams and waves.

    Returns
    -------
    MissingPatterns
        `tidy` has one row a column and wave and one a column over all waves; `patterns` one row a
        set of columns missing together, those that are monotone first: with the columns in order
        of their missing values, nothing is there after the first missing one. `rates` has one row
        a wave and team with the share that answered, `courses` one a course over the waves, such
        as "answered, no answer, not asked". With no row every share is nan.

    Raises
    ------
    ArgumentError
        If a column is absent, none is named, a row does not say whose it is, or a person has two
        rows in a wave.

    Notes
    -----
    Agrees with `mice::md.pattern`.

    References
    ----------
    Little & Rubin (2020), Statistical analysis with missing data, 3rd ed., section 1.2.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "person_id": ["a", "b", "c"],
    ...         "team_id": ["T", "T", "U"],
    ...         "wave": "y1",
    ...         "trust_1": [4.0, 3.0, None],
    ...         "trust_2": [4.0, None, None],
    ...     }
    ... )
    >>> missing_patterns(table, columns=["trust_1", "trust_2"]).patterns
       n      missing_columns  n_missing  monotone
    0  1                               0      True
    1  1              trust_2          1      True
    2  1  trust_1 and trust_2          2      True
    """
    names = item_names(columns)
    if not names:
        raise ArgumentError("Patterns are of columns", expected="one or more", seen="none")
    need_columns(table, [person, team, wave, *names], table="those asked")
    refuse_missing(table, [person, team, wave], what="person, team or wave")
    if table.duplicated([person, wave]).any():
        twice = table.loc[table.duplicated([person, wave]), person]
        raise ArgumentError("A person has two rows in a wave", seen=repr(twice.iloc[0]))
    missing = np.asarray(table[names].isna())
    came = table["responded"].eq(True).fillna(False) if "responded" in table else False
    silent = np.asarray(missing.all(axis=1) & ~np.asarray(came, dtype=bool))
    waves, teams = (
        np.asarray(as_names(table[name], what)) for name, what in ((wave, "wave"), (team, "team"))
    )
    return MissingPatterns(
        shares=_shares(missing, silent, names, waves),
        patterns=_patterns(missing, names),
        rates=_rates(silent, waves, teams),
        courses=_courses(as_names(table[person], "person"), waves, silent),
    )


def _shares(
    missing: np.ndarray, silent: np.ndarray, names: list[str], waves: np.ndarray
) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        for at in (*pd.unique(waves), ALL):
            here = np.full(len(waves), True) if at == ALL else waves == at
            gone = missing[here, place]
            rows.append(
                {
                    "variable": name,
                    "wave": at,
                    "n": len(gone),
                    "n_missing": int(gone.sum()),
                    "missing_share": float(gone.mean()) if len(gone) else np.nan,
                    "n_wave_nonresponse": int(silent[here].sum()),
                    "n_item_nonresponse": int((gone & ~silent[here]).sum()),
                }
            )
    return pd.DataFrame(rows)


def _patterns(missing: np.ndarray, names: list[str]) -> pd.DataFrame:
    order = np.argsort(missing.sum(axis=0), kind="stable")
    kinds, counts = np.unique(missing, axis=0, return_counts=True)
    rows = [
        {
            "n": int(n),
            "missing_columns": _listed([names[i] for i in np.flatnonzero(kind)]),
            "n_missing": int(kind.sum()),
            "monotone": bool((np.diff(kind[order].astype(int)) >= 0).all()),
        }
        for kind, n in zip(kinds, counts, strict=True)
    ]
    found = pd.DataFrame(rows, columns=["n", "missing_columns", "n_missing", "monotone"])
    by = ["monotone", "n", "n_missing", "missing_columns"]
    return found.sort_values(by, ascending=[False, False, True, True], ignore_index=True)


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _rates(silent: np.ndarray, waves: np.ndarray, teams: np.ndarray) -> pd.DataFrame:
    rows = []
    for at in pd.unique(waves):
        for team in (*sorted(set(teams[waves == at])), ALL):
            here = (waves == at) & ((teams == team) | (team == ALL))
            n, came = int(here.sum()), int((here & ~silent).sum())
            rows.append(
                {
                    "wave": at,
                    "team_id": team,
                    "n": n,
                    "n_responded": came,
                    "response_rate": came / n,
                }
            )
    return pd.DataFrame(rows, columns=["wave", "team_id", "n", "n_responded", "response_rate"])


def _courses(persons: pd.Series, waves: np.ndarray, silent: np.ndarray) -> pd.DataFrame:
    """Count courses over the waves; monotone where nobody answers again after being silent."""
    order = pd.unique(waves)
    states = dict(zip(zip(persons, waves, strict=True), silent, strict=True))
    words = {True: SILENT, False: ANSWERED, None: NOT_ASKED}
    found = Counter(
        tuple(words[states.get((one, at))] for at in order) for one in pd.unique(persons)
    )
    rows = [
        {"n": n, "course": ", ".join(course), "monotone": _drops_out(course)}
        for course, n in found.items()
    ]
    table = pd.DataFrame(rows, columns=["n", "course", "monotone"])
    by = ["monotone", "n", "course"]
    return table.sort_values(by, ascending=[False, False, True], ignore_index=True)


def _drops_out(course: tuple[str, ...]) -> bool:
    asked = [state == SILENT for state in course if state != NOT_ASKED]
    return all(later or not earlier for earlier, later in pairwise(asked))
