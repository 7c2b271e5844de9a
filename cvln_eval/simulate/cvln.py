"""The bundled study: a simulated leadership network of five districts over three years.

Everything in it is simulated. The structure follows the published description of the Central
Valley Leadership Network; people, schools, answers and results are invented.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_expected import expected_tables, true_respondents
from cvln_eval.simulate.cvln_naming import Naming
from cvln_eval.simulate.cvln_networks import simulate_coach_ties, simulate_ties
from cvln_eval.simulate.cvln_outcomes import simulate_outcomes, simulate_teams
from cvln_eval.simulate.cvln_parameters import EFFECTS
from cvln_eval.simulate.cvln_people import CvlnPeople, simulate_people
from cvln_eval.simulate.cvln_practices import add_practices, simulate_practices
from cvln_eval.simulate.cvln_program import (
    simulate_activity,
    simulate_attendance,
    simulate_coaching,
    simulate_sessions,
)
from cvln_eval.simulate.cvln_ratings import simulate_ratings, simulate_themes
from cvln_eval.simulate.cvln_surveys import simulate_answers, simulate_who_answers
from cvln_eval.simulate.cvln_untidy_program import (
    untidy_attendance,
    untidy_coaching,
    untidy_sessions,
)
from cvln_eval.simulate.cvln_untidy_records import (
    untidy_activity,
    untidy_outcomes,
    untidy_ratings,
    untidy_teams_table,
    untidy_themes,
)
from cvln_eval.simulate.cvln_untidy_rosters import untidy_rosters
from cvln_eval.simulate.cvln_untidy_surveys import untidy_surveys
from cvln_eval.simulate.cvln_untidy_ties import untidy_coach_ties, untidy_ties
from cvln_eval.simulate.planting import RawDraft
from cvln_eval.simulate.studies import SimulatedStudy

__all__ = ["simulate_cvln"]


def simulate_cvln(*, rng: int | np.random.Generator = 2008) -> SimulatedStudy:
    """Return the simulated CVLN study: true tables, untidy files, defects and true effects.

    Parameters
    ----------
    rng : int or np.random.Generator
        A seed or a generator; the same seed gives the same study, byte for byte.

    Returns
    -------
    SimulatedStudy
        Write it with `write_study`. Its effects do not depend on the seed.

    Examples
    --------
    >>> study = simulate_cvln()
    >>> len(study.tables["memberships"].query("wave == '2011-spring' and team_id != 'Coaches'"))
    41
    """
    true, untidy = np.random.default_rng(rng).spawn(2)
    people, frames = _true(true)
    drafts, links = _untidy(people, frames, untidy)
    ordered = tuple(draft for part in drafts.values() for draft in part)
    return SimulatedStudy(
        template="cvln",
        tables=_tables(frames),
        expected=expected_tables(people, frames, drafts),
        drafts=ordered,
        effects=EFFECTS,
        links=links,
    )


def _true(rng: np.random.Generator) -> tuple[CvlnPeople, dict[str, pd.DataFrame]]:
    """Simulate everything; `answers`, `said` and `named` are steps on the way to the tables."""
    streams = iter(rng.spawn(15))
    people = simulate_people(next(streams))
    frames = {"teams": simulate_teams(next(streams)), "memberships": people.memberships}
    frames["people"] = people.people[["person_id", "level", "tenure_years", "degree"]]
    frames["said"] = simulate_who_answers(people, what="share_survey", rng=next(streams))
    frames["named"] = simulate_who_answers(people, what="share_network", rng=next(streams))
    frames["answers"] = simulate_answers(people, answered=frames["said"], rng=next(streams))
    frames["leaders"] = simulate_ties(people, answered=frames["named"], rng=next(streams))
    frames["coaches"] = simulate_coach_ties(people, rng=next(streams))
    frames["sessions"] = simulate_sessions(next(streams))
    sessions = frames["sessions"]
    frames["attendance"] = simulate_attendance(people, sessions=sessions, rng=next(streams))
    frames["coaching"] = simulate_coaching(people, rng=next(streams))
    frames["activity"] = simulate_activity(people, rng=next(streams))
    frames["ratings"] = simulate_ratings(people, rng=next(streams))
    frames["themes"] = simulate_themes(rng=next(streams))
    frames["outcomes"] = simulate_outcomes(teams=frames["teams"], rng=next(streams))
    practices = simulate_practices(people, answered=frames["said"], rng=next(streams))
    frames["answers"] = pd.concat([frames["answers"], practices], ignore_index=True)
    frames["respondents"] = true_respondents(people, frames)
    return people, frames


def _tables(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    answers = frames["answers"].dropna(subset=["value"])
    raw = answers["answer"].map(lambda value: f"{value:.0f}").astype("str")
    responses = answers.drop(columns="answer").assign(raw_value=raw)
    steps = ("said", "named", "answers", "leaders", "coaches")
    tables = {name: frame for name, frame in frames.items() if name not in steps}
    ties = pd.concat([frames["leaders"], frames["coaches"]], ignore_index=True)
    return tables | {"responses": responses.reset_index(drop=True), "ties": ties}


def _untidy(
    people: CvlnPeople, frames: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> tuple[dict[str, list[RawDraft]], pd.DataFrame]:
    """Make the files, in the order of study.toml."""
    *early, last = rng.spawn(14)
    streams = iter(early)
    naming = Naming.of(people, rng=next(streams))
    drafts = {"teams": [untidy_teams_table(frames["teams"], rng=next(streams))]}
    drafts["memberships"], links = untidy_rosters(naming, rng=next(streams))
    surveys, of_surveys = untidy_surveys(naming, answers=frames["answers"], rng=next(streams))
    surveys = add_practices(surveys, answers=frames["answers"], rng=last)
    lists, of_ties = untidy_ties(
        naming, ties=frames["leaders"], answered=frames["named"], rng=next(streams)
    )
    drafts["responses"], drafts["ties"] = list(surveys.values()), list(lists.values())
    drafts["coach_ties"] = [untidy_coach_ties(naming, ties=frames["coaches"])]
    drafts["sessions"] = untidy_sessions(frames["sessions"], rng=next(streams))
    drafts["attendance"], of_attendance = untidy_attendance(
        naming, attendance=frames["attendance"], sessions=frames["sessions"], rng=next(streams)
    )
    drafts["coaching"] = untidy_coaching(naming, coaching=frames["coaching"], rng=next(streams))
    drafts["ratings"] = untidy_ratings(naming, ratings=frames["ratings"], rng=next(streams))
    drafts["themes"] = [untidy_themes(frames["themes"], rng=next(streams))]
    drafts["activity"] = untidy_activity(naming, activity=frames["activity"], rng=next(streams))
    drafts["outcomes"] = untidy_outcomes(frames["outcomes"], rng=next(streams))
    decided = pd.concat([links, of_surveys, of_ties, of_attendance], ignore_index=True)
    return drafts, decided.drop_duplicates(["name", "team_id"], ignore_index=True)
