"""A column as it stood some waves before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import names_in, need_columns, refuse_missing

__all__ = ["lagged"]


def lagged(
    table: pd.DataFrame,
    *,
    column: str,
    waves: Sequence[object],
    by: str = "team_id",
    wave: str = "wave",
    lag: int = 1,
) -> pd.Series:
    """Return a column of the table as it stood some waves before, for the same team or person.

    Parameters
    ----------
    table : DataFrame
        One row a team (or person) and wave.
    column : str
        Such as ``"n_visits"``.
    waves : sequence
        The waves in their order; rows of other waves are refused.
    by : str
        Column that names the team or person.
    wave : str
        Column that names the wave.
    lag : int
        How many waves before.

    Returns
    -------
    Series
        With the index of the table; missing in the first waves, and where there is no row of the
        earlier wave: a gap is never bridged.

    Raises
    ------
    ArgumentError
        If a column is absent, a team or wave is missing, a wave is not among `waves` or is there
        twice, a team has two rows of one wave, or the lag is no whole number of 1 or more.

    Examples
    --------
    >>> table = pd.DataFrame({"team_id": ["a", "a", "b"], "wave": [1, 2, 2], "visits": [4, 6, 9]})
    >>> lagged(table, column="visits", waves=[1, 2]).tolist()
    [nan, 4.0, nan]
    """
    need_columns(table, [column, by, wave], table="doses")
    refuse_missing(table, [by, wave], what="row of a wave")
    place = _places(table, names_in(waves, argument="waves"), wave)
    _refuse_two(table, by, wave)
    if isinstance(lag, bool) or not isinstance(lag, int | np.integer) or lag < 1:
        raise ArgumentError(
            "A lag looks back", expected="a whole number of waves, 1 or more", seen=repr(lag)
        )
    then = pd.MultiIndex.from_arrays([table[by], place])
    earlier = pd.MultiIndex.from_arrays([table[by], place - lag])
    values = pd.Series(table[column].to_numpy(), index=then).reindex(earlier)
    return pd.Series(values.to_numpy(), index=table.index, name=f"{column}_lag_{lag}")


def _places(table: pd.DataFrame, waves: Sequence[object], wave: str) -> pd.Series:
    twice = [name for name, times in Counter(waves).items() if times > 1]
    if twice:
        raise ArgumentError(
            "A wave is in the order of waves twice", expected="each once", seen=shown(twice)
        )
    place = table[wave].map({name: at for at, name in enumerate(waves)})
    strange = table.loc[place.isna(), wave]
    if len(strange):
        raise ArgumentError(
            "A row is of a wave that is not in the order of waves",
            expected=shown(waves),
            seen=shown(strange),
            column=wave,
        )
    return place.astype(int)


def _refuse_two(table: pd.DataFrame, by: str, wave: str) -> None:
    twice = table.duplicated([by, wave])
    if twice.any():
        pairs = table.loc[twice, [by, wave]].itertuples(index=False, name=None)
        raise ArgumentError(
            "A row of the wave before cannot be told from another",
            expected=f"one row for each {by} and {wave}",
            seen=f"more of {shown(pairs)}",
        )
