"""Who was asked, who answered, and of whom that is not known: the roster is the universe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.errors import CleanError, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cvln_eval.clean.kinds import Kit
    from cvln_eval.clean.sheet import Sheet

__all__ = ["NOT_KNOWN", "all_respondents", "survey_respondents", "tie_respondents"]

NOT_KNOWN = "not known whether answered"
NO_SUBMISSION = "no submission"
NO_ANSWERS = "submitted without answers"


KEY = ["wave", "instrument", "person_id"]


def all_respondents(stated: list[pd.DataFrame], derived: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one row a wave, instrument and person; what a file states counts before what follows.

    Raises
    ------
    CleanError
        If a file says that somebody did not answer whose answers are there.
    """
    if stated and derived:
        silent = pd.concat(stated)
        silent = silent[silent["responded"].eq(False).fillna(False)]
        answered = pd.concat(derived)
        answered = answered[answered["responded"].fillna(False)]
        both = silent.merge(answered, on=KEY)
        if len(both):
            raise CleanError(
                "A file says that people did not answer whose answers are in another file",
                seen=shown("|".join(row) for row in both[KEY].itertuples(index=False)),
                todo="correct a copy of the file that fills the table respondents",
            )
    stacked = pd.concat([*stated, *derived], ignore_index=True)
    return stacked.drop_duplicates(KEY, ignore_index=True)


def asked_people(
    wave: str, answered: Collection[str], tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return everybody who was asked: the wave's roster of the network, and all who answered.

    Where all who answered are of other arms (coaches asked about each other), the roster of those
    arms was asked instead.
    """
    memberships = tables["memberships"]
    roster = memberships[memberships["wave"] == wave].merge(tables["teams"], on="team_id")
    arms = set(roster.loc[roster["person_id"].isin(list(answered)), "arm"])
    asked = arms if arms and "network" not in arms else {"network"}
    listed = roster[roster["arm"].isin(asked)] if "network" in set(roster["arm"]) else roster
    return list(dict.fromkeys([*sorted(listed["person_id"]), *sorted(answered)]))


def survey_respondents(
    sheets: Sequence[Sheet], kit: Kit, tables: Mapping[str, pd.DataFrame]
) -> list[pd.DataFrame]:
    """Return a row for everybody a survey asked, and for those who answered without being asked.

    A person answered an instrument when at least one of its items has an answer.
    """
    sent: dict[tuple[str, str], set[str]] = {}
    answered: dict[tuple[str, str], set[str]] = {}
    for sheet in sheets:
        kept = sheet.frame[sheet.kept()]
        for wave in dict.fromkeys([*sheet.entry.wave, *kept["wave"].dropna()]):
            here = kept[kept["wave"] == wave]
            for instrument in sheet.entry.instruments:
                # An instrument may have been fielded in several files, one a team or mode.
                at = (wave, instrument)
                sent.setdefault(at, set()).update(here["person_id"])
                some = _answered(sheet, here.index.to_numpy(), instrument, kit)
                answered.setdefault(at, set()).update(some)
    parts = []
    for at, senders in sent.items():
        people = asked_people(at[0], senders, tables)
        parts.append(_respondents(*at, people, senders, answered[at]))
    return parts


def _answered(sheet: Sheet, rows: np.ndarray, instrument: str, kit: Kit) -> set[str]:
    items = [
        item.item
        for item in kit.study.codebook.items
        if item.instrument == instrument and item.item in sheet.text
    ]
    some = np.zeros(len(rows), dtype=bool)
    for item in items:
        some |= np.asarray(sheet.text[item][rows] != "", dtype=bool)
    return set(sheet.frame["person_id"].to_numpy(object)[rows[some]])


def _respondents(
    wave: str, instrument: str, people: list[str], sent: set[str], answered: set[str]
) -> pd.DataFrame:
    reasons = [
        None if person in answered else NO_ANSWERS if person in sent else NO_SUBMISSION
        for person in people
    ]
    return pd.DataFrame(
        {
            "wave": pd.Series([wave] * len(people), dtype="str"),
            "instrument": pd.Series([instrument] * len(people), dtype="str"),
            "person_id": pd.Series(people, dtype="str"),
            "responded": pd.Series([person in answered for person in people], dtype="boolean"),
            "reason": pd.Series(reasons, dtype="str"),
        }
    )


def tie_respondents(
    asked: Mapping[tuple[str, str], Mapping[str, bool | None]],
    kit: Kit,
    tables: Mapping[str, pd.DataFrame],
) -> list[pd.DataFrame]:
    """Return a row for everybody who could have named somebody.

    `asked` says for each wave and relation of whom it is known that they answered (True) or did
    not (False), or that it cannot be known (None). Of everybody else on the roster it is not
    known: a list of ties cannot tell "names nobody" from "did not answer".
    """
    parts = []
    for (wave, relation), known in asked.items():
        people = asked_people(wave, known, tables)
        answers = [known.get(person) for person in people]
        reasons = [NOT_KNOWN if a is None else None if a else NO_SUBMISSION for a in answers]
        frame = _respondents(wave, relation, people, set(), set())
        frame["responded"] = pd.Series(answers, dtype="boolean")
        frame["reason"] = pd.Series(reasons, dtype="str")
        parts.append(frame)
    return parts
