"""The whole simulated Virginia study: truth, untidy files, and what cleaning must make of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cvln_eval.simulate.planting import RawDraft, expected_after
from cvln_eval.simulate.studies import SimulatedStudy
from cvln_eval.simulate.virginia.competencies import INSTRUMENT
from cvln_eval.simulate.virginia.effects import VirginiaEffects
from cvln_eval.simulate.virginia.identities import Identities, draw_identities
from cvln_eval.simulate.virginia.raw_attendance import attendance_drafts
from cvln_eval.simulate.virginia.raw_divisions import application_drafts, division_draft
from cvln_eval.simulate.virginia.raw_milestones import milestone_drafts
from cvln_eval.simulate.virginia.raw_rosters import roster_drafts
from cvln_eval.simulate.virginia.raw_sessions import coaching_draft, session_drafts
from cvln_eval.simulate.virginia.raw_surveys import survey_drafts
from cvln_eval.simulate.virginia.raw_ties import tie_drafts
from cvln_eval.simulate.virginia.truth import VirginiaTruth, simulate_truth
from cvln_eval.simulate.virginia.world import COHORT_OF_WAVE

__all__ = ["simulate_virginia"]

TEMPLATE = "virginia_study"
# Headers whose values a planted defect can destroy, by table.
LOST: Mapping[str, Mapping[str, str]] = {
    "sessions": {"Hours": "hours", "Format": "mode"},
    "coaching": {"Minutes": "minutes", "Date": "held_on", "Mode": "mode", "Focus": "focus"},
    "milestones": {"Hours saved": "hours_saved", "Done": "done_on"},
}


def simulate_virginia(
    *, rng: int | np.random.Generator = 2019, effects: VirginiaEffects | None = None
) -> SimulatedStudy:
    """Simulate the Virginia study with its untidy raw files and everything that is true of it.

    Parameters
    ----------
    rng : int or Generator
        Seed or source of randomness; the same seed gives the same study.
    effects : VirginiaEffects, optional
        The true effects.

    Returns
    -------
    SimulatedStudy
        With the true tables, the tables that cleaning must make of the raw files, the raw files
        with every planted defect, and the true effects by table.

    Examples
    --------
    >>> study = simulate_virginia(rng=2019)
    >>> int((study.tables["memberships"]["wave"] == "5.0-fall").sum())  # 5 facilitators among them
    185
    """
    chosen = effects or VirginiaEffects()
    generator = np.random.default_rng(rng)
    truth = simulate_truth(chosen, rng=generator)
    identities = draw_identities(truth.rosters, generator)
    drafts, expected = _drafted(truth, identities, generator)
    return SimulatedStudy(
        template=TEMPLATE,
        tables=truth.tables,
        expected=expected,
        drafts=drafts,
        effects=_by_table(chosen),
        links=identities.links,
    )


def _by_table(effects: VirginiaEffects) -> dict[str, dict[str, object]]:
    table = effects.table()
    grouped: dict[str, dict[str, object]] = {}
    columns = (table[name] for name in ("table", "effect", "value", "meaning"))
    for group, effect, value, meaning in zip(*columns, strict=True):
        grouped.setdefault(group, {})[effect] = {"value": value, "meaning": meaning}
    return grouped


def _drafted(
    truth: VirginiaTruth, identities: Identities, rng: np.random.Generator
) -> tuple[tuple[RawDraft, ...], dict[str, pd.DataFrame]]:
    """Make the raw files in the order of study.toml, in which people from outside are numbered."""
    guests: dict[str, str] = {}
    people = [division_draft(truth, rng), *roster_drafts(truth, identities, rng)]
    applications, sessions = application_drafts(truth, rng), session_drafts(truth, rng)
    attendance, attended = attendance_drafts(truth, identities, guests, rng)
    coaching = coaching_draft(truth, rng)
    surveys, responses = survey_drafts(truth, identities, guests, rng)
    ties, named = tie_drafts(truth, identities, guests, rng)
    milestones = milestone_drafts(truth, rng)
    expected = dict(truth.tables) | {
        "people": _expected_people(truth, identities),
        "memberships": _expected_memberships(truth, identities),
        "sessions": _left(truth.tables["sessions"], sessions, LOST["sessions"]),
        "attendance": attended,
        "coaching": _left(truth.tables["coaching"], [coaching], LOST["coaching"]),
        "responses": responses,
        "respondents": _expected_respondents(truth, identities, responses, named),
        "ties": named,
        "milestones": _left(truth.tables["milestones"], milestones, LOST["milestones"]),
    }
    drafts = (*people, *applications, *sessions, *attendance, coaching)
    return (*drafts, *surveys, *ties, *milestones), expected


def _left(table: pd.DataFrame, drafts: list[RawDraft], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a table without the values that the defects of its files destroy."""
    for draft in drafts:
        table = expected_after(table, draft, columns=columns)
    return table


def _expected_people(truth: VirginiaTruth, identities: Identities) -> pd.DataFrame:
    """Return the people that cleaning knows: those it cannot link stand there twice."""
    people = truth.tables["people"]
    twice = people[people["person_id"].isin(identities.apart)]
    apart = twice.assign(person_id=twice["person_id"].map(identities.apart))
    return pd.concat([people, apart], ignore_index=True)


def _expected_memberships(truth: VirginiaTruth, identities: Identities) -> pd.DataFrame:
    members = truth.tables["memberships"]
    return members.assign(person_id=_expected_ids(members, identities))


def _expected_ids(rows: pd.DataFrame, identities: Identities) -> list[str]:
    return [
        identities.expected(person, COHORT_OF_WAVE[wave])
        for person, wave in zip(rows["person_id"], rows["wave"], strict=True)
    ]


def _expected_respondents(
    truth: VirginiaTruth,
    identities: Identities,
    responses: pd.DataFrame,
    ties: pd.DataFrame,
) -> pd.DataFrame:
    """Return who is known to have answered.

    A list of ties shows who named somebody; of the others it is not known whether they answered.
    """
    asked = truth.tables["respondents"]
    asked = asked.assign(person_id=_expected_ids(asked, identities))
    by_survey = asked["instrument"] == INSTRUMENT
    answered = pd.MultiIndex.from_frame(responses[["wave", "person_id"]].drop_duplicates())
    named = pd.MultiIndex.from_frame(ties[["wave", "relation", "sender_id"]].drop_duplicates())
    sent = pd.MultiIndex.from_frame(asked[["wave", "person_id"]]).isin(answered)
    known = pd.MultiIndex.from_frame(asked[["wave", "instrument", "person_id"]]).isin(named)
    responded = pd.Series(pd.NA, index=asked.index, dtype="boolean")
    responded = responded.mask(~by_survey & known, True).mask(by_survey, pd.Series(sent))
    return asked.assign(responded=responded)
