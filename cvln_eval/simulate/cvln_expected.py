"""What cleaning the untidy files of the simulated CVLN study must give, table by table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cvln_eval.simulate.cvln_expected_answers import empty_forms, expected_responses
from cvln_eval.simulate.cvln_parameters import RELATIONS, WAVES
from cvln_eval.simulate.cvln_people import OUTSIDER_IDS, CvlnPeople
from cvln_eval.simulate.cvln_surveys import FIELDED, cvln_items
from cvln_eval.simulate.cvln_untidy_program import LOG
from cvln_eval.simulate.cvln_untidy_records import OUTCOMES, rating_header
from cvln_eval.simulate.cvln_untidy_rosters import FIRST, SECOND, THIRD
from cvln_eval.simulate.cvln_untidy_ties import expected_ties
from cvln_eval.simulate.planting import LOSSY_RULES, RawDraft, expected_after

__all__ = ["expected_tables", "true_respondents"]

NO_SUBMISSION = "no submission"
NO_ANSWERS = "submitted without answers"
NOT_KNOWN = "not known whether answered"


def expected_tables(
    people: CvlnPeople, frames: Mapping[str, pd.DataFrame], drafts: Mapping[str, list[RawDraft]]
) -> dict[str, pd.DataFrame]:
    """Return the tables that cleaning must give.

    Parameters
    ----------
    people : CvlnPeople
    frames : mapping
        True tables and the steps to them.
    drafts : mapping
        The untidy files by table.

    Returns
    -------
    dict of pd.DataFrame
        True tables without the values that planted defects destroy, and with what is flagged and
        kept: people who name themselves, people on no roster who are named or attend.
    """
    surveys = dict(zip(WAVES, drafts["responses"], strict=True))
    lists = dict(zip(WAVES, drafts["ties"], strict=True))
    leaders = expected_ties(frames["leaders"], lists, outsider=OUTSIDER_IDS[2])
    responses = expected_responses(surveys, answers=frames["answers"])
    same = ("teams", "memberships", "sessions", "themes", "activity")
    return {name: frames[name] for name in same} | {
        "people": _people(frames["people"], drafts["memberships"]),
        "responses": responses,
        "respondents": _respondents(people, frames, responses, empty_forms(surveys)),
        "ties": pd.concat([leaders, frames["coaches"]], ignore_index=True),
        "attendance": _attendance(frames["attendance"], drafts["attendance"]),
        "coaching": _lost(frames["coaching"], drafts["coaching"], LOG),
        "ratings": _ratings(frames["ratings"], drafts["ratings"][0]),
        "outcomes": _lost(frames["outcomes"], drafts["outcomes"], OUTCOMES),
    }


def _lost(table: pd.DataFrame, drafts: list[RawDraft], headers: Mapping[str, str]) -> pd.DataFrame:
    columns = {header: column for column, header in headers.items()}
    for draft in drafts:
        table = expected_after(table, draft, columns=columns)
    return table


def _people(people: pd.DataFrame, rosters: list[RawDraft]) -> pd.DataFrame:
    table = people.set_index("person_id", drop=False)
    for draft, headers in zip(rosters, (FIRST, SECOND, THIRD), strict=False):
        table = _lost(table, [draft], {name: headers[name] for name in ("tenure_years", "degree")})
    return table.reset_index(drop=True)


def _attendance(attendance: pd.DataFrame, drafts: list[RawDraft]) -> pd.DataFrame:
    sign_in, *lists = drafts
    lost = sign_in.planted[sign_in.planted["rule"].isin(LOSSY_RULES)]
    gone = set(zip(lost["column"], lost["label"], strict=True))
    table = attendance.copy()
    at = [pair in gone for pair in zip(table["session_id"], table["person_id"], strict=True)]
    table.loc[at, "hours"] = None
    for draft, header in zip(lists, ("Hours", "time (h)"), strict=True):
        table = _lost(table, [draft], {"hours": header})
    outside = [label for label in lists[0].cells.index if str(label).startswith("outside/")]
    visits = [str(label).removeprefix("outside/") for label in outside]
    more = pd.DataFrame({"session_id": visits, "person_id": OUTSIDER_IDS[3], "hours": 3.0})
    return pd.concat([table, more], ignore_index=True)


def _ratings(ratings: pd.DataFrame, rubric: RawDraft) -> pd.DataFrame:
    lost = rubric.planted[rubric.planted["rule"].isin(LOSSY_RULES)]
    gone = set(zip(lost["label"], lost["column"], strict=True))
    rows = zip(
        ratings["wave"], ratings["team_id"], ratings["rater_id"], ratings["criterion"], strict=True
    )
    at = [("|".join(row[:3]), rating_header(row[3])) in gone for row in rows]
    table = ratings.copy()
    table.loc[at, "score"] = None
    return table


def true_respondents(people: CvlnPeople, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return who answered which instrument and relation, and who did not.

    Parameters
    ----------
    people : CvlnPeople
    frames : mapping
        With `said`, `named`, `answers` and `coaches`.

    Returns
    -------
    pd.DataFrame
        `wave, instrument, person_id, responded, reason` for everybody on the network's rosters,
        and for the coaches where their own ties are asked.
    """
    answers = frames["answers"].dropna(subset=["value"])
    surveys = _of_surveys(people, answers, _sent(frames["said"]))
    asked = [frames["named"].assign(instrument=relation) for relation in RELATIONS]
    ties = pd.concat(asked, ignore_index=True)
    ties["reason"] = ties["responded"].map({True: None, False: NO_SUBMISSION})
    return pd.concat([surveys, ties, _of_coaches(frames["coaches"])], ignore_index=True)[
        ["wave", "instrument", "person_id", "responded", "reason"]
    ]


