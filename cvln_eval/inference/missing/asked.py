"""Everybody who was asked, whether they answered or not."""

from __future__ import annotations

import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["everyone_asked"]

KEY = ["wave", "person_id"]


def everyone_asked(
    answers: pd.DataFrame,
    *,
    respondents: pd.DataFrame,
    instrument: str,
    memberships: pd.DataFrame,
) -> pd.DataFrame:
    """Give everybody who was asked a row in every wave in which they were, answers or not.

    Who left nothing at all has no row in a table of answers, so that a share missing of that table
    says nothing of them. The roster of respondents is the universe: who is on it and did not
    answer is a nonrespondent; who is not on it, such as a late joiner at baseline, was not asked.

    Parameters
    ----------
    answers : DataFrame
        One row a person and wave, such as `answer_table` makes, or scores put side by side.
    respondents : DataFrame
        The study's table: `wave`, `instrument`, `person_id`, `responded`, `reason`.
    instrument : str
        Instrument that the answers belong to.
    memberships : DataFrame
        The study's table: `wave`, `person_id`, `team_id`.

    Returns
    -------
    DataFrame
        `wave`, `person_id`, `team_id`, `responded`, `reason` and the columns of `answers`, nan for
        those without an answer; waves in the order of `respondents`, which need not be complete in
        `answers`.

    Raises
    ------
    ArgumentError
        If a column is absent, nobody was asked this instrument, a person stands twice, answered
        without being asked, is said not to have answered but has, or is on no team's roster.

    Examples
    --------
    >>> asked = pd.DataFrame({"wave": "y1", "instrument": "culture", "person_id": ["a", "b"]})
    >>> asked = asked.assign(responded=[True, False], reason=["", "no submission"])
    >>> roster = asked[["wave", "person_id"]].assign(team_id="T")
    >>> answers = pd.DataFrame({"wave": ["y1"], "person_id": ["a"], "trust": [4.0]})
    >>> everyone_asked(answers, respondents=asked, instrument="culture", memberships=roster)[
    ...     ["person_id", "responded", "trust"]
    ... ]
      person_id  responded  trust
    0         a       True    4.0
    1         b      False    NaN
    """
    need_columns(answers, KEY, table="answers")
    need_columns(respondents, [*KEY, "instrument", "responded", "reason"], table="respondents")
    need_columns(memberships, [*KEY, "team_id"], table="memberships")
    refuse_missing(respondents, [*KEY, "instrument"], what="person was asked what in which wave")
    asked = respondents[respondents["instrument"] == instrument]
    if asked.empty:
        seen, known = repr(instrument), shown(respondents["instrument"])
        raise ArgumentError("Nobody was asked this instrument", expected=known, seen=seen)
    for table, what in ((answers, "answers"), (asked, "respondents"), (memberships, "roster")):
        _refuse(table[table.duplicated(KEY)], f"A person stands twice in the {what} of a wave")
    own = ["team_id", "responded", "reason"]
    columns = [name for name in answers if name not in (*KEY, *own)]
    joined = asked[[*KEY, "responded", "reason"]].merge(
        memberships[[*KEY, "team_id"]], on=KEY, how="left"
    )
    _refuse(joined[joined["team_id"].isna()], "A person was asked who is on no roster of the wave")
    pairs = pd.MultiIndex.from_frame(asked[KEY])
    off = answers[~pd.MultiIndex.from_frame(answers[KEY]).isin(pairs)]
    _refuse(off, "A person answered who is not among those asked")
    table = joined.merge(answers[[*KEY, *columns]], on=KEY, how="left")
    silent = table["responded"].eq(False).fillna(False)
    _refuse(
        table[silent & table[columns].notna().any(axis=1)],
        "A person has answers and is said not to have answered",
    )
    return table[[*KEY, *own, *columns]]


def _refuse(rows: pd.DataFrame, what: str) -> None:
    if len(rows):
        raise ArgumentError(what, seen=shown(rows[KEY].astype("str").agg(" ".join, axis=1)))
