"""Ties and respondents as they are read: ids as text, each pair once, strengths as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cvln_eval.errors import ArgumentError, shown
from cvln_eval.measurement.matrix import numbers_of
from cvln_eval.measurement.tables import need_columns, refuse_missing

__all__ = ["asked_of", "read_roster", "read_ties", "refuse_ids_that_differ_by_case"]

ENDS = ("wave", "relation", "sender_id", "receiver_id")
ASKED = ("wave", "instrument", "person_id", "responded")


def read_ties(ties: pd.DataFrame) -> pd.DataFrame:
    """Return wave, relation, both ends and strength of each row; without a strength it is 1.

    Raises
    ------
    ArgumentError
        If a column or an end is missing, a pair stands twice, ids differ by case alone, or a
        strength is negative, infinite or no number.
    """
    need_columns(ties, ENDS, table="ties")
    refuse_missing(ties, list(ENDS), what="tie")
    rows = ties[list(ENDS)].astype("str").reset_index(drop=True)
    rows["strength"] = 1.0
    if "strength" in ties:
        rows["strength"] = numbers_of(ties["strength"], what="Strengths of ties")
    wrong = (rows["strength"] < 0) | np.isinf(rows["strength"])
    if wrong.any():
        raise ArgumentError(
            "A tie has a strength that is negative or infinite",
            expected="numbers from 0 up; 0 says that there is no tie",
            seen=shown(_pairs(rows[wrong], strength=True)),
            column="strength",
        )
    twice = rows.duplicated(list(ENDS))
    if twice.any():
        raise ArgumentError(
            "A tie stands twice",
            expected="one row a wave, relation, sender and receiver",
            seen=shown(_pairs(rows[twice])),
            todo="add up or take the larger of its strengths first",
        )
    refuse_ids_that_differ_by_case(pd.concat([rows["sender_id"], rows["receiver_id"]]))
    return rows


def read_roster(
    memberships: pd.DataFrame, people: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return the rosters and what is known of people, their ids and waves as text.

    Raises
    ------
    ArgumentError
        If one is no table or lacks a column, or a row does not say who or which wave it is.
    """
    need_columns(memberships, ("wave", "person_id", "team_id"), table="memberships")
    refuse_missing(memberships, ["wave", "person_id"], what="membership")
    texts = {name: memberships[name].astype("str") for name in ("wave", "person_id")}
    if people is None:
        return memberships.assign(**texts), None
    need_columns(people, ("person_id",), table="people")
    refuse_missing(people, ["person_id"], what="person")
    return memberships.assign(**texts), people.assign(person_id=people["person_id"].astype("str"))


def refuse_ids_that_differ_by_case(ids: pd.Series | pd.Index) -> None:
    """Raise `ArgumentError` where two ids are one but for upper and lower case."""
    names = pd.Series(pd.unique(pd.Series(ids, dtype="str")), dtype="str")
    folded = names.str.casefold()
    alike = names[folded.duplicated(keep=False)]
    if len(alike):
        raise ArgumentError(
            "Ids differ by upper and lower case alone",
            expected="each person under one id",
            seen=shown(sorted(alike)),
            todo="write each id the same way in every row",
        )


def _pairs(rows: pd.DataFrame, *, strength: bool = False) -> list[str]:
    return [
        f"{row.sender_id} to {row.receiver_id}" + (f" ({row.strength:g})" if strength else "")
        for row in rows.itertuples()
    ]


def asked_of(
    rows: pd.DataFrame,
    roster: pd.DataFrame,
    respondents: pd.DataFrame | None,
    instruments: Mapping[str, str],
    waves: Sequence[str],
    relations: Sequence[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who was asked about each relation, on the roster of the wave and not on it.

    Both have wave, relation, person_id and responded.

    Raises
    ------
    ArgumentError
        If a relation has no instrument, somebody stands twice among its respondents, or none of
        them is on the roster.
    """
    ids = [roster["person_id"], rows["sender_id"]]
    if respondents is not None and "person_id" in respondents:
        ids.append(respondents["person_id"].dropna().astype("str"))
    refuse_ids_that_differ_by_case(pd.concat(ids))
    if respondents is None:
        pairs = rows[["wave", "relation"]].drop_duplicates()
        everybody = roster[["wave", "person_id"]].merge(pairs, on="wave").assign(responded=True)
        asked = everybody.astype({"responded": "boolean"})
        return asked, asked.iloc[:0]
    asked = _read(respondents)
    named = {relation: instruments.get(relation, relation) for relation in relations}
    _refuse_unasked(asked, named)
    parts = [
        asked[asked["instrument"] == instrument].assign(relation=relation)
        for relation, instrument in named.items()
    ]
    joined = pd.concat(parts) if parts else asked.assign(relation="")
    joined = joined.loc[joined["wave"].isin(waves), ["wave", "relation", "person_id", "responded"]]
    there = pd.MultiIndex.from_frame(roster[["wave", "person_id"]])
    inside = pd.MultiIndex.from_frame(joined[["wave", "person_id"]]).isin(there)
    if len(joined) and not inside.any():
        _refuse_strangers(joined, roster)
    return joined[inside].reset_index(drop=True), joined[~inside].reset_index(drop=True)


def _read(respondents: pd.DataFrame) -> pd.DataFrame:
    need_columns(respondents, ASKED, table="respondents")
    refuse_missing(respondents, list(ASKED[:3]), what="respondent")
    asked = respondents[list(ASKED)].reset_index(drop=True)
    asked[list(ASKED[:3])] = asked[list(ASKED[:3])].astype("str")
    try:
        asked["responded"] = asked["responded"].astype("boolean")
    except (TypeError, ValueError):
        raise ArgumentError(
            "Whether people answered cannot be read",
            expected="true, false or nothing",
            seen=shown(pd.unique(asked["responded"])),
            column="responded",
        ) from None
    twice = asked.duplicated(list(ASKED[:3]))
    if twice.any():
        raise ArgumentError(
            "Somebody stands twice among the respondents of a wave and instrument",
            seen=shown(asked.loc[twice, "person_id"]),
        )
    return asked


def _refuse_strangers(asked: pd.DataFrame, roster: pd.DataFrame) -> None:
    raise ArgumentError(
        "No respondent is on the roster of the wave",
        expected=f"ids such as {shown(sorted(set(roster['person_id'])))}",
        seen=shown(f"{row.person_id} in {row.wave}" for row in asked.itertuples()),
        todo="give both tables the same ids and waves",
    )


def _refuse_unasked(asked: pd.DataFrame, named: Mapping[str, str]) -> None:
    known = set(asked["instrument"])
    strange = [relation for relation, instrument in named.items() if instrument not in known]
    if strange:
        raise ArgumentError(
            "The table of respondents does not say who was asked about a relation",
            expected=f"`instruments` that name one of {shown(sorted(known))} for each",
            seen=f"none for {shown(strange)}",
        )