def _sent(said: pd.DataFrame) -> set[tuple[str, str]]:
    answered = said[said["responded"]]
    return set(zip(answered["wave"], answered["person_id"], strict=True))


def _of_surveys(
    people: CvlnPeople, answers: pd.DataFrame, sent: set[tuple[str, str]]
) -> pd.DataFrame:
    instrument = answers["item"].map(cvln_items()["instrument"])
    gave = set(zip(answers["wave"], instrument, answers["person_id"], strict=True))
    rows = []
    for wave in WAVES:
        for person in people.roster(wave)["person_id"]:
            for asked in FIELDED[wave]:
                responded = (wave, asked, person) in gave
                why = NO_ANSWERS if (wave, person) in sent else NO_SUBMISSION
                rows.append((wave, asked, person, responded, None if responded else why))
    return pd.DataFrame(rows, columns=["wave", "instrument", "person_id", "responded", "reason"])


def _of_coaches(ties: pd.DataFrame) -> pd.DataFrame:
    senders = ties[["wave", "relation", "sender_id"]].drop_duplicates()
    named = senders.set_axis(["wave", "instrument", "person_id"], axis=1)
    return named.assign(responded=True, reason=None)


def _respondents(
    people: CvlnPeople,
    frames: Mapping[str, pd.DataFrame],
    responses: pd.DataFrame,
    empty: set[tuple[str, str]],
) -> pd.DataFrame:
    """Return who answered, as cleaning can know it: lists of ties do not show who is silent."""
    surveys = _of_surveys(people, responses, _sent(frames["said"]) | empty)
    rest = frames["respondents"]
    ties = rest[~rest["instrument"].isin({name for given in FIELDED.values() for name in given})]
    ties = ties.assign(responded=ties["responded"].astype("boolean"))
    silent = ~ties["responded"].astype(bool)
    ties.loc[silent, "responded"] = pd.NA
    ties.loc[silent, "reason"] = NOT_KNOWN
    surveys["responded"] = surveys["responded"].astype("boolean")
    return pd.concat([surveys, ties], ignore_index=True)
