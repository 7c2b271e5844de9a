"""Simulated answers to the CVLN study's surveys, from known levels, changes and dose effects."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_parameters import EFFECTS, WAVE_DAYS, WAVES, YEAR_OF
from cvln_eval.simulate.cvln_people import CvlnPeople

__all__ = [
    "FIELDED",
    "PRACTICES_ASKED",
    "cvln_items",
    "dose_above_mean",
    "simulate_answers",
    "simulate_who_answers",
]

FIELDED = {
    "2008-fall": ("culture", "context", "values"),
    "2009-spring": ("culture", "climate", "guskey"),
    "2010-spring": ("culture", "climate", "guskey", "modes", "cpl"),
    "2011-spring": ("culture", "context", "climate", "guskey", "modes", "values", "cpl"),
}
# The practices of learning groups stand last in their surveys. Their answers and untidiness have
# streams of their own (`cvln_practices`), so that nothing else depends on them.
PRACTICES_ASKED = "cpl"
POINTS = {"agree5": (1, 5), "extent5": (1, 5), "yes_no": (0, 1), "importance7": (1, 7)}


def cvln_items() -> pd.DataFrame:
    """Return the items of the CVLN study's codebook as a table of text."""
    path = files("cvln_eval.simulate").joinpath("cvln", "codebook", "items.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    return pd.DataFrame(rows).set_index("item", drop=False)


def dose_above_mean(team: str, year: int) -> float:
    """Return a team's coaching visits up to a year, in tens above the mean of the teams."""
    visits = EFFECTS["coaching"]["visits_by_team_and_year"]
    total = {name: sum(given[:year]) for name, given in visits.items()}
    return float(total[team] - sum(total.values()) / len(total)) / 10


def simulate_who_answers(
    people: CvlnPeople, *, what: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Return who of each wave's network roster answers; more engaged people answer more often.

    Parameters
    ----------
    people : CvlnPeople
    what : str
        `share_survey` or `share_network`, the parameter that gives the share of each wave.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, person_id, responded`.
    """
    share = EFFECTS["response"][what]
    slope = EFFECTS["response"]["engagement_logit"]
    engagement = people.people.set_index("person_id")["engagement"]
    parts = []
    for wave in WAVES:
        roster = people.roster(wave)
        logit = np.log(share[wave] / (1 - share[wave]))
        logit = logit + slope * engagement.loc[roster["person_id"]].to_numpy()
        answers = rng.random(len(roster)) < 1 / (1 + np.exp(-logit))
        parts.append(roster[["wave", "person_id"]].assign(responded=answers))
    return pd.concat(parts, ignore_index=True)


def simulate_answers(
    people: CvlnPeople, *, answered: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return all answers but those on practices, keyed and as given, of those who answer.

    Parameters
    ----------
    people : CvlnPeople
    answered : pd.DataFrame
        From `simulate_who_answers`.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        `wave, person_id, item, value, answer`: `value` is keyed so that more is more of the scale,
        `answer` is what the person marked; both are missing where the person left the item out.
    """
    items, given = cvln_items(), answered[answered["responded"]]
    items = items[items["instrument"] != PRACTICES_ASKED]
    members = people.memberships.merge(given[["wave", "person_id"]])
    shifts = _person_shifts(people, items, rng)
    parts = [
        _of_item(item, rows, shifts, rng)
        for wave in WAVES
        for item in items[items["instrument"].isin(FIELDED[wave])].itertuples()
        for rows in [members[members["wave"] == wave]]
    ]
    return _without_gaps(pd.concat(parts, ignore_index=True), rng)


def _person_shifts(
    people: CvlnPeople, items: pd.DataFrame, rng: np.random.Generator
) -> dict[str, Any]:
    """Draw what is stable: a team's and a person's shift on each scale, an item's difficulty."""
    culture = EFFECTS["culture"]
    scales = list(dict.fromkeys(items["scale"]))
    ids, teams = list(people.people["person_id"]), list(people.people["team_id"].unique())
    return {
        "person": pd.DataFrame(
            culture["sd_person"] * rng.normal(size=(len(ids), len(scales))), ids, scales
        ),
        "team": pd.DataFrame(
            culture["sd_team"] * rng.normal(size=(len(teams), len(scales))), teams, scales
        ),
        "item": pd.Series(culture["sd_item"] * rng.normal(size=len(items)), items.index),
        "late": set(people.people.loc[people.people["first_year"] > 1, "person_id"]),
        "taste": pd.DataFrame(rng.normal(size=(len(ids), len(items))), ids, list(items.index)),
    }


def _of_item(
    item: Any, rows: pd.DataFrame, shifts: dict[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    wave = str(rows["wave"].iloc[0])
    low, high = POINTS[item.response_set]
    ids = rows["person_id"]
    if item.scale == "offered":
        share = EFFECTS["modes"]["share_offered"][item.item.removeprefix("offered_")]
        value = (rng.random(len(rows)) < share).astype(float)
    else:
        level = _level(item, wave, rows, shifts)
        spread = EFFECTS["culture"]["sd_answer"]
        value = np.clip(np.rint(level + spread * rng.normal(size=len(rows))), low, high)
    answer = low + high - value if item.reverse == "yes" else value
    return pd.DataFrame(
        {"wave": wave, "person_id": ids, "item": item.item, "value": value, "answer": answer}
    )


def _level(item: Any, wave: str, rows: pd.DataFrame, shifts: dict[str, Any]) -> np.ndarray:
    ids, year = rows["person_id"], (pd.Timestamp(WAVE_DAYS[wave]).year - 2008)
    if item.instrument == "values":
        name = item.item.removeprefix("value_")
        spread = "fall_2008" if wave == WAVES[0] else "spring_2011"
        sd = EFFECTS["values"][f"sd_between_people_{spread}"]
        mean = EFFECTS["values"]["mean_importance"][name]
        return np.asarray(mean + sd * shifts["taste"].loc[ids, item.item].to_numpy())
    person = shifts["person"].loc[ids, item.scale].to_numpy()
    if item.instrument == "modes":
        mean = EFFECTS["modes"][item.scale][item.item.removeprefix(f"{item.scale}_")]
        return np.asarray(mean + person)
    given = EFFECTS[item.instrument]
    level = given["level_fall_2008"][item.scale] + year * given["change_per_year"][item.scale]
    team = shifts["team"].loc[rows["team_id"], item.scale].to_numpy()
    level = level + person + team + shifts["item"][item.item]
    return np.asarray(level + _culture_effects(item, wave, rows, shifts["late"]))


def _culture_effects(item: Any, wave: str, rows: pd.DataFrame, late: set[str]) -> np.ndarray:
    """Return what coaching and coming late add to the culture scales."""
    if item.instrument != "culture":
        return np.zeros(len(rows))
    given = EFFECTS["culture"]
    done = 0 if wave == WAVES[0] else YEAR_OF[wave]
    dose = np.array([dose_above_mean(team, done) if done else 0.0 for team in rows["team_id"]])
    is_late = rows["person_id"].isin(late).to_numpy()
    added = given["change_per_ten_visits_above_mean"] * dose + given["late_joiner"] * is_late
    return np.asarray(added)


def _without_gaps(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Take out items left out by chance, and the impact of what was not offered."""
    gap = rng.random(len(answers)) < EFFECTS["response"]["share_item_missing"]
    at = answers.set_index(["wave", "person_id", "item"])["value"]
    asked = answers["item"].str.startswith("impact_")
    offered = pd.MultiIndex.from_frame(
        answers.loc[asked, ["wave", "person_id", "item"]].assign(
            item=lambda rows: rows["item"].str.replace("impact_", "offered_")
        )
    )
    gap[np.flatnonzero(asked)[at.loc[offered].to_numpy() == 0]] = True
    answers.loc[gap, ["value", "answer"]] = np.nan
    return answers
